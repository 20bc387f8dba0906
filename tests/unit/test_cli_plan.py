"""The command `plan`: one lead's expected calendar, on the screen and in files."""

import csv
import json

import pytest
from icalendar import Calendar

from nurturekit import cli
from nurturekit.schedule import COLUMNS

LEADS = "id,zone\nl1,Europe/Berlin\nl2,Europe/Berlin\n"
TOUCHES = "id,lead_id,kind,occurred_at\nt1,l1,pricing_viewed,2026-10-30T09:00:00Z\n"
WORLD = """
[assume]
basis = { email = "legitimate_interest" }
[[content]]
id = "guide"
published_at = 2026-01-01T00:00:00Z
"""


@pytest.fixture
def plan(tmp_path, capsys):
    """Return a runner of `plan` over two leads, which gives the exit code and both streams."""

    def run(*options, lead="l1"):
        (tmp_path / "leads.csv").write_text(LEADS, encoding="utf-8")
        (tmp_path / "touches.csv").write_text(TOUCHES, encoding="utf-8")
        (tmp_path / "world.toml").write_text(WORLD, encoding="utf-8")
        paths = {"leads": "csv", "touches": "csv", "world": "toml"}
        files = [f"--{name}={tmp_path / name}.{end}" for name, end in paths.items()]
        given = ["plan", "--playbook", "blended", "--as-of", "2026-11-01T00:00:00Z", *files]
        code = cli.main([*given, "--lead", lead, *options])
        out = capsys.readouterr()
        return code, out.out, out.err

    return run


def test_shows_the_calendar(plan):
    """The contacts of three months, by time, with the content and why."""
    code, out, _ = plan()
    assert code == 0
    assert out.startswith("l1, 2026-11-01T00:00:00Z to 2027-01-30T00:00:00Z: ")
    assert "[welcome, hello, guide]" in out
    short = plan("--horizon-days", "1")[1]
    assert "hello" not in short


@pytest.mark.parametrize("end", ["ics", "csv", "json"])
def test_writes_files(plan, tmp_path, end):
    """The same calendar as iCalendar, CSV or JSON."""
    path = tmp_path / f"plan.{end}"
    code, out, _ = plan("--out", str(path))
    assert (code, "welcome" in out) == (0, True)
    if end == "ics":
        events = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
        assert any("guide" in str(event["summary"]) for event in events)
    elif end == "csv":
        with path.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert tuple(rows[0]) == COLUMNS
        assert "guide" in {row["content"] for row in rows}
    else:
        told = json.loads(path.read_text(encoding="utf-8"))
        assert told["lead_id"] == "l1"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--out", "plan.pdf"), "unknown-format"),
        (("--out", "plan.icss"), "unknown-format"),
        (("--out", "no/such/folder/plan.csv"), "cannot-write"),
        (("--horizon-days", "0"), "out-of-range"),
        (("--horizon-days", "999999"), "out-of-range"),
    ],
)
def test_refuses(plan, options, code, tmp_path, monkeypatch):
    """What can't be written or looked ahead to is an error with its code, not a traceback."""
    monkeypatch.chdir(tmp_path)
    exit_code, _, err = plan(*options)
    assert exit_code == 2
    assert f"[{code}]" in err


def test_unknown_lead(plan):
    """A lead that isn't in the file is an error; a like id is another person's."""
    code, _, err = plan(lead="l11")
    assert code == 2
    assert "[unknown-lead]" in err
    assert "did you mean" not in err
