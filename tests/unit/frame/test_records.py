"""Tables to records: the same values as objects, whatever engine holds the rows."""

from datetime import UTC, date, datetime, timedelta, timezone

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from nurturekit.frame import Tables
from nurturekit.frame.records import Unread, histories
from nurturekit.records import Consent, Fact, Lead, Move, Opening, Rep, Touch, World

NOW = datetime(2026, 10, 30, 9, 30, 0, 123_456, tzinfo=UTC)
EAST = timezone(timedelta(hours=5, minutes=30))

LEADS = {
    "id": ["l1", "l2", "l3", "l4"],
    "account": ["acme", "acme", None, "other"],
    "person_id": [None, "p2", "p2", None],
    "zone": ["Europe/Berlin", None, None, None],
    "title": ["VP", None, None, ""],
    "employees": [250, None, 7, None],
    "budget": [1.5, float("nan"), 2.0, None],
    "active": [True, None, False, None],
    "founded": [date(1999, 12, 31), None, None, date(1969, 1, 1)],
    "made": [NOW, NOW, NOW, NOW],
}
TOUCHES = {
    "id": ["t1", "t2", "t3", "t4"],
    "lead_id": ["l1", "l2", "l3", "gone"],
    "kind": ["call", "blog_viewed", "blog_viewed", "blog_viewed"],
    "occurred_at": [NOW.astimezone(EAST), NOW, NOW, NOW],
    "recorded_at": [None, NOW, None, None],
    "automated": [False, None, True, None],
    "next_attempt_on": [date(2026, 11, 2), None, None, None],
    "value": [None, 2.0, None, None],
    "revision": [None, 3, None, None],
}
FACTS = {
    "id": ["f1", "f2", "f3", "f4", "f5"],
    "lead_id": ["l1"] * 5,
    "name": ["title", "employees", "active", "founded", "nothing"],
    "occurred_at": ["2026-10-30T15:00:00.123456+05:30"] * 5,
    "value": ["CEO", None, None, None, None],
    "value_number": [None, 250.0, None, None, None],
    "value_flag": [None, None, False, None, None],
    "value_day": [None, None, None, date(2001, 2, 3), None],
}
MOVES = {
    "id": ["m1"],
    "lead_id": ["l1"],
    "kind": ["offered"],
    "occurred_at": [NOW],
    "to": ["sales"],
    "due": [NOW + timedelta(days=1)],
    "evidence": [["t1", "t9"]],
}
CONSENTS = {
    "id": ["c1"],
    "lead_id": ["l2"],
    "kind": ["given"],
    "occurred_at": [NOW],
    "basis": ["consent"],
    "expires_at": [NOW + timedelta(days=2)],
}
OPENINGS = {
    "id": ["o1"],
    "lead_id": ["l1"],
    "occurred_at": [NOW],
    "stage": ["mql"],
    "since": [date(2026, 1, 2)],
    "opted_out": [True],
}
GIVEN = {
    "leads": LEADS,
    "touches": TOUCHES,
    "facts": FACTS,
    "moves": MOVES,
    "consents": CONSENTS,
    "openings": OPENINGS,
}


def _polars(columns):
    return pl.DataFrame(columns, strict=False)


def _duckdb():
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Asia/Kolkata'")
    return lambda columns: connection.from_arrow(_polars(columns).to_arrow())


MAKERS = {
    "polars": lambda: _polars,
    "duckdb": _duckdb,
    "pandas": lambda: pd.DataFrame,
    "pyarrow": lambda: pa.table,
}


@pytest.fixture(params=MAKERS)
def prepared(request):
    """Return a maker of prepared tables, in each kind of frame."""

    def make(given=None):
        frame = MAKERS[request.param]()
        tables = {name: frame(columns) for name, columns in (given or GIVEN).items()}
        return Tables(**tables).prepared()

    return make


def _by_id(found):
    return {case.lead.id: case for case in found}


def test_every_value_is_what_its_column_says(prepared):
    """Instants are UTC in any session's zone, dates dates, NaN and null unknown."""
    one = _by_id(histories(prepared()))["l1"]
    assert one.lead == Lead(
        id="l1",
        account="acme",
        zone="Europe/Berlin",
        attributes={
            "title": "VP",
            "employees": 250,
            "budget": 1.5,
            "active": True,
            "founded": date(1999, 12, 31),
        },
    )
    same = {"lead_id": "l1", "occurred_at": NOW}
    values = {"title": "CEO", "employees": 250.0, "active": False, "founded": date(2001, 2, 3)}
    values["nothing"] = None
    assert set(one.history.records) == {
        Touch(id="t1", kind="call", next_attempt_on=date(2026, 11, 2), **same),
        Opening(id="o1", stage="mql", since=date(2026, 1, 2), opted_out=True, **same),
        Move(
            id="m1",
            kind="offered",
            to="sales",
            due=NOW + timedelta(days=1),
            evidence=("t1", "t9"),
            **same,
        ),
        *(
            Fact(id=f"f{at}", name=name, value=value, **same)
            for at, (name, value) in enumerate(values.items(), start=1)
        ),
    }
    number = next(one for one in one.history.records if one.id == "f2").value
    assert type(number) is float


def test_what_is_missing_is_the_records_default(prepared):
    """Missing cells are as if their fields weren't given; an attribute is then unknown."""
    two = _by_id(histories(prepared()))["l2"]
    assert two.lead == Lead(id="l2", account="acme", person_id="p2")
    assert set(two.history.records) == {
        Touch(id="t2", lead_id="l2", kind="blog_viewed", occurred_at=NOW, value=2.0, revision=3),
        Consent(
            id="c1",
            lead_id="l2",
            kind="given",
            occurred_at=NOW,
            basis="consent",
            expires_at=NOW + timedelta(days=2),
        ),
    }


def test_leads_of_an_account_or_person_see_each_other(prepared):
    """Peers come along with their histories, though only some leads are asked for."""
    world = World(reps=[Rep(id="r1", team="sales")])
    (two,) = histories(prepared(), ["l2"], world=world)
    assert {peer.lead.id for peer in two.world.peers} == {"l1", "l3"}
    peers = {peer.lead.id: peer for peer in two.world.peers}
    assert [touch.id for touch in peers["l3"].history.records] == ["t3"]
    assert set(two.world.reps) == {"r1"}


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_batches_change_nothing(prepared, at_once):
    """However many leads are read at once, each has the same history and peers."""
    whole = _by_id(histories(prepared()))
    parts = list(histories(prepared(), at_once=at_once))
    assert len(parts) == 4
    for case in parts:
        same = whole[case.lead.id]
        assert (case.lead, case.history) == (same.lead, same.history)
        assert {one.lead for one in case.world.peers} == {one.lead for one in same.world.peers}


def test_leads_come_as_asked_for(prepared):
    """Wanted leads come once, in the order given; unknown ones don't."""
    asked = ["l3", "nobody", "l1", "l3"]
    assert [case.lead.id for case in histories(prepared(), asked)] == ["l3", "l1"]
    assert list(histories(prepared(), [])) == []


def test_what_cannot_be_a_record_is_counted(prepared):
    """Rows that look good in columns only are left out, and counted with their ids."""
    given = {
        "leads": {"id": ["l1", "l2", "l\u00003"], "zone": ["Mars/Base", None, None]},
        "touches": {
            "id": ["t1", "t2\n"],
            "lead_id": ["l2", "l2"],
            "kind": ["call", "call"],
            "occurred_at": [NOW, NOW],
        },
    }
    unread = Unread()
    (two,) = histories(prepared(given), unread=unread)
    assert [record.id for record in two.history.records] == ["t1"]
    assert [(one.table, one.code, one.column, one.rows) for one in unread.found()] == [
        ("leads", "bad-id", "id", 1),
        ("leads", "unknown-zone", "zone", 1),
        ("touches", "bad-id", "id", 1),
    ]


def test_a_lead_is_counted_once(prepared):
    """A bad record of a lead that others see is counted when it is its own lead's turn."""
    given = {
        "leads": {"id": ["l1", "l2", "l3"], "account": ["a", "a", "a"]},
        "touches": {"id": ["t\n"], "lead_id": ["l2"], "kind": ["call"], "occurred_at": [NOW]},
    }
    unread = Unread()
    assert len(list(histories(prepared(given), unread=unread, at_once=1))) == 3
    assert [(one.rows, one.examples) for one in unread.found()] == [(1, ("t\n",))]


def test_records_without_ids_get_some_that_stay(prepared):
    """Rows without ids are as many records, with the same ids in every reading."""
    columns = {"lead_id": ["l1", "l1", "l1"], "kind": ["call", "call", "mail"]}
    given = {"leads": {"id": ["l1"]}, "touches": columns | {"occurred_at": [NOW] * 3}}
    (one,) = histories(prepared(given))
    assert len(one.history.records) == 3
    turned = {name: values[::-1] for name, values in given["touches"].items()}
    (again,) = histories(prepared(given | {"touches": turned}))
    assert again.history == one.history
