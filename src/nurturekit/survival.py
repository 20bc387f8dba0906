"""Kaplan-Meier: how long things take while some haven't happened yet.

CLOSED. A case still open is *censored*: it says that it took at least so long, and never counts as
a failure. The conventions are those of the Python library lifelines, to which tests hold this.

Source: E. L. Kaplan and P. Meier, Nonparametric estimation from incomplete observations, 1958;
exponential Greenwood interval (log of minus log): J. D. Kalbfleisch and R. L. Prentice, 1980.
"""

import math
from collections import Counter
from collections.abc import Iterable
from statistics import NormalDist

import attrs

from nurturekit.errors import CallError

# Products of fractions in floats: a share within so much of a bound has reached it.
_ROUNDING = 1e-12
_HALF = 0.5

Interval = tuple[float | None, float | None]


@attrs.frozen(kw_only=True)
class Step:
    """One duration at which something ended.

    Args:
        time: The duration.
        at_risk: How many hadn't ended before it.
        events: How many ended by the event at it.
        survival: The share for whom the event comes later than it, S(t).
        low: Lower limit of S(t).
        high: Upper limit of S(t).
    """

    time: float
    at_risk: int
    events: int
    survival: float
    low: float
    high: float


@attrs.frozen(kw_only=True)
class Curve:
    """The share for whom the event hasn't come yet, by duration.

    Args:
        steps: By duration; before the first one S(t) is 1.
        n: How many durations were given.
        events: How many of them ended by the event; the others are censored.
    """

    steps: tuple[Step, ...]
    n: int
    events: int

    @property
    def censored(self) -> int:
        """How many hadn't ended when last seen."""
        return self.n - self.events

    def survival(self, time: float) -> float:
        """Return S(t): the share for whom the event comes later than a duration."""
        return next((step.survival for step in reversed(self.steps) if step.time <= time), 1.0)

    def quantile(self, p: float) -> float | None:
        """Return the first duration by which a share `p` has had the event: S(t) <= 1 - p.

        Args:
            p: The share, more than 0 and at most 1.

        Returns:
            The duration, None where the curve never comes down so far.

        Raises:
            CallError: `out-of-range`.
        """
        return self._reached("survival", _checked_share(p))

    def quantile_interval(self, p: float) -> Interval:
        """Return when the lower and the upper limit of S(t) reach 1 - p; None where never.

        Raises:
            CallError: `out-of-range`.
        """
        share = _checked_share(p)
        return self._reached("low", share), self._reached("high", share)

    @property
    def median(self) -> float | None:
        """The first duration with S(t) <= 0.5, None where it is never reached."""
        return self.quantile(_HALF)

    @property
    def median_interval(self) -> Interval:
        """The limits of the median; None where a limit is never reached."""
        return self.quantile_interval(_HALF)

    def _reached(self, name: str, p: float) -> float | None:
        bound = 1 - p + _ROUNDING
        return next((step.time for step in self.steps if getattr(step, name) <= bound), None)


def kaplan_meier(durations: Iterable[tuple[float, bool]], *, confidence: float = 0.95) -> Curve:
    """Estimate how long something takes.

    Args:
        durations: Per case the duration, in any one unit from 0, and whether the event ended it;
            False is censored: still open, or ended otherwise.
        confidence: Of the intervals; 0.95 by convention.

    Raises:
        CallError: `out-of-range` for a duration below 0 or not finite, or a confidence outside 0
            to 1.

    >>> curve = kaplan_meier([(1, True), (2, True), (3, False), (4, True)])
    >>> curve.median, [round(step.survival, 3) for step in curve.steps]
    (2, [0.75, 0.5, 0.5, 0.0])
    """
    z = NormalDist().inv_cdf((1 + _checked_confidence(confidence)) / 2)
    given = [(_checked_duration(time), bool(is_event)) for time, is_event in durations]
    ended = Counter(time for time, _ in given)
    events = Counter(time for time, is_event in given if is_event)
    steps, at_risk, survival, variance = [], len(given), 1.0, 0.0
    for time in sorted(ended):
        survival *= (at_risk - events[time]) / at_risk
        if events[time] < at_risk:
            variance += events[time] / (at_risk * (at_risk - events[time]))
        low, high = _limits(survival, variance, z)
        steps.append(
            Step(
                time=time,
                at_risk=at_risk,
                events=events[time],
                survival=survival,
                low=low,
                high=high,
            )
        )
        at_risk -= ended[time]
    return Curve(steps=tuple(steps), n=len(given), events=events.total())


def _limits(survival: float, variance: float, z: float) -> tuple[float, float]:
    # Exponential Greenwood: normal limits of log(-log S), which keeps them within 0 and 1.
    if survival in (0.0, 1.0):
        return survival, survival
    hazard = -math.log(survival)
    spread = z * math.sqrt(variance) / hazard
    return math.exp(-hazard * math.exp(spread)), math.exp(-hazard * math.exp(-spread))


def _checked_duration(time: float) -> float:
    if not (math.isfinite(time) and time >= 0):
        raise CallError("out-of-range", argument="durations", problem="must be finite and from 0")
    return time


def _checked_share(p: float) -> float:
    if not 0 < p <= 1:
        raise CallError("out-of-range", argument="p", problem="must be above 0 and at most 1")
    return p


def _checked_confidence(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise CallError("out-of-range", argument="confidence", problem="must lie between 0 and 1")
    return confidence
