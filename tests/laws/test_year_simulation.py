"""The year simulation in its small form; `make deep` runs it for hundreds of leads."""

from functools import cache

import pytest

import nurturekit as nk
from scripts.year_simulation import MUST_BE_ZERO, run

LEADS, NIGHTS = 10, 365


@cache
def totals():
    """Run the simulation once."""
    return run(LEADS, NIGHTS)


@pytest.mark.parametrize("policy", nk.PRESETS)
@pytest.mark.parametrize("count", MUST_BE_ZERO)
def test_a_year_of_nights_keeps_the_rules(policy, count):
    """What must never happen in a year of nightly decisions doesn't."""
    assert totals()[policy]["nights"] == LEADS * NIGHTS
    assert totals()[policy][count] == 0


def test_the_presets_differ_as_their_policies_say():
    """Sales-led makes no handoff and leans on reps; the others hand over and lean on automation."""
    marketing, sales, blended = (totals()[name] for name in nk.PRESETS)
    assert sales["handoffs"] == sales["owner changes"] == 0
    assert marketing["handoffs"] > blended["handoffs"] > 0
    assert marketing["rep touches"] < blended["rep touches"] < sales["rep touches"]
    assert sales["automated touches"] < marketing["automated touches"]
