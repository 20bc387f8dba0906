import copy
import pickle
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from nurturekit.criteria import (
    AllOf,
    AnyOf,
    Compare,
    Contains,
    IsKnown,
    Not,
    OneOf,
    days_since,
    fact,
    parameter,
    signal,
    touches_count,
    words_of,
)
from nurturekit.errors import ModelError
from nurturekit.interpreters.evaluate import evaluate
from nurturekit.records import Lead, Situation
from nurturekit.signals import NAMED, DaysSince, FactSignal, Parameter, TouchCount

TITLE = FactSignal("title")
A, B, C = (fact(name).is_known() for name in "abc")


def test_builders_make_nodes():
    """Each way to write a criterion makes the node it says."""
    size = FactSignal("employees")
    assert (fact("employees") >= 50) == Compare(size, ">=", 50)
    assert (fact("employees") > 50) == Compare(size, ">", 50)
    assert (fact("employees") <= 50) == Compare(size, "<=", 50)
    assert (fact("employees") < 50) == Compare(size, "<", 50)
    assert fact("employees").equals(50) == Compare(size, "==", 50)
    assert fact("employees").differs_from(50) == Compare(size, "!=", 50)
    assert fact("title").one_of("a", "b") == OneOf(TITLE, ("a", "b"))
    assert fact("title").contains_any("vp") == Contains(TITLE, ("vp",), "any")
    assert fact("title").contains_all("vp") == Contains(TITLE, ("vp",), "all")
    assert fact("title").is_known() == IsKnown(TITLE)
    assert signal("stage").signal is NAMED["stage"]
    assert signal(TITLE).signal is TITLE
    assert parameter("handoff_on").signal == Parameter("handoff_on")
    assert touches_count("x", days=3, channel="web").signal == TouchCount(
        "x", days=3, channel="web"
    )
    assert days_since("x").signal == DaysSince("x")


def test_operators_join_and_flatten():
    """`&` and `|` join criteria without nesting their own kind; `~` negates."""
    assert AllOf((A, B, C)) == A & B & C
    assert AnyOf((A, B, C)) == A | B | C
    assert AllOf((A, AnyOf((B, C)))) == A & (B | C)
    assert Not(A) == ~A


@pytest.mark.parametrize("value", [A, A & B, ~A, fact("a"), fact("a") >= 1])
def test_no_truth_value(value):
    """`and`, `or`, `not` and chained comparisons raise, naming what to use instead."""
    with pytest.raises(TypeError, match="use & instead of `and`"):
        bool(value)


def test_chained_comparison_raises():
    """`1 < fact < 5` can't silently drop its first half."""
    with pytest.raises(TypeError):
        assert 1 < fact("a") < 5


def test_equality_operators_raise():
    """`==` on something measured raises and names the method to call."""
    with pytest.raises(TypeError, match="equals"):
        _ = fact("a") == 5
    with pytest.raises(TypeError, match="differs_from"):
        _ = fact("a") != 5


def test_true_is_not_one():
    """A bool and the number that Python takes for it make different criteria."""
    assert fact("a").equals(value=True) != fact("a").equals(1)
    assert fact("a").one_of(True) != fact("a").one_of(1)
    assert len({fact("a").equals(1), fact("a").equals(value=True)}) == 2


@pytest.mark.parametrize(
    ("given", "kept"), [(Decimal("0.5"), 0.5), (50.0, 50), (Decimal(50), 50), (1e300, 1e300)]
)
def test_numbers_are_kept_in_one_form(given, kept):
    """Decimals become floats and whole floats ints, so that equal models are the same bytes."""
    value = (fact("a") >= given).value
    assert value == kept
    assert type(value) is type(kept)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: Compare(TITLE, "=", 1), "unknown-word"),
        (lambda: Compare(TITLE, 5, 1), "unknown-word"),
        (lambda: Compare("title", "==", 1), "not-a-signal"),
        (lambda: Compare(FactSignal, "==", 1), "not-a-signal"),
        (lambda: Compare(TITLE, "==", ""), "bad-value"),
        (lambda: Compare(TITLE, "==", None), "bad-value"),
        (lambda: Compare(TITLE, "==", datetime(2026, 1, 1, tzinfo=UTC)), "bad-value"),
        (lambda: Compare(TITLE, "==", float("nan")), "not-a-number"),
        (lambda: Compare(TITLE, "==", Decimal("inf")), "not-a-number"),
        (lambda: Compare(TITLE, ">=", "a"), "not-ordered"),
        (lambda: Compare(TITLE, "<", True), "not-ordered"),
        (lambda: OneOf(TITLE, ()), "empty"),
        (lambda: OneOf(TITLE, "ab"), "bad-value"),
        (lambda: OneOf(TITLE, 5), "bad-value"),
        (lambda: Contains(TITLE, ()), "empty"),
        (lambda: Contains(TITLE, "vp"), "bad-value"),
        (lambda: Contains(TITLE, ("vp", "--")), "bad-value"),
        (lambda: Contains(TITLE, (5,)), "bad-value"),
        (lambda: Contains(TITLE, ("vp",), "some"), "unknown-word"),
        (lambda: AllOf(()), "empty"),
        (lambda: AnyOf((A, True)), "not-a-criterion"),
        (lambda: Not(fact("a")), "not-a-criterion"),
        (lambda: A & fact("b"), "not-a-criterion"),
        (lambda: signal("stagge"), "unknown-signal"),
    ],
)
def test_impossible_criterion_is_refused(make, code):
    """A criterion that could never be answered is an error where it is made."""
    with pytest.raises(ModelError) as caught:
        make()
    assert caught.value.code == code


def test_dates_are_ordered():
    """Dates may be compared in order."""
    assert (fact("founded") >= date(2020, 1, 1)).value == date(2020, 1, 1)


def test_criteria_survive_pickle_and_copy():
    """A criterion that was evaluated can be sent to another process, or copied."""
    criterion = fact("title").contains_any("vp") & (fact("employees") >= 50)
    situation = Situation(Lead(id="l1"), as_of=datetime(2026, 1, 1, tzinfo=UTC))
    assert evaluate(criterion, situation) is None
    for twin in (pickle.loads(pickle.dumps(criterion)), copy.deepcopy(criterion)):  # noqa: S301
        assert twin == criterion
        assert evaluate(twin, situation) is None


def test_words_are_case_folded():
    """Words are what lies between other characters, case-folded; an underscore is part of one."""
    assert words_of("Straße & C++_dev") == ("strasse", "c", "_dev")
