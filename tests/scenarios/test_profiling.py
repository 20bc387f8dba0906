"""What is not yet known of a lead is asked for step by step."""

import attrs
import pytest

import nurturekit as nk
from nurturekit.planning import Question
from nurturekit.profiling import Asking, asked, next_questions, refused
from tests.builders import BOTH, LEAD, day, decide, did, learned, night, world
from tests.scenarios.leads import held_by, home

EVERYTHING = Asking(most=99)


def _asks(policy, records, on=0, asking=EVERYTHING, **fields):
    scene = fields.pop("scene", world())
    found = next_questions(
        nk.preset(policy), LEAD, records, as_of=night(on), world=scene, asking=asking
    )
    return {one.fact: one for one in found.asks}


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_a_new_lead_is_asked_two_things_on_its_form_then_two_others(policy):
    """Given a lead that fills in forms, then each form asks what the one before didn't, bit by bit.

    Source: S0-9
    """
    answers = {
        "title": "VP Operations",
        "employees": 600,
        "industry": "software",
        "timeline_months": 3,
        "region": "europe",
    }
    records, forms = [*BOTH, did("form_submitted", -1)], []
    for number in range(4):
        facts = list(_asks(policy, records, number, Asking(on="form")))
        forms.append(facts)
        records += [learned(name, answers[name], number) for name in facts]
    assert forms == [["title", "employees"], ["industry", "timeline_months"], ["region"], []]


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_a_call_asks_what_a_form_cannot(policy):
    """Given a lead, then a rep's call is where authority, budget and need come up.

    Source: S0-9
    """
    records = held_by(home(policy), did("pricing_viewed", -1), policy=policy)
    form, call = (_asks(policy, records, asking=Asking(on=on, most=99)) for on in ("form", "call"))
    assert set(call) - set(form) == {"authority", "budget", "need"}
    assert set(form) <= set(call)


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_what_the_lead_would_not_say_is_let_rest(policy):
    """Given a lead that refused one thing and left another open, then neither comes at once.

    Source: S0-9
    """
    records = [
        *held_by(home(policy), policy=policy),
        refused("title", lead_id=LEAD.id, at=day(-1)),
        asked("employees", lead_id=LEAD.id, at=day(-1)),
    ]
    assert not {"title", "employees"} & set(_asks(policy, records))
    later = set(_asks(policy, records, 29))
    assert "employees" in later
    assert "title" not in later


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_what_is_at_stake_is_what_the_answer_does(policy):
    """Given a lead an answer short of an MQL, then that is asked for first, and qualifies it.

    What the question says is at stake is what the decision then does.

    Source: S0-9
    """
    busy = [did("pricing_viewed", -1), did("webinar_attended", -2), did("case_study_viewed", -3)]
    known = [learned("authority", "decides", -9), learned("budget", "confirmed", -9)]
    records = held_by(home(policy), *busy, *known, policy=policy)
    playbook = nk.preset(policy)
    gate = attrs.evolve(playbook.qualification, mql_at=_points(playbook, records) + 5)
    near = attrs.evolve(playbook, qualification=gate)
    found = next_questions(near, LEAD, records, as_of=night(0), world=world(), asking=EVERYTHING)
    first = found.asks[0]
    assert first.fact == "title"
    stages = {(one.now, one.then) for one in first.decisions if one.what == "stage"}
    assert ("inquiry", "mql") in stages
    answered = [*records, learned("title", "VP Operations", 0)]
    assert decide(near, records, 0).stage == "inquiry"
    assert decide(near, answered, 0).stage == "mql"


def _points(playbook, records):
    return playbook.scoring.score(LEAD, records, as_of=night(0)).points


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_the_right_content_needs_the_need(policy):
    """Given pieces that answer pain points, then the pain point is asked for, and opens them.

    Source: S0-9, S0-15
    """
    pieces = [
        nk.Content(id=f"{need}-{number}", published_at=day(-90), pain_points=[need])
        for need, count in (("cost", 1), ("downtime", 2))
        for number in range(count)
    ]
    scene = world(content=pieces)
    records = held_by(home(policy), did("blog_viewed", -3), policy=policy)
    found = _asks(policy, records, scene=scene)["pain_point"]
    opened = {one.then for one in found.decisions if one.what == "aimed pieces"}
    assert opened == {"1", "2"}
    assert "pain_point" not in _asks(policy, records, scene=world(content=[]))


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_that_an_answer_would_be_news_is_no_reason_to_ask(policy):
    """Given a fact that nothing reads, then it isn't asked for, though a rep could speak of it.

    Source: S0-9, S3-2
    """
    records = held_by(home(policy), did("blog_viewed", -3), policy=policy)
    asking = attrs.evolve(EVERYTHING, questions=[Question(fact="shoe_size")])
    assert _asks(policy, records, asking=asking) == {}
