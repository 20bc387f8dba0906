"""Checking planned actions: deferred, dropped, refused, and on what basis."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import attrs
import pytest

from nurturekit.calendars import ContactHours
from nurturekit.guards import Admission, Cap, check, complaint_notes, confirm
from nurturekit.instants import to_us
from nurturekit.records import (
    Assume,
    Content,
    FrozenMap,
    History,
    Kind,
    Lead,
    Peer,
    Situation,
    World,
)
from nurturekit.vocabulary import Channel, Style, Team

WORKDAYS = ContactHours(windows="mon-fri 09:00-17:00")
WEEKEND = ContactHours(windows="sat-sun 09:00-17:00")
DAILY = Cap(name="daily", at_most=1, window_days=1)
DROPPED = Cap(name="dropped", at_most=1, window_days=1, then="drop")
NOBODY = Lead(id="l1")


def _codes(checked):
    return [blocked.code for blocked in checked.blocked]


def test_nothing_planned(profile, situation):
    """Nothing planned, nothing answered."""
    assert check(profile(), situation(), []) == ((), (), ())


def test_allowed_on_its_basis(profile, situation, action, at):
    """An action that nothing holds back is allowed at its instant, on its legal basis."""
    (allowed,), blocked, assumptions = check(profile(), situation(), [action(3)])
    assert (allowed.earliest_us, allowed.basis) == (at(3), "consent")
    assert blocked == assumptions == ()


def test_never_in_the_past(profile, situation, action, at):
    """What fell due before now is allowed from now on; its deadline stays as it is."""
    (allowed,), _, _ = check(profile(), situation(), [action(-5, latest_us=at(-1))])
    assert (allowed.earliest_us, allowed.latest_us) == (at(), at(-1))


class TestSuppression:
    @pytest.mark.parametrize("kind", ["objected", "withdrawn", "erased", "bounced", "complained"])
    def test_refuses_at_once(self, profile, situation, action, consent, kind):
        """A restriction refuses for good, and needs nothing."""
        planned = action()
        checked = check(profile(), situation(consent(kind, hours=-1)), [planned])
        (blocked,) = checked.blocked
        assert (blocked.code, blocked.needs, blocked.until_us) == ("suppressed", (), None)
        assert blocked.action is planned
        assert checked.allowed == ()

    def test_comes_before_every_other_reason(self, profile, situation, action, consent):
        """Suppression is the reason given whatever else is missing, and assumes nothing."""
        found = situation(
            consent("objected", hours=-1),
            lead=NOBODY,
            granted=False,
            world=World(assume=Assume(zone="UTC")),
        )
        strict = profile(hours={"email": WEEKEND}, horizon_days=1)
        assert check(strict, found, [action()])[1:] == (
            check(profile(), found, [action()]).blocked,
            (),
        )

    def test_keeps_to_its_scope(self, profile, situation, action, consent):
        """An objection to email leaves the phone."""
        planned = [action(), action(id="a2", channel=Channel.PHONE)]
        checked = check(
            profile(), situation(consent("objected", hours=-1, channel="email")), planned
        )
        assert [one.id for one in checked.allowed] == ["a2"]
        assert _codes(checked) == ["suppressed"]


class TestComplaints:
    def rates(self, rate):
        return World(complaint_rates={"email": rate})

    @pytest.mark.parametrize(
        ("rate", "stops"),
        [
            (0.003, True),
            (1, True),
            (Decimal("0.0029999999999999999999999999999999999"), False),
            (0, False),
            (None, False),
        ],
    )
    def test_stop_what_machines_send(self, profile, situation, action, rate, stops):
        """From the rate on mass and automated contacts are refused, exactly; unknown stops none."""
        planned = [action(), action(id="a2", style=Style.MASS)]
        checked = check(profile(), situation(world=self.rates(rate)), planned)
        assert _codes(checked) == (["complaints"] * 2 if stops else [])
        assert [one.action for one in checked.blocked] == (planned if stops else [])

    def test_leave_reps_and_other_channels(self, profile, situation, action):
        """What a rep does in person goes on, and so does every other channel."""
        planned = [action(style=Style.ONE_TO_ONE), action(id="a2", channel=Channel.SMS)]
        assert check(profile(), situation(world=self.rates(0.5)), planned).blocked == ()

    def test_a_profiles_own_rates(self, profile, situation, action):
        """A profile says from when on it warns and stops."""
        strict = profile(complaints_warn_per_million=1, complaints_stop_per_million=500)
        found = situation(world=self.rates(0.0005))
        assert _codes(check(strict, found, [action()])) == ["complaints"]

    @pytest.mark.parametrize(
        ("rate", "note"),
        [
            (0.0009, ()),
            (0.001, ("complaints about email: 0.1 %, mass and automated contacts stop at 0.3 %",)),
            (0.003, ("complaints about email: 0.3 %, mass and automated contacts are stopped",)),
        ],
    )
    def test_are_noted(self, profile, situation, rate, note):
        """From the lower rate on there is a note, with what happens or would."""
        assert complaint_notes(profile(), situation(world=self.rates(rate))) == note


class TestHours:
    def test_defer_to_the_recipients_hours(self, profile, situation, action, at):
        """An action waits for contact hours in the recipient's zone."""
        hours = {"phone": WORKDAYS, "email": WEEKEND}
        planned = [action(channel=Channel.PHONE), action(id="a2"), action(id="a3", channel="sms")]
        lead = Lead(id="l1", zone="America/New_York")
        (call, mail, sms), _, _ = check(profile(hours=hours), situation(lead=lead), planned)
        # Ten in the morning in UTC is five in New York; Saturday is three days on.
        assert call.earliest_us == at(4)
        assert mail.earliest_us == at(4 + 72)
        assert sms.earliest_us == at()

    def test_no_zone(self, profile, situation, action):
        """Without a zone there are no hours in it: refused, with what the host must supply."""
        planned = [action(), action(id="a2", channel=Channel.PHONE)]
        checked = check(profile(hours={"phone": WORKDAYS}), situation(lead=NOBODY), planned)
        assert [one.id for one in checked.allowed] == ["a1"]
        (blocked,) = checked.blocked
        assert (blocked.code, blocked.needs, blocked.action) == ("no-zone", ("zone",), planned[1])

    def test_assumed_zone(self, profile, situation, action, at):
        """A zone that the host declares is used and listed, once, where hours need it."""
        world = World(assume=Assume(zone="Asia/Kathmandu"))
        found = situation(lead=NOBODY, world=world)
        planned = [action(), action(id="a2")]
        checked = check(profile(hours={"email": WEEKEND}), found, planned)
        assert checked.assumptions == ("time zone assumed: Asia/Kathmandu",)
        assert checked.allowed[0].earliest_us == at(65.25)
        assert check(profile(hours={"phone": WEEKEND}), found, planned).assumptions == ()
        named = situation(lead=Lead(id="l1", zone="UTC"), world=world)
        assert check(profile(hours={"email": WEEKEND}), named, planned).assumptions == ()

    def test_never_open(self, profile, situation, action, at):
        """No hours within the horizon: refused, with when they come, if they do."""
        now = situation().as_of.date()
        closed = [now + timedelta(days=day) for day in range(70)]
        late = profile(
            hours={"email": ContactHours(windows="mon-sun 00:00-24:00", holidays=closed)}
        )
        (blocked,) = check(late, situation(), [action()]).blocked
        assert (blocked.code, blocked.until_us) == ("never-open", at(70 * 24 - 10))
        closed = [now + timedelta(days=day) for day in range(500)]
        never = profile(
            hours={"email": ContactHours(windows="mon-sun 00:00-24:00", holidays=closed)}
        )
        (blocked,) = check(never, situation(), [action()]).blocked
        assert (blocked.code, blocked.until_us) == ("never-open", None)

    def test_horizon_is_counted_from_the_plan(self, profile, situation, action, at):
        """An action planned beyond the horizon may still wait for its hours."""
        (allowed,), _, _ = check(
            profile(hours={"email": WEEKEND}, horizon_days=7), situation(), [action(24 * 98)]
        )
        assert allowed.earliest_us == at(24 * 98 + 71)


class TestSendWindows:
    MORNINGS = ContactHours(windows="mon-fri 08:00-12:00")
    EVENINGS = ContactHours(windows="mon-sun 18:00-20:00")

    def test_narrow_the_hours_of_the_channel(self, profile, situation, action, at):
        """An action lies only where its own hours and those of its channel are both open."""
        guards = profile(hours={"email": WORKDAYS})
        planned = action(3, hours=self.MORNINGS)
        (allowed,), _, _ = check(guards, situation(), [planned])
        # One o'clock is too late for the mornings; the channel opens at nine.
        assert allowed.earliest_us == at(23)

    def test_hold_where_the_channel_has_none(self, profile, situation, action, at):
        """A channel without hours is open always; an action's own hours hold all the same."""
        (allowed,), _, _ = check(profile(), situation(), [action(hours=self.EVENINGS)])
        assert allowed.earliest_us == at(8)

    def test_need_the_zone(self, profile, situation, action):
        """Hours of an action are the recipient's: without a zone it is refused, with one listed."""
        planned = action(hours=self.EVENINGS)
        (blocked,) = check(profile(), situation(lead=NOBODY), [planned]).blocked
        assert (blocked.code, blocked.needs) == ("no-zone", ("zone",))
        found = situation(lead=NOBODY, world=World(assume=Assume(zone="Asia/Kathmandu")))
        assert check(profile(), found, [planned]).assumptions == (
            "time zone assumed: Asia/Kathmandu",
        )

    def test_that_never_meet_those_of_the_channel(self, profile, situation, action):
        """Hours that have nothing in common never open, and are said to."""
        guards = profile(hours={"email": WORKDAYS})
        (blocked,) = check(guards, situation(), [action(hours=self.EVENINGS)]).blocked
        assert (blocked.code, blocked.until_us) == ("never-open", None)

    def test_that_meet_beyond_the_horizon(self, profile, situation, action, at):
        """Hours that meet too late are refused with the instant at which they do."""
        weekend = ContactHours(windows="sat 09:00-17:00")
        guards = profile(hours={"email": WEEKEND}, horizon_days=2)
        (blocked,) = check(guards, situation(), [action(hours=weekend)]).blocked
        assert (blocked.code, blocked.until_us) == ("never-open", at(71))


class TestZones:
    AMERICA = ("America/New_York", "America/Los_Angeles")

    def test_open_in_each(self, profile, situation, action, at):
        """With several possible zones it waits until each of them is within hours."""
        world = World(assume=Assume(zones=self.AMERICA))
        found = situation(lead=NOBODY, world=world)
        checked = check(profile(hours={"email": WORKDAYS}), found, [action()])
        # Nine in Los Angeles, when it is noon in New York.
        assert checked.allowed[0].earliest_us == at(7)
        assert checked.assumptions == ("time zones assumed: America/New_York, America/Los_Angeles",)

    def test_nothing_in_common(self, profile, situation, action):
        """Zones whose hours never meet leave no instant."""
        world = World(assume=Assume(zones=("America/New_York", "Asia/Tokyo")))
        found = situation(lead=NOBODY, world=world)
        (blocked,) = check(profile(hours={"email": WORKDAYS}), found, [action()]).blocked
        assert (blocked.code, blocked.until_us) == ("never-open", None)

    @pytest.mark.parametrize(
        ("lead", "assumed"),
        [
            (Lead(id="l1", zone="Asia/Tokyo", attributes={"country": "us"}), None),
            (Lead(id="l1", attributes={"country": "US"}), "America/New_York"),
            (Lead(id="l1", attributes={"country": "de"}), "Europe/Berlin"),
            (Lead(id="l1", attributes={"country": 1}), "Europe/Berlin"),
            (NOBODY, "Europe/Berlin"),
        ],
    )
    def test_what_is_known_most_closely(self, profile, situation, action, lead, assumed):
        """The lead's own zone, then its country's, then the candidates, then the one zone."""
        assume = Assume(
            zone="UTC", zones="Europe/Berlin", country_zones={"Us": ["America/New_York"]}
        )
        found = situation(lead=lead, world=World(assume=assume))
        lines = check(profile(hours={"email": WORKDAYS}), found, [action()]).assumptions
        assert lines == (() if assumed is None else (f"time zone assumed: {assumed}",))

    def test_none_known(self, profile, situation, action):
        """A country without zones and nothing else declared is an unknown zone: refused."""
        lead = Lead(id="l1", attributes={"country": "fr"})
        world = World(assume=Assume(country_zones={"us": self.AMERICA}))
        found = situation(lead=lead, world=world)
        checked = check(profile(hours={"email": WORKDAYS}), found, [action()])
        assert _codes(checked) == ["no-zone"]


class TestCaps:
    def test_defer_until_there_is_room(self, profile, situation, action, touch, at):
        """A full cap defers to the instant at which the window has let go."""
        (allowed,), _, _ = check(profile(caps=[DAILY]), situation(touch(-3)), [action()])
        assert allowed.earliest_us == at(21)

    def test_accepted_actions_fill_it(self, profile, situation, action, at):
        """What is accepted first fills the cap for what yields."""
        planned = [action(), action(1, id="a2", priority=1, channel=Channel.PHONE)]
        (first, second), _, _ = check(profile(caps=[DAILY]), situation(), planned)
        assert (first.id, first.earliest_us) == ("a2", at(1))
        assert (second.id, second.earliest_us) == ("a1", at(25))

    def test_room_before_a_later_one(self, profile, situation, action, at):
        """What yields may come before what it yields to, where both windows have room."""
        planned = [action(), action(24, id="a2", priority=1)]
        (first, second), _, _ = check(profile(caps=[DAILY]), situation(), planned)
        assert (first.earliest_us, second.earliest_us) == (at(24), at())

    def test_hours_and_caps_together(self, profile, situation, action, touch, at):
        """The instant suits hours and caps both: room on Thursday evening, hours on Friday."""
        guards = profile(hours={"email": WORKDAYS}, caps=[DAILY], minimum_gap_hours=32)
        (allowed,), _, _ = check(guards, situation(touch(-1)), [action()])
        assert allowed.earliest_us == at(47)

    def test_no_room_within_the_horizon(self, profile, situation, action, touch, at):
        """No room within the horizon: refused, with when there is."""
        yearly = Cap(name="yearly", at_most=1, window_days=365)
        (blocked,) = check(profile(caps=[yearly]), situation(touch(-24)), [action()]).blocked
        assert (blocked.code, blocked.until_us) == ("capped", at(364 * 24))
        assert blocked.action.earliest_us == at()

    def test_no_hours_after_the_caps(self, profile, situation, action, touch):
        """Hours that end before there is room: refused as capped, without an instant."""
        now = situation().as_of.date()
        hours = ContactHours(
            windows="mon-sun 00:00-24:00",
            holidays=[now + timedelta(days=day) for day in range(2, 800)],
        )
        weekly = Cap(name="weekly", at_most=1, window_days=7)
        guards = profile(hours={"email": hours}, caps=[weekly])
        (blocked,) = check(guards, situation(touch(-1)), [action()]).blocked
        assert (blocked.code, blocked.until_us) == ("capped", None)

    def test_drop(self, profile, situation, action, touch, at):
        """A cap that drops refuses at once what a cap that defers would defer."""
        found = situation(touch(-3))
        (blocked,) = check(profile(caps=[DROPPED]), found, [action()]).blocked
        assert (blocked.code, blocked.until_us) == ("capped", at(21))
        assert "`dropped`" in blocked.reason

    def test_drop_when_it_falls_due(self, profile, situation, action, touch, at):
        """A cap drops what is due while it is full, though by the next hours there is room."""
        found = situation(touch(3 * 24 - 1), hours=3 * 24)
        guards = profile(hours={"email": WORKDAYS}, caps=[DROPPED])
        (blocked,) = check(guards, found, [action()]).blocked
        assert (blocked.code, blocked.until_us) == ("capped", at(4 * 24 - 1))
        assert len(check(profile(hours={"email": WORKDAYS}), found, [action()]).allowed) == 1

    def test_drop_where_it_comes_to_lie(self, profile, situation, action, at):
        """A cap also drops what was deferred into a full window."""
        # Due on Saturday, open on Monday at nine, an hour before what it yields to.
        guards = profile(hours={"email": WORKDAYS}, caps=[DROPPED])
        monday = action(5 * 24, id="a2", priority=1)
        checked = check(guards, situation(), [action(3 * 24), monday])
        assert [one.id for one in checked.allowed] == ["a2"]
        assert (_codes(checked), checked.blocked[0].until_us) == (["capped"], at(6 * 24))
        assert len(check(guards, situation(), [action(3 * 24)]).allowed) == 1

    def test_a_reps_action_is_only_deferred(self, profile, situation, action, touch, at):
        """A one-to-one action waits where another would be dropped."""
        planned = action(style=Style.ONE_TO_ONE, team=Team.SALES)
        (allowed,), _, _ = check(profile(caps=[DROPPED]), situation(touch(-3)), [planned])
        assert allowed.earliest_us == at(21)

    def test_what_is_shown_to_everybody(self, profile, situation, action, touch):
        """An advertisement neither waits for a cap nor fills one."""
        guards = profile(caps=[DAILY], minimum_gap_hours=5)
        banner = action(id="a2", channel=Channel.ADS, priority=0)
        checked = check(guards, situation(), [banner, action()])
        assert len({one.earliest_us for one in checked.allowed}) == 1


class TestCalendarDays:
    TODAY = Cap(name="today", at_most=1, calendar_days=1)

    def test_until_the_recipients_midnight(self, profile, situation, action, touch, at):
        """One a day means a calendar day of the recipient, not 24 hours."""
        guards = profile(caps=[self.TODAY])
        (allowed,), _, _ = check(guards, situation(touch(-1)), [action()])
        assert allowed.earliest_us == at(14)
        # What went out at nine in the evening leaves room from midnight on.
        (allowed,), _, _ = check(guards, situation(touch(-13)), [action()])
        assert allowed.earliest_us == at()
        lead = Lead(id="l1", zone="America/New_York")
        (allowed,), _, _ = check(guards, situation(touch(-1), lead=lead), [action()])
        assert allowed.earliest_us == at(19)

    def test_consecutive_dates(self, profile, situation, action, touch, at):
        """A window of three dates that holds one lets the next in on the fourth."""
        three = Cap(name="three", at_most=1, calendar_days=3)
        (allowed,), _, _ = check(profile(caps=[three]), situation(touch(-1)), [action()])
        assert allowed.earliest_us == at(14 + 48)

    def test_in_every_zone(self, profile, situation, action, touch, at):
        """With several possible zones the dates must differ in each; the zones are listed."""
        world = World(assume=Assume(zones=("Asia/Tokyo", "America/New_York")))
        found = situation(touch(-1), lead=NOBODY, world=world)
        (allowed,), _, assumptions = check(profile(caps=[self.TODAY]), found, [action()])
        # Midnight in New York; there it is two in the afternoon in Tokyo, of the day after too.
        assert allowed.earliest_us == at(19)
        assert assumptions == ("time zones assumed: Asia/Tokyo, America/New_York",)

    def test_without_a_zone(self, profile, situation, action, touch, at):
        """Without a zone it waits until no zone can have one date for both."""
        found = situation(touch(-1), lead=NOBODY)
        (allowed,), _, assumptions = check(profile(caps=[self.TODAY]), found, [action()])
        assert (allowed.earliest_us, assumptions) == (at(24 + 26 - 1), ())

    def test_a_date_that_a_zone_skips(self, profile, action, touch, consent):
        """Where a date is left out the next one that there is has room."""
        # Apia went from 29 to 31 December 2011 at ten in the morning, UTC.
        before = datetime(2011, 12, 30, 9, tzinfo=UTC)
        planned = attrs.evolve(action(), earliest_us=to_us(before, field="test"))
        lead = Lead(id="l1", zone="Pacific/Apia")
        done = attrs.evolve(touch(0), occurred_at=before - timedelta(hours=1), recorded_at=None)
        grant = attrs.evolve(consent(), occurred_at=before - timedelta(days=9), recorded_at=None)
        found = Situation(lead, [done, grant], as_of=before)
        (allowed,), _, _ = check(profile(caps=[self.TODAY]), found, [planned])
        assert allowed.earliest_us == to_us(before + timedelta(hours=1), field="test")


class TestScopes:
    ACCOUNT = Cap(name="account", at_most=2, window_days=1, scope="account")

    def peers(self, *touches, account="acme"):
        peer = Lead(id="l2", account=account)
        moved = [attrs.evolve(one, lead_id="l2") for one in touches]
        return World(peers=[Peer(lead=peer, history=History(moved))])

    def test_all_leads_of_the_account(self, profile, situation, action, touch, at):
        """A cap over the account counts its other leads' contacts, one over a person doesn't."""
        lead = Lead(id="l1", account="acme", zone="UTC")
        # The peer's touch has the same id as the lead's own: they are two all the same.
        found = situation(touch(-3), lead=lead, world=self.peers(touch(-3), touch(-2)))
        (allowed,), _, _ = check(profile(caps=[self.ACCOUNT]), found, [action()])
        assert allowed.earliest_us == at(22 - 1)
        person = attrs.evolve(self.ACCOUNT, scope="person")
        (allowed,), _, _ = check(profile(caps=[person]), found, [action()])
        assert allowed.earliest_us == at()

    @pytest.mark.parametrize("account", [None, "other"])
    def test_of_this_account_only(self, profile, situation, action, touch, at, account):
        """Leads of no account, or another one, aren't of this one."""
        for own in (account, "acme"):
            found = situation(
                lead=Lead(id="l1", account=own),
                world=self.peers(touch(-3), touch(-2), account=None if own else account),
            )
            (allowed,), _, _ = check(profile(caps=[self.ACCOUNT]), found, [action()])
            assert allowed.earliest_us == at()

    def test_a_tag(self, profile, situation, action, touch, at):
        """A tag counts contacts of that sequence, campaign or topic, done or planned."""
        tagged = Cap(name="spring", at_most=1, window_days=1, tag="spring")
        guards = profile(caps=[tagged])
        planned = action(topic="spring")
        for field in ("sequence", "campaign", "topic"):
            found = situation(touch(-3, **{field: "spring"}))
            assert check(guards, found, [planned]).allowed[0].earliest_us == at(21)
            # Another tag, or none, neither counts nor is counted.
            for other in (action(), action(topic="autumn")):
                assert check(guards, found, [other]).allowed[0].earliest_us == at()
        assert check(guards, situation(touch(-3)), [planned]).allowed[0].earliest_us == at()
        both = [action(id="a0", sequence="spring"), planned]
        times = [one.earliest_us for one in check(guards, situation(), both).allowed]
        assert times == [at(), at(24)]


class TestAdvance:
    EARLY = Cap(name="early", at_most=1, window_days=1, then="advance")

    def test_the_last_instant_before(self, profile, situation, action, at):
        """What would be deferred comes earlier, as late as there is room."""
        planned = [action(30), action(30, id="a2", priority=1)]
        first, second = check(profile(caps=[self.EARLY]), situation(), planned).allowed
        assert (first.earliest_us, second.earliest_us) == (at(30), at(6))

    def test_within_hours_and_the_other_limits(self, profile, situation, action, at):
        """The earlier instant suits hours and every other limit too."""
        guards = profile(caps=[self.EARLY], hours={"email": WORKDAYS}, minimum_gap_hours=2)
        planned = [action(6 * 24), action(6 * 24, id="a2", priority=1)]
        _, second = check(guards, situation(), planned).allowed
        # A day before Tuesday at ten is Monday at ten.
        assert second.earliest_us == at(5 * 24)
        weekend = profile(caps=[self.EARLY], hours={"email": WEEKEND})
        planned = [action(3 * 24 + 1), action(3 * 24 + 1, id="a2", priority=1)]
        first, second = check(weekend, situation(), planned).allowed
        # Nothing is open before Saturday: it waits for Sunday after all.
        assert (first.earliest_us, second.earliest_us) == (at(3 * 24 + 1), at(4 * 24 + 1))

    def test_a_window_that_was_open_before(self, profile, situation, action, at):
        """The last instant of a window that has closed is just before its end."""
        guards = profile(caps=[self.EARLY], hours={"email": WORKDAYS})
        planned = [action(23), action(23, id="a2", priority=1)]
        found = situation(hours=-24 * 1)
        _, second = check(guards, found, planned).allowed
        # A day before nine on Thursday.
        assert second.earliest_us == at(-1)
        planned = [action(22.5), action(22.5, id="a2", priority=1)]
        first, second = check(guards, found, planned).allowed
        assert (first.earliest_us, second.earliest_us) == (at(23), at(-1))

    @pytest.mark.parametrize("hours", [0, 20, 23])
    def test_never_in_the_past(self, profile, situation, action, touch, at, hours):
        """Where no instant is left before it falls due, it waits."""
        guards = profile(caps=[self.EARLY])
        (allowed,) = check(guards, situation(touch(-1)), [action(hours - 1)]).allowed
        assert allowed.earliest_us == at(23)

    def test_never_before_the_last_hours(self, profile, situation, action, touch, at):
        """Room that would have been in hours that have passed is none."""
        guards = profile(caps=[self.EARLY], hours={"email": WORKDAYS})
        # Due on Thursday before hours, with a mail on Wednesday: back from there it is too late.
        found = situation(touch(-1), hours=8)
        (allowed,) = check(guards, found, [action(24)]).allowed
        assert allowed.earliest_us == at(24)
        (allowed,) = check(guards, found, [action(22.5)]).allowed
        assert allowed.earliest_us == at(23)

    def test_not_before_its_content_is_out(self, profile, situation, action, at):
        """Content that isn't out yet can't be sent earlier."""
        now = situation().as_of
        planned = [action(30, id="a2", content="guide"), action(30, priority=1)]
        for hours, earliest in ((6, 6), (7, 54)):
            out = Content(id="guide", published_at=now + timedelta(hours=hours))
            found = situation(world=World(content=[out]))
            _, second = check(profile(caps=[self.EARLY]), found, planned).allowed
            assert second.earliest_us == at(earliest)

    def test_a_calendar_day_earlier(self, profile, situation, action, at):
        """Advanced over calendar days it comes on the last date with room, at its end."""
        today = Cap(name="today", at_most=1, calendar_days=1, then="advance")
        planned = [action(30), action(30, id="a2", priority=1)]
        _, second = check(profile(caps=[today]), situation(), planned).allowed
        assert second.earliest_us == at(14) - 1

    def test_a_reps_action_waits(self, profile, situation, action, at):
        """A one-to-one action is deferred where another would be advanced."""
        call = action(30, style=Style.ONE_TO_ONE, channel=Channel.PHONE)
        planned = [call, action(30, id="a2", priority=1)]
        _, second = check(profile(caps=[self.EARLY]), situation(), planned).allowed
        assert second.earliest_us == at(54)


class TestMachines:
    """What a machine at the other end does is no contact, no permission and no word."""

    KINDS = FrozenMap({"email_opened": Kind.of(direction="inbound", channel="email", human=False)})

    @pytest.mark.parametrize(
        "fields",
        [
            {"direction": "inbound", "automated": True},
            {"kind": "email_opened", "direction": None, "automated": False},
            {"kind": "email_opened", "direction": "inbound", "automated": True},
        ],
    )
    def test_change_nothing(self, profile, situation, action, touch, fields):
        """An automated inbound touch, or a kind that no human makes, changes no answer."""
        opened = touch(-1, **fields)
        guards = profile(
            caps=[DAILY, attrs.evolve(DAILY, name="account", scope="account")],
            minimum_gap_hours=5,
        )
        for granted in (True, False):
            plain = situation(granted=granted, kinds=self.KINDS)
            seen = situation(opened, granted=granted, kinds=self.KINDS)
            planned = [action(), action(2, id="a2", style=Style.ONE_TO_ONE)]
            assert check(guards, seen, planned) == check(guards, plain, planned)
            assert confirm(guards, seen, planned[0]) == confirm(guards, plain, planned[0])
            assert seen.restrictions == plain.restrictions

    def test_of_a_human_counts_where_we_made_it(self, profile, situation, action, touch, at):
        """Our own automated mail does count: the machine is ours, the person gets it."""
        sent = touch(-1, automated=True)
        (allowed,) = check(profile(caps=[DAILY]), situation(sent), [action()]).allowed
        assert allowed.earliest_us == at(23)


class TestBasis:
    def test_none(self, profile, situation, action):
        """Without a legal basis there is no contact: refused, with what the host must supply."""
        planned = action()
        (blocked,) = check(profile(), situation(granted=False), [planned]).blocked
        assert (blocked.code, blocked.needs, blocked.action) == ("no-basis", ("basis",), planned)

    def test_at_the_planned_instant(self, profile, situation, action, consent):
        """The basis must hold when the action happens, not when it is planned."""
        grant = consent(expires_at=situation().as_of + timedelta(hours=2))
        found = situation(grant, granted=False)
        assert len(check(profile(), found, [action(1)]).allowed) == 1
        assert _codes(check(profile(), found, [action(2)])) == ["no-basis"]

    def test_at_the_deferred_instant(self, profile, situation, action, consent, touch):
        """What waits beyond its basis isn't done."""
        grant = consent(expires_at=situation().as_of + timedelta(hours=2))
        found = situation(grant, touch(-3), granted=False)
        assert _codes(check(profile(caps=[DAILY]), found, [action()])) == ["no-basis"]

    def test_a_refused_action_fills_no_cap(self, profile, situation, action):
        """What has no basis leaves its room to what yields to it."""
        found = situation(granted=False, world=World(assume=Assume(basis={"email": "contract"})))
        planned = [action(), action(id="a2", channel=Channel.PHONE, priority=0)]
        checked = check(profile(caps=[DAILY]), found, planned)
        assert _codes(checked) == ["no-basis"]
        assert checked.allowed[0].earliest_us == found.as_of_us

    def test_assumed(self, profile, situation, action):
        """A basis that the host declares is used and listed, once."""
        world = World(assume=Assume(basis={"email": "legitimate_interest"}))
        found = situation(granted=False, world=world)
        checked = check(profile(), found, [action(), action(id="a2")])
        assert {one.basis for one in checked.allowed} == {"legitimate_interest"}
        assert checked.assumptions == ("legal basis for email assumed: legitimate_interest",)


def test_wave_after_wave(profile, situation, action, at):
    """What was accepted counts in the next wave; what was only asked about doesn't."""
    guards = Admission(profile(caps=[DAILY]), situation())
    assert guards.check([action()]).allowed[0].earliest_us == at()
    assert guards.check([action()]).allowed[0].earliest_us == at()
    guards.accept(action(), at())
    later = guards.at(at(2))
    assert later.check([action(id="a2")]).allowed[0].earliest_us == at(24)
    later.accept(action(id="a2"), at(24))
    assert guards.check([action(id="a3")]).allowed[0].earliest_us == at(48)


def test_the_attention_budget(profile, situation, action, at):
    """One cap without a scope is both teams' budget; the answer to a hand-raise gets it first."""
    one_to_one = {"style": Style.ONE_TO_ONE, "team": Team.SALES, "channel": Channel.PHONE}
    ladder = [
        action(id="answer", priority=0, **one_to_one),
        action(id="agreed", priority=1, **one_to_one),
        action(id="rep", priority=2, **one_to_one),
        action(id="sequence", priority=3),
        action(id="mass", priority=4, style=Style.MASS),
    ]
    guards = profile(caps=[DAILY])
    while ladder:
        checked = check(guards, situation(), ladder[::-1])
        times = {one.id: one.earliest_us for one in checked.allowed}
        # Room for one today: it is the first of the ladder's, the others follow day by day.
        assert times == {one.id: at(24 * day) for day, one in enumerate(ladder)}
        ladder.pop(0)


def test_who_yields(profile, situation, action):
    """Priority goes first, then the sequence's rank, then the earlier, then the id."""
    planned = [
        action(id="mass", priority=4),
        action(id="b", rank=1),
        action(id="a", rank=1),
        action(-1, id="z", rank=1),
        action(id="high", rank=9),
        action(5, id="answer", priority=0),
    ]
    for order in (planned, planned[::-1]):
        checked = check(profile(), situation(), order)
        names = [one.id for one in checked.allowed]
        assert names == ["answer", "high", "z", "a", "b", "mass"]
