"""Decide about whole tables: who is accountable, at which stage, what is due; never a difference.

Leads at rest are told from columns; the others are decided one by one by `Playbook.decide` itself.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import attrs
import narwhals as nw

from nurturekit.decision import Decision
from nurturekit.frame.asked import Asked, Progress, asked
from nurturekit.frame.explaining import contributions
from nurturekit.frame.moment import Moment
from nurturekit.frame.policies import Columnar, columnar
from nurturekit.frame.report import TableReport, report_of
from nurturekit.frame.resting import resting
from nurturekit.frame.schema import FLAG, TEXT, WHOLE
from nurturekit.frame.scored import checked_explain, given_back, moment_of
from nurturekit.frame.scores import Scores, exact, scores
from nurturekit.frame.singly import LEADS, Question, Rows
from nurturekit.frame.tables import Prepared, Tables, once
from nurturekit.instants import to_us
from nurturekit.playbook import Playbook
from nurturekit.records import EMPTY_WORLD, FrozenMap, World
from nurturekit.vocabulary import MoveKind

Native = Any
Lazy = nw.LazyFrame[Any]
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
_WORDS: Mapping[str, str] = FrozenMap({"row": WHOLE, "is_open": FLAG, "changes": FLAG})


def word_of(name: str) -> str:
    """Return what a column of a decision holds."""
    return _WORDS.get(name, WHOLE if name.endswith("_us") else TEXT)


# The columns of leads that were decided one by one.
COLUMNS: Mapping[str, str] = FrozenMap(
    {name: word_of(name) for name in ("lead_id", *DECIDED, "error")}
)


def row_of(decision: Decision) -> dict[str, Any]:
    """Return a decision's columns."""
    return {"lead_id": decision.lead_id} | {name: read(decision) for name, read in DECIDED.items()}


def _read(decision: Decision) -> Rows:
    return {LEADS: [row_of(decision)]}


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
    _asked: Asked = attrs.field(repr=False)
    _frame: Lazy = attrs.field(repr=False)
    _as_of: datetime = attrs.field(repr=False)

    def due(self, until: datetime | None = None) -> Native:
        """Return the leads with something due, in a column `lead_id`: `plans` takes it.

        A lead has something due where moves follow, or something is owed by then.

        Args:
            until: By when, aware; the instant of judgement if not given.

        Raises:
            RecordError: For a naive or impossible instant.
        """
        by_us = to_us(self._as_of if until is None else until, field="until")
        is_owed = (nw.col("next_due_us") <= by_us).fill_null(value=False)
        due = self._frame.filter(nw.col("changes").fill_null(value=False) | is_owed)
        return given_back(self._prepared, due.select("lead_id"))

    def report(self, *, duplicates: bool = False) -> TableReport:
        """Look at every row, and count what was left out and what scores nothing.

        Args:
            duplicates: Whether to look for ids that come twice; it costs more than scoring.
        """
        seen = report_of(self._prepared, kinds=self._playbook.kinds, duplicates=duplicates)
        return attrs.evolve(seen, found=(*seen.found, *self._asked.found()))


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
            rule of the scoring model reads more than attributes and counts of touches.
    """
    checked_explain(explain)
    moment = moment_of(playbook.scoring, as_of, known_at)
    prepared, parts = tables.prepared(), columnar(playbook)
    scored = scores(
        prepared,
        playbook.scoring,
        moment,
        kinds=playbook.kinds,
        parts=explain == "long",
        more=[] if parts is None else parts.signals,
    )
    kept, because = _kept(prepared, parts, scored, world, moment)
    answers = asked(
        prepared,
        kept.filter(nw.col("stirs") == 1),
        Question(
            playbook=playbook,
            as_of=as_of,
            known_at=known_at,
            world=world,
            read=_read,
            tables={LEADS: COLUMNS},
        ),
        processes=processes,
        progress=progress,
    )
    frame = _joined(kept, scored, answers)
    rows = contributions(prepared, playbook.scoring, scored) if explain == "long" else None
    return Decided(
        table=given_back(prepared, frame),
        contributions=None if rows is None else given_back(prepared, rows),
        singly=answers.leads,
        because=because,
        prepared=prepared,
        playbook=playbook,
        asked=answers,
        frame=frame,
        as_of=as_of,
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


def _joined(kept: Lazy, scored: Scores, answers: Asked) -> Lazy:
    """Return the leads at rest and those decided one by one, as one table."""
    order = ["lead_id", *scored.outputs, *DECIDED, "error"]
    parts = []
    if "stage" in kept.collect_schema().names():
        still = kept.filter(nw.col("stirs") == 0)
        parts.append(_whole(still.with_columns(answerable=nw.col("accountable")), order))
    if answers.leads or not parts:
        found = kept.filter(nw.col("stirs") == 1).select("lead_id", *scored.outputs)
        parts.append(found.join(answers.tables[LEADS], on="lead_id", how="inner").select(order))
    return nw.concat(parts, how="vertical") if len(parts) > 1 else parts[0]


def _whole(still: Lazy, order: list[str]) -> Lazy:
    """Return leads at rest with all columns: null where they say nothing."""
    here = still.collect_schema().names()
    types: Mapping[str, Any] = {WHOLE: nw.Int64, FLAG: nw.Boolean, TEXT: nw.String}
    missing = {name: nw.lit(None).cast(types[word_of(name)]) for name in order if name not in here}
    return still.with_columns(**missing).select(order)
