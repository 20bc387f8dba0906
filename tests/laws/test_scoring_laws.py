"""Laws of scoring, against the formulas written down again with fractions and no cache."""

from collections import Counter, defaultdict
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise
from math import floor

import attrs
import pytest
from hypothesis import event, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from nurturekit.criteria import fact
from nurturekit.records import History, Kind, Lead, Situation, Touch
from nurturekit.scoring import (
    Band,
    Bands,
    Dimension,
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
from nurturekit.scoring.amounts import day_milli
from nurturekit.scoring.points import weighted

# Few examples have touches that count once, or a day that doesn't start at midnight, and no limit.
MORE = settings(max_examples=max(400, settings().max_examples))
DAY_US = 86_400_000_000
AS_OF_US = 20_522 * DAY_US + DAY_US // 2
KINDS = ("visit", "price", "demo")
DIMENSIONS = ("fit", "behaviour")
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

points = st.integers(-40_000, 40_000).map(lambda milli: milli / 1000) | st.sampled_from(
    (1000, -1000, 0.001, 0, 5)
)
decays = st.sampled_from(DECAYS)
limits = st.integers(-60, 60) | st.none() | st.none()
matches = st.builds(
    touch,
    st.sampled_from(KINDS),
    channel=st.sampled_from((None, None, "email", "web")),
    asset=st.sampled_from((None, None, "a")),
) | st.just(touch(direction="inbound"))


@st.composite
def touch_rules(draw, name):
    """Draw a touch rule whose caps are near what a few touches give."""
    low, high = draw(limits), draw(limits)
    if low is not None and high is not None and low > high:
        low, high = high, low
    counts_value = draw(st.booleans())
    return TouchRule(
        name,
        dimension=draw(st.sampled_from(DIMENSIONS)),
        points=draw(points),
        on=draw(matches),
        per_day=draw(st.sampled_from((None, 1, 2, 1000))),
        per_value=draw(st.sampled_from((0.5, 5))) if counts_value else None,
        once_per="none" if counts_value else draw(st.sampled_from(("none", "asset", "ever"))),
        at_least=low,
        at_most=high,
        decay=draw(decays),
        bots=draw(st.booleans()),
    )


@st.composite
def models(draw):
    """Draw a model of touch rules and state rules on attributes that may be unknown."""
    rules = [draw(touch_rules(f"t{number}")) for number in range(draw(st.integers(1, 4)))]
    rules += [
        Rule(f"s{number}", dimension="fit", points=draw(points), when=fact(name) >= 50)
        for number, name in enumerate(draw(st.lists(st.sampled_from(("n", "m")), max_size=2)))
    ]
    dimensions = []
    for name in DIMENSIONS:
        low, high = sorted((draw(st.integers(-60, 60)), draw(st.integers(-60, 60))))
        permille = draw(st.sampled_from((1000, 1000, 500, 333, 10_000, 0)))
        dimensions.append(Dimension(name, minimum=low, maximum=high, weight_permille=permille))
    return ScoringModel(
        rules=rules,
        dimensions=draw(st.sampled_from((dimensions, dimensions[:1], [], []))),
        maximum=draw(st.sampled_from((100, 20, 1_000_000, 1_000_000))),
        minimum=draw(st.sampled_from((0, -1_000_000, -1_000_000))),
        kinds=draw(st.sampled_from(({}, {kind: Kind.of(direction="inbound") for kind in KINDS}))),
        day_offset_us=draw(st.sampled_from((0, 3_600_000_000, -18_000_000_000))),
    )


# Ages in quarter days and one microsecond either side: day edges, several on one day, the future.
ages = st.builds(
    lambda quarter, extra: quarter * (DAY_US // 4) + extra,
    st.integers(-6, 45),
    st.sampled_from((0, 0, 1, -1)),
)
instants = ages.map(lambda age: AS_OF_US - age)
# When to score: half of the time most touches have happened.
moments = instants | st.sampled_from([AS_OF_US, AS_OF_US + 1, AS_OF_US + DAY_US])


def at(us):
    """Return the instant of epoch microseconds."""
    seconds, micro = divmod(us, 10**6)
    return datetime.fromtimestamp(seconds, tz=UTC).replace(microsecond=micro)


@st.composite
def histories(draw):
    """Draw touches on few days, with values, assets, machines and late arrivals."""
    made = []
    for number in range(draw(st.integers(0, 12))):
        us = draw(instants)
        late = draw(st.sampled_from((0, 0, 0, 0, DAY_US // 4, 3 * DAY_US)))
        made.append(
            Touch(
                id=f"t{number}",
                lead_id="l1",
                kind=draw(st.sampled_from((*KINDS, "undescribed"))),
                occurred_at=at(us),
                recorded_at=at(us + late),
                channel=draw(st.sampled_from((None, "email"))),
                direction=draw(st.sampled_from((None, "inbound", "outbound"))),
                automated=draw(st.sampled_from((False, False, True))),
                asset=draw(st.sampled_from((None, "a", "b"))),
                value=draw(st.sampled_from((None, 0.4995, 2.5, 5, -3, 17.25))),
            )
        )
    return made


leads = st.dictionaries(
    st.sampled_from(("n", "m")), st.sampled_from((49, 50, None, "many", float("nan")))
).map(lambda known: Lead(id="l1", attributes=known))


def half_up(number):
    """Round half up."""
    return floor(number + Fraction(1, 2))


def half_away(number):
    """Round half away from zero."""
    return half_up(abs(number)) * (1 if number >= 0 else -1)


def limited(value, low, high):
    """Limit milli-points by what is given in points."""
    value = value if low is None else max(value, 1000 * Fraction(str(low)))
    return value if high is None else min(value, 1000 * Fraction(str(high)))


def counts(rule, touches, kinds):
    """Return the touches that a rule counts, as the words of the rule go."""
    chosen = []
    for one in touches:
        described = kinds.get(one.kind)
        if kinds and described is None:
            continue
        direction = one.direction or (described and described.direction)
        if one.automated and direction != "outbound" and not rule.bots:
            continue
        agrees = (
            one.kind in (rule.on.kinds or (one.kind,))
            and rule.on.channel in (None, one.channel)
            and rule.on.direction in (None, direction)
            and rule.on.asset in (None, one.asset)
        )
        chosen += [one] if agrees else []
    if rule.once_per != "none":
        by_asset = rule.once_per == "asset"
        latest = {}
        for one in sorted(chosen, key=lambda one: one.occurred_us):
            latest[one.asset if by_asset else None] = one
        chosen = list(latest.values())
    return chosen


def rule_by_hand(rule, touches, kinds, today, offset):
    """Return a touch rule's milli-points, and whether a cap acted."""
    days = defaultdict(list)
    for one in counts(rule, touches, kinds):
        days[(one.occurred_us + offset) // DAY_US].append(one)
    total, cap_loss = 0, False
    for day, members in days.items():
        count = len(members)
        if rule.per_value is not None:
            worth = sum(max(half_up(Fraction((one.value or 0) * 1000)), 0) for one in members)
            count = worth // (1000 * Fraction(str(rule.per_value)))
        cap_loss = cap_loss or count > (rule.per_day or 1000)
        count = min(count, rule.per_day or 1000)
        weights = rule.decay.weights
        weight = Fraction(weights[min(today - day, len(weights) - 1)], 10**6)
        total += half_away(1000 * Fraction(str(rule.points)) * count * weight)
    final = limited(total, rule.at_least, rule.at_most)
    return final, cap_loss or final != total


def by_hand(model, lead, touches, as_of_us, known_us=None):
    """Score from the definition: no cache, no order, fractions throughout."""
    known_us = as_of_us if known_us is None else known_us
    seen = [one for one in touches if one.occurred_us <= as_of_us and one.recorded_us <= known_us]
    today = (as_of_us + model.day_offset_us) // DAY_US
    sums, capped = defaultdict(int), False
    for rule in model.rules:
        sums[rule.dimension] += 0
        if isinstance(rule, Rule):
            value = lead.attributes.get(rule.when.signal.fact)
            if isinstance(value, int) and value >= 50:
                sums[rule.dimension] += 1000 * Fraction(str(rule.points))
            continue
        milli, is_capped = rule_by_hand(rule, seen, model.kinds, today, model.day_offset_us)
        sums[rule.dimension] += milli
        capped = capped or is_capped
    total = 0
    given_dimensions = {dimension.name: dimension for dimension in model.dimensions}
    for name in {*sums, *given_dimensions}:
        dimension = given_dimensions.get(name, Dimension(name))
        milli = limited(sums[name], dimension.minimum, dimension.maximum)
        total += half_away(milli * Fraction(dimension.weight_permille, 1000))
    return limited(total, model.minimum, model.maximum), capped


def measured(model, lead, records, us, **options):
    """Score records, or a history, at epoch microseconds."""
    history = records if isinstance(records, History) else History(records)
    return model.score(lead, history, as_of=at(us), **options)


@MORE
@given(models(), leads, histories(), moments)
def test_score_is_what_the_formulas_say(model, lead, touches, us):
    """The score is, to the milli-point, what the written formulas give."""
    expected, capped = by_hand(model, lead, touches, us)
    event("a cap acted" if capped else "no cap acted")
    assert measured(model, lead, touches, us).milli == expected
    assert measured(model, lead, touches, us, contributions=False).milli == expected


def test_caps_are_reached():
    """At least one example in twenty of the law above hits a cap of a rule."""
    hits = Counter()

    @settings(max_examples=200, database=None)
    @given(models(), leads, histories(), moments)
    def count(model, lead, touches, us):
        hits[by_hand(model, lead, touches, us)[1]] += 1

    count()
    assert hits[True] >= 0.05 * hits.total()


@given(models(), leads, histories(), moments)
def test_contributions_add_up(model, lead, touches, us):
    """Rows add up to the total; each row's raw, decay and cap loss add up to what it gives."""
    score = measured(model, lead, touches, us)
    rows = score.contributions
    assert sum(row.milli for row in rows) == score.milli
    for row in rows:
        assert row.raw_milli + row.decayed_milli + row.capped_milli == row.milli
    for name, milli in score.dimensions.items():
        own = [r for r in rows if r.dimension == name and r.level in ("rule", "limit")]
        assert sum(row.milli for row in own) == milli
    assert [row.name for row in rows if row.level == "rule"] == [rule.name for rule in model.rules]
    cited = {touch_id for row in rows for touch_id in row.cites}
    assert cited <= {one.id for one in touches if one.occurred_us <= us}


@given(models(), leads, histories(), moments)
def test_decay_takes_towards_zero(model, lead, touches, us):
    """Age never adds: it takes from what is raw, towards zero."""
    for row in measured(model, lead, touches, us).contributions:
        rule = next((rule for rule in model.rules if rule.name == row.name), None)
        sign = 0 if rule is None else rule.points_milli
        assert row.decayed_milli * sign <= 0


@given(models(), leads, histories(), st.lists(moments, min_size=1, max_size=4))
def test_cache_changes_nothing(model, lead, touches, moments):
    """A score is the same afresh, from a history scored before, and from one cut short."""
    kept = History(touches)
    for us in moments:
        again = measured(model, lead, kept, us)
        assert again == measured(model, lead, touches, us)
        assert again == measured(attrs.evolve(model), lead, kept, us)
        prefix = [one for one in touches if one.recorded_us <= us]
        event("prefix" if len(prefix) < len(touches) else "whole")
        assert again == measured(model, lead, prefix, us)


@given(models(), leads, histories(), moments, moments)
def test_known_at_counts(model, lead, touches, us, known_us):
    """Only what was recorded by then counts, whatever has been scored before."""
    kept = History(touches)
    measured(model, lead, kept, us)
    expected, _ = by_hand(model, lead, touches, us, known_us)
    assert measured(model, lead, kept, us, known_at=at(known_us)).milli == expected


@given(models(), leads, histories(), histories(), moments)
def test_later_records_change_no_earlier_score(model, lead, touches, later, us):
    """What happens or is recorded later leaves an earlier score as it was."""
    newer = [attrs.evolve(one, id=f"n-{one.id}") for one in later if one.recorded_us > us]
    # And all of them once more, a moment later: mostly on the day that is seen in part.
    next_us = at(us + 1)
    newer += [
        attrs.evolve(one, id=f"s-{one.id}", occurred_at=next_us, recorded_at=next_us)
        for one in touches
    ]
    before = History(touches)
    score = measured(model, lead, before, us)
    event(f"{min(len(newer), 3)} later records")
    assert measured(model, lead, before.add(*newer), us) == score


@given(models(), leads, histories(), moments, st.randoms(use_true_random=False))
def test_order_and_duplicates_do_not_matter(model, lead, touches, us, draw):
    """A history is a set: shuffled and repeated records score alike."""
    shuffled = [*touches, *touches[:3]]
    draw.shuffle(shuffled)
    assert measured(model, lead, shuffled, us) == measured(model, lead, touches, us)


@given(models(), histories(), moments)
def test_unknown_attribute_is_as_if_the_rule_were_absent(model, touches, us):
    """A state rule on an unknown attribute changes no number, and says that it is unknown."""
    nobody = Lead(id="l1")
    score = measured(model, nobody, touches, us)
    counted = tuple(rule for rule in model.rules if isinstance(rule, TouchRule))
    assert measured(attrs.evolve(model, rules=counted), nobody, touches, us).milli == score.milli
    unknown = {row.name for row in score.contributions if row.unknown}
    assert unknown == {rule.name for rule in model.rules if isinstance(rule, Rule)}


@MORE
@given(models(), leads, histories(), st.integers(0, 40))
def test_score_changes_at_most_once_a_day(model, lead, touches, days):
    """Without a new touch, a score is the same at every instant of an integer day."""
    start = AS_OF_US + 2 * DAY_US + days * DAY_US
    start -= (start + model.day_offset_us) % DAY_US
    instants_of_day = (start, start + 1, start + DAY_US - 1)
    recorded = [one for one in touches if one.recorded_us <= start]
    assert len({measured(model, lead, recorded, us).milli for us in instants_of_day}) == 1


@given(models(), leads, histories(), moments)
def test_situation_and_lead_score_alike(model, lead, touches, us):
    """Measuring a situation is scoring its lead."""
    situation = Situation(
        lead, touches, as_of=at(us), kinds=model.kinds, day_offset_us=model.day_offset_us
    )
    assert model.measure(situation) == measured(model, lead, touches, us)


@given(
    st.one_of(
        decays,
        st.integers(1, 400).map(lambda days: half_life(days=days)),
        st.integers(1, 400).map(lambda days: linear(days=days)),
        st.integers(1, 400).map(lambda days: window(days=days)),
        st.builds(
            lambda milli, days: steps(keep_percent=milli / 1000, every_days=days),
            st.integers(0, 100_000),
            st.integers(1, 400),
        ),
    ),
    st.integers(0, 84_000),
)
def test_decay_starts_full_and_never_rises(decay, age):
    """Every decay is 1,000,000 at age 0, never rises, and keeps its last weight for ever."""
    assert decay.at(0) == 1_000_000
    assert all(newer >= older >= 0 for newer, older in pairwise(decay.weights))
    assert decay.at(age) >= decay.at(age + 1)
    assert decay.at(len(decay.weights) + age) == decay.weights[-1]


@given(st.lists(st.integers(-500, 500), min_size=2, max_size=6, unique=True), st.data())
def test_bands_tile(edges, data):
    """Every number of the range lies in exactly one band, the one whose ends hold it."""
    ends = sorted(edges)
    rows = [Band(f"b{n}", low, high) for n, (low, high) in enumerate(pairwise(ends))]
    bands = Bands(data.draw(st.permutations(rows)))
    bands.check((ends[0] * 1000, ends[-1] * 1000), path="bands")
    inside = st.integers(ends[0] * 1000, ends[-1] * 1000)
    milli = data.draw(st.sampled_from([end * 1000 for end in ends]) | inside)
    holding = [
        row.label
        for row in rows
        if row.from_points * 1000 <= milli < row.to_points * 1000
        or milli == row.to_points * 1000 == ends[-1] * 1000
    ]
    assert [bands.label(milli)] == holding


@given(
    st.integers(-(10**9), 10**9),
    st.sampled_from((500, 250, 125)) | st.integers(0, 10_000),
    st.integers(0, 1000),
    st.sampled_from((500_000, 250_000)) | st.integers(0, 10**6),
)
def test_halves_go_away_from_zero(milli, permille, count, weight):
    """Both divisions round halves away from zero, exactly, at every size that is allowed."""
    exact = Fraction(milli * permille, 1000)
    event("a half" if exact.denominator == 2 else "no half")
    assert weighted(milli, permille) == half_away(exact)
    assert day_milli(milli, count, weight) == half_away(Fraction(milli * count * weight, 10**6))


@pytest.mark.parametrize("once_per", ["asset", "ever"])
def test_generators_reach_what_counts_once(once_per):
    """The histories drawn hold touches that a rule counts once: the laws above see them."""
    rule = TouchRule("r", dimension="d", points=1, on=touch("visit"), once_per=once_per)
    often = attrs.evolve(rule, once_per="none")

    def is_reached(touches):
        return len(counts(rule, touches, {})) < len(counts(often, touches, {}))

    try:
        find(histories(), is_reached, settings=settings(max_examples=500, database=None))
    except NoSuchExample:
        pytest.fail("no history has two touches that count once")
