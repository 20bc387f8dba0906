"""Real sessions of Spark and Ibis: scores, explanations, decisions and plans, as one by one."""

import runpy
import warnings
from pathlib import Path

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
from tests.engines import ENGINES, collect, spark
from tests.tables import (
    by_lead,
    cases_of,
    cells,
    differences,
    explained,
    explained_table,
    planned,
    planned_table,
    rows_of,
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
        Rule("busy", dimension="fit", points=2, when=nk.touches_count("*", days=30) >= 2),
        Rule("quiet", dimension="fit", points=-1, when=nk.days_since("blog_viewed") > 20),
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


def test_plans_are_made_where_the_rows_are():
    """Spark's workers decide each lead as it is decided alone, whoever shares its account."""
    rows = rows_of(LEADS, RECORDS)
    # One touch that no record can be, of a lead that is planned.
    topics = rows["touches"]["topic"][1]
    topics[rows["touches"]["lead_id"][1].index("lead-00003")] = "a\x07b"
    tables = frame.Tables(**{name: ENGINES["pyspark"](one) for name, one in rows.items()})
    ids = [f"lead-{number:05}" for number in range(0, 40, 3)]
    got = frame.plans(tables, playbook=PLAYBOOK, leads=[*ids, "nobody"], **FIELDS)
    spoilt = rows["touches"]["id"][1][topics.index("a\x07b")]
    kept = [one for one in RECORDS if (one.lead_id, one.id) != ("lead-00003", spoilt)]
    mine = [case for case in cases_of(LEADS, kept, world=FIELDS["world"]) if case.lead.id in ids]
    wanted = planned(PLAYBOOK, mine, as_of=scenes.AS_OF)
    found = {name: planned_table(table) for name, table in got}
    nobody = {"lead_id": "nobody", "error": "bad-lead"}
    assert [one for one in found.pop("leads") if one not in wanted["leads"]] == [nobody]
    assert found == {name: rows for name, rows in wanted.items() if name != "leads"}
    assert (got.planned, sum(one.world.peers != () for one in mine) > 0) == (len(ids) + 1, True)
    assert [(one.code, one.rows, one.examples) for one in got.unread()] == [
        ("bad-id", 1, (spoilt,))
    ]


def test_a_night_on_a_cluster(tmp_path, capsys):
    """The example decides its sample on Spark, plans for due leads, and writes what follows."""
    session = spark()
    script = Path(__file__).parents[3] / "examples" / "spark_nightly.py"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Spark about pandas
        main = runpy.run_path(str(script))["main"]
        assert main(["--out", str(tmp_path)]) == 0
        moves = collect(session.read.parquet(str(tmp_path / "plans" / "moves.parquet")))
        decided = collect(session.read.parquet(str(tmp_path / "decided.parquet")))
    assert "20 leads were due" in capsys.readouterr().out
    assert len(decided["lead_id"]) == len(set(moves["lead_id"])) == 20
    assert "offered" in moves["kind"]
