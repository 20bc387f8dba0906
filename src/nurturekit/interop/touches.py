"""Touches from a table: one row each, its columns the fields of `Touch`."""

from collections.abc import Callable, Container, Mapping
from pathlib import Path
from typing import Any

from nurturekit.errors import RecordError
from nurturekit.interop.cells import day, field_names, flag, instant, number, whole
from nurturekit.interop.findings import Tally
from nurturekit.interop.rows import Records, Versions, check_columns, is_orphan, refuse, require
from nurturekit.interop.table import Row, open_table
from nurturekit.records import FrozenMap, Touch

_REQUIRED = ("id", "lead_id", "kind", "occurred_at")

# How cells become values; every other column is text.
_CELLS: Mapping[str, Callable[..., object]] = FrozenMap(
    {
        "occurred_at": instant,
        "recorded_at": instant,
        "automated": flag,
        "next_attempt_on": day,
        "value": number,
        "revision": whole,
    }
)


def read_touches(path: str | Path, *, known: Container[str] | None = None) -> Records:
    """Read touches from a comma-separated file.

    Columns are the fields of `Touch`; `id`, `lead_id`, `kind` and `occurred_at` (RFC 3339) must
    be there.

    Args:
        path: The file.
        known: Ids of the leads there are; a touch of another lead is counted and left out.

    Raises:
        InputError: When the file itself is wrong, or every row for the same reason.
    """
    tally = Tally(str(path))
    touches: list[Touch] = []
    versions = Versions(tally)
    with open_table(path, required=_REQUIRED) as table:
        check_columns(table.columns, field_names(Touch), source=table.source)
        for row in table.rows:
            tally.rows += 1
            touch = _read(row, tally)
            if touch is not None and not is_orphan(touch, known, tally, row.line):
                versions.see(touch, row.line)
                touches.append(touch)
    return Records(records=tuple(touches), report=tally.report())


def _read(row: Row, tally: Tally) -> Touch | None:
    if row.problem is not None:
        tally.skip("wrong-width", row.line, row.problem)
        return None
    try:
        require(row.cells, _REQUIRED, record="Touch")
        return Touch(**{name: _value(name, text) for name, text in row.cells.items()})
    except RecordError as error:
        refuse(tally, row.line, error)
        return None


def _value(name: str, text: str) -> Any:  # noqa: ANN401 - the type is the column's
    reader = _CELLS.get(name)
    return text if reader is None else reader(text, field=f"Touch.{name}")
