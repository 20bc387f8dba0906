"""Give a batch of requests to reps, the most urgent first, never at random."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from nurturekit.answers import AssignmentRequest, Unassigned
from nurturekit.errors import CallError
from nurturekit.identity import stable_id
from nurturekit.instants import to_us
from nurturekit.records import FrozenMap, Load, Move, Pool, Rep, World
from nurturekit.routing.roster import Book, Roster
from nurturekit.vocabulary import MoveKind, Origin

# An answer at a decision's own instant comes after the decision's moves, however many they are.
_AFTER_DECISIONS = 1_000_000
# Why a rep got a lead: the reason of the `rep` move.
PREFERRED, SAME_PERSON, SAME_ACCOUNT, TURN = "preferred", "same_person", "same_account", "turn"


@attrs.frozen(kw_only=True)
class Assigned:
    """What a batch came to.

    Args:
        moves: `rep` moves that answer the requests, in the order in which they were served; append
            each to its lead's history. The reason is `preferred`, `same_person`, `same_account`
            or `turn`.
        unassigned: Requests that nobody could take, and why.
    """

    moves: tuple[Move, ...]
    unassigned: tuple[Unassigned, ...]


def world_of(
    reps: Iterable[Rep] | Mapping[str, Rep], pools: Iterable[Pool] | Mapping[str, Pool]
) -> World:
    """Return reps and pools by their ids, whatever order or mapping they came in."""
    return World(
        reps=reps.values() if isinstance(reps, Mapping) else reps,
        pools=pools.values() if isinstance(pools, Mapping) else pools,
    )


def assign(
    requests: Iterable[AssignmentRequest],
    reps: Iterable[Rep] | Mapping[str, Rep],
    load: Mapping[str, Load] | None = None,
    *,
    pools: Iterable[Pool] | Mapping[str, Pool] = (),
    as_of: datetime,
) -> Assigned:
    """Give each request a rep, in the order (due, lead id); any order of the arguments is the same.

    A request goes to an active sales rep of its pool (a rep without a pool is in every one) who
    wasn't tried yet, isn't away, is at work before it is due, and has room. Of these to the first
    preferred one, else to who just got another lead of the same person or account, else to whose
    turn it is. Several leads of one person count as one.

    Args:
        requests: In any order; one given twice counts once.
        reps: Our people.
        load: What each has got so far, from `routing.loads`; nobody has got anything if not given.
        pools: Their hours, numbers of leads and way to choose; without, every hour counts.
        as_of: The instant of the assignment, aware.

    Raises:
        RecordError: For a naive instant, two reps or pools of one id, or `no-capacity`.
        CallError: `no-reps` for requests without anybody to give them to.
    """
    as_of_us = to_us(as_of, field="as_of")
    world = world_of(reps, pools)
    asked = _distinct(requests)
    if asked and not world.reps:
        raise CallError(
            "no-reps", argument="reps", problem="must hold the people to give requests to"
        )
    batch = _Batch(world, load or FrozenMap(), asked, as_of_us)
    moves: list[Move] = []
    unassigned: list[Unassigned] = []
    for request in asked:
        rep, reason = batch.give(request)
        if rep is None:
            unassigned.append(Unassigned(request=request, reason=reason))
        else:
            seq = _AFTER_DECISIONS + len(moves)
            moves.append(_answer(request, rep, reason, seq=seq, as_of=as_of))
    return Assigned(moves=tuple(moves), unassigned=tuple(unassigned))


def _distinct(requests: Iterable[AssignmentRequest]) -> list[AssignmentRequest]:
    found: dict[str, AssignmentRequest] = {}
    for request in sorted(requests, key=_order):
        found.setdefault(request.id, request)
    return list(found.values())


def _order(one: AssignmentRequest) -> tuple[object, ...]:
    # Where one id came with two contents, the same one counts whatever came first.
    about = (one.pool, one.role, one.prefer, one.exclude, one.person or "", one.account or "")
    return (one.due_us, one.lead_id, one.id, *about)


class _Batch:
    """One run over the requests: what each rep, person and account has got in it."""

    def __init__(
        self,
        world: World,
        load: Mapping[str, Load],
        asked: Iterable[AssignmentRequest],
        as_of_us: int,
    ) -> None:
        self._world, self._as_of_us = world, as_of_us
        self._book = Book.of(world, load)
        self._rosters: dict[tuple[str, str], Roster] = {}
        self._by_person: dict[str, str] = {}
        self._by_account: dict[str, str] = {}
        # The leads of one person are one: whom any of them prefers, all do.
        self._preferred: dict[str, list[str]] = {}
        for request in asked:
            if request.person:
                self._preferred.setdefault(request.person, []).extend(request.prefer)

    def give(self, request: AssignmentRequest) -> tuple[str | None, str]:
        """Return who gets a lead and why, or None and why nobody does."""
        roster = self._roster(request.pool, request.role)
        rep = self._by_person.get(request.person or "")
        if rep is not None and roster.is_here(rep, request):
            return rep, SAME_PERSON
        rep, reason = self._choose(request, roster)
        if rep is None:
            return None, roster.why_nobody(request)
        self._book.give(rep, in_turn=reason == TURN)
        if request.person:
            self._by_person.setdefault(request.person, rep)
        if request.account:
            self._by_account.setdefault(request.account, rep)
        return rep, reason

    def _roster(self, pool: str, role: str) -> Roster:
        key = (pool, role)
        if key not in self._rosters:
            self._rosters[key] = Roster(
                pool, role, world=self._world, book=self._book, as_of_us=self._as_of_us
            )
        return self._rosters[key]

    def _choose(self, request: AssignmentRequest, roster: Roster) -> tuple[str | None, str]:
        # S2-3: who knows the lead goes on; S0-8: one rep takes the leads of an account.
        for rep in (*request.prefer, *self._preferred.get(request.person or "", ())):
            if roster.can_take(rep, request):
                return rep, PREFERRED
        rep_of_account = self._by_account.get(request.account or "")
        if rep_of_account is not None and roster.can_take(rep_of_account, request):
            return rep_of_account, SAME_ACCOUNT
        return roster.next(request), TURN


def _answer(
    request: AssignmentRequest, rep: str, reason: str, *, seq: int, as_of: datetime
) -> Move:
    return Move(
        id=stable_id("move", request.lead_id, MoveKind.REP, rep, request.id),
        lead_id=request.lead_id,
        occurred_at=as_of,
        origin=Origin.PERSON,
        kind=MoveKind.REP,
        seq=seq,
        rep=rep,
        reason=reason,
        answers=request.id,
    )
