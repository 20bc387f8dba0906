"""Signals that count touches, or the days since the last one.

A history is complete from its opening: where a question reaches further back, the answer is only a
lower bound, and a criterion answers what no earlier record could change.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import attrs

from nurturekit.errors import ModelError
from nurturekit.instants import DAY_US, LAST_DAY, date_us, day_of
from nurturekit.records.kinds import Kind
from nurturekit.signals.measures import AtLeast, Measure
from nurturekit.vocabulary import Channel, Direction

if TYPE_CHECKING:
    from nurturekit.records import Situation, Touch

# Stands for every kind of touch.
EVERY_KIND = "*"


def is_bot(touch: "Touch", kind: Kind) -> bool:
    """Say whether a machine made the touch in the lead's name: a bot, an open, a mail scanner.

    A touch whose direction neither it nor its kind tells is taken as inbound.
    """
    if not kind.human:
        return True
    return touch.automated and (touch.direction or kind.direction) != Direction.OUTBOUND


def _check_channel(channel: str | None) -> str | None:
    if channel is not None and channel not in tuple(Channel):
        raise ModelError(
            "unknown-word", path="channel", problem=f"must be one of {', '.join(Channel)}"
        )
    return None if channel is None else Channel(channel)


def _checked_days(days: int | None) -> int | None:
    if days is not None and (type(days) is not int or not 1 <= days <= LAST_DAY):
        raise ModelError(
            "out-of-range", path="days", problem=f"must be a whole number from 1 to {LAST_DAY:,}"
        )
    return days


def _check_kind(_: object, __: object, kind: object) -> None:
    if type(kind) is not str or not kind:
        raise ModelError("bad-value", path="kind", problem="must name a kind of touch, or `*`")


def _name(base: str, kind: str, channel: str | None) -> str:
    return f"{base}:{kind}" if channel is None else f"{base}:{kind} by {channel}"


def _matching(situation: "Situation", kind: str, channel: str | None) -> Iterator["Touch"]:
    # The latest first; machines in the lead's name never count.
    for touch in reversed(situation.touches):
        if kind not in (EVERY_KIND, touch.kind):
            continue
        described = situation.kind_of(touch)
        if channel is not None and (touch.channel or described.channel) != channel:
            continue
        if not is_bot(touch, described):
            yield touch


@attrs.frozen
class TouchCount:
    """How many touches of a kind there were in the last so many integer days, today included.

    Args:
        kind: The kind of touch, `*` for every kind.
        days: How far back; None is ever.
        channel: Only touches by this channel, the kind's own where a touch doesn't say.

    Raises:
        ModelError: `out-of-range` or `unknown-word`.
    """

    kind: str = attrs.field(default=EVERY_KIND, validator=_check_kind)
    days: int | None = attrs.field(default=None, kw_only=True, converter=_checked_days)
    channel: str | None = attrs.field(default=None, kw_only=True, converter=_check_channel)

    @property
    def name(self) -> str:
        """The name that explanations use: `touches:pricing_viewed in 30 days`."""
        base = _name("touches", self.kind, self.channel)
        return base if self.days is None else f"{base} in {self.days} days"

    def measure(self, situation: "Situation") -> Measure:
        """Return the count, `AtLeast` it where the window starts before records are complete."""
        matching = _matching(situation, self.kind, self.channel)
        if self.days is None:
            count, start_us = sum(1 for _ in matching), 0
        else:
            first_day = situation.day - self.days + 1
            start_us = max(first_day * DAY_US - situation.day_offset_us, 0)
            count = sum(1 for touch in matching if touch.occurred_us >= start_us)
        return count if situation.complete_from_us <= start_us else AtLeast(count)


@attrs.frozen
class DaysSince:
    """How many integer days ago the last touch of a kind was.

    Never is longer ago than any number of days.

    Args:
        kind: The kind of touch, `*` for every kind.
        channel: Only touches by this channel, the kind's own where a touch doesn't say.

    Raises:
        ModelError: `unknown-word`.
    """

    kind: str = attrs.field(default=EVERY_KIND, validator=_check_kind)
    channel: str | None = attrs.field(default=None, kw_only=True, converter=_check_channel)

    @property
    def name(self) -> str:
        """The name that explanations use: `days_since:webinar_attended`."""
        return _name("days_since", self.kind, self.channel)

    def measure(self, situation: "Situation") -> Measure:
        """Return the days, `AtLeast` those since records are complete where none was since."""
        complete_us = situation.complete_from_us
        last = next(_matching(situation, self.kind, self.channel), None)
        if last is not None and last.occurred_us >= complete_us:
            return situation.age_days(last.occurred_us)
        told = self._told_by_opening(situation)
        if told is not None:
            return situation.day - day_of(date_us(told))
        return AtLeast(situation.age_days(complete_us))

    def _told_by_opening(self, situation: "Situation") -> date | None:
        # The CRM's column says when the channel's last touch was, of whatever kind.
        if self.kind != EVERY_KIND or self.channel is None or not situation.visible.openings:
            return None
        return situation.visible.openings[-1].last_touch.get(self.channel)
