"""Both teams held to account: coverage and deadlines, and blame settled in numbers."""

from datetime import timedelta

import attrs

import nurturekit as nk
from nurturekit.accountability import report
from tests.builders import BOTH, called, day, did, moved, night, run, world
from tests.cases import case

LED = "sales-led"
START, END = day(-1), night(13)


def lived(policy, lead, *records, rep="rep-7", nights=13):
    """Return a lead that was decided every night, moves appended, and its last decision."""
    decisions, history = run(policy, [*BOTH, *records], nights, rep=rep, mail=False)
    last = attrs.evolve(decisions[-1], lead_id=lead)
    return case(*history.records, lead=lead), last


def told(lives, policy=LED, end=END):
    """Report on lives: leads with their last decisions."""
    return report(
        [one for one, _ in lives],
        start=START,
        end=end,
        kinds=nk.preset(policy).kinds,
        decisions=[decision for _, decision in lives],
        minutes={"phone": 6},
    )


def test_coverage_is_of_all_leads_not_of_a_few():
    """Given four leads of which a rep calls one, sales has touched a quarter of what it owns.

    Source: S1-11
    """
    busy = lived(LED, "called", did("form_submitted", 0), called(1))
    left = [lived(LED, f"left-{number}", did("form_submitted", 0)) for number in range(3)]
    made = told([busy, *left])
    share = made.find("share touched", team="sales")
    assert (share.value, share.n, share.small) == (0.25, 4, True)
    assert made.find("leads owned at the end", team="sales").value == 4


def test_follow_up_has_a_deadline_and_being_late_shows():
    """Given a response due in working hours, a call before it is on time, one days later isn't.

    Source: S1-11
    """
    prompt = lived(LED, "prompt", did("form_submitted", 0), called(1))
    late = lived(LED, "late", did("form_submitted", 0), called(9))
    on_time = told([prompt, late]).find("on time", team="sales")
    assert 0 < on_time.value < 1
    assert told([prompt]).find("on time", team="sales").value == 1


def test_nobody_is_blamed_for_what_isn_t_due_yet():
    """Given a lead that came last night, the open request is censored, never a failure.

    Source: S1-11
    """
    new = lived(LED, "new", did("form_submitted", 0), nights=1)
    first = told([new], end=night(0) + timedelta(hours=1))
    owed = first.find("on time", team="sales")
    assert (owed.value, owed.n, owed.open) == (None, 0, 1)
    waiting = first.find("first touch, median", team="sales")
    assert (waiting.value, waiting.open) == (None, waiting.n)


def test_every_open_lead_has_a_next_action():
    """Given decisions of every policy, no open lead is without an action or a reason why not.

    Source: S1-11
    """
    for policy in nk.PRESETS:
        lives = [lived(policy, "one", did("price_asked", 0)), lived(policy, "two", called(2))]
        made = told(lives, policy)
        idle = [made.find("without a next action", team=team) for team in nk.Team]
        assert [one.value for one in idle] == [0, 0]
        assert sum(one.n for one in idle) == 2


def handed(policy, lead, campaign, *answer):
    """Return a lead with a demo request that came by a campaign, and what sales made of it."""
    asked = did("demo_requested", 0, campaign=campaign)
    return lived(policy, lead, asked, *answer, nights=4)


def turned_down(reason):
    """Return a rejection by rep-7 on the next morning."""
    return moved("rejected", 1, reason=reason, rep="rep-7")


def test_the_blame_game_ends_in_data_both_ways():
    """Given one campaign's leads turned down and another's taken, both sides have their number.

    Source: S1-12
    """
    policy = "marketing-led"
    lives = [
        handed(policy, "fair-1", "fair", turned_down("bad_fit")),
        handed(policy, "fair-2", "fair", turned_down("no_need")),
        handed(policy, "webinar-1", "webinar", called(1)),
        handed(policy, "webinar-2", "webinar", called(1, outcome="voicemail")),
    ]
    made = told(lives, policy)
    rates = [made.find("acceptance rate", side="quality", source=name) for name in BY]
    assert [rate.value for rate in rates] == [0, 1]
    given = made.find("rejection rate", side="quality", team="marketing")
    assert (given.value, given.n) == (0.5, 4)
    reasons = [
        (one.detail, one.value)
        for one in made.measures
        if one.name == "rejected because" and one.side == "quality" and one.team == "marketing"
    ]
    assert reasons == [("bad_fit", 1), ("no_need", 1)]
    effort = made.find("followed up", team="sales")
    assert (effort.value, effort.n) == (0.5, 4)


BY = ("fair", "webinar")


def test_speed_is_measured_in_the_team_s_hours():
    """Given an offer on Monday night, a call at Tuesday noon took two office hours, not fourteen.

    Source: S1-12
    """
    offered = moved("offered", 0, at=night(0), was="marketing", to="sales", rep="rep-7")
    noon = called(1, at=night(0) + timedelta(hours=12))
    owner = moved("owner", -1, to="marketing")
    made = report([case(owner, offered, noon, scene=world())], start=START, end=END)
    speed = made.find("first touch, median", team="sales", rep="rep-7")
    assert (speed.value, speed.note) == (2, "business hours")


def test_a_lapse_is_sales_s_and_a_withdrawal_nobody_s():
    """Given a lead nobody takes, offers lapse and count; one that closes is withdrawn and doesn't.

    Source: S1-12
    """
    policy = "marketing-led"
    ignored = handed(policy, "ignored", "fair")
    closed = handed(policy, "closed", "fair", moved("stage", 0.7, to="lost", reason="competitor"))
    made = told([ignored, closed], policy)
    rate = made.find("lapse rate", team="sales")
    assert rate.value == 1
    assert made.find("withdrawn", team="sales").value == 1
    assert rate.n == made.find("lapsed", team="sales").value


def test_minutes_spent_on_voicemail_are_shown():
    """Given a rep whose calls reach nobody, the minutes they cost are told apart.

    Source: S1-12
    """
    calls = [called(number, outcome="voicemail") for number in (1, 2, 3)]
    made = told([lived(LED, "silent", did("form_submitted", 0), *calls, called(4))])
    spent, wasted = (
        made.find(name, team="sales", rep="rep-7") for name in ("minutes spent", "minutes wasted")
    )
    assert (spent.value, wasted.value) == (24, 18)
