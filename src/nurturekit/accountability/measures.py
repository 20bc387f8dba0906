"""The measures: a table of name, unit, words and source, each with the function that reads it."""

from collections.abc import Iterator

import attrs

from nurturekit.accountability import counting
from nurturekit.accountability.books import Book, Key
from nurturekit.accountability.counting import Read
from nurturekit.accountability.ledger import NOBODY
from nurturekit.accountability.values import Measure, Side, Unit, is_small

_BOTH = frozenset(Side)
_EFFORT = frozenset({Side.EFFORT})


@attrs.frozen
class Definition:
    """What a measure is.

    Args:
        name: Its name.
        unit: Of its value.
        source: The requirement that asks for it.
        read: How a book answers it.
        words: What it says, for people.
        adds: Whether the reps' values add up to their team's.
        sides: What it tells of.
    """

    name: str
    unit: Unit
    source: str
    read: Read = attrs.field(eq=False, repr=False)
    words: str
    adds: bool = attrs.field(default=False, kw_only=True)
    sides: frozenset[Side] = attrs.field(default=_EFFORT, kw_only=True)


def measured(key: Key, book: Book) -> Iterator[Measure]:
    """Yield every measure of one book, in the order of the table."""
    for definition in MEASURES:
        # Whether a lead was touched by nobody in particular is asked of no rep.
        is_asked = key.rep != NOBODY or definition.name != "share touched"
        if key.side in definition.sides and is_asked:
            for found in definition.read(book):
                yield Measure(
                    side=key.side,
                    team=key.team,
                    rep=key.rep,
                    source=key.source,
                    name=definition.name,
                    unit=definition.unit,
                    small=is_small(definition.unit, found.n),
                    **attrs.asdict(found),
                )


def _effort(name: str, unit: Unit, source: str, read: Read, words: str) -> Definition:
    # What counts leads or touches of one rep each adds up; shares and times don't.
    return Definition(name, unit, source, read, words, adds=unit in (Unit.COUNT, Unit.MINUTES))


def _offers(name: str, unit: Unit, read: Read, words: str) -> Definition:
    return Definition(name, unit, "S1-12", read, words, adds=unit is Unit.COUNT, sides=_BOTH)


_COUNT, _SHARE, _HOURS, _MINUTES = Unit.COUNT, Unit.SHARE, Unit.HOURS, Unit.MINUTES

MEASURES: tuple[Definition, ...] = (
    Definition(
        "leads owned",
        _COUNT,
        "S1-11",
        counting.count(lambda book: book.held),
        "leads it was accountable for at any time; one that changed hands counts for each",
    ),
    _effort(
        "leads owned at the end",
        _COUNT,
        "S1-11",
        counting.count(lambda book: book.at_end),
        "leads it is accountable for when the window ends",
    ),
    _effort(
        "share touched",
        _SHARE,
        "S1-11",
        counting.touched,
        "of the leads owned, those it turned to in the window; sales one-to-one",
    ),
    _effort(
        "first touch, median",
        _HOURS,
        "S1-12",
        counting.first_touch(0.5),
        "time from being offered or given a lead to its own first touch, by Kaplan-Meier",
    ),
    _effort(
        "first touch, 90 %",
        _HOURS,
        "S1-12",
        counting.first_touch(0.9),
        "time within which it has turned to nine in ten, by Kaplan-Meier",
    ),
    _effort(
        "followed up",
        _SHARE,
        "S1-12",
        counting.followed_up,
        "of the leads offered or given to it, those it turned to before they went to another or "
        "the offer ended; those closed untouched are left out",
    ),
    _effort(
        "on time",
        _SHARE,
        "S1-11",
        counting.on_time,
        "of the offers with a deadline, those touched or answered before it",
    ),
    _offers(
        "offers",
        _COUNT,
        counting.count(lambda book: len(book.offers)),
        "offers of a lead; a further offer of one handoff is one more",
    ),
    _offers(
        "accepted",
        _COUNT,
        counting.ended("accepted"),
        "offers taken, by word or by a first sales touch",
    ),
    _offers("rejected", _COUNT, counting.ended("rejected"), "offers turned down"),
    _offers("lapsed", _COUNT, counting.ended("lapsed"), "offers that nobody answered in time"),
    _offers(
        "withdrawn",
        _COUNT,
        counting.ended("withdrawn"),
        "offers taken back, or replaced by another; they count against nobody",
    ),
    _offers(
        "pending",
        _COUNT,
        counting.ended("pending"),
        "offers that still wait when the window ends",
    ),
    _offers("rejected because", _COUNT, counting.reasons, "offers turned down, by reason"),
    _offers(
        "acceptance rate",
        _SHARE,
        counting.rate("accepted"),
        "accepted, of the offers accepted, rejected or lapsed",
    ),
    _offers(
        "rejection rate",
        _SHARE,
        counting.rate("rejected"),
        "rejected, of the offers accepted, rejected or lapsed",
    ),
    _offers(
        "lapse rate",
        _SHARE,
        counting.rate("lapsed"),
        "lapsed, of the offers accepted, rejected or lapsed",
    ),
    _effort(
        "without a next action",
        _COUNT,
        "S1-8",
        counting.without_action,
        "open leads whose decision has neither an action nor a reason why not; must be zero",
    ),
    _effort(
        "one-to-one touches",
        _COUNT,
        "S4-4",
        counting.count(lambda book: len(book.efforts)),
        "touches by its people in person, attempts included",
    ),
    _effort(
        "reached nobody",
        _SHARE,
        "S4-4",
        counting.reached_nobody,
        "of those with an outcome, the ones that ended in a voicemail or without an answer",
    ),
    _effort(
        "minutes spent",
        _MINUTES,
        "S4-4",
        counting.minutes,
        "minutes of those touches, at the minutes per channel that the caller gives",
    ),
    _effort(
        "minutes wasted",
        _MINUTES,
        "S4-4",
        counting.minutes_wasted,
        "minutes of those touches that reached nobody",
    ),
)
