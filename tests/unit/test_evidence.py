"""Evidence, spent or not, what a rep said, what closes a lead, and the signals that say so."""

import pytest

import nurturekit as nk
from nurturekit.answers import Readiness
from nurturekit.records import FrozenMap
from nurturekit.signals import NAMED, UNKNOWN
from nurturekit.signals.evidence import (
    closing,
    hand_raises_after,
    is_hand_raise,
    unanswered_word,
    unspent,
    words,
)
from nurturekit.signals.standing import handoff_state, mql_touches
from nurturekit.vocabulary import MoveKind
from tests.builders import LEAD, called, day, did, learned, moved

KINDS = {"demo_requested": nk.Kind(intent=True), "webinar_attended": nk.Kind()}
OFFERED, ALERTED = MoveKind.OFFERED, MoveKind.ALERTED


def situation(*records, on=50, **fields):
    """Return the lead on a day."""
    return nk.Situation(LEAD, records, as_of=day(on), kinds=KINDS, **fields)


def raised(on, **fields):
    """Return a hand-raise."""
    return did("demo_requested", on, **fields)


def opening(on=0, **fields):
    """Return an opening."""
    return nk.Opening(id="opening", lead_id=LEAD.id, occurred_at=day(on), **fields)


class TestHandRaises:
    @pytest.mark.parametrize(
        ("touch", "is_raise"),
        [
            (raised(1), True),
            (did("webinar_attended", 1), False),
            (raised(1, automated=True), False),
            (raised(1, direction="outbound"), False),
            (did("never_described", 1), False),
        ],
    )
    def test_are_the_leads_own_intent(self, touch, is_raise):
        """A kind marked as intent, by the lead itself: no bot, none of ours."""
        found = situation(touch)
        assert is_hand_raise(found, touch) is is_raise
        assert (touch in hand_raises_after(found, -1)) is is_raise

    def test_after_is_strict(self):
        """Only those later than the instant."""
        found = situation(raised(1), raised(2))
        assert hand_raises_after(found, raised(1).occurred_us) == (raised(2),)


class TestUnspent:
    def test_citing_spends_for_its_purpose(self):
        """A touch that a move of the purpose cites is spent, for others it isn't."""
        offer = moved("offered", 2, evidence=["demo_requested-1"])
        found = situation(raised(1), raised(3), offer)
        assert unspent(found, found.lead_made, OFFERED) == (raised(3),)
        assert unspent(found, found.lead_made, ALERTED) == (raised(1), raised(3))
        assert unspent(found, found.lead_made) == (raised(1), raised(3))

    def test_a_move_away_spends_what_came_before_its_cause(self):
        """What happened after the rep's call is news, though the answer came later."""
        call = called(2, outcome="no_need")
        answer = moved(
            "stage", 5, to="recycled", reason="no_need", answers=call.id, origin="playbook"
        )
        found = situation(raised(1), raised(2), call, raised(3), answer)
        assert unspent(found, found.lead_made, OFFERED) == (raised(3),)


class TestWords:
    @pytest.mark.parametrize("reason", ["not_now", "no_budget", "no_need"])
    def test_an_outcome_is_a_word(self, reason):
        """A person's touch that says so is the rep's word."""
        word = unanswered_word(situation(called(1, outcome=reason)))
        assert (word.id, word.reason, word.rep, word.record) == ("call-1", reason, "rep-7", "touch")
        assert word.occurred_us == called(1).occurred_us

    @pytest.mark.parametrize(
        "touch",
        [
            called(1, outcome="connected"),
            called(1, outcome="no_budget", automated=True),
            did("call_received", 1, outcome="no_budget"),
        ],
        ids=["no such outcome", "a machine's", "the lead's own"],
    )
    def test_what_is_no_word(self, touch):
        """Only a person's record of such an outcome is one."""
        assert list(words(situation(touch))) == []

    @pytest.mark.parametrize(
        ("move", "reason", "record"),
        [
            (moved("rejected", 1, reason="bad_fit", rep="rep-7"), "bad_fit", "rejected"),
            (moved("rejected", 1), "other", "rejected"),
            (moved("stage", 1, to="lost", reason="no_budget"), "no_budget", "lost"),
        ],
    )
    def test_a_persons_move_is_a_word(self, move, reason, record):
        """A rejection, whatever its reason, and a loss for now."""
        word = unanswered_word(situation(move))
        assert (word.id, word.reason, word.record) == (move.id, reason, record)

    @pytest.mark.parametrize(
        "move",
        [
            moved("rejected", 1, reason="bad_fit", origin="playbook"),
            moved("rejected", 1, reason="bad_data"),
            moved("stage", 1, to="lost", reason="competitor"),
            moved("stage", 1, to="recycled", reason="no_budget"),
            moved("withdrawn", 1, reason="no_budget"),
        ],
        ids=["a playbook's", "closing", "lost for good", "another stage", "another kind"],
    )
    def test_a_move_that_idles_nothing(self, move):
        """A playbook's moves, closing reasons and other moves leave nothing to answer."""
        assert unanswered_word(situation(move)) is None

    def test_words_from_before_the_opening_are_history(self):
        """What was said before the columns were read is in the columns."""
        records = [called(1, outcome="no_budget"), moved("rejected", 1, reason="no_need")]
        assert list(words(situation(*records, opening(2)))) == []
        assert len(list(words(situation(*records, opening(1))))) == 2

    def test_proposed_moves_count(self):
        """What is proposed in the same decision is read too."""
        found = situation().propose([moved("rejected", 1, reason="no_need")])
        assert unanswered_word(found).id == "rejected-1"

    @pytest.mark.parametrize(
        ("records", "is_answered"),
        [
            ([moved("stage", 3, to="recycled", reason="x", answers="call-2")], True),
            ([moved("stage", 3, to="recycled", reason="x")], False),
            ([moved("offered", 3)], True),
            ([moved("offered", 1)], False),
            ([moved("snoozed", 2, reason="x")], True),
            ([moved("snoozed", 1, reason="x")], False),
            ([raised(3)], True),
            ([raised(2)], False),
            ([raised(1)], False),
            ([did("webinar_attended", 3)], False),
        ],
        ids=[
            "a move that answers it",
            "a move that doesn't",
            "a later offer",
            "an earlier offer",
            "a pause",
            "an earlier pause",
            "a later hand-raise",
            "a hand-raise at once",
            "an earlier hand-raise",
            "a weaker touch",
        ],
    )
    def test_what_answers_a_word(self, records, is_answered):
        """A move that cites it, a later offer, a pause, a later hand-raise; nothing else."""
        found = situation(called(2, outcome="no_budget"), *records)
        assert (unanswered_word(found) is None) is is_answered

    def test_the_last_word_counts(self):
        """A later word replaces the earlier one, also once the later is answered."""
        first, second = called(1, outcome="no_budget"), called(2, outcome="no_need")
        answer = moved("stage", 3, to="recycled", reason="x", answers=second.id)
        assert unanswered_word(situation(second, first)).id == second.id
        assert unanswered_word(situation(first, second, answer)) is None


class TestClosing:
    @pytest.mark.parametrize(
        ("records", "reason", "reopens"),
        [
            ([moved("stage", 1, to="customer")], "customer", False),
            ([moved("stage", 1, to="disqualified", reason="bad_fit")], "disqualified", True),
            ([moved("stage", 1, to="lost", reason="competitor")], "lost", True),
            ([moved("stage", 1, to="lost")], "lost", True),
            ([opening(1, stage="customer")], "customer", False),
            ([opening(1, stage="lost")], "lost", True),
            ([called(1, outcome="bad_data")], "bad_data", True),
            ([called(1, outcome="do_not_contact")], "do_not_contact", True),
            ([moved("rejected", 1, reason="duplicate")], "duplicate", True),
            ([learned("do_not_contact", True, 1)], "do_not_contact", False),
        ],
    )
    def test_what_closes_and_what_reopens(self, records, reason, reopens):
        """Customers and do-not-contact facts stay closed; a newer hand-raise reopens the rest."""
        assert closing(situation(*records)).reason == reason
        assert closing(situation(*records, raised(1))).reason == reason
        assert (closing(situation(*records, raised(2))) is None) is reopens

    @pytest.mark.parametrize(
        "records",
        [
            [],
            [moved("stage", 1, to="lost", reason="no_budget")],
            [called(1, outcome="no_budget")],
            [learned("do_not_contact", False, 1)],
            [learned("do_not_contact", "yes", 1)],
            [moved("stage", 1, to="disqualified", reason="x"), moved("stage", 2, to="inquiry")],
        ],
        ids=["nothing", "lost for now", "not now", "contactable", "a text", "reopened by hand"],
    )
    def test_what_leaves_a_lead_open(self, records):
        """A loss or word for now, and a fact that isn't plainly true, close nothing."""
        assert closing(situation(*records)) is None

    def test_an_undated_do_not_contact_closes(self):
        """The lead's own column closes it from the first instant."""
        lead = nk.Lead(id="lead-1", attributes={"do_not_contact": True})
        found = nk.Situation(lead, [raised(1)], as_of=day(2), kinds=KINDS)
        assert (closing(found).reason, closing(found).occurred_us) == ("do_not_contact", 0)

    def test_a_later_closing_does_not_lift_an_earlier_one_for_good(self):
        """Somebody not to be contacted stays closed, though a later loss was reopened."""
        stop = learned("do_not_contact", True, 1)
        lost = moved("stage", 2, to="lost", reason="competitor")
        assert closing(situation(stop, lost, raised(3))).reason == "do_not_contact"

    def test_the_last_closing_decides(self):
        """A hand-raise between two closings reopens nothing."""
        first = moved("stage", 1, to="disqualified", reason="bad_fit")
        found = situation(first, raised(2), called(3, outcome="bad_data"))
        assert closing(found).reason == "bad_data"


def measure(name, *records, on=50, **bound):
    """Return a named signal's value."""
    return NAMED[name].measure(situation(*records, on=on).bind(**bound))


OFFER = moved("offered", 1, due=day(2))


class TestSignals:
    @pytest.mark.parametrize(
        ("name", "records", "value"),
        [
            ("stage", [], "inquiry"),
            ("stage", [moved("stage", 1, to="sql")], "sql"),
            ("accountable", [], UNKNOWN),
            ("accountable", [moved("owner", 1, to="sales")], "sales"),
            ("erased", [], False),
            ("objected", [], False),
            ("closed", [], False),
            ("closed", [moved("stage", 1, to="customer")], True),
            ("word", [], "none"),
            ("word", [called(1, outcome="no_need")], "no_need"),
            ("has_rep", [], False),
            ("has_rep", [moved("rep", 1, rep="rep-7")], True),
            ("handoff", [], "none"),
        ],
    )
    def test_what_is_in_force(self, name, records, value):
        """Each signal has its own name and says what the records say."""
        assert measure(name, *records) == value
        assert NAMED[name].name == name

    @pytest.mark.parametrize(("kind", "name"), [("erased", "erased"), ("objected", "objected")])
    def test_what_the_person_asked(self, kind, name):
        """An erasure or objection is read from the consents in force."""
        stop = nk.Consent(id="c", lead_id=LEAD.id, occurred_at=day(1), kind=kind)
        assert measure(name, stop) is True

    def test_past_due_from_the_due_instant_on(self):
        """An offer is pending before its due instant and past due from it on."""
        assert [handoff_state(situation(OFFER, on=on)) for on in (1, 1.999, 2, 3)] == [
            "pending",
            "pending",
            "past_due",
            "past_due",
        ]
        assert handoff_state(situation(moved("offered", 1))) == "pending"

    def test_new_evidence_is_unknown_without_readiness(self):
        """A policy asked on its own doesn't take missing readiness for none."""
        assert measure("new_evidence") is UNKNOWN

    MQL = moved("stage", 2, to="mql", evidence=["webinar_attended-1"])
    READY = Readiness(is_sales_ready=True, evidence=(raised(1),))

    @pytest.mark.parametrize(
        ("handoff_on", "ready", "crossed", "value"),
        [
            ("sales_ready", True, True, "sales_ready"),
            ("sales_ready", False, True, "none"),
            ("mql", True, True, "mql"),
            ("mql", True, False, "none"),
            ("either", True, True, "sales_ready"),
            ("either", False, True, "mql"),
            ("either", False, False, "none"),
            (None, True, False, "sales_ready"),
        ],
    )
    def test_new_evidence_is_what_the_policy_hands_over_on(self, handoff_on, ready, crossed, value):
        """The parameter says which evidence counts; sales-ready comes first."""
        records = [raised(1), did("webinar_attended", 1), *([self.MQL] if crossed else [])]
        bound = {"readiness": self.READY if ready else Readiness()}
        if handoff_on is not None:
            bound["parameters"] = FrozenMap({"handoff_on": handoff_on})
        assert measure("new_evidence", *records, **bound) == value

    @pytest.mark.parametrize(("team", "spent_by_alert"), [("marketing", False), ("sales", True)])
    def test_an_alert_spends_evidence_once_sales_has_the_lead(self, team, spent_by_alert):
        """With marketing only an offer spends; with sales the alert was the answer."""
        owner = moved("owner", 0, to=team)
        alert = moved("alerted", 2, to=team, evidence=[raised(1).id])
        value = measure("new_evidence", raised(1), owner, alert, readiness=self.READY)
        assert (value == "none") is spent_by_alert
        offer = moved("offered", 2, evidence=[raised(1).id])
        assert measure("new_evidence", raised(1), owner, offer, readiness=self.READY) == "none"

    def test_mql_touches_are_those_of_the_last_crossing(self):
        """Only while mql is the stage, and only the lead's own."""
        records = [did("webinar_attended", 1), self.MQL]
        assert mql_touches(situation(*records)) == (did("webinar_attended", 1),)
        assert mql_touches(situation(*records, moved("stage", 3, to="sal"))) == ()
        assert mql_touches(situation(did("webinar_attended", 1))) == ()
