from datetime import UTC, date, datetime

from nurturekit.criteria import fact, parameter, touches_count
from nurturekit.interpreters.explain import explain, sentence, signals_of, unknowns
from nurturekit.records import Lead, Situation

AT = datetime(2026, 1, 5, tzinfo=UTC)
CRITERION = (
    fact("title").contains_any("vp", "head of")
    & ((fact("employees") >= 50) | fact("country").one_of("de", "fr"))
    & ~fact("student").equals(value=True)
    & (touches_count("visit", days=7) >= 2)
)


def situation(**attributes):
    """Return a situation in which these attributes are known."""
    return Situation(Lead(id="l1", attributes=attributes), as_of=AT)


def test_explanation_has_a_line_for_each_part():
    """Each part has its answer, indented below the one that holds it."""
    lines = explain(CRITERION, situation(title="VP")).splitlines()
    assert lines == [
        "no: all of",
        "  yes: fact:title contains any of `vp`, `head of`",
        "  unknown: any of",
        "    unknown: fact:employees >= 50",
        "    unknown: fact:country is one of `de`, `fr`",
        "  unknown: not",
        "    unknown: fact:student == true",
        "  no: touches:visit in 7 days >= 2 (it is 0)",
    ]


def test_explanation_never_shows_a_persons_data():
    """What a fact says stays out of the explanation."""
    shown = explain(fact("title").equals("x") | fact("title").is_known(), situation(title="secret"))
    assert "secret" not in shown


def test_sentence_says_all_in_one_line():
    """A criterion can be said in one line, every kind of it."""
    said = sentence(CRITERION | (fact("founded") < date(2020, 1, 1)) | fact("a").is_known())
    assert said == (
        "any of (all of (fact:title contains any of `vp`, `head of`; any of (fact:employees >= 50; "
        "fact:country is one of `de`, `fr`); not (fact:student == true); "
        "touches:visit in 7 days >= 2); fact:founded < 2020-01-01; fact:a is known)"
    )
    assert sentence(fact("a").equals(value=False)) == "fact:a == false"


def test_unknowns_names_what_made_it_unknown():
    """Only the parts that are unknown are named, once, and none where the whole is known."""
    asked = (fact("a") >= 1) & (fact("b") >= 1) & ~(fact("b") <= 5) & fact("c").is_known()
    assert unknowns(asked, situation(a=1, c=1)) == ("fact:b",)
    assert unknowns(asked, situation(a=0)) == ()
    assert unknowns(parameter("p").equals("x"), situation()) == ("parameter:p",)


def test_mismatched_kind_is_named_too():
    """A fact of the wrong kind makes a criterion unknown, and is named."""
    assert unknowns(fact("a") >= 1, situation(a="many")) == ("fact:a",)


def test_signals_are_listed_in_order():
    """Every signal that a criterion reads is found, in its order."""
    names = [signal.name for signal in signals_of(CRITERION)]
    assert names == [
        "fact:title",
        "fact:employees",
        "fact:country",
        "fact:student",
        "touches:visit in 7 days",
    ]
