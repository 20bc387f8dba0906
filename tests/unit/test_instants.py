"""Instants: what is one, what isn't, and days of integers."""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest

from nurturekit.errors import RecordError
from nurturekit.instants import (
    DAY_US,
    END_US,
    date_us,
    day_of,
    format_us,
    from_us,
    parse_instant,
    to_us,
)

LAST = datetime(2199, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)


class _Lost(tzinfo):
    """A zone that knows no offset: its datetimes are naive all the same."""

    def utcoffset(self, _):
        return None


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2026-01-05", "not-a-datetime"),
        (date(2026, 1, 5), "not-a-datetime"),
        (1_767_600_000, "not-a-datetime"),
        (None, "not-a-datetime"),
        (datetime(2026, 1, 5), "naive-datetime"),
        (datetime(2026, 1, 5, tzinfo=_Lost()), "naive-datetime"),
        (datetime(1, 1, 1, tzinfo=UTC), "out-of-range"),
        (datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), "out-of-range"),
        (datetime(2200, 1, 1, tzinfo=UTC), "out-of-range"),
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), "out-of-range"),
    ],
)
def test_what_is_no_instant_is_refused(value, code):
    """Naive, out of 1970 to 2199, or no datetime at all: each has its code and names the field."""
    with pytest.raises(RecordError) as caught:
        to_us(value, field="as_of")
    assert (caught.value.code, caught.value.field) == (code, "as_of")


@pytest.mark.parametrize(
    "value",
    [
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=12))),
    ],
)
def test_the_ends_of_the_calendar_are_refused_not_overflown(value):
    """An instant that lies outside the calendar in UTC is out of range, not an overflow."""
    with pytest.raises(RecordError) as caught:
        to_us(value, field="as_of")
    assert caught.value.code == "out-of-range"


def test_the_range_is_half_open():
    """The first microsecond of 1970 and the last of 2199 are instants."""
    assert to_us(datetime(1970, 1, 1, tzinfo=UTC), field="f") == 0
    assert to_us(LAST, field="f") == END_US - 1


def test_microseconds_are_exact_in_every_zone():
    """The same instant in any zone is the same integer, down to the microsecond, and back."""
    berlin = datetime(2026, 7, 1, 12, 0, 0, 7, tzinfo=ZoneInfo("Europe/Berlin"))
    utc = datetime(2026, 7, 1, 10, 0, 0, 7, tzinfo=UTC)
    assert to_us(berlin, field="f") == to_us(utc, field="f")
    assert from_us(to_us(utc, field="f")) == utc
    assert from_us(to_us(LAST, field="f")) == LAST


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-01T09:30:00Z", datetime(2026, 11, 1, 9, 30, tzinfo=UTC)),
        ("2026-11-01 09:30:00z", datetime(2026, 11, 1, 9, 30, tzinfo=UTC)),
        ("2026-11-01T09:30:00.5+02:00", datetime(2026, 11, 1, 7, 30, 0, 500_000, tzinfo=UTC)),
    ],
)
def test_rfc_3339_is_read(text, instant):
    """`T` or a space, any offset and up to six decimals are read into UTC."""
    assert parse_instant(text, field="as_of") == instant
    assert parse_instant(text, field="as_of").tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-11-01T09:30:00", "bad-instant"),
        ("2026-11-01", "bad-instant"),
        ("2026-W44-7T09:30:00Z", "bad-instant"),
        ("2026-11-01T09:30Z", "bad-instant"),
        ("٢٠٢٦-11-01T09:30:00Z", "bad-instant"),
        ("2026-02-30T09:30:00Z", "bad-instant"),
        ("2026-11-01T09:30:60Z", "bad-instant"),
        ("0001-01-01T00:00:00+14:00", "bad-instant"),
        ("9999-12-31T23:00:00-12:00", "bad-instant"),
        ("2200-01-01T00:00:00Z", "out-of-range"),
    ],
)
def test_rfc_3339_is_strict(text, code):
    """No offset, no seconds, week dates, other digits, impossible days: refused with the field."""
    with pytest.raises(RecordError) as caught:
        parse_instant(text, field="as_of")
    assert (caught.value.code, caught.value.field) == (code, "as_of")


def test_instants_are_written_in_utc():
    """Whole seconds have no decimals; others have six."""
    assert format_us(to_us(datetime(2026, 1, 5, tzinfo=UTC), field="f")) == "2026-01-05T00:00:00Z"
    assert format_us(1) == "1970-01-01T00:00:00.000001Z"


def test_days_are_floors():
    """A day holds its first microsecond and not the next day's; the offset moves its start."""
    assert [day_of(us) for us in (0, DAY_US - 1, DAY_US)] == [0, 0, 1]
    assert day_of(DAY_US - 1, day_offset_us=1) == 1
    assert day_of(0, day_offset_us=-1) == -1
    assert date_us(date(1970, 1, 3)) == 2 * DAY_US
