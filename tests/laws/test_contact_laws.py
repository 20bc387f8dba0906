"""The repeat law: a rep never makes the same contact twice without anything new in between (S3-2).

The oracle reads the finished history alone, knows nothing of how news is found, and doesn't ask by
which channel: what it lets pass is a piece that the lead hadn't had, a hand-raise, a fact that
changed on a later day, an offer, or a date that was agreed to.
"""

import random
from datetime import timedelta
from itertools import groupby

import attrs
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

import nurturekit as nk
from nurturekit.instants import DAY_US
from tests.builders import BOTH, LEAD, did, learned, library, moved, night, world
from tests.laws.test_planning_laws import LIBRARIES, _became, planners
from tests.unit.planning.cases import as_moves, duty, fact_at, owner, situation, touch, us

ANSWERS = ("voicemail", "no_answer", "connected", None, "nothing done")
PLAYBOOKS = {name: nk.preset(name) for name in nk.PRESETS}


def _repeats(seen, agreed=()):
    """Yield sales touches that had nothing new since those of an instant before.

    Of several at one instant all but one bring a piece, each its own.
    """
    made = [one for one in seen.touches if one.style == "one_to_one" and one.origin == "person"]
    since = None
    for until, together in groupby(made, key=lambda one: one.occurred_us):
        had = {one.asset for one in seen.touches if one.occurred_us < until}
        bare = [one for one in together if one.asset is None or one.asset in had]
        if len(bare) > 1 or (
            bare and since is not None and not _is_new(seen, since, until, agreed)
        ):
            yield bare
        since = until


def _is_new(seen, since, until, agreed):
    """Say whether there was anything to say between two instants."""
    raised = any(
        since < one.occurred_us <= until and seen.kind_of(one).intent for one in seen.touches
    )
    asked = any(
        since < one.occurred_us <= until and one.kind == "offered" for one in seen.visible.moves
    )
    kept = any(since < date <= until for date in agreed)
    return raised or asked or kept or _learned(seen, since, until)


def _learned(seen, since, until):
    """Say whether a fact held another value at an instant than on the day of one before."""
    for name in {one.name for one in seen.visible.facts}:
        mine = [one for one in seen.visible.facts if one.name == name]
        then = [one.value for one in mine if one.occurred_us // DAY_US <= since // DAY_US]
        now = [one.value for one in mine if one.occurred_us <= until]
        held = then[-1] if then else seen.lead.attributes.get(name)
        if now and now[-1] != held:
            return True
    return False


@settings(max_examples=max(200, settings().max_examples))
@given(planners(), LIBRARIES, st.integers(0, 2**32 - 1))
def test_a_season_makes_no_contact_twice_without_news(planner, content, seed):
    """S3-2: whatever is owed, whatever the cadence, and whatever the host's calls met."""
    chance = random.Random(seed)
    records, date = [], chance.choice([20, 45, 90])
    agreed = duty("next_attempt", date, agreed=True, about="t")
    for number in range(0, 100, 2):
        if chance.random() < 0.1:
            records.append(touch(number - 1, "price_asked"))
        if chance.random() < 0.1:
            records.append(fact_at(number - 1, "size", chance.choice([10, 50, 90])))
        seen = situation(number, records, content=content)
        is_kept = any(one.occurred_us >= us(date) for one in seen.sales_touches)
        timers = (duty(due=30), duty("second", 31, agreed=False))
        owed = owner(duties=timers if is_kept else (*timers, agreed))
        made = planner.plan(seen, owed)
        records += as_moves(seen, made.moves)
        for action in made.actions:
            answer = chance.choice(ANSWERS)
            if action.earliest_us <= seen.as_of_us and answer != "nothing done":
                done = _became(action, number)
                records.append(
                    attrs.evolve(done, outcome=answer) if action.channel == "phone" else done
                )
    seen = situation(100, records, content=content)
    event(f"{min(len(seen.sales_touches), 3)} touches")
    assert not list(_repeats(seen, [us(date)]))


@pytest.mark.parametrize("policy", nk.PRESETS)
@settings(max_examples=max(15, settings().max_examples // 8))
@given(seed=st.integers(0, 2**32 - 1))
def test_a_quarter_under_a_preset_makes_no_contact_twice_without_news(policy, seed):
    """S3-2: decided, guarded and done night by night, no contact is made twice without news."""
    chance = random.Random(seed)
    playbook, pieces = PLAYBOOKS[policy], library(each=3)
    pieces += [nk.Content(id=f"new-{on}", published_at=night(on)) for on in (20, 50, 80)]
    scene = world(content=pieces)
    history, agreed = nk.History([*BOTH, did("form_submitted", 0)]), []
    for number in range(0, 100, 2):
        decision = playbook.decide(LEAD, history, as_of=night(number), world=scene)
        history = history.add(*decision.moves)
        if decision.request is not None:
            rep = moved("rep", number, at=night(number) + timedelta(minutes=1), rep="rep-7")
            history = history.add(attrs.evolve(rep, answers=decision.request.id))
        for action in decision.actions:
            at, answer = max(action.earliest, night(number)), chance.choice(ANSWERS)
            if at >= night(number + 2) or answer == "nothing done":
                continue
            called = answer if action.channel == "phone" else None
            done = nk.performed(action, at=at, outcome=called)
            if called == "connected" and chance.random() < 0.3:
                date = (at + timedelta(days=chance.choice([7, 30]))).date()
                agreed.append(date)
                done = attrs.evolve(done, next_attempt_on=date)
            history = history.add(done)
        if chance.random() < 0.1:
            history = history.add(did("price_asked", number + 1))
        if chance.random() < 0.1:
            history = history.add(learned("size", chance.choice([10, 50, 90]), number + 1))
    seen = nk.Situation(LEAD, history, as_of=night(101), world=scene, kinds=playbook.kinds)
    event(f"{policy}: {min(len(seen.sales_touches), 4)} touches")
    dates = [int((date - night(0).date()).days) for date in agreed]
    assert not list(_repeats(seen, [_day_us(number) for number in dates]))


def _day_us(number):
    return int(night(number).timestamp()) // 86_400 * DAY_US
