"""How low and how high a score can be, computed as the model itself does: integers, caps, limits.

A range holds every value that a history can give; not every value within it need be reached.
"""

from collections.abc import Callable, Iterable, Mapping

import attrs

from nurturekit.criteria import Criterion
from nurturekit.instants import LAST_DAY
from nurturekit.scoring import Rule, ScoringModel, TouchRule
from nurturekit.scoring.amounts import day_milli
from nurturekit.scoring.bands import ENGAGEMENT, FIT
from nurturekit.scoring.decay import FULL
from nurturekit.scoring.points import clamp, to_milli, weighted
from nurturekit.scoring.rules import MAX_PER_DAY
from nurturekit.vocabulary import FunnelPosition

# The least and the greatest, in milli-points.
Range = tuple[int, int]
NOTHING: Range = (0, 0)


@attrs.frozen(kw_only=True)
class Ranges:
    """What a model's parts can give, in milli-points.

    Args:
        rules: Each rule by name, within its own caps.
        dimensions: Each dimension by name, within its limits, not weighted.
        total: The total within its limits.
        positions: The evidence of each funnel position.
    """

    rules: Mapping[str, Range]
    dimensions: Mapping[str, Range]
    total: Range
    positions: Mapping[FunnelPosition, Range]

    @property
    def fit(self) -> Range:
        """What the grid's letter is read from."""
        return self.dimensions.get(FIT, NOTHING)

    @property
    def engagement(self) -> Range:
        """What the grid's digit is read from."""
        return _sum(self.dimensions.get(name, NOTHING) for name in ENGAGEMENT)


def ranges_of(model: ScoringModel, can_hold: Callable[[Criterion], bool]) -> Ranges:
    """Return what a model's parts can give.

    Args:
        model: The model.
        can_hold: Whether a criterion can hold.
    """
    rules = {
        rule.name: _of_touches(rule, model)
        if isinstance(rule, TouchRule)
        else _of_state(rule, can_hold)
        for rule in model.rules
    }
    dimensions: dict[str, Range] = {}
    low = high = 0
    for name, dimension in model.dimension_table.items():
        summed = _sum(rules[rule.name] for rule in model.rules if rule.dimension == name)
        limited = dimensions[name] = _clamped(summed, dimension.limits)
        low += weighted(limited[0], dimension.weight_permille)
        high += weighted(limited[1], dimension.weight_permille)
    limits = to_milli(model.minimum, path="minimum"), to_milli(model.maximum, path="maximum")
    position_rules = dict(model.position_rules()) if model.positions is not None else {}
    return Ranges(
        rules=rules,
        dimensions=dimensions,
        total=_clamped((low, high), limits),
        positions={
            position: _sum(rules[name] for name, of in position_rules.items() if of is position)
            for position in FunnelPosition
        },
    )


def _sum(ranges: Iterable[Range]) -> Range:
    lows, highs = 0, 0
    for low, high in ranges:
        lows, highs = lows + low, highs + high
    return lows, highs


def _clamped(given: Range, limits: tuple[int | None, int | None]) -> Range:
    return clamp(given[0], *limits), clamp(given[1], *limits)


def _of_state(rule: Rule, can_hold: Callable[[Criterion], bool]) -> Range:
    points = rule.points_milli if can_hold(rule.when) else 0
    return min(points, 0), max(points, 0)


def _of_touches(rule: TouchRule, model: ScoringModel) -> Range:
    most = _most(rule) if counts_anything(rule, model) else 0
    return _clamped((min(most, 0), max(most, 0)), rule.caps_milli)


def counts_anything(rule: TouchRule, model: ScoringModel) -> bool:
    """Say whether there is a kind of touch that a rule counts: machines' only where it says so."""
    if rule.bots or not model.kinds:
        return True
    kinds = (model.kinds[name] for name in rule.on.kinds or model.kinds)
    return any(kind.human for kind in kinds)


def _most(rule: TouchRule) -> int:
    """Return what a rule gives, caps aside, if everything happens that it counts, on every day."""
    points = rule.points_milli
    if rule.once_per == "ever":
        return day_milli(points, 1, FULL)
    count, weights = rule.per_day or MAX_PER_DAY, rule.decay.weights
    last = len(weights) - 1
    recent = sum(day_milli(points, count, weight) for weight in weights)
    older = max(LAST_DAY - last, 0)
    return recent + older * day_milli(points, count, weights[last])
