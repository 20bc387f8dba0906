"""The scoring model: rules, dimensions and limits, and the score of a lead under them.

    dimension = clamp(sum of its rules, minimum, maximum)
    total     = clamp(sum of rha(dimension * weight_permille, 1000), minimum, maximum)

`rha` rounds half away from zero. Caps and limits act on sums, never on a running total.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

import attrs

from nurturekit.answers import Score
from nurturekit.errors import ModelError, did_you_mean
from nurturekit.interpreters.explain import signals_of
from nurturekit.records import EMPTY_WORLD, FrozenMap, History, Kind, Lead, Record, Situation, World
from nurturekit.scoring.bands import Bands, Dimension, Grid, Positions, check_limits, milli_of
from nurturekit.scoring.measuring import Measuring
from nurturekit.scoring.points import in_points, to_milli
from nurturekit.scoring.rules import Rule, TouchRule
from nurturekit.vocabulary import FunnelPosition

MAX_RULES = 1_000
# What is read from a score can't take part in it.
_FROM_SCORES = ("score", "position", "grade")


def _limit(value: object) -> int | float:
    return in_points(to_milli(value, path="limit"))


@attrs.frozen(kw_only=True, slots=False)
class ScoringModel:
    """How a lead is scored.

    Args:
        rules: Rules and touch rules, each with a name of its own.
        dimensions: Dimensions with limits or a weight; one that only rules name has no limits.
        minimum: The least the total can be, in points.
        maximum: The most the total can be, in points.
        bands: Bands that tile the total.
        grid: Fit and engagement bands that make the grade.
        positions: How much evidence shows a funnel position.
        kinds: What the playbook says of kinds of touch; where it says anything, touches of other
            kinds score nothing and are reported.
        day_offset_us: Where the integer day starts, in microseconds before UTC midnight.

    Raises:
        ModelError: Naming the place: `duplicate-name`, `bands-gap`, `mixed-positions`, ...

    >>> from datetime import UTC, datetime
    >>> from nurturekit.criteria import fact
    >>> model = ScoringModel(rules=[
    ...     Rule("vp", dimension="fit", points=15, when=fact("title").contains_any("vp"))])
    >>> lead = Lead(id="l1", attributes={"title": "VP Sales"})
    >>> model.score(lead, [], as_of=datetime(2026, 1, 5, tzinfo=UTC)).points
    15.0
    """

    rules: tuple[Rule | TouchRule, ...] = attrs.field(converter=tuple)
    dimensions: tuple[Dimension, ...] = attrs.field(default=(), converter=tuple)
    minimum: int | float = attrs.field(default=0, converter=_limit)
    maximum: int | float = attrs.field(default=100, converter=_limit)
    bands: Bands | None = None
    grid: Grid | None = None
    positions: Positions | None = None
    kinds: Mapping[str, Kind] = attrs.field(factory=FrozenMap, converter=FrozenMap)
    day_offset_us: int = 0

    def __attrs_post_init__(self) -> None:
        _check_rules(self)
        _check_names(self.dimensions, "dimensions")
        check_limits(self.minimum, self.maximum, path="maximum")
        if self.bands is not None:
            self.bands.check((milli_of(self.minimum), milli_of(self.maximum)), path="bands")
        if self.grid is not None:
            self.grid.check(self.dimension_table)
        if self.kinds:
            _check_kinds(self)
        if self.positions is not None:
            dict(self.position_rules())

    def __getstate__(self) -> dict[str, Any]:
        # What is made ready for measuring is made again where it is needed.
        names = [field.name for field in attrs.fields(type(self))]
        return {name: self.__dict__[name] for name in names}

    @property
    def dimension_table(self) -> Mapping[str, Dimension]:
        """Every dimension by name: those given, then those that only rules name."""
        table = {dimension.name: dimension for dimension in self.dimensions}
        for rule in self.rules:
            table.setdefault(rule.dimension, Dimension(rule.dimension))
        return FrozenMap(table)

    def position_rules(self) -> Iterator[tuple[str, FunnelPosition]]:
        """Yield the touch rules that are evidence of a funnel position, by name.

        Raises:
            ModelError: `mixed-positions` where one rule's kinds differ in their positions.
        """
        for index, rule in enumerate(self.rules):
            if not isinstance(rule, TouchRule) or not rule.on.kinds:
                continue
            described = [self.kinds.get(kind) for kind in rule.on.kinds]
            found = {None if kind is None else kind.position for kind in described}
            if len(found) > 1:
                raise ModelError(
                    "mixed-positions",
                    path=f"rules[{index}].on",
                    problem="has kinds of different funnel positions: make a rule of each",
                )
            position = found.pop()
            if position is not None:
                yield rule.name, position

    @cached_property
    def _measuring(self) -> Measuring:
        return Measuring(
            rules=self.rules,
            dimensions=tuple(self.dimension_table.values()),
            limits=(to_milli(self.minimum, path="minimum"), to_milli(self.maximum, path="maximum")),
            grid=self.grid,
            positions=self.positions,
            position_rules=dict(self.position_rules()) if self.positions is not None else {},
            kinds=self.kinds,
        )

    def score(
        self,
        lead: Lead,
        history: "History | Iterable[Record]" = (),
        *,
        as_of: datetime,
        world: World = EMPTY_WORLD,
        known_at: datetime | None = None,
        contributions: bool = True,
    ) -> Score:
        """Return a lead's score at an instant.

        Args:
            lead: The lead.
            history: Its history, or just the records.
            as_of: The instant of judgement, aware.
            world: Who and what isn't about this lead.
            known_at: Only what was recorded by then counts; `as_of` if not given.
            contributions: Whether to give the rows that add up to the total.

        Raises:
            RecordError: For a naive or impossible instant, or something that isn't a record.
        """
        situation = Situation(
            lead,
            history,
            as_of=as_of,
            world=world,
            known_at=known_at,
            kinds=self.kinds,
            day_offset_us=self.day_offset_us,
        )
        return self.measure(situation, contributions=contributions)

    def measure(self, situation: Situation, *, contributions: bool = True) -> Score:
        """Return the score of a situation, by the situation's own integer days."""
        return self._measuring.score(situation, contributions=contributions)

    def band(self, score: Score) -> str | None:
        """Return the label of the band that a score's total lies in, None without bands."""
        return None if self.bands is None else self.bands.label(score.milli)


def _check_names(named: Iterable[Any], path: str) -> None:
    seen: set[str] = set()
    for index, one in enumerate(named):
        if one.name in seen:
            raise ModelError(
                "duplicate-name", path=f"{path}[{index}].name", problem=f"is `{one.name}` again"
            )
        seen.add(one.name)


def _check_rules(model: ScoringModel) -> None:
    if len(model.rules) > MAX_RULES:
        raise ModelError("too-many", path="rules", problem=f"must be at most {MAX_RULES:,}")
    for index, rule in enumerate(model.rules):
        path = f"rules[{index}]"
        if not isinstance(rule, Rule | TouchRule):
            raise ModelError("bad-type", path=path, problem="must be a Rule or a TouchRule")
        if isinstance(rule, Rule):
            _check_signals(rule, f"{path}.when")
    _check_names(model.rules, "rules")


def _check_signals(rule: Rule, path: str) -> None:
    for signal in signals_of(rule.when):
        if signal.name in _FROM_SCORES or signal.name.startswith("score."):
            raise ModelError(
                "circular", path=path, problem=f"reads `{signal.name}`, which comes from the score"
            )


def _check_kinds(model: ScoringModel) -> None:
    for index, rule in enumerate(model.rules):
        for kind in rule.on.kinds if isinstance(rule, TouchRule) else ():
            if kind not in model.kinds:
                raise ModelError(
                    "unknown-kind",
                    path=f"rules[{index}].on",
                    problem=f"names `{kind}`, which no kind describes"
                    f"{did_you_mean(kind, model.kinds)}",
                )
