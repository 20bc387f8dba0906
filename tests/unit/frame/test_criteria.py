"""Criteria as columns, leaf by leaf and engine by engine, and what Narwhals gives them to."""

# ruff: noqa: RUF001 - letters that look like others are what is tried

import time
from datetime import UTC, date, datetime

import narwhals as nw
import pytest

from nurturekit.criteria import Compare, Contains, IsKnown, OneOf, fact
from nurturekit.frame.criteria import EPOCH_ORDINAL, condition, truth
from tests.columns import AS_OF, Count, by_columns, by_rows, measuring, table
from tests.engines import ENGINES, arrow, collect

TEXTS = ("VP, Head-of sales", "vps", "Straße", "STRASSE", "x\n", "x", "ſ\u212a", "ok\u030c j", "")
ROWS = table(
    [
        {
            "text": text,
            "whole": whole,
            "number": number,
            "flag": flag,
            "day": date(2026, 1, 5).toordinal() - EPOCH_ORDINAL + days,
            "mixed_text": mixed if isinstance(mixed, str) else None,
            "mixed_number": mixed if isinstance(mixed, float) else None,
            "count": count,
            "bounded": bounded,
        }
        for text, whole, number, flag, days, mixed, count, bounded in zip(
            TEXTS,
            (0, 1, 2, 3, -1, 2**53, 2**53 + 1, 2**53 - 1, 2**63 - 1),
            (0.5, -0.0, 2.5, 50.0, -1.0, 2.0**53, 1e300, float("nan"), None),
            (True, False, None) * 3,
            (-1, 0, 1) * 3,
            ("x", 3.0, None) * 3,
            (0, 1, 2, 3, 4, 5, 2, 3, None),
            (False, False, False, False, True, True, True, True, False),
            strict=True,
        )
    ]
    + [{}]
)
LEAVES = {
    "text is": [fact("text").equals("strasse"), fact("text").equals("SK")],
    "text isn't": [fact("text").differs_from("x"), fact("text").differs_from("\ud800")],
    "text is one of": [fact("text").one_of("X", "straSSe", 3), fact("text").one_of(3)],
    "text holds": [
        fact("text").contains_any("vp", "j"),
        fact("text").contains_any("ok", "head of"),
        fact("text").contains_all("of sales", "vp"),
    ],
    "whole number": [
        Compare(fact("whole").signal, op, value)
        for op in (">=", ">", "<=", "<", "==", "!=")
        for value in (2, 2.5, 2.0**53, 2**53 + 1, 2**63, -(2**70))
    ],
    "number": [
        Compare(fact("number").signal, op, value)
        for op in (">=", ">", "<=", "<", "==", "!=")
        for value in (0, 2.5, 2**53, 2**53 + 1, -(2**53) - 1)
    ],
    "one of the numbers": [
        fact("whole").one_of(1, 2.5, 2**53 + 1),
        fact("number").one_of(0, 50, 2**53 + 1),
    ],
    "count": [
        Compare(Count(), op, value)
        for op in (">=", ">", "<=", "<", "==", "!=")
        for value in (2, 3.5)
    ],
    "one of the counts": [OneOf(Count(), (1, 2)), OneOf(Count(), (2, 3.5))],
    "flag": [
        fact("flag").equals(True),
        fact("flag").differs_from(True),
        fact("flag").one_of(True, False),
        fact("flag").equals("true"),
    ],
    "day": [
        *(Compare(fact("day").signal, op, date(2026, 1, 5)) for op in (">=", ">", "<=", "<")),
        fact("day").equals(date(2026, 1, 5)),
        fact("day").one_of(date(2026, 1, 4), date(2026, 1, 6)),
        fact("day") > 0,
    ],
    "mixed": [fact("mixed").equals("X"), fact("mixed") >= 3, fact("mixed").one_of("x", 3)],
    "is known": [
        IsKnown(signal)
        for signal in (
            Count(),
            *(
                fact(name).signal
                for name in ("text", "whole", "number", "flag", "day", "mixed", "absent")
            ),
        )
    ],
    "no column": [
        fact("absent").equals("x"),
        fact("absent") > 3,
        fact("absent").equals(True),
        Contains(fact("absent").signal, ("x",)),
    ],
    "joined": [
        (fact("flag").equals(True) & (fact("number") > 0)) | ~fact("text").contains_any("vp"),
        ~(fact("flag").equals(True) | fact("absent").is_known()),
        fact("flag").equals(True) & fact("absent").equals(True),
    ],
}


@pytest.mark.parametrize("kind", LEAVES)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_column_answers_as_the_rows_do(engine, kind):
    """Each kind of leaf gives on each engine what the single-lead code gives for the rows."""
    answers, held = by_columns(engine, ROWS, LEAVES[kind])
    assert answers == by_rows(held, LEAVES[kind])


# The same table by hand, so that no common error of both sides stays unseen.
BY_HAND = {
    "words, and a word that a mark ends": (
        fact("text").contains_any("vp", "ok"),
        [1, 0, 0, 0, 0, 0, 0, 1, -1, -1],
    ),
    "a text that folds alike, but no further line": (
        fact("text").one_of("strasse", "x"),
        [0, 0, 1, 1, 0, 1, 0, 0, -1, -1],
    ),
    "halves of whole numbers": (fact("whole") >= 2.5, [0, 0, 0, 1, 0, 1, 1, 1, 1, -1]),
    "a count that may be higher": (Compare(Count(), "<=", 3), [1, 1, 1, 1, 0, 0, -1, -1, -1, -1]),
    "known or unknown": (
        fact("flag").equals(True) | fact("absent").equals(True),
        [1, -1, -1, 1, -1, -1, 1, -1, -1, -1],
    ),
    "known and unknown": (
        ~(fact("flag").equals(True) & fact("absent").equals(True)),
        [-1, 1, -1, -1, 1, -1, -1, 1, -1, -1],
    ),
}


@pytest.mark.parametrize("case", BY_HAND)
@pytest.mark.parametrize("engine", ["polars", "pyarrow", "duckdb", "pandas-nullable"])
def test_a_column_answers_as_the_rules_say(engine, case):
    """1 is what holds, 0 what fails, -1 what is unknown."""
    criterion, wanted = BY_HAND[case]
    assert by_columns(engine, ROWS, [criterion])[0] == [wanted]


@pytest.mark.parametrize("engine", ENGINES)
def test_truth_is_two_booleans_without_null(engine):
    """Where a criterion holds and where it fails are plain booleans, also where it is unknown."""
    frame = nw.from_native(ENGINES[engine](ROWS))
    criterion = ~fact("flag").equals(True) | fact("absent").equals("x")
    holds, fails = truth(criterion, measuring(frame.collect_schema()))
    found = collect(frame.select(holds=holds, fails=fails))
    assert found["holds"] == [flag is False for flag in ROWS["flag"][1]]
    assert found["fails"] == [False] * len(ROWS["flag"][1])


@pytest.mark.parametrize("engine", ENGINES)
def test_answers_are_int64(engine):
    """On every engine the column of answers is one of 64-bit integers."""
    frame = nw.from_native(ENGINES[engine](ROWS))
    answers = condition(fact("flag").equals(True), measuring(frame.collect_schema()))
    assert frame.with_columns(answers=answers).collect_schema()["answers"] == nw.Int64


@pytest.mark.parametrize("engine", ENGINES)
def test_a_table_may_be_empty(engine):
    """A table without rows has no answers, and raises nothing."""
    criteria = [each for leaves in LEAVES.values() for each in leaves[:2]]
    answers, _ = by_columns(engine, table([]), criteria)
    assert answers == [[]] * len(criteria)


@pytest.mark.parametrize("engine", ["polars", "pyarrow", "duckdb", "pandas-object"])
def test_long_lists_are_split(engine):
    """More words than one pattern may hold are found all the same."""
    words = [f"word{number} thing{number}" for number in range(100)]
    texts = [f"Company number {number} & Co." for number in range(400)]
    criteria = [fact("text").contains_any(*words), fact("text").one_of(*texts)]
    rows = table([{"text": text} for text in ("a WORD99-thing99", "word1 thing2", texts[-1], "&")])
    assert by_columns(engine, rows, criteria)[0] == [[1, 0, 0, 0], [0, 0, 1, 0]]


@pytest.mark.parametrize("dtype", ["string[pyarrow]", "string[python]", "object", "str"])
def test_text_of_pandas_may_be_kept_in_any_way(dtype):
    """Text kept by PyArrow, by NumPy or as objects gives the same answers."""
    pandas = pytest.importorskip("pandas")
    native = pandas.DataFrame({"text": pandas.Series(list(ROWS["text"][1]), dtype=dtype)})
    criterion = fact("text").contains_any("vp", "j") | fact("text").equals("strasse")
    frame = nw.from_native(native).with_columns(
        found=condition(criterion, measuring(nw.from_native(arrow(ROWS)).schema))
    )
    assert collect(frame)["found"] == [1, 0, 1, 1, 0, 0, 0, 1, -1, -1]


@pytest.mark.parametrize("engine", ENGINES)
def test_what_goes_into_an_engine_comes_back(engine):
    """The engines that all tables are tried on change no value, in a session in New York."""
    rows = {
        "text": ("text", ["ß", "", None]),
        "whole": ("whole", [2**53 + 1, -(2**63), 0]),
        "number": ("number", [0.1, 1e300, None]),
        "flag": ("flag", [True, False, None]),
        "day": ("day", [date(1969, 12, 31), date(9999, 12, 31), None]),
        "instant": ("instant", [datetime(2026, 3, 8, 7, 0, 0, 1, tzinfo=UTC), AS_OF, None]),
        "texts": ("texts", [["a", "b"], [], None]),
    }
    assert collect(ENGINES[engine](rows)) == {name: values for name, (_, values) in rows.items()}
    assert time.tzname == ("EST", "EDT")
