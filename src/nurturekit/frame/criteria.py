"""Compile criteria into columns: the answers of `nurturekit.interpreters.evaluate`, row by row.

The answer is kept as two plain truths, neither ever null: where a criterion *holds*, and where it
*fails*; where neither is true it is unknown. So Kleene's logic needs `&` and `|` of two values
only, on which all engines agree (on null they don't: pandas keeps booleans with nulls as objects,
and `~` and `|` of those go wrong silently).
"""

import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, assert_never

import attrs
import narwhals as nw

from nurturekit.criteria import (
    AllOf,
    AnyOf,
    Compare,
    Contains,
    Criterion,
    IsKnown,
    Leaf,
    Literal,
    Not,
    OneOf,
)
from nurturekit.frame.texts import LINE_ENDS, text_patterns, word_patterns
from nurturekit.typing import Signal

HOLDS, FAILS, UNKNOWN = 1, 0, -1
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


@attrs.frozen(kw_only=True, eq=False)
class Measured:
    """What a signal measures, by kind: in a row, at most one of them isn't null.

    Args:
        text: Texts; empty ones are unknown.
        number: Int64, or Float64 in which NaN is null already.
        flag: Booleans, also those that pandas keeps as objects.
        day: Int64 days since 1970-01-01: engines differ in dates, not in integers.
        is_whole: `number` is Int64.
        at_least: Never null: the number is only a lower bound.
        words: All that the text can be, where that is known: nothing need be folded or matched.
    """

    text: nw.Expr | None = None
    number: nw.Expr | None = None
    flag: nw.Expr | None = None
    day: nw.Expr | None = None
    is_whole: bool = False
    at_least: nw.Expr | None = None
    words: tuple[str, ...] = ()


class Truth(NamedTuple):
    """Where a criterion holds and where it fails: booleans that are never null nor both true."""

    holds: nw.Expr
    fails: nw.Expr


Measuring = Callable[[Signal], Measured]

_NEVER = nw.lit(value=False)
_ALWAYS = nw.lit(value=True)
_UNKNOWN = Truth(_NEVER, _NEVER)
_INT64 = (-(2**63), 2**63 - 1)
_SURROGATE = re.compile("[\ud800-\udfff]")
_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}
_OPPOSITES = {">=": "<", ">": "<=", "<=": ">", "<": ">=", "==": "!=", "!=": "=="}
# Of a count that may be higher: what it takes to be certain that a comparison holds, or fails.
_SURELY_HOLDS = {">=": ">=", ">": ">", "!=": ">"}
_SURELY_FAILS = {"<=": ">", "<": ">=", "==": ">"}


def condition(criterion: Criterion, measured: Measuring) -> nw.Expr:
    """Return the column of a criterion's answers: Int64 1 holds, 0 fails, -1 unknown.

    Integers, because no boolean with nulls is the same on every engine. Where only one of the
    answers matters, `truth` is the smaller expression. Add it with `with_columns`: where no signal
    of the criterion is a column, it is a constant.

    Args:
        criterion: What must hold.
        measured: What a signal measures, as columns; called once for each leaf.
    """
    holds, fails = truth(criterion, measured)
    yes, no, neither = (nw.lit(code, dtype=nw.Int64) for code in (HOLDS, FAILS, UNKNOWN))
    return nw.when(holds).then(yes).otherwise(nw.when(fails).then(no).otherwise(neither))


def truth(criterion: Criterion, measured: Measuring) -> Truth:
    """Return where a criterion holds and where it fails, as booleans that are never null.

    Args:
        criterion: What must hold.
        measured: What a signal measures, as columns; called once for each leaf.
    """
    match criterion:
        case AllOf(criteria=criteria):
            parts = [truth(part, measured) for part in criteria]
            return Truth(_all(part.holds for part in parts), _any(part.fails for part in parts))
        case AnyOf(criteria=criteria):
            parts = [truth(part, measured) for part in criteria]
            return Truth(_any(part.holds for part in parts), _all(part.fails for part in parts))
        case Not(criterion=negated):
            holds, fails = truth(negated, measured)
            return Truth(fails, holds)
        case Compare() | OneOf() | Contains() | IsKnown() as leaf:
            return _leaf(leaf, measured(leaf.signal))
        case _:
            assert_never(criterion)


def _all(parts: Iterable[nw.Expr]) -> nw.Expr:
    return _joined(operator.and_, list(parts))


def _any(parts: Iterable[nw.Expr]) -> nw.Expr:
    return _joined(operator.or_, list(parts))


def _joined(join: Callable[[nw.Expr, nw.Expr], nw.Expr], parts: list[nw.Expr]) -> nw.Expr:
    # In halves: engines limit how deep expressions nest.
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return join(_joined(join, parts[:middle]), _joined(join, parts[middle:]))


def _leaf(leaf: Leaf, measured: Measured) -> Truth:
    match leaf:
        case IsKnown():
            return _known(measured)
        case Contains(words=words, mode=mode):
            groups = [(word,) for word in words] if mode == "all" else [words]
            return _text(measured, lambda text: _all(map(_holds_words(text), groups)))
        case Compare(op=op, value=value):
            return _compare(op, value, measured)
        case OneOf(values=values):
            return _one_of(values, measured)
        case _:
            assert_never(leaf)


def _known(measured: Measured) -> Truth:
    kinds = [kind for kind in (measured.flag, measured.day) if kind is not None]
    known = [_is_known(kind) for kind in kinds]
    if measured.text is not None:
        known.append(measured.text.fill_null("") != "")
    if measured.number is not None:
        is_number = _is_known(measured.number)
        bounded = measured.at_least
        known.append(is_number if bounded is None else is_number & ~bounded)
    holds = _any(known) if known else _NEVER
    return Truth(holds, ~holds)


def _compare(op: str, value: Literal, measured: Measured) -> Truth:
    if op == "!=" and isinstance(value, str | bool):
        holds, fails = _one_of((value,), measured)
        return Truth(fails, holds)
    if isinstance(value, str | bool):
        return _one_of((value,), measured)
    if isinstance(value, date):
        return _compare_numbers(op, _day(value), _days(measured))
    return _compare_numbers(op, value, measured)


def _compare_numbers(op: str, value: float, measured: Measured) -> Truth:
    number = measured.number
    if number is None:
        return _UNKNOWN
    known, compared = _is_known(number), _comparing(number, is_whole=measured.is_whole)
    holds, fails = compared(op, value), compared(_OPPOSITES[op], value)
    bounded = measured.at_least
    if bounded is not None:
        surely_holds, surely_fails = _SURELY_HOLDS.get(op), _SURELY_FAILS.get(op)
        holds = holds & ~bounded
        fails = fails & ~bounded
        if surely_holds is not None:
            holds = holds | (bounded & compared(surely_holds, value))
        if surely_fails is not None:
            fails = fails | (bounded & compared(surely_fails, value))
    return Truth(known & holds, known & fails)


def _one_of(values: tuple[Literal, ...], measured: Measured) -> Truth:
    texts = {value.casefold() for value in values if isinstance(value, str)}
    flags = {value for value in values if isinstance(value, bool)}
    days = {_day(value) for value in values if isinstance(value, date)}
    numbers = {
        value for value in values if isinstance(value, int | float) and not isinstance(value, bool)
    }
    kinds = [
        *([_text(measured, lambda text: _is_any(text, texts, measured.words))] if texts else []),
        *([_flag(measured, flags)] if flags else []),
        *([_among(days, _days(measured))] if days else []),
        *([_among(numbers, measured)] if numbers else []),
    ]
    return Truth(_any(kind.holds for kind in kinds), _any(kind.fails for kind in kinds))


def _among(numbers: Iterable[float], measured: Measured) -> Truth:
    number, wanted = measured.number, sorted(numbers)
    if number is None:
        return _UNKNOWN
    # Not `is_in`: it may tell -0.0 from 0.
    known, compared = _is_known(number), _comparing(number, is_whole=measured.is_whole)
    holds = _any(compared("==", value) for value in wanted)
    fails = _all(compared("!=", value) for value in wanted)
    bounded = measured.at_least
    if bounded is not None:
        holds = holds & ~bounded
        fails = (fails & ~bounded) | (bounded & compared(">", wanted[-1]))
    return Truth(known & holds, known & fails)


def _comparing(number: nw.Expr, *, is_whole: bool) -> Callable[[str, float], nw.Expr]:
    def compared(op: str, value: float) -> nw.Expr:
        exact = _exact(op, value, is_whole=is_whole)
        if isinstance(exact, bool):
            return _ALWAYS if exact else _NEVER
        same: nw.Expr = _OPERATORS[exact[0]](number, exact[1])
        return same

    return compared


def _exact(op: str, value: float, *, is_whole: bool) -> tuple[str, float] | bool:
    """Return the comparison with a value of the column's own type that says the same.

    Python compares integers and floats exactly; engines turn one into the other first. A bool is
    what the comparison always says.

    >>> _exact(">", 2.5, is_whole=True), _exact("==", 2.5, is_whole=True)
    (('>=', 3), False)
    >>> _exact(">=", 2**53 + 1, is_whole=False)
    ('>=', 9007199254740994.0)
    """
    if is_whole and not _INT64[0] <= value <= _INT64[1]:
        return op in ("<", "<=", "!=") if value > 0 else op in (">", ">=", "!=")
    below, above = _around(value, is_whole=is_whole)
    if below == above:
        return op, below
    if op in ("==", "!="):
        return op == "!="
    return (">=", above) if op in (">", ">=") else ("<=", below)


def _around(value: float, *, is_whole: bool) -> tuple[float, float]:
    if is_whole:
        return math.floor(value), math.ceil(value)
    near = float(value)
    below = near if near <= value else math.nextafter(near, -math.inf)
    return below, near if near >= value else math.nextafter(near, math.inf)


def _day(value: date) -> int:
    return value.toordinal() - EPOCH_ORDINAL


def _days(measured: Measured) -> Measured:
    return Measured(number=measured.day, is_whole=True)


def _flag(measured: Measured, wanted: Iterable[bool]) -> Truth:
    flag = measured.flag
    if flag is None:
        return _UNKNOWN
    known = _is_known(flag)
    holds = [known & (flag == value) for value in (True, False) if value in wanted]
    fails = [known & (flag == value) for value in (True, False) if value not in wanted]
    return Truth(_any(holds), _any(fails) if fails else _NEVER)


def _text(measured: Measured, test: Callable[[nw.Expr], nw.Expr]) -> Truth:
    if measured.text is None:
        return _UNKNOWN
    # No pattern finds anything in an empty text.
    text = measured.text.fill_null("")
    holds = test(text)
    return Truth(holds, (text != "") & ~holds)


def _holds_words(text: nw.Expr) -> Callable[[tuple[str, ...]], nw.Expr]:
    return lambda words: _any(text.str.contains(pattern) for pattern in word_patterns(words))


def _is_any(text: nw.Expr, wanted: set[str], words: tuple[str, ...]) -> nw.Expr:
    if words:
        among = [word for word in words if word.casefold() in wanted]
        return text.is_in(among) if among else _NEVER
    # Surrogates can be written in Python only: no column holds one.
    patterns = text_patterns(one for one in wanted if _SURROGATE.search(one) is None)
    # Where `$` also holds before a line's end, the text goes on.
    found = [
        text.str.contains(f"{pattern}$") & ~text.str.contains(f"{pattern}{LINE_ENDS}")
        for pattern in patterns
    ]
    return _any(found) if found else _NEVER


def _is_known(column: nw.Expr) -> nw.Expr:
    return ~column.is_null()
