"""A nightly run on a Spark cluster: decide every lead, plan for those with something due.

Scores and ownership are computed by Spark; the plans of due leads are made by the single-lead code
where the data is, one partition at a time (`mapInArrow`). Nothing is collected on the driver but
the ids of the leads that are decided one by one.

On one machine, with a sample that it makes itself: `python examples/spark_nightly.py`. On a
cluster: `spark-submit --py-files nurturekit.zip examples/spark_nightly.py --data s3://bucket/crm
--out s3://bucket/decided --as-of 2026-11-28T02:00:00Z`. Every node needs Python, pyarrow and this
library.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - Spark's own name for it

import nurturekit as nk
from nurturekit import frame
from nurturekit.errors import NurtureError
from nurturekit.instants import parse_instant
from nurturekit.interop.lines import parse_record

TABLES = {"touches": "touch", "facts": "fact", "consents": "consent", "moves": "move"}
PLANS = "lead_id string, decision string, error string"
# RFC 3339, whatever the session's time zone is.
INSTANTS = {"timestampFormat": "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX"}


def read(spark: SparkSession, data: str) -> frame.Tables:
    """Return the tables of a folder of Parquet files; those that aren't there are left out."""
    found = {}
    for name in ("leads", *TABLES):
        try:
            found[name] = spark.read.parquet(f"{data}/{name}.parquet")
        except Exception as error:
            if name == "leads" or "PATH_NOT_FOUND" not in str(error):
                raise
    return frame.Tables(**found)


def histories(tables: frame.Tables, due: DataFrame) -> DataFrame:
    """Return one row a due lead: its own columns and its records, as lines of JSON."""
    lines = [
        table.join(due, "lead_id", "left_semi").select(
            "lead_id",
            F.to_json(F.struct(F.lit(word).alias("record"), *table.columns), INSTANTS).alias(
                "line"
            ),
        )
        for name, word in TABLES.items()
        if (table := getattr(tables, name)) is not None
    ]
    records = lines[0]
    for more in lines[1:]:
        records = records.unionByName(more)
    grouped = records.groupBy("lead_id").agg(F.collect_list("line").alias("lines"))
    leads = tables.leads.withColumnRenamed("id", "lead_id").join(due, "lead_id", "left_semi")
    columns = [F.to_json(F.struct(*leads.columns)).alias("lead")]
    return leads.select("lead_id", *columns).join(grouped, "lead_id", "left")


Batches = Iterable[pa.RecordBatch]


def planner(
    playbook: nk.Playbook, as_of: datetime
) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    """Return what decides a partition's leads one by one, plan and all."""

    def plan(batches: Batches) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            rows = [planned(playbook, row, as_of) for row in batch.to_pylist()]
            columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
            if rows:
                yield pa.RecordBatch.from_arrays(columns, ["lead_id", "decision", "error"])

    return plan


def planned(playbook: nk.Playbook, row: dict[str, Any], as_of: datetime) -> tuple[Any, Any, Any]:
    """Return a lead's id with its decision as JSON, or with the code of what prevented it."""
    fields = json.loads(row["lead"])
    lead_id = fields.pop("lead_id")
    own = {name: fields.pop(name, None) for name in ("account", "person_id", "zone", "language")}
    try:
        lead = nk.Lead(id=lead_id, attributes=fields, **own)
        records = [parse_record(line) for line in row["lines"] or ()]
        return lead_id, playbook.decide(lead, records, as_of=as_of).to_json(), None
    except NurtureError as error:
        return lead_id, None, error.code


def nightly(
    spark: SparkSession, data: str, out: str, *, playbook: nk.Playbook, as_of: datetime
) -> int:
    """Decide all leads, plan for due ones, write both; return how many were due."""
    tables = read(spark, data)
    decided = frame.decide(tables, playbook=playbook, as_of=as_of)
    decided.table.write.mode("overwrite").parquet(f"{out}/decided.parquet")
    as_of_us = int(as_of.timestamp() * 1_000_000)
    due = spark.read.parquet(f"{out}/decided.parquet").filter(
        F.col("changes") | (F.col("next_due_us") <= as_of_us)
    )
    plans = histories(tables, due.select("lead_id")).mapInArrow(planner(playbook, as_of), PLANS)
    plans.write.mode("overwrite").parquet(f"{out}/plans.parquet")
    for line in decided.report().lines():
        print(line, file=sys.stderr)
    return spark.read.parquet(f"{out}/plans.parquet").count()


def sample(spark: SparkSession, data: str) -> None:
    """Write a handful of leads, so that the script runs without data of one's own."""
    at = datetime(2026, 11, 27, 9, tzinfo=UTC)
    leads = [(f"lead-{number}", "VP Sales" if number % 2 else "student") for number in range(20)]
    touches = [
        (f"touch-{number}", f"lead-{number % 20}", kind, at)
        for number, kind in enumerate(("pricing_viewed", "demo_requested", "blog_read") * 10)
    ]
    spark.createDataFrame(leads, "id string, title string").write.parquet(f"{data}/leads.parquet")
    spark.createDataFrame(
        touches, "id string, lead_id string, kind string, occurred_at timestamp"
    ).write.parquet(f"{data}/touches.parquet")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one night."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", help="folder of Parquet tables; a sample if not given")
    parser.add_argument("--out", help="folder to write to; a temporary one if not given")
    parser.add_argument("--preset", default="blended", choices=nk.PRESETS)
    parser.add_argument("--as-of", default="2026-11-28T02:00:00Z")
    options = parser.parse_args(argv)
    if options.data is None:
        # On one machine the workers are this Python; a cluster has its own setting.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("nurturekit nightly")
    if options.data is None:
        builder = builder.config("spark.sql.shuffle.partitions", "2")
    spark = builder.getOrCreate()
    with TemporaryDirectory() as folder:
        data, out = (
            options.data or str(Path(folder) / "crm"),
            options.out or str(Path(folder) / "out"),
        )
        if options.data is None:
            sample(spark, data)
        as_of = parse_instant(options.as_of, field="--as-of")
        due = nightly(spark, data, out, playbook=nk.preset(options.preset), as_of=as_of)
        print(f"{due} leads were due, and have plans")
    return 0


if __name__ == "__main__":
    sys.exit(main())
