"""How points fade: a finite table of weights per million over whole days.

A table is made once, with 40-digit decimals rounded half up, to the first 0 or the calendar's end.
It never rises and is 1,000,000 at age 0; ages past its end take its last value.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

import attrs

from nurturekit.errors import ModelError
from nurturekit.instants import LAST_DAY
from nurturekit.records.frozen import FrozenMap
from nurturekit.scoring.points import to_milli, whole

FULL = 1_000_000
_HUNDRED = 100
# 2 ** -21 per million rounds to 0.
_MOST_HALVES = 21
_EXACT = Context(prec=40, rounding=ROUND_HALF_UP)
_ONE = Decimal(1)
_MILLION = Decimal(FULL)

Weight = int | float | Decimal | Fraction


def _params(params: Mapping[str, int | float]) -> FrozenMap[str, int | float]:
    return FrozenMap(params)


def _weights(weights: Iterable[int]) -> tuple[int, ...]:
    return tuple(weights)


@attrs.frozen
class Decay:
    """Weights per million by age in days.

    Args:
        name: `constant`, `half_life`, `linear`, `steps`, `window` or `custom`.
        params: What it was made from.
        weights: The table from age 0 on.

    Raises:
        ModelError: `bad-decay` unless it starts at 1,000,000, never rises and stays from 0 on.
    """

    name: str
    params: FrozenMap[str, int | float] = attrs.field(converter=_params)
    weights: tuple[int, ...] = attrs.field(converter=_weights, repr=False)

    def __attrs_post_init__(self) -> None:
        if not self.weights or self.weights[0] != FULL:
            _refuse("must start at full weight: 1, or 1,000,000 per million, at age 0")
        if any(type(weight) is not int or weight < 0 for weight in self.weights):
            _refuse("must hold whole numbers from 0 on")
        if any(older > newer for newer, older in pairwise(self.weights)):
            _refuse("must never rise with age")

    def at(self, age: int) -> int:
        """Return the weight per million at an age in days.

        >>> half_life(days=30).at(60)
        250000
        """
        return self.weights[min(age, len(self.weights) - 1)]


def _refuse(problem: str) -> None:
    raise ModelError("bad-decay", path="decay", problem=problem)


def _rounded(weight: Decimal) -> int:
    return int(_EXACT.quantize(_EXACT.multiply(weight, _MILLION), _ONE))


def _to_first_zero(weights: Iterable[int]) -> tuple[int, ...]:
    table = []
    for weight in weights:
        table.append(weight)
        if not weight:
            break
    return tuple(table)


_AGES = range(LAST_DAY + 1)


def _days(days: object, name: str = "days") -> int:
    return whole(days, path=f"decay.{name}", low=1, high=LAST_DAY)


def constant() -> Decay:
    """Make the decay that takes nothing away.

    >>> constant().weights
    (1000000,)
    """
    return _CONSTANT


_CONSTANT = Decay("constant", {}, (FULL,))


def half_life(*, days: int) -> Decay:
    """Make the decay that halves the weight every so many days (S4-7).

    Raises:
        ModelError: `not-a-number` or `out-of-range`.

    >>> [half_life(days=7).at(age) for age in (0, 7, 49)]
    [1000000, 500000, 7813]
    """
    return _half_life(_days(days))


@lru_cache(maxsize=64)
def _half_life(days: int) -> Decay:
    # Within one half-life by powers, beyond it by exact halving: no error adds up.
    first = [
        _EXACT.power(Decimal(2), _EXACT.divide(Decimal(-age), Decimal(days)))
        for age in range(min(days, LAST_DAY + 1))
    ]
    counts = range(min(LAST_DAY // days, _MOST_HALVES) + 1)
    halves = [_EXACT.power(Decimal(2), -count) for count in counts]
    weights = (_rounded(_EXACT.multiply(first[age % days], halves[age // days])) for age in _AGES)
    return Decay("half_life", {"days": days}, _to_first_zero(weights))


def linear(*, days: int) -> Decay:
    """Make the decay that falls evenly to nothing at so many days.

    Raises:
        ModelError: `not-a-number` or `out-of-range`.

    >>> linear(days=4).weights
    (1000000, 750000, 500000, 250000, 0)
    """
    days = _days(days)
    weights = ((2 * (days - age) * FULL + days) // (2 * days) for age in range(days + 1))
    return Decay("linear", {"days": days}, _to_first_zero(weights))


def steps(*, keep_percent: float | Decimal, every_days: int) -> Decay:
    """Make the decay that keeps a percentage every so many days.

    Args:
        keep_percent: What is kept, 0 to 100, at most three decimals.
        every_days: After how many days each time.

    Raises:
        ModelError: `not-a-number`, `too-precise` or `out-of-range`.

    >>> [steps(keep_percent=85, every_days=7).at(age) for age in (0, 6, 7, 14)]
    [1000000, 1000000, 850000, 722500]
    """
    milli = to_milli(keep_percent, path="decay.keep_percent", limit=_HUNDRED)
    if milli < 0:
        raise ModelError(
            "out-of-range", path="decay.keep_percent", problem="must lie between 0 and 100"
        )
    return _steps(milli, _days(every_days, "every_days"))


@lru_cache(maxsize=64)
def _steps(keep_milli: int, every_days: int) -> Decay:
    kept = Decimal(keep_milli).scaleb(-5)
    counts = range(LAST_DAY // every_days + 1)
    heights = _to_first_zero(
        _rounded(_EXACT.power(kept, count)) if count else FULL for count in counts
    )
    weights = (height for height in heights for _ in range(every_days))
    percent = Decimal(keep_milli).scaleb(-3)
    params = {
        "keep_percent": int(percent) if percent == int(percent) else float(percent),
        "every_days": every_days,
    }
    return Decay("steps", params, _to_first_zero(weights)[: LAST_DAY + 1])


def window(*, days: int) -> Decay:
    """Make the decay that counts ages 0 to days - 1 fully, then nothing.

    Raises:
        ModelError: `not-a-number` or `out-of-range`.

    >>> window(days=2).weights
    (1000000, 1000000, 0)
    """
    days = _days(days)
    return Decay("window", {"days": days}, (*(FULL for _ in range(days)), 0))


def custom(function: Callable[[int], Weight]) -> Decay:
    """Make a decay from any function of the age in days.

    Args:
        function: Gives a weight of 0 to 1, 1 at age 0, never rising. Called for age 0, 1, 2, ...
            up to the first weight that rounds to 0 or the calendar's end.

    Raises:
        ModelError: `bad-decay`.

    >>> custom(lambda age: 1 if age < 2 else 0.25 if age < 3 else 0).weights
    (1000000, 1000000, 250000, 0)
    """
    return Decay("custom", {}, _to_first_zero(_checked(function)))


def _checked(function: Callable[[int], Weight]) -> Iterable[int]:
    for age in _AGES:
        weight = function(age)
        if isinstance(weight, bool) or not isinstance(weight, int | float | Decimal | Fraction):
            _refuse(f"must be a number at age {age}")
        # Written so that NaN is refused too.
        if not 0 <= weight <= 1:
            _refuse(f"must lie within 0 and 1 at age {age}")
        yield int(Fraction(weight) * FULL + Fraction(1, 2))
