"""Who of a pool can take a request, and who of them is next.

Rules: who is at work in time is judged at the first working instant from the assignment on. What a
rep has got, tags and numbers of leads alike, only grows within a batch; so a heap may hold old
keys, and puts each right when it comes up.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from heapq import heapify, heappop, heappush, heapreplace
from math import lcm

import attrs

from nurturekit.answers import AssignmentRequest
from nurturekit.calendars import BusinessHours
from nurturekit.records import Load, Pool, Rep, World
from nurturekit.records.reps import LEAST_LOADED, capacity, hours_of, local_day
from nurturekit.routing.clock import Clock, Turn
from nurturekit.vocabulary import Team

NO_REPS = "no-reps"

Key = tuple[int, Turn]


@attrs.frozen(kw_only=True)
class Book:
    """What everybody has got so far, this batch included."""

    clock: Clock
    today: Counter[str]
    held: Counter[str]

    @classmethod
    def of(cls, world: World, load: Mapping[str, Load]) -> "Book":
        """Open the book with what the host says of the time before."""
        return cls(
            clock=Clock(world.reps.values(), load),
            today=Counter({rep_id: one.today for rep_id, one in load.items()}),
            held=Counter({rep_id: one.open_leads for rep_id, one in load.items()}),
        )

    def give(self, rep_id: str, *, in_turn: bool) -> None:
        """Note one more lead."""
        self.clock.give(rep_id, in_turn=in_turn)
        self.today[rep_id] += 1
        self.held[rep_id] += 1


@attrs.frozen(kw_only=True)
class Member:
    """A rep of the pool: from when they work, and how many leads they can take."""

    rep: Rep
    starts_us: int
    is_away: bool
    per_day: int | None
    max_open: int | None


def _first_working_us(hours: BusinessHours | None, as_of_us: int) -> int:
    # The first microsecond of work is over one microsecond after it has begun.
    return as_of_us if hours is None else hours.add_us(as_of_us, 1) - 1


def _member(rep: Rep, pool: Pool | None, as_of_us: int) -> Member:
    starts_us = _first_working_us(hours_of(rep, pool), as_of_us)
    return Member(
        rep=rep,
        starts_us=starts_us,
        is_away=not rep.is_available(local_day(starts_us, rep, pool)),
        per_day=capacity(rep, pool, "per_day"),
        max_open=capacity(rep, pool, "max_open"),
    )


class Roster:
    """The sales reps of one pool at the instant of a batch.

    Args:
        pool: The pool's id.
        role: What is asked for: where reps of the pool state it, they alone take it.
        world: The reps and pools.
        book: What everybody has got so far.
        as_of_us: The instant, in epoch microseconds.
    """

    def __init__(self, pool: str, role: str, *, world: World, book: Book, as_of_us: int) -> None:
        shared = world.pools.get(pool)
        self._book, self._as_of_us = book, as_of_us
        self._is_by_load = shared is not None and shared.method == LEAST_LOADED
        there = [
            rep
            for rep in world.reps.values()
            if rep.active and rep.team is Team.SALES and rep.pool in (None, pool)
        ]
        asked = [rep for rep in there if role in rep.roles] or there
        self._members = {rep.id: _member(rep, shared, as_of_us) for rep in asked}
        milli = {rep_id: int(one.rep.weight * 1000) for rep_id, one in self._members.items()}
        common = lcm(*milli.values())
        self._burden = {rep_id: common // weight for rep_id, weight in milli.items()}
        self._shifts = dict(self._by_start())

    def _by_start(self) -> Iterator[tuple[int, list[Key]]]:
        here = [one for one in self._members.values() if not one.is_away]
        for starts_us in sorted({one.starts_us for one in here}):
            keys = [self._key(one.rep.id) for one in here if one.starts_us == starts_us]
            heapify(keys)
            yield starts_us, keys

    def _key(self, rep_id: str) -> Key:
        # Open leads over weight, compared over the weights' common multiple: exact.
        burden = self._book.held[rep_id] * self._burden[rep_id] if self._is_by_load else 0
        return burden, self._book.clock.turn(rep_id)

    def is_here(self, rep_id: str, request: AssignmentRequest) -> bool:
        """Say whether a rep of the pool may have the lead at all: not tried yet, and not away."""
        member = self._members.get(rep_id)
        return member is not None and all(
            passes(self, member, request) for passes in (Roster._is_untried, Roster._is_present)
        )

    def can_take(self, rep_id: str, request: AssignmentRequest) -> bool:
        """Say whether nothing keeps a rep from a request."""
        member = self._members.get(rep_id)
        return member is not None and all(
            passes(self, member, request) for passes in FILTERS.values()
        )

    def next(self, request: AssignmentRequest) -> str | None:
        """Return who is next of those who can take a request."""
        tops = [
            top
            for starts_us, heap in self._shifts.items()
            if self._is_in_time(starts_us, request)
            and (top := self._top(heap, request.exclude)) is not None
        ]
        return min(tops)[1][-1] if tops else None

    def _top(self, heap: list[Key], exclude: tuple[str, ...]) -> Key | None:
        tried: list[Key] = []
        found = None
        while heap and found is None:
            key = heap[0]
            rep_id = key[1][-1]
            now = self._key(rep_id)
            if not self._has_room(self._members[rep_id]):
                heappop(heap)  # Nobody gets room again within a batch.
            elif now != key:
                heapreplace(heap, now)
            elif rep_id in exclude:
                tried.append(heappop(heap))
            else:
                found = key
        for key in tried:
            heappush(heap, key)
        return found

    def why_nobody(self, request: AssignmentRequest) -> str:
        """Return the reason why nobody can take a request: the last filter that left nobody."""
        left = list(self._members.values())
        reason = NO_REPS
        for word, passes in FILTERS.items():
            if not left:
                break
            reason = word
            left = [one for one in left if passes(self, one, request)]
        return reason

    def _is_untried(self, member: Member, request: AssignmentRequest) -> bool:
        return member.rep.id not in request.exclude

    def _is_present(self, member: Member, _: AssignmentRequest) -> bool:
        return not member.is_away

    def _starts_in_time(self, member: Member, request: AssignmentRequest) -> bool:
        return self._is_in_time(member.starts_us, request)

    def _is_in_time(self, starts_us: int, request: AssignmentRequest) -> bool:
        # What is past due can't wait for somebody who is there earlier.
        return starts_us < request.due_us or request.due_us <= self._as_of_us

    def _is_free(self, member: Member, _: AssignmentRequest) -> bool:
        return self._has_room(member)

    def _has_room(self, member: Member) -> bool:
        rep_id = member.rep.id
        return (member.per_day is None or self._book.today[rep_id] < member.per_day) and (
            member.max_open is None or self._book.held[rep_id] < member.max_open
        )


# What keeps a rep from a request, in this order: the word is the reason where it left nobody.
FILTERS: Mapping[str, Callable[[Roster, Member, AssignmentRequest], bool]] = {
    "all-tried": Roster._is_untried,  # noqa: SLF001 - the table of this class
    "away": Roster._is_present,  # noqa: SLF001
    "not-at-work": Roster._starts_in_time,  # noqa: SLF001
    "full": Roster._is_free,  # noqa: SLF001
}
