"""Where rules meet: what one record changes in what another part has decided."""

import attrs
import pytest

import nurturekit as nk
from tests.builders import (
    BOTH,
    LEAD,
    allowed,
    called,
    day,
    decide,
    did,
    learned,
    moved,
    night,
    run,
    world,
)

TAKEN = [*BOTH, did("price_asked", 0), called(1)]


def test_an_objection_stops_what_was_confirmed():
    """An objection to all marketing refuses every planned action, a sales call too."""
    records = [*BOTH, did("price_asked", 0), moved("owner", -1, to="sales", rep="rep-7")]
    decision = decide("sales-led", records, 0)
    action = next(one for one in decision.actions if one.duty == "answer")
    playbook, at = nk.preset("sales-led"), max(action.earliest, day(1, 10))
    assert playbook.confirm(action, LEAD, records, as_of=at, world=world()).allowed
    objected = nk.Consent(
        id="stop", lead_id=LEAD.id, occurred_at=day(0, 23), kind="objected", purpose="marketing"
    )
    refused = playbook.confirm(action, LEAD, [*records, objected], as_of=at, world=world())
    assert refused.blocked.code == "closed"


def test_what_was_done_is_not_confirmed_again():
    """The touch that an action became refuses the same action."""
    records = [*BOTH, did("price_asked", 0), moved("owner", -1, to="sales", rep="rep-7")]
    action = next(one for one in decide("sales-led", records, 0).actions if one.duty == "answer")
    at = max(action.earliest, day(1, 10))
    done = nk.performed(action, at=at)
    playbook = nk.preset("sales-led")
    again = playbook.confirm(action, LEAD, [*records, done], as_of=day(1, 15), world=world())
    assert again.blocked.code == "already-done"


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_a_later_outcome_takes_back_a_word(policy):
    """A call that qualifies the lead, hours after another said no budget, is what counts."""
    words = [
        called(5, id="no", outcome="no_budget", at=day(5, 9)),
        called(5, id="yes", outcome="qualified", at=day(5, 15)),
    ]
    decisions, _ = run(policy, [*TAKEN, *words], 9)
    assert {one.stage for one in decisions[5:]} == {nk.Stage.SQL}
    assert {one.ownership.accountable for one in decisions[5:]} == {nk.Team.SALES}


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_a_later_word_takes_back_an_outcome(policy):
    """A word that follows a qualifying call idles the lead, and the call isn't answered again."""
    words = [
        called(5, id="yes", outcome="qualified", at=day(5, 9)),
        called(5, id="no", outcome="no_budget", at=day(5, 15)),
    ]
    decisions, _ = run(policy, [*TAKEN, *words], 9)
    idle = nk.Stage.RECYCLED if policy == "marketing-led" else nk.Stage.INCUBATING
    assert {one.stage for one in decisions[5:]} == {idle}
    assert not any(move.kind == "stage" for one in decisions[6:] for move in one.moves)


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_two_outcomes_are_proven_in_one_decision(policy):
    """The furthest of two outcomes counts, in one stage move; nothing follows from the other."""
    outcomes = [
        called(5, id="far", outcome="opportunity", at=day(5, 9)),
        called(5, id="near", outcome="qualified", at=day(5, 15)),
    ]
    decisions, _ = run(policy, [*TAKEN, *outcomes], 9)
    stages = [move.to for move in decisions[5].moves if move.kind == "stage"]
    assert stages == ["opportunity"]
    assert not any(move.kind == "stage" for one in decisions[6:] for move in one.moves)


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_a_lost_lead_that_asks_is_answered_by_sales(policy):
    """A demo asked by a lead of sales is a duty to answer, whatever row holds in the end."""
    records = [
        *BOTH,
        moved("owner", -9, to="sales", rep="rep-7"),
        moved("stage", -5, to="lost", reason="competitor"),
        did("demo_requested", 0),
    ]
    decision = decide(policy, records, 0)
    assert "answer" in {duty.kind for duty in decision.ownership.duties}
    assert decision.next_action.duty == "answer"
    assert decision.stage is nk.Stage.INQUIRY


def test_a_pause_of_one_sequence_is_none_of_the_lead():
    """It makes no date that the lead agreed to, and answers no word."""
    paused = moved("snoozed", 10, sequence="newsletter", until=day(40), reason="too many")
    idle = called(9, outcome="no_budget")
    decision = decide("marketing-led", [*TAKEN, moved("owner", 2, to="sales"), idle, paused], 10)
    assert decision.stage is nk.Stage.RECYCLED
    later = decide("sales-led", [*TAKEN, moved("owner", 2, to="sales"), idle, paused], 10)
    assert "next_attempt" not in {duty.kind for duty in later.ownership.duties}


def test_clocks_start_with_the_opening():
    """A date before the opening isn't overdue, and calls before it start no check-in."""
    opening = nk.Opening(
        id="o",
        lead_id=LEAD.id,
        occurred_at=day(0),
        team="sales",
        rep="rep-7",
        stage="incubating",
    )
    old_call = called(-100)
    decision = decide("sales-led", [*BOTH, opening, old_call], 1)
    assert [duty.due for duty in decision.ownership.duties] == [day(60, 0)]
    dated = attrs.evolve(opening, next_attempt_on=day(-30).date())
    agreed = decide("sales-led", [*BOTH, dated], 1).ownership.duties[0]
    assert (agreed.kind, agreed.due) == ("next_attempt", day(0))


def test_an_owner_set_by_hand_ends_the_offer():
    """A person who gives the lead to sales while it is on offer ends the offer: nothing lapses."""
    records = [*BOTH, did("price_asked", 0), moved("owner", 1, to="sales", rep="rep-7")]
    offered = decide("marketing-led", records[:-1], 0).moves
    decision = decide("marketing-led", [*records, *offered], 1)
    assert [move.kind for move in decision.moves if move.answers] == ["withdrawn"]
    assert decision.ownership.accountable is nk.Team.SALES
    assert decision.ownership.rep == "rep-7"


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_a_rep_who_has_left_is_replaced(policy):
    """A rep who isn't active any more is no rep: another one is asked for."""
    gone = world(reps=[nk.Rep(id="rep-7", active=False)])
    records = [*BOTH, moved("owner", 0, to="sales", rep="rep-7"), moved("stage", 0, to="sql")]
    decision = decide(policy, records, 1, world=gone)
    assert decision.ownership.rep is None
    assert decision.request is not None


def test_requests_stay_in_their_pool():
    """A request goes to a sales rep of its pool, or of none."""
    request = decide("sales-led", [*BOTH], 0).request
    others = [nk.Rep(id="a", team="marketing", pool="sales"), nk.Rep(id="b", pool="field")]
    assert nk.assign([request], others, as_of=night(0)).moves == ()
    given = nk.assign([request], [*others, nk.Rep(id="c")], as_of=night(0)).moves
    assert [move.rep for move in given] == ["c"]


@pytest.mark.parametrize(("is_erased", "peers"), [(False, ("p2", "p3")), (True, ())])
def test_an_erased_person_makes_nobody_ready(is_erased, peers):
    """People who asked to be erased don't count; those who do are named among the reasons."""
    visit = {"kind": "webinar_attended", "direction": "inbound", "occurred_at": day(0)}

    def peer(name):
        records = [nk.Touch(id=name, lead_id=name, **visit)]
        if is_erased:
            erased = {"kind": "erased", "occurred_at": day(0)}
            records.append(nk.Consent(id=f"{name}-out", lead_id=name, **erased))
        return nk.Peer(lead=nk.Lead(id=name, account="acme"), history=nk.History(records))

    lead = nk.Lead(id=LEAD.id, account="acme", zone="Europe/Berlin")
    scene = nk.World(peers=[peer("p2"), peer("p3")])
    decision = decide("blended", [did("webinar_attended", 0)], 0, lead=lead, world=scene)
    assert (decision.handoff is None) is is_erased
    named = [reason.text for reason in decision.reasons if reason.part == "peers"]
    assert named == ([f"{', '.join(peers)} of the account took part too"] if peers else [])


def test_a_person_puts_bad_data_right():
    """A stage move by a person after `bad_data` opens the lead again."""
    bad = called(5, outcome="bad_data")
    assert not decide("blended", [*TAKEN, bad], 6).ownership.is_open
    corrected = moved("stage", 10, to="sal", reason="data corrected")
    assert decide("blended", [*TAKEN, bad, corrected], 11).ownership.is_open


def test_a_pause_does_not_keep_a_lost_lead_lost():
    """Lost for now and paused the same day, a lead is idle, not lost for ever."""
    lost = moved("stage", 5, to="lost", reason="not_now")
    paused = moved("snoozed", 5.1, reason="asked to wait", until=day(60))
    decision = decide("blended", [*BOTH, moved("owner", 0, to="sales"), lost, paused], 6)
    assert decision.stage is nk.Stage.INCUBATING


def test_records_of_another_lead_are_refused():
    """A whole table of touches isn't one lead's history, unless leads of one person were merged."""
    other = nk.Touch(id="x", lead_id="lead-2", kind="demo_requested", occurred_at=day(0))
    with pytest.raises(nk.RecordError) as caught:
        decide("blended", [other], 0)
    assert caught.value.code == "other-lead"
    merged = attrs.evolve(LEAD, person_id="person-1")
    assert decide("blended", [other], 0, lead=merged).handoff is not None


@pytest.mark.parametrize("changes", [{"ownership": 1}, {"planner": None}, {"scoring": "x"}])
def test_a_playbook_of_other_things_is_refused(changes):
    """Each part of a playbook must be able to do its part."""
    with pytest.raises(nk.ModelError) as caught:
        attrs.evolve(nk.preset("blended"), **changes)
    assert caught.value.code == "wrong-type"


def test_what_is_printed_is_short():
    """A repr names the thing; a decision prints its reasons; nothing shows a person's data."""
    playbook = nk.preset("blended")
    decision = decide(playbook, [*BOTH, learned("title", "VP Secret")], 0)
    assert repr(playbook) == "Playbook('blended', version=1)"
    assert str(decision) == decision.why()
    assert max(len(repr(one)) for one in (playbook, decision, decision.score)) < 200
    assert "Secret" not in repr(decision) + str(decision)


def test_an_expiring_basis_is_seen_at_the_planned_instant():
    """A grant that ends before the planned instant gives no basis for it."""
    ends = allowed("email", expires_at=day(1))
    decision = decide("marketing-led", [*ends, did("form_submitted", 0)], 0)
    assert "no-basis" in {one.code for one in decision.blocked}
