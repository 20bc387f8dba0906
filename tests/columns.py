"""Tables of everything that a criterion may meet, and their answers by columns and row by row."""

from datetime import UTC, date, datetime
from typing import Any

import attrs
import narwhals as nw

from nurturekit.frame.criteria import (
    EPOCH_ORDINAL,
    FAILS,
    HOLDS,
    Measured,
    condition,
)
from nurturekit.frame.criteria import UNKNOWN as NEITHER
from nurturekit.interpreters.evaluate import evaluate
from nurturekit.records import Lead, Situation
from nurturekit.signals import UNKNOWN, AtLeast, FactSignal
from tests.engines import ENGINES, Rows, collect

AS_OF = datetime(2026, 3, 10, 12, tzinfo=UTC)
CODES = {True: HOLDS, False: FAILS, None: NEITHER}
# Columns by the fact that they measure. `mixed` is a text in some rows and a number in others;
# no column measures `absent`.
KINDS = {
    "text": "text",
    "whole": "whole",
    "number": "number",
    "flag": "flag",
    "day": "whole",
    "mixed_text": "text",
    "mixed_number": "number",
    "count": "whole",
    "bounded": "flag",
}
FACTS = ("text", "whole", "number", "flag", "day", "mixed", "absent")


@attrs.frozen
class Count:
    """A count, in some rows only bounded from below."""

    name: str = "count"

    def measure(self, situation):
        """Return the row's count."""
        count = situation.attribute("count")
        if count is None:
            return UNKNOWN
        return AtLeast(int(count)) if situation.attribute("bounded") else count


SIGNALS = (*map(FactSignal, FACTS), Count())


def table(rows: list[dict[str, Any]]) -> Rows:
    """Return rows as columns; a row leaves out what is missing."""
    return {
        name: (kind, [row.get(name, False if name == "bounded" else None) for row in rows])
        for name, kind in KINDS.items()
    }


def by_columns(engine: str, rows: Rows, criteria: list[Any]) -> tuple[dict[str, list[Any]], Any]:
    """Return the answers of an engine, by criterion, and the rows as the engine has them."""
    native = ENGINES[engine](rows)
    frame = nw.from_native(native)
    answers = {
        str(number): condition(criterion, measuring(frame.collect_schema()))
        for number, criterion in enumerate(criteria)
    }
    found = collect(frame.with_columns(**answers))
    return [found[name] for name in answers], {name: found[name] for name in rows}


def by_rows(held: dict[str, list[Any]], criteria: list[Any]) -> list[list[int]]:
    """Return the answers of the single-lead code for the same rows."""
    rows = [dict(zip(held, values, strict=True)) for values in zip(*held.values(), strict=True)]
    situations = [Situation(Lead(id="l1", attributes=_facts(row)), as_of=AS_OF) for row in rows]
    return [[CODES[evaluate(each, situation)] for situation in situations] for each in criteria]


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    day, flag = row["day"], row["flag"]
    return {
        "text": row["text"],
        "whole": row["whole"],
        "number": row["number"],
        "flag": None if flag is None else bool(flag),
        "day": None if day is None else date.fromordinal(int(day) + EPOCH_ORDINAL),
        "mixed": row["mixed_number"] if row["mixed_text"] is None else row["mixed_text"],
        "count": row["count"],
        "bounded": row["bounded"],
    }


def measuring(schema: nw.Schema):
    """Return what the columns of a table measure."""
    columns = {
        "text": lambda: Measured(text=nw.col("text")),
        "whole": lambda: Measured(number=nw.col("whole"), is_whole=schema["whole"].is_integer()),
        "number": lambda: Measured(number=_number("number")),
        "flag": lambda: Measured(flag=nw.col("flag")),
        "day": lambda: Measured(day=nw.col("day")),
        "mixed": lambda: Measured(text=nw.col("mixed_text"), number=_number("mixed_number")),
        "count": lambda: Measured(
            number=nw.col("count"),
            is_whole=schema["count"].is_integer(),
            at_least=nw.col("bounded"),
        ),
        "absent": Measured,
    }
    return lambda signal: columns[signal.name.removeprefix("fact:")]()


def _number(name: str) -> nw.Expr:
    column = nw.col(name)
    return nw.when(~column.is_nan()).then(column)
