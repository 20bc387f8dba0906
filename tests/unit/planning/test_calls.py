"""What the next call is worth after others that met nobody."""

import pytest

from nurturekit.errors import ModelError
from nurturekit.planning.calls import CallValues
from nurturekit.planning.planner import SequencePlanner
from nurturekit.presets import preset


def test_the_last_value_goes_on():
    """Each call in vain moves on by one value; the last holds for all that follow."""
    calls = CallValues(values=[100, 60, 20], least=50)
    assert [calls.after(number) for number in range(5)] == [100, 60, 20, 20, 20]
    assert [calls.is_worth_it(number) for number in range(4)] == [True, True, False, False]


def test_usual_values_give_way_after_two_calls():
    """S4-3: the shipped values let phone go first twice, and the presets have the same."""
    usual = SequencePlanner().calls
    assert [usual.is_worth_it(number) for number in range(3)] == [True, True, False]
    assert preset("blended").planner.calls == usual


def test_a_floor_of_nothing_never_gives_way():
    """A least value of 0 keeps phone first, whatever nobody answers."""
    assert CallValues(values=[100, 0], least=0).is_worth_it(99)


@pytest.mark.parametrize("values", [[], [99], [100, 101], [100, 20, 30], [100, True], [100, -1]])
def test_refused_values(values):
    """Values that can't fall from a first call's say where they stand."""
    with pytest.raises(ModelError) as caught:
        CallValues(values=values)
    assert (caught.value.code, caught.value.path) == ("bad-call-values", "call_values")


@pytest.mark.parametrize("least", [-1, 101, True, 1.5])
def test_refused_least_value(least):
    """What isn't a whole per cent is refused."""
    with pytest.raises(ModelError) as caught:
        CallValues(least=least)
    assert (caught.value.code, caught.value.path) == ("out-of-range", "least_call_value")
