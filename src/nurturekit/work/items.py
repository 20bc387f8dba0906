"""A list of work: items in order, and whom it leaves out and why."""

import html
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs

from nurturekit.answers import Action
from nurturekit.errors import CallError
from nurturekit.instants import END_US, format_us, from_us
from nurturekit.rates import Rate, shown

# What goes first: an answer to a hand-raise, a date the lead agreed to, an answer to an offer, the
# ranked rest; time to spare comes after everything (S2-7, S4-8).
KINDS = ("answer", "agreed", "deadline", "ranked", "spare")


@attrs.frozen(kw_only=True)
class WorkItem:
    """One lead to turn to, and how.

    Args:
        lead_id: Which lead.
        rank: Its place in the list, from 1.
        kind: `answer`, `agreed`, `deadline`, `ranked` or `spare`.
        action: What to do, whole; confirm it just before.
        because: Why, in words.
        due_us: By when it is owed, in epoch microseconds, or None.
        campaign: The lead's first-touch campaign.
        rate: How that campaign's leads converted, with its interval and how many it rests on.
        age_days: Days since sales last turned to the lead in person, else since its first touch;
            the day itself counts, so that a fresh lead has 1.
        priority: The rate times the age; the higher goes first among the ranked ones.
    """

    lead_id: str
    rank: int = 0
    kind: str
    action: Action
    because: str
    due_us: int | None = None
    campaign: str
    rate: Rate
    age_days: int
    priority: float

    @property
    def due(self) -> datetime | None:
        """By when it is owed, or None."""
        return None if self.due_us is None else from_us(self.due_us)

    @property
    def order(self) -> tuple[int, float, str]:
        """Where it belongs: by kind, then by due time or priority, then by lead."""
        kind = KINDS.index(self.kind)
        if kind < KINDS.index("ranked"):
            return kind, END_US if self.due_us is None else self.due_us, self.lead_id
        return kind, -self.priority, self.lead_id

    def row(self) -> dict[str, object]:
        """Return the item as one flat row; instants are aware datetimes."""
        return {
            "rank": self.rank,
            "lead_id": self.lead_id,
            "kind": self.kind,
            "rep": self.action.rep,
            "channel": str(self.action.channel),
            "content": self.action.content,
            "earliest": self.action.earliest,
            "due": self.due,
            "campaign": self.campaign,
            "p": self.rate.p,
            "low": self.rate.low,
            "high": self.rate.high,
            "n": self.rate.n,
            "age_days": self.age_days,
            "priority": self.priority,
            "because": self.because,
            "action_id": self.action.id,
        }


@attrs.frozen(kw_only=True)
class LeftOut:
    """A lead nobody is to turn to in this list.

    Args:
        lead_id: Which lead.
        code: Why, stable: a refusal's code (`nothing-new`, `no-basis`, ...), `later`,
            `nothing-due`, `due` (it is in the other list), `worked-since`, `closed`, `undecided`.
        reason: Why, in words.
        until_us: When it may change by itself, in epoch microseconds, or None.
    """

    lead_id: str
    code: str
    reason: str
    until_us: int | None = None


_COLUMNS = ("rank", "kind", "lead", "how", "due", "rate", "age", "because")
_NUMBERS = ("rank", "age")


@attrs.frozen(kw_only=True, repr=False)
class WorkQueue:
    """A list of work for a rep, a team or everybody at one instant.

    Args:
        as_of_us: The instant, in epoch microseconds.
        whose: For whom, in words.
        items: What to do, the first first; each lead at most once.
        left_out: The other open leads in question, each with why, by lead.
    """

    as_of_us: int
    whose: str
    items: tuple[WorkItem, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @classmethod
    def of(cls, found: Iterable[WorkItem | LeftOut], *, as_of_us: int, whose: str) -> "WorkQueue":
        """Return what was found in order, ranked from 1."""
        found = tuple(found)
        items = sorted(
            (one for one in found if isinstance(one, WorkItem)), key=lambda one: one.order
        )
        left = sorted(
            (one for one in found if isinstance(one, LeftOut)), key=lambda one: one.lead_id
        )
        ranked = tuple(attrs.evolve(one, rank=rank) for rank, one in enumerate(items, start=1))
        return cls(as_of_us=as_of_us, whose=whose, items=ranked, left_out=tuple(left))

    def __repr__(self) -> str:
        return f"WorkQueue({self.whose}: {len(self.items)} to do, {len(self.left_out)} left out)"

    def __str__(self) -> str:
        return self.text()

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[WorkItem]:
        return iter(self.items)

    def take(self, count: int) -> tuple[WorkItem, ...]:
        """Return as many items as there is time for, the first first.

        Raises:
            CallError: `out-of-range` for less than 0.
        """
        if count < 0:
            raise CallError("out-of-range", argument="count", problem="must be 0 or more")
        return self.items[:count]

    def rows(self) -> list[dict[str, object]]:
        """Return a flat row per item, ready for any data frame."""
        return [item.row() for item in self.items]

    def text(self, *, first: int | None = None) -> str:
        """Return the list as a table for people.

        Args:
            first: Show so many items only; the head says how many there are.
        """
        cells = [_COLUMNS, *(_cells(item) for item in self.items[:first])]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [self._head()]
        for row in cells if self.items else ():
            shown_cells = (
                cell.rjust(width) if name in _NUMBERS else cell.ljust(width)
                for name, cell, width in zip(_COLUMNS, row, widths, strict=True)
            )
            lines.append("  ".join(shown_cells).rstrip())
        more = len(self.items) - len(self.items[:first])
        lines += [f"and {more} more"] if more else []
        return "\n".join([*lines, *self._left()])

    def _head(self) -> str:
        return f"{self.whose} at {format_us(self.as_of_us)}: {len(self.items)} to do"

    def _left(self) -> Iterator[str]:
        counts = Counter(one.code for one in self.left_out)
        if counts:
            each = (f"{count} {code}" for code, count in sorted(counts.items()))
            yield f"left out: {', '.join(each)}"

    def _repr_html_(self) -> str:
        heads = "".join(f"<th>{name}</th>" for name in _COLUMNS)
        rows = "".join(
            f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in _cells(item))}</tr>"
            for item in self.items
        )
        foot = html.escape("; ".join(self._left()))
        head = html.escape(self._head())
        return f"<table><caption>{head}</caption><tr>{heads}</tr>{rows}</table><p>{foot}</p>"


def _cells(item: WorkItem) -> tuple[str, ...]:
    action = item.action
    how = f"{action.channel} by {action.rep or 'nobody yet'}"
    return (
        str(item.rank),
        item.kind,
        item.lead_id,
        how,
        "" if item.due_us is None else format_us(item.due_us),
        f"{shown(item.rate).strip()} ({item.campaign})",
        str(item.age_days),
        item.because,
    )
