"""Laws of criteria: Kleene's logic, the document form, and what unknown means."""

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isnan

from hypothesis import event, given, settings
from hypothesis import strategies as st

from nurturekit.criteria import (
    AllOf,
    AnyOf,
    Compare,
    Contains,
    IsKnown,
    Not,
    OneOf,
    days_since,
    touches_count,
)
from nurturekit.interpreters.data import from_data, to_data
from nurturekit.interpreters.evaluate import evaluate
from nurturekit.interpreters.explain import explain, unknowns
from nurturekit.records import History, Lead, Opening, Situation, Touch
from nurturekit.signals import DaysSince, FactSignal, Parameter, TouchCount, named
from tests.strategies import trees

AS_OF = datetime(2026, 3, 10, 12, tzinfo=UTC)
AS_OF_US = int(AS_OF.timestamp()) * 10**6
NAMES = ("a", "b", "c")
WORDS = ("vp", "head of", "Sales", "x")
DAYS = (date(2026, 1, 5), date(2026, 1, 6))

numbers = st.sampled_from((0, 1, 2, 2.5, -1, 3))
texts = st.sampled_from(("VP, Head-of sales", "head", "x", "ß", "SS", "", "vps"))
values = st.one_of(
    numbers,
    numbers.map(lambda number: Decimal(str(number))),
    texts,
    st.booleans(),
    st.sampled_from(DAYS),
    st.none(),
    st.just(float("nan")),
    st.lists(texts, max_size=2).map(tuple),
)
literals = st.one_of(numbers, texts.filter(bool), st.booleans(), st.sampled_from(DAYS))
signals = st.sampled_from(NAMES).map(FactSignal)
orders = st.sampled_from((">=", ">", "<=", "<"))
leaves = st.one_of(
    st.builds(Compare, signals, orders, st.one_of(numbers, st.sampled_from(DAYS))),
    st.builds(Compare, signals, st.sampled_from(("==", "!=")), literals),
    st.builds(OneOf, signals, st.lists(literals, min_size=1, max_size=3)),
    st.builds(
        Contains,
        signals,
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=2),
        st.sampled_from(("any", "all")),
    ),
    st.builds(IsKnown, signals),
)
criteria = trees(leaves, max_leaves=6)
attributes = st.dictionaries(st.sampled_from(NAMES), values)
other_signals = st.one_of(
    st.builds(Parameter, st.just("p")),
    st.builds(TouchCount, st.sampled_from(("*", "visit")), days=st.sampled_from((None, 1, 30))),
    st.builds(DaysSince, st.just("visit"), channel=st.sampled_from((None, "email"))),
    st.sampled_from(("stage", "score", "score.fit")).map(named),
)


def situation(known):
    """Return a situation in which these attributes are known."""
    return Situation(Lead(id="l1", attributes=known), as_of=AS_OF)


def kind_of(value):
    """Name the kind of a value: None for what is unknown."""
    if value is None or value == "" or (isinstance(value, float) and isnan(value)):
        return None
    for kind, types in (("bool", bool), ("number", (int, float, Decimal)), ("date", date)):
        if isinstance(value, types):
            return kind
    return "texts" if isinstance(value, tuple) else "text"


def same(value, literal):
    """Say whether two values of one kind are equal, texts case-folded."""
    return value.casefold() == literal.casefold() if isinstance(value, str) else value == literal


def has_words(text, words):
    """Say whether a text has the words in a row."""
    found = re.findall(r"\w+", text.casefold())
    wanted = re.findall(r"\w+", words.casefold())
    return any(
        found[start : start + len(wanted)] == wanted
        for start in range(len(found) - len(wanted) + 1)
    )


def leaf_by_hand(leaf, known):
    """Answer a leaf as the rules are written, one line each."""
    value = known.get(leaf.signal.fact)
    kind = kind_of(value)
    if isinstance(leaf, IsKnown):
        return kind is not None
    if isinstance(leaf, Contains):
        if kind not in ("text", "texts"):
            return None
        found = [value] if kind == "text" else value
        held = [any(has_words(text, words) for text in found) for words in leaf.words]
        return any(held) if leaf.mode == "any" else all(held)
    if isinstance(leaf, OneOf):
        wanted = "text" if kind == "texts" else kind
        alike = [literal for literal in leaf.values if kind_of(literal) == wanted]
        found = value if kind == "texts" else [value]
        return any(same(v, a) for v in found for a in alike) if alike else None
    if kind != kind_of(leaf.value) or kind is None:
        return None
    if leaf.op in ("==", "!="):
        return same(value, leaf.value) is (leaf.op == "==")
    value = float(value) if isinstance(value, Decimal) else value
    return {
        ">=": value >= leaf.value,
        ">": value > leaf.value,
        "<=": value <= leaf.value,
        "<": value < leaf.value,
    }[leaf.op]


RANK = {False: 0, None: 1, True: 2}


def by_hand(criterion, known):
    """Kleene's logic as the least and the greatest of False < unknown < True."""
    if isinstance(criterion, AllOf):
        return min((by_hand(part, known) for part in criterion.criteria), key=RANK.get)
    if isinstance(criterion, AnyOf):
        return max((by_hand(part, known) for part in criterion.criteria), key=RANK.get)
    if isinstance(criterion, Not):
        held = by_hand(criterion.criterion, known)
        return None if held is None else not held
    return leaf_by_hand(criterion, known)


@given(criteria, attributes)
def test_evaluation_is_kleenes(criterion, known):
    """A criterion's answer is the one that the rules, written down again, give."""
    answer = evaluate(criterion, situation(known))
    event(f"answer {answer}")
    assert answer is by_hand(criterion, known)


@given(criteria, attributes)
def test_unknown_has_a_name(criterion, known):
    """A criterion is unknown exactly where some signal is named as the reason."""
    answer = evaluate(criterion, situation(known))
    assert (answer is None) is bool(unknowns(criterion, situation(known)))
    assert explain(criterion, situation(known)).startswith(
        {True: "yes", False: "no", None: "unknown"}[answer]
    )


@settings(max_examples=max(1000, settings().max_examples))
@given(criteria, attributes, attributes)
def test_learning_more_never_turns_an_answer(criterion, known, more):
    """What is known stays answered alike when only unknown attributes are learned.

    `is known` itself is left out: it asks about the learning.
    """
    kept = {name: value for name, value in known.items() if kind_of(value) is not None}
    before = evaluate(criterion, situation(kept))
    after = evaluate(criterion, situation({**more, **kept}))
    asks = "IsKnown" in repr(criterion)
    event("asks about learning" if asks else f"before {before}")
    assert asks or before is None or after is before


@given(criteria, attributes)
def test_not_and_de_morgan(criterion, known):
    """Negation turns twice into itself, and `and` into `or`."""
    here = situation(known)
    assert evaluate(~~criterion, here) is evaluate(criterion, here)
    other = IsKnown(FactSignal("a"))
    assert evaluate(~(criterion & other), here) is evaluate(~criterion | ~other, here)


@given(criteria)
def test_document_round_trip(criterion):
    """A criterion written as data, and as JSON, reads back as itself, and is written alike."""
    problems = []
    data = to_data(criterion)
    read = from_data(json.loads(json.dumps(data)), path="$", problems=problems)
    assert problems == []
    assert read == criterion
    assert to_data(read) == data


@given(other_signals, numbers, orders)
def test_every_signal_round_trips(signal, value, op):
    """Every kind of signal has a form in documents."""
    criterion = Compare(signal, op, value)
    assert from_data(to_data(criterion), path="$", problems=[]) == criterion


quarter_days = st.integers(0, 40).map(lambda quarter: quarter * 21_600_000_000)
kinds = st.sampled_from(("visit", "call"))
visits = st.lists(st.tuples(kinds, quarter_days), max_size=8)


def history(touches, opened_us):
    """Return a history of touches so many microseconds ago, with its opening."""
    records = [
        Touch(id=f"t{number}", lead_id="l1", kind=kind, occurred_at=_at(AS_OF_US - ago))
        for number, (kind, ago) in enumerate(touches)
    ]
    if opened_us is not None:
        records.append(Opening(id="o", lead_id="l1", occurred_at=_at(opened_us)))
    return History(records)


def _at(us):
    return datetime.fromtimestamp(us // 10**6, tz=UTC)


@settings(max_examples=max(400, settings().max_examples))
@given(
    visits,
    quarter_days,
    st.sampled_from((None, 1, 2, 5, 11)),
    orders | st.sampled_from(("==", "!=")),
    st.integers(0, 12),
)
def test_records_from_before_the_opening_change_no_answer(touches, opened_ago, days, op, value):
    """Where an opening hides earlier touches, an answer is the true one, or unknown."""
    opened_us = AS_OF_US - opened_ago
    seen = [touch for touch in touches if AS_OF_US - touch[1] >= opened_us]
    lead = Lead(id="l1")
    whole = Situation(lead, history(touches, None), as_of=AS_OF)
    cut = Situation(lead, history(seen, opened_us), as_of=AS_OF)
    for measured in (touches_count("visit", days=days), days_since("visit")):
        criterion = Compare(measured.signal, op, value)
        known, truth = evaluate(criterion, cut), evaluate(criterion, whole)
        event(f"{type(measured.signal).__name__} {'unknown' if known is None else 'known'}")
        assert known is None or known is truth
