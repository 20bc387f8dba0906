"""Time to the first touch: when a clock runs, whose it is, and what stops it."""

from datetime import timedelta

import attrs
import pytest

import nurturekit as nk
from tests.builders import called, day, did, mailed, moved, world
from tests.unit.accountability.cases import (
    WITH_MARKETING,
    WITH_SALES,
    ended,
    found,
    offered,
    taken,
)

MEDIAN = "first touch, median"


def hours(*histories, **about):
    """Return the median hours to the first touch."""
    return found(MEDIAN, *histories, **about).value


def clocks(*records, **about):
    """Return how many clocks ran for one lead, and how many weren't stopped by a touch."""
    one = found(MEDIAN, [*records], **about)
    return one.n, one.open


def test_from_the_offer_to_the_first_sales_touch():
    """Sales took a day and a half: by day 2.5 it had called the lead offered on day 1."""
    offer = offered(1)
    records = [WITH_MARKETING, offer, called(2.5), *taken(3, offer), called(4)]
    assert hours(records) == hours(records, rep="rep-7") == 36
    assert clocks(*records) == clocks(*records, rep="rep-7") == (1, 0)


def test_an_open_offer_is_censored_at_the_end():
    """Nobody has called yet: that took at least so long, and is no failure."""
    assert clocks(WITH_MARKETING, offered(1)) == (1, 1)
    late = [WITH_MARKETING, offered(59)]
    quick = [WITH_MARKETING, offered(1), called(1.5)]
    assert hours(late, quick) == 12
    assert hours(late) is None


@pytest.mark.parametrize("kind", ["rejected", "lapsed", "withdrawn"])
def test_what_ends_the_offer_stops_the_clock(kind):
    """After its end nobody is asked any more, so a later touch is nobody's answer to it."""
    offer = offered(1)
    records = [WITH_MARKETING, offer, ended(kind, 3, offer), called(9)]
    assert clocks(*records) == clocks(*records, rep="rep-7") == (1, 1)


def test_each_offer_has_its_own_clock():
    """A lapse and a further offer to another rep are two times, one of them seen."""
    first, second = offered(1), offered(3, "rep-8", id="again", answers="offered-1")
    records = [WITH_MARKETING, first, ended("lapsed", 3, first), second, called(4, rep="rep-8")]
    assert clocks(*records) == (2, 1)
    assert (clocks(*records, rep="rep-7"), clocks(*records, rep="rep-8")) == ((1, 1), (1, 0))
    assert hours(records, rep="rep-8") == 24


def test_an_offer_replaced_without_an_end_is_another_clock():
    """The first clock stops where the second starts."""
    records = [WITH_MARKETING, offered(1), offered(3, "rep-8", id="again"), called(4, rep="rep-8")]
    assert clocks(*records) == (2, 1)
    assert hours(records, rep="rep-8") == 24


def test_a_rep_is_timed_from_being_named():
    """The team's time runs from the offer, the rep's from when the rep was named for it."""
    records = [
        WITH_MARKETING,
        offered(1, None),
        moved("rep", 2, rep="rep-7"),
        moved("rep", 2.25, rep="rep-7", id="twice"),
        called(2.5),
    ]
    assert (hours(records), hours(records, rep="rep-7")) == (36, 12)
    assert clocks(*records, rep="rep-7") == (1, 0)


def test_another_rep_s_touch_only_ends_a_rep_s_time():
    """The team has answered; rep-7 hasn't, and isn't asked any more."""
    offer = offered(1)
    records = [WITH_MARKETING, offer, called(2, rep="rep-8"), *taken(2.5, offer, "rep-8")]
    assert clocks(*records) == (1, 0)
    assert clocks(*records, rep="rep-7") == (1, 1)


def test_a_touch_by_nobody_named_is_the_rep_s_in_force():
    """A log that names nobody doesn't make the rep late."""
    unnamed = called(2, rep=None)
    assert clocks(WITH_MARKETING, offered(1), unnamed, rep="rep-7") == (1, 0)


def test_accepted_by_word_isn_t_touched_yet():
    """The clock goes on until the first touch; who said yes is timed from then on."""
    offer = offered(1)
    records = [WITH_MARKETING, offer, *taken(2, offer, "rep-8"), called(3, rep="rep-8")]
    assert hours(records) == 48
    assert (clocks(*records, rep="rep-7"), hours(records, rep="rep-8")) == ((1, 1), 24)
    unnamed = [WITH_MARKETING, offer, *taken(2, offer, None), called(3)]
    assert hours(unnamed, rep="rep-7") == 48


def test_an_end_of_another_offer_stops_nothing():
    """What answers an earlier offer leaves the one that waits alone; so does an end of none."""
    first, second = offered(1), offered(3, "rep-8", id="again")
    records = [WITH_MARKETING, first, second, ended("lapsed", 4, first), called(5, rep="rep-8")]
    assert hours(records, rep="rep-8") == 48
    stray = [WITH_MARKETING, moved("rejected", 1, reason="no_need"), moved("accepted", 2)]
    assert clocks(*stray) == (0, 0)


def test_a_lead_given_by_hand_is_timed_from_then():
    """A person gives the lead to sales and rep-7: both are timed from that instant."""
    given = moved("owner", 2, to="sales", rep="rep-7")
    records = [WITH_MARKETING, given, called(3)]
    assert hours(records) == hours(records, rep="rep-7") == 24
    same = moved("owner", 4, to="sales", rep="rep-8", id="same-team")
    assert clocks(*records, same, rep="rep-8") == (1, 1)


def test_given_by_hand_while_offered_goes_on():
    """The offer is withdrawn as sales has the lead already; its clock isn't stopped by that."""
    offer, given = offered(1), moved("owner", 2, to="sales", rep="rep-7")
    records = [WITH_MARKETING, offer, given, ended("withdrawn", 2.5, offer), called(3)]
    assert clocks(*records) == (1, 0)
    assert hours(records) == 48


def test_taking_a_lead_over_within_the_team_times_the_rep():
    """rep-8 gets the lead from rep-7 after its first call: a new time for rep-8 alone."""
    offer = offered(1)
    over = moved("rep", 5, rep="rep-8")
    records = [WITH_MARKETING, offer, called(2), *taken(2.5, offer), over, called(6, rep="rep-8")]
    assert clocks(*records) == (1, 0)
    assert (hours(records, rep="rep-7"), hours(records, rep="rep-8")) == (24, 24)


def test_a_rep_of_the_other_team_isn_t_asked():
    """Naming a rep of marketing for a lead of sales starts no time of sales."""
    records = [WITH_SALES, moved("rep", 1, rep="mo"), moved("owner", 2, to="sales", rep="mo")]
    assert found(MEDIAN, records, rep="mo") is None


def test_naming_a_rep_who_has_the_lead_asks_for_nothing():
    """The same rep again, or one for a lead that nobody owns, is no new time."""
    mine, again = moved("rep", 1, rep="rep-7"), moved("rep", 3, rep="rep-7", id="again")
    assert clocks(WITH_SALES, mine, called(2), again, rep="rep-7") == (1, 0)
    assert clocks(mine, called(2)) == (0, 0)


def test_the_request_within_sales_is_the_start():
    """Where sales has the lead from the first, the request at that instant is one time with it."""
    first = moved("owner", 0, to="sales", id="first-owner")
    asked = offered(0, None, was="sales", seq=1)
    assert clocks(first, asked, moved("rep", 1, rep="rep-7"), called(2)) == (1, 0)


def test_a_request_within_the_team_goes_on_with_its_clock():
    """Sales got the lead on day 0 and asked for a rep on day 1: one time, the rep's from day 1."""
    asked = offered(1, was="sales")
    records = [WITH_SALES, asked, called(2)]
    assert clocks(*records) == clocks(*records, rep="rep-7") == (1, 0)
    assert (hours(records), hours(records, rep="rep-7")) == (48, 24)
    unnamed = [WITH_SALES, offered(1, None, was="sales"), called(2)]
    assert hours(unnamed) == 48
    assert hours([WITH_SALES, called(0.5), asked, called(2)]) == 12


def test_marketing_is_timed_too():
    """From getting the lead to its own first touch, which may be a machine's."""
    records = [WITH_MARKETING, mailed(1, "guide")]
    assert hours(records, team="marketing") == 24
    gone = [WITH_MARKETING, moved("owner", 2, to="sales"), mailed(3, "guide")]
    assert clocks(*gone, team="marketing") == (1, 1)


def test_what_the_lead_does_stops_nothing():
    """A visit of the lead's is no touch of ours."""
    assert clocks(WITH_MARKETING, offered(1), did("pricing_viewed", 2)) == (1, 1)


def test_a_touch_at_the_very_instant_isn_t_an_answer():
    """As for accepting, only a later touch answers."""
    assert clocks(WITH_MARKETING, called(1), offered(1)) == (1, 1)


def test_closing_stops_all_clocks():
    """Once the lead is lost nobody needs to call; a call then answers nothing."""
    lost = moved("stage", 2, to="lost", reason="competitor")
    assert clocks(WITH_MARKETING, offered(1), lost, called(3)) == (1, 1)
    again = moved("stage", 4, to="inquiry", id="reopened")
    assert clocks(WITH_MARKETING, offered(1), lost, again, called(5)) == (1, 1)


def test_an_opening_starts_no_clock():
    """What the CRM's columns say was long ago or today: nobody knows."""
    opening = nk.Opening(id="o", lead_id="lead-1", occurred_at=day(1), team="sales", rep="rep-7")
    assert clocks(offered(0.5), opening, called(2)) == (0, 0)


def test_the_window_is_half_open_and_asks_for_its_own_starts():
    """A clock counts where it starts in [start, end)."""
    before, at_start, at_end = offered(-1), offered(0), offered(60)
    assert clocks(before, called(1)) == (0, 0)
    assert clocks(at_start, called(1)) == (1, 0)
    assert clocks(at_end) == (0, 0)
    assert clocks(offered(59), called(60)) == (1, 1)


def test_time_is_business_time_where_hours_are_known():
    """From Friday 16:00 to Monday 10:00 in the office is two hours; without a pool it is 66."""
    friday = day(4, 15)
    offer, call = offered(4, at=friday), called(7, at=day(7, 9))
    records = [WITH_MARKETING, offer, call]
    inside = found(MEDIAN, records, scene=world())
    assert (inside.value, inside.note) == (2, "business hours")
    outside = found(MEDIAN, records)
    assert (outside.value, outside.note) == (66, "elapsed hours, as no business hours are known")


def test_the_hours_are_the_rep_s_pool_s_else_the_only_pool_s():
    """With two pools those of the rep asked count; where nobody is, the note says for how many."""
    pools = [nk.Pool(id="sales", hours=world().pools["sales"].hours), nk.Pool(id="other")]
    scene = nk.World(reps=[nk.Rep(id="rep-7", pool="sales")], pools=pools)
    friday, call = day(4, 15), called(7, at=day(7, 9), rep=None)
    known, unknown = ([WITH_MARKETING, offered(4, rep, at=friday), call] for rep in ("rep-7", None))
    named = [*unknown, moved("rep", 4, rep="rep-7", at=friday + timedelta(hours=1))]
    assert [found(MEDIAN, one, scene=scene).value for one in (known, unknown, named)] == [2, 66, 2]
    assert found(MEDIAN, known, scene=scene, rep="rep-7").value == 2
    note = found(MEDIAN, known, unknown, scene=scene).note
    assert note == "elapsed hours, as no business hours are known for 1 of 2"
    alone = attrs.evolve(scene, pools=pools[:1])
    assert found(MEDIAN, unknown, scene=alone).value == 2


def test_the_interval_and_the_ninetieth_percentile():
    """Ten leads called after 1 to 10 hours: five hours for half of them, nine for nine in ten."""
    histories = [
        [WITH_MARKETING, offered(1), called(1, at=day(1, 10 + number))] for number in range(1, 11)
    ]
    median, most = (found(name, *histories) for name in (MEDIAN, "first touch, 90 %"))
    assert (median.value, most.value, median.n, median.small) == (5, 9, 10, False)
    assert median.low <= median.value <= median.high
