"""What a document inherits: `extends` names a shipped document, and lies on top of it.

Tables of fields merge key by key, however deep; what is one value (a list, a criterion) replaces
what was there.
"""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from nurturekit.documents.mentions import names_of
from nurturekit.documents.parse import parse
from nurturekit.documents.places import Place
from nurturekit.documents.sections.playbook import PLAYBOOK
from nurturekit.documents.sections.plugin import PLUGIN, OrPlugin
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


@cache
def shipped_sequences() -> frozenset[str]:
    """Return the names of the sequences that come with the library."""
    trees = (
        parse(path.read_text("utf-8"), form="toml", place=Place()) for path in shipped().values()
    )
    return frozenset().union(*(names_of(tree).sequences for tree in trees))


def resolve(tree: dict[str, Any], place: Place) -> dict[str, Any]:
    """Return a document on top of the one it extends, if any; nothing if that can't be told."""
    if "extends" not in tree:
        return tree
    own = {key: item for key, item in tree.items() if key != "extends"}
    if "format" not in own:
        place.at("format").report("missing-key", "is missing")
    below = _below(tree, place)
    if below is None:
        return {}
    # A plug-in's part has nothing in common with the one below.
    kept = {key: item for key, item in below.items() if not _names_plugin(own.get(key))}
    return _with_own_policy(merged(kept, own, PLAYBOOK), own)


def _names_plugin(section: object) -> bool:
    return isinstance(section, dict) and PLUGIN in section


def _below(tree: dict[str, Any], place: Place) -> dict[str, Any] | None:
    name = TEXT.read(tree["extends"], place.at("extends"))
    if not isinstance(name, str):
        return None
    known = shipped()
    if name not in known:
        listed = ", ".join(known)
        hint = did_you_mean(name, known)
        place.at("extends").report("unknown-document", f"must be one of {listed}{hint}")
        return None
    return resolve(parse(known[name].read_text("utf-8"), form="toml", place=place), place)


def _with_own_policy(both: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    # `adopt` moves cite the policy: under a name of its own a document's isn't the one below.
    policy, said, name = both.get("ownership"), own.get("ownership", {}), own.get("name")
    if not isinstance(policy, dict) or not isinstance(name, str) or "name" in said:
        return both
    if _names_plugin(said):
        return both
    return both | {"ownership": policy | {"name": name}}


def replacements(tree: dict[str, Any], place: Place) -> Iterator[str]:
    """Yield each list of tables that a document replaces, with how many it had below."""
    below = _below(tree, place) if "extends" in tree else None
    for path, count in _replaced(below or {}, tree, PLAYBOOK):
        yield f"{path} ({count} of `{tree['extends']}`)"


def _replaced(
    below: dict[str, Any], above: dict[str, Any], shape: Table | MapOf
) -> Iterator[tuple[str, int]]:
    for key, item in above.items():
        held, inner = below.get(key), _inner(shape, key)
        if inner is not None and isinstance(held, dict) and isinstance(item, dict):
            for path, count in _replaced(held, item, inner):
                yield f"{key}.{path}", count
        elif isinstance(held, list) and held != item and any(isinstance(it, dict) for it in held):
            yield key, len(held)


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
    elif isinstance(inner, OrPlugin):
        inner = inner.own
    return inner if isinstance(inner, Table | MapOf) else None
