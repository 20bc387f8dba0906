"""A scoring model made ready: measures one situation after another."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from nurturekit.answers import Contribution, Score
from nurturekit.interpreters.evaluate import Compiled, compile_
from nurturekit.interpreters.explain import signals_of, unknowns
from nurturekit.records import FrozenMap, Kind, Situation
from nurturekit.records.kinds import UNDESCRIBED
from nurturekit.scoring.amounts import Counting
from nurturekit.scoring.bands import Dimension, Grid, Positions
from nurturekit.scoring.points import MILLI, clamp, weighted
from nurturekit.scoring.rules import Rule, TouchRule
from nurturekit.scoring.tally import Sorter, Tally
from nurturekit.signals import FactSignal, is_bot
from nurturekit.vocabulary import POSITIONS, FunnelPosition

_EMPTY: FrozenMap[str, int] = FrozenMap()
_WORDS = {str(word): word for word in POSITIONS}
POSITION_FACT = "position"


@attrs.frozen
class _State:
    # A state rule made ready, with the rows for when it doesn't hold and when it does.
    rule: Rule
    dimension: int
    milli: int
    holds: Compiled
    facts: tuple[str, ...]
    nothing: Contribution
    full: Contribution
    # Where one fact is asked for, it is what is unknown.
    unknown: Contribution | None


@attrs.frozen
class _Count:
    # A touch rule made ready: its place among the touch rules, and the row without touches.
    rule: TouchRule
    dimension: int
    index: int
    counting: Counting
    position: FunnelPosition | None
    nothing: Contribution


class Measuring:
    """A model made ready.

    Args:
        rules: The model's rules.
        dimensions: Every dimension that they name.
        limits: The total's limits in milli-points.
        grid: What makes the grade.
        positions: What makes the funnel position.
        position_rules: The names of the rules that are evidence of a position.
        kinds: What the model says of kinds of touch.
    """

    def __init__(  # noqa: PLR0913 - the fields of a model
        self,
        *,
        rules: Sequence[Rule | TouchRule],
        dimensions: Sequence[Dimension],
        limits: tuple[int, int],
        grid: Grid | None,
        positions: Positions | None,
        position_rules: Mapping[str, FunnelPosition],
        kinds: Mapping[str, Kind],
    ) -> None:
        self.limits, self.grid, self.positions, self.kinds = limits, grid, positions, kinds
        self.names = [dimension.name for dimension in dimensions]
        self.dimensions = [
            (*dimension.limits, dimension.weight_permille) for dimension in dimensions
        ]
        counted = [rule for rule in rules if isinstance(rule, TouchRule)]
        self.sorter = Sorter(counted, kinds)
        places = {name: index for index, name in enumerate(self.names)}
        indexes = {rule.name: index for index, rule in enumerate(counted)}
        self.rules: list[_State | _Count] = []
        for rule in rules:
            dimension = places[rule.dimension]
            if isinstance(rule, Rule):
                self.rules.append(_state(rule, dimension))
                continue
            index = indexes[rule.name]
            counting = Counting(rule, self.sorter.amount(index))
            position = position_rules.get(rule.name)
            nothing = _row(rule, milli=counting.empty, capped_milli=counting.empty)
            self.rules.append(_Count(rule, dimension, index, counting, position, nothing))
        self.states = [
            (one.dimension, one.milli, one.holds) for one in self.rules if isinstance(one, _State)
        ]
        self.counts = [
            (one.dimension, one.index, one.counting.milli, one.position)
            for one in self.rules
            if isinstance(one, _Count)
        ]
        self.limit_rows = [_level("limit", name) for name in self.names]
        self.weight_rows = [_level("weight", name) for name in self.names]
        self.total_row = _level("total", "total")

    def score(self, situation: Situation, *, contributions: bool) -> Score:
        """Return the score of a situation, with the rows that add up to it if asked for."""
        tally = self.sorter.tally(situation)
        rows: list[Contribution] = []
        evidence: dict[FunnelPosition, int] = {}
        sums = (
            self._rows(situation, tally, rows, evidence)
            if contributions
            else self._sums(situation, tally, evidence)
        )
        total = self._total(sums, rows if contributions else None)
        dimensions = FrozenMap(dict(zip(self.names, sums, strict=True)))
        return Score(
            milli=total,
            dimensions=dimensions,
            position=self._position(situation, evidence),
            grade=None if self.grid is None else self.grid.grade(dimensions),
            contributions=tuple(rows),
            unknown_kinds=_unknown_kinds(tally, situation.as_of_us) if tally.unknown else _EMPTY,
        )

    def _sums(
        self, situation: Situation, tally: Tally, evidence: dict[FunnelPosition, int]
    ) -> list[int]:
        sums = [0] * len(self.names)
        for dimension, points, holds in self.states:
            if holds(situation):
                sums[dimension] += points
        as_of_us, today, tallies = situation.as_of_us, situation.day, tally.rules
        for dimension, index, measure, position in self.counts:
            milli = measure(tallies[index], as_of_us, today)
            sums[dimension] += milli
            if position is not None:
                evidence[position] = evidence.get(position, 0) + milli
        return sums

    def _rows(
        self,
        situation: Situation,
        tally: Tally,
        rows: list[Contribution],
        evidence: dict[FunnelPosition, int],
    ) -> list[int]:
        sums = [0] * len(self.names)
        as_of_us, today = situation.as_of_us, situation.day
        for one in self.rules:
            if isinstance(one, _State):
                row = _state_row(one, situation)
            else:
                row = _count_row(one, tally, as_of_us, today)
                if one.position is not None:
                    evidence[one.position] = evidence.get(one.position, 0) + row.milli
            sums[one.dimension] += row.milli
            rows.append(row)
        return sums

    def _total(self, sums: list[int], rows: list[Contribution] | None) -> int:
        # Limits each dimension in place, then weighs, adds up and limits the total.
        total = 0
        for place, (low, high, permille) in enumerate(self.dimensions):
            summed = sums[place]
            sums[place] = limited = clamp(summed, low, high)
            counted = limited if permille == MILLI else weighted(limited, permille)
            total += counted
            if rows is not None:
                rows.append(_adjusted(self.limit_rows[place], limited - summed))
                rows.append(_adjusted(self.weight_rows[place], counted - limited))
        final = clamp(total, *self.limits)
        if rows is not None:
            rows.append(_adjusted(self.total_row, final - total))
        return final

    def _position(
        self, situation: Situation, evidence: Mapping[FunnelPosition, int]
    ) -> FunnelPosition | None:
        reached = None if self.positions is None else self.positions.reached(evidence)
        fact = situation.facts.get(POSITION_FACT)
        told = None if fact is None else _WORDS.get(str(fact.value).casefold())
        if fact is None or told is None:
            return reached
        # S3-5: what a conversation says holds until the buyer shows more; then the higher counts.
        rank = POSITIONS.index(told)
        if reached is None or POSITIONS.index(reached) <= rank:
            return told
        return reached if self._is_passed(situation, fact.occurred_us, rank) else told

    def _is_passed(self, situation: Situation, us: int, rank: int) -> bool:
        for touch in situation.touches:
            kind = self.kinds.get(touch.kind) or UNDESCRIBED
            is_higher = kind.position is not None and POSITIONS.index(kind.position) > rank
            if is_higher and touch.occurred_us > us and not is_bot(touch, kind):
                return True
        return False


def _row(rule: Rule | TouchRule, **said: Any) -> Contribution:  # noqa: ANN401 - its fields
    return Contribution(level="rule", name=rule.name, dimension=rule.dimension, **said)


def _level(level: str, name: str, milli: int = 0) -> Contribution:
    dimension = "" if level == "total" else name
    return Contribution(
        level=level, name=name, dimension=dimension, milli=milli, capped_milli=milli
    )


def _adjusted(row: Contribution, milli: int) -> Contribution:
    return _level(row.level, row.name, milli) if milli else row


def _state(rule: Rule, dimension: int) -> _State:
    signals = tuple(signals_of(rule.when))
    names = [one.fact for one in signals if isinstance(one, FactSignal)]
    milli = rule.points_milli
    return _State(
        rule=rule,
        dimension=dimension,
        milli=milli,
        holds=compile_(rule.when),
        facts=tuple(dict.fromkeys(names)),
        nothing=_row(rule, milli=0),
        full=_row(rule, milli=milli, raw_milli=milli),
        unknown=_row(rule, milli=0, unknown=(signals[0].name,))
        if len(signals) == len(names) == 1
        else None,
    )


def _state_row(one: _State, situation: Situation) -> Contribution:
    held = one.holds(situation)
    if held is False:
        return one.nothing
    if held is None:
        return one.unknown or _row(one.rule, milli=0, unknown=unknowns(one.rule.when, situation))
    facts = situation.facts
    cites = tuple([facts[name].id for name in one.facts if name in facts])
    if not cites:
        return one.full
    return _row(one.rule, milli=one.milli, raw_milli=one.milli, cites=cites)


def _count_row(one: _Count, tally: Tally, as_of_us: int, today: int) -> Contribution:
    counted = tally.rules[one.index]
    if counted is None:
        return one.nothing
    milli, raw, decayed, capped, cites = one.counting.parts(counted, as_of_us, today)
    rule = one.rule
    return Contribution(
        level="rule",
        name=rule.name,
        dimension=rule.dimension,
        milli=milli,
        raw_milli=raw,
        decayed_milli=decayed,
        capped_milli=capped,
        cites=cites,
    )


def _unknown_kinds(tally: Tally, as_of_us: int) -> FrozenMap[str, int]:
    seen = [touch.kind for touch in tally.unknown if touch.occurred_us <= as_of_us]
    return FrozenMap(dict(sorted(Counter(seen).items())))
