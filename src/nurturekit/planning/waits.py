"""When the next step of a run is due: the waits that steps and branches share.

A wait is one of four, and `KINDS` is the table of them: full days, up to a trigger, until a date
that a fact holds, or a cadence (for what repeats). What each gives is in `due_us`.
"""

from collections.abc import Iterable
from datetime import date, time
from typing import Protocol

from nurturekit.calendars import at_local, zone_named
from nurturekit.errors import ModelError
from nurturekit.instants import DAY_US, date_us
from nurturekit.planning.words import MOST, check_count, one_of
from nurturekit.records import Situation
from nurturekit.vocabulary import Direction

# An instant later than every other: what waits for ever.
NO_END_US = 2**63

# What happens to a step whose date isn't known: it waits, is passed over, comes at once, or the
# run ends.
WAIT, SKIP, NOW, LEAVE = IF_MISSING = ("wait", "skip", "now", "leave")
MIDNIGHT = time(0)


class Waiting(Protocol):
    """What a step and a branch have in common: their waits."""

    @property
    def id(self) -> str:
        """Its name within the sequence."""
        ...

    @property
    def after_days(self) -> int:
        """Full days after what came before."""
        ...

    @property
    def up_to_days(self) -> int | None:
        """Days after which it comes without a trigger."""
        ...

    @property
    def triggers(self) -> tuple[str, ...]:
        """Kinds of touch that end the wait."""
        ...

    @property
    def until_fact(self) -> str | None:
        """The fact whose date it waits for."""
        ...

    @property
    def offset_days(self) -> int:
        """Days from that date."""
        ...

    @property
    def if_missing(self) -> str | None:
        """What happens while the date isn't known."""
        ...


def texts(values: Iterable[str]) -> tuple[str, ...]:
    """Return several texts as a tuple."""
    return tuple(values)


def check_wait(step: Waiting, *, path: str) -> None:
    """Refuse waits that contradict each other.

    Raises:
        ModelError: `out-of-range`, `bad-wait`, `no-rule` or `unknown-word`, at the field.
    """
    check_count(step.after_days, path=f"{path}.after_days", least=0)
    if step.up_to_days is not None:
        check_count(step.up_to_days, path=f"{path}.up_to_days", least=0)
    if (step.up_to_days is None) != (not step.triggers):
        raise ModelError(
            "bad-wait",
            path=f"{path}.triggers",
            problem="need `up_to_days`, and the other way round, without `after_days`",
        )
    kinds = [step.after_days > 0, step.up_to_days is not None, step.until_fact is not None]
    if sum(kinds) > 1:
        raise ModelError(
            "bad-wait",
            path=f"{path}.triggers" if step.triggers else f"{path}.until_fact",
            problem="is one wait too many: give `after_days`, or `up_to_days` with `triggers`, or "
            "`until_fact`",
        )
    _check_date(step, path=path)


def _check_date(step: Waiting, *, path: str) -> None:
    if type(step.offset_days) is not int or abs(step.offset_days) > MOST:
        raise ModelError(
            "out-of-range",
            path=f"{path}.offset_days",
            problem=f"must be a whole number within {MOST:,} of zero",
        )
    if step.until_fact is None and (step.offset_days or step.if_missing is not None):
        raise ModelError(
            "bad-wait",
            path=f"{path}.until_fact",
            problem="must name the fact that `offset_days` and `if_missing` are about",
        )
    if step.until_fact is not None:
        if step.if_missing is None:
            raise ModelError(
                "no-rule",
                path=f"{path}.if_missing",
                problem=f"must say what happens without that date: {', '.join(IF_MISSING)}",
            )
        one_of(step.if_missing, IF_MISSING, path=f"{path}.if_missing")


def due_us(step: Waiting, situation: Situation, *, anchor_us: int) -> int:
    """Return when a wait is over, in epoch microseconds: `NO_END_US` while its date is unknown.

    Args:
        step: A step or a branch.
        situation: The lead at one instant.
        anchor_us: When the wait began.
    """
    if step.up_to_days is not None:
        latest = anchor_us + step.up_to_days * DAY_US
        return min(latest, _trigger_us(step, situation, after_us=anchor_us) or latest)
    if step.until_fact is not None:
        return _until_us(step, situation, anchor_us)
    return anchor_us + step.after_days * DAY_US


def is_missing(step: Waiting, situation: Situation) -> bool:
    """Say whether the date that a step waits for isn't known; another kind of value is no date."""
    return step.until_fact is not None and _date(step, situation) is None


def _date(step: Waiting, situation: Situation) -> date | None:
    value = situation.attribute(step.until_fact or "")
    return value if isinstance(value, date) else None


def _until_us(step: Waiting, situation: Situation, anchor_us: int) -> int:
    day = _date(step, situation)
    if day is None:
        return NO_END_US if step.if_missing == WAIT else anchor_us
    zone = situation.zone
    # The recipient's own midnight; without a zone the day begins in UTC, and the guards' hours
    # still hold.
    start = (
        date_us(day)
        if zone is None
        else at_local(day, MIDNIGHT, zone_named(zone, field="zone"), bound="start")
    )
    return max(anchor_us, start + step.offset_days * DAY_US)


def _trigger_us(step: Waiting, situation: Situation, *, after_us: int) -> int | None:
    for touch in situation.touches:
        if touch.kind in step.triggers and touch.occurred_us > after_us:
            is_machine = touch.automated and situation.direction_of(touch) is Direction.INBOUND
            if not is_machine:
                return touch.occurred_us
    return None
