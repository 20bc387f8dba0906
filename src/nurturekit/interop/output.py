"""Decisions as rows of a table or lines of JSON, for a CRM to read back; moves as records.

A text that a spreadsheet would take for a formula gets an apostrophe in front.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar, cast

from nurturekit.decision import Decision, readable
from nurturekit.errors import CallError, InputError
from nurturekit.instants import format_us
from nurturekit.records import FrozenMap, Move

# OWASP, CSV injection: what spreadsheets start a formula with, and the full-width forms of it.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")

Cell = str | int | float | None


def safe_cell(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers.

    >>> safe_cell("=HYPERLINK(1)"), safe_cell(-3)
    ("'=HYPERLINK(1)", -3)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


# The columns of a decision, in order, and where in it they are read; `error` stands alone where
# there is no decision.
COLUMNS: Mapping[str, str] = FrozenMap(
    {
        "lead_id": "lead_id",
        "stage": "stage",
        "accountable": "ownership.accountable",
        "answerable": "ownership.answerable",
        "rep": "ownership.rep",
        "row": "ownership.row",
        "because": "ownership.because",
        "score": "score.points",
        "position": "score.position",
        "grade": "score.grade",
        "handoff_to": "handoff.taker",
        "handoff_rep": "handoff.rep",
        "handoff_due": "handoff.due_us",
        "request_pool": "request.pool",
        "request_due": "request.due_us",
        "next_channel": "next_action.channel",
        "next_style": "next_action.style",
        "next_team": "next_action.team",
        "next_rep": "next_action.rep",
        "next_content": "next_action.content",
        "next_earliest": "next_action.earliest_us",
        "next_because": "next_action.because",
        "blocked": "blocked.code",
        "needs": "blocked.needs",
        "alerts": "alerts.reason",
        "moves": "moves.kind",
        "assumptions": "assumptions",
        "unseen": "unseen",
        "conflicts": "conflicts",
        "notes": "notes",
        "fingerprint": "fingerprint",
        "error": "",
    }
)


def _read(value: Any, path: str) -> Cell:  # noqa: ANN401 - whatever lies on the path
    if isinstance(value, tuple):
        words = {str(_read(item, path)) for item in value}
        return "; ".join(sorted(words - {""}))
    if value is None or not path:
        return cast("Cell", value)
    name, _, rest = path.partition(".")
    found = getattr(value, name)
    return format_us(found) if name.endswith("_us") and found is not None else _read(found, rest)


class _File:
    """An open file whose failures say which file it is: several may be open at once."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> None:
        try:
            self._file.write(text)
        except OSError as error:
            raise _cannot_write(self._file.name, error) from error

    def write_json(self, value: Mapping[str, object]) -> None:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
        self.write(f"{text}\n")


def _cannot_write(path: str | Path, error: OSError) -> InputError:
    return InputError(
        "cannot-write", source=str(path), problem=f"can't be written: {error.strerror}"
    )


class _Csv:
    """Writes one row a lead."""

    def __init__(self, file: _File) -> None:
        self._rows = csv.writer(file, lineterminator="\n")
        self._rows.writerow(COLUMNS)

    def write(self, decision: Decision) -> None:
        cells = (_read(decision, path) if path else None for path in COLUMNS.values())
        self._rows.writerow([safe_cell(cell) for cell in cells])

    def fail(self, lead_id: str, code: str) -> None:
        cells = {"lead_id": lead_id, "error": code}
        self._rows.writerow([safe_cell(cells.get(name)) for name in COLUMNS])


class _Lines:
    """Writes one JSON object a lead: the whole decision."""

    def __init__(self, file: _File) -> None:
        self._file = file

    def write(self, decision: Decision) -> None:
        self._file.write_json(decision.to_dict())

    def fail(self, lead_id: str, code: str) -> None:
        self._file.write_json({"lead_id": lead_id, "error": code})


class _Moves:
    """Writes one JSON object a move, as `read_records` reads it."""

    def __init__(self, file: _File) -> None:
        self._file = file

    def write(self, moves: Iterable[Move]) -> None:
        for move in moves:
            self._file.write_json(readable(move))


class _Nothing:
    """Writes nothing, where no file was asked for."""

    def write(self, found: object) -> None:
        pass

    def fail(self, lead_id: str, code: str) -> None:
        pass


T = TypeVar("T")
Writer = _Csv | _Lines | _Nothing
MovesWriter = _Moves | _Nothing
_WRITERS: Mapping[str, Callable[[_File], Writer]] = FrozenMap({".csv": _Csv, ".jsonl": _Lines})
_MOVES: Mapping[str, Callable[[_File], MovesWriter]] = FrozenMap({".jsonl": _Moves})


def open_decisions(path: str | Path | None) -> AbstractContextManager[Writer]:
    """Open a file that decisions are written to, one by one.

    Args:
        path: A name that ends in `.csv` or `.jsonl`; None writes nothing.

    Raises:
        CallError: `unknown-format`.
        InputError: `cannot-write`.
    """
    return _open(path, _WRITERS)


def open_moves(path: str | Path | None) -> AbstractContextManager[MovesWriter]:
    """Open a file that moves are written to, for `read_records` to read back.

    What was in the file is gone: write to a new one, then append it to the records.

    Args:
        path: A name that ends in `.jsonl`; None writes nothing.

    Raises:
        CallError: `unknown-format`.
        InputError: `cannot-write`.
    """
    return _open(path, _MOVES)


@contextmanager
def _open(
    path: str | Path | None, writers: Mapping[str, Callable[[_File], T]]
) -> Iterator[T | _Nothing]:
    if path is None:
        yield _Nothing()
        return
    writer = writers.get(Path(path).suffix.lower())
    if writer is None:
        known = " or ".join(f"`{suffix}`" for suffix in writers)
        raise CallError("unknown-format", argument="path", problem=f"must end in {known}")
    try:
        with Path(path).open("w", encoding="utf-8", newline="") as file:
            yield writer(_File(file))
    except BrokenPipeError:
        raise  # whoever read our messages has gone; the file is fine
    except OSError as error:
        raise _cannot_write(path, error) from error
