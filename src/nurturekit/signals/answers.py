"""Signals that read the score and the readiness bound into a situation.

An answer that isn't bound yet is unknown.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import attrs

from nurturekit.records.frozen import FrozenMap
from nurturekit.signals.measures import UNKNOWN, Measure, NamedSignal
from nurturekit.typing import Signal

if TYPE_CHECKING:
    from nurturekit.answers import Readiness, Score
    from nurturekit.records import Situation

# The text of what is known to be nothing: no position reached.
NONE = "none"
DIMENSION_PREFIX = "score."


@attrs.frozen
class DimensionScore:
    """The score of one dimension in points, limited but not weighted.

    Args:
        dimension: The dimension's name.

    >>> DimensionScore("fit").name
    'score.fit'
    """

    dimension: str

    @property
    def name(self) -> str:
        """The name under which criteria and documents know it."""
        return f"{DIMENSION_PREFIX}{self.dimension}"

    def measure(self, situation: "Situation") -> Measure:
        """Return the points, `UNKNOWN` before scoring or where the model lacks the dimension."""
        score = _score(situation)
        milli = None if score is None else score.dimensions.get(self.dimension)
        return UNKNOWN if milli is None else milli / 1000


def _score(situation: "Situation") -> "Score | None":
    return situation.bound.get("score")


def _readiness(situation: "Situation") -> "Readiness | None":
    return situation.bound.get("readiness")


def _total(situation: "Situation") -> Measure:
    score = _score(situation)
    return UNKNOWN if score is None else score.milli / 1000


def _position(situation: "Situation") -> Measure:
    score = _score(situation)
    return UNKNOWN if score is None else str(score.position or NONE)


def _grade(situation: "Situation") -> Measure:
    score = _score(situation)
    return UNKNOWN if score is None or score.grade is None else score.grade


def _sales_ready(situation: "Situation") -> Measure:
    readiness = _readiness(situation)
    return UNKNOWN if readiness is None else readiness.is_sales_ready


def _unfit(situation: "Situation") -> Measure:
    readiness = _readiness(situation)
    return UNKNOWN if readiness is None or readiness.is_unfit is None else readiness.is_unfit


SIGNALS: Mapping[str, Signal] = FrozenMap(
    {
        "score": NamedSignal("score", _total),
        "position": NamedSignal("position", _position),
        "grade": NamedSignal("grade", _grade),
        "sales_ready": NamedSignal("sales_ready", _sales_ready),
        "unfit": NamedSignal("unfit", _unfit),
    }
)
