"""Contact without fatigue: the channel that gets answers, content, pressure measured."""

from datetime import timedelta
from functools import cache

import attrs
import pytest

import nurturekit as nk
from nurturekit.fatigue import fatigue
from nurturekit.interop import Case
from tests.builders import (
    LEAD,
    POLICIES,
    allowed,
    called,
    day,
    decide,
    did,
    library,
    moved,
    night,
    world,
)
from tests.scenarios.leads import held_by

VAIN = [called(-12, outcome="voicemail"), called(-5, outcome="no_answer")]
# What is news to a rep comes out while the leads are with sales.
NEWS = [
    nk.Content(id=f"{position}-new-{on}", position=position, published_at=day(on))
    for position in nk.FunnelPosition
    for on in range(1, 90, 12)
]
SCENE = world(content=[*library(), *NEWS])


def with_rep(policy, *records):
    """Give a lead that sales has qualified and rep-7 has talked to a month ago."""
    return held_by("sales", moved("stage", -35, to="sal"), called(-30), *records, policy=policy)


def of_rep(decision):
    """Return what a rep is to do, the first of it first."""
    return [one for one in decision.actions if one.style is nk.Style.ONE_TO_ONE]


@cache
def season(policy, answer):
    """Do for three months whatever is decided, with one outcome of every call."""
    history = nk.History([*with_rep(policy), *allowed("social")])
    for number in range(90):
        decision = decide(policy, history, number, world=SCENE)
        history = history.add(*decision.moves)
        if number % 30 == 9:
            history = history.add(did("price_asked", number + 1))
        for action in decision.actions:
            at = max(action.earliest, night(number))
            if at < night(number + 1):
                outcome = answer if action.channel == "phone" else None
                history = history.add(nk.performed(action, at=at, outcome=outcome))
    return history


def measured(policy, *histories):
    """Return the fatigue of leads over the season."""
    cases = [
        Case(
            lead=nk.Lead(id=f"lead-{number}"),
            history=nk.History(
                attrs.evolve(one, lead_id=f"lead-{number}") for one in history.records
            ),
            world=SCENE,
        )
        for number, history in enumerate(histories, start=1)
    ]
    return fatigue(cases, playbook=nk.preset(policy), as_of=night(90), days=90)


@pytest.mark.parametrize("policy", POLICIES)
def test_voicemail_nobody_answers_gives_way_to_what_gets_answers(policy):
    """Given two calls in vain and a reply by text message, the rep texts, and is told why.

    Source: S4-3
    """
    texted = did("text_received", -20, channel="sms", outcome="replied")
    asked = did("demo_requested", 0)
    records = with_rep(policy, *VAIN, texted, *allowed("sms"), asked)
    answer = of_rep(decide(policy, records, 0))[0]
    assert (answer.duty, answer.channel) == ("answer", "sms")
    assert "the last 2 calls met nobody, the next is worth 79 %" in answer.because
    never = of_rep(decide(policy, with_rep(policy, *VAIN, *allowed("sms"), asked), 0))[0]
    assert never.channel == "email"
    once = of_rep(decide(policy, with_rep(policy, VAIN[0], texted, *allowed("sms"), asked), 0))[0]
    assert once.channel == "phone"


@pytest.mark.parametrize("policy", POLICIES)
def test_the_same_voicemail_is_never_left_again(policy):
    """Given a lead that never picks up, three months bring no contact without anything new.

    Source: S4-3, S3-2
    """
    lead = measured(policy, season(policy, "voicemail")).leads[0]
    assert lead.by("team")["sales"] > 0
    assert (lead.same_channel, lead.same_asset) == (0, 0)
    assert lead.unanswered_calls <= 2


@pytest.mark.parametrize("policy", POLICIES)
def test_several_channels_content_and_conversation(policy):
    """Given a lead that picks up, a season brings calls and mail, with content and without.

    Source: S3-3
    """
    seen = [
        one
        for one in season(policy, "connected").touches
        if one.direction == "outbound" and one.occurred_at > day(0)
    ]
    assert {one.channel for one in seen} >= {nk.Channel.EMAIL, nk.Channel.PHONE}
    of_reps = [one for one in seen if one.style is nk.Style.ONE_TO_ONE]
    assert {one.asset is None for one in of_reps} == {True, False}
    # Who else sends what is the policy's: under sales-led the market's news only.
    styles = {one.style for one in seen}
    assert (nk.Style.AUTOMATED in styles) == (policy != "sales-led")


@pytest.mark.parametrize("policy", POLICIES)
def test_a_conversation_is_followed_by_content_with_a_note(policy):
    """Given a conversation today, the rep's next contact is a piece that is new, not a bare call.

    Source: S3-6, S2-8
    """
    decision = decide(policy, with_rep(policy, called(0)), 0, world=SCENE)
    first = of_rep(decision)[0]
    assert first.channel is nk.Channel.EMAIL
    assert first.content in {piece.id for piece in NEWS}
    assert "with a personal note" in first.because
    assert first.earliest > night(0) + timedelta(days=2)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_conversation_without_anything_to_share_makes_no_bare_call(policy):
    """Given nothing new in the library, the rep is told so rather than sent to call again.

    Source: S3-6, S3-2
    """
    decision = decide(policy, with_rep(policy, called(0)), 0)
    assert not of_rep(decision)
    refused = [one for one in decision.blocked if one.code == "nothing-new"]
    assert [one.action.rep for one in refused] == ["rep-7"]


@pytest.mark.parametrize("policy", POLICIES)
def test_reach_and_frequency_are_measured(policy):
    """Given leads of a season, all are reached, none too often; who leans on reps is to be seen.

    Source: S4-9
    """
    answers = ("connected", "voicemail", "no_answer")
    report = measured(policy, *(season(policy, answer) for answer in answers))
    both, marketing, sales = report.teams
    assert (both.leads, sales.leads) == (3, 3)
    assert max(lead.busiest_week for lead in report.leads) <= 3
    assert max(lead.silence_days for lead in report.leads) <= 45
    assert (sales.touches > marketing.touches) == (policy == "sales-led")
    assert report.total("same_asset") == report.total("same_channel") == 0
    assert report.total("opt_outs") == 0


def test_a_lead_that_opts_out_is_seen_and_left_alone():
    """Given an unsubscription, it is counted, and contact stops under every policy.

    Source: S4-9
    """
    stop = nk.Consent(id="stop", lead_id=LEAD.id, occurred_at=day(5), kind="objected")
    for policy in POLICIES:
        records = [*with_rep(policy), stop]
        assert not decide(policy, records, 6).actions
        assert measured(policy, nk.History(records)).leads[0].opt_outs == 1
