"""Plans of leads of a table: what to do, whom to tell, what to append; each a table.

Made by `Playbook.decide` for one lead after another: only what the tables are called is said here.
Their columns are the fields of the values that a decision holds.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import attrs
import narwhals as nw

from nurturekit.answers import Action, Alert, AssignmentRequest, Blocked, Reason
from nurturekit.decision import Decision, readable
from nurturekit.errors import CallError, InputError
from nurturekit.frame.asked import Asked, Progress, asked
from nurturekit.frame.decided import DECIDED, row_of, word_of
from nurturekit.frame.found import Found
from nurturekit.frame.kinds import kind_of
from nurturekit.frame.schema import FLAG, TABLES, TEXT, TEXTS, WHOLE
from nurturekit.frame.scored import given_back, moment_of
from nurturekit.frame.singly import LEADS, Question, Row, Rows
from nurturekit.frame.tables import Prepared, Tables
from nurturekit.playbook import Playbook
from nurturekit.records import EMPTY_WORLD, FrozenMap, World

Native = Any
Lazy = nw.LazyFrame[Any]


def _columns(*kinds: type[attrs.AttrsInstance]) -> Mapping[str, str]:
    """Return the fields of values as columns, and what each holds."""
    fields = [field for kind in kinds for field in attrs.fields(kind) if field.init]
    own = {field.name: _word(field.type) for field in fields if field.name != "action"}
    return FrozenMap({"lead_id": TEXT, "place": WHOLE, **own})


def _word(kind: Any) -> str:  # noqa: ANN401 - whatever a field is annotated with
    if kind is bool:
        return FLAG
    if kind is int or kind == int | None:
        return WHOLE
    return TEXTS if getattr(kind, "__origin__", None) is tuple else TEXT


_MOVES = FrozenMap({name: column.word for name, column in TABLES["moves"].items()})
_ANSWERS: Mapping[str, str] = FrozenMap(
    {
        "lead_id": TEXT,
        **{name: word_of(name) for name in DECIDED},
        "assumptions": TEXTS,
        "notes": TEXTS,
        "error": TEXT,
    }
)
# Each table, and what it holds; beside its name how it is read from a decision.
_TABLES: Mapping[str, tuple[Mapping[str, str], Callable[[Decision], Iterable[Any]]]] = FrozenMap(
    {
        "actions": (_columns(Action), lambda one: one.actions),
        "blocked": (_columns(Blocked, Action), lambda one: one.blocked),
        "alerts": (_columns(Alert), lambda one: one.alerts),
        "requests": (_columns(AssignmentRequest), lambda one: filter(None, [one.request])),
        "moves": (_MOVES, lambda one: one.moves),
        "reasons": (_columns(Reason), lambda one: one.reasons),
    }
)
TABLES_OF_PLANS: Mapping[str, Mapping[str, str]] = FrozenMap(
    {LEADS: _ANSWERS, **{name: columns for name, (columns, _) in _TABLES.items()}}
)


def read_plan(decision: Decision) -> Rows:
    """Return a decision as rows of the tables."""
    found: dict[str, list[Row]] = {
        name: [
            _row(value, columns) | {"lead_id": decision.lead_id, "place": place}
            for place, value in enumerate(values(decision), start=1)
        ]
        for name, (columns, values) in _TABLES.items()
    }
    said = {"assumptions": list(decision.assumptions), "notes": list(decision.notes)}
    return {LEADS: [row_of(decision) | said], **found}


def _row(value: Any, columns: Mapping[str, str]) -> Row:  # noqa: ANN401 - any of them
    # A refused action stands in the row of its refusal.
    values = [one for one in (value, getattr(value, "action", None)) if one is not None]
    return {
        name: _cell(getattr(one, name), word)
        for one in values
        for name, word in columns.items()
        if hasattr(one, name)
    }


def _cell(value: Any, word: str) -> Any:  # noqa: ANN401 - as a column holds it
    if value is None or word not in (TEXT, TEXTS):
        return value
    if word == TEXTS:
        return [str(one) for one in value]
    if isinstance(value, str):
        return str(value)
    return json.dumps(readable(value), sort_keys=True, separators=(",", ":"))


@attrs.frozen(kw_only=True, eq=False)
class Plans:
    """The plans of leads, as tables in the caller's kind of frame.

    Args:
        leads: One row a lead: `lead_id`, what was decided (the columns of `Decided` that aren't of
            its score), `assumptions`, `notes`, and `error`: why it couldn't be decided, `bad-lead`
            where there is no such lead or its row can't be a `Lead`.
        actions: What to do: the fields of `Action`; `hours` as JSON.
        blocked: What can't be done: `code`, `reason`, `until_us` and `needs` of `Blocked`, and the
            fields of its action, null where there is none.
        alerts: Whom to tell what: the fields of `Alert`.
        requests: Reps to find: the fields of `AssignmentRequest`.
        moves: What follows, in the columns of a table of moves: append it to yours.
        reasons: Why: `part`, `text`, `source` and `cites`.
        planned: How many leads were decided.

    Columns that end in `_us` hold epoch microseconds; those of `moves` are instants. Where order
    says something, `place` does: 1 is the lead's first.
    """

    leads: Native
    actions: Native
    blocked: Native
    alerts: Native
    requests: Native
    moves: Native
    reasons: Native
    planned: int
    _asked: Asked = attrs.field(repr=False)

    def __iter__(self) -> Iterator[tuple[str, Native]]:
        """Yield the tables with their names."""
        return ((name, getattr(self, name)) for name in TABLES_OF_PLANS)

    def unread(self) -> tuple[Found, ...]:
        """Return which rows of these leads looked good in columns and could not be records."""
        return self._asked.found()


def plans(  # noqa: PLR0913 - what a single decision takes, and how to go about many
    tables: Tables,
    *,
    playbook: Playbook,
    as_of: datetime,
    leads: Native = None,
    known_at: datetime | None = None,
    world: World = EMPTY_WORLD,
    processes: int = 1,
    progress: Progress | None = None,
) -> Plans:
    """Decide leads of a table one by one, and return all that their decisions say.

    On a Spark cluster leads are decided where their rows are, when the tables are read.

    Args:
        tables: The leads and their records.
        playbook: The playbook.
        as_of: The instant of judgement, aware.
        leads: Which of them: ids, or a frame of the same kind with a column `lead_id`, such as
            `Decided.due` gives; all if not given.
        known_at: Only what was recorded by then counts; `as_of` if not given.
        world: Reps, pools, content and assumptions that all leads share; peers come from the
            tables.
        processes: How many processes decide. With more than one the calling script needs the usual
            `if __name__ == "__main__":`, as each process imports it. A cluster has its own.
        progress: Called with how many of how many leads are decided; not on a cluster.

    Raises:
        InputError: `missing-column`, `unknown-column` or `wrong-type`, before any work.
        CallError: `not-a-frame` for leads that are neither ids nor a frame, `mixed-frames` for one
            of another kind than the tables.
        RecordError: For a naive or impossible instant.
    """
    moment_of(playbook.scoring, as_of, known_at)
    prepared = tables.prepared()
    answers = asked(
        prepared,
        None if leads is None else _wanted(tables, prepared, leads),
        Question(
            playbook=playbook,
            as_of=as_of,
            known_at=known_at,
            world=world,
            read=read_plan,
            tables=TABLES_OF_PLANS,
        ),
        processes=processes,
        progress=progress,
    )
    found = {name: given_back(prepared, frame) for name, frame in answers.tables.items()}
    return Plans(**found, planned=answers.leads, asked=answers)


def _wanted(tables: Tables, prepared: Prepared, leads: Native) -> Lazy:
    """Return which leads are wanted, each once, in a column `lead_id`."""
    if isinstance(leads, list | tuple | set | frozenset):
        return prepared.small(lead_id=list(dict.fromkeys(leads)))
    if kind_of(leads, argument="leads") != tables.kind:
        problem = f"is of another kind than the tables, which are of {tables.kind}: give them alike"
        raise CallError("mixed-frames", argument="leads", problem=problem)
    if "lead_id" not in nw.from_native(leads).collect_schema().names():
        problem = "is missing: which leads are wanted stands in it"
        raise InputError("missing-column", source="leads", column="lead_id", problem=problem)
    if prepared.kind.embedded:
        # Of one connection only what was made in it can be joined.
        return prepared.small(lead_id=nw.from_native(leads)["lead_id"].unique().to_list())
    frame: Lazy = nw.from_native(prepared.kind.into(leads, None))
    return frame.select("lead_id").unique()
