"""What may stand at a place of a document: single values, and values by key or in a list.

A shape reads a node strictly (nothing is coerced, a bool is no number), reports what is wrong,
and writes the value back as the node it would be read from.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

import attrs

from nurturekit.documents.places import BAD, Bad, Place
from nurturekit.errors import ModelError, RecordError, did_you_mean
from nurturekit.records.frozen import FrozenMap

# Any table may say where its numbers come from.
SOURCE = "source"
NONE = "none"

_NAMES: tuple[tuple[type, str], ...] = (
    (bool, "true or false"),
    (str, "text"),
    (int, "a whole number"),
    (Decimal, "a number with a fraction"),
    (date, "a date"),
    (dict, "a table"),
    (list, "a list"),
)


class Shape(Protocol):
    """One kind of node."""

    def read(self, node: Any, place: Place) -> Any:  # noqa: ANN401 - the JSON border
        """Return the value of a node, or `BAD` once its problems are reported."""

    def write(self, value: Any) -> Any:  # noqa: ANN401 - the JSON border
        """Return the node of a value."""


def name_of(node: object) -> str:
    """Return what a node is, for a sentence."""
    return next(name for kind, name in _NAMES if isinstance(node, kind))


def refuse(node: object, place: Place, *, code: str, must: str) -> Bad:
    """Report a node of the wrong type, unless it was reported when it was parsed."""
    return BAD if node is BAD else place.report(code, f"must be {must}, not {name_of(node)}")


def is_bad(values: Iterable[object]) -> bool:
    """Say whether one of several values couldn't be read; nothing is compared by `==`."""
    return any(value is BAD for value in values)


def holds_bad(node: object) -> bool:
    """Say whether a part of a node couldn't be parsed: reported then, not to be reported again."""
    below: Iterable[object] = ()
    if isinstance(node, dict):
        below = node.values()
    elif isinstance(node, list):
        below = node
    return node is BAD or any(map(holds_bad, below))


def number_node(value: float | Decimal) -> int | float:
    """Return a number as JSON has it: whole where it is whole."""
    return int(value) if value == int(value) else float(value)


def plain_number(node: int | Decimal) -> int | float:
    """Return a number as Python code would have it."""
    return node if isinstance(node, int) else float(node)


def _same(value: Any) -> Any:  # noqa: ANN401 - the JSON border
    return value


@attrs.frozen
class Scalar:
    """A single value of given types.

    Args:
        types: The exact types, so that a bool is no whole number.
        code: The code of the problem of another type.
        must: What it must be, for a sentence.
        from_node: From what the document says to what the value takes.
        to_node: From what the value keeps to what the document says.
    """

    types: tuple[type, ...]
    code: str
    must: str
    from_node: Callable[[Any], Any] = _same
    to_node: Callable[[Any], Any] = _same

    def read(self, node: Any, place: Place) -> Any:  # noqa: ANN401 - the JSON border
        """Return the value."""
        if type(node) in self.types:
            return self.from_node(node)
        return refuse(node, place, code=self.code, must=self.must)

    def write(self, value: Any) -> Any:  # noqa: ANN401 - the JSON border
        """Return the node."""
        return self.to_node(value)


TEXT = Scalar((str,), "not-text", "text", str, str)
FLAG = Scalar((bool,), "not-a-bool", "true or false")
WHOLE = Scalar((int,), "not-a-whole-number", "a whole number")
NUMBER = Scalar((int, Decimal), "not-a-number", "a number", plain_number, number_node)
# Points stay exact on the way in.
POINTS = Scalar((int, Decimal), "not-a-number", "a number of points", _same, number_node)


@attrs.frozen
class Day:
    """A date: TOML's own, or text such as `2026-11-01`."""

    def read(self, node: Any, place: Place) -> date | Bad:  # noqa: ANN401 - the JSON border
        """Return the date."""
        if isinstance(node, date):
            return node
        if not isinstance(node, str):
            return refuse(node, place, code="not-a-date", must="a date")
        try:
            day = date.fromisoformat(node)
        except ValueError:
            return place.report("not-a-date", "must be a date such as `2026-11-01`")
        return day if day.isoformat() == node else place.report("not-a-date", "must have dashes")

    def write(self, value: date) -> str:
        """Return the text."""
        return value.isoformat()


DAY = Day()


def _words(vocabulary: type[StrEnum]) -> FrozenMap[str, StrEnum]:
    return FrozenMap({str(word): word for word in vocabulary})


@attrs.frozen
class Word:
    """A word of a closed vocabulary."""

    words: Mapping[str, StrEnum] = attrs.field(converter=_words)

    def read(self, node: Any, place: Place) -> StrEnum | Bad:  # noqa: ANN401 - the JSON border
        """Return the member."""
        if not isinstance(node, str):
            return refuse(node, place, code="not-text", must="text")
        if node not in self.words:
            listed = ", ".join(self.words)
            hint = did_you_mean(node, self.words)
            return place.report("unknown-word", f"must be one of {listed}{hint}")
        return self.words[node]

    def write(self, value: StrEnum) -> str:
        """Return the word."""
        return str(value)


@attrs.frozen
class Choice:
    """One of several words that no vocabulary has as a type; read as text."""

    words: tuple[str, ...]

    def read(self, node: Any, place: Place) -> str | Bad:  # noqa: ANN401 - the JSON border
        """Return the word."""
        word = TEXT.read(node, place)
        if word is BAD or word in self.words:
            return word  # type: ignore[no-any-return]
        listed, hint = ", ".join(self.words), did_you_mean(word, self.words)
        return place.report("unknown-word", f"must be one of {listed}{hint}")

    def write(self, value: str) -> str:
        """Return the word."""
        return TEXT.write(value)  # type: ignore[no-any-return]


@attrs.frozen
class Count:
    """A whole number within bounds."""

    least: int
    most: int | None = None

    def read(self, node: Any, place: Place) -> int | Bad:  # noqa: ANN401 - the JSON border
        """Return the number."""
        count = WHOLE.read(node, place)
        if count is BAD or (self.least <= count and (self.most is None or count <= self.most)):
            return count  # type: ignore[no-any-return]
        bounds = f"{self.least}" if self.most is None else f"{self.least} to {self.most:,}"
        return place.report("out-of-range", f"must be a whole number from {bounds}")

    def write(self, value: int) -> int:
        """Return the number."""
        return value


@attrs.frozen
class OrNone:
    """A value, or the word `none` where leaving the key out means something else."""

    shape: Shape

    def read(self, node: Any, place: Place) -> Any:  # noqa: ANN401 - the JSON border
        """Return the value or None."""
        return None if node == NONE else self.shape.read(node, place)

    def write(self, value: Any) -> Any:  # noqa: ANN401 - the JSON border
        """Return the node."""
        return NONE if value is None else self.shape.write(value)


@attrs.frozen
class Parsed:
    """A node with a notation of its own, such as a window of the week.

    Args:
        shape: What the node is.
        parse: From the node's value to the value, raising errors of the library.
        unparse: The way back.
    """

    shape: Shape
    parse: Callable[[Any], Any]
    unparse: Callable[[Any], Any]

    def read(self, node: Any, place: Place) -> Any:  # noqa: ANN401 - the JSON border
        """Return the value."""
        said = self.shape.read(node, place)
        if said is BAD:
            return BAD
        try:
            return self.parse(said)
        except (ModelError, RecordError) as error:
            return place.report_error(error, ())

    def write(self, value: Any) -> Any:  # noqa: ANN401 - the JSON border
        """Return the node."""
        return self.shape.write(self.unparse(value))


@attrs.frozen
class ListOf:
    """A list of one shape, read as a tuple.

    Args:
        shape: The shape of each.
        at_most: How many rules a list of rules may have.
    """

    shape: Shape
    at_most: int | None = None

    def read(self, node: Any, place: Place) -> Any:  # noqa: ANN401 - the JSON border
        """Return the values, all read even if one is bad."""
        if not isinstance(node, list):
            return refuse(node, place, code="not-a-list", must="a list")
        if self.at_most is not None and len(node) > self.at_most:
            return place.report("too-many-rules", f"must have at most {self.at_most:,} rules")
        values = [self.shape.read(item, place.at(index)) for index, item in enumerate(node)]
        return BAD if is_bad(values) else tuple(values)

    def write(self, value: Any) -> list[Any]:  # noqa: ANN401 - the JSON border
        """Return the nodes."""
        return [self.shape.write(item) for item in value]


@attrs.frozen
class SetOf:
    """A list without order, each value once; written sorted."""

    shape: Shape

    def read(self, node: Any, place: Place) -> Any:  # noqa: ANN401 - the JSON border
        """Return the values as a frozen set."""
        values = ListOf(self.shape).read(node, place)
        if values is BAD:
            return BAD
        if len(set(values)) < len(values):
            return place.report("duplicate", "must hold each value once")
        return frozenset(values)

    def write(self, value: Iterable[Any]) -> list[Any]:
        """Return the nodes."""
        return sorted(self.shape.write(item) for item in value)


@attrs.frozen
class MapOf:
    """A table from keys of one shape to values of one shape."""

    key: Shape
    shape: Shape

    def read(self, node: Any, place: Place) -> Any:  # noqa: ANN401 - the JSON border
        """Return the values by key, all read even if one is bad."""
        if not isinstance(node, dict):
            return refuse(node, place, code="not-a-table", must="a table")
        pairs = [
            (self.key.read(key, place.at(key)), self.shape.read(item, place.at(key)))
            for key, item in node.items()
            if key != SOURCE or not isinstance(item, str)
        ]
        return BAD if any(is_bad(pair) for pair in pairs) else FrozenMap(dict(pairs))

    def write(self, value: Mapping[Any, Any]) -> dict[str, Any]:
        """Return the nodes by key."""
        return {self.key.write(key): self.shape.write(item) for key, item in value.items()}
