"""Laws of whole decisions: they hold under every policy and for every history."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from functools import cache
from itertools import pairwise

import attrs
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

import nurturekit as nk
from tests.builders import BOTH, LEAD, called, day, did, library, night, run, world
from tests.strategies import (
    AS_OF,
    INTENTS,
    LAST_DAY,
    decided,
    histories,
    instants,
    lead_touches,
    policies,
)

MINUTE = timedelta(minutes=1)


@cache
def scene() -> nk.World:
    """Return the world of the laws, once."""
    return world()


def decide(policy, records, as_of=AS_OF, **fields):
    """Decide about the lead of the laws."""
    fields = {"world": scene(), **fields}
    return nk.preset(policy).decide(LEAD, records, as_of=as_of, **fields)


def said(decision):
    """Return a decision without the count of what it couldn't see."""
    return attrs.evolve(decision, unseen=0).to_json()


def distinct(records):
    """Return the records with the last of each id, as a table would hold them."""
    return list({record.id: record for record in records}.values())


@settings(max_examples=max(400, settings().max_examples))  # few records tie
@given(histories(), policies, st.randoms(use_true_random=False))
def test_order_and_duplicates_do_not_matter(records, policy, rng):
    """Any order of the records, any of them twice, gives the same bytes."""
    shuffled = [*records, *records[: len(records) // 2]]
    rng.shuffle(shuffled)
    assert decide(policy, records).to_json() == decide(policy, shuffled).to_json()


@given(histories(), policies, instants)
def test_later_records_do_not_change_earlier_decisions(records, policy, as_of):
    """What was decided at an instant is decided again once more is known."""
    seen = [
        record
        for record in records
        if record.occurred_at <= as_of
        and not (record.origin == "playbook" and record.occurred_at == as_of)
    ]
    event("something is later" if len(seen) < len(records) else "nothing is later")
    assert said(decide(policy, seen, as_of)) == said(decide(policy, records, as_of))


@given(histories(), policies)
def test_one_team_is_accountable(records, policy):
    """Every lead has exactly one accountable team, and the folded moves say the same one."""
    decision = decide(policy, records)
    team = decision.ownership.accountable
    assert isinstance(team, nk.Team)
    known = [*records, *decision.moves]
    assert decide(policy, known, AS_OF + MINUTE).ownership.accountable is team
    assert nk.Situation(LEAD, known, as_of=AS_OF + MINUTE).standing.team is team


@given(histories(), policies)
def test_a_decision_comes_to_rest(records, policy):
    """No history keeps the passes going, and stage moves net to at most one."""
    decision = decide(policy, records)
    assert not [note for note in decision.notes if "did not come to rest" in note]
    assert sum(move.kind == "stage" for move in decision.moves) <= 1
    assert sum(move.kind == "offered" for move in decision.moves) <= 1


@given(histories(), policies)
def test_deciding_again_gives_the_same_ids(records, policy):
    """The same instant with the moves appended gives the same ids; a minute later no new ones."""
    first = decide(policy, records)
    history = nk.History(records).add(*first.moves)
    again = decide(policy, history)
    assert said(again) == said(first)
    later = decide(policy, history, AS_OF + MINUTE)
    known = {action.id for action in first.actions}
    known |= {one.action.id for one in first.blocked if one.action is not None}
    assert later.moves == ()
    assert {action.id for action in later.actions} <= known


@given(histories(), policies)
def test_every_open_lead_has_an_action_or_a_reason(records, policy):
    """An open lead has something to do, or a `Blocked` that says why not."""
    decision = decide(policy, records)
    if decision.ownership.is_open:
        assert decision.actions or decision.blocked
    else:
        assert decision.actions == ()


@settings(max_examples=max(400, settings().max_examples))  # few leave one
@given(histories(), policies)
def test_nothing_leaves_a_sequence_without_a_reason(records, policy):
    """Every `left` move says why; every backward stage move and every `lost` too."""
    for move in decide(policy, records).moves:
        if move.kind in ("left", "stage", "withdrawn", "lapsed"):
            assert move.reason


@given(histories(), policies, instants)
@settings(max_examples=max(400, settings().max_examples))
def test_no_action_without_a_basis_at_its_own_instant(records, policy, as_of):
    """Each action's channel has a grant in force when it starts, and no restriction."""
    decision = decide(policy, records, as_of)
    stops = [one for one in records if isinstance(one, nk.Consent) and one.kind != "given"]
    grants = [one for one in records if isinstance(one, nk.Consent) and one.kind == "given"]
    for action in decision.actions:
        held = [
            grant
            for grant in grants
            if grant.channel in (None, action.channel)
            and grant.occurred_at <= as_of
            and (grant.expires_at is None or action.earliest < grant.expires_at)
        ]
        assert held
        for stop in stops:
            if stop.channel in (None, action.channel) and stop.occurred_at <= as_of:
                lifted = any(
                    grant.channel == stop.channel and stop.occurred_at < grant.occurred_at <= as_of
                    for grant in grants
                )
                # A complaint leaves what isn't marketing.
                is_left = stop.kind == "complained" and action.purpose == "sales"
                assert is_left or (lifted and stop.kind not in ("bounced", "complained"))


@given(histories(), policies)
def test_no_hand_raise_goes_untold(records, policy):
    """A hand-raise of the last days is cited by an offer or an alert, unless row 1 holds."""
    decision = decide(policy, records)
    if 1 in decision.rows:
        return
    openings = [one.occurred_at for one in records if isinstance(one, nk.Opening)]
    moves = [one for one in [*records, *decision.moves] if isinstance(one, nk.Move)]
    told = {one for move in moves if move.kind in ("offered", "alerted") for one in move.evidence}
    for touch in distinct(records):
        if not isinstance(touch, nk.Touch) or touch.kind not in INTENTS or touch.automated:
            continue
        recent = (AS_OF.date() - touch.occurred_at.date()).days < 30
        if recent and all(touch.occurred_at > opened for opened in openings):
            event("a hand-raise is told")
            assert touch.id in told


@given(histories(most=8), policies, st.dictionaries(st.integers(1, 20), st.sampled_from(INTENTS)))
@settings(max_examples=60)
def test_evidence_is_spent_once(records, policy, raised):
    """Over a month of nights no two handoffs cite one touch, but for a further offer of one."""
    history = nk.History([*records, *(did(kind, LAST_DAY + on) for on, kind in raised.items())])
    offers = []
    for number in range(LAST_DAY, LAST_DAY + 30):
        decision = decide(policy, history, night(number))
        history = history.add(*decision.moves)
        offers += [move for move in decision.moves if move.kind == "offered"]
    first = [one for one in offers if one.answers not in {other.id for other in offers}]
    cited = Counter(touch for move in first for touch in move.evidence)
    event(f"handoffs with evidence: {min(len([one for one in first if one.evidence]), 2)}")
    assert all(count == 1 for count in cited.values())


@pytest.mark.parametrize(
    ("policy", "handoffs"), [("marketing-led", 1), ("sales-led", 0), ("blended", 1)]
)
def test_one_demo_request_makes_one_handoff_in_a_year(policy, handoffs):
    """A year of nights after one demo request, nobody answering, makes one handoff at most."""
    decisions, history = run(policy, [*BOTH, did("demo_requested", 0)], 365, rep=None)
    offers = [one for one in history.records if isinstance(one, nk.Move) and one.kind == "offered"]
    across = [one for one in offers if one.was != one.to]
    assert len({one.evidence for one in across}) == handoffs
    assert len(offers) == nk.preset(policy).ownership.max_offers
    told = Counter(alert.reason for one in decisions for alert in one.alerts)
    steps = nk.preset(policy).ownership.past_due
    assert told["not_taken"] == 1
    assert told["reminder"] == len(offers) * ("remind" in steps)
    assert told["escalation"] == len(offers) * ("escalate" in steps)


@given(policies, st.sampled_from(INTENTS), st.lists(lead_touches(intents=False), max_size=6))
def test_a_demo_request_is_answered_in_the_first_decision(policy, kind, touches):
    """With a rep free it gives a handoff, or a duty to answer where sales is accountable."""
    raised = did(kind, LAST_DAY)
    decision = decide(policy, [*BOTH, *touches, raised])
    kinds = {duty.kind for duty in decision.ownership.duties}
    assert decision.handoff is not None or decision.ownership.accountable is nk.Team.SALES
    assert "answer" in kinds
    assert raised.id in {one for move in decision.moves for one in move.evidence}


@pytest.mark.parametrize("policy", nk.PRESETS)
@given(touches=st.lists(lead_touches(intents=False), max_size=5))
@settings(max_examples=15)
def test_every_open_lead_gets_an_action_within_a_month(policy, touches):
    """With a basis, open windows, unseen content and a rep free something happens in 30 days."""
    decision = decide(policy, [*BOTH, *touches], night(LAST_DAY), world=rich())
    assert decision.ownership.is_open
    assert decision.actions
    assert decision.next_action.earliest < night(LAST_DAY + 30)


@cache
def rich() -> nk.World:
    """Return a world in which content never runs out in a year."""
    return world(content=library(each=60))


@pytest.mark.parametrize("policy", nk.PRESETS)
@pytest.mark.parametrize(
    "records",
    [
        [did("form_submitted", 0)],
        [did("price_asked", 0), called(1)],
        [did("price_asked", 0), called(1), called(20, outcome="no_budget")],
    ],
    ids=["new", "with sales", "idle"],
)
def test_a_mailbox_is_never_silent_for_long(policy, records):
    """With all that is needed, no two mails of a year are further apart than the preset says."""
    _, history = run(policy, [*BOTH, *records], 200, scene=rich())
    sent = sorted(
        one.occurred_at
        for one in history.records
        if isinstance(one, nk.Touch) and one.channel == "email" and one.direction == "outbound"
    )
    limit = timedelta(days=nk.preset(policy).planner.max_silence_days)
    stops = [day(0), *sent, night(199)]
    assert max(later - earlier for earlier, later in pairwise(stops)) <= limit


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_histories_reach_every_row(policy):
    """Each of the nine rows holds in at least 1 % of the histories drawn, under each policy."""
    seen: Counter[int] = Counter()

    @given(histories())
    @settings(max_examples=300, database=None)
    def draw(records):
        seen["drawn"] += 1
        seen.update(decide(policy, records).rows)

    draw()
    assert {row for row in range(1, 10) if seen[row] >= seen["drawn"] / 100} == set(range(1, 10))


@given(histories(), policies, decided())
@settings(max_examples=50)
def test_a_move_from_nowhere_never_breaks_a_decision(records, policy, move):
    """A recorded move, legal or not, is applied and never an error."""
    assert decide(policy, [*records, move]).ownership.accountable in tuple(nk.Team)


def test_decisions_do_not_depend_on_the_machine():
    """Another hash seed and another TZ give the same bytes."""
    script = (
        "import nurturekit as nk; from tests.builders import *\n"
        "records = [*BOTH, did('price_asked', 0), called(1), learned('title', 'VP Sales')]\n"
        "print([decide(p, records, 2).to_json() for p in nk.PRESETS])"
    )
    answers = set()
    for seed, zone in (("0", "UTC"), ("1", "America/New_York"), ("42", "Pacific/Apia")):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        env["PYTHONPATH"] = os.pathsep.join(path or "." for path in sys.path)
        answers.add(
            subprocess.run(
                [sys.executable, "-c", script], env=env, capture_output=True, check=True
            ).stdout
        )
    assert len(answers) == 1


@given(histories(), policies)
def test_a_decision_is_json(records, policy):
    """`to_dict` holds JSON types only, and `why` names the row that held."""
    decision = decide(policy, records)
    assert json.loads(json.dumps(decision.to_dict())) == decision.to_dict()
    assert f"row {decision.ownership.row}:" in decision.why()
