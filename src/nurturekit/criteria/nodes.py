"""The nodes of the criteria algebra: frozen values that say nothing of how they are read.

CLOSED. To add one: its class here, its place in `Criterion`, and a case in every interpreter
(the type checker names them).
"""

import math
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn

import attrs

from nurturekit.errors import ModelError, did_you_mean
from nurturekit.typing import Signal

Literal = str | int | float | bool | date

OPERATORS = (">=", ">", "<=", "<", "==", "!=")
ORDERINGS = frozenset((">=", ">", "<=", "<"))
MODES = ("any", "all")
_EXACT_FLOATS = 2**53


def words_of(text: str) -> tuple[str, ...]:
    """Return the case-folded words of a text: what lies between characters no word is made of.

    >>> words_of("VP, Head-of Sales")
    ('vp', 'head', 'of', 'sales')
    """
    folded = text.casefold()
    return tuple("".join(c if c.isalnum() or c == "_" else " " for c in folded).split())


class Combining:
    """What every criterion can do: `&`, `|`, `~`, and refuse to be a truth value."""

    __slots__ = ()

    def __and__(self, other: "Criterion") -> "AllOf":
        return AllOf((*_parts(self, AllOf), *_parts(other, AllOf)))

    def __or__(self, other: "Criterion") -> "AnyOf":
        return AnyOf((*_parts(self, AnyOf), *_parts(other, AnyOf)))

    def __invert__(self) -> "Not":
        return Not(self)

    def __bool__(self) -> NoReturn:  # noqa: PLE0304 - it has no truth value
        refuse_truth()

    def __getstate__(self) -> dict[str, Any]:
        # What interpreters keep beside the fields can be made again.
        return {key: value for key, value in self.__dict__.items() if not key.startswith("_")}


def refuse_truth() -> NoReturn:
    """Raise, with the correction to make."""
    problem = (
        "a criterion has no truth value of its own: use & instead of `and`, | instead of `or`, "
        "~ instead of `not`, and two criteria instead of a chained comparison"
    )
    raise TypeError(problem)


def _parts(criterion: Any, kind: type) -> tuple[Any, ...]:  # noqa: ANN401 - any node
    is_kind = type(criterion) is kind
    return tuple(criterion.criteria) if is_kind else (criterion,)


def _literal(value: object) -> Literal:
    """Return a value to compare with; numbers compare as the tables' do, so Decimals are floats."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, str):
        if not value:
            raise ModelError("bad-value", path="value", problem="is empty: use is_known() instead")
        return str(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ModelError(
        "bad-value", path="value", problem="must be a text, a number, a bool or a date"
    )


def _number(value: float | Decimal) -> int | float:
    if not math.isfinite(value):
        raise ModelError("not-a-number", path="value", problem="must be a finite number")
    if isinstance(value, int):
        return int(value)
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < _EXACT_FLOATS else number


def _literals(values: object) -> tuple[Literal, ...]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ModelError("bad-value", path="values", problem="must be several: give a list")
    literals = tuple(_literal(value) for value in values)
    if not literals:
        raise ModelError("empty", path="values", problem="must hold at least one value")
    return literals


def _word_list(words: object) -> tuple[str, ...]:
    if isinstance(words, str) or not isinstance(words, Iterable):
        raise ModelError("bad-value", path="words", problem="must be several: give a list")
    kept = tuple(words)
    if not kept:
        raise ModelError("empty", path="words", problem="must hold at least one word")
    for word in kept:
        if not isinstance(word, str) or not words_of(word):
            raise ModelError(
                "bad-value", path="words", problem="must be texts with a letter or digit in each"
            )
    return kept


def _signal(signal: object) -> Signal:
    if not isinstance(signal, Signal) or isinstance(signal, type):
        raise ModelError(
            "not-a-signal", path="signal", problem="must have a `name` and `measure(situation)`"
        )
    return signal


def _criterion(value: object) -> "Criterion":
    if not isinstance(value, Combining):
        raise ModelError(
            "not-a-criterion",
            path="criteria",
            problem=f"can't be a {type(value).__name__}: finish it, as in fact(...).is_known()",
        )
    return value  # type: ignore[return-value]


def _criteria(values: "Iterable[Criterion]") -> "tuple[Criterion, ...]":
    criteria = tuple(_criterion(value) for value in values)
    if not criteria:
        raise ModelError("empty", path="criteria", problem="must hold at least one criterion")
    return criteria


def _one_of(known: tuple[str, ...]) -> Any:  # noqa: ANN401 - attrs' own type for validators
    def check(_: object, field: "attrs.Attribute[str]", value: object) -> None:
        if value not in known:
            hint = did_you_mean(value, known) if isinstance(value, str) else ""
            raise ModelError(
                "unknown-word", path=field.name, problem=f"must be one of {', '.join(known)}{hint}"
            )

    return check


def _tagged(value: object) -> object:
    # In Python True equals 1; as criteria they differ.
    if isinstance(value, tuple):
        return tuple((type(item) is bool, item) for item in value)
    return type(value) is bool, value


@attrs.frozen(slots=False)
class Compare(Combining):
    """A comparison of a signal with a value; kinds that don't match are unknown.

    Args:
        signal: What is measured.
        op: `>=`, `>`, `<=`, `<`, `==` or `!=`.
        value: A text (`==` and `!=` only, case-folded), a number, a bool (likewise) or a date.

    Raises:
        ModelError: `unknown-word`, `bad-value`, `not-a-number`, `not-ordered`.
    """

    signal: Signal = attrs.field(converter=_signal)
    op: str = attrs.field(validator=_one_of(OPERATORS))
    value: Literal = attrs.field(converter=_literal, eq=_tagged)

    def __attrs_post_init__(self) -> None:
        if self.op in ORDERINGS and isinstance(self.value, str | bool):
            raise ModelError(
                "not-ordered", path="value", problem=f"must be a number or a date for `{self.op}`"
            )


@attrs.frozen(slots=False)
class OneOf(Combining):
    """A signal is one of several values; of several texts, any is.

    Raises:
        ModelError: `bad-value`, `not-a-number`, `empty`.
    """

    signal: Signal = attrs.field(converter=_signal)
    values: tuple[Literal, ...] = attrs.field(converter=_literals, eq=_tagged)


@attrs.frozen(slots=False)
class Contains(Combining):
    """A text holds whole words, case-folded; `head of` is two words that follow each other.

    Args:
        signal: What is measured.
        words: The words.
        mode: `any` or `all` of them.

    Raises:
        ModelError: `bad-value`, `empty`, `unknown-word`.
    """

    signal: Signal = attrs.field(converter=_signal)
    words: tuple[str, ...] = attrs.field(converter=_word_list)
    mode: str = attrs.field(default="any", validator=_one_of(MODES))


@attrs.frozen(slots=False)
class IsKnown(Combining):
    """A signal's value is known; never unknown itself."""

    signal: Signal = attrs.field(converter=_signal)


@attrs.frozen(slots=False)
class AllOf(Combining):
    """Every criterion holds.

    Raises:
        ModelError: `empty`, `not-a-criterion`.
    """

    criteria: "tuple[Criterion, ...]" = attrs.field(converter=_criteria)


@attrs.frozen(slots=False)
class AnyOf(Combining):
    """At least one criterion holds.

    Raises:
        ModelError: `empty`, `not-a-criterion`.
    """

    criteria: "tuple[Criterion, ...]" = attrs.field(converter=_criteria)


@attrs.frozen(slots=False)
class Not(Combining):
    """A criterion doesn't hold; unknown stays unknown.

    Raises:
        ModelError: `not-a-criterion`.
    """

    criterion: "Criterion" = attrs.field(converter=_criterion)


Leaf = Compare | OneOf | Contains | IsKnown
Criterion = Compare | OneOf | Contains | IsKnown | AllOf | AnyOf | Not
