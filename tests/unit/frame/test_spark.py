"""Real sessions of Spark and Ibis: scores, explanations and decisions of leads, as one by one."""

import pytest

import nurturekit as nk
from nurturekit import frame
from tests import scenes
from tests.tables import (
    by_lead,
    cells,
    differences,
    explained,
    explained_table,
    scored,
    singly,
    tables_of,
)

PLAYBOOK = nk.preset("blended")
LEADS, RECORDS = scenes.scene(3, leads=40, playbook=PLAYBOOK)
FIELDS = {"as_of": scenes.AS_OF, "world": scenes.world()}


ENGINES = pytest.mark.parametrize("engine", ["pyspark", "ibis-duckdb"])


@pytest.fixture(scope="module")
def single():
    """Return the leads' own scores by id."""
    return {lead.id: PLAYBOOK.scoring.score(lead, _of(lead), as_of=scenes.AS_OF) for lead in LEADS}


def _of(lead):
    return [record for record in RECORDS if record.lead_id == lead.id]


@ENGINES
def test_scores_are_those_of_single_leads(engine, single):
    """Every score column of forty leads is the lead's own."""
    tables = tables_of(engine, LEADS, RECORDS)
    got = by_lead(frame.score(tables, PLAYBOOK, as_of=scenes.AS_OF).table)
    wanted = {one: scored(PLAYBOOK.scoring, score) for one, score in single.items()}
    assert differences(got, wanted) == []


@pytest.mark.parametrize(
    "engine",
    # Inference: a minute of Spark's planning for what other engines show.
    ["ibis-duckdb", pytest.param("pyspark", marks=pytest.mark.deep)],
)
def test_explanations_are_those_of_single_leads(engine, single):
    """Every row that adds up to a score is one of the lead's own."""
    tables = tables_of(engine, LEADS, RECORDS)
    got = frame.score(tables, PLAYBOOK, as_of=scenes.AS_OF, explain="long")
    found = explained_table(got.contributions)
    assert {one: found.get(one, []) for one in single} == {
        one: explained(score) for one, score in single.items()
    }


@ENGINES
def test_decisions_are_those_of_single_leads(engine):
    """Every cell of forty leads' decisions is what the single decision says."""
    got = frame.decide(tables_of(engine, LEADS, RECORDS), playbook=PLAYBOOK, **FIELDS)
    wanted = singly(PLAYBOOK, LEADS, RECORDS, **FIELDS)
    assert differences(by_lead(got.table), wanted) == []
    assert sum(cells(wanted).values()) == 22 * len(LEADS)
    assert 0 < got.singly < len(LEADS)
