"""A content library from a table."""

from datetime import UTC, datetime

import pytest

from nurturekit.errors import InputError
from nurturekit.interop import read_content
from nurturekit.records import Content, World
from nurturekit.vocabulary import Channel, FunnelPosition

HEAD = (
    "id,published_at,position,topics,pain_points,personas,language,channels,retired_at,fresh_days"
)
DAY = "2026-01-05T00:00:00Z"


def _read(tmp_path, *rows, head=HEAD):
    path = tmp_path / "content.csv"
    path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    return read_content(path)


def test_columns_are_fields(tmp_path):
    """Each column is a field, several values with semicolons between them."""
    row = f"roi,{DAY},decision,roi; price,cost,CFO;buyer;,de,email;post,2027-01-05T00:00:00Z,90"
    found = _read(tmp_path, row).by_id
    assert found["roi"] == Content(
        id="roi",
        published_at=datetime(2026, 1, 5, tzinfo=UTC),
        position=FunnelPosition.DECISION,
        topics=("roi", "price"),
        pain_points=("cost",),
        personas=("CFO", "buyer"),
        language="de",
        channels=(Channel.EMAIL, Channel.POST),
        retired_at=datetime(2027, 1, 5, tzinfo=UTC),
        fresh_days=90,
    )
    assert set(World(content=found).content) == {"roi"}


def test_an_empty_cell_is_the_default(tmp_path):
    """A piece needs an id and when it was published; the rest fits everybody."""
    found = _read(tmp_path, f"a,{DAY}", head="id,published_at")
    assert found.by_id["a"] == Content(id="a", published_at=datetime(2026, 1, 5, tzinfo=UTC))
    assert (found.report.rows, found.report.skipped) == (1, 0)


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("a,2026-01-05T00:00:00,,,,,,,,", "naive-datetime", "published_at"),
        ("a,,,,,,,,,", "missing-value", "published_at"),
        (f",{DAY},,,,,,,,", "missing-value", "id"),
        (f"a,{DAY},middle,,,,,,,", "unknown-word", "position"),
        (f"a,{DAY},,,,,,fax,,", "unknown-word", "channels"),
        (f"a,{DAY},,,,,,,soon,", "bad-instant", "retired_at"),
        (f"a,{DAY},,,,,,,,0", "out-of-range", "fresh_days"),
        (f"a,{DAY},,,,,,,,1.5", "not-a-number", "fresh_days"),
        (f"good,{DAY},decision,,,,,,,", "duplicate-id", "id"),
        (f"a,{DAY}", "wrong-width", None),
    ],
)
def test_a_bad_row_is_counted(tmp_path, row, code, column):
    """A row that can't be a piece is left out, with its line and column; the others are read."""
    found = _read(tmp_path, f"good,{DAY},,,,,,,,", row)
    assert list(found.by_id) == ["good"]
    assert dict(found.report.counts) == {code: 1}
    (example,) = found.report.examples[code]
    assert (example.line, example.column) == (3, column)


@pytest.mark.parametrize(
    ("head", "code"),
    [("id,position", "missing-column"), ("id,published_at,title", "unknown-column")],
)
def test_a_wrong_header_stops(tmp_path, head, code):
    """A file without the columns it needs, or with one that nothing reads, stops."""
    with pytest.raises(InputError) as caught:
        _read(tmp_path, "a,b,c", head=head)
    assert caught.value.code == code
