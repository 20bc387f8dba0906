"""Text becomes plain tables within limits, and every problem has a code and a place."""

from collections import OrderedDict
from datetime import date, datetime
from decimal import Decimal

import pytest

from nurturekit.documents.parse import MAX_BYTES, MAX_DEPTH, parse, plain_tables
from nurturekit.documents.places import BAD, Place
from nurturekit.errors import CallError


def _problems(text, form="toml"):
    place = Place()
    parse(text, form=form, place=place)
    return [(problem.code, problem.path) for problem in place.problems]


def _nested(depth, opening="[", closing="]"):
    return opening * depth + closing * depth


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a = 1\nb = [", ("not-toml", "line 2")),
        ("a = 1\nb = ]\nc = 2", ("not-toml", "line 2")),
        ("a = 1\na = 2", ("duplicate-key", "line 2")),
        ("[a]\n[b]\n[a]\n", ("duplicate-key", "line 3")),
        ("a = { b = 1, b = 2 }\nc = 1", ("duplicate-key", "line 1")),
        ("a = {}\na.b = 1\n\n", ("duplicate-key", "line 2")),
        ("[a.b]\n[a]\nb.c = 1\nd = 1", ("duplicate-key", "line 3")),
        ("a = 9" + "9" * 5000, ("out-of-range", "$")),
        ("a = 1e13", ("out-of-range", "$.a")),
        ("a = 1e-13", ("out-of-range", "$.a")),
        ("a = 10000000000000", ("out-of-range", "$.a")),
        ("a = 0." + "1" * 31, ("out-of-range", "$.a")),
        ("a = nan", ("not-finite", "$.a")),
        ("a = [1, -inf]", ("not-finite", "$.a[1]")),
        ("a = 2026-01-01T00:00:00Z", ("unknown-type", "$.a")),
        ("a = 07:30:00", ("unknown-type", "$.a")),
        ("a = '''x\u200b" + "x" * 10_000 + "'''", ("bad-text", "$.a")),
        ('a = "\\u0001"', ("bad-text", "$.a")),
        ('"\\u0001" = 1', ("bad-text", "$")),
        ("a = " + _nested(40), ("too-deep", "$.a" + "[0]" * (MAX_DEPTH - 1))),
        ("a = " + _nested(100_000), ("too-deep", "$")),
        ("a." * 200_000 + "b = 1", ("too-deep", "$")),
        ("x = { " + '"a" . ' * 100_000 + "b = 1 }", ("too-deep", "$")),
        ("# " + "x" * 2 * MAX_BYTES, ("too-large", "$")),
        ("# " + "é" * (MAX_BYTES // 2), ("too-large", "$")),
    ],
)
def test_toml_problem(text, found):
    """A problem of a TOML document has its code and its line or path."""
    assert _problems(text) == [found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1,\n"b": }', ("not-json", "line 2")),
        ("", ("not-json", "line 1")),
        ("{'a': 1}", ("not-json", "line 1")),
        ('{"a": NaN}', ("not-finite", "$.a")),
        ('{"a": [Infinity]}', ("not-finite", "$.a[0]")),
        ('{"a": -Infinity}', ("not-finite", "$.a")),
        ('{"a": 1e999999999}', ("out-of-range", "$.a")),
        ('{"a": 9' + "9" * 5000 + "}", ("out-of-range", "$")),
        ('{"a": null}', ("empty", "$.a")),
        ('{"a": "\\ud800"}', ("bad-text", "$.a")),
        ("[1]", ("not-a-table", "$")),
        ("1", ("not-a-table", "$")),
        ('{"a": ' + _nested(40, '{"a":', "}").replace(":}", ":1}") + "}", None),
        ('{"a": ' + "[" * 100_000, ("too-deep", "$")),
        ('"' + "x" * 2 * MAX_BYTES + '"', ("too-large", "$")),
    ],
)
def test_json_problem(text, found):
    """A problem of a JSON document has its code and its line or path."""
    expected = found or ("too-deep", "$" + ".a" * MAX_DEPTH)
    assert _problems(text, "json") == [expected]


def test_all_duplicate_keys_are_found():
    """Each key given twice in a JSON document is reported once, wherever it is."""
    text = '{"a": 1, "a": 2, "a": 3, "b": [{"c": 1, "d": 2, "c": 3}], "e": {"f": NaN}}'
    assert _problems(text, "json") == [
        ("duplicate-key", "$.a"),
        ("duplicate-key", "$.b[0].c"),
        ("not-finite", "$.e.f"),
    ]


@pytest.mark.parametrize("depth", [1, MAX_DEPTH - 1])
def test_depth_within_limit(depth):
    """Thirty-two tables and lists, the document among them, are deep enough and allowed."""
    assert _problems("a = " + _nested(depth)) == []


def test_key_of_many_parts_within_limit():
    """A dotted key of as many parts as tables are allowed is read."""
    assert _problems(".".join("a" * MAX_DEPTH) + " = 1") == []


def test_numbers_are_exact():
    """A fraction is read as the decimal that was written, a whole number as an int."""
    read = {
        form: parse(text, form=form, place=Place())
        for form, text in {"toml": "a = 0.1\nb = 3", "json": '{"a": 0.1, "b": 3}'}.items()
    }
    assert read["toml"] == read["json"] == {"a": Decimal("0.1"), "b": 3}
    assert type(read["json"]["b"]) is int


def test_unknown_format():
    """A format that isn't one is the caller's error."""
    with pytest.raises(CallError) as caught:
        parse("", form="tom", place=Place())
    assert caught.value.code == "unknown-format"


def test_tables_of_python_values():
    """A mapping is read as a document is: floats exactly, keys as text only."""
    place = Place()
    tree = OrderedDict(a=0.1, b=(1, True), c=date(2026, 1, 1), d=datetime(2026, 1, 1), e=b"x")
    read = plain_tables(tree | {1: 2}, place)
    kept = {"a": Decimal("0.1"), "b": [1, True], "c": date(2026, 1, 1), "d": BAD, "e": BAD}
    assert read == kept
    assert [(problem.code, problem.path) for problem in place.problems] == [
        ("unknown-type", "$.d"),
        ("unknown-type", "$.e"),
        ("not-text", "$"),
    ]


def test_table_that_holds_itself():
    """A mapping that holds itself is too deep, not endless."""
    tree, place = {}, Place()
    tree["a"] = tree
    plain_tables(tree, place)
    assert [problem.code for problem in place.problems] == ["too-deep"]
