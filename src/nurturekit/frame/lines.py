"""Records of every kind, one JSON object a line, as rows of their tables; read into memory.

What no column can hold is missing there, and counted: a fact that is several texts, an opening's
dates of last touches and its sequences.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import narwhals as nw

from nurturekit.frame.engines import us_of
from nurturekit.frame.found import Found
from nurturekit.frame.schema import (
    DAY,
    FLAG,
    INSTANT,
    NUMBER,
    TABLES,
    TEXT,
    TEXTS,
    WHOLE,
    arrow_type,
)
from nurturekit.instants import format_us
from nurturekit.interop.findings import EXAMPLES, Report
from nurturekit.interop.lines import read_records
from nurturekit.records import Consent, Fact, FrozenMap, Move, Opening, Record, Touch

Native = Any
Lazy = nw.LazyFrame[Any]
Own = Callable[[Native], Native]
Row = dict[str, Any]

_TABLES: Mapping[type, str] = FrozenMap(
    {Touch: "touches", Fact: "facts", Consent: "consents", Move: "moves", Opening: "openings"}
)
# Where a fact's value stands, by what it is: a bool is a number too, and looked for first.
_VALUES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "value_flag"),
    (str, "value"),
    ((int, float, Decimal), "value_number"),
    (date, "value_day"),
)
# Fields that no column holds.
_FOREIGN: Mapping[str, tuple[str, ...]] = FrozenMap({"openings": ("last_touch", "enrolled")})
# The type of a column that comes from two files, by what it holds.
_BOTH: Mapping[str, Any] = FrozenMap(
    {TEXT: nw.String, WHOLE: nw.Int64, NUMBER: nw.Float64, FLAG: nw.Boolean, DAY: nw.Date}
)


def with_records(
    frames: Mapping[str, Lazy], path: Path, connection: Native, own: Own
) -> tuple[dict[str, Lazy], tuple[Found, ...]]:
    """Return the tables with the records of a file of lines among their rows.

    Args:
        frames: The tables that there are.
        path: The file, as `interop.read_records` reads it.
        connection: The embedded DuckDB's.
        own: Brings a relation of the connection to the engine of the frames.

    Raises:
        InputError: When the file itself is wrong, or every line for the same reason.
    """
    read = read_records(path)
    left_out = [*_noted(read.report)]
    rows: dict[str, list[Row]] = {}
    for record in read.records:
        rows.setdefault(_TABLES[type(record)], []).append(_row(record))
    left_out += _foreign(read.records)
    made = dict(frames)
    for name, found in rows.items():
        there = frames.get(name)
        schema = {} if there is None else there.collect_schema()
        relation = connection.from_arrow(_arrow(name, found, schema))
        ours: Lazy = nw.from_native(own(relation))
        made[name] = ours if there is None else _joined(name, there, ours)
    return made, tuple(left_out)


def _row(record: Record) -> Row:
    name = _TABLES[type(record)]
    row = {}
    for column, one in TABLES[name].items():
        value = getattr(record, us_of(column) if one.word == INSTANT else column, None)
        if value is not None:
            row[column] = list(value) if one.word == TEXTS else value
    if isinstance(record, Fact):
        row.pop("value", None)
        place = _place(record)
        if place is not None:
            row[place] = float(record.value) if place == "value_number" else record.value  # type: ignore[arg-type]
    return row


def _place(fact: Fact) -> str | None:
    return next((column for kind, column in _VALUES if isinstance(fact.value, kind)), None)


def _arrow(name: str, rows: list[Row], there: Mapping[str, Any]) -> Native:
    import pyarrow as pa

    columns = {}
    for column, one in TABLES[name].items():
        values = [row.get(column) for row in rows]
        if not one.needed and all(value is None for value in values):
            continue
        if one.word != INSTANT:
            columns[column] = pa.array(values, arrow_type(one.word))
        elif there.get(column) == nw.Datetime:
            columns[column] = pa.array(values, arrow_type(INSTANT))
        else:
            texts = [None if value is None else format_us(value) for value in values]
            columns[column] = pa.array(texts, pa.string())
    return pa.table(columns)


def _joined(name: str, there: Lazy, ours: Lazy) -> Lazy:
    schemas = there.collect_schema(), ours.collect_schema()
    order = list(dict.fromkeys([*schemas[0], *schemas[1]]))
    both = [
        frame.select(*(_as_both(name, column, schema, other) for column in order))
        for frame, schema, other in zip((there, ours), schemas, schemas[::-1], strict=True)
    ]
    return nw.concat(both, how="vertical")


def _as_both(
    name: str, column: str, schema: Mapping[str, Any], other: Mapping[str, Any]
) -> nw.Expr:
    """Return a column in the type that it has in both."""
    if column not in schema:
        return nw.lit(None).cast(other[column]).alias(column)
    if column not in other or schema[column] == other[column]:
        return nw.col(column)
    word = TABLES[name][column].word
    return nw.col(column).cast(_BOTH.get(word, nw.Datetime("us", "UTC")))


# ------------------------------------------------------------------------- what isn't among them
def _noted(report: Report) -> Iterator[Found]:
    for code, rows in sorted(report.counts.items()):
        examples = report.examples[code]
        yield Found(
            table="records",
            code=code,
            column=examples[0].column or "",
            rows=rows,
            examples=tuple(f"line {one.line}" for one in examples),
        )


def _foreign(records: Iterable[Record]) -> Iterator[Found]:
    found: dict[tuple[str, str], list[str]] = {}
    for record in records:
        name = _TABLES[type(record)]
        if isinstance(record, Fact) and record.value is not None and _place(record) is None:
            found.setdefault((name, "value"), []).append(record.id)
        for column in _FOREIGN.get(name, ()):
            if getattr(record, column):
                found.setdefault((name, column), []).append(record.id)
    for (name, column), ids in sorted(found.items()):
        examples = tuple(sorted(ids)[:EXAMPLES])
        yield Found(table=name, code="no-column", column=column, rows=len(ids), examples=examples)
