"""Text and JSON values as the values that records take: strict, and an error where they aren't.

CLOSED. To add one: a reader here, and its field in the tables of `touches` or `lines`.
"""

import re
from datetime import date, datetime
from decimal import Decimal

import attrs

from nurturekit.errors import RecordError
from nurturekit.instants import parse_instant

# Longer ones are identifiers (order numbers, barcodes), not amounts.
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NAIVE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.]+", re.ASCII)
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def attribute(text: str) -> str | int | Decimal | bool:
    """Return a cell as the value it plainly is, else as its text.

    >>> attribute("250"), attribute("1.5"), attribute("true"), attribute("01067")
    (250, Decimal('1.5'), True, '01067')
    """
    if text in _FLAGS:
        return _FLAGS[text]
    match = _NUMBER.fullmatch(text)
    if match is None:
        return text
    return Decimal(text) if match[1] else int(text)


def instant(value: object, *, field: str) -> datetime:
    """Return an RFC 3339 instant.

    Raises:
        RecordError: `naive-datetime`, `bad-instant`, `out-of-range`.
    """
    if isinstance(value, str) and _NAIVE.fullmatch(value):
        raise RecordError(
            "naive-datetime",
            field=field,
            problem="has no time zone: give RFC 3339, such as `2026-11-01T09:30:00Z`",
        )
    if not isinstance(value, str):
        raise RecordError(
            "bad-instant", field=field, problem="must be RFC 3339, such as `2026-11-01T09:30:00Z`"
        )
    return parse_instant(value, field=field)


def day(value: object, *, field: str) -> date:
    """Return a date written as `2026-11-01`.

    Raises:
        RecordError: `bad-date`.
    """
    problem = "must be a date such as `2026-11-01`"
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        raise RecordError("bad-date", field=field, problem=problem)
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise RecordError("bad-date", field=field, problem="names no real date") from error


def flag(text: str, *, field: str) -> bool:
    """Return a cell that says true or false.

    Raises:
        RecordError: `not-a-bool`.
    """
    if text not in _FLAGS:
        raise RecordError("not-a-bool", field=field, problem="must be `true` or `false`")
    return _FLAGS[text]


def number(text: str, *, field: str) -> float | int:
    """Return a cell that is a plain number.

    Raises:
        RecordError: `not-a-number`.
    """
    value = attribute(text)
    if isinstance(value, str | bool):
        raise RecordError("not-a-number", field=field, problem="must be a plain number")
    return float(value) if isinstance(value, Decimal) else value


def whole(text: str, *, field: str) -> int:
    """Return a cell that is a whole number.

    Raises:
        RecordError: `not-a-number`.
    """
    value = attribute(text)
    if type(value) is not int:
        raise RecordError("not-a-number", field=field, problem="must be a whole number")
    return value


def field_names(record: type) -> tuple[str, ...]:
    """Return the names of the fields that a record takes."""
    return tuple(field.name for field in attrs.fields(record) if field.init)


def column_of(field: str) -> str:
    """Return the column that a record's field is read from: `Touch.kind` from `kind`."""
    return field.rpartition(".")[2]
