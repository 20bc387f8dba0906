"""What the tables are made of: their columns, what each holds, and which of them must be there.

CLOSED. To add one: its row in `TABLES`, read in `records` and where columns decide with it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import narwhals as nw

from nurturekit.errors import InputError, did_you_mean
from nurturekit.records import FrozenMap

# In a table read from texts: the first column of the row whose cell can't be what it holds; its
# name ends in `NAIVE` where that is an instant without a time zone.
UNREAD = "nurturekit_unread"
NAIVE = " naive"

# A word for what a column holds, and how an error names it.
TEXT, WHOLE, NUMBER, FLAG, DAY, INSTANT, TEXTS = (
    "text",
    "whole",
    "number",
    "flag",
    "day",
    "instant",
    "texts",
)
EXPECTED: Mapping[str, str] = FrozenMap(
    {
        TEXT: "texts",
        WHOLE: "whole numbers",
        NUMBER: "numbers",
        FLAG: "true and false",
        DAY: "dates",
        INSTANT: "instants with a time zone, or RFC 3339 texts such as `2026-11-01T09:30:00Z`",
        TEXTS: "lists of texts",
    }
)


@attrs.frozen
class Column:
    """One column: what it holds, and whether a table can do without it."""

    word: str
    needed: bool = False


_ID = {
    "id": Column(TEXT),
    "lead_id": Column(TEXT, needed=True),
    "occurred_at": Column(INSTANT, needed=True),
    "recorded_at": Column(INSTANT),
    "origin": Column(TEXT),
}


def _columns(*needed: str, **words: str) -> Mapping[str, Column]:
    own = {name: Column(word, needed=name in needed) for name, word in words.items()}
    return FrozenMap({**_ID, **own})


TABLES: Mapping[str, Mapping[str, Column]] = FrozenMap(
    {
        "leads": FrozenMap(
            {
                "id": Column(TEXT, needed=True),
                **{name: Column(TEXT) for name in ("account", "person_id", "zone", "language")},
            }
        ),
        "touches": _columns(
            "kind",
            kind=TEXT,
            channel=TEXT,
            direction=TEXT,
            style=TEXT,
            automated=FLAG,
            person_id=TEXT,
            rep=TEXT,
            asset=TEXT,
            topic=TEXT,
            campaign=TEXT,
            sequence=TEXT,
            run=TEXT,
            step=TEXT,
            outcome=TEXT,
            next_attempt_on=DAY,
            value=NUMBER,
            revision=WHOLE,
        ),
        # A column has one type: a fact's value stands in the column of its own.
        "facts": _columns(
            "name",
            name=TEXT,
            value=TEXT,
            value_number=NUMBER,
            value_flag=FLAG,
            value_day=DAY,
            source=TEXT,
        ),
        "consents": _columns(
            "kind", kind=TEXT, channel=TEXT, purpose=TEXT, basis=TEXT, expires_at=INSTANT
        ),
        "moves": _columns(
            "kind",
            kind=TEXT,
            seq=WHOLE,
            was=TEXT,
            to=TEXT,
            team=TEXT,
            rep=TEXT,
            reason=TEXT,
            due=INSTANT,
            until=INSTANT,
            sequence=TEXT,
            run=TEXT,
            step=TEXT,
            answers=TEXT,
            evidence=TEXTS,
        ),
        "openings": _columns(
            stage=TEXT,
            team=TEXT,
            rep=TEXT,
            since=DAY,
            next_attempt_on=DAY,
            opted_out=FLAG,
        ),
    }
)


def word_of(dtype: nw.dtypes.DType) -> str | None:
    """Return what a column of a type holds, None for what no column may hold."""
    if dtype == nw.Datetime:
        return INSTANT if getattr(dtype, "time_zone", None) is not None else None
    if dtype.is_integer():
        return WHOLE
    if dtype.is_numeric():
        return NUMBER
    return _WORDS.get(dtype if isinstance(dtype, type) else type(dtype))


_WORDS: Mapping[type, str] = {
    nw.String: TEXT,
    nw.Categorical: TEXT,
    nw.Enum: TEXT,
    nw.Boolean: FLAG,
    nw.Date: DAY,
    nw.List: TEXTS,
}
# What may also stand where something else is asked for: whole numbers are numbers; a column of
# nothing but missing values says nothing of what it would hold.
_ALSO: Mapping[str, tuple[str, ...]] = FrozenMap(
    {NUMBER: (WHOLE,), WHOLE: (NUMBER,), INSTANT: (TEXT,)}
)


def check(table: str, schema: Mapping[str, nw.dtypes.DType]) -> None:
    """Refuse a table whose columns aren't what is expected, before anything is computed.

    Args:
        table: Which table.
        schema: Its columns and their types.

    Raises:
        InputError: `missing-column`, `unknown-column` or `wrong-type`, naming table and column.
    """
    known = TABLES[table]
    for name, column in known.items():
        if column.needed and name not in schema:
            hint = did_you_mean(name, schema)
            problem = f"is missing: a table of {table} needs it{hint}"
            raise InputError("missing-column", source=table, column=name, problem=problem)
    for name, dtype in schema.items():
        if name in known:
            _check_type(table, name, known[name].word, dtype)
        elif table != "leads" and name != UNREAD:
            _refuse_unknown(table, name, known)


def _check_type(table: str, name: str, word: str, dtype: nw.dtypes.DType) -> None:
    found = word_of(dtype)
    if found == word or found in (_ALSO.get(word) or ()) or dtype == nw.Unknown:
        return
    is_naive = dtype == nw.Datetime and word == INSTANT
    has = "instants without a time zone" if is_naive else f"{dtype}"
    problem = f"holds {has}; expected {EXPECTED[word]}"
    raise InputError("wrong-type", source=table, column=name, problem=problem)


def _refuse_unknown(table: str, name: str, known: Iterable[str]) -> None:
    hint = did_you_mean(name, known) or f"; known are {', '.join(known)}"
    problem = f"isn't a column of {table}{hint}"
    raise InputError("unknown-column", source=table, column=name, problem=problem)


def arrow_type(word: str) -> Any:  # noqa: ANN401 - Arrow has no types for type checkers
    """Return Arrow's type of what a column holds."""
    import pyarrow as pa

    types = {
        TEXT: pa.string(),
        WHOLE: pa.int64(),
        NUMBER: pa.float64(),
        FLAG: pa.bool_(),
        DAY: pa.date32(),
        INSTANT: pa.timestamp("us", "UTC"),
        TEXTS: pa.list_(pa.string()),
    }
    return types[word]


def arrow_schema(columns: Mapping[str, str]) -> Any:  # noqa: ANN401 - as above
    """Return Arrow's schema of a table's columns."""
    import pyarrow as pa

    return pa.schema([(name, arrow_type(word)) for name, word in columns.items()])
