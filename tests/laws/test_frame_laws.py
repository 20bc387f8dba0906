"""The law of tables: every column of every lead is what the single decision says."""

from datetime import timedelta

import attrs
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

import nurturekit as nk
from nurturekit import frame
from nurturekit.testing.drawing import LAST_DAY, START, histories, instants
from nurturekit.testing.strategies import leads, playbooks, worlds
from tests import scenes
from tests.engines import ENGINES, QUICK
from tests.tables import (
    by_lead,
    cases_of,
    cells,
    differences,
    planned,
    planned_table,
    singly,
    tables_of,
    unique,
)

pytestmark = pytest.mark.usefixtures("new_york")

AS_OF = START + timedelta(days=LAST_DAY)
DEEP = tuple(ENGINES)


@st.composite
def drawn(draw):
    """Draw a playbook, leads with histories that some nights have decided, and an instant."""
    playbook = draw(playbooks())
    world = attrs.evolve(draw(worlds()), peers=())
    as_of = draw(st.one_of(st.just(AS_OF), instants()))
    found, records = [], []
    for number in range(draw(st.integers(1, 5))):
        lead = draw(leads(f"lead-{number}"))
        mine = unique(draw(histories(lead.id)).records)
        for days in sorted(draw(st.lists(st.integers(1, 60), max_size=3)), reverse=True):
            at = max(START, as_of - timedelta(days=days))
            decision = playbook.decide(lead, mine, as_of=at, world=world)
            mine = unique([*mine, *decision.moves])
        found.append(lead)
        records += mine
    return playbook, found, records, world, as_of


@settings(max_examples=max(150, settings().max_examples))  # few leads are at rest
@given(drawn())
def test_a_table_says_what_single_decisions_say(scene):
    """Whatever the histories, no column of a table differs from the single decision."""
    playbook, found, records, world, as_of = scene
    wanted = singly(playbook, found, records, as_of=as_of, world=world)
    tables = tables_of("polars", found, records)
    got = frame.decide(tables, playbook=playbook, as_of=as_of, world=world)
    event(f"{len(found) - got.singly} at rest")
    assert differences(by_lead(got.table), wanted) == []


@settings(max_examples=max(30, settings().max_examples // 4))
@given(drawn())
def test_plans_say_what_single_decisions_hold(scene):
    """Whatever the histories, no row of any table of plans differs from the single decision."""
    playbook, found, records, world, as_of = scene
    wanted = planned(playbook, cases_of(found, records, world=world), as_of=as_of)
    got = frame.plans(
        tables_of("polars", found, records), playbook=playbook, as_of=as_of, world=world
    )
    assert {name: planned_table(table) for name, table in got} == wanted


def _differences(engine, preset, seed, leads_):
    playbook = nk.preset(preset)
    found, records = scenes.scene(seed, leads=leads_, playbook=playbook)
    fields = {"as_of": scenes.AS_OF, "world": scenes.world()}
    wanted = singly(playbook, found, records, **fields)
    got = frame.decide(tables_of(engine, found, records), playbook=playbook, **fields)
    # A table decided one by one, or all at rest, would prove little.
    assert 0 < got.singly < len(found)
    return differences(by_lead(got.table), wanted), sum(cells(wanted).values())


@pytest.mark.parametrize("preset", nk.PRESETS)
@pytest.mark.parametrize("engine", QUICK)
def test_every_engine_says_what_single_decisions_say(engine, preset):
    """Every engine, in a session of another zone, gives the same cells for a hundred leads."""
    assert _differences(engine, preset, 7, 100) == ([], 2200)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("preset", nk.PRESETS)
@pytest.mark.parametrize("engine", DEEP)
def test_every_engine_says_what_single_decisions_say_of_many(engine, preset, seed):
    """The long form: two thousand leads on every engine, Spark and Ibis among them."""
    found, _ = _differences(engine, preset, seed, 2_000)
    assert found == []
