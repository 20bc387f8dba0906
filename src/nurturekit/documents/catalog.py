"""What plug-ins supply by name, for documents that cite it: a value, passed in, never global."""

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from nurturekit.errors import ModelError, PluginError, RecordError, did_you_mean
from nurturekit.records.checks import check_id
from nurturekit.records.frozen import FrozenMap
from nurturekit.signals import NAMED
from nurturekit.signals.answers import DIMENSION_PREFIX
from nurturekit.typing import Planner, Policy, Signal

KINDS = ("signals", "policies", "planners")
# The method by which each is asked.
_METHODS = {"signals": "measure", "policies": "decide", "planners": "plan"}


def _frozen(parts: Mapping[Any, Any]) -> FrozenMap[Any, Any]:
    return FrozenMap(parts)


@attrs.frozen(kw_only=True)
class Catalog:
    """Signals, policies and planners that plug-ins supply, by name.

    Args:
        signals: Each a value with that `name` and `measure(situation)`.
        policies: Each an attrs class, called with a document's parameters, or a value of one, whose
            fields a document's parameters change; `plugin` is its name here.
        planners: Likewise.
        sources: Where each came from, by kind and name, as far as that is known.

    Raises:
        PluginError: `plugin-shape` for what a document can't cite.

    >>> Catalog().names("policies")
    ()
    """

    signals: Mapping[str, Signal] = attrs.field(factory=FrozenMap, converter=_frozen)
    policies: Mapping[str, Policy | Callable[..., Policy]] = attrs.field(
        factory=FrozenMap, converter=_frozen
    )
    planners: Mapping[str, Planner | Callable[..., Planner]] = attrs.field(
        factory=FrozenMap, converter=_frozen
    )
    sources: Mapping[tuple[str, str], str] = attrs.field(factory=FrozenMap, converter=_frozen)

    def __attrs_post_init__(self) -> None:
        for kind in KINDS:
            for name, part in getattr(self, kind).items():
                check_part(kind, name, part)

    def names(self, kind: str) -> tuple[str, ...]:
        """Return the names of the `signals`, `policies` or `planners`, sorted."""
        return tuple(sorted(getattr(self, kind)))

    def find(self, kind: str, name: str) -> Any:  # noqa: ANN401 - a class or a value of one
        """Return a part by its name.

        Args:
            kind: `signals`, `policies` or `planners`.
            name: Its name.

        Raises:
            ModelError: `unknown-plugin`, with what is there and the nearest name.
        """
        known = self.names(kind)
        if name in known:
            return getattr(self, kind)[name]
        there = f"{kind} are {', '.join(known)}" if known else f"the catalog has no {kind}"
        hint = did_you_mean(name, known) or (
            "" if known else ": install its package, and in Python pass `catalog=plugins.load()`"
        )
        problem = f"names `{name}`, but {there}{hint}"
        raise ModelError("unknown-plugin", path="plugin", problem=problem)


def check_part(kind: str, name: str, part: object) -> None:
    """Refuse what isn't a signal, policy or planner that a document can cite by a name.

    Raises:
        PluginError: `plugin-shape`.
    """
    problem = _misnamed(kind, name) or _misshapen(kind, name, part)
    if problem:
        raise PluginError(name, code="plugin-shape", problem=problem)


def _misnamed(kind: str, name: object) -> str:
    try:
        check_id(name, field="name")
    except RecordError as error:
        return f"can't be a name: it {error.problem}"
    if kind == "signals" and (name in NAMED or str(name).startswith(DIMENSION_PREFIX)):
        return "is the name of a signal of the library's own: choose another"
    return ""


def _misshapen(kind: str, name: str, part: object) -> str:
    method = _METHODS[kind]
    if not callable(getattr(part, method, None)):
        return f"can't be one of the {kind}: it has no `{method}`"
    if kind == "signals":
        if isinstance(part, type):
            return "is a class: offer a value of it"
        return "" if getattr(part, "name", None) == name else f"must have `name` `{name}`"
    if not attrs.has(part if isinstance(part, type) else type(part)):
        return "must be a frozen attrs class, whose fields are a document's parameters"
    # A field of the class would be a parameter: its name in the catalog is the class's own.
    is_named = getattr(part, "plugin", None) == name
    return "" if is_named else f'must have the class attribute `plugin = "{name}"`'


NO_PLUGINS = Catalog()
