"""Plug-ins that are wrong on purpose: each is caught by the check made for its fault."""

import pytest

from nurturekit.testing import planner_checks, policy_checks, signal_checks
from tests.plugin.bad import planners, policies, signals

# What is wrong, by whom, and words that the message must have.
POLICIES = (
    (policies.TwoOwners(), {"check_one_owner"}, "accountable"),
    (policies.Coroutine(), {"check_not_async"}, "coroutine"),
    (policies.AString(), {"check_legal_answer"}, "returned a `str`"),
    (policies.RaisesOnUnknown(), {"check_total"}, "raised AttributeError"),
    (policies.Recurses(), {"check_total"}, "raised RecursionError"),
    (policies.BlamesAnother(), {"check_wraps_errors", "check_total"}, "blames `somebody-else`"),
    (policies.MutatesTouches(), {"check_no_mutation"}, "changed `"),
    (policies.MutatesStanding(), {"check_no_mutation"}, "changed `standing`"),
    (policies.ReadsTheClock(), {"check_no_clock"}, "`datetime.now` in policies.py, in `decide`"),
    (policies.ReadsAHiddenClock(), {"check_no_clock"}, "in 2099"),
    (policies.Tosses(), {"check_no_random"}, "`random.random`"),
    (policies.OpensAFile(), {"check_no_io"}, "`open` of `"),
    (policies.LooksAhead(), {"check_never_looks_past_as_of"}, "from after `as_of`"),
    (policies.IgnoresObjection(), {"check_respects_objection"}, "objected"),
    (policies.DependsOnHashes(), {"check_same_in_another_process"}, "in another process"),
    (policies.RemembersLeads(), {"check_same_in_another_process"}, "in another process"),
    (policies.LosesItsTable(), {"check_documents_round_trip"}, "has no document"),
)
# The same faults by other ways.
VARIANTS = (
    (policies.NoOwner(), {"check_one_owner"}, "named None as `accountable`"),
    (policies.Nothing(), {"check_legal_answer"}, "returned None"),
    (policies.UnknownDuty(), {"check_legal_answer"}, "`duties` must be"),
    (policies.ExitsOnSnooze(), {"check_total"}, "raised SystemExit"),
    (policies.MutatesBound(), {"check_no_mutation"}, "changed `bound`"),
    (policies.LeavesANote(), {"check_no_mutation"}, "changed `note`"),
    (policies.MeasuresTime(), {"check_no_clock"}, "`time.monotonic`"),
    (policies.DrawsSecrets(), {"check_no_random"}, "`secrets.token_hex`"),
    (policies.MakesUuids(), {"check_no_random"}, "`uuid.uuid4`"),
    (policies.ReadsAFileOnce(), {"check_no_io"}, "policies.py"),
    (policies.OpensASocket(), {"check_no_io"}, "`socket.__new__`"),
    (policies.ReadsLateRecords(), {"check_never_looks_past_as_of"}, "after `known_at`"),
    (policies.NotAnAttrsClass(), {"check_documents_round_trip"}, "has no document"),
)
SIGNALS = (
    (signals.Nothing(), {"check_legal_answer"}, "returned None instead of"),
    (signals.AList(), {"check_legal_answer"}, "returned a `list` instead of"),
    (signals.Coroutine(), {"check_not_async"}, "coroutine"),
    (signals.FallsDeclaredRising(), {"check_monotone"}, "with the touch"),
    (signals.ForgetsDeclaredRising(), {"check_monotone"}, "UNKNOWN with the touch"),
    (signals.RisesDeclaredFalling(), {"check_monotone"}, "with the touch"),
    (signals.TextDeclaredRising(), {"check_monotone"}, "with the touch"),
    (signals.Upwards(), {"check_monotone"}, "declares `monotone = 'up'`"),
    (signals.TakesTheLibrarysName(), {"check_documents_round_trip"}, "choose another"),
)
GOOD = (
    *(policy_checks(policies.Good())),
    *(signal_checks(signals.Good())),
    *(signal_checks(signals.Rising())),
    *(signal_checks(signals.AtLeastRising())),
    *(signal_checks(signals.Learns())),
    *(signal_checks(signals.Falling())),
    *(planner_checks(planners.Good())),
)


def failures(checks):
    """Return what fails, with each message."""
    found = {}
    for check in checks:
        try:
            check()
        except AssertionError as error:
            found[check.__name__] = str(error)
    return found


def name_of(plugin):
    """Return a plug-in's name as the id of its test."""
    return plugin.name if hasattr(plugin, "name") else None


@pytest.mark.parametrize(("policy", "names", "words"), POLICIES, ids=name_of)
def test_a_bad_policy_is_caught_by_its_own_check(policy, names, words):
    """The check made for the fault fails, says who it is and what, and no other check fails."""
    found = failures(policy_checks(policy))
    assert set(found) == names
    check = min(names, key=lambda name: name != "check_wraps_errors")
    assert f"`{policy.name}` fails {check}: it " in found[check]
    assert words in found[check]
    assert "what to do: " in found[check]


@pytest.mark.parametrize(("policy", "names", "words"), VARIANTS, ids=name_of)
def test_a_fault_is_caught_by_whatever_way(policy, names, words):
    """The check made for a fault sees each way to commit it."""
    found = failures(check for check in policy_checks(policy) if check.__name__ in names)
    assert set(found) == names
    assert words in found[min(names)]


@pytest.mark.parametrize(("signal", "names", "words"), SIGNALS, ids=name_of)
def test_a_bad_signal_is_caught_by_its_own_check(signal, names, words):
    """The check made for the fault fails, says who it is and what, and no other check fails."""
    found = failures(signal_checks(signal))
    assert set(found) == names
    message = found[min(names)]
    assert message.startswith(f"`{signal.name}` fails {min(names)}: it ")
    assert words in message


@pytest.mark.parametrize("policy", [policies.Alternates(), policies.TiesByIdentity()], ids=name_of)
def test_an_unsteady_policy_fails_whatever_asks_twice(policy):
    """What differs from call to call is caught as such, and by the checks that compare answers."""
    found = failures(policy_checks(policy))
    assert "two ways" in found["check_deterministic"]
    assert "check_same_in_another_process" in found
    assert not found.keys() & {"check_total", "check_legal_answer", "check_no_io"}


def test_a_policy_that_hides_its_draws_is_caught_by_two_seeds():
    """A draw that no call shows still makes the answer depend on the seed."""
    found = failures(policy_checks(policies.DependsOnTheSeed()))
    assert "by the seed" in found["check_no_random"]


def test_a_bad_planner_is_caught_by_its_own_check():
    """A planner that names another lead in an action returns no legal answer."""
    found = failures(planner_checks(planners.PlansForAnother()))
    assert set(found) == {"check_legal_answer"}
    assert "`lead_id` must be that of the lead" in found["check_legal_answer"]


@pytest.mark.parametrize("check", GOOD)
def test_good_plugins_pass(check):
    """A plug-in without a fault passes every check."""
    check()
