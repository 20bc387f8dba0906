"""Laws of criteria as columns: every engine answers each row as the single-lead code does."""

# ruff: noqa: RUF001 - letters that look like others are what is tried

import random
from datetime import date

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from nurturekit.criteria import Compare, Contains, IsKnown, OneOf
from nurturekit.frame.criteria import EPOCH_ORDINAL
from tests.columns import SIGNALS, by_columns, by_rows, table
from tests.engines import ENGINES, QUICK
from tests.strategies import trees

pytestmark = pytest.mark.usefixtures("new_york")
ROWS = 50
# Letters that fold to others or to several, marks that end words, line ends, and what is beyond
# the basic plane.
CHARACTERS = (
    *"sSſßẞfFﬀﬁﬃiIİıjJ\u01f0 αιᾷᾳ\u0345\u0342_-. \n\r\u2028abh\u1e96tT\u1e97\u0331\u030c\u0308",
    *"\u0149n\u02bcΣσςÅ\u212bKK1²\\[]^$|()*+?&~#{}'\"%\t\u00a0\U00010400\U00010428\U0001f600\u00df",
)
WORDS = (
    *("vp", "head of", "Sales", "s", "ss", "SS s", "f i", "ffi", "office", "i", "j", "j j", "t t"),
    *("α", "ι", "α ι", "αι", "h", "\u02bcn", "σ", "ς", "k", "å", "\U00010400", "1", "²", "x_1"),
)
TEXTS = (
    *(*WORDS, "VP, Head-of sales", "Straße", "STRASSE", "a\n", "\n", "i\u0307", "İ", "."),
    *("ﬁ", "ᾷ", "α\u0342ι", " ", "a.c", "x\\d", "[a]", "a|b", "\U0001f600", "é", "e\u0301"),
)
DAYS = (date(1, 1, 1), date(1969, 12, 31), date(1970, 1, 1), date(2026, 1, 5), date(9999, 12, 31))
WHOLE = (0, 1, 2, 3, -1, 50, 2**53 - 1, 2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63))
NUMBERS = (0.0, -0.0, 0.5, 1.0, 2.5, 3.0, 50.0, 1e-320, 2.0**53, 2.0**53 + 2, -(2.0**60), 1e300)
LITERALS = (*WHOLE, *NUMBERS, 2**63, -(2**70), 2**80 + 1, 49.999999999999993)

literals = st.one_of(
    st.sampled_from(LITERALS),
    st.sampled_from(TEXTS),
    st.booleans(),
    st.sampled_from(DAYS),
)
signals = st.sampled_from((*SIGNALS, SIGNALS[0], SIGNALS[0], SIGNALS[-1]))
leaves = st.one_of(
    st.builds(
        Compare,
        signals,
        st.sampled_from((">=", ">", "<=", "<")),
        st.sampled_from((*LITERALS, *DAYS)),
    ),
    st.builds(Compare, signals, st.sampled_from(("==", "!=")), literals),
    st.builds(OneOf, signals, st.lists(literals, min_size=1, max_size=5)),
    st.builds(
        Contains,
        signals,
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
        st.sampled_from(("any", "all")),
    ),
    st.builds(IsKnown, signals),
)
criteria = trees(leaves, max_leaves=5)


def text(chance):
    """Make a text: one from the criteria in another case, one of odd letters, or none."""
    way = chance.random()
    if way < 0.15:
        return chance.choice((None, ""))
    if way < 0.5:
        letters = "".join(chance.choices(CHARACTERS, k=chance.randint(1, 6)))
        return letters + chance.choice(("", *TEXTS[:8]))
    change = chance.choice((str, str.upper, str.title, str.swapcase))
    around = ("", "", "", " ", "-", "a", "\n", "\u0345", "\u0331")
    return chance.choice(around) + change(chance.choice(TEXTS)) + chance.choice(around)


def number(chance):
    """Make a number, or NaN."""
    return chance.choice((*NUMBERS, None, float("nan"), 2.0**53 - 1))


def row(chance):
    """Make a row; what is mixed is a text or a number."""
    is_text = chance.random() < 0.5
    return {
        "text": text(chance),
        "whole": chance.choice((*WHOLE, None)),
        "number": number(chance),
        "flag": chance.choice((True, False, None)),
        "day": chance.choice((None, *(day.toordinal() - EPOCH_ORDINAL for day in DAYS))),
        "mixed_text": text(chance) if is_text else None,
        "mixed_number": None if is_text else number(chance),
        "count": chance.choice((None, 0, 1, 2, 3, 50)),
        "bounded": chance.random() < 0.5,
    }


def agree(engine, seed, conditions):
    """See that an engine's answers are those of the single-lead code."""
    chance = random.Random(seed)
    rows = table([row(chance) for _ in range(ROWS)])
    answers, held = by_columns(engine, rows, conditions)
    wanted = by_rows(held, conditions)
    for answer in sorted({code for codes in wanted for code in codes}):
        event(f"{engine} {answer}")
    assert answers == wanted


conditions = st.lists(criteria, min_size=6, max_size=10)
seeds = st.integers(0, 2**32)


@pytest.mark.parametrize("engine", QUICK)
@settings(max_examples=min(1000, settings().max_examples // 3))
@given(seeds, conditions)
def test_columns_answer_as_rows_do(engine, seed, conditions):
    """On every engine that is quick to start, each row's answer is the single-lead code's."""
    agree(engine, seed, conditions)


@pytest.mark.deep
@pytest.mark.parametrize("engine", sorted(set(ENGINES) - set(QUICK)))
@settings(max_examples=min(200, settings().max_examples))
@given(seeds, conditions)
def test_columns_answer_as_rows_do_on_engines_that_plan(engine, seed, conditions):
    """On Spark, on Ibis and on a lazy frame, each row's answer is the single-lead code's."""
    agree(engine, seed, conditions)
