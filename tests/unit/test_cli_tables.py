"""The commands over whole tables: what is read and written, and when that way is taken."""

import csv
import json
import sys
from datetime import UTC, datetime

import duckdb
import polars as pl
import pytest

from nurturekit import cli
from nurturekit.cli import tables
from nurturekit.instants import format_us, from_us
from nurturekit.interop import cases, read_leads, read_records, read_touches
from nurturekit.presets import preset

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LEADS = (
    "id,account,title,opening_at,opening_stage\n"
    "l1,acme,VP Sales,,\nl2,acme,Buyer,2026-10-01T00:00:00Z,mql\n=l3,,,,\n"
)
TOUCHES = (
    "id,lead_id,kind,occurred_at\n"
    "t1,l1,price_asked,2026-10-30T09:00:00Z\n"
    "t2,l2,blog_viewed,2026-10-01T09:00:00Z\n"
    "t3,=l3,blog_viewed,2026-10-01T09:00:00\n"
)
RECORDS = (
    '{"record":"fact","id":"f1","lead_id":"l2","name":"title","value":"VP Sales",'
    '"occurred_at":"2026-10-20T00:00:00Z"}\n'
)
FIRST = "tables path: "


@pytest.fixture
def args(tmp_path):
    """Return the arguments that read three leads, and write no file yet."""
    for name, text in (("leads", LEADS), ("touches", TOUCHES), ("records", RECORDS)):
        suffix = "jsonl" if name == "records" else "csv"
        (tmp_path / f"{name}.{suffix}").write_text(text)
    files = ["--leads", tmp_path / "leads.csv", "--touches", tmp_path / "touches.csv"]
    files += ["--records", tmp_path / "records.jsonl"]
    rest = ["--as-of", "2026-11-01T00:00:00Z", "--playbook", "blended"]
    return [*map(str, files), *rest]


@pytest.fixture
def parquet(args, tmp_path):
    """Return the arguments that read the same leads and touches from Parquet."""
    connection, given = duckdb.connect(), list(args)
    for at, instant in ((1, "opening_at"), (3, "occurred_at")):
        texts = connection.read_csv(args[at], all_varchar=True)
        # The third touch has no time zone: as text it is a bad row, as it is in the other file.
        kept = "*" if at == 3 else f"* REPLACE (TRY_CAST({instant} AS TIMESTAMPTZ) AS {instant})"
        given[at] = args[at].replace(".csv", ".parquet")
        texts.project(kept).write_parquet(given[at])
    return given


def _rows(path):
    if path.suffix == ".parquet":
        return pl.read_parquet(path).to_dicts()
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def _code(capsys):
    lines = [one for one in capsys.readouterr().err.splitlines() if one.startswith("error: ")]
    return lines[0].rpartition("[")[2].rstrip("]")


def _singly(tmp_path):
    leads = read_leads(tmp_path / "leads.csv")
    records = [
        *read_touches(tmp_path / "touches.csv").records,
        *read_records(tmp_path / "records.jsonl").records,
    ]
    playbook = preset("blended")
    return {
        case.lead.id: playbook.decide(case.lead, case.history, as_of=NOW, world=case.world)
        for case in cases(leads, records)
    }


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_scores_are_those_of_single_decisions(args, tmp_path, capsys, suffix):
    """`score` writes a row a lead, with the integers of the single decision."""
    out = tmp_path / f"scores{suffix}"
    assert cli.main(["score", *args, "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert said.out == "3 leads as of 2026-11-01T00:00:00Z, playbook blended\n"
    assert said.err.startswith(FIRST)
    assert "naive-datetime" in said.err
    found = {row["lead_id"].lstrip("'"): row for row in _rows(out)}
    singly = _singly(tmp_path)
    assert {name: int(row["score_milli"]) for name, row in found.items()} == {
        name: decision.score.milli for name, decision in singly.items()
    }
    assert {name: float(row["score"]) for name, row in found.items()} == {
        name: decision.score.points for name, decision in singly.items()
    }
    assert len({row["score_milli"] for row in found.values()}) == 3


def test_what_scores_are_made_of_adds_up(args, tmp_path):
    """`--explain` writes the rows that add up to each score."""
    out, parts = tmp_path / "scores.parquet", tmp_path / "parts.csv"
    assert cli.main(["score", *args, "--out", str(out), "--explain", str(parts)]) == 0
    summed = {}
    for row in _rows(parts):
        name = row["lead_id"].lstrip("'")
        summed[name] = summed.get(name, 0) + int(row["points_milli"])
    scores = {row["lead_id"]: row["score_milli"] for row in _rows(out)}
    assert {name: summed.get(name, 0) for name in scores} == scores
    assert sorted(map(bool, scores.values())) == [False, True, True]


def test_no_cell_starts_a_formula(args, tmp_path):
    """In a comma-separated file a text that a spreadsheet would compute has an apostrophe."""
    for suffix, expected in ((".csv", "'=l3"), (".parquet", "=l3")):
        out = tmp_path / f"scores{suffix}"
        assert cli.main(["score", *args, "--out", str(out)]) == 0
        assert expected in {row["lead_id"] for row in _rows(out)}


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_decisions_of_tables_are_single_ones(args, tmp_path, capsys, suffix):
    """`decide --tables` says of each lead what the single decision says, instants as instants."""
    out = tmp_path / f"decisions{suffix}"
    assert cli.main(["decide", "--tables", *args, "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert said.err.startswith(FIRST)
    assert said.out.startswith("3 leads as of 2026-11-01T00:00:00Z, playbook blended\n\nstage ")
    found = {row["lead_id"].lstrip("'"): row for row in _rows(out)}
    singly = _singly(tmp_path)
    assert {name: row["stage"] for name, row in found.items()} == {
        name: str(one.stage) for name, one in singly.items()
    }
    assert {name: row["accountable"] for name, row in found.items()} == {
        name: str(one.ownership.accountable) for name, one in singly.items()
    }
    due_us = singly["l1"].handoff.due_us
    due = format_us(due_us) if suffix == ".csv" else from_us(due_us)
    assert found["l1"]["handoff_due"] == due


def test_parquet_is_read_by_every_command(parquet, args, tmp_path, capsys):
    """Commands that go through leads one by one take Parquet, and say the same of it."""
    plain = [one.replace(".parquet", ".csv") for one in parquet]
    for command in (["explain", "--lead", "l2"], ["decide", "--no-tables"]):
        assert cli.main([*command, *parquet]) == 0
        streamed = capsys.readouterr()
        assert cli.main([*command, *plain]) == 0
        assert streamed.out == capsys.readouterr().out
        assert streamed.err.startswith(FIRST)


def test_whole_decisions_have_the_same_ids_on_both_ways(parquet, tmp_path):
    """Decisions that are streamed from tables are those of objects, ids included."""
    plain = [one.replace(".parquet", ".csv") for one in parquet]
    texts = []
    for at, given in enumerate((parquet, plain)):
        out = tmp_path / f"{at}.jsonl"
        assert cli.main(["decide", *given, "--out", str(out)]) == 0
        texts.append(sorted(out.read_text().splitlines()))
    assert texts[0] == texts[1]
    assert len(texts[0]) == 3


def test_many_leads_take_the_tables_path(args, capsys, monkeypatch):
    """Above the limit tables are taken unasked; below it, or where refused, they aren't."""
    assert cli.main(["decide", *args]) == 0
    assert not capsys.readouterr().err.startswith(FIRST)
    monkeypatch.setattr(tables, "LARGE", 3)
    assert cli.main(["decide", *args]) == 0
    assert capsys.readouterr().err.startswith(tables.WHOLE)
    assert cli.main(["decide", "--no-tables", *args]) == 0
    assert capsys.readouterr().err.startswith(tables.SINGLY)


def test_plans_of_due_leads_are_written(args, tmp_path, capsys):
    """Due leads' plans become files of a folder, and their moves lines that can be read back."""
    folder, moves = tmp_path / "plans", tmp_path / "moves.jsonl"
    alone = tmp_path / "alone.jsonl"
    files = ["--plans", str(folder), "--moves-out", str(moves)]
    assert cli.main(["decide", *args, "--tables", *files]) == 0
    assert "3 leads with something due" in capsys.readouterr().err
    assert cli.main(["decide", *args, "--no-tables", "--moves-out", str(alone)]) == 0
    assert sorted(moves.read_text().splitlines()) == sorted(alone.read_text().splitlines())
    assert len(moves.read_text().splitlines()) > 5
    written = pl.read_parquet(folder / "moves.parquet")
    told = [json.loads(one) for one in alone.read_text().splitlines()]
    by_lead = sorted(told, key=lambda one: (one["lead_id"], one.get("seq", 0)))
    assert written["id"].to_list() == [one["id"] for one in by_lead]
    blocked = pl.read_parquet(folder / "blocked.parquet")
    assert blocked.filter(pl.col("lead_id") == "l1")["place"].to_list() == [1, 2, 3, 4]
    assert sorted(one.stem for one in folder.iterdir()) == [
        "actions",
        "alerts",
        "blocked",
        "leads",
        "moves",
        "reasons",
        "requests",
    ]


def test_plans_overwrite_no_input(parquet, tmp_path, capsys):
    """A folder in which a file of the run lies, by a link too, is refused before any work."""
    before = (tmp_path / "leads.parquet").read_bytes()
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "leads.parquet").symlink_to(tmp_path / "leads.parquet")
    for place in (tmp_path, folder):
        assert cli.main(["decide", *parquet, "--plans", str(place)]) == 2
        assert _code(capsys) == "out-is-input"
    assert (tmp_path / "leads.parquet").read_bytes() == before


def test_a_lead_that_is_not_there_is_refused(parquet, capsys):
    """`explain` looks for one lead only, and says when there is none."""
    assert cli.main(["explain", "--lead", "l9", *parquet]) == 2
    assert _code(capsys) == "unknown-lead"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["decide", "--tables", "--assign"], "whole-decisions"),
        (["decide", "--out", "d.parquet", "--moves-out", "m.jsonl"], "whole-decisions"),
        (["decide", "--tables", "--moves-out", "m.csv"], "unknown-format"),
        (["decide", "--tables", "--plans", "leads.csv"], "cannot-write"),
        (["decide", "--tables", "--plans", "records.jsonl/plans"], "cannot-write"),
        (["decide", "--tables", "--plans", "."], "out-is-input"),
        (["decide", "--plans", "p", "--out", "p/leads.parquet"], "out-is-input"),
        (["decide", "--no-tables", "--plans", "p"], "whole-decisions"),
        (["decide", "--tables", "--out", "d.jsonl"], "whole-decisions"),
        (["decide", "--no-tables", "--out", "d.parquet"], "whole-decisions"),
        (["decide", "--tables", "--out", "d.txt"], "unknown-format"),
        (["score", "--out", "s.jsonl"], "unknown-format"),
        (["score", "--out", "s.csv", "--explain", "s.csv"], "out-is-input"),
        (["score", "--out", "nowhere/s.csv"], "cannot-write"),
    ],
)
def test_what_cannot_be_written_is_refused(args, tmp_path, capsys, monkeypatch, command, code):
    """Whole decisions aren't in tables, and files say by their names what they are."""
    monkeypatch.chdir(tmp_path)
    assert cli.main([*command, *args]) == 2
    assert _code(capsys) == code


def test_an_extra_that_is_missing_is_named(args, capsys, monkeypatch):
    """Without the extra's packages the error says what to install."""
    for name in [one for one in sys.modules if one.startswith("nurturekit.frame")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "narwhals", None)
    assert cli.main(["score", *args, "--out", "s.csv"]) == 2
    error = capsys.readouterr().err
    assert "nurturekit[batch]" in error
    assert "[missing-extra]" in error
