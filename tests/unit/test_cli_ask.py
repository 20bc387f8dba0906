"""The command `ask`: what it lists, and what it refuses."""

import json

import pytest

from nurturekit import cli
from nurturekit.errors import RecordError
from nurturekit.playbook import Playbook

LEADS = "id,title,authority\nl1,,\nl2,VP Sales,decides\n"
TOUCHES = "id,lead_id,kind,occurred_at\nt1,l1,pricing_viewed,2026-10-30T09:00:00Z\n"


@pytest.fixture
def ask(tmp_path, capsys):
    """Return a runner of `ask` over two leads, which gives the exit code and both streams."""

    def run(*options, records=()):
        (tmp_path / "leads.csv").write_text(LEADS, encoding="utf-8")
        (tmp_path / "touches.csv").write_text(TOUCHES, encoding="utf-8")
        lines = "".join(json.dumps(one) + "\n" for one in records)
        (tmp_path / "records.jsonl").write_text(lines, encoding="utf-8")
        paths = {"leads": "csv", "touches": "csv", "records": "jsonl"}
        files = [f"--{name}={tmp_path / name}.{end}" for name, end in paths.items()]
        given = ["ask", "--playbook", "blended", "--as-of", "2026-11-01T00:00:00Z", *files]
        code = cli.main([*given, *options])
        out = capsys.readouterr()
        return code, out.out, out.err

    return run


def _facts(out):
    return [line.split(":")[0].strip() for line in out.splitlines() if line.startswith("  ")]


def test_lists_what_is_not_known(ask):
    """Each lead has its own questions, two if not said otherwise, most points first."""
    code, out, _ = ask()
    assert code == 0
    first, second = out.split("l2 as of ")
    assert _facts(first)[0] == "title"
    assert [len(_facts(one)) for one in (first, second)] == [2, 2]
    assert not {"title", "authority"} & set(_facts(second))
    assert out.splitlines()[-1] == "2 of 2 leads have something to ask"


def test_options_say_where_how_many_and_how_often(ask):
    """`--on`, `--most` and `--first` narrow the list; the days let a question come again."""
    on_call = _facts(ask("--on", "call", "--most", "20", "--first", "1")[1])
    on_form = _facts(ask("--on", "form", "--most", "20", "--first", "1")[1])
    assert set(on_call) - set(on_form) == {"authority", "budget", "need"}
    assert ask("--most", "0")[1] == "0 of 2 leads have something to ask\n"
    day = "2026-10-20T00:00:00Z"
    noted = {"record": "fact", "lead_id": "l1", "occurred_at": day, "name": "title"}
    asked = {**noted, "id": "f1", "source": "asked"}
    refused = {**noted, "id": "f2", "source": "refused"}

    def has_title(*options, records):
        return "title" in _facts(ask("--first", "1", *options, records=records)[1])

    assert not has_title(records=[asked])
    assert has_title("--again-days", "12", records=[asked])
    assert not has_title("--again-days", "12", records=[refused])
    assert has_title("--refused-days", "12", records=[refused])


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--on", "cal"), "unknown-place"),
        (("--again-days", "0"), "out-of-range"),
        (("--refused-days", "0"), "out-of-range"),
    ],
)
def test_wrong_options_are_refused(ask, options, code):
    """A place that no question names and days that can't be are wrong usage."""
    exit_code, out, err = ask(*options)
    assert (exit_code, out) == (2, "")
    assert f"[{code}]" in err


def test_a_lead_that_cannot_be_decided_stops_no_other(ask, monkeypatch):
    """What can't be told of one lead is said on standard error; the others are listed."""
    decide = Playbook.decide

    def fail(self, lead, *args, **kwargs):
        if lead.id == "l1":
            raise RecordError("bad-id", field="Lead.id", problem="is wrong")
        return decide(self, lead, *args, **kwargs)

    monkeypatch.setattr(Playbook, "decide", fail)
    code, out, err = ask()
    assert code == 0
    assert out.startswith("l2 as of ")
    assert "not decided: l1: " in err
