"""Evaluate a criterion for a situation in Kleene's logic: True, False, or None for unknown.

Everything that says when a criterion holds lives in this file. A criterion is turned into closures
once and keeps them; that is several times quicker than walking its nodes.

- A missing value, NaN and empty text are unknown; so are kinds that don't match (a text is no
  number, a bool is no number) and an order of texts or bools.
- A count that is only bounded from below answers what no higher count could change.
- Not known and False is False; known or True is True.
"""

import operator
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from nurturekit.criteria import (
    AllOf,
    AnyOf,
    Compare,
    Contains,
    Criterion,
    IsKnown,
    Leaf,
    Not,
    OneOf,
    words_of,
)
from nurturekit.records import Situation
from nurturekit.signals import AtLeast, FactSignal, Measure, measuring

Kleene = bool | None
Compiled = Callable[[Situation], Kleene]
Test = Callable[[Any], Kleene]
_KEPT = "_compiled"
# As a tuple: a union is several times slower to test against.
_NUMBERS = (int, float, Decimal)
_KNOWN = (int, date, tuple)

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}

# What is certain of a comparison once the count is at least the first number.
_AT_LEAST: Mapping[str, Callable[[int, float], Kleene]] = {
    ">=": lambda count, value: True if count >= value else None,
    ">": lambda count, value: True if count > value else None,
    "<=": lambda count, value: False if count > value else None,
    "<": lambda count, value: False if count >= value else None,
    "==": lambda count, value: False if count > value else None,
    "!=": lambda count, value: True if count > value else None,
}


def evaluate(criterion: Criterion, situation: Situation) -> Kleene:
    """Say whether a criterion holds: True, False, or None where that is unknown.

    >>> from datetime import UTC, datetime
    >>> from nurturekit.criteria import fact
    >>> from nurturekit.records import Lead
    >>> lead = Lead(id="l1", attributes={"title": "VP Sales"})
    >>> situation = Situation(lead, as_of=datetime(2026, 1, 5, tzinfo=UTC))
    >>> evaluate(fact("title").contains_any("vp"), situation)
    True
    >>> evaluate(fact("employees") >= 50, situation) is None
    True
    """
    return compile_(criterion)(situation)


def compile_(criterion: Criterion) -> Compiled:
    """Return the function that evaluates a criterion; the criterion keeps it."""
    kept: Compiled | None = criterion.__dict__.get(_KEPT)
    if kept is None:
        kept = _COMPILERS[type(criterion)](criterion)
        criterion.__dict__[_KEPT] = kept
    return kept


def answer(leaf: Leaf, measured: Measure | None) -> Kleene:
    """Return what a leaf answers where its signal measures this.

    >>> from nurturekit.criteria import fact
    >>> answer(fact("employees") >= 50, 80), answer(fact("employees") >= 50, "many")
    (True, None)
    """
    return _TESTS[type(leaf)](leaf)(measured)


def _compile_leaf(leaf: Leaf) -> Compiled:
    test, signal = _TESTS[type(leaf)](leaf), leaf.signal
    if type(signal) is FactSignal:
        name = signal.fact
        return lambda situation: test(situation.attributes.get(name))
    measure = measuring(signal)
    return lambda situation: test(measure(situation))


def _compare_test(node: Compare) -> Test:
    value = node.value
    if isinstance(value, str | bool):
        return _equality(value, is_wanted=node.op == "==")
    if isinstance(value, date):
        return _date_test(_OPERATORS[node.op], value)
    return _number_test(node.op, value)


def _number_test(op: str, value: float) -> Test:
    compare, bounded = _OPERATORS[op], _AT_LEAST[op]

    def test(measured: object) -> Kleene:
        if type(measured) is int:
            return compare(measured, value)
        if measured is None:
            return None
        if isinstance(measured, AtLeast):
            return bounded(measured.count, value)
        number = as_number(measured)
        return None if number is None else compare(number, value)

    return test


def as_number(measured: object) -> int | float | None:
    """Return a measure as a number; None for what isn't one, bools and NaN among them."""
    if isinstance(measured, bool) or not isinstance(measured, _NUMBERS):
        return None
    number = float(measured) if isinstance(measured, Decimal) else measured
    return number if number == number else None  # noqa: PLR0124 - NaN is what differs from itself


def _date_test(compare: Callable[[Any, Any], bool], value: date) -> Test:
    return lambda measured: compare(measured, value) if type(measured) is date else None


def _equality(value: str | bool, *, is_wanted: bool) -> Test:  # noqa: FBT001 - a value, not a flag
    if isinstance(value, bool):
        return lambda measured: (
            (measured is value) is is_wanted if isinstance(measured, bool) else None
        )
    folded = value.casefold()

    def test(measured: object) -> Kleene:
        if not measured or not isinstance(measured, str):
            return None
        return (measured.casefold() == folded) is is_wanted

    return test


def _one_of_test(node: OneOf) -> Test:
    texts = frozenset(value.casefold() for value in node.values if isinstance(value, str))
    bools = frozenset(value for value in node.values if isinstance(value, bool))
    dates = frozenset(value for value in node.values if isinstance(value, date))
    numbers = frozenset(
        value
        for value in node.values
        if isinstance(value, int | float) and not isinstance(value, bool)
    )

    def test(measured: object) -> Kleene:
        if isinstance(measured, str):
            return measured.casefold() in texts if texts and measured else None
        if isinstance(measured, bool):
            return measured in bools if bools else None
        if isinstance(measured, tuple):
            return any(text.casefold() in texts for text in measured) if texts else None
        if type(measured) is date:
            return measured in dates if dates else None
        return _among(measured, numbers) if numbers else None

    return test


def _among(measured: object, numbers: frozenset[float]) -> Kleene:
    if isinstance(measured, AtLeast):
        return False if max(numbers) < measured.count else None
    number = as_number(measured)
    return None if number is None else number in numbers


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    # Built from escaped words only: whole words, whatever stands between them.
    phrases = "|".join(r"\W+".join(map(re.escape, words_of(word))) for word in words)
    return re.compile(rf"(?<!\w)(?:{phrases})(?!\w)")


def _search(words: tuple[str, ...]) -> Callable[[str], bool]:
    pattern = _pattern(words).search
    # Most texts hold none of the words, not even within others: that is quicker to see.
    starts = tuple(words_of(word)[0] for word in words)

    def search(folded: str) -> bool:
        for start in starts:
            if start in folded:
                return pattern(folded) is not None
        return False

    return search


def _contains_test(node: Contains) -> Test:
    groups = [(word,) for word in node.words] if node.mode == "all" else [node.words]
    searches = tuple(map(_search, groups))
    first = searches[0] if len(searches) == 1 else None

    def test(measured: object) -> Kleene:
        if isinstance(measured, str) and measured:
            folded = measured.casefold()
            return first(folded) if first else all(search(folded) for search in searches)
        if isinstance(measured, tuple):
            texts = [text.casefold() for text in measured]
            return all(any(map(search, texts)) for search in searches)
        return None

    return test


def is_known(measured: Measure | None) -> bool:
    """Say whether a measure is a value: not missing, NaN, empty text or only a lower bound."""
    if isinstance(measured, _KNOWN):
        return True
    if isinstance(measured, str):
        return bool(measured)
    return as_number(measured) is not None


def _compile_all_of(node: AllOf) -> Compiled:
    parts = tuple(map(compile_, node.criteria))

    def all_of(situation: Situation) -> Kleene:
        answer: Kleene = True
        for part in parts:
            held = part(situation)
            if held is False:
                return False
            if held is None:
                answer = None
        return answer

    return all_of


def _compile_any_of(node: AnyOf) -> Compiled:
    parts = tuple(map(compile_, node.criteria))

    def any_of(situation: Situation) -> Kleene:
        answer: Kleene = False
        for part in parts:
            held = part(situation)
            if held:
                return True
            if held is None:
                answer = None
        return answer

    return any_of


def _compile_not(node: Not) -> Compiled:
    part = compile_(node.criterion)

    def negated(situation: Situation) -> Kleene:
        held = part(situation)
        return None if held is None else not held

    return negated


_TESTS: Mapping[type, Callable[[Any], Test]] = {
    Compare: _compare_test,
    OneOf: _one_of_test,
    Contains: _contains_test,
    IsKnown: lambda _: is_known,
}

_COMPILERS: Mapping[type, Callable[[Any], Compiled]] = {
    **dict.fromkeys(_TESTS, _compile_leaf),
    AllOf: _compile_all_of,
    AnyOf: _compile_any_of,
    Not: _compile_not,
}
