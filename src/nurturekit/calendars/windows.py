"""A stretch of local time on some weekdays, and its text form."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, time
from typing import Self
from zoneinfo import ZoneInfo

import attrs

from nurturekit.calendars.local import MIDNIGHT, ONE_DAY, at_local
from nurturekit.errors import RecordError, did_you_mean

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_WINDOW = re.compile(
    r"([a-z,-]+) +(\d{2}):([0-5]\d)-(\d{2}):([0-5]\d)( +overnight)?", re.ASCII | re.IGNORECASE
)

# Start and end in epoch microseconds, the end excluded.
Span = tuple[int, int]


def _days(value: Iterable[int]) -> frozenset[int]:
    days = list(value)
    if any(type(day) is not int or day not in range(7) for day in days):
        raise RecordError(
            "bad-weekday", field="Window.days", problem="must be 0 (Monday) to 6 (Sunday)"
        )
    if not days:
        raise RecordError("never-open", field="Window.days", problem="must name a weekday")
    return frozenset(days)


@attrs.frozen(kw_only=True)
class Window:
    """A stretch of local time on some weekdays, half-open.

    Args:
        days: The weekdays on which it starts, 0 (Monday) to 6 (Sunday).
        start: The local time from which it is open, in whole minutes.
        end: The local time from which it is closed again.
        overnight: Whether `end` lies on the next day; midnight (24:00) does.

    Raises:
        RecordError: `bad-window`, `bad-weekday`, or `never-open` without a weekday.

    >>> Window.parse("mon-fri 09:00-17:00").text
    'mon-fri 09:00-17:00'
    """

    days: frozenset[int] = attrs.field(converter=_days)
    start: time
    end: time
    overnight: bool = False

    def __attrs_post_init__(self) -> None:
        for name in ("start", "end"):
            _check_time(getattr(self, name), field=f"Window.{name}")
        if type(self.overnight) is not bool:
            raise RecordError("bad-window", field="Window.overnight", problem="must be a bool")
        if self.overnight and self.end > self.start:
            raise RecordError(
                "bad-window", field="Window.end", problem="would make it longer than a day"
            )
        if not self.overnight and self.end <= self.start:
            raise RecordError(
                "bad-window",
                field="Window.end",
                problem="must end after it starts; say `overnight` for an end on the next day",
            )

    @classmethod
    def parse(cls, text: str, *, field: str = "Window") -> Self:
        """Read a window: weekdays, start and end, and `overnight` where it ends the next day.

        Args:
            text: `mon-fri 09:00-17:00`, `mon,wed 13:00-24:00`, `fri-sat 22:00-06:00 overnight`.
            field: Its field, for the error.

        Raises:
            RecordError: `bad-window`, or `bad-weekday` for a day that isn't one.
        """
        match = _WINDOW.fullmatch(str(text).strip())
        if match is None:
            raise RecordError(
                "bad-window", field=field, problem="must be such as `mon-fri 09:00-17:00`"
            )
        days, start_hour, start_minute, end_hour, end_minute, overnight = match.groups()
        until_midnight = (end_hour, end_minute) == ("24", "00")
        return cls(
            days=_weekdays(days.lower(), field=field),
            start=_clock(start_hour, start_minute, field=field),
            end=MIDNIGHT if until_midnight else _clock(end_hour, end_minute, field=field),
            overnight=until_midnight or overnight is not None,
        )

    @property
    def text(self) -> str:
        """The window as `parse` reads it."""
        until_midnight = self.overnight and self.end == MIDNIGHT
        end = "24:00" if until_midnight else f"{self.end:%H:%M}"
        overnight = " overnight" if self.overnight and not until_midnight else ""
        return f"{_weekdays_text(self.days)} {self.start:%H:%M}-{end}{overnight}"

    def span(self, day: date, zone: ZoneInfo) -> Span:
        """Return start and end, in epoch microseconds, of the window that starts on a date."""
        last = day + ONE_DAY if self.overnight else day
        start = at_local(day, self.start, zone, bound="start")
        return start, at_local(last, self.end, zone, bound="end")


def _check_time(at: object, *, field: str) -> None:
    if type(at) is not time or at.tzinfo is not None or at.second or at.microsecond:
        raise RecordError(
            "bad-window", field=field, problem="must be a local time of day in whole minutes"
        )


def _clock(hour: str, minute: str, *, field: str) -> time:
    if int(hour) not in range(24):
        raise RecordError(
            "bad-window", field=field, problem="has an hour past 23; only an end may be `24:00`"
        )
    return time(int(hour), int(minute))


def _weekdays(text: str, *, field: str) -> Iterator[int]:
    for part in text.split(","):
        first, _, last = part.partition("-")
        for name in (first, last or first):
            if name not in WEEKDAYS:
                listed = ", ".join(WEEKDAYS)
                raise RecordError(
                    "bad-weekday",
                    field=field,
                    problem=f"must name days from {listed}{did_you_mean(name, WEEKDAYS)}",
                )
        start = WEEKDAYS.index(first)
        length = (WEEKDAYS.index(last or first) - start) % 7 + 1
        yield from ((start + step) % 7 for step in range(length))


def _weekdays_text(days: frozenset[int]) -> str:
    parts: list[str] = []
    for day in sorted(days):
        if day - 1 in days and day + 1 in days:
            continue
        joint = "-" if day - 1 in days else ","
        parts += [joint, WEEKDAYS[day]] if parts else [WEEKDAYS[day]]
    return "".join(parts)
