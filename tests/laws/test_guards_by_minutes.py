"""The guards, business time and cadences say what a calendar of minutes says, counted one by one.

The oracle is `tests/minutes.py`: brute force, written from the rules, without the library.
"""

from collections import Counter
from datetime import date, time, timedelta
from functools import cache
from itertools import product
from zoneinfo import ZoneInfo, available_timezones

import attrs
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from nurturekit.answers import Action
from nurturekit.calendars import BusinessHours, Cadence, ContactHours, Window
from nurturekit.guards import Cap, GuardProfile, check
from nurturekit.records import Assume, Lead, Rep, Situation, Touch, World
from nurturekit.vocabulary import Channel, Style, Team
from tests import minutes
from tests.minutes import DAY, EPOCH, HOUR

MINUTE_US = 60_000_000
ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Asia/Kathmandu",  # 5 hours 45 minutes, no summer time
    "Pacific/Apia",  # skipped a day in 2011
    "Africa/Casablanca",  # goes back for Ramadan
    "America/Sao_Paulo",  # midnight did not come, until 2019
    "Asia/Tehran",  # half an hour, and midnight did not come
    "America/St_Johns",  # midnight came twice until 2011
)
# Few examples meet hours, a cap and a change of clocks at once.
MORE = settings(max_examples=max(150, settings().max_examples))
FIRST, LAST = minutes.label(date(2010, 1, 1)), minutes.label(date(2028, 1, 1))
CHANNELS = ("email", "phone", "ads")
TEAMS, STYLES = tuple(map(str, Team)), tuple(map(str, Style))
REPS = {"sales": "r-sales", "marketing": "r-marketing"}
BASIS = dict.fromkeys(CHANNELS, "legitimate_interest")
# How much has been compared, by law: a law that compares next to nothing holds nothing.
COMPARED = Counter()


@cache
def _changes(zone):
    return tuple(minutes.changes(zone, FIRST, LAST))


@st.composite
def _moments(draw):
    """Draw a zone, a minute near one at which its clocks change, and the times shown around it."""
    zone = draw(st.sampled_from(ZONES))
    if not _changes(zone) or draw(st.integers(0, 4)) == 0:
        return zone, draw(st.integers(FIRST, LAST)), (draw(st.integers(0, DAY - 1)), 0)
    change = draw(st.sampled_from(_changes(zone)))
    shown = [(at + minutes.offset(zone, at)) % DAY for at in (change - 1, change)]
    before = draw(st.integers(0, 4 * HOUR) | st.integers(-12 * HOUR, 3 * DAY))
    return zone, change - before, (shown[0] + 1, shown[1])


def _times(around):
    """Draw minutes of the day, most often near those that a change of clocks leaves or reaches."""
    exact = st.sampled_from([*around, 0])
    near = st.builds(lambda at, by: at + by, exact, st.integers(-90, 90))
    return st.one_of(exact, near, near, st.integers(0, DAY - 1)).map(lambda one: one % DAY)


def _windows(around):
    days = st.frozensets(st.integers(0, 6), min_size=1) | st.just(frozenset(range(7)))
    times = _times(around)
    return st.lists(st.tuples(days, times, times), min_size=1, max_size=3)


def _days_off(zone, now):
    day = minutes.day_of(now + minutes.offset(zone, now))
    near = st.integers(-1, 4).map(lambda days: day + timedelta(days=days))
    return st.just(()) | st.lists(near, unique=True, max_size=2).map(tuple)


@st.composite
def _offices(draw):
    """Draw a zone, a minute, windows and holidays near it."""
    zone, now, around = draw(_moments())
    return zone, now, draw(_windows(around)), draw(_days_off(zone, now))


def _time(at):
    return time(*divmod(at, 60))


def _library_windows(windows):
    return [
        Window(days=days, start=_time(start), end=_time(end), overnight=end <= start)
        for days, start, end in windows
    ]


def _opened(hours, zone, first, last):
    """Return one byte for each minute: 1 where the library's openings hold it."""
    marks = bytearray(last + 1 - first)
    for day in range(first // DAY, last // DAY + 1):
        for span in hours.openings(day, ZoneInfo(zone)):
            # A minute is open from the first whole one on; no bound lies within a minute.
            assert not any(bound % MINUTE_US for bound in span)
            low, high = (min(max(us // MINUTE_US - first, 0), len(marks)) for us in span)
            marks[low:high] = b"\1" * (high - low)
    return bytes(marks)


def test_hours_by_minutes():
    """Hours are open at the very minutes at which the local clock says so."""

    @MORE
    @given(_offices())
    def law(office):
        zone, now, windows, days_off = office
        clock = minutes.Clock(zone, now - DAY, now + 4 * DAY)
        wanted = clock.hours(windows, days_off)
        hours = ContactHours(windows=_library_windows(windows), holidays=days_off)
        assert _opened(hours, zone, clock.first, clock.last) == wanted
        COMPARED["hours"] += len(wanted)
        COMPARED["hours, open"] += wanted.count(1)
        ends = (clock.first, clock.last)
        ahead = {minutes.offset(zone, at) for at in ends}
        COMPARED["hours, around a change"] += len(wanted) * (len(ahead) > 1)

    law()
    assert COMPARED["hours"] >= 150 * 5 * DAY
    assert COMPARED["hours, around a change"] >= COMPARED["hours"] // 3
    assert COMPARED["hours"] // 5 <= COMPARED["hours, open"] <= COMPARED["hours"] * 4 // 5


# Minutes around now at which windows of 1, 12, 24 and 72 hours end, and those next to them.
_EDGES = st.builds(
    lambda hours, by: hours * HOUR + by,
    st.sampled_from([0, 1, 2, 11, 12, 13, 23, 24, 25, 36, 48, 71, 72, 73]),
    st.sampled_from([0, 0, 0, -1, 1]) | st.integers(-HOUR, HOUR),
)
_CAPS = st.builds(
    minutes.Cap,
    at_most=st.integers(1, 3),
    window=st.sampled_from([1, 12, 24, 72]).map(lambda hours: hours * HOUR),
    channel=st.sampled_from([None, None, "email", "phone"]),
    team=st.sampled_from([None, None, *TEAMS]),
    styles=st.sampled_from([None, None, ("mass", "automated"), ("one_to_one",)]),
    then=st.sampled_from(["defer", "defer", "drop", "advance"]),
    dates=st.sampled_from([0, 0, 0, 1, 2, 3]),
)


@attrs.frozen(kw_only=True)
class Case:
    """One person at one minute with what is planned, in terms of the calendar of minutes."""

    zones: list
    now: int
    windows: dict
    days_off: tuple
    caps: list
    gap: int
    horizon_days: int
    past: list
    wanted: list

    def rules(self):
        """Return the oracle's rules, with some days to look past the horizon."""
        last = max(self.now, *(one.minute for one in self.wanted))
        last += (self.horizon_days + 4) * DAY
        clocks = [minutes.Clock(zone, self.now, last) for zone in self.zones]
        hours = {
            name: [clock.hours(one, self.days_off) for clock in clocks]
            for name, one in self.windows.items()
        }
        own = {one.id: [clock.hours(one.own) for clock in clocks if one.own] for one in self.wanted}
        return minutes.Rules(
            first=self.now,
            last=last,
            hours={
                one.id: minutes.open_in_all([*hours.get(one.channel, []), *own[one.id]])
                for one in self.wanted
            },
            clocks=clocks,
            caps=self.limits,
            horizon=self.horizon_days * DAY,
        )

    @property
    def limits(self):
        gap = [minutes.Cap(1, self.gap * HOUR)] if self.gap else []
        return [*gap, *self.caps]

    def oracle(self):
        return self.rules().place(self.now, self.past, self.wanted)

    def check(self):
        """Return what the library says."""
        profile = GuardProfile(
            name="law",
            dated=date(2026, 1, 1),
            hours={
                name: ContactHours(windows=_library_windows(one), holidays=self.days_off)
                for name, one in self.windows.items()
            },
            caps=[
                Cap(
                    name=f"cap {index}",
                    at_most=cap.at_most,
                    window_hours=None if cap.dates else cap.window // HOUR,
                    calendar_days=cap.dates or None,
                    channel=cap.channel,
                    team=cap.team,
                    styles=cap.styles,
                    then=cap.then,
                )
                for index, cap in enumerate(self.caps)
            ],
            minimum_gap_hours=self.gap,
            horizon_days=self.horizon_days,
        )
        is_known = len(self.zones) == 1
        lead = Lead(id="l1", zone=self.zones[0] if is_known else None)
        world = World(
            reps=[Rep(id=name, team=team) for team, name in REPS.items()],
            assume=Assume(basis=BASIS, zones=() if is_known else self.zones),
        )
        touches = [_touch(index, one) for index, one in enumerate(self.past)]
        situation = Situation(lead, touches, as_of=_instant(self.now), world=world)
        return check(profile, situation, [_action(one) for one in self.wanted])

    def contacts(self):
        """Return what reaches the person, past and planned by the library."""
        wanted = {one.id: one for one in self.wanted}
        planned = [
            wanted[one.id].contact(one.earliest_us // MINUTE_US) for one in self.check().allowed
        ]
        found = [*self.past, *planned]
        return [one for one in found if one.channel not in minutes.IN_NO_PERSON]


def _instant(minute):
    return EPOCH + timedelta(minutes=minute)


def _touch(index, contact):
    return Touch(
        id=f"t{index}",
        lead_id="l1",
        kind="contact",
        occurred_at=_instant(contact.minute),
        channel=contact.channel,
        direction="outbound",
        style=contact.style,
        rep=REPS.get(contact.team),
    )


def _action(wanted):
    return Action(
        id=wanted.id,
        lead_id="l1",
        channel=Channel(wanted.channel),
        team=Team(wanted.team),
        style=Style(wanted.style),
        earliest_us=wanted.minute * MINUTE_US,
        priority=wanted.priority,
        rank=wanted.rank,
        hours=ContactHours(windows=_library_windows(wanted.own)) if wanted.own else None,
    )


@st.composite
def _cases(draw, *, always_open=False):
    """Draw a person whose contacts crowd around now, near a change of clocks, and actions due."""
    zone, now, around = draw(_moments())
    channels = draw(st.sampled_from([st.just("email"), st.sampled_from(CHANNELS)]))
    hours = st.just({}) if always_open else st.dictionaries(channels, _windows(around), max_size=2)
    past = st.builds(
        minutes.Contact,
        _EDGES.map(lambda before: now - abs(before)),
        channels,
        st.sampled_from([None, *TEAMS]),
        st.sampled_from(STYLES),
        st.just(False),
    )
    # What is due some days from now may be brought forward.
    ahead = draw(st.sampled_from([0, 3 * DAY]))
    wanted = st.builds(
        minutes.Wanted,
        st.just(""),
        (_EDGES | st.integers(-5 * HOUR, 5 * HOUR)).map(lambda after: now + ahead + after),
        channels,
        st.sampled_from(TEAMS),
        st.sampled_from(STYLES),
        st.integers(2, 4),
        st.integers(0, 2),
        st.just(()) if always_open else st.just(()) | st.just(()) | _windows(around).map(tuple),
    )
    is_crowd = draw(st.booleans())
    elsewhere = st.sampled_from([other for other in ZONES if other != zone])
    others = st.just([]) | st.just([]) | st.lists(elsewhere, unique=True, min_size=1, max_size=2)
    caps = draw(st.lists(_CAPS, min_size=is_crowd, max_size=3))
    if is_crowd and draw(st.booleans()):
        caps = [cap._replace(channel=None, team=None, styles=None) for cap in caps]
    return Case(
        zones=[zone, *draw(others)],
        now=now,
        windows=draw(hours),
        days_off=draw(_days_off(zone, now)),
        caps=[cap._replace(then="defer") for cap in caps] if always_open else caps,
        gap=draw(st.sampled_from([0, 0, 1, 20, 48])),
        horizon_days=draw(st.sampled_from([1, 2]) | st.integers(1, 9)),
        past=draw(st.lists(past, min_size=3 * is_crowd, max_size=6)),
        wanted=[
            one._replace(id=f"a{index}")
            for index, one in enumerate(
                draw(st.lists(wanted, min_size=1 + 2 * is_crowd, max_size=4))
            )
        ],
    )


def _agree(said, minute, last):
    """Say whether the library's instant is the oracle's minute; past its last one it looks on."""
    if minute is None:
        return said is None or said > last * MINUTE_US
    return said == minute * MINUTE_US


def _facts(case, name, word, minute):
    """Yield what an answer is an example of."""
    wanted = next(one for one in case.wanted if one.id == name)
    is_deferred = word == "allowed" and minute > max(wanted.minute, case.now)
    yield "deferred" if is_deferred else word
    if is_deferred and wanted.own:
        yield "by own hours"
    if is_deferred and len(case.zones) > 1 and (wanted.own or wanted.channel in case.windows):
        yield "in several zones"


def _compare(case, law_name):
    """Hold what the library says of each action against the oracle, in the order of their turns."""
    rules, checked = case.rules(), case.check()
    said = {one.id: ("allowed", one.earliest_us) for one in checked.allowed}
    said |= {one.action.id: (one.code, one.until_us) for one in checked.blocked}
    answers = rules.place(case.now, case.past, case.wanted)
    assert said.keys() == answers.keys()
    for name, (word, minute) in answers.items():
        found, us = said[name]
        COMPARED.update(f"{law_name}, {fact}" for fact in _facts(case, name, word, minute))
        if word == "advanced":
            # The last instant of that minute that suits; what comes after it may lie off minutes.
            assert (found, us // MINUTE_US) == ("allowed", minute)
            if us % MINUTE_US:
                break
        else:
            assert found == word
            assert _agree(us, minute, rules.last)


def test_placed_where_the_minutes_say():
    """Each action comes to lie at the minute that brute force finds, or is refused as there."""

    @MORE
    @given(_cases())
    def law(case):
        _compare(case, "placed")

    law()
    floors = {"allowed": 75, "deferred": 40, "capped": 15, "never-open": 5}
    for fact, floor in (floors | {"by own hours": 8, "in several zones": 5}).items():
        assert COMPARED[f"placed, {fact}"] >= floor, fact


@st.composite
def _rushes(draw):
    """Draw a person to whom much is due within hours, some days from now, under a cap on it."""
    case = draw(_cases())
    due = case.now + 3 * DAY
    soon = st.integers(-3 * HOUR, 3 * HOUR).map(lambda after: due + after)
    rush = draw(_CAPS)._replace(
        at_most=draw(st.integers(1, 2)), channel=None, team=None, styles=None, then="advance"
    )
    names = ("a0", "a1", "a2", "a3")
    wanted = [
        minutes.Wanted(name, draw(soon), "email", "sales", "mass", 3, 0, case.wanted[0].own)
        for name in names[: draw(st.integers(2, 4))]
    ]
    return attrs.evolve(case, caps=[rush, *case.caps[:1]], wanted=wanted)


def test_brought_forward_to_the_minute():
    """What a cap would move on lies at the last minute before, where there is one that suits."""

    @given(_rushes())
    def law(case):
        _compare(case, "rushes")

    law()
    assert COMPARED["rushes, advanced"] >= 10


def test_caps_over_any_rolling_window_by_minutes():
    """At no minute does a rolling window with a planned contact in it hold more than a cap lets."""

    @given(_cases())
    def law(case):
        contacts = case.contacts()
        for cap in (one for one in case.limits if not one.dates):
            counted = [one for one in contacts if cap.counts(one)]
            planned = [one.minute for one in counted if one.planned]
            event(f"counted: {min(len(counted), 3)}, planned: {min(len(planned), 3)}")
            if len(counted) <= cap.at_most or not planned:
                continue
            for minute in range(min(planned), max(planned) + cap.window):
                if any(minute - cap.window < one <= minute for one in planned):
                    within = [one for one in counted if minute - cap.window < one.minute <= minute]
                    assert len(within) <= cap.at_most
                    COMPARED["caps"] += 1
                    COMPARED["caps, full"] += len(within) == cap.at_most

    law()
    assert COMPARED["caps"] >= 20_000
    assert COMPARED["caps, full"] >= 10_000


def test_caps_over_any_local_dates():
    """No stretch of local dates with a planned contact in it holds more than a cap lets."""

    @MORE
    @given(_cases())
    def law(case):
        contacts = case.contacts()
        for cap, zone in product((one for one in case.limits if one.dates), case.zones):
            counted = [
                (minutes.day_of(one.minute + minutes.offset(zone, one.minute)), one.planned)
                for one in contacts
                if cap.counts(one)
            ]
            for day in {day for day, is_planned in counted if is_planned}:
                for back in range(cap.dates):
                    first = day - timedelta(days=back)
                    dates = [first + timedelta(days=step) for step in range(cap.dates)]
                    held = sum(one in dates for one, _ in counted)
                    assert held <= cap.at_most
                    COMPARED["dates"] += 1
                    COMPARED["dates, full"] += held == cap.at_most

    law()
    assert COMPARED["dates"] >= 100
    assert COMPARED["dates, full"] >= 40


def test_no_two_teams_within_the_gap():
    """No minute within the gap around a planned contact holds another contact, whoever makes it."""

    @given(_cases())
    def law(case):
        contacts = case.contacts()
        for one in (one for one in contacts if one.planned):
            others = {other.minute for other in contacts if other is not one}
            for away in range(case.gap * HOUR):
                assert not {one.minute - away, one.minute + away} & others
                COMPARED["gap"] += 2
            teams = {other.team for other in contacts if other is not one}
            COMPARED["gap, two teams"] += bool(case.gap and teams - {one.team})

    law()
    assert COMPARED["gap"] >= 50_000
    assert COMPARED["gap, two teams"] >= 20


def test_nobody_starves():
    """What only caps and the gap hold back gets its minute, and a horizon of so many days will do.

    That minute is no later than the longest window after the last other contact, or the wanted one.
    """

    @MORE
    @given(_cases(always_open=True))
    def law(case):
        patient = attrs.evolve(case, horizon_days=30)
        found = patient.oracle()
        assert {word for word, _ in found.values()} == {"allowed"}
        starts = {one.id: max(case.now, one.minute) for one in case.wanted}
        waits = [minute - starts[name] for name, (_, minute) in found.items()]
        # The whole days that the longest wait takes, rounded up; a horizon has one at least.
        just_enough = attrs.evolve(case, horizon_days=max(-(-max(waits) // DAY), 1))
        checked = just_enough.check()
        assert not checked.blocked
        longest = max(
            ((cap.dates + 1) * DAY if cap.dates else cap.window for cap in case.limits), default=0
        )
        latest = [minute for _, minute in found.values()] + [one.minute for one in case.past]
        for one in checked.allowed:
            assert one.earliest_us == found[one.id][1] * MINUTE_US
            assert one.earliest_us <= (max(starts[one.id], *latest) + longest) * MINUTE_US
            COMPARED["starves"] += 1
            COMPARED["starves, waits"] += found[one.id][1] > starts[one.id]

    law()
    assert COMPARED["starves"] >= 200
    assert COMPARED["starves, waits"] >= 40


def test_business_time_by_minutes():
    """Working time is the number of open minutes, and a deadline is where their count is full."""

    @given(_offices(), st.integers(0, 6 * DAY), st.floats(0, 1))
    def law(office, length, share):
        zone, now, windows, days_off = office
        worked = minutes.Clock(zone, now, now + 6 * DAY).hours(windows, days_off)
        hours = BusinessHours(zone=zone, windows=_library_windows(windows), holidays=days_off)
        start, end = now * MINUTE_US, (now + length) * MINUTE_US
        elapsed = hours.elapsed_us(start, end)
        assert elapsed == worked[:length].count(1) * MINUTE_US == -hours.elapsed_us(end, start)
        COMPARED["business"] += length
        wanted = int(share * worked.count(1))
        assume(wanted)
        left, due = wanted, -1
        while left:
            due += 1
            left -= worked[due]
        assert hours.add_us(start, wanted * MINUTE_US) == (now + due + 1) * MINUTE_US
        COMPARED["business, due"] += 1

    law()
    assert COMPARED["business"] >= 60 * DAY
    assert COMPARED["business, due"] >= 100


@st.composite
def _cadences(draw):
    """Draw a cadence that starts around a minute near a change of clocks."""
    zone, now, around = draw(_moments())
    every = draw(st.sampled_from(["day", "week"]))
    days = st.frozensets(st.integers(0, 6)) if every == "week" else st.just(frozenset())
    day = minutes.day_of(now + minutes.offset(zone, now))
    start = day + timedelta(days=draw(st.integers(-3, 3) | st.integers(-40, 10)))
    interval = draw(st.integers(1, 2) | st.integers(1, 9))
    horizon = draw(st.sampled_from([20 * DAY, 20 * DAY, 8 * DAY]) | st.integers(-HOUR, 3 * DAY))
    return zone, now, (every, interval, draw(days), draw(_times(around)), start), horizon


def _falls_on(day, every, interval, days, start):
    """Say whether a cadence has a date, by counting days, or weeks from Monday on."""
    if day < start:
        return False
    if every == "day":
        return (day - start).days % interval == 0
    monday = start - timedelta(days=start.weekday())
    weeks = (day - monday).days // 7
    return weeks % interval == 0 and day.weekday() in (days or {start.weekday()})


def test_a_cadence_by_days_and_minutes():
    """The next instant of a cadence is the first that a walk over all dates finds."""
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

    @MORE
    @given(_cadences())
    def law(case):
        zone, now, (every, interval, days, at, start), horizon = case
        clock = minutes.Clock(zone, now, now + 20 * DAY)
        found = [
            clock.start(minutes.label(day, at))
            for day in clock.dates()
            if _falls_on(day, every, interval, days, start)
        ]
        later = [minute for minute in found if now < minute <= now + horizon]
        cadence = Cadence(
            every=every,
            interval=interval,
            on=[names[day] for day in days],
            at=_time(at),
            start=start,
        )
        said = cadence.after(
            now * MINUTE_US, ZoneInfo(zone), horizon_us=(now + horizon) * MINUTE_US
        )
        assert said == (min(later) * MINUTE_US if later else None)
        COMPARED["cadence"] += 1
        COMPARED["cadence, found"] += bool(later)

    law()
    assert COMPARED["cadence"] >= 150
    assert COMPARED["cadence, found"] >= 60


WEEK = frozenset(range(7))
# Bounds where clocks change somewhere: at 0, 1, 2, 2:30, 3 and 4 o'clock, and next to them.
EVERYWHERE = (
    [(frozenset(range(5)), 9 * HOUR, 17 * HOUR)],
    [(WEEK, 8 * HOUR, 21 * HOUR)],
    [(WEEK, 0, 2 * HOUR + 30), (WEEK, 3 * HOUR, 4 * HOUR)],
    [(WEEK, HOUR, 2 * HOUR), (WEEK, 2 * HOUR + 1, 3 * HOUR - 1)],
    [(WEEK, 22 * HOUR, HOUR + 30)],
    [(frozenset({4, 5}), 23 * HOUR + 30, 0), (frozenset({6}), 0, 0)],
)


@pytest.mark.deep
def test_hours_in_every_zone(record_property):
    """In every zone, ten days around its last two changes, hours are open as the minutes say."""
    # Until 1972 some clocks were seconds off (Monrovia); zoneinfo's tables end in 2037.
    first, last = minutes.label(date(1973, 1, 1)), minutes.label(date(2037, 12, 31))
    plain = minutes.label(date(2026, 3, 1))
    counts = Counter()
    for zone in sorted(available_timezones()):
        found = minutes.changes(zone, first, last)
        for change in [at for at, _ in zip(found, range(2), strict=False)] or [plain]:
            counts["minutes"] += _compared_around(zone, change)
            counts["changes"] += change != plain
        counts["zones"] += 1
    counts["comparisons"] = counts["minutes"] * len(EVERYWHERE) * 2
    for name, count in counts.items():
        record_property(name, count)
    assert counts["zones"] >= 400
    assert counts["changes"] >= 400


def _compared_around(zone, change):
    """Compare hours, with and without a holiday, over ten days; return how many minutes."""
    clock = minutes.Clock(zone, change - 5 * DAY, change + 5 * DAY - 1, every_minute=True)
    for windows in EVERYWHERE:
        for days_off in ((), (minutes.day_of(clock.at(change)),)):
            hours = ContactHours(windows=_library_windows(windows), holidays=days_off)
            wanted = clock.hours(windows, days_off)
            assert _opened(hours, zone, clock.first, clock.last) == wanted, (zone, change)
    return clock.last + 1 - clock.first
