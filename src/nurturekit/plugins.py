"""What installed packages add: entry points of three groups, read into a `Catalog` when asked.

Nothing is scanned when `nurturekit` is imported, and nothing is global: pass the catalog to
`nurturekit.load`. The groups are `nurturekit.signals`, `nurturekit.policies` and
`nurturekit.planners`.

OPEN. To add one: a package with an entry point, such as `examples/nurturekit-territory`.
"""

from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from nurturekit.documents.catalog import KINDS, Catalog, check_part
from nurturekit.errors import PluginError
from nurturekit.records import FrozenMap
from nurturekit.signals.asked import RAISED

GROUPS: Mapping[str, str] = FrozenMap({kind: f"nurturekit.{kind}" for kind in KINDS})

__all__ = ["GROUPS", "Catalog", "load"]


def load() -> Catalog:
    """Return what the installed packages offer, each part under its entry point's name.

    Raises:
        PluginError: `plugin-clash` for a name that two packages offer, `plugin-broken` for an entry
            point that can't be loaded, `plugin-shape` for what isn't a signal, policy or planner.
            The message names the package and the entry point.

    >>> load().names("policies") == load().names("policies")
    True
    """
    parts: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    sources: dict[tuple[str, str], str] = {}
    for kind, group in GROUPS.items():
        for entry in _in_order(entry_points(group=group)):
            name, package = entry.name, package_of(entry)
            if name in parts[kind]:
                problem = (
                    f"is offered twice in `{group}`: by `{sources[kind, name]}` and by "
                    f"`{package}`; uninstall one"
                )
                raise PluginError(name, code="plugin-clash", problem=problem)
            parts[kind][name] = _loaded(kind, entry, package)
            sources[kind, name] = package
    return Catalog(**parts, sources=sources)


def _in_order(entries: Iterable[EntryPoint]) -> list[EntryPoint]:
    return sorted(entries, key=lambda entry: (entry.name, package_of(entry), entry.value))


def package_of(entry: EntryPoint) -> str:
    """Return the package of an entry point, with its version."""
    found = entry.dist
    return "an unknown package" if found is None else f"{found.name} {found.version}"


def _loaded(kind: str, entry: EntryPoint, package: str) -> Any:  # noqa: ANN401 - whatever it is
    try:
        part = entry.load()
    except RAISED as error:
        said = f"can't be loaded from `{entry.value}`: {type(error).__name__}: {error}"
        problem = f"of package `{package}` {said}"
        raise PluginError(entry.name, code="plugin-broken", problem=problem) from error
    try:
        check_part(kind, entry.name, part)
    except PluginError as error:
        problem = f"of package `{package}` (`{entry.value}`) {error.problem}"
        raise PluginError(entry.name, code=error.code, problem=problem) from None
    return part
