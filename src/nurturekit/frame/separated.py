"""Comma-separated files as Parquet with typed columns, by the embedded DuckDB for every engine.

Nothing is guessed from a sample. Columns that `schema` knows hold what it says: instants are those
that `instants.parse_instant` takes, `evidence` is ids joined by `|`. A lead's other columns are
numbers, whole numbers or true and false if every cell plainly is one, else texts, as
`interop.cells` reads one cell. A blank cell is missing, a blank line doesn't count.

Texts are read once: the copy lies in a folder of this process's own, which goes when it ends.
"""

import atexit
from collections.abc import Callable, Container, Iterator, Mapping
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs

from nurturekit.errors import InputError
from nurturekit.frame.found import Found
from nurturekit.frame.schema import (
    DAY,
    FLAG,
    INSTANT,
    NAIVE,
    NUMBER,
    TABLES,
    TEXT,
    TEXTS,
    UNREAD,
    WHOLE,
)
from nurturekit.interop.findings import EXAMPLES
from nurturekit.interop.rows import check_columns
from nurturekit.interop.table import open_table
from nurturekit.records import FrozenMap

Native = Any
# What begins a lead's columns that start its history, and what they hold.
OPENING = "opening_"
_OPENING: Mapping[str, str] = FrozenMap(
    {OPENING + name: one.word for name, one in TABLES["openings"].items()} | {"opening_at": INSTANT}
)

_WHOLE = "-?(0|[1-9][0-9]{0,14})"
_NUMBER = _WHOLE + r"(\.[0-9]{1,15})?"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
_INSTANT = f"{_DAY}[Tt ]{_CLOCK}([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
_NAIVE = f"{_DAY}[Tt ][0-9:.]+"
# What Python strips from a text: DuckDB strips spaces only, unless told.
_BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _is(cell: str, pattern: str) -> str:
    return f"regexp_full_match({cell}, {_text(pattern)})"


def _whole(cell: str) -> str:
    return f"CASE WHEN {_is(cell, _WHOLE)} THEN TRY_CAST({cell} AS BIGINT) END"


def _number(cell: str) -> str:
    return f"CASE WHEN {_is(cell, _NUMBER)} THEN TRY_CAST({cell} AS DOUBLE) END"


def _flag(cell: str) -> str:
    true, false = "('true', 'True', 'TRUE')", "('false', 'False', 'FALSE')"
    return f"CASE WHEN {cell} IN {true} THEN true WHEN {cell} IN {false} THEN false END"


def _day(cell: str) -> str:
    # Python has no year 0.
    real = f"{_is(cell, _DAY)} AND {cell} >= '0001'"
    return f"CASE WHEN {real} THEN TRY_CAST({cell} AS DATE) END"


def _instant(cell: str) -> str:
    # With an offset of its own, whatever the session's time zone.
    real = f"TRY_CAST(upper({cell}) AS TIMESTAMPTZ)"
    return f"CASE WHEN {_is(cell, _INSTANT)} THEN {real} END"


# How a cell becomes what its column holds, null where it can't; the others stay texts.
_VALUES: Mapping[str, Callable[[str], str]] = FrozenMap(
    {
        WHOLE: _whole,
        NUMBER: _number,
        FLAG: _flag,
        DAY: _day,
        INSTANT: _instant,
        TEXTS: lambda cell: f"string_split({cell}, '|')",
    }
)
# Words of which a cell may be none.
_STRICT = frozenset({WHOLE, NUMBER, FLAG, DAY, INSTANT})
# What a column of nothing but plain cells is taken for, the narrowest first.
_PLAIN = FrozenMap({word: _VALUES[word] for word in (WHOLE, NUMBER, FLAG)})
# What goes before the name of a column while its texts are there too.
_MADE = "nurturekit "
# What DuckDB calls a row of another width than the header's, and a file that is no text.
_WIDTHS = frozenset({"MISSING COLUMNS", "TOO MANY COLUMNS"})
_ENCODING = "INVALID ENCODING"
_BROKEN: Mapping[str, str] = FrozenMap(
    {
        "not-utf-8": "isn't UTF-8: save it as UTF-8 (in a spreadsheet, `CSV UTF-8`)",
        "bad-csv": "can't be split into cells: quote those that hold commas or quotation marks",
    }
)


@attrs.frozen(kw_only=True)
class _File:
    """A file whose header was read.

    Args:
        line: Where the header is, from 1.
    """

    path: Path
    table: str
    columns: tuple[str, ...]
    line: int

    def rows(self, *options: str) -> str:
        """Return the query of its rows as texts, blank cells missing, blank lines left out."""
        types = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in self.columns)
        form = "auto_detect=false, header=true, delim=',', quote='\"', escape='\"'"
        scan = f"{_text(str(self.path))}, {form}, skip={self.line - 1}, columns={{{types}}}"
        scan = f"read_csv({', '.join([scan, *options])})"
        names = [_name(name) for name in self.columns]
        shown = ", ".join(f"{_filled(one)} AS {one}" for one in names)
        held = f"coalesce({', '.join(names)}) IS NOT NULL"
        return f"(SELECT * FROM (SELECT {shown} FROM {scan}) WHERE {held})"  # noqa: S608 - quoted


def _filled(cell: str) -> str:
    # What begins with a visible character of ASCII isn't blank; to trim costs more.
    seen = f"{cell} >= '!' AND {cell} < chr(127) THEN {cell}"
    return f"CASE WHEN {seen} WHEN trim({cell}, {_text(_BLANKS)}) <> '' THEN {cell} END"


def separated(connection: Native, path: Path, table: str) -> tuple[Path, tuple[Found, ...]]:
    """Copy a comma-separated file to one of Parquet.

    Args:
        connection: The embedded DuckDB's.
        path: The file.
        table: Which table it holds.

    Returns:
        The copy, and the rows that don't have the header's width.

    Raises:
        InputError: What `interop.table.open_table` raises, `unknown-column`, `no-rows`,
            `cannot-write`.
    """
    file = _opened(path, table)
    known = {name: one.word for name, one in TABLES[table].items()}
    known |= _OPENING if table == "leads" else {}
    words = known | _guessed(connection, file, [one for one in file.columns if one not in known])
    copy, rows = _copied(connection, file, words, known)
    found = tuple(_rejected(connection, file))
    if table == "leads" and not rows:
        problem = f"has a header but no rows{' as wide' if found else ''}: no lead to decide"
        raise InputError("no-rows", source=str(path), problem=problem)
    return copy, found


def _opened(path: Path, table: str) -> _File:
    needed = [name for name, one in TABLES[table].items() if one.needed]
    with open_table(path, required=needed) as opened:
        columns, line = opened.columns, opened.line
    if table != "leads":
        check_columns(columns, TABLES[table], source=str(path))
    seen: set[str] = set()
    for name in columns:
        if name.casefold() in seen:
            problem = "is there twice, but for upper and lower case"
            raise InputError(
                "duplicate-column", source=str(path), line=line, column=name, problem=problem
            )
        seen.add(name.casefold())
    return _File(path=path, table=table, columns=columns, line=line)


def _guessed(connection: Native, file: _File, others: list[str]) -> dict[str, str]:
    """Read a file of leads once; return what their other columns hold."""
    tests = [
        f"bool_and({_PLAIN[word](_name(name))} IS NOT NULL) FILTER ({_name(name)} IS NOT NULL)"
        for name in others
        for word in _PLAIN
    ]
    if not tests:
        return {}
    query = f"SELECT {', '.join(tests)} FROM {file.rows('ignore_errors=true')}"  # noqa: S608 - quoted
    (held,) = connection.sql(query).fetchall()
    answers = iter(held)
    found = {name: [word for word in _PLAIN if next(answers)] for name in others}
    return {name: words[0] if words else TEXT for name, words in found.items()}


def _copied(
    connection: Native, file: _File, words: Mapping[str, str], known: Container[str]
) -> tuple[Path, int]:
    """Copy a file; return where, and how many rows it has."""
    import duckdb

    made = [f"{_value(name, words[name])} AS {_name(_MADE + name)}" for name in file.columns]
    shown = [f"{_name(_MADE + name)} AS {_name(name)}" for name in file.columns]
    strict = [name for name in file.columns if name in known and words[name] in _STRICT]
    marks = [_mark(name, words[name]) for name in strict]
    shown += [f"CASE {' '.join(marks)} END AS {_name(UNREAD)}"] if marks else []
    rejects = _rejects(file)
    watched = f"rejects_table='{rejects}', rejects_scan='{rejects}_scan'"
    rows = file.rows("store_rejects=true", watched)
    inner = f"SELECT *, {', '.join(made)} FROM {rows}"  # noqa: S608 - quoted
    query = f"SELECT {', '.join(shown)} FROM ({inner})"  # noqa: S608 - quoted
    copy = Path(_folder()) / f"{file.table}-{next(_NUMBERS)}.parquet"
    try:
        (rows_there,) = connection.execute(f"COPY ({query}) TO {_text(str(copy))}").fetchone()
    except duckdb.IOException as error:
        problem = "can't be copied to the folder for temporary files: is there room in it?"
        raise InputError("cannot-write", source=str(file.path), problem=problem) from error
    return copy, rows_there


_NUMBERS = count()


@cache
def _folder() -> str:
    folder = TemporaryDirectory(prefix="nurturekit-")
    atexit.register(folder.cleanup)
    return folder.name


def _value(name: str, word: str) -> str:
    return _VALUES[word](_name(name)) if word in _VALUES else _name(name)


def _mark(name: str, word: str) -> str:
    """Return what names a column whose cell can't be what it holds."""
    bad = f"{_name(name)} IS NOT NULL AND {_name(_MADE + name)} IS NULL"
    field = "occurred_at" if name == f"{OPENING}at" else name.removeprefix(OPENING)
    mark = f"WHEN {bad} THEN {_text(field)}"
    if word != INSTANT:
        return mark
    naive = f"{_is(_name(name), _NAIVE)} THEN {_text(field + NAIVE)}"
    return f"WHEN {bad} AND {naive} {mark}"


# ------------------------------------------------------------------- rows that can't be split
def _rejects(file: _File) -> str:
    return f"nurturekit_rejects_{file.table}"


def _rejected(connection: Native, file: _File) -> Iterator[Found]:
    rows = connection.sql(
        f"SELECT DISTINCT error_type, line FROM {_rejects(file)} ORDER BY line"  # noqa: S608 - ours
    ).fetchall()
    lines = [line for error, line in rows if error in _WIDTHS]
    for error, line in rows:
        if error not in _WIDTHS:
            code = "not-utf-8" if error == _ENCODING else "bad-csv"
            raise InputError(code, source=str(file.path), line=line, problem=_BROKEN[code])
    if lines:
        distinct = list(dict.fromkeys(lines))
        yield Found(
            table=file.table,
            code="wrong-width",
            column="",
            rows=len(distinct),
            examples=tuple(f"line {line}" for line in distinct[:EXAMPLES]),
        )
