"""What a touch rule's tally is worth today: the integer formulas, and nothing else.

    n           = the day's touches (or whole units of value), clamped to `per_day`
    day_milli   = sign(points) * ((2 * |points_milli| * n * w + 1_000_000) // 2_000_000)
    rule_milli  = clamp(sum over days, at_least, at_most)

Only numbers that aren't negative are divided, and products stay below 2 ** 53.
"""

from bisect import bisect_right
from collections.abc import Callable
from operator import attrgetter

from nurturekit.records import Touch
from nurturekit.scoring.decay import FULL
from nurturekit.scoring.points import clamp
from nurturekit.scoring.rules import MAX_PER_DAY, TouchRule
from nurturekit.scoring.tally import Amount, RuleTally

_ONCE: dict[str, Callable[[Touch], object] | None] = {
    "none": None,
    "asset": attrgetter("asset"),
    "ever": lambda _: None,
}


class Counting:
    """One touch rule, ready to count.

    Args:
        rule: The rule.
        amount: What measures one of its touches, None where each counts as one.
    """

    __slots__ = (
        "_amount",
        "_last",
        "_most",
        "_once",
        "_ones",
        "_points",
        "_unit",
        "_weights",
        "caps",
        "empty",
    )

    def __init__(self, rule: TouchRule, amount: Amount | None) -> None:
        self.caps = rule.caps_milli
        # Without touches, a rule still gives at least `at_least`.
        self.empty = clamp(0, *self.caps)
        self._amount, self._unit = amount, rule.unit_milli
        self._once = _ONCE[rule.once_per]
        self._points = rule.points_milli
        self._most = MAX_PER_DAY if rule.per_day is None else rule.per_day
        self._weights = rule.decay.weights
        self._last = len(self._weights) - 1
        # What a day with one of them gives, by age: by far the most frequent day.
        self._ones = [day_milli(self._points, 1, weight) for weight in self._weights]

    def milli(self, tally: RuleTally | None, as_of_us: int, today: int) -> int:
        """Return the rule's milli-points."""
        if tally is None:
            return self.empty
        if tally.touches[-1].occurred_us > as_of_us:
            tally = tally.seen(as_of_us, self._amount)
        if self._once is not None:
            tally = tally.once(self._once)
        return clamp(self._sum(tally.days, tally.amounts, today), *self.caps)

    def parts(
        self, tally: RuleTally, as_of_us: int, today: int
    ) -> tuple[int, int, int, int, tuple[str, ...]]:
        """Return the rule's milli-points, raw + decayed + capped, and the touches' ids."""
        seen = kept = tally.seen(as_of_us, self._amount)
        if self._once is not None:
            kept = seen.once(self._once)
        summed = self._sum(kept.days, kept.amounts, today)
        milli = clamp(summed, *self.caps)
        counts = self._counts(kept.amounts)
        raw = counted = self._points * sum(counts)
        if counts is not seen.amounts:
            raw = self._points * sum(self._units(seen.amounts))
        touches = tuple([touch.id for touch in kept.touches])
        return milli, raw, summed - counted, counted - raw + milli - summed, touches

    def _units(self, amounts: list[int]) -> list[int]:
        unit = self._unit
        return amounts if unit is None else [amount // unit for amount in amounts]

    def _counts(self, amounts: list[int]) -> list[int]:
        units, most = self._units(amounts), self._most
        return units if not units or max(units) <= most else [min(unit, most) for unit in units]

    def _sum(self, days: list[int], amounts: list[int], today: int) -> int:
        last, points, weights = self._last, self._points, self._weights
        if weights[last] == FULL:
            return points * sum(self._counts(amounts))
        # Days from before the table's end have its last weight.
        old = bisect_right(days, today - last) if days and today - days[0] >= last else 0
        ones = self._ones
        if self._unit is None and (self._most == 1 or len(days) == sum(amounts)):
            recent = days[old:] if old else days
            return sum([ones[today - day] for day in recent]) + old * ones[last]
        total = 0
        for place, count in enumerate(self._counts(amounts)):
            age = last if place < old else today - days[place]
            total += ones[age] if count == 1 else day_milli(points, count, weights[age])
        return total


def day_milli(points: int, count: int, weight: int) -> int:
    """Return what a day gives: points times count times weight, rounded half away from zero.

    >>> day_milli(-5000, 1, 500_100)
    -2501
    """
    size = (2 * abs(points) * count * weight + FULL) // (2 * FULL)
    return size if points >= 0 else -size
