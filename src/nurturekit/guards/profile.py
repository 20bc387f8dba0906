"""A guard profile: hours, caps, gap and horizon, with the norms they come from."""

from collections.abc import Mapping
from datetime import date, datetime

import attrs

from nurturekit.calendars import ContactHours
from nurturekit.errors import ModelError
from nurturekit.guards.caps import (
    ADVANCE,
    DEFER,
    DROP,
    MAX_DAYS,
    UNDIRECTED,
    Cap,
    Limits,
    check_number,
    word,
)
from nurturekit.records import FrozenMap
from nurturekit.records.words import CHANNELS
from nurturekit.vocabulary import Channel, Style, Team

GAP = "minimum gap"

# What an action's limits depend on: channel, team, style, and those of its tags that caps name.
Scope = tuple[Channel, Team, Style, frozenset[str]]
Tags = tuple[str | None, ...]


def _hours(value: Mapping[str, ContactHours] | None) -> FrozenMap[Channel, ContactHours]:
    hours = {
        word(channel, CHANNELS, "GuardProfile.hours"): one for channel, one in (value or {}).items()
    }
    if not all(isinstance(one, ContactHours) for one in hours.values()):
        raise ModelError("bad-hours", path="GuardProfile.hours", problem="must hold contact hours")
    return FrozenMap(hours)


def _is_date(day: object) -> bool:
    return isinstance(day, date) and not isinstance(day, datetime)


@attrs.frozen(kw_only=True)
class GuardProfile:
    """What a host allows itself towards a person: a dated value, not legal advice.

    Args:
        name: Its name.
        dated: The date on which its norms were looked up.
        hours: Per channel the hours of contact, in the recipient's zone; a channel that isn't
            named is open always. A channel with hours needs the recipient's zone.
        caps: Caps, with names that differ.
        minimum_gap_hours: Hours between any two contacts by whichever team; 0 is none.
        horizon_days: An action that would have to wait longer is refused.
        complaints_warn_per_million: From which rate of complaints about a channel, as the world
            tells it, a decision notes it.
        complaints_stop_per_million: From which rate mass and automated contacts are refused.
        sources: The norms it follows.

    Raises:
        ModelError: `out-of-range`, `unknown-word`, `bad-hours`, `not-a-date`, `duplicate-name`.

    >>> profile = GuardProfile(
    ...     name="house", dated=date(2026, 1, 5), minimum_gap_hours=24,
    ...     hours={"phone": ContactHours(windows="mon-fri 09:00-17:00")},
    ...     caps=[Cap(name="weekly emails", at_most=2, window_days=7, channel="email")])
    >>> [limit.name for limit in profile.limits]
    ['minimum gap', 'weekly emails']
    """

    name: str
    dated: date
    hours: Mapping[Channel, ContactHours] = attrs.field(default=None, converter=_hours)
    caps: tuple[Cap, ...] = attrs.field(default=(), converter=tuple)
    minimum_gap_hours: int = 0
    horizon_days: int = 60
    # Google's and Yahoo's guidelines for bulk senders (2024): a spam rate below 0.10 percent, and
    # never 0.30 percent or more.
    complaints_warn_per_million: int = 1_000
    complaints_stop_per_million: int = 3_000
    sources: tuple[str, ...] = attrs.field(default=(), converter=tuple)
    limits: tuple[Cap, ...] = attrs.field(init=False, eq=False, repr=False)
    longest_us: int = attrs.field(init=False, eq=False, repr=False)
    _tags: frozenset[str] = attrs.field(init=False, eq=False, repr=False)
    _by_scope: dict[Scope, Limits] = attrs.field(init=False, eq=False, repr=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        if not _is_date(self.dated):
            raise ModelError("not-a-date", path="GuardProfile.dated", problem="must be a date")
        gap_path, horizon_path = "GuardProfile.minimum_gap_hours", "GuardProfile.horizon_days"
        check_number(self.minimum_gap_hours, path=gap_path, least=0, most=MAX_DAYS * 24)
        check_number(self.horizon_days, path=horizon_path, least=1, most=MAX_DAYS)
        self._check_complaints()
        # A gap is a cap of one: any two contacts lie at least so far apart, in both directions.
        gap = (
            [Cap(name=GAP, at_most=1, window_hours=self.minimum_gap_hours)]
            if self.minimum_gap_hours
            else []
        )
        limits = (*gap, *self.caps)
        if len({limit.name for limit in limits}) < len(limits):
            raise ModelError(
                "duplicate-name", path="GuardProfile.caps", problem="must have names that differ"
            )
        longest_us = max((limit.window_us for limit in limits), default=0)
        object.__setattr__(self, "limits", limits)
        object.__setattr__(self, "longest_us", longest_us)
        tags = frozenset(limit.tag for limit in limits if limit.tag is not None)
        object.__setattr__(self, "_tags", tags)

    def _check_complaints(self) -> None:
        warn, stop = self.complaints_warn_per_million, self.complaints_stop_per_million
        path = "GuardProfile.complaints_stop_per_million"
        check_number(stop, path=path, least=1, most=1_000_000)
        path = "GuardProfile.complaints_warn_per_million"
        check_number(warn, path=path, least=1, most=stop)

    def limits_for(self, channel: Channel, team: Team, style: Style, tags: Tags = ()) -> Limits:
        """Return what an action must fit into; its tags are its sequence and topic."""
        scope = (channel, team, style, self._tags.intersection(tags))
        found = self._by_scope.get(scope)
        if found is None:
            found = self._by_scope[scope] = self._limits_for(*scope)
        return found

    def _limits_for(
        self, channel: Channel, team: Team, style: Style, tags: frozenset[str]
    ) -> Limits:
        if channel in UNDIRECTED:
            return Limits((), (), ())
        named = tuple(tags)
        limits = [limit for limit in self.limits if limit.counts(channel, team, style, named)]
        if style == Style.ONE_TO_ONE:
            # What a rep does in person is only deferred.
            return Limits(tuple(limits), (), ())
        defer, drop, advance = (
            tuple(limit for limit in limits if limit.then == then)
            for then in (DEFER, DROP, ADVANCE)
        )
        return Limits(defer, drop, advance)
