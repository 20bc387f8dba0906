"""One cap: how many contacts of what kind fit into a window, and what becomes of one too many."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple, TypeVar

import attrs

from nurturekit.errors import ModelError, RecordError, did_you_mean
from nurturekit.instants import DAY_US, HOUR_US
from nurturekit.records.checks import check_id, check_word
from nurturekit.records.words import CHANNELS, STYLES, TEAMS
from nurturekit.vocabulary import Channel, Style, Team

# On these nothing reaches one person at one time: neither caps nor the gap count them.
UNDIRECTED = frozenset({Channel.WEB, Channel.ADS})
DEFER, DROP, ADVANCE = THEN = ("defer", "drop", "advance")
PERSON, ACCOUNT = SCOPES = ("person", "account")

# A cap looks back ten years at most, and a profile defers by as much at most.
MAX_DAYS = 3_660
_MAX_COUNT = 1_000_000
# The window's fields, each with its most and its length in microseconds.
_WINDOWS: Mapping[str, tuple[int, int]] = {
    "window_hours": (MAX_DAYS * 24, HOUR_US),
    "window_days": (MAX_DAYS, DAY_US),
    "calendar_days": (MAX_DAYS, DAY_US),
}
# Two contacts so much further apart than n days share no n local dates in any zone, though it
# repeats a whole date (24 hours, over the date line) and sets its clocks back (2 hours at most).
_CALENDAR_SLACK_US = 26 * HOUR_US

E = TypeVar("E", bound=StrEnum)


class Limits(NamedTuple):
    """The caps, the gap among them, that an action must fit into, by what they do with it."""

    deferring: tuple["Cap", ...]
    dropping: tuple["Cap", ...]
    advancing: tuple["Cap", ...]

    @property
    def all(self) -> tuple["Cap", ...]:
        """Every one of them."""
        return (*self.deferring, *self.advancing, *self.dropping)


def word(value: str, words: Mapping[str, E], path: str) -> E:
    """Return the member of a closed vocabulary that a profile names."""
    try:
        return check_word(value, words, field=path)
    except RecordError as error:
        raise ModelError(error.code, path=path, problem=error.problem) from error


def check_number(value: object, *, path: str, least: int, most: int) -> None:
    """Refuse what isn't a whole number within bounds."""
    if type(value) is not int or not least <= value <= most:
        raise ModelError(
            "out-of-range", path=path, problem=f"must be a whole number from {least} to {most:,}"
        )


def _channel(value: str | None) -> Channel | None:
    return None if value is None else word(value, CHANNELS, "Cap.channel")


def _team(value: str | None) -> Team | None:
    return None if value is None else word(value, TEAMS, "Cap.team")


def _styles(value: Iterable[str] | None) -> frozenset[Style] | None:
    if value is None:
        return None
    return frozenset(word(style, STYLES, "Cap.styles") for style in value)


@attrs.frozen(kw_only=True)
class Cap:
    """How many contacts fit into any window, over both teams.

    The window is rolling, (t - window, t], or so many consecutive local dates of the recipient: in
    each zone that the recipient may be in, and without any as a rolling one that is long enough
    for every zone (so many days and 26 hours).

    Args:
        name: Its name in reasons and errors.
        at_most: How many contacts, from 1.
        window_hours: A rolling window's length in hours; or give another of the three.
        window_days: A rolling window's length in days of 24 hours.
        calendar_days: A window of so many consecutive local dates.
        scope: `person`: the contacts of one person, who may be several leads; `account`: those of
            all leads of the account that the world's peers tell of.
        channel: Only contacts by this channel count; None is every channel that reaches a person.
        team: Only this team's contacts count; None is both.
        styles: Only contacts of these styles count; None is every one.
        tag: Only contacts of this sequence, campaign or topic count; one that names none doesn't.
        then: `defer` an action to the first instant with room; `drop` one that finds no room when
            it falls due; `advance` one that would be deferred to the last instant before it fell
            due that suits every guard, or defer it if there is none. A one-to-one action is only
            ever deferred.
        source: Where the number comes from.

    Raises:
        ModelError: `out-of-range`, `bad-window`, `unknown-word`, `bad-channel`, `never-counts`,
            `bad-id`.
    """

    name: str
    at_most: int
    window_hours: int | None = None
    window_days: int | None = None
    calendar_days: int | None = None
    scope: str = PERSON
    channel: Channel | None = attrs.field(default=None, converter=_channel)
    team: Team | None = attrs.field(default=None, converter=_team)
    styles: frozenset[Style] | None = attrs.field(default=None, converter=_styles)
    tag: str | None = None
    then: str = DEFER
    source: str = "inference"
    window_us: int = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        check_number(self.at_most, path="Cap.at_most", least=1, most=_MAX_COUNT)
        object.__setattr__(self, "window_us", self._length_us())
        _check_word(self.then, THEN, path="Cap.then")
        _check_word(self.scope, SCOPES, path="Cap.scope")
        if self.channel in UNDIRECTED:
            raise ModelError(
                "bad-channel",
                path="Cap.channel",
                problem=f"can't be `{self.channel}`: it reaches nobody in person",
            )
        if self.styles is not None and not self.styles:
            raise ModelError("never-counts", path="Cap.styles", problem="must name a style")
        if self.tag is not None:
            _check_tag(self.tag)

    def _length_us(self) -> int:
        given = [name for name in _WINDOWS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ModelError(
                "bad-window",
                path=f"Cap.{given[-1] if given else 'window_days'}",
                problem=f"give one of {', '.join(_WINDOWS)}",
            )
        (name,) = given
        most, unit_us = _WINDOWS[name]
        count: int = getattr(self, name)
        check_number(count, path=f"Cap.{name}", least=1, most=most)
        return count * unit_us + (_CALENDAR_SLACK_US if name == "calendar_days" else 0)

    def counts(
        self,
        channel: str | None,
        team: str | None,
        style: str | None,
        tags: tuple[str | None, ...] | None = (),
        scopes: tuple[str, ...] = SCOPES,
    ) -> bool:
        """Say whether a contact counts; what isn't known of one (None) makes it count.

        Args:
            channel: The way it took.
            team: Whose it was.
            style: How personal it was.
            tags: Its sequence, campaign and topic, those that it has.
            scopes: Of what it is a contact: the person, the account, or both.
        """
        return (
            self.scope in scopes
            and (self.channel is None or channel is None or channel == self.channel)
            and (self.team is None or team is None or team == self.team)
            and (self.styles is None or style is None or style in self.styles)
            and (self.tag is None or tags is None or self.tag in tags)
        )


def _check_word(value: object, words: tuple[str, ...], *, path: str) -> None:
    if value not in words:
        listed = ", ".join(f"`{one}`" for one in words)
        problem = f"must be one of {listed}{did_you_mean(str(value), words)}"
        raise ModelError("unknown-word", path=path, problem=problem)


def _check_tag(value: str) -> None:
    try:
        check_id(value, field="Cap.tag")
    except RecordError as error:
        raise ModelError(error.code, path="Cap.tag", problem=error.problem) from error
