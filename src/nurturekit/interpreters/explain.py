"""Say in words what a criterion asks, what it answers, and what is unknown about it.

A fact's value is a person's data: it is named here, never shown.
"""

from collections.abc import Iterator
from typing import assert_never

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
from nurturekit.interpreters.evaluate import Kleene, evaluate
from nurturekit.records import Situation
from nurturekit.signals import FactSignal, measuring
from nurturekit.typing import Signal

_ANSWERS = {True: "yes", False: "no", None: "unknown"}


def explain(criterion: Criterion, situation: Situation) -> str:
    """Return a line for the criterion and an indented one for each part, with their answers.

    >>> from datetime import UTC, datetime
    >>> from nurturekit.criteria import fact
    >>> from nurturekit.records import Lead
    >>> lead = Lead(id="l1", attributes={"title": "VP Sales"})
    >>> situation = Situation(lead, as_of=datetime(2026, 1, 5, tzinfo=UTC))
    >>> print(explain(fact("title").contains_any("vp") & (fact("employees") >= 50), situation))
    unknown: all of
      yes: fact:title contains any of `vp`
      unknown: fact:employees >= 50
    """
    return "\n".join(_lines(criterion, situation, depth=0))


def _lines(criterion: Criterion, situation: Situation, *, depth: int) -> Iterator[str]:
    head, parts = _opened(criterion)
    shown = "" if parts else _shown(criterion, situation)
    yield f"{'  ' * depth}{_ANSWERS[evaluate(criterion, situation)]}: {head}{shown}"
    for part in parts:
        yield from _lines(part, situation, depth=depth + 1)


def _opened(criterion: Criterion) -> tuple[str, tuple[Criterion, ...]]:
    match criterion:
        case AllOf():
            return "all of", criterion.criteria
        case AnyOf():
            return "any of", criterion.criteria
        case Not():
            return "not", (criterion.criterion,)
        case _:
            return sentence(criterion), ()


def _shown(criterion: Criterion, situation: Situation) -> str:
    signal = next(signals_of(criterion))
    if isinstance(signal, FactSignal):
        return ""
    return f" (it is {measuring(signal)(situation)})"


def sentence(criterion: Criterion) -> str:
    """Return what a criterion asks, in one line."""
    match criterion:
        case Compare():
            return f"{criterion.signal.name} {criterion.op} {_quoted(criterion.value)}"
        case OneOf():
            return f"{criterion.signal.name} is one of {_listed(criterion.values)}"
        case Contains():
            return (
                f"{criterion.signal.name} contains {criterion.mode} of {_listed(criterion.words)}"
            )
        case IsKnown():
            return f"{criterion.signal.name} is known"
        case AllOf():
            return f"all of ({'; '.join(map(sentence, criterion.criteria))})"
        case AnyOf():
            return f"any of ({'; '.join(map(sentence, criterion.criteria))})"
        case Not():
            return f"not ({sentence(criterion.criterion)})"
        case _:
            assert_never(criterion)


def _quoted(value: Literal) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"`{value}`" if isinstance(value, str) else str(value)


def _listed(values: tuple[Literal, ...]) -> str:
    return ", ".join(map(_quoted, values))


def unknowns(criterion: Criterion, situation: Situation) -> tuple[str, ...]:
    """Return the names of the signals that make a criterion unknown, each once, in its order.

    A signal whose kind doesn't match is named too; a criterion that is known has none.
    """
    return tuple(dict.fromkeys(_unknown_names(criterion, situation)))


def _unknown_names(criterion: Criterion, situation: Situation) -> Iterator[str]:
    answer: Kleene = evaluate(criterion, situation)
    if answer is not None:
        return
    match criterion:
        case AllOf() | AnyOf():
            for part in criterion.criteria:
                yield from _unknown_names(part, situation)
        case Not():
            yield from _unknown_names(criterion.criterion, situation)
        case Compare() | OneOf() | Contains() | IsKnown():
            yield criterion.signal.name
        case _:
            assert_never(criterion)


def signals_of(criterion: Criterion) -> Iterator[Signal]:
    """Yield the signals that a criterion reads, in its order, repeated where it repeats them."""
    for leaf in leaves(criterion):
        yield leaf.signal


def leaves(criterion: Criterion) -> Iterator[Leaf]:
    """Yield the parts of a criterion that measure something, in its order."""
    match criterion:
        case AllOf() | AnyOf():
            for part in criterion.criteria:
                yield from leaves(part)
        case Not():
            yield from leaves(criterion.criterion)
        case Compare() | OneOf() | Contains() | IsKnown():
            yield criterion
        case _:
            assert_never(criterion)
