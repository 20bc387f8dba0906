"""Files to tables: typed columns, bad rows counted, wrong files refused."""

from datetime import UTC, date, datetime

import duckdb
import polars as pl
import pytest

from nurturekit.errors import CallError, InputError, NurtureError, RecordError
from nurturekit.frame import Tables, reading
from nurturekit.frame.records import histories
from nurturekit.frame.report import report_of
from nurturekit.instants import parse_instant
from nurturekit.interop import cases, read_leads, read_records, read_touches
from nurturekit.records import History

NOW = datetime(2026, 10, 30, 9, 0, tzinfo=UTC)
LEADS = (
    "\ufeff\nid,account,title,employees,zip,vip,budget,mixed,empty\n"
    'l1,acme,"VP, ""Sales""",250,01067,true,1.5,1,\n'
    "l2,  ,Buyer,7,12345,FALSE,2,true,\n"
    "\n,,,,,,,,\n"
    "l3,,,,,,,,\n"
)
TOUCHES = (
    "id,lead_id,kind,occurred_at,automated,value,revision,next_attempt_on\n"
    "t1,l1,call,2026-10-30T11:00:00+02:00,true,1.5,2,2026-12-01\n"
    "t2,l2,call,2026-10-30 09:00:00z,,,,\n"
)
HEAD = "id,lead_id,kind,occurred_at,automated,value,revision,next_attempt_on\n"


@pytest.fixture(params=reading.ENGINES)
def read(request, tmp_path):
    """Return a reader of files of these contents, in each engine."""

    def call(**contents):
        for name, content in ({"leads.csv": LEADS} | contents).items():
            raw = content if isinstance(content, bytes) else content.encode()
            (tmp_path / name.replace("_", ".")).write_bytes(raw)
        return Tables.read(tmp_path, engine=request.param)

    return call


def _found(tables):
    report = report_of(tables.prepared())
    return {(one.table, one.code, one.column): one.examples for one in report.found}


def _cases(tables):
    return {case.lead.id: case for case in histories(tables.prepared())}


def _code(call, error=InputError):
    with pytest.raises(error) as raised:
        call()
    return raised.value.code


def test_columns_hold_what_they_plainly_are(read):
    """A column is of numbers or flags if every cell is; leading zeros stay text."""
    found = _cases(read(touches_csv=TOUCHES))
    assert dict(found["l1"].lead.attributes) == {
        "title": 'VP, "Sales"',
        "employees": 250,
        "zip": "01067",
        "vip": True,
        "budget": 1.5,
        "mixed": "1",
    }
    assert found["l2"].lead.account is None
    assert found["l2"].lead.attributes["mixed"] == "true"
    assert found["l3"].lead.attributes == {}
    assert set(found) == {"l1", "l2", "l3"}


def test_touches_are_what_the_single_path_reads(read, tmp_path):
    """Comma-separated touches become the same records on both ways."""
    tables = read(touches_csv=TOUCHES)
    leads, touches = read_leads(tmp_path / "leads.csv"), read_touches(tmp_path / "touches.csv")
    singly = {one.lead.id: one.history for one in cases(leads, touches.records)}
    assert {name: case.history for name, case in _cases(tables).items()} == singly
    assert sum(len(history.records) for history in singly.values()) == 2


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ("t1,l1,call,2026-10-30T09:00:00Z,yes,,,", "not-a-bool", "automated"),
        ("t1,l1,call,2026-10-30T09:00:00Z,,1e3,,", "not-a-number", "value"),
        ("t1,l1,call,2026-10-30T09:00:00Z,,,1.5,", "not-a-number", "revision"),
        ("t1,l1,call,2026-10-30T09:00:00Z,,,,30.10.2026", "bad-date", "next_attempt_on"),
        ("t1,l1,call,2026-10-30T09:00:00Z,,,,2026-02-30", "bad-date", "next_attempt_on"),
        ("t1,l1,call,2026-10-30T09:00:00,,,,", "naive-datetime", "occurred_at"),
        ("t1,l1,call,yesterday,,,,", "bad-instant", "occurred_at"),
        ("t1,l1,call,,,,,", "missing-value", "occurred_at"),
        (",l1,call,2026-10-30T09:00:00Z,,,,", "missing-value", "id"),
        ("t1,l1,call,2200-10-30T09:00:00Z,,,,", "out-of-range", "occurred_at"),
    ],
)
def test_a_bad_cell_makes_a_bad_row(read, tmp_path, cells, code, column):
    """A cell that isn't what its column holds is counted as the single path counts it."""
    tables = read(touches_csv=f"{HEAD}{cells}\nt2,l1,call,2026-10-30T09:00:00Z,,,,\n")
    assert list(_found(tables)) == [("touches", code, column)]
    assert [one.id for one in _cases(tables)["l1"].history.records] == ["t2"]
    assert list(read_touches(tmp_path / "touches.csv").report.counts) == [code]


@pytest.mark.parametrize("cells", ["t1,l1,call", "t1,l1,call,2026-10-30T09:00:00Z,,,,,more,and"])
def test_a_row_of_another_width_is_counted(read, cells):
    """Rows that don't have the header's width are left out, with their lines."""
    tables = read(touches_csv=f"{HEAD}t2,l1,call,2026-10-30T09:00:00Z,,,,\n{cells}\n")
    assert _found(tables) == {("touches", "wrong-width", ""): ("line 3",)}


INSTANTS = (
    "2026-10-30T09:00:00Z",
    "2026-10-30t09:00:00z",
    "2026-10-30 09:00:00.123456-11:30",
    "2026-10-30T09:00:00.1+14:00",
    "2024-02-29T23:59:59+00:00",
    "2026-02-29T00:00:00Z",
    "2026-10-30T24:00:00Z",
    "2026-10-30T09:60:00Z",
    "2026-10-30T09:00:60Z",
    "2026-10-30T09:00:00.1234567Z",
    "2026-10-30T09:00:00+0200",
    "2026-10-30T09:00:00+24:00",
    "2026-10-30T09:00Z",
    "2026-10-30",
    "2026-W44-5T09:00:00Z",
    "0000-01-01T00:00:00Z",
    " 2026-10-30T09:00:00Z",
    "1969-12-31T23:59:59.999999Z",
    "2199-12-31T23:59:59.999999Z",
    "2200-01-01T00:00:00Z",
)


def test_instants_are_those_of_rfc_3339(read):
    """A text is an instant here exactly if it is one of a single record, and the same one."""
    rows = [f"t{at},l1,call,{text}\n" for at, text in enumerate(INSTANTS)]
    tables = read(touches_csv="id,lead_id,kind,occurred_at\n" + "".join(rows))
    found = {one.id: one.occurred_at for one in _cases(tables)["l1"].history.records}
    expected = {}
    for at, text in enumerate(INSTANTS):
        try:
            expected[f"t{at}"] = parse_instant(text, field="occurred_at")
        except RecordError:
            continue
    assert found == expected
    assert len(expected) == 6


def test_opening_columns_become_openings(read):
    """A lead's `opening_...` columns start its history; what they can't be is a bad row."""
    tables = read(
        leads_csv="id,opening_at,opening_stage,opening_since,opening_opted_out,size\n"
        "l1,2026-10-30T09:00:00Z,mql,2026-01-01,true,3\n"
        "l2,2026-10-30T09:00:00Z,,2026-02-30,,4\n"
        "l3,,mql,,,5\n"
        "l4,,,,,6\n"
    )
    found = _cases(tables)
    said = {"stage": "mql", "since": date(2026, 1, 1), "opted_out": True}
    assert found["l1"].history == History.opening(lead_id="l1", at=NOW, **said)
    assert dict(found["l1"].lead.attributes) == {"size": 3}
    assert _found(tables) == {
        ("openings", "bad-date", "since"): ("nurturekit opening of l2",),
        ("openings", "missing-value", "occurred_at"): ("nurturekit opening of l3",),
    }


def test_evidence_is_ids_joined_by_bars(read):
    """A move's evidence in a cell is the ids of touches with bars between them."""
    head = "id,lead_id,kind,occurred_at,to,evidence\n"
    tables = read(
        moves_csv=f"{head}m1,l1,stage,2026-10-30T09:00:00Z,mql,t1|t2\n"
        "m2,l2,stage,2026-10-30T09:00:00Z,mql,\n"
    )
    moves = {one.id: one for case in _cases(tables).values() for one in case.history.records}
    assert (moves["m1"].evidence, moves["m2"].evidence) == (("t1", "t2"), ())


LINES = (
    '{"record":"fact","id":"f1","lead_id":"l1","name":"title","value":"CEO",'
    '"occurred_at":"2026-10-01T00:00:00Z"}\n'
    '{"record":"fact","id":"f2","lead_id":"l1","name":"size","value":5.5,'
    '"occurred_at":"2026-10-01T00:00:00Z"}\n'
    '{"record":"fact","id":"f3","lead_id":"l1","name":"vip","value":false,'
    '"occurred_at":"2026-10-01T00:00:00Z"}\n'
    '{"record":"touch","id":"t9","lead_id":"l2","kind":"call","value":3.5,"topic":"price",'
    '"occurred_at":"2026-10-01T00:00:00Z","recorded_at":"2026-10-01T00:00:00.5+02:00"}\n'
    '{"record":"move","id":"m9","lead_id":"l2","kind":"stage","to":"mql","evidence":["t9","t|8"],'
    '"due":"2026-10-02T00:00:00Z","occurred_at":"2026-10-01T00:00:00Z","origin":"playbook"}\n'
    '{"record":"consent","id":"c9","lead_id":"l2","kind":"given","basis":"consent",'
    '"expires_at":"2027-10-02T00:00:00Z","occurred_at":"2026-10-01T00:00:00Z"}\n'
)


def test_lines_are_rows_beside_those_of_files(read, tmp_path):
    """Records of every kind join the rows of their tables, as the single path reads them."""
    tables = read(touches_csv=TOUCHES, records_jsonl=LINES)
    leads, touches = read_leads(tmp_path / "leads.csv"), read_touches(tmp_path / "touches.csv")
    records = read_records(tmp_path / "records.jsonl").records
    singly = {one.lead.id: one.history for one in cases(leads, [*touches.records, *records])}
    assert {name: case.history for name, case in _cases(tables).items()} == singly
    assert len(singly["l2"].records) == 4


def test_what_lines_hold_and_columns_cannot_is_counted(read):
    """A fact of several texts is unknown in a table, and bad lines are counted."""
    tables = read(
        records_jsonl=LINES + '{"record":"fact","id":"f4","lead_id":"l1","name":"pains",'
        '"value":["a","b"],"occurred_at":"2026-10-01T00:00:00Z"}\n'
        '{"record":"opening","id":"o1","lead_id":"l1","enrolled":["s"],'
        '"occurred_at":"2026-10-01T00:00:00Z"}\nnot JSON\n'
    )
    assert _found(tables) == {
        ("records", "bad-json", ""): ("line 9",),
        ("facts", "no-column", "value"): ("f4",),
        ("openings", "no-column", "enrolled"): ("o1",),
    }


@pytest.mark.parametrize(
    ("contents", "code"),
    [
        ({"leads_csv": "id,title\n"}, "no-rows"),
        ({"leads_csv": ""}, "empty-file"),
        ({"leads_csv": "id;title\nl1;x\n"}, "wrong-separator"),
        ({"leads_csv": "title\nx\n"}, "missing-column"),
        ({"leads_csv": "id,a,a\nl1,1,2\n"}, "duplicate-column"),
        ({"leads_csv": "id,a,A\nl1,1,2\n"}, "duplicate-column"),
        ({"leads_csv": b"id,a\nl1,\xff\xfe\n"}, "not-utf-8"),
        ({"leads_csv": b"id,a\n" + b"l1,x\n" * 9_000 + b"l2,\xff\xfe\n"}, "not-utf-8"),
        ({"leads_csv": 'id,a\nl1,"x"y\n'}, "bad-csv"),
        ({"leads_csv": "id,opening_stage\nl1,mql\n"}, "missing-column"),
        ({"leads_csv": "id,opening_at,opening_stag\nl1,,\n"}, "unknown-column"),
        (
            {"leads_csv": "id,opening_at\nl1,\n", "openings_csv": "lead_id,occurred_at\n"},
            "two-files",
        ),
        ({"touches_csv": HEAD, "touches_parquet": b""}, "two-files"),
        ({"touches_csv": "id,lead_id,kind,occurred_at,colour\n"}, "unknown-column"),
        ({"touches_parquet": b"none"}, "not-parquet"),
        ({"touches_xlsx": b"none"}, "unknown-format"),
        ({"records_csv": "x\n"}, "unknown-format"),
        ({"records_jsonl": "not JSON\n"}, "bad-json"),
    ],
)
def test_a_wrong_file_is_refused(read, contents, code):
    """What is wrong with a file itself stops, with the file's name."""
    with pytest.raises(InputError) as raised:
        read(**contents)
    assert raised.value.code == code
    assert any(name.partition("_")[0] in str(raised.value) for name in contents)


def test_a_folder_without_leads_is_refused(tmp_path):
    """A folder has to be there, and to hold leads."""
    assert _code(lambda: Tables.read(tmp_path)) == "no-leads"
    assert _code(lambda: Tables.read(tmp_path / "no")) == "cannot-read"
    assert _code(lambda: Tables.read({"touches": "x.csv"})) == "no-leads"
    assert _code(lambda: Tables.read({"leads": tmp_path / "no.parquet"})) == "cannot-read"
    assert _code(lambda: Tables.read({"leads": tmp_path / "no.csv"})) == "cannot-read"


def test_words_are_checked():
    """Another engine or table's name is an error of the call."""
    assert _code(lambda: Tables.read("x", engine="pandas"), CallError) == "unknown-word"
    assert _code(lambda: Tables.read({"lead": "x.csv"}), CallError) == "unknown-word"


@pytest.mark.parametrize("engine", reading.ENGINES)
def test_parquet_is_opened_by_pattern(tmp_path, engine):
    """A table may lie in several Parquet files, in a folder of them too; instants stay instants."""
    pl.DataFrame({"id": ["l1"], "size": [3]}).write_parquet(tmp_path / "people.parquet")
    for at in (1, 2):
        touch = {"id": [f"t{at}"], "lead_id": ["l1"], "kind": ["call"], "occurred_at": [NOW]}
        (tmp_path / "touches.parquet").mkdir(exist_ok=True)
        pl.DataFrame(touch).write_parquet(tmp_path / f"touches.parquet/{at}.parquet")
    for touches in ("touches.parquet", "touches.parquet/*.parquet"):
        files = {"leads": tmp_path / "people.parquet", "touches": str(tmp_path / touches)}
        tables = Tables.read(files, engine=engine)
        assert tables.kind == {"duckdb": "DuckDB", "polars": "polars lazy"}[engine]
        (case,) = histories(tables.prepared())
        assert [one.occurred_at for one in case.history.records] == [NOW, NOW]


@pytest.mark.parametrize("engine", reading.ENGINES)
def test_lines_join_instants_of_parquet(tmp_path, engine):
    """Records of lines join touches whose instants are no texts."""
    pl.DataFrame({"id": ["l1", "l2"]}).write_parquet(tmp_path / "leads.parquet")
    touch = {"id": ["t1"], "lead_id": ["l2"], "kind": ["call"], "occurred_at": [NOW]}
    pl.DataFrame(touch | {"value": [1]}).write_parquet(tmp_path / "touches.parquet")
    (tmp_path / "records.jsonl").write_text(LINES)
    found = _cases(Tables.read(tmp_path, engine=engine))["l2"].history.records
    instants = {one.id: (one.occurred_at, getattr(one, "value", None)) for one in found}
    assert instants["t1"] == (NOW, 1.0)
    assert instants["t9"] == (datetime(2026, 10, 1, tzinfo=UTC), 3.5)


def test_copies_are_the_processs_own(tmp_path):
    """A comma-separated file may go once it was opened: it was copied where nobody else reads."""
    (tmp_path / "leads.csv").write_text(LEADS)
    tables = Tables.read(tmp_path)
    (tmp_path / "leads.csv").unlink()
    assert len(_cases(tables)) == 3


def test_a_full_disk_is_told(tmp_path, monkeypatch):
    """What can't be copied says so, not what the engine says."""
    (tmp_path / "leads.csv").write_text(LEADS)
    monkeypatch.setattr("nurturekit.frame.separated._folder", lambda: str(tmp_path / "nowhere"))
    assert _code(lambda: Tables.read(tmp_path)) == "cannot-write"


def test_an_extra_that_is_missing_is_named(monkeypatch):
    """Without the engine's package the error says what to install."""
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    with pytest.raises(NurtureError) as raised:
        Tables.read("x")
    assert raised.value.code == "missing-extra"
    assert "nurturekit[batch]" in str(raised.value)
    assert duckdb.__name__ == "duckdb"
