"""The tables that the table benchmark reads, as Parquet, seeded and made in chunks.

Touches lie in no order, so that no engine can skip parts of the file by its statistics.
Run: `python benchmarks/tables_data.py FOLDER LEADS TOUCHES`.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

AS_OF = datetime(2026, 11, 1, 12, tzinfo=UTC)
AS_OF_US = int(AS_OF.timestamp()) * 1_000_000
DAY_US = 86_400_000_000
SPAN_DAYS = 400
CHUNK = 500_000

# Kinds by how often they happen; the last two are no rule's, and the model doesn't know the last.
KINDS = {
    "page_viewed": 26,
    "mail_clicked": 20,
    "blog_read": 16,
    "social_liked": 8,
    "video_watched": 6,
    "download": 6,
    "webinar": 4,
    "pricing_viewed": 4,
    "event_visited": 3,
    "demo_asked": 2,
    "trial_begun": 1,
    "unsubscribed": 1,
    "survey_answered": 2,
    "imported": 1,
}
TITLES = (
    "VP Sales",
    "Director of Marketing",
    "Head of Purchasing",
    "Account Manager",
    "Student",
    "Software Engineer",
    "Owner",
    None,
)
INDUSTRIES = ("Software", "Finance", "Retail", "Health", "Public", None)
COUNTRIES = ("DE", "FR", "NL", "US", "BR", "JP", None)
SOURCES = ("web", "referral", "partner", "fair", None)
ASSETS = 200


def write(folder: Path, leads: int, touches: int, *, seed: int = 7) -> None:
    """Write `leads.parquet`, `moves.parquet` and, last, `touches.parquet`.

    Args:
        folder: Where to; made if it isn't there.
        leads: How many leads; each has two moves, to its stage and to its owner.
        touches: How many touches.
        seed: The same seed gives the same tables.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draw = np.random.default_rng(seed)
    _write(folder / "leads.parquet", leads, lambda rows: _leads(draw, rows))
    _write(folder / "moves.parquet", leads, _moves)
    _write(folder / "touches.parquet", touches, lambda rows: _touches(draw, rows, leads))


def _write(path: Path, count: int, make: Callable[[np.ndarray], pa.Table]) -> None:
    # What is half written is never taken for a table.
    half = path.with_suffix(".half")
    writer = None
    for first in range(0, count, CHUNK):
        table = make(np.arange(first, min(first + CHUNK, count)))
        writer = writer or pq.ParquetWriter(half, table.schema)
        writer.write_table(table, row_group_size=122_880)
    if writer is not None:
        writer.close()
    half.replace(path)


def _ids(word: str, numbers: np.ndarray, digits: int) -> np.ndarray:
    return np.char.add(f"{word}-", np.char.zfill(numbers.astype(str), digits))


def _words(draw: np.random.Generator, words: Sequence[str | None], rows: np.ndarray) -> pa.Array:
    codes = draw.integers(0, len(words), len(rows), dtype=np.int32)
    return pa.array(words, pa.string()).take(pa.array(codes))


def _numbers(draw: np.random.Generator, rows: np.ndarray, spread: float) -> pa.Array:
    values = np.exp(draw.normal(5, spread, len(rows))).astype(np.int64)
    return pa.array(values, mask=draw.random(len(rows)) < 0.15)


def _leads(draw: np.random.Generator, rows: np.ndarray) -> pa.Table:
    return pa.table(
        {
            "id": pa.array(_ids("lead", rows, 7)),
            "title": _words(draw, TITLES, rows),
            "employees": _numbers(draw, rows, 1.5),
            "industry": _words(draw, INDUSTRIES, rows),
            "country": _words(draw, COUNTRIES, rows),
            "budget": _numbers(draw, rows, 4),
            "source": _words(draw, SOURCES, rows),
        }
    )


def _moves(rows: np.ndarray) -> pa.Table:
    leads = np.repeat(_ids("lead", rows, 7), 2)
    made = AS_OF_US - 20 * DAY_US
    return pa.table(
        {
            "id": pa.array(np.char.add(leads, np.tile(["-stage", "-owner"], len(rows)))),
            "lead_id": pa.array(leads),
            "kind": pa.array(["stage", "owner"] * len(rows)),
            "to": pa.array(["mql", "marketing"] * len(rows)),
            "reason": pa.array(["benchmark"] * len(leads)),
            "occurred_at": pa.array([made] * len(leads), pa.timestamp("us", tz="UTC")),
        }
    )


def _touches(draw: np.random.Generator, rows: np.ndarray, leads: int) -> pa.Table:
    count = len(rows)
    # A few leads have most touches; multiplying by a prime spreads them over the table. Now and
    # then several touches of one kind come within minutes.
    lead = (leads * draw.random(count) ** 1.5).astype(np.int64) * 7_919 % leads
    shares = np.array(list(KINDS.values())) / sum(KINDS.values())
    kind = draw.choice(len(KINDS), count, p=shares).astype(np.int32)
    # More of late than long ago, and a few after the instant of judgement.
    age_us = (SPAN_DAYS * DAY_US * draw.random(count) ** 1.5).astype(np.int64) - DAY_US // 4
    begun = np.where(draw.random(count) < 0.85, np.arange(count), 0)
    begun = np.maximum.accumulate(begun)
    lead, kind, age_us = lead[begun], kind[begun], age_us[begun]
    age_us -= 60_000_000 * (np.arange(count) - begun)
    asset = draw.integers(0, ASSETS, count, dtype=np.int32)
    names = pa.array([f"asset-{number:03}" for number in range(ASSETS)])
    nobody, machine, bare = draw.random((3, count)) < [[0.001], [0.02], [0.5]]
    return pa.table(
        {
            "id": pa.array(_ids("touch", rows, 9)),
            "lead_id": pa.array(_ids("lead", lead, 7), mask=nobody),
            "kind": pa.array(list(KINDS)).take(pa.array(kind)),
            "occurred_at": pa.array(AS_OF_US - age_us, pa.timestamp("us", tz="UTC")),
            "automated": pa.array(machine),
            "asset": names.take(pa.array(asset, mask=bare)),
        }
    )


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
