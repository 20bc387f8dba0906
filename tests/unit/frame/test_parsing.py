"""Instants as texts, read by columns as `parse_instant` reads them one by one."""

import narwhals as nw
import pytest

from nurturekit.errors import RecordError
from nurturekit.frame.parsing import is_naive, with_epoch_us
from nurturekit.instants import parse_instant, to_us
from tests.engines import ENGINES, arrow, collect

DAYS = (
    "2026-11-01",
    "1970-01-01",
    "1969-12-31",
    "2199-12-31",
    "2200-01-01",
    "0000-01-01",
    "0001-01-01",
    "9999-12-31",
    "2024-02-29",
    "2023-02-29",
    "2000-02-29",
    "2100-02-29",
    "2026-02-30",
    "2026-04-31",
    "2026-12-31",
    "2026-00-10",
    "2026-13-10",
    "2026-01-00",
    "2026-01-32",
)
CLOCKS = (
    "00:00:00",
    "23:59:59.999999",
    "24:00:00",
    "23:60:00",
    "23:59:60",
    "09:30:00.1",
    "09:30:00.12",
    "09:30:00.012345",
)
OFFSETS = ("Z", "z", "+00:00", "-00:00", "+23:59", "-23:59", "+24:00", "+05:30", "-03:60", "+00:60")
# One thing wrong or unusual at a time.
ODD = (
    "",
    " ",
    "2026-11-01",
    "09:30:00Z",
    "2026-11-01T09:30:00",
    "2026-11-01 09:30:00",
    "2026-11-01T09:30:00.5",
    "2026-11-01t09:30:00z",
    "2026-11-01 09:30:00Z",
    "2026-11-01  09:30:00Z",
    "2026-11-01T09:30Z",
    "2026-11-01T09:30:00.Z",
    "2026-11-01T09:30:00.1234567Z",
    "2026-11-01T09:30:00,5Z",
    "2026-11-01T09:30:00Z\n",
    "2026-11-01T09:30:00\nZ",
    "\n2026-11-01T09:30:00Z",
    "2026-11-01T09:30:00 Z",
    "2026-11-01T09:30:00+0000",
    "2026-11-01T09:30:00+00",
    "2026-11-01T09:30:00+00:00Z",
    "2026-11-01T09:30:00\u221205:00",
    "2026-11-01T09:30:00Z and more",
    "2026-W44-7T09:30:00Z",
    "2026-305T09:30:00Z",
    "20261101T093000Z",
    "+2026-11-01T09:30:00Z",
    "-026-11-01T09:30:00Z",
    "2026-1-1T09:30:00Z",
    # Digits of other scripts.
    "\u0662\u0660\u0662\u0666-11-01T09:30:00Z",
    "\uff12\uff10\uff12\uff16-11-01T09:30:00Z",
    "never",
)
TEXTS = (
    *(f"{day}T{clock}{offset}" for day in DAYS for clock in CLOCKS for offset in OFFSETS),
    *ODD,
)


def _one_by_one(text):
    try:
        return to_us(parse_instant(text, field="at"), field="at")
    except RecordError:
        return None


WANTED = [_one_by_one(text) for text in TEXTS]


def _by_columns(engine, texts, read):
    found = collect(read(nw.from_native(ENGINES[engine](_column(texts)))))
    # An engine may give rows in another order.
    by_text = dict(zip(found["text"], found["found"], strict=True))
    return [by_text[text] for text in texts]


def _instants(frame):
    return with_epoch_us(frame, {"text": "found"})


def _naive(frame):
    return frame.with_columns(found=is_naive(nw.col("text")))


def _column(texts):
    return {"text": ("text", list(texts))}


@pytest.mark.parametrize("engine", ["polars", "duckdb", "ibis-duckdb"])
def test_texts_are_read_as_single_ones_are(engine):
    """Every form, right or wrong, is the same microseconds or none as `parse_instant` says."""
    found = _by_columns(engine, TEXTS, _instants)
    # What lies out of the calendar is an instant here, and refused by its range.
    end = to_us(parse_instant("2199-12-31T23:59:59.999999Z", field="at"), field="at")
    kept = [None if us is None or not 0 <= us <= end else us for us in found]
    differing = [
        (text, got, wanted)
        for text, got, wanted in zip(TEXTS, kept, WANTED, strict=True)
        if got != wanted
    ]
    assert differing == []
    assert sum(us is not None for us in WANTED) > len(DAYS) * 10


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_an_instant_out_of_the_calendar_is_read(engine):
    """1969 and 2200 are instants that lie out of range, not texts that can't be read."""
    texts = ("1969-12-31T23:59:59.999999Z", "2200-01-01T00:00:00Z", "1970-01-01T00:00:00+00:01")
    end = to_us(parse_instant("2199-12-31T23:59:59.999999Z", field="at"), field="at") + 1
    assert _by_columns(engine, texts, _instants) == [-1, end, -60_000_000]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_naive_text_is_told_from_a_bad_one(engine):
    """An instant without a time zone is naive; a date, an offset or other text isn't."""
    naive = ("2026-11-01T09:30:00", "2026-11-01 09:30:00.5", "2026-11-01t09:30")
    other = ("2026-11-01", "2026-11-01T09:30:00Z", "2026-11-01T09:30:00+01:00", "never", "", "T")
    found = _by_columns(engine, (*naive, *other), _naive)
    assert found == [True] * len(naive) + [False] * len(other)


def test_a_missing_text_is_no_instant():
    """Where there is no text, there is no instant, and no error."""
    rows = {"text": ("text", [None, "2026-11-01T00:00:00Z"])}
    found = _instants(nw.from_native(arrow(rows)).lazy("polars"))
    assert collect(found)["found"] == [None, 1_793_491_200_000_000]
