"""One measurement of the table benchmark, in a process of its own: a job in, what it took out."""

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tables_by_hand import Plan, duckdb_query, polars_query
from tables_data import AS_OF
from tables_model import model, playbook

from nurturekit.scoring import ScoringModel

# Linux counts kilobytes, macOS bytes.
PEAK_UNIT = 1024**2 if sys.platform == "darwin" else 1024
Run = Callable[[], list[int]]


class Task:
    """What is asked for: its job, model and folder.

    Args:
        job: The fields of `tables.Job`, its folder the tables' own.
    """

    def __init__(self, job: dict[str, Any]) -> None:
        self.what: str = job["what"]
        self.memory: str = job["memory"]
        self.folder = Path(job["folder"])
        self.model: ScoringModel = model(job["rules"], has_ends=job["has_ends"])
        self.plan = Plan(self.model)
        self.columns = [f"{name}_milli" for name in ("score", "fit", *self.plan.dimensions)]

    def answer(self, read: Callable[[str], Any]) -> Any:  # noqa: ANN401 - of any engine
        """Return the library's table, in the engine's own kind of frame.

        Args:
            read: Reads a file.
        """
        from nurturekit import frame

        names = ["leads", "touches", *(["moves"] if self.what == "decide" else [])]
        given = frame.Tables(**{name: read(f"{self.folder}/{name}.parquet") for name in names})
        if self.what == "nurturekit":
            return frame.score(given, self.model, as_of=AS_OF).table
        return frame.decide(given, playbook=playbook(self.model), as_of=AS_OF).table


def on_duckdb(task: Task) -> Callable[[], Run]:
    """Return what builds the query, which returns what runs it."""
    import duckdb

    folder, connection = task.folder, duckdb.connect()
    connection.execute("set threads = 2")
    if task.memory:
        connection.execute(f"set memory_limit = '{task.memory}'")
        connection.execute(f"set temp_directory = '{folder}/spill'")

    def query() -> str:
        return _scan(folder) if task.what == "scan" else duckdb_query(connection, task.plan, folder)

    def build() -> Run:
        if task.what in ("scan", "hand"):
            text = query()
            return lambda: _whole(connection.execute(text).fetchall())
        table = task.answer(connection.read_parquet)
        mixed = "sum((cast(substr(lead_id, 6) as bigint) % 1009 + 1) * score_milli)"
        sums = ", ".join([*(f"sum({name})" for name in task.columns), mixed])
        return lambda: _whole(table.aggregate(sums).fetchall())

    return build


def _scan(folder: Path) -> str:
    return f"""
        select count(*), sum(many), max(epoch_us(latest)) from (
            select lead_id, count(*) as many, max(occurred_at) as latest
            from '{folder}/touches.parquet' group by lead_id
        )"""  # noqa: S608 - a folder of our own


def on_polars(task: Task) -> Callable[[], Run]:
    """Return what builds the query, which returns what runs it."""
    import polars as pl

    # What the engine starts once isn't the query's.
    pl.LazyFrame({"one": [1]}).collect(engine="streaming")
    folder = task.folder

    def scan() -> pl.LazyFrame:
        touches = pl.scan_parquet(folder / "touches.parquet")
        latest = pl.col("occurred_at").max()
        found = touches.group_by("lead_id").agg(many=pl.len(), latest=latest)
        last = pl.col("latest").dt.timestamp("us").max()
        return found.select(pl.len().alias("leads"), pl.col("many").sum(), last)

    def own() -> pl.LazyFrame:
        table: pl.LazyFrame = task.answer(pl.scan_parquet)
        number = pl.col("lead_id").str.slice(5).cast(pl.Int64) % 1009 + 1
        mixed = (number * pl.col("score_milli")).sum().alias("mixed")
        return table.select(pl.col(task.columns).sum(), mixed)

    def build() -> Run:
        if task.what == "hand":
            frame = polars_query(task.plan, folder)
        else:
            frame = scan() if task.what == "scan" else own()
        return lambda: _whole(frame.collect(engine="streaming").rows())

    return build


def _whole(rows: list[tuple[Any, ...]]) -> list[int]:
    return [int(one) for one in rows[0]]


def cpu() -> float:
    """Return the CPU seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Read a job, run it, and print what it took."""
    job = json.load(sys.stdin)
    if job["what"] not in ("scan", "hand"):
        import nurturekit.frame  # noqa: F401 - imports aren't measured
    build = {"duckdb": on_duckdb, "polars": on_polars}[job["engine"]](Task(job))
    started = cpu()
    run = build()
    built = cpu()
    answer = run()
    taken = {
        "cpu": cpu() - built,
        "building": built - started,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / PEAK_UNIT,
        "answer": answer,
    }
    print(json.dumps(taken))


if __name__ == "__main__":
    main()
