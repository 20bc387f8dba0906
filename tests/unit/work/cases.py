"""Leads with decisions made by hand, so that a list's order is all that is at work."""

from datetime import datetime, timedelta

import nurturekit as nk
from nurturekit.answers import Duty
from nurturekit.decision import Decision
from nurturekit.instants import to_us
from nurturekit.interop import Case
from nurturekit.records import EMPTY_WORLD, FrozenMap
from tests.builders import day, night

PLAYBOOK = nk.preset("blended")
NOW = day(0, 9)
ALLOWED = FrozenMap({nk.Team.SALES: frozenset({nk.Style.ONE_TO_ONE})})


def us(at: datetime) -> int:
    """Return epoch microseconds."""
    return to_us(at, field="at")


def came(lead_id: str, on: float, *, campaign: str | None = None, **fields: object) -> nk.Touch:
    """Return a first touch of a lead, by a campaign."""
    fields = {"id": f"{lead_id}-came-{on}", "direction": "inbound", **fields}
    return nk.Touch(
        lead_id=lead_id, kind="form_submitted", occurred_at=day(on), campaign=campaign, **fields
    )


def called(lead_id: str, on: float, *, hour: float = 10, **fields: object) -> nk.Touch:
    """Return a rep's call of a lead."""
    fields = {"id": f"{lead_id}-call-{on}-{hour}", "rep": "rep-7", **fields}
    return nk.Touch(
        lead_id=lead_id,
        kind="call_made",
        occurred_at=day(on, hour),
        channel="phone",
        direction="outbound",
        style="one_to_one",
        **fields,
    )


def case(lead_id: str, *records: object, world: nk.World = EMPTY_WORLD, **fields: object) -> Case:
    """Return a lead with its records."""
    lead = nk.Lead(id=lead_id, zone="Europe/Berlin", **fields)
    return Case(lead=lead, history=nk.History(records), world=world)


def action(lead_id: str, *, at: datetime = NOW, name: str = "", **fields: object) -> nk.Action:
    """Return a rep's call."""
    fields = {"rep": "rep-7", "channel": nk.Channel.PHONE, "because": "a step", **fields}
    return nk.Action(
        id=f"do-{lead_id}{name}",
        lead_id=lead_id,
        style=nk.Style.ONE_TO_ONE,
        team=nk.Team.SALES,
        earliest_us=us(at),
        **fields,
    )


def duty(kind: str, due: datetime, *, rep: str | None = "rep-7") -> Duty:
    """Return something owed."""
    return Duty(
        kind=kind,
        team=nk.Team.SALES,
        rep=rep,
        due_us=us(due),
        about=f"about-{kind}",
        agreed=True,
        because="an agreed date",
    )


def owed(lead_id: str, kind: str, due: datetime, **fields: object) -> tuple[nk.Action, Duty]:
    """Return what a duty makes a rep do, and the duty."""
    rep = fields.get("rep", "rep-7")
    fields = {"duty": kind, "about": f"about-{kind}", **fields}
    return action(lead_id, name=f"-{kind}", **fields), duty(kind, due, rep=rep)


def decision(lead_id: str, *parts: object, as_of: datetime = NOW, **fields: object) -> Decision:
    """Return a decision of actions, refusals and duties, in sales' hands unless said otherwise."""
    duties = tuple(part for part in parts if isinstance(part, Duty))
    given = {"rep": "rep-7", "allowed": ALLOWED, **fields.pop("ownership", {})}
    ownership = nk.Ownership(
        accountable=nk.Team.SALES, answerable=nk.Team.SALES, duties=duties, **given
    )
    return Decision(
        lead_id=lead_id,
        as_of_us=us(as_of),
        score=nk.Score(milli=0),
        stage=nk.Stage.SAL,
        ownership=ownership,
        actions=tuple(part for part in parts if isinstance(part, nk.Action)),
        blocked=tuple(part for part in parts if isinstance(part, nk.Blocked)),
        **fields,
    )


def nothing_new(lead_id: str) -> nk.Blocked:
    """Return the refusal of a check-in without news."""
    return nk.Blocked(
        code="nothing-new",
        reason="nothing new to say",
        until_us=us(night(40)),
        action=action(lead_id, name="-check-in"),
    )


def later(days: float) -> datetime:
    """Return an instant days after now."""
    return NOW + timedelta(days=days)
