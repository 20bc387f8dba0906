"""What a policy wants, and what settling it against the records gives."""

from collections.abc import Mapping
from datetime import datetime

import attrs

from nurturekit.instants import from_us
from nurturekit.records import FrozenMap, Move
from nurturekit.vocabulary import Style, Team


@attrs.frozen(kw_only=True)
class Duty:
    """Something owed to the lead by a time.

    Args:
        kind: `answer` (to a hand-raise), `first_response`, `next_attempt`, `check_in`.
        team: Who owes it.
        rep: The person who owes it, if known.
        due: By when, in epoch microseconds; past due from then on.
        about: Id of the record it is about; with the kind it makes the action's id.
        agreed: Whether the lead agreed to the date, or asked: then it needs no news.
        because: Why, in a few words.
    """

    kind: str
    team: Team
    rep: str | None
    due_us: int
    about: str
    agreed: bool
    because: str

    @property
    def due(self) -> datetime:
        """By when it is owed."""
        return from_us(self.due_us)


@attrs.frozen(kw_only=True)
class Desired:
    """What a policy wants for a lead now.

    Args:
        accountable: The one team that should be accountable.
        allowed: Per team the styles it may use.
        notify: Whom to tell of new evidence: `rep`, `sales`, `marketing`, `manager`.
        duties: Kinds of duty that apply, from `ownership.duties`.
        continues: Sequences of the other team that may run; empty means all that its styles allow.
        because: Why: the row's words.
        row: The row that held, from 1; 0 for a policy without rows.
        is_closed: Whether nobody nurtures the lead any more.
        sender: Whom automated mail comes from: `team` or `rep`.
        source: Requirement ids or `inference`.
        parameters: The policy's parameters that decided, with their values.
        pool: From which pool a rep is asked for; empty means the one of the policy's terms.
    """

    accountable: Team
    allowed: Mapping[Team, frozenset[Style]] = attrs.field(factory=FrozenMap)
    notify: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    continues: tuple[str, ...] = ()
    because: str = ""
    row: int = 0
    is_closed: bool = False
    sender: str = "team"
    source: str = "inference"
    parameters: Mapping[str, object] = attrs.field(factory=FrozenMap)
    pool: str = ""


@attrs.frozen(kw_only=True)
class Handoff:
    """A handoff that waits for an answer.

    Args:
        id: The offer's id.
        giver: The team that stays accountable until it is taken.
        taker: The team that answers for accepting or rejecting it.
        rep: The rep it is offered to, None while one is being found.
        due_us: By when an answer is owed, in epoch microseconds.
        evidence: Ids of the touches it cites.
        continues: What goes on meanwhile.
        number: Which offer of the same handoff this is, from 1.
    """

    id: str
    giver: Team
    taker: Team
    rep: str | None
    due_us: int
    evidence: tuple[str, ...]
    continues: tuple[str, ...] = ()
    number: int = 1

    @property
    def due(self) -> datetime:
        """By when an answer is owed."""
        return from_us(self.due_us)


@attrs.frozen(kw_only=True)
class AssignmentRequest:
    """A request for a rep, the same in every decision until a `rep` move answers it.

    Args:
        id: What the answering `rep` move's `answers` must hold.
        lead_id: For whom.
        pool: From which pool.
        role: What the rep does.
        due_us: By when a rep is needed, in epoch microseconds.
        prefer: Reps of the account, first choice first.
        exclude: Reps who let an offer of this handoff lapse or rejected it.
        person: The lead's person: several leads of one person go to one rep.
        account: The lead's account: one rep takes those of its leads that have none.
    """

    id: str
    lead_id: str
    pool: str
    role: str
    due_us: int
    prefer: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    person: str | None = None
    account: str | None = None

    @property
    def due(self) -> datetime:
        """By when a rep is needed."""
        return from_us(self.due_us)


@attrs.frozen(kw_only=True)
class Unassigned:
    """A request that nobody could take.

    Args:
        request: The request; it stays open.
        reason: Why, stable: `no-reps`, `all-tried`, `away`, `not-at-work`, `full`.
    """

    request: AssignmentRequest
    reason: str


@attrs.frozen(kw_only=True)
class Ownership:
    """Who answers for the lead now.

    Args:
        accountable: The one team accountable for nurturing.
        answerable: The team that owes an answer to a pending handoff, else the accountable one.
        rep: The rep in force, if any.
        continuity_rep: The rep whom the lead knows, if any.
        since_us: Since when the team is accountable, in epoch microseconds.
        allowed: Per team the styles it may use.
        notify: Whom to tell of new evidence.
        duties: What is owed, the earliest first.
        continues: Sequences of the other team that may run; empty means all that its styles allow.
        is_open: Whether anybody nurtures the lead.
        sender: Whom automated mail comes from: `team` or `rep`.
        because: Why.
        row: The row of the policy that held.
    """

    accountable: Team
    answerable: Team
    rep: str | None = None
    continuity_rep: str | None = None
    since_us: int | None = None
    allowed: Mapping[Team, frozenset[Style]] = attrs.field(factory=FrozenMap)
    notify: tuple[str, ...] = ()
    duties: tuple[Duty, ...] = ()
    continues: tuple[str, ...] = ()
    is_open: bool = True
    sender: str = "team"
    because: str = ""
    row: int = 0

    @property
    def since(self) -> datetime | None:
        """Since when the team is accountable."""
        return None if self.since_us is None else from_us(self.since_us)


@attrs.frozen(kw_only=True)
class Alert:
    """Somebody to tell something, once per evidence.

    Args:
        id: The `alerted` move's id.
        lead_id: About whom.
        to: `rep`, `sales`, `marketing` or `manager`.
        rep: The person, if known.
        reason: `hand_raise`, `account_engaged`, `new_intent`, `weaker_evidence`, `reminder`,
            `escalation`, `not_taken`.
        evidence: Ids of the touches it cites.
        people: Ids of the account's other people who engaged, where that is what it tells.
        because: Why, in words.
    """

    id: str
    lead_id: str
    to: str
    rep: str | None
    reason: str
    evidence: tuple[str, ...]
    people: tuple[str, ...] = ()
    because: str = ""


@attrs.frozen(kw_only=True)
class Settled:
    """What settling a policy's wish against what is in force gives.

    Args:
        ownership: Who answers for the lead now.
        moves: What follows, in order; empty when at rest.
        handoff: The handoff that waits for an answer, if any.
        request: The request for a rep, if one is needed.
        alerts: Whom to tell what.
        notes: What a reader should know.
    """

    ownership: Ownership
    moves: tuple[Move, ...] = ()
    handoff: Handoff | None = None
    request: AssignmentRequest | None = None
    alerts: tuple[Alert, ...] = ()
    notes: tuple[str, ...] = ()
