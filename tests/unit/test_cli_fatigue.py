"""`nurturekit fatigue`: how much contact the leads of an export have had."""

import csv

import pytest

from nurturekit import cli
from tests.unit.test_cli import DATA, EXAMPLE

ARGS = ["fatigue", "--playbook", "blended", *EXAMPLE]


def _told(capsys, *more):
    assert cli.main([*ARGS, *more]) == 0
    return capsys.readouterr()


def test_the_totals_and_the_busiest_leads(capsys):
    """A table by team, the totals of repeats, answers and opt-outs, then so many leads."""
    told = _told(capsys, "--first", "3")
    head, _, columns, *rows = told.out.splitlines()
    assert head.startswith("contact pressure, 90 days to 2026-11-01T00:00:00Z, ")
    assert columns.split()[:2] == ["contacts", "leads"]
    assert [row.split()[0] for row in rows[:3]] == ["both", "marketing", "sales"]
    both, marketing, sales = (int(row.split()[1].replace(",", "")) for row in rows[:3])
    assert both == marketing + sales > 0
    assert len(rows[5:]) == 3
    assert told.err == ""


def test_fewer_days_hold_fewer_contacts(capsys):
    """`--days` says how far back is counted."""
    long, short = (_told(capsys, "--days", days).out.splitlines()[3] for days in ("90", "7"))
    assert int(short.split()[1]) < int(long.split()[1])


@pytest.mark.parametrize(("days", "said"), [("0", "`--days`"), ("-1", "--days"), ("x", "--days")])
def test_days_are_a_number_from_one(days, said, capsys):
    """Anything else is wrong usage."""
    assert cli.main([*ARGS, "--days", days]) == 2
    assert said in capsys.readouterr().err


def test_what_was_skipped_is_said(capsys, tmp_path):
    """Rows that can't be read are told on standard error, as by the other commands."""
    text = (DATA / "touches.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    touches = tmp_path / "touches.csv"
    with touches.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows([*rows, {**rows[0], "id": "new", "lead_id": "nobody"}])
    args = [str(touches) if one.endswith("touches.csv") else one for one in ARGS]
    assert cli.main(args) == 0
    assert "orphan" in capsys.readouterr().err
