"""Whose turn it is: least recently assigned, by weight, on one clock for every way to get a lead.

Rules:

- A rep has a tag; who has the smallest is next. Each lead moves the rep's tag one stride past the
  clock, and a stride is the longer the smaller the weight: 2 : 1 : 0.5 gives 4 : 2 : 1 leads of 7.
- The clock is the greatest tag served in turn, one tick on with every lead. So a tag is never more
  than a stride ahead, and who was away, full or new has one lead to catch up on, never a backlog.
- With equal weights the tags are in the order of the last leads: exactly least recently assigned,
  leads given by hand included.
- A lead that came for another reason than turn (a preferred rep, the same person or account) moves
  the rep's tag but not the clock: it takes nothing from the others' weights.

Source: start-time fair queueing (Goyal, Vin and Cheng, IEEE/ACM Transactions on Networking 5(5),
1997) with a lead as the packet of unit length, and the tick to break ties of equal weights by time.
"""

from collections.abc import Iterable, Mapping

from nurturekit.records import Load, Rep
from nurturekit.vocabulary import Team

# The stride of weight 0.001; of weight 1 it is a thousandth of it.
_LONGEST_STRIDE = 10**12
_NOTHING = Load()

# The tag, the last lead where there are no tags, the id: the smallest is next.
Turn = tuple[int, int, str]


def stride(rep: Rep) -> int:
    """Return how far one lead moves a rep's tag."""
    return _LONGEST_STRIDE // int(rep.weight * 1000)


class Clock:
    """The tags of reps, and per pool how far the clock has come; changed by `give` only.

    Args:
        reps: The reps; those of sales take turns.
        load: What each has got so far.
    """

    def __init__(self, reps: Iterable[Rep], load: Mapping[str, Load]) -> None:
        rotating = [rep for rep in reps if rep.team is Team.SALES]
        # A rep without a pool takes turns in every one, which makes one clock of them all.
        is_shared = any(rep.active and rep.pool is None for rep in rotating)
        self._pools = {rep.id: None if is_shared else rep.pool for rep in rotating}
        self._strides = {rep.id: stride(rep) for rep in rotating}
        held = {rep.id: load.get(rep.id) or _NOTHING for rep in rotating}
        # Turns say nothing beside a lead that has none: then the last leads decide alone.
        untold = {
            self._pools[rep_id]
            for rep_id, one in held.items()
            if one.turn is None and one.last_us >= 0
        }
        self._tags = {
            rep_id: 0 if self._pools[rep_id] in untold else one.turn or 0
            for rep_id, one in held.items()
        }
        # Tags tell the order of all later leads.
        self._last = {
            rep_id: one.last_us if self._pools[rep_id] in untold else 0
            for rep_id, one in held.items()
        }
        self._now = dict.fromkeys(self._pools.values(), 0)
        for rep_id, pool in self._pools.items():
            self._now[pool] = max(self._now[pool], self._tags[rep_id] - self._strides[rep_id])

    def turn(self, rep_id: str) -> Turn:
        """Return a rep's place in the rotation: the smallest is next."""
        return self._tags[rep_id], self._last[rep_id], rep_id

    def tag(self, rep_id: str) -> int | None:
        """Return a rep's tag, None for one who takes no turns."""
        return self._tags.get(rep_id)

    def give(self, rep_id: str, *, in_turn: bool = True) -> None:
        """Note that a rep got a lead; of one who takes no turns nothing is noted.

        Args:
            rep_id: Who got it.
            in_turn: Whether it was the rep's turn, or nothing else is known.
        """
        if rep_id not in self._tags:
            return
        pool = self._pools[rep_id]
        now = max(self._now[pool], self._tags[rep_id]) if in_turn else self._now[pool]
        self._now[pool] = now + 1
        self._tags[rep_id] = now + 1 + self._strides[rep_id]
