"""What is measured of a lead, and of a team over all leads."""

from collections.abc import Mapping
from typing import Any

import attrs

from nurturekit.guards.caps import UNDIRECTED
from nurturekit.records import FrozenMap
from nurturekit.vocabulary import Channel, Style, Team

UNKNOWN = "unknown"
# What a contact is counted by, and all that it may say there.
PARTS: Mapping[str, tuple[str, ...]] = FrozenMap(
    {
        "channel": (*(str(one) for one in Channel if one not in UNDIRECTED), UNKNOWN),
        "team": tuple(map(str, Team)),
        "style": (*map(str, Style), UNKNOWN),
    }
)


@attrs.frozen(kw_only=True)
class LeadFatigue:
    """One lead's contacts in the window.

    Args:
        contacts: How many there were, by channel, team and style.
        same_asset: Contacts with an asset that it had had from us.
        same_channel: A rep's contacts by the same channel again without anything new.
        unanswered_calls: The longest run of calls that met nobody.
        silence_days: The longest time without a contact of ours, in days.
        busiest_week: The most contacts within seven days.
        opt_outs: Restrictions: withdrawals, objections, erasures, bounces.
        answers: What the lead answered, to whomever.
    """

    lead_id: str
    contacts: Mapping[tuple[str, str, str], int]
    same_asset: int
    same_channel: int
    unanswered_calls: int
    silence_days: float
    busiest_week: int
    opt_outs: int
    answers: int

    @property
    def touches(self) -> int:
        """All contacts of ours."""
        return sum(self.contacts.values())

    def by(self, part: str) -> dict[str, int]:
        """Return the contacts by one of `PARTS`, 0 where there are none."""
        place, counts = list(PARTS).index(part), dict.fromkeys(PARTS[part], 0)
        for key, count in self.contacts.items():
            counts[key[place]] += count
        return counts

    def row(self) -> dict[str, Any]:
        """Return the lead flat, with the same keys for every lead."""
        told = attrs.asdict(self, filter=lambda field, _: field.name != "contacts")
        parts = {f"{part}_{name}": n for part in PARTS for name, n in self.by(part).items()}
        return {"lead_id": told.pop("lead_id"), "touches": self.touches, **told, **parts}


@attrs.frozen(kw_only=True)
class TeamFatigue:
    """The contacts of one team, or of both.

    Args:
        team: Whose, None for both.
        touches: How many in all.
        leads: How many leads had any.
        median: The contacts of the lead in the middle, of all leads.
        p90: Contacts that nine in ten leads have at most.
        most: The contacts of the lead that has the most.
    """

    team: Team | None
    touches: int
    leads: int
    median: int
    p90: int
    most: int
