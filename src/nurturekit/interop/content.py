"""A content library from a table: columns are the fields of `Content`."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import attrs

from nurturekit.errors import RecordError
from nurturekit.interop.cells import field_names, instant, whole
from nurturekit.interop.findings import Report, Tally
from nurturekit.interop.rows import check_columns, refuse, require
from nurturekit.interop.table import open_table
from nurturekit.records import Content, FrozenMap

_NEEDED = ("id", "published_at")


@attrs.frozen(kw_only=True)
class Library:
    """Content read from a file: `World(content=library.by_id)` takes it.

    Args:
        by_id: The pieces, in the file's order.
        report: What was wrong with the other rows.
    """

    by_id: Mapping[str, Content]
    report: Report


def read_content(path: str | Path) -> Library:
    """Read a content library from a comma-separated file.

    Columns are the fields of `Content`, `id` and `published_at` at least; an empty cell is the
    field's default. Several topics, pain points, personas or channels stand in one cell, with
    semicolons between them.

    Args:
        path: The file.

    Raises:
        InputError: When the file itself is wrong, or every row for the same reason.
    """
    tally = Tally(str(path))
    found: dict[str, Content] = {}
    with open_table(path, required=_NEEDED) as table:
        check_columns(table.columns, field_names(Content), source=table.source)
        for row in table.rows:
            tally.rows += 1
            if row.problem is not None:
                tally.skip("wrong-width", row.line, row.problem)
                continue
            try:
                piece = _piece(row.cells)
            except RecordError as error:
                refuse(tally, row.line, error)
                continue
            if found.setdefault(piece.id, piece) != piece:
                problem = "has the id of an earlier row with other content; the earlier one counts"
                tally.skip("duplicate-id", row.line, problem, "id")
    return Library(by_id=FrozenMap(found), report=tally.report())


def _piece(cells: Mapping[str, str]) -> Content:
    require(cells, _NEEDED, record="Content")
    values = {name: _read(name, text) for name, text in cells.items()}
    return Content(**cast("dict[str, Any]", values))


def _read(name: str, text: str) -> object:
    reader = _READERS.get(name)
    return text.strip() if reader is None else reader(text, field=f"Content.{name}")


def _texts(text: str, *, field: str) -> tuple[str, ...]:
    del field
    return tuple(part.strip() for part in text.split(";") if part.strip())


_READERS: Mapping[str, Callable[..., object]] = FrozenMap(
    {
        "published_at": instant,
        "retired_at": instant,
        "fresh_days": whole,
        "topics": _texts,
        "pain_points": _texts,
        "personas": _texts,
        "channels": _texts,
    }
)
