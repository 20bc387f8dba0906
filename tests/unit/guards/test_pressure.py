"""Contact pressure: which contacts count, and when there is room for one more."""

from datetime import timedelta

import pytest

from nurturekit.guards import Cap
from nurturekit.guards.pressure import Pressure
from nurturekit.guards.room import first_free, last_free
from nurturekit.instants import DAY_US
from nurturekit.records import History, Kind, Lead, Opening, Peer, Rep, World
from nurturekit.vocabulary import Channel, Style, Team

WEEK = Cap(name="week", at_most=2, window_days=7)


@pytest.mark.parametrize(
    ("times", "us", "at_most", "free"),
    [
        ([], 5, 1, 5),
        ([0], 9, 1, 10),
        ([0], 10, 1, 10),
        ([0, 5], 9, 2, 10),
        ([0, 5], 9, 3, 9),
        ([0, 5], 9, 1, 15),
        # A later contact is looked at too: one more, less than ten before it, is too many.
        ([20], 10, 1, 10),
        ([20], 11, 1, 30),
        ([20, 35], 11, 1, 45),
        ([20, 40], 11, 1, 30),
        ([0, 12], 8, 2, 8),
        ([0, 9], 5, 2, 10),
        # What is too full already is no reason against what shares no window with it.
        ([0, 1, 2], 12, 1, 12),
        ([0, 1, 2], 11, 1, 12),
        ([5, 5], 5, 2, 15),
    ],
)
def test_first_free(times, us, at_most, free):
    """The first instant with room leaves no window of ten with more than the cap."""
    assert first_free(times, us, at_most=at_most, window=10) == free


@pytest.mark.parametrize(
    ("times", "us", "at_most", "free"),
    [
        ([], 5, 1, 5),
        ([20], 11, 1, 10),
        ([20], 10, 1, 10),
        ([0, 5], 9, 1, -10),
        ([0, 20], 9, 1, -10),
        ([0, 20], 10, 1, 10),
        ([5, 12], 9, 2, 2),
    ],
)
def test_last_free(times, us, at_most, free):
    """The last instant with room leaves no window of ten with more than the cap."""
    assert last_free(times, us, at_most=at_most, window=10) == free


def _times(profile, situation, limit=WEEK):
    return Pressure(profile(caps=[limit]), situation).times(limit)


def test_counts_what_we_sent_to_a_person(profile, situation, touch, at):
    """Outbound touches that reach a person count, mass ones included; others don't."""
    records = [
        touch(-1),
        touch(-2, style="mass"),
        touch(-3, direction="inbound"),
        touch(-4, channel="ads"),
        touch(-5, channel="web"),
        touch(-6, channel="phone", style="one_to_one", rep="r1"),
        touch(-7, direction=None),
    ]
    assert _times(profile, situation(*records)) == [at(-6), at(-2), at(-1)]


def test_what_a_kind_says(profile, situation, touch, at):
    """Where a touch says nothing, the playbook's description of its kind does."""
    silent = {"direction": None, "channel": None, "style": None}
    records = [
        touch(-1, kind="newsletter_sent", **silent),
        touch(-2, kind="banner_shown", **silent),
    ]
    kinds = {
        "newsletter_sent": Kind.of(direction="outbound", channel="email", style="mass"),
        "banner_shown": Kind.of(direction="outbound", channel="ads"),
    }
    found = situation(*records, kinds=kinds)
    assert _times(profile, found) == [at(-1)]
    assert _times(profile, found, Cap(name="c", at_most=1, window_days=7, channel="phone")) == []


@pytest.mark.parametrize(
    "scope", [{"channel": "phone"}, {"team": "sales"}, {"styles": ["one_to_one"]}]
)
def test_what_is_not_known_counts(profile, situation, touch, at, scope):
    """A contact of unknown channel, team or style counts for each."""
    unknown = touch(-1, channel=None, style=None)
    limit = Cap(name="cap", at_most=1, window_days=7, **scope)
    assert _times(profile, situation(unknown), limit) == [at(-1)]


def test_team_of_a_rep(profile, situation, touch, at):
    """A known rep's touch counts for that rep's team only; an unknown rep's for both."""
    records = [touch(-1, rep="r1"), touch(-2, rep="r2"), touch(-3, rep="r3")]
    world = World(reps=[Rep(id="r1", team="sales"), Rep(id="r2", team="marketing")])
    limit = Cap(name="cap", at_most=1, window_days=7, team="sales")
    assert _times(profile, situation(*records, world=world), limit) == [at(-3), at(-1)]


def test_forgets_what_shares_no_window(profile, situation, touch, at):
    """A contact exactly a window ago doesn't count any more."""
    month = Cap(name="month", at_most=9, window_days=30)
    found = situation(touch(-7 * 24), touch(-7 * 24 + 1), touch(-30 * 24), touch(-30 * 24 + 1))
    pressure = Pressure(profile(caps=[WEEK, month]), found)
    assert pressure.times(WEEK) == [at(-7 * 24 + 1)]
    assert pressure.times(month) == [at(-30 * 24 + 1), at(-7 * 24), at(-7 * 24 + 1)]


def test_one_person_who_is_several_leads(profile, situation, touch, at):
    """Touches of the same person under another lead count once; other people's don't."""
    own = touch(-1)
    lead = Lead(id="l1", person_id="p1")
    peers = [
        Peer(lead=Lead(id="l2", person_id="p1"), history=History([own, touch(-2), touch(2)])),
        Peer(lead=Lead(id="l3", person_id="p3"), history=History([touch(-3)])),
        Peer(lead=Lead(id="l4"), history=History([touch(-4)])),
        Peer(lead=lead, history=History([touch(-5)])),
    ]
    world = World(peers=peers)
    assert _times(profile, situation(own, lead=lead, world=world)) == [at(-2), at(-1)]
    assert _times(profile, situation(own, world=world)) == [at(-1)]


def test_last_touch_of_a_column(profile, situation, at):
    """A CRM column's last touch counts, as late as it can have been."""
    now = situation().as_of
    today, yesterday = now.date(), now.date() - timedelta(days=1)
    opening = Opening(
        id="o1",
        lead_id="l1",
        occurred_at=now - timedelta(hours=2),
        last_touch={"email": today, "phone": yesterday, "ads": today, "post": today.replace(2025)},
    )
    assert _times(profile, situation(opening)) == [at(14 - 24) - 1, at(-2)]


def test_accepted_actions_count(profile, situation, action, at):
    """An accepted action counts from then on, where a cap has been asked and where it hasn't."""
    mails = Cap(name="mails", at_most=1, window_days=1, channel="email")
    calls = Cap(name="calls", at_most=1, window_days=1, channel="phone")
    late = Cap(name="late", at_most=1, window_days=1)
    pressure = Pressure(profile(caps=[mails, calls, late]), situation())
    assert pressure.times(mails) == pressure.times(calls) == []
    pressure.accept(action(), at(5))
    pressure.accept(action(channel=Channel.ADS), at(6))
    assert pressure.times(mails) == [at(5)]
    assert pressure.times(calls) == []
    assert pressure.times(late) == [at(5)]
    assert pressure.free_from(mails, at(4)) == at(5) + DAY_US


def test_accepted_actions_have_a_scope(profile, situation, action, at):
    """An accepted action counts for its own team and style only."""
    pressure = Pressure(profile(caps=[WEEK]), situation())
    pressure.accept(action(team=Team.SALES, style=Style.ONE_TO_ONE), at(1))
    for scope, count in (({"team": "marketing"}, 0), ({"styles": ["one_to_one"]}, 1)):
        limit = Cap(name=str(scope), at_most=1, window_days=1, **scope)
        assert len(pressure.times(limit)) == count
