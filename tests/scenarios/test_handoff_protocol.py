"""A handoff from the offer to its end: taken, turned down or not answered, and when it is late."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import attrs
import pytest

import nurturekit as nk
from nurturekit.vocabulary import REJECTION_REASONS
from tests.builders import BOTH, LEAD, called, day, decide, did, mailed, moved, night, office, world
from tests.scenarios.leads import with_terms

MARKETING, SALES = nk.Team.MARKETING, nk.Team.SALES
BERLIN = ZoneInfo("Europe/Berlin")
REPS = [nk.Rep(id=f"rep-{number}", pool="sales") for number in range(1, 6)]
SCENE = world(reps=REPS)
RAISED = [*BOTH, did("price_asked", 0)]
HANDING_OVER = ("marketing-led", "blended")
KINDS = ("offered", "accepted", "rejected", "lapsed", "withdrawn", "owner", "stage", "alerted")


def season(playbook, records, nights, scene=SCENE):
    """Decide every night, each request answered by `assign` a minute later."""
    playbook = nk.preset(playbook) if isinstance(playbook, str) else playbook
    history, decisions = nk.History(records), []
    for number in range(nights):
        decision = playbook.decide(LEAD, history, as_of=night(number), world=scene)
        decisions.append(decision)
        history = history.add(*decision.moves)
        if decision.request is not None:
            later = night(number) + timedelta(minutes=1)
            given = nk.assign([decision.request], scene.reps.values(), as_of=later)
            history = history.add(*given.moves)
    return decisions, history


def told(decision):
    """Return what a decision moves, shortly: kind and to whom or what."""
    return [f"{move.kind} {move.to}" for move in decision.moves if move.kind in KINDS]


def offered(policy, rep="rep-3"):
    """Return the records of a lead that was offered on day 0 and given to a rep."""
    first = decide(policy, RAISED, 0, world=SCENE)
    answer = moved("rep", 0, at=day(0, 23), rep=rep, answers=first.request.id)
    offer = next(move for move in first.moves if move.kind == "offered")
    return [*RAISED, *first.moves, answer], offer


class TestTaken:
    @pytest.mark.parametrize("outcome", ["connected", "voicemail", "no_answer"])
    @pytest.mark.parametrize("policy", nk.PRESETS)
    def test_the_first_sales_touch_takes_it(self, policy, outcome):
        """Given an offer and a call, also one that reached nobody, the caller has the lead."""
        records, offer = offered(policy)
        decision = decide(policy, [*records, called(1, rep="rep-3", outcome=outcome)], 1)
        accepted = next(move for move in decision.moves if move.kind == "accepted")
        assert (accepted.answers, accepted.rep) == (offer.id, "rep-3")
        assert decision.ownership.accountable is decision.ownership.answerable is SALES
        assert (decision.ownership.rep, decision.handoff) == ("rep-3", None)
        assert decision.stage is nk.Stage.SAL

    @pytest.mark.parametrize("policy", nk.PRESETS)
    def test_what_is_no_sales_touch_takes_nothing(self, policy):
        """Given mail of a machine, a call by marketing and one from before, the offer waits."""
        scene = world(reps=[*REPS, nk.Rep(id="writer", team="marketing")])
        records, _ = offered(policy)
        others = [mailed(1, "decision-1"), called(1.1, rep="writer"), called(-1, rep="rep-3")]
        decision = decide(policy, [*records, *others], 1, world=scene)
        assert decision.handoff is not None
        assert decision.ownership.answerable is SALES

    @pytest.mark.parametrize("policy", nk.PRESETS)
    def test_a_late_touch_takes_it_too(self, policy):
        """Given an offer past due that hasn't lapsed, the call counts."""
        records, offer = offered(policy)
        late = called(4, rep="rep-3")
        assert late.occurred_at > offer.due
        decision = decide(policy, [*records, late], 4)
        assert "accepted None" in told(decision)
        assert "lapsed None" not in told(decision)

    @pytest.mark.parametrize("policy", nk.PRESETS)
    def test_a_touch_after_the_lapse_takes_the_next_offer(self, policy):
        """Given a lapse, a call takes the offer that is pending then, whoever makes it."""
        decisions, history = season(policy, RAISED, 8)
        second = decisions[-1].handoff
        assert second.number == 2
        history = history.add(called(8, rep="rep-1"))
        decision = decide(policy, history, 8, world=SCENE)
        accepted = next(move for move in decision.moves if move.kind == "accepted")
        assert (accepted.answers, accepted.rep) == (second.id, "rep-1")
        assert decision.ownership.rep == "rep-1"

    @pytest.mark.parametrize("policy", nk.PRESETS)
    def test_a_call_that_brings_a_word_is_both(self, policy):
        """Given a first call that says no budget, it is taken and answered in one decision."""
        records, _ = offered(policy)
        word = called(1, rep="rep-3", outcome="no_budget")
        decision = decide(policy, [*records, word], 1)
        assert told(decision)[0] == "accepted None"
        stage = next(move for move in decision.moves if move.kind == "stage")
        assert stage.reason == "no_budget"
        goes_back = policy == "marketing-led"
        assert decision.stage == ("recycled" if goes_back else "incubating")
        assert decision.ownership.accountable == ("marketing" if goes_back else "sales")

    @pytest.mark.parametrize("policy", nk.PRESETS)
    def test_explicit_acceptance(self, policy):
        """Given that only a person's word takes it, a call doesn't, and the word does."""
        playbook = with_terms(policy, acceptance="explicit")
        records, offer = offered(policy)
        records = [*records, called(1, rep="rep-3")]
        waits = decide(playbook, records, 1)
        assert waits.handoff.id == offer.id
        assert waits.ownership.answerable is SALES
        yes = moved("accepted", 1, at=day(1, 23), rep="rep-3", answers=offer.id)
        taken = decide(playbook, [*records, *waits.moves, yes], 2)
        assert taken.ownership.accountable is SALES
        assert (taken.ownership.rep, taken.stage, taken.handoff) == ("rep-3", "sal", None)
        assert told(taken) == ["owner sales"] * (policy != "sales-led") + ["stage sal"]
        again = decide(playbook, [*records, *waits.moves, yes, *taken.moves], 3)
        assert told(again) == []


CLOSES = ("bad_data", "duplicate")
REASONS = (
    "bad_fit",
    "bad_data",
    "no_response",
    "not_now",
    "no_budget",
    "no_need",
    "duplicate",
    "competitor",
    "other",
)


class TestTurnedDown:
    @pytest.mark.parametrize("policy", nk.PRESETS)
    @pytest.mark.parametrize("reason", REASONS)
    def test_each_reason(self, policy, reason):
        """Given a rejection, the giver keeps the lead, idle with the reason; bad data closes it.

        Source: S1-12, S2-1
        """
        records, offer = offered(policy)
        no = moved("rejected", 1, reason=reason, rep="rep-3", answers=offer.id)
        decision = decide(policy, [*records, no], 1, world=SCENE)
        team = SALES if policy == "sales-led" else MARKETING
        assert decision.ownership.accountable is decision.ownership.answerable is team
        assert (decision.handoff, decision.ownership.rep) == (None, None)
        if reason in CLOSES:
            assert (decision.ownership.row, decision.ownership.is_open) == (2, False)
            assert (decision.request, told(decision)) == (None, [])
            return
        stage = "incubating" if policy == "sales-led" else "recycled"
        assert (decision.stage, told(decision)) == (stage, [f"stage {stage}"])
        move = next(one for one in decision.moves if one.kind == "stage")
        assert (move.reason, move.answers) == (reason, no.id)
        # Sales-led looks for somebody else; the others wait for new intent.
        asked = decision.request.exclude if decision.request is not None else None
        assert asked == (("rep-3",) if policy == "sales-led" else None)

    def test_the_reasons_are_the_taxonomy(self):
        """The nine reasons tried here are all there are."""
        assert set(REASONS) == REJECTION_REASONS

    @pytest.mark.parametrize("policy", nk.PRESETS)
    @pytest.mark.parametrize("reason", REASONS)
    def test_a_rejection_spends_the_evidence(self, policy, reason):
        """Given a rejection, no night of the next month offers the lead again; new intent does."""
        records, offer = offered(policy)
        no = moved("rejected", 1, reason=reason, rep="rep-3", answers=offer.id)
        later = did("demo_requested", 35)
        history = nk.History([*records, no, later])
        offers = []
        for number in range(1, 37):
            decision = decide(policy, history, number, world=SCENE)
            history = history.add(*decision.moves)
            offers += [(number, one.evidence) for one in decision.moves if one.kind == "offered"]
        assert offers == [(35, (later.id,))]

    def test_who_was_asked_is_excluded_though_the_rejection_names_nobody(self):
        """Given a rejection without a rep, whoever had the offer isn't asked again."""
        records, offer = offered("sales-led")
        no = moved("rejected", 1, reason="no_response", answers=offer.id)
        assert decide("sales-led", [*records, no], 1, world=SCENE).request.exclude == ("rep-3",)

    def test_who_was_asked_before_the_rejection_is_excluded_too(self):
        """Given an offer that one let lapse and another rejected, neither is asked again."""
        decisions, history = season("sales-led", RAISED, 8)
        second = decisions[-1].handoff
        assert (second.number, decisions[-1].request.exclude) == (2, ("rep-1",))
        no = moved("rejected", 8, reason="no_response", rep="rep-2", answers=second.id)
        decision = decide("sales-led", history.add(no), 8, world=SCENE)
        assert decision.request.exclude == ("rep-1", "rep-2")


class TestDue:
    SATURDAY = datetime(2026, 3, 7, 15, tzinfo=BERLIN)

    def due(self, asked_at, hours=4, pool_hours=None):
        """Return the local due times of the offer and of the answer to a hand-raise."""
        playbook = with_terms("blended", accept_hours=hours, response_hours=hours)
        pool = nk.Pool(id="sales", hours=pool_hours or office())
        records = [*BOTH, did("price_asked", 0, at=asked_at)]
        decision = playbook.decide(LEAD, records, as_of=asked_at, world=world(pools=[pool]))
        duty = next(one for one in decision.ownership.duties if one.kind == "answer")
        found = {one.astimezone(BERLIN) for one in (decision.handoff.due, duty.due)}
        assert len(found) == 1
        return found.pop().replace(tzinfo=None)

    def test_over_a_weekend(self):
        """Given Saturday 15:00 and four hours of Mon-Fri 9-17, it is due on Monday at 13:00."""
        assert self.due(self.SATURDAY) == datetime(2026, 3, 9, 13)

    def test_over_a_holiday(self):
        """Given that Monday is a holiday, it is due on Tuesday at 13:00."""
        closed = attrs.evolve(office(), holidays=[self.SATURDAY.date() + timedelta(days=2)])
        assert self.due(self.SATURDAY, pool_hours=closed) == datetime(2026, 3, 10, 13)

    @pytest.mark.parametrize(
        ("asked_at", "due"),
        [
            (datetime(2026, 3, 27, 16), datetime(2026, 3, 30, 12)),
            (datetime(2026, 10, 23, 16), datetime(2026, 10, 26, 12)),
        ],
        ids=["spring", "autumn"],
    )
    def test_over_a_change_of_clocks(self, asked_at, due):
        """Given Friday 16:00, the hour left and three of Monday's are counted by Monday's clock."""
        assert self.due(asked_at.replace(tzinfo=BERLIN)) == due

    @pytest.mark.parametrize(
        ("sunday", "due"), [((2026, 3, 29), 5), ((2026, 10, 25), 3)], ids=["spring", "autumn"]
    )
    def test_hours_that_hold_the_change(self, sunday, due):
        """Given a pool at work in that night, four hours are four hours that really pass."""
        nights = nk.Window(days=frozenset({6}), start=time(0), end=time(8))
        hours = nk.BusinessHours(zone="Europe/Berlin", windows=[nights])
        before = datetime(*sunday, tzinfo=BERLIN) - timedelta(hours=5)
        assert self.due(before, pool_hours=hours) == datetime(*sunday, due)

    def test_without_hours_every_hour_counts(self):
        """Given a pool without hours, or none, it is due four hours later, and a note says so."""
        playbook = with_terms("blended", accept_hours=4)
        records = [*BOTH, did("price_asked", 0, at=self.SATURDAY)]
        for scene in (world(pools=[nk.Pool(id="sales")]), nk.World()):
            decision = playbook.decide(LEAD, records, as_of=self.SATURDAY, world=scene)
            assert decision.handoff.due == self.SATURDAY + timedelta(hours=4)
            assert any("every hour counts" in note for note in decision.notes)

    @pytest.mark.parametrize(("minutes", "row"), [(-1, 5), (0, 4)])
    def test_past_due_begins_at_the_due_instant(self, minutes, row):
        """Given the due instant itself, the offer is past due; a minute earlier it isn't."""
        records, offer = offered("blended")
        at = offer.due + timedelta(minutes=minutes)
        decision = nk.preset("blended").decide(LEAD, records, as_of=at, world=SCENE)
        assert decision.ownership.row == row
        assert [one.reason for one in decision.alerts] == ["reminder"] * (row == 4)


def offers_of(number, days):
    """Return one offer's part of the story: made, remembered, escalated."""
    made, reminded, escalated = days
    rep = f"rep-{number}"
    return [
        (made, "offered", None),
        (reminded, "reminder", rep),
        (escalated, "escalation", "manager-1"),
    ]


# The due times are those of Berlin's office hours: an offer of Monday night, 24 working hours long,
# is due on Thursday at 17:00, 8 working hours later it is Friday, then Monday.
STORY = {
    "marketing-led": [
        (0, "offered", None),
        (3, "past due", "rep-1"),
        (3, "offered", None),
        (8, "final", "rep-2"),
        (8, "not_taken", "manager-1"),
    ],
    "blended": [
        *offers_of(1, (0, 3, 4)),
        (7, "past due", "rep-1"),
        *offers_of(2, (7, 10, 11)),
        (14, "past due", "rep-2"),
        *offers_of(3, (14, 17, 18)),
        (21, "final", "rep-3"),
        (21, "not_taken", "manager-1"),
    ],
}
STORY["sales-led"] = STORY["blended"]


class TestNobodyAnswers:
    def story(self, decisions):
        """Return each offer, alert and lapse with its night and whom it is about."""
        lines = []
        for number, decision in enumerate(decisions):
            for move in decision.moves:
                if move.kind in ("offered", "lapsed", "alerted"):
                    said = "offered" if move.kind == "offered" else move.reason
                    lines.append((number, said, move.rep))
        return lines

    @pytest.mark.parametrize("policy", nk.PRESETS)
    def test_the_whole_story(self, policy):
        """Given nobody who answers, each rep is asked once and each late offer told once.

        Source: S1-11
        """
        decisions, _ = season(policy, RAISED, 60)
        assert self.story(decisions) == STORY[policy]
        most = nk.preset(policy).ownership.max_offers
        numbers = [one.handoff.number for one in decisions if one.handoff is not None]
        assert sorted(set(numbers)) == list(range(1, most + 1))

    @pytest.mark.parametrize("policy", nk.PRESETS)
    def test_who_has_it_and_who_answers_on_every_night(self, policy):
        """Given the same, one team has it all along, and sales answers while an offer waits.

        Source: S1-8
        """
        decisions, _ = season(policy, RAISED, 30)
        last = STORY[policy][-1][0]
        team = SALES if policy == "sales-led" else MARKETING
        for number, decision in enumerate(decisions):
            assert decision.ownership.accountable is team
            assert decision.ownership.answerable is (SALES if number < last else team)
            assert (decision.handoff is not None) is (number < last)

    @pytest.mark.parametrize("policy", nk.PRESETS)
    def test_nobody_is_asked_twice(self, policy):
        """Given fewer reps than offers, the rest of them stay without a rep; nobody gets two."""
        scene = world(reps=REPS[:1])
        decisions, history = season(with_terms(policy, max_offers=4), RAISED, 40, scene=scene)
        lapses = [one.rep for each in decisions for one in each.moves if one.kind == "lapsed"]
        assert lapses == ["rep-1", None, None, None]
        reminded = [
            (one.to, one.rep)
            for each in decisions
            for one in each.alerts
            if one.reason == "reminder"
        ]
        # Nobody has it, so the team is reminded.
        expected = [("rep", "rep-1"), ("sales", None), ("sales", None), ("sales", None)]
        assert reminded == (expected if policy != "marketing-led" else [])
        assert isinstance(history, nk.History)

    @pytest.mark.parametrize("policy", nk.PRESETS)
    def test_whoever_was_asked_in_between_is_not_asked_again(self, policy):
        """Given an offer that a person passes from rep-3 to rep-4, neither is asked again."""
        records, offer = offered(policy)
        passed_on = moved("rep", 1, rep="rep-4")
        late = offer.due + timedelta(days=7)
        history = nk.History([*records, passed_on])
        decision = nk.preset(policy).decide(LEAD, history, as_of=late, world=SCENE)
        assert decision.handoff.number == 2
        assert decision.request.exclude == ("rep-3", "rep-4")

    @pytest.mark.parametrize("policy", nk.PRESETS)
    def test_a_final_lapse_spends_the_evidence(self, policy):
        """Given a final lapse, the evidence moves nothing more; a new hand-raise does."""
        last = STORY[policy][-1][0]
        again = did("demo_requested", last + 5)
        decisions, _ = season(policy, [*RAISED, again], last + 6)
        assert self.story(decisions)[:-1] == STORY[policy]
        # In sales-led a rep has been found meanwhile: the priority is raised.
        found = policy == "sales-led"
        said = ("hand_raise", "rep-1") if found else ("offered", None)
        assert self.story(decisions)[-1] == (last + 5, *said)
        new = next(one for one in decisions[-1].moves if one.kind in ("offered", "alerted"))
        assert new.evidence == (again.id,)
        assert (decisions[-1].handoff is None) is found

    @pytest.mark.parametrize("policy", nk.PRESETS)
    def test_the_request_stays_until_a_rep_answers_it(self, policy):
        """Given nobody assigned, the request keeps its id over lapses, and lists what is due."""
        playbook, history, ids = nk.preset(policy), nk.History(RAISED), []
        for number in range(STORY[policy][-1][0]):
            decision = playbook.decide(LEAD, history, as_of=night(number), world=SCENE)
            history = history.add(*decision.moves)
            ids.append(decision.request.id)
            assert decision.request.due == decision.handoff.due
        assert len(set(ids)) == 1


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_a_waiting_offer_is_withdrawn_when_the_lead_is_closed(policy):
    """Given a lead that is disqualified or erased while on offer, nobody failed to answer."""
    records, _ = offered(policy)
    erased = nk.Consent(id="out", lead_id=LEAD.id, occurred_at=day(1), kind="erased")
    for end in (moved("stage", 1, to="disqualified", reason="bad_fit"), erased):
        decision = decide(policy, [*records, end], 1)
        assert told(decision) == ["withdrawn None"]
        assert decision.handoff is None
        assert not decision.ownership.is_open


@pytest.mark.parametrize("policy", nk.PRESETS)
@pytest.mark.parametrize("team", list(nk.Team))
def test_a_person_who_gives_the_lead_away_ends_the_offer(policy, team):
    """Given a waiting offer and a person who gives the lead to the other team, it is withdrawn."""
    records, offer = offered(policy)
    given = moved("owner", 1, to=str(team))
    decision = decide(policy, [*records, given], 1, world=SCENE)
    assert decision.ownership.accountable is team
    if offer.was == team:
        assert decision.handoff.id == offer.id
        return
    ends = [one.kind for one in decision.moves if one.answers == offer.id]
    assert ends == ["withdrawn"]
    assert decision.ownership.answerable is team


@pytest.mark.parametrize("policy", HANDING_OVER)
def test_marketing_goes_on_while_the_offer_waits(policy):
    """Given an offer, marketing's mail is planned on every night until it is taken.

    Source: S3-1
    """
    decisions, _ = season(policy, RAISED, 8)
    for decision in decisions:
        assert nk.Style.AUTOMATED in decision.ownership.allowed[MARKETING]
        assert any(one.team is MARKETING for one in decision.actions)


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_the_same_instant_again_gives_the_same_ids(policy):
    """Given the moves of a late night, deciding it again proposes the same and nothing more."""
    for number in (3, 4, 7, 21):
        _, history = season(policy, RAISED, number)
        first = decide(policy, history, number, world=SCENE)
        again = decide(policy, history.add(*first.moves), number, world=SCENE)
        assert again.moves == first.moves
        soon = datetime(2026, 3, 2, 22, 1, tzinfo=UTC) + timedelta(days=number)
        later = nk.preset(policy).decide(LEAD, history.add(*first.moves), as_of=soon, world=SCENE)
        assert later.moves == ()
