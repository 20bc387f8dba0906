"""From text to plain tables: TOML or JSON, within limits, every number exact.

Nothing here knows what a playbook is.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from nurturekit.documents.places import BAD, Place
from nurturekit.errors import CallError, RecordError, did_you_mean
from nurturekit.records.checks import check_text

MAX_BYTES = 1_048_576
MAX_DEPTH = 32
MAX_RULES = 1_000
# Beyond any field's range, and small enough for exact arithmetic.
MAX_NUMBER = 10**12
MAX_DIGITS = 30
SMALLEST = Decimal("1e-12")

# What the TOML reader says of a key given twice; it has no code for it.
_TWICE = re.compile(r"overwrite|declare .* twice|Duplicate|immutable|redefine")
_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
# The TOML reader takes quadratic time over a dotted key, so a hopeless one is refused before.
_DOTTED = re.compile(r"""(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){32}""")


class _Twice(dict[str, Any]):
    """A JSON table with keys given twice: the last counts, and all are reported."""

    keys_twice: tuple[str, ...] = ()


def parse(text: str, *, form: str, place: Place) -> dict[str, Any]:
    """Return a document's tables; problems go to `place`, and then the result may be empty.

    Args:
        text: The document.
        form: `toml` or `json`.
        place: Where the document begins.

    Raises:
        CallError: `unknown-format`.
    """
    if form not in _READERS:
        hint = did_you_mean(form, _READERS)
        raise CallError(
            "unknown-format", argument="format", problem=f"must be one of toml, json{hint}"
        )
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        place.report("too-large", f"is larger than {MAX_BYTES:,} bytes")
        return {}
    try:
        tree = _READERS[form](text, place)
    except RecursionError:
        place.report("too-deep", f"is deeper than {MAX_DEPTH} tables and lists")
        return {}
    return plain_tables(tree, place)


def plain_tables(tree: object, place: Place) -> dict[str, Any]:
    """Return a tree checked for depth, sizes, texts and numbers; floats become exact decimals."""
    if isinstance(tree, Mapping):
        return _table(tree, place, 1)
    if tree is not BAD:
        place.report("not-a-table", "must be a table of sections")
    return {}


def _read_toml(text: str, place: Place) -> object:
    import tomllib

    if _DOTTED.search(text):
        return place.report("too-deep", f"has a key of more than {MAX_DEPTH} parts")
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        code = "duplicate-key" if _TWICE.search(said) else "not-toml"
        found = _LINE.search(said)
        line = (found and found[1]) or text.count("\n") + 1
        reason = _LINE.sub("", said)
        return Place(f"line {line}", place.problems).report(code, f"can't be read: {reason}")
    except ValueError:  # an integer of thousands of digits
        return place.report("out-of-range", "holds a number that is too long")


def _read_json(text: str, place: Place) -> object:
    try:
        return json.loads(
            text, parse_float=Decimal, parse_constant=Decimal, object_pairs_hook=_pairs
        )
    except json.JSONDecodeError as error:
        where = Place(f"line {error.lineno}", place.problems)
        return where.report("not-json", f"can't be read: {error.msg}")
    except ValueError:  # an integer of thousands of digits
        return place.report("out-of-range", "holds a number that is too long")


_READERS: dict[str, Callable[[str, Place], object]] = {"toml": _read_toml, "json": _read_json}


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) == len(pairs):
        return table
    counts = Counter(key for key, _ in pairs)
    twice = _Twice(table)
    twice.keys_twice = tuple(key for key, count in counts.items() if count > 1)
    return twice


def _plain(node: object, place: Place, depth: int) -> Any:  # noqa: ANN401 - the JSON border
    if isinstance(node, Mapping | list | tuple) and depth >= MAX_DEPTH:
        return place.report("too-deep", f"lies deeper than {MAX_DEPTH} tables and lists")
    if isinstance(node, Mapping):
        return _table(node, place, depth + 1)
    if isinstance(node, list | tuple):
        return [_plain(item, place.at(index), depth + 1) for index, item in enumerate(node)]
    return _single(node, place)


def _single(node: object, place: Place) -> Any:  # noqa: ANN401 - the JSON border
    if isinstance(node, int | float | Decimal) and not isinstance(node, bool):
        return _number(node, place)
    if isinstance(node, str):
        return node if _is_text(node, place) else BAD
    if isinstance(node, bool) or type(node) is date:
        return node
    if node is None:
        return place.report("empty", "can't be null: leave the key out")
    return place.report("unknown-type", "must be text, a number, true or false, a date or a list")


def _table(node: Mapping[Any, Any], place: Place, depth: int) -> dict[str, Any]:
    for key in getattr(node, "keys_twice", ()):
        place.at(key).report("duplicate-key", "is given twice")
    table = {}
    for key, item in node.items():
        if not isinstance(key, str):
            place.report("not-text", "has a key that isn't text")
        elif _is_text(key, place):
            table[key] = _plain(item, place.at(key), depth)
    return table


def _is_text(node: str, place: Place) -> bool:
    try:
        check_text(node, field=place.path)
    except RecordError as error:
        place.report(error.code, error.problem)
        return False
    return True


def _number(node: float | Decimal, place: Place) -> Any:  # noqa: ANN401 - the JSON border
    exact = Decimal(repr(node)) if isinstance(node, float) else Decimal(node)
    if not exact.is_finite():
        return place.report("not-finite", "must be a finite number")
    if exact.copy_abs() > MAX_NUMBER:
        return place.report("out-of-range", f"must lie within {MAX_NUMBER:,} of zero")
    if exact and exact.copy_abs() < SMALLEST:
        return place.report("out-of-range", f"must be at least {SMALLEST} or zero")
    if len(exact.as_tuple().digits) > MAX_DIGITS:
        return place.report("out-of-range", f"must have at most {MAX_DIGITS} digits")
    return node if type(node) is int else exact
