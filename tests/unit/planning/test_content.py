"""Content is matched to need and position, unseen, with a deterministic tie-break."""

import pytest

from nurturekit.planning.content import matching
from nurturekit.planning.sequence import ContentRule
from nurturekit.records import Consent, Lead
from nurturekit.vocabulary import Channel
from tests.unit.planning.cases import (
    LEAD,
    codes,
    content_step,
    day,
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
    """S3-2: with no content left the step waits, whole, until the next piece comes out."""
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
