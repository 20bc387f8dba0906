"""How leads of each first-touch campaign have converted, smoothed, with what isn't known beside it.

A campaign's rate is the mean of a Beta posterior whose prior is centred on the rate of all leads:
few leads say little. Only leads old enough count; the younger ones aren't failures.

Source: S2-7 (historical conversion of the first-touch campaign), S0-1 (small rates, shown as such).
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import attrs

from nurturekit.errors import CallError, RecordError
from nurturekit.instants import DAY_US, LAST_DAY, format_us, to_us
from nurturekit.interop import Case
from nurturekit.lifecycle.stages import PROVEN
from nurturekit.records import Kind, Situation, Touch
from nurturekit.records.standing import STAGE_RANK
from nurturekit.vocabulary import MoveKind, Stage

NO_CAMPAIGN = "none"  # where none is known
# What a lead's own columns may call it, the first that is known.
CAMPAIGN_ATTRIBUTES = ("campaign", "source", "lead_source")
GOALS = (Stage.MQL, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY, Stage.CUSTOMER)
# Convention: the probability inside the interval, equal tails outside.
LEVEL = 0.95
# Convention: fewer leads than this are shown as few.
SMALL = 30
MAX_PRIOR = 1_000_000
# Jeffreys' prior, for the rate of all leads (Brown, Cai and DasGupta 2001, Statistical Science 16).
_JEFFREYS = 0.5
_Counts = tuple[int, int, int]  # how many count, have converted, are still open
_NOBODY: _Counts = (0, 0, 0)
_PRECISION = 1e-14


@attrs.frozen(kw_only=True)
class Rate:
    """How the leads of one campaign converted.

    Args:
        campaign: Its name; `none` where no campaign is known.
        p: The posterior mean, between 0 and 1 and never either.
        low: The lower end of the 95 % interval.
        high: Its upper end.
        n: How many leads are old enough to count.
        converted: How many of them reached the goal in time.
        open: How many are younger: neither converted nor failed.
    """

    campaign: str
    p: float
    low: float
    high: float
    n: int = 0
    converted: int = 0
    open: int = 0

    @property
    def small(self) -> bool:
        """Whether only few leads count, fewer than 30."""
        return self.n < SMALL


@attrs.frozen(kw_only=True, repr=False)
class Rates:
    """Conversion per first-touch campaign at one instant.

    Args:
        as_of_us: The instant, in epoch microseconds.
        goal: The stage that counts as converted, or a later one.
        horizon_days: Within how many days of the first touch.
        prior: How many leads the prior weighs as much as.
        overall: The rate of all leads, on which the prior is centred.
        campaigns: A rate per campaign, by name.
        left_out: Leads that can't be judged: without a touch, erased, at the goal before it, with
            an opening (their first touch may lie before it), or with another lead's records.
    """

    as_of_us: int
    goal: Stage
    horizon_days: int
    prior: float
    overall: Rate
    campaigns: tuple[Rate, ...] = ()
    left_out: int = 0

    def __repr__(self) -> str:
        return f"Rates({len(self.campaigns)} campaigns, n={self.overall.n}, p={self.overall.p:.3g})"

    def __str__(self) -> str:
        return self.text()

    def of(self, campaign: str) -> Rate:
        """Return a campaign's rate; the prior alone for one that isn't there."""
        found = (rate for rate in self.campaigns if rate.campaign == campaign)
        return next(found, None) or _rate(campaign, _NOBODY, _centre(self.overall, self.prior))

    def rows(self) -> list[dict[str, object]]:
        """Return a row per campaign, ready for any data frame, the best first; all leads last."""
        return [{**attrs.asdict(rate), "small": rate.small} for rate in self._listed()]

    def _listed(self) -> list[Rate]:
        best = sorted(self.campaigns, key=lambda rate: (-rate.p, rate.campaign))
        return [*best, self.overall]

    def text(self) -> str:
        """Return the rates as a table for people."""
        head = f"{self.goal} within {self.horizon_days} days, as of {format_us(self.as_of_us)}"
        width = max(len(rate.campaign) for rate in self._listed())
        rows = [f"{rate.campaign:<{width}} {_line(rate)}" for rate in self._listed()]
        tail = [f"{self.left_out} left out"] if self.left_out else []
        return "\n".join([head, *rows, *tail])


def shown(rate: Rate) -> str:
    """Return a rate in words, with its interval and how many leads it rests on."""
    if not rate.n:
        return f"{rate.p:7.2%} assumed, no lead is old enough"
    return f"{rate.p:7.2%} [{rate.low:.2%}, {rate.high:.2%}] of {rate.n}"


def _line(rate: Rate) -> str:
    still_open = f", {rate.open} still open" if rate.open else ""
    return f"{shown(rate)}{', few' if rate.small else ''}{still_open}"


def first_touch(situation: Situation) -> Touch | None:
    """Return the first touch the lead made, else the first one at all, or None."""
    return next(iter((*situation.lead_made[:1], *situation.touches[:1])), None)


def campaign_of(situation: Situation) -> str:
    """Return a lead's first-touch campaign.

    That of the first touch it made that has one; else what its columns say; else `none`.
    """
    for touch in situation.lead_made:
        if touch.campaign is not None:
            return touch.campaign
    told = (situation.attribute(name) for name in CAMPAIGN_ATTRIBUTES)
    return next((value for value in told if isinstance(value, str) and value), NO_CAMPAIGN)


def conversion_rates(
    cases: Iterable[Case],
    *,
    as_of: datetime,
    goal: Stage | str = Stage.CUSTOMER,
    horizon_days: int = 180,
    prior: float = 10,
    kinds: Mapping[str, Kind] | None = None,
) -> Rates:
    """Return how the leads of each first-touch campaign converted.

    Args:
        cases: Leads with their histories; each lead once.
        as_of: The instant, aware; what was recorded later doesn't count.
        goal: The stage, `mql` to `customer`, that counts as converted; a later one does too. It is
            reached by a stage move, or by an outcome that proves it.
        horizon_days: Within how many days of the first touch. A younger lead is open, also if it
            has converted: else only quick ones would count early. Example value: no evidence.
        prior: How many leads the prior weighs as much as. Example value: no evidence.
        kinds: What the playbook says of kinds of touch, where touches don't say it themselves.

    Raises:
        CallError: `unknown-word` for another goal, `out-of-range` for the numbers.
        RecordError: For a naive or impossible instant.

    >>> from datetime import UTC, datetime
    >>> rates = conversion_rates((), as_of=datetime(2026, 11, 2, tzinfo=UTC))
    >>> rates.of("webinar").p, rates.of("webinar").n
    (0.5, 0)
    """
    _check(goal, horizon_days, prior)
    as_of_us, aim, left_out = to_us(as_of, field="as_of"), Stage(goal), 0
    counts: dict[str, _Counts] = {}
    for case in cases:
        try:
            situation = Situation(case.lead, case.history, as_of=as_of, kinds=kinds)
        except RecordError:
            left_out += 1  # records of another lead: the others go on
            continue
        campaign, judged = campaign_of(situation), _judged(situation, aim, horizon_days * DAY_US)
        left_out += judged is None
        if judged is not None:
            counts[campaign] = _sum(judged, counts.get(campaign, _NOBODY))
    overall = _rate("all", _sum(*counts.values()), (_JEFFREYS, _JEFFREYS))
    centre = _centre(overall, prior)
    return Rates(
        as_of_us=as_of_us,
        goal=aim,
        horizon_days=horizon_days,
        prior=prior,
        overall=overall,
        campaigns=tuple(_rate(name, seen, centre) for name, seen in sorted(counts.items())),
        left_out=left_out,
    )


def _centre(overall: Rate, prior: float) -> tuple[float, float]:
    return prior * overall.p, prior * (1 - overall.p)


def _check(goal: str, horizon_days: object, prior: object) -> None:
    if goal not in GOALS:
        words = ", ".join(GOALS)
        raise CallError("unknown-word", argument="goal", problem=f"must be one of {words}")
    if type(horizon_days) is not int or not 1 <= horizon_days <= LAST_DAY:
        problem = f"must be a whole number from 1 to {LAST_DAY:,}"
        raise CallError("out-of-range", argument="horizon_days", problem=problem)
    if not isinstance(prior, int | float) or not 0 < prior <= MAX_PRIOR:
        problem = f"must be a number above 0, to {MAX_PRIOR:,}"
        raise CallError("out-of-range", argument="prior", problem=problem)


def _sum(*counts: _Counts) -> _Counts:
    return sum(n for n, _, _ in counts), sum(k for _, k, _ in counts), sum(y for _, _, y in counts)


def _judged(situation: Situation, goal: Stage, horizon_us: int) -> _Counts | None:
    # What a lead adds to n, converted and open; None if it can't be judged.
    first = first_touch(situation)
    if first is None or situation.opening is not None or situation.is_erased:
        return None
    reached_us = min(_reached(situation, STAGE_RANK[goal]), default=None)
    if reached_us is not None and reached_us < first.occurred_us:
        return None
    end_us = first.occurred_us + horizon_us
    if end_us > situation.as_of_us:
        return 0, 0, 1
    return 1, int(reached_us is not None and reached_us < end_us), 0


def _reached(situation: Situation, rank: int) -> Iterator[int]:
    for move in situation.visible.moves:
        if move.kind is MoveKind.STAGE and STAGE_RANK[Stage(str(move.to))] >= rank:
            yield move.occurred_us
    for touch in situation.conversations:
        stage = PROVEN.get(touch.outcome or "")
        if stage is not None and STAGE_RANK[stage] >= rank:
            yield touch.occurred_us


def _rate(campaign: str, counts: _Counts, prior: tuple[float, float]) -> Rate:
    n, converted, still_open = counts
    a, b = prior[0] + converted, prior[1] + n - converted
    tail = (1 - LEVEL) / 2
    return Rate(
        campaign=campaign,
        p=a / (a + b),
        low=beta_quantile(tail, a, b),
        high=beta_quantile(1 - tail, a, b),
        n=n,
        converted=converted,
        open=still_open,
    )


def beta_quantile(q: float, a: float, b: float) -> float:
    """Return the value below which a Beta(a, b) variable lies with probability q.

    By bisection to the last bit: the probability only rises.

    >>> round(beta_quantile(0.25, 1, 1), 12), round(beta_quantile(0.5, 7, 7), 12)
    (0.25, 0.5)
    """
    low, high = 0.0, 1.0
    while low < (middle := (low + high) / 2) < high:
        is_below = beta_probability(middle, a, b) < q
        low, high = (middle, high) if is_below else (low, middle)
    return middle


def beta_probability(x: float, a: float, b: float) -> float:
    """Return the probability that a Beta(a, b) variable is at most x, for x between 0 and 1.

    Source: DLMF 8.17.22 (https://dlmf.nist.gov/8.17#E22), summed as in Press et al., Numerical
    Recipes, section 6.4; by symmetry (8.17.4) where that converges faster.
    """
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_probability(1 - x, b, a)
    log_front = a * math.log(x) + b * math.log1p(-x) + math.lgamma(a + b)
    front = math.exp(log_front - math.lgamma(a) - math.lgamma(b)) / a
    return front * _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    # 1 / (1 + d1 / (1 + ...)) by Lentz's method; for the x that come here no divisor is 0.
    value, c, d, term, factor = 1.0, 1.0, 0.0, 0, 2.0
    while abs(factor - 1) > _PRECISION:
        m, is_odd = divmod(term, 2)
        top = -(a + m) * (a + b + m) if is_odd else m * (b - m)
        step = top * x / ((a + 2 * m) * (a + 2 * m + (1 if is_odd else -1))) if term else 1.0
        d = 1 / (1 + step * d)
        c = 1 + step / c
        factor = c * d
        value *= factor
        term += 1
    return value - 1
