"""Kaplan-Meier by hand, and against lifelines."""

import importlib.util
import math
import random
import warnings

import pytest

from nurturekit.errors import CallError
from nurturekit.survival import kaplan_meier

TOLERANCE = 1e-9
needs_lifelines = pytest.mark.skipif(
    importlib.util.find_spec("lifelines") is None,
    reason="lifelines isn't installed: the values worked out by hand are checked all the same",
)


def _durations(seed: int) -> list[tuple[float, bool]]:
    """Return a sample: few distinct durations tie, many don't; some samples are all censored."""
    rng = random.Random(seed)
    longest = rng.choice((3, 12, 1_000_000))
    share = rng.choice((0.0, 0.3, 0.6, 1.0))
    whole = seed % 2 == 0
    return [
        (
            rng.randint(0, longest) if whole else rng.uniform(0, longest),
            rng.random() < share,
        )
        for _ in range(rng.choice((1, 2, 5, 20, 60)))
    ]


SPECIAL = [
    [(5, True)],
    [(5, False)],
    [(0, True), (0, False), (3, True)],
    [(2, False)] * 4,
    [(2, True)] * 4,
    [(1, True), (2, True), (3, True), (4, False)],
]


def _expected(durations):
    """Return lifelines' answers: S with its limits by duration, median, limits of the median."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import lifelines
        from lifelines.utils import median_survival_times, qth_survival_time

        fitted = lifelines.KaplanMeierFitter().fit(*zip(*durations, strict=True))
        table = fitted.survival_function_.join(fitted.confidence_interval_)
        # Its S is the exponential of a sum of logarithms: at exactly a half, or a tenth, rounding
        # may keep it above. To 12 decimals it has reached what it has reached.
        shares = fitted.survival_function_.round(12)
        quantiles = [qth_survival_time(p, shares) for p in (0.5, 0.1)]
        limits = median_survival_times(fitted.confidence_interval_).to_numpy().ravel()
    return table, quantiles, limits


def _number(value):
    return math.inf if value is None else value


@needs_lifelines
@pytest.mark.parametrize(
    "durations",
    [*SPECIAL, *map(_durations, range(80))],
    ids=lambda durations: f"{len(durations)}-cases",
)
def test_it_says_what_lifelines_says(durations):
    """S, its limits, the median, its limits and the 90th percentile equal lifelines'."""
    table, quantiles, limits = _expected(durations)
    curve = kaplan_meier(durations)
    at_steps = table.loc[[step.time for step in curve.steps]].to_numpy()
    for step, row in zip(curve.steps, at_steps, strict=True):
        assert (step.survival, step.low, step.high) == pytest.approx(tuple(row), abs=TOLERANCE)
    found = [_number(curve.quantile(p)) for p in (0.5, 0.9)]
    assert found == pytest.approx(quantiles, abs=TOLERANCE)
    assert [*map(_number, curve.median_interval)] == pytest.approx(list(limits), abs=TOLERANCE)


def test_shares_by_hand():
    """Each event takes its share of those still at risk; a censored case only leaves the risk."""
    curve = kaplan_meier([(6, True), (6, True), (6, True), (6, False), (7, True), (9, False)])
    assert [(step.time, step.at_risk, step.events) for step in curve.steps] == [
        (6, 6, 3),
        (7, 2, 1),
        (9, 1, 0),
    ]
    assert [step.survival for step in curve.steps] == [0.5, 0.25, 0.25]
    assert (curve.n, curve.events, curve.censored) == (6, 4, 2)


def test_limits_by_hand():
    """The limits are the exponential Greenwood ones: S to the power of exp(-+ z se / log S)."""
    (step,) = kaplan_meier([(1, True), (1, False)]).steps
    spread = 1.959963984540054 * math.sqrt(1 / 2) / math.log(2)
    assert step.low == pytest.approx(0.5 ** math.exp(spread))
    assert step.high == pytest.approx(0.5 ** math.exp(-spread))


def test_a_share_is_read_at_and_between_steps():
    """S holds from its step on; before the first step it is 1."""
    curve = kaplan_meier([(2, True), (4, True)])
    assert [curve.survival(time) for time in (0, 1.9, 2, 3, 4, 99)] == [1, 1, 0.5, 0.5, 0, 0]


def test_a_median_at_exactly_a_half_is_reached():
    """S(t) = 0.5 reaches the median, also where the product of fractions is rounded."""
    assert kaplan_meier([(1, True), (2, True)]).median == 1
    many = [(time, True) for time in range(1, 2_001)]
    assert kaplan_meier(many).median == 1_000
    assert kaplan_meier(many).quantile(0.9) == 1_800


def test_what_is_never_reached_is_none():
    """Where fewer than half have ended, the median is unknown, not the longest duration."""
    curve = kaplan_meier([(1, True), (5, False), (6, False)])
    assert (curve.median, curve.median_interval[1]) == (None, None)
    assert curve.quantile(0.3) == 1
    assert kaplan_meier([(3, False)]).median is None


def test_nothing_is_a_curve_too():
    """Without a case there is no step, everybody is still there, and nothing is reached."""
    curve = kaplan_meier([])
    assert (curve.steps, curve.n, curve.survival(1), curve.median) == ((), 0, 1.0, None)


def test_durations_stay_what_they_are():
    """Microseconds stay whole numbers: a quantile is one of the durations given."""
    day = 86_400_000_000
    median = kaplan_meier([(3 * day + 1, True), (9 * day, False), (1 * day, True)]).median
    assert (median, type(median)) == (3 * day + 1, int)


def test_more_confidence_is_a_wider_interval():
    """The interval at 99 percent holds the one at 80."""
    durations = [(1, True), (2, True), (3, False)]
    narrow, wide = (kaplan_meier(durations, confidence=c).steps[0] for c in (0.8, 0.99))
    assert wide.low < narrow.low < narrow.high < wide.high


@pytest.mark.parametrize(
    "call",
    [
        lambda: kaplan_meier([(-1, True)]),
        lambda: kaplan_meier([(math.nan, True)]),
        lambda: kaplan_meier([(math.inf, False)]),
        lambda: kaplan_meier([], confidence=1),
        lambda: kaplan_meier([], confidence=0),
        lambda: kaplan_meier([]).quantile(0),
        lambda: kaplan_meier([]).quantile_interval(1.1),
    ],
)
def test_impossible_numbers_are_refused(call):
    """A negative or endless duration and a share outside its bounds are errors."""
    with pytest.raises(CallError) as raised:
        call()
    assert raised.value.code == "out-of-range"
