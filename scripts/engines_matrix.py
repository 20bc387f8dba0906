"""Write `docs/reference/engines.md`: on which engines tables are tried, and what came of it.

Every line is measured when the page is made: leads are drawn from a seed, each engine computes
them in a session of New York's time zone, and every cell is compared with the single decision.
Run: `python scripts/engines_matrix.py`, with `--check` to compare only.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ["TZ"] = "America/New_York"
time.tzset()

import nurturekit as nk  # noqa: E402 - after the path
from nurturekit import frame  # noqa: E402
from tests import scenes, tables  # noqa: E402
from tests.engines import ENGINES  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "engines.md"
LEADS, SEED, PRESET = 40, 11, "blended"
# Who computes what; the harness has several forms of one kind.
COMPUTED = {
    "polars": "polars",
    "polars-lazy": "polars",
    "pandas": "embedded DuckDB",
    "pandas-object": "embedded DuckDB",
    "pandas-nullable": "embedded DuckDB",
    "pyarrow": "embedded DuckDB",
    "duckdb": "the relation's connection",
    "ibis-duckdb": "Ibis's backend",
    "pyspark": "the session's cluster",
}
LAZY = ("polars-lazy", "duckdb", "ibis-duckdb", "pyspark")
HEAD = f"""\
# Engines

What `nurturekit.frame` computes on each engine, written by `scripts/engines_matrix.py` from a run:
{LEADS} leads from a seed under the preset `{PRESET}`, the session's time zone New York's, each
cell compared with the single decision's. The long forms (`make deep`) take thousands of leads,
every preset and real data.

| frames of | computed by | score | explained | decide | plans | report | lazy | cells | differ |
|---|---|---|---|---|---|---|---|---|---|
"""


def lines() -> Iterator[str]:
    """Yield the page's text."""
    yield HEAD
    playbook = nk.preset(PRESET)
    leads, records = scenes.scene(SEED, leads=LEADS, playbook=playbook)
    wanted = tables.singly(playbook, leads, records, as_of=scenes.AS_OF, world=scenes.world())
    cases = tables.cases_of(leads, records, world=scenes.world())
    plans = tables.planned(playbook, cases, as_of=scenes.AS_OF)
    for engine in ENGINES:
        yield _line(engine, playbook, tables.tables_of(engine, leads, records), wanted, plans)


def _line(engine, playbook, given, wanted, plans) -> str:  # noqa: ANN001 - as tests have them
    scored = frame.score(given, playbook, as_of=scenes.AS_OF, explain="long")
    totals = {lead_id: row["score_milli"] for lead_id, row in tables.by_lead(scored.table).items()}
    added = dict.fromkeys(totals, 0)
    rows = tables.collect(scored.contributions)
    for lead_id, milli in zip(rows["lead_id"], rows["points_milli"], strict=True):
        added[lead_id] += milli
    decided = frame.decide(given, playbook=playbook, as_of=scenes.AS_OF, world=scenes.world())
    differing = tables.differences(tables.by_lead(decided.table), wanted)
    found = frame.plans(given, playbook=playbook, as_of=scenes.AS_OF, world=scenes.world())
    planned = {name: tables.planned_table(table) for name, table in found}
    differing += [name for name in plans if planned[name] != plans[name]]
    rows = [row for rows in plans.values() for row in rows]
    cells = sum(tables.cells(wanted).values()) + sum(map(len, rows))
    scores = {lead_id: row["score_milli"] for lead_id, row in wanted.items()}
    held = [
        totals == scores,
        added == scores,
        tables.by_lead(decided.table) == wanted,
        planned == plans,
        decided.report()["unknown-kind"] > 0,
    ]
    words = ["yes" if one else "NO" for one in held]
    lazy = "yes" if engine in LAZY else "no"
    return (
        f"| {engine} | {COMPUTED[engine]} | {' | '.join(words)} | {lazy} "
        f"| {cells:,} | {len(differing)} |\n"
    )


def main() -> int:
    """Write the page, or say whether it is what it would be."""
    text = "".join(lines())
    if "--check" in sys.argv:
        if PAGE.read_text(encoding="utf-8") != text:
            print(f"{PAGE.name} is out of date: run scripts/engines_matrix.py", file=sys.stderr)
            return 1
        return 0
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
