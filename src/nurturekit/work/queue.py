"""A rep's or a team's day: what is owed first, then the leads that most likely convert.

Rules:

- A lead is listed once, for what can be done one to one before the day ends: an answer to a
  hand-raise, an agreed date, an answer to an offer, then the rest by rate times age.
- Nothing refused is listed. Nobody calls without something to say (S3-2): a lead with nothing new
  is left out, and the list says how many are.
- An unassigned lead is in the team's list, if it is owed something that the guards permit.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from nurturekit.answers import Action, Blocked
from nurturekit.decision import Decision
from nurturekit.guards import check
from nurturekit.guards.checks import Checked
from nurturekit.instants import END_US
from nurturekit.interop import Case
from nurturekit.playbook import Playbook
from nurturekit.rates import Rates
from nurturekit.records import FrozenMap, Situation
from nurturekit.signals.evidence import closing
from nurturekit.work.items import KINDS, LeftOut, WorkItem, WorkQueue
from nurturekit.work.scope import Decided, Scope, gathered, may_write, scope_of

# The kind of work that meeting a duty is; whatever else a rep does is ranked.
KIND_OF_DUTY: Mapping[str, str] = FrozenMap(
    {"answer": "answer", "next_attempt": "agreed", "first_response": "deadline"}
)


def work_queue(
    decided: Decided,
    *,
    playbook: Playbook,
    as_of: datetime,
    rep: str | None = None,
    team: str | None = None,
    rates: Rates | None = None,
) -> WorkQueue:
    """Return what a rep, a team or everybody has to do on the day of an instant, in order.

    The order is: answers to hand-raises, agreed dates, answers to offers, each by due time; then
    all the rest by the historical conversion of the lead's first-touch campaign times its age.
    So a lead of the best campaign stands behind such others only as have waited longer (S2-7).

    Args:
        decided: Leads, each with its last decision, as `interop.decide_each` yields them; the
            moves needn't be appended.
        playbook: What the decisions were made by.
        as_of: The instant, aware. What falls due by the end of its day (UTC, unless the playbook
            shifts it) is listed.
        rep: Only what this person does.
        team: Only what this team does, `sales` or `marketing`; unassigned leads are in it.
        rates: How campaigns converted; without them age alone decides.

    Raises:
        CallError: `unknown-word`, `other-lead`, `duplicate-id`, `out-of-range`.
        RecordError: For a naive or impossible instant.

    >>> from datetime import UTC, datetime
    >>> import nurturekit as nk
    >>> from nurturekit.interop import Case
    >>> now = datetime(2026, 11, 2, 10, tzinfo=UTC)
    >>> asked = nk.Touch(id="t1", lead_id="l1", kind="price_asked", occurred_at=now)
    >>> mine = nk.Move(id="m1", lead_id="l1", kind="owner", to="sales", rep="ann", occurred_at=now)
    >>> case = Case(
    ...     lead=nk.Lead(id="l1", zone="Europe/Berlin"),
    ...     history=nk.History([asked, mine]),
    ...     world=nk.World(assume=nk.Assume(basis={"phone": "legitimate_interest"})),
    ... )
    >>> playbook = nk.preset(nk.PRESETS[0])
    >>> decision = playbook.decide(case.lead, case.history, as_of=now, world=case.world)
    >>> queue = work_queue([(case, decision)], playbook=playbook, as_of=now, rep="ann")
    >>> [(item.rank, item.lead_id, item.kind, item.age_days) for item in queue]
    [(1, 'l1', 'answer', 1)]
    """
    scope = scope_of(playbook, as_of=as_of, rep=rep, team=team, rates=rates)
    found = gathered(scope, decided, _answer)
    return WorkQueue.of(found, as_of_us=scope.as_of_us, whose=scope.whose)


def _is_asked_for(scope: Scope, decision: Decision) -> bool:
    # A rep sees all of the rep's own leads; a team those that it may turn to.
    if scope.rep is None:
        own = may_write(decision, scope.team)
    else:
        own = scope.rep == decision.ownership.rep
    return decision.ownership.is_open and (own or any(_mine(scope, decision)))


def _mine(scope: Scope, decision: Decision) -> Iterator[Action]:
    for action in decision.actions:
        if scope.takes(action, decision) and scope.rep in (None, action.rep):
            yield action


def due_now(scope: Scope, situation: Situation, decision: Decision) -> Action | None:
    """Return what to do about a lead before the day ends, the most urgent first; or None."""
    for actions in (_mine(scope, decision), _unassigned(scope, situation, decision).allowed):
        soon = [action for action in actions if action.earliest_us < scope.end_us]
        if soon:
            return min(soon, key=lambda action: _urgency(decision, action))
    return None


def _urgency(decision: Decision, action: Action) -> tuple[int, int, int, str]:
    due_us = _due_us(decision, action)
    kind = KINDS.index(_kind(action))
    return kind, END_US if due_us is None else due_us, action.earliest_us, action.id


def _kind(action: Action) -> str:
    return KIND_OF_DUTY.get(action.duty or "", "ranked")


def _due_us(decision: Decision, action: Action) -> int | None:
    owed = (
        duty.due_us
        for duty in decision.ownership.duties
        if (duty.kind, duty.about) == (action.duty, action.about)
    )
    return next(owed, action.latest_us)


def _answer(scope: Scope, case: Case, decision: Decision) -> WorkItem | LeftOut | None:
    if not _is_asked_for(scope, decision):
        return None
    situation = scope.situation(case)
    gone = out_of_reach(situation, decision)
    if gone is not None:
        return gone
    action = due_now(scope, situation, decision)
    if action is None:
        return _left_out(scope, situation, decision)
    due_us = _due_us(decision, action)
    return scope.item(situation, action, kind=_kind(action), due_us=due_us)


def out_of_reach(situation: Situation, decision: Decision) -> LeftOut | None:
    """Return why a lead is out of a list for what happened since its decision, or None."""
    lead_id = decision.lead_id
    closed = closing(situation)
    if situation.is_erased or situation.is_objected or closed is not None:
        why = closed.reason if closed is not None else "the person asked to be left alone"
        return LeftOut(lead_id=lead_id, code="closed", reason=why)
    last = situation.sales_touches[-1:]
    if last and last[0].occurred_us > decision.as_of_us:
        reason = "sales has turned to the lead since: decide again"
        return LeftOut(lead_id=lead_id, code="worked-since", reason=reason)
    return None


def _unassigned(scope: Scope, situation: Situation, decision: Decision) -> Checked:
    # Refused only for want of a rep, so the guards haven't seen it yet.
    wanted = [
        one.action
        for one in _refused(scope, decision)
        if one.code == "no-rep" and one.action is not None and one.action.duty in KIND_OF_DUTY
    ]
    if scope.rep is not None or not wanted:
        return Checked((), (), ())
    return check(scope.playbook.guards, situation, wanted)


def _refused(scope: Scope, decision: Decision) -> list[Blocked]:
    return [
        one
        for one in decision.blocked
        if one.action is not None and scope.takes(one.action, decision)
    ]


def _left_out(scope: Scope, situation: Situation, decision: Decision) -> LeftOut:
    lead_id, unassigned = decision.lead_id, _unassigned(scope, situation, decision)
    actions = (*_mine(scope, decision), *unassigned.allowed)
    later = min((action.earliest_us for action in actions), default=None)
    if later is not None:
        reason = "not before another day"
        return LeftOut(lead_id=lead_id, code="later", reason=reason, until_us=later)
    for one in (*unassigned.blocked, *_refused(scope, decision)):
        return LeftOut(lead_id=lead_id, code=one.code, reason=one.reason, until_us=one.until_us)
    return LeftOut(lead_id=lead_id, code="nothing-due", reason="nothing is due in person")
