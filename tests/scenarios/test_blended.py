"""Position C and D: both nurture, and the rep who made first contact stays."""

import nurturekit as nk
from tests.builders import (
    BOTH,
    LEAD,
    called,
    day,
    decide,
    did,
    learned,
    library,
    moved,
    night,
    run,
    world,
)

LED = "blended"
IDLE = [*BOTH, did("price_asked", 0), called(1), called(9, outcome="no_budget")]


def test_handing_back_is_a_state_with_a_process():
    """Given a rejected offer, marketing has the lead, in a state with the rep's reason.

    Source: S2-1
    """
    raised = decide(LED, [*BOTH, did("price_asked", 0)], 0)
    offered = next(move for move in raised.moves if move.kind == "offered")
    rejected = moved("rejected", 1, reason="no_need", rep="rep-7", answers=offered.id)
    back = decide(LED, [*BOTH, did("price_asked", 0), *raised.moves, rejected], 1)
    assert back.ownership.accountable is nk.Team.MARKETING
    assert back.stage is nk.Stage.RECYCLED
    stage = next(move for move in back.moves if move.kind == "stage")
    assert (stage.reason, stage.answers) == ("no_need", rejected.id)


def test_contact_comes_from_the_rep_who_made_the_first():
    """Given a lead first called by rep-7, a new offer names rep-7, whoever called last.

    Source: S2-3
    """
    records = [
        *BOTH,
        moved("owner", 0, to="marketing"),
        called(1, rep="rep-7"),
        called(2, rep="rep-9"),
        did("demo_requested", 5),
    ]
    decision = decide(LED, records, 5)
    assert decision.handoff.rep == "rep-7"
    assert decision.request is None
    given = [*records, moved("rep", 4, rep="rep-9")]
    assert decide(LED, given, 5).handoff.rep == "rep-9"


def test_a_check_in_is_due_after_sixty_days_without_a_call():
    """Given an idle lead with a rep, the check-in is due sixty days after the last call.

    Source: S2-4
    """
    decisions, _ = run(LED, IDLE, 12)
    duties = [duty for duty in decisions[10].ownership.duties if duty.kind == "check_in"]
    assert [duty.due for duty in duties] == [day(69, 0)]


def test_a_sequence_is_told_from_a_blast():
    """Given both, a newsletter is mass and a nurture mail automated, in their own sequences.

    Source: S2-9
    """
    _, history = run("marketing-led", [*BOTH, did("form_submitted", 0)], 60)
    sent = [one for one in history.records if isinstance(one, nk.Touch) and one.sequence]
    styles = {(one.sequence, one.style) for one in sent}
    assert ("newsletter", nk.Style.MASS) in styles
    assert any(style is nk.Style.AUTOMATED for _, style in styles)


def test_content_is_matched_to_need_and_stage():
    """Given a pain point and a position, the piece that fits both is chosen over the others.

    Source: S2-10
    """
    fitting = nk.Content(
        id="z-fitting",
        position="decision",
        pain_points=("reporting",),
        published_at=day(-100),
    )
    pieces = [*library(each=3), fitting]
    records = [
        *BOTH,
        learned("pain_point", "reporting", -1),
        did("price_asked", 0),
        called(1),
    ]
    decisions, _ = run(LED, records, 20, scene=world(content=pieces))
    mails = [
        action.content
        for one in decisions[1:]
        for action in one.actions
        if action.style is nk.Style.AUTOMATED and action.content
    ]
    assert mails[0] == "z-fitting"


def test_an_agreed_cadence_overrides_the_default():
    """Given a date agreed in a call, the check-in by the clock gives way to it.

    Source: S2-11
    """
    agreed = called(9, outcome="no_budget", next_attempt_on=day(30).date())
    decisions, _ = run(LED, [*IDLE[:-1], agreed], 12)
    assert [duty.kind for duty in decisions[10].ownership.duties] == ["next_attempt"]
    assert decisions[10].ownership.duties[0].due == day(30, 0)


def test_talking_to_a_rep_takes_nobody_out_of_nurturing():
    """Given a pause with a reason and an end, mail rests; the buyer's word ends it earlier.

    Source: S3-1
    """
    records = [*BOTH, did("form_submitted", 0), called(3)]
    _, history = run(LED, records, 40)
    assert [one for one in history.records if isinstance(one, nk.Touch) and one.automated]
    paused = moved("snoozed", 5, reason="on leave", until=day(35))
    pausing, _ = run(LED, [*records, paused], 40)
    assert {one.code for one in pausing[10].blocked} >= {"snoozed"}
    assert not any(action.earliest < day(35) for action in pausing[10].actions)
    resumed = did("resume_requested", 12)
    going_on, _ = run(LED, [*records, paused, resumed], 40)
    assert any(action.earliest < day(35) for one in going_on[13:20] for action in one.actions)


def test_no_empty_check_in():
    """Given nothing new, no rep acts for months, and the decision says why.

    Source: S3-2
    """
    lead_records = [*IDLE, learned("pain_point", "reporting", 9)]
    decisions, _ = run(LED, lead_records, 120)
    late = decisions[75:]
    assert all(
        action.duty is None for one in late for action in one.actions if action.rep is not None
    )
    assert all("nothing-new" in {blocked.code for blocked in one.blocked} for one in late)


def test_a_conversation_refines_score_stage_and_pain_points():
    """Given a call that uncovers a position and a need, both are read in the next decision.

    Source: S3-5
    """
    before = decide(LED, [did("blog_viewed", 0)], 1)
    said = [
        called(1, outcome="connected"),
        learned("position", "decision", 1, origin="person", source="conversation"),
        learned("need", "confirmed", 1, origin="person", source="conversation"),
    ]
    after = decide(LED, [did("blog_viewed", 0), *said], 1)
    assert after.score.position is nk.FunnelPosition.DECISION
    assert after.score.milli > before.score.milli
    situation = nk.preset(LED).situation(LEAD, said, as_of=night(1))
    assert situation.facts["need"].source == "conversation"
