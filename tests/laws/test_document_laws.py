"""Laws of documents: what is written is read back, and nothing that is read crashes."""

import json
import string
from datetime import date
from decimal import Decimal

import attrs
from hypothesis import given
from hypothesis import strategies as st

from nurturekit.criteria import fact, signal
from nurturekit.documents import check, diff, dump, dumps, fingerprint, load, loads
from nurturekit.errors import ModelError
from nurturekit.presets import PRESETS, preset
from nurturekit.scoring import (
    Rule,
    TouchRule,
    constant,
    custom,
    half_life,
    linear,
    steps,
    touch,
    window,
)

NAMES = st.text(string.ascii_lowercase + " _é", min_size=1, max_size=8)
# Points that reach the limits, with up to three decimals.
MILLI = st.one_of(
    st.integers(-1_000_000, 1_000_000), st.sampled_from([-1_000_000, -1, 0, 1, 999_999, 10**6])
)
POINTS = MILLI.map(lambda milli: Decimal(milli) / 1000)
DAYS = st.integers(1, 3650)
# Few, as a table of weights takes its time.
DECAY_DAYS = st.sampled_from([1, 30, 45, 364])
DECAYS = st.one_of(
    st.just(constant()),
    DECAY_DAYS.map(lambda days: half_life(days=days)),
    DECAY_DAYS.map(lambda days: linear(days=days)),
    DECAY_DAYS.map(lambda days: window(days=days)),
    st.builds(
        lambda milli, days: steps(keep_percent=Decimal(milli) / 1000, every_days=days),
        st.sampled_from([0, 1, 12_500, 99_999, 100_000]),
        DECAY_DAYS,
    ),
    st.integers(1, 40).map(lambda days: custom(lambda age: 1 - age / days if age < days else 0)),
)
FINITE = st.floats(-1e9, 1e9).filter(lambda number: not 0 < abs(number) < 1e-9)
NUMBERS = st.one_of(st.integers(-(10**9), 10**9), FINITE)
LITERALS = st.one_of(NAMES, NUMBERS, st.booleans(), st.dates(date(1970, 1, 1), date(2199, 12, 31)))
WORDS = st.lists(st.sampled_from(["vp", "head of", "it"]), min_size=1, max_size=3)
LEAVES = st.one_of(
    st.builds(lambda name, number: fact(name) >= number, NAMES, NUMBERS),
    st.builds(lambda name, day: fact(name) < day, NAMES, st.dates(date(1970, 1, 1))),
    st.builds(lambda name, value: fact(name).equals(value), NAMES, LITERALS),
    st.builds(lambda values: signal("stage").one_of(*values), st.lists(LITERALS, min_size=1)),
    st.builds(lambda words: fact("title").contains_any(*words), WORDS),
    st.builds(lambda words: fact("title").contains_all(*words), WORDS),
    st.builds(lambda name: fact(name).is_known(), NAMES),
)
CRITERIA = st.recursive(
    LEAVES,
    lambda below: st.one_of(
        st.builds(lambda one, other: one & other, below, below),
        st.builds(lambda one, other: one | other, below, below),
        below.map(lambda one: ~one),
    ),
    max_leaves=6,
)
TOUCH_RULES = st.builds(
    lambda points, cap, per_day, per_value, once, decay: TouchRule(
        "new touch rule",
        dimension="new",
        points=points,
        on=touch("pricing_viewed", channel="web"),
        per_day=per_day,
        per_value=per_value if once == "none" else None,
        once_per=once,
        at_most=cap,
        decay=decay,
    ),
    POINTS,
    st.none() | st.integers(-(10**9), 10**9).map(lambda milli: Decimal(milli) / 1000),
    st.none() | st.integers(1, 1000),
    st.none() | st.integers(1, 10**6).map(lambda milli: Decimal(milli) / 1000),
    st.sampled_from(["none", "asset", "ever"]),
    DECAYS,
)
RULES = st.builds(
    lambda points, when: Rule("new rule", dimension="new", points=points, when=when),
    POINTS,
    CRITERIA,
)


@st.composite
def playbooks(draw):
    """Draw a preset with changed numbers, rules and parameters."""
    playbook = preset(draw(st.sampled_from(PRESETS)))
    scoring = attrs.evolve(
        playbook.scoring,
        rules=(*playbook.scoring.rules, draw(RULES), draw(TOUCH_RULES)),
        day_offset_us=draw(st.integers(-24 * 3600 * 10**6, 24 * 3600 * 10**6)),
    )
    low, high = sorted((draw(NUMBERS) / 10**4, draw(NUMBERS) / 10**4))
    qualification = attrs.evolve(
        playbook.qualification,
        mql_at=high,
        recycle_below=low,
        people=draw(st.none() | st.integers(2, 9)),
        unfit=draw(st.none() | CRITERIA),
    )
    ownership = attrs.evolve(
        playbook.ownership,
        check_in_days=draw(st.none() | DAYS),
        max_offers=draw(st.integers(1, 9)),
        continuity=draw(st.permutations(["first_contact", "account_owner", "pool"])),
    )
    first, *rest = playbook.planner.sequences
    sequence = attrs.evolve(first, reentry=draw(st.one_of(st.just("never"), DAYS)))
    return attrs.evolve(
        playbook,
        name=draw(NAMES),
        version=draw(st.integers(1, 99)),
        scoring=scoring,
        qualification=qualification,
        ownership=ownership,
        planner=attrs.evolve(playbook.planner, sequences=(sequence, *rest)),
        guards=attrs.evolve(playbook.guards, minimum_gap_hours=draw(st.integers(0, 99))),
    )


def _shuffled(node, random):
    if isinstance(node, dict):
        keys = list(node)
        random.shuffle(keys)
        return {key: _shuffled(node[key], random) for key in keys}
    return [_shuffled(item, random) for item in node] if isinstance(node, list) else node


@given(playbooks())
def test_load_of_a_dump_is_the_identity(playbook):
    """A playbook read from its own document is the same playbook, from tables and from JSON."""
    expected = playbook
    read = load(dump(playbook))
    assert read == loads(dumps(playbook), "json") == expected
    assert dumps(read) == dumps(playbook)


@given(playbooks(), st.randoms(use_true_random=False))
def test_fingerprint_does_not_depend_on_key_order(playbook, random):
    """The order of a document's keys changes nothing, not the fingerprint either."""
    shuffled = json.dumps(_shuffled(dump(playbook), random))
    assert loads(shuffled, "json").fingerprint == fingerprint(playbook)


# What `playbooks` varies, by part.
VARIED = {
    "scoring": ("rules", "day_offset_us"),
    "qualification": ("mql_at", "recycle_below", "people", "unfit"),
    "ownership": ("check_in_days", "max_offers", "continuity"),
    "planner": ("sequences",),
    "guards": ("minimum_gap_hours",),
}
FIELDS = [(part, name) for part, names in VARIED.items() for name in names]


def _closer(one, other, part, name):
    """Return a playbook with one field of another, or the other where that can't be."""
    value = getattr(getattr(other, part), name)
    try:
        return attrs.evolve(one, **{part: attrs.evolve(getattr(one, part), **{name: value})})
    except ModelError:
        return other


@given(playbooks(), playbooks(), st.none() | st.sampled_from(FIELDS))
def test_fingerprint_tells_playbooks_apart(one, other, field):
    """Two playbooks have one fingerprint exactly when they are equal and differ nowhere."""
    other = other if field is None else _closer(one, other, *field)
    assert (fingerprint(one) == fingerprint(other)) == (one == other) == (not diff(one, other))


# ------------------------------------------------------------------------------- bad input
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below),
    max_leaves=5,
)


def _places(node, path=()):
    yield path
    if isinstance(node, dict | list):
        below = node.items() if isinstance(node, dict) else enumerate(node)
        for key, item in below:
            yield from _places(item, (*path, key))


TREE = dump(preset("blended"))
PLACES = [path for path in _places(TREE) if path]


def _with(path, node):
    tree = json.loads(json.dumps(TREE))
    held = tree
    for key in path[:-1]:
        held = held[key]
    held[path[-1]] = node
    return tree


def _text(path):
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


@given(st.sampled_from(PLACES), JSON)
def test_any_node_is_read_or_reported(path, node):
    """Whatever stands at a place, the document is read, or problems say where: never a crash."""
    problems = check(json.dumps(_with(path, node)), "json")
    if not problems:
        load(_with(path, node))
    assert all(problem.path.startswith("$.") for problem in problems)


@given(st.sampled_from(PLACES))
def test_wrong_type_is_reported_at_its_place(path):
    """A list of lists fits nowhere: the problem lies at it or below, and there is one only."""
    problems = check(json.dumps(_with(path, [[[]]])), "json")
    assert problems
    assert all(problem.path.startswith(_text(path)) for problem in problems) or any(
        step in ("when", "entry", "exit", "unfit") for step in path
    )


@given(JSON.filter(lambda node: node is not None))
def test_any_json_is_read_or_reported(node):
    """Any JSON at all gives problems, not a crash."""
    assert check(json.dumps(node), "json")


@given(st.text() | st.text(string.printable))
def test_any_text_is_read_or_reported(text):
    """Any text at all gives problems, not a crash."""
    assert check(text, "toml")
    assert check(text, "json")
