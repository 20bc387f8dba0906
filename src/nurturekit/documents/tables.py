"""A table of a document, told by its fields: one list says how it is read and written."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

import attrs

from nurturekit.documents.places import BAD, Place
from nurturekit.documents.shapes import SOURCE, TEXT, OrNone, Shape, is_bad, refuse
from nurturekit.errors import ModelError, RecordError


@attrs.frozen
class Field:
    """One key of a table.

    Args:
        key: The document's key, and the name the value's maker takes it by.
        shape: How it is read and written.
        held: How the value is asked for it, where its attribute isn't called as the key is.
        required: Whether the key must be there; otherwise the value's own default holds.
    """

    key: str
    shape: Shape
    held: Callable[[Any], Any] = attrs.field(
        default=attrs.Factory(lambda self: attrgetter(self.key), takes_self=True)
    )
    required: bool = attrs.field(default=False, kw_only=True)


def _fields(fields: tuple[Field, ...]) -> dict[str, Field]:
    return {field.key: field for field in fields}


@attrs.frozen
class Table:
    """A table with known keys, and the value it makes.

    Args:
        make: What takes the fields by keyword and gives the value.
        fields: The keys.
    """

    make: Callable[..., Any]
    fields: dict[str, Field] = attrs.field(converter=_fields)

    def read(self, node: Any, place: Place) -> Any:  # noqa: ANN401 - the JSON border
        """Return the value, with every problem of its keys reported first."""
        if not isinstance(node, dict):
            return refuse(node, place, code="not-a-table", must="a table")
        for key in node:
            if key not in self.fields and key != SOURCE:
                place.report_unknown(key, self.fields)
        if SOURCE in node and SOURCE not in self.fields:
            TEXT.read(node[SOURCE], place.at(SOURCE))
        values = {
            key: self._read_field(field, node, place)
            for key, field in self.fields.items()
            if key in node or field.required
        }
        if is_bad(values.values()):
            return BAD
        try:
            return self.make(**values)
        except (ModelError, RecordError) as error:
            return place.report_error(error, self.fields)

    def _read_field(self, field: Field, node: dict[str, Any], place: Place) -> Any:  # noqa: ANN401 - the JSON border
        if field.key not in node:
            return place.at(field.key).report("missing-key", "is missing")
        return field.shape.read(node[field.key], place.at(field.key))

    def write(self, value: Any) -> dict[str, Any]:  # noqa: ANN401 - the JSON border
        """Return the node: every field but those that are None and read so when left out."""
        held = {key: field.held(value) for key, field in self.fields.items()}
        return {
            key: self.fields[key].shape.write(item)
            for key, item in held.items()
            if item is not None or isinstance(self.fields[key].shape, OrNone)
        }


@attrs.frozen
class Variant:
    """One of several tables, told apart by a key that only one of them has.

    Args:
        tables: The telling key, whether a value is of that variant, and the table; under an empty
            key the one for a node that has none of the others.
    """

    tables: tuple[tuple[str, Callable[[Any], bool], Table], ...]

    def read(self, node: Any, place: Place) -> Any:  # noqa: ANN401 - the JSON border
        """Return the value of the table that the node's keys tell."""
        if not isinstance(node, dict):
            return refuse(node, place, code="not-a-table", must="a table")
        told = [table for key, _, table in self.tables if key in node]
        told = told or [table for key, _, table in self.tables if not key]
        if len(told) != 1:
            keys = " or ".join(f"`{key}`" for key, _, _ in self.tables)
            return place.report("one-of", f"must have exactly one of {keys}")
        return told[0].read(node, place)

    def write(self, value: Any) -> dict[str, Any]:  # noqa: ANN401 - the JSON border
        """Return the node."""
        return next(table.write(value) for _, is_one, table in self.tables if is_one(value))
