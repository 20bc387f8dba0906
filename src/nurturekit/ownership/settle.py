"""Settle what a policy wants against what is in force: one owner, at most one handoff, one request.

Source: S1-8 (every open lead has exactly one accountable owner).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from nurturekit.answers import (
    AssignmentRequest,
    Desired,
    Duty,
    Handoff,
    Ownership,
    Proposal,
    Settled,
)
from nurturekit.identity import stable_id
from nurturekit.instants import END_US
from nurturekit.ownership.alerts import alert_of
from nurturekit.ownership.continuity import continuity_rep, is_available
from nurturekit.ownership.duties import duties
from nurturekit.ownership.handoff import proposals
from nurturekit.ownership.offers import Case, offer_number, tried_reps
from nurturekit.ownership.terms import Terms
from nurturekit.records import FrozenMap, Move, Situation
from nurturekit.vocabulary import MoveKind, Origin, Style, Team


def settle(
    situation: Situation,
    desired: Desired,
    *,
    base: Desired | None = None,
    terms: Terms | None = None,
    policy: str = "policy",
) -> Settled:
    """Compare what is in force with what a policy wants.

    Args:
        situation: With `score`, `stage` and `readiness` bound.
        desired: What the policy wants.
        base: What it would want without new evidence; `desired` if not given.
        terms: The policy's parameters.
        policy: The policy's name, which `adopt` moves cite.

    Returns:
        Who answers for the lead, and what follows; `moves` is empty at rest.
    """
    case = Case(
        situation=situation,
        desired=desired,
        base=base or desired,
        terms=terms or Terms(),
        policy=policy,
    )
    return settled(case, following(case))


def following(case: Case) -> tuple[Move, ...]:
    """Return what follows for a lead, in order; empty at rest."""
    return as_moves(case.situation, proposals(case))


def settled(case: Case, moves: tuple[Move, ...]) -> Settled:
    """Return who answers for a lead now, with the moves that follow."""
    alerts = [move for move in moves if move.kind is MoveKind.ALERTED]
    return Settled(
        ownership=_ownership(case),
        moves=moves,
        handoff=_handoff(case),
        request=_request(case),
        alerts=tuple(alert_of(move, case.situation) for move in alerts),
        notes=_notes(case),
    )


def as_moves(situation: Situation, wanted: Iterable[Proposal]) -> tuple[Move, ...]:
    """Give proposals their ids, time and order.

    An id hashes the lead, the kind, what it is about, the record it answers, its evidence and the
    last stage, owner or handoff move, so that a later crossing is another move.
    """
    last = situation.standing.last_id
    start = len(situation.proposed)
    at = situation.as_of
    return tuple(
        [
            _as_move(situation.lead.id, one, at=at, seq=start + index, last=last)
            for index, one in enumerate(wanted)
        ]
    )


def _as_move(lead_id: str, one: Proposal, *, at: datetime, seq: int, last: str) -> Move:
    about: tuple[object, ...] = (one.to, one.answers, one.evidence, one.sequence, one.run, one.step)
    if one.kind == MoveKind.ALERTED:
        # One offer may be told of for several reasons.
        about = (*about, one.reason)
    return Move(
        id=stable_id("move", lead_id, one.kind, *about, last),
        lead_id=lead_id,
        occurred_at=at,
        origin=Origin.PLAYBOOK,
        kind=one.kind,
        seq=seq,
        was=one.was,
        to=one.to,
        team=one.team,
        rep=one.rep,
        reason=one.reason,
        due=one.due,
        until=one.until,
        sequence=one.sequence,
        run=one.run,
        step=one.step,
        answers=one.answers,
        evidence=one.evidence,
    )


def _ownership(case: Case) -> Ownership:
    standing, desired = case.standing, case.desired
    accountable = standing.team or case.base.accountable
    owed = () if desired.is_closed else duties(case.situation, case.terms, desired.duties)
    return Ownership(
        accountable=accountable,
        answerable=Team.SALES if standing.pending is not None else accountable,
        rep=case.rep,
        continuity_rep=continuity_rep(case.situation, case.terms),
        since_us=standing.owner_us,
        allowed=_allowed(desired, owed),
        notify=desired.notify,
        duties=owed,
        continues=desired.continues,
        is_open=not desired.is_closed,
        sender=desired.sender,
        because=desired.because,
        row=desired.row,
    )


def _allowed(desired: Desired, owed: tuple[Duty, ...]) -> Mapping[Team, frozenset[Style]]:
    # Whatever the row says, a hand-raise may be answered in person.
    if not any(duty.kind == "answer" for duty in owed):
        return desired.allowed
    sales = desired.allowed.get(Team.SALES) or frozenset()
    return FrozenMap({**desired.allowed, Team.SALES: sales | {Style.ONE_TO_ONE}})


def _handoff(case: Case) -> Handoff | None:
    pending = case.standing.pending
    if pending is None or case.standing.team is None:
        return None
    return Handoff(
        id=pending.id,
        giver=case.standing.team,
        taker=Team.SALES,
        rep=case.rep,
        due_us=pending.due_us if pending.due_us is not None else case.situation.as_of_us,
        evidence=pending.evidence,
        continues=case.desired.continues,
        number=offer_number(case.standing, pending),
    )


def _request(case: Case) -> AssignmentRequest | None:
    standing = case.standing
    is_wanted = standing.pending is not None or standing.team is Team.SALES
    if case.rep is not None or not is_wanted or case.desired.is_closed:
        return None
    last_offer = standing.offers[-1] if standing.offers else None
    due = last_offer.due_us if last_offer is not None and last_offer.due_us is not None else None
    anchor = standing.rep_moves[-1].id if standing.rep_moves else ""
    return AssignmentRequest(
        id=stable_id("request", case.situation.lead.id, case.terms.role, anchor),
        lead_id=case.situation.lead.id,
        pool=case.terms.pool,
        role=case.terms.role,
        due_us=case.situation.as_of_us if due is None else due,
        prefer=_account_reps(case.situation),
        exclude=tuple(sorted(tried_reps(standing))),
        person=case.situation.lead.person_id,
        account=case.situation.lead.account,
    )


def _account_reps(situation: Situation) -> tuple[str, ...]:
    # S0-8, S2-3: one rep takes those of the account's leads that have none: the person's own before
    # the others, of whom the one who turned to the account first.
    held: dict[str, tuple[bool, int]] = {}
    for peer in situation.peers:
        rep = peer.standing.rep
        if rep is not None and is_available(situation, rep):
            first = next((one.occurred_us for one in peer.sales_touches if one.rep == rep), END_US)
            rank = (peer.person != situation.person, first)
            held[rep] = min(rank, held.get(rep, rank))
    return tuple(sorted(held, key=lambda rep: (held[rep], rep)))


def _notes(case: Case) -> tuple[str, ...]:
    notes = []
    pool = case.situation.world.pools.get(case.terms.pool)
    if case.standing.pending is not None and (pool is None or pool.hours is None):
        notes.append(f"pool `{case.terms.pool}` has no business hours: every hour counts")
    return tuple(notes)
