"""How a history says that a fact was asked for, or refused: facts without a value."""

from datetime import datetime

from nurturekit.identity import stable_id
from nurturekit.instants import to_us
from nurturekit.records import Fact, Situation
from nurturekit.vocabulary import Origin

ASKED = "asked"
REFUSED = "refused"


def asked(fact: str, *, lead_id: str, at: datetime) -> Fact:
    """Return the record that a fact was asked for, to append where no answer is known yet.

    Args:
        fact: The attribute's name.
        lead_id: Who was asked.
        at: When, aware; an answer is a fact of a later instant.
    """
    return _noted(ASKED, fact, lead_id, at, Origin.PLAYBOOK)


def refused(fact: str, *, lead_id: str, at: datetime) -> Fact:
    """Return the record that a lead wouldn't say a fact.

    Args:
        fact: The attribute's name.
        lead_id: Who wouldn't.
        at: When, aware.
    """
    return _noted(REFUSED, fact, lead_id, at, Origin.LEAD)


def _noted(source: str, fact: str, lead_id: str, at: datetime, origin: Origin) -> Fact:
    noted_id = stable_id(source, lead_id, fact, to_us(at, field="at"))
    return Fact(
        id=noted_id, lead_id=lead_id, occurred_at=at, name=fact, source=source, origin=origin
    )


def days_since(situation: Situation, fact: str, source: str) -> int | None:
    """Return how many integer days ago a fact was last asked for or refused, None if never."""
    noted = [
        situation.age_days(one.occurred_us)
        for one in situation.visible.facts
        if one.name == fact and one.value is None and one.source == source
    ]
    return min(noted, default=None)
