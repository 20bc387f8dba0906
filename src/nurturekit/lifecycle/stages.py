"""The lifecycle's rules: which stage moves are legal, and which one follows from a situation.

Everything that the lifecycle proposes lives in this file. Legality binds proposals only; recorded
moves outside `LEGAL` are applied and reported.
"""

from collections.abc import Callable, Mapping

from nurturekit.answers import Score, StageMove
from nurturekit.lifecycle.qualification import Qualification
from nurturekit.records import FrozenMap, Situation, Standing, Touch
from nurturekit.records.standing import STAGE_RANK
from nurturekit.signals.evidence import closing, hand_raises_after, unspent
from nurturekit.vocabulary import MoveKind, Outcome, Stage, Team

_OPEN = frozenset(
    {
        Stage.INQUIRY,
        Stage.MQL,
        Stage.SAL,
        Stage.SQL,
        Stage.OPPORTUNITY,
        Stage.INCUBATING,
        Stage.RECYCLED,
    }
)
_CLOSED = frozenset({Stage.DISQUALIFIED, Stage.LOST})

# From where to where a stage may move. A customer stays one; the closed ones reopen as inquiry.
LEGAL: Mapping[Stage, frozenset[Stage]] = FrozenMap(
    {
        **{stage: _OPEN | _CLOSED | {Stage.CUSTOMER} for stage in _OPEN},
        Stage.CUSTOMER: frozenset({Stage.CUSTOMER}),
        Stage.DISQUALIFIED: frozenset({Stage.DISQUALIFIED, Stage.INQUIRY}),
        Stage.LOST: frozenset({Stage.LOST, Stage.INQUIRY, Stage.RECYCLED, Stage.INCUBATING}),
    }
)

# S3-5: the stage that a conversation's outcome proves, once sales is accountable.
PROVEN: Mapping[str, Stage] = FrozenMap(
    {
        Outcome.QUALIFIED: Stage.SQL,
        Outcome.OPPORTUNITY: Stage.OPPORTUNITY,
        Outcome.WON: Stage.CUSTOMER,
    }
)


def propose(situation: Situation, qualification: Qualification) -> StageMove | None:
    """Return the stage move that follows from a situation, or None.

    Args:
        situation: With `score` bound.
        qualification: The definition of a qualified lead.
    """
    if situation.is_erased:
        return None
    for rule in _RULES:
        move = rule(situation, qualification)
        if move is not None:
            return move
    return None


def _reopened(situation: Situation, _: Qualification) -> StageMove | None:
    standing = situation.standing
    if standing.stage not in _CLOSED or closing(situation) is not None:
        return None
    since = standing.stage_move.occurred_us if standing.stage_move else _opened_us(situation)
    raised = hand_raises_after(situation, since or 0)
    if not raised:
        return None
    return StageMove(
        to=Stage.INQUIRY,
        reason="a hand-raise reopens",
        evidence=tuple(touch.id for touch in raised),
        answers=raised[-1].id,
    )


def _proven(situation: Situation, _: Qualification) -> StageMove | None:
    standing = situation.standing
    if standing.team is not Team.SALES or standing.stage not in _OPEN:
        return None
    away = -1 if standing.away_cause_us is None else standing.away_cause_us
    for touch in reversed(situation.conversations):
        if touch.occurred_us <= away:
            return None
        stage = PROVEN.get(touch.outcome or "")
        if stage is None or touch.id in standing.answered:
            continue
        if STAGE_RANK[stage] > STAGE_RANK[standing.stage]:
            return StageMove(to=stage, reason=f"outcome {touch.outcome}", answers=touch.id)
    return None


def _crossed_up(situation: Situation, qualification: Qualification) -> StageMove | None:
    standing = situation.standing
    score: Score = situation.bound["score"]
    if standing.stage not in (Stage.INQUIRY, Stage.INCUBATING, Stage.RECYCLED):
        return None
    if score.milli < qualification.mql_milli or closing(situation) is not None:
        return None
    fresh = unspent(situation, situation.lead_made, MoveKind.STAGE)
    if not fresh or not _may_cross_up(situation, qualification, fresh):
        return None
    # S4-1: from incubating with sales accountable the gate leads to sal, not mql.
    is_sales = standing.stage is Stage.INCUBATING and standing.team is Team.SALES
    return StageMove(
        to=Stage.SAL if is_sales else Stage.MQL,
        reason=f"score reached {qualification.mql_at:g}",
        evidence=_cited(situation, qualification, fresh),
    )


def _cited(
    situation: Situation, qualification: Qualification, fresh: tuple[Touch, ...]
) -> tuple[str, ...]:
    # The recent ones, or the newest: older ones are spent by any later move away all the same.
    since = situation.days_ago_us(qualification.intent_days - 1)
    recent = [touch.id for touch in fresh if touch.occurred_us >= since]
    return tuple(recent or [fresh[-1].id])


def _may_cross_up(
    situation: Situation, qualification: Qualification, fresh: tuple[Touch, ...]
) -> bool:
    # A hand-raise overrides dwell; the first upward crossing is immediate.
    away = situation.standing.away_us
    if away is None or situation.age_days(away) >= qualification.dwell_days:
        return True
    return any(situation.kind_of(touch).intent for touch in fresh)


def _crossed_down(situation: Situation, qualification: Qualification) -> StageMove | None:
    standing = situation.standing
    score: Score = situation.bound["score"]
    if standing.stage is not Stage.MQL or score.milli >= qualification.recycle_milli:
        return None
    since = standing.up_us if standing.up_us is not None else _opened_us(situation)
    if since is not None and situation.age_days(since) < qualification.dwell_days:
        return None
    return StageMove(to=Stage.RECYCLED, reason=f"score fell below {qualification.recycle_below:g}")


def _opened_us(situation: Situation) -> int | None:
    return situation.opening.occurred_us if situation.opening else None


_RULES: tuple[Callable[[Situation, Qualification], StageMove | None], ...] = (
    _reopened,
    _proven,
    _crossed_up,
    _crossed_down,
)


def illegal_moves(standing: Standing) -> tuple[str, ...]:
    """Return what is wrong with recorded stage moves, a line each; they hold all the same."""
    notes = []
    for before, move in standing.stage_moves:
        after = Stage(str(move.to))
        if after not in LEGAL[before]:
            notes.append(f"stage move {move.id} from {before} to {after} isn't a legal one")
        elif needs_reason(before, after) and not move.reason:
            notes.append(f"stage move {move.id} from {before} to {after} has no reason")
    return tuple(notes)


def needs_reason(before: Stage, after: Stage) -> bool:
    """Say whether a stage move must say why: a backward one, and `lost`."""
    return after is Stage.LOST or STAGE_RANK[after] < STAGE_RANK[before]
