"""One lead at one instant: everything that is measured, decided and explained starts here."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, cast

import attrs

from nurturekit.errors import RecordError
from nurturekit.instants import DAY_US, day_of, from_us, to_us
from nurturekit.records.checks import Value
from nurturekit.records.events import Consent, Fact, Move, Opening, Record
from nurturekit.records.frozen import FrozenMap, changed
from nurturekit.records.history import History, fact_order
from nurturekit.records.kinds import UNDESCRIBED, Kind
from nurturekit.records.permissions import (
    Permission,
    grant_at,
    in_force,
    is_erased,
    is_objected,
    suppression,
)
from nurturekit.records.standing import Standing, cause_of, fold
from nurturekit.records.touch import Touch
from nurturekit.records.world import EMPTY_WORLD, Lead, World
from nurturekit.vocabulary import Direction, Origin, Style, Team

_NOTHING: FrozenMap[str, Any] = FrozenMap()


class Situation:
    """One lead at one instant, with what can be seen of its history.

    Args:
        lead: The lead.
        history: Its history, or just the records.
        as_of: The instant of judgement, aware.
        world: Who and what isn't about this lead.
        known_at: Only what was recorded by then counts; `as_of` if not given.
        kinds: What the playbook says of kinds of touch.
        day_offset_us: Where the integer day starts, in microseconds before UTC midnight.

    Raises:
        RecordError: For a naive or impossible instant, something that isn't a record, or records of
            another lead where the lead has no `person_id`.

    >>> from datetime import UTC, datetime
    >>> lead = Lead(id="l1", attributes={"title": "VP Sales"})
    >>> Situation(lead, [], as_of=datetime(2026, 1, 5, tzinfo=UTC)).attribute("title")
    'VP Sales'
    """

    def __init__(  # noqa: PLR0913 - the fields of a value
        self,
        lead: Lead,
        history: History | Iterable[Record] = (),
        *,
        as_of: datetime,
        world: World = EMPTY_WORLD,
        known_at: datetime | None = None,
        kinds: Mapping[str, Kind] | None = None,
        day_offset_us: int = 0,
    ) -> None:
        self.lead = lead
        self.history = history if isinstance(history, History) else History(history)
        others = self.history.lead_ids - {lead.id}
        if others and lead.person_id is None:
            raise RecordError(
                "other-lead",
                field="history",
                problem=f"holds records of `{min(others)}` too: give `{lead.id}` its own alone, or "
                "a `person_id` where several leads of one person were merged",
            )
        self.as_of_us = to_us(as_of, field="as_of")
        self.world = world
        self.kinds: Mapping[str, Kind] = {} if kinds is None else kinds
        self.day_offset_us = day_offset_us
        known_us = self.as_of_us if known_at is None else to_us(known_at, field="known_at")
        self.visible = self.history.visible_us(self.as_of_us, known_us)
        openings = self.visible.openings
        # The earliest if there are several.
        self.opening: Opening | None = openings[0] if openings else None
        self.proposed: tuple[Move, ...] = ()
        self.bound: Mapping[str, Any] = _NOTHING

    # What binding and proposing must compute again; all the rest is shared.
    _OF_MOVES = ("standing",)

    def bind(self, **answers: object) -> "Situation":
        """Return the situation with answers bound: `score`, `stage`, `accountable`, ..."""
        return changed(self, bound=FrozenMap({**self.bound, **answers}))

    def propose(self, moves: Iterable[Move]) -> "Situation":
        """Return the situation as it is once more moves are appended."""
        new = changed(self, proposed=(*self.proposed, *moves))
        for name in self._OF_MOVES:
            new.__dict__.pop(name, None)
        return new

    def later(self, as_of_us: int, touches: Iterable[Touch] = ()) -> "Situation":
        """Return the situation at a later instant, if nothing happens but some touches of ours.

        Args:
            as_of_us: The later instant, in epoch microseconds.
            touches: What happens until then, by time, none of it by the lead.
        """
        made = tuple(touches)
        new = changed(self, as_of_us=as_of_us)
        new.__dict__.pop("peers", None)
        if made:
            seen = attrs.evolve(self.visible, touches=(*self.visible.touches, *made))
            new.__dict__["visible"] = seen
        if made and "sales_touches" in new.__dict__:
            added = filter(self.is_sales_touch, made)
            new.__dict__["sales_touches"] = (*self.sales_touches, *added)
        return new

    def copy(self) -> "Situation":
        """Return an equal one: what is written to it, its history aside, stays there."""
        return self.propose(())

    @property
    def as_of(self) -> datetime:
        """The instant of judgement, in UTC."""
        return from_us(self.as_of_us)

    @property
    def known_at(self) -> datetime:
        """By when a record must have been recorded to count."""
        return from_us(self.visible.known_us)

    @property
    def day(self) -> int:
        """The integer day of the instant of judgement."""
        return day_of(self.as_of_us, self.day_offset_us)

    def days_ago_us(self, count: int) -> int:
        """Return the start of the integer day so many days ago, in epoch microseconds."""
        return (self.day - count) * DAY_US - self.day_offset_us

    def age_days(self, us: int) -> int:
        """Return how many integer days ago an instant was."""
        return self.day - day_of(us, self.day_offset_us)

    @property
    def touches(self) -> tuple[Touch, ...]:
        """Visible touches by time."""
        return self.visible.touches

    @property
    def consents(self) -> tuple[Consent, ...]:
        """Visible consents by time."""
        return self.visible.consents

    @cached_property
    def complete_from_us(self) -> int:
        """From when records are complete: the last opening, or ever since."""
        return self.visible.openings[-1].occurred_us if self.visible.openings else 0

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        """The fact in force per name: the greatest by (occurred, recorded, bytes)."""
        newest: dict[str, Fact] = {}
        for fact in self.visible.facts:
            held = newest.get(fact.name)
            if held is None or _is_newer(fact, held):
                newest[fact.name] = fact
        return newest

    @cached_property
    def attributes(self) -> dict[str, Value]:
        """Every attribute's value, None where it is unknown; facts beat the lead's columns."""
        values = dict(self.lead.attributes.items())
        values.update((name, fact.value) for name, fact in self.facts.items())
        return values

    def attribute(self, name: str) -> Value:
        """Return an attribute's value, None when it is unknown."""
        return self.attributes.get(name)

    @cached_property
    def standing(self) -> Standing:
        """What is in force: recorded and proposed moves, folded."""
        moves = (*self.visible.moves, *self.proposed)
        return fold(self.opening, moves, cause_of(moves, self.touches))

    @cached_property
    def restrictions(self) -> tuple[Consent, ...]:
        """The restrictions in force."""
        return in_force(self.consents, self.visible.openings)

    @cached_property
    def is_erased(self) -> bool:
        """Whether the person asked to be erased."""
        return is_erased(self.restrictions)

    @cached_property
    def is_objected(self) -> bool:
        """Whether the person objects to marketing on every channel."""
        return is_objected(self.restrictions)

    def permission(self, channel: str, purpose: str, *, at_us: int) -> Permission:
        """Say on what legal basis a contact may happen at an instant.

        Args:
            channel: The channel it takes.
            purpose: `marketing` or `sales`.
            at_us: The instant, in epoch microseconds.
        """
        hit = suppression(self.restrictions, channel, purpose)
        if hit is not None:
            return Permission(basis=None, because=f"{hit.kind} ({hit.id})", suppressed=True)
        grant = grant_at(self.consents, channel, purpose, at_us)
        if grant is not None:
            return Permission(basis=grant.basis, because=f"given ({grant.id})")
        assumed = self.world.assume.basis.get(channel)
        if assumed is not None:
            return Permission(basis=assumed, because=f"assumed for {channel}", assumed=True)
        return Permission(basis=None, because=f"no legal basis for {purpose} by {channel}")

    @property
    def zone(self) -> str | None:
        """The recipient's time zone: the lead's, else the assumed one, else unknown."""
        return self.lead.zone or self.world.assume.zone

    @cached_property
    def zones(self) -> tuple[str, ...]:
        """The time zones in which the recipient may be: the lead's own, else the assumed ones."""
        if self.lead.zone is not None:
            return (self.lead.zone,)
        return self.world.assume.zones_in(self.attribute("country"))

    @property
    def person(self) -> str:
        """The person's id, the lead's own where no other is known."""
        return self.lead.person_id or self.lead.id

    @cached_property
    def peers(self) -> tuple["Situation", ...]:
        """The other leads of the account and of the person, at the same instant."""
        return tuple(
            Situation(
                peer.lead,
                peer.history,
                as_of=self.as_of,
                known_at=self.known_at,
                kinds=self.kinds,
                day_offset_us=self.day_offset_us,
            )
            for peer in self.world.peers
            if peer.lead.id != self.lead.id and _is_related(self.lead, peer.lead)
        )

    def kind_of(self, touch: Touch) -> Kind:
        """Return what the playbook says of a touch's kind."""
        return self.kinds.get(touch.kind, UNDESCRIBED)

    def direction_of(self, touch: Touch) -> Direction | None:
        """Return who turned to whom, by the touch itself or by its kind."""
        # A touch holds the member, whatever text it was made with.
        return cast("Direction | None", touch.direction) or self.kind_of(touch).direction

    def is_lead_made(self, touch: Touch) -> bool:
        """Say whether the lead itself did it: inbound, by a human."""
        if touch.origin is not Origin.LEAD or touch.automated:
            return False
        kind = self.kinds.get(touch.kind, UNDESCRIBED)
        return kind.human and (touch.direction or kind.direction) is not Direction.OUTBOUND

    def is_outbound(self, touch: Touch) -> bool:
        """Say whether we turned to the lead."""
        return (touch.direction or self.kind_of(touch).direction) is Direction.OUTBOUND

    def is_sales_touch(self, touch: Touch) -> bool:
        """Say whether a sales rep turned to the lead in person; attempts count."""
        if touch.automated or touch.origin is not Origin.PERSON or not self.is_outbound(touch):
            return False
        style = touch.style or self.kind_of(touch).style
        if style not in (None, Style.ONE_TO_ONE) or (style is None and touch.rep is None):
            return False
        rep = self.world.reps.get(touch.rep or "")
        return rep is None or rep.team is Team.SALES

    @cached_property
    def lead_made(self) -> tuple[Touch, ...]:
        """Touches that the lead made, by time."""
        return tuple(filter(self.is_lead_made, self.touches))

    @cached_property
    def sales_touches(self) -> tuple[Touch, ...]:
        """One-to-one touches by sales reps, by time."""
        return tuple(filter(self.is_sales_touch, self.touches))

    @cached_property
    def conversations(self) -> tuple[Touch, ...]:
        """Touches of which a person recorded what came of them, by time."""
        return tuple(
            touch
            for touch in self.touches
            if touch.outcome is not None and touch.origin is Origin.PERSON
        )

    def within_days(self, us: int, days: int) -> bool:
        """Say whether an instant lies in the last so many integer days, today included."""
        return 0 <= self.age_days(us) < days


def _is_related(one: Lead, other: Lead) -> bool:
    # Two leads without an account aren't of one.
    return (one.account is not None and one.account == other.account) or (
        one.person_id is not None and one.person_id == other.person_id
    )


def _is_newer(fact: Fact, held: Fact) -> bool:
    if fact.occurred_us != held.occurred_us:
        return fact.occurred_us > held.occurred_us
    return fact_order(fact) > fact_order(held)
