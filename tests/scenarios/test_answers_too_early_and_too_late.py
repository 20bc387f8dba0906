"""Answers before the offer, after its end, or from somebody else: who has the lead then."""

from datetime import timedelta

import pytest

import nurturekit as nk
from nurturekit.accountability import report
from nurturekit.interop import Case
from tests.builders import BOTH, LEAD, MONDAY, called, day, decide, did, moved, night, world
from tests.scenarios.leads import with_terms

ACROSS = ("marketing-led", "blended")
REPS = [nk.Rep(id=f"rep-{number}", pool="sales") for number in (6, 7, 8)]


def nightly(playbook, records, nights, *, first=0, **given):
    """Decide every night, moves appended; return the decisions and the history."""
    history, decisions = nk.History(records), []
    scene = world(reps=REPS)
    for number in range(first, first + nights):
        decision = decide(playbook, history, number, world=scene, **given)
        decisions.append(decision)
        history = history.add(*decision.moves)
    return decisions, history


def kinds(decisions):
    """Return the kinds of move of several decisions, enrolments aside."""
    found = [str(move.kind) for one in decisions for move in one.moves]
    return [kind for kind in found if kind not in ("enrolled", "left")]


class TestTooEarly:
    CALLED = (*BOTH, did("demo_requested", 0, at=day(0, 9)), called(0, rep="rep-6", at=day(0, 10)))

    @pytest.mark.parametrize("policy", ACROSS)
    def test_a_rep_who_is_quicker_than_the_night_has_taken_the_lead(self, policy):
        """The call of ten o'clock answers the demand of nine, whenever it is decided.

        Source: S2-3, S1-11
        """
        (first, *later), _ = nightly(policy, self.CALLED, 12)
        assert (first.stage, first.ownership.accountable) == ("sal", nk.Team.SALES)
        assert first.ownership.rep == "rep-6"
        assert first.handoff is None
        assert not {"offered", "lapsed", "alerted"} & set(kinds(later))

    @pytest.mark.parametrize("policy", ACROSS)
    def test_and_the_report_says_so(self, policy):
        """It is an offer taken in time by that rep, and nobody is waited for.

        Source: S1-12
        """
        _, history = nightly(policy, self.CALLED, 5)
        case = Case(lead=LEAD, history=history, world=world(reps=REPS))
        kinds_of = nk.preset(policy).kinds
        made = report([case], start=day(-1), end=day(9), kinds=kinds_of)
        assert made.find("acceptance rate", rep="rep-6").value == 1
        assert made.find("on time", rep="rep-6").value == 1
        followed_up = made.find("followed up", rep="rep-6")
        assert followed_up is None or followed_up.open == 0

    @pytest.mark.parametrize("policy", ACROSS)
    def test_a_call_before_the_demand_takes_nothing(self, policy):
        """Who called last week hasn't answered today's demand."""
        records = [*BOTH, called(-7), did("demo_requested", 0)]
        (first,), _ = nightly(policy, records, 1)
        assert first.handoff is not None
        assert first.ownership.accountable is nk.Team.MARKETING


class TestTooLate:
    @pytest.mark.parametrize("policy", ACROSS)
    def test_a_rejection_of_an_ended_offer_changes_nothing(self, policy):
        """Offered to rep-7, lapsed, taken by rep-8: rep-7's late no takes it from nobody."""
        playbook = with_terms(policy, past_due=("reassign",))
        records = [*BOTH, called(-30), did("demo_requested", 0)]
        decisions, history = nightly(playbook, records, 6)
        offer = next(one for one in decisions[0].moves if one.kind == "offered")
        assert "lapsed" in kinds(decisions)
        taken = called(6, rep="rep-8", at=day(6, 9))
        late = moved("rejected", 6, rep="rep-7", answers=offer.id, reason="bad_fit")
        (after,), _ = nightly(playbook, [*history.records, taken, late], 1, first=6)
        assert (after.ownership.accountable, after.ownership.rep) == (nk.Team.SALES, "rep-8")
        assert after.stage == "sal"

    def test_who_took_a_lead_may_still_turn_it_down(self):
        """The word of who has it counts, with or without the offer's id."""
        records = [*BOTH, called(-30), did("demo_requested", 0)]
        _, history = nightly("marketing-led", [*records, called(1, rep="rep-7")], 3)
        refused = moved("rejected", 3, rep="rep-7", reason="no_need")
        (after,), _ = nightly("marketing-led", [*history.records, refused], 1, first=3)
        assert (after.stage, after.ownership.accountable) == ("recycled", nk.Team.MARKETING)

    def test_a_late_yes_takes_what_still_waits(self):
        """With explicit acceptance a yes to the first offer answers the second, and no third."""
        playbook = with_terms("marketing-led", acceptance="explicit", past_due=("reassign",))
        records = [*BOTH, called(-30), did("demo_requested", 0)]
        decisions, history = nightly(playbook, records, 6)
        offer = next(one for one in decisions[0].moves if one.kind == "offered")
        yes = moved("accepted", 6, rep="rep-7", answers=offer.id)
        (after, *_), history = nightly(playbook, [*history.records, yes], 20, first=6)
        assert (after.ownership.accountable, after.ownership.rep) == (nk.Team.SALES, "rep-7")
        offers = [one for one in history.records if getattr(one, "kind", "") == "offered"]
        assert len(offers) == 2

    def test_an_offer_to_marketing_is_none(self):
        """Only sales takes leads by an offer: a person's handing back waits for nobody."""
        back = moved("offered", 0, to="marketing", was="sales")
        (first,), _ = nightly("marketing-led", [*BOTH, back], 1)
        assert first.handoff is None


class TestNothingNew:
    def test_a_rejection_starts_no_handoff_by_itself(self):
        """Blended: who took it turns it down; nobody is offered it until something happens."""
        records = [*BOTH, called(-30), did("demo_requested", 0), called(1, rep="rep-7")]
        _, history = nightly("blended", records, 5)
        refused = moved("rejected", 5, rep="rep-7", reason="bad_fit")
        decisions, _ = nightly("blended", [*history.records, refused], 20, first=5)
        assert "offered" not in kinds(decisions)
        assert "rep-7" in decisions[-1].request.exclude

    def test_a_pause_ends_an_offer(self):
        """A rep who snoozes the lead until a date is neither reminded nor passed over."""
        records = [*BOTH, called(-30), did("demo_requested", 0)]
        _, history = nightly("blended", records, 2)
        pause = moved("snoozed", 2, reason="on holiday", until=day(40))
        decisions, _ = nightly("blended", [*history.records, pause], 30, first=2)
        assert kinds(decisions)[0] == "withdrawn"
        assert not {"lapsed", "alerted", "offered"} & set(kinds(decisions))


class TestToWhom:
    def test_each_reason_is_an_alert_of_its_own(self):
        """The manager hears that an offer is late, and at last that nobody took it: two ids."""
        history, told, at = nk.History(BOTH), [], MONDAY
        scene, playbook = world(reps=REPS), nk.preset("sales-led")
        history = history.add(did("content_downloaded", 0, at=MONDAY))
        for _ in range(6 * 40):
            at += timedelta(hours=4)
            decision = playbook.decide(LEAD, history, as_of=at, world=scene)
            assert decision.conflicts == ()
            history = history.add(*decision.moves)
            told += decision.alerts
        assert [one.reason for one in told].count("not_taken") == 1
        assert len({one.id for one in told}) == len(told)

    def test_nobody_of_marketing_is_offered_a_lead(self):
        """Continuity passes over people who aren't of sales."""
        mara = nk.Rep(id="mara", team="marketing")
        given = moved("rep", -3, rep="mara")
        records = [*BOTH, given, did("demo_requested", 0)]
        decision = decide("blended", records, 0, world=world(reps=[mara, *REPS]))
        assert decision.handoff.rep is None
        assert decision.request is not None

    def test_a_person_keeps_the_rep_of_their_other_lead(self):
        """Also without an account, and on another night.

        Source: S2-3
        """
        mine = nk.Lead(id=LEAD.id, person_id="p-1")
        held = nk.Move(id="m", lead_id="other", kind="rep", rep="rep-8", occurred_at=day(-9))
        peer = nk.Peer(lead=nk.Lead(id="other", person_id="p-1"), history=nk.History([held]))
        records = [*BOTH, did("demo_requested", 0)]
        scene = world(reps=REPS, peers=[peer])
        assert decide("blended", records, 0, lead=mine, world=scene).request.prefer == ("rep-8",)

    def test_a_duplicate_takes_the_lead_from_nobody(self):
        """Merged with a duplicate that marketing was given first, it stays where it is."""
        mine = nk.Lead(id=LEAD.id, person_id="p-1")
        records = [*BOTH, called(-30), did("demo_requested", 0), called(1, rep="rep-7")]
        _, history = nightly("marketing-led", records, 4, lead=mine)
        twin = nk.Lead(id="twin", person_id="p-1")
        seen = nk.Touch(id="seen", lead_id="twin", kind="blog_viewed", occurred_at=day(6))
        first = nk.preset("marketing-led").decide(twin, [seen], as_of=night(6))
        merged = history.merge(nk.History([seen, *first.moves]))
        after = decide("marketing-led", merged, 7, lead=mine, world=world(reps=REPS))
        assert (after.ownership.accountable, after.stage) == (nk.Team.SALES, "sal")
        assert after.ownership.rep == "rep-7"

    def test_a_role_is_given_to_who_has_it(self):
        """Where reps of a pool say what they do, only they are asked for it."""
        asked = nk.AssignmentRequest(id="r", lead_id="l", pool="sales", role="ae", due_us=0)
        reps = [nk.Rep(id="ann", roles=["sdr"]), nk.Rep(id="bob", roles=["ae"])]
        assert nk.assign([asked], reps, as_of=day(0)).moves[0].rep == "bob"
        assert nk.assign([asked], reps[:1], as_of=day(0)).moves[0].rep == "ann"

    def test_an_answer_at_the_decisions_instant_comes_after_it(self):
        """A host that answers with the same instant loses no assignment."""
        decision = decide("sales-led", [*BOTH, did("demo_requested", 0)], 0, world=world(reps=REPS))
        given = nk.assign([decision.request], REPS, as_of=night(0))
        history = nk.History([*BOTH, did("demo_requested", 0), *decision.moves, *given.moves])
        after = decide("sales-led", history, 0.01, world=world(reps=REPS))
        assert after.ownership.rep == given.moves[0].rep
        assert after.request is None
