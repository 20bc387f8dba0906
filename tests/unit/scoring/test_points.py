from decimal import Decimal

import pytest

from nurturekit.errors import ModelError
from nurturekit.scoring.amounts import day_milli
from nurturekit.scoring.points import clamp, in_points, to_milli, weighted, whole


@pytest.mark.parametrize(
    ("value", "milli"),
    [
        (15, 15_000),
        (2.675, 2_675),
        (0.1, 100),
        (-0.001, -1),
        (Decimal("1.500"), 1_500),
        (1e3, 1_000_000),
        (-1000, -1_000_000),
    ],
)
def test_points_are_read_exactly(value, milli):
    """A float is read by its shortest decimal form, so that 2.675 is 2675 milli-points."""
    assert to_milli(value, path="points", limit=1000) == milli
    assert to_milli(in_points(milli), path="points") == milli


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (True, "not-a-number"),
        ("5", "not-a-number"),
        (None, "not-a-number"),
        (float("nan"), "not-a-number"),
        (float("inf"), "not-a-number"),
        (Decimal("NaN"), "not-a-number"),
        (Decimal("-Infinity"), "not-a-number"),
        (0.0001, "too-precise"),
        (Decimal("1.0005"), "too-precise"),
        (1000.001, "out-of-range"),
        (-1001, "out-of-range"),
    ],
)
def test_points_that_cannot_be_kept_are_refused(value, code):
    """Bools, NaN, infinities, a fourth decimal and numbers beyond the bound are errors."""
    with pytest.raises(ModelError) as caught:
        to_milli(value, path="points", limit=1000)
    assert (caught.value.code, caught.value.path) == (code, "points")


@pytest.mark.parametrize(("value", "code"), [(1.0, "not-a-number"), (0, "out-of-range")])
def test_whole_numbers(value, code):
    """A whole number is an int within its bounds."""
    with pytest.raises(ModelError) as caught:
        whole(value, path="per_day", low=1, high=2)
    assert caught.value.code == code


def test_rounding_is_half_away_from_zero():
    """Halves go away from zero on both sides."""
    assert [weighted(milli, 500) for milli in (5, -5, 4, -4, 0)] == [3, -3, 2, -2, 0]
    assert [day_milli(points, 1, 500_000) for points in (5, -5, 4)] == [3, -3, 2]


def test_clamp_takes_limits_that_are_there():
    """A missing limit limits nothing."""
    assert [clamp(5, 1, 3), clamp(5, 7, None), clamp(5, None, None)] == [3, 7, 5]
