import json
from datetime import UTC, date, datetime

import attrs
import pytest

from nurturekit.criteria import Not, days_since, fact, parameter, signal, touches_count
from nurturekit.interpreters.data import from_data, to_data
from nurturekit.signals import NAMED

FORMS = [
    (
        fact("title").contains_any("vp", "head of"),
        {"fact": "title", "contains_any": ["vp", "head of"]},
    ),
    (fact("title").contains_all("vp"), {"fact": "title", "contains_all": ["vp"]}),
    (fact("n") >= 50, {"fact": "n", "at_least": 50}),
    (fact("n") > 50, {"fact": "n", "above": 50}),
    (fact("n") <= 0.5, {"fact": "n", "at_most": 0.5}),
    (fact("n") < 50, {"fact": "n", "below": 50}),
    (fact("x").equals("Y"), {"fact": "x", "is": "Y"}),
    (fact("x").equals(value=True), {"fact": "x", "is": True}),
    (fact("x").differs_from(5), {"fact": "x", "is_not": 5}),
    (fact("d") >= date(2026, 1, 5), {"fact": "d", "at_least": {"date": "2026-01-05"}}),
    (
        fact("d").one_of(date(2026, 1, 5), "x"),
        {"fact": "d", "one_of": [{"date": "2026-01-05"}, "x"]},
    ),
    (fact("x").is_known(), {"fact": "x", "known": True}),
    (~fact("x").is_known(), {"fact": "x", "known": False}),
    (signal("stage").one_of("mql", "sal"), {"signal": "stage", "one_of": ["mql", "sal"]}),
    (signal("score.fit") >= 20, {"signal": "score.fit", "at_least": 20}),
    (parameter("p").one_of("mql"), {"parameter": "p", "one_of": ["mql"]}),
    (
        touches_count("pricing_viewed", days=30) >= 2,
        {"touches": "pricing_viewed", "days": 30, "at_least": 2},
    ),
    (
        touches_count(channel="phone") >= 1,
        {"touches": "*", "channel": "phone", "at_least": 1},
    ),
    (days_since("webinar") <= 14, {"days_since": "webinar", "at_most": 14}),
    (
        days_since(channel="phone") <= 14,
        {"days_since": "*", "channel": "phone", "at_most": 14},
    ),
    (
        fact("a").is_known() & ~(fact("b").is_known() | (fact("c") >= 1)),
        {
            "all": [
                {"fact": "a", "known": True},
                {"not": {"any": [{"fact": "b", "known": True}, {"fact": "c", "at_least": 1}]}},
            ]
        },
    ),
]


def read(data, **options):
    """Read data, returning the criterion and each problem's code and place."""
    problems = []
    criterion = from_data(data, path="$.when", problems=problems, **options)
    return criterion, [(problem.code, problem.path) for problem in problems]


@pytest.mark.parametrize(("criterion", "data"), FORMS)
def test_form_and_criterion_are_the_same(criterion, data):
    """Each form reads as its criterion, and is written again as it was."""
    assert to_data(criterion) == data
    assert read(data) == (criterion, [])


@pytest.mark.parametrize(("criterion", "data"), FORMS)
def test_form_is_json(criterion, data):
    """What is written can be JSON and read back from it."""
    assert read(json.loads(json.dumps(to_data(criterion)))) == (criterion, [])


def test_native_date_is_read():
    """A date of TOML is a date; so is one in the table form."""
    expected = fact("d") >= date(2026, 1, 5)
    assert read({"fact": "d", "at_least": date(2026, 1, 5)}) == (expected, [])
    assert read({"fact": "d", "at_least": {"date": date(2026, 1, 5)}}) == (expected, [])


def test_plug_in_signal_is_read_by_name():
    """A plug-in's signal is found where it is given, and written by its name."""
    weather = attrs.evolve(NAMED["score"], name="weather")
    criterion = signal(weather).equals("x")
    data = {"signal": "weather", "is": "x"}
    assert to_data(criterion) == data
    assert read(data, signals={"weather": weather}) == (criterion, [])


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        (5, [("bad-type", "$.when")]),
        ({}, [("one-subject", "$.when")]),
        ({"fact": "a", "signal": "score", "is": 1}, [("one-subject", "$.when")]),
        (
            {"fct": "a", "is": 1},
            [("unknown-key", "$.when.fct"), ("one-subject", "$.when")],
        ),
        ({"fact": "a"}, [("one-operator", "$.when")]),
        ({"fact": "a", "at_least": 1, "at_most": 2}, [("one-operator", "$.when")]),
        (
            {"fact": "a", "at_lest": 1},
            [("unknown-key", "$.when.at_lest"), ("one-operator", "$.when")],
        ),
        ({"fact": "a", "is": 1, "days": 3}, [("unknown-key", "$.when.days")]),
        ({"fact": "", "is": 1}, [("bad-type", "$.when.fact")]),
        ({"fact": 5, "is": 1}, [("bad-type", "$.when.fact")]),
        ({"fact": "a", "is": None}, [("bad-value", "$.when.is")]),
        ({"fact": "a", "is": {"dat": "x"}}, [("bad-value", "$.when.is")]),
        ({"fact": "a", "is": {"date": "x"}}, [("bad-value", "$.when.is")]),
        ({"fact": "a", "is": {"date": 5}}, [("bad-value", "$.when.is")]),
        (
            {"fact": "a", "is": {"date": datetime(2026, 1, 1, tzinfo=UTC)}},
            [("bad-value", "$.when.is")],
        ),
        ({"fact": "a", "at_least": "x"}, [("not-ordered", "$.when.at_least")]),
        ({"fact": "a", "at_least": float("inf")}, [("not-a-number", "$.when.at_least")]),
        ({"fact": "a", "one_of": "x"}, [("bad-type", "$.when.one_of")]),
        ({"fact": "a", "one_of": []}, [("empty", "$.when.one_of")]),
        ({"fact": "a", "contains_any": [5]}, [("bad-value", "$.when.contains_any")]),
        ({"fact": "a", "known": 1}, [("bad-type", "$.when.known")]),
        ({"signal": "scor", "is": 1}, [("unknown-signal", "$.when.signal")]),
        ({"touches": "x", "days": 0, "at_least": 1}, [("out-of-range", "$.when.days")]),
        ({"touches": "x", "channel": "fax", "is": 1}, [("unknown-word", "$.when.channel")]),
        ({"all": []}, [("bad-type", "$.when.all")]),
        ({"any": {}}, [("bad-type", "$.when.any")]),
        ({"not": 5}, [("bad-type", "$.when.not")]),
        ({"not": {"fact": "a", "is": 1}, "is": 1}, [("unknown-key", "$.when.is")]),
        (
            {"all": [{"fact": "a", "is": 1}, {"fact": "b"}, 5]},
            [("one-operator", "$.when.all[1]"), ("bad-type", "$.when.all[2]")],
        ),
    ],
)
def test_problem_names_its_place(data, problems):
    """Every problem is reported with its path, and nothing is read."""
    assert read(data) == (None, problems)


def test_misspelled_key_gets_one_suggestion():
    """An unknown key names the nearest one that fits there."""
    problems = []
    from_data({"fact": "a", "contains_al": ["x"]}, path="$", problems=problems)
    assert "did you mean `contains_all`?" in str(problems[0])


def _nested(depth):
    data = {"fact": "a", "known": True}
    for _ in range(depth):
        data = {"not": data}
    return data


def test_depth_is_limited():
    """Criteria nest at most 32 deep; deeper is a problem, not a crash."""
    assert read(_nested(31))[1] == []
    assert [code for code, _ in read(_nested(32))[1]] == ["too-deep"]
    assert [code for code, _ in read(_nested(5000))[1]] == ["too-deep"]


def test_earlier_problems_do_not_hide_a_criterion():
    """A good criterion is read whatever problems the list holds already."""
    problems = []
    from_data(5, path="$", problems=problems)
    assert from_data({"fact": "a", "known": True}, path="$", problems=problems) is not None


def test_double_negation_is_kept():
    """Not unknown and not-not-known stay apart."""
    criterion = Not(Not(fact("a").is_known()))
    assert read(to_data(criterion)) == (criterion, [])
