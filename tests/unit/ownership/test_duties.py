"""What is owed to a lead, and by when."""

import pytest

from nurturekit.instants import to_us
from nurturekit.ownership import Terms
from nurturekit.ownership.duties import duties, last_call
from nurturekit.records import FrozenMap
from nurturekit.records.frozen import changed
from tests.builders import called, day, did, moved
from tests.unit.ownership.cases import MARKETING, RAISED, SALES, offered, opening, situation

EVERY = ("answer", "first_response", "next_attempt", "check_in")
AGREED = day(30).date()


def owed(*records, on=3, kinds=EVERY, terms=None, **fields):
    """Return what is owed on a day."""
    return duties(situation(*records, on=on, **fields), terms or Terms(), kinds)


def kinds(*records, **fields):
    """Return the kinds of what is owed."""
    return [one.kind for one in owed(*records, **fields)]


def at(number):
    """Return the start of a day in epoch microseconds."""
    return to_us(day(number, 0), field="day")


class TestAnswer:
    def test_a_hand_raise_is_answered_in_working_hours(self):
        """Who raised a hand on a Tuesday at eleven, Berlin time, hears by three."""
        (duty,) = owed(SALES, RAISED, kinds=("answer",))
        assert (duty.about, duty.agreed, duty.team) == (RAISED.id, True, "sales")
        assert duty.due == day(1, 14)
        assert owed(SALES, RAISED, kinds=("answer",), terms=Terms(response_hours=2))[0].due == (
            day(1, 12)
        )

    def test_the_last_one_is_answered(self):
        """Of several raises the newest is due."""
        assert owed(SALES, RAISED, did("demo_requested", 2), kinds=("answer",))[0].about == (
            "demo_requested-2"
        )

    @pytest.mark.parametrize(
        "records",
        [
            [SALES],
            [MARKETING, RAISED],
            [SALES, RAISED, called(2)],
        ],
        ids=["no raise", "marketing's lead without an offer", "answered"],
    )
    def test_nothing_to_answer(self, records):
        """No raise, nobody to answer it, or answered already."""
        assert "answer" not in kinds(*records)

    def test_an_earlier_call_is_no_answer(self):
        """A call at the same instant or before doesn't answer."""
        assert "answer" in kinds(SALES, called(1), RAISED)

    def test_a_pending_offer_owes_it_too(self):
        """While marketing is accountable the taker owes the answer."""
        assert "answer" in kinds(MARKETING, RAISED, offered())

    def test_without_readiness_nothing_is_known(self):
        """A situation in which readiness isn't bound owes no answer."""
        found = situation(SALES, RAISED)
        unbound = changed(found, bound=FrozenMap())
        assert duties(unbound, Terms(), ("answer",)) == ()


class TestFirstResponse:
    def test_an_offer_is_answered_by_its_due(self):
        """The rep of the offer owes the first response by its due instant."""
        (duty,) = owed(MARKETING, offered(), kinds=("first_response",))
        assert (duty.kind, duty.due, duty.rep, duty.agreed) == (
            "first_response",
            day(5),
            "rep-7",
            True,
        )
        assert duty.about == "offered-1"

    def test_nothing_without_an_offer_or_its_due(self):
        """No offer, or one without a due instant, owes nothing."""
        assert kinds(MARKETING, kinds=("first_response",)) == []
        undated = moved("offered", 1)
        assert kinds(MARKETING, undated, kinds=("first_response",)) == []


class TestNextAttempt:
    def test_an_agreed_date_brings_sales_back_that_day(self):
        """The start of the day agreed in a conversation, however long before."""
        (duty,) = owed(SALES, called(1, next_attempt_on=AGREED), kinds=("next_attempt",))
        assert (duty.due, duty.about, duty.agreed) == (day(30, 0), "call-1", True)

    @pytest.mark.parametrize(
        ("records", "about", "due"),
        [
            ([opening(next_attempt_on=AGREED)], "opening", 30),
            (
                [opening(next_attempt_on=AGREED), called(2, next_attempt_on=day(9).date())],
                "call-2",
                9,
            ),
            (
                [
                    called(1, next_attempt_on=AGREED),
                    moved("snoozed", 2, reason="x", until=day(20, 0)),
                ],
                "snoozed-2",
                20,
            ),
            (
                [
                    called(2, next_attempt_on=AGREED),
                    moved("snoozed", 1, reason="x", until=day(20, 0)),
                ],
                "call-2",
                30,
            ),
            (
                [
                    called(1, next_attempt_on=AGREED),
                    moved("snoozed", 2, reason="x", until=day(20, 0), origin="playbook"),
                ],
                "call-1",
                30,
            ),
            ([moved("snoozed", 2, reason="x", until=day(20, 0))], "snoozed-2", 20),
        ],
        ids=[
            "opening",
            "a call after the opening",
            "a later pause",
            "an earlier pause",
            "a playbook's pause",
            "a pause alone",
        ],
    )
    def test_the_last_word_on_the_date_counts(self, records, about, due):
        """Whichever person said it last: in the columns, in a call, or with a pause."""
        (duty,) = owed(*records, kinds=("next_attempt",))
        assert (duty.about, duty.due_us) == (about, at(due))

    def test_a_machine_agrees_to_nothing(self):
        """A playbook's own touch sets no date, nor does silence."""
        machine = called(1, next_attempt_on=AGREED, automated=True)
        assert kinds(SALES, machine, kinds=("next_attempt",)) == []
        undated = moved("snoozed", 2, reason="x")
        assert kinds(SALES, undated, kinds=("next_attempt",)) == []

    @pytest.mark.parametrize(
        ("on", "is_kept"),
        [(29, False), (30, True), (31, True)],
        ids=["before", "that day", "after"],
    )
    def test_it_is_kept_by_a_touch_on_that_day_or_later(self, on, is_kept):
        """An earlier call doesn't keep the date; one on the day does."""
        records = [SALES, called(1, next_attempt_on=AGREED), called(on)]
        assert (kinds(*records, on=40, kinds=("next_attempt",)) == []) is is_kept

    def test_a_date_in_the_past_is_not_kept_by_its_own_call(self):
        """A call that agrees on today doesn't keep its own promise."""
        call = called(1, next_attempt_on=day(1).date())
        assert kinds(SALES, call, kinds=("next_attempt",)) == ["next_attempt"]


class TestCheckIn:
    def test_so_many_days_after_the_last_call(self):
        """Sixty days from the day of the last call or meeting, an attempt included."""
        meeting = called(4, id="m", outcome="no_answer")
        mail = did("x", 5, direction="outbound", style="one_to_one", channel="email", rep="r")
        (duty,) = owed(SALES, called(1), meeting, mail, on=6, kinds=("check_in",))
        assert (duty.due_us, duty.about, duty.agreed) == (at(64), "m", False)
        assert last_call(situation(called(1), meeting, mail, on=6)).id == "m"

    def test_a_call_counts_for_marketings_lead(self):
        """Whoever is accountable, the rep who called keeps in touch."""
        assert kinds(MARKETING, called(1), kinds=("check_in",)) == ["check_in"]

    def test_without_a_call_from_the_day_sales_got_it(self):
        """Sales checks in on what it owns; nobody on what it never called."""
        (duty,) = owed(SALES, kinds=("check_in",))
        assert (duty.due_us, duty.about) == (at(60), "no-call-yet")
        assert kinds(MARKETING, kinds=("check_in",)) == []
        assert kinds(kinds=("check_in",)) == []

    def test_an_agreed_date_wins(self):
        """The clock gives way to a date the lead agreed to."""
        assert kinds(SALES, called(1, next_attempt_on=AGREED)) == ["next_attempt"]

    def test_it_can_be_switched_off(self):
        """Without days there are no check-ins."""
        assert kinds(SALES, called(1), terms=Terms(check_in_days=None)) == []


class TestAll:
    def test_only_what_the_row_names_is_owed(self):
        """A duty that the policy's row leaves out isn't owed."""
        assert kinds(SALES, RAISED, offered(), kinds=()) == []

    def test_an_answer_stands_for_the_lesser_ones(self):
        """An answer makes first response and check-in needless, not an agreed date."""
        records = [SALES, RAISED, offered(), called(0.5, next_attempt_on=AGREED)]
        assert kinds(*records) == ["answer", "next_attempt"]
        assert kinds(SALES, RAISED) == ["answer"]

    def test_the_earliest_comes_first(self):
        """By due instant, whatever the order of the row."""
        records = [SALES, offered(due=40), called(0.5, next_attempt_on=AGREED)]
        backwards = tuple(reversed(EVERY))
        assert kinds(*records, kinds=backwards) == ["next_attempt", "first_response"]

    def test_the_rep_in_force_owes_it(self):
        """Each duty names the rep, or nobody yet."""
        assert owed(SALES, kinds=("check_in",))[0].rep is None
        assert owed(SALES, moved("rep", 1, rep="rep-9"), kinds=("check_in",))[0].rep == "rep-9"
