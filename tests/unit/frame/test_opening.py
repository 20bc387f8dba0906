"""A CRM's columns as openings: the caller's kind of frame, and what `Tables` takes."""

from datetime import UTC, date, datetime

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from nurturekit.errors import CallError, InputError, RecordError
from nurturekit.frame import Tables, opening
from nurturekit.frame.records import histories
from nurturekit.frame.report import report_of
from nurturekit.records import History, Opening

AT = datetime(2026, 11, 1, 0, 0, 0, 5, tzinfo=UTC)
LEADS = {
    "id": ["l1", "l2", "l3"],
    "lifecycle": ["MQL - Marketing", None, "Nobody"],
    "owner": ["Sales", None, "marketing"],
    "since": [date(2026, 1, 2), None, None],
    "no mail": [True, None, False],
    "exported": [AT, None, None],
}
COLUMNS = {"stage": "lifecycle", "team": "owner", "since": "since", "opted_out": "no mail"}
WORDS = {"stage": {"MQL - Marketing": "mql"}, "team": {"Sales": "sales"}}
MAKERS = {
    "polars": pl.DataFrame,
    "polars lazy": pl.LazyFrame,
    "pandas": pd.DataFrame,
    "pyarrow": pa.table,
    "duckdb": lambda columns: duckdb.connect().from_arrow(pa.table(columns)),
}


@pytest.fixture(params=MAKERS)
def leads(request):
    """Return a maker of leads, in each kind of frame."""
    return lambda columns=None: MAKERS[request.param](columns or LEADS)


def _of(case):
    return [one for one in case.history.records if isinstance(one, Opening)]


def _histories(frame, table):
    return {case.lead.id: _of(case) for case in histories(Tables(frame, openings=table).prepared())}


def test_the_same_kind_comes_back(leads):
    """What is given back is a frame of the kind that was given, lazy if that was."""
    given = leads()
    table = opening(given, at=AT, columns=COLUMNS)
    assert type(table) is type(given)
    assert Tables(given, openings=table).kind == Tables(given).kind


def test_an_opening_says_what_the_columns_say(leads):
    """At one instant every lead has an opening; its words are translated."""
    given = leads()
    table = opening(given, at=AT, columns=COLUMNS, words=WORDS)
    found = _histories(given, table)
    one = {"stage": "mql", "team": "sales", "since": date(2026, 1, 2), "opted_out": True}
    assert found["l1"] == list(History.opening(lead_id="l1", at=AT, **one).records)
    assert found["l2"] == list(History.opening(lead_id="l2", at=AT).records)


def test_words_that_are_none_are_bad_rows(leads):
    """A stage that is no word here is counted by the report, and its row left out."""
    given = leads()
    table = opening(given, at=AT, columns=COLUMNS, words=WORDS)
    tables = Tables(given, openings=table).prepared()
    (found,) = report_of(tables).found
    assert (found.table, found.code, found.column, found.rows) == (
        "openings",
        "unknown-word",
        "stage",
        1,
    )
    assert found.examples == ("nurturekit opening of l3",)


def test_an_instant_of_each_lead(leads):
    """With a column of instants, a lead of which no column speaks has no opening."""
    given, all_words = leads(), {"stage": WORDS["stage"] | {"Nobody": "lost"}}
    table = opening(given, at="exported", columns={"stage": "lifecycle"}, words=all_words)
    assert len(nw.from_native(table).lazy().collect()) == 2
    found = _histories(given, table)
    assert [one.occurred_at for one in found["l1"]] == [AT]
    assert found["l2"] == []
    report = report_of(Tables(given, openings=table).prepared())
    assert [(one.code, one.column) for one in report.found] == [("missing-value", "occurred_at")]


@pytest.mark.parametrize(
    ("error", "code", "changes"),
    [
        (CallError, "unknown-column", {"columns": {"stages": "lifecycle"}}),
        (CallError, "unknown-column", {"words": {"rep": {"a": "b"}}}),
        (CallError, "unknown-word", {"words": {"stage": {"MQL": "mqll"}}}),
        (InputError, "missing-column", {"columns": {"stage": "lifecycl"}}),
        (InputError, "missing-column", {"at": "export"}),
        (RecordError, "naive-datetime", {"at": datetime(2026, 11, 1)}),
    ],
)
def test_what_makes_no_sense_is_refused(leads, error, code, changes):
    """Fields, words and columns that aren't there stop before any work."""
    with pytest.raises(error) as raised:
        opening(leads(), **({"at": AT, "columns": COLUMNS} | changes))
    assert raised.value.code == code


def test_leads_need_ids(leads):
    """An opening is its lead's: a table without ids is refused."""
    with pytest.raises(InputError) as raised:
        opening(leads({"name": ["x"]}), at=AT, columns={})
    assert raised.value.code == "missing-column"


def test_only_frames_are_taken():
    """What isn't a frame is refused by its argument's name."""
    with pytest.raises(CallError) as raised:
        opening([1], at=AT, columns={})
    assert (raised.value.code, raised.value.argument) == ("not-a-frame", "leads")
