"""The made-up data of the examples: the same bytes again, and every row of every policy reached."""

import runpy
from datetime import UTC, datetime
from pathlib import Path

import pytest

import nurturekit as nk
from nurturekit.interop import cases, read_leads, read_records, read_touches, read_world

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DATA = EXAMPLES / "data"
AS_OF = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def leads():
    """Return the leads with their reports."""
    return read_leads(DATA / "leads.csv")


@pytest.fixture(scope="module")
def found(leads):
    """Return the leads with their histories and worlds."""
    touches = read_touches(DATA / "touches.csv", known=leads.by_id)
    records = read_records(DATA / "records.jsonl", known=leads.by_id)
    assert not leads.report.counts
    assert not touches.report.counts
    assert not records.report.counts
    world = read_world(DATA / "world.toml")
    return list(cases(leads, (*touches.records, *records.records), world=world))


def test_the_data_is_written_again_alike(tmp_path):
    """The generator writes the committed bytes."""
    runpy.run_path(str(EXAMPLES / "make_data.py"))["write"](tmp_path)
    for path in sorted(tmp_path.iterdir()):
        assert path.read_bytes() == (DATA / path.name).read_bytes(), path.name


def test_there_are_three_hundred_leads(leads):
    """The README's number holds."""
    assert len(leads.by_id) == 300


@pytest.mark.parametrize("name", nk.PRESETS)
def test_every_row_holds_for_some_lead(found, name):
    """Under each preset, each row of the ownership table holds for some lead of the data."""
    playbook = nk.preset(name)
    rows = set()
    for case in found:
        decision = playbook.decide(case.lead, case.history, as_of=AS_OF, world=case.world)
        rows.update(decision.rows)
    assert rows == set(range(1, 10))


def test_the_morning_runs(capsys, monkeypatch):
    """Requests are given, alerts grouped, a day is listed, and both teams are held to account."""
    monkeypatch.syspath_prepend(str(EXAMPLES))
    runpy.run_path(str(EXAMPLES / "morning.py"), run_name="__main__")
    told = capsys.readouterr().out
    for part in (
        "(turn)",
        "an idle lead shows new interest",
        "rep-1, time to spare",
        "followed up",
    ):
        assert part in told
    assert "minutes wasted" in told
    assert "days to move on" in told
