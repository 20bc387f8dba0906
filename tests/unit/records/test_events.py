"""The five kinds of record: what they fill in, and that they are frozen."""

from datetime import UTC, datetime, timedelta, timezone

import attrs
import pytest

import nurturekit as nk
from nurturekit.records import FrozenMap
from nurturekit.vocabulary import Direction, Origin
from tests.builders import day, did, learned, moved

EAST = timezone(timedelta(hours=5, minutes=30))


@pytest.mark.parametrize(
    "record",
    [
        did("x", 0),
        learned("x", 1),
        moved("adopt", 0),
        nk.Consent(id="c", lead_id="l", occurred_at=day(0), kind="given"),
        nk.Opening(id="o", lead_id="l", occurred_at=day(0)),
    ],
    ids=lambda record: type(record).__name__,
)
def test_records_are_frozen(record):
    """No field of a record can be set."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        record.lead_id = "other"


def test_times_are_kept_in_utc_with_their_microseconds():
    """Both times become UTC; the recording defaults to the occurrence."""
    local = datetime(2026, 1, 5, 5, 30, tzinfo=EAST)
    record = did("x", 0, at=local, recorded_at=local + timedelta(hours=1))
    assert (record.occurred_at.tzinfo, record.recorded_at.tzinfo) == (UTC, UTC)
    assert record.occurred_at == local
    assert record.recorded_us - record.occurred_us == 3_600_000_000
    alone = did("x", 0, at=local)
    assert alone.recorded_at == alone.occurred_at
    assert alone.recorded_us == alone.occurred_us


@pytest.mark.parametrize(
    ("fields", "origin"),
    [
        ({}, Origin.LEAD),
        ({"direction": "inbound"}, Origin.LEAD),
        ({"direction": "inbound", "rep": "rep-7"}, Origin.LEAD),
        ({"direction": "outbound"}, Origin.PERSON),
        ({"direction": "outbound", "automated": True}, Origin.PLAYBOOK),
        ({"direction": None, "rep": "rep-7"}, Origin.PERSON),
        ({"direction": "outbound", "origin": "lead"}, Origin.LEAD),
    ],
)
def test_who_made_a_touch(fields, origin):
    """What isn't said follows from direction, machine and rep; what is said holds."""
    fields = {"direction": None, **fields}
    assert did("x", 0, **fields).origin is origin


def test_words_become_members():
    """Plain words of a vocabulary become its members, and members stay."""
    touch = did("x", 0, channel="email", outcome=nk.Outcome.WON)
    assert touch.channel is nk.Channel.EMAIL
    assert touch.outcome is nk.Outcome.WON
    assert touch.direction is Direction.INBOUND
    opening = nk.Opening(id="o", lead_id="l", occurred_at=day(0), stage="mql", team="sales")
    assert (opening.stage, opening.team) == (nk.Stage.MQL, nk.Team.SALES)
    assert moved("owner", 0, to=nk.Team.SALES, team="sales").team is nk.Team.SALES


def test_a_moves_words_become_texts():
    """What a move was and is now are plain texts, so that equal moves have equal bytes."""
    move = moved("stage", 0, was=nk.Stage.INQUIRY, to=nk.Stage.MQL)
    assert (type(move.was), type(move.to)) == (str, str)
    assert move == moved("stage", 0, was="inquiry", to="mql")


def test_deadlines_are_kept_in_utc():
    """A move's due and until, and a grant's end, are UTC with their microseconds."""
    at = datetime(2026, 1, 5, 5, 30, tzinfo=EAST)
    move = moved("snoozed", 0, due=at, until=at)
    consent = nk.Consent(id="c", lead_id="l", occurred_at=day(0), kind="given", expires_at=at)
    midnight = datetime(2026, 1, 5, tzinfo=UTC)
    assert (move.due, move.until, consent.expires_at) == (midnight, midnight, midnight)
    assert {one.tzinfo for one in (move.due, move.until, consent.expires_at)} == {UTC}
    assert move.due_us == move.until_us == consent.expires_us == int(midnight.timestamp()) * 10**6
    assert (moved("snoozed", 0).due_us, moved("snoozed", 0).until_us) == (None, None)
    assert nk.Consent(id="c", lead_id="l", occurred_at=day(0), kind="given").expires_us is None


@pytest.mark.parametrize(
    ("kind", "is_restriction"),
    [
        ("given", False),
        ("withdrawn", True),
        ("objected", True),
        ("erased", True),
        ("bounced", True),
        ("complained", True),
    ],
)
def test_all_consents_but_a_grant_are_restrictions(kind, is_restriction):
    """Only `given` gives."""
    consent = nk.Consent(id="c", lead_id="l", occurred_at=day(0), kind=kind)
    assert consent.is_restriction is is_restriction


def test_records_hold_no_mutable_values():
    """Evidence, enrolments and dates are frozen, so records can be hashed."""
    move = moved("offered", 0, evidence=["t1"])
    opening = nk.Opening(
        id="o",
        lead_id="l",
        occurred_at=day(0),
        enrolled=["nurture"],
        last_touch={"phone": day(0).date()},
    )
    assert move.evidence == ("t1",)
    assert (opening.enrolled, type(opening.last_touch)) == (("nurture",), FrozenMap)
    assert len({move, opening, did("x", 0), learned("x", ["a"])}) == 4


def test_a_reason_may_be_a_word_of_the_vocabulary():
    """An outcome is taken as its text, as other words are."""
    made = moved("rejected", 1, reason=nk.Outcome.NO_BUDGET)
    assert type(made.reason) is str
    assert made == moved("rejected", 1, reason="no_budget")
