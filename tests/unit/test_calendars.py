"""Zones, windows, contact hours, business time and months."""

import pickle
from datetime import UTC, date, datetime, time

import attrs
import pytest

from nurturekit.calendars import (
    BusinessHours,
    Cadence,
    ContactHours,
    Window,
    add_months,
    at_local,
    hours,
    local_date,
    zone_named,
)
from nurturekit.errors import CallError, RecordError
from nurturekit.instants import DAY_US, END_US, HOUR_US, MINUTE_US, format_us, to_us

NEW_YORK = zone_named("America/New_York", field="zone")
BERLIN = zone_named("Europe/Berlin", field="zone")
APIA = zone_named("Pacific/Apia", field="zone")
LORD_HOWE = zone_named("Australia/Lord_Howe", field="zone")
ST_JOHNS = zone_named("America/St_Johns", field="zone")
WORKDAYS = "mon-fri 09:00-17:00"
ALWAYS = "mon-sun 00:00-24:00"


def _utc(*parts):
    return to_us(datetime(*parts, tzinfo=UTC), field="test")


def _code_of(call, *args, **kwargs):
    with pytest.raises((RecordError, CallError)) as caught:
        call(*args, **kwargs)
    return caught.value.code


class TestZones:
    def test_is_the_named_zone(self):
        """A name gives its zone, the same object each time."""
        assert zone_named("Asia/Kathmandu", field="zone").key == "Asia/Kathmandu"
        assert zone_named("Europe/Berlin", field="other") is BERLIN

    @pytest.mark.parametrize(
        "name",
        [
            "",
            " ",
            "Europe",
            "/etc/localtime",
            "/usr/share/zoneinfo/Europe/Berlin",
            "../Europe/Berlin",
            "Europe/../Europe/Berlin",
            "europe/berlin",
            "localtime",
            "Factory",
            "posixrules",
            "+01:00",
            "Europe/Berlin\0",
            "x" * 100_000,
            None,
            1,
            b"Europe/Berlin",
            BERLIN,
        ],
    )
    def test_only_names_of_zones(self, name):
        """Paths, offsets, empty texts and what isn't text name no zone."""
        assert _code_of(zone_named, name, field="Lead.zone") == "unknown-zone"

    def test_hints_at_the_nearest(self):
        """A misspelt name is answered with the nearest known one, and with its field."""
        with pytest.raises(RecordError) as caught:
            zone_named("Europe/Berln", field="Lead.zone")
        assert "did you mean `Europe/Berlin`?" in str(caught.value)
        assert caught.value.field == "Lead.zone"


class TestLocalTime:
    def test_bound_on_a_plain_day(self):
        """On a plain day both bounds are the one instant that the local time names."""
        for bound in ("start", "end"):
            found = at_local(date(2026, 1, 5), time(9), NEW_YORK, bound=bound)
            assert format_us(found) == "2026-01-05T14:00:00Z"

    @pytest.mark.parametrize("at", [time(2), time(2, 30), time(2, 59, 59, 999_999)])
    @pytest.mark.parametrize("bound", ["start", "end"])
    def test_bound_in_a_gap(self, at, bound):
        """A bound that the clocks skip is the first instant after the gap."""
        found = at_local(date(2026, 3, 8), at, NEW_YORK, bound=bound)
        assert format_us(found) == "2026-03-08T07:00:00Z"

    def test_bound_at_the_end_of_a_gap(self):
        """The first local time after a gap is no bound in it."""
        found = at_local(date(2026, 3, 8), time(3), NEW_YORK, bound="start")
        assert format_us(found) == "2026-03-08T07:00:00Z"

    def test_bound_in_a_fold(self):
        """In a fold a start reads late, an end early."""
        day, at = date(2026, 11, 1), time(1, 30)
        assert format_us(at_local(day, at, NEW_YORK, bound="end")) == "2026-11-01T05:30:00Z"
        assert format_us(at_local(day, at, NEW_YORK, bound="start")) == "2026-11-01T06:30:00Z"

    def test_half_an_hour_of_summer_time(self):
        """A gap and a fold of half an hour keep to the same rules."""
        gap = at_local(date(2026, 10, 4), time(2, 15), LORD_HOWE, bound="start")
        assert format_us(gap) == "2026-10-03T15:30:00Z"
        day, at = date(2026, 4, 5), time(1, 45)
        fold = [at_local(day, at, LORD_HOWE, bound=bound) for bound in ("end", "start")]
        assert fold[1] - fold[0] == 30 * MINUTE_US

    def test_a_day_that_never_was(self):
        """Every bound on a day that a zone skipped is the first instant after it."""
        found = {
            at_local(date(2011, 12, 30), time(hour), APIA, bound=bound)
            for hour in range(24)
            for bound in ("start", "end")
        }
        assert {format_us(us) for us in found} == {"2011-12-30T10:00:00Z"}

    def test_local_date(self):
        """A date is the recipient's own."""
        assert local_date(_utc(2026, 1, 5, 3), NEW_YORK) == date(2026, 1, 4)
        assert local_date(_utc(2026, 1, 5, 23), BERLIN) == date(2026, 1, 6)


class TestMonths:
    def test_counts_from_the_anchor(self):
        """Months are counted from the anchor: a short one doesn't shorten the next."""
        anchor = date(2024, 1, 31)
        ends = [date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30)]
        assert [add_months(anchor, months) for months in (1, 2, 3)] == ends
        assert add_months(anchor, -2) == date(2023, 11, 30)

    @pytest.mark.parametrize("months", [12 * 9000, -12 * 3000, 10**12])
    def test_stays_in_the_calendar(self, months):
        """A date that no calendar has is the caller's error."""
        assert _code_of(add_months, date(2026, 1, 1), months) == "out-of-range"


class TestWindow:
    @pytest.mark.parametrize(
        ("text", "canonical"),
        [
            (WORKDAYS, WORKDAYS),
            ("  MON  09:00-17:00 ", "mon 09:00-17:00"),
            ("mon,wed,fri 08:30-12:00", "mon,wed,fri 08:30-12:00"),
            ("mon,tue,wed 08:30-12:00", "mon-wed 08:30-12:00"),
            ("sat,mon-tue 08:30-12:00", "mon-tue,sat 08:30-12:00"),
            ("fri-mon 08:30-12:00", "mon,fri-sun 08:30-12:00"),
            ("sun-mon 08:30-24:00", "mon,sun 08:30-24:00"),
            ("fri-sat 22:00-06:00 overnight", "fri-sat 22:00-06:00 overnight"),
            (ALWAYS, ALWAYS),
            ("mon 09:00-00:00 overnight", "mon 09:00-24:00"),
        ],
    )
    def test_text(self, text, canonical):
        """A window's text is read strictly, and written so that it reads back as the same."""
        window = Window.parse(text)
        assert window.text == canonical
        assert Window.parse(canonical) == window

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "bad-window"),
            ("09:00-17:00", "bad-window"),
            ("mon-fri 9-17", "bad-window"),
            ("mon-fri 09:00-17:60", "bad-window"),
            ("mon-fri 09:00-17:00:30", "bad-window"),
            ("mon-fri 25:00-26:00", "bad-window"),
            ("mon-fri 24:00-25:00", "bad-window"),
            ("mon-fri 09:00-24:01", "bad-window"),
            ("mon-fri 17:00-09:00", "bad-window"),
            ("mon-fri 09:00-09:00", "bad-window"),
            ("mon-fri 09:00-17:00 overnight", "bad-window"),
            ("mon-fri 09:00-17:00 tomorrow", "bad-window"),
            ("mon-fri \u0660\u0669:00-17:00", "bad-window"),
            ("mon-fry 09:00-17:00", "bad-weekday"),
            ("monday 09:00-17:00", "bad-weekday"),
            ("mon, 09:00-17:00", "bad-weekday"),
            ("-mon 09:00-17:00", "bad-weekday"),
            ("mon-tue-wed 09:00-17:00", "bad-weekday"),
            (None, "bad-window"),
            (9, "bad-window"),
        ],
    )
    def test_text_that_is_none(self, text, code):
        """A text that names no window is refused, with a stable code."""
        assert _code_of(Window.parse, text) == code

    def test_names_its_field_and_the_nearest_day(self):
        """The error of a text names the caller's field, and the day that was meant."""
        with pytest.raises(RecordError) as caught:
            Window.parse("mon-fry 09:00-17:00", field="guards.hours.phone")
        assert caught.value.field == "guards.hours.phone"
        assert "did you mean `fri`?" in str(caught.value)

    @pytest.mark.parametrize("days", [[7], [-1], [True], ["mon"], [0.0]])
    def test_weekdays_are_0_to_6(self, days):
        """A weekday is a whole number from 0, Monday, to 6, Sunday."""
        assert _code_of(Window, days=days, start=time(9), end=time(17)) == "bad-weekday"

    def test_names_a_weekday(self):
        """A window without a weekday would never open."""
        assert _code_of(Window, days=[], start=time(9), end=time(17)) == "never-open"

    @pytest.mark.parametrize(
        "at", [time(9, 0, 1), time(9, 0, 0, 1), time(9, tzinfo=UTC), "09:00", 9, None]
    )
    def test_bounds_are_local_minutes(self, at):
        """A bound is a local time in whole minutes, without a zone of its own."""
        assert _code_of(Window, days=[0], start=at, end=time(17)) == "bad-window"
        assert _code_of(Window, days=[0], start=time(1), end=at) == "bad-window"

    def test_overnight_is_said(self):
        """A window that ends the next day says so, and is a day long at most."""
        overnight = Window(days=[0], start=time(22), end=time(6), overnight=True)
        start, end = overnight.span(date(2026, 1, 5), BERLIN)
        assert end - start == 8 * HOUR_US
        assert _code_of(Window, days=[0], start=time(22), end=time(6)) == "bad-window"
        longer = {"days": [0], "start": time(6), "end": time(22), "overnight": True}
        assert _code_of(Window, **longer) == "bad-window"
        assert _code_of(Window, **(longer | {"overnight": 1})) == "bad-window"


def _opened(text, zone, day, **kwargs):
    """Return the open spans of one UTC day as texts."""
    found = ContactHours(windows=text, **kwargs).openings(_utc(*day) // DAY_US, zone)
    texts = [f"{format_us(start)[5:16]} {format_us(end)[5:16]}" for start, end in found]
    return [text.replace("T", " ") for text in texts]


class TestContactHours:
    def test_half_open(self):
        """It is open at the start and closed at the end."""
        contact = ContactHours(windows=WORKDAYS)
        start, end = _utc(2026, 1, 5, 8), _utc(2026, 1, 5, 16)
        assert not contact.is_open(start - 1, BERLIN)
        assert contact.is_open(start, BERLIN)
        assert contact.is_open(end - 1, BERLIN)
        assert not contact.is_open(end, BERLIN)

    def test_last_open(self):
        """The last open instant up to one is itself, or just before the end of a window."""
        contact = ContactHours(windows="mon-fri 09:00-17:00")
        monday = _utc(2026, 1, 12, 7)
        end = _utc(2026, 1, 9, 16)
        assert contact.last_open(end - 1, BERLIN) == end - 1
        assert contact.last_open(end, BERLIN) == end - 1
        assert contact.last_open(monday, BERLIN) == end - 1
        assert contact.last_open(monday, BERLIN, limit_days=3) == end - 1
        assert contact.last_open(monday, BERLIN, limit_days=2) is None

    def test_next_open(self):
        """The next open instant is now, the next start, or none within the limit."""
        contact = ContactHours(windows=[Window.parse(WORKDAYS)])
        assert contact.next_open(_utc(2026, 1, 5, 12), BERLIN) == _utc(2026, 1, 5, 12)
        friday = _utc(2026, 1, 9, 16)
        assert contact.next_open(friday, BERLIN) == _utc(2026, 1, 12, 8)
        assert contact.next_open(friday, BERLIN, limit_days=3) == _utc(2026, 1, 12, 8)
        assert contact.next_open(friday, BERLIN, limit_days=2) is None

    def test_weekday_is_the_recipients(self):
        """Monday in Kathmandu opens while it is Sunday in UTC."""
        kathmandu = zone_named("Asia/Kathmandu", field="zone")
        assert _opened("mon 05:00-07:00", kathmandu, (2026, 1, 4)) == ["01-04 23:15 01-05 00:00"]
        assert _opened("mon 05:00-07:00", kathmandu, (2026, 1, 5)) == ["01-05 00:00 01-05 01:15"]

    def test_windows_that_overlap(self):
        """Windows that overlap open once; one within another adds nothing."""
        windows = ["mon 09:00-12:00", "mon 11:00-14:00", "mon 11:30-12:30", "mon 15:00-16:00"]
        assert _opened(windows, zone_named("UTC", field="zone"), (2026, 1, 5)) == [
            "01-05 09:00 01-05 12:00",
            "01-05 12:00 01-05 14:00",
            "01-05 15:00 01-05 16:00",
        ]

    def test_empty_in_a_fold(self):
        """A window within a fold may be empty: its start reads late, its end early."""
        assert _opened("sun 01:15-01:45", NEW_YORK, (2026, 11, 1)) == []
        assert _opened("sun 00:30-01:30", NEW_YORK, (2026, 11, 1)) == ["11-01 04:30 11-01 05:30"]
        assert _opened("sun 01:30-03:00", NEW_YORK, (2026, 11, 1)) == ["11-01 06:30 11-01 08:00"]

    def test_empty_in_a_gap(self):
        """A window within a gap is empty; one that starts in it opens after it."""
        assert _opened("sun 02:00-02:59", NEW_YORK, (2026, 3, 8)) == []
        assert _opened("sun 02:30-04:00", NEW_YORK, (2026, 3, 8)) == ["03-08 07:00 03-08 08:00"]
        assert _opened("sun 01:00-02:30", NEW_YORK, (2026, 3, 8)) == ["03-08 06:00 03-08 07:00"]

    def test_a_day_that_never_was(self):
        """The Friday that Samoa skipped opens nothing, whatever UTC days it would lie on."""
        assert _opened("fri 00:00-24:00", APIA, (2011, 12, 29)) == []
        assert _opened("fri 00:00-24:00", APIA, (2011, 12, 30)) == []
        assert _opened("fri 00:00-24:00", APIA, (2011, 12, 31)) == []

    def test_midnight_twice(self):
        """Where midnight comes twice, the old day ends at the first, the new one starts late."""
        day = (2010, 11, 7)
        assert _opened("sun 00:00-04:00", ST_JOHNS, day) == ["11-07 03:30 11-07 07:30"]
        assert _opened("sat 20:00-24:00", ST_JOHNS, day) == ["11-07 00:00 11-07 02:30"]

    def test_overnight(self):
        """An overnight window belongs to the day on which it starts."""
        windows = "mon 22:00-06:00 overnight"
        contact = ContactHours(windows=windows)
        assert contact.is_open(_utc(2026, 1, 6, 4, 59), BERLIN)
        assert not contact.is_open(_utc(2026, 1, 6, 5), BERLIN)
        assert not contact.is_open(_utc(2026, 1, 5, 4), BERLIN)
        assert not contact.is_open(_utc(2026, 1, 6, 22), BERLIN)

    def test_holidays(self):
        """A holiday closes its whole local date, and what would start on it."""
        nightly = "mon-sun 22:00-06:00 overnight"
        contact = ContactHours(windows=nightly, holidays=[date(2026, 1, 6)])
        eve, end_of_eve = _utc(2026, 1, 5, 21), _utc(2026, 1, 5, 23)
        assert contact.is_open(eve, BERLIN)
        assert contact.is_open(end_of_eve - 1, BERLIN)
        assert not contact.is_open(end_of_eve, BERLIN)
        assert contact.next_open(end_of_eve, BERLIN) == _utc(2026, 1, 7, 21)

    @pytest.mark.parametrize(
        ("holidays", "code"),
        [
            ([date(2026, 1, 1), date(2026, 1, 1)], "duplicate-holiday"),
            ([datetime(2026, 1, 1, tzinfo=UTC)], "not-a-date"),
            (["2026-01-01"], "not-a-date"),
        ],
    )
    def test_holidays_that_are_none(self, holidays, code):
        """A holiday is a date, named once."""
        assert _code_of(ContactHours, windows=WORKDAYS, holidays=holidays) == code

    @pytest.mark.parametrize(
        ("windows", "code"), [([], "never-open"), ([9], "bad-window"), ("never", "bad-window")]
    )
    def test_windows_that_are_none(self, windows, code):
        """There is at least one window, and each is one."""
        assert _code_of(ContactHours, windows=windows) == code

    def test_is_a_value(self):
        """What it has looked up is no part of it: equal, hashable, evolved, pickled."""
        used, fresh = (
            ContactHours(windows=Window.parse(WORKDAYS), holidays=[day, date(2026, 1, 1)])
            for day in [date(2026, 5, 1)] * 2
        )
        used.is_open(_utc(2026, 1, 5), BERLIN)
        assert used == fresh
        assert hash(used) == hash(fresh)
        assert used.holidays == (date(2026, 1, 1), date(2026, 5, 1))
        assert pickle.loads(pickle.dumps(used)) == fresh  # noqa: S301 - our own bytes
        assert attrs.evolve(used, holidays=()).holidays == ()

    def test_remembers_only_so_much(self, monkeypatch):
        """What it remembers of days is bounded, and forgetting changes no answer."""
        monkeypatch.setattr(hours, "_REMEMBERED_DAYS", 3)
        contact = ContactHours(windows=WORKDAYS)
        fresh = ContactHours(windows=WORKDAYS)
        for day in range(20_000, 20_010):
            assert contact.openings(day, BERLIN) == fresh.openings(day, BERLIN)
            assert len(contact._openings) <= 3


class TestBusinessHours:
    HOURS = BusinessHours(zone="UTC", windows=WORKDAYS)

    @pytest.mark.parametrize(
        ("start", "working_hours", "due"),
        [
            # Arrives on Saturday at 15:00, four working hours: Monday at 13:00.
            ((2026, 1, 3, 15), 4, (2026, 1, 5, 13)),
            ((2026, 1, 5, 9), 4, (2026, 1, 5, 13)),
            ((2026, 1, 5, 10), 7, (2026, 1, 5, 17)),
            ((2026, 1, 5, 10), 8, (2026, 1, 6, 10)),
            ((2026, 1, 9, 16), 2, (2026, 1, 12, 10)),
            ((2026, 1, 9, 17), 8, (2026, 1, 12, 17)),
            ((2026, 1, 3, 15), 0, (2026, 1, 3, 15)),
            ((2026, 1, 5, 8), 40, (2026, 1, 9, 17)),
        ],
    )
    def test_due(self, start, working_hours, due):
        """A deadline is the first instant by which so much working time has passed."""
        found = self.HOURS.add_us(_utc(*start), working_hours * HOUR_US)
        assert found == _utc(*due)
        assert self.HOURS.elapsed_us(_utc(*start), found) == working_hours * HOUR_US

    def test_two_windows_a_day(self):
        """Time runs on after a break."""
        split = BusinessHours(zone="UTC", windows=["mon-fri 09:00-12:00", "mon-fri 13:00-17:00"])
        assert split.add_us(_utc(2026, 1, 5, 11), 2 * HOUR_US) == _utc(2026, 1, 5, 14)
        assert split.add_us(_utc(2026, 1, 5, 13), 2 * HOUR_US) == _utc(2026, 1, 5, 15)

    def test_local_and_without_holidays(self):
        """Hours are those of the zone, and no time runs on a holiday."""
        berlin = BusinessHours(zone="Europe/Berlin", windows=WORKDAYS, holidays=[date(2026, 1, 6)])
        assert berlin.is_open(_utc(2026, 1, 5, 8))
        assert not berlin.is_open(_utc(2026, 1, 5, 7, 59))
        assert not berlin.is_open(_utc(2026, 1, 6, 12))
        assert berlin.add_us(_utc(2026, 1, 5, 15), 2 * HOUR_US) == _utc(2026, 1, 7, 9)

    def test_the_day_the_clocks_change(self):
        """Working time is time that passes: a night of 23 hours holds 23."""
        around = BusinessHours(zone="Europe/Berlin", windows=ALWAYS)
        start = _utc(2026, 3, 28, 23)
        assert around.add_us(start, 23 * HOUR_US) == _utc(2026, 3, 29, 22)
        assert local_date(_utc(2026, 3, 29, 22), BERLIN) == date(2026, 3, 30)

    def test_elapsed_backwards(self):
        """Working time between two instants is negative where the end comes first."""
        start, end = _utc(2026, 1, 5, 10), _utc(2026, 1, 6, 10)
        assert self.HOURS.elapsed_us(start, end) == 8 * HOUR_US
        assert self.HOURS.elapsed_us(end, start) == -8 * HOUR_US

    @pytest.mark.parametrize(
        ("start", "working_us"),
        [
            (0, -1),
            (HOUR_US, END_US),
            (END_US - HOUR_US, 2 * HOUR_US),
            (END_US - 5 * DAY_US, 80 * HOUR_US),
        ],
    )
    def test_deadlines_that_are_none(self, start, working_us):
        """A deadline is neither before its start nor after 2199."""
        assert _code_of(self.HOURS.add_us, start, working_us) == "out-of-range"

    def test_needs_a_zone(self):
        """Business time is in a named zone."""
        assert _code_of(BusinessHours, zone="Nowhere", windows=WORKDAYS) == "unknown-zone"


class TestBusinessDays:
    BERLIN = BusinessHours(
        zone="Europe/Berlin",
        windows=["mon-thu 09:00-17:00", "fri 22:00-02:00 overnight"],
        holidays=[date(2026, 1, 6)],
    )

    def test_which_they_are(self):
        """A business day is one on which work starts: no holiday, nor the morning after a night."""
        days = [date(2026, 1, day) for day in range(5, 12)]
        found = [self.BERLIN.is_business_day(day) for day in days]
        assert found == [True, False, True, True, True, False, False]

    @pytest.mark.parametrize(
        ("day", "count", "later"),
        [
            (5, 0, 5),
            (5, 1, 7),
            (5, 4, 12),
            # A holiday and a Saturday are none: the next one is the first.
            (6, 0, 7),
            (6, 1, 7),
            (10, 1, 12),
            (10, 2, 13),
        ],
    )
    def test_are_counted(self, day, count, later):
        """So many business days later, the first day itself not counted."""
        assert self.BERLIN.add_days(date(2026, 1, day), count) == date(2026, 1, later)

    def test_keep_the_local_time(self):
        """An instant keeps its time of day, though the clocks change in between."""
        friday = _utc(2026, 3, 27, 13, 0, 1)
        assert self.BERLIN.add_days_us(friday, 1) == _utc(2026, 3, 30, 12, 0, 1)
        assert self.BERLIN.add_days_us(friday, 0) == friday

    @pytest.mark.parametrize(("day", "count"), [(date(2026, 1, 5), -1), (date(2199, 12, 30), 3)])
    def test_that_are_none(self, day, count):
        """A count is neither negative nor does it lead past 2199."""
        assert _code_of(self.BERLIN.add_days, day, count) == "out-of-range"


class TestCadence:
    WEEKLY = Cadence(
        every="week", interval=2, on=["fri", "tue"], at=time(9, 30), start=date(2026, 1, 7)
    )

    def instants(self, cadence, us, zone=BERLIN, count=4):
        """Return the next instants as local texts."""
        found = []
        for _ in range(count):
            us = cadence.after(us, zone, horizon_us=END_US)
            local = datetime.fromtimestamp(us / 1_000_000, tz=UTC).astimezone(zone)
            found.append(f"{local:%m-%d %H:%M}")
        return found

    def test_weeks_are_counted_from_the_start(self):
        """Every other week from the week of the start on, on its days, none before the start."""
        expected = ["01-09 09:30", "01-20 09:30", "01-23 09:30", "02-03 09:30"]
        assert self.instants(self.WEEKLY, 0) == expected

    def test_later_than_an_instant(self):
        """The first one after an instant, which itself doesn't count."""
        at = _utc(2026, 1, 9, 8, 30)
        assert self.WEEKLY.after(at - 1, BERLIN, horizon_us=END_US) == at
        assert self.WEEKLY.after(at, BERLIN, horizon_us=END_US) == _utc(2026, 1, 20, 8, 30)

    def test_every_few_days(self):
        """Every third day, from years later too."""
        third = Cadence(every="day", interval=3, at=time(9), start=date(2020, 1, 1))
        assert self.instants(third, _utc(2026, 1, 1), count=2) == ["01-02 09:00", "01-05 09:00"]
        assert (date(2026, 1, 2) - third.start).days % 3 == 0

    def test_the_weekday_of_the_start(self):
        """A weekly one without days keeps the weekday on which it starts."""
        weekly = Cadence(every="week", at=time(9), start=date(2026, 1, 7))
        assert self.instants(weekly, 0, count=2) == ["01-07 09:00", "01-14 09:00"]

    def test_on_days_on_which_clocks_change(self):
        """An hour that is left out is the first instant after it; one that comes twice, once."""
        nightly = Cadence(every="day", at=time(2, 30), start=date(2026, 3, 29))
        assert self.instants(nightly, 0, count=2) == ["03-29 03:00", "03-30 02:30"]
        before = _utc(2026, 10, 24, 20)
        first = nightly.after(before, BERLIN, horizon_us=END_US)
        assert first == _utc(2026, 10, 25, 1, 30)
        assert nightly.after(first, BERLIN, horizon_us=END_US) == _utc(2026, 10, 26, 1, 30)

    def test_horizon(self):
        """The horizon itself is still looked at, and nothing after it."""
        first = self.WEEKLY.after(0, BERLIN, horizon_us=END_US)
        assert self.WEEKLY.after(0, BERLIN, horizon_us=first) == first
        assert self.WEEKLY.after(0, BERLIN, horizon_us=first - 1) is None

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"every": "month"}, "unknown-word"),
            ({"interval": 0}, "out-of-range"),
            ({"interval": 53}, "out-of-range"),
            ({"interval": True}, "out-of-range"),
            ({"every": "day", "on": [], "interval": 367}, "out-of-range"),
            ({"every": "day"}, "bad-weekday"),
            ({"on": ["tuesday"]}, "bad-weekday"),
            ({"on": ["tue", "tue"]}, "bad-weekday"),
            ({"at": time(9, 0, 1)}, "bad-time"),
            ({"at": time(9, tzinfo=UTC)}, "bad-time"),
            ({"at": "09:00"}, "bad-time"),
            ({"start": datetime(2026, 1, 1, tzinfo=UTC)}, "not-a-date"),
        ],
    )
    def test_that_are_none(self, fields, code):
        """What isn't a cadence is refused, with a stable code."""
        given = {"every": "week", "on": ["tue"], "at": time(9), "start": date(2026, 1, 6)}
        assert _code_of(Cadence, **(given | fields)) == code
