"""The way to write criteria in Python: `fact("employees") >= 50`."""

from typing import NoReturn

import attrs

from nurturekit.criteria.nodes import Compare, Contains, IsKnown, Literal, OneOf, refuse_truth
from nurturekit.signals import DaysSince, FactSignal, Parameter, TouchCount, named
from nurturekit.typing import Signal


@attrs.frozen(eq=False)
class Measured:
    """Something measured, to be finished into a criterion: compare it, or call a method.

    Args:
        signal: What is measured.
    """

    signal: Signal

    def __ge__(self, value: Literal) -> Compare:
        return Compare(self.signal, ">=", value)

    def __gt__(self, value: Literal) -> Compare:
        return Compare(self.signal, ">", value)

    def __le__(self, value: Literal) -> Compare:
        return Compare(self.signal, "<=", value)

    def __lt__(self, value: Literal) -> Compare:
        return Compare(self.signal, "<", value)

    def __eq__(self, other: object) -> NoReturn:
        problem = "use .equals(value) instead of =="
        raise TypeError(problem)

    def __ne__(self, other: object) -> NoReturn:
        problem = "use .differs_from(value) instead of !="
        raise TypeError(problem)

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> NoReturn:  # noqa: PLE0304 - it has no truth value
        refuse_truth()

    def equals(self, value: Literal) -> Compare:
        """Make the criterion that the value is this one, texts case-folded."""
        return Compare(self.signal, "==", value)

    def differs_from(self, value: Literal) -> Compare:
        """Make the criterion that the value is known and another one."""
        return Compare(self.signal, "!=", value)

    def one_of(self, *values: Literal) -> OneOf:
        """Make the criterion that the value is one of these."""
        return OneOf(self.signal, values)

    def contains_any(self, *words: str) -> Contains:
        """Make the criterion that the text holds any of these whole words."""
        return Contains(self.signal, words, "any")

    def contains_all(self, *words: str) -> Contains:
        """Make the criterion that the text holds all of these whole words."""
        return Contains(self.signal, words, "all")

    def is_known(self) -> IsKnown:
        """Make the criterion that the value is known."""
        return IsKnown(self.signal)


def fact(name: str) -> Measured:
    """Measure an attribute of the lead.

    >>> from nurturekit.interpreters.explain import sentence
    >>> sentence(fact("title").contains_any("vp", "head of") & (fact("employees") >= 50))
    'all of (fact:title contains any of `vp`, `head of`; fact:employees >= 50)'
    """
    return Measured(FactSignal(name))


def signal(name: str | Signal) -> Measured:
    """Measure a named signal (`score`, `score.fit`, `stage`), or one that a plug-in supplies.

    Raises:
        ModelError: `unknown-signal`.

    >>> signal("stage").one_of("mql", "sal").values
    ('mql', 'sal')
    """
    return Measured(named(name) if isinstance(name, str) else name)


def parameter(name: str) -> Measured:
    """Measure a parameter of the ownership policy that decides.

    >>> parameter("handoff_on").one_of("mql", "either").signal.name
    'parameter:handoff_on'
    """
    return Measured(Parameter(name))


def touches_count(
    kind: str = "*", *, days: int | None = None, channel: str | None = None
) -> Measured:
    """Count touches of a kind in the last so many integer days, today included.

    Args:
        kind: The kind of touch, `*` for every kind.
        days: How far back; None is ever.
        channel: Only touches by this channel.

    Raises:
        ModelError: `out-of-range` or `unknown-word`.

    >>> (touches_count("pricing_viewed", days=30) >= 2).signal.name
    'touches:pricing_viewed in 30 days'
    """
    return Measured(TouchCount(kind, days=days, channel=channel))


def days_since(kind: str = "*", *, channel: str | None = None) -> Measured:
    """Count the integer days since the last touch of a kind; never is longer ago than any number.

    Raises:
        ModelError: `unknown-word`.

    >>> (days_since("webinar_attended") <= 14).op
    '<='
    """
    return Measured(DaysSince(kind, channel=channel))
