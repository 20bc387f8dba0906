"""Every open lead has a next action, or is told why not."""

import pytest

from nurturekit.planning.planner import SequencePlanner
from nurturekit.records import Consent, Lead
from nurturekit.typing import Planner
from tests.unit.planning.cases import (
    LEAD,
    allowing,
    codes,
    content_step,
    day,
    duty,
    enrolled,
    moves,
    owner,
    piece,
    plan,
    sent,
    sequence,
    situation,
    step,
    us,
)


def _consent(kind):
    return Consent(id="c1", lead_id=LEAD.id, occurred_at=day(0), kind=kind)


def test_it_is_a_planner():
    """The shipped planner keeps to the protocol for extenders."""
    assert isinstance(SequencePlanner(), Planner)


def test_nothing_planned_is_said():
    """S1-8: with nothing owed and no sequence, the plan says so."""
    made = plan(situation(1))
    assert (made.actions, made.moves, codes(made)) == ((), (), ["nothing-planned"])
    assert made.blocked[0].reason == "nothing is owed and no sequence applies: row 9"
    assert (
        "nothing allows more" in plan(situation(1), ownership=owner(because="")).blocked[0].reason
    )


def test_long_silence_is_said():
    """Nothing within the days of silence: the plan says until when."""
    late = sequence(steps=[step("one", after_days=60)])
    made = plan(situation(1, [enrolled(0)]), late, ownership=owner(since_us=us(0)))
    assert [(one.code, one.until_us) for one in made.blocked] == [("nothing-planned", us(60))]
    assert [one.earliest_us for one in made.actions] == [us(60)]
    unhurried = plan(situation(1, [enrolled(0)]), late, max_silence_days=60)
    assert not unhurried.blocked
    recent = [enrolled(0), sent(15, "x", sequence="other")]
    assert not plan(situation(16, recent), late).blocked


def test_silence_counts_from_now_where_nothing_is_known():
    """Without contact or owner yet, silence begins now."""
    late = sequence(steps=[step("one", after_days=46)])
    assert codes(plan(situation(0), late)) == ["nothing-planned"]
    assert codes(plan(situation(1, [enrolled(0)]), late)) == []


@pytest.mark.parametrize("is_open", [True, False])
def test_erased_lead_gets_nothing(is_open):
    """Nobody turns to an erased person, whatever ownership says."""
    made = plan(
        situation(1, [enrolled(0), _consent("erased")]),
        sequence(),
        ownership=owner(is_open=is_open, duties=(duty("answer", 2),), because=""),
    )
    assert (made.actions, codes(made)) == ((), ["suppressed"])
    assert (moves(made), made.moves[0].reason) == ([("left", "nurture", "1@1")], "closed")


def test_objection_is_named():
    """An open lead that objects to marketing isn't merely without a plan."""
    records = [enrolled(0), _consent("objected")]
    made = plan(situation(1, records), sequence(), ownership=owner(allowed=allowing()))
    assert (codes(made), moves(made)) == (["suppressed"], [("left", "nurture", "1@1")])


def test_the_sooner_action_chooses_its_content_first():
    """A check-in far ahead doesn't keep content from what is due now."""
    fits = piece("a", 10, pain_points=["downtime"])
    seen = situation(20, [enrolled(0)], content=[fits])
    planner_sequence = sequence(steps=[content_step()])
    made = plan(seen, planner_sequence, ownership=owner(duties=(duty(due=61),)))
    assert [one.sequence for one in made.actions] == ["nurture"]
    assert codes(made) == ["nothing-new"]


def test_at_one_instant_the_rep_chooses_first():
    """S2-8: a new piece for the pain point goes out with the rep's note."""
    fits = piece("a", 90, pain_points=["downtime"])
    seen = situation(90, [enrolled(0)], content=[fits])
    made = plan(seen, sequence(steps=[content_step()]), ownership=owner(duties=(duty(due=61),)))
    assert [one.duty for one in made.actions] == ["check_in"]
    assert codes(made) == ["exhausted"]


def test_actions_of_different_leads_differ():
    """An action's id is about its lead, run and step."""
    one, other = (
        plan(situation(1, lead=Lead(id=name)), sequence()).actions[0] for name in ("a", "b")
    )
    assert one.id != other.id
    assert one.id == plan(situation(2, lead=Lead(id="a")), sequence()).actions[0].id
