"""Zones, local dates and times, calendar months."""

from bisect import bisect_left
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from nurturekit.errors import CallError, RecordError, did_you_mean
from nurturekit.instants import MICROSECOND, date_us, from_us

MIDNIGHT = time(0)
ONE_DAY = timedelta(days=1)

# A longer text names no zone; it isn't compared with the known ones.
_LONGEST_ZONE = 64
# What zoneinfo lists on some machines though it names no place.
_NO_PLACE = frozenset({"Factory", "localtime", "posixrules"})


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones()) - _NO_PLACE


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    return ZoneInfo(name) if name in _zone_names() else None


def zone_named(name: object, *, field: str) -> ZoneInfo:
    """Return the time zone of an IANA name; paths, offsets and empty texts name none.

    Args:
        name: What a caller gave as a zone: `Europe/Berlin`.
        field: Its field, for the error.

    Raises:
        RecordError: `unknown-zone`, with the nearest known name.

    >>> zone_named("Europe/Berlin", field="Lead.zone").key
    'Europe/Berlin'
    """
    zone = _zone(name) if isinstance(name, str) else None
    if zone is not None:
        return zone
    is_word = isinstance(name, str) and len(name) <= _LONGEST_ZONE
    hint = did_you_mean(str(name), sorted(_zone_names())) if is_word else ""
    raise RecordError(
        "unknown-zone",
        field=field,
        problem=f"must be an IANA time zone such as `Europe/Berlin`{hint}",
    )


def local_date(us: int, zone: ZoneInfo) -> date:
    """Return the date that an instant has in a zone."""
    return from_us(us).astimezone(zone).date()


def at_local(day: date, at: time, zone: ZoneInfo, *, bound: Literal["start", "end"]) -> int:
    """Return the epoch microseconds of a bound given in local time.

    Args:
        day: The local date.
        at: The local time of day.
        zone: The zone.
        bound: In a fold a `start` reads late and an `end` early.
    """
    # PEP 495: of the two offsets of a local time, fold=0 is the one before the change.
    wall = datetime.combine(day, at, tzinfo=zone)
    before = _offset_us(wall.replace(fold=0))
    after = _offset_us(wall.replace(fold=1))
    wall_us = date_us(day) + (wall.replace(tzinfo=None) - datetime.combine(day, MIDNIGHT)) // (
        MICROSECOND
    )
    if before >= after:
        return wall_us - (after if bound == "start" else before)
    # A gap: the first instant whose local time isn't earlier than the bound.
    instants = range(wall_us - after, wall_us - before)
    found = bisect_left(instants, wall_us, key=lambda us: _wall_us(us, zone))
    return instants.start + found


def _offset_us(local: datetime) -> int:
    return (local.utcoffset() or timedelta()) // MICROSECOND


def _wall_us(us: int, zone: ZoneInfo) -> int:
    return us + _offset_us(from_us(us).astimezone(zone))


def add_months(day: date, months: int) -> date:
    """Return a date so many calendar months later: the same day of the month, or its last.

    Count from one anchor, never from the last result: a month after 31 January is 28 February,
    two months after it 31 March.

    Raises:
        CallError: `out-of-range` when no calendar has such a date.

    >>> add_months(date(2026, 1, 31), 1), add_months(date(2026, 1, 31), 2)
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 31))
    """
    from dateutil.relativedelta import relativedelta

    try:
        later: date = day + relativedelta(months=months)
    except (ValueError, OverflowError) as error:
        raise CallError(
            "out-of-range", argument="months", problem="leads outside the calendar"
        ) from error
    return later
