"""Bring leads under a new policy, so many a day."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from nurturekit.identity import stable_id
from nurturekit.instants import to_us
from nurturekit.records import Move
from nurturekit.vocabulary import MoveKind, Origin


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
