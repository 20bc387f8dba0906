"""The nearest instant that suits: one guard by itself, and all of them together.

Two contacts share a window iff they lie less than the window apart. So a cap of k holds iff no
k + 1 contacts lie within less than the window, and k contacts that do forbid every instant from
less than a window after the first of them back to less than one before the last: the forbidden
instants are open intervals, sorted at both ends. For calendar days the same holds of the days'
numbers. Looking back is looking on in a mirror.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date, time
from zoneinfo import ZoneInfo

from nurturekit.calendars import at_local, local_date

# From an instant to the nearest one in one direction that suits somebody, itself perhaps; or None.
Step = Callable[[int], int | None]


def settled(us: int, steps: Iterable[Step]) -> int | None:
    """Return the nearest instant that suits every step, all of which go in one direction.

    Each gives the nearest instant that suits it and none goes back, so what no step moves any more
    is the nearest that suits all.
    """
    each = tuple(steps)
    while True:
        moved = us
        for step in each:
            found = step(moved)
            if found is None:
                return None
            moved = found
        if moved == us:
            return us
        us = moved


def first_free(times: list[int], us: int, *, at_most: int, window: int) -> int:
    """Return the first instant from `us` on that puts no more than `at_most` into any window.

    Args:
        times: The other contacts, sorted.
        us: The first instant wanted.
        at_most: How many contacts fit.
        window: The window's length, in the unit of the instants.
    """
    # Earlier contacts share no window with `us`, nor with anything later.
    first = bisect_right(times, us - window)
    for start in range(first, len(times) - at_most + 1):
        last = times[start + at_most - 1]
        if last - window >= us:
            break
        if last - times[start] < window:
            us = times[start] + window
    return us


def last_free(times: list[int], us: int, *, at_most: int, window: int) -> int:
    """Return the last instant up to `us` that puts no more than `at_most` into any window."""
    mirrored = [-one for one in reversed(times)]
    return -first_free(mirrored, -us, at_most=at_most, window=window)


def first_free_day(times: list[int], us: int, *, at_most: int, days: int, zone: ZoneInfo) -> int:
    """Return the first instant from `us` on whose local date has room.

    Args:
        times: The other contacts.
        us: The first instant wanted.
        at_most: How many contacts fit into so many consecutive local dates.
        days: How many dates.
        zone: Whose dates they are.
    """
    taken = sorted(_day(one, zone) for one in times)
    while (free := first_free(taken, _day(us, zone), at_most=at_most, window=days)) != _day(
        us, zone
    ):
        us = at_local(date.fromordinal(free), time(), zone, bound="start")
    return us


def last_free_day(times: list[int], us: int, *, at_most: int, days: int, zone: ZoneInfo) -> int:
    """Return the last instant up to `us` whose local date has room."""
    taken = sorted(_day(one, zone) for one in times)
    while (free := last_free(taken, _day(us, zone), at_most=at_most, window=days)) != _day(
        us, zone
    ):
        us = at_local(date.fromordinal(free + 1), time(), zone, bound="end") - 1
    return us


def _day(us: int, zone: ZoneInfo) -> int:
    return local_date(us, zone).toordinal()
