"""One number of a report with all that is needed to read it, and its interval."""

import math
from enum import StrEnum
from statistics import NormalDist

import attrs

from nurturekit.vocabulary import Team

# Fewer cases than this are shown as few: inference, a rule of thumb without a study behind it.
SMALL_N = 5
_Z = NormalDist().inv_cdf(0.975)


class Side(StrEnum):
    """What a measure tells of (S1-12): the effort of who answers for leads, or their quality.

    `effort`: of the team and rep who own or are offered leads. `quality`: of the leads that a team
    gives, and that a source brings.
    """

    EFFORT = "effort"
    QUALITY = "quality"


class Unit(StrEnum):
    """What a measure's value counts."""

    COUNT = "count"
    SHARE = "share"
    HOURS = "hours"
    MINUTES = "minutes"


@attrs.frozen(kw_only=True)
class Found:
    """A value before it is known whose it is.

    Args:
        value: None where nothing can be said.
        low: Lower limit of its 95 % interval.
        high: Upper limit, None where it is never reached.
        n: How many cases it rests on.
        open: How many of them, or more, hadn't come to an end that can be seen.
        detail: What kind of it: a reason.
        note: What a reader must know.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    open: int = 0
    detail: str = ""
    note: str = ""


@attrs.frozen(kw_only=True)
class Measure:
    """One number of a report.

    Args:
        side: Effort or quality.
        team: Whose effort; for quality, who gave the leads, None for those of one source.
        rep: None for the whole team, empty for what no rep has.
        source: The campaign that brought the leads; None for all, `none` where unknown.
        name: The measure's name in `MEASURES`.
        detail: What kind of it: the reason of a rejection; empty for all.
        value: The number in `unit`, None where nothing can be said: never 0 for want of cases.
        low: Lower limit of its 95 % interval, for shares and times.
        high: Upper limit, None where the data doesn't reach it.
        n: How many cases it rests on.
        open: How many cases hadn't come to an end that can be seen: of `n` for times, where they
            are censored; beside `n` for shares. They are no failures, and not counted as such.
        unit: Count, share (0 to 1), hours or minutes.
        small: Whether a share or time rests on fewer than `SMALL_N` cases.
        note: What a reader must know.
    """

    side: Side
    team: Team | None
    rep: str | None = None
    source: str | None = None
    name: str
    detail: str = ""
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    open: int = 0
    unit: Unit
    small: bool = False
    note: str = ""


def is_small(unit: Unit, n: int) -> bool:
    """Say whether a share or a time rests on too few cases to be read as more than an anecdote."""
    return unit in (Unit.SHARE, Unit.HOURS) and n < SMALL_N


def share(count: int, of: int, *, open_count: int = 0) -> Found:
    """Return a share with its Wilson interval, None for a share of nothing.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference,
    1927; 95 % by convention.

    >>> found = share(8, 10)
    >>> found.value, round(found.low, 3), round(found.high, 3)
    (0.8, 0.49, 0.943)
    """
    if not of:
        return Found(value=None, open=open_count)
    p, weight = count / of, _Z * _Z / of
    middle = (p + weight / 2) / (1 + weight)
    reach = _Z * math.sqrt(p * (1 - p) / of + weight / (4 * of)) / (1 + weight)
    return Found(
        value=p,
        # Rounding must not put the share outside its own interval.
        low=max(0.0, min(p, middle - reach)),
        high=min(1.0, max(p, middle + reach)),
        n=of,
        open=open_count,
    )
