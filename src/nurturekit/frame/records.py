"""The rows of tables as the records that they are: leads with their histories, a batch at a time.

Only good rows are read, and of instants and dates only their whole numbers: no engine's own idea
of a time zone takes part. What still can't be a record is left out, and counted in `Unread`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import attrs
import narwhals as nw

from nurturekit.errors import RecordError
from nurturekit.frame.engines import collected, computed, us_of
from nurturekit.frame.found import Found
from nurturekit.frame.opening import PREFIX
from nurturekit.frame.schema import DAY, INSTANT, TEXTS, UNREAD
from nurturekit.frame.tables import Prepared, Table
from nurturekit.identity import stable_id
from nurturekit.instants import EPOCH, from_us
from nurturekit.interop import Case, Leads, Report, cases
from nurturekit.interop.findings import EXAMPLES
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
Row = dict[str, Any]
# Convention: so many leads' records in memory at once, and one reading of the files for each.
AT_ONCE = 10_000

_RECORDS: Mapping[str, type[Record]] = FrozenMap(
    {"touches": Touch, "facts": Fact, "consents": Consent, "moves": Move, "openings": Opening}
)
_FIELDS = ("id", "account", "person_id", "zone", "language")
# By which leads see each other.
SHARED = ("account", "person_id")
# Where a fact's value may stand; the first that says something counts.
_VALUES = ("value", "value_number", "value_flag", "value_day")


class Unread:
    """Counts rows that looked good in columns and still can't be records."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._examples: dict[tuple[str, str, str], list[str]] = {}

    def count(self, table: str, row_id: str, error: RecordError) -> None:
        """Count a row that is left out."""
        column = error.field.removeprefix("Lead.attributes.").rpartition(".")[2]
        place = table, error.code, column
        self._counts[place] += 1
        examples = self._examples.setdefault(place, [])
        if len(examples) < EXAMPLES:
            examples.append(row_id)

    def found(self) -> tuple[Found, ...]:
        """Return what was left out, by table and kind."""
        return tuple(
            Found(
                table=table,
                code=code,
                column=column,
                rows=rows,
                examples=tuple(sorted(self._examples[table, code, column])),
            )
            for (table, code, column), rows in sorted(self._counts.items())
        )


def histories(
    prepared: Prepared,
    lead_ids: Iterable[str] | None = None,
    *,
    world: World = EMPTY_WORLD,
    unread: Unread | None = None,
    at_once: int = AT_ONCE,
) -> Iterator[Case]:
    """Yield leads with their histories and worlds, as the single decision takes them.

    Args:
        prepared: The tables.
        lead_ids: The leads that are wanted, in the order in which they come; all if not given,
            those of one account next to each other.
        world: What all leads share; the others of a lead's account and person are added.
        unread: Counts what can't be a lead or record; such a lead isn't yielded.
        at_once: How many leads are in memory at once, the others of their accounts aside; the
            tables are read once for each so many.
    """
    counting = Unread() if unread is None else unread
    for batch in batches(prepared, lead_ids, at_once):
        yield from cases_in(prepared, batch, world=world, unread=counting)


def batches(
    prepared: Prepared, lead_ids: Iterable[str] | None, at_once: int = AT_ONCE
) -> Iterator[list[str]]:
    """Yield the ids of leads, so many at once; see `histories`."""
    if lead_ids is not None:
        distinct = list(dict.fromkeys(lead_ids))
        yield from (distinct[at : at + at_once] for at in range(0, len(distinct), at_once))
        return
    leads = prepared.leads
    order = [*(name for name in SHARED if leads.has(name)), "id"]
    ids = computed(leads.rows.select(*order).unique("id").sort(*order))["id"]
    for at in range(0, len(ids), at_once):
        yield ids[at : at + at_once].to_list()


def cases_in(
    prepared: Prepared, batch: list[str], *, world: World, unread: Unread
) -> Iterator[Case]:
    """Yield the leads of a batch with their histories and worlds."""
    forms = forms_of(prepared)
    leads = list(_rows_of_leads(prepared, forms["leads"], batch))
    if not leads:
        return
    ids = prepared.small(lead_id=list(dict.fromkeys(row["id"] for row in leads)))
    rows: dict[str, Iterable[Row]] = {"leads": leads}
    for name in forms:
        if name != "leads":
            mine = prepared.tables[name].rows.join(ids, on="lead_id", how="semi")
            rows[name] = _read(forms[name], mine)
    yield from cases_of(forms, rows, batch, world=world, unread=unread)


def _rows_of_leads(prepared: Prepared, form: "Form", batch: list[str]) -> Iterator[Row]:
    """Yield the rows of the leads, and of the others of their accounts and persons."""
    table = prepared.leads
    mine = table.rows.join(prepared.small(id=batch), on="id", how="semi")
    yield from _read(form, mine)
    for name in SHARED:
        if table.has(name):
            shared = mine.select(name).filter(~nw.col(name).is_null()).unique(name)
            yield from _read(form, table.rows.join(shared, on=name, how="semi"))


def _read(form: "Form", frame: Lazy) -> Iterator[Row]:
    """Yield rows without their missing values, instants and dates as whole numbers."""
    columns = collected(frame.select(**{name: nw.col(one) for name, one in form.places.items()}))
    yield from map(form.row, zip(*(columns[name] for name in form.places), strict=True))


# ------------------------------------------------------------------------- rows become records
@attrs.frozen(kw_only=True)
class Form:
    """How rows of a table are read: all that another process needs to know of the table.

    Args:
        name: Which table.
        words: What each column that is read holds.
        places: What is read in place of each column, in order: of instants and dates the numbers.
    """

    name: str
    words: Mapping[str, str]
    places: Mapping[str, str]

    def row(self, cells: Iterable[Any]) -> Row:
        """Return a row of its cells, without those that are missing."""
        pairs = zip(self.places, cells, strict=True)
        return {name: cell for name, cell in pairs if cell is not None}

    def values(self, row: Row) -> Row:
        """Return a row with instants, dates and texts as records hold them."""
        made = dict(row)
        for name, word in self.words.items():
            if word in _IN_PLACE and name in row:
                made[name] = _IN_PLACE[word][1](row[name])
        return made


def forms_of(prepared: Prepared) -> Mapping[str, Form]:
    """Return how rows of each table are read."""
    return {name: _form(table) for name, table in prepared.tables.items()}


def _form(table: Table) -> Form:
    words = {one: word for one, word in table.words.items() if not _is_foreign(table, one)}
    places = {one: _IN_PLACE.get(word, (str, None))[0](one) for one, word in words.items()}
    return Form(name=table.name, words=FrozenMap(words), places=FrozenMap(places))


def _is_foreign(table: Table, name: str) -> bool:
    # No attribute can be an instant; a criterion that reads one is refused.
    return name == UNREAD or (table.name == "leads" and table.words[name] == INSTANT)


def cases_of(
    forms: Mapping[str, Form],
    rows: Mapping[str, Iterable[Row]],
    wanted: Iterable[str],
    *,
    world: World,
    unread: Unread,
) -> Iterator[Case]:
    """Yield the wanted leads with their histories and worlds, in their order.

    Args:
        forms: How the tables' rows are read.
        rows: The rows of each table: the wanted leads', and those of the others that they see.
        wanted: The leads that are wanted; one that has no row, or none that can be a lead, isn't
            yielded.
        world: What all leads share.
        unread: Counts rows of wanted leads that can't be records. Those of the others are counted
            where it is their turn.
    """
    mine, leads = dict.fromkeys(wanted), {}
    of_leads = {row["id"]: row for row in rows["leads"]}
    for lead_id in [*(one for one in mine if one in of_leads), *sorted(of_leads.keys() - mine)]:
        try:
            leads[lead_id] = _lead(forms["leads"], of_leads[lead_id])
        except RecordError as error:
            if lead_id in mine:
                unread.count("leads", lead_id, error)
    records = _records(forms, rows, frozenset(leads), frozenset(mine), unread)
    known = Leads(by_id=leads, openings={}, report=Report())
    yield from (one for one in cases(known, records, world=world) if one.lead.id in mine)


def _lead(form: Form, row: Row) -> Lead:
    values = form.values(row)
    fields = {name: values.pop(name) for name in _FIELDS if name in values}
    return Lead(**fields, attributes=values)


def _records(
    forms: Mapping[str, Form],
    rows: Mapping[str, Iterable[Row]],
    leads: frozenset[str],
    mine: frozenset[str],
    unread: Unread,
) -> Iterator[Record]:
    for name, found in rows.items():
        if name == "leads":
            continue
        form, make = forms[name], _RECORDS[name]
        for row in found if "id" in form.words else _with_ids(name, found):
            if row["lead_id"] not in leads:
                continue
            try:
                yield make(**_fields(form, row))
            except RecordError as error:
                if row["lead_id"] in mine:
                    unread.count(name, row["id"], error)


def _fields(form: Form, row: Row) -> Row:
    values = form.values(row)
    if form.name == "openings" and row["id"] == PREFIX + row["lead_id"]:
        values["id"] = stable_id("opening", row["lead_id"], row["occurred_at"])
    if form.name != "facts":
        return values
    told = [values.pop(name) for name in _VALUES if name in values]
    return values | {"value": told[0]} if told else values


def _with_ids(name: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Give rows of a table without ids some that stay: what the row says, and which of its like."""
    seen: Counter[str] = Counter()
    for row in rows:
        made = stable_id(name, sorted(row.items()))
        seen[made] += 1
        yield {"id": f"{made}-{seen[made]}", **row}


def _day(days: int) -> date:
    try:
        return date.fromordinal(EPOCH.toordinal() + days)
    except (ValueError, OverflowError) as error:
        raise RecordError("bad-date", field="day", problem="names no real date") from error


# What is read in place of a column itself, and how it becomes what a record holds.
_IN_PLACE: Mapping[str, tuple[Callable[[str], str], Callable[[Any], Any]]] = FrozenMap(
    {INSTANT: (us_of, from_us), DAY: (lambda name: f"{name}_n", _day), TEXTS: (str, tuple)}
)
