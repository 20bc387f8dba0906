"""Asking a signal that may be a plug-in's, wherever a criterion reads it."""

import gc
from datetime import UTC, date, datetime
from decimal import Decimal

import attrs
import pytest

import nurturekit as nk
from nurturekit.criteria import IsKnown, fact, signal
from nurturekit.errors import PluginError
from nurturekit.interpreters.evaluate import evaluate
from nurturekit.interpreters.explain import explain
from nurturekit.records import Lead, Situation
from nurturekit.signals import NAMED, UNKNOWN, AtLeast, NamedSignal, is_own, measuring
from nurturekit.signals.asked import described
from nurturekit.vocabulary import Stage

AT = datetime(2026, 1, 5, tzinfo=UTC)
SITUATION = Situation(Lead(id="l1"), as_of=AT)


@attrs.frozen
class Moon:
    """A plug-in's signal."""

    answer: object
    name: str = "moon"

    def measure(self, situation):
        return self.answer() if callable(self.answer) else self.answer


async def waits():
    """Return nothing, later."""


def fails():
    """Raise."""
    raise ZeroDivisionError


def asks_another():
    """Raise what another plug-in raised."""
    raise PluginError("inner", problem="returned nothing")


MEASURES = ("x", 1, 0.5, Decimal(1), True, date(2026, 1, 5), (), ("a", "b"), UNKNOWN, AtLeast(3))


@pytest.mark.parametrize("value", [*MEASURES, Stage.MQL])
def test_a_measure_is_returned_as_it_is(value):
    """A text, number, bool, date, texts, `UNKNOWN` and a lower bound are measures."""
    assert measuring(Moon(value))(SITUATION) is value


@pytest.mark.parametrize(
    "value",
    [None, ["a"], {"a"}, ("a", 1), AT, object(), AtLeast("3"), AtLeast(True), AtLeast(-1), b"x"],
)
def test_what_is_no_measure_is_refused(value):
    """Nothing, a list, an instant, a bound that is no count: signal and lead are named."""
    with pytest.raises(PluginError) as caught:
        measuring(Moon(value))(SITUATION)
    assert (caught.value.plugin, caught.value.lead_id) == ("moon", "l1")
    assert "returned" in str(caught.value)


def test_a_coroutine_is_closed():
    """An `async` measure is refused, and makes no warning that nobody awaited it."""
    with pytest.raises(PluginError, match="must not be `async`"):
        measuring(Moon(waits))(SITUATION)
    gc.collect()
    assert described(waits()).startswith("a coroutine")


def test_what_it_raises_is_wrapped():
    """Signal, lead and place are named; the cause is kept."""
    with pytest.raises(PluginError) as caught:
        measuring(Moon(fails))(SITUATION)
    assert "raised ZeroDivisionError in `fails`" in str(caught.value)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_a_plugin_within_a_plugin():
    """Another plug-in's error stays the one it is."""
    with pytest.raises(PluginError) as caught:
        measuring(Moon(asks_another))(SITUATION)
    assert (caught.value.plugin, caught.value.__cause__) == ("inner", None)


def test_the_library_s_own_are_not_checked():
    """Only a signal that the library knows by name, or of its own type, is asked directly."""
    own = [*NAMED.values(), fact("a").signal, nk.touches_count("x").signal]
    assert all(is_own(one) for one in own)
    assert all(measuring(one) == one.measure for one in own)
    assert not is_own(Moon("full"))
    assert not is_own(NamedSignal("stage", lambda _: "x"))
    assert not is_own(NamedSignal("moon", lambda _: "x"))


LEAVES = (
    signal(Moon(fails)) >= 3,
    signal(Moon(fails)).equals("x"),
    signal(Moon(fails)).one_of("x"),
    signal(Moon(fails)).contains_any("x"),
    IsKnown(Moon(fails)),
)


@pytest.mark.parametrize("criterion", LEAVES, ids=lambda one: type(one).__name__)
def test_every_criterion_asks_so(criterion):
    """Whatever a criterion asks of a plug-in's signal, its error has a name."""
    for read in (evaluate, explain):
        with pytest.raises(PluginError):
            read(criterion, SITUATION)


def _in_scoring(criterion):
    rule = nk.Rule("mine", dimension="fit", points=1, when=criterion)
    return {"scoring": nk.ScoringModel(rules=[rule])}


def _in_rows(criterion):
    rows = nk.preset("blended").ownership.rows
    policy = nk.OwnershipPolicy(name="x", rows=[attrs.evolve(rows[0], when=criterion), rows[-1]])
    return {"ownership": policy}


def _in_qualification(criterion):
    return {"qualification": nk.Qualification(unfit=criterion)}


def _in_planning(criterion):
    step = nk.Step(id="s", style="mass")
    sequence = nk.Sequence(name="q", team="marketing", entry=criterion, steps=[step])
    return {"planner": nk.SequencePlanner(sequences=[sequence])}


@pytest.mark.parametrize("part", [_in_scoring, _in_rows, _in_qualification, _in_planning])
def test_wherever_it_is_read(part):
    """In a rule, a row, the qualification or a sequence: the decision names the signal."""
    playbook = attrs.evolve(nk.preset("blended"), **part(signal(Moon(lambda: None)) >= 3))
    with pytest.raises(PluginError) as caught:
        playbook.decide(Lead(id="l1"), as_of=AT)
    assert (caught.value.plugin, caught.value.lead_id) == ("moon", "l1")
