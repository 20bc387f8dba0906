"""What the measures read: the accounts of many leads, put together by team, rep and source."""

from collections.abc import Iterable, Iterator, Mapping

import attrs

from nurturekit.accountability.ledger import NOBODY, Clock, Effort, Ledger, Offer
from nurturekit.accountability.values import Side
from nurturekit.decision import Decision
from nurturekit.vocabulary import Team


@attrs.frozen(kw_only=True)
class Key:
    """Whose book it is: a team's, a rep's, or of the leads that a team gave or a source brought.

    Args:
        side: Effort or quality.
        team: None for all the leads of one source.
        rep: None for the whole team, empty for what no rep has.
        source: None for all, `none` where unknown.
    """

    side: Side
    team: Team | None
    rep: str | None = None
    source: str | None = None

    @property
    def order(self) -> tuple[str, str, str, str]:
        """Return the key by which books are listed: the whole before its parts."""
        return str(self.side), _mark(self.source), _mark(self.team), _mark(self.rep)


def _mark(part: str | None) -> str:
    return "" if part is None else f"+{part}"


@attrs.define(kw_only=True)
class Book:
    """The accounts that one key is answerable for.

    Args:
        held: Leads held at any time in the window.
        at_end: Leads held at its end.
        touched: Leads held that were turned to.
        decisions: The leads' decisions, where they were asked for.
        minutes: Minutes that one touch of a channel costs, None where not given.
    """

    minutes: Mapping[str, float] | None
    asked: bool
    held: int = 0
    at_end: int = 0
    touched: int = 0
    clocks: list[Clock] = attrs.field(factory=list)
    offers: list[Offer] = attrs.field(factory=list)
    efforts: list[Effort] = attrs.field(factory=list)
    decisions: list[Decision] = attrs.field(factory=list)


@attrs.define(kw_only=True)
class Books:
    """All books of a report, by key.

    Args:
        minutes: Minutes that one touch of a channel costs.
        asked: Whether decisions were given.
    """

    minutes: Mapping[str, float] | None
    asked: bool
    by_key: dict[Key, Book] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        # Both teams are in every report, also where there is nothing to tell of one.
        for side in Side:
            for team in Team:
                self._book(Key(side=side, team=team))

    def add(self, ledger: Ledger) -> None:
        """Enter one lead's account."""
        self._held(ledger)
        for clock in ledger.clocks:
            self._book(_effort(clock.team, clock.rep)).clocks.append(clock)
        for effort in ledger.efforts:
            for book in self._both(effort.team, effort.rep):
                book.efforts.append(effort)
        for offer in ledger.offers:
            for book in self._both(offer.taker, offer.rep):
                book.offers.append(offer)
            for key in _quality(offer.giver, ledger.source):
                self._book(key).offers.append(offer)

    def decide(self, decision: Decision) -> None:
        """Enter one lead's decision, with the team and rep it names; a closed lead has neither."""
        if not decision.ownership.is_open:
            return
        for book in self._both(decision.ownership.accountable, decision.ownership.rep or NOBODY):
            book.decisions.append(decision)

    def _held(self, ledger: Ledger) -> None:
        keys = {(team, part) for team, rep in ledger.held for part in (None, rep)}
        for team, rep in keys:
            book = self._book(_effort(team, rep))
            book.held += 1
            book.touched += (team, rep) in ledger.touched
        if ledger.at_end is not None:
            for book in self._both(*ledger.at_end):
                book.at_end += 1

    def _both(self, team: Team, rep: str) -> Iterator[Book]:
        yield self._book(_effort(team, None))
        yield self._book(_effort(team, rep))

    def _book(self, key: Key) -> Book:
        book = self.by_key.get(key)
        if book is None:
            book = self.by_key[key] = Book(minutes=self.minutes, asked=self.asked)
        return book


def _effort(team: Team, rep: str | None) -> Key:
    return Key(side=Side.EFFORT, team=team, rep=rep)


def _quality(giver: Team, source: str) -> Iterable[Key]:
    yield Key(side=Side.QUALITY, team=giver)
    yield Key(side=Side.QUALITY, team=None, source=source)
