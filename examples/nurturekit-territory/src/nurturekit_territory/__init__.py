"""Who nurtures a lead depends on where it is: a policy and a signal for nurturekit."""

from nurturekit_territory.policy import Territory, TerritoryPolicy
from nurturekit_territory.signal import ELSEWHERE, TERRITORY, TerritorySignal, territory_of

__all__ = [
    "ELSEWHERE",
    "TERRITORY",
    "Territory",
    "TerritoryPolicy",
    "TerritorySignal",
    "territory_of",
]
