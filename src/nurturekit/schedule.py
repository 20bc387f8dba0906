"""The expected calendar of one lead: what is done when, as rows, text and HTML.

CLOSED. To add a form: a function of a `Schedule`; calendars for mail programs are written by
`nurturekit.interop.to_ical`.
"""

import html
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import attrs

from nurturekit.answers import Action, Blocked, Planned
from nurturekit.decision import readable
from nurturekit.instants import format_us, from_us
from nurturekit.vocabulary import MoveKind

COLUMNS = ("at", "what", "team", "rep", "sequence", "step", "content", "because")
# What a move says of a run, shortly.
_WORDS = {
    MoveKind.ENROLLED: "enters",
    MoveKind.LEFT: "leaves",
    MoveKind.SKIPPED: "skips",
    MoveKind.BRANCH: "goes to",
}

Row = dict[str, str | None]


@attrs.frozen(kw_only=True, repr=False)
class Schedule:
    """What is planned for a lead until some instant, if it doesn't answer.

    Args:
        lead_id: Whose.
        as_of_us: The instant of judgement, in epoch microseconds.
        until_us: Where it ends, itself excluded.
        actions: What is done, in order, each at its `earliest_us`.
        moves: Enrolments, branches and ends, in order.
        blocked: What still can't be done at the end, and why.
        held: What was taken to stay as it is, in words.
        assumptions: What was taken from the host's word, where records are silent.
        notes: What a reader should know.
    """

    lead_id: str
    as_of_us: int
    until_us: int
    actions: tuple[Action, ...] = ()
    moves: tuple[Planned, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    held: str = ""
    assumptions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def as_of(self) -> datetime:
        """The instant of judgement."""
        return from_us(self.as_of_us)

    @property
    def until(self) -> datetime:
        """Where it ends, itself excluded."""
        return from_us(self.until_us)

    @property
    def rows(self) -> tuple[Row, ...]:
        """One row per contact and move, by time, under the names of `COLUMNS`."""
        found = [*self._action_rows(), *self._move_rows()]
        return tuple(row for _, row in sorted(found, key=lambda pair: pair[0]))

    def _action_rows(self) -> Iterator[tuple[tuple[int, int], Row]]:
        for one in self.actions:
            yield (
                (one.earliest_us, 1),
                {
                    "at": format_us(one.earliest_us),
                    "what": f"{one.channel} ({one.style})",
                    "team": str(one.team),
                    "rep": one.rep,
                    "sequence": one.sequence,
                    "step": one.step or one.duty,
                    "content": one.content,
                    "because": one.because,
                },
            )

    def _move_rows(self) -> Iterator[tuple[tuple[int, int], Row]]:
        for planned in self.moves:
            move = planned.move
            yield (
                # At one instant a lead enters first, and leaves once all is done.
                (planned.us, 2 if move.kind == MoveKind.LEFT else 0),
                {
                    "at": format_us(planned.us),
                    "what": " ".join(filter(None, [_WORDS[MoveKind(move.kind)], move.to])),
                    "team": move.team,
                    "rep": None,
                    "sequence": move.sequence,
                    "step": move.step,
                    "content": None,
                    "because": move.reason,
                },
            )

    def __str__(self) -> str:
        lines = [self._head()]
        lines += [_line(row) for row in self.rows]
        lines += [
            f"  blocked ({one.code}) {_until(one.until_us)}: {one.reason}" for one in self.blocked
        ]
        lines += [f"  assumed: {text}" for text in self.assumptions]
        lines += [f"  note: {text}" for text in self.notes]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Schedule {self._head()}>"

    def _head(self) -> str:
        span = f"{format_us(self.as_of_us)} to {format_us(self.until_us)}"
        count = len(self.actions)
        contacts = "contact" if count == 1 else "contacts"
        return f"{self.lead_id}, {span}: {count} {contacts} if it doesn't answer; {self.held}"

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON types, instants in RFC 3339."""
        told: dict[str, Any] = readable(self)
        return told

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in COLUMNS)
        rows = "".join(f"<tr>{_cells(row)}</tr>" for row in self.rows)
        waiting = "".join(
            f"<li>{html.escape(f'{one.code} {_until(one.until_us)}: {one.reason}')}</li>"
            for one in self.blocked
        )
        told = f"<table><caption>{html.escape(self._head())}</caption><tr>{head}</tr>{rows}</table>"
        return f"{told}<ul>{waiting}</ul>" if waiting else told


def _cells(row: Row) -> str:
    return "".join(f"<td>{html.escape(row[name] or '')}</td>" for name in COLUMNS)


def _until(us: int | None) -> str:
    return "until something changes" if us is None else f"until {format_us(us)}"


def _line(row: Row) -> str:
    about = [row["sequence"], row["step"], row["content"], row["rep"]]
    details = ", ".join(filter(None, about))
    return f"  {row['at']}  {row['what']}{f' [{details}]' if details else ''}: {row['because']}"
