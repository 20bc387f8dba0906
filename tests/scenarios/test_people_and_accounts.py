"""Two leads of one person become one; two leads of one account know whose they are."""

from itertools import permutations

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
    world,
)
from tests.scenarios.leads import held_by, with_terms

PERSON = attrs.evolve(LEAD, person_id="person-1", account="acme")
HANDING_OVER = ("marketing-led", "blended")


def theirs(*records, name="lead-2"):
    """Return records as those of the person's other lead, under ids of their own."""
    return [attrs.evolve(one, id=f"{name}-{one.id}", lead_id=name) for one in records]


def merged(one, other):
    """Return both orders of merging two histories."""
    first, second = nk.History(one), nk.History(other)
    return first.merge(second), second.merge(first)


def said(decision):
    """Return what a decision says, as text."""
    return decision.to_json()


# Each story: what the one lead did, what the other did, and what is in force after.
FIRST = [*BOTH, did("form_submitted", -20), did("webinar_attended", -3)]
STORIES = {
    "both new": (FIRST, theirs(did("blog_viewed", -2))),
    "a hand raised in each": (
        [*FIRST, did("price_asked", 0, at=day(0, 9))],
        theirs(did("demo_requested", -1)),
    ),
    "both with sales": (
        [*FIRST, moved("owner", -9, to="sales", rep="rep-7"), moved("stage", -9, to="sal")],
        theirs(moved("owner", -8, to="sales", rep="rep-8"), moved("stage", -8, to="sql")),
    ),
    "one handed back": (
        [*FIRST, moved("owner", -9, to="sales", rep="rep-7"), called(-5, outcome="no_budget")],
        theirs(did("pricing_viewed", -4), moved("owner", -10, to="marketing")),
    ),
    "moves at one instant": (
        [*FIRST, moved("owner", -9, to="sales", rep="rep-7")],
        theirs(moved("owner", -9, to="marketing"), moved("stage", -9, to="mql")),
    ),
    "two openings": (
        [*FIRST, nk.Opening(id="o", lead_id=LEAD.id, occurred_at=day(-9), team="sales")],
        theirs(nk.Opening(id="o", lead_id=LEAD.id, occurred_at=day(-12), team="marketing")),
    ),
    "an objection in one": (
        FIRST,
        theirs(nk.Consent(id="no", lead_id=LEAD.id, occurred_at=day(-1), kind="objected")),
    ),
}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
@pytest.mark.parametrize("policy", nk.PRESETS)
def test_two_leads_of_one_person_merge_in_either_order(policy, story):
    """Given two leads of one person, the merged history decides alike, whichever came first.

    Source: S1-8
    """
    one, other = merged(*story)
    for number in range(3):
        first = decide(policy, one, number, lead=PERSON)
        second = decide(policy, other, number, lead=PERSON)
        assert said(first) == said(second)
        assert first.moves == second.moves
        one, other = one.add(*first.moves), other.add(*second.moves)


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_merging_again_changes_nothing(policy):
    """Given three leads of one person, any order and any of them twice gives one decision."""
    parts = [nk.History(STORIES["both with sales"][0])]
    parts += [nk.History(theirs(did("price_asked", 0), name="lead-2"))]
    parts += [nk.History(theirs(learned("title", "VP Sales", -1), name="lead-3"))]
    answers = set()
    for first, second, third in permutations(parts):
        history = first.merge(second).merge(third).merge(first)
        answers.add(said(decide(policy, history, 1, lead=PERSON)))
    assert len(answers) == 1


@pytest.mark.parametrize("policy", nk.PRESETS)
@pytest.mark.parametrize("kind", ["withdrawn", "objected", "erased"])
def test_the_strictest_consent_counts(policy, kind):
    """Given a basis in one and a later restriction in the other, nothing is sent."""
    stop = nk.Consent(id="no", lead_id=LEAD.id, occurred_at=day(-1), kind=kind)
    for history in merged(FIRST, theirs(stop)):
        decision = decide(policy, history, 1, lead=PERSON)
        assert decision.actions == ()


def test_the_same_consent_with_two_contents_is_the_stricter():
    """Given one id in both, a grant here and a withdrawal there, the withdrawal holds."""
    given = allowed("email", on=-3)[0]
    withdrawn = attrs.evolve(given, kind="withdrawn", basis=None)
    for history in merged([given, did("form_submitted", -2)], [withdrawn]):
        decision = decide("marketing-led", history, 1, lead=PERSON)
        assert not [one for one in decision.actions if one.channel is nk.Channel.EMAIL]
        assert any(given.id in note for note in decision.notes)


@pytest.mark.parametrize("policy", HANDING_OVER)
def test_the_earliest_contact_goes_on(policy):
    """Given a first call by rep-8 in one lead and a later one by rep-7 in the other, it is rep-8's.

    Source: S2-3
    """
    mine = held_by("marketing", called(-5, rep="rep-7"), did("price_asked", 0), policy=policy)
    for history in merged(mine, theirs(called(-9, rep="rep-8"))):
        assert decide(policy, history, 0, lead=PERSON).handoff.rep == "rep-8"


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_evidence_spent_in_one_stays_spent(policy):
    """Given a hand-raise answered in one lead, merging the other makes no second offer of it."""
    raised = did("price_asked", -2)
    mine = held_by("marketing", raised, policy=policy)
    made = decide(policy, mine, -2).moves
    call = called(-1)
    for history in merged([*mine, *made, call], theirs(did("blog_viewed", -3))):
        decision = decide(policy, history, 0, lead=PERSON)
        again = [one for one in decision.moves if one.kind in ("offered", "alerted")]
        assert not [one for one in again if raised.id in one.evidence]


def test_one_person_is_nobody_elses_colleague():
    """Given the person's other lead in the account, several people don't engage: one does.

    Source: S0-8
    """
    webinar = did("webinar_attended", 0)
    other = nk.Lead(id="lead-2", account="acme", person_id="person-1")
    scene = world(peers=[nk.Peer(lead=other, history=nk.History(theirs(webinar)))])
    records = held_by("marketing", webinar, policy="blended")
    assert decide("blended", records, 0, lead=PERSON, world=scene).handoff is None


# -------------------------------------------------------------------------------- accounts

COLLEAGUE = nk.Lead(id="lead-2", account="acme", person_id="person-2")


def colleague(rep, *, first_call=-9, on=-8, lead=COLLEAGUE):
    """Return another lead of the account, with a rep who has called it."""
    call = called(first_call, rep=rep)
    owner = moved("owner", on, to="sales", rep=rep)
    return nk.Peer(lead=lead, history=nk.History(theirs(call, owner, name=lead.id)))


@pytest.mark.parametrize(
    ("continuity", "rep"),
    [(("first_contact", "account_owner", "pool"), "rep-7"), (("account_owner", "pool"), "rep-9")],
)
@pytest.mark.parametrize("policy", HANDING_OVER)
def test_two_leads_with_two_reps_follow_continuity(policy, continuity, rep):
    """Given colleagues known to two reps and an account owner, the order says who goes on.

    Source: S2-3
    """
    playbook = with_terms(policy, continuity=continuity)
    met = [called(-9), learned("account_owner", "rep-9", -9), did("price_asked", 0)]
    records = held_by("marketing", *met, policy=policy)
    scene = world(peers=[colleague("rep-8")])
    assert decide(playbook, records, 0, lead=PERSON, world=scene).handoff.rep == rep


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_one_rep_takes_those_that_have_none(policy):
    """Given a lead without a rep, its colleague's rep is preferred, and gets it.

    Source: S0-8, S2-3
    """
    reps = [nk.Rep(id=rep, pool="sales") for rep in ("rep-1", "rep-8")]
    scene = world(reps=reps, peers=[colleague("rep-8")])
    records = [*BOTH, did("price_asked", 0)]
    request = decide(policy, records, 0, lead=PERSON, world=scene).request
    assert request.prefer == ("rep-8",)
    given = nk.assign([request], reps, as_of=night(0))
    assert [move.rep for move in given.moves] == ["rep-8"]
    alone = decide(policy, records, 0, lead=PERSON, world=world(reps=reps)).request
    given = nk.assign([alone], reps, as_of=night(0))
    assert [move.rep for move in given.moves] == ["rep-1"]


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_of_two_reps_the_one_who_came_first_is_preferred(policy):
    """Given colleagues with two reps, whoever turned to the account first comes first.

    Source: S2-3
    """
    third = nk.Lead(id="lead-3", account="acme", person_id="person-3")
    peers = [colleague("rep-8", first_call=-5), colleague("rep-9", first_call=-7, lead=third)]
    for order in permutations(peers):
        records = [*BOTH, did("price_asked", 0)]
        request = decide(policy, records, 0, lead=PERSON, world=world(peers=order)).request
        assert request.prefer == ("rep-9", "rep-8")


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_who_is_not_there_takes_nothing(policy):
    """Given that the colleague's rep is away, or has left, nobody is preferred."""
    away = nk.Absence(start=day(-1).date(), end=day(2).date())
    for gone in (nk.Rep(id="rep-8", active=False), nk.Rep(id="rep-8", absences=[away])):
        scene = world(reps=[gone], peers=[colleague("rep-8")])
        request = decide(
            policy, [*BOTH, did("price_asked", 0)], 0, lead=PERSON, world=scene
        ).request
        assert request.prefer == ()


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_who_let_the_lead_lapse_is_not_preferred_again(policy):
    """Given the colleague's rep who didn't answer, the next offer goes to somebody else.

    Source: S1-11
    """
    reps = [nk.Rep(id=rep, pool="sales") for rep in ("rep-1", "rep-8")]
    scene = world(reps=reps, peers=[colleague("rep-8")])
    history, asked = nk.History([*BOTH, did("price_asked", 0)]), []
    for number in range(10):
        decision = decide(policy, history, number, lead=PERSON, world=scene)
        history = history.add(*decision.moves)
        if decision.request is not None:
            given = nk.assign([decision.request], reps, as_of=night(number + 0.01))
            history = history.add(*given.moves)
            asked += [move.rep for move in given.moves]
    assert asked[:2] == ["rep-8", "rep-1"]


def test_other_accounts_and_none_do_not_count():
    """Given a colleague's rep, a lead of another account, or of none, isn't theirs."""
    scene = world(peers=[colleague("rep-8")])
    for account in ("globex", None):
        lead = attrs.evolve(PERSON, account=account)
        request = decide(
            "blended", [*BOTH, did("price_asked", 0)], 0, lead=lead, world=scene
        ).request
        assert (request.prefer, request.account) == ((), account)
