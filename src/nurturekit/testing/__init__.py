"""What a plug-in's author tests with: Hypothesis strategies, and named checks for pytest.

Needs the extra `testing`: `pip install 'nurturekit[testing]'`.

OPEN for checks and strategies. To add one: a row in a table of `nurturekit.testing.checks`, or a
function in `nurturekit.testing.strategies`.
"""

from nurturekit.testing import strategies
from nurturekit.testing.checks import Check, planner_checks, policy_checks, signal_checks

__all__ = ["Check", "planner_checks", "policy_checks", "signal_checks", "strategies"]
