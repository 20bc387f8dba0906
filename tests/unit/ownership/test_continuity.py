"""Whom a lead stays with, and by when somebody must answer."""

from datetime import UTC, date, datetime, time

import pytest

import nurturekit as nk
from nurturekit.instants import from_us, to_us
from nurturekit.ownership import Terms
from nurturekit.ownership.continuity import continuity_rep, due_us, is_available
from tests.builders import LEAD, called, day, did, learned, moved, world
from tests.unit.ownership.cases import opening, situation

OFFICE = nk.BusinessHours(
    zone="UTC",
    windows=(nk.Window(days=frozenset(range(5)), start=time(9), end=time(17)),),
)


def rep(*records, terms=None, **fields):
    """Return the continuity rep on a day."""
    return continuity_rep(situation(*records, on=10, **fields), terms or Terms())


class TestContinuity:
    def test_the_first_contact_stays(self):
        """The rep of the first one-to-one touch, whoever called last or holds the lead."""
        calls = called(2, rep="rep-8"), called(3, rep="rep-9")
        assert rep(*calls, moved("owner", 4, to="sales", rep="rep-9")) == "rep-8"
        assert rep(did("email_sent", 1, rep="rep-6", automated=True), *calls) == "rep-8"

    def test_a_touch_without_a_name_is_passed_over(self):
        """A call by nobody in particular names nobody."""
        unnamed = did("x", 1, direction="outbound", style="one_to_one")
        assert rep(unnamed, called(3, rep="rep-9")) == "rep-9"

    def test_a_reassignment_by_hand_counts_more(self):
        """The last explicit one; an answer to a request or a playbook's own isn't explicit."""
        by_hand = moved("rep", 4, rep="rep-1"), moved("rep", 5, rep="rep-2")
        assert rep(called(2, rep="rep-8"), *by_hand) == "rep-2"
        answer = moved("rep", 6, rep="rep-3", answers="request-1")
        own = moved("rep", 7, rep="rep-4", origin="playbook")
        assert rep(called(2, rep="rep-8"), answer, own) == "rep-8"

    def test_the_rep_in_force_is_known_too(self):
        """Without a touch or reassignment it is the rep of the columns."""
        assert rep(opening(rep="rep-5")) == "rep-5"

    def test_then_the_accounts_owner(self):
        """Who owns the account, else nobody: then the pool decides."""
        assert rep(learned("account_owner", "rep-6")) == "rep-6"
        assert rep() is None

    @pytest.mark.parametrize("value", ["", None, 7, True])
    def test_an_owner_is_a_name(self, value):
        """An empty, unknown or numeric owner names nobody."""
        assert rep(learned("account_owner", value)) is None

    @pytest.mark.parametrize(
        ("order", "expected"),
        [
            (("account_owner", "first_contact"), "rep-6"),
            (("first_contact", "account_owner"), "rep-8"),
            (("pool", "first_contact"), None),
            ((), None),
        ],
    )
    def test_the_order_is_a_parameter(self, order, expected):
        """First choice first; nothing after the pool is asked."""
        records = called(2, rep="rep-8"), learned("account_owner", "rep-6")
        assert rep(*records, terms=Terms(continuity=order)) == expected

    def test_who_cannot_go_on_is_passed_over(self):
        """Somebody who has left or is away gives way to the next choice."""
        away = nk.Absence(start=date(2026, 3, 12), end=date(2026, 3, 13))
        world = nk.World(reps=[nk.Rep(id="rep-8", active=False), nk.Rep(id="r", absences=[away])])
        records = called(2, rep="rep-8"), learned("account_owner", "rep-6")
        assert rep(*records, world=world) == "rep-6"
        assert rep(called(2, rep="r"), world=world) is None
        by_hand = moved("rep", 4, rep="rep-8")
        assert rep(called(2, rep="rep-1"), by_hand, world=world) is None
        assert is_available(situation(on=11, world=world), "r")
        assert not is_available(situation(on=10, world=world), "r")
        assert is_available(situation(world=world), "whom the world doesn't know")


class TestDue:
    def due(self, start, hours, **fields):
        """Return when so many hours of the pool have passed."""
        us = to_us(start, field="start")
        found = due_us(situation(**fields), Terms(), from_instant_us=us, hours=hours)
        return from_us(found)

    def test_runs_in_the_pools_business_time(self):
        """Saturday 15:00 and four working hours, Monday to Friday 9 to 17: Monday 13:00."""
        world = nk.World(pools=[nk.Pool(id="sales", hours=OFFICE)])
        saturday = datetime(2026, 3, 7, 15, tzinfo=UTC)
        assert self.due(saturday, 4, world=world) == datetime(2026, 3, 9, 13, tzinfo=UTC)
        friday = datetime(2026, 3, 6, 16, tzinfo=UTC)
        assert self.due(friday, 4, world=world) == datetime(2026, 3, 9, 12, tzinfo=UTC)

    @pytest.mark.parametrize(
        "world", [nk.World(), nk.World(pools=[nk.Pool(id="sales")])], ids=["no pool", "no hours"]
    )
    def test_every_hour_counts_without_hours(self, world):
        """Where business time isn't known, time is time."""
        saturday = datetime(2026, 3, 7, 15, tzinfo=UTC)
        assert self.due(saturday, 4, world=world) == datetime(2026, 3, 7, 19, tzinfo=UTC)


def test_hours_that_never_come_to_so_many_are_the_worlds():
    """The error names the pool and how many hours were asked for, not a function's argument."""
    rare = nk.BusinessHours(zone="UTC", windows="mon 09:00-10:00")
    scene = world(pools=[nk.Pool(id="sales", hours=rare)])
    found = nk.Situation(LEAD, as_of=day(0), world=scene)
    with pytest.raises(nk.CallError) as caught:
        due_us(found, Terms(), from_instant_us=found.as_of_us, hours=10_000)
    assert caught.value.argument == "world"
    assert "`sales`" in str(caught.value)
    assert "10000" in str(caught.value)
