"""What changed between two playbooks, key by key of their documents."""

from collections.abc import Iterator
from typing import Any, NamedTuple


class Change(NamedTuple):
    """One place at which two documents differ.

    Args:
        path: The place; tables in a list go by their name: `$.scoring.rules[pricing page].points`.
        old: What stood there; None where there was nothing.
        new: What stands there now; None where there is nothing.
    """

    path: str
    old: Any
    new: Any


def changes(old: Any, new: Any, path: str = "$") -> Iterator[Change]:  # noqa: ANN401 - the JSON border
    """Yield the differences of two dumps, in the order of the first, then what is only new."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            yield from changes(old.get(key), new.get(key), f"{path}.{key}")
    elif (named := _named(old)) is not None and (named_now := _named(new)) is not None:
        for key in {**named, **named_now}:
            yield from changes(named.get(key), named_now.get(key), f"{path}[{key}]")
        kept = [key for key in named if key in named_now]
        kept_now = [key for key in named_now if key in named]
        if kept != kept_now:
            yield Change(f"{path} (order)", kept, kept_now)
    elif old != new or type(old) is not type(new):
        yield Change(path, old, new)


def _named(node: object) -> dict[str, Any] | None:
    # Tables in a list that each have a name or id of their own.
    if not isinstance(node, list) or not all(isinstance(item, dict) for item in node):
        return None
    named = {str(item.get("name", item.get("id"))): item for item in node}
    return named if len(named) == len(node) and "None" not in named else None
