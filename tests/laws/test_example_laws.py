"""What the example leads show: the presets are three positions, not one in three words."""

from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

import nurturekit as nk
from nurturekit.instants import parse_instant
from nurturekit.interop import cases, read_leads, read_records, read_touches, read_world

DATA = Path(__file__).parents[2] / "examples" / "data"
AS_OF = parse_instant("2026-11-01T00:00:00Z", field="as_of")


@cache
def decisions(policy):
    """Decide every example lead under a preset."""
    world = read_world(DATA / "world.toml")
    leads = read_leads(DATA / "leads.csv")
    records = (
        *read_touches(DATA / "touches.csv", known=leads.by_id).records,
        *read_records(DATA / "records.jsonl", known=leads.by_id).records,
    )
    playbook = nk.preset(policy)
    return [
        playbook.decide(case.lead, case.history, as_of=AS_OF, world=case.world)
        for case in cases(leads, records, world=world)
    ]


def answer(decision):
    """Return what two positions may differ in."""
    action = decision.next_action
    return (
        decision.ownership.accountable,
        decision.ownership.allowed,
        None if action is None else (action.channel, action.style, action.team, action.sequence),
    )


@pytest.mark.parametrize(("one", "other"), list(combinations(nk.PRESETS, 2)))
def test_presets_differ(one, other):
    """Any two presets differ for at least a third of the example leads."""
    pairs = zip(decisions(one), decisions(other), strict=True)
    differing = sum(answer(first) != answer(second) for first, second in pairs)
    assert differing >= len(decisions(one)) / 3


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_half_of_the_open_leads_have_an_unblocked_action(policy):
    """Under each preset at least half of the open example leads have something to do."""
    is_open = [decision for decision in decisions(policy) if decision.ownership.is_open]
    assert sum(bool(decision.actions) for decision in is_open) >= len(is_open) / 2


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_the_example_leads_reach_every_row(policy):
    """Each of the nine rows holds for at least one example lead."""
    assert {row for decision in decisions(policy) for row in decision.rows} == set(range(1, 10))
