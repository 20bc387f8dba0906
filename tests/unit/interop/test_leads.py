"""Leads from a table."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from nurturekit.errors import InputError
from nurturekit.interop import read_leads
from nurturekit.vocabulary import Stage, Team


def _read(tmp_path, text):
    path = tmp_path / "leads.csv"
    path.write_text(text, encoding="utf-8")
    return read_leads(path)


def test_columns_are_fields_and_attributes(tmp_path):
    """A lead's own columns are its fields, every other one an attribute."""
    leads = _read(
        tmp_path,
        "id,account,person_id,zone,language,title\nl1,acme,p1,Europe/Berlin,de,VP Sales\n",
    )
    lead = leads.by_id["l1"]
    assert (lead.account, lead.person_id, lead.language) == ("acme", "p1", "de")
    assert (lead.zone, dict(lead.attributes)) == ("Europe/Berlin", {"title": "VP Sales"})
    assert leads.report.rows == 1


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("250", 250),
        ("-3", -3),
        ("0", 0),
        ("1.50", Decimal("1.50")),
        ("true", True),
        ("FALSE", False),
        ("01067", "01067"),
        ("+49", "+49"),
        ("1e3", "1e3"),
        ("1,000", "1,000"),
        ("nan", "nan"),
        ("yes", "yes"),
        ("2026-01-01", "2026-01-01"),
        ("12345678901234567890", "12345678901234567890"),
        ("\u0663", "\u0663"),
        (" 5", " 5"),
    ],
)
def test_a_cell_is_text_unless_plainly_more(tmp_path, cell, value):
    """Only plain numbers, true and false are more than text."""
    found = _read(tmp_path, f'id,x\nl1,"{cell}"\n').by_id["l1"].attributes["x"]
    assert found == value
    assert type(found) is type(value)


def test_no_rows_stop(tmp_path):
    """A header alone holds no lead to decide."""
    with pytest.raises(InputError) as caught:
        _read(tmp_path, "id,title\n")
    assert caught.value.code == "no-rows"


def test_an_empty_cell_is_unknown(tmp_path):
    """An empty or blank cell is no attribute at all."""
    leads = _read(tmp_path, "id,account,title,note\nl1,,,  \n")
    assert not leads.by_id["l1"].attributes
    assert leads.by_id["l1"].account is None


def test_opening_columns_start_a_history(tmp_path):
    """Columns with the prefix `opening_` make an opening, and no attribute."""
    leads = _read(
        tmp_path,
        "id,opening_at,opening_stage,opening_team,opening_rep,opening_since,"
        "opening_next_attempt_on,opening_opted_out\n"
        "l1,2026-09-01T00:00:00Z,sql,sales,rep-1,2026-05-01,2026-11-20,false\n"
        "l2,,,,,,,\n",
    )
    opening = leads.openings["l1"]
    assert opening.occurred_at == datetime(2026, 9, 1, tzinfo=UTC)
    assert (opening.stage, opening.team, opening.rep) == (Stage.SQL, Team.SALES, "rep-1")
    assert (opening.since, opening.next_attempt_on) == (date(2026, 5, 1), date(2026, 11, 20))
    assert opening.opted_out is False
    assert not leads.by_id["l1"].attributes
    assert "l2" not in leads.openings


def test_an_opening_needs_only_its_instant(tmp_path):
    """An instant alone makes an opening: records are complete from there."""
    assert "l1" in _read(tmp_path, "id,opening_at\nl1,2026-09-01T00:00:00Z\n").openings


@pytest.mark.parametrize(
    ("header", "code"),
    [("opening_stage", "missing-column"), ("opening_at,opening_stagee", "unknown-column")],
)
def test_opening_columns_are_checked(tmp_path, header, code):
    """Opening columns without an instant, or that nothing reads, stop."""
    with pytest.raises(InputError) as caught:
        _read(tmp_path, f"id,{header}\n")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (",x,,,", "wrong-width", None),
        (",x,,,,,", "bad-id", "id"),
        ("l\u0000,x,,,,,", "bad-id", "id"),
        ("l2,x,Mars/Base,,,,", "unknown-zone", "zone"),
        ("l2,\u0007,,,,,", "bad-text", "title"),
        ("l2,x,,,sql,,", "missing-value", "opening_at"),
        ("l2,x,,2026-09-01,,,", "bad-instant", "opening_at"),
        ("l2,x,,2026-09-01T00:00:00,,,", "naive-datetime", "opening_at"),
        ("l2,x,,2026-09-01T00:00:00Z,sqll,,", "unknown-word", "opening_stage"),
        ("l2,x,,2026-09-01T00:00:00Z,,1.9.2026,", "bad-date", "opening_since"),
        ("l2,x,,2026-09-01T00:00:00Z,,,no", "not-a-bool", "opening_opted_out"),
        ("l1,other,,,,,", "duplicate-id", "id"),
    ],
)
def test_a_bad_row_is_counted(tmp_path, row, code, column):
    """A bad row is left out, counted by its code and shown with its place; the others stay."""
    header = "id,title,zone,opening_at,opening_stage,opening_since,opening_opted_out\n"
    leads = _read(tmp_path, f"{header}l1,VP,,,,,\n{row}\nl9,VP,,,,,\n")
    assert list(leads.by_id) == ["l1", "l9"]
    assert leads.by_id["l1"].attributes["title"] == "VP"
    assert dict(leads.report.counts) == {code: 1}
    assert (leads.report.rows, leads.report.skipped) == (3, 1)
    (example,) = leads.report.examples[code]
    assert (example.line, example.column) == (3, column)
    assert "line 3" in str(example)


def test_the_same_row_twice_is_one(tmp_path):
    """A row said twice is no finding."""
    leads = _read(tmp_path, "id,title\nl1,VP\nl1,VP\n")
    assert (len(leads.by_id), leads.report.skipped) == (1, 0)
