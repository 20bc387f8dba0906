"""A nightly run on a Spark cluster: decide every lead, plan for those with something due.

Scores and ownership are computed by Spark. Leads of whom something may follow are decided by the
single-lead code where their rows are, a company at a time (`mapInArrow`); so are the plans of those
with something due. Nothing comes to the driver but counts.

On one machine, with a sample that it makes itself: `python examples/spark_nightly.py`. On a
cluster: `spark-submit examples/spark_nightly.py --data s3://bucket/crm --out s3://bucket/decided
--as-of 2026-11-28T02:00:00Z`. Every node needs a Python with `nurturekit[batch]` (and pandas, for
which Spark asks): set `PYSPARK_PYTHON`, or send an environment with `--archives`. Where nodes come
and go, give `--checkpoints`: a folder of the cluster's for what is computed once.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pyspark.sql import SparkSession

import nurturekit as nk
from nurturekit import frame
from nurturekit.frame.schema import TABLES
from nurturekit.instants import parse_instant


def read(spark: SparkSession, data: str) -> frame.Tables:
    """Return the tables of a folder of Parquet files; those that aren't there are left out."""
    found = {}
    for name in TABLES:
        try:
            found[name] = spark.read.parquet(f"{data}/{name}.parquet")
        except Exception as error:
            if name == "leads" or "PATH_NOT_FOUND" not in str(error):
                raise
    return frame.Tables(**found)


def nightly(
    spark: SparkSession, data: str, out: str, *, playbook: nk.Playbook, as_of: datetime
) -> int:
    """Decide all leads, plan for due ones, write both; return how many were due."""
    tables = read(spark, data)
    decided = frame.decide(tables, playbook=playbook, as_of=as_of)
    decided.table.write.mode("overwrite").parquet(f"{out}/decided.parquet")
    plans = frame.plans(tables, playbook=playbook, as_of=as_of, leads=decided.due())
    # Append `moves` to those of the next night; `actions` are what to do.
    for name, table in plans:
        table.write.mode("overwrite").parquet(f"{out}/plans/{name}.parquet")
    for line in decided.report().lines():
        print(line, file=sys.stderr)
    return plans.planned


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
    parser.add_argument("--checkpoints", help="folder that all nodes see")
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
    if options.checkpoints is not None:
        spark.sparkContext.setCheckpointDir(options.checkpoints)
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
