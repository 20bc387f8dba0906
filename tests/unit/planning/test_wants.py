"""What is owed, and what a run's next step asks of whom."""

import pytest

from nurturekit.planning.sequence import ContentRule
from nurturekit.records import Lead
from nurturekit.vocabulary import Style
from tests.unit.planning.cases import (
    allowing,
    basis,
    call,
    codes,
    content_step,
    duty,
    enrolled,
    owner,
    piece,
    plan,
    sequence,
    situation,
    step,
    touch,
    us,
)

CADENCE = sequence(
    "cadence",
    team="sales",
    purpose="sales",
    steps=[step("call", channel="phone", style="one_to_one", after_days=2)],
)
SHARE = sequence(
    "share",
    team="sales",
    steps=[content_step("mail", style="one_to_one", after_days=2)],
)


@pytest.mark.parametrize(("kind", "priority"), [("answer", 0), ("first_response", 0)])
def test_what_was_asked_for_is_answered_at_once(kind, priority):
    """A hand-raise and an offer are answered now, by their due time, without news."""
    made = plan(situation(5), ownership=owner(duties=(duty(kind, 6, about="t1"),)))
    action = made.actions[0]
    assert (action.earliest_us, action.latest_us) == (us(5), us(6))
    assert (action.priority, action.duty, action.about) == (priority, kind, "t1")
    assert (action.style, action.rep, action.team) == ("one_to_one", "rep-7", "sales")


def test_an_answer_past_due_is_still_owed():
    """What is late has no latest time any more."""
    action = plan(situation(9), ownership=owner(duties=(duty("answer", 6),))).actions[0]
    assert (action.earliest_us, action.latest_us) == (us(9), None)


def test_an_agreed_date_is_kept():
    """S2-11: a date the lead agreed to needs no news; it comes on that day, not before."""
    owed = owner(duties=(duty("next_attempt", 20, agreed=True),))
    action = plan(situation(5, [call(1)]), ownership=owed).actions[0]
    assert (action.channel, action.earliest_us, action.priority) == ("phone", us(20), 1)
    late = plan(situation(25, [call(1)]), ownership=owed).actions[0]
    assert (late.earliest_us, late.id) == (us(25), action.id)


def test_a_date_that_nobody_agreed_to_needs_news():
    """S3-2: the policy's own next attempt date is a timer."""
    owed = owner(duties=(duty("next_attempt", 20, agreed=False),))
    assert codes(plan(situation(25, [call(1)]), ownership=owed)) == ["nothing-new"]


def test_an_agreed_date_wins_over_timers_and_cadences():
    """S2-11: until that day the rep's own cadence and check-ins wait."""
    owed = owner(duties=(duty("next_attempt", 20, agreed=True, about="t"), duty(due=3)))
    records = [enrolled(0, "cadence"), enrolled(0), call(1), touch(2, "price_asked")]
    made = plan(situation(5, records), CADENCE, sequence(), ownership=owed)
    assert [(one.code, one.reason) for one in made.blocked] == [
        ("nothing-new", "nothing new to say")
    ] * 2
    all_of_them = [*made.actions, *(one.action for one in made.blocked)]
    starts = {one.duty or one.sequence: one.earliest_us for one in all_of_them}
    assert starts == {
        "next_attempt": us(20),
        "check_in": us(20),
        "cadence": us(20),
        "nurture": us(7),
    }


def test_duty_without_a_rep():
    """Nobody to do it: refused, whole, with what is needed."""
    owed = owner(rep=None, duties=(duty("first_response", 6, rep=None),))
    made = plan(situation(5), ownership=owed)
    assert (codes(made), made.blocked[0].needs) == (["no-rep"], ("rep",))
    assert made.blocked[0].action.duty == "first_response"


def test_duty_that_ownership_forbids():
    """A rep writes only where sales may."""
    owed = owner(duties=(duty("answer", 6),), allowed=allowing(sales=[Style.AUTOMATED]))
    made = plan(situation(5), ownership=owed)
    assert (codes(made), made.blocked[0].action.duty) == (["not-allowed"], "answer")


def test_inactive_reps_are_skipped():
    """The duty's rep, else the rep in force, else the one whom the lead knows."""
    owed = owner(rep="rep-2", continuity_rep="rep-3", duties=(duty("answer", 6, rep="rep-1"),))
    gone = [("rep-1", True), ("rep-2", True), ("rep-3", True)]
    for number in range(3):
        action = plan(situation(5, reps=gone), ownership=owed).actions[0]
        assert action.rep == action.sender == f"rep-{number + 1}"
        gone[number] = (gone[number][0], False)
    assert codes(plan(situation(5, reps=gone), ownership=owed)) == ["no-rep"]


@pytest.mark.parametrize(
    ("legal", "channel"),
    [
        ([], "phone"),
        (["phone", "email"], "phone"),
        (["email"], "email"),
        (["sms"], "sms"),
        (["post"], "phone"),
    ],
)
def test_duty_takes_the_first_legal_channel(legal, channel):
    """The first channel with a legal basis; without any the first, and the guards say why not."""
    owed = owner(duties=(duty("answer", 6),))
    seen = situation(5, basis(*legal))
    made = plan(seen, ownership=owed, duty_channels=("phone", "email", "sms"))
    assert made.actions[0].channel == channel


@pytest.mark.parametrize(
    ("policy", "sender", "style", "expected"),
    [
        ("team", "team", "automated", "marketing"),
        ("team", "rep", "automated", "rep-7"),
        ("team", "rep", "mass", "rep-7"),
        ("team", "owner", "automated", "rep-1"),
        ("rep", "team", "automated", "rep-7"),
        ("rep", "team", "mass", "marketing"),
        ("rep", "owner", "automated", "rep-1"),
    ],
)
def test_sender(policy, sender, style, expected):
    """S4-5: nurture mail can come from the assigned rep, by the policy or by the step."""
    lead = Lead(id="lead-1", attributes={"account_owner": "rep-1"})
    made = plan(
        situation(5, lead=lead, content=[piece("p1")]),
        sequence(steps=[step("one", sender=sender, style=style, content=ContentRule())]),
        ownership=owner(sender=policy),
    )
    action = made.actions[0]
    assert (action.sender, action.rep) == (expected, None)
    assert action.priority == (4 if style == "mass" else 3)


def test_sender_without_an_active_person_is_the_team():
    """A rep who has left signs no mail."""
    for sender in ("rep", "owner"):
        seen = situation(5, reps=[("rep-7", False)])
        made = plan(seen, sequence(steps=[step("one", sender=sender)]))
        assert made.actions[0].sender == "marketing"
    known = owner(rep=None, continuity_rep="rep-9", sender="rep")
    seen, automated = situation(5, content=[piece("p1")]), step("one", content=ContentRule())
    made = plan(seen, sequence(steps=[automated]), ownership=known)
    assert made.actions[0].sender == "rep-9"


def test_a_reps_step():
    """A step of a rep's cadence is the rep's, for the sequence's purpose."""
    made = plan(situation(5, [enrolled(0, "cadence"), touch(1, "price_asked")]), CADENCE)
    action = made.actions[0]
    assert (action.rep, action.sender, action.team) == ("rep-7", "rep-7", "sales")
    assert (action.purpose, action.priority, action.channel) == ("sales", 2, "phone")


def test_a_reps_step_by_the_accounts_owner():
    """A step may be the account owner's."""
    lead = Lead(id="lead-1", attributes={"account_owner": "rep-1"})
    made = sequence(team="sales", steps=[step("a", style="one_to_one", sender="owner")])
    assert plan(situation(5, [touch(1, "price_asked")], lead=lead), made).actions[0].rep == "rep-1"
    nobody = owner(rep=None)
    assert codes(plan(situation(5, [touch(1, "price_asked")]), made, ownership=nobody)) == [
        "no-rep"
    ]


def test_a_reps_step_needs_something_to_say():
    """S3-2: a cadence makes no empty call, and no mail without content the lead hasn't had."""
    begun = [enrolled(0, "cadence"), call(1)]
    assert codes(plan(situation(5, begun), CADENCE)) == ["nothing-new"]
    begun = [enrolled(0, "share"), call(1)]
    made = plan(situation(5, begun, content=[piece("later", 9)]), SHARE)
    assert (codes(made), made.blocked[0].until_us) == (["nothing-new"], us(9))
    had = [*begun, touch(2, "price_asked", asset="a")]
    assert codes(plan(situation(5, had, content=[piece("a")]), SHARE)) == ["nothing-new"]
    assert plan(situation(5, begun, content=[piece("a")]), SHARE).actions[0].content == "a"


def test_a_reps_call_gives_way_after_voicemail():
    """S4-3: the next step of a cadence is written instead, where that is legal."""
    rings = [
        enrolled(0, "cadence"),
        call(1, "voicemail"),
        call(2, "voicemail"),
        touch(3, "price_asked"),
    ]
    legal = plan(situation(5, [*rings, *basis("email")]), CADENCE)
    assert legal.actions[0].channel == "email"
    assert codes(plan(situation(5, rings), CADENCE)) == ["voicemail"]
    patient = plan(situation(5, rings), CADENCE, least_call_value=79)
    assert patient.actions[0].channel == "phone"


def test_nothing_is_taken_by_what_is_refused():
    """A refused action leaves its content to the others."""
    fits = piece("a")
    nobody = owner(rep=None)
    made = plan(
        situation(5, [touch(1, "price_asked")], content=[fits]),
        SHARE,
        sequence(steps=[content_step(after_days=2)]),
        ownership=nobody,
    )
    assert (codes(made), [one.content for one in made.actions]) == (["no-rep"], ["a"])
