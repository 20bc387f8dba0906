import copy
import pickle
from datetime import UTC, date, datetime, timedelta

import attrs
import pytest

from nurturekit.criteria import fact, signal, touches_count
from nurturekit.errors import ModelError, RecordError
from nurturekit.records import Fact, History, Kind, Lead, Situation, Touch
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
    half_life,
    touch,
    window,
)
from nurturekit.vocabulary import FunnelPosition

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
LEAD = Lead(id="l1")


def made(days_ago=0, kind="x", number=0, **fields):
    """Return a touch so many days ago."""
    at = NOON - timedelta(days=days_ago)
    given = {"id": f"{kind}-{days_ago}-{number}", "lead_id": "l1", "kind": kind, "occurred_at": at}
    return Touch(**given | fields)


def rule(name="r", **fields):
    """Return a touch rule worth 10 points."""
    given = {"dimension": "d", "points": 10, "on": touch("x")}
    return TouchRule(name, **given | fields)


def model(*rules, **fields):
    """Return a model whose total is hardly limited."""
    return ScoringModel(rules=rules, **{"minimum": -1000, "maximum": 1000} | fields)


def milli(rules, *records, as_of=NOON, lead=LEAD, **fields):
    """Score both ways, with rows and without, and check that the rows add up."""
    scoring = model(*rules, **fields)
    score = scoring.score(lead, records, as_of=as_of)
    plain = scoring.score(lead, records, as_of=as_of, contributions=False)
    assert sum(row.milli for row in score.contributions) == score.milli == plain.milli
    assert plain.contributions == ()
    assert plain.dimensions == score.dimensions
    return score.milli


def rows(*rules, records=(), **fields):
    """Return the rows of a score by level and name."""
    score = model(*rules, **fields).score(LEAD, records, as_of=NOON)
    return {(row.level, row.name): row for row in score.contributions}


def test_state_rule_counts_while_it_holds():
    """A rule gives its points while its criterion holds, else nothing."""
    asked = Rule("big", dimension="fit", points=5, when=fact("employees") >= 50)
    assert milli([asked], lead=Lead(id="l1", attributes={"employees": 50})) == 5_000
    assert milli([asked], lead=Lead(id="l1", attributes={"employees": 49})) == 0


def test_unknown_rule_gives_nothing_and_says_so():
    """A rule whose criterion is unknown gives 0, and its row names what is unknown."""
    asked = Rule("big", dimension="fit", points=5, when=fact("employees") >= 50)
    row = rows(asked)["rule", "big"]
    assert (row.milli, row.unknown) == (0, ("fact:employees",))
    assert "unknown: fact:employees" in model(asked).score(LEAD, [], as_of=NOON).explain()


def test_state_rule_cites_its_fact():
    """A rule that rests on a fact cites it; a column has no id to cite."""
    asked = Rule("big", dimension="fit", points=5, when=fact("employees") >= 50)
    learned = Fact(id="f1", lead_id="l1", occurred_at=NOON, name="employees", value=60)
    assert rows(asked, records=[learned])["rule", "big"].cites == ("f1",)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, 40_000),
        ({"per_day": 1}, 20_000),
        ({"per_day": 2}, 30_000),
        ({"at_most": 15}, 15_000),
        ({"at_least": 50}, 50_000),
        ({"points": -10}, -40_000),
        ({"points": -10, "at_least": -15}, -15_000),
        ({"once_per": "ever"}, 10_000),
        ({"once_per": "asset"}, 20_000),
        ({"decay": window(days=1)}, 30_000),
        ({"decay": window(days=1), "per_day": 1}, 10_000),
        ({"decay": half_life(days=1)}, 35_000),
        ({"decay": half_life(days=1), "per_day": 1}, 15_000),
        ({"decay": half_life(days=1), "once_per": "asset"}, 20_000),
    ],
)
def test_counting(fields, expected):
    """Per day, caps, once per asset and decay act as written: three today, one yesterday."""
    records = [
        made(0, number=1, asset="a"),
        made(0, number=2, asset="a"),
        made(0, number=3),
        made(1, number=4, asset="a"),
    ]
    assert milli([rule(**fields)], *records) == expected


def test_row_says_how_points_come_about():
    """Raw, decay and cap loss of a row add up to what it gives."""
    records = [made(0, number=n) for n in range(3)] + [made(1)]
    row = rows(rule(per_day=2, at_most=20, decay=half_life(days=1)), records=records)["rule", "r"]
    assert row.raw_milli == 40_000
    assert row.decayed_milli == -5_000
    assert row.capped_milli == -15_000
    assert row.milli == 20_000
    assert row.cites == ("x-1-0", "x-0-0", "x-0-1", "x-0-2")


def test_row_of_a_rule_counted_once_cites_the_latest():
    """Of touches that share an asset the latest is cited."""
    records = [made(1, asset="a"), made(0, asset="a"), made(2)]
    row = rows(rule(once_per="asset"), records=records)["rule", "r"]
    assert row.cites == ("x-2-0", "x-0-0")
    assert (row.raw_milli, row.capped_milli) == (30_000, -10_000)


def test_at_least_counts_without_touches():
    """A floor above zero is given even without a touch."""
    assert milli([rule(at_least=5)]) == 5_000
    assert rows(rule(at_least=5))["rule", "r"].capped_milli == 5_000
    assert milli([rule(at_most=-5)]) == -5_000


@pytest.mark.parametrize(
    ("values", "units"),
    [
        ((4.9, 0.1), 1),
        ((4.9, 0.0994), 0),
        ((4.9, 0.0995), 1),
        ((12, None, -7), 2),
        ((float("nan"), 5), 1),
        ((), 0),
        ((1_000_000,), 3),
    ],
)
def test_whole_units_of_value(values, units):
    """Whole units of the day's summed values count, each rounded half up to thousandths."""
    records = [made(0, number=n, value=value) for n, value in enumerate(values)]
    assert milli([rule(per_value=5, per_day=3)], *records) == units * 10_000


def test_values_of_different_days_do_not_add_up():
    """Two halves of a unit on two days make no unit; raw counts units before `per_day`."""
    counting = rule(per_value=5, per_day=1)
    assert milli([counting], made(0, value=4), made(1, value=4)) == 0
    row = rows(counting, records=[made(0, value=15)])["rule", "r"]
    assert (row.raw_milli, row.capped_milli) == (30_000, -20_000)


@pytest.mark.parametrize(
    ("fields", "counted"),
    [
        ({"automated": True, "direction": "inbound"}, False),
        ({"automated": True}, False),
        ({"automated": True, "direction": "outbound"}, True),
        ({"direction": "inbound"}, True),
    ],
)
def test_machines_in_the_leads_name_score_nothing(fields, counted):
    """An inbound automated touch scores only where a rule says so."""
    assert milli([rule()], made(**fields)) == (10_000 if counted else 0)
    assert milli([rule(bots=True)], made(**fields)) == 10_000


def test_kind_says_direction_and_humanity():
    """What a touch leaves out its kind says: machine kinds score nothing, outbound mails do."""
    kinds = {"x": Kind(human=False), "mail": Kind.of(direction="outbound", channel="email")}
    mail = made(kind="mail", automated=True)
    assert milli([rule()], made(), kinds=kinds) == 0
    assert milli([rule(bots=True)], made(), kinds=kinds) == 10_000
    assert milli([rule(on=touch("mail"))], mail, kinds=kinds) == 10_000
    assert milli([rule(on=touch(channel="email"))], mail, kinds=kinds) == 10_000
    assert milli([rule(on=touch(channel="phone"))], mail, kinds=kinds) == 0


def test_match_needs_everything_given():
    """A touch counts where everything that the rule names agrees."""
    call = made(kind="call", channel="phone", outcome="connected", topic="price", campaign="c")
    for fields in ({"outcome": "connected"}, {"topic": "price", "campaign": "c"}, {}):
        assert milli([rule(on=touch("call", **fields))], call) == 10_000
    for fields in ({"outcome": "voicemail"}, {"topic": "Price"}, {"asset": "a"}, {"style": "mass"}):
        assert milli([rule(on=touch("call", **fields))], call) == 0
    assert milli([rule(on=touch(channel="phone"))], call, made(kind="y")) == 10_000


def test_unknown_kind_scores_nothing_and_is_reported():
    """Where kinds are described, touches of others are counted by kind and score nothing."""
    kinds = {"x": Kind()}
    scoring = model(rule(on=touch(direction="inbound")), kinds=kinds)
    records = [made(direction="inbound"), made(kind="z", direction="inbound"), made(1, kind="y")]
    score = scoring.score(LEAD, records, as_of=NOON)
    assert score.milli == 10_000
    assert score.unknown_kinds == {"y": 1, "z": 1}
    earlier = scoring.score(LEAD, records, as_of=NOON - timedelta(hours=1))
    assert earlier.unknown_kinds == {"y": 1}
    assert model(rule()).score(LEAD, records, as_of=NOON).unknown_kinds == {}


def test_dimension_is_limited_then_weighted():
    """A dimension is limited, weighed with halves away from zero, and the total limited."""
    dimensions = [Dimension("d", maximum=0.005, weight_permille=500)]
    found = rows(rule(), records=[made()], dimensions=dimensions)
    assert found["limit", "d"].milli == 5 - 10_000
    assert found["weight", "d"].milli == 3 - 5
    assert milli([rule()], made(), dimensions=dimensions) == 3
    assert milli([rule()], made(), maximum=7) == 7_000
    assert rows(rule(), records=[made()], maximum=7)["total", "total"].milli == -3_000


def test_score_holds_limited_dimensions():
    """Dimensions are reported limited but not weighted, those given first."""
    scoring = model(rule(dimension="b"), dimensions=[Dimension("a", minimum=1, weight_permille=0)])
    score = scoring.score(LEAD, [made()], as_of=NOON)
    assert dict(score.dimensions) == {"a": 1_000, "b": 10_000}
    assert score.milli == 10_000


def test_total_is_0_to_100_by_default():
    """Without limits of one's own the total lies between 0 and 100."""
    scoring = ScoringModel(rules=[rule(points=-5), rule("s", points=1000, on=touch("y"))])
    assert scoring.score(LEAD, [made()], as_of=NOON).milli == 0
    assert scoring.score(LEAD, [made(kind="y")], as_of=NOON).milli == 100_000


def test_only_what_is_visible_counts():
    """Later touches and those recorded later score nothing yet."""
    late = made(3, number=1, recorded_at=NOON + timedelta(days=1))
    history = History([made(0), made(-1), late])
    scoring = model(rule())
    assert scoring.score(LEAD, history, as_of=NOON).milli == 10_000
    week = NOON + timedelta(days=7)
    assert scoring.score(LEAD, history, as_of=week).milli == 30_000
    assert scoring.score(LEAD, history, as_of=week, known_at=NOON).milli == 10_000
    assert scoring.score(LEAD, history, as_of=NOON - timedelta(days=9)).milli == 0


def test_a_day_seen_in_part():
    """At noon only the morning's touches count, from a history that knows the evening's."""
    morning, evening = NOON - timedelta(hours=3), NOON + timedelta(hours=3)
    touches = [
        made(number=n, occurred_at=at, value=3) for n, at in enumerate([morning, morning, evening])
    ]
    history = History([*touches, made(2, number=9, value=3)])
    counting = model(
        rule(decay=half_life(days=1)),
        rule("v", per_value=1, decay=half_life(days=1), on=touch("x")),
        rule("y", on=touch("y")),
    )
    assert counting.score(LEAD, history, as_of=evening).milli == (30 + 2.5 + 90 + 7.5) * 1000
    assert counting.score(LEAD, history, as_of=NOON).milli == (20 + 2.5 + 60 + 7.5) * 1000
    assert counting.score(LEAD, history, as_of=NOON - timedelta(days=1)).milli == 20_000


def test_day_offset_moves_the_day():
    """Where the day starts is the model's to say."""
    night = made(occurred_at=datetime(2026, 3, 9, 23, 30, tzinfo=UTC))
    counting = rule(decay=window(days=1))
    assert milli([counting], night) == 0
    assert milli([counting], night, day_offset_us=3_600_000_000) == 10_000


def test_revised_touch_counts_once():
    """Two versions of one touch are one touch, of the higher revision."""
    first, second = made(), made(revision=1, kind="x", topic="t")
    assert milli([rule()], first, second) == 10_000
    assert milli([rule(on=touch(topic="t"))], first, second) == 10_000


def test_cache_holds_few_models():
    """A set of touches keeps tallies for a few models only, and still scores with all."""
    history = History([made()])
    for points in range(1, 20):
        scored = model(rule(points=points)).score(LEAD, history, as_of=NOON)
        assert scored.milli == points * 1000
    assert len(history.touch_cache()) <= 8


def test_model_survives_pickle_and_copy():
    """A model that has scored can be sent to another process, or copied, or changed."""
    scoring = model(rule(decay=constant()), Rule("k", dimension="d", points=1, when=fact("a") >= 1))
    before = scoring.score(LEAD, [made()], as_of=NOON)
    for twin in (pickle.loads(pickle.dumps(scoring)), copy.deepcopy(scoring)):  # noqa: S301
        assert twin == scoring
        assert twin.score(LEAD, [made()], as_of=NOON) == before
    assert attrs.evolve(scoring, maximum=3).score(LEAD, [made()], as_of=NOON).milli == 3_000


POSITIONS = Positions({"consideration": 5, "decision": 12})
KINDS = {
    "read": Kind(position=FunnelPosition.AWARENESS),
    "webinar": Kind(position=FunnelPosition.CONSIDERATION),
    "price": Kind(position=FunnelPosition.DECISION),
    "other": Kind(),
}
POSITION_RULES = (
    rule("read", on=touch("read")),
    rule("webinar", on=touch("webinar")),
    rule("price", on=touch("price"), points=6),
    rule("other", on=touch("other")),
    rule("all", on=touch(direction="inbound")),
)


def position(*records, positions=POSITIONS, contributions=True):
    """Return the position of the records, the same with rows and without."""
    scoring = model(*POSITION_RULES, kinds=KINDS, positions=positions)
    with_rows = scoring.score(LEAD, records, as_of=NOON)
    without = scoring.score(LEAD, records, as_of=NOON, contributions=False)
    assert with_rows.position == without.position
    return with_rows.position


def told(days_ago, value):
    """Return the fact that a conversation so many days ago left."""
    at = NOON - timedelta(days=days_ago)
    return Fact(id="f", lead_id="l1", occurred_at=at, name="position", value=value)


def test_position_needs_enough_evidence():
    """A position is reached when its own rules give enough, the highest one counts (S0-4)."""
    assert position(made(kind="read"), made(kind="other")) is None
    assert position(made(kind="webinar")) is FunnelPosition.CONSIDERATION
    assert position(made(kind="price"), made(kind="webinar")) is FunnelPosition.CONSIDERATION
    assert position(made(kind="price"), made(1, kind="price")) is FunnelPosition.DECISION


def test_conversation_sets_the_position():
    """A fact sets the position until a newer touch of a higher position (S3-5)."""
    prices = made(3, kind="price"), made(4, kind="price")
    assert position(told(2, "Awareness"), *prices) is FunnelPosition.AWARENESS
    assert position(told(2, "awareness"), *prices, made(kind="read")) is FunnelPosition.AWARENESS
    assert position(told(2, "awareness"), *prices, made(kind="webinar")) is FunnelPosition.DECISION
    robot = made(kind="webinar", automated=True)
    assert position(told(2, "awareness"), *prices, robot) is FunnelPosition.AWARENESS


def test_higher_touch_never_lowers_the_position():
    """A touch of a higher position whose evidence isn't enough leaves what was told."""
    assert position(told(2, "consideration"), made(kind="price")) is FunnelPosition.CONSIDERATION
    assert position(told(2, "decision"), made(kind="webinar")) is FunnelPosition.DECISION


def test_position_can_be_told_without_thresholds():
    """A fact sets the position in a model without thresholds; nonsense sets none."""
    assert position(told(2, "decision"), positions=None) is FunnelPosition.DECISION
    assert position(told(2, "manager"), positions=None) is None
    assert position(told(2, None), made(kind="webinar")) is FunnelPosition.CONSIDERATION
    assert position(positions=None) is None


def test_grade_and_band():
    """A model with a grid grades; one with bands says in which the total lies."""
    scoring = ScoringModel(
        rules=[rule(dimension="fit")],
        bands=Bands([Band("cold", 0, 30), Band("hot", 30, 100)]),
        grid=Grid(fit=Bands([Band("B", None, 10), Band("A", 10)]), engagement=Bands([Band("1")])),
    )
    score = scoring.score(LEAD, [made()], as_of=NOON)
    assert score.grade == "A1"
    assert scoring.band(score) == "cold"
    assert model().band(score) is None


def test_measure_takes_a_situation():
    """A situation can be measured directly, with the answers it holds."""
    situation = Situation(LEAD, [made()], as_of=NOON)
    counted = Rule("busy", dimension="d", points=1, when=touches_count("x", days=1) >= 1)
    assert model(counted).measure(situation).milli == 1_000


KNOWN = fact("a").is_known()


@pytest.mark.parametrize(
    ("make", "code", "path"),
    [
        (lambda: model(rule(), rule()), "duplicate-name", "rules[1].name"),
        (lambda: model("x"), "bad-type", "rules[0]"),
        (lambda: model(*(rule(str(n)) for n in range(1001))), "too-many", "rules"),
        (
            lambda: model(dimensions=[Dimension("a"), Dimension("a")]),
            "duplicate-name",
            "dimensions[1].name",
        ),
        (lambda: model(minimum=5, maximum=4), "bad-range", "maximum"),
        (lambda: model(maximum=1e7), "out-of-range", "limit"),
        (lambda: model(bands=Bands([Band("a", 0, 5)])), "bands-gap", "bands"),
        (
            lambda: model(
                rule(dimension="fit"),
                grid=Grid(fit=Bands([Band("a", 0, 5)]), engagement=Bands([Band("b")])),
            ),
            "bands-gap",
            "grid.fit",
        ),
        (
            lambda: model(Rule("r", dimension="d", points=1, when=KNOWN & (signal("score") > 1))),
            "circular",
            "rules[0].when",
        ),
        (
            lambda: model(Rule("r", dimension="d", points=1, when=signal("score.d") > 1)),
            "circular",
            "rules[0].when",
        ),
        (lambda: model(rule(on=touch("y")), kinds={"x": Kind()}), "unknown-kind", "rules[0].on"),
        (
            lambda: model(rule(on=touch("read", "price")), kinds=KINDS, positions=POSITIONS),
            "mixed-positions",
            "rules[0].on",
        ),
        (
            lambda: model(rule(on=touch("other", "price")), kinds=KINDS, positions=POSITIONS),
            "mixed-positions",
            "rules[0].on",
        ),
    ],
)
def test_impossible_model_is_refused(make, code, path):
    """A model that can't work is an error at its place when it is made."""
    with pytest.raises(ModelError) as caught:
        make()
    assert (caught.value.code, caught.value.path) == (code, path)


def test_mixed_positions_matter_only_with_thresholds():
    """Without thresholds a rule may count kinds of several positions."""
    assert milli([rule(on=touch("read", "price"))], made(kind="read"), kinds=KINDS) == 10_000


def test_naive_instant_is_refused():
    """The instant of judgement is aware."""
    with pytest.raises(RecordError) as caught:
        model(rule()).score(LEAD, [], as_of=datetime(2026, 1, 1))
    assert caught.value.code == "naive-datetime"


def test_dates_and_texts_score_too():
    """State rules hold on dates and texts as on numbers."""
    asked = Rule("young", dimension="fit", points=1, when=fact("founded") >= date(2020, 1, 1))
    assert milli([asked], lead=Lead(id="l1", attributes={"founded": date(2021, 1, 1)})) == 1_000
