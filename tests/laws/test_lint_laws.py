"""Laws of lint: what is reported is proven, so no history, value or instant ever refutes it."""

from itertools import product

import attrs
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import nurturekit as nk
from nurturekit.criteria import AllOf, AnyOf, Compare, Not, OneOf
from nurturekit.interpreters.evaluate import evaluate
from nurturekit.lint import findings
from nurturekit.lint.draft import Draft
from nurturekit.lint.logic import Logic
from nurturekit.lint.measures import EVERY_KIND, Possible
from nurturekit.records import Kind
from nurturekit.scoring import Band, Bands, Positions
from nurturekit.signals import FactSignal, named
from tests.builders import LEAD
from tests.laws import test_criteria_laws as criteria_laws
from tests.laws import test_scoring_laws as scoring_laws
from tests.strategies import AS_OF, histories

# Most drawn pairs prove nothing: more of them do in many.
MORE = settings(max_examples=max(400, settings().max_examples))
HOUSE = nk.preset("blended")
LOGIC = Logic(lambda _: Possible(kinds=EVERY_KIND))
POOL = (
    0,
    1,
    1.5,
    2,
    2.5,
    -1,
    3,
    "VP, Head-of sales",
    "head",
    "x",
    "sales vp",
    "other",
    True,
    False,
)
POOL += (*criteria_laws.DAYS, None, (), ("x", "vp"), ("other",))


def situations():
    """Yield situations with every pair of values of the pool, for the facts `a` and `b`."""
    for one, other in product(POOL, POOL):
        yield criteria_laws.situation({"a": one, "b": other})


leaves = criteria_laws.leaves.map(
    lambda leaf: attrs.evolve(leaf, signal=FactSignal("a")) if leaf.signal.fact == "c" else leaf
)
criteria = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(AllOf),
        st.lists(inner, min_size=2, max_size=2).map(AnyOf),
        inner.map(Not),
    ),
    max_leaves=5,
)


@MORE
@given(criteria, criteria)
def test_what_cannot_hold_never_does(criterion, other):
    """Where one criterion is proven never to hold without another, no value makes it."""
    assume(not LOGIC.can_hold(criterion, unless=[other]))
    event("the first can't hold at all" if not LOGIC.can_hold(criterion) else "an implication")
    for here in situations():
        assert not (evaluate(criterion, here) is True and evaluate(other, here) is not True)


thresholds = st.integers(-60, 120)


@st.composite
def playbooks(draw):
    """Draw a playbook whose model has bands and positions at bounds that may be out of reach."""
    model = draw(scoring_laws.models())
    kinds = {
        kind: Kind.of(
            direction="inbound",
            position=draw(st.sampled_from(("consideration", "decision"))),
            human=draw(st.booleans()),
        )
        for kind in scoring_laws.KINDS
    }
    bounds = sorted(draw(st.sets(thresholds, min_size=2, max_size=2)))
    rows = [Band("low", None, bounds[0]), Band("mid", *bounds), Band("high", bounds[1], None)]
    gates = draw(st.lists(thresholds, min_size=2, max_size=2))
    return attrs.evolve(
        HOUSE,
        kinds=kinds,
        qualification=nk.Qualification(mql_at=max(gates), recycle_below=min(gates)),
        scoring=attrs.evolve(
            model,
            kinds=draw(st.sampled_from(({}, kinds))),
            minimum=-1_000,
            maximum=draw(st.sampled_from((20, 1_000))),
            bands=Bands(rows),
            positions=Positions({"consideration": 5, "decision": draw(thresholds)}),
        ),
    )


def reported(playbook, code):
    """Return the paths at which a code is found."""
    return {one.path for one in findings(playbook) if one.code == code}


@MORE
@given(playbooks(), scoring_laws.leads, scoring_laws.histories(), scoring_laws.moments)
def test_a_dead_rule_always_gives_the_same(playbook, lead, touches, us):
    """A rule reported dead gives in every history what it gives in an empty one."""
    dead = reported(playbook, "dead-rule")
    event("some dead" if dead else "none dead")
    measured = scoring_laws.measured
    empty = measured(playbook.scoring, nk.Lead(id="l1"), [], us)
    score = measured(playbook.scoring, lead, touches, us)
    for before, row in zip(empty.contributions, score.contributions, strict=True):
        if any(path.startswith(f"$.scoring.rules[{row.name}].") for path in dead):
            assert row.level == "rule"
            assert row.milli == before.milli
        if f"$.scoring.dimensions[{row.name}].maximum" in dead:
            assert score.dimensions[row.name] == empty.dimensions[row.name]


@MORE
@given(playbooks(), scoring_laws.leads, scoring_laws.histories(), scoring_laws.moments)
def test_no_score_is_out_of_its_range(playbook, lead, touches, us):
    """Every rule, dimension and total lies within what its caps and limits were found to allow."""
    ranges = Draft(playbook=playbook, horizon_days=90).ranges
    score = scoring_laws.measured(playbook.scoring, lead, touches, us)
    assert ranges.total[0] <= score.milli <= ranges.total[1]
    for name, milli in score.dimensions.items():
        assert ranges.dimensions[name][0] <= milli <= ranges.dimensions[name][1]
    for row in score.contributions:
        if row.level == "rule":
            assert ranges.rules[row.name][0] <= row.milli <= ranges.rules[row.name][1]


@MORE
@given(playbooks(), scoring_laws.leads, scoring_laws.histories(), scoring_laws.moments)
def test_a_band_never_hit_is_hit_by_none(playbook, lead, touches, us):
    """No history comes into a band reported never hit."""
    score = scoring_laws.measured(playbook.scoring, lead, touches, us)
    missed = reported(playbook, "band-never-hit")
    event("some missed" if missed else "none missed")
    assert f"$.scoring.bands[{playbook.scoring.band(score)}]" not in missed


@MORE
@given(playbooks(), scoring_laws.leads, scoring_laws.histories(), scoring_laws.moments)
def test_a_gate_out_of_reach_is_crossed_by_none(playbook, lead, touches, us):
    """No history crosses a threshold reported out of reach."""
    score = scoring_laws.measured(playbook.scoring, lead, touches, us)
    gates, gate = reported(playbook, "gate-out-of-reach"), playbook.qualification
    event("some gates" if gates else "no gate")
    assert "$.qualification.mql_at" not in gates or score.milli < gate.mql_milli
    assert "$.qualification.recycle_below" not in gates or score.milli >= gate.recycle_milli
    assert f"$.scoring.positions.{score.position}" not in gates


SAYS = {
    "stage": ("inquiry", "mql", "sal", "sql", "recycled", "disqualified", "never"),
    "handoff": ("none", "pending", "past_due"),
    "word": ("none", "no_budget", "no_need"),
    "new_evidence": ("none", "sales_ready", "mql"),
    "accountable": ("marketing", "sales"),
    "position": ("none", "awareness", "consideration", "decision"),
}
words = st.sampled_from(sorted(SAYS)).flatmap(
    lambda name: st.builds(
        OneOf,
        st.just(named(name)),
        st.lists(st.sampled_from(SAYS[name]), min_size=1, max_size=4),
    )
)
flags = st.builds(
    Compare,
    st.sampled_from(("erased", "objected", "closed", "sales_ready", "unfit", "has_rep")).map(named),
    st.just("=="),
    st.booleans(),
)
points = st.builds(
    Compare,
    st.sampled_from(("score", "score.fit", "engaged_people")).map(named),
    st.sampled_from((">=", "<")),
    st.sampled_from((-31, -30, 0, 1, 5, 40, 41, 100, 101)),
)
counts = st.builds(
    lambda measured, op, number: Compare(measured.signal, op, number),
    st.sampled_from((nk.touches_count(days=30), nk.days_since("demo_requested"))),
    st.sampled_from((">=", "<", "==", "!=")),
    st.integers(-1, 2),
)
asked = st.one_of(words, words, flags, points, counts)
conditions = st.one_of(
    asked,
    asked.map(Not),
    st.lists(asked, min_size=2, max_size=3).map(AllOf),
    st.lists(asked, min_size=2, max_size=3).map(AnyOf),
)


@MORE
@given(st.lists(conditions, min_size=2, max_size=6), histories())
def test_a_shadowed_row_never_decides(whens, records):
    """A row reported shadowed decides in no drawn situation."""
    rows = [
        nk.Row(name=f"r{number}", number=number, when=when)
        for number, when in enumerate(whens, start=1)
    ]
    policy = attrs.evolve(HOUSE.ownership, rows=(*rows, HOUSE.ownership.rows[-1]))
    playbook = attrs.evolve(HOUSE, ownership=policy)
    shadowed = reported(playbook, "shadowed-row")
    event("some shadowed" if shadowed else "none shadowed")
    decided = policy.decide(playbook.situation(LEAD, records, as_of=AS_OF)).row
    assert f"$.ownership.rows[r{decided}].when" not in shadowed
