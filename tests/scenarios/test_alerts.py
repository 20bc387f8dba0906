"""Who is told what, and why: once per evidence; and from whom automated mail comes."""

import attrs
import pytest

import nurturekit as nk
from nurturekit.interpreters.evaluate import evaluate
from tests.builders import LEAD, called, day, decide, did, learned, moved, night, world
from tests.scenarios.leads import held_by, home, with_terms

MINE = attrs.evolve(LEAD, account="acme", person_id="p-1")
HANDING_OVER = ("marketing-led", "blended")


def peer(number, *records, person=None):
    """Return another lead of the account."""
    lead = nk.Lead(id=f"lead-{number}", account="acme", person_id=person)
    mine = [attrs.evolve(one, lead_id=lead.id) for one in records]
    return nk.Peer(lead=lead, history=nk.History(mine))


CHAMPION = peer(2, did("webinar_attended", 0), learned("buying_role", "champion", -1), person="p-2")
BUYER = peer(3, did("case_study_viewed", 0), learned("buying_role", "decision_maker", -1))
ASLEEP = peer(4, did("webinar_attended", -60), learned("buying_role", "user", -60))


def told(policy, records, nights=8, **fields):
    """Return (night, to, rep, reason, people) of each alert of a week of nights."""
    playbook = nk.preset(policy) if isinstance(policy, str) else policy
    fields = {"world": world(), **fields}
    lead = fields.pop("lead", LEAD)
    history, lines = nk.History(records), []
    for number in range(nights):
        decision = playbook.decide(lead, history, as_of=night(number), **fields)
        history = history.add(*decision.moves)
        lines += [(number, one.to, one.rep, one.reason, one.people) for one in decision.alerts]
    return lines


class TestHandRaise:
    @pytest.mark.parametrize("policy", nk.PRESETS)
    def test_of_a_lead_with_sales(self, policy):
        """Given sales accountable, its rep is told on the night, and never again of the same.

        Source: S4-6
        """
        records = held_by("sales", moved("stage", -5, to="sql"), policy=policy)
        raised = [did("price_asked", 0), did("demo_requested", 3)]
        assert told(policy, [*records, *raised]) == [
            (0, "sales", "rep-7", "hand_raise", ()),
            (3, "sales", "rep-7", "hand_raise", ()),
        ]

    @pytest.mark.parametrize("policy", HANDING_OVER)
    def test_that_is_handed_over_is_told_by_the_offer(self, policy):
        """Given marketing accountable, the offer cites it: nobody is told a second time."""
        records = held_by("marketing", called(-9), did("price_asked", 0), policy=policy)
        assert told(policy, records, nights=3) == []

    @pytest.mark.parametrize("policy", HANDING_OVER)
    def test_while_an_offer_waits(self, policy):
        """Given a second hand-raise while the first is on offer, it is told: no second offer."""
        asked = [did("price_asked", 0), did("demo_requested", 1)]
        records = held_by("marketing", called(-9), *asked, policy=policy)
        assert told(policy, records, nights=3) == [(1, "marketing", None, "hand_raise", ())]

    @pytest.mark.parametrize("policy", nk.PRESETS)
    def test_of_somebody_unfit(self, policy):
        """Given fit known to be bad, nothing is handed over, and whoever has the lead is told.

        Source: S1-10
        """
        student = learned("title", "student", -2)
        records = held_by(home(policy), student, did("demo_requested", 0), policy=policy)
        decision = decide(policy, records, 0)
        assert decision.handoff is None
        ((_, to, _, reason, _),) = told(policy, records)
        assert (to, reason) == (home(policy), "hand_raise")

    @pytest.mark.parametrize("policy", nk.PRESETS)
    def test_of_a_customer(self, policy):
        """Given a customer, its owner is told; it isn't a lead again."""
        records = held_by("sales", moved("stage", -5, to="customer"), policy=policy)
        raised = did("contact_requested", 0)
        assert told(policy, [*records, raised]) == [(0, "sales", "rep-7", "hand_raise", ())]
        assert not decide(policy, [*records, raised], 0).ownership.is_open

    @pytest.mark.parametrize("kind", ["objected", "erased"])
    @pytest.mark.parametrize("policy", nk.PRESETS)
    def test_of_somebody_who_wants_to_be_left_alone(self, policy, kind):
        """Given an objection or an erasure, nobody is told anything."""
        stop = nk.Consent(id="stop", lead_id=LEAD.id, occurred_at=day(-1), kind=kind)
        raised = [did("price_asked", 0), did("pricing_viewed", 1)]
        for team in nk.Team:
            assert told(policy, held_by(str(team), stop, *raised, policy=policy)) == []

    @pytest.mark.parametrize("policy", nk.PRESETS)
    def test_long_ago_has_faded(self, policy):
        """Given a hand raised before the last thirty days, nobody is told of it.

        Source: S4-7
        """
        records = held_by("sales", did("price_asked", -31), policy=policy)
        reasons = {reason for _, _, _, reason, _ in told(policy, records)}
        assert "hand_raise" not in reasons


class TestWeakerEvidence:
    @pytest.mark.parametrize("policy", HANDING_OVER)
    def test_of_a_new_lead_is_told_to_sales(self, policy):
        """Given a look at the prices, sales is told once, and told of the next look.

        Source: S4-6
        """
        looks = [did("pricing_viewed", 0), did("pricing_viewed", 4)]
        records = held_by("marketing", *looks, policy=policy)
        assert told(policy, records) == [
            (0, "sales", None, "weaker_evidence", ()),
            (4, "sales", None, "weaker_evidence", ()),
        ]

    @pytest.mark.parametrize("policy", HANDING_OVER)
    def test_of_a_recycled_lead_is_new_intent(self, policy):
        """Given a recycled lead that looks at the prices, the rep who knew it is told, once.

        Source: S4-6
        """
        back = moved("stage", -5, to="recycled", reason="no_budget")
        looks = [did("pricing_viewed", -6), did("pricing_viewed", 0)]
        records = held_by("marketing", called(-9), back, *looks, policy=policy)
        assert told(policy, records) == [(0, "rep", "rep-7", "new_intent", ())]
        alert = decide(policy, records, 0).alerts[0]
        # What was seen before it came back is spent.
        assert alert.evidence == ("pricing_viewed-0",)
        assert alert.because == "an idle lead shows new interest"

    def test_is_none_of_sales_when_it_has_the_lead_anyway(self):
        """Given sales-led, looks at the prices are no news: its rows notify nobody of them."""
        records = held_by("sales", did("pricing_viewed", 0), policy="sales-led")
        assert told("sales-led", records) == []

    @pytest.mark.parametrize("policy", HANDING_OVER)
    @pytest.mark.parametrize("known", ["nobody", "somebody who has left"])
    def test_is_told_to_somebody_who_is_there(self, policy, known):
        """Given that the lead's rep has left or there never was one, the team is told instead."""
        scene = world(reps=[nk.Rep(id="rep-7", active=False), nk.Rep(id="rep-8")])
        back = moved("stage", -5, to="recycled", reason="no_budget")
        calls = [called(-9), moved("rep", -9, rep="rep-7")] if known != "nobody" else []
        records = held_by("marketing", *calls, back, did("pricing_viewed", 0), policy=policy)
        assert told(policy, records, world=scene) == [(0, "sales", None, "new_intent", ())]


class TestAccount:
    @pytest.mark.parametrize("policy", nk.PRESETS)
    def test_that_takes_part(self, policy):
        """Given sales accountable, it is told who takes part, by id and buying role, once.

        Source: S0-8, S4-6
        """
        records = held_by("sales", moved("stage", -5, to="sql"), policy=policy)
        records.append(did("webinar_attended", 0))
        scene = world(peers=[CHAMPION, BUYER, ASLEEP])
        people = ("lead-3", "p-2")
        assert told(policy, records, lead=MINE, world=scene) == [
            (0, "sales", "rep-7", "account_engaged", people)
        ]
        alert = decide(policy, records, 0, lead=MINE, world=scene).alerts[0]
        assert alert.evidence == ("webinar_attended-0",)
        assert alert.because.endswith(": lead-3 (decision_maker), p-2 (champion)")

    @pytest.mark.parametrize("policy", HANDING_OVER)
    def test_that_takes_part_hands_over(self, policy):
        """Given marketing accountable, the lead's own touch is offered and the people are named.

        Source: S0-8
        """
        records = held_by("marketing", did("webinar_attended", 0), policy=policy)
        decision = decide(policy, records, 0, lead=MINE, world=world(peers=[CHAMPION, ASLEEP]))
        assert decision.handoff.evidence == ("webinar_attended-0",)
        named = [one.text for one in decision.reasons if one.part == "peers"]
        assert named == ["p-2 of the account took part too"]
        assert decision.alerts == ()

    @pytest.mark.parametrize("policy", nk.PRESETS)
    def test_needs_the_lead_itself(self, policy):
        """Given only the others, there is no news of this lead."""
        records = held_by("sales", moved("stage", -5, to="sql"), policy=policy)
        scene = world(peers=[CHAMPION, BUYER])
        assert told(policy, records, lead=MINE, world=scene) == []

    @pytest.mark.parametrize("role", ["champion", "decision_maker", None])
    def test_buying_roles_are_facts_that_rows_can_read(self, role):
        """Given who plays which role, a criterion over the roles holds or is unknown."""
        known = [learned("buying_role", role, -1)] if role else []
        scene = world(peers=[peer(2, did("webinar_attended", 0), *known, person="p-2")])
        playbook = nk.preset("blended")
        situation = playbook.situation(
            MINE, [did("webinar_attended", 0)], as_of=night(0), world=scene
        )
        signal = nk.signal("buying_roles")
        wanted = {"champion": True, "decision_maker": False, None: None}[role]
        assert evaluate(signal.contains_any("champion"), situation) is wanted


@pytest.mark.parametrize("policy", nk.PRESETS)
@pytest.mark.parametrize("seen_together", [True, False])
def test_a_hand_raise_is_not_followed_by_lesser_news(policy, seen_together):
    """Given a hand-raise, a look at prices and a colleague on one day, one alert tells all.

    Source: S4-6
    """
    records = held_by("sales", moved("stage", -5, to="sql"), policy=policy)
    raised = [did("price_asked", 0), did("pricing_viewed", 0), did("webinar_attended", 0)]
    scene = world(peers=[CHAMPION] if seen_together else [])
    lines = told(policy, [*records, *raised], lead=MINE, world=scene)
    assert [(number, reason) for number, _, _, reason, _ in lines] == [(0, "hand_raise")]


class TestSender:
    OWNER = learned("account_owner", "rep-9", -60)
    BACK = moved("stage", -30, to="recycled", reason="no_budget")

    def senders(self, *gone, playbook=None, away=()):
        """Return from whom the recycled lead's mail comes, with some reps gone."""
        reps = [
            nk.Rep(
                id=rep,
                pool="sales",
                active=rep not in gone,
                absences=[nk.Absence(start=day(-5).date(), end=day(9).date())] * (rep in away),
            )
            for rep in ("rep-7", "rep-9")
        ]
        records = held_by(
            "marketing",
            called(-35),
            moved("rep", -35, rep="rep-7"),
            self.OWNER,
            self.BACK,
            policy="marketing-led",
        )
        playbook = playbook or nk.preset("marketing-led")
        history, senders = nk.History(records), set()
        for number in range(20):
            decision = decide(playbook, history, number, world=world(reps=reps))
            history = history.add(*decision.moves)
            senders |= {
                one.sender
                for one in decision.actions
                if one.style is nk.Style.AUTOMATED and one.earliest < night(number + 1)
            }
        return senders

    def test_is_the_assigned_rep(self):
        """Given a recycled lead, its mail comes from the rep who had it, also one on leave.

        Source: S4-5
        """
        assert self.senders() == {"rep-7"}
        assert self.senders(away=("rep-7",)) == {"rep-7"}

    def test_then_the_account_owner(self):
        """Given that the rep has left, it comes from the account's owner.

        Source: S4-5
        """
        assert self.senders("rep-7") == {"rep-9"}

    def test_then_the_team(self):
        """Given that both have left, it comes from the team.

        Source: S4-5
        """
        assert self.senders("rep-7", "rep-9") == {"marketing"}

    def test_whatever_continuity_says(self):
        """Given that leads don't go to account owners, mail still comes from one."""
        playbook = with_terms("marketing-led", continuity=("first_contact", "pool"))
        assert self.senders("rep-7", playbook=playbook) == {"rep-9"}
