"""One lead's account, as the report counts it: who had it, was offered it, turned to it when."""

from collections.abc import Mapping
from datetime import datetime

import attrs

from nurturekit.calendars import BusinessHours
from nurturekit.instants import to_us
from nurturekit.records import Kind
from nurturekit.vocabulary import Team

# What no rep has: an id is never empty.
NOBODY = ""

Holder = tuple[Team, str]


@attrs.frozen(kw_only=True)
class Window:
    """What a report looks at: [start, end), and what the playbook says of kinds of touch."""

    start: datetime
    end: datetime
    kinds: Mapping[str, Kind]

    @property
    def start_us(self) -> int:
        """The first instant that counts, in epoch microseconds."""
        return to_us(self.start, field="start")

    @property
    def end_us(self) -> int:
        """The first instant that doesn't."""
        return to_us(self.end, field="end")

    def holds(self, us: int) -> bool:
        """Say whether an instant counts."""
        return self.start_us <= us < self.end_us


@attrs.frozen(kw_only=True)
class Clock:
    """How long a team, or a rep of it, took to turn to the lead.

    Args:
        rep: None for the team's clock.
        stop_us: When it was touched or taken away, or the end.
        ending: `touched` by its own; else it took at least so long: `gone` to another, or the offer
            ended; `closed`, so that nobody need turn to the lead; `open` at the window's end.
        hours: Business hours in which the clock runs, every hour where None.
    """

    team: Team
    rep: str | None
    start_us: int
    stop_us: int
    ending: str
    hours: BusinessHours | None

    @property
    def elapsed_us(self) -> int:
        """The clock's time, in microseconds of business time."""
        if self.hours is None:
            return self.stop_us - self.start_us
        return self.hours.elapsed_us(self.start_us, self.stop_us)


@attrs.frozen(kw_only=True)
class Offer:
    """An offer of the lead and what became of it.

    Args:
        rep: Who was named for it, else who answered it.
        ending: `accepted`, `rejected`, `lapsed`, `withdrawn` (or replaced), `pending`.
        reason: Why it was rejected, a word of the taxonomy.
        due_us: By when an answer was owed.
        answered_us: When it was first touched, accepted or rejected.
        as_of_us: The window's end.
    """

    giver: Team
    taker: Team
    rep: str
    ending: str
    reason: str
    due_us: int | None
    answered_us: int | None
    as_of_us: int

    @property
    def is_owed(self) -> bool:
        """Whether it waits for an answer that isn't due yet."""
        is_due = self.due_us is None or self.due_us <= self.as_of_us
        return self.ending == "pending" and self.answered_us is None and not is_due

    @property
    def is_on_time(self) -> bool | None:
        """Whether it was answered before it was due; None where nobody can say, or yet."""
        if self.due_us is None or self.is_owed:
            return None
        if self.answered_us is not None:
            return self.answered_us < self.due_us
        return None if self.ending == "withdrawn" else False


@attrs.frozen(kw_only=True)
class Effort:
    """A one-to-one touch that a person of a team made.

    Args:
        is_wasted: Whether it reached nobody, None where no outcome was recorded.
    """

    team: Team
    rep: str
    channel: str | None
    is_wasted: bool | None


@attrs.frozen(kw_only=True)
class Ledger:
    """One lead's account.

    Args:
        source: Its first-touch campaign, as `nurturekit.rates.campaign_of` reads it.
        held: Who held it at any time in the window.
        at_end: Who held it at the window's end.
        touched: Teams, and reps of theirs, who turned to it in the window while the team had it
            or was offered it.
    """

    source: str
    held: frozenset[Holder]
    at_end: Holder | None
    touched: frozenset[tuple[Team, str | None]]
    clocks: tuple[Clock, ...]
    offers: tuple[Offer, ...]
    efforts: tuple[Effort, ...]
