"""What a signal can measure, and whether some measure answers several leaves as wanted.

The values of a signal fall into classes that the leaves asked about tell apart: one witness stands
for each. Whatever isn't ruled out is taken as possible, so a "no" is a proof and a "yes" is not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from math import ceil, floor
from typing import Any

import attrs

from nurturekit.criteria import Compare, Contains, Leaf, OneOf, words_of
from nurturekit.interpreters.evaluate import Kleene, answer
from nurturekit.records import FrozenMap
from nurturekit.signals import UNKNOWN, AtLeast, Measure

Answers = frozenset[Kleene]
# A leaf, and the answers to it that will do.
Wanted = tuple[Leaf, Answers]

NUMBER, COUNT, AT_LEAST, BOOL, DATE, TEXT, TEXTS = (
    "number",
    "count",
    "at_least",
    "bool",
    "date",
    "text",
    "texts",
)
EVERY_KIND = frozenset((NUMBER, AT_LEAST, BOOL, DATE, TEXT, TEXTS))
# From here on whole numbers and floats compare in ways that one witness can't stand for.
_EXACT = 2**53


@attrs.frozen(kw_only=True)
class Possible:
    """What a signal can measure: some values, or every value of some kinds.

    Args:
        values: Each value it can have, besides those of `kinds`.
        kinds: Kinds of which it can have any value: `number` (any), `count` (whole), `at_least`,
            `bool`, `date`, `text`, `texts`.
        low: The least number.
        high: The greatest number.
    """

    values: tuple[Measure, ...] = (UNKNOWN,)
    kinds: frozenset[str] = frozenset()
    low: float | None = None
    high: float | None = None


ANYTHING = Possible(kinds=EVERY_KIND)


def can_measure(possible: Possible, wanted: Sequence[Wanted]) -> bool:
    """Say whether a signal can have a value that every leaf answers as wanted.

    Args:
        possible: What the signal can measure.
        wanted: Leaves of that signal, each with the answers that will do.

    Returns:
        False only where that is certain.
    """
    leaves = [leaf for leaf, _ in wanted]
    if any(abs(number) >= _EXACT for number in _numbers_in(leaves)):
        return True
    if any(_agree(value, wanted) for value in _witnesses(possible, leaves)):
        return True
    return any(kind in possible.kinds and _some_text(kind, wanted) for kind in (TEXT, TEXTS))


def _agree(value: Measure, wanted: Sequence[Wanted]) -> bool:
    return all(answer(leaf, value) in answers for leaf, answers in wanted)


def _witnesses(possible: Possible, leaves: Sequence[Leaf]) -> Iterator[Measure]:
    yield from possible.values
    for kind, of_kind in _OF_KIND.items():
        if kind in possible.kinds:
            yield from of_kind(leaves, possible)


def _literals(leaves: Iterable[Leaf]) -> Iterator[Any]:
    for leaf in leaves:
        if isinstance(leaf, Compare):
            yield leaf.value
        elif isinstance(leaf, OneOf):
            yield from leaf.values


def _numbers_in(leaves: Iterable[Leaf]) -> list[int | float]:
    found = {
        one
        for one in _literals(leaves)
        if isinstance(one, int | float) and not isinstance(one, bool)
    }
    return sorted(found)


def _within(numbers: Iterable[float], possible: Possible) -> Iterator[float]:
    for number in numbers:
        is_low = possible.low is not None and number < possible.low
        if not is_low and not (possible.high is not None and number > possible.high):
            yield number


def _numbers(leaves: Sequence[Leaf], possible: Possible) -> Iterator[float]:
    ends = [end for end in (possible.low, possible.high) if end is not None]
    bounds = sorted({*_numbers_in(leaves), *ends}) or [0]
    between = [(lower + upper) / 2 for lower, upper in pairwise(bounds)]
    yield from _within([bounds[0] - 1, *bounds, *between, bounds[-1] + 1], possible)


def _wholes(leaves: Sequence[Leaf], possible: Possible) -> list[int]:
    bounds = [*_numbers_in(leaves), 0 if possible.low is None else possible.low]
    near = {
        whole(bound) + step for bound in bounds for whole in (floor, ceil) for step in (-1, 0, 1)
    }
    return [int(number) for number in _within(sorted(near), possible)]


def _at_least(leaves: Sequence[Leaf], possible: Possible) -> Iterator[AtLeast]:
    return (AtLeast(number) for number in _wholes(leaves, possible) if number >= 0)


def _dates(leaves: Sequence[Leaf], _: Possible) -> Iterator[date]:
    named = {one for one in _literals(leaves) if isinstance(one, date)} or {date.min}
    for day in sorted(named):
        for ordinal in (day.toordinal() - 1, day.toordinal(), day.toordinal() + 1):
            if date.min.toordinal() <= ordinal <= date.max.toordinal():
                yield date.fromordinal(ordinal)


def _named_texts(leaves: Sequence[Leaf], _: Possible) -> Iterator[str]:
    return (one for one in _literals(leaves) if isinstance(one, str))


_OF_KIND: Mapping[str, Any] = FrozenMap(
    {
        NUMBER: _numbers,
        COUNT: _wholes,
        AT_LEAST: _at_least,
        BOOL: lambda _, __: (True, False),
        DATE: _dates,
        TEXT: _named_texts,
    }
)


def _some_text(kind: str, wanted: Sequence[Wanted]) -> bool:
    """Say whether a text that no leaf names, or a list of texts, may answer as wanted."""
    words: list[tuple[Contains, Answers]] = []
    absent: set[str] = set()
    listed: list[set[str]] = []
    for leaf, answers in wanted:
        can_be = _of_text(leaf) if kind == TEXT else _of_texts(leaf)
        left = can_be & answers
        if not left:
            return False
        if isinstance(leaf, Contains):
            words.append((leaf, left))
        elif isinstance(leaf, OneOf) and kind == TEXTS:
            if left == {False}:
                absent.update(_folded(leaf))
            elif left == {True}:
                listed.append(_folded(leaf))
    return not any(texts <= absent for texts in listed) and _words_agree(words)


def _folded(leaf: OneOf) -> set[str]:
    return {one.casefold() for one in leaf.values if isinstance(one, str)}


def _of_text(leaf: Leaf) -> Answers:
    if isinstance(leaf, Contains):
        return frozenset((True, False))
    return frozenset((answer(leaf, _unnamed(leaf)),))


def _unnamed(leaf: Leaf) -> str:
    # Longer than every text that the leaf names.
    return "x" * (1 + max((len(one) for one in _named_texts((leaf,), ANYTHING)), default=0))


def _of_texts(leaf: Leaf) -> Answers:
    if isinstance(leaf, Contains) or (isinstance(leaf, OneOf) and _folded(leaf)):
        return frozenset((True, False))
    return frozenset((answer(leaf, ()),))


def _words_agree(asked: Sequence[tuple[Contains, Answers]]) -> bool:
    """Say whether a text may hold and lack the words that these leaves are to find or not."""
    present: list[tuple[str, ...]] = []
    absent: list[tuple[str, ...]] = []
    for leaf, answers in asked:
        phrases = [words_of(word) for word in leaf.words]
        if answers == {True} and (leaf.mode == "all" or len(phrases) == 1):
            present += phrases
        elif answers == {False} and (leaf.mode == "any" or len(phrases) == 1):
            absent += phrases
    for leaf, answers in asked:
        phrases = [words_of(word) for word in leaf.words]
        lacks = [any(_holds(phrase, one) for one in absent) for phrase in phrases]
        has = [any(_holds(one, phrase) for one in present) for phrase in phrases]
        if answers == {True} and (all(lacks) or (leaf.mode == "all" and any(lacks))):
            return False
        if answers == {False} and (all(has) or (leaf.mode == "any" and any(has))):
            return False
    return True


def _holds(phrase: tuple[str, ...], inner: tuple[str, ...]) -> bool:
    # Who reads all of a phrase reads what it holds.
    span = len(inner)
    return any(phrase[start : start + span] == inner for start in range(len(phrase) - span + 1))
