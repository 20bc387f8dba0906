"""Signals that read an attribute of the lead, or a parameter of the policy in force."""

from typing import TYPE_CHECKING

import attrs

from nurturekit.errors import ModelError
from nurturekit.signals.measures import UNKNOWN, Measure

if TYPE_CHECKING:
    from nurturekit.records import Situation


def _check_name(_: object, field: "attrs.Attribute[str]", name: object) -> None:
    if type(name) is not str or not name:
        raise ModelError("bad-value", path=field.name, problem="must be a name")


@attrs.frozen
class FactSignal:
    """An attribute of the lead: the fact in force, else its column.

    A missing attribute, None, NaN and empty text are unknown.

    Args:
        fact: The attribute's name.

    Raises:
        ModelError: `bad-value`.

    >>> FactSignal("title").name
    'fact:title'
    """

    fact: str = attrs.field(validator=_check_name)
    name: str = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "name", f"fact:{self.fact}")

    def measure(self, situation: "Situation") -> Measure:
        """Return the attribute's value, or `UNKNOWN`."""
        value = situation.attribute(self.fact)
        return UNKNOWN if value is None or value == "" else value


@attrs.frozen
class Parameter:
    """A parameter of the ownership policy that decides.

    Args:
        parameter: The parameter's name.

    Raises:
        ModelError: `bad-value`.

    >>> Parameter("handoff_on").name
    'parameter:handoff_on'
    """

    parameter: str = attrs.field(validator=_check_name)
    name: str = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "name", f"parameter:{self.parameter}")

    def measure(self, situation: "Situation") -> Measure:
        """Return the parameter's value, `UNKNOWN` where none is bound."""
        value: Measure | None = situation.bound.get("parameters", {}).get(self.parameter)
        return UNKNOWN if value is None else value
