"""Contact pressure: which contacts a person has had, and when there is room for one more.

Two contacts share a rolling window (t - window, t] iff they lie less than the window apart. So a
cap of k holds iff no k + 1 contacts lie within less than the window, and k contacts that do forbid
every instant from less than a window after the first of them back to less than one before the
last: the forbidden instants are open intervals, sorted at both ends.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator

from nurturekit.answers import Action
from nurturekit.guards.profile import UNDIRECTED, Cap, GuardProfile
from nurturekit.instants import DAY_US, date_us
from nurturekit.records import Opening, Situation, Touch
from nurturekit.vocabulary import Direction, Team

# When, and what is known of it.
Contact = tuple[int, str | None, str | None, str | None]


class Pressure:
    """The contacts of one person that count: what has happened, and what is accepted so far.

    Args:
        profile: The caps.
        situation: The lead at its instant.
    """

    __slots__ = ("_as_of_us", "_contacts", "_times")

    def __init__(self, profile: GuardProfile, situation: Situation) -> None:
        self._as_of_us = situation.as_of_us
        since_us = situation.as_of_us - profile.longest_us
        self._contacts: list[Contact] = list(_contacts(situation, since_us))
        self._times: dict[str, tuple[Cap, list[int]]] = {}

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
        new._as_of_us, new._contacts = self._as_of_us, list(self._contacts)  # noqa: SLF001 - its own
        new._times = {name: (limit, list(times)) for name, (limit, times) in self._times.items()}  # noqa: SLF001 - its own
        return new

    def accept(self, action: Action, us: int) -> None:
        """Count an action from now on."""
        if action.channel in UNDIRECTED:
            return
        self._contacts.append((us, action.channel, action.team, action.style))
        for limit, times in self._times.values():
            if limit.counts(action.channel, action.team, action.style):
                insort(times, us)

    def free_from(self, limit: Cap, us: int) -> int:
        """Return the first instant from `us` on at which a cap has room for one more contact."""
        return first_free(self.times(limit), us, at_most=limit.at_most, window_us=limit.window_us)


def first_free(times: list[int], us: int, *, at_most: int, window_us: int) -> int:
    """Return the first instant from `us` on that puts no more than `at_most` into any window.

    Args:
        times: The other contacts, sorted.
        us: The first instant wanted.
        at_most: How many contacts fit.
        window_us: The window's length in microseconds.
    """
    # Earlier contacts share no window with `us`, nor with anything later.
    first = bisect_right(times, us - window_us)
    for start in range(first, len(times) - at_most + 1):
        last = times[start + at_most - 1]
        if last - window_us >= us:
            break
        if last - times[start] < window_us:
            us = times[start] + window_us
    return us


def _contacts(situation: Situation, since_us: int) -> Iterator[Contact]:
    yield from _touched(situation, situation.touches, since_us)
    for opening in situation.visible.openings:
        yield from _last_touches(opening, since_us)
    # The caps protect a person, who may be several leads.
    person = situation.lead.person_id
    for peer in situation.world.peers:
        if person is not None and peer.lead.person_id == person:
            known_us = situation.visible.known_us
            seen = peer.history.visible_us(situation.as_of_us, known_us)
            yield from _touched(situation, _others(seen.touches, situation), since_us)


def _others(touches: Iterable[Touch], situation: Situation) -> tuple[Touch, ...]:
    own = {touch.id for touch in situation.touches}
    return tuple(touch for touch in touches if touch.id not in own)


def _touched(situation: Situation, touches: tuple[Touch, ...], since_us: int) -> Iterator[Contact]:
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
            yield touch.occurred_us, channel, team, style


def _team(situation: Situation, name: str) -> Team | None:
    rep = situation.world.reps.get(name)
    return None if rep is None else rep.team


def _last_touches(opening: Opening, since_us: int) -> Iterator[Contact]:
    # A column with a date says neither the hour nor who turned to whom: it counts, as late as it
    # can have been.
    for channel, day in opening.last_touch.items():
        us = min(date_us(day) + DAY_US - 1, opening.occurred_us)
        if us > since_us and channel not in UNDIRECTED:
            yield us, channel, None, None
