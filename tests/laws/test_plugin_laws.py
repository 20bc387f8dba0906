"""Whatever a plug-in answers: a decision that holds, or an error that names the plug-in."""

from typing import ClassVar

import attrs
from hypothesis import given
from hypothesis import strategies as st

import nurturekit as nk
from nurturekit.answers import Proposal
from nurturekit.errors import PluginError
from nurturekit.signals import UNKNOWN, AtLeast
from nurturekit.vocabulary import MoveKind
from tests.builders import LEAD, night, world
from tests.strategies import histories

PRESET = nk.preset("blended")
LATE = night(60)
words = st.sampled_from(
    [*nk.Team, *nk.Style, *nk.Channel, *MoveKind, "rep", "answer", "sales", "mass", "none", ""]
)
plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=3),
    st.binary(max_size=3),
    words,
    st.dates(),
    st.datetimes(),
    st.sampled_from([UNKNOWN, AtLeast(2), AtLeast("x"), object(), nk.Team, LEAD]),
)
# What a plug-in's author may return by mistake, at any place of an answer.
anything = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(words, inner, max_size=3),
    ),
    max_leaves=5,
)
team_styles = st.dictionaries(
    st.sampled_from(nk.Team), st.frozensets(st.sampled_from(nk.Style)), max_size=2
)


@attrs.frozen
class Acme:
    """A plug-in of every sort, which answers with what it is given."""

    name: ClassVar[str] = "acme"
    plugin: ClassVar[str] = "acme"

    answer: object = attrs.field(eq=False)

    def decide(self, situation):
        return self.answer

    def plan(self, situation, ownership):
        return self.answer

    def measure(self, situation):
        return self.answer


def changed(kind, draw, right):
    """Return a right answer with one or two fields that may hold anything."""
    fields = st.sampled_from([field.name for field in attrs.fields(kind)])
    wrong = draw(st.dictionaries(fields, anything, max_size=2))
    return attrs.evolve(right, **wrong)


@st.composite
def wishes(draw):
    """Draw what a policy may return: mostly a `Desired`, more or less right."""
    right = nk.Desired(
        accountable=draw(st.sampled_from(nk.Team)),
        allowed=draw(team_styles),
        duties=draw(st.sampled_from([(), ("answer", "check_in"), ("next_attempt",)])),
        is_closed=draw(st.booleans()),
        pool=draw(st.sampled_from(["", "sales", "nowhere"])),
    )
    return draw(anything) if draw(st.integers(0, 9)) == 0 else changed(nk.Desired, draw, right)


@st.composite
def plans(draw):
    """Draw what a planner may return: mostly a `Plan`, more or less right."""
    call = nk.Action(
        id=draw(st.sampled_from(["a", "b"])),
        lead_id=LEAD.id,
        channel=draw(st.sampled_from(nk.Channel)),
        style=draw(st.sampled_from(nk.Style)),
        team=draw(st.sampled_from(nk.Team)),
        earliest_us=draw(st.integers(0, 2**51)),
    )
    move = Proposal(
        kind=draw(st.sampled_from(MoveKind)),
        to=draw(st.sampled_from([None, "sales", "marketing", "mql"])),
        sequence=draw(st.sampled_from([None, "nurture"])),
        run=draw(st.sampled_from([None, "run-1"])),
        answers=draw(st.sampled_from([None, None, "call-1"])),
    )
    right = nk.Plan(
        actions=draw(st.sampled_from([(), (call,), (changed(nk.Action, draw, call),)])),
        moves=draw(st.sampled_from([(), (move,), (changed(Proposal, draw, move),)])),
    )
    return draw(anything) if draw(st.integers(0, 9)) == 0 else changed(nk.Plan, draw, right)


def decision(playbook, records, as_of=LATE):
    """Return the decision, or the plug-in's error once it is seen that it names the lead."""
    try:
        decided = playbook.decide(LEAD, records, as_of=as_of, world=world())
    except PluginError as error:
        told = error.plugin, error.lead_id
    else:
        told = None
    if told is not None:
        assert told == ("acme", LEAD.id)
        return None
    decided.to_json()
    hash(decided.ownership)
    return decided


@given(histories(), wishes())
def test_whatever_a_policy_answers(records, answer):
    """One team is accountable in a decision that can be written, or the policy is named."""
    decided = decision(attrs.evolve(PRESET, ownership=Acme(answer)), records)
    if decided is not None:
        assert decided.ownership.accountable in tuple(nk.Team)
        assert isinstance(decided.ownership.accountable, nk.Team)


@given(histories(), plans())
def test_no_planner_changes_who_owns_a_lead(records, answer):
    """With its moves appended or without them, ownership is the same an hour later."""
    playbook = attrs.evolve(PRESET, planner=Acme(answer))
    decided = decision(playbook, records)
    if decided is None:
        return
    quiet = attrs.evolve(PRESET, planner=Acme(nk.Plan()))
    bare = decision(quiet, records)
    assert decided.ownership == bare.ownership
    history = nk.History(records)
    later = [
        decision(quiet, history.add(*one.moves), as_of=night(60.05)) for one in (decided, bare)
    ]
    assert later[0].ownership == later[1].ownership
    assert later[0].handoff == later[1].handoff
    assert later[0].stage == later[1].stage


@given(
    histories(),
    anything,
    st.sampled_from(
        [
            nk.signal(Acme(None)) >= 3,
            nk.signal(Acme(None)).equals("rep"),
            nk.signal(Acme(None)).one_of("rep", 2),
            nk.signal(Acme(None)).contains_any("rep"),
            nk.signal(Acme(None)).is_known(),
        ]
    ),
)
def test_whatever_a_signal_answers(records, answer, criterion):
    """A criterion takes it as a measure, or the signal is named."""
    asked = attrs.evolve(criterion, signal=Acme(answer))
    rule = nk.Rule("mine", dimension="fit", points=1, when=asked)
    rules = (*PRESET.scoring.rules, rule)
    decided = decision(
        attrs.evolve(PRESET, scoring=attrs.evolve(PRESET.scoring, rules=rules)), records
    )
    if decided is None:
        assert answer is None or not isinstance(answer, str | bool | int | float)
