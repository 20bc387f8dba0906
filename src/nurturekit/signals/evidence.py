"""What counts as evidence, what of it is already spent, and what a rep last said.

Rules: evidence is spent once. A move towards sales needs a lead-made touch that is later than what
caused the last move away from sales and that no move of the same purpose cites. A rep's word is a
record of origin person with such a reason; the move that answers it cites it.
"""

from collections.abc import Iterable, Iterator

import attrs

from nurturekit.records import Move, Situation, Touch
from nurturekit.vocabulary import (
    CLOSING_REASONS,
    IDLE_REASONS,
    PROGRESS,
    MoveKind,
    Origin,
    Stage,
)


@attrs.frozen(kw_only=True)
class Word:
    """A rep's word: what a person recorded about whether the lead goes on.

    Args:
        id: The record's id.
        reason: `not_now`, `no_budget`, `no_need`, a rejection's reason, ...
        occurred_us: When it was said, in epoch microseconds.
        rep: Who said it, if known.
        record: `touch`, `rejected` or `lost`.
    """

    id: str
    reason: str
    occurred_us: int
    rep: str | None
    record: str


def is_hand_raise(situation: Situation, touch: Touch) -> bool:
    """Say whether the lead itself showed sales intent with this touch (S0-8)."""
    return situation.kind_of(touch).intent and situation.is_lead_made(touch)


def hand_raises_after(situation: Situation, us: int) -> tuple[Touch, ...]:
    """Return the lead's hand-raises later than an instant, by time."""
    return tuple(
        touch
        for touch in situation.lead_made
        if touch.occurred_us > us and situation.kind_of(touch).intent
    )


def unspent(
    situation: Situation, touches: Iterable[Touch], *purposes: MoveKind
) -> tuple[Touch, ...]:
    """Return the touches that may still move a lead towards sales.

    Args:
        situation: The lead at its instant.
        touches: Candidates, lead-made.
        purposes: Kinds of move that spend them.
    """
    standing = situation.standing
    after = -1 if standing.away_cause_us is None else standing.away_cause_us
    spent = frozenset().union(*(standing.cited.get(purpose, ()) for purpose in purposes))
    return tuple([one for one in touches if one.occurred_us > after and one.id not in spent])


def words(situation: Situation) -> Iterator[Word]:
    """Yield every rep's word that can be seen, in no order."""
    opened = situation.opening.occurred_us if situation.opening else -1
    for touch in situation.conversations:
        is_word = touch.outcome in IDLE_REASONS or touch.outcome in CLOSING_REASONS
        if is_word and touch.occurred_us >= opened:
            yield _said(touch)
    for move in (*situation.visible.moves, *situation.proposed):
        is_said = move.origin is Origin.PERSON and move.occurred_us >= opened
        if is_said and move.id not in situation.standing.void:
            yield from _decided(move)


def _said(touch: Touch) -> Word:
    return Word(
        id=touch.id,
        reason=str(touch.outcome),
        occurred_us=touch.occurred_us,
        rep=touch.rep,
        record="touch",
    )


def _decided(move: Move) -> Iterator[Word]:
    if move.kind is MoveKind.REJECTED:
        record = "rejected"
    elif move.kind is MoveKind.STAGE and move.to == Stage.LOST:
        record = "lost"
    else:
        return
    yield Word(
        id=move.id,
        reason=move.reason or "other",
        occurred_us=move.occurred_us,
        rep=move.rep,
        record=record,
    )


def _is_idling(word: Word) -> bool:
    if word.record == "rejected":
        return word.reason not in CLOSING_REASONS
    return word.reason in IDLE_REASONS


def unanswered_word(situation: Situation) -> Word | None:
    """Return the last rep's word that idles the lead and that no move has answered yet.

    It is newer than the last offer, and neither a hand-raise nor an outcome that brings the lead
    forward has come since.
    """
    standing = situation.standing
    said = [word for word in words(situation) if _is_idling(word)]
    if not said:
        return None
    last = max(said, key=lambda word: (word.occurred_us, word.id))
    if last.id in standing.answered or (
        standing.offers and standing.offers[-1].occurred_us > last.occurred_us
    ):
        return None
    snoozed = standing.snoozed
    is_paused = snoozed is not None and snoozed.occurred_us >= last.occurred_us
    if is_paused and last.record != "lost":
        return None
    is_taken_back = any(
        touch.outcome in PROGRESS and touch.occurred_us > last.occurred_us
        for touch in situation.conversations
    )
    return None if is_taken_back or hand_raises_after(situation, last.occurred_us) else last


@attrs.frozen(kw_only=True)
class Closing:
    """Why nobody nurtures the lead, and since when."""

    reason: str
    occurred_us: int
    can_reopen: bool = True


def closing(situation: Situation) -> Closing | None:
    """Return why the lead is closed, or None while it is open; a newer hand-raise reopens it."""
    held = (one for one in _closings(situation) if not _is_reopened(situation, one))
    return max(held, key=lambda one: one.occurred_us, default=None)


def _is_reopened(situation: Situation, one: Closing) -> bool:
    return one.can_reopen and bool(hand_raises_after(situation, one.occurred_us))


def _closings(situation: Situation) -> Iterator[Closing]:
    standing = situation.standing
    since = standing.stage_move.occurred_us if standing.stage_move else _opened_us(situation)
    if standing.stage is Stage.CUSTOMER:
        # A customer's hand-raise is told to its owner; it doesn't make the customer a lead again.
        yield Closing(reason="customer", occurred_us=since, can_reopen=False)
    elif standing.stage is Stage.DISQUALIFIED:
        yield Closing(reason="disqualified", occurred_us=since)
    elif standing.stage is Stage.LOST and not _is_lost_for_now(situation):
        yield Closing(reason="lost", occurred_us=since)
    for word in words(situation):
        if word.reason in CLOSING_REASONS and not _is_overruled(situation, word):
            yield Closing(reason=word.reason, occurred_us=word.occurred_us)
    if situation.attribute("do_not_contact") is True:
        fact = situation.facts.get("do_not_contact")
        yield Closing(
            reason="do_not_contact",
            occurred_us=fact.occurred_us if fact else 0,
            can_reopen=False,
        )


def _is_overruled(situation: Situation, word: Word) -> bool:
    # A person who later moves the lead to an open stage has put the data right.
    return any(
        move.origin is Origin.PERSON
        and move.occurred_us > word.occurred_us
        and Stage(str(move.to)) not in (Stage.LOST, Stage.DISQUALIFIED)
        for _, move in situation.standing.stage_moves
    )


def _opened_us(situation: Situation) -> int:
    return situation.opening.occurred_us if situation.opening else 0


def _is_lost_for_now(situation: Situation) -> bool:
    move = situation.standing.stage_move
    return move is not None and move.reason in IDLE_REASONS
