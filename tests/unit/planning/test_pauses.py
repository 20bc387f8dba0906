"""A pause has a reason and an end, and the lead can end it (S3-1)."""

import pytest

from tests.unit.planning.cases import (
    call,
    codes,
    day,
    duty,
    enrolled,
    fact_at,
    move,
    owner,
    plan,
    sequence,
    situation,
    touch,
    us,
)

RUNS = [enrolled(0), enrolled(0, "second")]
BOTH = (sequence(), sequence("second"))


def _snoozed(number=1, until=30, **fields):
    end = None if until is None else day(until)
    return move(number, "snoozed", origin="person", until=end, **fields)


def _starts(made):
    return {one.sequence: one.earliest_us for one in made.actions}


def test_a_pause_stops_every_sequence_until_its_end():
    """Steps wait for the end of the pause, and the plan says that they do."""
    made = plan(situation(9, [*RUNS, _snoozed(reason="moving house")]), *BOTH)
    assert _starts(made) == {"nurture": us(30), "second": us(30)}
    assert [(one.code, one.until_us) for one in made.blocked] == [("snoozed", us(30))]
    assert "moving house" in made.blocked[0].reason
    assert not made.moves


def test_a_pause_of_one_sequence_stops_only_that():
    """The others go on."""
    made = plan(situation(9, [*RUNS, _snoozed(sequence="second")]), *BOTH)
    assert _starts(made) == {"nurture": us(9), "second": us(30)}
    assert made.blocked[0].reason == "`second` is paused (no reason given)"


def test_the_later_end_counts():
    """Two pauses last as long as the longer one."""
    records = [*RUNS, _snoozed(until=30), _snoozed(2, until=40, sequence="second")]
    made = plan(situation(9, records), *BOTH)
    assert _starts(made) == {"nurture": us(30), "second": us(40)}
    assert codes(made) == ["snoozed", "snoozed"]


def test_a_pause_ends():
    """At its end, excluded, it is over; a later pause replaces an earlier one."""
    assert _starts(plan(situation(30, [*RUNS, _snoozed()]), *BOTH))["nurture"] == us(30)
    assert not plan(situation(30, [*RUNS, _snoozed()]), *BOTH).blocked
    lifted = [*RUNS, _snoozed(), _snoozed(5, until=6)]
    assert not plan(situation(9, lifted), *BOTH).blocked


@pytest.mark.parametrize("kind", ["price_asked", "resume_requested"])
def test_the_lead_can_ask_to_resume(kind):
    """A hand-raise or a request after the pause ends it, one before doesn't."""
    assert not plan(situation(9, [*RUNS, _snoozed(), touch(5, kind)]), *BOTH).blocked
    assert plan(situation(9, [*RUNS, _snoozed(5), touch(4, kind)]), *BOTH).blocked
    assert plan(situation(9, [*RUNS, _snoozed(), touch(5)]), *BOTH).blocked


def test_a_pause_without_an_end_lasts():
    """Nobody knows when to go on, so each action is refused whole until somebody says."""
    made = plan(situation(9, [*RUNS, _snoozed(until=None)]), *BOTH)
    assert not made.actions
    assert codes(made) == ["snoozed"] * 3
    assert {one.until_us for one in made.blocked} == {None}
    assert {one.action.sequence for one in made.blocked if one.action} == {"nurture", "second"}


def test_a_pause_stops_timers_but_not_what_was_asked_for():
    """A check-in waits for the end of a pause; an answer and an agreed date don't."""
    owed = [duty(due=5), duty("answer", 9), duty("next_attempt", 13, agreed=True, about="t")]
    records = [call(-60, id="call-1"), _snoozed(), fact_at(8, "employees", 80)]
    made = plan(situation(9, records), ownership=owner(duties=tuple(owed)))
    planned = {one.duty: one.earliest_us for one in made.actions}
    assert planned == {"answer": us(9), "next_attempt": us(13)}
    # By the end of the pause the news is told.
    refused = [(one.code, one.action.duty, one.action.earliest_us) for one in made.blocked[:1]]
    assert refused == [("nothing-new", "check_in", us(30))]
    alone = plan(situation(9, records), ownership=owner(duties=tuple(owed[:1])))
    assert [one.earliest_us for one in alone.actions] == [us(30)]
