"""How checks are listed, named and run, and what their messages say."""

import attrs
import pytest

import nurturekit as nk
from nurturekit.documents import Catalog
from nurturekit.testing import planner_checks, policy_checks, signal_checks
from tests.plugin.bad import policies, signals
from tests.plugin.bad.planners import Good as GoodPlanner


def named(checks, name):
    """Return the check of a name."""
    return next(check for check in checks if check.__name__ == name)


def message(check):
    """Return what a failing check says."""
    with pytest.raises(AssertionError) as caught:
        check()
    return str(caught.value)


@attrs.frozen(kw_only=True)
class RaisesOn:
    """Raise where a lead has an attribute of some value, or a kind of touch."""

    plugin = name = "raises-on"
    country: str = ""
    kind: str = ""

    def decide(self, situation):
        if situation.attribute("country") == self.country:
            raise LookupError(self.country)
        if any(touch.kind == self.kind for touch in situation.touches):
            raise LookupError(self.kind)
        return policies.wanted(situation)


def test_checks_have_the_names_of_their_promises():
    """Each check says by its name what it is for; the check of a direction only where declared."""
    names = [check.__name__ for check in policy_checks(policies.Good())]
    assert len(set(names)) == len(names)
    assert all(name.startswith("check_") for name in names)
    assert {"check_one_owner", "check_respects_objection"} <= set(names)
    of_signals = [check.__name__ for check in signal_checks(signals.Good())]
    assert "check_monotone" not in of_signals
    assert "check_monotone" in [check.__name__ for check in signal_checks(signals.Rising())]
    assert repr(policy_checks(policies.Good())[0]) == "<check_no_io of Good>"


def test_an_expected_failure_passes_while_it_fails():
    """A check that is expected to fail, and fails, says nothing."""
    reasons = {"check_one_owner": "two teams share these leads"}
    checks = policy_checks(policies.TwoOwners(), expected_failures=reasons)
    named(checks, "check_one_owner")()


def test_an_expected_failure_that_passes_is_an_error():
    """A check that is expected to fail, and passes, says that it isn't to be expected."""
    reasons = {"check_one_owner": "two teams share these leads"}
    checks = policy_checks(policies.Good(), expected_failures=reasons)
    said = message(named(checks, "check_one_owner"))
    assert "`Good` passes check_one_owner" in said
    assert "two teams share these leads" in said
    assert "remove it" in said


@pytest.mark.parametrize(
    ("expected", "code", "words"),
    [
        ({"check_on_owner": "why not"}, "unknown-check", "did you mean `check_one_owner`?"),
        ({"check_one_owner": "  "}, "no-reason", "`check_one_owner`"),
        ({"check_one_owner": None}, "no-reason", "`check_one_owner`"),
    ],
)
def test_expected_failures_are_known_and_have_reasons(expected, code, words):
    """A failure is expected of a check that there is, for a reason."""
    with pytest.raises(nk.CallError) as caught:
        policy_checks(policies.Good(), expected_failures=expected)
    assert caught.value.code == code
    assert caught.value.argument == "expected_failures"
    assert words in str(caught.value)


@pytest.mark.parametrize("checks", [policy_checks, signal_checks, planner_checks])
@pytest.mark.parametrize(
    ("part", "words"),
    [(policies.Good, "is the class `Good`: call it"), ("sales", "is a str: it has no `")],
)
def test_only_values_of_the_protocol_are_checked(checks, part, words):
    """A class that wasn't called, or a value without the method, is refused at once."""
    with pytest.raises(nk.CallError) as caught:
        checks(part)
    assert caught.value.code == "not-a-plugin"
    assert words in str(caught.value)


def test_a_failure_is_shown_with_the_fewest_records():
    """The situation in the message holds the one record that it takes, and the lead."""
    said = message(named(policy_checks(RaisesOn(kind="pricing_viewed")), "check_total"))
    assert "`raises-on` fails check_total: it raised LookupError: pricing_viewed" in said
    assert "Lead(id='lead-1'" in said
    records = [line for line in said.splitlines() if line.startswith("  Touch ")]
    assert len(records) == 1
    assert "'kind': 'pricing_viewed'" in records[0]
    assert "without records" not in said


def test_a_failure_without_records_says_so():
    """A lead of whom nothing is known is shown as such."""
    said = message(named(policy_checks(policies.RaisesOnUnknown()), "check_total"))
    assert said.endswith("without records")


def test_attributes_that_a_plugin_reads_are_asked_about():
    """A fault that only one value of an attribute of its own shows is found once it is named."""
    policy = RaisesOn(country="FR")
    named(policy_checks(policy), "check_total")()
    checks = policy_checks(policy, attributes={"country": ["DE", "FR"]})
    assert "raised LookupError: FR" in message(named(checks, "check_total"))


@attrs.frozen(kw_only=True)
class AddsAMark:
    """A converter that changes its own result, in a field that doesn't count as equal."""

    plugin = name = "adds-a-mark"
    label: str = attrs.field(default="new", eq=False, converter=lambda text: f"{text}!")

    decide = policies.Good.decide


def test_a_document_that_changes_a_field_is_found():
    """A policy that is equal to what its document gives back, and yet another, is told."""
    check = named(policy_checks(AddsAMark()), "check_documents_round_trip")
    assert "another fingerprint" in message(check)


def test_a_document_that_gives_back_something_else_is_found():
    """A playbook whose document cites another signal of the same name isn't the same."""
    check = named(signal_checks(signals.Good()), "check_documents_round_trip")
    another = attrs.evolve(check.subject, catalog=lambda: Catalog(signals={"Good": Another()}))
    assert "isn't equal" in message(attrs.evolve(check, subject=another))


@attrs.frozen
class Another(signals.Good):
    name = "Good"


@attrs.frozen(kw_only=True)
class OfferedByValue:
    """A policy whose name in documents is a field."""

    name: str = "offered"
    plugin: str = "offered-1"

    decide = policies.Good.decide


def test_a_policy_may_be_offered_as_a_value():
    """A policy with its name for documents in a field round-trips as a value does."""
    named(policy_checks(OfferedByValue()), "check_documents_round_trip")()


class Stop(BaseException):
    """What no `except Exception` holds back."""


@attrs.frozen(kw_only=True)
class Stops:
    plugin = name = "stops"
    error: type = Stop

    def decide(self, situation):
        raise self.error


def test_what_escapes_the_playbook_is_found():
    """A policy that raises what isn't an exception at all ends the whole batch: that is told."""
    check = named(policy_checks(Stops()), "check_wraps_errors")
    assert "lets a Stop out of the playbook" in message(check)


def test_an_interrupted_check_stops():
    """Whoever presses Ctrl-C ends the checks, whatever they look for."""
    check = named(policy_checks(Stops(error=KeyboardInterrupt)), "check_wraps_errors")
    with pytest.raises(KeyboardInterrupt):
        check()


def test_planners_without_a_name_are_called_by_their_class():
    """A planner needs no name; one for documents is taken where it has it."""
    assert planner_checks(GoodPlanner())[0].subject.name == "plans-mail"
    shipped = nk.SequencePlanner(sequences=[])
    assert planner_checks(shipped)[0].subject.name == "SequencePlanner"
