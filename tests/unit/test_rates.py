"""Conversion per first-touch campaign: what counts, what is smoothed, what is shown."""

import itertools
import math

import pytest
from scipy.stats import beta

import nurturekit as nk
from nurturekit.instants import to_us
from nurturekit.rates import (
    NO_CAMPAIGN,
    beta_probability,
    beta_quantile,
    campaign_of,
    conversion_rates,
    first_touch,
)
from tests.builders import day
from tests.unit.work.cases import called, came, case

AS_OF = day(400)
KINDS = nk.preset("blended").kinds


def won(lead_id, on, to="customer"):
    """Return a move to the goal."""
    return nk.Move(
        id=f"{lead_id}-{to}", lead_id=lead_id, kind="stage", to=to, occurred_at=day(on, 12)
    )


def batch(campaign, *, leads, converted, start=0):
    """Return leads of a campaign, some of which became customers after a month."""
    names = [f"{campaign}-{number}" for number in range(leads)]
    return [
        case(
            name,
            came(name, start, campaign=campaign),
            *([won(name, start + 30)] if number < converted else []),
        )
        for number, name in enumerate(names)
    ]


def rates(cases, **fields):
    """Return the rates a year later."""
    return conversion_rates(cases, **{"as_of": AS_OF, **fields})


def test_the_posterior_mean_is_prior_and_share_by_their_weights():
    """With 30 of 100 in all, ten prior leads and 20 of 40, the mean is (10 p + 20) / 50."""
    found = rates([*batch("a", leads=40, converted=20), *batch("b", leads=60, converted=10)])
    overall = 30.5 / 101
    assert math.isclose(found.overall.p, overall)
    assert math.isclose(found.of("a").p, (10 * overall + 20) / 50)
    assert math.isclose(found.of("b").p, (10 * overall + 10) / 70)
    assert (found.of("a").n, found.of("a").converted) == (40, 20)


def test_the_interval_is_the_posterior_s():
    """Low and high are the 2.5 and 97.5 % points of the posterior, as scipy has them."""
    found = rates(batch("a", leads=40, converted=20), prior=4)
    centre = 20.5 / 41
    expected = beta.interval(0.95, 4 * centre + 20, 4 * (1 - centre) + 20)
    assert math.isclose(found.of("a").low, expected[0], abs_tol=1e-9)
    assert math.isclose(found.of("a").high, expected[1], abs_tol=1e-9)


def test_nobody_is_never_zero_over_zero():
    """Without any lead a rate is one half, with an interval nearly as wide as can be."""
    found = rates([])
    assert (found.overall.p, found.of("x").p, found.of("x").n) == (0.5, 0.5, 0)
    assert found.overall.low < 0.01
    assert found.overall.high > 0.99
    assert found.of("x").small


def test_a_campaign_nobody_has_seen_converts_as_all_do():
    """It has the prior's mean, and an interval wider than that of many leads."""
    found = rates(batch("a", leads=200, converted=20))
    unseen, seen = found.of("unseen"), found.of("a")
    assert math.isclose(unseen.p, found.overall.p)
    assert unseen.high - unseen.low > seen.high - seen.low
    assert (unseen.small, seen.small) == (True, False)


def test_young_leads_are_open_and_not_failures():
    """A lead younger than the horizon counts neither way, also once it has converted."""
    old = batch("a", leads=10, converted=5)
    young = batch("a", leads=7, converted=3, start=300)
    found, without = rates([*old, *young]), rates(old)
    assert found.of("a").open == 7
    assert found.of("a").p == without.of("a").p
    assert found.of("a").n == 10


def test_a_lead_counts_from_the_day_the_horizon_has_passed():
    """Half-open: at exactly the horizon it counts, a microsecond earlier it is open."""
    one = [case("l", came("l", 0, campaign="a"))]
    assert rates(one, as_of=day(180), horizon_days=180).of("a").n == 1
    assert rates(one, as_of=day(180, 9.99), horizon_days=180).of("a").open == 1


@pytest.mark.parametrize(("on", "converted"), [(59, 1), (60, 0), (70, 0)])
def test_converted_is_reached_within_the_horizon(on, converted):
    """A stage reached after the horizon is a failure within it: both leads are judged alike."""
    one = [case("l", came("l", 0, campaign="a"), won("l", on))]
    assert rates(one, horizon_days=60).of("a").converted == converted


def test_a_later_stage_counts_and_an_earlier_one_does_not():
    """For the goal `sql` an opportunity counts, and a lead handed over doesn't yet."""
    leads = [case(to, came(to, 0, campaign="a"), won(to, 9, to)) for to in ("opportunity", "sal")]
    found = rates(leads, goal="sql")
    assert (found.of("a").n, found.of("a").converted) == (2, 1)
    assert found.goal is nk.Stage.SQL


def test_an_outcome_proves_a_stage():
    """Where nobody recorded the stage, a call's outcome `won` does."""
    one = [case("l", came("l", 0, campaign="a"), called("l", 9, outcome="won"))]
    assert rates(one).of("a").converted == 1
    other = [case("l", came("l", 0, campaign="a"), called("l", 9, outcome="connected"))]
    assert rates(other).of("a").converted == 0


def test_what_is_recorded_later_does_not_count():
    """A conversion after the instant isn't seen, nor one written down after it."""
    at = day(200)
    late = nk.Move(
        id="late",
        lead_id="l",
        kind="stage",
        to="customer",
        occurred_at=day(20),
        recorded_at=day(300),
    )
    one = [case("l", came("l", 0, campaign="a"), late)]
    assert rates(one, as_of=at).of("a").converted == 0
    assert rates(one, as_of=day(300)).of("a").converted == 1


@pytest.mark.parametrize(
    "records",
    [
        [],
        [won("l", -5), came("l", 0, campaign="a")],
        [
            came("l", 0, campaign="a"),
            nk.Opening(id="o", lead_id="l", occurred_at=day(3), stage="customer"),
        ],
        [
            came("l", 0, campaign="a"),
            nk.Consent(id="e", lead_id="l", occurred_at=day(9), kind="erased"),
        ],
        [came("l", 0, campaign="a"), came("other", 0, campaign="a")],
    ],
    ids=["no touch", "a customer before", "an opening", "erased", "another lead's records"],
)
def test_what_cannot_be_judged_is_left_out(records):
    """It is neither a failure nor a success, and the count says so."""
    found = rates([case("l", *records), *batch("b", leads=1, converted=0)])
    assert (found.left_out, found.overall.n) == (1, 1)
    assert "1 left out" in found.text()


def test_the_campaign_is_that_of_the_first_own_touch_that_has_one():
    """Our own touches and touches without a campaign don't say by what a lead came."""
    records = [
        came("l", 3, campaign="second"),
        came("l", 2, campaign="first"),
        came("l", 1),
        called("l", 0, campaign="ours"),
    ]
    found = nk.Situation(nk.Lead(id="l"), records, as_of=AS_OF)
    assert campaign_of(found) == "first"
    assert first_touch(found).occurred_at == day(1)


def test_our_first_touch_starts_the_clock_where_the_lead_made_none():
    """A lead that never did anything is judged from when we first turned to it."""
    assert first_touch(nk.Situation(nk.Lead(id="l"), [called("l", 4)], as_of=AS_OF)).id
    found = rates([case("l", called("l", 4), attributes={"source": "list"})])
    assert found.of("list").n == 1


@pytest.mark.parametrize(
    ("attributes", "campaign"),
    [
        ({"campaign": "spring", "source": "web"}, "spring"),
        ({"campaign": "", "source": "web"}, "web"),
        ({"lead_source": "fair"}, "fair"),
        ({"source": 7}, NO_CAMPAIGN),
        ({}, NO_CAMPAIGN),
    ],
)
def test_without_a_campaign_of_its_own_a_lead_s_columns_say_it(attributes, campaign):
    """The first column that holds a text; else none is known."""
    found = nk.Situation(nk.Lead(id="l", attributes=attributes), [came("l", 0)], as_of=AS_OF)
    assert campaign_of(found) == campaign


def test_kinds_say_whose_a_touch_is():
    """A touch that doesn't say its direction is the lead's only where its kind lets it be."""
    sent = nk.Touch(
        id="s", lead_id="l", kind="newsletter_sent", occurred_at=day(0), campaign="ours"
    )
    one = [case("l", sent, came("l", 1, campaign="theirs"))]
    assert rates(one, kinds=KINDS).of("theirs").n == 1
    assert rates(one).of("ours").n == 1


def test_rows_and_text_show_what_is_known():
    """The best first, all leads last, few and open ones marked, intervals beside."""
    found = rates(
        [
            *batch("big", leads=40, converted=4),
            *batch("tiny", leads=2, converted=2),
            *batch("tiny", leads=1, converted=0, start=390),
        ]
    )
    rows = found.rows()
    assert [row["campaign"] for row in rows] == ["tiny", "big", "all"]
    assert [row["small"] for row in rows] == [True, False, False]
    lines = str(found).splitlines()
    assert lines[0] == "customer within 180 days, as of 2027-04-06T10:00:00Z"
    assert lines[1].endswith("of 2, few, 1 still open")
    assert lines[2].startswith("big ")
    assert "%" in lines[2]
    assert repr(found) == "Rates(2 campaigns, n=42, p=0.151)"
    assert found.as_of_us == to_us(AS_OF, field="as_of")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"goal": "recycled"}, "unknown-word"),
        ({"goal": "sold"}, "unknown-word"),
        ({"horizon_days": 0}, "out-of-range"),
        ({"horizon_days": 1.5}, "out-of-range"),
        ({"prior": 0}, "out-of-range"),
        ({"prior": math.inf}, "out-of-range"),
        ({"prior": math.nan}, "out-of-range"),
        ({"prior": "10"}, "out-of-range"),
        ({"prior": 1e7}, "out-of-range"),
    ],
)
def test_senseless_arguments_are_refused(fields, code):
    """The error names the argument and has a stable code."""
    with pytest.raises(nk.CallError) as raised:
        rates([], **fields)
    assert raised.value.code == code
    assert raised.value.argument in fields


@pytest.mark.parametrize(
    ("x", "a", "b", "expected"),
    [
        (0.3, 1, 1, 0.3),
        (0.3, 2, 1, 0.09),
        (0.3, 1, 2, 0.51),
        (0.5, 40, 40, 0.5),
        (0.25, 2, 2, 0.15625),
        (0.5, 0.5, 0.5, 0.5),
        (0.25, 0.5, 0.5, 1 / 3),
    ],
)
def test_the_beta_distribution_by_hand(x, a, b, expected):
    """Uniform, x squared, 3x^2 - 2x^3, the arcsine law: by hand."""
    assert math.isclose(beta_probability(x, a, b), expected, rel_tol=1e-12)
    assert math.isclose(beta_quantile(expected, a, b), x, rel_tol=1e-9)


SHAPES = (0.05, 0.5, 1, 2.5, 10, 100, 1234.5, 1e5)


@pytest.mark.parametrize(("a", "b"), list(itertools.product(SHAPES, SHAPES)))
def test_the_beta_distribution_equals_scipy_s(a, b):
    """Probabilities and quantiles agree to 1e-9, in the middle and far out."""
    for x in (1e-6, 0.01, 0.2, 0.5, 0.7, 0.99):
        assert math.isclose(beta_probability(x, a, b), beta.cdf(x, a, b), abs_tol=1e-9)
    for q in (0.025, 0.5, 0.975):
        assert math.isclose(beta_quantile(q, a, b), beta.ppf(q, a, b), abs_tol=1e-9)
