"""The guards see what a plug-in's planner wants, like everything else."""

from datetime import UTC, date, datetime, timedelta

import attrs
import pytest

import nurturekit as nk
from nurturekit.guards import Cap
from nurturekit.instants import to_us

NOON = datetime(2026, 1, 7, 12, tzinfo=UTC)
LEAD = nk.Lead(id="l1", zone="UTC")


@attrs.frozen
class Eager:
    """A planner that wants three mails, a text, a call and a rep's call at once."""

    plugin: str = "eager-planner"

    def plan(self, situation, ownership):
        mail = nk.Action(
            id="mail",
            lead_id=situation.lead.id,
            channel=nk.Channel.EMAIL,
            style=nk.Style.AUTOMATED,
            team=nk.Team.MARKETING,
            earliest_us=situation.as_of_us,
        )
        return nk.Plan(
            actions=(
                mail,
                attrs.evolve(mail, id="second", rank=-1),
                attrs.evolve(mail, id="text", channel=nk.Channel.SMS),
                attrs.evolve(mail, id="letter", channel=nk.Channel.POST),
            )
        )


@pytest.fixture
def playbook():
    """Return a playbook of the plug-in's: texts in the evening only, one mail a year."""
    guards = nk.GuardProfile(
        name="house",
        dated=date(2026, 1, 1),
        hours={"sms": nk.ContactHours(windows="mon-sun 18:00-20:00")},
        caps=[Cap(name="yearly", at_most=1, window_days=365, channel="email", then="drop")],
    )
    return attrs.evolve(nk.preset("marketing-led"), planner=Eager(), guards=guards)


@pytest.fixture
def history():
    """Return a grant for everything and an objection to letters."""
    fields = {"lead_id": "l1", "occurred_at": NOON - timedelta(days=9)}
    return nk.History(
        [
            nk.Consent(id="yes", kind="given", basis="consent", **fields),
            nk.Consent(id="no", kind="objected", channel="post", **fields),
        ]
    )


def test_a_decision_guards_a_plug_in(playbook, history):
    """What is suppressed or over a cap is refused, what is out of hours waits."""
    decision = playbook.decide(LEAD, history, as_of=NOON)
    times = {one.id: one.earliest for one in decision.actions}
    assert times == {"mail": NOON, "text": NOON + timedelta(hours=6)}
    refused = {one.action.id: one.code for one in decision.blocked if one.action is not None}
    assert refused == {"second": "capped", "letter": "suppressed"}


def test_a_schedule_guards_a_plug_in(playbook, history):
    """So does the calendar that is expected."""
    schedule = playbook.plan(LEAD, history, as_of=NOON)
    assert [one.id for one in schedule.actions] == ["mail", "text"]
    assert {one.code for one in schedule.blocked} == {"capped", "suppressed"}


def test_confirming_guards_a_plug_in(playbook, history):
    """Just before sending, its actions meet the same guards, whatever they say of themselves."""
    (mail, text) = playbook.decide(LEAD, history, as_of=NOON).actions
    assert playbook.confirm(mail, LEAD, history, as_of=NOON).allowed
    forged = attrs.evolve(text, earliest_us=to_us(NOON, field="noon"))
    refused = playbook.confirm(forged, LEAD, history, as_of=NOON)
    assert refused.blocked.code == "out-of-hours"
    letter = attrs.evolve(mail, channel=nk.Channel.POST)
    assert playbook.confirm(letter, LEAD, history, as_of=NOON).blocked.code == "suppressed"


def test_complaints_are_noted(playbook, history):
    """A decision in a world with complaints says so, and so does a schedule."""
    world = nk.World(complaint_rates={"email": 0.004})
    decision = playbook.decide(LEAD, history, as_of=NOON, world=world)
    schedule = playbook.plan(LEAD, history, as_of=NOON, world=world)
    for answer in (decision, schedule):
        assert (
            "complaints about email: 0.4 %, mass and automated contacts are stopped" in answer.notes
        )
        assert "complaints" in {one.code for one in answer.blocked}
