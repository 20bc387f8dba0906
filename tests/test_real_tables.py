"""On real leads too, no column of a table differs from the single decision.

The data isn't in the project: where it isn't there, these are skipped. The long forms take all
leads; here some of them are spread over the file.
"""

from importlib import import_module
from pathlib import Path

import pytest

import nurturekit as nk
from nurturekit import frame
from tests.engines import ENGINES
from tests.tables import by_lead, cells, differences, singly, tables_of, unique

REAL = Path(__file__).resolve().parents[1] / "examples" / "real"
NAMES = ("olist", "loan_offers")
pytestmark = pytest.mark.usefixtures("new_york")


def _differing(name, monkeypatch, *, engine, preset, limit):
    monkeypatch.syspath_prepend(str(REAL))
    sources, source = import_module("sources"), import_module(name).SOURCE
    try:
        found = source.found(sources.DATA, limit)
    except sources.MissingDataError:
        pytest.skip(f"no {source.title}: the data isn't part of the project")
    leads = [case.lead for case in found.cases]
    given = (record for case in found.cases for record in case.history)
    # Who had the leads is our reading: with it there are more to be at rest.
    owned = (move for moves in found.owned.values() for move in moves)
    records = unique((*given, *owned))
    fields = {"as_of": source.as_of, "world": found.cases[0].world}
    playbook = nk.preset(preset)
    wanted = singly(playbook, leads, records, **fields)
    got = frame.decide(tables_of(engine, leads, records), playbook=playbook, **fields)
    print(  # noqa: T201 - the figures that are quoted
        f"{name} {preset} {engine}: {len(leads):,} leads, {got.singly:,} singly, "
        f"{sum(cells(wanted).values()):,} cells"
    )
    return differences(by_lead(got.table), wanted)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("name", NAMES)
def test_real_leads_are_the_same_in_tables(name, engine, monkeypatch):
    """Leads spread over the file have the same cells in a table as alone."""
    found = _differing(name, monkeypatch, engine=engine, preset="blended", limit=150)
    assert found == []


@pytest.mark.deep
@pytest.mark.parametrize("engine", tuple(ENGINES))
@pytest.mark.parametrize("preset", nk.PRESETS)
@pytest.mark.parametrize("name", NAMES)
def test_all_real_leads_are_the_same_in_tables(name, preset, engine, monkeypatch):
    """The long form: every lead, every preset, every engine."""
    assert _differing(name, monkeypatch, engine=engine, preset=preset, limit=None) == []
