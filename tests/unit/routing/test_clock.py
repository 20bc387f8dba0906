"""Whose turn it is."""

from decimal import Decimal

import pytest

import nurturekit as nk
from nurturekit.routing.clock import Clock, stride
from tests.builders import day


def served(clock, names, count):
    """Return who is served in so many turns."""
    given = []
    for _ in range(count):
        given.append(min(names, key=clock.turn))
        clock.give(given[-1])
    return "".join(given)


@pytest.mark.parametrize(
    ("weight", "expected"),
    [(1, 10**9), (2, 5 * 10**8), ("0.5", 2 * 10**9), (Decimal("0.001"), 10**12), (1000, 10**6)],
)
def test_a_stride_is_the_longer_the_smaller_the_weight(weight, expected):
    """The stride of weight 1 is a billion ticks."""
    assert stride(nk.Rep(id="a", weight=weight)) == expected


def test_weights():
    """Twice the weight gets twice the leads, spread over the round."""
    reps = [nk.Rep(id=name, weight=one) for name, one in zip("abc", (2, 1, 0.5), strict=True)]
    assert served(Clock(reps, {}), "abc", 7) == "abcaaba"


def test_the_clock_goes_on_where_it_was():
    """From the tags alone a new clock goes on as the old one would have."""
    reps = [nk.Rep(id=name, weight=one) for name, one in zip("abc", (2, 1, 0.5), strict=True)]
    clock = Clock(reps, {})
    served(clock, "abc", 5)
    again = Clock(reps, {rep.id: nk.Load(turn=clock.tag(rep.id)) for rep in reps})
    assert served(again, "abc", 20) == served(clock, "abc", 20)


def test_without_turns_the_last_leads_decide():
    """One lead without a turn, and turns say nothing; who never got one is first."""
    reps = [nk.Rep(id=name) for name in "abc"]
    load = {
        "a": nk.Load(last_assigned_at=day(-1), turn=1),
        "b": nk.Load(last_assigned_at=day(-2)),
    }
    assert served(Clock(reps, load), "abc", 6) == "cbacba"


def test_a_lead_out_of_turn_moves_only_its_rep():
    """The clock stands still but for a tick, so nobody else loses a share."""
    reps = [nk.Rep(id="a"), nk.Rep(id="b", weight=4)]
    clock = Clock(reps, {})
    for _ in range(9):
        clock.give("a", in_turn=False)
    assert served(clock, "ab", 5) == "bbbba"


def test_who_takes_no_turns():
    """Somebody of marketing who got a lead by hand has no tag."""
    clock = Clock([nk.Rep(id="m", team="marketing"), nk.Rep(id="a")], {})
    clock.give("m")
    assert (clock.tag("m"), clock.tag("a")) == (None, 0)


def test_pools_have_clocks_of_their_own():
    """A busy pool doesn't move the clock of a quiet one: its weights still hold."""
    reps = [nk.Rep(id="a", pool="x"), nk.Rep(id="b", pool="y", weight=2), nk.Rep(id="c", pool="y")]
    clock, got = Clock(reps, {}), ""
    for _ in range(9):
        served(clock, "a", 50)
        got += served(clock, "bc", 1)
    assert (got.count("b"), got.count("c")) == (6, 3)
