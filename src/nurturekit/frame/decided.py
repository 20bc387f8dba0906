"""Decide about whole tables: who is accountable, at which stage, what is due; never a difference.

Leads at rest are told from columns; the others are decided one by one by `Playbook.decide` itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import attrs
import narwhals as nw

from nurturekit.decision import Decision
from nurturekit.errors import NurtureError
from nurturekit.frame.engines import collected
from nurturekit.frame.explaining import contributions
from nurturekit.frame.moment import Moment
from nurturekit.frame.policies import Columnar, columnar
from nurturekit.frame.records import Unread, histories
from nurturekit.frame.report import TableReport, report_of
from nurturekit.frame.resting import resting
from nurturekit.frame.scored import checked_explain, given_back, moment_of
from nurturekit.frame.scores import Scores, exact, scores
from nurturekit.frame.singly import Answer, decide_all
from nurturekit.frame.tables import Prepared, Tables, once
from nurturekit.playbook import Playbook
from nurturekit.records import EMPTY_WORLD, FrozenMap, World
from nurturekit.vocabulary import MoveKind

Native = Any
Lazy = nw.LazyFrame[Any]
Progress = Callable[[int, int], None]

# The error of a row that can be scored by columns but is no `Lead`.
NO_LEAD = "bad-lead"
_OWNING = frozenset(
    {
        MoveKind.STAGE,
        MoveKind.OWNER,
        MoveKind.REP,
        MoveKind.OFFERED,
        MoveKind.ACCEPTED,
        MoveKind.REJECTED,
        MoveKind.LAPSED,
        MoveKind.WITHDRAWN,
        MoveKind.ADOPT,
        MoveKind.ALERTED,
    }
)


def _due(decision: Decision) -> int | None:
    waits = [one.due_us for one in (decision.handoff, decision.request) if one is not None]
    return min([*waits, *(duty.due_us for duty in decision.ownership.duties)], default=None)


# The columns of a decision beside its score, and how each is read from a single decision.
DECIDED: Mapping[str, Callable[[Decision], Any]] = FrozenMap(
    {
        "stage": lambda one: str(one.stage),
        "accountable": lambda one: str(one.ownership.accountable),
        "answerable": lambda one: str(one.ownership.answerable),
        "rep": lambda one: one.ownership.rep,
        "row": lambda one: one.ownership.row,
        "is_open": lambda one: one.ownership.is_open,
        "handoff_to": lambda one: None if one.handoff is None else str(one.handoff.taker),
        "handoff_rep": lambda one: None if one.handoff is None else one.handoff.rep,
        "handoff_due_us": lambda one: None if one.handoff is None else one.handoff.due_us,
        "request_pool": lambda one: None if one.request is None else one.request.pool,
        "request_due_us": lambda one: None if one.request is None else one.request.due_us,
        "next_due_us": _due,
        "changes": lambda one: any(move.kind in _OWNING for move in one.moves),
    }
)


@attrs.frozen(kw_only=True, eq=False)
class Decided:
    """The decisions of a table.

    Args:
        table: One row a lead, in the caller's kind of frame: `lead_id`, the columns of its score
            (see `Scored`), `stage`, `accountable`, `answerable`, `rep`, `row`, `is_open`,
            `handoff_to`, `handoff_rep`, `handoff_due_us`, `request_pool`, `request_due_us`,
            `next_due_us` (the first thing owed; all instants in epoch microseconds), `changes`
            (whether stage, owner, handoff or alerts follow: moves to append) and `error` (why a
            lead couldn't be decided; `bad-lead` where its row can't be a `Lead`, as with control
            characters in a text).
        contributions: The rows that add up to each score; None unless asked for.
        singly: How many leads were decided one by one.
        because: Why all of them were, where the playbook can't be read from columns; else empty.
    """

    table: Native
    contributions: Native = None
    singly: int = 0
    because: str = ""
    _prepared: Prepared = attrs.field(repr=False)
    _playbook: Playbook = attrs.field(repr=False)
    _unread: Unread = attrs.field(repr=False)

    def report(self, *, duplicates: bool = False) -> TableReport:
        """Look at every row, and count what was left out and what scores nothing.

        Args:
            duplicates: Whether to look for ids that come twice; it costs more than scoring.
        """
        seen = report_of(self._prepared, kinds=self._playbook.kinds, duplicates=duplicates)
        return attrs.evolve(seen, found=(*seen.found, *self._unread.found()))


def decide(  # noqa: PLR0913 - what a single decision takes, and how to go about many
    tables: Tables,
    *,
    playbook: Playbook,
    as_of: datetime,
    known_at: datetime | None = None,
    world: World = EMPTY_WORLD,
    explain: str = "none",
    processes: int = 1,
    progress: Progress | None = None,
) -> Decided:
    """Decide about every lead of a table.

    Scores are left to the engine; which leads something may follow for is computed once, and
    those are decided one by one.

    Args:
        tables: The leads and their records.
        playbook: The playbook.
        as_of: The instant of judgement, aware.
        known_at: Only what was recorded by then counts; `as_of` if not given.
        world: Reps, pools, content and assumptions that all leads share; peers come from the
            tables.
        explain: `long` for the rows that add up to each score, else `none`.
        processes: How many processes decide leads one by one. With more than one the calling script
            needs the usual `if __name__ == "__main__":`, as each process imports it.
        progress: Called with how many of how many leads were decided one by one.

    Raises:
        InputError: `missing-column`, `unknown-column` or `wrong-type`, before any work.
        RecordError: For a naive or impossible instant.
        CallError: `unknown-word` for another word in `explain`; `not-in-columns` where a
            rule of the scoring model reads more than attributes.
    """
    checked_explain(explain)
    moment = moment_of(playbook.scoring, as_of, known_at)
    prepared, parts = tables.prepared(), columnar(playbook)
    scored = scores(
        prepared,
        playbook.scoring,
        moment,
        parts=explain == "long",
        more=[] if parts is None else parts.attributes,
    )
    kept, because = _kept(prepared, parts, scored, world, moment)
    stirring = collected(kept.filter(nw.col("stirs") == 1).select("lead_id"))["lead_id"]
    unread = Unread()
    answers = decide_all(
        playbook,
        histories(prepared, stirring, world=world, unread=unread) if stirring else (),
        as_of=as_of,
        known_at=known_at,
        processes=processes,
    )
    told = _told(_watched(answers, len(stirring), progress), stirring)
    rows = contributions(prepared, playbook.scoring, scored) if explain == "long" else None
    return Decided(
        table=given_back(prepared, _joined(prepared, kept, scored, told)),
        contributions=None if rows is None else given_back(prepared, rows),
        singly=len(stirring),
        because=because,
        prepared=prepared,
        playbook=playbook,
        unread=unread,
    )


def _kept(
    prepared: Prepared, parts: Columnar | None, scored: Scores, world: World, moment: Moment
) -> tuple[Lazy, str]:
    """Return every lead once computed, with `stirs`, and why all of them stir if they do."""
    if parts is None:
        because = "the policy or the qualification reads what only a single decision can tell"
        every = scored.answer.with_columns(stirs=nw.lit(1))
        return once(prepared, every), because
    frame = resting(prepared, parts, scored, world, moment)
    columns = ("stage", "accountable", "rep", "row", "is_open", "next_due_us", "changes", "stirs")
    return once(prepared, frame.select("lead_id", *map(exact, scored.outputs), *columns)), ""


def _watched(answers: Iterable[Answer], total: int, progress: Progress | None) -> Iterator[Answer]:
    for done, answer in enumerate(answers, start=1):
        yield answer
        if progress is not None:
            progress(done, total)


def _told(answers: Iterable[Answer], lead_ids: Iterable[str]) -> dict[str, list[Any]]:
    """Return the columns of leads decided one by one."""
    told: dict[str, list[Any]] = {name: [] for name in ("lead_id", *DECIDED, "error")}
    missing = dict.fromkeys(lead_ids)
    for case, decision in answers:
        missing.pop(case.lead.id, None)
        told["lead_id"].append(case.lead.id)
        failed = isinstance(decision, NurtureError)
        told["error"].append(decision.code if isinstance(decision, NurtureError) else None)
        for name, read in DECIDED.items():
            told[name].append(None if failed else read(decision))  # type: ignore[arg-type]
    for lead_id in missing:
        told["lead_id"].append(lead_id)
        told["error"].append(NO_LEAD)
        for name in DECIDED:
            told[name].append(None)
    return told


def _joined(prepared: Prepared, kept: Lazy, scored: Scores, told: Mapping[str, list[Any]]) -> Lazy:
    """Return the leads at rest and those decided one by one, as one table."""
    order = ["lead_id", *scored.outputs, *DECIDED, "error"]
    parts = []
    if "stage" in kept.collect_schema().names():
        still = kept.filter(nw.col("stirs") == 0)
        parts.append(still.with_columns(answerable=nw.col("accountable")))
    if told["lead_id"]:
        # A column of nothing but missing values would have no type.
        some = {name: values for name, values in told.items() if set(values) != {None}}
        found = kept.filter(nw.col("stirs") == 1).select("lead_id", *scored.outputs)
        parts.append(found.join(prepared.small(**some), on="lead_id", how="inner"))
    whole = [_whole(part, order) for part in parts or [kept]]
    return nw.concat(whole, how="vertical") if len(whole) > 1 else whole[0]


def _whole(part: Lazy, order: list[str]) -> Lazy:
    """Return a part of the table with all columns: null where it says nothing."""
    here = part.collect_schema().names()
    missing = {
        name: nw.lit(None).cast(_TYPES.get(name, nw.Int64 if name.endswith("_us") else nw.String))
        for name in order
        if name not in here
    }
    return (part.with_columns(**missing) if missing else part).select(order)


# Of the columns that are neither texts nor instants.
_TYPES: Mapping[str, Any] = {"row": nw.Int64, "is_open": nw.Boolean, "changes": nw.Boolean}
