"""The territory of a lead: which of our regions its country belongs to."""

from collections.abc import Mapping

import attrs

from nurturekit.records import FrozenMap, Situation
from nurturekit.signals import UNKNOWN, Measure

ELSEWHERE = "elsewhere"

# Country codes, ISO 3166-1 alpha-2. Example value: no evidence.
COUNTRIES: Mapping[str, str] = FrozenMap(
    {
        **dict.fromkeys(("at", "ch", "de"), "dach"),
        **dict.fromkeys(("dk", "fi", "is", "no", "se"), "nordics"),
        **dict.fromkeys(("be", "fr", "lu", "nl"), "west"),
    }
)


def territory_of(situation: Situation) -> str | None:
    """Return the territory of a lead, None where its country isn't known."""
    country = situation.attribute("country")
    if not isinstance(country, str) or not country.strip():
        return None
    return COUNTRIES.get(country.strip().casefold(), ELSEWHERE)


@attrs.frozen
class TerritorySignal:
    """A lead's territory as text: `dach`, `nordics`, `west` or `elsewhere`."""

    name: str = "territory"

    def measure(self, situation: Situation) -> Measure:
        """Return the territory; unknown where the country is, which isn't `elsewhere`."""
        territory = territory_of(situation)
        return UNKNOWN if territory is None else territory


TERRITORY = TerritorySignal()
