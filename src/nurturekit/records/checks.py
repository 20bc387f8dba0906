"""The checks that every record makes of its fields, each an error with a stable code."""

import math
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar
from unicodedata import category

from nurturekit.errors import RecordError, did_you_mean

if TYPE_CHECKING:
    from enum import StrEnum

    E = TypeVar("E", bound=StrEnum)

MAX_ID = 256
MAX_TEXT = 10_000
MAX_VALUE = 1_000_000

Value = str | int | float | Decimal | bool | date | tuple[str, ...] | None


def check_id(value: object, *, field: str) -> None:
    """Refuse an id that isn't 1 to 256 printable characters."""
    if type(value) is not str or not 0 < len(value) <= MAX_ID or not value.isprintable():
        raise RecordError(
            "bad-id", field=field, problem=f"must be a text of 1 to {MAX_ID} printable characters"
        )


def check_word(value: object, words: Mapping[str, "E"], *, field: str) -> "E":
    """Return the member of a closed vocabulary that a text names."""
    if isinstance(value, str) and value in words:
        return words[value]
    hint = did_you_mean(value, words) if isinstance(value, str) else ""
    listed = ", ".join(words)
    raise RecordError("unknown-word", field=field, problem=f"must be one of {listed}{hint}")


def check_text(value: object, *, field: str) -> None:
    """Refuse a text with control characters or lone surrogates, or one that is too long."""
    if type(value) is not str or len(value) > MAX_TEXT:
        raise RecordError(
            "bad-text", field=field, problem=f"must be a text of at most {MAX_TEXT} characters"
        )
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise RecordError("bad-text", field=field, problem="holds a lone surrogate") from error
    if not value.isprintable() and any(map(_is_control, value)):
        raise RecordError("bad-text", field=field, problem="holds a control character")


def _is_control(char: str) -> bool:
    return category(char) == "Cc" and char not in "\t\n\r"


def check_number(value: object, *, field: str) -> float | Decimal | None:
    """Return a number, NaN as None (missing); refuse bools and numbers beyond one million."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise RecordError("not-a-number", field=field, problem="must be a number")
    if _is_nan(value):
        return None
    if not -MAX_VALUE <= value <= MAX_VALUE:
        raise RecordError(
            "out-of-range", field=field, problem=f"must lie within {MAX_VALUE:,} of zero"
        )
    return value


def _is_nan(value: float | Decimal) -> bool:
    # A signaling NaN can't be compared, a large whole number can't become a float.
    return value.is_nan() if isinstance(value, Decimal) else value != value  # noqa: PLR0124


def check_value(value: object, *, field: str) -> Value:
    """Return an attribute's value, NaN as None (unknown); refuse what can't be compared."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        check_text(str(value), field=field)
        return str(value)
    if isinstance(value, int | float | Decimal):
        return _checked_number(value, field=field)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, tuple | list) and all(isinstance(item, str) for item in value):
        for item in value:
            check_text(item, field=field)
        return tuple(value)
    raise RecordError(
        "bad-value",
        field=field,
        problem=f"can't be a {type(value).__name__}: give text, a number, a bool, a date or texts",
    )


def _checked_number(value: float | Decimal, *, field: str) -> Value:
    if isinstance(value, int):
        return value
    if _is_nan(value):
        return None
    if math.isinf(value):
        raise RecordError("not-a-number", field=field, problem="must be finite")
    return value
