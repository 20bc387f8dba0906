"""Content is matched to need and position, unseen, with a deterministic tie-break."""

import pytest

from nurturekit.errors import ModelError, RecordError
from nurturekit.planning.content import explain_content, matching
from nurturekit.planning.sequence import ContentRule
from nurturekit.records import Consent, Lead
from nurturekit.vocabulary import Channel
from tests.unit.planning.cases import (
    LEAD,
    codes,
    content_step,
    day,
    fact_at,
    piece,
    plan,
    sent,
    sequence,
    situation,
    touch,
    us,
)


def _chosen(seen, **rule):
    made = plan(seen, sequence(steps=[content_step(**rule)]))
    return [action.content for action in made.actions]


def test_matches_the_leads_own_position():
    """S2-10: content fits the position that the score shows, awareness while there is none."""
    content = [piece("a", position="awareness"), piece("d", position="decision")]
    assert _chosen(situation(0, content=content)) == ["a"]
    assert _chosen(situation(0, content=content, position="decision")) == ["d"]
    assert _chosen(situation(0, content=content), position="decision") == ["d"]


def test_awareness_without_a_score():
    """A planner used alone, with no score bound, plans for awareness."""
    content = [piece("a", position="awareness"), piece("d", position="decision")]
    seen = situation(0, content=content)
    assert _chosen(type(seen)(seen.lead, (), as_of=seen.as_of, world=seen.world)) == ["a"]


def test_any_position_prefers_the_leads_own():
    """A rule for any position takes all, the lead's own first."""
    content = [piece("a", position="awareness"), piece("d", position="decision")]
    assert _chosen(situation(0, content=content, position="decision"), position=None) == ["d"]
    assert _chosen(situation(0, content=content[:1], position="decision"), position="any") == ["a"]


def test_pain_point_is_preferred_required_or_ignored():
    """S0-15: what is known of the lead's needs steers what it gets."""
    content = [piece("fits", -40, pain_points=["DOWNTIME "]), piece("new", -1)]
    seen = situation(0, content=content)
    assert _chosen(seen) == ["fits"]
    assert _chosen(seen, pain_point="require") == ["fits"]
    assert _chosen(seen, pain_point="ignore") == ["new"]
    assert _chosen(situation(0, content=content[1:])) == ["new"]
    assert _chosen(situation(0, content=content[1:]), pain_point="require") == []


def test_several_pain_points():
    """A lead may have several pain points; blank ones are none."""
    lead = Lead(id="lead-1", attributes={"pain_point": ("cost", "downtime", " ")})
    content = [piece("fits", pain_points=["downtime"])]
    assert _chosen(situation(0, lead=lead, content=content), pain_point="require") == ["fits"]
    blank = Lead(id="lead-1", attributes={"pain_point": " "})
    assert _chosen(situation(0, lead=blank, content=content), pain_point="require") == []


def test_topics_channel_and_language():
    """Content must be on one of the topics, take the channel, and speak the lead's language."""
    content = [
        piece("other topic", topics=["price"]),
        piece("other channel", topics=["case"], channels=["post"]),
        piece("other language", topics=["case"], language="fr"),
        piece("fits", -90, topics=["case", "faq"], channels=["email"], language="DE"),
    ]
    lead = Lead(id="lead-1", language="de")
    assert _chosen(situation(0, lead=lead, content=content), topics=("case",)) == ["fits"]
    assert _chosen(situation(0, lead=Lead(id="lead-1"), content=content[2:3])) == ["other language"]
    assert _chosen(situation(0, lead=lead, content=[piece("any")])) == ["any"]


def test_newest_first_then_by_id():
    """Among equals the newest piece goes first, then the smaller id."""
    assert _chosen(situation(0, content=[piece("a", -9), piece("b", -3)])) == ["b"]
    assert _chosen(situation(0, content=[piece("b"), piece("a")])) == ["a"]


def test_published_and_not_retired_at_the_planned_instant():
    """A piece counts from its publication to its retirement, the end excluded."""
    assert _chosen(situation(0, content=[piece("now", 0)])) == ["now"]
    assert _chosen(situation(0, content=[piece("later", 5)])) == []
    assert _chosen(situation(0, content=[piece("later", 5)]), after_days=5) == ["later"]
    assert _chosen(situation(0, content=[piece("gone", retired_at=day(0))])) == []
    assert _chosen(situation(0, content=[piece("still", retired_at=day(1))])) == ["still"]


@pytest.mark.parametrize("record", [sent(-1, "x", asset="a"), touch(-1, asset="a")])
def test_what_the_lead_has_had_is_seen(record):
    """What we sent and what the lead took itself isn't sent again."""
    assert _chosen(situation(0, [record], content=[piece("a")])) == []


def test_what_a_machine_fetched_is_not_seen():
    """A scanner's click shows nobody anything."""
    record = touch(-1, asset="a", automated=True)
    assert _chosen(situation(0, [record], content=[piece("a")])) == ["a"]


def test_running_out_is_an_answer():
    """S3-2: with no content the step waits, whole, until the next piece comes out."""
    content = [piece("later", 9), piece("never", 5, retired_at=day(5)), piece("last", 12)]
    made = plan(situation(0, content=content), sequence(steps=[content_step()]))
    assert codes(made) == ["no-content"]
    blocked = made.blocked[0]
    assert (blocked.needs, blocked.until_us) == (("content",), us(9))
    assert (blocked.action.step, blocked.action.content) == ("one", None)


def test_one_plan_takes_each_piece_once():
    """Two sequences never get the same piece; the earlier one chooses, then the higher rank."""
    low = sequence("low", [content_step()], priority=1)
    high = sequence("high", [content_step()], priority=2)
    made = plan(situation(0, content=[piece("a", -1), piece("b", -2)]), low, high)
    assert {one.sequence: one.content for one in made.actions} == {"high": "a", "low": "b"}


def test_says_why_this_content():
    """An action says why its content was chosen, without the lead's own words."""
    content = [piece("a", position="awareness", pain_points=["downtime"])]
    made = plan(situation(0, content=content), sequence(steps=[content_step()]))
    assert made.actions[0].because == (
        "`nurture` step `one`; `a`: fits the pain point, written for awareness, not seen yet"
    )


def test_matching_finds_whom_a_new_piece_fits():
    """S2-8: a piece about to come out finds the leads whose pain point it answers."""
    case = piece("case", 5, pain_points=["downtime"], position="decision")
    objected = Consent(id="c", lead_id=LEAD.id, occurred_at=day(-1), kind="objected")
    other = Lead(id="lead-2", attributes={"pain_point": "cost"})
    fits = situation(0)
    every = [
        fits,
        situation(0, [objected]),
        situation(0, lead=other),
        situation(0, [sent(-1, "x", asset="case")]),
    ]
    assert matching(case, every) == (fits,)
    assert matching(case, every, rule=ContentRule(position="awareness")) == ()
    assert matching(piece("card", channels=["post"]), every, channel=Channel.POST) == ()


def test_matching_goes_by_position_where_no_need_is_known():
    """A lead without a known pain point is fitted by its position."""
    lead = Lead(id="lead-2")
    early, late = situation(0, lead=lead), situation(0, lead=lead, position="decision")
    assert matching(piece("guide", position="decision"), [early, late]) == (late,)


@pytest.mark.parametrize("name", ["pain_point", "objection", "question"])
def test_what_sales_learns_chooses_content(name):
    """S0-15: a pain point, an objection and a question heard in a conversation are all needs."""
    content = [piece("new", -1), piece("fits", -40, pain_points=["Takes too long"])]
    heard = fact_at(-2, name, "takes too long ", source="conversation")
    lead = Lead(id=LEAD.id)
    assert _chosen(situation(0, [heard], lead=lead, content=content)) == ["fits"]
    assert _chosen(situation(0, lead=lead, content=content)) == ["new"]


def _persona(value):
    return Lead(id=LEAD.id, attributes={"persona": value} if value else {})


@pytest.mark.parametrize(
    ("persona", "rule", "order"),
    [
        ("CFO", "prefer", ["cfo", "all"]),
        ("CFO", "require", ["cfo", "all"]),
        ("CFO", "ignore", ["all", "cfo", "cto"]),
        (None, "prefer", ["all", "cfo", "cto"]),
        (None, "require", ["all"]),
        (("cfo", "cto"), "require", ["cfo", "cto", "all"]),
        ("buyer", "prefer", ["all"]),
    ],
)
def test_persona(persona, rule, order):
    """An unknown persona isn't another one, and not enough to require; everybody's fits all."""
    content = [
        piece("all", -1),
        piece("cfo", -2, personas=["cfo "]),
        piece("cto", -3, personas=["CTO"]),
    ]
    seen = situation(0, lead=_persona(persona), content=content)
    fits = explain_content(seen, ContentRule(persona=rule))
    assert [fit.content for fit in fits if fit.place] == order
    assert {fit.misfits for fit in fits if not fit.place} <= {("persona",)}
    assert _chosen(seen, persona=rule) == order[:1]


@pytest.mark.parametrize(
    ("language", "fitting"),
    [
        ("de-AT", ["at", "de", "any"]),
        ("de", ["de", "any"]),
        ("den", ["any"]),
        ("DE-at-1996", ["at", "de", "any"]),
        (None, ["at", "de", "any"]),
    ],
)
def test_a_language_falls_back_to_its_prefixes(language, fitting):
    """`de-AT` takes `de` where `de` doesn't take `de-AT`; the exact one goes first."""
    content = [piece("de", language="de"), piece("at", language="de-at"), piece("any")]
    seen = situation(0, lead=Lead(id=LEAD.id, language=language), content=content)
    assert {one.content for one in explain_content(seen) if one.place} == set(fitting)
    if language == "de-AT":
        assert _chosen(situation(0, lead=seen.lead, content=content[:2])) == ["at"]


def test_fresh_goes_first_at_equal_fit():
    """A piece past its fresh days still fits, after the fresh ones and before what fits less."""
    content = [
        piece("stale", -31, position="awareness", fresh_days=30),
        piece("fresh", -300, position="awareness"),
        piece("elsewhere", -1, position="decision"),
    ]
    seen = situation(0, content=content)
    found = [one.content for one in explain_content(seen, ContentRule(position="any"))]
    assert found == ["fresh", "stale", "elsewhere"]
    on_the_day = [piece("new", -30, fresh_days=30), piece("old", -31)]
    assert _chosen(situation(0, content=on_the_day)) == ["new"]


def test_a_rule_may_demand_an_age():
    """A piece older than the rule's days at the planned instant doesn't fit."""
    content = [piece("a", -30)]
    assert _chosen(situation(0, content=content), max_age_days=30) == ["a"]
    assert _chosen(situation(0, content=content), max_age_days=29) == []
    assert _chosen(situation(0, content=content), max_age_days=30, after_days=1) == []


def test_every_misfit_has_its_code():
    """Each piece is told with all that is against it, by code; those that fit come first."""
    lead = Lead(id=LEAD.id, language="de", attributes={"pain_point": "cost", "persona": "cfo"})
    fitting = {"pain_points": ["cost"], "topics": ["roi"]}
    content = [
        piece("fits", **fitting),
        piece("channel", **fitting, channels=["post"]),
        piece("language", **fitting, language="fr"),
        piece("not-yet", 1, **fitting),
        piece("pain-point", topics=["roi"]),
        piece("persona", **fitting, personas=["cto"]),
        piece("position", **fitting, position="decision"),
        piece("retired", **fitting, retired_at=day(0)),
        piece("seen", **fitting),
        piece("stale", -31, **fitting),
        piece("topic", pain_points=["cost"], topics=["price"]),
        piece("two", pain_points=["cost"], topics=["price"], language="fr"),
    ]
    seen = situation(0, [sent(-1, "x", asset="seen")], lead=lead, content=content)
    rule = ContentRule(pain_point="require", topics=("roi",), max_age_days=30)
    fits = explain_content(seen, rule)
    assert (fits[0].content, fits[0].place, fits[0].misfits) == ("fits", 1, ())
    assert {fit.content: fit.misfits for fit in fits[1:]} == {
        **{one.id: (one.id,) for one in content[1:-1]},
        "two": ("topic", "language"),
    }
    assert all(fit.place is None and fit.because for fit in fits[1:])


def test_explained_as_chosen():
    """What is explained as first is what a plan takes; without a rule it is the lead's need."""
    content = [piece("old", -9, pain_points=["downtime"]), piece("new", -1)]
    seen = situation(0, content=content)
    assert [(one.content, one.misfits) for one in explain_content(seen)] == [
        ("old", ()),
        ("new", ("pain-point",)),
    ]
    later = explain_content(seen, ContentRule(), channel=Channel.POST, at_us=us(-5))
    assert [one.misfits for one in later] == [(), ("not-yet",)]
    assert later[0].because == "`old`: fits the pain point, not seen yet"


def test_exhausted_is_told_from_never_there():
    """Had it all is `exhausted`, nothing for it is `no-content`; both count what is against."""
    one = sequence(steps=[content_step(topics=("case",))])
    had = [piece("a", topics=["case"]), piece("b", topics=["price"]), piece("c", topics=["price"])]
    (blocked,) = plan(situation(0, [sent(-1, "x", asset="a")], content=had), one).blocked
    assert (blocked.code, blocked.needs) == ("exhausted", ("content",))
    assert "2 on other topics, 1 had already" in blocked.reason
    (blocked,) = plan(situation(0, [sent(-1, "x", asset="b")], content=had[1:]), one).blocked
    assert blocked.code == "no-content"
    assert "2 on other topics" in blocked.reason
    assert "had" not in blocked.reason
    assert codes(plan(situation(0), one)) == ["no-content"]


def test_what_the_same_plan_took_is_exhausted():
    """A piece that another action of the plan takes isn't missing from the library."""
    low, high = (sequence(name, [content_step()], priority=n) for n, name in enumerate("ab"))
    made = plan(situation(0, content=[piece("a")]), low, high)
    assert codes(made) == ["exhausted"]
    assert "1 taken by another action" in made.blocked[0].reason


@pytest.mark.parametrize("days", [0, -1, 1.5, True, "9"])
def test_days_are_whole_and_positive(days):
    """A piece's fresh days and a rule's age are whole days from 1."""
    with pytest.raises(RecordError) as caught:
        piece("a", fresh_days=days)
    assert (caught.value.code, caught.value.field) == ("out-of-range", "Content.fresh_days")
    with pytest.raises(ModelError) as refused:
        ContentRule(max_age_days=days)
    assert (refused.value.code, refused.value.path) == ("out-of-range", "max_age_days")


def test_a_rule_knows_three_words_for_persona():
    """A rule's persona is one of the words that its pain point takes."""
    with pytest.raises(ModelError) as caught:
        ContentRule(persona="need")
    assert (caught.value.code, caught.value.path) == ("unknown-word", "persona")


def test_matching_goes_by_persona_and_age():
    """S2-8: a new piece for one persona fits no lead of another."""
    cfo, cto = (situation(0, lead=_persona(word)) for word in ("cfo", "cto"))
    guide = piece("guide", personas=["cfo"])
    assert matching(guide, [cfo, cto]) == (cfo,)
    assert matching(guide, [cfo], rule=ContentRule(max_age_days=9)) == ()
