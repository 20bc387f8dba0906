"""Tables as callers have them: kinds of frame, and columns of every type that means the same."""

from datetime import UTC, datetime
from decimal import Decimal

import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import nurturekit as nk
from nurturekit import frame
from nurturekit.criteria import fact
from nurturekit.errors import CallError, InputError
from nurturekit.scoring import Rule, ScoringModel, TouchRule, touch
from tests.engines import ENGINES, collect
from tests.scenes import AS_OF
from tests.tables import by_lead

AT = datetime(2026, 3, 2, tzinfo=UTC)
MODEL = ScoringModel(
    rules=[
        Rule("large", dimension="fit", points=5, when=fact("employees") >= 50),
        Rule("vp", dimension="fit", points=3, when=fact("title").contains_any("vp")),
        TouchRule("minutes", dimension="web", points=2, on=touch("visit"), per_value=5),
        TouchRule("price", dimension="web", points=7, on=touch("price", channel="web")),
    ]
)
LEADS = {"id": ["a", "b"], "employees": [100, 10], "title": ["VP", "clerk"]}
TOUCHES = {
    "id": ["t1", "t2", "t3"],
    "lead_id": ["a", "a", "b"],
    "occurred_at": [AT, AT, AT],
    "kind": ["visit", "price", "visit"],
    "channel": ["web", "web", None],
    "value": [12.5, None, 5.0],
}
SCORES = {"a": 19_000, "b": 2_000}


def _scores(leads, touches=None, **others):
    tables = frame.Tables(leads, touches, **others)
    found = by_lead(frame.score(tables, MODEL, as_of=AS_OF).table)
    return {lead_id: row["score_milli"] for lead_id, row in found.items()}


def _polars(columns, **types):
    return pl.DataFrame(columns).with_columns(
        pl.col(name).cast(dtype) for name, dtype in types.items()
    )


def test_columns_of_the_plainest_types_score():
    """Texts, whole numbers, floats and aware instants of polars give the points that they should.

    100 employees and a VP are 8 points; 12.5 minutes are two fives, and a price page is seven.
    """
    assert _scores(_polars(LEADS), _polars(TOUCHES)) == SCORES


@pytest.mark.parametrize("dtype", [pl.Int8, pl.UInt16, pl.Int32, pl.Float32, pl.Decimal(9, 2)])
def test_numbers_of_any_width_are_the_same(dtype):
    """Narrow whole numbers, floats and decimals of attributes and values score alike."""
    values = {"value": [Decimal("12.50"), None, Decimal(5)]}
    kept = pl.Decimal(9, 2) if not dtype.is_float() and dtype is not pl.Decimal else dtype
    touches = pl.DataFrame(TOUCHES | values).with_columns(pl.col("value").cast(kept))
    assert _scores(_polars(LEADS, employees=dtype), touches) == SCORES


@pytest.mark.parametrize("dtype", [pa.int8(), pa.uint16(), pa.int32(), pa.decimal128(22, 2)])
def test_numbers_of_any_width_are_the_same_in_arrow(dtype):
    """So they are in Arrow's own types, which DuckDB computes."""
    leads = pa.table(LEADS | {"employees": pa.array([100, 10]).cast(dtype)})
    values = pa.array([Decimal("12.50"), None, Decimal(5)], pa.decimal128(9, 2))
    assert _scores(leads, pa.table(TOUCHES | {"value": values})) == SCORES


@pytest.mark.parametrize("dtype", [pl.Categorical, pl.Enum(["visit", "price"])])
def test_categories_are_texts(dtype):
    """Categorical columns of polars are read as texts, a channel and an attribute among them."""
    touches = _polars(TOUCHES, kind=dtype, channel=pl.Categorical, lead_id=pl.Categorical)
    leads = _polars(LEADS, title=pl.Categorical, id=pl.Categorical)
    assert _scores(leads, touches) == SCORES


def test_categories_of_pandas_are_texts():
    """Categorical columns of pandas are read as texts."""
    kinds = {"kind": "category", "channel": "category", "lead_id": "category"}
    leads = pd.DataFrame(LEADS).astype({"title": "category"})
    assert _scores(leads, pd.DataFrame(TOUCHES).astype(kinds)) == SCORES


def test_instants_may_be_categories_of_texts():
    """Instants as texts that are kept as categories are read."""
    texts = {"occurred_at": ["2026-03-02T00:00:00Z", "2026-03-02 01:00:00+01:00", "2200-01-01T"]}
    touches = _polars(TOUCHES | texts, occurred_at=pl.Categorical)
    assert _scores(_polars(LEADS), touches) == {"a": 19_000, "b": 0}


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York"])
def test_instants_of_any_unit_and_zone_are_the_same(unit, zone):
    """A column's unit and zone don't matter: an instant is an instant."""
    as_of = datetime(2026, 3, 2, 0, 0, 1, tzinfo=UTC)
    early = datetime(2026, 3, 2, 0, 0, 2, tzinfo=UTC)
    touches = pl.DataFrame(TOUCHES | {"occurred_at": [AT, AT, early]}).with_columns(
        pl.col("occurred_at").dt.convert_time_zone(zone).dt.cast_time_unit(unit)
    )
    for made, leads in ((touches, _polars(LEADS)), (touches.to_arrow(), pa.table(LEADS))):
        tables = frame.Tables(leads, made)
        found = by_lead(frame.score(tables, MODEL, as_of=as_of).table)
        assert [found[one]["score_milli"] for one in ("a", "b")] == [19_000, 0]


NULLS = {
    "polars": pl.DataFrame,
    "polars-lazy": pl.LazyFrame,
    "pandas": pd.DataFrame,
    "pyarrow": pa.table,
    "duckdb": lambda columns: ENGINES["duckdb"]({"id": ("text", ["a"])}).query("_", _sql(columns)),
}


def _sql(columns):
    rows = zip(*columns.values(), strict=True)
    values = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)
    names = ", ".join(f'"{name}"' for name in columns)
    return f"SELECT * FROM (VALUES {values}) AS t({names})"  # noqa: S608 - our own


def _literal(value):
    if value is None:
        return "NULL"
    return f"TIMESTAMPTZ '{value}'" if isinstance(value, datetime) else repr(value)


MOVES = {"id": ["m"], "lead_id": ["b"], "occurred_at": [AT], "kind": ["stage"], "to": ["customer"]}


@pytest.mark.parametrize("make", NULLS.values(), ids=NULLS)
def test_columns_of_nothing_say_nothing(make):
    """A column of only missing values, whatever it would hold, is as if it weren't there.

    Its type is none: an engine may call it null, a whole number or an object.
    """
    playbook = nk.preset("blended")
    nothing = {"account": [None] * 2, "person_id": [None] * 2, "title": [None] * 2}
    names = ("recorded_at", "direction", "automated", "asset", "value", "outcome", "revision")
    unsaid = {name: [None] * 3 for name in (*names, "next_attempt_on", "origin", "rep")}
    names = ("recorded_at", "seq", "was", "rep", "due", "until", "evidence")
    blank = {name: [None] for name in names}
    leads = {"id": LEADS["id"], "employees": LEADS["employees"]}
    touches = {name: one for name, one in TOUCHES.items() if name != "value"}
    touches |= {"kind": ["pricing_viewed", "demo_requested", "pricing_viewed"]}
    told = []
    for more, empty, bare in ((nothing, unsaid, blank), ({}, {}, {})):
        tables = frame.Tables(make(leads | more), make(touches | empty), moves=make(MOVES | bare))
        told.append(by_lead(frame.decide(tables, playbook=playbook, as_of=AS_OF).table))
    assert told[0] == told[1]
    assert {row["error"] for row in told[0].values()} == {None}
    assert told[0]["b"]["stage"] == "customer"


AS_UUIDS = {
    "duckdb": lambda frame, name: frame.project(f"* REPLACE (CAST({name} AS UUID) AS {name})"),
    "ibis-duckdb": lambda frame, name: frame.cast({name: "uuid"}),
}


@pytest.mark.parametrize("engine", AS_UUIDS)
def test_uuids_are_texts(engine):
    """Ids that an engine keeps as UUIDs are texts, in columns that may be missing too."""
    uuids = [f"00000000-0000-4000-8000-00000000000{number}" for number in range(3)]
    make, as_uuid = ENGINES[engine], AS_UUIDS[engine]
    touches = {
        "id": ("text", [uuids[0], uuids[0], uuids[1]]),
        "lead_id": ("text", [uuids[0], uuids[0], uuids[1]]),
        "occurred_at": ("instant", TOUCHES["occurred_at"]),
        "kind": ("text", ["price"] * 3),
        "channel": ("text", ["web"] * 3),
    }
    made = as_uuid(as_uuid(make(touches), "id"), "lead_id")
    leads = as_uuid(make({"id": ("text", uuids[:2])}), "id")
    scored = frame.score(frame.Tables(leads, made), MODEL, as_of=AS_OF)
    found = by_lead(scored.table)
    assert [found[one]["score_milli"] for one in uuids[:2]] == [14_000, 7_000]
    assert scored.report(duplicates=True)["duplicate-id"] == 1


def test_not_a_number_is_unknown():
    """NaN is unknown in attributes, values and counts, and no row is lost for it."""
    nan = float("nan")
    leads = pl.DataFrame(LEADS | {"employees": [nan, 100.0]})
    touches = pl.DataFrame(TOUCHES | {"value": [nan, 1.0, 5.0], "revision": [nan, 1.0, 2.0]})
    assert _scores(leads, touches) == {"a": 10_000, "b": 7_000}


def test_a_value_of_a_fact_that_is_not_a_number_is_unknown():
    """A fact of NaN is unknown, and hides the lead's own column."""
    facts = {"lead_id": ["a"], "name": ["employees"], "occurred_at": [AT]}
    facts = pl.DataFrame(facts | {"value_number": [float("nan")]})
    assert _scores(_polars(LEADS), _polars(TOUCHES), facts=facts) == {"a": 14_000, "b": 2_000}


def test_an_attribute_that_no_criterion_reads_may_hold_anything():
    """Instants, lists and nested columns of leads are let be where no criterion reads them."""
    leads = _polars(LEADS).with_columns(
        created_at=pl.lit(AT),
        naive=pl.lit(datetime(2026, 3, 2)),
        tags=pl.lit(["x"]),
        nested=pl.struct("id"),
    )
    assert _scores(leads, _polars(TOUCHES)) == SCORES


def test_an_attribute_that_cannot_be_compared_is_refused():
    """A criterion that reads a column of instants is an error that names the column."""
    leads = _polars(LEADS).with_columns(employees=pl.lit(AT))
    with pytest.raises(InputError) as caught:
        _scores(leads, _polars(TOUCHES))
    assert (caught.value.code, caught.value.column) == ("wrong-type", "employees")


def test_frames_of_two_kinds_are_refused():
    """Tables of different kinds can't be joined: the one that differs is named."""
    with pytest.raises(CallError) as caught:
        frame.Tables(pl.DataFrame(LEADS), pd.DataFrame(TOUCHES))
    assert (caught.value.code, caught.value.argument) == ("mixed-frames", "touches")
    with pytest.raises(CallError) as caught:
        frame.Tables(pl.DataFrame(LEADS), facts=pl.LazyFrame(TOUCHES))
    assert (caught.value.code, caught.value.argument) == ("mixed-frames", "facts")


@pytest.mark.parametrize("thing", [None, LEADS, [LEADS], "leads.csv", nw.col("id"), object()])
def test_what_is_no_frame_is_refused(thing):
    """Anything but a frame is refused by its argument's name."""
    with pytest.raises(CallError) as caught:
        frame.Tables(thing)
    assert (caught.value.code, caught.value.argument) == ("not-a-frame", "leads")


@pytest.mark.parametrize(
    ("engine", "kind"),
    [
        ("polars", "polars"),
        ("polars-lazy", "polars lazy"),
        ("pandas", "pandas"),
        ("pyarrow", "pyarrow"),
        ("duckdb", "DuckDB"),
        ("ibis-duckdb", "Ibis"),
    ],
)
def test_what_goes_in_comes_out(engine, kind):
    """Scores, explanations and decisions are the caller's kind of frame; lazy ones stay lazy."""
    native = ENGINES[engine]({"id": ("text", ["a", "b"])})
    tables = frame.Tables(native)
    assert tables.kind == kind
    scored = frame.score(tables, MODEL, as_of=AS_OF, explain="long")
    decided = frame.decide(tables, playbook=nk.preset("blended"), as_of=AS_OF, explain="long")
    for one in (scored.table, scored.contributions, decided.table, decided.contributions):
        assert type(one) is type(native)
    assert sorted(collect(decided.table)["lead_id"]) == ["a", "b"]
