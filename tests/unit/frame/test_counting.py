"""Counting touches over a table, case by case, against the single score and a number by hand."""

from datetime import timedelta

import pytest

from nurturekit import frame
from nurturekit.frame.ways import plan_of
from nurturekit.records import Kind, Lead, Touch
from nurturekit.scoring import ScoringModel, TouchRule, half_life, linear, steps, touch, window
from tests.builders import MONDAY
from tests.tables import by_lead, tables_of

AS_OF = MONDAY + timedelta(hours=12)
LEAD = Lead(id="a")
HOUR_US = 3_600_000_000
MACHINE = {"opened": Kind.of(direction="inbound", human=False)}


def _rule(points=2, name="r", on=touch("visit"), **fields):  # noqa: B008 - frozen
    return TouchRule(name, dimension="web", points=points, on=on, **fields)


def _touches(*days, **fields):
    made = {"kind": "visit", **fields}
    return [
        Touch(id=f"t{at}", lead_id="a", occurred_at=AS_OF - timedelta(days=day), **made)
        for at, day in enumerate(days)
    ]


def _milli(rules, touches, **fields):
    """Return the score of a table of one lead, once it is seen to be the lead's own."""
    model = ScoringModel(rules=rules, minimum=-1_000_000, maximum=1_000_000, **fields)
    single = model.score(LEAD, touches, as_of=AS_OF).milli
    for engine in ("polars", "duckdb"):
        got = frame.score(tables_of(engine, [LEAD], touches), model, as_of=AS_OF)
        assert by_lead(got.table)["a"]["score_milli"] == single
    return single


def _assets(*assets):
    """Return touches of assets, one each day before."""
    return [
        Touch(
            id=f"t{day}",
            lead_id="a",
            kind="visit",
            asset=asset,
            occurred_at=AS_OF - timedelta(days=day),
        )
        for day, asset in enumerate(assets)
    ]


CASES = {
    "at most a thousand a day": ([_rule()], _touches(*[0] * 1001, 1), 2_002_000),
    "per day": ([_rule(per_day=2)], _touches(0, 0, 0, 1), 6_000),
    "units of value": ([_rule(per_value=5)], _touches(0, 0, 1, value=4.0), 2_000),
    "units of value, per day": ([_rule(per_value=1, per_day=3)], _touches(0, 0, value=4), 6_000),
    "less than a unit": ([_rule(per_value=5)], _touches(0, 1, value=4.999), 0),
    "a negative value is none": ([_rule(per_value=1)], _touches(0, value=-9), 0),
    "without values": ([_rule(per_value=1)], _touches(0), 0),
    "once per asset": (
        [_rule(once_per="asset", decay=linear(days=4))],
        _assets("a", "b", "a", None, None),
        2_000 + 1_500 + 500,
    ),
    "once ever, on the latest day": (
        [_rule(once_per="ever", decay=linear(days=4))],
        _touches(3, 1, 2),
        1_500,
    ),
    "negative points": ([_rule(-1.5)], _touches(0, 1), -3_000),
    "halves go away from zero": ([_rule(-0.001, decay=half_life(days=1))], _touches(1), -1),
    "at least, with touches": ([_rule(-2, at_least=-3)], _touches(0, 1), -3_000),
    "at least, without touches": ([_rule(at_least=5)], _touches(0, kind="other"), 5_000),
    "at most, without touches": ([_rule(at_most=-5)], [], -5_000),
    "a window's last day": ([_rule(decay=window(days=5))], _touches(4), 2_000),
    "a window's end": ([_rule(decay=window(days=5))], _touches(5), 0),
    "two windows": (
        [_rule(decay=window(days=2)), _rule(7, "s", touch("paper"), decay=window(days=9))],
        [*_touches(1, 3), *_touches(*range(50, 60))],
        2_000,
    ),
    "past the end of its table": (
        [_rule(decay=steps(keep_percent=50, every_days=1))],
        _touches(0, 400),
        2_000,
    ),
    "rules that share a way": (
        [_rule(), _rule(3, "s", decay=window(days=1)), _rule(-1, "u", per_day=1)],
        _touches(0, 0, 1),
        6_000 + 6_000 - 2_000,
    ),
    "every kind": (
        [_rule(on=touch(direction="inbound")), _rule(5, "s")],
        [*_touches(0, direction="inbound"), *_touches(1, 2)[1:]],
        2_000 + 10_000,
    ),
    "machines": (
        [_rule(), _rule(10, "s", bots=True)],
        [*_touches(0, automated=True), *_touches(1, 1)[1:]],
        2_000 + 20_000,
    ),
    "the future": ([_rule()], _touches(-0.1, 0), 2_000),
}


@pytest.mark.parametrize("name", CASES)
def test_touches_count_as_they_do_one_by_one(name):
    """Each way of counting gives the number that the formulas do, by columns as one by one."""
    rules, touches, wanted = CASES[name]
    assert _milli(rules, touches) == wanted


@pytest.mark.parametrize("hours", [-13, -12, 0, 11, 12])
def test_the_day_starts_where_the_model_says(hours):
    """Two touches an hour apart fall on one day or two, as the day's offset has it."""
    touches = [
        Touch(id=f"t{at}", lead_id="a", kind="visit", occurred_at=AS_OF - timedelta(hours=at))
        for at in (0, 1, 12, 13)
    ]
    found = _milli([_rule(per_day=1)], touches, day_offset_us=hours * HOUR_US)
    days = {(one.occurred_us + hours * HOUR_US) // (24 * HOUR_US) for one in touches}
    assert found == 2_000 * len(days)


def test_what_only_machines_do_scores_nothing():
    """Where a model's rules name only what machines do, and machines don't count, nothing does."""
    opened = touch("opened")
    assert _milli([_rule(on=opened)], _touches(0, kind="opened"), kinds=MACHINE) == 0
    rules = [_rule(on=opened, bots=True)]
    assert _milli(rules, _touches(0, kind="opened"), kinds=MACHINE) == 2_000


def test_a_model_without_rules_scores_nothing():
    """No rules, no dimensions, no points: 0, in a table too."""
    assert _milli([], _touches(0)) == 0


def test_rules_that_differ_only_in_worth_share_a_way():
    """Points, caps and decay make no way of their own; what is looked at does."""
    rules = [
        _rule(),
        _rule(9, "points"),
        _rule(name="caps", at_most=3, per_day=1),
        _rule(name="decay", decay=window(days=3)),
        _rule(name="bots", bots=True),
        _rule(name="once", once_per="ever"),
        _rule(name="unit", per_value=2),
        _rule(name="kind", on=touch("paper")),
        _rule(name="field", on=touch("visit", channel="web")),
    ]
    ways = plan_of(rules, {}).ways
    # In a slot stand rules that are about as wide.
    assert [tuple(sorted(way.rules)) for way in ways] == [
        (0, 1, 2, 3),
        (4,),
        (5,),
        (6,),
        (7,),
        (8,),
    ]
