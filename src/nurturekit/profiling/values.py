"""The answers worth trying: one for each way in which the playbook's criteria may turn out.

Numbers and dates: each limit, between two limits, and beyond the outer ones. Texts: each that is
listed, each word looked for, the words of two criteria together, and something else.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Any

import attrs

from nurturekit.criteria import Compare, Contains, IsKnown, Leaf, Literal, OneOf
from nurturekit.errors import RecordError
from nurturekit.playbook import Playbook
from nurturekit.records import FrozenMap
from nurturekit.records.checks import check_value
from nurturekit.signals import FactSignal

# A text without words, which no criterion looks for.
SOMETHING_ELSE = "\N{EM DASH}"


def leaves_of(playbook: Playbook) -> Mapping[str, tuple[Leaf, ...]]:
    """Return what a playbook's criteria ask of each fact, by the fact's name."""
    found: dict[str, dict[Leaf, None]] = {}
    for leaf in _leaves(playbook):
        if isinstance(leaf.signal, FactSignal):
            found.setdefault(leaf.signal.fact, {})[leaf] = None
    return FrozenMap({name: tuple(found[name]) for name in sorted(found)})


def _leaves(part: object) -> Iterator[Leaf]:
    if isinstance(part, Compare | OneOf | Contains | IsKnown):
        yield part
    elif isinstance(part, Mapping):
        yield from _leaves(tuple(part.values()))
    elif isinstance(part, tuple | list):
        for item in part:
            yield from _leaves(item)
    elif attrs.has(type(part)):
        kind: Any = type(part)
        for field in attrs.fields(kind):
            yield from _leaves(getattr(part, field.name))


def answers(leaves: Iterable[Leaf]) -> tuple[Literal, ...]:
    """Return the answers to try where criteria ask something of one fact, in an order of theirs."""
    asked = tuple(leaves)
    named = [value for leaf in asked for value in _named(leaf)]
    bools = (True, False) if any(type(value) is bool for value in named) else ()
    numbers = sorted({one for one in named if isinstance(one, int | float)} - {*bools})
    days = sorted({one for one in named if isinstance(one, date)})
    texts = sorted({one for one in named if isinstance(one, str)})
    values = (*bools, *_around(numbers), *_around_days(days), *texts, *_joined(asked))
    return (*possible(values), SOMETHING_ELSE)


def possible(values: Iterable[Literal]) -> Iterator[Literal]:
    """Yield the values that a fact can have, each once."""
    for value in dict.fromkeys((type(value), value) for value in values):
        with suppress(RecordError):
            check_value(value[1], field="Fact.value")
            yield value[1]


def _named(leaf: Leaf) -> tuple[Literal, ...]:
    match leaf:
        case Compare():
            return (leaf.value,)
        case OneOf():
            return leaf.values
        case Contains():
            return leaf.words if leaf.mode == "any" else (*leaf.words, " ".join(leaf.words))
        case IsKnown():
            return ()


def _around(limits: list[int | float]) -> Iterator[int | float]:
    if limits:
        yield limits[0] - 1
        yield from limits
        yield from ((low + high) / 2 for low, high in pairwise(limits))
        yield limits[-1] + 1


def _around_days(limits: list[date]) -> Iterator[date]:
    for limit in limits:
        yield limit
        if limit > date.min:
            yield limit - timedelta(days=1)
        if limit < date.max:
            yield limit + timedelta(days=1)


def _joined(leaves: tuple[Leaf, ...]) -> Iterator[str]:
    looked_for = [leaf for leaf in leaves if isinstance(leaf, Contains)]
    for one, other in combinations(looked_for, 2):
        yield f"{_text(one)} {_text(other)}"


def _text(leaf: Contains) -> str:
    return leaf.words[0] if leaf.mode == "any" else " ".join(leaf.words)
