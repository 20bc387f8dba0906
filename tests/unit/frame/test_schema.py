"""What tables are made of: a wrong column is refused by table and name, before any work."""

from datetime import UTC, datetime

import narwhals as nw
import pytest

import nurturekit as nk
from nurturekit import frame
from nurturekit.errors import InputError
from nurturekit.frame.schema import TABLES, check, word_of
from tests.engines import ENGINES
from tests.scenes import AS_OF

PLAYBOOK = nk.preset("blended")
AT = datetime(2026, 3, 2, tzinfo=UTC)
LEADS = {"id": ("text", ["a"])}
# One column of each sort that a touch, a fact or a move has.
TOUCHES = {
    "lead_id": ("text", ["a"]),
    "occurred_at": ("instant", [AT]),
    "kind": ("text", ["pricing_viewed"]),
}
ONE_OF_EACH = ("polars", "duckdb", "pandas", "pyarrow")


def _refused(engine, *, leads=LEADS, **tables):
    make = ENGINES[engine]
    given = {name: make(rows) for name, rows in {"leads": leads, **tables}.items()}
    with pytest.raises(InputError) as caught:
        frame.score(frame.Tables(**given), PLAYBOOK, as_of=AS_OF)
    return caught.value


@pytest.mark.parametrize("engine", ONE_OF_EACH)
@pytest.mark.parametrize("column", list(TOUCHES))
def test_a_missing_column_is_named(engine, column):
    """A table without a column that it needs is refused by table and column."""
    kept = {name: rows for name, rows in TOUCHES.items() if name != column}
    error = _refused(engine, touches=kept)
    assert (error.code, error.source, error.column) == ("missing-column", "touches", column)


def test_a_missing_column_is_sought_under_another_name():
    """A misspelt column that a table needs is suggested."""
    rows = {name.replace("occurred_at", "occured_at"): one for name, one in TOUCHES.items()}
    error = _refused("polars", touches=rows)
    assert (error.code, error.column) == ("missing-column", "occurred_at")
    assert "`occured_at`" in str(error)


@pytest.mark.parametrize("engine", ONE_OF_EACH)
def test_an_unknown_column_is_named_with_what_was_meant(engine):
    """A column that no touch has is refused, and the known one that is like it suggested."""
    error = _refused(engine, touches=TOUCHES | {"chanel": ("text", ["web"])})
    assert (error.code, error.source, error.column) == ("unknown-column", "touches", "chanel")
    assert "`channel`" in str(error)


def test_an_unknown_column_like_no_other_lists_the_known():
    """A column that is like none is refused with all that a table may have."""
    error = _refused("polars", touches=TOUCHES | {"xyzzy": ("text", ["web"])})
    assert all(name in str(error) for name in TABLES["touches"])


def test_any_other_column_of_leads_is_an_attribute():
    """What a lead's column is called is free: nothing is unknown there."""
    leads = ENGINES["polars"](LEADS | {"chanel": ("text", ["web"])})
    found = frame.score(frame.Tables(leads), PLAYBOOK, as_of=AS_OF).table
    assert found["lead_id"].to_list() == ["a"]


@pytest.mark.parametrize("engine", ONE_OF_EACH)
@pytest.mark.parametrize(
    ("table", "column", "rows"),
    [
        ("leads", "account", ("whole", [1])),
        ("touches", "kind", ("whole", [1])),
        ("touches", "automated", ("text", ["true"])),
        ("touches", "value", ("text", ["3"])),
        ("touches", "next_attempt_on", ("text", ["2026-03-02"])),
        ("touches", "revision", ("text", ["1"])),
        ("touches", "occurred_at", ("whole", [1_700_000_000])),
    ],
)
def test_a_column_of_another_type_is_named(engine, table, column, rows):
    """A column that holds something else is refused by table, column, and what is expected."""
    given = {"leads": LEADS, "touches": TOUCHES}
    given[table] = given[table] | {column: rows}
    error = _refused(engine, **given)
    assert (error.code, error.source, error.column) == ("wrong-type", table, column)
    assert "expected" in error.problem


def _naive(engine):
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    at = datetime(2026, 3, 2)
    columns = {"lead_id": ["a"], "occurred_at": [at], "kind": ["pricing_viewed"]}
    if engine == "polars":
        return pl.DataFrame(columns)
    if engine == "pandas":
        return pd.DataFrame(columns)
    table = pa.table(columns)
    return table if engine == "pyarrow" else ENGINES["duckdb"](TOUCHES).query("_", SQL)


SQL = "SELECT 'a' AS lead_id, TIMESTAMP '2026-03-02' AS occurred_at, 'pricing_viewed' AS kind"


@pytest.mark.parametrize("engine", ONE_OF_EACH)
def test_instants_without_a_zone_are_refused(engine):
    """A column of naive datetimes is refused as such, never read in some zone."""
    tables = frame.Tables(ENGINES[engine](LEADS), _naive(engine))
    with pytest.raises(InputError) as caught:
        frame.score(tables, PLAYBOOK, as_of=AS_OF)
    assert (caught.value.code, caught.value.column) == ("wrong-type", "occurred_at")
    assert "without a time zone" in caught.value.problem


def test_a_pandas_column_of_mixed_objects_is_refused():
    """A pandas column of texts and numbers at once is refused by table, not guessed."""
    import pandas as pd

    leads = pd.DataFrame({"id": ["a", "b"], "size": pd.Series([1, "many"], dtype="object")})
    with pytest.raises(InputError) as caught:
        frame.score(frame.Tables(leads), PLAYBOOK, as_of=AS_OF)
    assert (caught.value.code, caught.value.source) == ("wrong-type", "leads")


def test_a_lazy_frame_is_refused_before_it_is_computed():
    """The schema is enough to refuse a table: a lazy frame isn't computed for it."""
    import polars as pl

    def computed(_):
        raise AssertionError

    lazy = ENGINES["polars"](TOUCHES | {"chanel": ("text", ["web"])}).lazy()
    watched = lazy.map_batches(computed, schema=lazy.collect_schema())
    leads = pl.DataFrame({"id": ["a"]}).lazy()
    with pytest.raises(InputError):
        frame.score(frame.Tables(leads, watched), PLAYBOOK, as_of=AS_OF)
    with pytest.raises(InputError):
        frame.decide(frame.Tables(leads, watched), playbook=PLAYBOOK, as_of=AS_OF)


@pytest.mark.parametrize(
    ("dtype", "word"),
    [
        (nw.String(), "text"),
        (nw.Categorical(), "text"),
        (nw.Enum(["a"]), "text"),
        (nw.UInt8(), "whole"),
        (nw.Int64(), "whole"),
        (nw.Float32(), "number"),
        (nw.Decimal(), "number"),
        (nw.Boolean(), "flag"),
        (nw.Date(), "day"),
        (nw.Datetime("ns", "Europe/Berlin"), "instant"),
        (nw.Datetime("us"), None),
        (nw.List(nw.String()), "texts"),
        (nw.Duration(), None),
        (nw.Struct({"a": nw.String()}), None),
        (nw.Binary(), None),
    ],
)
def test_a_type_has_one_word(dtype, word):
    """What a column holds follows from its type; naive instants and nested values hold nothing."""
    assert word_of(dtype) == word


def test_whole_numbers_are_numbers_and_texts_may_be_instants():
    """Types that can be read as what is asked for are let in."""
    schema = {
        "lead_id": nw.String(),
        "kind": nw.Enum(["a"]),
        "occurred_at": nw.String(),
        "value": nw.Int8(),
        "revision": nw.Float64(),
        "topic": nw.Unknown(),
    }
    check("touches", schema)
