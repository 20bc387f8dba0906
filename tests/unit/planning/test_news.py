"""No empty check-in: a rep's touch by the calendar needs something new to say (S3-2)."""

from datetime import timedelta

import pytest

from nurturekit.planning.case import is_answer
from nurturekit.records import Kind, Lead, Opening, Situation
from tests.unit.planning.cases import (
    LEAD,
    basis,
    call,
    codes,
    day,
    duty,
    enrolled,
    fact_at,
    move,
    owner,
    piece,
    plan,
    sent,
    sequence,
    situation,
    touch,
    us,
)

CALL = call(1, id="call-1")
USE_CASE = piece("use-case", 90, pain_points=["downtime"], position="consideration")
NO_NEED = Lead(id="lead-1")


def _check_in(number, records=(), *, due=61, **fields):
    seen = situation(number, [CALL, *records], **fields)
    return plan(seen, ownership=owner(duties=(duty(due=due),)))


def test_without_news_there_is_no_check_in():
    """Nothing new: refused, whole, with when that may change."""
    made = _check_in(62, content=[USE_CASE])
    assert not made.actions
    blocked = made.blocked[0]
    assert (blocked.code, blocked.reason) == ("nothing-new", "nothing new to say")
    assert blocked.until_us == us(90)
    assert (blocked.action.rep, blocked.action.duty) == ("rep-7", "check_in")
    assert _check_in(62).blocked[0].until_us is None


def test_new_content_for_the_pain_point_is_mailed_with_a_note():
    """S2-8: an overdue check-in becomes a rep's mail on the day the piece comes out."""
    action = _check_in(90, content=[USE_CASE]).actions[0]
    assert (action.channel, action.style, action.content) == ("email", "one_to_one", "use-case")
    assert (action.rep, action.sender, action.team) == ("rep-7", "rep-7", "sales")
    assert (action.earliest_us, action.purpose, action.priority) == (us(90), "sales", 2)
    assert "personal note" in action.because


def test_what_marketing_sent_is_no_news():
    """A piece that the lead has had from anybody is nothing new."""
    assert codes(_check_in(95, [sent(91, "x", asset="use-case")], content=[USE_CASE])) == [
        "nothing-new"
    ]


def test_old_or_generic_content_is_no_news():
    """What was out at the last call, or fits no known need, gives no reason to call."""
    old = piece("old", 0, pain_points=["downtime"])
    generic, other = piece("news", 50), piece("other", 50, pain_points=["cost"])
    assert codes(_check_in(62, content=[old, generic, other])) == ["nothing-new"]


def test_content_by_position_where_no_need_is_known():
    """Without a known pain point a new piece for the lead's position is news."""
    generic = piece("guide", 50, position="awareness")
    assert _check_in(62, content=[generic], lead=NO_NEED).actions[0].content == "guide"
    late = piece("guide", 50, position="decision")
    assert codes(_check_in(62, content=[late], lead=NO_NEED)) == ["nothing-new"]


def test_old_content_meets_a_need_learned_since():
    """S0-15: a pain point learned after the last call makes an old piece news."""
    old = piece("old", 0, pain_points=["downtime"])
    learned = fact_at(20, "pain_point", "downtime")
    assert _check_in(62, [learned], content=[old], lead=NO_NEED).actions[0].content == "old"
    same_day = fact_at(1, "pain_point", "downtime")
    assert codes(_check_in(62, [same_day], content=[old], lead=NO_NEED)) == ["nothing-new"]
    # The same value again is nothing learned.
    assert codes(_check_in(62, [fact_at(20, "pain_point", "Downtime")], content=[old])) == [
        "nothing-new"
    ]


def test_what_the_lead_did_since_is_news():
    """A lead that raised its hand since can be called about it; one that only looked can't."""
    assert codes(_check_in(62, [touch(30, "page_viewed")])) == ["nothing-new"]
    viewed = touch(30, "price_asked", id="view-1")
    action = _check_in(62, [viewed]).actions[0]
    assert (action.channel, action.content) == ("phone", None)
    assert action.because == "60 days without a call; the lead's `price_asked` since (view-1)"
    assert codes(_check_in(62, [touch(0, "price_asked")])) == ["nothing-new"]
    assert codes(_check_in(62, [touch(1, "price_asked")])) == ["nothing-new"]
    assert codes(_check_in(62, [touch(30, "price_asked", automated=True)])) == ["nothing-new"]


@pytest.mark.parametrize(
    "word",
    [
        touch(20, "note", origin="person", outcome="no_budget"),
        move(20, "rejected", origin="person", reason="no_budget"),
        move(20, "snoozed", origin="person", reason="no_budget", until=day(40)),
        move(20, "stage", origin="person", to="incubating", reason="no_budget"),
    ],
)
def test_what_a_rep_has_dealt_with_is_no_news(word):
    """The mail about which the rep recorded an outcome isn't news forty days later."""
    cancelled = touch(20, "mail_received", direction="inbound")
    assert codes(_check_in(62, [cancelled, word])) == ["nothing-new"]


@pytest.mark.parametrize(
    "other",
    [
        touch(21, "note", origin="person"),
        move(21, "rep", origin="person", rep="rep-7"),
        move(21, "stage", to="recycled", reason="no_budget"),
    ],
)
def test_other_records_leave_news_standing(other):
    """A note without an outcome, a new rep, or the playbook's own move deals with nothing."""
    assert _check_in(62, [touch(20, "price_asked"), other]).actions


def test_a_changed_fact_is_news():
    """A fact that changed on a later day is a reason; the same or an unknown value isn't."""
    before = fact_at(0, "employees", 40)
    action = _check_in(62, [before, fact_at(40, "employees", 90)]).actions[0]
    assert "`employees` changed since" in action.because
    assert codes(_check_in(62, [before, fact_at(40, "employees", 40)])) == ["nothing-new"]
    assert codes(_check_in(62, [before, fact_at(40, "employees", None)])) == ["nothing-new"]
    assert codes(_check_in(62, [fact_at(1, "employees", 90)])) == ["nothing-new"]
    assert codes(_check_in(62, [fact_at(40, "pain_point", "Downtime")])) == ["nothing-new"]
    assert _check_in(62, [fact_at(40, "employees", 90)]).actions


def test_before_any_contact_everything_is_new():
    """A first conversation is no empty check-in if the lead did anything or we learned anything."""
    owed = owner(duties=(duty(),))
    assert plan(situation(62, [touch(0, "price_asked")]), ownership=owed).actions
    assert plan(situation(62, [fact_at(0, "employees", 9)]), ownership=owed).actions
    assert codes(plan(situation(62), ownership=owed)) == ["nothing-new"]
    fits = piece("old", -300, pain_points=["downtime"])
    assert plan(situation(62, content=[fits]), ownership=owed).actions[0].content == "old"


def test_an_opening_starts_the_clock_of_news():
    """What was there before the history began is nothing new."""
    opening = Opening(id="o", lead_id=LEAD.id, occurred_at=day(0))
    fits = piece("old", -3, pain_points=["downtime"])
    owed = owner(duties=(duty(),))
    seen = situation(62, [opening, touch(-1, "price_asked")], content=[fits])
    assert codes(plan(seen, ownership=owed)) == ["nothing-new"]
    newer = piece("new", 30, pain_points=["downtime"])
    seen = situation(62, [opening, call(20)], content=[fits, newer])
    assert plan(seen, ownership=owed).actions[0].content == "new"


def test_a_future_check_in_takes_what_will_be_out_by_then():
    """A check-in due later is planned with content announced for that time."""
    soon = piece("soon", 60, pain_points=["downtime"])
    action = _check_in(40, content=[soon]).actions[0]
    assert (action.content, action.earliest_us) == ("soon", us(61))
    assert codes(_check_in(40, content=[USE_CASE])) == ["nothing-new"]


def test_a_timer_after_a_mail_is_another_action():
    """The check-in goes on after a mail; what it asks for next has another id."""
    first = _check_in(90, content=[USE_CASE]).actions[0]
    note = touch(
        91,
        "mail",
        direction="outbound",
        channel="email",
        style="one_to_one",
        rep="rep-7",
        asset="use-case",
    )
    next_case = piece("next", 100, pain_points=["downtime"])
    second = _check_in(101, [note], content=[USE_CASE, next_case]).actions[0]
    assert (second.content, second.about) == ("next", first.about)
    assert second.id != first.id


def test_calls_that_meet_voicemail_give_way():
    """S4-3: after two unanswered calls the rep writes instead, where that is legal."""
    rings = [call(3, "voicemail"), call(5, "no_answer")]
    made = _check_in(62, [*rings, *basis("phone", "email"), touch(30, "price_asked")])
    assert made.actions[0].channel == "email"
    one = _check_in(62, [rings[0], *basis("phone", "email"), touch(30, "price_asked")])
    assert one.actions[0].channel == "phone"


def test_the_same_voicemail_again_is_refused():
    """S3-2: with no other channel to take, a timer leaves no third voicemail."""
    rings = [call(3, "voicemail"), call(5, "voicemail"), touch(30, "price_asked")]
    made = _check_in(62, [*rings, *basis("phone")])
    assert (codes(made), made.blocked[0].needs) == (["voicemail"], ("basis",))
    assert made.blocked[0].action.channel == "phone"
    seen = situation(62, [*rings, *basis("phone")], after=timedelta(hours=9))
    answer = plan(seen, ownership=owner(duties=(duty("answer", 63, about="t"),)))
    assert answer.actions[0].channel == "phone"


@pytest.mark.parametrize("last", [call(7), call(7, None), touch(7, "rang_us", channel="phone")])
def test_a_conversation_makes_phone_good_again(last):
    """Unanswered calls count since the last conversation by phone."""
    rings = [call(3, "voicemail"), call(5, "voicemail"), last, touch(30, "price_asked")]
    made = _check_in(62, [*rings, *basis("phone", "email")])
    assert made.actions[0].channel == "phone"


def test_phone_gives_way_when_the_next_call_is_worth_too_little():
    """S4-3: the table says when, and the reason says what the next call would have been worth."""
    ring = call(3, "voicemail")
    records = [CALL, ring, *basis("phone", "email"), touch(30, "price_asked")]
    owed = owner(duties=(duty(),))
    steep = plan(situation(62, records), ownership=owed, call_values=[100, 79])
    assert steep.actions[0].channel == "email"
    assert "the last call met nobody, the next is worth 79 %" in steep.actions[0].because
    usual = plan(situation(62, records), ownership=owed).actions[0]
    assert (usual.channel, "met nobody" in usual.because) == ("phone", False)


def test_the_channel_that_gets_answers_goes_first():
    """S4-3: the lead has answered by text message, so a rep writes one; the latest answer wins."""
    rings = [call(3, "voicemail"), call(5, "no_answer"), touch(30, "price_asked")]
    answers = [
        touch(2, "said", channel="chat", outcome="replied", direction="inbound"),
        touch(4, "texted", channel="sms", outcome="connected", origin="person"),
    ]
    legal = basis("phone", "email", "sms", "chat")
    assert _check_in(62, [*rings, *answers, *legal]).actions[0].channel == "sms"
    assert _check_in(62, [*rings, answers[0], *legal]).actions[0].channel == "chat"
    assert _check_in(62, [*rings, *legal]).actions[0].channel == "email"
    # Without a legal basis an answer helps nobody; and phone that is answered stays first.
    assert _check_in(62, [*rings, *answers, *basis("phone", "email")]).actions[0].channel == "email"
    assert _check_in(62, [*rings[1:], *answers, *legal]).actions[0].channel == "phone"


def test_machines_answer_nothing():
    """An automatic reply, and an outcome that a machine recorded, make no channel a better one."""
    rings = [call(3, "voicemail"), call(5, "no_answer"), touch(30, "price_asked")]
    automatic = [
        touch(4, "said", channel="sms", outcome="replied", automated=True),
        touch(4, "sent", channel="chat", outcome="connected", automated=True, origin="person"),
        touch(4, "viewed", channel="web", outcome="replied"),
    ]
    legal = basis("phone", "email", "sms", "chat", "web")
    assert _check_in(62, [*rings, *automatic, *legal]).actions[0].channel == "email"


def test_a_kind_that_is_a_reply_is_an_answer():
    """What the playbook calls a reply needs no outcome to show a channel that gets answers."""
    seen = situation(9, [touch(4, "texted", channel="sms")])
    kinds = {"texted": Kind.of(direction="inbound", reply=True)}
    told = Situation(LEAD, seen.history, as_of=seen.as_of, kinds=kinds)
    assert not is_answer(seen, seen.touches[0])
    assert is_answer(told, told.touches[0])


def test_one_piece_of_news_is_told_once_in_a_plan():
    """S3-2: two duties, or a duty and a step, on one hand-raise are one contact."""
    asked = [CALL, touch(30, "price_asked")]
    owed = owner(duties=(duty(), duty("answer", 62, about="t")))
    both = plan(situation(62, asked), ownership=owed)
    assert ([one.duty for one in both.actions], codes(both)) == (["answer"], ["nothing-new"])
    made = plan(
        situation(62, asked), ownership=owner(duties=(duty(), duty("second", agreed=False)))
    )
    assert (len(made.actions), codes(made)) == (1, ["nothing-new"])
    pieces = [USE_CASE, piece("two", 90, pain_points=["downtime"])]
    two = owner(duties=(duty(), duty("second", agreed=False)))
    made = plan(situation(95, [CALL], content=pieces), ownership=two)
    assert (len(made.actions), codes(made)) == (1, ["nothing-new"])


def test_what_comes_out_after_the_planned_contact_is_news_again():
    """A later duty takes what is published between the earlier contact and its own day."""
    pieces = [USE_CASE, piece("next", 100, pain_points=["downtime"])]
    owed = owner(duties=(duty(due=91), duty("second", 101, agreed=False)))
    made = plan(situation(90, [CALL], content=pieces), ownership=owed)
    assert [(one.content, one.earliest_us) for one in made.actions] == [
        ("use-case", us(91)),
        ("next", us(101)),
    ]


def test_marketing_mail_in_the_same_plan_tells_nothing():
    """What a machine sends is no contact of a rep: the news stays to be told."""
    asked = [enrolled(0), CALL, touch(30, "price_asked")]
    made = plan(situation(62, asked), sequence(), ownership=owner(duties=(duty(),)))
    assert {one.style for one in made.actions} == {"mass", "one_to_one"}


def test_a_call_that_met_nobody_has_told_its_news():
    """S4-3: a voicemail about the same question again is what nobody answers."""
    asked = touch(30, "price_asked")
    for outcome in ("voicemail", "no_answer", None, "connected"):
        assert codes(_check_in(95, [asked, call(31, outcome)])) == ["nothing-new"]


def test_an_answer_on_the_agreed_day_keeps_the_date():
    """S3-2: a hand-raise and a date on one day are one call; a later date is another."""
    asked = [CALL, touch(30, "price_asked")]

    def planned(number, due):
        owed = (duty("answer", 32, about="t"), duty("next_attempt", due, agreed=True))
        made = plan(situation(number, asked), ownership=owner(duties=owed))
        return [one.duty for one in made.actions], codes(made)

    assert planned(31, 31) == (["answer"], ["nothing-new"])
    # Wanted before a weekend, the answer is called after it, which is the agreed day.
    assert planned(31, 34) == (["answer"], ["nothing-new"])
    assert planned(31, 35) == (["answer", "next_attempt"], [])


def test_a_mail_in_the_evening_keeps_no_date_of_the_next_day():
    """A mail needn't wait for the morning, so the date stays owed."""
    asked = [CALL, touch(30, "price_asked"), *basis("email")]
    owed = (duty("answer", 32, about="t"), duty("next_attempt", 32, agreed=True))
    made = plan(situation(31, asked), ownership=owner(duties=owed))
    assert [one.duty for one in made.actions] == ["answer", "next_attempt"]
