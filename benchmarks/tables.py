"""Measure scores of whole tables beside the engine's own scan and queries written by hand.

Each measurement runs in a process of its own, the candidates taking turns: CPU seconds of the query
(user and system, all threads), of building it, and peak memory. Ratios take the median of rounds.
Every answer is compared with the others' by sums and by which lead has which score. Prints each
ratio, its target and whether it is met.

Run: `python benchmarks/tables.py` (100,000 leads, 2,000,000 touches), with `--reference` for ten
times as many, `--many` for 200 rules, `--growth --plot growth.png`, `--larger` for more than fits
in memory, `--decide` for decisions on top; `--help` tells the rest.
"""

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

HERE = Path(__file__).parent
ENGINES = ("duckdb", "polars")
THREADS = 2
LARGE = 10_000_000
# How much more than a query by hand it may take, and how long to build the query, in seconds.
BY_HAND = {"duckdb": 1.25, "polars": 1.4}
BUILDING = {"duckdb": 0.25, "polars": 0.1}
FEW, MANY = 12, 200
IS_THERE = importlib.util.find_spec("nurturekit.frame") is not None
Row = tuple[str, float, float]


@dataclass(frozen=True, kw_only=True)
class Job:
    """One thing to measure.

    Args:
        engine: `duckdb` or `polars`.
        what: `scan`, `hand`, `nurturekit` or `decide`.
        rules: How many touch rules.
        has_ends: Whether every rule's points are gone some day.
        memory: DuckDB's limit, such as `1GB`; empty for none.
        leads: How many leads.
        touches: How many touches.
    """

    engine: str
    what: str
    rules: int = FEW
    has_ends: bool = True
    memory: str = ""
    leads: int = 100_000
    touches: int = 2_000_000

    @property
    def folder(self) -> str:
        """Where its tables are, in the folder of all."""
        return f"{self.leads}-{self.touches}"

    def __str__(self) -> str:
        ends = "windowed" if self.has_ends else "endless"
        model = "" if self.what == "scan" else f", {self.rules} rules {ends}"
        limit = f", {self.memory}" if self.memory and self.engine == "duckdb" else ""
        return f"{self.engine} {self.what}{model}, {self.touches:,} touches{limit}"


@dataclass(frozen=True)
class Taken:
    """What a measurement took: CPU seconds of the query and of building it, MB at the peak."""

    cpu: float
    building: float
    peak_mb: float
    answer: list[int]


class Bench:
    """Runs jobs and keeps what they took.

    Args:
        folder: Where tables are made, once.
        rounds: How often each job runs.
    """

    def __init__(self, folder: Path, rounds: int) -> None:
        self._folder, self._rounds = folder, rounds
        self._taken: dict[Job, Taken] = {}

    def run(self, jobs: Iterable[Job]) -> None:
        """Run the jobs that weren't run yet, in turn, and compare their answers."""
        new = [job for job in dict.fromkeys(jobs) if job not in self._taken]
        for job in new:
            folder = self._folder / job.folder
            if not (folder / "touches.parquet").exists():
                # In its own process too: a child's peak begins at its parent's.
                made = (str(folder), str(job.leads), str(job.touches))
                subprocess.run([sys.executable, str(HERE / "tables_data.py"), *made], check=True)
        rounds = [[self._measured(job) for job in new] for _ in range(self._rounds)]
        for job, *times in zip(new, *rounds, strict=True):
            self._taken[job] = Taken(
                cpu=statistics.median(one.cpu for one in times),
                building=statistics.median(one.building for one in times),
                peak_mb=max(one.peak_mb for one in times),
                answer=times[0].answer,
            )
            taken = self._taken[job]
            print(
                f"  {job!s:<68}{taken.cpu:8.2f} s{taken.building:7.3f} s built"
                f"{taken.peak_mb:7.0f} MB",
                flush=True,
            )
        self._compare()

    def __getitem__(self, job: Job) -> Taken:
        return self._taken[job]

    def _measured(self, job: Job) -> Taken:
        run = subprocess.run(
            [sys.executable, str(HERE / "tables_child.py")],
            input=json.dumps({**asdict(job), "folder": str(self._folder / job.folder)}),
            env={**os.environ, "POLARS_MAX_THREADS": str(THREADS)},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return Taken(**json.loads(run.stdout))

    def _compare(self) -> None:
        """Refuse answers to one question that differ."""
        seen: dict[Job, tuple[Job, list[int]]] = {}
        for job, taken in self._taken.items():
            if job.what == "decide":
                continue
            question = replace(job, engine="", memory="")
            if job.what != "scan":
                question = replace(question, what="score")
            first, answer = seen.setdefault(question, (job, taken.answer))
            if answer != taken.answer:
                message = f"{job} answers {taken.answer}, but {first} answers {answer}"
                raise SystemExit(message)


def scores(bench: Bench, job: Job) -> Iterator[Row]:
    """Yield what scoring costs beside a scan and beside queries by hand."""
    whats = ("scan", "hand", "nurturekit") if IS_THERE else ("scan", "hand")
    jobs = [replace(job, what=what, has_ends=ends) for ends in (True, False) for what in whats]
    # A scan has no rules.
    bench.run(replace(one, has_ends=True) if one.what == "scan" else one for one in jobs)
    scan = bench[replace(job, what="scan", has_ends=True)].cpu
    for has_ends, target in ((True, 5), (False, 6)):
        ends = "windowed" if has_ends else "endless"
        hand = bench[replace(job, what="hand", has_ends=has_ends)].cpu
        yield f"{job.engine}: {ends} by hand / scan", hand / scan, target
        if IS_THERE:
            own = bench[replace(job, what="nurturekit", has_ends=has_ends)]
            yield f"{job.engine}: {ends} / scan", own.cpu / scan, target
            yield f"{job.engine}: {ends} / by hand", own.cpu / hand, _beside_hand(job)
            # Inference: half a second of a nightly run isn't felt.
            yield f"{job.engine}: {ends}, building the query, s", own.building, BUILDING[job.engine]


def memory(bench: Bench, job: Job) -> Iterator[Row]:
    """Yield the peak memory of DuckDB under its limit."""
    if job.engine != "duckdb":
        return
    for has_ends in (True, False):
        one = replace(job, what=_best(), has_ends=has_ends, memory="1GB")
        bench.run([one])
        ends = "windowed" if has_ends else "endless"
        yield f"duckdb: {ends}, MB at the peak under 1GB", bench[one].peak_mb, 1300


def many(bench: Bench, job: Job) -> Iterator[Row]:
    """Yield what 200 rules cost beside 12, within the limit of memory if there is one."""
    whats = ("hand", "nurturekit") if IS_THERE else ("hand",)
    for has_ends in (True, False):
        few = [replace(job, what=what, has_ends=has_ends) for what in whats]
        more = [replace(one, rules=MANY) for one in few]
        bench.run([*few, *more])
        ends = "windowed" if has_ends else "endless"
        for one, other in zip(more, few, strict=True):
            ratio = bench[one].cpu / bench[other].cpu
            yield f"{job.engine}: {one.what}, {ends}, 200 rules / 12", ratio, 4.5
        if IS_THERE:
            ratio = bench[more[1]].cpu / bench[more[0]].cpu
            yield f"{job.engine}: {ends}, 200 rules / by hand", ratio, _beside_hand(job)


def growth(bench: Bench, job: Job, plot: Path | None) -> Iterator[Row]:
    """Yield what a table costs beside one of a tenth of the rows, and plot what lies between."""
    sizes = [
        replace(job, leads=job.leads // part, touches=job.touches // part) for part in (10, 5, 2, 1)
    ]
    lines = {
        f"{what} {'windowed' if ends else 'endless'}" if what != "scan" else "scan": [
            replace(size, what=what, has_ends=ends) for size in sizes
        ]
        for what, ends in (("scan", True), (_best(), True), (_best(), False))
    }
    bench.run(one for line in lines.values() for one in line)
    for name, line in lines.items():
        ratio = bench[line[-1]].cpu / bench[line[0]].cpu
        if name != "scan":
            # Inference: linear, with a fifth for caches that are outgrown.
            yield f"{job.engine}: {name}, ten times the rows", ratio, 12
    if plot is not None:
        from tables_plot import draw

        draw(
            plot.with_stem(f"{plot.stem}-{job.engine}"),
            {
                name: [(one.touches, bench[one].cpu, bench[one].peak_mb) for one in line]
                for name, line in lines.items()
            },
            title=f"Scores of whole tables on {job.engine}",
        )


def larger(bench: Bench, job: Job) -> Iterator[Row]:
    """Yield what twice the touches take where they don't fit into DuckDB's memory."""
    if job.engine != "duckdb":
        return
    base = replace(job, what=_best(), has_ends=False, memory="1GB")
    twice = replace(base, touches=2 * base.touches)
    bench.run([base, twice])
    yield "duckdb: twice the touches, MB at the peak under 1GB", bench[twice].peak_mb, 1300
    # Inference: what is written to disk and read again costs at most half as much once more.
    yield "duckdb: twice the touches / once", bench[twice].cpu / bench[base].cpu, 3


def deciding(bench: Bench, job: Job) -> Iterator[Row]:
    """Yield what decisions cost beside scores alone, of leads at rest."""
    if not IS_THERE:
        return
    for has_ends in (True, False):
        score = replace(job, what="nurturekit", has_ends=has_ends)
        decide = replace(score, what="decide")
        bench.run([score, decide])
        ends = "windowed" if has_ends else "endless"
        # Decisions are computed while they are built.
        whole = {one: bench[one].cpu + bench[one].building for one in (score, decide)}
        yield f"{job.engine}: {ends}, decide / score", whole[decide] / whole[score], 1.5


def _beside_hand(job: Job) -> float:
    # Of a small table the engine plans our longer query for a good part of the time it runs.
    return BY_HAND[job.engine] if job.touches >= LARGE else 1.5


def _best() -> str:
    return "nurturekit" if IS_THERE else "hand"


def _options(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--touches", type=int, default=2_000_000)
    parser.add_argument("--reference", action="store_true", help="1,000,000 x 20,000,000, no limit")
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", default="", help="DuckDB's memory for all, such as 1GB")
    parser.add_argument("--many", action="store_true", help="200 rules too")
    parser.add_argument(
        "--growth", action="store_true", help="a tenth, a fifth, a half of the rows"
    )
    parser.add_argument("--plot", type=Path, help="where to plot growth, one file an engine")
    parser.add_argument("--larger", action="store_true", help="twice the touches under 1GB")
    parser.add_argument("--decide", action="store_true", help="decisions on top of scores")
    parser.add_argument(
        "--data", type=Path, help="where tables are made and kept; else thrown away"
    )
    return parser.parse_args(given)


def _rows(bench: Bench, options: argparse.Namespace) -> Iterator[Row]:
    leads, touches = options.leads, options.touches
    if options.reference:
        leads, touches = 1_000_000, 20_000_000
    for engine in options.engines.split(","):
        job = Job(engine=engine, what="scan", leads=leads, touches=touches)
        job = replace(job, memory=options.limit if engine == "duckdb" else "")
        yield from scores(bench, job)
        yield from memory(bench, job)
        if options.many:
            yield from many(bench, job)
        if options.growth or options.plot:
            yield from growth(bench, job, options.plot)
        if options.larger:
            yield from larger(bench, job)
        if options.decide:
            yield from deciding(bench, job)


def main(given: list[str] | None = None) -> int:
    """Print every measure with its target; return 1 if one falls short."""
    options = _options(given)
    if not IS_THERE:
        print("nurturekit.frame isn't installed: only what is written by hand is measured")
    with tempfile.TemporaryDirectory() as passing:
        bench = Bench(options.data or Path(passing), options.rounds)
        rows = list(_rows(bench, options))
    short = 0
    for what, measured, target in rows:
        is_short = measured > target
        short += is_short
        print(f"{what:<56}{measured:9.2f}  target {target:<6} {'SHORT' if is_short else 'met'}")
    return min(short, 1)


if __name__ == "__main__":
    sys.exit(main())
