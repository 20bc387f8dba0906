from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from nurturekit.errors import ModelError
from nurturekit.instants import LAST_DAY
from nurturekit.scoring import Decay, constant, custom, half_life, linear, steps, window


def test_constant_keeps_everything():
    """A constant decay has one weight, full, for every age."""
    assert constant().weights == (1_000_000,)
    assert constant().at(80_000) == 1_000_000


@pytest.mark.parametrize("days", [1, 7, 30, 365])
def test_half_life_halves(days):
    """At n half-lives the weight is a million halved n times, rounded half up."""
    decay = half_life(days=days)
    for count in range(22):
        assert decay.at(count * days) == int(Fraction(1_000_000, 2**count) + Fraction(1, 2))


def test_half_life_between_its_halves():
    """Between two halves the weight is the root it should be, to the millionth."""
    decay = half_life(days=30)
    for age in range(700):
        weight = decay.at(age)
        # Without roots: the 30th power of twice the weight, half a millionth either way.
        exact = Fraction(1, 2**age) * Fraction(2 * 10**6) ** 30
        assert (2 * weight - 1) ** 30 <= exact or weight == 0
        assert exact < (2 * weight + 1) ** 30


def test_half_life_longer_than_the_calendar_ends_with_it():
    """A table that never comes to 0 ends at the calendar's end."""
    assert len(half_life(days=LAST_DAY).weights) == LAST_DAY + 1
    assert half_life(days=LAST_DAY).weights[-1] == 500_000


def test_table_ends_at_its_first_zero():
    """A decay that comes to 0 holds exactly one 0, its last weight."""
    for decay in (
        half_life(days=3),
        linear(days=9),
        window(days=2),
        steps(keep_percent=1, every_days=2),
    ):
        assert decay.weights[-1] == 0
        assert 0 not in decay.weights[:-1]


def test_steps_keep_a_percentage():
    """Each step keeps its percentage of the one before."""
    assert steps(keep_percent=50, every_days=2).weights[:5] == (
        1_000_000,
        1_000_000,
        500_000,
        500_000,
        250_000,
    )
    assert steps(keep_percent=0, every_days=3).weights == (1_000_000,) * 3 + (0,)
    assert set(steps(keep_percent=100, every_days=30).weights) == {1_000_000}
    assert steps(keep_percent=Decimal("62.5"), every_days=1).at(1) == 625_000
    assert steps(keep_percent=62.5, every_days=1).params == {"keep_percent": 62.5, "every_days": 1}


def test_linear_falls_evenly():
    """A linear decay loses the same each day, rounded half up."""
    assert linear(days=3).weights == (1_000_000, 666_667, 333_333, 0)


@pytest.mark.parametrize(
    "decay",
    [half_life(days=11), linear(days=100), steps(keep_percent=85, every_days=7), window(days=5)],
)
def test_weights_never_rise(decay):
    """A decay starts full and never rises with age."""
    assert decay.weights[0] == 1_000_000
    assert all(older <= newer for newer, older in pairwise(decay.weights))


def test_custom_is_any_function():
    """A function of the age is read once for each age to its first 0."""
    asked = []
    decay = custom(lambda age: asked.append(age) or Fraction(3 - age, 3))
    assert decay.weights == (1_000_000, 666_667, 333_333, 0)
    assert asked == [0, 1, 2, 3]
    assert custom(lambda age: Decimal(1) if age == 0 else Decimal(0)).weights == (1_000_000, 0)


def test_custom_that_never_ends():
    """A function that never comes to 0 is read to the calendar's end."""
    assert len(custom(lambda age: 1 if age < 5 else 0.25).weights) == LAST_DAY + 1


@pytest.mark.parametrize(
    "make",
    [
        lambda: custom(lambda _: 0.5),
        lambda: custom(lambda age: 1 if age != 2 else 0.5),
        lambda: custom(lambda age: 2 - age),
        lambda: custom(lambda _: float("nan")),
        lambda: custom(lambda _: "1"),
        lambda: custom(lambda _: True),
        lambda: Decay("own", {}, ()),
        lambda: Decay("own", {}, (1_000_000, -1)),
        lambda: Decay("own", {}, (1_000_000, 0.5)),
        lambda: Decay("own", {}, (1_000_000, 5, 6)),
    ],
)
def test_impossible_decay_is_refused(make):
    """A decay that doesn't start full, rises, or leaves 0 to 1 is an error."""
    with pytest.raises(ModelError) as caught:
        make()
    assert caught.value.code == "bad-decay"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: half_life(days=0), "out-of-range"),
        (lambda: half_life(days=30.0), "not-a-number"),
        (lambda: linear(days=LAST_DAY + 1), "out-of-range"),
        (lambda: window(days=True), "not-a-number"),
        (lambda: steps(keep_percent=101, every_days=1), "out-of-range"),
        (lambda: steps(keep_percent=-1, every_days=1), "out-of-range"),
        (lambda: steps(keep_percent=0.0001, every_days=1), "too-precise"),
        (lambda: steps(keep_percent=50, every_days=0), "out-of-range"),
    ],
)
def test_parameters_are_bounded(make, code):
    """Days are whole, within the calendar; percentages lie between 0 and 100."""
    with pytest.raises(ModelError) as caught:
        make()
    assert caught.value.code == code
