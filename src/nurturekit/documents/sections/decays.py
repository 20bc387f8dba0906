"""`decay = { half_life_days = 30 }` and its kin: how points fade with age."""

from collections.abc import Callable
from typing import Any

from nurturekit.documents.shapes import NUMBER, WHOLE, ListOf, Shape
from nurturekit.documents.tables import Field, Table, Variant
from nurturekit.scoring import Decay, half_life, linear, steps, window


def _days(name: str, key: str, make: Callable[..., Decay]) -> tuple[str, Any, Table]:
    # The three that take days alone.
    field = Field(key, WHOLE, lambda decay: decay.params["days"], required=True)
    return key, _is_a(name), Table(lambda **days: make(days=days[key]), (field,))


def _param(key: str, shape: Shape) -> Field:
    return Field(key, shape, lambda decay: decay.params[key], required=True)


def _is_a(name: str) -> Callable[[Decay], bool]:
    return lambda decay: decay.name == name


def _by_age(*, weights: Any) -> Decay:  # noqa: ANN401 - read as a tuple of whole numbers
    return Decay("custom", {}, weights)


DECAY = Variant(
    (
        _days("half_life", "half_life_days", half_life),
        _days("linear", "linear_days", linear),
        _days("window", "window_days", window),
        (
            "keep_percent",
            _is_a("steps"),
            Table(steps, (_param("keep_percent", NUMBER), _param("every_days", WHOLE))),
        ),
        # Weights per million by age in days, for any other function.
        (
            "weights",
            _is_a("custom"),
            Table(_by_age, (Field("weights", ListOf(WHOLE), required=True),)),
        ),
    )
)
