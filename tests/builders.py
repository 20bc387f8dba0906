"""Short builders of records for scenarios and laws: a Monday, days from it, one lead."""

from datetime import UTC, datetime, time, timedelta

import nurturekit as nk

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
LEAD = nk.Lead(id="lead-1", zone="Europe/Berlin", language="en")
POLICIES = nk.PRESETS


def day(number: float, hour: float = 10) -> datetime:
    """Return an instant so many days after the Monday."""
    return MONDAY + timedelta(days=number, hours=hour)


def night(number: float) -> datetime:
    """Return the instant of a day's nightly decision."""
    return day(number, 22)


def did(kind: str, on: float, **fields: object) -> nk.Touch:
    """Return something the lead did."""
    fields = {"id": f"{kind}-{on}", "direction": "inbound", **fields}
    return nk.Touch(lead_id=LEAD.id, kind=kind, occurred_at=_at(on, fields), **fields)


def called(on: float, *, rep: str = "rep-7", **fields: object) -> nk.Touch:
    """Return a call by a rep."""
    fields = {"id": f"call-{on}", "outcome": "connected", **fields}
    return nk.Touch(
        lead_id=LEAD.id,
        kind="call_made",
        channel="phone",
        direction="outbound",
        style="one_to_one",
        rep=rep,
        occurred_at=_at(on, fields),
        **fields,
    )


def mailed(on: float, content: str, **fields: object) -> nk.Touch:
    """Return a mail sent by a sequence."""
    fields = {"id": f"mail-{on}", "automated": True, **fields}
    return nk.Touch(
        lead_id=LEAD.id,
        kind="email_sent",
        channel="email",
        direction="outbound",
        asset=content,
        occurred_at=_at(on, fields),
        **fields,
    )


def learned(name: str, value: object, on: float = 0, **fields: object) -> nk.Fact:
    """Return a fact about the lead."""
    fields = {"id": f"fact-{name}-{on}", **fields}
    return nk.Fact(lead_id=LEAD.id, name=name, value=value, occurred_at=_at(on, fields), **fields)


def moved(kind: str, on: float, **fields: object) -> nk.Move:
    """Return a move made by a person in the CRM."""
    fields = {"id": f"{kind}-{on}", **fields}
    return nk.Move(lead_id=LEAD.id, kind=kind, occurred_at=_at(on, fields), **fields)


def allowed(*channels: str, on: float = -30, **fields: object) -> list[nk.Consent]:
    """Return a legal basis on each channel."""
    return [
        nk.Consent(
            id=f"basis-{channel}",
            lead_id=LEAD.id,
            occurred_at=day(on),
            kind="given",
            channel=channel,
            basis="consent",
            **fields,
        )
        for channel in channels
    ]


def _at(on: float, fields: dict[str, object]) -> datetime:
    at = fields.pop("at", None)
    return at if isinstance(at, datetime) else day(on)


BOTH = allowed("email", "phone")


def library(*, each: int = 12, published: float = -60) -> list[nk.Content]:
    """Return content for every position, all of it published before the Monday."""
    return [
        nk.Content(id=f"{position}-{number}", position=position, published_at=day(published))
        for position in nk.FunnelPosition
        for number in range(1, each + 1)
    ]


def office() -> nk.BusinessHours:
    """Return Berlin office hours."""
    return nk.BusinessHours(
        zone="Europe/Berlin",
        windows=(nk.Window(days=frozenset(range(5)), start=time(9), end=time(17)),),
    )


def world(**fields: object) -> nk.World:
    """Return a world of one rep, office hours and a library."""
    given = {
        "reps": [nk.Rep(id="rep-7", pool="sales")],
        "pools": [nk.Pool(id="sales", hours=office(), manager="manager-1")],
        "content": library(),
    }
    return nk.World(**{**given, **fields})


def decide(
    policy: str | nk.Playbook,
    records: object,
    on: float,
    *,
    lead: nk.Lead = LEAD,
    **fields: object,
) -> nk.Decision:
    """Decide at night under a preset."""
    playbook = nk.preset(policy) if isinstance(policy, str) else policy
    fields = {"world": world(), **fields}
    return playbook.decide(lead, records, as_of=night(on), **fields)


def run(
    policy: str | nk.Playbook,
    records: list[nk.Touch | nk.Fact | nk.Consent | nk.Move],
    nights: int,
    *,
    lead: nk.Lead = LEAD,
    rep: str | None = "rep-7",
    mail: bool = True,
    scene: nk.World | None = None,
) -> tuple[list[nk.Decision], nk.History]:
    """Decide every night, moves appended, requests answered, mail sent; return both."""
    playbook = nk.preset(policy) if isinstance(policy, str) else policy
    scene = scene or world()
    history, decisions = nk.History(records), []
    for number in range(nights):
        decision = playbook.decide(lead, history, as_of=night(number), world=scene)
        decisions.append(decision)
        history = history.add(*decision.moves)
        if decision.request is not None and rep is not None:
            history = history.add(
                moved(
                    "rep",
                    number,
                    id=f"answer-{number}",
                    at=night(number) + timedelta(minutes=1),
                    rep=rep,
                    answers=decision.request.id,
                )
            )
        for action in decision.actions if mail else ():
            at = max(action.earliest, night(number) + timedelta(minutes=5))
            if action.channel == "email" and at < night(number + 1):
                history = history.add(nk.performed(action, at=at))
    return decisions, history
