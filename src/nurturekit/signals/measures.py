"""What a signal's measure can be: a value, not known, or only bounded from below."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from nurturekit.records import Situation


@attrs.frozen
class Unknown:
    """The measure of what isn't known; `UNKNOWN` is the only one needed."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


@attrs.frozen
class AtLeast:
    """A count that records which aren't here could only raise.

    Args:
        count: What is certain.
    """

    count: int


Measure = str | int | float | Decimal | bool | date | tuple[str, ...] | Unknown | AtLeast


@attrs.frozen
class NamedSignal:
    """A signal that one function reads from a situation.

    Args:
        name: The name under which criteria and documents know it.
        measure: The function, a module's own one so that the signal can be pickled.
    """

    name: str
    measure: "Callable[[Situation], Measure]"
