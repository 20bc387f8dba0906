"""What can be measured of a situation: attributes, touches, answers, and what is in force.

OPEN. To add one: a frozen value with a `name` and `measure(situation)` (the protocol
`nurturekit.typing.Signal`), given to criteria as it is, or named in a plug-in's entry point.
"""

from collections.abc import Mapping

from nurturekit.errors import ModelError, did_you_mean
from nurturekit.records.frozen import FrozenMap
from nurturekit.signals import account, answers, standing
from nurturekit.signals.answers import DIMENSION_PREFIX, DimensionScore
from nurturekit.signals.asked import is_own, measuring
from nurturekit.signals.attributes import FactSignal, Parameter
from nurturekit.signals.measures import UNKNOWN, AtLeast, Measure, NamedSignal, Unknown
from nurturekit.signals.touches import EVERY_KIND, DaysSince, TouchCount, is_bot
from nurturekit.typing import Signal

NAMED: Mapping[str, Signal] = FrozenMap({**answers.SIGNALS, **standing.SIGNALS, **account.SIGNALS})


def named(name: str, *, path: str = "signal", more: Mapping[str, Signal] | None = None) -> Signal:
    """Return the signal of a name; `score.<dimension>` is the score of one dimension.

    Args:
        name: The name that a criterion or document uses.
        path: Where it is used, for the error.
        more: Signals that plug-ins supply, by name; they never replace the library's own.

    Raises:
        ModelError: `unknown-signal`, with what is known and the nearest name.

    >>> named("score.fit").name
    'score.fit'
    """
    found = NAMED.get(name) or (more or {}).get(name)
    if found is not None:
        return found
    if name.startswith(DIMENSION_PREFIX) and name != DIMENSION_PREFIX:
        return DimensionScore(name.removeprefix(DIMENSION_PREFIX))
    known = sorted({*NAMED, *(more or {})})
    raise ModelError(
        "unknown-signal",
        path=path,
        problem=f"names `{name}`; known signals are {', '.join(known)}{did_you_mean(name, known)}",
    )


__all__ = [
    "EVERY_KIND",
    "NAMED",
    "UNKNOWN",
    "AtLeast",
    "DaysSince",
    "DimensionScore",
    "FactSignal",
    "Measure",
    "NamedSignal",
    "Parameter",
    "TouchCount",
    "Unknown",
    "is_bot",
    "is_own",
    "measuring",
    "named",
]
