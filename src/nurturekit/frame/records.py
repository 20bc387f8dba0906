"""Rows of tables as records, for leads that are decided one by one.

What a row says here is what the columns say: the same good rows, the same epoch microseconds, so
that no engine's own notion of time comes in between.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import narwhals as nw

from nurturekit.errors import RecordError
from nurturekit.frame.engines import collected, us_of
from nurturekit.frame.schema import DAY, INSTANT, TEXTS
from nurturekit.frame.tables import Prepared, Table
from nurturekit.identity import stable_id
from nurturekit.instants import EPOCH, from_us
from nurturekit.interop.cases import Case, cases
from nurturekit.interop.findings import Report
from nurturekit.interop.leads import Leads
from nurturekit.records import (
    EMPTY_WORLD,
    Consent,
    Fact,
    FrozenMap,
    Lead,
    Move,
    Opening,
    Record,
    Touch,
    World,
)

Lazy = nw.LazyFrame[Any]
# Inference: few enough that their records fit beside everything else, many enough for few scans.
LEADS_AT_ONCE = 20_000
_RECORDS: Mapping[str, Callable[..., Record]] = FrozenMap(
    {"touches": Touch, "facts": Fact, "consents": Consent, "moves": Move, "openings": Opening}
)
_LEAD = ("account", "person_id", "zone", "language")


def histories(
    prepared: Prepared, lead_ids: Sequence[str] | None = None, *, world: World = EMPTY_WORLD
) -> Iterator[Case]:
    """Yield leads with their histories, and with the account's and person's others in their world.

    Args:
        prepared: The tables.
        lead_ids: Which leads; all if not given.
        world: What all leads share.
    """
    if lead_ids is None:
        lead_ids = collected(prepared.leads.rows.select("id"))["id"]
    for start in range(0, len(lead_ids), LEADS_AT_ONCE):
        wanted = list(lead_ids[start : start + LEADS_AT_ONCE])
        chosen = set(wanted)
        leads, records = _read(prepared, wanted)
        yield from (case for case in cases(leads, records, world=world) if case.lead.id in chosen)


def _read(prepared: Prepared, wanted: list[str]) -> tuple[Leads, list[Record]]:
    table = prepared.leads
    small = prepared.small(id=wanted)
    rows = _related(table, small)
    leads = dict(_leads(table, rows))
    ids = prepared.small(lead_id=list(leads)) if leads else None
    found = Leads(by_id=leads, openings={}, report=Report())
    records = [
        record
        for name, one in prepared.tables.items()
        if name != "leads" and ids is not None
        for record in _records(one, one.rows.join(ids, on="lead_id", how="semi"))
    ]
    return found, records


def _related(table: Table, wanted: Lazy) -> Lazy:
    """Return the wanted leads, and the others of their accounts and persons."""
    rows = table.rows
    mine = rows.join(wanted, on="id", how="semi")
    parts = [mine]
    for name in ("account", "person_id"):
        if table.has(name):
            shared = mine.filter(~nw.col(name).is_null()).select(name).unique(name)
            parts.append(rows.join(shared, on=name, how="semi"))
    return nw.concat(parts, how="vertical").unique("id") if len(parts) > 1 else mine


def _leads(table: Table, rows: Lazy) -> Iterator[tuple[str, Lead]]:
    attributes = [name for name in table.words if name != "id" and name not in _LEAD]
    for row in _rows(table, rows):
        fields = {name: row[name] for name in _LEAD if row.get(name) is not None}
        known = {name: row[name] for name in attributes if row.get(name) is not None}
        try:
            yield row["id"], Lead(id=row["id"], attributes=known, **fields)
        except RecordError:
            continue


def _records(table: Table, rows: Lazy) -> Iterator[Record]:
    make = _RECORDS[table.name]
    seen: dict[tuple[object, ...], int] = {}
    for row in _rows(table, rows):
        fields = {name: value for name, value in row.items() if value is not None}
        if "id" not in fields:
            # A table without ids: equal rows are told apart by their number.
            content = tuple(sorted((name, str(value)) for name, value in fields.items()))
            seen[content] = number = seen.get(content, 0) + 1
            fields["id"] = stable_id(table.name, content, number)
        if table.name == "facts":
            fields = _with_value(fields)
        try:
            yield make(**fields)
        except RecordError:
            continue


def _with_value(fields: dict[str, Any]) -> dict[str, Any]:
    values = [
        fields.pop(name, None) for name in ("value", "value_number", "value_flag", "value_day")
    ]
    fields["value"] = next((value for value in values if value is not None), None)
    return fields


def _rows(table: Table, rows: Lazy) -> Iterator[dict[str, Any]]:
    """Yield rows as Python values by column."""
    source = {name: _source(name, word) for name, word in table.words.items()}
    names = {name: one for name, one in source.items() if one is not None}
    columns = collected(rows.select(*(nw.col(one).alias(name) for name, one in names.items())))
    readers = [(name, _READERS.get(table.words[name]), columns[name]) for name in names]
    for at in range(len(columns[next(iter(names))])):
        yield {
            name: values[at] if read is None or values[at] is None else read(values[at])
            for name, read, values in readers
        }


def _source(name: str, word: str) -> str | None:
    if word == INSTANT:
        return us_of(name)
    return f"{name}_n" if word == DAY else name


def _date(number: int) -> date:
    return date.fromordinal(EPOCH.toordinal() + number)


_READERS: Mapping[str, Callable[[Any], Any]] = FrozenMap(
    {INSTANT: from_us, DAY: _date, TEXTS: tuple}
)
