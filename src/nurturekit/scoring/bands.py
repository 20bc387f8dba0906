"""Dimensions of a score, and the bands, grid and positions read from it.

CLOSED. Bands are half-open, [from, to); the last one holds its upper end too.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import pairwise

import attrs

from nurturekit.errors import ModelError, did_you_mean
from nurturekit.records.frozen import FrozenMap
from nurturekit.scoring.points import in_points, to_milli, whole
from nurturekit.vocabulary import POSITIONS, FunnelPosition

MAX_PERMILLE = 10_000
FIT = "fit"
ENGAGEMENT = ("attraction", "behaviour")

Limits = tuple[int | None, int | None]


def _limit(value: object) -> int | float | None:
    return None if value is None else in_points(to_milli(value, path="limit"))


def milli_of(points: float | None) -> int | None:
    """Return a limit in milli-points, None where there is none."""
    return None if points is None else to_milli(points, path="limit")


def check_limits(minimum: float | None, maximum: float | None, *, path: str) -> None:
    """Refuse limits that cross.

    Raises:
        ModelError: `bad-range`.
    """
    if minimum is not None and maximum is not None and minimum > maximum:
        raise ModelError("bad-range", path=path, problem="must not lie below `minimum`")


@attrs.frozen
class Dimension:
    """One aspect of a score, with limits on the sum of its rules and a weight in the total.

    Args:
        name: `fit`, `attraction`, `behaviour`, `buying_stage`, or one's own.
        minimum: The least it can be, in points.
        maximum: The most it can be, in points.
        weight_permille: Its weight in the total, 0 to 10,000; 1,000 counts it once.

    Raises:
        ModelError: Naming the field.
    """

    name: str
    minimum: int | float | None = attrs.field(kw_only=True, default=None, converter=_limit)
    maximum: int | float | None = attrs.field(kw_only=True, default=None, converter=_limit)
    weight_permille: int = attrs.field(kw_only=True, default=1000)

    def __attrs_post_init__(self) -> None:
        if type(self.name) is not str or not self.name:
            raise ModelError("bad-value", path="name", problem="must be a name")
        whole(self.weight_permille, path="weight_permille", low=0, high=MAX_PERMILLE)
        check_limits(self.minimum, self.maximum, path="maximum")

    @property
    def limits(self) -> Limits:
        """The limits in milli-points."""
        return milli_of(self.minimum), milli_of(self.maximum)


@attrs.frozen
class Band:
    """A label for a range of points, [from, to).

    Args:
        label: `A`, `hot`, ...
        from_points: Where it starts; None is from the beginning.
        to_points: Where it ends; None is to the end.
    """

    label: str
    from_points: int | float | None = attrs.field(default=None, converter=_limit)
    to_points: int | float | None = attrs.field(default=None, converter=_limit)

    def __attrs_post_init__(self) -> None:
        if type(self.label) is not str or not self.label:
            raise ModelError("bad-value", path="label", problem="must be a text")
        start, end = self.from_points, self.to_points
        if start is not None and end is not None and start >= end:
            raise ModelError("bands-overlap", path="to_points", problem="must lie above its start")


def _bands(rows: Iterable[Band]) -> tuple[Band, ...]:
    kept = tuple(rows)
    if not kept or not all(isinstance(row, Band) for row in kept):
        raise ModelError("bands-gap", path="rows", problem="must be at least one band")
    return tuple(sorted(kept, key=lambda row: (row.from_points is not None, row.from_points or 0)))


@attrs.frozen
class Bands:
    """Bands that tile a range: no gap, no overlap.

    Args:
        rows: The bands, in any order.

    Raises:
        ModelError: `bands-gap`, `bands-overlap` or `duplicate-name`.

    >>> bands = Bands([Band("cold", 0, 30), Band("warm", 30, 60), Band("hot", 60, 100)])
    >>> bands.label(30_000), bands.label(100_000)
    ('warm', 'hot')
    """

    rows: tuple[Band, ...] = attrs.field(converter=_bands)
    starts_milli: tuple[int, ...] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        starts = tuple(milli_of(row.from_points) or 0 for row in self.rows[1:])
        object.__setattr__(self, "starts_milli", starts)
        labels = [row.label for row in self.rows]
        if len(set(labels)) < len(labels):
            raise ModelError("duplicate-name", path="rows", problem="must differ in their labels")
        for lower, upper in pairwise(self.rows):
            end, start = lower.to_points, upper.from_points
            if end is None or start is None or start < end:
                raise ModelError(
                    "bands-overlap",
                    path="rows",
                    problem=f"overlap: `{lower.label}` must end where `{upper.label}` starts",
                )
            if end < start:
                raise ModelError(
                    "bands-gap",
                    path="rows",
                    problem=f"leave a gap between `{lower.label}` and `{upper.label}`",
                )

    def check(self, limits: Limits, *, path: str) -> None:
        """Refuse bands that don't tile a range exactly; an end left out reaches to the range's.

        Args:
            limits: The range in milli-points; None is without limit.
            path: Where the bands stand.

        Raises:
            ModelError: `bands-gap`, or `bands-overlap` where a band reaches out of the range.
        """
        first, last = milli_of(self.rows[0].from_points), milli_of(self.rows[-1].to_points)
        low, high = limits
        if first is not None and (low is None or first > low):
            raise ModelError("bands-gap", path=path, problem="must start where the range starts")
        if last is not None and (high is None or last < high):
            raise ModelError("bands-gap", path=path, problem="must end where the range ends")
        if (first is not None and first != low) or (last is not None and last != high):
            raise ModelError("bands-overlap", path=path, problem="must not reach out of the range")

    def label(self, milli: int) -> str:
        """Return the label of the band that holds so many milli-points."""
        return self.rows[bisect_right(self.starts_milli, milli)].label


@attrs.frozen(kw_only=True)
class Grid:
    """A grade: a letter for fit beside a digit for engagement, such as `A1`.

    Args:
        fit: Bands over the dimension `fit`.
        engagement: Bands over the sum of the dimensions `attraction` and `behaviour`.
    """

    fit: Bands
    engagement: Bands

    def check(self, dimensions: Mapping[str, Dimension]) -> None:
        """Refuse bands that don't tile what the dimensions can be.

        Raises:
            ModelError: `bands-gap` or `bands-overlap`.
        """
        self.fit.check(_range(dimensions, (FIT,)), path="grid.fit")
        self.engagement.check(_range(dimensions, ENGAGEMENT), path="grid.engagement")

    def grade(self, dimensions: Mapping[str, int]) -> str:
        """Return the grade of dimensions in milli-points; a missing one is 0."""
        engagement = sum(dimensions.get(name, 0) for name in ENGAGEMENT)
        return self.fit.label(dimensions.get(FIT, 0)) + self.engagement.label(engagement)


def _range(dimensions: Mapping[str, Dimension], names: tuple[str, ...]) -> Limits:
    limits = [dimensions[name].limits for name in names if name in dimensions]
    lows = [low for low, _ in limits if low is not None]
    highs = [high for _, high in limits if high is not None]
    return (
        sum(lows) if len(lows) == len(limits) and limits else None,
        sum(highs) if len(highs) == len(limits) and limits else None,
    )


def _thresholds(given: Mapping[str, object]) -> FrozenMap[FunnelPosition, int | float]:
    known = {str(word): word for word in POSITIONS}
    for name in given:
        if name not in known:
            raise ModelError(
                "unknown-word",
                path=f"positions.{name}",
                problem=f"must be one of {', '.join(known)}{did_you_mean(str(name), known)}",
            )
    return FrozenMap(
        {
            word: in_points(to_milli(given[word], path=f"positions.{word}"))
            for word in POSITIONS
            if word in given
        }
    )


@attrs.frozen
class Positions:
    """How much evidence shows that a buyer has come to a funnel position (S0-4, S1-6).

    Evidence is what the touch rules give whose kinds all have that position.

    Args:
        thresholds: Position to the points at which its evidence is enough.

    Raises:
        ModelError: `unknown-word`, `not-a-number`, `out-of-range` or `too-precise`.

    >>> Positions({"consideration": 5, "decision": 12}).reached({"decision": 12_000})
    <FunnelPosition.DECISION: 'decision'>
    """

    thresholds: Mapping[FunnelPosition, int | float] = attrs.field(converter=_thresholds)
    thresholds_milli: tuple[tuple[FunnelPosition, int], ...] = attrs.field(
        init=False, eq=False, repr=False
    )

    def __attrs_post_init__(self) -> None:
        rising = tuple(
            (word, to_milli(points, path="positions")) for word, points in self.thresholds.items()
        )
        object.__setattr__(self, "thresholds_milli", rising)

    def reached(self, evidence: Mapping[FunnelPosition, int]) -> FunnelPosition | None:
        """Return the highest position whose evidence, in milli-points, reaches its threshold."""
        held = None
        for position, threshold in self.thresholds_milli:
            if evidence.get(position, 0) >= threshold:
                held = position
        return held
