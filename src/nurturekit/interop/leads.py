"""Leads from a table: columns are the fields of `Lead`, `opening_...` ones, or attributes."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import attrs

from nurturekit.errors import InputError, RecordError
from nurturekit.interop.cells import attribute, column_of, day, flag, instant
from nurturekit.interop.findings import Report, Tally
from nurturekit.interop.rows import check_columns
from nurturekit.interop.table import Row, Table, open_table
from nurturekit.records import History, Lead, Opening

_FIELDS = ("id", "account", "person_id", "zone", "language")
_PREFIX = "opening_"
_OPENING = ("at", "stage", "team", "rep", "since", "next_attempt_on", "opted_out")


@attrs.frozen(kw_only=True)
class Leads:
    """Leads read from a file.

    Args:
        by_id: The leads, in the file's order.
        openings: Lead id to what its CRM columns said, where they said something.
        report: What was wrong with the other rows.
    """

    by_id: Mapping[str, Lead]
    openings: Mapping[str, Opening]
    report: Report


def read_leads(path: str | Path) -> Leads:
    """Read leads from a comma-separated file.

    Columns `id`, `account`, `person_id`, `zone` and `language` are the lead's own; `opening_at`,
    `opening_stage`, `opening_team`, `opening_rep`, `opening_since`, `opening_next_attempt_on` and
    `opening_opted_out` start its history; every other column is an attribute. A cell is text
    unless it plainly is a number, `true` or `false`; an empty one is unknown.

    Args:
        path: The file.

    Raises:
        InputError: When the file itself is wrong, every row for the same reason, or `no-rows`.
    """
    tally = Tally(str(path))
    found: dict[str, tuple[Lead, Opening | None]] = {}
    with open_table(path, required=("id",)) as table:
        _check_opening_columns(table)
        for row in table.rows:
            tally.rows += 1
            read = _read(row, tally)
            if read is None:
                continue
            first = found.setdefault(read[0].id, read)
            if first != read:
                problem = "has the id of an earlier row with other content; the earlier one counts"
                tally.skip("duplicate-id", row.line, problem, "id")
    if not tally.rows:
        raise InputError(
            "no-rows", source=tally.source, problem="has a header but no rows: no lead to decide"
        )
    return Leads(
        by_id={lead_id: lead for lead_id, (lead, _) in found.items()},
        openings={lead_id: opening for lead_id, (_, opening) in found.items() if opening},
        report=tally.report(),
    )


def _check_opening_columns(table: Table) -> None:
    columns = [name for name in table.columns if name.startswith(_PREFIX)]
    check_columns(columns, _OPENING, source=table.source, prefix=_PREFIX)
    if columns and f"{_PREFIX}at" not in columns:
        raise InputError(
            "missing-column",
            source=table.source,
            line=1,
            column=f"{_PREFIX}at",
            problem=f"is missing: `{columns[0]}` needs the instant it was true at",
        )


def _read(row: Row, tally: Tally) -> tuple[Lead, Opening | None] | None:
    if row.problem is not None:
        tally.skip("wrong-width", row.line, row.problem)
        return None
    try:
        return _lead(row.cells), _opening(row.cells)
    except RecordError as error:
        # An opening's fields come from columns with a prefix.
        record, _, name = error.field.partition(".")
        column = _PREFIX + name if record == "Opening" else column_of(error.field)
        tally.skip(error.code, row.line, error.problem, column)
        return None


def _lead(cells: Mapping[str, str]) -> Lead:
    attributes = {
        name: attribute(text)
        for name, text in cells.items()
        if name not in _FIELDS and not name.startswith(_PREFIX)
    }
    fields = {name: cells.get(name) for name in _FIELDS[1:]}
    return Lead(id=cells.get("id", ""), attributes=attributes, **fields)


def _opening(cells: Mapping[str, str]) -> Opening | None:
    texts = {name: cells[_PREFIX + name] for name in _OPENING if _PREFIX + name in cells}
    if not texts:
        return None
    values: dict[str, object] = dict(texts)
    if "at" not in texts:
        raise RecordError(
            "missing-value",
            field="Lead.opening_at",
            problem="is empty beside other opening columns",
        )
    at = instant(values.pop("at"), field="Lead.opening_at")
    for name in ("since", "next_attempt_on"):
        if name in texts:
            values[name] = day(texts[name], field=f"Lead.{_PREFIX}{name}")
    if "opted_out" in texts:
        values["opted_out"] = flag(texts["opted_out"], field="Lead.opening_opted_out")
    return cast("Opening", History.opening(lead_id=cells.get("id", ""), at=at, **values).records[0])
