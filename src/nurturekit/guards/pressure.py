"""Contact pressure: which contacts a person and an account have had, and where there is room."""

from bisect import insort
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from nurturekit.answers import Action
from nurturekit.calendars import zone_named
from nurturekit.guards.caps import ACCOUNT, PERSON, SCOPES, UNDIRECTED, Cap
from nurturekit.guards.profile import GuardProfile, Tags
from nurturekit.guards.room import (
    Step,
    first_free,
    first_free_day,
    last_free,
    last_free_day,
    settled,
)
from nurturekit.instants import DAY_US, date_us
from nurturekit.records import Lead, Opening, Situation, Touch
from nurturekit.vocabulary import Direction, Team

# When, and what is known of it: channel, team, style, tags; and the scopes in which it counts.
Contact = tuple[int, str | None, str | None, str | None, Tags | None, tuple[str, ...]]


def tags_of(action: Action) -> Tags:
    """Return what a planned action is tagged with."""
    return action.sequence, action.topic


class Pressure:
    """The contacts that count for one lead: what has happened, and what is accepted so far.

    Args:
        profile: The caps.
        situation: The lead at its instant.
    """

    __slots__ = ("_as_of_us", "_contacts", "_times", "_zones")

    def __init__(self, profile: GuardProfile, situation: Situation) -> None:
        self._as_of_us = situation.as_of_us
        since_us = situation.as_of_us - profile.longest_us
        self._contacts: list[Contact] = list(_contacts(situation, since_us))
        self._times: dict[str, tuple[Cap, list[int]]] = {}
        self._zones = tuple(zone_named(name, field="zone") for name in situation.zones)

    def times(self, limit: Cap) -> list[int]:
        """Return when the contacts were or will be that a cap still counts, sorted."""
        found = self._times.get(limit.name)
        if found is None:
            since_us = self._as_of_us - limit.window_us
            contacts = (one for one in self._contacts if one[0] > since_us)
            times = sorted(one[0] for one in contacts if limit.counts(*one[1:]))
            found = self._times[limit.name] = (limit, times)
        return found[1]

    def copy(self) -> "Pressure":
        """Return one that counts the same contacts and goes on by itself."""
        new = Pressure.__new__(Pressure)
        new._zones = self._zones  # noqa: SLF001 - its own
        new._as_of_us, new._contacts = self._as_of_us, list(self._contacts)  # noqa: SLF001 - its own
        new._times = {name: (limit, list(times)) for name, (limit, times) in self._times.items()}  # noqa: SLF001 - its own
        return new

    def accept(self, action: Action, us: int) -> None:
        """Count an action from now on."""
        if action.channel in UNDIRECTED:
            return
        what = (action.channel, action.team, action.style, tags_of(action), SCOPES)
        self._contacts.append((us, *what))
        for limit, times in self._times.values():
            if limit.counts(*what):
                insort(times, us)

    def free_from(self, limit: Cap, us: int) -> int | None:
        """Return the first instant from `us` on at which a cap has room for one more contact."""
        return settled(us, self.forward([limit]))

    def forward(self, limits: Iterable[Cap]) -> list[Step]:
        """Return the steps that lead on to room in each of some caps."""
        return [one for limit in limits for one in self._steps(limit, first_free, first_free_day)]

    def backward(self, limits: Iterable[Cap]) -> list[Step]:
        """Return the steps that lead back to room in each of some caps."""
        return [one for limit in limits for one in self._steps(limit, last_free, last_free_day)]

    def _steps(
        self, limit: Cap, free: Callable[..., int], free_day: Callable[..., int]
    ) -> list[Step]:
        times, days, most = self.times(limit), limit.calendar_days, limit.at_most
        if days is None or not self._zones:
            return [partial(free, times, at_most=most, window=limit.window_us)]
        return [
            partial(free_day, times, at_most=most, days=days, zone=zone) for zone in self._zones
        ]


def _contacts(situation: Situation, since_us: int) -> Iterator[Contact]:
    yield from _touched(situation, situation.touches, SCOPES, since_us)
    yield from _last_touches(situation.visible.openings, SCOPES, since_us)
    # A person may be several leads, and an account has several people.
    peers = [(_scopes(situation.lead, peer.lead), peer) for peer in situation.world.peers]
    # Who is the same person comes first: what stands under two leads counts for the nearer.
    peers = sorted((one for one in peers if one[0]), key=lambda one: PERSON not in one[0])
    told = {_key(touch) for touch in situation.touches} if peers else set()
    for scopes, peer in peers:
        known_us = situation.visible.known_us
        seen = peer.history.visible_us(situation.as_of_us, known_us)
        touches = tuple(touch for touch in seen.touches if _key(touch) not in told)
        told.update(map(_key, touches))
        yield from _touched(situation, touches, scopes, since_us)
        yield from _last_touches(seen.openings, scopes, since_us)


def _key(touch: Touch) -> tuple[str, str]:
    # Two leads may use one id for two touches: only within a lead is it the same one.
    return touch.lead_id, touch.id


def _scopes(lead: Lead, other: Lead) -> tuple[str, ...]:
    if other.id == lead.id:
        return ()
    is_person = lead.person_id is not None and other.person_id == lead.person_id
    is_account = lead.account is not None and other.account == lead.account
    return (*((PERSON,) if is_person else ()), *((ACCOUNT,) if is_account else ()))


def _touched(
    situation: Situation, touches: tuple[Touch, ...], scopes: tuple[str, ...], since_us: int
) -> Iterator[Contact]:
    for touch in reversed(touches):
        if touch.occurred_us <= since_us:
            return
        # A decision's inner loop: what the touch says itself needs no look at its kind.
        direction, channel, style = touch.direction, touch.channel, touch.style
        if direction is None or channel is None or style is None:
            kind = situation.kind_of(touch)
            direction, channel = direction or kind.direction, channel or kind.channel
            style = style or kind.style
        if direction is Direction.OUTBOUND and channel not in UNDIRECTED:
            team = None if touch.rep is None else _team(situation, touch.rep)
            tags = (touch.sequence, touch.campaign, touch.topic)
            yield touch.occurred_us, channel, team, style, tags, scopes


def _team(situation: Situation, name: str) -> Team | None:
    rep = situation.world.reps.get(name)
    return None if rep is None else rep.team


def _last_touches(
    openings: Iterable[Opening], scopes: tuple[str, ...], since_us: int
) -> Iterator[Contact]:
    # A column with a date says neither the hour nor who turned to whom: it counts, as late as it
    # can have been.
    for opening in openings:
        for channel, day in opening.last_touch.items():
            us = min(date_us(day) + DAY_US - 1, opening.occurred_us)
            if us > since_us and channel not in UNDIRECTED:
                yield us, channel, None, None, None, scopes
