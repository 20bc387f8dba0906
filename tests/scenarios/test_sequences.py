"""The shipped sequences under every policy: by position, motivation series, win-back, tracks."""

import pytest

import nurturekit as nk
from nurturekit.presets import library
from tests.builders import BOTH, LEAD, called, day, did, learned, moved, night, run, world
from tests.scenarios.leads import held_by

SCENE = world(content=library())
SHIPPED = {one.id: one for one in library()}


def sent(history, *names):
    """Return the mails of some sequences, by time."""
    touches = (one for one in history.records if isinstance(one, nk.Touch))
    mine = [one for one in touches if one.sequence in names]
    return sorted(mine, key=lambda one: one.occurred_at)


def left(history, name):
    """Return why the runs of a sequence ended."""
    moves = (one for one in history.records if isinstance(one, nk.Move))
    return [one.reason for one in moves if one.kind == "left" and one.sequence == name]


def lost_for_now(policy):
    """Give a lead whose deal sales has just lost for want of a budget."""
    won_so_far = [moved("stage", -20, to="opportunity"), called(-15)]
    lost = moved("stage", 0, to="lost", reason="no_budget", rep="rep-7")
    return held_by("sales", *won_so_far, lost, policy=policy)


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_the_motivation_series_outlasts_qualification(policy):
    """Given sales intent, pricing, FAQ, objections, comparison and a case follow in that order.

    Under marketing-led the series goes on with sales; under blended it gives way to content that
    fits while sales talks; under sales-led marketing sends none of it.

    Source: S0-13
    """
    records = [*BOTH, did("price_asked", 0), called(1), called(10, outcome="qualified")]
    decisions, history = run(policy, records, 75, scene=SCENE)
    assert decisions[74].ownership.accountable is nk.Team.SALES
    series = sent(history, "sales-motivation")
    topics = [SHIPPED[one.asset].topics for one in series[:5]]
    if policy == "marketing-led":
        assert decisions[74].stage is nk.Stage.SQL
        wanted = ["pricing", "faq", "objections", "comparison", "case study"]
        assert all(want in has for want, has in zip(wanted, topics, strict=True))
        assert len(series) > 5
        assert series[-1].occurred_at > day(50)
    elif policy == "blended":
        assert left(history, "sales-motivation") == [
            f"it doesn't go on: {decisions[74].ownership.because}"
        ]
        assert sent(history, "decision-content")
    else:
        assert not series


@pytest.mark.parametrize("policy", ["marketing-led", "blended"])
def test_nurture_follows_the_position(policy):
    """Given a lead that comes to compare, the series of its position takes over, with its content.

    Source: S0-14, S0-6
    """
    records = [*BOTH, did("blog_viewed", 0), did("content_downloaded", 30, asset="guide")]
    _, history = run(policy, records, 48, scene=SCENE)
    assert sent(history, "welcome")
    learning, comparing = sent(history, "nurture-awareness"), sent(history, "nurture-consideration")
    assert learning[-1].occurred_at < day(30) < comparing[0].occurred_at
    assert {SHIPPED[one.asset].position for one in learning} == {"awareness"}
    assert {SHIPPED[one.asset].position for one in comparing} == {"consideration"}
    assert left(history, "nurture-awareness") == ["its exit goal is reached"]


def test_sales_led_sends_no_series():
    """Under sales-led a new lead gets the newsletter alone: one-to-one is sales's.

    Source: S1-9, S1-13
    """
    _, history = run("sales-led", [*BOTH, did("blog_viewed", 0)], 48, scene=SCENE)
    mailed = {one.sequence for one in sent(history, *_names("sales-led")) if one.automated}
    assert mailed == {"newsletter"}


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_welcome_ends_when_the_lead_answers(policy):
    """Given an answer to the welcome mail, the welcome ends at once: a goal, with its record.

    Source: S0-9, S3-5
    """
    answer = did("email_replied", 4)
    _, history = run(policy, [*BOTH, did("blog_viewed", 0), answer], 10, scene=SCENE)
    reasons = left(history, "welcome")
    if policy == "sales-led":
        assert reasons == []
    else:
        assert reasons == [f"its goal is reached: reply ({answer.id})"]
        assert len(sent(history, "welcome")) == 1


@pytest.mark.parametrize("policy", ["marketing-led", "blended"])
def test_win_back_goes_before_idle_nurture(policy):
    """Given a deal lost for now, win-back runs first and recycle or incubation after it has ended.

    Source: S4-1, S4-2, S2-1
    """
    records = lost_for_now(policy)
    _, history = run(policy, records, 140, scene=SCENE)
    idle = "recycle" if policy == "marketing-led" else "incubation"
    winning, after = sent(history, "win-back"), sent(history, idle)
    assert [one.step for one in winning] == ["new-uses", "patience"]
    assert after
    assert winning[-1].occurred_at < after[0].occurred_at


@pytest.mark.parametrize("policy", ["marketing-led", "blended"])
def test_interest_turns_win_back(policy):
    """Given a look at the prices during win-back, the way leads closer to a decision.

    Source: S4-6, S4-7
    """
    records = lost_for_now(policy)
    looked = did("case_study_viewed", 40)
    _, history = run(policy, [*records, looked], 60, scene=SCENE)
    assert [one.step for one in sent(history, "win-back")] == ["new-uses", "why-now"]


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_the_calendar_of_ninety_days(policy):
    """Given a new lead, its whole expected calendar is there at once, and is kept night by night.

    Source: S0-7
    """
    records = [*BOTH, did("blog_viewed", 0), learned("pain_point", "downtime")]
    playbook = nk.preset(policy)
    before = playbook.plan(LEAD, records, as_of=night(0), world=SCENE)
    decision = playbook.decide(LEAD, records, as_of=night(0), world=SCENE)
    first = decision.next_action
    assert before.actions[0] == first
    # A minute after the first contact the rest is the same, whatever night it is.
    done = nk.performed(first, at=first.earliest)
    later = playbook.plan(
        LEAD,
        [*records, *decision.moves, done],
        as_of=first.earliest.replace(microsecond=1),
        world=SCENE,
    )
    expected = [(one.id, one.content) for one in before.actions[1:]]
    assert [(one.id, one.content) for one in later.actions][: len(expected)] == expected


def _names(policy):
    return [one.name for one in nk.preset(policy).planner.sequences]
