"""The golden story: one buyer, two morals, a year of nights under every policy."""

from datetime import timedelta
from functools import cache

import pytest

import nurturekit as nk
from examples.golden import MONDAY, POLICIES, Story, tell

MAX_SILENCE_DAYS = 45


@cache
def story(policy: str) -> Story:
    """Tell the story once per policy."""
    return tell(policy)


def test_day_0_the_price_is_asked():
    """Offered by marketing under A and C; sales owns it and asks for a rep under B."""
    for policy in ("marketing-led", "blended"):
        decision = story(policy).decisions[0]
        assert decision.ownership.accountable is nk.Team.MARKETING
        assert decision.ownership.answerable is nk.Team.SALES
        assert decision.handoff.evidence == ("price-mail",)
        assert decision.request is not None
    decision = story("sales-led").decisions[0]
    assert decision.ownership.accountable is nk.Team.SALES
    assert decision.request is not None
    assert [duty.kind for duty in decision.ownership.duties] == ["answer"]


def test_day_1_the_rep_calls():
    """Accepted everywhere; what marketing may go on with differs."""
    allowed = {}
    for policy in POLICIES:
        decision = story(policy).decisions[1]
        assert decision.ownership.accountable is nk.Team.SALES
        assert decision.ownership.rep == "rep-7"
        assert decision.stage is nk.Stage.SAL
        allowed[policy] = decision.ownership.allowed[nk.Team.MARKETING]
    assert allowed["sales-led"] == {nk.Style.MASS}
    runs = story("marketing-led").decisions[1].actions
    assert any(action.sequence == "sales-motivation" for action in runs)
    sent = story("blended").decisions[1].actions
    assert any((action.content or "").startswith("decision") for action in sent)


def test_day_20_the_budget_is_cancelled():
    """Back to marketing under A and E; with sales, idle, under B; the rep stays under C."""
    recycled = story("marketing-led").decisions[20]
    assert recycled.ownership.accountable is nk.Team.MARKETING
    assert recycled.stage is nk.Stage.RECYCLED
    assert not recycled.ownership.duties
    stage = next(move for move in recycled.moves if move.kind == "stage")
    assert stage.reason == "no_budget"
    senders = {one.sender for one in story("marketing-led").decisions[21].actions}
    assert "rep-7" in senders
    for policy in ("sales-led", "blended"):
        kept = story(policy).decisions[20]
        assert kept.ownership.accountable is nk.Team.SALES
        assert kept.stage is nk.Stage.INCUBATING
        assert kept.ownership.rep == "rep-7"
        due = [duty.due.date() for duty in kept.ownership.duties]
        assert due == [nk_day(61)]


def nk_day(number):
    """Return the date of a day of the story."""
    return (MONDAY + timedelta(days=number)).date()


def test_day_62_there_is_nothing_new():
    """Nothing from the rep under A; under B and C the check-in is blocked for lack of news."""
    quiet = story("marketing-led").decisions[62]
    assert not any(action.rep for action in quiet.actions)
    assert not any(one.code == "nothing-new" for one in quiet.blocked)
    for policy in ("sales-led", "blended"):
        decision = story(policy).decisions[62]
        blocked = [one for one in decision.blocked if one.code == "nothing-new"]
        assert [one.reason for one in blocked] == ["nothing new to say"]
        assert blocked[0].action.rep == "rep-7"
        assert not any(action.channel is nk.Channel.PHONE for action in decision.actions)


def test_day_90_a_use_case_appears():
    """Automated mail with it, from rep-7, under A; the rep mails it with a note under B and C."""
    found = {
        policy: [
            (action.style, action.rep, action.sender)
            for one in story(policy).decisions[90:105]
            for action in one.actions
            if action.content == "use-case"
        ]
        for policy in POLICIES
    }
    assert found["marketing-led"][0] == (nk.Style.AUTOMATED, None, "rep-7")
    for policy in ("sales-led", "blended"):
        style, rep, _ = found[policy][0]
        assert (style, rep) == (nk.Style.ONE_TO_ONE, "rep-7")
        first = story(policy).decisions[90]
        assert any(action.content == "use-case" for action in first.actions)


def test_day_200_a_demo_is_asked_for():
    """One handoff to rep-7, citing that day only, under A; told, and no handoff, under B and C."""
    decision = story("marketing-led").decisions[200]
    assert decision.handoff.rep == "rep-7"
    assert decision.handoff.evidence == ("demo",)
    assert decision.request is None
    for policy in ("sales-led", "blended"):
        decision = story(policy).decisions[200]
        assert decision.handoff is None
        assert [(one.rep, one.reason) for one in decision.alerts] == [("rep-7", "hand_raise")]
        assert [duty.kind for duty in decision.ownership.duties] == ["answer"]
        assert decision.next_action.duty == "answer"


@pytest.mark.parametrize(
    ("policy", "handoffs"), [("marketing-led", 2), ("sales-led", 0), ("blended", 1)]
)
def test_the_year(policy, handoffs):
    """Handoffs 2, 0 and 1; no call without news; never long without a mail or a reason."""
    told = story(policy)
    assert told.handoffs == handoffs
    assert told.calls_without_news == 0
    assert told.longest_silence_days() <= MAX_SILENCE_DAYS
    assert all(len(one.rows) > 0 for one in told.decisions)
