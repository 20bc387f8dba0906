"""Hours of contact in a recipient's zone, and business time in one's own."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import attrs

from nurturekit.calendars.local import MIDNIGHT, ONE_DAY, at_local, local_date, zone_named
from nurturekit.calendars.windows import Span, Window
from nurturekit.errors import CallError, RecordError
from nurturekit.instants import DAY_US, END_US, from_us

_LAST_DAY = date(2199, 12, 31)
# Days of openings that one value remembers, over all zones, before it starts anew.
_REMEMBERED_DAYS = 4096


def _windows(value: Iterable[Window | str] | Window | str) -> tuple[Window, ...]:
    given = (value,) if isinstance(value, Window | str) else tuple(value)
    windows = tuple(Window.parse(one) if isinstance(one, str) else one for one in given)
    if any(type(one) is not Window for one in windows):
        raise RecordError(
            "bad-window", field="windows", problem="must be windows, or texts that `parse` reads"
        )
    if not windows:
        raise RecordError("never-open", field="windows", problem="must hold a window")
    return windows


def _is_date(day: object) -> bool:
    return isinstance(day, date) and not isinstance(day, datetime)


def _holidays(value: Iterable[date]) -> tuple[date, ...]:
    days = tuple(value)
    if not all(map(_is_date, days)):
        raise RecordError("not-a-date", field="holidays", problem="must be dates, without a time")
    if len(set(days)) != len(days):
        raise RecordError("duplicate-holiday", field="holidays", problem="must name each date once")
    return tuple(sorted(days))


@attrs.frozen(kw_only=True)
class ContactHours:
    """When a person may be contacted, in that person's own local time.

    Args:
        windows: When it is open: windows, or texts such as `mon-fri 09:00-17:00`.
        holidays: Local dates on which it stays closed.

    Raises:
        RecordError: `bad-window`, `bad-weekday`, `not-a-date`, `duplicate-holiday`, `never-open`.
    """

    windows: tuple[Window, ...] = attrs.field(converter=_windows)
    holidays: tuple[date, ...] = attrs.field(default=(), converter=_holidays)
    _openings: dict[tuple[ZoneInfo, int], tuple[Span, ...]] = attrs.field(
        init=False, eq=False, repr=False, factory=dict
    )

    def is_open(self, us: int, zone: ZoneInfo) -> bool:
        """Say whether an instant is within the hours."""
        return any(start <= us < end for start, end in self.openings(us // DAY_US, zone))

    def next_open(self, us: int, zone: ZoneInfo, *, limit_days: int = 400) -> int | None:
        """Return the first instant within the hours from `us` on, or None within so many days."""
        first = us // DAY_US
        for day in range(first, first + limit_days + 1):
            for start, end in self.openings(day, zone):
                if us < end:
                    return max(us, start)
        return None

    def last_open(self, us: int, zone: ZoneInfo, *, limit_days: int = 400) -> int | None:
        """Return the last instant within the hours up to `us`, or None within so many days."""
        last = us // DAY_US
        for day in range(last, last - limit_days - 1, -1):
            for start, end in reversed(self.openings(day, zone)):
                if start <= us:
                    return min(us, end - 1)
        return None

    def openings(self, utc_day: int, zone: ZoneInfo) -> tuple[Span, ...]:
        """Return the open spans within one UTC day, apart and in order."""
        key = (zone, utc_day)
        found = self._openings.get(key)
        if found is None:
            if len(self._openings) >= _REMEMBERED_DAYS:
                self._openings.clear()
            found = self._openings[key] = tuple(self._spans(utc_day, zone))
        return found

    def _spans(self, utc_day: int, zone: ZoneInfo) -> Iterator[Span]:
        first, last = utc_day * DAY_US, (utc_day + 1) * DAY_US
        covered = first
        for start, end in sorted(self._spans_around(first, last, zone)):
            if max(start, covered) < min(end, last):
                yield max(start, covered), min(end, last)
                covered = min(end, last)

    def _spans_around(self, first: int, last: int, zone: ZoneInfo) -> Iterator[Span]:
        # A window of the day before may last into this one.
        day, end_day = local_date(first, zone) - ONE_DAY, local_date(last, zone)
        while day <= end_day:
            for window in self.windows:
                if day.weekday() in window.days and day not in self.holidays:
                    start, end = window.span(day, zone)
                    if window.overnight and day + ONE_DAY in self.holidays:
                        end = at_local(day + ONE_DAY, MIDNIGHT, zone, bound="end")
                    yield start, end
            day += ONE_DAY


@attrs.frozen(kw_only=True)
class BusinessHours:
    """When somebody works: the time in which deadlines run.

    Args:
        zone: The IANA time zone of the hours.
        windows: Working hours: windows, or texts such as `mon-fri 09:00-17:00`.
        holidays: Local dates without work.

    Raises:
        RecordError: As `ContactHours`, and `unknown-zone`.

    >>> from datetime import UTC
    >>> from nurturekit.instants import HOUR_US, from_us, to_us
    >>> hours = BusinessHours(zone="UTC", windows="mon-fri 09:00-17:00")
    >>> saturday = to_us(datetime(2026, 1, 3, 15, tzinfo=UTC), field="saturday")
    >>> from_us(hours.add_us(saturday, 4 * HOUR_US)).isoformat()
    '2026-01-05T13:00:00+00:00'
    """

    zone: str
    windows: tuple[Window, ...] = attrs.field(converter=_windows)
    holidays: tuple[date, ...] = attrs.field(default=(), converter=_holidays)
    _zone: ZoneInfo = attrs.field(init=False, eq=False, repr=False)
    _hours: ContactHours = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        zone = zone_named(self.zone, field="BusinessHours.zone")
        hours = ContactHours(windows=self.windows, holidays=self.holidays)
        object.__setattr__(self, "_zone", zone)
        object.__setattr__(self, "_hours", hours)

    def is_open(self, us: int) -> bool:
        """Say whether an instant is working time."""
        return self._hours.is_open(us, self._zone)

    def add_us(self, start_us: int, working_us: int) -> int:
        """Return the first instant by which so much working time has passed.

        Args:
            start_us: From when time runs, in epoch microseconds.
            working_us: How much working time, in microseconds, from 0.

        Raises:
            CallError: `out-of-range` for a negative time, or one that ends after 2199.
        """
        if working_us == 0:
            return start_us
        left = working_us
        if 0 < working_us <= END_US - start_us:
            for start, end in self._spans(start_us, END_US):
                if left <= end - start:
                    return start + left
                left -= end - start
        raise CallError(
            "out-of-range", argument="working_us", problem="must be from 0 and end by 2199"
        )

    def is_business_day(self, day: date) -> bool:
        """Say whether work starts on a local date."""
        return day not in self.holidays and any(
            day.weekday() in window.days for window in self.windows
        )

    def add_days(self, day: date, count: int) -> date:
        """Return the business day that is so many after a local date.

        Args:
            day: The date from which to count, itself not counted.
            count: How many business days; with 0 the date itself if it is one, else the next.

        Raises:
            CallError: `out-of-range` for a negative count, or one that ends after 2199.

        >>> hours = BusinessHours(zone="UTC", windows="mon-fri 09:00-17:00")
        >>> hours.add_days(date(2026, 1, 2), 2)
        datetime.date(2026, 1, 6)
        """
        left = count
        if left == 0 and not self.is_business_day(day):
            left = 1
        while left > 0 and day < _LAST_DAY:
            day += ONE_DAY
            left -= self.is_business_day(day)
        if left:
            raise CallError(
                "out-of-range", argument="count", problem="must be from 0 and end by 2199"
            )
        return day

    def add_days_us(self, us: int, count: int) -> int:
        """Return the instant so many business days later, at the same local time of day.

        Args:
            us: The instant, in epoch microseconds.
            count: As in `add_days`.

        Raises:
            CallError: As `add_days`.
        """
        local = from_us(us).astimezone(self._zone)
        minute = local.time().replace(second=0, microsecond=0)
        past_us = (local.second * 1_000_000) + local.microsecond
        later = self.add_days(local.date(), count)
        return at_local(later, minute, self._zone, bound="start") + past_us

    def elapsed_us(self, start_us: int, end_us: int) -> int:
        """Return the working time between two instants, negative where the end comes first."""
        if end_us < start_us:
            return -self.elapsed_us(end_us, start_us)
        return sum(end - start for start, end in self._spans(start_us, end_us))

    def _spans(self, start_us: int, end_us: int) -> Iterator[Span]:
        for day in range(start_us // DAY_US, -(-end_us // DAY_US)):
            for start, end in self._hours.openings(day, self._zone):
                if max(start, start_us) < min(end, end_us):
                    yield max(start, start_us), min(end, end_us)
