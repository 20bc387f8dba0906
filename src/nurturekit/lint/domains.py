"""What each signal can measure under one playbook: stages, owners, scores within their range.

OPEN. To add one: its row in `_NAMED`. A signal without a row can measure anything.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from nurturekit.lint.measures import (
    ANYTHING,
    AT_LEAST,
    BOOL,
    COUNT,
    DATE,
    NUMBER,
    TEXT,
    TEXTS,
    Possible,
)
from nurturekit.records import FrozenMap
from nurturekit.scoring.bands import Bands
from nurturekit.scoring.points import MILLI
from nurturekit.signals import (
    UNKNOWN,
    DaysSince,
    DimensionScore,
    FactSignal,
    Parameter,
    TouchCount,
    is_own,
)
from nurturekit.signals.answers import NONE
from nurturekit.typing import Signal
from nurturekit.vocabulary import POSITIONS, Stage, Team

if TYPE_CHECKING:
    from nurturekit.lint.draft import Draft
    from nurturekit.lint.ranges import Range

# What reads the readiness or the policy's parameters, which are bound once the score is.
_AFTER_SCORING = frozenset(
    ("sales_ready", "unfit", "buying_roles", "engaged_people", "new_evidence")
)
_FACT = Possible(kinds=frozenset((NUMBER, BOOL, DATE, TEXT, TEXTS)))
_NEVER_UNKNOWN_BOOL = Possible(values=(), kinds=frozenset((BOOL,)))


def possible_in_rules(signal: Signal, draft: "Draft") -> Possible:
    """Return what a signal can measure in a scoring rule: what comes later is unknown there."""
    is_later = isinstance(signal, Parameter) or signal.name in _AFTER_SCORING
    return Possible() if is_own(signal) and is_later else possible(signal, draft)


def possible(signal: Signal, draft: "Draft") -> Possible:
    """Return what a signal can measure under a playbook; a plug-in's can measure anything."""
    if not is_own(signal):
        return ANYTHING
    match signal:
        case FactSignal():
            return _FACT
        case Parameter():
            return _parameter(draft, signal.parameter)
        case TouchCount():
            return Possible(values=(), kinds=frozenset((COUNT, AT_LEAST)), low=0)
        case DaysSince():
            return Possible(values=(), kinds=frozenset((COUNT, AT_LEAST)))
        case DimensionScore():
            return _dimension(draft, signal.dimension)
        case _:
            named = _NAMED.get(signal.name)
            return ANYTHING if named is None else named(draft)


def _parameter(draft: "Draft", name: str) -> Possible:
    if not draft.rows:
        return ANYTHING
    value: Any = draft.parameters.get(name)
    return Possible() if value is None else Possible(values=(value, UNKNOWN))


def _dimension(draft: "Draft", name: str) -> Possible:
    if draft.ranges is None:
        return ANYTHING
    given = draft.ranges.dimensions.get(name)
    return Possible() if given is None else _points(given)


def _total(draft: "Draft") -> Possible:
    return ANYTHING if draft.ranges is None else _points(draft.ranges.total)


def _points(given: "Range") -> Possible:
    return Possible(kinds=frozenset((NUMBER,)), low=given[0] / MILLI, high=given[1] / MILLI)


def _words(*words: str, known: bool = True) -> Callable[["Draft"], Possible]:
    values = tuple(map(str, words))
    return lambda _: Possible(values=values if known else (*values, UNKNOWN))


def _always(possible: Possible) -> Callable[["Draft"], Possible]:
    return lambda _: possible


def _new_evidence(draft: "Draft") -> Possible:
    wanted = draft.parameters.get("handoff_on", "either")
    purposes = ("sales_ready", "mql") if wanted == "either" else (str(wanted),)
    return Possible(values=(NONE, *purposes, UNKNOWN))


def _grade(draft: "Draft") -> Possible:
    model, ranges = draft.model, draft.ranges
    if model is None or ranges is None:
        return ANYTHING
    if model.grid is None:
        return Possible()
    letters = labels_hit(model.grid.fit, ranges.fit)
    digits = labels_hit(model.grid.engagement, ranges.engagement)
    grades = tuple(letter + digit for letter in letters for digit in digits)
    return Possible(values=(*grades, UNKNOWN))


def labels_hit(bands: Bands, given: "Range") -> list[str]:
    """Return the labels of the bands that a range of milli-points reaches into."""
    low, high = given
    starts = bands.starts_milli
    return [
        row.label
        for index, row in enumerate(bands.rows)
        if (index == 0 or starts[index - 1] <= high)
        and (index == len(starts) or starts[index] > low)
    ]


_NAMED: Mapping[str, Callable[["Draft"], Possible]] = FrozenMap(
    {
        "stage": _words(*Stage),
        "accountable": _words(*Team, known=False),
        "position": _words(NONE, *POSITIONS, known=False),
        "handoff": _words("none", "pending", "past_due"),
        "new_evidence": _new_evidence,
        "word": _always(Possible(values=(), kinds=frozenset((TEXT,)))),
        "erased": _always(_NEVER_UNKNOWN_BOOL),
        "objected": _always(_NEVER_UNKNOWN_BOOL),
        "closed": _always(_NEVER_UNKNOWN_BOOL),
        "has_rep": _always(_NEVER_UNKNOWN_BOOL),
        "was_lost": _always(_NEVER_UNKNOWN_BOOL),
        "sales_ready": _always(Possible(kinds=frozenset((BOOL,)))),
        "unfit": _always(Possible(kinds=frozenset((BOOL,)))),
        "engaged_people": _always(Possible(kinds=frozenset((COUNT,)), low=1)),
        "buying_roles": _always(Possible(kinds=frozenset((TEXTS,)))),
        "grade": _grade,
        "score": _total,
    }
)
