"""What holds of local time whatever the zone, the windows and the day.

The oracle reads the local clock by `zoneinfo` alone and knows nothing of bounds, gaps or folds.
"""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import attrs
from hypothesis import assume, event, example, given, settings
from hypothesis import strategies as st

from nurturekit.calendars import (
    BusinessHours,
    ContactHours,
    Window,
    add_months,
    at_local,
    local_date,
    zone_named,
)
from nurturekit.errors import RecordError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
US = timedelta(microseconds=1)
MINUTE, HOUR, DAY = 60_000_000, 3_600_000_000, 86_400_000_000
ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Asia/Kathmandu",  # 5 hours 45 minutes, no summer time
    "Pacific/Apia",  # skipped a day in 2011
    "America/St_Johns",  # midnight came twice until 2011
)
# Few examples meet a bound, a holiday and a change of clocks at once.
MORE = settings(max_examples=max(400, settings().max_examples))
FIRST, LAST = datetime(2009, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)


def _us(instant):
    return (instant - EPOCH) // US


def _clock(us, zone):
    """Return the local date and the microseconds since midnight that a clock shows."""
    local = (EPOCH + timedelta(microseconds=us)).astimezone(ZoneInfo(zone))
    shown = local.replace(tzinfo=None)
    return local.date(), (shown - datetime.combine(shown.date(), time())) // US


def _offset(us, zone):
    return (EPOCH + timedelta(microseconds=us)).astimezone(ZoneInfo(zone)).utcoffset()


@cache
def _changes(zone):
    """Return the instants at which a zone's clocks changed in twenty years."""
    found = []
    for day in range(_us(FIRST), _us(LAST), DAY):
        low, high = day, day + DAY
        if _offset(low, zone) != _offset(high, zone):
            while high - low > 1:
                middle = (low + high) // 2
                if _offset(middle, zone) == _offset(low, zone):
                    low = middle
                else:
                    high = middle
            found.append(high)
    return tuple(found)


@cache
def _days_of_change(zone):
    shown = {_clock(us + step, zone)[0] for us in _changes(zone) for step in (-1, 0)}
    return frozenset(shown | {day + timedelta(days=1) for day in shown})


@st.composite
def _days(draw, zone):
    """Draw a local date and a minute of it: half of the time where clocks change."""
    if _changes(zone) and draw(st.booleans()):
        day, shown = _clock(draw(st.sampled_from(_changes(zone))) - 1, zone)
        return day, shown // MINUTE
    return draw(st.dates(FIRST.date(), LAST.date())), draw(st.integers(0, 24 * 60 - 1))


@st.composite
def _windows(draw, day=None, minute=0):
    """Draw a window, most often on a day and with bounds near a minute of it."""
    days = draw(st.frozensets(st.integers(0, 6), min_size=1))
    near = st.integers(minute - 90, minute + 90).map(lambda one: one % (24 * 60))
    minutes = st.integers(0, 24 * 60 - 1) if day is None else near | near | st.integers(0, 1439)
    start, end = draw(minutes), draw(minutes)
    return Window(
        days=days if day is None or draw(st.booleans()) else days | {day.weekday()},
        start=time(*divmod(start, 60)),
        end=time(*divmod(end, 60)),
        overnight=end <= start,
    )


@st.composite
def _cases(draw):
    """Draw a zone, an instant, windows and holidays near it: bounds, and clocks that change."""
    zone = draw(st.sampled_from(ZONES))
    day, minute = draw(_days(zone))
    windows = draw(st.lists(_windows(day, minute), min_size=1, max_size=3))
    window = draw(st.sampled_from(windows))
    at = draw(st.sampled_from([window.start, window.end, time(*divmod(minute, 60)), time()]))
    near = st.integers(-1, 1).map(lambda days: day + timedelta(days=days))
    shown = datetime.combine(draw(near), at, tzinfo=ZoneInfo(zone))
    us = _us(shown.replace(fold=draw(st.integers(0, 1))))
    us += draw(st.sampled_from([0, 0, -1, 1]) | st.integers(-90, 90).map(lambda one: one * MINUTE))
    return zone, us, windows, draw(st.lists(near, unique=True, max_size=1))


def _stretches(days):
    """Draw microseconds up to so many days; drawn from so wide a range alone most are tiny."""
    return st.integers(0, days * 24).map(lambda hours: hours * HOUR) | st.integers(0, days * DAY)


def _time_us(at):
    return (at.hour * 60 + at.minute) * MINUTE


def _shows_open(us, zone, windows, holidays):
    """Say by the local clock alone whether a window is on."""
    day, shown = _clock(us, zone)
    before = day - timedelta(days=1)
    if day in holidays:
        return False
    for window in windows:
        start, end = _time_us(window.start), _time_us(window.end)
        if window.overnight:
            began = before.weekday() in window.days and before not in holidays
            if (day.weekday() in window.days and start <= shown) or (began and shown < end):
                return True
        elif day.weekday() in window.days and start <= shown < end:
            return True
    return False


def _bounds(us, zone, windows):
    """Return the windows' bounds on the days around, read both ways, and what is just before."""
    days = [_clock(us + step * DAY, zone)[0] for step in (-1, 0, 1)]
    times = {at for one in windows for at in (one.start, one.end)}
    shown = [datetime.combine(day, at) for day in days for at in times]
    folds = [one.replace(tzinfo=ZoneInfo(zone), fold=fold) for one in shown for fold in (0, 1)]
    return [_us(one) - step for one in folds for step in (0, 1)]


def test_open_only_when_the_local_clock_says_so():
    """No instant is open at which the recipient's clock shows a time outside every window.

    On days without a change of clocks the converse holds too. At least one example in twenty lies
    on a day on which the clocks change.
    """
    seen = Counter()

    @MORE
    @given(_cases())
    @example(("Pacific/Apia", _us(datetime(2011, 12, 30, 12, tzinfo=UTC)), [_fridays()], []))
    def law(case):
        zone, us, windows, holidays = case
        hours = ContactHours(windows=windows, holidays=holidays)
        changes = _clock(us, zone)[0] in _days_of_change(zone)
        event(f"clocks change: {changes}, open: {hours.is_open(us, ZoneInfo(zone))}")
        seen.update(["all", *(["change"] if changes else [])])
        for at in (us, *_bounds(us, zone, windows)):
            is_open = hours.is_open(at, ZoneInfo(zone))
            shows = _shows_open(at, zone, windows, holidays)
            assert shows or not is_open
            assert is_open or _clock(at, zone)[0] in _days_of_change(zone) or not shows

    law()
    assert seen["change"] * 20 >= seen["all"]


def _fridays():
    return Window.parse("fri 00:00-24:00")


@MORE
@given(_cases())
def test_next_open_is_the_first(case):
    """The next open instant is open, isn't past, and none before it is open."""
    zone, us, windows, holidays = case
    hours = ContactHours(windows=windows, holidays=holidays)
    found = hours.next_open(us, ZoneInfo(zone), limit_days=30)
    assume(found is not None)
    assert found >= us
    assert hours.is_open(found, ZoneInfo(zone))
    assert (found == us) == hours.is_open(us, ZoneInfo(zone))
    assert found == us or not hours.is_open(found - 1, ZoneInfo(zone))
    steps = range(us, found, max((found - us) // 200, 1))
    assert not any(hours.is_open(step, ZoneInfo(zone)) for step in steps)


@given(_cases(), st.integers(0, 5))
def test_spans_are_apart_and_in_order(case, shift):
    """The open spans of a day lie within it, aren't empty, don't overlap and come in order."""
    zone, us, windows, holidays = case
    day = us // DAY + shift
    bounds = [day * DAY]
    for start, end in ContactHours(windows=windows, holidays=holidays).openings(
        day, ZoneInfo(zone)
    ):
        assert bounds[-1] <= start < end
        bounds += [start, end]
    assert bounds[-1] <= (day + 1) * DAY


@MORE
@given(_cases())
def test_bounds_enclose_what_both_readings_say(case):
    """A start is never before an end of the same local time; on plain days they are one instant."""
    zone, us, (window, *_), _ = case
    day, at = _clock(us, zone)[0], window.start
    start = at_local(day, at, ZoneInfo(zone), bound="start")
    end = at_local(day, at, ZoneInfo(zone), bound="end")
    assert end <= start
    if day not in _days_of_change(zone):
        assert start == end
        assert _clock(start, zone) == (day, _time_us(at))
    for bound in (start, end):
        shown, us_of_day = _clock(bound, zone)
        # A bound shows its own time, or it lies in a gap and is the first instant after it.
        in_gap = bound in _changes(zone) and _offset(bound - 1, zone) < _offset(bound, zone)
        assert (shown, us_of_day) == (day, _time_us(at)) or in_gap


@given(_cases(), st.integers(0, 20 * 24), st.integers(0, 60 * 60))
def test_business_time_adds_up(case, hours_later, minutes):
    """A deadline is the first instant by which so much is worked, asked in parts or at once."""
    zone, us, windows, _ = case
    hours = BusinessHours(zone=zone, windows=windows)
    # What is worked by some instant ends most often with a window.
    first, second = hours.elapsed_us(us, us + hours_later * HOUR), minutes * MINUTE
    due = hours.add_us(us, first)
    assert us <= due <= us + hours_later * HOUR
    assert hours.elapsed_us(us, due) == first
    assert first == 0 or hours.elapsed_us(us, due - 1) == first - 1
    assert second == 0 or hours.add_us(due, second) == hours.add_us(us, first + second)


@given(_cases(), _stretches(20), _stretches(20))
def test_elapsed_time_is_a_measure(case, first, second):
    """Working time adds up over neighbouring stretches, and never exceeds the time that passed."""
    zone, us, windows, holidays = case
    hours = BusinessHours(zone=zone, windows=windows, holidays=holidays)
    middle, end = us + first, us + first + second
    parts = hours.elapsed_us(us, middle), hours.elapsed_us(middle, end)
    assert sum(parts) == hours.elapsed_us(us, end) == -hours.elapsed_us(end, us)
    assert 0 <= parts[0] <= first


@MORE
@given(_cases(), st.just(0) | _stretches(10))
def test_a_holiday_only_closes(case, later):
    """One more holiday opens nothing, and no next opening comes earlier by it."""
    zone, us, windows, holidays = case
    plain, fewer = ContactHours(windows=windows), ContactHours(windows=windows, holidays=holidays)
    at = us + later
    assert plain.is_open(at, ZoneInfo(zone)) or not fewer.is_open(at, ZoneInfo(zone))
    found = fewer.next_open(at, ZoneInfo(zone))
    assert found is None or plain.next_open(at, ZoneInfo(zone)) <= found
    day = local_date(at, ZoneInfo(zone))
    assert day not in holidays or not fewer.is_open(at, ZoneInfo(zone))


@given(_windows())
def test_text_reads_back(window):
    """A window's text reads back as the same window."""
    assert Window.parse(window.text) == window
    assert Window.parse(window.text.upper()) == window


@given(st.dates(date(1970, 1, 1), date(2199, 12, 31)), st.integers(-240, 240))
def test_months_keep_the_day_or_the_last_of_the_month(day, months):
    """So many months later it is the same day of the month, or the last day of a shorter one."""
    found = add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    shortened = found.day < day.day and (found + timedelta(days=1)).day == 1
    assert found.day == day.day or shortened


@given(st.text() | st.sampled_from(ZONES).map(str.lower) | st.sampled_from(ZONES))
def test_only_known_names_are_zones(name):
    """Any text is a zone's exact name, or is refused."""
    zone = refusal = None
    try:
        zone = zone_named(name, field="zone")
    except RecordError as error:
        refusal = error.code
    assert (zone is not None and zone.key == name) or refusal == "unknown-zone"
    assert (name in ZONES) <= (refusal is None)


@given(_cases())
def test_what_was_asked_before_changes_no_answer(case):
    """Hours that have been asked a thousand things answer as new ones do."""
    zone, us, windows, holidays = case
    used = ContactHours(windows=windows, holidays=holidays)
    for other in ZONES:
        used.next_open(us, ZoneInfo(other), limit_days=9)
    fresh = attrs.evolve(used)
    for step in range(-2, 3):
        at = us + step * 7 * HOUR
        assert used.is_open(at, ZoneInfo(zone)) == fresh.is_open(at, ZoneInfo(zone))
