"""Real sessions of Spark and Ibis: scores, explanations and decisions of leads, as one by one."""

import pytest

import nurturekit as nk
from nurturekit import frame
from nurturekit.criteria import fact
from nurturekit.scoring import (
    Band,
    Bands,
    Dimension,
    Rule,
    ScoringModel,
    TouchRule,
    half_life,
    touch,
)
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


# Few rules of every sort: Spark takes longer to plan a rule than to count its touches.
MODEL = ScoringModel(
    rules=[
        Rule("large", dimension="fit", points=5, when=fact("employees") >= 50),
        Rule("vp", dimension="fit", points=-3.5, when=fact("title").contains_any("vp")),
        TouchRule(
            "price",
            dimension="web",
            points=12,
            on=touch("pricing_viewed"),
            per_day=1,
            decay=half_life(days=30),
        ),
        TouchRule(
            "paper",
            dimension="web",
            points=2,
            on=touch(direction="inbound"),
            once_per="asset",
            at_most=4,
        ),
    ],
    dimensions=[Dimension("web", maximum=20, weight_permille=333)],
    bands=Bands([Band("low", None, 3), Band("high", 3)]),
    kinds=PLAYBOOK.kinds,
)


@pytest.mark.parametrize(
    ("engine", "explain"),
    [
        ("pyspark", "none"),
        ("ibis-duckdb", "long"),
        # Half a minute of planning.
        pytest.param("pyspark", "long", marks=pytest.mark.deep),
    ],
)
def test_scores_and_explanations_are_those_of_single_leads(engine, explain):
    """Every score column of forty leads, and every row that adds up to it, is the lead's own."""
    tables = tables_of(engine, LEADS, RECORDS)
    got = frame.score(tables, MODEL, as_of=scenes.AS_OF, explain=explain)
    wanted, rows = {}, {}
    for lead in LEADS:
        mine = [record for record in RECORDS if record.lead_id == lead.id]
        score = MODEL.score(lead, mine, as_of=scenes.AS_OF)
        wanted[lead.id], rows[lead.id] = scored(MODEL, score), explained(score)
    assert differences(by_lead(got.table), wanted) == []
    if explain == "long":
        found = explained_table(got.contributions)
        assert {one: found.get(one, []) for one in rows} == rows
    assert len({row["score_milli"] for row in wanted.values()}) > len(LEADS) // 4


@pytest.mark.parametrize("engine", ["pyspark", "ibis-duckdb"])
def test_decisions_are_those_of_single_leads(engine):
    """Every cell of forty leads' decisions is what the single decision says."""
    got = frame.decide(tables_of(engine, LEADS, RECORDS), playbook=PLAYBOOK, **FIELDS)
    wanted = singly(PLAYBOOK, LEADS, RECORDS, **FIELDS)
    assert differences(by_lead(got.table), wanted) == []
    assert sum(cells(wanted).values()) == 22 * len(LEADS)
    assert 0 < got.singly < len(LEADS)
