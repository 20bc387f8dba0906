"""What to do, what can't be done, what to append, and why."""

from datetime import datetime

import attrs

from nurturekit.calendars import ContactHours
from nurturekit.instants import from_us
from nurturekit.vocabulary import Channel, Style, Team


@attrs.frozen(kw_only=True, slots=False)
class Action:
    """Something to do for a lead; the host does it and records the touch that it became.

    Args:
        id: Stable: the lead, the run and step, or the duty.
        lead_id: For whom.
        channel: The way it takes.
        style: How personal it is.
        team: Who does it.
        earliest_us: Not before, in epoch microseconds.
        latest_us: Not after (a duty's due time), or None.
        rep: Who does it, for one-to-one.
        sender: From whom it comes: a rep's id, or `marketing` or `sales`.
        content: The content's id, or None.
        sequence: The sequence, `run` and `step` it belongs to.
        duty: The kind of duty it meets.
        about: Id of the record it is about.
        topic: What it is about; with the sequence and the campaign a tag that caps may count.
        hours: Send windows of its own, in the recipient's zone, within the guards' hours.
        purpose: `marketing` or `sales`.
        priority: 0 answer, 1 agreed date, 2 rep one-to-one, 3 sequence, 4 mass; lower goes first.
        rank: Among equals, the sequence's own priority; higher goes first.
        basis: The legal basis at its instant.
        because: Why.
    """

    id: str
    lead_id: str
    channel: Channel
    style: Style
    team: Team
    earliest_us: int
    latest_us: int | None = None
    rep: str | None = None
    sender: str | None = None
    content: str | None = None
    sequence: str | None = None
    run: str | None = None
    step: str | None = None
    duty: str | None = None
    about: str | None = None
    topic: str | None = None
    hours: ContactHours | None = None
    purpose: str = "marketing"
    priority: int = 3
    rank: int = 0
    basis: str | None = None
    because: str = ""

    @property
    def earliest(self) -> datetime:
        """Not before this instant."""
        return from_us(self.earliest_us)

    @property
    def latest(self) -> datetime | None:
        """Not after this instant, or None."""
        return None if self.latest_us is None else from_us(self.latest_us)


@attrs.frozen(kw_only=True)
class Blocked:
    """An action that can't be done, whole, with what it needs; or why there is none at all.

    Args:
        code: Stable: `nothing-new`, `no-content`, `exhausted`, `no-basis`, `suppressed`, `no-zone`,
            `no-rep`, `never-open`, `capped`, `voicemail`, `closed`, `snoozed`, `not-allowed`,
            `waiting`, `unknown-date`, `complaints`, `nothing-planned`; from `confirm` also
            `too-early`, `already-done`, `out-of-hours`.
        reason: Why, in words.
        until_us: When it may change by itself, in epoch microseconds, or None.
        needs: What the host must supply: `basis`, `zone`, `content`, `rep`, `fact`.
        action: The refused action, whole, or None.
    """

    code: str
    reason: str
    until_us: int | None = None
    needs: tuple[str, ...] = ()
    action: Action | None = None

    @property
    def until(self) -> datetime | None:
        """When it may change by itself, or None."""
        return None if self.until_us is None else from_us(self.until_us)


@attrs.frozen(kw_only=True)
class Plan:
    """What a planner wants: actions before the guards see them.

    Args:
        actions: Wanted actions, any order.
        blocked: What can't be done for the plan's own reasons.
        moves: Enrolments and their ends, in order; the core gives them their ids.
        notes: What a reader should know.
    """

    actions: tuple[Action, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    moves: "tuple[Proposal, ...]" = ()
    notes: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Proposal:
    """A move before it has its id, time and order: what a part of the core wants appended."""

    kind: str
    was: str | None = None
    to: str | None = None
    team: str | None = None
    rep: str | None = None
    reason: str | None = None
    due: datetime | None = None
    until: datetime | None = None
    sequence: str | None = None
    run: str | None = None
    step: str | None = None
    answers: str | None = None
    evidence: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Planned:
    """A move that a forecast expects, and when, in epoch microseconds."""

    us: int
    move: Proposal


@attrs.frozen(kw_only=True)
class Outlook:
    """What a planner expects until some instant if the lead doesn't answer.

    Args:
        actions: What is done, in order, each at its `earliest_us`.
        moves: Enrolments, branches and ends, in order.
        blocked: What still can't be done at the end.
        assumptions: What the guards took from the host's word.
        notes: What a reader should know.
    """

    actions: tuple[Action, ...] = ()
    moves: tuple[Planned, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    assumptions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@attrs.frozen(kw_only=True, slots=False)
class Reason:
    """One line of why: what part says it, what it says, and what it cites."""

    part: str
    text: str
    source: str = ""
    cites: tuple[str, ...] = ()
