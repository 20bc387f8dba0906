"""Who had the lead in the window, who turned to it, and who had it at the end."""

import pytest

import nurturekit as nk
from tests.builders import LEAD, called, day, did, learned, mailed, moved
from tests.unit.accountability.cases import (
    END,
    START,
    WITH_MARKETING,
    WITH_SALES,
    found,
    offered,
    taken,
    told,
)

OFFER = offered(1)
TAKEN = [WITH_MARKETING, OFFER, called(2), *taken(3, OFFER)]


def owned(*records, **about):
    """Return how many leads were owned in the window, at its end, and the share touched."""
    names = ("leads owned", "leads owned at the end", "share touched")
    measures = [found(name, [*records], **about) for name in names]
    return tuple(None if one is None else one.value for one in measures)


def test_a_lead_that_changed_hands_counts_for_each():
    """Both teams owned it in the window; at its end sales does, by rep-7."""
    assert owned(*TAKEN, team="marketing") == (1, 0, 0)
    assert owned(*TAKEN) == owned(*TAKEN, rep="rep-7") == (1, 1, 1)


def test_the_touch_that_takes_a_lead_counts_for_who_took_it():
    """The call came while marketing still had the lead: sales was asked, and sales turned to it."""
    assert owned(*TAKEN)[2] == 1
    assert owned(WITH_MARKETING, called(2), moved("owner", 3, to="sales"))[2] == 0


def test_mass_mail_is_no_sales_touch():
    """Marketing's mail covers marketing's leads, not those of sales."""
    assert owned(WITH_MARKETING, mailed(2, "guide"), team="marketing")[2] == 1
    assert owned(WITH_SALES, mailed(2, "guide"))[2] == 0


def test_what_the_lead_does_covers_nobody():
    """A lead that visits hasn't been turned to."""
    assert owned(WITH_SALES, did("pricing_viewed", 2))[2] == 0


def test_a_rep_covers_its_own():
    """Another rep's call covers the team's lead, not rep-7's; one by nobody named is rep-7's."""
    mine = moved("rep", 1, rep="rep-7")
    assert owned(WITH_SALES, mine, called(2, rep="rep-8"), rep="rep-7")[2] == 0
    assert owned(WITH_SALES, mine, called(2, rep="rep-8"))[2] == 1
    assert owned(WITH_SALES, mine, called(2, rep=None), rep="rep-7")[2] == 1


def test_no_rep_is_a_row_of_its_own():
    """A lead of sales that no rep has is counted, under nobody."""
    assert owned(WITH_SALES, rep="")[:2] == (1, 1)


def test_a_rep_kept_for_the_mail_s_sender_owns_nothing():
    """Marketing has the lead again; rep-7 stays in force but isn't accountable."""
    back = moved("owner", 5, to="marketing", id="back")
    assert owned(*TAKEN, back, rep="rep-7")[:2] == (1, 0)
    assert owned(*TAKEN, back, team="marketing", rep="")[:2] == (1, 1)


@pytest.mark.parametrize("to", ["lost", "disqualified", "customer"])
def test_nobody_has_a_closed_lead(to):
    """It was owned until it was closed; a later call covers nothing."""
    closed = moved("stage", 10, to=to, reason="competitor")
    assert owned(WITH_SALES, closed, called(11)) == (1, 0, 0)
    assert owned(WITH_SALES, moved("stage", -1, to=to, reason="competitor"))[0] == 0


def test_a_reopened_lead_is_had_again():
    """A move back to an open stage brings the owner back with it."""
    closed = moved("stage", 10, to="lost", reason="competitor")
    assert owned(WITH_SALES, closed, moved("stage", 20, to="inquiry", id="again"))[1] == 1


@pytest.mark.parametrize(
    "record",
    [
        nk.Consent(id="c", lead_id=LEAD.id, occurred_at=day(9), kind="erased"),
        nk.Consent(id="c", lead_id=LEAD.id, occurred_at=day(9), kind="objected"),
        called(9, outcome="bad_data"),
        learned("do_not_contact", value=True, on=9),
    ],
    ids=["erased", "objected", "bad-data", "do-not-contact"],
)
def test_nobody_has_a_lead_that_may_not_be_nurtured(record):
    """From then on it isn't owned: leaving it alone is no lack of coverage."""
    assert owned(WITH_SALES, record)[:2] == (1, 0)
    assert owned(moved("owner", 10, to="sales"), record)[0] == 0


def test_what_opened_with_an_owner_is_owned():
    """An opening's columns say who has the lead."""
    opening = nk.Opening(id="o", lead_id=LEAD.id, occurred_at=day(1), team="sales", rep="rep-7")
    assert owned(opening, rep="rep-7") == (1, 1, 0)
    assert owned(moved("owner", 0, to="marketing"), opening, team="marketing")[0] == 0


def test_only_the_window_counts():
    """What ended before its start or begins at its end is none of its business."""
    earlier = [moved("owner", -9, to="sales"), moved("owner", 0, to="marketing", id="gone")]
    assert owned(*earlier)[0] == 0
    assert owned(moved("owner", 60, to="sales"))[0] == 0
    assert owned(WITH_SALES, called(-1))[2] == owned(WITH_SALES, called(60))[2] == 0
    inside = told([moved("owner", -9, to="sales"), called(0)], start=START, end=END)
    assert inside.find("share touched", team="sales").value == 1


def test_without_an_owner_nobody_had_it():
    """Of a lead whose owner no record names nothing is claimed: no share of nothing."""
    assert owned(did("form_submitted", 1)) == (0, 0, None)


def test_owning_for_no_time_isn_t_owning():
    """Two owners at one instant: the last one has it."""
    assert owned(WITH_SALES, moved("owner", 0, to="marketing", id="x", seq=1))[0] == 0
