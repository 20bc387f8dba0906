"""What the guards promise whatever is planned, whoever planned it and whatever has happened.

The oracles are written from the rules and use none of the library's reading of them: they count
contacts by brute force, read the local clock by `zoneinfo`, and look through the grants one by one.
"""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import attrs
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from nurturekit.answers import Action
from nurturekit.calendars import ContactHours, Window
from nurturekit.guards import Cap, GuardProfile, check, confirm
from nurturekit.records import (
    Assume,
    Consent,
    History,
    Lead,
    Peer,
    Rep,
    Situation,
    Touch,
    World,
)
from nurturekit.vocabulary import Channel, Style, Team

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
US = timedelta(microseconds=1)
MINUTE, HOUR, DAY = 60_000_000, 3_600_000_000, 86_400_000_000
ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
)
# Few examples meet hours, caps and grants that end at once.
MORE = settings(max_examples=max(200, settings().max_examples))
FIRST, LAST = datetime(2010, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
CHANNELS = (Channel.EMAIL, Channel.PHONE, Channel.ADS)
REPS = {Team.SALES: "r-sales", Team.MARKETING: "r-marketing"}
WORLD = World(reps=[Rep(id=name, team=team) for team, name in REPS.items()])


def _instant(us):
    return EPOCH + timedelta(microseconds=us)


def _local(us, zone):
    return _instant(us).astimezone(ZoneInfo(zone))


@cache
def _days_of_change(zone):
    """Return the local dates on which a zone's clocks change, in order."""
    start, days = (FIRST - EPOCH) // US, (LAST - FIRST).days
    offsets = [_local(start + day * DAY, zone).utcoffset() for day in range(days)]
    changed = [day for day in range(1, days) if offsets[day] != offsets[day - 1]]
    return tuple(
        _local(start + (day - 1) * DAY + hour * HOUR, zone).date()
        for day in changed
        for hour in range(25)
        if _local(start + (day - 1) * DAY + hour * HOUR - MINUTE, zone).utcoffset()
        != _local(start + (day - 1) * DAY + (hour + 1) * HOUR - MINUTE, zone).utcoffset()
    )


@st.composite
def _nows(draw, zone, near_change):
    """Draw an instant: any, or one from which much falls on a day on which clocks change."""
    if near_change and _days_of_change(zone):
        day = draw(st.sampled_from(_days_of_change(zone)))
        start = datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
        return (start - EPOCH) // US + draw(st.integers(-12 * 60, 6 * 60)) * MINUTE
    return draw(st.integers((FIRST - EPOCH) // US, (LAST - EPOCH) // US))


@st.composite
def _windows(draw):
    """Draw windows as (days, start, end) in minutes; one that ends first ends the next day."""
    days = draw(st.frozensets(st.integers(0, 6), min_size=1))
    minutes = st.integers(0, 4 * 60) | st.integers(0, 24 * 60 - 1)
    return days, draw(minutes), draw(minutes)


def _hours(windows):
    return ContactHours(
        windows=[
            Window(
                days=days,
                start=time(*divmod(start, 60)),
                end=time(*divmod(end, 60)),
                overnight=end <= start,
            )
            for days, start, end in windows
        ]
    )


def _shows_open(us, zone, windows):
    """Say by the recipient's clock alone whether a window is on."""
    local = _local(us, zone)
    shown = local.hour * 60 + local.minute
    weekday, before = local.weekday(), (local - timedelta(days=1)).weekday()
    for days, start, end in windows:
        if start < end and weekday in days and start <= shown < end:
            return True
        if end <= start and (
            (weekday in days and start <= shown) or (before in days and shown < end)
        ):
            return True
    return False


def _caps(*, scoped=True):
    scopes = {
        "channel": st.sampled_from([None, Channel.EMAIL, Channel.PHONE]),
        "team": st.sampled_from([None, *Team]),
        "styles": st.sampled_from([None, (Style.MASS, Style.AUTOMATED), (Style.ONE_TO_ONE,)]),
    }
    return st.fixed_dictionaries(
        {
            "at_most": st.integers(1, 3),
            "window_hours": st.sampled_from([1, 12, 24, 72]),
            "then": st.sampled_from(["defer", "defer", "drop"]),
            **{name: found if scoped else st.none() for name, found in scopes.items()},
        }
    )


@attrs.frozen(kw_only=True)
class Case:
    """One lead at one instant with what is planned, in terms that an oracle can read."""

    zone: str
    now: int
    windows: dict
    caps: list
    gap: int
    grants: list
    touches: list
    actions: list

    def profile(self, *, caps=None, gap=None, windows=None):
        caps = self.caps if caps is None else caps
        windows = self.windows if windows is None else windows
        return GuardProfile(
            name="law",
            dated=date(2026, 1, 1),
            hours={channel: _hours(found) for channel, found in windows.items()},
            caps=[Cap(name=f"cap {index}", **cap) for index, cap in enumerate(caps)],
            minimum_gap_hours=self.gap if gap is None else gap,
            horizon_days=60,
        )

    def situation(self, *more, now=None):
        return Situation(
            Lead(id="l1", zone=self.zone),
            [*self.touches, *self.grants, *more],
            as_of=_instant(self.now if now is None else now),
            world=WORLD,
        )

    def check(self, *more, actions=None, **profile):
        actions = self.actions if actions is None else actions
        return check(self.profile(**profile), self.situation(*more), actions)


def _touch(index, us, channel, team, style):
    return Touch(
        id=f"t{index}",
        lead_id="l1",
        kind="contact",
        occurred_at=_instant(us),
        channel=channel,
        direction="outbound",
        style=style,
        rep=REPS[team],
    )


@st.composite
def _grants(draw, now):
    """Draw grants of some scope, some of which end soon."""
    found = []
    for index in range(draw(st.integers(0, 3))):
        ends = draw(st.none() | st.integers(0, 80))
        found.append(
            Consent(
                id=f"c{index}",
                lead_id="l1",
                kind="given",
                basis="consent",
                channel=draw(st.sampled_from([None, None, *CHANNELS])),
                purpose=draw(st.sampled_from([None, None, "marketing", "sales"])),
                occurred_at=_instant(now - 400 * HOUR),
                expires_at=None if ends is None else _instant(now + ends * HOUR),
            )
        )
    return found


# Hours from now at which windows of 1, 12, 24 and 72 hours end, and those next to them.
_EDGES = st.sampled_from([0, 1, 2, 11, 12, 13, 23, 24, 25, 36, 48, 71, 72, 73])


@st.composite
def _actions(draw, now, channels, most):
    """Draw actions due soon, and some overdue."""
    return [
        Action(
            id=f"a{index}",
            lead_id="l1",
            earliest_us=now + (draw(_EDGES | st.integers(-5, 0))) * HOUR,
            channel=draw(channels),
            team=draw(st.sampled_from(list(Team))),
            style=draw(st.sampled_from(list(Style))),
            purpose=draw(st.sampled_from(["marketing", "sales"])),
            priority=draw(st.integers(2, 4)),
            rank=draw(st.integers(0, 2)),
        )
        for index in range(draw(st.integers(1, most)))
    ]


@st.composite
def _cases(draw, most_actions=5, granted=False, near_change=False):
    """Draw a lead whose contacts crowd around now, and actions due soon.

    Half of the time all of them take one channel, and no cap has a scope.
    """
    zone = draw(st.sampled_from(ZONES))
    now = draw(_nows(zone, near_change or draw(st.booleans())))
    is_crowd = draw(st.booleans())
    channels = st.just(Channel.EMAIL) if is_crowd else st.sampled_from(CHANNELS)
    past = st.tuples(_EDGES, channels, st.sampled_from(list(Team)), st.sampled_from(list(Style)))
    hours = st.dictionaries(channels, st.lists(_windows(), min_size=1, max_size=2))
    forever = Consent(
        id="c-all", lead_id="l1", kind="given", basis="contract", occurred_at=_instant(now - DAY)
    )
    return Case(
        zone=zone,
        now=now,
        windows=draw(hours),
        caps=draw(st.lists(_caps(scoped=not is_crowd), max_size=3)),
        gap=draw(st.sampled_from([0, 0, 1, 20, 48])),
        grants=[forever] if granted or draw(st.booleans()) else draw(_grants(now)),
        touches=[
            _touch(index, now - hours * HOUR, *kind)
            for index, (hours, *kind) in enumerate(draw(st.lists(past, max_size=6)))
        ],
        actions=draw(_actions(now, channels, most_actions)),
    )


def _contacts(case, allowed):
    """Return every contact as (us, channel, team, style, whether it is planned)."""
    teams = {name: team for team, name in REPS.items()}
    past = [
        (touch.occurred_us, touch.channel, teams[touch.rep], touch.style, False)
        for touch in case.touches
    ]
    planned = [(one.earliest_us, one.channel, one.team, one.style, True) for one in allowed]
    return [one for one in [*past, *planned] if one[1] is not Channel.ADS]


def _in_scope(cap, contact):
    _, channel, team, style, _ = contact
    return (
        cap["channel"] in (None, channel)
        and cap["team"] in (None, team)
        and (cap["styles"] is None or style in cap["styles"])
    )


def _overfull(contacts, at_most, window):
    """Say whether a window (t - window, t] with something planned in it holds too many."""
    for end, *_ in contacts:
        within = [one for one in contacts if end - window < one[0] <= end]
        if len(within) > at_most and any(one[4] for one in within):
            return True
    return False


def _breaks_a_cap(case, contacts):
    if _overfull(contacts, 1, case.gap * HOUR):
        return True
    return any(
        _overfull([one for one in contacts if _in_scope(cap, one)], cap["at_most"], window)
        for cap in case.caps
        for window in [cap["window_hours"] * HOUR]
    )


def test_nothing_in_quiet_hours():
    """No allowed action lies outside the hours that the recipient's own clock shows.

    At least one example in twenty allows an action on a day on which the clocks change.
    """
    seen = Counter()

    @MORE
    @given(st.one_of(_cases(), *(_cases(granted=True, near_change=True) for _ in range(4))))
    def law(case):
        allowed = case.check().allowed
        bound = [one for one in allowed if one.channel in case.windows]
        changes = any(
            _local(one.earliest_us, case.zone).date() in _days_of_change(case.zone) for one in bound
        )
        event(f"on a day of change: {changes}")
        seen.update(["all", *(["change"] if changes else [])])
        for one in bound:
            assert _shows_open(one.earliest_us, case.zone, case.windows[one.channel])

    law()
    assert seen["change"] * 20 >= seen["all"]


@MORE
@given(_cases())
def test_caps_and_gap_hold_over_any_window(case):
    """No rolling window with an allowed action in it holds more than the caps and the gap let."""
    allowed = case.check().allowed
    event(f"allowed: {min(len(allowed), 2)}, limits: {bool(case.caps or case.gap)}")
    assert not _breaks_a_cap(case, _contacts(case, allowed))


@MORE
@given(_cases(granted=True), st.data())
def test_deferred_no_longer_than_needed(case, data):
    """At every instant before the one allowed, hours, a cap or the gap stood against it."""
    allowed = case.check().allowed
    assume(allowed)
    index = data.draw(st.integers(0, len(allowed) - 1))
    one, found = allowed[index], allowed[index].earliest_us
    start = max(case.now, *(two.earliest_us for two in case.actions if two.id == one.id))
    assert start <= found <= start + 60 * DAY
    event(f"deferred: {found > start}")
    windows = case.windows.get(one.channel)
    # Just before, on the grid of everything planned and done, and anywhere.
    grid = range(start, found, HOUR) if found - start < 200 * HOUR else []
    anywhere = data.draw(st.lists(st.integers(start, found), max_size=5))
    for us in (us for us in [found - 1, *grid, *anywhere] if start <= us < found):
        shut = windows and not _hours(windows).is_open(us, ZoneInfo(case.zone))
        earlier = [*allowed[:index], attrs.evolve(one, earliest_us=us)]
        assert shut or _breaks_a_cap(case, _contacts(case, earlier))


@MORE
@given(_cases())
def test_a_basis_at_its_own_instant(case):
    """Every allowed action has a grant of its scope that holds when it happens, not only now."""
    for one in case.check().allowed:
        assert one.basis is not None
        assert any(
            grant.basis == one.basis
            and grant.channel in (None, one.channel)
            and grant.purpose in (None, one.purpose)
            and grant.occurred_us <= one.earliest_us
            and (grant.expires_us is None or one.earliest_us < grant.expires_us)
            for grant in case.grants
        )


def _is_meant(restriction, action):
    """Say whether a restriction's scope holds an action; a complaint is about marketing too."""
    purposes = [restriction.purpose, "marketing" if restriction.kind == "complained" else None]
    is_any = restriction.purpose is None and restriction.kind != "complained"
    return restriction.channel in (None, action.channel) and (is_any or action.purpose in purposes)


@MORE
@given(
    _cases(granted=True),
    st.sampled_from(["objected", "withdrawn", "bounced", "complained", "erased"]),
    st.sampled_from([None, *CHANNELS]),
    st.sampled_from([None, "marketing", "sales"]),
)
def test_a_restriction_takes_all_in_its_scope(case, kind, channel, purpose):
    """A restriction refuses every action in its scope, and takes none outside it for suppressed."""
    restriction = Consent(
        id="c-no",
        lead_id="l1",
        kind=kind,
        channel=channel,
        purpose=purpose,
        occurred_at=_instant(case.now),
    )
    checked = case.check(restriction)

    in_scope = {one.id for one in case.actions if kind == "erased" or _is_meant(restriction, one)}
    assert not in_scope & {one.id for one in checked.allowed}
    assert in_scope == {one.action.id for one in checked.blocked if one.code == "suppressed"}


@MORE
@given(
    _cases(most_actions=1, granted=True),
    _caps(),
    st.sampled_from([1, 24, 100]),
    _windows(),
    st.data(),
)
def test_a_further_restriction_only_takes_away(case, cap, gap, window, data):
    """One more cap, a longer gap, hours, a touch more: an action is never added nor advanced.

    Caps that advance aren't among them: there it is the cap's very purpose to bring one forward.
    """
    (action,) = case.actions
    kind = data.draw(st.sampled_from(["hours", "hours", "cap", "gap", "touch"]))
    # Full caps that drop are the hard ones: what defers an action may carry it past them.
    if kind != "cap":
        full = {**cap, "then": "drop", "at_most": 1}
        before_it = case.now - data.draw(_EDGES) * HOUR
        last = _touch("last", before_it, action.channel, action.team, action.style)
        case = attrs.evolve(case, caps=[*case.caps, full], touches=[*case.touches, last])
    others = {one: found for one, found in case.windows.items() if one != action.channel}
    before = case.check(windows=others if kind == "hours" else None).allowed
    if kind == "hours":
        after = case.check(windows={**others, action.channel: [window]}).allowed
    elif kind == "cap":
        after = case.check(caps=[*case.caps, cap]).allowed
    elif kind == "gap":
        after = case.check(gap=case.gap + gap).allowed
    else:
        more = _touch("more", case.now - gap * HOUR, Channel.EMAIL, Team.SALES, Style.MASS)
        after = case.check(more).allowed
    event(f"{kind}: {len(before)} to {len(after)}")
    assert len(after) <= len(before)
    assert all(two.earliest_us >= one.earliest_us for one, two in zip(before, after, strict=False))


@given(_cases(granted=True))
def test_a_reps_action_is_never_dropped(case):
    """A one-to-one action is refused only if nothing suits it within the horizon."""
    for one in case.check().blocked:
        if one.action.style is Style.ONE_TO_ONE:
            start = max(case.now, one.action.earliest_us)
            assert one.until_us is None or one.until_us > start + 60 * DAY


@MORE
@given(_cases(), st.data())
def test_what_yields_changes_nothing_for_the_others(case, data):
    """Taking away what yields first leaves the answers to all the others as they are."""
    whole = case.check()
    order = sorted(case.actions, key=lambda one: (one.priority, -one.rank, one.earliest_us, one.id))
    kept = order[: data.draw(st.integers(0, len(order)))]
    names = {one.id for one in kept}
    part = case.check(actions=kept)
    assert part.allowed == tuple(one for one in whole.allowed if one.id in names)
    assert part.blocked == tuple(one for one in whole.blocked if one.action.id in names)


@given(_cases(), st.booleans(), st.randoms(use_true_random=False))
def test_order_does_not_matter(case, are_alike, random):
    """Actions and records in another order, asked again, give the same answer."""
    if are_alike:
        first, *rest = case.actions
        alike = {"priority": first.priority, "rank": first.rank, "earliest_us": first.earliest_us}
        case = attrs.evolve(case, actions=[first, *(attrs.evolve(one, **alike) for one in rest)])
    shuffled = attrs.evolve(
        case,
        actions=random.sample(case.actions, len(case.actions)),
        touches=random.sample(case.touches, len(case.touches)),
        grants=random.sample(case.grants, len(case.grants)),
    )
    assert case.check() == shuffled.check() == case.check()


@given(_cases())
def test_nothing_is_lost(case):
    """Each action is allowed or refused, once: whole, never earlier, and with a reason."""
    checked = case.check()
    planned = {one.id: one for one in case.actions}
    names = [*(one.id for one in checked.allowed), *(one.action.id for one in checked.blocked)]
    assert sorted(names) == sorted(planned)
    for one in checked.allowed:
        same = attrs.evolve(one, earliest_us=planned[one.id].earliest_us, basis=None)
        assert same == planned[one.id]
        assert one.earliest_us >= max(case.now, planned[one.id].earliest_us)
    for one in checked.blocked:
        assert one.action == planned[one.action.id]
        assert one.reason
        assert one.until_us is None or one.until_us > case.now


@given(_cases())
def test_confirmed_in_turn(case):
    """Each allowed action, confirmed at its instant with those before it recorded, may be sent.

    And not a microsecond earlier, nor a second time.
    """
    profile, sent = case.profile(), []
    allowed = sorted(case.check().allowed, key=lambda one: (one.earliest_us, one.id))
    for one in allowed:
        now = one.earliest_us
        confirmed = confirm(profile, case.situation(*sent, now=now), one)
        assert (confirmed.allowed, confirmed.action) == (True, one)
        early = confirm(profile, case.situation(*sent, now=now - 1), one)
        assert not early.allowed
        done = _touch(one.id, now, one.channel, one.team, one.style)
        sent.append(attrs.evolve(done, id=one.id))
        assert not confirm(profile, case.situation(*sent, now=now), one).allowed


@given(_cases(), st.integers(0, 100))
def test_nothing_is_confirmed_against_a_guard(case, hours):
    """Whatever is confirmed has its basis then, its hours open, and breaks no cap."""
    now = case.now + hours * HOUR
    for action in case.actions:
        confirmed = confirm(case.profile(), case.situation(now=now), action)
        if not confirmed.allowed:
            continue
        assert action.earliest_us <= now
        sent = attrs.evolve(confirmed.action, earliest_us=now)
        assert not _breaks_a_cap(case, _contacts(case, [sent]))
        windows = case.windows.get(action.channel)
        assert windows is None or _shows_open(now, case.zone, windows)
        assert any(
            grant.channel in (None, action.channel)
            and grant.purpose in (None, action.purpose)
            and (grant.expires_us is None or now < grant.expires_us)
            for grant in case.grants
        )


@given(_cases(), st.booleans(), st.booleans())
def test_missing_data_never_raises(case, has_zone, has_basis):
    """Without zone or basis the guards answer all the same, and say what they lack or assume."""
    assumed = Assume(
        zone=case.zone if has_zone else None,
        basis=dict.fromkeys(CHANNELS, "legitimate_interest") if has_basis else None,
    )
    situation = Situation(
        Lead(id="l1"), case.touches, as_of=_instant(case.now), world=World(assume=assumed)
    )
    checked = check(case.profile(), situation, case.actions)
    needs = {need for one in checked.blocked for need in one.needs}
    lacks = ({"zone"} - ({"zone"} if has_zone else set())) | (set() if has_basis else {"basis"})
    assert needs <= lacks
    assert has_basis or not checked.allowed
    for one in checked.allowed:
        assert f"legal basis for {one.channel} assumed: legitimate_interest" in checked.assumptions
        if one.channel in case.windows:
            assert f"time zone assumed: {case.zone}" in checked.assumptions


@MORE
@given(_cases(), st.data())
def test_one_more_restriction_adds_nothing(case, data):
    """Whatever restriction is recorded, nothing in its scope is added, nor comes any sooner.

    Though it may name a basis, and be lifted by a grant that has ended since.
    """
    scopes = [(one.channel, one.purpose) for one in case.grants]
    channel, purpose = data.draw(st.sampled_from([*scopes, (None, None), (Channel.EMAIL, None)]))
    restriction = Consent(
        id="c-no",
        lead_id="l1",
        kind=data.draw(st.sampled_from(["objected", "withdrawn", "bounced", "complained"])),
        basis=data.draw(st.sampled_from([None, "consent"])),
        channel=channel,
        purpose=purpose,
        occurred_at=_instant(case.now - data.draw(st.sampled_from([0, 1, 400, 500])) * HOUR),
    )
    before, after = case.check().allowed, case.check(restriction).allowed
    event(f"{len(before)} to {len(after)}")
    scope = [one for one in after if _is_meant(restriction, one)]
    assert all(one in before for one in scope)


@MORE
@given(_cases(granted=True), st.data())
def test_nothing_starves(case, data):
    """What only caps and gap defer is done in time, if too few go before it to fill one.

    In time: within the longest window after it falls due, when what has happened no longer counts.
    """
    caps = [{**cap, "then": data.draw(st.sampled_from(["defer", "advance"]))} for cap in case.caps]
    *higher, last = sorted(case.actions, key=lambda one: (one.priority, -one.rank, one.id))
    least = min([cap["at_most"] for cap in caps] + ([1] if case.gap else []), default=5)
    higher = higher[: max(0, least - 1)]
    last = attrs.evolve(last, priority=9)
    checked = case.check(actions=[*higher, last], caps=caps, windows={})
    found = {one.id: one.earliest_us for one in checked.allowed}
    longest = max([cap["window_hours"] for cap in caps] + [case.gap], default=0) * HOUR
    event(f"deferred: {found[last.id] > last.earliest_us}, higher: {len(higher)}")
    assert found[last.id] <= max(case.now, last.earliest_us) + longest


@MORE
@given(
    _cases(granted=True),
    st.lists(st.sampled_from(ZONES), max_size=3, unique=True),
    st.lists(
        st.fixed_dictionaries(
            {
                "at_most": st.integers(1, 2),
                "calendar_days": st.integers(1, 3),
                "then": st.sampled_from(["defer", "drop", "advance"]),
            }
        ),
        min_size=1,
        max_size=2,
    ),
)
def test_calendar_days_hold_in_every_zone(case, zones, caps):
    """No run of local dates with an allowed action holds too many, in whichever zone it may be.

    Without a zone it may be any.
    """
    situation = Situation(
        Lead(id="l1"),
        [*case.touches, *case.grants],
        as_of=_instant(case.now),
        world=attrs.evolve(WORLD, assume=Assume(zones=zones)),
    )
    allowed = check(case.profile(caps=caps, gap=0, windows={}), situation, case.actions).allowed
    event(f"zones: {len(zones)}, allowed: {min(len(allowed), 2)}")
    for zone in zones or ZONES:
        dates = [
            (_local(one[0], zone).date().toordinal(), one[4]) for one in _contacts(case, allowed)
        ]
        for cap in caps:
            for end, _ in dates:
                within = [one for one in dates if end - cap["calendar_days"] < one[0] <= end]
                assert len(within) <= cap["at_most"] or not any(one[1] for one in within)


@MORE
@given(
    _cases(granted=True),
    _caps(scoped=False),
    st.lists(st.tuples(_EDGES, st.sampled_from(["p1", "p2"]), st.booleans()), max_size=6),
)
def test_an_accounts_cap_holds_over_the_account(case, cap, others):
    """No window holds more contacts of an account's leads than its cap lets, whosever they are."""
    cap = {**cap, "scope": "account"}
    peers = {name: [] for name in ("p1", "p2")}
    for index, (hours, name, _) in enumerate(others):
        made = _touch(index, case.now - hours * HOUR, Channel.EMAIL, Team.SALES, Style.MASS)
        peers[name].append(attrs.evolve(made, lead_id=name))
    world = attrs.evolve(
        WORLD,
        peers=[
            Peer(lead=Lead(id=name, account="acme"), history=History(found))
            for name, found in peers.items()
        ],
    )
    situation = Situation(
        Lead(id="l1", account="acme", zone=case.zone),
        [*case.touches, *case.grants],
        as_of=_instant(case.now),
        world=world,
    )
    allowed = check(case.profile(caps=[cap], gap=0, windows={}), situation, case.actions).allowed
    theirs = [
        (one.occurred_us, one.channel, Team.SALES, one.style, False)
        for found in peers.values()
        for one in found
    ]
    event(f"others: {bool(theirs)}, allowed: {min(len(allowed), 2)}")
    contacts = [*_contacts(case, allowed), *theirs]
    assert not _overfull(contacts, cap["at_most"], cap["window_hours"] * HOUR)


@MORE
@given(_cases(granted=True))
def test_what_is_advanced_suits_every_guard(case):
    """What comes before it falls due lies not in the past, within hours, and breaks no cap.

    And it may be sent then.
    """
    case = attrs.evolve(case, caps=[{**cap, "then": "advance"} for cap in case.caps])
    due = {one.id: max(case.now, one.earliest_us) for one in case.actions}
    allowed = case.check().allowed
    advanced = [one for one in allowed if one.earliest_us < due[one.id]]
    event(f"advanced: {len(advanced)}")
    assert not _breaks_a_cap(case, _contacts(case, allowed))
    for one in advanced:
        assert case.now <= one.earliest_us
        assert one.style is not Style.ONE_TO_ONE
        windows = case.windows.get(one.channel)
        assert windows is None or _shows_open(one.earliest_us, case.zone, windows)
    sent = []
    for one in sorted(allowed, key=lambda one: (one.earliest_us, one.id)):
        now = one.earliest_us
        assert confirm(case.profile(), case.situation(*sent, now=now), one).allowed
        sent.append(attrs.evolve(_touch(one.id, now, one.channel, one.team, one.style), id=one.id))
