"""Signals of the account: who else of it takes part, and in which role of the buying group.

They read the readiness bound into the situation: who takes part is the qualification's to say.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from nurturekit.records.frozen import FrozenMap
from nurturekit.signals.measures import UNKNOWN, Measure, NamedSignal
from nurturekit.typing import Signal

if TYPE_CHECKING:
    from nurturekit.records import Situation

# The attribute that says what a person does in the buying group: `champion`, `decision_maker`, ...
BUYING_ROLE = "buying_role"


def buying_role(situation: "Situation") -> str | None:
    """Return a lead's role in the buying group, or None where it isn't known."""
    role = situation.attribute(BUYING_ROLE)
    return role if isinstance(role, str) and role else None


def _engaged(situation: "Situation") -> Iterator["Situation"]:
    people = situation.bound["readiness"].peers
    yield situation
    yield from (peer for peer in situation.peers if peer.person in people)


def _buying_roles(situation: "Situation") -> Measure:
    if situation.bound.get("readiness") is None:
        return UNKNOWN
    roles = {buying_role(one) for one in _engaged(situation)}
    return tuple(sorted(role for role in roles if role)) or UNKNOWN


def _engaged_people(situation: "Situation") -> Measure:
    readiness = situation.bound.get("readiness")
    return UNKNOWN if readiness is None else len(readiness.peers) + 1


SIGNALS: Mapping[str, Signal] = FrozenMap(
    {
        "buying_roles": NamedSignal("buying_roles", _buying_roles),
        "engaged_people": NamedSignal("engaged_people", _engaged_people),
    }
)
