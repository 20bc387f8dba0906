import pytest

from nurturekit.criteria import fact
from nurturekit.errors import ModelError
from nurturekit.scoring import Rule, TouchMatch, TouchRule, half_life, touch

KNOWN = fact("a").is_known()


def rule(**fields):
    """Return a touch rule with these fields."""
    return TouchRule(
        fields.pop("name", "r"), **{"dimension": "d", "points": 1, "on": touch("x")} | fields
    )


def test_points_are_kept_in_one_form():
    """Points given as int, float or Decimal make equal rules."""
    assert rule(points=15) == rule(points=15.0)
    assert rule(points=2.5).points_milli == 2_500
    assert Rule("r", dimension="d", points=-0.5, when=KNOWN).points_milli == -500


def test_caps_and_units_are_milli():
    """Caps and units of value are read like points."""
    made = rule(at_least=-1, at_most=2.5, per_value=0.5)
    assert made.caps_milli == (-1_000, 2_500)
    assert made.unit_milli == 500
    assert rule().caps_milli == (None, None)


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"name": ""}, "bad-value", "name"),
        ({"name": 5}, "bad-value", "name"),
        ({"dimension": None}, "bad-value", "dimension"),
        ({"points": True}, "not-a-number", "points"),
        ({"points": 1001}, "out-of-range", "points"),
        ({"points": 0.0001}, "too-precise", "points"),
        ({"on": "x"}, "bad-type", "on"),
        ({"decay": "half"}, "bad-type", "decay"),
        ({"bots": 1}, "bad-type", "bots"),
        ({"per_day": 0}, "out-of-range", "per_day"),
        ({"per_day": 1001}, "out-of-range", "per_day"),
        ({"per_day": 1.0}, "not-a-number", "per_day"),
        ({"per_day": True}, "not-a-number", "per_day"),
        ({"per_value": 0}, "out-of-range", "per_value"),
        ({"per_value": -1}, "out-of-range", "per_value"),
        ({"per_value": 0.0001}, "too-precise", "per_value"),
        ({"per_value": 5, "once_per": "asset"}, "per-value-once", "per_value"),
        ({"once_per": "day"}, "unknown-word", "once_per"),
        ({"at_most": float("inf")}, "not-a-number", "at_most"),
        ({"at_most": 1_000_001}, "out-of-range", "at_most"),
        ({"at_least": -1_000_001}, "out-of-range", "at_least"),
        ({"at_least": 2, "at_most": 1}, "bad-range", "at_most"),
    ],
)
def test_impossible_touch_rule_is_refused(fields, code, path):
    """Every bound of a touch rule is checked where it is made, and names its field."""
    with pytest.raises(ModelError) as caught:
        rule(**fields)
    assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize("when", [None, fact("a"), True, "x"])
def test_rule_needs_a_criterion(when):
    """A rule's condition is a finished criterion."""
    with pytest.raises(ModelError) as caught:
        Rule("r", dimension="d", points=1, when=when)
    assert caught.value.code == "not-a-criterion"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (touch, "empty"),
        (lambda: touch(""), "bad-value"),
        (lambda: touch(5), "bad-value"),
        (lambda: touch("x", channel="fax"), "unknown-word"),
        (lambda: touch("x", outcome="great"), "unknown-word"),
        (lambda: touch("x", direction=5), "unknown-word"),
        (lambda: touch("x", topic=5), "bad-value"),
    ],
)
def test_impossible_match_is_refused(make, code):
    """A match names known words and texts, and at least one of them."""
    with pytest.raises(ModelError) as caught:
        make()
    assert caught.value.code == code


def test_match_of_one_kind():
    """One kind may be given as a text; repeated kinds count once."""
    assert TouchMatch(kinds="x").kinds == ("x",)
    assert touch("x", "y", "x").kinds == ("x", "y")


def test_rules_are_values():
    """Rules with the same fields are equal and have one hash."""
    first, second = rule(decay=half_life(days=3)), rule(decay=half_life(days=3))
    assert first == second
    assert hash(first) == hash(second)
