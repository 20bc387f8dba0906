"""Laws of progressive profiling: what is asked, how often, and what is said to be at stake."""

import random
from datetime import timedelta

import attrs
from hypothesis import event, given
from hypothesis import strategies as st

import nurturekit as nk
from nurturekit.criteria import Criterion
from nurturekit.planning import Question
from nurturekit.profiling import Asking, asked, next_questions, refused
from nurturekit.scoring import Dimension
from tests.builders import LEAD, day, learned, world
from tests.strategies import AS_OF, any_record, policies

FACTS = ("employees", "revenue", "title")
PRESETS = {name: nk.preset(name) for name in nk.PRESETS}
EVERYTHING = Asking(most=99)
# All whole and half numbers in and about the limits drawn, and texts with and without the words.
NUMBERS = [half / 2 for half in range(-4, 46)]
TEXTS = ("vp", "vp intern", "intern", "head of sales", "clerk")


@st.composite
def numeric(draw: st.DrawFn, name: str) -> Criterion:
    """Draw a criterion on a number: limits that overlap, nested and turned round."""
    leaf = st.builds(
        lambda op, limit: {
            ">=": nk.fact(name) >= limit,
            "<": nk.fact(name) < limit,
            "is": nk.fact(name).equals(limit),
            "known": nk.fact(name).is_known(),
        }[op],
        st.sampled_from((">=", "<", "is", "known")),
        st.integers(0, 20),
    )
    first, second = draw(leaf), draw(leaf)
    return draw(st.sampled_from((first, ~first, first & second, first | ~second)))


worded = st.sampled_from(
    (
        nk.fact("title").contains_any("vp", "head of"),
        nk.fact("title").contains_any("intern"),
        ~nk.fact("title").contains_any("vp"),
        nk.fact("title").equals("clerk"),
    )
)


@st.composite
def models(draw: st.DrawFn) -> nk.ScoringModel:
    """Draw a model of a few rules on three facts, with limits near enough to be met."""
    criteria = {name: numeric(name) for name in FACTS[:2]} | {"title": worded}
    rules = [
        nk.Rule(
            f"rule-{number}",
            dimension=draw(st.sampled_from(("fit", "other"))),
            points=draw(st.integers(-9, 9)),
            when=draw(criteria[draw(st.sampled_from(FACTS))]),
        )
        for number in range(draw(st.integers(1, 5)))
    ]
    limit = draw(st.sampled_from((3, 10)))
    return nk.ScoringModel(
        rules=rules,
        dimensions=[Dimension("fit", minimum=-limit, maximum=limit)],
        minimum=draw(st.sampled_from((-100, 0))),
        maximum=draw(st.sampled_from((4, 100))),
    )


def _playbook(model):
    base = PRESETS[nk.PRESETS[0]]
    return nk.Playbook(name="p", scoring=model, ownership=base.ownership, guards=base.guards)


@given(models())
def test_points_at_stake_are_found_by_brute_force(model):
    """No answer tried one by one gives more points at stake, and none fewer."""
    questions = [Question(fact=name) for name in FACTS]
    asking = attrs.evolve(EVERYTHING, questions=questions)
    found = next_questions(_playbook(model), LEAD, as_of=day(0), asking=asking)
    told = {one.fact: one.milli for one in found.asks}
    for name in FACTS:
        values = TEXTS if name == "title" else NUMBERS
        totals = [
            model.score(LEAD, [learned(name, value)] if value is not None else [], as_of=day(0))
            for value in (None, *values)
        ]
        milli = [one.milli for one in totals]
        event(f"at stake: {max(milli) != min(milli)}")
        assert told.get(name, 0) == max(milli) - min(milli)


@st.composite
def asked_before(draw: st.DrawFn) -> list[nk.Fact]:
    """Draw what was asked, refused and answered on the days before."""
    notes: list[nk.Fact] = []
    for name in ("title", "employees", "industry", "region"):
        back = draw(st.sampled_from((0, 1, 29, 30, 31, 400)))
        at = AS_OF - timedelta(days=back)
        note = draw(st.sampled_from(("nothing", "asked", "asked", "refused", "answered")))
        if note == "answered":
            value = 60 if name == "employees" else "europe"
            notes.append(learned(name, value, at=at, id=f"answer-{name}"))
        elif note != "nothing":
            make = asked if note == "asked" else refused
            notes.append(make(name, lead_id=LEAD.id, at=at))
    return notes


@given(policies, asked_before(), st.lists(any_record, max_size=2), st.sampled_from((0, 2, 99)))
def test_never_what_is_known_refused_or_just_asked(policy, notes, records, most):
    """Nothing known, refused or asked within its days is asked, and no more than is wanted."""
    asking = Asking(most=most, again_days=30)
    playbook = PRESETS[policy]
    history = nk.History([*notes, *records])
    found = next_questions(playbook, LEAD, history, as_of=AS_OF, world=world(), asking=asking)
    situation = playbook.situation(LEAD, history, as_of=AS_OF)
    names = [one.fact for one in found.asks]
    recent = {
        one.name
        for one in notes
        if one.source == "refused"
        or (one.source == "asked" and (AS_OF - one.occurred_at).days < 30)
    }
    event(f"asks: {bool(names)}, waits: {bool(recent)}")
    assert len(names) <= most
    assert len(set(names)) == len(names)
    assert not recent & set(names)
    assert all(situation.attribute(name) is None for name in names)


@given(
    policies,
    st.lists(any_record, max_size=6, unique_by=lambda one: one.id),
    st.randoms(use_true_random=False),
)
def test_the_order_of_questions_and_records_does_not_matter(policy, records, chance):
    """The same questions come whatever order records and questions are given in."""
    playbook = PRESETS[policy]
    mixed = random.Random(chance.random())
    questions = mixed.sample(playbook.questions, len(playbook.questions))
    shuffled = attrs.evolve(EVERYTHING, questions=questions)
    once = next_questions(playbook, LEAD, records, as_of=AS_OF, world=world(), asking=EVERYTHING)
    again = next_questions(
        playbook,
        LEAD,
        mixed.sample(records, len(records)),
        as_of=AS_OF,
        world=world(),
        asking=shuffled,
    )
    event(f"asks: {len(once.asks)}")
    assert once == again


@given(policies, st.lists(any_record, max_size=6), st.sampled_from((asked, refused)))
def test_asking_never_changes_a_decision(policy, records, note):
    """That something was asked or refused changes nothing of what is decided."""
    playbook = PRESETS[policy]
    history = nk.History(records)
    found = next_questions(playbook, LEAD, history, as_of=AS_OF, world=world(), asking=EVERYTHING)
    notes = [note(one.fact, lead_id=LEAD.id, at=AS_OF) for one in found.asks]
    event(f"asked: {min(len(notes), 3)}")
    before, after = (
        playbook.decide(LEAD, one, as_of=AS_OF, world=world()).to_dict()
        for one in (history, history.add(*notes))
    )
    assert before == after
