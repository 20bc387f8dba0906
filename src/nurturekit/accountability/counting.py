"""How a book answers: one short function per measure, each yielding what it found.

A share or a time says on how many cases it rests and how many are still open: those are censored
or left out, never failures. What rests on nothing is None.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator

import attrs

from nurturekit.accountability.books import Book
from nurturekit.accountability.clocks import GONE, OPEN, TOUCHED
from nurturekit.accountability.ledger import Clock, Effort, Offer
from nurturekit.accountability.values import Found, share
from nurturekit.instants import HOUR_US
from nurturekit.survival import kaplan_meier

Read = Callable[[Book], Iterator[Found]]

_ANSWERED = ("accepted", "rejected", "lapsed")


def count(read: Callable[[Book], int]) -> Read:
    """Return the reading of a plain number."""

    def found(book: Book) -> Iterator[Found]:
        number = read(book)
        yield Found(value=number, n=number)

    return found


def ended(ending: str) -> Read:
    """Return the number of offers that ended so."""
    return count(lambda book: _ending(book.offers, ending))


def touched(book: Book) -> Iterator[Found]:
    """Yield the share of the leads held that were turned to."""
    yield share(book.touched, book.held)


def first_touch(p: float) -> Read:
    """Return the time within which a share of the leads was turned to."""

    def found(book: Book) -> Iterator[Found]:
        curve = kaplan_meier((clock.elapsed_us, clock.ending == TOUCHED) for clock in book.clocks)
        low, high = curve.quantile_interval(p)
        yield Found(
            value=_hours(curve.quantile(p)),
            low=_hours(low),
            high=_hours(high),
            n=curve.n,
            open=curve.censored,
            note=_clock_note(book.clocks),
        )

    return found


def _hours(us: float | None) -> float | None:
    return None if us is None else us / HOUR_US


def _clock_note(clocks: list[Clock]) -> str:
    without = sum(clock.hours is None for clock in clocks)
    if not clocks:
        return ""
    if not without:
        return "business hours"
    some = "" if without == len(clocks) else f" for {without} of {len(clocks)}"
    return f"elapsed hours, as no business hours are known{some}"


def followed_up(book: Book) -> Iterator[Found]:
    """Yield the share turned to, of the clocks that ended so or with the lead taken away."""
    endings = Counter(clock.ending for clock in book.clocks)
    of = endings[TOUCHED] + endings[GONE]
    yield share(endings[TOUCHED], of, open_count=endings[OPEN])


def on_time(book: Book) -> Iterator[Found]:
    """Yield the share of the offers answered before they were due, of those known."""
    known = [one.is_on_time for one in book.offers if one.is_on_time is not None]
    yield share(sum(known), len(known), open_count=sum(one.is_owed for one in book.offers))


def reasons(book: Book) -> Iterator[Found]:
    """Yield the rejections, reason by reason."""
    found = Counter(one.reason for one in book.offers if one.reason)
    for reason, number in sorted(found.items()):
        yield Found(value=number, n=number, detail=reason)


def rate(ending: str) -> Read:
    """Return the share of an ending, of the offers that were answered or lapsed."""

    def found(book: Book) -> Iterator[Found]:
        of = _ending(book.offers, *_ANSWERED)
        waiting = _ending(book.offers, "pending")
        yield share(_ending(book.offers, ending), of, open_count=waiting)

    return found


def _ending(offers: list[Offer], *endings: str) -> int:
    return sum(one.ending in endings for one in offers)


def without_action(book: Book) -> Iterator[Found]:
    """Yield how many open leads have neither an action nor a reason why not."""
    if not book.asked:
        yield Found(value=None, note="no decisions given")
        return
    idle = sum(not one.actions and not one.blocked for one in book.decisions)
    yield Found(value=idle, n=len(book.decisions))


def reached_nobody(book: Book) -> Iterator[Found]:
    """Yield the share of the one-to-one touches that reached nobody, of those with an outcome."""
    known = [one.is_wasted for one in book.efforts if one.is_wasted is not None]
    yield attrs.evolve(share(sum(known), len(known)), note=_outcome_note(book))


def _outcome_note(book: Book) -> str:
    silent = sum(one.is_wasted is None for one in book.efforts)
    return f"{silent:,} of {len(book.efforts):,} have no outcome" if silent else ""


def minutes(book: Book) -> Iterator[Found]:
    """Yield the minutes of the one-to-one touches."""
    yield _minutes(book, book.efforts)


def minutes_wasted(book: Book) -> Iterator[Found]:
    """Yield the minutes of those that reached nobody, None where no outcome says so."""
    wasted = [one for one in book.efforts if one.is_wasted]
    if all(one.is_wasted is None for one in book.efforts):
        yield Found(value=None, note=_outcome_note(book))
    else:
        yield _minutes(book, wasted)


def _minutes(book: Book, efforts: list[Effort]) -> Found:
    if book.minutes is None:
        return Found(value=None, note="no minutes per channel given")
    costs, channels = book.minutes, [one.channel or "" for one in efforts]
    unknown = sorted({channel or "no channel" for channel in channels if channel not in costs})
    counted = [costs[channel] for channel in channels if channel in costs]
    note = f"no minutes given for {', '.join(unknown)}" if unknown else ""
    value = math.fsum(counted) if book.efforts else None
    return Found(value=value, n=len(counted), note=note)
