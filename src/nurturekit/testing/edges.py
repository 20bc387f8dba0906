"""The situations that every plug-in is asked about first: one edge each, with a name to speak of.

OPEN. To add one: its records in `_cases`.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from nurturekit.records import (
    Consent,
    Fact,
    Lead,
    Move,
    Opening,
    Record,
    Situation,
    Touch,
)
from nurturekit.records.checks import Value
from nurturekit.testing.drawing import (
    INTENTS,
    LEAD_ID,
    OUTCOMES,
    RESTRICTIONS,
    START,
    Attributes,
    grants,
)
from nurturekit.vocabulary import Stage

AS_OF = START + timedelta(days=14)


def edges(attributes: Attributes) -> Iterator[Situation]:
    """Yield a situation for each edge, plain: nothing bound.

    Args:
        attributes: Each attribute's name with the values it may have.
    """
    lead = Lead(id=LEAD_ID, account="account-1", zone="Europe/Berlin", language="en")
    for records in _cases(attributes):
        yield Situation(lead, records, as_of=AS_OF)
    for columns in _columns(attributes):
        yield Situation(Lead(id=LEAD_ID, attributes=columns), as_of=AS_OF)


def _columns(attributes: Attributes) -> Iterator[dict[str, Value]]:
    # Every value at least once, the shorter lists again from their start.
    for number in range(max(map(len, attributes.values()))):
        yield {name: values[number % len(values)] for name, values in attributes.items() if values}


def _cases(attributes: Attributes) -> Iterator[Sequence[Record]]:
    yield ()
    yield grants()
    for kind in RESTRICTIONS:
        yield (_consent(kind),)
        yield (*grants(), _consent(kind, channel="email"))
    for stage in Stage:
        yield (_move("stage", to=str(stage), reason="no_need"),)
        yield (Opening(id="opening", lead_id=LEAD_ID, occurred_at=START, stage=stage),)
    yield (Opening(id="opening", lead_id=LEAD_ID, occurred_at=START, opted_out=True),)
    yield from _handoffs()
    for outcome in OUTCOMES:
        yield (_touch("call_made", direction="outbound", rep="rep-7", outcome=outcome),)
    for intent in INTENTS:
        yield (_touch(intent, direction="inbound"),)
    yield (_touch("never_described"),)
    yield _two_versions()
    for name, values in attributes.items():
        for value in values:
            yield (_fact(name, value),)


def _handoffs() -> Iterator[Sequence[Record]]:
    raised = _touch("demo_requested", direction="inbound")
    offers = [_offer(days=days, evidence=(raised.id,)) for days in (30, 13, 1)]
    for offer in offers:
        yield (raised, offer)
    for end in ("accepted", "rejected", "lapsed", "withdrawn"):
        yield (raised, offers[0], _move(end, days=2, answers=offers[0].id, reason="no_need"))
    for team in ("marketing", "sales"):
        yield (_move("owner", to=team),)
    yield (_move("adopt", to="another-policy"),)
    yield (_move("snoozed", until=AS_OF, reason="asked to wait"),)
    yield (_move("snoozed", until=AS_OF + timedelta(days=1), reason="asked to wait"),)


def _two_versions() -> Sequence[Record]:
    return (
        _touch("pricing_viewed", direction="inbound"),
        _touch("blog_viewed", direction="inbound", id="pricing_viewed", revision=1),
    )


def _offer(*, days: int, evidence: tuple[str, ...]) -> Move:
    # Due 13 days after the day it was made, it is due at the very instant of judgement.
    due = START + timedelta(days=days + 1)
    return _move(
        "offered", was="marketing", to="sales", due=due, evidence=evidence, origin="playbook"
    )


def _touch(kind: str, **fields: Any) -> Touch:  # noqa: ANN401 - the fields of a record
    fields = {"id": kind, "occurred_at": START, **fields}
    return Touch(lead_id=LEAD_ID, kind=kind, **fields)


def _move(kind: str, *, days: int = 1, **fields: Any) -> Move:  # noqa: ANN401 - as above
    at = START + timedelta(days=days)
    return Move(id=f"{kind}-{days}", lead_id=LEAD_ID, kind=kind, occurred_at=at, **fields)


def _consent(kind: str, *, channel: str | None = None) -> Consent:
    return Consent(id=kind, lead_id=LEAD_ID, occurred_at=START, kind=kind, channel=channel)


def _fact(name: str, value: Value) -> Fact:
    return Fact(id="fact", lead_id=LEAD_ID, occurred_at=START, name=name, value=value)
