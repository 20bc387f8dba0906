"""Instants and days: aware UTC datetimes beside an integer of epoch microseconds.

CLOSED. Nothing here reads a clock. Local time lives in `calendars` only.
"""

import re
from datetime import UTC, date, datetime, timedelta

from nurturekit.errors import RecordError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
END = datetime(2200, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY_US = 86_400_000_000
HOUR_US = 3_600_000_000
MINUTE_US = 60_000_000
_SECOND_US = 1_000_000
END_US = (END - EPOCH) // MICROSECOND
LAST_DAY = END_US // DAY_US

# RFC 3339 section 5.6, strictly: no week dates, no missing offset, `T` or one space.
_RFC_3339 = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)


def to_us(value: object, *, field: str) -> int:
    """Return the epoch microseconds of an aware datetime.

    Args:
        value: What a caller gave as an instant.
        field: Its name, for the error.

    Raises:
        RecordError: `not-a-datetime`, `naive-datetime`, or `out-of-range` outside 1970 to 2200.
    """
    if not isinstance(value, datetime):
        raise RecordError(
            "not-a-datetime", field=field, problem=f"must be a datetime, not {type(value).__name__}"
        )
    if value.tzinfo is not UTC and value.utcoffset() is None:
        raise RecordError(
            "naive-datetime",
            field=field,
            problem="has no time zone: give an aware datetime, such as datetime(..., tzinfo=UTC)",
        )
    since = value - EPOCH
    us = since.days * DAY_US + since.seconds * _SECOND_US + since.microseconds
    if not 0 <= us < END_US:
        raise RecordError("out-of-range", field=field, problem="must lie in 1970 to 2199")
    return us


def from_us(us: int) -> datetime:
    """Return the aware UTC datetime of epoch microseconds."""
    return EPOCH + timedelta(microseconds=us)


def parse_instant(text: str, *, field: str) -> datetime:
    """Read an RFC 3339 instant, strictly.

    Raises:
        RecordError: `bad-instant`, saying what form is expected.

    >>> parse_instant("2026-11-01T00:00:00Z", field="as_of")
    datetime.datetime(2026, 11, 1, 0, 0, tzinfo=datetime.timezone.utc)
    """
    match = _RFC_3339.fullmatch(text)
    if match is None:
        raise RecordError(
            "bad-instant",
            field=field,
            problem="must be an RFC 3339 instant such as `2026-11-01T09:30:00Z`",
        )
    day, clock, offset = match.groups()
    try:
        instant = datetime.fromisoformat(f"{day}T{clock}{offset.upper()}").astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise RecordError("bad-instant", field=field, problem="names no real instant") from error
    to_us(instant, field=field)
    return instant


def format_us(us: int) -> str:
    """Return the RFC 3339 form in UTC, with microseconds only where there are any."""
    return from_us(us).isoformat().replace("+00:00", "Z")


def date_us(day: date) -> int:
    """Return the epoch microseconds at which a UTC date starts."""
    return (day.toordinal() - EPOCH.toordinal()) * DAY_US


def day_of(us: int, day_offset_us: int = 0) -> int:
    """Return the integer day of an instant: floor((us + offset) / 86 400 000 000)."""
    return (us + day_offset_us) // DAY_US
