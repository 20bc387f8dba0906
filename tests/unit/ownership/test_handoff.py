"""The rules by which a lead changes hands, one by one, and what they leave in force."""

import pytest

import nurturekit as nk
from nurturekit.answers import Readiness
from nurturekit.ownership import Terms
from nurturekit.ownership.offers import offer_number, tried_reps
from nurturekit.records.standing import FINAL
from tests.builders import LEAD, called, day, did, moved
from tests.unit.ownership.cases import (
    MARKETING,
    RAISED,
    SALES,
    all_settled,
    lapsed,
    offered,
    opening,
    said,
    settled,
    situation,
    wanted,
)

EXPLICIT = Terms(acceptance="explicit")
OFFER = offered()
SAL = moved("stage", 0.5, to="sal")
ADOPT = moved("adopt", 0.1, to="mine")


def kinds(*records, **fields):
    """Return the kinds of the moves that follow at once."""
    return [kind for kind, _ in said(settled(*records, **fields))]


class TestFirstOwner:
    def test_is_what_the_policy_wants_without_evidence(self):
        """The policy is adopted and the base's team gets the lead, in this order."""
        made = settled(RAISED, want="sales", base=wanted("marketing"))
        assert said(made) == [("adopt", "mine"), ("owner", "marketing")]
        assert [move.seq for move in made.moves] == [0, 1]
        assert made.ownership.accountable is nk.Team.MARKETING

    def test_evidence_applies_on_top_at_once(self):
        """The next pass offers the lead that raised its hand."""
        told, rest = all_settled(RAISED, base=wanted("marketing"))
        assert told == [("adopt", "mine"), ("owner", "marketing"), ("offered", "sales")]
        assert rest.handoff.evidence == (RAISED.id,)

    def test_a_recorded_owner_is_left_alone(self):
        """A team in the columns or in a move isn't set again."""
        assert kinds(opening(team="marketing"), want="marketing") == []
        assert kinds(MARKETING, want="marketing") == []


class TestOffer:
    def test_marketing_stays_accountable_until_it_is_taken(self):
        """The giver keeps the lead; the taker answers for taking it, by the due instant."""
        (move,) = settled(MARKETING, RAISED).moves
        assert (move.kind, move.was, move.to, move.team) == (
            "offered",
            "marketing",
            "sales",
            "sales",
        )
        assert (move.evidence, move.reason, move.origin) == ((RAISED.id,), "the row", "playbook")
        made = settled(MARKETING, RAISED, OFFER)
        assert made.moves == ()
        assert made.ownership.accountable is nk.Team.MARKETING
        assert made.ownership.answerable is nk.Team.SALES
        assert (made.handoff.giver, made.handoff.taker) == ("marketing", "sales")
        assert (made.handoff.due, made.handoff.number, made.handoff.rep) == (day(5), 1, "rep-7")

    def test_is_due_in_the_pools_business_time(self):
        """Offered on a Wednesday at eleven in Berlin, 24 working hours end Monday at eleven."""
        (move,) = settled(MARKETING, RAISED).moves
        assert move.due == day(7)
        (sooner,) = settled(MARKETING, RAISED, terms=Terms(accept_hours=4)).moves
        assert sooner.due == day(2, 14)

    def test_names_the_rep_whom_the_lead_knows(self):
        """Continuity first; with nobody known the pool is asked."""
        assert settled(MARKETING, called(0.5, rep="rep-9"), RAISED).moves[0].rep == "rep-9"
        assert settled(MARKETING, RAISED).moves[0].rep is None
        assert settled(MARKETING, RAISED, offered(rep=None)).request.pool == "sales"

    @pytest.mark.parametrize(
        "records",
        [
            [],
            [did("visited", 1)],
            [RAISED, moved("offered", 1.5, evidence=[RAISED.id]), moved("withdrawn", 1.6)],
            [RAISED, SALES, moved("owner", 1.5, to="marketing")],
        ],
        ids=["nothing", "weaker", "spent by an offer", "before the last move away"],
    )
    def test_needs_fresh_evidence(self, records):
        """A policy that wants sales doesn't get it without new evidence."""
        assert "offered" not in kinds(MARKETING, *records)

    def test_time_alone_never_moves_a_lead_to_sales(self):
        """Years of wanting sales move nothing."""
        assert kinds(moved("adopt", -1, to="mine"), MARKETING, on=1000) == []

    def test_nothing_is_offered_of_a_closed_lead(self):
        """A row that closes offers nothing, whatever it wants; the hand-raise is still told."""
        assert kinds(MARKETING, RAISED, want=wanted("sales", is_closed=True)) == ["alerted"]

    @pytest.mark.parametrize(
        ("handoff_on", "records", "evidence"),
        [
            ("sales_ready", ["raise", "mql"], ["demo_requested-1"]),
            ("sales_ready", ["mql"], None),
            ("mql", ["raise", "mql"], ["visited-0.5"]),
            ("mql", ["raise"], None),
            ("either", ["raise", "mql"], ["demo_requested-1"]),
            ("either", ["mql"], ["visited-0.5"]),
            ("either", [], None),
        ],
    )
    def test_what_it_is_made_on(self, handoff_on, records, evidence):
        """The parameter says which evidence hands a lead over, and only that is cited."""
        visit = did("visited", 0.5)
        crossed = moved("stage", 0.6, to="mql", evidence=[visit.id])
        given = {"raise": RAISED, "mql": crossed}
        made = settled(
            MARKETING, visit, *(given[name] for name in records), terms=Terms(handoff_on=handoff_on)
        )
        offers = [list(move.evidence) for move in made.moves if move.kind == "offered"]
        assert offers == ([] if evidence is None else [evidence])

    def test_a_stage_set_by_hand_lets_sales_take_it(self):
        """Where a person has moved the lead on, any fresh touch of its own will do."""
        visit = did("visited", 1)
        assert settled(MARKETING, SAL, visit).moves[0].evidence == (visit.id,)
        assert kinds(MARKETING, SAL) == []


class TestAccepted:
    def test_the_first_sales_touch_accepts(self):
        """The rep who called has it: owner and stage follow in one pass."""
        made = settled(MARKETING, RAISED, OFFER, called(2, rep="rep-9"))
        assert said(made) == [("accepted", None), ("owner", "sales"), ("stage", "sal")]
        accepted, owner, stage = made.moves
        assert (accepted.rep, owner.rep) == ("rep-9", "rep-9")
        assert {accepted.answers, owner.answers, stage.answers} == {OFFER.id}
        _, rest = all_settled(MARKETING, RAISED, OFFER, called(2, rep="rep-9"))
        assert rest.ownership.accountable is rest.ownership.answerable is nk.Team.SALES
        assert (rest.handoff, rest.ownership.rep) == (None, "rep-9")

    def test_an_unnamed_touch_accepts_for_the_offers_rep(self):
        """A sales touch without a name is the rep's to whom it was offered."""
        touch = did("x", 2, direction="outbound", style="one_to_one")
        assert settled(MARKETING, RAISED, OFFER, touch).moves[0].rep == "rep-7"

    def test_also_past_due(self):
        """A late call accepts unless a lapse is recorded earlier."""
        late = called(7)
        assert kinds(MARKETING, RAISED, OFFER, late, on=8)[0] == "accepted"
        gone = lapsed(6, OFFER, reason=FINAL)
        assert "accepted" not in kinds(MARKETING, RAISED, OFFER, gone, late, on=8)
        rejected = moved("rejected", 6, reason="no_need", answers=OFFER.id)
        assert "accepted" not in kinds(MARKETING, RAISED, OFFER, rejected, late, on=8)

    @pytest.mark.parametrize(
        "touch",
        [called(1), called(0.5), did("x", 2), called(2, rep="marketer")],
        ids=["at the offer's instant", "before it", "the lead's own", "marketing's"],
    )
    def test_what_accepts_nothing(self, touch):
        """Only a sales touch after the offer does."""
        world = nk.World(reps=[nk.Rep(id="marketer", team="marketing")])
        assert "accepted" not in kinds(MARKETING, RAISED, OFFER, touch, world=world)

    def test_a_later_stage_stays(self):
        """Acceptance doesn't move a lead back to sal."""
        sql = moved("stage", 0.5, to="sql")
        assert kinds(MARKETING, sql, RAISED, OFFER, called(2)) == ["accepted", "owner"]

    def test_sales_owner_stays(self):
        """In a team that owns it already only the stage follows."""
        assert kinds(SALES, RAISED, offered(was="sales"), called(2)) == ["accepted", "stage"]


class TestExplicit:
    """Acceptance recorded by hand, whatever the policy's way of accepting."""

    HAND = moved("accepted", 2, rep="rep-9", answers=OFFER.id)

    def test_a_touch_does_not_accept(self):
        """Under explicit acceptance a call leaves the offer pending."""
        assert kinds(MARKETING, RAISED, OFFER, called(2), terms=EXPLICIT) == []

    @pytest.mark.parametrize("terms", [EXPLICIT, Terms()])
    def test_owner_and_stage_follow_once(self, terms):
        """The recorded acceptance is carried out, and not again."""
        told, rest = all_settled(MARKETING, RAISED, OFFER, self.HAND, on=3, terms=terms)
        assert told == [("owner", "sales"), ("stage", "sal")]
        assert (rest.ownership.accountable, rest.ownership.rep) == ("sales", "rep-9")

    def test_the_moves_answer_the_acceptance(self):
        """Owner and stage cite what they follow from."""
        made = settled(MARKETING, RAISED, OFFER, self.HAND, on=3)
        assert {move.answers for move in made.moves} == {self.HAND.id}
        assert made.moves[0].rep == "rep-9"

    @pytest.mark.parametrize(
        ("later", "expected"),
        [
            ([moved("owner", 2.5, to="sales")], ["stage"]),
            ([moved("stage", 2.5, to="sql")], ["owner"]),
            ([moved("owner", 2.5, to="sales"), moved("stage", 2.5, to="sql")], []),
            ([moved("stage", 2.5, to="recycled", reason="no_need")], []),
            ([moved("owner", 2.5, to="marketing")], ["stage"]),
            ([moved("stage", 2.5, to="inquiry", reason="x", answers=OFFER.id)], []),
        ],
        ids=[
            "owner set by hand",
            "stage set by hand",
            "both",
            "given back",
            "owner left by hand",
            "stage answered it",
        ],
    )
    def test_what_a_person_did_since_holds(self, later, expected):
        """A person's own moves after the acceptance aren't overruled."""
        assert kinds(MARKETING, RAISED, OFFER, self.HAND, *later, on=3) == expected

    def test_nothing_follows_for_a_closed_lead(self):
        """Accepted and then closed: nobody gets it."""
        want = wanted("sales", is_closed=True)
        assert kinds(MARKETING, RAISED, OFFER, self.HAND, want=want, on=3) == []


class TestWithdrawn:
    def test_a_closed_lead(self):
        """The offer of a closed lead is withdrawn, with the row's words, against nobody."""
        made = settled(MARKETING, RAISED, OFFER, want=wanted("sales", is_closed=True))
        assert said(made) == [("withdrawn", None)]
        assert (made.moves[0].answers, made.moves[0].reason) == (OFFER.id, "the row")
        held = situation(MARKETING, RAISED, OFFER).propose(made.moves).standing
        assert (held.pending, tried_reps(held)) == (None, frozenset())

    def test_sales_no_longer_wanted(self):
        """A policy that wants marketing again withdraws it."""
        assert kinds(MARKETING, RAISED, OFFER, want="marketing") == ["withdrawn"]

    def test_a_word_while_it_waits(self):
        """A rep's word ends the offer before it is answered itself."""
        word = called(2, outcome="no_budget")
        made = settled(MARKETING, RAISED, OFFER, word, terms=EXPLICIT)
        assert said(made) == [("withdrawn", None)]
        told, _ = all_settled(MARKETING, RAISED, OFFER, word, terms=EXPLICIT, want="marketing")
        assert told == [("withdrawn", None), ("stage", "recycled")]


AT_ONCE = Terms(past_due=["reassign"])


class TestNudged:
    """Row 4: remind, escalate, reassign, eight working hours apart: 9 to 17 in Berlin."""

    LATE = [MARKETING, RAISED, OFFER]  # due on a Saturday

    def after(self, *records, on):
        """Return what somebody is told, shortly."""
        made = settled(*self.LATE, *records, on=on)
        return [(one.to, one.rep, one.reason) for one in made.alerts] or said(made)

    @staticmethod
    def nudge(reason, on):
        """Return the move that says that somebody was told."""
        return moved("alerted", on, to="rep", reason=reason, answers=OFFER.id, origin="playbook")

    def test_who_has_it_is_reminded_at_its_due(self):
        """The rep is told as soon as the answer is past due, and not before."""
        assert self.after(on=4.99) == []
        assert self.after(on=5) == [("rep", "rep-7", "reminder")]

    def test_without_a_rep_the_team_is_reminded(self):
        """Where nobody has been assigned, sales is."""
        nobody = offered(rep=None)
        (alert,) = settled(MARKETING, RAISED, nobody, on=5).alerts
        assert (alert.to, alert.reason) == ("sales", "reminder")

    def test_once_per_offer(self):
        """A reminder isn't repeated, nor sent after the escalation."""
        assert self.after(self.nudge("reminder", 5), on=6) == []
        assert self.after(self.nudge("escalation", 7.25), on=7.5) == []

    def test_another_offers_reminder_is_another(self):
        """What was told of an earlier offer isn't told of this one."""
        other = moved("alerted", 5, to="rep", reason="reminder", answers="other")
        assert self.after(other, on=6) == [("rep", "rep-7", "reminder")]

    def test_the_manager_hears_eight_working_hours_later(self):
        """The due instant is a Saturday: Monday's office hours run from 8 to 16 UTC."""
        told = self.nudge("reminder", 5)
        assert self.after(told, on=7.24) == []
        assert self.after(told, on=7.25) == [("manager", "manager-1", "escalation")]

    def test_a_late_look_takes_the_last_step_only(self):
        """A host that asks once a week doesn't remind on the day it reassigns."""
        assert self.after(on=7.25) == [("manager", "manager-1", "escalation")]
        assert self.after(on=8.24) == [("manager", "manager-1", "escalation")]
        assert self.after(on=8.25) == [("lapsed", None), ("offered", "sales")]

    def test_nothing_is_late_that_has_no_due(self):
        """A person's offer without a deadline is never past due."""
        case = settled(MARKETING, RAISED, moved("offered", 1, evidence=[RAISED.id]), on=500)
        assert case.alerts == ()


class TestLapsed:
    LATE = [MARKETING, RAISED, OFFER]

    def test_past_due_from_its_due_on(self):
        """Before the due instant nothing lapses."""
        assert kinds(*self.LATE, on=4.99, terms=AT_ONCE) == []
        assert kinds(*self.LATE, on=5, terms=AT_ONCE) == ["lapsed", "offered"]

    def test_it_is_offered_again(self):
        """The lapse counts against its rep; the next offer cites the same and asks the pool."""
        lapse, again = settled(*self.LATE, on=6, terms=AT_ONCE).moves
        assert (lapse.rep, lapse.answers, lapse.reason) == ("rep-7", OFFER.id, "past due")
        assert (again.rep, again.was, again.answers) == (None, "marketing", OFFER.id)
        assert again.evidence == (RAISED.id,)
        rest = settled(*self.LATE, lapsed(6, OFFER), offered(6, 9, id="again", rep=None), on=7)
        assert rest.request.exclude == ("rep-7",)
        assert (rest.handoff.number, rest.ownership.accountable) == (2, "marketing")

    @pytest.mark.parametrize("max_offers", [1, 2, 3])
    def test_the_last_lapse_is_final(self, max_offers):
        """After so many offers the manager is told, once, and the evidence is spent."""
        records = [MARKETING, RAISED]
        terms = Terms(max_offers=max_offers, past_due=["reassign"])
        for on in range(2, 2 + 20 * max_offers, 20):
            records += self.by_hand(records, on, terms)
        assert [one.kind for one in records[2:]].count("offered") == max_offers
        told, rest = all_settled(*records, on=2 + 20 * max_offers, terms=terms)
        assert told == [("lapsed", None), ("alerted", "manager")]
        assert rest.ownership.accountable is nk.Team.MARKETING
        assert rest.handoff is None

    @staticmethod
    def by_hand(records, on, terms):
        """Return what follows on a day, as moves that are seen on it."""
        moves = settled(*records, on=on, terms=terms).moves
        return [
            nk.Move(
                id=f"{move.kind}-{on}-{move.seq}",
                lead_id=LEAD.id,
                occurred_at=move.occurred_at,
                seq=move.seq,
                origin="person",
                **{
                    name: getattr(move, name)
                    for name in ("kind", "was", "to", "rep", "reason", "due", "evidence")
                },
            )
            for move in moves
        ]

    def test_what_comes_after_the_deadline_is_news(self):
        """A hand-raise between deadline and final lapse starts another handoff."""
        gone = lapsed(9, OFFER, reason=FINAL)
        told = moved("alerted", 9, to="manager", evidence=[RAISED.id], seq=1)
        assert kinds(*self.LATE, gone, told, on=10) == []
        again = did("demo_requested", 7)
        assert settled(*self.LATE, gone, told, again, on=10).moves[0].evidence == (again.id,)

    def test_an_offer_without_a_due_never_lapses(self):
        """A person's offer without a deadline waits."""
        made = settled(MARKETING, RAISED, moved("offered", 1, evidence=[RAISED.id]), on=500)
        assert made.moves == ()
        assert made.handoff.due == day(500)


class TestNumbers:
    SECOND = offered(6, 9, id="second", rep="rep-8")
    THIRD = offered(10, 12, id="third", rep="rep-9")

    def standing(self, *records):
        """Return what is in force."""
        return situation(MARKETING, *records, on=20).standing

    @pytest.mark.parametrize(
        ("end", "number"),
        [
            (lapsed(5, OFFER), 2),
            (lapsed(5, OFFER, reason=FINAL), 1),
            (moved("withdrawn", 5, answers=OFFER.id), 1),
            (moved("rejected", 5, answers=OFFER.id, reason="bad_fit"), 1),
        ],
    )
    def test_only_a_lapse_leads_to_the_next_offer(self, end, number):
        """After any other end an offer is the first of another handoff."""
        held = self.standing(OFFER, end, self.SECOND)
        assert offer_number(held, self.SECOND) == number
        assert offer_number(held, OFFER) == 1

    def test_a_replaced_offer_does_not_count(self):
        """Two offers of which nobody ended the first aren't one handoff."""
        assert offer_number(self.standing(OFFER, self.SECOND), self.SECOND) == 1

    def test_who_was_tried(self):
        """Those who let it lapse in this handoff: of the offer and of its end."""
        ends = lapsed(5, OFFER, rep="rep-6"), lapsed(9, self.SECOND)
        held = self.standing(OFFER, ends[0], self.SECOND, ends[1], self.THIRD)
        assert tried_reps(held) == {"rep-6", "rep-7", "rep-8"}
        assert offer_number(held, self.THIRD) == 3

    @pytest.mark.parametrize(
        ("end", "tried"),
        [
            (lapsed(5, OFFER, reason=FINAL), set()),
            (moved("withdrawn", 5, answers=OFFER.id), set()),
            (
                moved("rejected", 5, answers=OFFER.id, reason="bad_fit", rep="rep-6"),
                {"rep-6", "rep-7"},
            ),
            (moved("rejected", 5, answers=OFFER.id, reason="bad_fit"), {"rep-7"}),
        ],
    )
    def test_how_an_end_counts(self, end, tried):
        """A rejection counts against its rep in the next handoff; a withdrawal against nobody."""
        assert tried_reps(self.standing(OFFER, end)) == tried
        assert tried_reps(self.standing(OFFER, end, self.SECOND)) == tried

    def test_an_old_rejection_is_forgotten(self):
        """Once another offer lapsed only that handoff counts."""
        rejected = moved("rejected", 5, answers=OFFER.id, reason="bad_fit")
        held = self.standing(OFFER, rejected, self.SECOND, lapsed(9, self.SECOND))
        assert tried_reps(held) == {"rep-8"}


class TestWord:
    WORD = called(2, outcome="no_budget")

    @pytest.mark.parametrize(
        ("owner", "want", "expected"),
        [
            (SALES, "marketing", [("stage", "recycled"), ("owner", "marketing")]),
            (MARKETING, "marketing", [("stage", "recycled")]),
            (SALES, "sales", [("stage", "incubating")]),
            (MARKETING, "sales", [("stage", "incubating")]),
        ],
    )
    def test_back_to_marketing_or_idle(self, owner, want, expected):
        """Recycled when accountability goes to marketing, incubating when it stays; cited."""
        made = settled(owner, self.WORD, want=want, on=3)
        assert said(made) == expected
        assert {(move.answers, move.reason) for move in made.moves} == {("call-2", "no_budget")}

    def test_it_is_answered_once(self):
        """Nothing follows a second time."""
        told, _ = all_settled(SALES, self.WORD, want="marketing", on=3)
        assert told == [("stage", "recycled"), ("owner", "marketing")]

    def test_a_closed_lead_answers_none(self):
        """Where nobody nurtures, a word changes nothing."""
        want = wanted("marketing", is_closed=True)
        assert kinds(SALES, self.WORD, want=want, on=3) == []


class TestAdopted:
    def test_only_an_adopt_move_brings_a_policy_in(self):
        """A policy that wants another team doesn't get it by being asked."""
        assert kinds(SALES, want="marketing", on=500) == []
        made = settled(SALES, moved("adopt", 1, to="mine"), want="marketing")
        assert said(made) == [("owner", "marketing")]
        assert (made.moves[0].answers, made.moves[0].was) == ("adopt-1", "sales")

    def test_in_both_directions_without_evidence(self):
        """The base's team gets the lead, even from marketing to sales."""
        adopt = moved("adopt", 1, to="mine")
        assert said(settled(MARKETING, adopt, want="marketing", base=wanted("sales"))) == [
            ("owner", "sales")
        ]

    @pytest.mark.parametrize(
        "records",
        [
            [moved("adopt", 1, to="another")],
            [moved("adopt", 1, to="mine"), moved("owner", 1.5, to="sales")],
            [moved("adopt", 1, to="mine"), offered(was="sales")],
        ],
        ids=["another policy's", "followed already", "while an offer waits"],
    )
    def test_when_it_waits(self, records):
        """Another policy's adoption, one carried out, and one during a handoff move nothing."""
        assert "owner" not in kinds(SALES, *records, want="sales", base=wanted("marketing"))


class TestTime:
    OWNED = (ADOPT, moved("owner", 1, to="sales"))

    @pytest.mark.parametrize(("on", "moves"), [(30, []), (31, ["owner"])])
    def test_moves_a_lead_to_marketing_after_thirty_days(self, on, moves):
        """Thirty days after the last owner move, at the earliest."""
        assert kinds(*self.OWNED, want="marketing", on=on) == moves

    @pytest.mark.parametrize(
        "quiet", [moved("accepted", 11), moved("alerted", 11, to="sales")], ids=["taken", "alerted"]
    )
    def test_counts_from_the_last_news(self, quiet):
        """An acceptance or alert starts the days anew."""
        assert kinds(*self.OWNED, quiet, want="marketing", on=40) == []
        assert kinds(*self.OWNED, quiet, want="marketing", on=41) == ["owner"]

    def test_only_under_a_policy_that_was_adopted(self):
        """A lead that came without an adoption, or under another's, stays."""
        assert kinds(self.OWNED[1], want="marketing", on=500) == []
        other = moved("adopt", 0.1, to="another")
        assert kinds(other, self.OWNED[1], want="marketing", on=500) == []

    def test_how_long_is_a_parameter(self):
        """With no minimal stay it moves at once."""
        assert kinds(*self.OWNED, want="marketing", terms=Terms(min_stay_days=0)) == ["owner"]


class TestRepWanted:
    """Where sales is accountable without a rep, the request is the pending handoff."""

    def test_a_rep_is_asked_for_at_once(self):
        """Sales is both giver and taker; the first request needs no evidence."""
        (move,) = settled(SALES).moves
        assert (move.kind, move.was, move.to, move.rep) == ("offered", "sales", "sales", None)
        rest = settled(SALES, offered(was="sales", rep=None, evidence=[]))
        assert rest.ownership.accountable is rest.ownership.answerable is nk.Team.SALES
        assert (rest.handoff.giver, rest.request.role) == ("sales", "rep")

    def test_the_known_rep_is_named(self):
        """A rep whom the lead knows gets the offer, unless already tried."""
        call = called(0.5, rep="rep-9")
        assert settled(SALES, call).moves[0].rep == "rep-9"
        tried = offered(1, 3, was="sales", rep="rep-9", evidence=[])
        gone = lapsed(4, tried, reason="past due")
        raised = did("demo_requested", 5)
        assert settled(SALES, call, tried, gone, raised, on=6).moves[0].rep is None

    @pytest.mark.parametrize(
        ("records", "want"),
        [
            ([SALES, moved("rep", 1, rep="rep-7")], "sales"),
            ([SALES], "marketing"),
            ([SALES], wanted("sales", is_closed=True)),
            ([MARKETING], "sales"),
        ],
        ids=["has a rep", "not wanted", "closed", "marketing's"],
    )
    def test_when_none_is_wanted(self, records, want):
        """With a rep, or where sales shouldn't have the lead, nobody is asked for."""
        assert kinds(*records, want=want) == []

    def test_after_a_final_lapse_only_news_starts_offers(self):
        """The request stays, but starts no new offers without fresh evidence."""
        offer = offered(1, 3, was="sales", rep=None, evidence=[])
        gone = lapsed(4, offer, reason=FINAL)
        rest = settled(SALES, offer, gone, on=5)
        assert rest.moves == ()
        assert rest.request is not None
        assert kinds(SALES, offer, gone, did("demo_requested", 5), on=6) == ["offered"]
        owned_again = moved("owner", 5, to="sales")
        assert kinds(SALES, offer, gone, owned_again, on=6) == ["offered"]


class TestTold:
    REP = moved("rep", 0.5, rep="rep-7")

    def test_a_raise_to_sales_is_told_to_the_rep(self):
        """Who has the lead is told once, citing the raise."""
        made = settled(SALES, self.REP, RAISED)
        (alert,) = made.alerts
        assert (alert.to, alert.rep, alert.reason, alert.evidence) == (
            "sales",
            "rep-7",
            "hand_raise",
            (RAISED.id,),
        )
        assert alert.id == made.moves[0].id
        again = moved("alerted", 2, to="sales", evidence=[RAISED.id])
        assert settled(SALES, self.REP, RAISED, again, on=3).moves == ()

    def test_a_raise_that_is_not_handed_over_is_told_to_marketing(self):
        """The accountable team hears of it, without a rep of sales."""
        (alert,) = settled(MARKETING, self.REP, RAISED, want="marketing").alerts
        assert (alert.to, alert.rep) == ("marketing", None)

    def test_the_rep_the_lead_knows_is_told(self):
        """Without a rep in force it is the continuity rep."""
        want = wanted("sales", is_closed=True)
        (alert,) = settled(SALES, called(0.5, rep="rep-9"), RAISED, want=want).alerts
        assert alert.rep == "rep-9"

    def test_a_customers_raise_is_told_to_its_owner(self):
        """A customer's hand-raise is told though nobody nurtures, and reopens nothing."""
        customer = moved("stage", 0.6, to="customer")
        want = wanted("sales", is_closed=True, notify=("rep",))
        made = settled(SALES, self.REP, customer, RAISED, did("pricing_viewed", 1), want=want)
        assert said(made) == [("alerted", "sales")]
        assert made.moves[0].evidence == (RAISED.id,)

    @pytest.mark.parametrize("kind", ["erased", "objected"])
    def test_nobody_is_told_of_somebody_who_said_stop(self, kind):
        """Row 1 is the one under which nothing is told."""
        stop = nk.Consent(id="c", lead_id=LEAD.id, occurred_at=day(1), kind=kind)
        assert kinds(SALES, self.REP, RAISED, stop) == []

    def test_weaker_evidence_is_told_once_to_whom_the_row_names(self):
        """Each of them once; then never again."""
        viewed = did("pricing_viewed", 1)
        want = wanted("marketing", notify=("sales", "rep", "manager"))
        made = settled(MARKETING, self.REP, viewed, want=want)
        assert [(one.to, one.rep, one.reason) for one in made.alerts] == [
            ("sales", "rep-7", "weaker_evidence"),
            ("rep", "rep-7", "weaker_evidence"),
            ("manager", "manager-1", "weaker_evidence"),
        ]
        told = moved("alerted", 2, to="sales", evidence=[viewed.id])
        assert kinds(MARKETING, self.REP, viewed, told, want=want, on=3) == []
        assert kinds(MARKETING, self.REP, viewed, want="marketing") == []

    def test_one_alert_tells_both(self):
        """A hand-raise isn't followed by news of lesser things."""
        viewed = did("pricing_viewed", 1)
        told, _ = all_settled(
            SALES, self.REP, RAISED, viewed, want=wanted("sales", notify=("rep",))
        )
        assert told == [("alerted", "sales")]

    def test_an_offer_tells_it(self):
        """What an offer cites isn't told again."""
        assert kinds(MARKETING, RAISED, OFFER) == []

    def test_the_evidence_of_a_whole_account_is_told(self):
        """With sales accountable evidence that isn't a hand-raise raises priority too."""
        visit = did("visited", 1)
        found = situation(SALES, self.REP, visit)
        ready = found.bind(readiness=Readiness(is_sales_ready=True, evidence=(visit,)))
        made = nk.settle(ready, wanted("sales"), policy="mine")
        assert [one.evidence for one in made.alerts] == [(visit.id,)]
        assert nk.settle(ready, wanted("sales", is_closed=True), policy="mine").alerts == ()
