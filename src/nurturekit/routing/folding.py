"""What every rep has got so far, folded from the moves of all leads."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import takewhile

import attrs

from nurturekit.errors import CallError
from nurturekit.instants import from_us, to_us
from nurturekit.records import FrozenMap, History, Kind, Lead, Load, Move, Pool, Rep, Situation
from nurturekit.records.reps import local_day
from nurturekit.records.standing import walk
from nurturekit.routing.batch import PREFERRED, SAME_ACCOUNT, SAME_PERSON, world_of
from nurturekit.routing.clock import Clock
from nurturekit.signals.evidence import closing
from nurturekit.vocabulary import Team

_OUT_OF_TURN = (PREFERRED, SAME_PERSON, SAME_ACCOUNT)


def loads(
    histories: Iterable[History] | Mapping[str, History],
    reps: Iterable[Rep] | Mapping[str, Rep],
    *,
    pools: Iterable[Pool] | Mapping[str, Pool] = (),
    kinds: Mapping[str, Kind] | None = None,
    as_of: datetime,
) -> FrozenMap[str, Load]:
    """Return what every rep has got so far, by id; zeros for who has got nothing.

    A rep gets a lead with each move that puts them in force, whoever made it: in the CRM by hand,
    by `assign`, or by an offer that names them (its acceptance is no second one). Leads that follow
    another of the same person count as open, but not as one more of today.

    Args:
        histories: The history of each lead.
        reps: Our people.
        pools: Their hours, for whose zone it is which day.
        kinds: The playbook's kinds of touch, which tell a hand-raise that reopens a closed lead.
        as_of: The instant of the assignment, aware; only what can be seen from it counts.

    Raises:
        RecordError: As `assign`.
        CallError: `bad-type` for a history's records in place of histories.
    """
    as_of_us = to_us(as_of, field="as_of")
    world = world_of(reps, pools)
    given: list[_Given] = []
    held: Counter[str] = Counter()
    for history in histories.values() if isinstance(histories, Mapping) else histories:
        situation = _situation(history, kinds, as_of)
        if situation is not None:
            given.extend(_given(situation))
            held.update(_holder(situation))
    tally = _Tally(clock=Clock(world.reps.values(), {}))
    for one in sorted(given):
        tally.add(one)
    return FrozenMap(
        {
            rep.id: Load(
                last_assigned_at=tally.last_at(rep.id),
                open_leads=held[rep.id],
                today=tally.on_day(rep, world.pools.get(rep.pool or ""), as_of_us),
                turn=tally.clock.tag(rep.id),
            )
            for rep in world.reps.values()
        }
    )


@attrs.frozen(order=True)
class _Given:
    """One lead that somebody got; the order of its fields is the order of time."""

    at_us: int
    seq: int
    lead_id: str
    move_id: str
    rep: str = attrs.field(order=False)
    reason: str | None = attrs.field(order=False)


class _Tally:
    """What has been given so far, in the order of time."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._last: dict[str, int] = {}
        self._instants: dict[str, list[int]] = {}

    def add(self, one: _Given) -> None:
        self._last[one.rep] = one.at_us
        if one.reason != SAME_PERSON:
            self.clock.give(one.rep, in_turn=one.reason not in _OUT_OF_TURN)
            self._instants.setdefault(one.rep, []).append(one.at_us)

    def last_at(self, rep_id: str) -> datetime | None:
        last = self._last.get(rep_id)
        return None if last is None else from_us(last)

    def on_day(self, rep: Rep, pool: Pool | None, as_of_us: int) -> int:
        """Count what a rep has got on the day of an instant, from the newest back."""
        day = local_day(as_of_us, rep, pool)
        newest_first = reversed(self._instants.get(rep.id, ()))
        return sum(1 for _ in takewhile(lambda us: local_day(us, rep, pool) == day, newest_first))


def _situation(
    history: History, kinds: Mapping[str, Kind] | None, as_of: datetime
) -> Situation | None:
    if not isinstance(history, History):
        raise CallError(
            "bad-type", argument="histories", problem="must hold a `History` for each lead"
        )
    if not history.lead_ids:
        return None
    lead_id = min(history.lead_ids)
    # Leads of one person that were merged are one lead.
    return Situation(Lead(id=lead_id, person_id=lead_id), history, as_of=as_of, kinds=kinds)


def _given(situation: Situation) -> Iterator[_Given]:
    """Yield each lead that somebody got: a move that puts another rep in force."""
    rep = None
    for move, standing in walk(situation.opening, situation.visible.moves, _then):
        before, rep = rep, standing.rep
        if move is not None and rep is not None and rep != before:
            yield _Given(move.occurred_us, move.seq, move.lead_id, move.id, rep, move.reason)


def _then(move: Move) -> int:
    # What caused a move says nothing of who is in force.
    return move.occurred_us


def _holder(situation: Situation) -> Iterator[str]:
    """Yield who holds a lead that is open and for sales to work on, or to accept."""
    standing = situation.standing
    is_for_sales = standing.team is not Team.MARKETING or standing.pending is not None
    is_open = closing(situation) is None and not situation.is_erased
    if standing.rep is not None and is_for_sales and is_open:
        yield standing.rep
