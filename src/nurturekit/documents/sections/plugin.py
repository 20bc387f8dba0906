"""`plugin = "name"` with `[....parameters]`: a policy or planner that a plug-in supplies.

Its parameters are the fields of an attrs class. Whatever is read is written back the same, or it is
a problem of the document: so the fingerprint tells two plug-ins' parameters apart.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

import attrs

from nurturekit.documents.places import BAD, Place
from nurturekit.documents.shapes import SOURCE, TEXT, holds_bad, number_node, plain_number, refuse
from nurturekit.documents.tables import Table
from nurturekit.errors import ModelError, RecordError

PLUGIN, PARAMETERS = "plugin", "parameters"
Fields = Mapping[str, "attrs.Attribute[Any]"]


@attrs.frozen(kw_only=True)
class OrPlugin:
    """A table that makes a value of the library's own, or one that names a plug-in.

    Args:
        own: The table where no plug-in is named.
        own_type: What it makes.
        section: Where it stands in the document.
        kind: What the plug-in is: `policies` or `planners`.
        elsewhere: Fields that stand in other sections of the document.
    """

    own: Table
    own_type: type
    section: str
    kind: str
    elsewhere: frozenset[str] = frozenset()

    def read(self, node: Any, place: Place) -> Any:  # noqa: ANN401 - the JSON border
        """Return the library's own value, or the plug-in's."""
        if not isinstance(node, dict) or PLUGIN not in node:
            return self.own.read(node, place)
        for key in node:
            if key not in (PLUGIN, PARAMETERS, SOURCE):
                place.report_unknown(key, (PLUGIN, PARAMETERS))
        name = TEXT.read(node[PLUGIN], place.at(PLUGIN))
        if name is BAD:
            return BAD
        try:
            part = place.catalog.find(self.kind, name)
        except ModelError as error:
            return place.report_error(error, (PLUGIN,))
        return self._read(part, node.get(PARAMETERS, {}), place.at(PARAMETERS))

    def _read(self, part: Any, node: Any, place: Place) -> Any:  # noqa: ANN401 - the JSON border
        is_class = isinstance(part, type)
        fields = self._fields(part if is_class else type(part))
        given = _given(node, place, fields, all_needed=is_class)
        if given is None:
            return BAD
        try:
            made = part(**given) if is_class else attrs.evolve(part, **given)
            self.write(made)
        except (ModelError, RecordError) as error:
            return place.report_error(error, fields)
        except Exception as error:  # noqa: BLE001 - a plug-in's class may raise anything
            problem = f"don't suit `{part.plugin}`: {type(error).__name__}: {error}"
            return place.report("bad-parameters", problem)
        return made

    def _fields(self, kind: type) -> Fields:
        return {
            field.alias or field.name: field
            for field in attrs.fields(kind)
            if field.init and field.name not in self.elsewhere
        }

    def write(self, value: Any) -> dict[str, Any]:  # noqa: ANN401 - the JSON border
        """Return the node.

        Raises:
            ModelError: `not-a-document` for a value that its node wouldn't give back.
        """
        if type(value) is self.own_type:
            return self.own.write(value)
        name = getattr(value, PLUGIN, None)
        if not attrs.has(type(value)) or not isinstance(name, str):
            problem = (
                f"is a {type(value).__name__}: a plug-in's has a document if it is a frozen attrs "
                "class whose `plugin` is its name in the catalog"
            )
            raise ModelError("not-a-document", path=self.section, problem=problem)
        path, fields = f"{self.section}.{PARAMETERS}", self._fields(type(value))
        held = {key: getattr(value, field.name) for key, field in fields.items()}
        node = {key: _node(one, f"{path}.{key}") for key, one in held.items() if one is not None}
        if not self._gives_back(value, node):
            problem = "wouldn't make the same value again: let the class's converters read them"
            raise ModelError("not-a-document", path=path, problem=problem)
        return {PLUGIN: name, PARAMETERS: node}

    def _gives_back(self, value: Any, node: dict[str, Any]) -> bool:  # noqa: ANN401 - the JSON border
        there = {name: getattr(value, name) for name in self.elsewhere if hasattr(value, name)}
        try:
            again = type(value)(**{key: plain(item) for key, item in node.items()}, **there)
        except Exception:  # noqa: BLE001 - a plug-in's class may raise anything
            return False
        return bool(again == value)


def _given(node: Any, place: Place, fields: Fields, *, all_needed: bool) -> dict[str, Any] | None:  # noqa: ANN401 - the JSON border
    if not isinstance(node, dict):
        refuse(node, place, code="not-a-table", must="a table")
        return None
    known = {*fields, SOURCE}
    unknown = [key for key in node if key not in known]
    missing = [
        key
        for key, field in fields.items()
        if all_needed and field.default is attrs.NOTHING and key not in node
    ]
    for key in unknown:
        place.report_unknown(key, fields)
    for key in missing:
        place.at(key).report("missing-key", "is missing")
    if unknown or missing or holds_bad(node):
        return None
    return {key: plain(item) for key, item in node.items() if key in fields}


def plain(node: Any) -> Any:  # noqa: ANN401 - the JSON border
    """Return a node as a plug-in's class gets it: numbers as Python's, lists as tuples."""
    if isinstance(node, Decimal):
        return plain_number(node)
    if isinstance(node, dict):
        return {key: plain(item) for key, item in node.items()}
    return tuple(map(plain, node)) if isinstance(node, list) else node


def _node(value: Any, path: str) -> Any:  # noqa: ANN401 - the JSON border, a case a line
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int | float | Decimal) and isfinite(value):
        return number_node(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _node(item, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, AbstractSet):
        return sorted((_node(item, path) for item in value), key=str)
    if isinstance(value, tuple | list):
        return [_node(item, f"{path}[{index}]") for index, item in enumerate(value)]
    if attrs.has(type(value)):
        held = {field.alias or field.name: getattr(value, field.name) for field in _init(value)}
        return {key: _node(item, f"{path}.{key}") for key, item in held.items() if item is not None}
    problem = f"can't hold this {type(value).__name__}: only texts, numbers, lists and tables"
    raise ModelError("not-a-document", path=path, problem=problem)


def _init(value: Any) -> "list[attrs.Attribute[Any]]":  # noqa: ANN401 - any attrs value
    return [field for field in attrs.fields(type(value)) if field.init]
