"""Rules, bands and gates of points that no history can make matter."""

from collections.abc import Iterator

from nurturekit.interpreters.explain import sentence, signals_of
from nurturekit.lifecycle import Qualification
from nurturekit.lint.domains import labels_hit
from nurturekit.lint.draft import Draft
from nurturekit.lint.findings import WARNING, Finding
from nurturekit.lint.ranges import Range, Ranges, counts_anything
from nurturekit.scoring import Bands, Rule, ScoringModel, TouchRule
from nurturekit.scoring.bands import ENGAGEMENT, FIT
from nurturekit.scoring.points import MILLI, to_milli
from nurturekit.signals import DimensionScore

_RULES = "$.scoring.rules"
_DIMENSIONS = "$.scoring.dimensions"


def dead_rules(draft: Draft) -> Iterator[Finding]:
    """Yield the rules and dimensions that give the same whatever happens."""
    model, ranges = draft.model, draft.ranges
    if model is None or ranges is None:
        return
    for rule in model.rules:
        low, high = ranges.rules[rule.name]
        if low == high:
            yield _dead(rule, model, low)
    yield from _dead_dimensions(draft, model)
    if model.minimum == model.maximum:
        yield Finding(
            code="dead-rule",
            path="$.scoring.maximum",
            problem=f"is `minimum` as well: every total is {model.minimum}",
            remedy="set them apart",
        )


def _dead(rule: Rule | TouchRule, model: ScoringModel, milli: int) -> Finding:
    path = f"{_RULES}[{rule.name}]"
    always = f"so the rule always gives {milli / MILLI:g}"
    if not rule.points:
        place, problem, remedy = "points", "are 0", "give it points, or drop the rule"
    elif isinstance(rule, Rule):
        place = "when"
        problem, remedy = f"can never hold: {sentence(rule.when)}", "correct it, or drop the rule"
    elif not counts_anything(rule, model):
        place, problem = "on", "names only kinds that machines make"
        remedy = "say `bots = true`, or let it count another kind"
    else:
        place = "at_most" if rule.points > 0 else "at_least"
        problem, remedy = "leaves no room for its points", "widen the caps, or drop the rule"
    return Finding(
        code="dead-rule", path=f"{path}.{place}", problem=f"{problem}, {always}", remedy=remedy
    )


def _dead_dimensions(draft: Draft, model: ScoringModel) -> Iterator[Finding]:
    read = _dimensions_read(draft, model)
    for dimension in model.dimensions:
        path = f"{_DIMENSIONS}[{dimension.name}]"
        if dimension.minimum is not None and dimension.minimum == dimension.maximum:
            yield Finding(
                code="dead-rule",
                path=f"{path}.maximum",
                problem=f"is `minimum` as well: it is {dimension.minimum} whatever its rules give",
                remedy="set them apart, or drop the dimension and its rules",
            )
        elif not dimension.weight_permille and dimension.name not in read:
            yield Finding(
                code="dead-rule",
                path=f"{path}.weight_permille",
                problem="is 0, and neither the grid nor a criterion reads the dimension",
                remedy="give it a weight, or drop the dimension and its rules",
            )


def _dimensions_read(draft: Draft, model: ScoringModel) -> set[str]:
    read = {
        signal.dimension
        for criterion in draft.criteria
        for signal in signals_of(criterion)
        if isinstance(signal, DimensionScore)
    }
    evidence = set() if model.positions is None else dict(model.position_rules()).keys()
    read |= {rule.dimension for rule in model.rules if rule.name in evidence}
    return read if model.grid is None else read | {FIT, *ENGAGEMENT}


def bands_never_hit(draft: Draft) -> Iterator[Finding]:
    """Yield the bands, letters and digits that no score reaches."""
    model, ranges = draft.model, draft.ranges
    if model is None or ranges is None:
        return
    if model.bands is not None:
        yield from _missed(model.bands, ranges.total, "$.scoring.bands")
    if model.grid is not None:
        yield from _missed(model.grid.fit, ranges.fit, "$.scoring.grid.fit")
        yield from _missed(model.grid.engagement, ranges.engagement, "$.scoring.grid.engagement")


def _missed(bands: Bands, given: Range, path: str) -> Iterator[Finding]:
    hit = labels_hit(bands, given)
    for row in bands.rows:
        if row.label not in hit:
            yield Finding(
                code="band-never-hit",
                path=f"{path}[{row.label}]",
                problem=f"is never hit: rules and caps give {_told(given)}",
                remedy="move its bounds, or give more points",
                level=WARNING,
            )


def _told(given: Range) -> str:
    return f"{given[0] / MILLI:g} to {given[1] / MILLI:g} points"


def gates_out_of_reach(draft: Draft) -> Iterator[Finding]:
    """Yield the thresholds of points that no lead crosses."""
    model, ranges = draft.model, draft.ranges
    if model is None or ranges is None:
        return
    yield from _positions_out_of_reach(model, ranges)
    gate: object = draft.playbook.qualification
    if isinstance(gate, Qualification):
        yield from _gates(gate, ranges.total)
        if gate.unfit is not None and not draft.can_hold(gate.unfit):
            yield Finding(
                code="gate-out-of-reach",
                path="$.qualification.unfit",
                problem=f"can never hold: {sentence(gate.unfit)}",
                remedy="correct it, or drop it",
            )


def _positions_out_of_reach(model: ScoringModel, ranges: Ranges) -> Iterator[Finding]:
    thresholds = () if model.positions is None else model.positions.thresholds.items()
    for position, points in thresholds:
        given = ranges.positions[position]
        if to_milli(points, path="positions") > given[1]:
            yield Finding(
                code="gate-out-of-reach",
                path=f"$.scoring.positions.{position}",
                problem=f"is {points:g}, but the rules of its kinds give {_told(given)}",
                remedy="lower it, raise their caps, or give kinds that position",
            )


def _gates(gate: Qualification, total: Range) -> Iterator[Finding]:
    if gate.mql_milli > total[1]:
        yield Finding(
            code="gate-out-of-reach",
            path="$.qualification.mql_at",
            problem=f"is {gate.mql_at:g}, but a total is {_told(total)}: no score makes an mql",
            remedy="lower it, or give more points",
        )
    if gate.recycle_milli <= total[0]:
        yield Finding(
            code="gate-out-of-reach",
            path="$.qualification.recycle_below",
            problem=f"is {gate.recycle_below:g}, but a total is {_told(total)}: no mql is recycled",
            remedy="raise it, or let points fade or be taken",
            level=WARNING,
        )
