"""Bad rows: counted by code with a few ids, left out of every score, and never an error."""

from datetime import UTC, datetime

import pytest

import nurturekit as nk
from nurturekit import frame
from tests.engines import ENGINES
from tests.scenes import AS_OF
from tests.tables import by_lead

PLAYBOOK = nk.preset("blended")
SOUND = "2026-05-01T10:00:00Z"
THREE = ("polars", "duckdb", "pandas")
TOUCH = {"lead_id": "a", "occurred_at": SOUND, "kind": "pricing_viewed"}
# Rows that can't be records, and what each is counted as.
BAD_TOUCHES = {
    ("missing-value", "id"): {"id": None},
    ("bad-id", "id"): {"id": ""},
    ("missing-value", "lead_id"): {"lead_id": None},
    ("bad-id", "lead_id"): {"lead_id": "x" * 257},
    ("missing-value", "kind"): {"kind": None},
    ("bad-id", "kind"): {"kind": ""},
    ("bad-id", "asset"): {"asset": ""},
    ("unknown-word", "channel"): {"channel": "pigeon"},
    ("unknown-word", "direction"): {"direction": "INBOUND"},
    ("unknown-word", "style"): {"style": ""},
    ("unknown-word", "outcome"): {"outcome": "maybe"},
    ("unknown-word", "origin"): {"origin": "nobody"},
    ("missing-value", "occurred_at"): {"occurred_at": None},
    ("naive-datetime", "occurred_at"): {"occurred_at": "2026-05-01T10:00:00"},
    ("bad-instant", "occurred_at"): {"occurred_at": "2026-02-30T10:00:00Z"},
    ("out-of-range", "occurred_at"): {"occurred_at": "1969-12-31T23:59:59Z"},
    ("naive-datetime", "recorded_at"): {"recorded_at": "2026-05-01 10:00:00"},
    ("bad-instant", "recorded_at"): {"recorded_at": "yesterday"},
    ("out-of-range", "recorded_at"): {"recorded_at": "2200-01-01T00:00:00Z"},
    ("out-of-range", "value"): {"value": 1_000_000.5},
}
NAMES = ("id", *TOUCH, "recorded_at", "asset", "channel", "direction", "style", "outcome")
NAMES = (*NAMES, "origin", "value")


def _columns(rows, names=NAMES, *, typed=False):
    words = {name: "number" if name == "value" else "text" for name in names}
    columns = {name: (word, [row.get(name) for row in rows]) for name, word in words.items()}
    if typed:
        columns |= {
            name: ("instant", [_instant(row.get(name)) for row in rows]) for name in INSTANTS
        }
    return columns


INSTANTS = ("occurred_at", "recorded_at")
# What only a text can be.
AS_TEXT = ("naive-datetime", "bad-instant")


def _instant(text):
    return None if text is None else datetime.fromisoformat(text)


def _touches(*rows):
    return [{"id": f"t{number:02}", **TOUCH, **row} for number, row in enumerate(rows)]


GOOD = _touches(
    {},
    {"value": 1_000_000.0},
    {"value": -1_000_000.0, "kind": "site_visited"},
    {"occurred_at": "1970-01-01T00:00:00Z"},
    {"recorded_at": "2199-12-31T23:59:59.999999Z"},
    {"lead_id": "b", "channel": "web", "direction": "inbound", "outcome": "connected"},
)
BAD = [{"id": f"bad{at:02}", **TOUCH, **row} for at, row in enumerate(BAD_TOUCHES.values())]
TYPED = [row for row, (code, _) in zip(BAD, BAD_TOUCHES, strict=True) if code not in AS_TEXT]


def _tables(engine, *, leads=("a", "b"), **tables):
    make = ENGINES[engine]
    made = {name: make(columns) for name, columns in tables.items()}
    return frame.Tables(make({"id": ("text", list(leads))}), **made)


def _report(engine, *, duplicates=False, **tables):
    scored = frame.score(_tables(engine, **tables), PLAYBOOK, as_of=AS_OF)
    return scored.report(duplicates=duplicates)


def _counts(report):
    return {(one.code, one.column): one.rows for one in report.found}


def test_every_bad_touch_is_counted_by_code_and_column():
    """One row of each problem is counted once under its code, and no good row is."""
    report = _report("polars", touches=_columns([*BAD, *GOOD]))
    assert _counts(report) == dict.fromkeys(BAD_TOUCHES, 1)
    assert report.rows == {"leads": 2, "touches": len(BAD) + len(GOOD)}
    assert all(one.table == "touches" for one in report.found)


@pytest.mark.parametrize("engine", ["duckdb", "pandas"])
def test_every_bad_touch_is_counted_on_other_engines(engine):
    """Other engines count the same, and instants that aren't texts."""
    report = _report(engine, touches=_columns([*TYPED, *GOOD], typed=True))
    wanted = [key for key in BAD_TOUCHES if key[0] not in AS_TEXT]
    assert _counts(report) == dict.fromkeys(wanted, 1)


def test_texts_that_are_no_instants_are_counted_on_duckdb():
    """DuckDB counts texts without a zone, and those that name no instant."""
    names = ("lead_id", "occurred_at", "kind")
    days = (SOUND, "2026-05-01T10:00:00", "2026-02-30T10:00:00Z", "1969-01-01T00:00:00Z", None)
    rows = _touches(*({"occurred_at": day} for day in days))
    codes = ("naive-datetime", "bad-instant", "out-of-range", "missing-value")
    wanted = {(code, "occurred_at"): 1 for code in codes}
    assert _counts(_report("duckdb", touches=_columns(rows, names))) == wanted


@pytest.mark.parametrize("engine", THREE)
def test_bad_rows_change_no_score(engine):
    """A table with bad rows scores and decides as the table without them."""
    told, is_text = [], engine == "polars"
    for bad in (BAD if is_text else TYPED, []):
        tables = _tables(engine, touches=_columns([*bad, *GOOD], typed=not is_text))
        scores = by_lead(frame.score(tables, PLAYBOOK, as_of=AS_OF).table)
        decided = by_lead(frame.decide(tables, playbook=PLAYBOOK, as_of=AS_OF).table)
        told.append((scores, decided))
    assert told[0] == told[1]
    assert {row["score_milli"] > 0 for row in told[0][0].values()} == {True}


OTHERS = {
    "facts": (
        {"lead_id": "a", "occurred_at": SOUND, "name": "title"},
        {
            ("missing-value", "name"): {"name": None},
            ("bad-id", "name"): {"name": ""},
            ("unknown-word", "origin"): {"origin": "x"},
        },
    ),
    "consents": (
        {"lead_id": "a", "occurred_at": SOUND, "kind": "given"},
        {
            ("unknown-word", "kind"): {"kind": "granted"},
            ("unknown-word", "purpose"): {"purpose": "fun"},
            ("out-of-range", "expires_at"): {"expires_at": "2200-01-01T00:00:00Z"},
        },
    ),
    "moves": (
        {"lead_id": "a", "occurred_at": SOUND, "kind": "stage", "to": "mql"},
        {
            ("unknown-word", "kind"): {"kind": None},
            ("unknown-word", "to"): {"to": "nowhere"},
            ("bad-id", "rep"): {"kind": "rep"},
            ("naive-datetime", "due"): {"due": "2026-05-01T10:00:00"},
            ("bad-instant", "until"): {"until": "soon"},
        },
    ),
    "openings": (
        {"lead_id": "a", "occurred_at": SOUND, "stage": "mql"},
        {
            ("unknown-word", "stage"): {"stage": "MQL"},
            ("unknown-word", "team"): {"team": "support"},
        },
    ),
}


@pytest.mark.parametrize("table", OTHERS)
def test_every_bad_row_of_other_tables_is_counted(table):
    """Facts, consents, moves and openings have checks of their own, and good rows pass them."""
    sound, bad = OTHERS[table]
    rows = [{"id": f"r{at}", **sound, **one} for at, one in enumerate(({}, *bad.values()))]
    names = dict.fromkeys(name for row in rows for name in row)
    report = _report("polars", **{table: _columns(rows, names)})
    assert _counts(report) == dict.fromkeys(bad, 1)


def test_bad_leads_are_counted_and_left_out():
    """A lead without an id, or with a bad one, has no row in the answer."""
    tables = _tables("polars", leads=("a", None, "", "x" * 257, "b"))
    scored = frame.score(tables, PLAYBOOK, as_of=AS_OF)
    assert _counts(scored.report()) == {("missing-value", "id"): 1, ("bad-id", "id"): 2}
    assert set(by_lead(scored.table)) == {"a", "b"}


@pytest.mark.parametrize("engine", THREE)
def test_records_of_no_lead_are_orphans(engine):
    """Good rows of leads that aren't there are counted; bad ones aren't counted twice."""
    rows = _touches({}, {"lead_id": "gone"}, {"lead_id": "gone"}, {"lead_id": "", "id": "x"})
    report = _report(engine, touches=_columns(rows, typed=True))
    assert (report["orphan"], report["bad-id"]) == (2, 1)
    (orphans,) = (one for one in report.found if one.code == "orphan")
    assert (orphans.column, orphans.examples) == ("lead_id", ("t01", "t02"))


@pytest.mark.parametrize("engine", THREE)
def test_kinds_that_nothing_describes_are_counted(engine):
    """Touches of kinds that the playbook doesn't describe score nothing, and are counted."""
    rows = _touches({}, {"kind": "pricing_veiwed"}, {"kind": "Pricing_viewed"})
    report = _report(engine, touches=_columns(rows, typed=True))
    assert _counts(report) == {("unknown-kind", "kind"): 2}


def test_without_described_kinds_none_is_unknown():
    """A model that describes no kinds counts any, and reports none."""
    model = nk.ScoringModel(rules=())
    rows = _columns(_touches({"kind": "whatever"}))
    report = frame.score(_tables("polars", touches=rows), model, as_of=AS_OF).report()
    assert (report.found, str(report)) == ((), "nothing found")


@pytest.mark.parametrize("engine", THREE)
def test_ids_that_come_twice_are_sought_only_when_asked(engine):
    """Looking for duplicates costs more than scoring: it is asked for, and counts each id once."""
    rows = [{**row, "id": one} for row, one in zip(_touches({}, {}, {}, {}), "ppqr", strict=True)]
    assert _report(engine, touches=_columns(rows, typed=True)).found == ()
    report = _report(engine, touches=_columns(rows, typed=True), duplicates=True)
    assert _counts(report) == {("duplicate-id", "id"): 1}
    assert report.found[0].examples == ("p",)


def test_leads_that_come_twice_are_found():
    """A lead's id that comes twice is counted too."""
    tables = _tables("polars", leads=("a", "b", "b", "c"))
    report = frame.score(tables, PLAYBOOK, as_of=AS_OF).report(duplicates=True)
    assert [(one.table, one.code, one.examples) for one in report.found] == [
        ("leads", "duplicate-id", ("b",))
    ]


@pytest.mark.parametrize("engine", THREE)
def test_the_first_five_ids_are_shown(engine):
    """Of many rows with a problem the first five ids are shown, never what the rows say."""
    rows = _touches(*({"channel": "a secret"} for _ in range(9)))
    (found,) = _report(engine, touches=_columns(rows, typed=True)).found
    assert (found.rows, found.examples) == (9, ("t00", "t01", "t02", "t03", "t04"))
    assert "secret" not in str(found)


def test_rows_without_an_id_are_shown_by_their_lead():
    """In a table without ids the lead's id is shown."""
    names = [name for name in NAMES if name != "id"]
    (found,) = _report("polars", touches=_columns(_touches({"channel": "x"}), names)).found
    assert found.examples == ("a",)


def test_a_row_fails_one_check_at_most():
    """A row with two problems is counted under the first."""
    rows = _touches({"lead_id": None, "channel": "x", "occurred_at": "never"})
    assert _counts(_report("polars", touches=_columns(rows))) == {("missing-value", "lead_id"): 1}


def test_typed_instants_out_of_the_calendar_are_counted():
    """Instants that aren't texts are out of range before 1970 and from 2200 on."""
    columns = _columns(_touches({}, {}, {}))
    years = (1969, 2026, 2200)
    columns["occurred_at"] = ("instant", [datetime(year, 1, 1, tzinfo=UTC) for year in years])
    report = _report("polars", touches=columns)
    assert _counts(report) == {("out-of-range", "occurred_at"): 2}


def test_a_decisions_report_is_its_tables():
    """What a decided table reports is what a scored one does."""
    tables = _tables("polars", touches=_columns([*BAD, *GOOD]))
    decided = frame.decide(tables, playbook=PLAYBOOK, as_of=AS_OF).report()
    assert decided == frame.score(tables, PLAYBOOK, as_of=AS_OF).report()
