"""Touches from a table."""

from datetime import UTC, date, datetime

import pytest

from nurturekit.errors import InputError
from nurturekit.interop import read_touches
from nurturekit.vocabulary import Channel, Outcome

HEADER = "id,lead_id,kind,occurred_at,channel,automated,value,next_attempt_on,revision,outcome\n"
GOOD = "t1,l1,call_made,2026-01-05T09:00:00+01:00,phone,false,12.5,2026-02-01,2,voicemail\n"


def _read(tmp_path, text, **options):
    path = tmp_path / "touches.csv"
    path.write_text(text, encoding="utf-8")
    return read_touches(path, **options)


def test_columns_are_the_fields(tmp_path):
    """Each column is a field, read as its type."""
    (touch,) = _read(tmp_path, HEADER + GOOD).records
    assert touch.occurred_at == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert (touch.channel, touch.outcome) == (Channel.PHONE, Outcome.VOICEMAIL)
    assert (touch.automated, touch.value, touch.revision) == (False, 12.5, 2)
    assert touch.next_attempt_on == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("t2,,x,2026-01-05T09:00:00Z,,,,,,", "missing-value", "lead_id"),
        ("t2,l1,x,,,,,,,", "missing-value", "occurred_at"),
        ("t2,l1,x,2026-01-05 09:00:00,,,,,,", "naive-datetime", "occurred_at"),
        ("t2,l1,x,2026-01-05,,,,,,", "bad-instant", "occurred_at"),
        ("t2,l1,x,11/21/2026,,,,,,", "bad-instant", "occurred_at"),
        ("t2,l1,x,2026-02-30T09:00:00Z,,,,,,", "bad-instant", "occurred_at"),
        ("t2,l1,x,1969-01-01T00:00:00Z,,,,,,", "out-of-range", "occurred_at"),
        ("t2,l1,x,2026-01-05T09:00:00Z,fax,,,,,", "unknown-word", "channel"),
        ("t2,l1,x,2026-01-05T09:00:00Z,,maybe,,,,", "not-a-bool", "automated"),
        ("t2,l1,x,2026-01-05T09:00:00Z,,,much,,,", "not-a-number", "value"),
        ("t2,l1,x,2026-01-05T09:00:00Z,,,true,,,", "not-a-number", "value"),
        ("t2,l1,x,2026-01-05T09:00:00Z,,,9999999,,,", "out-of-range", "value"),
        ("t2,l1,x,2026-01-05T09:00:00Z,,,,2026-13-01,,", "bad-date", "next_attempt_on"),
        ("t2,l1,x,2026-01-05T09:00:00Z,,,,,1.5,", "not-a-number", "revision"),
        ("t2,l1,x,2026-01-05T09:00:00Z,,,,,,won!", "unknown-word", "outcome"),
        ("t2,l7,x,2026-01-05T09:00:00Z,,,,,,", "orphan", "lead_id"),
    ],
)
def test_a_bad_row_is_counted(tmp_path, row, code, column):
    """A bad row is left out and counted; the good ones stay."""
    found = _read(tmp_path, f"{HEADER}{GOOD}{row}\n", known={"l1"})
    assert [touch.id for touch in found.records] == ["t1"]
    (example,) = found.report.examples[code]
    assert (example.line, example.column) == (3, column)
    assert found.report.skipped == 1


def test_at_most_five_examples(tmp_path):
    """Every finding is counted; five are shown."""
    rows = "".join(f"t{n},l7,x,2026-01-05T09:00:00Z,,,,,,\n" for n in range(10, 18))
    found = _read(tmp_path, HEADER + GOOD + rows, known={"l1"})
    assert found.report.counts["orphan"] == 8
    assert len(found.report.examples["orphan"]) == 5


def test_all_bad_alike_is_a_wrong_file(tmp_path):
    """Where every row has the same problem the file is wrong: the first row is named."""
    rows = "t1,l1,x,11/21/2026\nt2,l1,x,11/22/2026\n"
    with pytest.raises(InputError) as caught:
        _read(tmp_path, f"id,lead_id,kind,occurred_at\n{rows}")
    error = caught.value
    assert (error.code, error.line, error.column) == ("bad-instant", 2, "occurred_at")
    assert "RFC 3339" in str(error)


def test_all_bad_but_not_alike_is_counted(tmp_path):
    """Rows that are bad for different reasons don't stop the file."""
    rows = "t1,l1,x,11/21/2026\nt2,l1,x,2026-01-05T00:00:00\n"
    found = _read(tmp_path, f"id,lead_id,kind,occurred_at\n{rows}")
    assert dict(found.report.counts) == {"bad-instant": 1, "naive-datetime": 1}


def test_one_row_alone_is_named_as_such(tmp_path):
    """A file with one row, and that bad, is wrong too."""
    with pytest.raises(InputError) as caught:
        _read(tmp_path, "id,lead_id,kind,occurred_at\nt1,l1,x,soon\n")
    assert "the only row" in str(caught.value)


def test_one_id_with_two_contents_is_reported_and_kept(tmp_path):
    """Two contents under one id are both kept, for the history to settle, and reported."""
    row = "t1,l1,{},2026-01-05T09:00:00Z,{}\n"
    header = "id,lead_id,kind,occurred_at,revision\n"
    found = _read(tmp_path, header + row.format("a", 0) + row.format("b", 0) + row.format("a", 0))
    assert len(found.records) == 3
    assert dict(found.report.counts) == {"duplicate-id": 1}
    assert found.report.skipped == 0


def test_a_revision_is_no_conflict(tmp_path):
    """A later revision of a touch is what revisions are for."""
    row = "t1,l1,{},2026-01-05T09:00:00Z,{}\n"
    header = "id,lead_id,kind,occurred_at,revision\n"
    found = _read(tmp_path, header + row.format("a", 0) + row.format("b", 1))
    assert not found.report.counts
