"""The command line: exit codes, what goes to which stream, and what it writes."""

import csv
import io
import json
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import attrs
import pytest

from nurturekit import cli, plugins
from nurturekit.answers import Desired
from nurturekit.cli import reading
from nurturekit.documents import Catalog
from nurturekit.errors import PluginError, RecordError
from nurturekit.interop import COLUMNS, open_decisions, read_records, safe_cell
from nurturekit.playbook import Playbook
from nurturekit.presets import PRESETS
from nurturekit.vocabulary import Team

LEADS = "id,account,title\nl1,acme,VP Sales\nl2,acme,Buyer\n=l3,,\n"
TOUCHES = (
    "id,lead_id,kind,occurred_at\n"
    "t1,l1,price_asked,2026-10-30T09:00:00Z\n"
    "t2,l2,blog_viewed,2026-10-01T09:00:00Z\n"
)
GOOD_TOUCH = "t1,l1,blog_viewed,2026-10-30T09:00:00Z\n"
NO_WORLD = "no --world: no content, reps or assumed bases are known\n"
HEADER = "id,lead_id,kind,occurred_at\n"


@pytest.fixture
def files(tmp_path):
    """Return a writer of input files that gives the arguments that read them."""

    def write(*, leads=LEADS, touches=TOUCHES, records=None, world=None):
        args = ["--as-of", "2026-11-01T00:00:00Z"]
        given = {"leads.csv": leads, "touches.csv": touches}
        given |= {"records.jsonl": records, "world.toml": world}
        for name, content in given.items():
            if content is not None:
                raw = content if isinstance(content, bytes) else content.encode()
                (tmp_path / name).write_bytes(raw)
                args += [f"--{name.partition('.')[0]}", str(tmp_path / name)]
        return args

    return write


def _code(capsys):
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert "Traceback" not in error
    return error.splitlines()[0].rpartition("[")[2].rstrip("]")


def test_decide_prints_a_summary(files, capsys):
    """`decide` counts the leads by stage, team, next action and what is blocked."""
    assert cli.main(["decide", "--playbook", "blended", *files()]) == 0
    out = capsys.readouterr()
    assert out.out.startswith("3 leads as of 2026-11-01T00:00:00Z, playbook blended")
    for title in ("stage", "accountable", "why", "next action", "handoffs"):
        assert f"\n{title}" in out.out
    assert "undescribed" not in out.out
    assert out.err == NO_WORLD


def test_a_world_is_asked_for(files, capsys):
    """Without a world one line says what isn't known; an empty one is a word, and legal."""
    assert cli.main(["decide", "--playbook", "blended", *files(world="", records="")]) == 0
    assert capsys.readouterr().err == ""


def test_one_lead_is_singular(files, capsys):
    """One lead isn't told in the plural."""
    args = files(leads="id\nl1\n", touches=HEADER + GOOD_TOUCH)
    cli.main(["decide", "--playbook", "blended", *args])
    assert capsys.readouterr().out.startswith("1 lead as of")
    cli.main(["compare", *args, "--playbook", "blended", "--playbook", "blended"])
    assert "0 of 1 lead differs" in capsys.readouterr().out


def test_undescribed_kinds_are_told(files, tmp_path, capsys):
    """A kind that the playbook doesn't describe is in the summary and in the table's notes."""
    touches = HEADER + GOOD_TOUCH + "t2,l1,sky_written,2026-10-30T09:00:00Z\n"
    touches += "t3,l1,sky_written,2026-10-31T09:00:00Z\nt4,l2,sky_written,2026-10-31T09:00:00Z\n"
    out = tmp_path / "out.csv"
    args = ["--playbook", "blended", *files(touches=touches), "--out", str(out)]
    assert cli.main(["decide", *args]) == 0
    (line,) = (one for one in capsys.readouterr().out.splitlines() if "sky_written" in one)
    assert line.split()[:2] == ["undescribed", "2"]
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert ["sky_written" in row["notes"] for row in rows] == [True, True, False]


@pytest.mark.parametrize("name", PRESETS)
def test_moves_come_back_as_records(files, tmp_path, name):
    """Moves appended to the records are known a minute later: nothing is decided twice."""
    moves, records = tmp_path / "moves.jsonl", tmp_path / "records.jsonl"
    args = ["decide", "--playbook", name, *files(records=""), "--moves-out", str(moves)]
    assert cli.main(args) == 0
    decided = moves.read_text(encoding="utf-8")
    assert {json.loads(line)["record"] for line in decided.splitlines()} == {"move"}
    records.write_text(decided, encoding="utf-8")
    assert len(read_records(records).records) == len(decided.splitlines())
    assert cli.main([*args, "--as-of", "2026-11-01T00:01:00Z"]) == 0
    assert moves.read_text(encoding="utf-8") == ""


def test_the_same_run_says_the_same(files, capsys):
    """Two runs print the same, byte for byte."""
    said = []
    for _ in range(2):
        cli.main(["compare", *files()])
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"leads": LEADS.replace(",", ";")}, "wrong-separator"),
        ({"leads": "name,title\nl1,x\n"}, "missing-column"),
        ({"leads": ""}, "empty-file"),
        ({"leads": "id,title\n"}, "no-rows"),
        ({"leads": "id\n\xe9\n".encode("latin-1")}, "not-utf-8"),
        ({"touches": HEADER.replace("kind", "sort")}, "missing-column"),
        ({"touches": HEADER.replace("\n", ",chanel\n")}, "unknown-column"),
        ({"touches": HEADER + "t1,l1,x,11/21/2026\n" * 3}, "bad-instant"),
        ({"touches": HEADER + "t1,l9,x,2026-10-30T09:00:00Z\n"}, "orphan"),
        ({"records": "id,lead_id\n"}, "bad-json"),
        ({"world": "[[reps]\n"}, "bad-toml"),
        ({"world": "[[reps]]\nid = 'a'\nx = 1\n"}, "document"),
    ],
)
def test_a_wrong_file_is_one_sentence(files, capsys, given, code):
    """A file that can't be read ends with 2 and one sentence with a code, without a traceback."""
    assert cli.main(["decide", "--playbook", "blended", *files(**given)]) == 2
    assert _code(capsys) == code


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--playbook", "blendet"], "unknown-preset"),
        (["--playbook", "none.toml"], "cannot-read"),
        (["--playbook", "none.yaml"], "unknown-format"),
        (["--playbook", "blended", "--out", "out.xls"], "unknown-format"),
        (["--playbook", "blended", "--moves-out", "out.csv"], "unknown-format"),
        (["--playbook", "blended", "--out", "none/out.csv"], "cannot-write"),
        (["--playbook", "blended", "--as-of", "11/21/2026"], "bad-instant"),
        (["--playbook", "blended", "--as-of", "2026-11-01"], "bad-instant"),
    ],
)
def test_a_wrong_argument_is_one_sentence(files, capsys, args, code):
    """An argument that makes no sense ends with 2 and one sentence with a code."""
    assert cli.main(["decide", *files(), *args]) == 2
    assert _code(capsys) == code


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["decide", "--playbook", "blendid"], "`--playbook blendid` must be one of"),
        (["decide", "--playbook", "blended", "--out", "x.txt"], "`--out x.txt` must end in"),
        (["decide", "--playbook", "blended", "--moves-out", "x.csv"], "`--moves-out x.csv` must"),
    ],
)
def test_messages_name_the_option(files, capsys, args, said):
    """A message names the option and what was given for it, not a function's argument."""
    assert cli.main([*args, *files()]) == 2
    assert said in capsys.readouterr().err


def test_a_document_of_another_kind(tmp_path, capsys):
    """`check` of a file of another kind names the file; capitals in a suffix are no matter."""
    assert cli.main(["check", "leads.csv"]) == 2
    assert "`leads.csv` must end in .toml or .json" in capsys.readouterr().err
    path = tmp_path / "MINE.TOML"
    path.write_text('format = 1\nname = "mine"\nextends = "blended"\n', encoding="utf-8")
    assert cli.main(["check", str(path)]) == 0


@pytest.mark.parametrize(
    "args", [[], ["decide"], ["nothing"], ["compare", "--first", "-1"], ["decide", "--what"]]
)
def test_bad_usage_is_2(capsys, args):
    """Bad usage ends with 2 and says how it is used."""
    assert cli.main(args) == 2
    assert "usage:" in capsys.readouterr().err


def test_version_of_a_tree_that_is_not_installed(capsys, monkeypatch):
    """Without an installed package, `--version` says so and ends well."""

    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(cli.arguments, "version", missing)
    assert cli.main(["--version"]) == 0
    assert "isn't installed" in capsys.readouterr().out


def test_version_and_help_are_0(capsys):
    """`--version` and `--help` end well."""
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("nurturekit ")
    assert cli.main(["--help"]) == 0


def test_skipped_rows_are_counted_and_shown(files, capsys):
    """Bad rows don't stop a run: they are counted by code with examples, on standard error."""
    touches = HEADER + GOOD_TOUCH + "t2,l1,x,11/21/2026\nt3,l9,x,2026-10-30T09:00:00Z\n"
    assert cli.main(["decide", "--playbook", "blended", *files(touches=touches)]) == 0
    error = capsys.readouterr().err
    assert "2 of 6 rows skipped" in error
    assert "1 bad-instant" in error
    assert "1 orphan" in error
    assert "touches.csv line 3 column `occurred_at`" in error


def test_a_byte_order_mark_is_no_matter(files, capsys):
    """Files with a byte-order mark are read without a word."""
    args = files(leads=f"\ufeff{LEADS}", touches=f"\ufeff{TOUCHES}")
    assert cli.main(["decide", "--playbook", "blended", *args]) == 0
    assert capsys.readouterr().err == NO_WORLD


def test_future_touches_are_unseen(files, tmp_path):
    """A touch later than the instant of judgement changes nothing; it is counted as unseen."""
    touches = HEADER + GOOD_TOUCH + "t2,l1,price_asked,2026-11-02T00:00:00Z\n"
    out = tmp_path / "out.csv"
    cli.main(["decide", "--playbook", "blended", *files(touches=touches), "--out", str(out)])
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["unseen"] for row in rows] == ["1", "0", "0"]
    assert {row["handoff_to"] for row in rows} == {""}


def test_out_as_a_table(files, tmp_path):
    """A `.csv` holds one row a lead, and no text that a spreadsheet takes for a formula."""
    out = tmp_path / "out.csv"
    world = "[assume]\nbasis = { email = 'consent', phone = 'consent' }\nzone = 'Europe/Berlin'\n"
    args = files(world=world)
    assert cli.main(["decide", "--playbook", "blended", *args, "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == list(COLUMNS)
    assert [row["lead_id"] for row in rows] == ["l1", "l2", "'=l3"]
    assert rows[0]["handoff_to"] == "sales"
    assert rows[0]["handoff_due"].endswith("Z")
    assert float(rows[0]["score"]) > 0
    assert {row["error"] for row in rows} == {""}
    assert cli.main(["decide", "--playbook", "blended", *args, "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8") == text


def test_out_as_lines(files, tmp_path):
    """A `.jsonl` holds the whole decision, one a line, with the moves to append."""
    out = tmp_path / "out.jsonl"
    assert cli.main(["decide", "--playbook", "sales-led", *files(), "--out", str(out)]) == 0
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line["lead_id"] for line in lines] == ["l1", "l2", "=l3"]
    assert lines[0]["ownership"]["accountable"] == "sales"
    assert lines[0]["moves"]


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        *((f"{mark}1", f"'{mark}1") for mark in "=+-@\t\r\uff1d\uff0b\uff0d\uff20"),
        ("a=1", "a=1"),
        ("'=1", "'=1"),
        ("", ""),
        (-3, -3),
        (-0.5, -0.5),
        (None, None),
    ],
)
def test_formulas_are_neutralised(cell, safe):
    """A text that starts like a formula gets an apostrophe; numbers stay numbers."""
    assert safe_cell(cell) == safe


@pytest.mark.parametrize(
    ("option", "name"),
    [("--out", "leads.csv"), ("--out", "touches.csv"), ("--moves-out", "records.jsonl")],
)
def test_no_output_overwrites_an_input(files, tmp_path, capsys, option, name):
    """The files to write must not be among those that are read."""
    given = files(records="\n")
    before = (tmp_path / name).read_text()
    args = ["decide", "--playbook", "blended", *given, option, str(tmp_path / name)]
    assert cli.main(args) == 2
    assert _code(capsys) == "out-is-input"
    assert (tmp_path / name).read_text() == before


def test_two_outputs_are_two_files(files, tmp_path, capsys):
    """Decisions and moves can't be written to one file, though it isn't there yet."""
    path = str(tmp_path / "out.jsonl")
    args = ["decide", "--playbook", "blended", *files(), "--out", path, "--moves-out", path]
    assert cli.main(args) == 2
    assert _code(capsys) == "out-is-input"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device there")
@pytest.mark.parametrize(("option", "name"), [("--out", "out.csv"), ("--moves-out", "out.jsonl")])
def test_a_full_disk_names_its_file(files, tmp_path, capsys, option, name):
    """Where one of two files can't be written, the message names that one."""
    (tmp_path / name).symlink_to("/dev/full")
    leads = "id\n" + "".join(f"l{number}\n" for number in range(100))
    others = {"--out": tmp_path / "good.csv", "--moves-out": tmp_path / "good.jsonl"}
    paths = others | {option: tmp_path / name}
    args = [str(word) for pair in paths.items() for word in pair]
    assert cli.main(["decide", "--playbook", "blended", *files(leads=leads), *args]) == 2
    assert f"error: {tmp_path / name}: can't be written" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_one_bad_lead_stops_no_other(files, tmp_path, capsys, monkeypatch, suffix):
    """A lead that can't be decided is counted by its code and named in the file."""
    decided = Playbook.decide

    def fail(playbook, lead, history, **fields):
        if lead.id == "l2":
            raise RecordError("broken", field="x", problem="is broken")
        return decided(playbook, lead, history, **fields)

    monkeypatch.setattr(Playbook, "decide", fail)
    out = tmp_path / f"out.{suffix}"
    assert cli.main(["decide", "--playbook", "blended", *files(), "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert "not decided        1" in said.out
    assert "not decided: l2: `x` is broken [broken]" in said.err
    text = out.read_text(encoding="utf-8")
    assert text.count("broken") == 1
    assert cli.main(["decide", "--playbook", "blended", *files()]) == 0
    assert "broken" in capsys.readouterr().out
    assert cli.main(["compare", *files()]) == 0
    said = capsys.readouterr()
    assert "not decided        1" in said.out
    assert said.err.count("not decided: l2") == 1


def test_a_few_examples_of_what_went_wrong(files, capsys, monkeypatch):
    """Where nothing can be decided, a few leads are named and all are counted."""

    def fail(playbook, lead, history, **fields):
        raise PluginError("acme", lead_id=lead.id, problem="returned None")

    monkeypatch.setattr(Playbook, "decide", fail)
    leads = "id\n" + "".join(f"l{number}\n" for number in range(20))
    assert cli.main(["decide", "--playbook", "blended", *files(leads=leads)]) == 0
    said = capsys.readouterr()
    assert "not decided       20" in said.out
    assert said.err.count("not decided: ") == reading.EXAMPLES
    assert "for lead `l4` [plugin]" in said.err


@attrs.frozen
class Early:
    """A plug-in's policy."""

    plugin = "early"
    name: str = "early"

    def decide(self, situation):
        return Desired(accountable=Team.SALES, because="early is better")


CATALOG = Catalog(policies={"early": Early}, sources={("policies", "early"): "acme 1.2"})
NAMES_A_PLUGIN = """format = 1
extends = "blended"
name = "mine"
[ownership]
plugin = "early"
"""


def test_a_document_that_names_a_plugin(files, tmp_path, capsys, monkeypatch):
    """Then, and only then, the installed packages are looked at."""
    looked = []

    def load():
        looked.append(1)
        return CATALOG

    monkeypatch.setattr(plugins, "load", load)
    path = tmp_path / "mine.toml"
    path.write_text('format = 1\nextends = "blended"\nname = "mine"\n', encoding="utf-8")
    assert cli.main(["check", str(path)]) == 0
    path.write_text('format = 1\nextends = "blendid"\nname = "mine"\n', encoding="utf-8")
    assert cli.main(["check", str(path)]) == 1
    assert looked == []
    path.write_text(NAMES_A_PLUGIN, encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["decide", "--playbook", str(path), *files()]) == 0
    assert looked == [1]
    assert "early is better" in capsys.readouterr().out
    assert cli.main(["show", str(path)]) == 0
    assert json.loads(capsys.readouterr().out)["ownership"]["plugin"] == "early"


def test_a_plugin_that_is_not_installed(tmp_path, capsys):
    """A document that names one is told what is missing, at its place."""
    path = tmp_path / "mine.toml"
    path.write_text(NAMES_A_PLUGIN.replace("early", "no-such-plugin"), encoding="utf-8")
    assert cli.main(["check", str(path)]) == 1
    assert "`$.ownership.plugin` names `no-such-plugin`" in capsys.readouterr().out


def test_plugins_are_listed(capsys, monkeypatch):
    """Each part on a line with its package; where there is none, that is said."""
    monkeypatch.setattr(plugins, "load", lambda: CATALOG)
    assert cli.main(["plugins"]) == 0
    assert capsys.readouterr().out.split() == ["policies", "early", "acme", "1.2"]
    monkeypatch.setattr(plugins, "load", Catalog)
    assert cli.main(["plugins"]) == 0
    assert capsys.readouterr() == ("", "no plug-ins are installed\n")


def test_progress_is_told_on_long_runs(files, capsys, monkeypatch):
    """A run over more leads than the limit says on standard error how far it is."""
    monkeypatch.setattr(reading, "QUIET_UP_TO", 19)
    leads = "id\n" + "".join(f"l{number}\n" for number in range(20))
    args = files(leads=leads, touches=HEADER, world="")
    assert cli.main(["decide", "--playbook", "blended", *args]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 10
    assert lines[0] == " 10 % of 20 leads"
    assert lines[-1] == "100 % of 20 leads"


def test_explain_tells_one_lead(files, capsys):
    """`explain` prints why, the score's rows, and what happens next."""
    assert cli.main(["explain", "--lead", "l1", "--playbook", "blended", *files()]) == 0
    out = capsys.readouterr().out
    assert out.startswith("l1 at 2026-11-01T00:00:00Z")
    assert "\nscore\n" in out
    assert "total" in out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("marketing-led", ["offered by marketing to sales", "rep wanted from pool sales"]),
        ("sales-led", ["sales owes answer by", "rep wanted from pool sales"]),
        ("blended", ["no-rep", "append"]),
    ],
)
def test_explain_tells_what_waits(files, capsys, name, said):
    """`explain` tells the handoff, the request for a rep, and what is owed."""
    assert cli.main(["explain", "--lead", "l1", "--playbook", name, *files()]) == 0
    out = capsys.readouterr().out
    for words in said:
        assert words in out


def test_explain_tells_what_comes_next(files, capsys):
    """`explain` tells the next actions with their instants, and what was assumed."""
    world = (
        "[assume]\nbasis = { email = 'consent' }\nzone = 'Europe/Berlin'\n"
        "[[content]]\nid = 'guide'\npublished_at = 2026-01-01T00:00:00Z\n"
    )
    args = files(world=world)
    assert cli.main(["explain", "--lead", "l2", "--playbook", "blended", *args]) == 0
    out = capsys.readouterr().out
    assert "email automated by marketing, guide" in out
    assert "\nassumed\n" in out


def test_explain_of_an_unknown_lead(files, capsys):
    """A lead that isn't there ends with 2; a like id is another person's, so none is suggested."""
    assert cli.main(["explain", "--lead", "l11", "--playbook", "blended", *files()]) == 2
    error = capsys.readouterr().err
    assert "`--lead l11` isn't in the leads file [unknown-lead]" in error


def test_compare_counts_and_lists(files, capsys):
    """`compare` counts the leads on which the presets differ, pair by pair, and lists the first."""
    assert cli.main(["compare", *files(), "--first", "1"]) == 0
    out = capsys.readouterr().out
    first, second, third = PRESETS
    assert f"{first} / {second}" in out
    assert f"{second} / {third}" in out
    assert out.count("\nlead ") == 1


def test_compare_of_one_with_itself(files, capsys):
    """A playbook doesn't differ from itself."""
    twice = ["--playbook", "blended", "--playbook", "blended"]
    assert cli.main(["compare", *files(), *twice]) == 0
    assert "0 of 3 leads differ" in capsys.readouterr().out


def test_compare_needs_two(files, capsys):
    """One playbook can't be compared."""
    assert cli.main(["compare", *files(), "--playbook", "blended"]) == 2
    assert _code(capsys) == "one-playbook"


def test_compare_of_one_name_shows_paths(files, tmp_path, capsys):
    """Two playbooks with one name are shown by what was given for them."""
    path = tmp_path / "mine.toml"
    path.write_text('format = 1\nname = "blended"\nextends = "blended"\n', encoding="utf-8")
    names = ["blended", str(path), "sales-led"]
    args = [word for name in names for word in ("--playbook", name)]
    assert cli.main(["compare", *files(), *args]) == 0
    out = capsys.readouterr().out
    assert f"blended / {path}" in out
    assert f"{path} / sales-led" in out


def test_check_of_a_good_document(capsys):
    """`check` of a good document says ok and its fingerprint, and ends with 0."""
    assert cli.main(["check", "blended"]) == 0
    word, name, fingerprint = capsys.readouterr().out.split()
    assert (word, name, len(fingerprint)) == ("ok", "blended", 64)


def test_check_lists_every_problem(tmp_path, capsys):
    """`check` of a bad document lists all problems with their codes, and ends with 1."""
    path = tmp_path / "mine.toml"
    path.write_text('format = 1\nextends = "common"\nnam = "mine"\nscorin = 1\n', encoding="utf-8")
    assert cli.main(["check", str(path)]) == 1
    out = capsys.readouterr().out
    assert "$.nam" in out
    assert "$.scorin" in out


def unreachable(tmp_path, *, level):
    """Write a document that loads, in which something can't work: an error or a warning."""
    gate = {"error": "mql_at = 1000", "warning": "recycle_below = 0"}[level]
    path = tmp_path / f"{level}.toml"
    path.write_text(
        f'format = 1\nextends = "blended"\nname = "mine"\n[qualification]\n{gate}\n',
        encoding="utf-8",
    )
    return str(path)


def test_check_finds_what_loads_but_cannot_work(tmp_path, capsys):
    """An error ends with 1 and without the word ok; its line has level, place and code."""
    assert cli.main(["check", unreachable(tmp_path, level="error")]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("error: `$.qualification.mql_at`")
    assert line.endswith("[gate-out-of-reach]")


def test_a_warning_is_no_failure_but_strictly(tmp_path, capsys):
    """A warning is told and ends with 0, with 1 under `--strict`."""
    path = unreachable(tmp_path, level="warning")
    assert cli.main(["check", path]) == 0
    line, ok = capsys.readouterr().out.splitlines()
    assert line.startswith("warning: `$.qualification.recycle_below`")
    assert ok.startswith("ok mine ")
    assert cli.main(["check", "--strict", path]) == 1
    assert "ok mine" not in capsys.readouterr().out


def test_check_as_json(tmp_path, capsys):
    """`--json` prints a list of objects, also of what doesn't load; empty for a good one."""
    path = tmp_path / "mine.toml"
    path.write_text('format = 1\nextends = "common"\nnam = "mine"\n', encoding="utf-8")
    for name, code, ends in (
        (str(path), "unknown-key", 1),
        (unreachable(tmp_path, level="error"), "gate-out-of-reach", 1),
        (unreachable(tmp_path, level="warning"), "gate-out-of-reach", 0),
    ):
        assert cli.main(["check", "--json", name]) == ends
        one = json.loads(capsys.readouterr().out)[0]
        assert list(one) == ["code", "path", "problem", "remedy", "level"]
        assert one["code"] == code
    assert cli.main(["check", "--json", "blended"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_check_with_a_library(tmp_path, capsys):
    """`--world` says whose content counts, `--horizon` for how long it must last."""
    path = tmp_path / "world.toml"
    path.write_text(
        '[[content]]\nid = "one"\npublished_at = 2026-01-05T09:00:00Z\n', encoding="utf-8"
    )
    assert cli.main(["check", "--strict", "--world", str(path), "blended"]) == 1
    assert "[no-content-left]" in capsys.readouterr().out
    args = ["check", "--strict", "--horizon", "1", "--world", str(path), "blended"]
    assert cli.main(args) == 1
    assert "[beyond-horizon]" in capsys.readouterr().out


def test_check_refuses_a_horizon_of_no_days(capsys):
    """A horizon of 0 is refused with the option's name."""
    assert cli.main(["check", "--horizon", "0", "blended"]) == 2
    assert "`--horizon`" in capsys.readouterr().err


def test_show_prints_a_document_that_loads(tmp_path, capsys):
    """What `show` prints is a document: the same playbook, with the same fingerprint."""
    assert cli.main(["show", "blended"]) == 0
    path = tmp_path / "mine.json"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    cli.main(["check", "blended"])
    cli.main(["check", str(path)])
    first, second = capsys.readouterr().out.splitlines()
    assert first == second


@pytest.mark.skipif(os.name == "nt", reason="no broken pipes there")
def test_a_closed_pipe_is_no_error():
    """When whoever reads has had enough, the run ends without a word."""
    read, write = os.pipe()
    os.close(read)
    code = "import sys; from nurturekit.cli import main; sys.exit(main(['show', 'blended']))"
    path = os.pathsep.join([str(Path(cli.__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_closed_pipe_while_writing(tmp_path):
    """A closed pipe elsewhere isn't taken for a file that can't be written."""
    with pytest.raises(BrokenPipeError), open_decisions(tmp_path / "out.csv"):
        raise BrokenPipeError


def test_a_closed_pipe_without_a_file(monkeypatch):
    """A closed output that isn't a file at all ends quietly, too."""

    class Closed(io.StringIO):
        def write(self, text):
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Closed())
    assert cli.main(["check", "blended"]) == 0


DATA = Path(__file__).resolve().parents[2] / "examples/data"
EXAMPLE = ["--as-of", "2026-11-01T00:00:00Z"]
for option, name in (("leads", "csv"), ("touches", "csv"), ("records", "jsonl"), ("world", "toml")):
    EXAMPLE += [f"--{option}", str(DATA / f"{option}.{name}")]


class TestTeams:
    """What those who lead a team ask for: who gets which lead, the day's list, the report."""

    def test_requests_are_answered_among_the_moves(self, tmp_path, capsys):
        """With `--assign` the next run finds reps where this one asked for them."""
        moves = tmp_path / "moves.jsonl"
        args = ["decide", "--playbook", "sales-led", *EXAMPLE, "--assign", "--moves-out"]
        assert cli.main([*args, str(moves)]) == 0
        told = capsys.readouterr().out
        answered = [json.loads(line) for line in moves.read_text().splitlines()]
        given = [one for one in answered if one["kind"] == "rep"]
        assert f"requests answered   {len(given)}" in told
        assert given
        assert all(one["answers"] and one["origin"] == "person" for one in given)

    def test_without_reps_it_says_whose_mistake_it_is(self, tmp_path, capsys):
        """Requests without anybody to give them to are the world's file's fault."""
        world = tmp_path / "world.toml"
        world.write_text("[assume]\nzone = 'UTC'\n", encoding="utf-8")
        args = ["decide", "--playbook", "sales-led", *EXAMPLE[:-1], str(world), "--assign"]
        assert cli.main(args) == 2
        assert "`--world`" in capsys.readouterr().err

    def test_the_days_list(self, capsys):
        """A team's list says how long it is, and shows the first."""
        args = ["queue", "--playbook", "sales-led", *EXAMPLE, "--team", "sales", "--first", "3"]
        assert cli.main(args) == 0
        head, *rows = capsys.readouterr().out.splitlines()
        assert " to do" in head
        assert [row.split()[0] for row in rows[:4]] == ["rank", "1", "2", "3"]

    def test_time_to_spare(self, capsys):
        """`--spare` is another list, for a rep too."""
        args = ["queue", "--playbook", "blended", *EXAMPLE, "--rep", "rep-1", "--spare"]
        assert cli.main(args) == 0
        assert "time to spare" in capsys.readouterr().out

    def test_an_unknown_team(self, capsys):
        """A team is marketing or sales."""
        assert cli.main(["queue", "--playbook", "blended", *EXAMPLE, "--team", "hr"]) == 2
        assert "--team hr" in capsys.readouterr().err

    def test_the_report(self, capsys):
        """From when to when, for whom, and what minutes went where."""
        args = ["report", "--playbook", "sales-led", *EXAMPLE, "--since", "2026-08-01T00:00:00Z"]
        assert cli.main([*args, "--minutes", "phone=6"]) == 0
        told = capsys.readouterr().out
        assert told.startswith("accountability, 2026-08-01T00:00:00Z")
        assert "minutes" in told
        assert cli.main([*args[:-1], "2027-01-01T00:00:00Z"]) == 2
        assert "--since" in capsys.readouterr().err

    def test_minutes_are_numbers(self, capsys):
        """Anything else is a usage error."""
        args = ["report", "--playbook", "blended", *EXAMPLE, "--since", "2026-08-01T00:00:00Z"]
        assert cli.main([*args, "--minutes", "phone=long"]) == 2
        assert "phone=6" in capsys.readouterr().err

    def test_whose_list_nobody_knows(self, capsys):
        """A rep whom the world's file doesn't name is a mistake, with the nearest name."""
        args = ["queue", "--playbook", "blended", *EXAMPLE, "--rep", "rep-11"]
        assert cli.main(args) == 2
        assert "did you mean `rep-1`?" in capsys.readouterr().err

    def test_options_are_named_as_they_are_typed(self, capsys):
        """A window that ends before it starts, and minutes below nothing."""
        args = ["report", "--playbook", "blended", *EXAMPLE, "--since"]
        assert cli.main([*args, "2026-11-01T00:00:00Z"]) == 2
        assert "`--since` must lie before `--as-of`" in capsys.readouterr().err
        assert cli.main([*args, "2026-10-01T00:00:00Z", "--minutes", "phone=-6"]) == 2
        assert "`--minutes`" in capsys.readouterr().err

    def test_who_could_not_be_decided_is_told(self, capsys, monkeypatch):
        """Neither list nor report is silent on leads without a decision."""

        def refuse(*_, **__):
            raise PluginError("mine", lead_id="x", problem="fails")

        monkeypatch.setattr(Playbook, "decide", refuse)
        args = ["report", "--playbook", "blended", *EXAMPLE, "--since", "2026-10-01T00:00:00Z"]
        assert cli.main(args) == 0
        said = capsys.readouterr()
        assert "not decided, and in no count of next actions: 300" in said.out
        assert said.err.count("not decided: ") == reading.EXAMPLES
        assert cli.main(["queue", "--playbook", "blended", *EXAMPLE]) == 0
        assert capsys.readouterr().err.count("not decided: ") == reading.EXAMPLES

    def test_the_same_run_again_gives_the_same_answers(self, tmp_path, capsys):
        """After a crash: the moves appended, the same night decided again."""
        records, moves = tmp_path / "records.jsonl", [tmp_path / "1.jsonl", tmp_path / "2.jsonl"]
        records.write_bytes((DATA / "records.jsonl").read_bytes())
        given = [*EXAMPLE[:-3], str(records), *EXAMPLE[-2:]]
        for path in moves:
            args = ["decide", "--playbook", "sales-led", *given, "--assign", "--moves-out"]
            assert cli.main([*args, str(path)]) == 0
            with records.open("ab") as file:
                file.write(path.read_bytes())
        assert moves[0].read_bytes() == moves[1].read_bytes()
