"""What scoring and the lifecycle say of a lead."""

from collections.abc import Mapping

import attrs

from nurturekit.records import FrozenMap, Touch
from nurturekit.vocabulary import FunnelPosition, Stage


@attrs.frozen(kw_only=True, slots=False)
class Contribution:
    """One row of a score; the rows' `milli` add up exactly to the total.

    Args:
        level: `rule`, `limit` (a dimension's), `weight` (a dimension's) or `total`.
        name: The rule's or dimension's name.
        dimension: The dimension, empty for the total's limit.
        milli: Milli-points that the row adds: raw + decayed + capped.
        raw_milli: Points times occurrences, before decay and caps.
        decayed_milli: What age took away (towards zero).
        capped_milli: What `once_per`, `per_day`, `at_least` and `at_most` changed.
        unknown: What is unknown, where the rule's criterion is.
        cites: Ids of the touches, or of the fact, it rests on.
    """

    level: str
    name: str
    dimension: str
    milli: int
    raw_milli: int = 0
    decayed_milli: int = 0
    capped_milli: int = 0
    unknown: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()


@attrs.frozen(kw_only=True, repr=False)
class Score:
    """A lead's score at one instant, in milli-points.

    Args:
        milli: The total.
        dimensions: Milli-points per dimension, limited but not weighted.
        position: The funnel position with enough evidence, or None.
        grade: Fit letter and engagement digit, such as `A1`, where the model has a grid.
        contributions: Rows that add up to the total; empty when not asked for.
        unknown_kinds: Kinds of touch that the playbook doesn't describe, with their counts.
    """

    milli: int
    dimensions: Mapping[str, int] = attrs.field(factory=FrozenMap)
    position: FunnelPosition | None = None
    grade: str | None = None
    contributions: tuple[Contribution, ...] = ()
    unknown_kinds: Mapping[str, int] = attrs.field(factory=FrozenMap)

    def __repr__(self) -> str:
        return f"Score({self.points:g} points, position={self.position}, grade={self.grade})"

    @property
    def points(self) -> float:
        """The total in points, for people; compare `milli` instead."""
        return self.milli / 1000

    def explain(self) -> str:
        """Return the rows as a table of text whose points add up."""
        rows = [row for row in self.contributions if row.milli or row.unknown]
        lines = [f"{row.milli / 1000:>10.3f}  {_label(row)}" for row in rows]
        return "\n".join([*lines, f"{self.milli / 1000:>10.3f}  total"])


def _label(row: Contribution) -> str:
    text = f"{row.dimension}: {row.name}" if row.level == "rule" else f"{row.name}: {row.level}"
    if row.unknown:
        return f"{text} (unknown: {', '.join(row.unknown)})"
    return text


@attrs.frozen(kw_only=True)
class Readiness:
    """What the qualification says of a lead: the evidence for sales, spent or not.

    Args:
        is_sales_ready: Sales intent within the days it counts, and fit not known to be bad.
        evidence: The lead's own touches that show sales intent, by time.
        hand_raises: Those of them that are hand-raises, by time; later than the opening.
        peers: Ids of the people of the account who engaged, where they make the lead ready.
        is_unfit: Whether fit is known to be bad; None is unknown.
        weaker: Touches of decision position that aren't hand-raises, by time.
    """

    is_sales_ready: bool = False
    evidence: tuple[Touch, ...] = ()
    hand_raises: tuple[Touch, ...] = ()
    peers: tuple[str, ...] = ()
    is_unfit: bool | None = None
    weaker: tuple[Touch, ...] = ()


@attrs.frozen(kw_only=True)
class StageMove:
    """A change of stage that the lifecycle proposes.

    Args:
        to: The new stage.
        reason: Why, in the trade's words.
        evidence: Ids of the touches it cites.
        answers: The id of the record it answers.
    """

    to: Stage
    reason: str
    evidence: tuple[str, ...] = ()
    answers: str | None = None
