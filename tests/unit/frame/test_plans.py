"""Plans of leads as tables: every row is what the single decision holds, and moves can go back."""

from datetime import timedelta

import attrs
import narwhals as nw
import polars as pl
import pytest

import nurturekit as nk
from nurturekit import frame
from nurturekit.errors import CallError, InputError, RecordError
from nurturekit.frame.schema import TABLES
from tests import scenes
from tests.engines import ENGINES, collect
from tests.tables import cases_of, planned, planned_table, rows_of, singly, tables_of

BLENDED = nk.preset("blended")
LEADS, RECORDS = scenes.scene(11, leads=60, playbook=BLENDED)
# With what lets actions through: a zone, a basis, reps, content.
WORLD = attrs.evolve(
    scenes.world(),
    content=[
        nk.Content(
            id=f"c{number}", position=position, published_at=scenes.AS_OF - timedelta(days=9)
        )
        for number, position in enumerate(("awareness", "consideration", "decision") * 3)
    ],
)
ZONED = [attrs.evolve(lead, zone="Europe/Berlin") for lead in LEADS]
GRANTED = [
    *RECORDS,
    *(
        nk.Consent(
            id=f"grant-{lead.id}",
            lead_id=lead.id,
            kind="given",
            basis="consent",
            occurred_at=scenes.AS_OF - timedelta(days=200),
        )
        for lead in LEADS[::2]
    ),
]
FIELDS = {"as_of": scenes.AS_OF, "world": WORLD}
QUICK = ["polars", "polars-lazy", "duckdb", "pandas", "pandas-nullable", "pyarrow"]


def _differences(got, cases, fields=FIELDS):
    """Return the tables in which a plan differs from single decisions."""
    wanted = planned(BLENDED, cases, as_of=fields["as_of"])
    found = {name: planned_table(table) for name, table in got}
    assert found.keys() == wanted.keys()
    return [name for name in wanted if found[name] != wanted[name]]


@pytest.mark.parametrize("engine", [*QUICK, "ibis-duckdb"])
def test_plans_are_those_of_single_decisions(engine):
    """Every cell of every table is what the single decision of that lead holds."""
    got = frame.plans(tables_of(engine, ZONED, GRANTED), playbook=BLENDED, **FIELDS)
    assert _differences(got, cases_of(ZONED, GRANTED, world=WORLD)) == []
    assert got.planned == len(LEADS)
    for name, table in got:
        assert len(collect(table)["lead_id"]) > 3, name


@attrs.frozen
class Hourly:
    """A planner that wants one call within hours of its own."""

    name: str = "hourly"

    def plan(self, situation, ownership):
        """Want a call."""
        call = nk.Action(
            id="call-1",
            lead_id=situation.lead.id,
            channel=nk.Channel.EMAIL,
            style=nk.Style.AUTOMATED,
            team=ownership.accountable,
            earliest_us=situation.as_of_us,
            hours=nk.ContactHours(windows=["mon-fri 09:00-12:00"]),
        )
        return nk.Plan(actions=[call])


def test_hours_of_an_action_are_said():
    """What a column can't hold as it is stands in it as JSON."""
    tables = tables_of("polars", ZONED, GRANTED)
    got = frame.plans(tables, playbook=attrs.evolve(BLENDED, planner=Hourly()), **FIELDS)
    told = {*got.actions["hours"], *got.blocked["hours"]} - {None}
    assert len(told) == 1
    assert "09:00" in str(told)
    assert list(got.leads["error"].drop_nulls()) == []


@pytest.mark.parametrize("engine", QUICK)
def test_only_due_leads_are_planned(engine):
    """The leads with something due, from the decision's own frame: those that change or owe."""
    tables = tables_of(engine, ZONED, GRANTED)
    decided = frame.decide(tables, playbook=BLENDED, **FIELDS)
    due = decided.due()
    assert nw.from_native(due).implementation == nw.from_native(decided.table).implementation
    us = scenes.AS_OF.timestamp() * 1_000_000
    alone = singly(BLENDED, ZONED, GRANTED, **FIELDS)
    wanted = {
        one
        for one, row in alone.items()
        if row["changes"] or (row["next_due_us"] is not None and row["next_due_us"] <= us)
    }
    assert set(collect(due)["lead_id"]) == wanted
    got = frame.plans(tables, playbook=BLENDED, leads=due, **FIELDS)
    cases = [one for one in cases_of(ZONED, GRANTED, world=WORLD) if one.lead.id in wanted]
    assert _differences(got, cases) == []
    assert 0 < got.planned == len(wanted) < len(LEADS)


def test_more_is_due_later():
    """What is owed within a month is due by then, though not now."""
    decided = frame.decide(tables_of("polars", ZONED, GRANTED), playbook=BLENDED, **FIELDS)
    now, later = (
        set(decided.due(until)["lead_id"]) for until in (None, scenes.AS_OF + timedelta(days=60))
    )
    assert now < later
    with pytest.raises(RecordError):
        decided.due(scenes.AS_OF.replace(tzinfo=None))


@pytest.mark.parametrize("engine", ["polars", "duckdb", "pandas"])
def test_moves_can_be_appended_to_the_table_that_they_follow_from(engine):
    """With its moves appended, the table decides a day later as the leads with theirs do."""
    tables = tables_of(engine, ZONED, GRANTED)
    got = frame.plans(tables, playbook=BLENDED, **FIELDS)
    assert tuple(nw.from_native(got.moves).collect_schema().names()) == tuple(TABLES["moves"])
    columns = rows_of(ZONED, GRANTED)["moves"]
    more = collect(got.moves)
    appended = {name: (word, values + more[name]) for name, (word, values) in columns.items()}
    later = FIELDS | {"as_of": scenes.AS_OF + timedelta(days=1)}
    again = frame.decide(
        attrs.evolve(tables, moves=ENGINES[engine](appended)), playbook=BLENDED, **later
    )
    moves = [
        move
        for case in cases_of(ZONED, GRANTED, world=WORLD)
        for move in BLENDED.decide(
            case.lead, case.history, as_of=scenes.AS_OF, world=case.world
        ).moves
    ]
    wanted = singly(BLENDED, ZONED, [*GRANTED, *moves], **later)
    rows = collect(again.table)
    assert dict(zip(rows["lead_id"], rows["changes"], strict=True)) == {
        one: row["changes"] for one, row in wanted.items()
    }
    assert sum(rows["changes"]) < len(LEADS) // 3


def test_moves_are_instants_that_a_frame_of_moves_takes():
    """Of the same engine, moves go below the caller's own as they are."""
    tables = tables_of("polars", ZONED, GRANTED)
    got = frame.plans(tables, playbook=BLENDED, **FIELDS)
    both = pl.concat([tables.moves, got.moves], how="diagonal_relaxed")
    assert both.schema["occurred_at"] == pl.Datetime("us", "UTC")
    frame.decide(attrs.evolve(tables, moves=both), playbook=BLENDED, **FIELDS)


def test_more_processes_change_nothing():
    """Two processes plan what one does, and progress is told up to the total."""
    tables, told = tables_of("polars", ZONED, GRANTED), []
    got = frame.plans(
        tables,
        playbook=BLENDED,
        processes=2,
        progress=lambda done, total: told.append((done, total)),
        **FIELDS,
    )
    assert _differences(got, cases_of(ZONED, GRANTED, world=WORLD)) == []
    assert told == [(done, len(LEADS)) for done in range(1, len(LEADS) + 1)]


@pytest.mark.parametrize(
    "leads", [["lead-00003", "nobody"], ("nobody", "lead-00003"), {"lead-00003", "nobody"}]
)
def test_leads_can_be_named(leads):
    """Ids will do; one that no lead has is said to be none."""
    got = frame.plans(tables_of("duckdb", ZONED, GRANTED), playbook=BLENDED, leads=leads, **FIELDS)
    rows = collect(got.leads)
    assert dict(zip(rows["lead_id"], rows["error"], strict=True)) == {
        "lead-00003": None,
        "nobody": "bad-lead",
    }


@pytest.mark.parametrize("engine", QUICK)
def test_nobody_is_no_rows(engine):
    """Without leads that are wanted the tables are there, and empty."""
    got = frame.plans(tables_of(engine, ZONED, GRANTED), playbook=BLENDED, leads=[], **FIELDS)
    assert [collect(table)["lead_id"] for _, table in got] == [[]] * 7
    assert got.planned == 0


def test_a_row_that_is_no_record_is_left_out_and_said():
    """A lead with a control character is an error in its row; a bad touch is counted."""
    leads = ENGINES["polars"]({"id": ("text", ["a", "b"]), "notes": ("text", ["a\x07b", None])})
    touches = ENGINES["polars"](
        {
            "id": ("text", ["t1"]),
            "lead_id": ("text", ["b"]),
            "kind": ("text", ["call"]),
            "topic": ("text", ["a\x07b"]),
            "occurred_at": ("instant", [scenes.AS_OF - timedelta(days=1)]),
        }
    )
    got = frame.plans(frame.Tables(leads, touches), playbook=BLENDED, **FIELDS)
    assert dict(zip(*(got.leads[one] for one in ("lead_id", "error")), strict=True)) == {
        "a": "bad-lead",
        "b": None,
    }
    assert [(one.table, one.rows, one.examples) for one in got.unread()] == [
        ("leads", 1, ("a",)),
        ("touches", 1, ("t1",)),
    ]


@pytest.mark.parametrize(
    ("leads", "code"),
    [
        ("lead-00003", "not-a-frame"),
        (7, "not-a-frame"),
        (ENGINES["pyarrow"]({"lead_id": ("text", ["lead-00003"])}), "mixed-frames"),
    ],
)
def test_what_names_no_leads_is_refused(leads, code):
    """A text, a number or another kind of frame is an error that names the argument."""
    with pytest.raises(CallError) as caught:
        frame.plans(tables_of("polars", ZONED, ()), playbook=BLENDED, leads=leads, **FIELDS)
    assert (caught.value.code, caught.value.argument) == (code, "leads")


def test_a_frame_without_ids_is_refused():
    """A frame of leads needs the column that says which."""
    leads = pl.DataFrame({"id": ["lead-00003"]})
    with pytest.raises(InputError) as caught:
        frame.plans(tables_of("polars", ZONED, ()), playbook=BLENDED, leads=leads, **FIELDS)
    assert (caught.value.code, caught.value.column) == ("missing-column", "lead_id")


def test_a_naive_instant_is_refused():
    """An instant without a time zone is refused before any work."""
    with pytest.raises(RecordError):
        frame.plans(
            tables_of("polars", ZONED, ()),
            playbook=BLENDED,
            as_of=scenes.AS_OF.replace(tzinfo=None),
        )
