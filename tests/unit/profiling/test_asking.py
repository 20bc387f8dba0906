"""What may be asked, what is at stake, and how it reads."""

import attrs
import pytest

import nurturekit as nk
from nurturekit.criteria import fact
from nurturekit.errors import CallError, ModelError
from nurturekit.planning import Question
from nurturekit.profiling import Asking, Stake, askable, asked, next_questions, refused
from nurturekit.scoring import Band, Bands, Dimension
from tests.builders import LEAD, day, did, learned, world

PRESET = nk.preset("blended")
EVERYTHING = Asking(most=99)


def _rule(name, when, points, dimension="fit"):
    return nk.Rule(name, dimension=dimension, points=points, when=when)


def _playbook(*rules, questions=(), **model):
    # Nothing but the rules' own facts is at stake: no other part reads one.
    return nk.Playbook(
        name="p",
        scoring=nk.ScoringModel(rules=rules, **model),
        ownership=PRESET.ownership,
        guards=PRESET.guards,
        questions=questions,
    )


def _asks(playbook, records=(), *, lead=LEAD, asking=EVERYTHING, scene=None, on=0):
    scene = nk.World() if scene is None else scene
    return next_questions(playbook, lead, records, as_of=day(on), world=scene, asking=asking).asks


SIZE = _rule("size", fact("employees") >= 50, 10)
SMALL = _rule("small", fact("employees") < 5, -4)
TITLE = _rule("title", fact("title").contains_any("vp"), 6)
TWO = _playbook(SIZE, SMALL, TITLE, minimum=-100)


def test_points_at_stake_are_the_range_of_the_total():
    """The distance from the least to the greatest total that an answer gives."""
    assert [(one.fact, one.points) for one in _asks(TWO)] == [("employees", 14.0), ("title", 6.0)]


def test_caps_and_limits_count():
    """What a limit takes away isn't at stake, of the total and of a dimension."""
    assert _asks(attrs.evolve(TWO, scoring=attrs.evolve(TWO.scoring, minimum=0)))[0].points == 10
    limited = _playbook(SIZE, dimensions=[Dimension("fit", maximum=3)])
    assert _asks(limited)[0].points == 3
    full = _playbook(SIZE, _rule("all", ~fact("never").is_known(), 100), maximum=100)
    assert [one.fact for one in _asks(full)] == ["never"]


def test_knowing_at_all_may_be_at_stake():
    """Points for any answer are at stake too, against the total of now."""
    (one,) = _asks(_playbook(_rule("known", fact("phone").is_known(), 5)))
    assert (one.fact, one.points) == ("phone", 5.0)


def test_what_changes_nothing_is_not_asked():
    """GDPR Art. 5(1)(c): a fact without points or decisions at stake isn't asked for."""
    playbook = _playbook(SIZE, questions=[Question(fact="shoe_size"), Question(fact="employees")])
    assert [one.fact for one in _asks(playbook)] == ["employees"]


@pytest.mark.parametrize("value", [600, 0, False, "many"])
def test_what_is_known_is_not_asked(value):
    """A value is known, by a fact or a column, even one that no rule understands."""
    column = attrs.evolve(LEAD, attributes={"employees": value})
    for records, lead in (([learned("employees", value)], LEAD), ([], column)):
        assert [one.fact for one in _asks(TWO, records, lead=lead)] == ["title"]


def test_empty_text_is_not_known():
    """An empty text is unknown, as it is to criteria."""
    lead = attrs.evolve(LEAD, attributes={"title": ""})
    assert [one.fact for one in _asks(TWO, lead=lead)] == ["employees", "title"]


def _has(records, on, **asking):
    return "title" in [
        one.fact for one in _asks(TWO, records, on=on, asking=Asking(most=9, **asking))
    ]


def test_asked_again_after_its_days():
    """A question without an answer waits for its days, counted from the last time."""
    records = [asked("title", lead_id=LEAD.id, at=day(number)) for number in (-20, 0)]
    assert [_has(records, on, again_days=7) for on in (-21, -20, -14, -13, 6, 7)] == [
        True,
        False,
        False,
        True,
        False,
        True,
    ]


def test_refused_is_never_asked_again_unless_said():
    """A refusal counts for good, or for its own days, whatever was asked since."""
    records = [refused("title", lead_id=LEAD.id, at=day(0))]
    assert not _has(records, 3000)
    assert [_has(records, on, refused_days=90) for on in (89, 90)] == [False, True]
    again = [*records, asked("title", lead_id=LEAD.id, at=day(95))]
    assert not _has(again, 3000)


def test_a_fact_cleared_by_others_may_be_asked():
    """A missing value of another source is neither an ask nor a refusal."""
    assert _has([learned("title", None, -1, source="crm")], 0)


@pytest.mark.parametrize("kind", ["erased", "objected"])
def test_nothing_is_asked_of_those_who_want_to_be_left_alone(kind):
    """Who asked to be erased, or objects to marketing, is asked nothing."""
    stop = nk.Consent(id="c", lead_id=LEAD.id, occurred_at=day(-1), kind=kind)
    assert _asks(TWO, [stop]) == ()


def test_at_most_so_many_by_points_decisions_cost_and_name():
    """Ties go to the more decisions, then the lower cost, then the name."""
    rules = [_rule(name, fact(name).equals("yes"), 5) for name in "dcba"]
    questions = [Question(fact=name, cost=2 if name == "a" else 1) for name in "abcd"]
    playbook = _playbook(*rules, questions=questions)
    assert [one.fact for one in _asks(playbook)] == ["b", "c", "d", "a"]
    assert [one.fact for one in _asks(playbook, asking=Asking(most=2))] == ["b", "c"]
    unfit = nk.Qualification(unfit=fact("d").equals("no"))
    more = attrs.evolve(playbook, qualification=unfit)
    assert _asks(more)[0].fact == "d"


def test_where_it_may_be_asked():
    """A question is asked where it says so; nowhere given is anywhere."""
    questions = [Question(fact="title", on="call"), Question(fact="employees", prompt_id="q1")]
    playbook = attrs.evolve(TWO, questions=questions)
    assert [one.fact for one in _asks(playbook, asking=Asking(on="form"))] == ["employees"]
    found = _asks(playbook, asking=Asking(on="call"))
    assert [(one.fact, one.on, one.prompt_id) for one in found] == [
        ("employees", ("form", "call"), "q1"),
        ("title", ("call",), None),
    ]


def test_what_no_fact_can_hold_is_not_tried():
    """A need that isn't a text a fact can hold chooses nothing, and stops nothing."""
    bad = nk.Content(id="a", published_at=day(-9), pain_points=["\x00"])
    assert [one.fact for one in _asks(_playbook(SIZE), scene=world(content=[bad]))] == ["employees"]


def test_choices_are_the_only_answers():
    """With choices, what no choice can give isn't at stake."""
    question = Question(fact="employees", choices=(1, 20))
    (one,) = _asks(TWO, asking=Asking(questions=[question]))
    assert one.points == 4


def test_decisions_at_stake():
    """What a decision would say otherwise is told with what it says now."""
    bands = Bands((Band("cold", 0, 60), Band("hot", 60, 100)))
    playbook = _playbook(_rule("fit", fact("fit").equals("yes"), 80), bands=bands)
    unfit = attrs.evolve(playbook, qualification=nk.Qualification(unfit=fact("fit").equals("no")))
    engaged = attrs.evolve(unfit, kinds=PRESET.kinds)
    (one,) = _asks(engaged, [did("blog_viewed", -1)])
    assert {(stake.what, stake.now, stake.then) for stake in one.decisions} >= {
        ("band", "cold", "hot"),
        ("unfit", "none", "yes"),
        ("unfit", "none", "no"),
        ("stage", "inquiry", "mql"),
    }
    assert one.because.startswith("80 points at stake; band cold -> hot; ")


def test_a_need_and_a_persona_open_content():
    """Pieces that are for a need or persona are at stake in it."""
    pieces = [
        nk.Content(id="a", published_at=day(-9), pain_points=["cost"]),
        nk.Content(id="b", published_at=day(-9), pain_points=["cost"]),
        nk.Content(id="c", published_at=day(-9), personas=["CFO"]),
        nk.Content(id="d", published_at=day(9), personas=["CTO"]),
    ]
    found = {one.fact: one.decisions for one in _asks(_playbook(SIZE), scene=world(content=pieces))}
    assert Stake(what="aimed pieces", now="0", then="2") in found["pain_point"]
    assert Stake(what="aimed pieces", now="0", then="1") in found["persona"]


def test_what_is_askable_by_default():
    """Without questions of its own a playbook asks for its criteria's facts and for needs."""
    playbook = _playbook(
        SIZE,
        _rule("h", fact("health").is_known(), 1),
        _rule("o", fact("account_owner").equals("x"), 1),
    )
    names = [question.fact for question in askable(playbook)]
    assert {"employees", "pain_point", "persona"} <= set(names)
    assert not {"health", "account_owner"} & set(names)
    declared = attrs.evolve(playbook, questions=[Question(fact="health")])
    assert [one.fact for one in _asks(declared)] == ["health"]


def test_how_it_reads():
    """Rows are flat, the text has a line for each question, and HTML is escaped."""
    playbook = _playbook(_rule("r", fact("<b>").equals("x"), 2), questions=[Question(fact="<b>")])
    found = next_questions(playbook, LEAD, as_of=day(0), asking=EVERYTHING)
    assert found.rows() == [
        {
            "lead_id": "lead-1",
            "fact": "<b>",
            "on": "form, call",
            "prompt_id": None,
            "points": 2.0,
            "decisions": len(found.asks[0].decisions),
            "because": found.asks[0].because,
        }
    ]
    assert str(found).splitlines()[0] == "lead-1 as of 2026-03-02T10:00:00Z: ask for 1"
    assert "<b>" not in found._repr_html_()
    assert "&lt;b&gt;" in found._repr_html_()
    known = next_questions(playbook, LEAD, [learned("<b>", "x", -1)], as_of=day(0))
    assert str(known).endswith("nothing to ask")


@pytest.mark.parametrize(
    "fields",
    [{"most": -1}, {"most": 1.0}, {"again_days": 0}, {"refused_days": 0}, {"most": True}],
)
def test_how_often_is_checked(fields):
    """Counts and days are whole, and days from 1."""
    with pytest.raises(CallError) as caught:
        Asking(**fields)
    assert (caught.value.code, caught.value.argument) == ("out-of-range", *fields)


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"fact": ""}, "bad-name", "fact"),
        ({"fact": "a", "on": ["", "form"]}, "bad-name", "on"),
        ({"fact": "a", "cost": -1}, "out-of-range", "cost"),
        ({"fact": "a", "cost": 1001}, "out-of-range", "cost"),
        ({"fact": "a", "cost": True}, "out-of-range", "cost"),
        ({"fact": "a", "choices": ["x", ""]}, "bad-value", "choices"),
        ({"fact": "a", "choices": [1.5]}, "bad-value", "choices"),
        ({"fact": "a", "choices": ["\x00"]}, "bad-value", "choices"),
    ],
)
def test_a_question_is_checked(fields, code, path):
    """A question's name, places, cost and choices are checked when it is made."""
    with pytest.raises(ModelError) as caught:
        Question(**fields)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_a_fact_is_asked_for_once():
    """Two questions for one fact are refused, in a playbook and in a call."""
    twice = [Question(fact="a"), Question(fact="a", cost=2)]
    for make in (lambda: _playbook(SIZE, questions=twice), lambda: Asking(questions=twice)):
        with pytest.raises(ModelError) as caught:
            make()
        assert (caught.value.code, caught.value.path) == ("duplicate-name", "questions[1].fact")
