"""When an action may lie for its hours: open in each of them, in every zone it may be read in.

An action's own hours narrow those of the profile. Where the recipient's zone isn't known but some
are possible, an instant must be open in each: then it is open wherever the recipient is.
"""

from functools import partial
from zoneinfo import ZoneInfo

import attrs

from nurturekit.answers import Action, Blocked
from nurturekit.calendars import ContactHours, zone_named
from nurturekit.guards import refusals
from nurturekit.guards.profile import GuardProfile
from nurturekit.guards.room import Step, settled
from nurturekit.instants import DAY_US
from nurturekit.records import Situation

# How much further than the horizon to look for hours, to say when they would open.
_YEAR_DAYS = 366


@attrs.frozen
class Clocks:
    """The hours that an action must lie in, each with the zone in which it is read."""

    clocks: tuple[tuple[ContactHours, ZoneInfo], ...]

    def first(self, us: int, until_us: int) -> int | None:
        """Return the first open instant from `us` on, or None if there is none until then."""
        return settled(us, self.forward(until_us))

    def forward(self, until_us: int) -> list[Step]:
        """Return a step per clock that looks no further than an instant."""
        return [partial(_next, hours, zone, until_us) for hours, zone in self.clocks]

    def backward(self, since_us: int) -> list[Step]:
        """Return a step per clock that looks back no further than an instant."""
        return [partial(_last, hours, zone, since_us) for hours, zone in self.clocks]


def _next(hours: ContactHours, zone: ZoneInfo, until_us: int, us: int) -> int | None:
    # Past the end no day is left to look at.
    return hours.next_open(us, zone, limit_days=(until_us - us) // DAY_US)


def _last(hours: ContactHours, zone: ZoneInfo, since_us: int, us: int) -> int | None:
    return hours.last_open(us, zone, limit_days=(us - since_us) // DAY_US + 1)


def farthest_us(profile: GuardProfile, us: int) -> int:
    """Return how far to look for hours, a year past the horizon, to say when they would open."""
    return us + (profile.horizon_days + _YEAR_DAYS) * DAY_US


def clocks_of(profile: GuardProfile, situation: Situation, action: Action) -> Clocks | Blocked:
    """Return the hours that an action must lie in.

    Args:
        profile: The hours of each channel.
        situation: The lead, with or without a time zone.
        action: The action, with or without hours of its own.
    """
    hours = [one for one in (profile.hours.get(action.channel), action.hours) if one is not None]
    # 47 CFR 64.1200(c)(1): no telephone solicitation before 8 a.m. or after 9 p.m. "local time at
    # the called party's location"; without a zone nobody can know that it isn't.
    if hours and not situation.zones:
        return refusals.no_zone(action)
    zones = [zone_named(name, field="zone") for name in situation.zones]
    return Clocks(tuple((one, zone) for one in hours for zone in zones))
