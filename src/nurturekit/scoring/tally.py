"""Touches sorted out by the rules that count them, once per history, and read from any instant.

A tally is kept with its history's set of touches. It holds for every instant from which what can be
seen is the touches up to then: late arrivals and several versions of one touch are tallied afresh.
"""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from nurturekit.instants import DAY_US
from nurturekit.records import Kind, Situation, Touch
from nurturekit.records.kinds import UNDESCRIBED
from nurturekit.scoring.points import MILLI
from nurturekit.scoring.rules import TouchRule
from nurturekit.vocabulary import Direction

# How many models one set of touches keeps tallies for.
_MOST_KEPT = 8
_WHEN = attrgetter("occurred_us")

Amount = Callable[[Touch], int]
Test = Callable[[Touch], bool]
# (index of the rule, whether it counts machines, what a touch must agree with)
Entry = tuple[int, bool, Test | None]
# (whether only machines make this kind, its direction, the rules that may count it)
Plan = tuple[bool, Direction | None, tuple[Entry, ...]]


def value_milli(touch: Touch) -> int:
    """Return a touch's value in thousandths, rounded half up; missing or negative is 0."""
    value = touch.value
    if value is None or not value > 0:
        return 0
    return math.floor(float(value) * MILLI + 0.5)


def _total(touches: list[Touch], amount: Amount | None) -> int:
    return len(touches) if amount is None else sum(map(amount, touches))


class RuleTally:
    """One rule's touches by time, and how much there was on each of their days."""

    __slots__ = ("amounts", "days", "offset_us", "touches")

    def __init__(self, offset_us: int) -> None:
        self.touches: list[Touch] = []
        self.days: list[int] = []
        self.amounts: list[int] = []
        self.offset_us = offset_us

    def seen(self, as_of_us: int, amount: Amount | None) -> "RuleTally":
        """Return the tally of the touches up to an instant."""
        touches = self.touches
        if touches[-1].occurred_us <= as_of_us:
            return self
        new = RuleTally(self.offset_us)
        count = bisect_right(touches, as_of_us, key=_WHEN)
        if not count:
            return new
        day = (touches[count - 1].occurred_us + self.offset_us) // DAY_US
        days = bisect_right(self.days, day)
        new.touches, new.days, new.amounts = touches[:count], self.days[:days], self.amounts[:days]
        # Only the last day seen can be seen in part.
        if (touches[count].occurred_us + self.offset_us) // DAY_US == day:
            first = bisect_right(touches, day * DAY_US - self.offset_us - 1, key=_WHEN)
            new.amounts[-1] = _total(touches[first:count], amount)
        return new

    def once(self, key: Callable[[Touch], object]) -> "RuleTally":
        """Return the tally in which touches that share a key count once, on their latest day."""
        latest = {key(touch): touch for touch in self.touches}
        new = RuleTally(self.offset_us)
        new.touches = sorted(latest.values(), key=_WHEN)
        days = [(touch.occurred_us + self.offset_us) // DAY_US for touch in new.touches]
        counts = Counter(days)
        new.days, new.amounts = list(counts), list(counts.values())
        return new


class Tally:
    """All rules' touches of one history.

    Args:
        touches: The touches by time.
        rules: Per touch rule, in the model's order, its tally; None where nothing counts.
        unknown: Touches of kinds that the model doesn't describe.
    """

    __slots__ = ("rules", "touches", "unknown")

    def __init__(
        self, touches: Sequence[Touch], rules: list[RuleTally | None], unknown: list[Touch]
    ) -> None:
        self.touches, self.rules, self.unknown = touches, rules, unknown

    def covers(self, situation: Situation) -> bool:
        """Say whether what the situation sees is this tally's touches up to its instant."""
        # One version of each touch at most is seen: as many as there are up to then is all of them.
        count = len(situation.touches)
        return count == len(self.touches) or self.touches[count].occurred_us > situation.as_of_us


class Sorter:
    """Sorts touches out by the rules that count them.

    Args:
        rules: The touch rules.
        kinds: What the model says of kinds of touch; where it says anything, others don't count.
    """

    __slots__ = ("_amounts", "_key", "_plans", "_rest")

    def __init__(self, rules: Sequence[TouchRule], kinds: Mapping[str, Kind]) -> None:
        self._amounts = tuple(value_milli if rule.unit_milli else None for rule in rules)
        named = {kind for rule in rules for kind in rule.on.kinds}
        self._plans: dict[str, Plan] = {
            name: _plan(name, kinds.get(name) or UNDESCRIBED, rules, kinds)
            for name in (*kinds, *sorted(named - set(kinds)))
        }
        # Kinds that nothing names count for the rules of every kind, unless kinds are described.
        self._rest: Plan | None = None if kinds else _plan(None, UNDESCRIBED, rules, kinds)
        # Equal models have their own keys; a key outlives its model, never the touches.
        self._key = object()

    def amount(self, index: int) -> Amount | None:
        """Return what measures a touch for a rule, None where each counts as one."""
        return self._amounts[index]

    def tally(self, situation: Situation) -> Tally:
        """Return the tally for a situation: the history's own where it holds, else a new one."""
        cache: dict[Any, Any] = situation.history.touch_cache()
        key = (self._key, situation.day_offset_us)
        kept: Tally | None = cache.get(key)
        if kept is None:
            if len(cache) >= _MOST_KEPT:
                cache.clear()
            kept = cache[key] = self._sorted(situation.history.touches, situation.day_offset_us)
        if kept.covers(situation):
            return kept
        return self._sorted(situation.touches, situation.day_offset_us)

    def _sorted(self, touches: Sequence[Touch], offset_us: int) -> Tally:
        tallies: list[RuleTally | None] = [None] * len(self._amounts)
        unknown: list[Touch] = []
        plans, rest, amounts = self._plans, self._rest, self._amounts
        for touch in touches:
            plan = plans.get(touch.kind, rest)
            if plan is None:
                unknown.append(touch)
                continue
            is_bot, direction, entries = plan
            if touch.automated and not is_bot:
                is_bot = (touch.direction or direction) != Direction.OUTBOUND
            day = (touch.occurred_us + offset_us) // DAY_US
            for index, bots, test in entries:
                if (is_bot and not bots) or (test is not None and not test(touch)):
                    continue
                tally = tallies[index]
                if tally is None:
                    tally = tallies[index] = RuleTally(offset_us)
                amount = amounts[index]
                count = 1 if amount is None else amount(touch)
                tally.touches.append(touch)
                days = tally.days
                if days and days[-1] == day:
                    tally.amounts[-1] += count
                else:
                    days.append(day)
                    tally.amounts.append(count)
        return Tally(touches, tallies, unknown)


def _plan(
    name: str | None, kind: Kind, rules: Sequence[TouchRule], kinds: Mapping[str, Kind]
) -> Plan:
    entries = tuple(
        (index, rule.bots, rule.on.test(kinds))
        for index, rule in enumerate(rules)
        if not rule.on.kinds or name in rule.on.kinds
    )
    return not kind.human, kind.direction, entries
