"""What is in force for a lead: its moves, folded in order from the opening.

Everything that the moves decide lives in this file: the table `_FOLD` says what each kind changes.
Folding never fails: a recorded move is applied whatever it says; legality binds only proposals.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain

import attrs

from nurturekit.records.events import Move, Opening
from nurturekit.records.frozen import FrozenMap
from nurturekit.records.touch import Touch
from nurturekit.vocabulary import MoveKind, Origin, Stage, Team

# How far each stage is on the way to sales; a move to a lower rank is a move away from sales.
STAGE_RANK: Mapping[Stage, int] = {
    Stage.LOST: 0,
    Stage.DISQUALIFIED: 0,
    Stage.INCUBATING: 1,
    Stage.RECYCLED: 1,
    Stage.INQUIRY: 2,
    Stage.MQL: 3,
    Stage.SAL: 4,
    Stage.SQL: 5,
    Stage.OPPORTUNITY: 6,
    Stage.CUSTOMER: 7,
}
FINAL = "final"

_HANDOFF_ENDS = (MoveKind.ACCEPTED, MoveKind.REJECTED, MoveKind.LAPSED, MoveKind.WITHDRAWN)
_CHAINED = (MoveKind.STAGE, MoveKind.OWNER, MoveKind.OFFERED, *_HANDOFF_ENDS)


@attrs.frozen(kw_only=True)
class Run:
    """One enrolment of the lead in a sequence: `run` is its number and the sequence's version.

    `passed` holds its moves past a step or through a branch.
    """

    sequence: str
    run: str
    enrolled: Move
    left: Move | None = None
    passed: tuple[Move, ...] = ()


@attrs.define(kw_only=True, slots=False)
class Standing:
    """What is in force at one instant. Treat it as frozen: only `fold` writes to it.

    Args:
        stage: The stage in force.
        stage_move: The move that set it, or None.
        team: The accountable team, None before the first owner.
        owner_us: When the team got it.
        given_us: When it last got it otherwise than by taking an offer.
        rep: The rep in force.
        pending: The offer that waits for an answer.
        offers: Every offer so far.
        ends: Offer id to the move that ended it.
        away_cause_us: When what caused the last move away from sales happened.
        away_us: When the last move away from sales was made.
        up_us: When the last upward crossing was made.
        cited: Touch ids by the kind of move that cites them.
        answered: Ids of records that some move answers or cites.
        runs: Enrolments by (sequence, run).
        snoozed: The lead's pause in force or passed, the last one recorded.
        adopted: The last `adopt` move.
        adopt_waits: Whether it is newer than the last owner move.
        last_id: Id of the last stage, owner or handoff move.
        last_quiet_us: When the last owner move, acceptance or alert was.
        void: Ids of answers to offers that had ended.
        nudged: The reminders and escalations of each offer, as (offer id, reason).
        stage_moves: Every stage move with the stage it was applied to.
        rep_moves: Every rep move.
    """

    stage: Stage = Stage.INQUIRY
    stage_move: Move | None = None
    team: Team | None = None
    owner_us: int | None = None
    given_us: int | None = None
    rep: str | None = None
    pending: Move | None = None
    offers: tuple[Move, ...] = ()
    ends: dict[str, Move] = attrs.field(factory=dict)
    away_cause_us: int | None = None
    away_us: int | None = None
    up_us: int | None = None
    cited: dict[str, set[str]] = attrs.field(factory=dict)
    answered: set[str] = attrs.field(factory=set)
    runs: dict[tuple[str, str], Run] = attrs.field(factory=dict)
    snoozed: Move | None = None
    adopted: Move | None = None
    adopt_waits: bool = False
    last_id: str = ""
    last_quiet_us: int | None = None
    void: set[str] = attrs.field(factory=set)
    nudged: set[tuple[str, str]] = attrs.field(factory=set)
    stage_moves: tuple[tuple[Stage, Move], ...] = ()
    rep_moves: tuple[Move, ...] = ()

    def is_cited(self, touch_id: str, *kinds: MoveKind) -> bool:
        """Say whether a move of one of the kinds cites a touch."""
        return any(touch_id in self.cited.get(kind, ()) for kind in kinds)

    def is_told(self, offer_id: str, reason: str) -> bool:
        """Say whether somebody was told something of an offer."""
        return (offer_id, reason) in self.nudged


Cause = Callable[[Move], int]


def fold(opening: Opening | None, moves: Iterable[Move], cause: Cause) -> Standing:
    """Fold moves in their order, from the opening.

    Args:
        opening: What the CRM said on the first day, or None.
        moves: Visible moves and proposed ones, sorted.
        cause: When what caused a move happened, in epoch microseconds.
    """
    *_, (_, standing) = walk(opening, moves, cause)
    return standing


def walk(
    opening: Opening | None, moves: Iterable[Move], cause: Cause
) -> Iterator[tuple[Move | None, Standing]]:
    """Yield what is in force from the opening on, then after each move: one value, written to."""
    standing = Standing()
    if opening is not None:
        standing.stage = Stage(opening.stage or Stage.INQUIRY)
        standing.team = None if opening.team is None else Team(opening.team)
        standing.owner_us = None if opening.team is None else opening.occurred_us
        standing.given_us = standing.owner_us
        standing.rep = opening.rep
        standing.away_cause_us = opening.occurred_us
        standing.last_quiet_us = opening.occurred_us
    yield None, standing
    start = opening.occurred_us if opening is not None else 0
    for move in moves:
        # Records from before the opening never set stage or owner.
        if move.occurred_us >= start:
            _FOLD[move.kind](standing, move, cause)
        _cite(standing, move)
        yield move, standing


def _cite(standing: Standing, move: Move) -> None:
    if move.evidence:
        standing.cited.setdefault(move.kind, set()).update(move.evidence)
        # A branch says what it goes by; a rep's word still waits for its answer.
        if move.kind is not MoveKind.BRANCH:
            standing.answered.update(move.evidence)
    if move.answers is not None:
        standing.answered.add(move.answers)
    if move.kind in _CHAINED:
        standing.last_id = move.id


def _moved_away(standing: Standing, move: Move, cause: Cause) -> None:
    standing.away_cause_us = max(standing.away_cause_us or 0, cause(move))
    standing.away_us = max(standing.away_us or 0, move.occurred_us)


def _fold_stage(standing: Standing, move: Move, cause: Cause) -> None:
    before, after = standing.stage, Stage(str(move.to))
    standing.stage_moves += ((before, move),)
    standing.stage, standing.stage_move = after, move
    idled = after in (Stage.INCUBATING, Stage.RECYCLED)
    if idled or STAGE_RANK[after] < STAGE_RANK[before]:
        _moved_away(standing, move, cause)
    # A person's move back to mql starts the dwell too: the gate doesn't undo it the next night.
    if after is not before and after in (Stage.MQL, Stage.SAL):
        standing.up_us = move.occurred_us


def _fold_owner(standing: Standing, move: Move, cause: Cause) -> None:
    before, after = standing.team, Team(str(move.to))
    if move.origin is Origin.PLAYBOOK and move.was is None and before is not None:
        # The first owner of a duplicate takes nothing from who has the lead it was merged into.
        return
    standing.team, standing.owner_us = after, move.occurred_us
    taken = {*standing.ends, *(end.id for end in standing.ends.values())}
    if move.answers is None or move.answers not in taken:
        standing.given_us = move.occurred_us
    standing.adopt_waits = False
    standing.last_quiet_us = move.occurred_us
    if move.rep is not None:
        standing.rep = move.rep
    if before is Team.SALES and after is Team.MARKETING:
        _moved_away(standing, move, cause)


def _fold_rep(standing: Standing, move: Move, _: Cause) -> None:
    standing.rep = move.rep
    standing.rep_moves += (move,)


def _fold_offered(standing: Standing, move: Move, _: Cause) -> None:
    if move.to == Team.MARKETING:
        # Only sales takes leads by an offer; marketing is given them.
        return
    standing.pending = move
    standing.offers += (move,)
    if move.rep is not None:
        standing.rep = move.rep


def _fold_end(standing: Standing, move: Move, cause: Cause) -> None:
    offer = _answered_offer(standing, move)
    if offer is not None:
        ended = standing.ends.get(offer.id)
        if ended is not None and not _is_second_thought(standing, move, ended):
            # An offer ends once: what comes too late changes nothing.
            standing.void.add(move.id)
            return
        standing.ends[offer.id] = move
        if standing.pending is offer:
            standing.pending = None
    if move.kind is MoveKind.ACCEPTED:
        standing.last_quiet_us = move.occurred_us
        standing.rep = move.rep or standing.rep
    elif move.kind is MoveKind.REJECTED:
        _moved_away(standing, move, cause)
        standing.rep = None
    elif move.kind is MoveKind.LAPSED:
        standing.rep = None
        if move.reason == FINAL:
            _moved_away(standing, move, cause)


def _answered_offer(standing: Standing, move: Move) -> Move | None:
    named = next((offer for offer in standing.offers if offer.id == move.answers), None)
    if named is None:
        last = standing.offers[-1] if standing.offers else None
        ended = standing.ends.get(last.id) if last is not None else None
        if move.kind is MoveKind.REJECTED and ended is not None:
            # A rejection that names none turns down what was taken last.
            return last if ended.kind is MoveKind.ACCEPTED else standing.pending
        return standing.pending
    if named.id in standing.ends and move.kind is MoveKind.ACCEPTED and standing.pending:
        return standing.pending
    return named


def _is_second_thought(standing: Standing, move: Move, ended: Move) -> bool:
    # Whoever has taken a lead, or has it now, may still turn it down.
    is_theirs = move.rep in (None, standing.rep, ended.rep) or ended.rep is None
    return move.kind is MoveKind.REJECTED and ended.kind is MoveKind.ACCEPTED and is_theirs


def _fold_adopt(standing: Standing, move: Move, _: Cause) -> None:
    standing.adopted = move
    standing.adopt_waits = True


def _fold_enrolled(standing: Standing, move: Move, _: Cause) -> None:
    key = (move.sequence or "", move.run or "")
    standing.runs.setdefault(key, Run(sequence=key[0], run=key[1], enrolled=move))


def _fold_left(standing: Standing, move: Move, _: Cause) -> None:
    for key, run in standing.runs.items():
        named = key[0] == move.sequence and move.run in (None, key[1])
        if run.left is None and (named or move.sequence is None):
            standing.runs[key] = attrs.evolve(run, left=move)


def _fold_passed(standing: Standing, move: Move, _: Cause) -> None:
    key = (move.sequence or "", move.run or "")
    if key in standing.runs:
        run = standing.runs[key]
        standing.runs[key] = attrs.evolve(run, passed=(*run.passed, move))


def _fold_snoozed(standing: Standing, move: Move, cause: Cause) -> None:
    # A pause of one sequence says nothing of the lead; the planner reads it.
    if move.sequence is None:
        standing.snoozed = move
        _moved_away(standing, move, cause)


def _fold_alerted(standing: Standing, move: Move, _: Cause) -> None:
    standing.last_quiet_us = move.occurred_us
    if move.answers is not None:
        standing.nudged.add((move.answers, move.reason or ""))


_FOLD: Mapping[str, Callable[[Standing, Move, Cause], None]] = FrozenMap(
    {
        MoveKind.STAGE: _fold_stage,
        MoveKind.OWNER: _fold_owner,
        MoveKind.REP: _fold_rep,
        MoveKind.OFFERED: _fold_offered,
        MoveKind.ACCEPTED: _fold_end,
        MoveKind.REJECTED: _fold_end,
        MoveKind.LAPSED: _fold_end,
        MoveKind.WITHDRAWN: _fold_end,
        MoveKind.ADOPT: _fold_adopt,
        MoveKind.ENROLLED: _fold_enrolled,
        MoveKind.LEFT: _fold_left,
        MoveKind.SKIPPED: _fold_passed,
        MoveKind.BRANCH: _fold_passed,
        MoveKind.SNOOZED: _fold_snoozed,
        MoveKind.ALERTED: _fold_alerted,
    }
)


def cause_of(moves: tuple[Move, ...], touches: tuple[Touch, ...]) -> Cause:
    """Return the function that dates what caused a move.

    A lapse is caused by its offer's deadline, a playbook's move by the record it answers, a
    person's move by the person, then.
    """

    def cause(move: Move) -> int:
        if move.answers is None:
            return move.occurred_us
        records: Iterator[Move | Touch] = chain(reversed(moves), touches)
        answered = next((one for one in records if one.id == move.answers), None)
        due_us = answered.due_us if isinstance(answered, Move) else None
        if move.kind is MoveKind.LAPSED and due_us is not None:
            return due_us
        if answered is not None and move.origin is Origin.PLAYBOOK:
            return answered.occurred_us
        return move.occurred_us

    return cause
