"""What ends a sequence at once, groups of which one runs, versions that take over."""

import attrs
import pytest

from nurturekit.errors import ModelError
from nurturekit.planning.sequence import Sequence
from nurturekit.records import Consent, History, Lead, Peer, Situation, World
from tests.unit.planning.cases import (
    KINDS,
    LEAD,
    call,
    content_step,
    day,
    enrolled,
    fact_at,
    move,
    moves,
    plan,
    sent,
    sequence,
    situation,
    step,
    touch,
    us,
)

REPLIES = {"mail_answered": attrs.evolve(KINDS["price_asked"], intent=False, reply=True)}


def answered(number, **fields):
    """The lead's answer to a mail."""
    return touch(number, "mail_answered", direction="inbound", **fields)


def seen_with(*records, number=5, lead=LEAD, peers=()):
    """The lead on a day, where a mail that is answered is a reply."""
    base = situation(number, lead=lead)
    world = World(peers=peers)
    kinds = {**KINDS, **REPLIES}
    seen = Situation(lead, records, as_of=base.as_of, world=world, kinds=kinds)
    return seen.bind(**base.bound)


def consent(kind, number=3, **fields):
    """A restriction on a day."""
    return Consent(
        id=f"{kind}-{number}", lead_id=LEAD.id, occurred_at=day(number), kind=kind, **fields
    )


def aiming(*goals, **fields):
    """A sequence of two mails with goals."""
    return sequence(goals=goals, **fields)


@pytest.mark.parametrize(
    ("goal", "record", "is_reached"),
    [
        ("reply", answered(3), True),
        ("reply", answered(-1), False),
        ("reply", answered(0), False),
        ("reply", answered(3, automated=True), False),
        ("reply", touch(3), False),
        ("reply", call(3, "replied"), True),
        ("reply", call(3, "voicemail"), False),
        ("meeting_booked", call(3, "meeting_booked"), True),
        ("meeting_booked", call(-1, "meeting_booked"), False),
        ("meeting_booked", call(3, "connected"), False),
        ("unsubscribe", consent("withdrawn", channel="email"), True),
        ("unsubscribe", consent("objected", purpose="marketing"), True),
        ("unsubscribe", consent("withdrawn", channel="phone"), False),
        ("unsubscribe", consent("withdrawn", purpose="sales"), False),
        ("unsubscribe", consent("bounced", channel="email"), False),
        ("bounce", consent("bounced", channel="email"), True),
        ("bounce", consent("withdrawn", channel="email"), False),
        ("account_reply", answered(3), False),
    ],
)
def test_goal(goal, record, is_reached):
    """A goal ends the run at once, with the record that reached it; each is optional."""
    made = plan(seen_with(enrolled(0), record), aiming(goal))
    assert moves(made) == ([("left", "nurture", "1@1")] if is_reached else [])
    if is_reached:
        assert made.moves[0].reason == f"its goal is reached: {goal} ({record.id})"
    assert not plan(seen_with(enrolled(0), record), aiming()).moves


def test_an_answer_of_the_account_ends_it():
    """Any contact of the same account who answers, after the run began, ends it."""
    lead = Lead(id=LEAD.id, account="acme")

    def peer(number, account="acme"):
        record = attrs.evolve(answered(number), lead_id="lead-2")
        return Peer(lead=Lead(id="lead-2", account=account), history=History([record]))

    made = aiming("account_reply")
    assert moves(plan(seen_with(enrolled(0), lead=lead, peers=[peer(3)]), made))
    assert not moves(plan(seen_with(enrolled(0), lead=lead, peers=[peer(-3)]), made))
    assert not moves(plan(seen_with(enrolled(0), lead=lead, peers=[peer(3, "other")]), made))
    assert not moves(plan(seen_with(enrolled(0), peers=[peer(3, None)]), made))


def test_whoever_has_unsubscribed_does_not_enter():
    """A goal that is reached already keeps a lead out."""
    assert not plan(seen_with(consent("withdrawn")), aiming("unsubscribe")).moves
    assert moves(plan(seen_with(answered(3)), aiming("reply"))) == [("enrolled", "nurture", "1@1")]


class TestExclusive:
    LOW = sequence("low", exclusive="drip", reentry="after_end")
    HIGH = sequence("high", exclusive="drip", priority=5, entry=None)
    OTHER = sequence("other")

    def test_one_of_a_group_at_a_time(self):
        """Of a group the highest priority is entered, then by name; others overlap freely."""
        made = plan(situation(0), self.LOW, self.HIGH, self.OTHER)
        assert moves(made) == [("enrolled", "high", "1@1"), ("enrolled", "other", "1@1")]
        even = sequence("also", exclusive="drip")
        assert moves(plan(situation(0), self.LOW, even)) == [("enrolled", "also", "1@1")]

    def test_higher_priority_takes_the_place(self):
        """A run gives way to one of higher priority, with a reason; not to one of the same."""
        made = plan(situation(3, [enrolled(0, "low")]), self.LOW, self.HIGH)
        assert moves(made) == [("left", "low", "1@1"), ("enrolled", "high", "1@1")]
        assert made.moves[0].reason == "gives way to `high`"
        even = sequence("also", exclusive="drip")
        assert not plan(situation(3, [enrolled(0, "low")]), self.LOW, even).moves

    def test_a_lower_one_waits_for_the_end(self):
        """Once the group is free the lower one may enter."""
        going = [enrolled(0, "high")]
        assert not plan(situation(3, going), self.LOW, self.HIGH).moves
        done = [
            *going,
            sent(7, "one", sequence="high"),
            sent(14, "two", sequence="high"),
        ]
        made = plan(situation(15, done), self.LOW, self.HIGH)
        assert moves(made) == [("left", "high", "1@1"), ("enrolled", "low", "1@1")]

    def test_every_run_of_the_group_gives_way(self):
        """Also a second run in one sequence, by a person's hand."""
        twice = [enrolled(0, "low"), enrolled(1, "low", "7@1", origin="person")]
        made = plan(situation(3, twice), self.LOW, self.HIGH)
        assert moves(made) == [
            ("left", "low", "1@1"),
            ("left", "low", "7@1"),
            ("enrolled", "high", "1@1"),
        ]


class TestTakesOver:
    NEW = Sequence(
        name="nurture",
        version=3,
        team="marketing",
        takes_over=(1,),
        steps=[step("one"), step("new", after_days=5), step("two", after_days=7)],
    )

    def test_a_run_goes_on_at_the_step_of_the_same_id(self):
        """A version that is gone has an heir: what was done by id stays done."""
        made = plan(situation(3, [enrolled(0), sent(1, "one")]), self.NEW)
        assert (made.moves, [(one.run, one.step) for one in made.actions]) == ((), [("1@1", "new")])

    def test_a_version_that_is_there_keeps_its_runs(self):
        """Only a version that is gone is taken over, and only one that is named."""
        made = plan(situation(3, [enrolled(0), sent(1, "one")]), self.NEW, sequence())
        assert [(one.step, one.earliest_us) for one in made.actions] == [("two", us(8))]
        gone = plan(situation(3, [enrolled(0, run="1@2")]), self.NEW)
        assert moves(gone)[0] == ("left", "nurture", "1@2")

    def test_only_older_versions(self):
        """A version takes over older ones than itself."""
        with pytest.raises(ModelError) as caught:
            attrs.evolve(self.NEW, takes_over=(3,))
        assert caught.value.code == "out-of-range"


def test_removed_by_hand_is_never_added_again():
    """Whoever was taken out by a person stays out, whatever the re-entry rule and priority."""
    out = move(2, "left", origin="person", sequence="nurture", run="1@1", reason="asked")
    made = sequence(reentry="after_end", exclusive="drip", priority=9)
    assert not plan(situation(9, [enrolled(0), out, fact_at(1, "size", 90)]), made).moves


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"goals": ["fame"]}, "unknown-word"), ({"exclusive": ""}, "bad-name")],
)
def test_refuses(fields, code):
    """Unknown goals and nameless groups can't be made."""
    with pytest.raises(ModelError) as caught:
        sequence(**fields)
    assert caught.value.code == code


def test_room_that_a_skipped_step_leaves_is_taken_at_once():
    """A run that ends for want of content gives its place in the group within the same plan."""
    empty = content_step("one", if_no_content="skip")
    first = sequence("first", steps=[empty], exclusive="drip", priority=5)
    made = plan(situation(3), first, sequence("second", exclusive="drip"))
    assert [(str(one.kind), one.sequence) for one in made.moves] == [
        ("enrolled", "first"),
        ("skipped", "first"),
        ("left", "first"),
        ("enrolled", "second"),
    ]
    assert [one.sequence for one in made.actions] == ["second"]
