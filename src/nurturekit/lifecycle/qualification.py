"""What an MQL and a sales-ready lead are: a named, versioned part of the playbook (S1-1)."""

from bisect import bisect_left
from collections.abc import Iterator

import attrs

from nurturekit.answers import Readiness
from nurturekit.criteria import Criterion
from nurturekit.errors import ModelError
from nurturekit.interpreters.evaluate import evaluate
from nurturekit.records import Situation, Touch
from nurturekit.vocabulary import FunnelPosition

MAX_POINTS = 1_000_000


@attrs.frozen(kw_only=True)
class Qualification:
    """The definition of a qualified lead.

    Args:
        name: Its name; the two teams agree on it.
        version: Its version.
        mql_at: Points from which a lead is an MQL.
        recycle_below: Points below which an MQL is recycled.
        dwell_days: Days before the opposite crossing.
        intent_days: Days for which sales intent counts, today included (S4-7).
        people: People of one account whose engagement counts as sales intent; None is never.
        unfit: When fit is known to be bad; None is never.

    Raises:
        ModelError: For thresholds that can't work.
    """

    name: str = "default"
    version: int = 1
    mql_at: float = 60
    recycle_below: float = 30
    dwell_days: int = 30
    intent_days: int = 30
    people: int | None = None
    unfit: Criterion | None = None
    mql_milli: int = attrs.field(init=False, eq=False, repr=False)
    recycle_milli: int = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        for name in ("mql_at", "recycle_below"):
            _check_points(getattr(self, name), path=f"qualification.{name}")
        if self.recycle_below > self.mql_at:
            raise ModelError(
                "gate-crossed",
                path="qualification.recycle_below",
                problem=f"is {self.recycle_below}, above `mql_at`, which is {self.mql_at}: "
                "a lead would go back and forth",
            )
        for name, least in (("version", 1), ("dwell_days", 0), ("intent_days", 1), ("people", 2)):
            value = getattr(self, name)
            if name == "people" and value is None:
                continue
            if type(value) is not int or value < least:
                raise ModelError(
                    "out-of-range",
                    path=f"qualification.{name}",
                    problem=f"must be a whole number from {least}",
                )
        object.__setattr__(self, "mql_milli", round(self.mql_at * 1000))
        object.__setattr__(self, "recycle_milli", round(self.recycle_below * 1000))

    def measure(self, situation: Situation) -> Readiness:
        """Return the evidence for sales in a situation, spent or not."""
        opened = situation.opening.occurred_us if situation.opening else -1
        recent = self._recent(situation, opened)
        kinds = [(touch, situation.kind_of(touch)) for touch in recent]
        raised = tuple(touch for touch, kind in kinds if kind.intent)
        weaker = tuple(
            touch
            for touch, kind in kinds
            if kind.position is FunnelPosition.DECISION and not kind.intent
        )
        peers = self._engaged_peers(situation, recent)
        is_unfit = None if self.unfit is None else evaluate(self.unfit, situation)
        evidence = tuple(recent_engagement(situation, recent)) if peers else raised
        # S1-10: fit known to be bad keeps a lead from sales; unknown fit doesn't.
        held = () if is_unfit is True else evidence
        return Readiness(
            is_sales_ready=bool(held),
            evidence=held,
            hand_raises=raised,
            peers=peers,
            is_unfit=is_unfit,
            weaker=weaker,
        )

    def _recent(self, situation: Situation, opened: int) -> list[Touch]:
        since = max(opened + 1, situation.days_ago_us(self.intent_days - 1))
        made = situation.lead_made
        return list(made[bisect_left(made, since, key=_occurred_us) :])

    def _engaged_peers(self, situation: Situation, recent: list[Touch]) -> tuple[str, ...]:
        # S0-8: several people of one organisation engaging; the lead's own touch is needed.
        own = any(recent_engagement(situation, recent))
        if self.people is None or not own:
            return ()
        people = {peer.person for peer in situation.peers if self._takes_part(peer)}
        people.discard(situation.person)
        return tuple(sorted(people)) if len(people) + 1 >= self.people else ()

    def _takes_part(self, peer: Situation) -> bool:
        return not peer.is_erased and any(recent_engagement(peer, self._recent(peer, -1)))


def recent_engagement(situation: Situation, recent: list[Touch]) -> Iterator[Touch]:
    """Yield the touches that count as taking part; kinds the playbook doesn't describe don't."""
    for touch in recent:
        kind = situation.kinds.get(touch.kind)
        if kind is not None and (kind.engagement or kind.intent):
            yield touch


def _occurred_us(touch: Touch) -> int:
    return touch.occurred_us


def _check_points(value: object, *, path: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ModelError("not-a-number", path=path, problem="must be a number of points")
    if not abs(value) <= MAX_POINTS:
        raise ModelError("out-of-range", path=path, problem=f"must lie within {MAX_POINTS:,}")
