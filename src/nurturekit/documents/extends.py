"""What a document inherits: `extends` names a shipped document, and lies on top of it.

Tables of fields merge key by key, however deep; what is one value (a list, a criterion) replaces
what was there.
"""

from typing import TYPE_CHECKING, Any

from nurturekit.documents.parse import parse
from nurturekit.documents.places import Place
from nurturekit.documents.sections.playbook import PLAYBOOK
from nurturekit.documents.shapes import TEXT, MapOf, Parsed, Shape
from nurturekit.documents.tables import Table
from nurturekit.errors import did_you_mean

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def shipped() -> "dict[str, Traversable]":
    """Return the documents that come with the library, by name."""
    from importlib.resources import files

    folder = files("nurturekit") / "presets"
    found = (path for path in folder.iterdir() if path.name.endswith(".toml"))
    return {path.name.removesuffix(".toml"): path for path in sorted(found, key=lambda it: it.name)}


def resolve(tree: dict[str, Any], place: Place) -> dict[str, Any]:
    """Return a document on top of the one it extends, if any."""
    if "extends" not in tree:
        return tree
    own = {key: item for key, item in tree.items() if key != "extends"}
    if "format" not in own:
        place.at("format").report("missing-key", "is missing")
    name = TEXT.read(tree["extends"], place.at("extends"))
    if not isinstance(name, str):
        return own
    known = shipped()
    if name not in known:
        listed = ", ".join(known)
        hint = did_you_mean(name, known)
        place.at("extends").report("unknown-document", f"must be one of {listed}{hint}")
        return own
    below = parse(known[name].read_text("utf-8"), form="toml", place=place)
    return merged(resolve(below, place), own, PLAYBOOK)


def merged(below: dict[str, Any], above: dict[str, Any], shape: Table | MapOf) -> dict[str, Any]:
    """Return one table laid over another.

    Args:
        below: What is there already.
        above: What goes first.
        shape: What the tables are, which says what in them is a table of fields too.
    """
    both = dict(below)
    for key, item in above.items():
        held, inner = both.get(key), _inner(shape, key)
        if inner is not None and isinstance(held, dict) and isinstance(item, dict):
            both[key] = merged(held, item, inner)
        else:
            both[key] = item
    return both


def _inner(shape: Table | MapOf, key: str) -> Table | MapOf | None:
    inner: Shape | None
    if isinstance(shape, MapOf):
        inner = shape.shape
    else:
        inner = shape.fields[key].shape if key in shape.fields else None
    if isinstance(inner, Parsed):
        inner = inner.shape
    return inner if isinstance(inner, Table | MapOf) else None
