"""The law of scored tables: any model's scores, and the rows that add up to them, on any engine."""

import random
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from nurturekit import frame
from nurturekit.criteria import days_since, fact, touches_count
from nurturekit.records import Fact, Kind, Lead, Opening, Touch
from nurturekit.scoring import (
    Band,
    Bands,
    Dimension,
    Grid,
    Positions,
    Rule,
    ScoringModel,
    TouchRule,
    constant,
    custom,
    half_life,
    linear,
    steps,
    touch,
    window,
)
from tests.tables import by_lead, differences, explained, explained_table, scored, tables_of

pytestmark = pytest.mark.usefixtures("new_york")

LEADS = 20
HOUR_US = 3_600_000_000
TODAY = datetime(2026, 3, 10, tzinfo=UTC)
# A day's edges, its middle, and the first days of the calendar.
MOMENTS = (
    TODAY + timedelta(hours=12),
    TODAY,
    TODAY - timedelta(microseconds=1),
    datetime(1970, 1, 4, 1, tzinfo=UTC),
)
KINDS = {
    "visit": Kind.of(direction="inbound", channel="web", position="awareness"),
    "paper": Kind.of(position="consideration"),
    "price": Kind.of(direction="inbound", position="decision", intent=True),
    "mail": Kind.of(direction="outbound", channel="email", style="mass"),
    "opened": Kind.of(direction="inbound", human=False, position="decision"),
}
DIMENSIONS = ("fit", "behaviour", "attraction")
DECAYS = (
    constant(),
    half_life(days=1),
    half_life(days=30),
    linear(days=4),
    steps(keep_percent=62.5, every_days=3),
    window(days=1),
    window(days=5),
    custom(lambda age: Fraction(1, age + 1) if age < 9 else Fraction(1, 10)),
)
WHENS = (
    fact("n") >= 50,
    ~(fact("n") < 50),
    fact("title").contains_any("vp", "head of"),
    fact("n").is_known() & fact("flag").equals(True),
    (fact("day") >= date(2026, 3, 1)) | fact("title").equals("chief"),
    fact("never").is_known(),
)
# More than the days from the calendar's first one to the latest moment.
LONG = 30_000
GRID = Grid(
    fit=Bands([Band("B", None, 5), Band("A", 5, None)]),
    engagement=Bands([Band("3", None, 0), Band("2", 0, 20.5), Band("1", 20.5, None)]),
)

points = st.integers(-40_000, 40_000).map(lambda milli: milli / 1000) | st.sampled_from(
    (1000, -1000, 0.001, 0, 5)
)
limits = st.integers(-60, 60) | st.none() | st.none()
kinds_looked_at = st.sampled_from((*KINDS, "visit", "never_described", "*", "*"))
channels_looked_at = st.sampled_from((None, None, "email", "web"))
counts = st.builds(
    touches_count,
    kinds_looked_at,
    days=st.sampled_from((None, 1, 2, 3, 7, LONG)),
    channel=channels_looked_at,
) | st.builds(days_since, kinds_looked_at, channel=channels_looked_at)


@st.composite
def counting(draw):
    """Draw a criterion that counts or dates touches, near what a lead has of them."""
    read, value = draw(counts), draw(st.sampled_from((0, 1, 1.5, 2, 3, 7)))
    return draw(
        st.sampled_from(
            (
                read >= value,
                ~(read >= value),
                read < value,
                read.equals(value),
                read.one_of(0, 2, 5),
                read.is_known(),
                (read > value) & fact("n").is_known(),
            )
        )
    )


matches = (
    st.builds(touch, st.sampled_from(tuple(KINDS)))
    | st.builds(
        touch,
        st.sampled_from(tuple(KINDS)),
        channel=st.sampled_from((None, "email", "web")),
        style=st.sampled_from((None, None, "mass")),
        outcome=st.sampled_from((None, None, "connected")),
        topic=st.sampled_from((None, None, "pricing")),
        asset=st.sampled_from((None, None, "a")),
    )
    | st.sampled_from(
        (
            touch("visit", "price"),
            touch(direction="inbound"),
            touch(direction="outbound", channel="email"),
            touch(campaign="spring"),
        )
    )
)


@st.composite
def touch_rules(draw, name):
    """Draw a touch rule whose caps are near what a few touches give."""
    low, high = draw(limits), draw(limits)
    if low is not None and high is not None and low > high:
        low, high = high, low
    once = draw(st.sampled_from(("none", "none", "asset", "ever")))
    return TouchRule(
        name,
        dimension=draw(st.sampled_from(DIMENSIONS)),
        points=draw(points),
        on=draw(matches),
        per_day=draw(st.sampled_from((None, None, 1, 2))),
        per_value=draw(st.sampled_from((None, 0.5, 5))) if once == "none" else None,
        once_per=once,
        at_least=low,
        at_most=high,
        decay=draw(st.sampled_from(DECAYS)),
        bots=draw(st.booleans()),
    )


@st.composite
def models(draw):
    """Draw a model of both kinds of rule; some have dimensions, bands, a grid and positions."""
    rules = [draw(touch_rules(f"t{number}")) for number in range(draw(st.integers(0, 6)))]
    chosen = draw(st.lists(st.sampled_from(WHENS) | counting(), max_size=5))
    rules += [
        Rule(
            f"s{number}", dimension=draw(st.sampled_from(DIMENSIONS)), points=draw(points), when=at
        )
        for number, at in enumerate(chosen)
    ]
    dimensions = []
    for name in DIMENSIONS[: draw(st.integers(0, 3))]:
        low, high = sorted((draw(st.integers(-60, 60)), draw(st.integers(-60, 60))))
        permille = draw(st.sampled_from((1000, 1000, 500, 333, 10_000, 0)))
        dimensions.append(Dimension(name, minimum=low, maximum=high, weight_permille=permille))
    kinds = draw(st.sampled_from(({}, KINDS, KINDS)))
    mixed = any(isinstance(rule, TouchRule) and len(rule.on.kinds) > 1 for rule in rules)
    positions = Positions({"awareness": 0.5, "consideration": -2, "decision": 4})
    return ScoringModel(
        rules=rules,
        dimensions=dimensions,
        minimum=draw(st.sampled_from((0, -1_000_000))),
        maximum=draw(st.sampled_from((100, 20, 1_000_000))),
        bands=draw(st.sampled_from((None, Bands([Band("low", None, 9.5), Band("high", 9.5)])))),
        grid=draw(st.sampled_from((None, GRID))) if not dimensions else None,
        positions=None if mixed else draw(st.sampled_from((None, positions))),
        kinds=kinds,
        day_offset_us=draw(st.sampled_from((0, HOUR_US, -5 * HOUR_US))),
    )


def people(rng, as_of):
    """Return leads with touches and facts: on day edges, several on one day, late, in the future.

    What is missing is missing in the whole table at times, as columns are.
    """
    columns = (*FIELDS, "recorded_at", "openings", "openings")
    without = {name for name in columns if rng.random() < 0.2}
    leads, records = [], []
    for number in range(LEADS):
        lead_id = f"lead-{number}"
        leads.append(Lead(id=lead_id, attributes=_attributes(rng)))
        touches = range(rng.choice((0, 1, 3, 6, 12)))
        facts = range(rng.choice((0, 0, 1, 4)))
        openings = range(0 if "openings" in without else rng.choice((0, 0, 1, 2)))
        records += [_touch(rng, as_of, lead_id, f"{lead_id}-t{at}", without) for at in touches]
        records += [_fact(rng, as_of, lead_id, f"{lead_id}-f{at}") for at in facts]
        records += [_opening(rng, as_of, lead_id, f"{lead_id}-o{at}") for at in openings]
    return leads, records


FIELDS = {
    "channel": (None, None, "email", "web"),
    "direction": (None, None, "inbound", "outbound"),
    "style": (None, "mass", "one_to_one"),
    "automated": (False, False, True),
    "asset": (None, "a", "b"),
    "topic": (None, "pricing"),
    "campaign": (None, "spring"),
    "outcome": (None, "connected"),
    "value": (None, 0.4995, 2.5, 5, -3, 17.25, 900_000),
}
ATTRIBUTES = {
    "n": (None, 49, 50, 51),
    "title": (None, "VP, Sales", "Head of it", "CHIEF", ""),
    "flag": (None, True, False),
    "day": (None, date(2026, 2, 28), date(2026, 3, 1)),
}
TOLD = {
    **ATTRIBUTES,
    "n": (None, 49.5, 50, float("nan"), "many"),
    "position": (None, "decision", "Consideration", "awareness", "elsewhere", 3),
}


def _attributes(rng):
    drawn = {name: rng.choice(values) for name, values in ATTRIBUTES.items()}
    return {name: value for name, value in drawn.items() if value is not None}


def _instant(rng, as_of):
    quarters = timedelta(hours=6) * rng.choice((*range(-6, 45), *range(9), 400))
    at = as_of - quarters + timedelta(microseconds=rng.choice((0, 0, 0, 1, -1)))
    return max(at, datetime(1970, 1, 1, tzinfo=UTC))


def _touch(rng, as_of, lead_id, touch_id, without):
    at = _instant(rng, as_of)
    drawn = {name: rng.choice(values) for name, values in FIELDS.items()}
    late = rng.choice((None, None, None, at + timedelta(hours=6), at + timedelta(days=3)))
    fields = {name: value for name, value in drawn.items() if name not in without}
    kind = rng.choice((*KINDS, "visit", "never_described"))
    return Touch(
        id=touch_id,
        lead_id=lead_id,
        kind=kind,
        occurred_at=at,
        recorded_at=None if "recorded_at" in without else late,
        **fields,
    )


def _fact(rng, as_of, lead_id, fact_id):
    name = rng.choice(tuple(TOLD))
    value = rng.choice(TOLD[name])
    at = _instant(rng, as_of)
    return Fact(id=fact_id, lead_id=lead_id, name=name, value=value, occurred_at=at)


def _opening(rng, as_of, lead_id, opening_id):
    at = _instant(rng, as_of)
    late = rng.choice((None, None, at + timedelta(days=1)))
    return Opening(id=opening_id, lead_id=lead_id, occurred_at=at, recorded_at=late)


scenes = st.tuples(models(), st.integers(0, 2**32), st.sampled_from(MOMENTS), st.booleans())


def _check(engine, scene):
    """Compare a table's scores and explanations with the leads' own; return how many aren't 0."""
    model, seed, as_of, is_late = scene
    leads, records = people(random.Random(seed), as_of)
    moment = {"as_of": as_of, "known_at": as_of + timedelta(days=2) if is_late else None}
    wanted, rows = {}, {}
    for lead in leads:
        mine = [record for record in records if record.lead_id == lead.id]
        score = model.score(lead, mine, **moment)
        wanted[lead.id], rows[lead.id] = scored(model, score), explained(score)
    tables = tables_of(engine, leads, records)
    got = frame.score(tables, model, explain="long", **moment)
    found = explained_table(got.contributions)
    assert differences(by_lead(got.table), wanted) == []
    for lead_id, row in wanted.items():
        assert found.get(lead_id, []) == rows[lead_id]
        assert sum(one["points_milli"] for one in found.get(lead_id, [])) == row["score_milli"]
    # Without an explanation, touches from before a window's start are left out early.
    assert differences(by_lead(frame.score(tables, model, **moment).table), wanted) == []
    return sum(row["score_milli"] != 0 for row in wanted.values())


@given(scenes)
def test_scores_of_a_table_are_those_of_its_leads(scene):
    """Whatever the model, every score column and every row that adds up to it is the lead's own."""
    event(f"{_check('polars', scene) // 5 * 5} scores or more aren't 0")


@pytest.mark.parametrize("engine", ["duckdb", "pandas-nullable", "pyarrow"])
@settings(max_examples=max(3, settings().max_examples // 30))
@given(scenes)
def test_scores_are_the_same_on_every_engine(engine, scene):
    """Other engines than polars say the same of fewer models."""
    _check(engine, scene)
