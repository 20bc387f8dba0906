"""Give a batch of requests to reps: the least recently assigned first, never at random."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import attrs

from nurturekit.answers import AssignmentRequest, Unassigned
from nurturekit.identity import stable_id
from nurturekit.instants import from_us, to_us
from nurturekit.records import FrozenMap, Load, Move, Rep
from nurturekit.vocabulary import MoveKind, Origin, Team


@attrs.frozen(kw_only=True)
class Assigned:
    """What a batch came to.

    Args:
        moves: `rep` moves that answer the requests; append each to its lead's history.
        unassigned: Requests that nobody could take, and why.
    """

    moves: tuple[Move, ...]
    unassigned: tuple[Unassigned, ...]


def assign(
    requests: Iterable[AssignmentRequest],
    pool: Iterable[Rep],
    load: Mapping[str, Load] | None = None,
    *,
    as_of: datetime,
) -> Assigned:
    """Give each request a rep, in the order (due, lead id), least recently assigned first.

    Args:
        requests: In any order; the result is the same.
        pool: Who can take leads.
        load: What each has got so far; nobody has got anything if not given.
        as_of: The instant of the assignment, aware.

    Raises:
        RecordError: For a naive instant.
    """
    as_of_us = to_us(as_of, field="as_of")
    today = from_us(as_of_us).date()
    reps = sorted((rep for rep in pool if rep.is_available(today)), key=lambda rep: rep.id)
    held = load or FrozenMap()
    taken = {rep.id: (_last_us(held.get(rep.id)), 0) for rep in reps}
    moves: list[Move] = []
    unassigned: list[Unassigned] = []
    for request in sorted(requests, key=lambda one: (one.due_us, one.lead_id, one.id)):
        rep = _pick(request, reps, taken)
        if rep is None:
            reason = "nobody free" if reps else "nobody available in the pool"
            unassigned.append(Unassigned(request=request, reason=reason))
            continue
        moves.append(_answer(request, rep, as_of))
        taken[rep] = (as_of_us, len(moves))
    return Assigned(moves=tuple(moves), unassigned=tuple(unassigned))


def _last_us(load: Load | None) -> int:
    if load is None or load.last_assigned_at is None:
        return -1
    return to_us(load.last_assigned_at, field="Load.last_assigned_at")


def _pick(
    request: AssignmentRequest, reps: list[Rep], taken: Mapping[str, tuple[int, int]]
) -> str | None:
    free = [
        rep.id
        for rep in reps
        if rep.id not in request.exclude
        and rep.team is Team.SALES
        and rep.pool in (None, request.pool)
    ]
    for preferred in request.prefer:
        if preferred in free:
            return preferred
    return min(free, key=lambda rep: (taken[rep], rep), default=None)


def _answer(request: AssignmentRequest, rep: str, as_of: datetime) -> Move:
    return Move(
        id=stable_id("move", request.lead_id, MoveKind.REP, rep, request.id),
        lead_id=request.lead_id,
        occurred_at=as_of,
        origin=Origin.PERSON,
        kind=MoveKind.REP,
        rep=rep,
        answers=request.id,
    )


def adoptions(
    leads: Iterable[tuple[str, datetime]],
    *,
    policy: str,
    per_day: int,
    start: datetime,
) -> tuple[Move, ...]:
    """Return `adopt` moves that bring leads under a policy, so many a day, the oldest first.

    Args:
        leads: Lead ids, each with the time since when its owner has held it.
        policy: The policy's name.
        per_day: How many leads a day.
        start: When the first of them move, aware.
    """
    ordered = sorted(leads, key=lambda pair: (to_us(pair[1], field="leads"), pair[0]))
    return tuple(
        Move(
            id=stable_id("move", lead_id, MoveKind.ADOPT, policy),
            lead_id=lead_id,
            occurred_at=start + timedelta(days=index // per_day),
            origin=Origin.PERSON,
            kind=MoveKind.ADOPT,
            to=policy,
        )
        for index, (lead_id, _) in enumerate(ordered)
    )
