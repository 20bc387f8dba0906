"""What the library ships passes the checks that it asks of plug-ins."""

import pytest

import nurturekit as nk
from nurturekit.signals import (
    NAMED,
    DaysSince,
    DimensionScore,
    FactSignal,
    Parameter,
    TouchCount,
)
from nurturekit.testing import planner_checks, policy_checks, signal_checks

SIGNALS = (
    *NAMED.values(),
    FactSignal("title"),
    Parameter("handoff_on"),
    DimensionScore("fit"),
    TouchCount("pricing_viewed", days=30),
    TouchCount(channel="email"),
    DaysSince("webinar_attended"),
    DaysSince(channel="phone"),
)


@pytest.mark.parametrize("name", nk.PRESETS)
def test_shipped_policies_pass(name):
    """Each preset's policy passes every check of a policy."""
    for check in policy_checks(nk.preset(name).ownership):
        check()


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.name)
def test_shipped_signals_pass(signal):
    """Each of the library's own signals passes every check of a signal."""
    for check in signal_checks(signal):
        check()


def test_shipped_planner_passes():
    """The planner of the documents passes every check of a planner."""
    for check in planner_checks(nk.preset(nk.PRESETS[-1]).planner):
        check()
