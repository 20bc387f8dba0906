"""A guard profile: hours, caps, gap and horizon, with the norms they come from."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, TypeVar

import attrs

from nurturekit.calendars import ContactHours
from nurturekit.errors import ModelError, RecordError
from nurturekit.instants import DAY_US, HOUR_US
from nurturekit.records import FrozenMap
from nurturekit.records.checks import check_word
from nurturekit.records.words import CHANNELS, STYLES, TEAMS
from nurturekit.vocabulary import Channel, Style, Team

# On these nothing reaches one person at one time: neither caps nor the gap count them.
UNDIRECTED = frozenset({Channel.WEB, Channel.ADS})
DEFER, DROP = "defer", "drop"
GAP = "minimum gap"

# A cap looks back ten years at most, and a profile defers by as much at most.
_MAX_DAYS = 3_660
_MAX_COUNT = 1_000_000

E = TypeVar("E", bound=StrEnum)
Scope = tuple[Channel, Team, Style]


class Limits(NamedTuple):
    """The caps, the gap among them, that an action must fit into, by what they do with it."""

    deferring: tuple["Cap", ...]
    dropping: tuple["Cap", ...]


def _word(value: str, words: Mapping[str, E], path: str) -> E:
    try:
        return check_word(value, words, field=path)
    except RecordError as error:
        raise ModelError(error.code, path=path, problem=error.problem) from error


def _number(value: object, *, path: str, least: int, most: int) -> None:
    if type(value) is not int or not least <= value <= most:
        raise ModelError(
            "out-of-range", path=path, problem=f"must be a whole number from {least} to {most:,}"
        )


def _channel(value: str | None) -> Channel | None:
    return None if value is None else _word(value, CHANNELS, "Cap.channel")


def _team(value: str | None) -> Team | None:
    return None if value is None else _word(value, TEAMS, "Cap.team")


def _styles(value: Iterable[str] | None) -> frozenset[Style] | None:
    if value is None:
        return None
    return frozenset(_word(style, STYLES, "Cap.styles") for style in value)


@attrs.frozen(kw_only=True)
class Cap:
    """How many contacts fit into any rolling window (t - window, t], over both teams.

    Args:
        name: Its name in reasons and errors.
        at_most: How many contacts, from 1.
        window_hours: The window's length in hours; or give `window_days`.
        window_days: The window's length in days of 24 hours.
        channel: Only contacts by this channel count; None is every channel that reaches a person.
        team: Only this team's contacts count; None is both.
        styles: Only contacts of these styles count; None is every one.
        then: `defer` an action to the first instant with room, or `drop` one that finds no room
            when it falls due. A one-to-one action is only ever deferred.
        source: Where the number comes from.

    Raises:
        ModelError: `out-of-range`, `bad-window`, `unknown-word`, `bad-channel`, `never-counts`.
    """

    name: str
    at_most: int
    window_hours: int | None = None
    window_days: int | None = None
    channel: Channel | None = attrs.field(default=None, converter=_channel)
    team: Team | None = attrs.field(default=None, converter=_team)
    styles: frozenset[Style] | None = attrs.field(default=None, converter=_styles)
    then: str = DEFER
    source: str = "inference"
    window_us: int = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        _number(self.at_most, path="Cap.at_most", least=1, most=_MAX_COUNT)
        if (self.window_hours is None) == (self.window_days is None):
            raise ModelError(
                "bad-window",
                path="Cap.window_days",
                problem="or `window_hours`: give one of the two",
            )
        if self.window_hours is not None:
            _number(self.window_hours, path="Cap.window_hours", least=1, most=_MAX_DAYS * 24)
        else:
            _number(self.window_days, path="Cap.window_days", least=1, most=_MAX_DAYS)
        if self.then not in (DEFER, DROP):
            raise ModelError("unknown-word", path="Cap.then", problem="must be `defer` or `drop`")
        if self.channel in UNDIRECTED:
            raise ModelError(
                "bad-channel",
                path="Cap.channel",
                problem=f"can't be `{self.channel}`: it reaches nobody in person",
            )
        if self.styles is not None and not self.styles:
            raise ModelError("never-counts", path="Cap.styles", problem="must name a style")
        window_us = (self.window_hours or 0) * HOUR_US + (self.window_days or 0) * DAY_US
        object.__setattr__(self, "window_us", window_us)

    def counts(self, channel: str | None, team: str | None, style: str | None) -> bool:
        """Say whether a contact counts; what isn't known of one (None) makes it count."""
        return (
            (self.channel is None or channel is None or channel == self.channel)
            and (self.team is None or team is None or team == self.team)
            and (self.styles is None or style is None or style in self.styles)
        )


def _hours(value: Mapping[str, ContactHours] | None) -> FrozenMap[Channel, ContactHours]:
    hours = {
        _word(channel, CHANNELS, "GuardProfile.hours"): one
        for channel, one in (value or {}).items()
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
        caps: Rolling caps, with names that differ.
        minimum_gap_hours: Hours between any two contacts by whichever team; 0 is none.
        horizon_days: An action that would have to wait longer is refused.
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
    sources: tuple[str, ...] = attrs.field(default=(), converter=tuple)
    limits: tuple[Cap, ...] = attrs.field(init=False, eq=False, repr=False)
    longest_us: int = attrs.field(init=False, eq=False, repr=False)
    _by_scope: dict[Scope, Limits] = attrs.field(init=False, eq=False, repr=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        if not _is_date(self.dated):
            raise ModelError("not-a-date", path="GuardProfile.dated", problem="must be a date")
        most = _MAX_DAYS * 24
        _number(self.minimum_gap_hours, path="GuardProfile.minimum_gap_hours", least=0, most=most)
        _number(self.horizon_days, path="GuardProfile.horizon_days", least=1, most=_MAX_DAYS)
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

    def limits_for(self, channel: Channel, team: Team, style: Style) -> Limits:
        """Return what an action must fit into."""
        scope = (channel, team, style)
        found = self._by_scope.get(scope)
        if found is None:
            found = self._by_scope[scope] = self._limits_for(*scope)
        return found

    def _limits_for(self, channel: Channel, team: Team, style: Style) -> Limits:
        if channel in UNDIRECTED:
            return Limits((), ())
        limits = [limit for limit in self.limits if limit.counts(channel, team, style)]
        # What a rep does in person is only deferred.
        only_defers = style == Style.ONE_TO_ONE
        return Limits(
            tuple(limit for limit in limits if only_defers or limit.then == DEFER),
            tuple(limit for limit in limits if not only_defers and limit.then == DROP),
        )
