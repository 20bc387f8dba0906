"""Whom a lead stays with, and by when somebody must answer."""

from collections.abc import Callable, Iterator, Mapping

from nurturekit.errors import CallError
from nurturekit.instants import HOUR_US
from nurturekit.ownership.terms import Terms
from nurturekit.records import FrozenMap, Situation
from nurturekit.records.reps import local_day
from nurturekit.vocabulary import Origin, Team


def _first_contact(situation: Situation) -> Iterator[str]:
    # S2-3: every further contact comes from the rep who first contacted the lead, unless a person
    # has explicitly given the lead to somebody else. An answer to a request isn't a reassignment.
    for move in reversed(situation.standing.rep_moves):
        if move.origin is Origin.PERSON and move.answers is None and move.rep is not None:
            yield move.rep
            return
    for touch in situation.sales_touches:
        if touch.rep is not None:
            yield touch.rep
            return
    if situation.standing.rep is not None:
        yield situation.standing.rep


def _account_owner(situation: Situation) -> Iterator[str]:
    owner = situation.attribute("account_owner")
    if isinstance(owner, str) and owner:
        yield owner


# The word `pool` isn't here: it ends the search.
_ORDER: Mapping[str, Callable[[Situation], Iterator[str]]] = FrozenMap(
    {"first_contact": _first_contact, "account_owner": _account_owner}
)


def is_available(situation: Situation, rep_id: str) -> bool:
    """Say whether a sales rep can take a lead now; one whom the world doesn't know can."""
    rep = situation.world.reps.get(rep_id)
    if rep is None:
        return True
    pool = situation.world.pools.get(rep.pool or "")
    return rep.team is Team.SALES and rep.is_available(local_day(situation.as_of_us, rep, pool))


def rep_in_force(situation: Situation) -> str | None:
    """Return the sales rep in force who is still here; one whom the world doesn't know is."""
    name = situation.standing.rep
    rep = situation.world.reps.get(name or "")
    return name if rep is None or (rep.active and rep.team is Team.SALES) else None


def continuity_rep(situation: Situation, terms: Terms) -> str | None:
    """Return the rep whom the lead knows and who can go on, or None: then the pool decides."""
    for word in terms.continuity:
        if word == "pool":
            return None
        for rep in _ORDER[word](situation):
            if is_available(situation, rep):
                return rep
    return None


def due_us(situation: Situation, terms: Terms, *, from_instant_us: int, hours: int) -> int:
    """Return when so many working hours of the pool have passed; every hour counts without one."""
    pool = situation.world.pools.get(terms.pool)
    if pool is None or pool.hours is None:
        return from_instant_us + hours * HOUR_US
    try:
        return pool.hours.add_us(from_instant_us, hours * HOUR_US)
    except CallError as error:
        problem = f"has the pool `{pool.id}`, whose hours don't come to {hours} before 2200"
        raise CallError("out-of-range", argument="world", problem=problem) from error
