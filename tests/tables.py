"""Leads and records as columns for any engine, and what single decisions say of them.

The other way round from `nurturekit.frame.records`, so that neither can hide what the other does.
"""

import datetime as dt
from collections import Counter
from decimal import Decimal

import attrs

import nurturekit as nk
from nurturekit import frame
from nurturekit.errors import NurtureError
from nurturekit.frame.decided import DECIDED
from nurturekit.frame.explaining import COLUMNS
from nurturekit.frame.schema import TABLES
from nurturekit.interop.cases import cases
from nurturekit.interop.findings import Report
from nurturekit.interop.leads import Leads
from tests.engines import ENGINES, collect

RECORDS = {
    "touches": nk.Touch,
    "facts": nk.Fact,
    "consents": nk.Consent,
    "moves": nk.Move,
    "openings": nk.Opening,
}


def kind_of(values):
    """Return what a column of values holds, by its first value."""
    first = next((value for value in values if value is not None), None)
    if isinstance(first, bool):
        return "flag"
    if isinstance(first, int):
        whole = all(value is None or type(value) is int for value in values)
        return "whole" if whole else "number"
    if isinstance(first, float | Decimal):
        return "number"
    return "day" if isinstance(first, dt.date) else "text"


def plain(value, word):
    """Return a value as a column holds it."""
    if value is None:
        return None
    if word == "number":
        return float(value)
    if word == "texts":
        return list(value)
    return str(value) if word == "text" else value


def rows_of(leads, records):
    """Return each table's columns; a table without rows is left out."""
    tables = {"leads": lead_rows(leads)}
    for name, kind in RECORDS.items():
        mine = [record for record in records if type(record) is kind]
        if mine:
            tables[name] = record_rows(name, mine)
    return tables


def lead_rows(leads):
    """Return the leads' columns, their attributes among them."""
    rows = {"id": ("text", [lead.id for lead in leads])}
    for name in ("account", "person_id", "zone", "language"):
        rows[name] = ("text", [getattr(lead, name) for lead in leads])
    for name in sorted({name for lead in leads for name in lead.attributes}):
        values = [lead.attributes.get(name) for lead in leads]
        word = kind_of(values)
        rows[name] = (word, [plain(value, word) for value in values])
    return rows


def record_rows(table, records):
    """Return the columns of records of one kind."""
    rows = {}
    for name, column in TABLES[table].items():
        if name.startswith("value_") or (table == "facts" and name == "value"):
            continue
        values = [getattr(record, name) for record in records]
        rows[name] = (column.word, [plain(value, column.word) for value in values])
    if table == "facts":
        for name, word in (
            ("value", "text"),
            ("value_number", "number"),
            ("value_flag", "flag"),
            ("value_day", "day"),
        ):
            rows[name] = (word, [typed(record.value, word) for record in records])
    return rows


def typed(value, word):
    """Return a fact's value where its column is the one it belongs in."""
    kinds = {"text": str, "flag": bool, "number": int | float | Decimal, "day": dt.date}
    is_flag = isinstance(value, bool)
    if not isinstance(value, kinds[word]) or (is_flag and word != "flag"):
        return None
    return plain(value, word)


def tables_of(engine, leads, records):
    """Return leads and records as an engine's tables."""
    make = ENGINES[engine]
    return frame.Tables(**{name: make(rows) for name, rows in rows_of(leads, records).items()})


def unique(records):
    """Return the last of the records of each kind, lead and id: tables have unique ids."""
    return list({(type(one), one.lead_id, one.id): one for one in records}.values())


def cases_of(leads, records, *, world):
    """Return leads with their histories, and the others whom they see."""
    found = Leads(by_id={lead.id: lead for lead in leads}, openings={}, report=Report())
    return list(cases(found, records, world=attrs.evolve(world, peers=())))


def singly(playbook, leads, records, *, as_of, world, known_at=None):
    """Return what single decisions say of each lead, by column."""
    return {
        case.lead.id: one(playbook, case, as_of=as_of, known_at=known_at)
        for case in cases_of(leads, records, world=world)
    }


def one(playbook, case, *, as_of, known_at):
    """Return what a single decision says, by column."""
    try:
        decision = playbook.decide(
            case.lead, case.history, as_of=as_of, known_at=known_at, world=case.world
        )
    except NurtureError as error:
        return {"error": error.code}
    row = scored(playbook.scoring, decision.score)
    return row | {name: read(decision) for name, read in DECIDED.items()} | {"error": None}


# The parts of a decision that a plan's tables hold, and where each stands in a decision.
PARTS = {
    "actions": "actions",
    "blocked": "blocked",
    "alerts": "alerts",
    "requests": "request",
    "moves": "moves",
    "reasons": "reasons",
}


def planned(playbook, found, *, as_of):
    """Return what single decisions hold, by the tables of plans: each a list of rows in order."""
    tables = {name: [] for name in ("leads", *PARTS)}
    for case in found:
        decision = playbook.decide(case.lead, case.history, as_of=as_of, world=case.world)
        row = {name: read(decision) for name, read in DECIDED.items()}
        said = {"assumptions": decision.assumptions, "notes": decision.notes}
        tables["leads"].append({"lead_id": case.lead.id} | row | said)
        for name, part in PARTS.items():
            values = getattr(decision, part)
            values = values if isinstance(values, tuple) else [one for one in [values] if one]
            for place, value in enumerate(values, 1):
                fields = said_of(value) | (said_of(value.action) if name == "blocked" else {})
                row = {"lead_id": case.lead.id} | fields
                tables[name].append(row if name == "moves" else row | {"place": place})
    return {name: in_order(rows) for name, rows in tables.items()}


def said_of(value):
    """Return the fields of a value that say something."""
    fields = {} if value is None else attrs.asdict(value, recurse=False, filter=_says_something)
    return {
        name: one.isoformat() if isinstance(one, dt.datetime) else one
        for name, one in fields.items()
    }


def _says_something(field, value):
    return field.init and field.name not in ("action", "hours") and value is not None


def planned_table(native):
    """Return a table of plans as rows in order, without what is missing."""
    columns = collect(native)
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return in_order(
        {
            name: value.isoformat() if isinstance(value, dt.datetime) else value
            for name, value in row.items()
            if value is not None and name != "hours"
        }
        for row in rows
    )


def in_order(rows):
    """Return rows of plain values, in one order."""
    plainly = [
        {name: _plainly(value) for name, value in row.items() if value is not None} for row in rows
    ]
    return sorted(plainly, key=lambda row: sorted(map(repr, row.items())))


def _plainly(value):
    if isinstance(value, str):
        return str(value)
    return [str(one) for one in value] if hasattr(value, "__iter__") else value


def scored(model, score):
    """Return what a score says, by column."""
    row = {"score_milli": score.milli}
    row |= {f"{name}_milli": milli for name, milli in score.dimensions.items()}
    if model.positions is not None:
        row["position"] = None if score.position is None else str(score.position)
    if model.grid is not None:
        row["grade"] = score.grade
    if model.bands is not None:
        row["band"] = model.band(score)
    return row


# What of an explanation is compared: each column, and how it is read from a single score's rows.
_EXPLAINED = {
    "level": "level",
    "name": "name",
    "dimension": "dimension",
    "points_milli": "milli",
    "raw_milli": "raw_milli",
    "decayed_milli": "decayed_milli",
    "capped_milli": "capped_milli",
}


def explained(score):
    """Return the rows that add up to a score and say something, in one order."""
    rows = [
        {column: getattr(one, name) for column, name in _EXPLAINED.items()}
        | {"is_unknown": bool(one.unknown)}
        for one in score.contributions
    ]
    return sorted(filter(_says, rows), key=_place)


def explained_table(native):
    """Return an engine's explanation by lead, as `explained` has it."""
    columns = collect(native)
    assert tuple(columns) == COLUMNS
    found = {}
    for values in zip(*columns.values(), strict=True):
        row = dict(zip(columns, values, strict=True))
        found.setdefault(row.pop("lead_id"), []).append(row)
    return {lead_id: sorted(filter(_says, rows), key=_place) for lead_id, rows in found.items()}


def _says(row):
    return bool(row["points_milli"] or row["raw_milli"] or row["is_unknown"])


def _place(row):
    return row["level"], row["name"], row["dimension"]


def by_lead(native):
    """Return an engine's answer as rows by lead."""
    columns = collect(native)
    names = [name for name in columns if name != "lead_id"]
    rows = zip(*(columns[name] for name in names), strict=True)
    found = [dict(zip(names, row, strict=True)) for row in rows]
    assert len(set(columns["lead_id"])) == len(found)
    return dict(zip(columns["lead_id"], found, strict=True))


def differences(got, wanted):
    """Return every cell that differs, as (lead, column, got, wanted), types included."""
    assert set(got) == set(wanted)
    return [
        (lead_id, name, got[lead_id].get(name), value)
        for lead_id, row in wanted.items()
        for name, value in row.items()
        if not same(got[lead_id].get(name), value)
    ]


def same(got, wanted):
    """Say whether two cells are the same: a whole number isn't a float, a bool isn't a number."""
    return got == wanted and type(got) is type(wanted)


def cells(wanted):
    """Return how many cells are compared, by column."""
    return Counter(name for row in wanted.values() for name in row)
