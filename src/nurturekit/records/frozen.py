"""A small immutable mapping, so that frozen values are frozen all the way down."""

from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")


def changed(value: T, **fields: object) -> T:
    """Return a value that isn't slotted with other fields, which nothing checks or converts."""
    new = object.__new__(type(value))
    new.__dict__.update(value.__dict__, **fields)
    return new


def _refuse(*_: object, **__: object) -> NoReturn:
    message = "a FrozenMap can't be changed: make another one"
    raise TypeError(message)


class FrozenMap(dict[K, V]):
    """A mapping that can't be changed; hashable when its values are. It reads as fast as a dict."""

    __slots__ = ()

    def __init__(self, entries: Mapping[K, V] | None = None) -> None:
        dict.__init__(self, entries or {})

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)

    def __repr__(self) -> str:
        return f"FrozenMap({super().__repr__()})"
