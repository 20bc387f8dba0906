from datetime import UTC, date, datetime
from decimal import Decimal

import attrs
import pytest

from nurturekit.criteria import Compare, Contains, IsKnown, OneOf, fact, signal
from nurturekit.interpreters.evaluate import compile_, evaluate
from nurturekit.records import Lead, Situation
from nurturekit.signals import UNKNOWN, AtLeast

AT = datetime(2026, 1, 5, tzinfo=UTC)


def situation(**attributes):
    """Return a situation in which these attributes are known."""
    return Situation(Lead(id="l1", attributes=attributes), as_of=AT)


@attrs.frozen
class Fixed:
    value: object
    name: str = "fixed"

    def measure(self, situation):
        return self.value


def held(criterion, value):
    """Evaluate a criterion of the attribute `a`, as a column and as a plug-in's signal."""
    by_signal = attrs.evolve(criterion, signal=Fixed(UNKNOWN if value is None else value))
    answer = evaluate(by_signal, situation())
    assert evaluate(criterion, situation(a=value)) is answer
    return answer


@pytest.mark.parametrize(
    ("op", "answers"),
    [
        (">=", (False, True, True)),
        (">", (False, False, True)),
        ("<=", (True, True, False)),
        ("<", (True, False, False)),
        ("==", (False, True, False)),
        ("!=", (True, False, True)),
    ],
)
@pytest.mark.parametrize("kind", [int, float, Decimal])
def test_numbers_compare_with_numbers(op, answers, kind):
    """Every operator compares ints, floats and Decimals by value."""
    criterion = Compare(fact("a").signal, op, 5)
    assert tuple(held(criterion, kind(value)) for value in (4, 5, 6)) == answers


def test_decimal_and_float_of_one_text_are_equal():
    """A Decimal is compared as the float of the same text: tables hold floats."""
    assert held(fact("a").equals(0.1), Decimal("0.1")) is True
    assert held(fact("a") >= Decimal("12.345"), 12.345) is True


@pytest.mark.parametrize(
    ("op", "value", "answers"),
    [
        (">=", 3, (None, True, True)),
        (">", 3, (None, None, True)),
        ("<=", 3, (None, None, False)),
        ("<", 3, (None, False, False)),
        ("==", 3, (None, None, False)),
        ("!=", 3, (None, None, True)),
    ],
)
def test_lower_bound_answers_what_cannot_change(op, value, answers):
    """A count of at least n answers only what no higher count would change."""
    found = tuple(
        evaluate(Compare(Fixed(AtLeast(count)), op, value), situation()) for count in (2, 3, 4)
    )
    assert found == answers


@pytest.mark.parametrize(
    ("criterion", "value"),
    [
        (fact("a") >= 5, True),
        (fact("a") >= 5, "5"),
        (fact("a") >= 5, None),
        (fact("a") >= 5, float("nan")),
        (fact("a") >= 5, date(2026, 1, 1)),
        (fact("a").equals("x"), 5),
        (fact("a").equals("x"), ""),
        (fact("a").equals("x"), None),
        (fact("a").equals("x"), ("x",)),
        (fact("a").equals(value=True), 1),
        (fact("a") >= date(2026, 1, 1), "2026-01-01"),
        (fact("a") >= date(2026, 1, 1), 5),
        (fact("a").one_of("x"), 5),
        (fact("a").one_of("x"), True),
        (fact("a").one_of("x"), ""),
        (fact("a").one_of("x"), None),
        (fact("a").one_of("x"), date(2026, 1, 1)),
        (fact("a").one_of(5), "x"),
        (fact("a").one_of(5), True),
        (fact("a").one_of(5), ("x",)),
        (fact("a").one_of(5), None),
        (fact("a").contains_any("x"), 5),
        (fact("a").contains_any("x"), ""),
        (fact("a").contains_all("x"), None),
    ],
)
def test_kinds_that_do_not_match_are_unknown(criterion, value):
    """A text is no number, a bool is no number, a number is no date: unknown, not false."""
    assert held(criterion, value) is None


def test_texts_compare_case_folded():
    """Texts are equal whatever their case; not equal is its opposite."""
    assert held(fact("a").equals("Straße"), "STRASSE") is True
    assert held(fact("a").equals("x"), "y") is False
    assert held(fact("a").differs_from("x"), "X") is False
    assert held(fact("a").differs_from("x"), "y") is True


def test_bools_compare_with_bools():
    """A bool equals itself and differs from the other."""
    assert held(fact("a").equals(value=True), True) is True
    assert held(fact("a").equals(value=True), False) is False
    assert held(fact("a").differs_from(value=True), False) is True


def test_dates_compare_with_dates():
    """Dates are ordered."""
    assert held(fact("a") >= date(2026, 1, 1), date(2026, 1, 1)) is True
    assert held(fact("a") < date(2026, 1, 1), date(2026, 1, 1)) is False


@pytest.mark.parametrize(
    ("values", "value", "answer"),
    [
        (("X", 5, True), "x", True),
        (("X", 5, True), "y", False),
        (("X", 5, True), 5.0, True),
        (("X", 5, True), Decimal(6), False),
        (("X", 5, True), True, True),
        (("X", 5, True), False, False),
        (("X",), ("a", "x"), True),
        (("X",), ("a",), False),
        (("X",), (), False),
        ((date(2026, 1, 1),), date(2026, 1, 1), True),
        ((date(2026, 1, 1),), date(2026, 1, 2), False),
    ],
)
def test_one_of_looks_among_its_own_kind(values, value, answer):
    """A value is looked for among those of its kind; of several texts any may be there."""
    assert held(OneOf(fact("a").signal, values), value) is answer


def test_one_of_with_a_lower_bound():
    """A count above every value is none of them; below, it is unknown."""
    criterion = OneOf(Fixed(AtLeast(4)), (1, 3))
    assert evaluate(criterion, situation()) is False
    assert evaluate(attrs.evolve(criterion, signal=Fixed(AtLeast(3))), situation()) is None


@pytest.mark.parametrize(
    ("text", "any_of", "all_of"),
    [
        ("VP, Head-of Sales", True, True),
        ("vp", True, False),
        ("Head  of sales", True, False),
        ("vps ahead of", False, False),
        ("head", False, False),
        ("vp_", False, False),
        (("vp", "head of"), True, True),
        (("x", "vp"), True, False),
        (("x",), False, False),
        ((), False, False),
    ],
)
def test_contains_means_whole_words(text, any_of, all_of):
    """Whole words count, case-folded; several in a row may be separated by anything."""
    words = ("VP", "head of")
    assert held(fact("a").contains_any(*words), text) is any_of
    assert held(fact("a").contains_all(*words), text) is all_of


@pytest.mark.parametrize("word", ["c++", "a.b", "(x)"])
def test_words_are_not_patterns(word):
    """A word with signs of a pattern in it stands for its own words."""
    assert held(fact("a").contains_any(word), f"knows {word} well") is True
    assert held(fact("a").contains_any("a.b"), "acb") is False


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("x", True),
        (0, True),
        (False, True),
        (0.5, True),
        (Decimal(1), True),
        (date(2026, 1, 1), True),
        ((), True),
        ("", False),
        (None, False),
        (float("nan"), False),
    ],
)
def test_is_known_is_never_unknown(value, answer):
    """Zero, false and no texts are known; empty text, None and NaN aren't."""
    assert held(fact("a").is_known(), value) is answer


@pytest.mark.parametrize("value", [UNKNOWN, AtLeast(3)])
def test_bound_and_unknown_are_not_known(value):
    """A lower bound isn't a known value."""
    assert evaluate(IsKnown(Fixed(value)), situation()) is False


YES, NO, WHO = fact("a").is_known(), ~fact("a").is_known(), fact("b").equals("x")


@pytest.mark.parametrize(
    ("criterion", "answer"),
    [
        (YES & YES, True),
        (YES & WHO, None),
        (WHO & YES, None),
        (WHO & NO, False),
        (NO & WHO, False),
        (NO | NO, False),
        (NO | WHO, None),
        (WHO | NO, None),
        (WHO | YES, True),
        (~WHO, None),
        (~YES, False),
    ],
)
def test_kleene_tables(criterion, answer):
    """Unknown and False is False, unknown or True is True, else unknown stays."""
    assert evaluate(criterion, situation(a=1)) is answer


def test_compiled_once():
    """A criterion keeps the function it was turned into."""
    criterion = fact("a").is_known()
    assert compile_(criterion) is compile_(criterion)


def test_named_signal_is_measured():
    """A named signal that isn't bound is unknown."""
    assert evaluate(signal("score") >= 60, situation()) is None


def test_contains_needs_a_text():
    """A plug-in's unknown contains nothing that could be known."""
    assert evaluate(Contains(Fixed(UNKNOWN), ("x",)), situation()) is None
