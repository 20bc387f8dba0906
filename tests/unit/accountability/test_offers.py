"""Offers and what became of them, for who was offered the lead and for who gave it."""

import pytest

from tests.builders import called, day, did, moved
from tests.unit.accountability.cases import (
    WITH_MARKETING,
    WITH_SALES,
    ended,
    found,
    offered,
    taken,
    told,
)

ENDINGS = ("accepted", "rejected", "lapsed", "withdrawn", "pending")


def endings(*records, **about):
    """Return the number of offers of one lead and how they ended."""
    return {
        name: one.value
        for name in ("offers", *ENDINGS)
        if (one := found(name, [*records], **about)) is not None and one.value
    }


def rejected(reason, *, campaign=None, on=1, **fields):
    """Return a lead that rep-7 turned down."""
    offer = offered(on, **fields)
    end = ended("rejected", on + 1, offer, reason=reason, rep="rep-7")
    return [WITH_MARKETING, did("form_submitted", 0, campaign=campaign), offer, end]


def accepted(*, campaign=None):
    """Return a lead that rep-7 took by a call."""
    offer = offered(1)
    visit = did("form_submitted", 0, campaign=campaign)
    return [WITH_MARKETING, visit, offer, called(2), *taken(2.5, offer)]


LAPSED = [WITH_MARKETING, offered(1), ended("lapsed", 4, offered(1))]
PENDING = [WITH_MARKETING, offered(59)]


def test_each_offer_ends_in_one_way():
    """A lapse, a further offer and its acceptance are two offers."""
    first = offered(1)
    again = offered(3, "rep-8", id="again", answers="offered-1")
    records = [WITH_MARKETING, first, ended("lapsed", 3, first), again, *taken(4, again, "rep-8")]
    assert endings(*records) == {"offers": 2, "accepted": 1, "lapsed": 1}
    assert endings(*records, rep="rep-7") == {"offers": 1, "lapsed": 1}
    assert endings(*records, rep="rep-8") == {"offers": 1, "accepted": 1}


def test_an_offer_counts_for_who_was_named_else_for_who_answered():
    """The rep last named for it, the one who took it where none was, or nobody."""
    unnamed = offered(1, None)
    named = moved("rep", 1.5, rep="rep-8")
    assert endings(WITH_MARKETING, unnamed, named, rep="rep-8") == {"offers": 1, "pending": 1}
    assert endings(WITH_MARKETING, unnamed, *taken(2, unnamed), rep="rep-7") == {
        "offers": 1,
        "accepted": 1,
    }
    assert endings(WITH_MARKETING, unnamed, rep="") == {"offers": 1, "pending": 1}
    lapse = ended("lapsed", 4, unnamed, rep="rep-7")
    assert endings(WITH_MARKETING, unnamed, lapse, rep="") == {"offers": 1, "lapsed": 1}


def test_a_replaced_offer_counts_against_nobody():
    """A second offer without an end of the first: the first one is as good as withdrawn."""
    records = [WITH_MARKETING, offered(1), offered(3, id="again")]
    assert endings(*records) == {"offers": 2, "withdrawn": 1, "pending": 1}


def test_the_end_after_the_window_isn_t_seen():
    """What lapses after the end was pending at the end."""
    offer = offered(59)
    assert endings(WITH_MARKETING, offer, ended("lapsed", 61, offer)) == {
        "offers": 1,
        "pending": 1,
    }


def test_only_offers_of_the_window_count():
    """An offer made before the start belongs to the window before."""
    early = offered(-3)
    assert endings(WITH_MARKETING, early, ended("lapsed", 1, early)) == {}


def test_rates_are_of_what_was_answered_or_lapsed():
    """Of an acceptance, a rejection and a lapse each rate is a third; one waits, and is open."""
    histories = [accepted(), rejected("no_need"), LAPSED, PENDING]
    rates = [
        found(f"{name} rate", *histories, side=side, team=team)
        for name in ("acceptance", "rejection", "lapse")
        for side, team in (("effort", "sales"), ("quality", "marketing"))
    ]
    assert [one.value for one in rates] == [1 / 3] * 6
    assert {(one.n, one.open, one.small) for one in rates} == {(3, 1, True)}


def test_no_share_of_nothing():
    """Without an answer the rate is unknown with n = 0, never 0."""
    rate = found("acceptance rate", PENDING)
    assert (rate.value, rate.n, rate.open, rate.low) == (None, 0, 1, None)


@pytest.mark.parametrize(
    ("reason", "shown"),
    [("bad_fit", "bad_fit"), ("Ms Meyer was rude", "other"), (None, "other"), ("", "other")],
)
def test_rejections_are_counted_by_reason(reason, shown):
    """A reason of the taxonomy is itself; free text and silence are `other`."""
    report = told(rejected("no_need"), rejected("no_need"), rejected(reason or None))
    reasons = {
        one.detail: one.value
        for one in report.measures
        if one.name == "rejected because" and one.side == "effort" and one.rep is None
    }
    assert reasons == {"no_need": 2, shown: 1}


def test_the_quality_is_the_giver_s_and_the_source_s():
    """Rejections tell of who gave the leads, and of the campaign that brought them."""
    report = told(
        rejected("bad_fit", campaign="fair"),
        rejected("bad_fit", campaign="fair"),
        accepted(campaign="webinar"),
        accepted(),
    )

    def rate(**about):
        return report.find("acceptance rate", side="quality", **about).value

    assert rate(team="marketing") == 0.5
    assert [rate(source=name) for name in ("fair", "webinar", "none")] == [0, 1, 1]


def test_the_source_is_the_first_that_the_lead_s_own_touches_name():
    """A later campaign, or one of our own mail, brought nobody."""
    own = did("site_visited", -2)
    ours = called(-1, campaign="cold-calls")
    records = [ours, own, *rejected("bad_fit", campaign="fair"), did("x", 5, campaign="later")]
    assert found("offers", records, side="quality", team=None, source="fair").value == 1


def test_a_request_within_sales_is_sales_own_offer():
    """Where nobody gives, sales is giver and taker."""
    asked = offered(1, None, was="sales")
    assert endings(WITH_SALES, asked, side="quality", team="sales") == {"offers": 1, "pending": 1}
    unsaid = offered(1, None, was=None)
    assert endings(WITH_SALES, unsaid, side="quality", team="sales") == {"offers": 1, "pending": 1}
    assert endings(unsaid, side="quality", team="sales") == {"offers": 1, "pending": 1}


def test_offers_made_once_closed_are_counted():
    """A person's late offer of a lost lead is an offer all the same."""
    lost = moved("stage", 1, to="lost", reason="competitor")
    assert endings(WITH_MARKETING, lost, offered(2)) == {"offers": 1, "pending": 1}


OFFER = offered(1)


@pytest.mark.parametrize(
    ("records", "value", "n", "open_count"),
    [
        ([called(2)], 1, 1, 0),
        ([called(3)], 0, 1, 0),
        ([ended("rejected", 2, OFFER, reason="no_need")], 1, 1, 0),
        ([ended("accepted", 3.5, OFFER)], 0, 1, 0),
        ([ended("lapsed", 3, OFFER)], 0, 1, 0),
        ([ended("withdrawn", 2, OFFER)], None, 0, 0),
        ([], 0, 1, 0),
    ],
    ids=["called", "called-when-due", "rejected", "accepted-late", "lapsed", "withdrawn", "silent"],
)
def test_on_time_is_before_the_due_instant(records, value, n, open_count):
    """Offered on day 1 and due on day 3: itself past due."""
    one = found("on time", [WITH_MARKETING, OFFER, *records])
    assert (one.value, one.n, one.open) == (value, n, open_count)


def test_not_due_yet_is_open():
    """An offer whose deadline lies after the end is no failure yet; without one it never is."""
    due_later, no_deadline = offered(59), offered(1, due=None)
    assert [found("on time", [WITH_MARKETING, one]).open for one in (due_later, no_deadline)] == [
        1,
        0,
    ]
    assert found("on time", [WITH_MARKETING, offered(58)]).value == 0
    assert day(60) == due_later.due - (day(61) - day(60))


def test_followed_up_is_of_what_has_ended():
    """One touched, one lapsed untouched: half. One waits, and one was closed before."""
    closed = [WITH_MARKETING, offered(1), moved("stage", 1.5, to="lost", reason="competitor")]
    one = found("followed up", accepted(), LAPSED, PENDING, closed)
    assert (one.value, one.n, one.open) == (0.5, 2, 1)
