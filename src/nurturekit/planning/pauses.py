"""Pauses: a `snoozed` move stops sequences until its end, or until the lead wants to go on.

Rules (S3-1: a pause has a reason and an end, and the buyer can ask to resume):

- The last pause recorded counts, per sequence and for all of them; one without an end lasts.
- The lead ends it by a later hand-raise, or a touch of the kind `resume_requested`.
- What the lead asked for or agreed to isn't paused.
"""

from collections.abc import Mapping

from nurturekit.answers import Blocked
from nurturekit.planning.waits import NO_END_US
from nurturekit.records import Move, Situation

RESUME = "resume_requested"


def pauses_in_force(situation: Situation, snoozed: Mapping[str, Move]) -> Mapping[str, Move]:
    """Return the pauses in force, by sequence; under an empty name the one of all sequences."""
    if not snoozed:
        return {}
    return {
        name: move
        for name, move in snoozed.items()
        if end_us(move) > situation.as_of_us and not _is_resumed(situation, move)
    }


def end_us(pause: Move | None) -> int:
    """Return when a pause ends: never is later than every instant, no pause is the first one."""
    if pause is None:
        return 0
    return NO_END_US if pause.until_us is None else pause.until_us


def paused_until(pauses: Mapping[str, Move], name: str = "") -> int:
    """Return until when a sequence is paused, by its own pause or by that of all."""
    return max(end_us(pauses.get("")), end_us(pauses.get(name)))


def _is_resumed(situation: Situation, pause: Move) -> bool:
    return any(
        touch.occurred_us > pause.occurred_us
        and (touch.kind == RESUME or situation.kind_of(touch).intent)
        for touch in situation.lead_made
    )


def announced(pauses: Mapping[str, Move]) -> list[Blocked]:
    """Return one refusal per pause, so that none is silent."""
    return [
        Blocked(
            code="snoozed",
            reason=f"{f'`{name}` is' if name else 'sequences are'} paused"
            f" ({move.reason or 'no reason given'})",
            until_us=move.until_us,
        )
        for name, move in sorted(pauses.items())
    ]
