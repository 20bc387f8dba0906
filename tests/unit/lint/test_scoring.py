"""Rules, bands and gates that no lead can make matter are found, and nothing else."""

import pytest

from tests.unit.lint.cases import BANDS, FIT, PRICING, found, house, scored

GRID_BANDS = [
    {"label": "B", "to_points": 30},
    {"label": "A", "from_points": 30},
]


def test_a_good_playbook():
    """Where everything can work, nothing is found."""
    assert found(house()) == []
    assert found(scored(FIT, PRICING, bands=BANDS)) == []


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        (FIT | {"points": 0}, "points"),
        (PRICING | {"points": 0}, "points"),
        (PRICING | {"at_most": 0}, "at_most"),
        (PRICING | {"points": -5, "at_least": 0}, "at_least"),
        (PRICING | {"at_least": 10, "at_most": 10}, "at_most"),
        (PRICING | {"on": {"kind": "email_opened"}}, "on"),
        (
            FIT
            | {
                "when": {
                    "all": [
                        {"fact": "employees", "at_least": 500},
                        {"fact": "employees", "below": 50},
                    ]
                }
            },
            "when",
        ),
        (FIT | {"when": {"signal": "stage", "is": "inquirer"}}, "when"),
        (FIT | {"when": {"signal": "sales_ready", "is": True}}, "when"),
        (FIT | {"when": {"parameter": "pool", "is": "sales"}}, "when"),
    ],
    ids=[
        "a state rule of no points",
        "a touch rule of no points",
        "a cap at nothing",
        "a floor at nothing",
        "caps that meet",
        "only machines make the kind",
        "a condition that contradicts itself",
        "a word that the signal never says",
        "a signal that is only known after the score",
        "a parameter, bound after the score",
    ],
)
def test_a_dead_rule(rule, place):
    """A rule that gives the same whatever happens is found at the key that makes it so."""
    dead = rule | {"name": "dead"}
    assert found(scored(FIT, PRICING, dead)) == [("dead-rule", f"$.scoring.rules[dead].{place}")]


@pytest.mark.parametrize(
    "rule",
    [
        PRICING | {"on": {"kind": "email_opened"}, "bots": True},
        PRICING | {"on": {"kind": ["email_opened", "email_replied"]}},
        PRICING | {"on": {"direction": "inbound"}},
        FIT | {"when": {"fact": "title", "contains_any": ["vp"]}},
        FIT | {"when": {"signal": "stage", "is": "sal"}},
        FIT | {"when": {"touches": "pricing_viewed", "at_least": 3}},
        FIT | {"points": -10},
    ],
)
def test_a_rule_that_is_alive(rule):
    """A rule that some history makes matter isn't reported."""
    assert found(scored(FIT, PRICING, rule | {"name": "alive"})) == []


def test_dead_dimensions():
    """Limits that meet, and a weight of 0 that nothing else reads, are found at the dimension."""
    fit = {"name": "fit", "minimum": 5, "maximum": 5}
    more = FIT | {"name": "more", "dimension": "more", "points": 60}
    assert found(scored(FIT, PRICING, more, dimensions=[fit])) == [
        ("dead-rule", "$.scoring.dimensions[fit].maximum")
    ]
    weightless = {"name": "fit", "weight_permille": 0}
    assert found(scored(FIT, PRICING, dimensions=[weightless])) == [
        ("dead-rule", "$.scoring.dimensions[fit].weight_permille")
    ]
    read = {"unfit": {"signal": "score.fit", "below": 1}}
    scoring = {"rules": [FIT, PRICING], "dimensions": [weightless]}
    assert found(house(scoring=scoring, qualification=read)) == []
    grid = {"fit": GRID_BANDS, "engagement": [{"label": "1"}]}
    assert found(scored(FIT, PRICING, dimensions=[weightless], grid=grid)) == []


def test_a_total_without_room():
    """A total whose limits meet is found."""
    scoring = {"rules": [FIT, PRICING], "minimum": 60, "maximum": 60}
    assert ("dead-rule", "$.scoring.maximum") in found(house(scoring=scoring))


def test_bands_never_hit():
    """Bands, letters and digits above what the caps allow, or below, are found as warnings."""
    capped = PRICING | {"at_most": 29}
    assert found(scored(FIT, capped, bands=BANDS)) == [("band-never-hit", "$.scoring.bands[hot]")]
    grid = {
        "fit": [{"label": "B", "to_points": 40.001}, {"label": "A", "from_points": 40.001}],
        "engagement": [{"label": "2", "to_points": 1}, {"label": "1", "from_points": 1}],
    }
    assert found(scored(FIT, PRICING, grid=grid)) == [
        ("band-never-hit", "$.scoring.grid.fit[A]"),
        ("band-never-hit", "$.scoring.grid.engagement[1]"),
    ]


def test_a_band_at_the_greatest_total_is_hit():
    """A band that starts exactly at what the caps allow is hit: the arithmetic is exact."""
    bands = [{"label": "cold", "to_points": 65}, {"label": "hot", "from_points": 65}]
    assert found(scored(FIT, PRICING | {"at_most": 25}, bands=bands)) == []


def test_gates_out_of_reach():
    """An mql threshold above the greatest total is found, one at it isn't."""
    assert found(scored(FIT, PRICING | {"at_most": 20})) == []
    assert found(scored(FIT, PRICING | {"at_most": 19.999})) == [
        ("gate-out-of-reach", "$.qualification.mql_at")
    ]
    weighted = [{"name": "interest", "weight_permille": 333}]
    assert found(scored(FIT, PRICING, dimensions=weighted)) == [
        ("gate-out-of-reach", "$.qualification.mql_at")
    ]


def test_what_fades_to_nothing_has_a_greatest_sum():
    """Without a cap, per day and decay say how much there can be."""
    daily = PRICING | {"points": 5, "per_day": 1, "decay": {"window_days": 4}}
    del daily["at_most"]
    assert found(scored(FIT, daily)) == []
    shorter = daily | {"decay": {"window_days": 3}}
    assert found(scored(FIT, shorter)) == [("gate-out-of-reach", "$.qualification.mql_at")]
    once = daily | {"once_per": "ever", "decay": {"window_days": 30}}
    assert found(scored(FIT, once)) == [("gate-out-of-reach", "$.qualification.mql_at")]


def test_recycling_that_never_happens():
    """A total never below `recycle_below` is found; so is bad fit that can't be."""
    base = FIT | {"points": 40, "name": "all", "when": {"fact": "employees", "known": True}}
    scoring = {"rules": [base, PRICING], "minimum": 30}
    assert found(house(scoring=scoring)) == [("gate-out-of-reach", "$.qualification.recycle_below")]
    unfit = {"unfit": {"signal": "score.fit", "below": 0}}
    assert found(house(qualification=unfit)) == [("gate-out-of-reach", "$.qualification.unfit")]
    no_such = {"unfit": {"signal": "score.fitness", "below": 10}}
    assert found(house(qualification=no_such)) == [("gate-out-of-reach", "$.qualification.unfit")]


def test_positions_out_of_reach():
    """A threshold above what the position's rules can give is found, also without any rule."""
    reached = {"decision": 60}
    assert found(scored(FIT, PRICING, positions=reached)) == []
    beyond = {"decision": 60.001}
    assert found(scored(FIT, PRICING, positions=beyond)) == [
        ("gate-out-of-reach", "$.scoring.positions.decision")
    ]
    none = {"awareness": 1, "decision": 60}
    assert found(scored(FIT, PRICING, positions=none)) == [
        ("gate-out-of-reach", "$.scoring.positions.awareness")
    ]


def test_without_described_kinds_every_touch_counts():
    """Where no kinds are described, a touch rule may count anything."""
    opened = PRICING | {"name": "opened", "on": {"kind": "email_opened"}}
    scoring = {"rules": [FIT, PRICING, opened]}
    assert found(house(kinds={}, scoring=scoring)) == []
