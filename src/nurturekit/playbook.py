"""The playbook: the only module that sees all the parts, and runs them to rest.

    Score -> Stage -> Desired -> settle -> Plan -> guards -> Decision

Each answer is bound into the situation before the next step runs. A decision folds its own moves
until nothing follows, at most `MAX_PASSES` times; its stage moves net to one.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from nurturekit.answers import (
    Action,
    Desired,
    Proposal,
    Readiness,
    Score,
    Settled,
)
from nurturekit.decision import Decision
from nurturekit.errors import CallError, ModelError
from nurturekit.guards import (
    Admission,
    Confirmation,
    GuardProfile,
    check,
    complaint_notes,
    confirm,
)
from nurturekit.instants import END_US, MICROSECOND
from nurturekit.lifecycle import Qualification, illegal_moves, propose
from nurturekit.ownership import OwnershipPolicy, alert_of, as_moves
from nurturekit.ownership.offers import Case
from nurturekit.ownership.settle import following, settled
from nurturekit.planning import Question, SequencePlanner
from nurturekit.planning.questions import distinct
from nurturekit.plugged import (
    ask_ahead,
    ask_planner,
    ask_policy,
    check_parts,
    part_of,
    terms_of,
)
from nurturekit.reasons import reasons_of
from nurturekit.records import (
    EMPTY_WORLD,
    FrozenMap,
    History,
    Kind,
    Lead,
    Move,
    Record,
    Situation,
    World,
)
from nurturekit.schedule import Schedule
from nurturekit.scoring import ScoringModel
from nurturekit.typing import Planner, Policy
from nurturekit.vocabulary import MoveKind

MAX_PASSES = 5
# S0-7: plans of 90 days and more; the number is the source's own.
NINETY_DAYS = timedelta(days=90)
# What each part of a playbook must be able to do.
_SHAPES = {
    "scoring": "measure",
    "qualification": "measure",
    "ownership": "decide",
    "planner": "plan",
}
NOTHING_NEW = Readiness()


@attrs.frozen(kw_only=True)
class _Rest:
    """What a decision has come to when nothing follows any more."""

    situation: Situation
    desired: Desired
    settled: Settled
    rows: tuple[Desired, ...]
    notes: tuple[str, ...] = ()


@attrs.frozen(kw_only=True, slots=False, repr=False)
class Playbook:
    """Everything a decision needs but the lead: a frozen value, read from a document.

    Args:
        name: Its name.
        version: Its version.
        kinds: What it says of kinds of touch.
        scoring: How leads are scored.
        qualification: What an MQL and a sales-ready lead are.
        ownership: Who should nurture: a policy.
        planner: What happens next.
        guards: What must not happen, whatever the plan says.
        questions: What may be asked of a lead; no decision reads it, see `profiling`.

    Where the scoring model describes no kinds, it gets the playbook's.

    Raises:
        ModelError: `out-of-range` for a version below 1, `wrong-type` for a part that isn't one.
    """

    name: str
    version: int = 1
    kinds: Mapping[str, Kind] = attrs.field(factory=FrozenMap)
    scoring: ScoringModel
    qualification: Qualification = attrs.field(factory=Qualification)
    ownership: OwnershipPolicy | Policy
    planner: SequencePlanner | Planner = attrs.field(factory=SequencePlanner)
    guards: GuardProfile
    questions: tuple[Question, ...] = attrs.field(default=(), converter=distinct)
    # Not an argument: `attrs.evolve` makes another playbook, which hasn't been published.
    fingerprint: str = attrs.field(default="", init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        if type(self.version) is not int or self.version < 1:
            raise ModelError("out-of-range", path="version", problem="must be a number from 1")
        for name, method in _SHAPES.items():
            part = getattr(self, name)
            if not callable(getattr(part, method, None)):
                problem = f"can't be a {type(part).__name__}: it has no `{method}`"
                raise ModelError("wrong-type", path=name, problem=problem)
        check_parts(self.ownership, self.planner)
        if self.kinds and not self.scoring.kinds:
            changes: dict[str, Any] = {"kinds": self.kinds}
            scoring = attrs.evolve(self.scoring, **changes)
            object.__setattr__(self, "scoring", scoring)

    def published(self, fingerprint: str) -> "Playbook":
        """Return the playbook with its document's fingerprint, which its decisions then cite.

        Args:
            fingerprint: The sha256 of its canonical form, in hex; see `documents.fingerprint`.
        """
        new: Playbook = attrs.evolve(self)
        object.__setattr__(new, "fingerprint", fingerprint)
        return new

    def __repr__(self) -> str:
        return f"Playbook({self.name!r}, version={self.version})"

    def situation(
        self,
        lead: Lead,
        history: History | Iterable[Record] = (),
        *,
        as_of: datetime,
        known_at: datetime | None = None,
        world: World = EMPTY_WORLD,
    ) -> Situation:
        """Return a lead's situation as this playbook reads it: kinds known, score bound."""
        found = Situation(
            lead,
            history,
            as_of=as_of,
            known_at=known_at,
            world=world,
            kinds=self.kinds,
            day_offset_us=self.scoring.day_offset_us,
        )
        return self._scored(found)

    def _scored(self, situation: Situation) -> Situation:
        scored = situation.bind(
            score=self.scoring.measure(situation),
            parameters=part_of(self.ownership, "parameters", FrozenMap()),
        )
        return scored.bind(readiness=self.qualification.measure(scored))

    def decide(
        self,
        lead: Lead,
        history: History | Iterable[Record] = (),
        *,
        as_of: datetime,
        known_at: datetime | None = None,
        world: World = EMPTY_WORLD,
    ) -> Decision:
        """Decide about one lead at one instant.

        Args:
            lead: The lead.
            history: Its history, or just the records; they may lie in the future of `as_of`.
            as_of: The instant of judgement, aware.
            known_at: Only what was recorded by then counts; `as_of` if not given.
            world: Who and what isn't about this lead.

        Returns:
            The decision; append its `moves` to the history, do its `actions`.

        Raises:
            RecordError: For a naive or impossible instant.
            PluginError: When a plug-in policy or planner doesn't keep to its protocol.

        >>> from datetime import UTC, datetime
        >>> import nurturekit as nk
        >>> playbook = nk.preset(nk.PRESETS[0])
        >>> decision = playbook.decide(nk.Lead(id="l1"), as_of=datetime(2026, 11, 2, tzinfo=UTC))
        >>> decision.ownership.accountable, decision.rows
        (<Team.MARKETING: 'marketing'>, (9,))
        """
        start = self.situation(lead, history, as_of=as_of, known_at=known_at, world=world)
        rest = self._settled(start)
        ownership = rest.settled.ownership
        plan = ask_planner(self.planner, rest.situation, ownership)
        actions, refused, assumptions = check(self.guards, rest.situation, plan.actions)
        enrolments = as_moves(rest.situation, plan.moves)
        moves = (*_netted(rest.situation.proposed), *enrolments)
        return Decision(
            lead_id=lead.id,
            as_of_us=start.as_of_us,
            score=start.bound["score"],
            stage=rest.situation.standing.stage,
            ownership=ownership,
            handoff=rest.settled.handoff,
            request=rest.settled.request,
            actions=_in_order(actions),
            blocked=(*plan.blocked, *refused),
            alerts=tuple(
                alert_of(move, rest.situation) for move in moves if move.kind is MoveKind.ALERTED
            ),
            moves=moves,
            reasons=reasons_of(
                rest.situation,
                rest.rows,
                moves=moves,
                actions=actions,
                blocked=(*plan.blocked, *refused),
            ),
            assumptions=assumptions,
            unseen=start.visible.unseen,
            conflicts=start.visible.conflicts,
            rows=tuple(dict.fromkeys(desired.row for desired in rest.rows)),
            notes=(*_notes(start, rest), *plan.notes),
            fingerprint=self.fingerprint,
        )

    def plan(
        self,
        lead: Lead,
        history: History | Iterable[Record] = (),
        *,
        as_of: datetime,
        horizon: timedelta = NINETY_DAYS,
        known_at: datetime | None = None,
        world: World = EMPTY_WORLD,
    ) -> Schedule:
        """Return the whole expected calendar of a lead, if it doesn't answer.

        Who owns the lead, its score, its stage and what is owed are held as they are decided now;
        sequences go on, end and begin again, branches are taken, content runs out, guards defer.
        A schedule made later, after what it says has been done, is the rest of this one. A
        plug-in planner says what it wants now, and no more.

        Args:
            lead: The lead.
            history: Its history, or just the records.
            as_of: The instant of judgement, aware.
            horizon: How far to look, above zero; three months unless said otherwise (S0-7).
            known_at: Only what was recorded by then counts; `as_of` if not given.
            world: Who and what isn't about this lead.

        Raises:
            CallError: `out-of-range` for a horizon that isn't above zero or leads past 2199.
            RecordError: For a naive or impossible instant.
            PluginError: As `decide`.
        """
        start = self.situation(lead, history, as_of=as_of, known_at=known_at, world=world)
        until_us = start.as_of_us + horizon // MICROSECOND
        if not start.as_of_us < until_us < END_US:
            problem = "must be above zero and end before 2200"
            raise CallError("out-of-range", argument="horizon", problem=problem)
        rest = self._settled(start)
        ownership = rest.settled.ownership
        guards = Admission(self.guards, rest.situation)
        seen = ask_ahead(self.planner, rest.situation, ownership, until_us=until_us, guards=guards)
        return Schedule(
            lead_id=lead.id,
            as_of_us=start.as_of_us,
            until_us=until_us,
            actions=seen.actions,
            moves=seen.moves,
            blocked=seen.blocked,
            held=f"held: {rest.situation.standing.stage}, {ownership.accountable} accountable",
            assumptions=seen.assumptions,
            notes=(*_notes(start, rest), *seen.notes),
        )

    def confirm(
        self,
        action: Action,
        lead: Lead,
        history: History | Iterable[Record] = (),
        *,
        as_of: datetime,
        world: World = EMPTY_WORLD,
    ) -> Confirmation:
        """Check an action once more just before it is done, and say what has changed.

        Args:
            action: One of an earlier decision's actions.
            lead: The lead.
            history: Its history now.
            as_of: Now, aware.
            world: Who and what isn't about this lead, now.
        """
        situation = self.situation(lead, history, as_of=as_of, world=world)
        return confirm(self.guards, situation, action)

    def _settled(self, situation: Situation) -> _Rest:
        rows: list[Desired] = []
        passes = 0
        while True:
            situation = self._staged(situation)
            base, desired = self._asked(situation)
            rows.append(desired)
            case = Case(
                situation=situation,
                desired=desired,
                base=base,
                terms=terms_of(self.ownership, desired),
                policy=part_of(self.ownership, "name"),
            )
            moves = following(case)
            if not moves or passes == MAX_PASSES:
                break
            passes += 1
            situation = situation.propose(moves)
        late = f"did not come to rest in {MAX_PASSES} passes"
        return _Rest(
            situation=situation,
            desired=desired,
            settled=settled(case, moves),
            rows=tuple(rows),
            notes=(*((late,) if moves else ()), *complaint_notes(self.guards, situation)),
        )

    def _staged(self, situation: Situation) -> Situation:
        # One stage move may follow from another. It ends: a score is above the gate or below it,
        # closed leads reopen once, and what is proven only rises.
        while (move := propose(situation, self.qualification)) is not None:
            wanted = Proposal(
                kind=MoveKind.STAGE,
                was=situation.standing.stage,
                to=move.to,
                reason=move.reason,
                answers=move.answers,
                evidence=move.evidence,
            )
            situation = situation.propose(as_moves(situation, [wanted]))
        standing = situation.standing
        return situation.bind(stage=standing.stage, accountable=standing.team)

    def _asked(self, situation: Situation) -> tuple[Desired, Desired]:
        standing = situation.standing
        needs_base = standing.team is None or standing.adopt_waits
        if not needs_base:
            desired = ask_policy(self.ownership, situation)
            return desired, desired
        base = ask_policy(self.ownership, situation.bind(readiness=NOTHING_NEW))
        # The first owner is the one wanted without new evidence; it applies on top at once.
        return base, base if standing.team is None else ask_policy(self.ownership, situation)


def _netted(moves: tuple[Move, ...]) -> tuple[Move, ...]:
    """Net a decision's stage moves to the last one, which then says where it all began."""
    stages = [move for move in moves if move.kind is MoveKind.STAGE]
    if len(stages) < 2:  # noqa: PLR2004 - one needs no netting
        return moves
    # What the dropped ones answered is answered: it is cited instead.
    answered = [move.answers for move in stages[:-1] if move.answers is not None]
    cited = [touch for move in stages for touch in move.evidence]
    evidence = tuple(dict.fromkeys([*cited, *answered]))
    last = attrs.evolve(stages[-1], was=stages[0].was, evidence=evidence)
    kept = [move for move in moves if move.kind is not MoveKind.STAGE]
    return tuple(sorted([*kept, last], key=lambda move: move.seq))


def _in_order(actions: Iterable[Action]) -> tuple[Action, ...]:
    return tuple(
        sorted(actions, key=lambda one: (one.earliest_us, one.priority, -one.rank, one.id))
    )


def _notes(start: Situation, rest: _Rest) -> tuple[str, ...]:
    score: Score = start.bound["score"]
    kinds = [
        f"kind `{kind}` isn't described: {count} touch{'es' if count > 1 else ''} score nothing"
        for kind, count in score.unknown_kinds.items()
    ]
    versions = [f"record `{one}` came with several contents" for one in start.visible.conflicts]
    illegal = illegal_moves(start.standing)
    return (*illegal, *kinds, *versions, *rest.settled.notes, *rest.notes)
