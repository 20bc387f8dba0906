"""Comma-separated files as rows of text; whatever is wrong with the file itself stops here.

Rules: UTF-8, with or without a byte-order mark; commas; one header line whose names are unique;
blank lines don't count. Anything else is an `InputError` with its line.
"""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import attrs

from nurturekit.errors import InputError, did_you_mean

_OTHER_SEPARATORS = {";": "a semicolon", "\t": "a tab", "|": "a bar"}


@attrs.frozen(kw_only=True)
class Row:
    """One line of a table: its cells by column, the empty ones left out.

    Args:
        line: Where it starts in the file, from 1.
        cells: Column to text, without empty cells.
        problem: What is wrong with the row as a whole, or None.
    """

    line: int
    cells: dict[str, str]
    problem: str | None = None


@attrs.frozen(kw_only=True)
class Table:
    """An open table: its column names, and its rows, to be read once.

    Args:
        line: Where its header starts, from 1.
    """

    source: str
    line: int
    columns: tuple[str, ...]
    rows: Iterator[Row]


@contextmanager
def open_text(path: str | Path) -> Iterator[IO[str]]:
    """Open a UTF-8 file for reading.

    Raises:
        InputError: `cannot-read`, `not-utf-8`.
    """
    source = str(path)
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            yield file
    except OSError as error:
        raise InputError(
            "cannot-read", source=source, problem=f"can't be read: {error.strerror}"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            "not-utf-8",
            source=source,
            line=_undecodable_line(path),
            problem="isn't UTF-8: save it as UTF-8 (in a spreadsheet, `CSV UTF-8`)",
        ) from error


def _undecodable_line(path: str | Path) -> int:
    with Path(path).open("rb") as file:
        return next(line for line, raw in enumerate(file, start=1) if not _is_utf8(raw))


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@contextmanager
def open_table(path: str | Path, *, required: Iterable[str]) -> Iterator[Table]:
    """Open a comma-separated file and check its header.

    Args:
        path: The file.
        required: Columns that it can't do without.

    Raises:
        InputError: `empty-file`, `wrong-separator`, `missing-column`, `unnamed-column`,
            `duplicate-column`, `bad-csv`, and what `open_text` raises.
    """
    source = str(path)
    with open_text(path) as file:
        lines = _filled(file, source)
        header = next(lines, None)
        if header is None:
            raise InputError(
                "empty-file", source=source, problem="is empty: export it again, with a header"
            )
        line, columns = header
        _check_header(columns, tuple(required), source=source, line=line)
        yield Table(source=source, line=line, columns=tuple(columns), rows=_rows(lines, columns))


def _filled(file: IO[str], source: str) -> Iterator[tuple[int, list[str]]]:
    # Rows with something in them, each with the line it starts on.
    reader = csv.reader(file, strict=True)
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise InputError(
                "bad-csv", source=source, line=start, problem=f"can't be split: {error}"
            ) from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield start, cells


def _check_header(columns: list[str], required: tuple[str, ...], *, source: str, line: int) -> None:
    missing = [name for name in required if name not in columns]
    for separator, called in _OTHER_SEPARATORS.items():
        parts = separator.join(columns).split(separator)
        if missing and len(parts) > len(columns) and set(required) & {one.strip() for one in parts}:
            raise InputError(
                "wrong-separator",
                source=source,
                line=line,
                problem=f"is separated by {called}: save it with commas",
            )
    if missing:
        raise _missing_column(missing[0], columns, source=source, line=line)
    for index, name in enumerate(columns):
        code = "unnamed-column" if not name.strip() else "duplicate-column"
        if code == "unnamed-column" or name in columns[:index]:
            problem = "has no name" if code == "unnamed-column" else "is there twice"
            raise InputError(
                code, source=source, line=line, column=name or str(index + 1), problem=problem
            )


def _missing_column(name: str, columns: list[str], *, source: str, line: int) -> InputError:
    folded = {column.strip().casefold(): column for column in columns}
    near = f", did you mean `{folded[name]}`?" if name in folded else did_you_mean(name, columns)
    there = ", ".join(f"`{column}`" for column in columns)
    return InputError(
        "missing-column",
        source=source,
        line=line,
        column=name,
        problem=f"is missing; there are {there}{near}",
    )


def _rows(lines: Iterable[tuple[int, list[str]]], columns: list[str]) -> Iterator[Row]:
    width = len(columns)
    for line, cells in lines:
        problem = None
        if len(cells) != width:
            problem = f"has {len(cells)} cells where the header has {width}"
        filled = {name: cell for name, cell in zip(columns, cells, strict=False) if cell.strip()}
        yield Row(line=line, cells=filled, problem=problem)
