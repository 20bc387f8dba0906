"""Our people: reps with what they can take, the pools they are in, and what they have got so far.

CLOSED. To add one: a frozen value here, and a field of `World` where it stands on its own.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import attrs

from nurturekit.calendars import BusinessHours, local_date, zone_named
from nurturekit.errors import RecordError, did_you_mean
from nurturekit.instants import to_us
from nurturekit.records.checks import check_id, check_word
from nurturekit.records.shares import (
    pool_max_open,
    pool_per_day,
    rep_max_open,
    rep_per_day,
    weight_of,
    whole_leads,
)
from nurturekit.records.words import TEAMS
from nurturekit.vocabulary import Team

ROTATION, LEAST_LOADED = "rotation", "least_loaded"
METHODS = (ROTATION, LEAST_LOADED)
CAPACITIES = ("per_day", "max_open")


def _team(word: object) -> Team:
    return check_word(word, TEAMS, field="team")


def _roles(value: Iterable[str] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def _check_whole(value: object, *, field: str) -> None:
    if type(value) is not int or value < 0:
        raise RecordError("not-a-number", field=field, problem="must be a whole number from 0")


def _check_is(value: object, kind: type, *, field: str, optional: bool = True) -> None:
    if (value is None and optional) or isinstance(value, kind):
        return
    raise RecordError("wrong-type", field=field, problem=f"must be {kind.__name__}")


def _check_bool(value: object, *, field: str) -> None:
    if type(value) is not bool:
        raise RecordError("not-a-bool", field=field, problem="must be true or false")


def _check_names(names: Mapping[str, object]) -> None:
    for field, name in names.items():
        if name is not None:
            check_id(name, field=field)


@attrs.frozen(kw_only=True)
class Absence:
    """Days on which a rep is away.

    Args:
        start: First day away.
        end: First day back.

    Raises:
        RecordError: `bad-absence` when it ends before it starts, `not-a-date`.
    """

    start: date
    end: date

    def __attrs_post_init__(self) -> None:
        for name in ("start", "end"):
            if type(getattr(self, name)) is not date:
                raise RecordError("not-a-date", field=f"Absence.{name}", problem="must be a date")
        if self.end <= self.start:
            raise RecordError(
                "bad-absence",
                field="Absence.end",
                problem="must lie after its start: it is the first day back",
            )


def _absences(value: Iterable[Absence]) -> tuple[Absence, ...]:
    return tuple(value)


@attrs.frozen(kw_only=True)
class Rep:
    """One of our people.

    Args:
        team: Whose person it is; sales if not said.
        roles: What they do: `sdr`, `ae`, ...
        pool: The pool they are in; None takes leads of every pool.
        zone: Their time zone.
        active: False for somebody who has left.
        absences: Days away.
        weight: Their share of a pool's leads: 2 gets twice what 1 gets. Three decimals at most.
        per_day: How many leads a day they can be given, None as many as come; rounded half up.
        max_open: How many open leads they can hold, None as many as come; rounded half up.
        hours: Their working hours, where they aren't their pool's.

    Raises:
        RecordError: Naming the field; `no-capacity` for a number of leads that rounds to 0.
    """

    id: str
    team: Team = attrs.field(default=Team.SALES, converter=_team)
    roles: tuple[str, ...] = attrs.field(default=(), converter=_roles)
    pool: str | None = None
    zone: str | None = None
    active: bool = True
    absences: tuple[Absence, ...] = attrs.field(default=(), converter=_absences)
    weight: Decimal = attrs.field(default=Decimal(1), converter=weight_of)
    per_day: Decimal | None = attrs.field(default=None, converter=rep_per_day)
    max_open: Decimal | None = attrs.field(default=None, converter=rep_max_open)
    hours: BusinessHours | None = None

    def __attrs_post_init__(self) -> None:
        _check_names({"Rep.id": self.id, "Rep.pool": self.pool})
        for role in self.roles:
            check_id(role, field="Rep.roles")
        if self.zone is not None:
            zone_named(self.zone, field="Rep.zone")
        _check_bool(self.active, field="Rep.active")
        for away in self.absences:
            _check_is(away, Absence, field="Rep.absences", optional=False)
        _check_is(self.hours, BusinessHours, field="Rep.hours")
        for name in CAPACITIES:
            own = getattr(self, name)
            if own is not None and whole_leads(own) == 0:
                raise RecordError(
                    "no-capacity",
                    field=f"Rep.{name}",
                    problem=f"comes to no lead for `{self.id}`: "
                    "give a larger number, or `active=False`",
                )

    def is_available(self, day: date) -> bool:
        """Say whether the rep is active and not away on a day."""
        return self.active and not any(away.start <= day < away.end for away in self.absences)


@attrs.frozen(kw_only=True)
class Pool:
    """Reps who share one stream of leads, and the hours in which they answer.

    Args:
        hours: Business hours; every hour counts where there are none.
        manager: The id of whom a final lapse is told to.
        per_day: How many leads a day a rep of weight 1 can be given; a rep without a number of
            their own gets this times their weight, rounded half up.
        max_open: How many open leads a rep of weight 1 can hold, alike.
        method: `rotation` (whose turn it is, by weight) or `least_loaded` (who holds least).

    Raises:
        RecordError: Naming the field.
    """

    id: str
    team: Team = attrs.field(default=Team.SALES, converter=_team)
    hours: BusinessHours | None = None
    manager: str | None = None
    per_day: Decimal | None = attrs.field(default=None, converter=pool_per_day)
    max_open: Decimal | None = attrs.field(default=None, converter=pool_max_open)
    method: str = ROTATION

    def __attrs_post_init__(self) -> None:
        _check_names({"Pool.id": self.id, "Pool.manager": self.manager})
        _check_is(self.hours, BusinessHours, field="Pool.hours")
        if self.method not in METHODS:
            raise RecordError(
                "unknown-word",
                field="Pool.method",
                problem=f"must be one of {', '.join(METHODS)}"
                f"{did_you_mean(str(self.method), METHODS)}",
            )


def capacity(rep: Rep, pool: Pool | None, name: str) -> int | None:
    """Return how many leads a rep can take, or None for as many as come.

    Args:
        rep: Their own number wins.
        pool: Its number times the rep's weight is the other one.
        name: `per_day` or `max_open`.
    """
    own: Decimal | None = getattr(rep, name)
    if own is not None:
        return whole_leads(own)
    shared: Decimal | None = None if pool is None else getattr(pool, name)
    return None if shared is None else whole_leads(shared * rep.weight)


def check_capacity(rep: Rep, pool: Pool) -> None:
    """Refuse a pool's number of leads that comes to nothing for one of its reps.

    Raises:
        RecordError: `no-capacity`, naming both.
    """
    for name in CAPACITIES:
        if capacity(rep, pool, name) == 0:
            raise RecordError(
                "no-capacity",
                field=f"Pool.{name}",
                problem=f"of `{pool.id}`, times the weight {rep.weight} of `{rep.id}`, comes to "
                f"no lead: give the rep a `{name}`, or a larger weight",
            )


def check_capacities(reps: Iterable[Rep], pools: Mapping[str, Pool]) -> None:
    """Refuse numbers of leads that come to nothing for somebody who may take leads.

    Raises:
        RecordError: `no-capacity`.
    """
    limited = {
        pool.id: pool
        for pool in pools.values()
        if pool.per_day is not None or pool.max_open is not None
    }
    if not limited:
        return
    for rep in reps:
        if rep.active and rep.team is Team.SALES:
            for pool_id in limited if rep.pool is None else {rep.pool} & limited.keys():
                check_capacity(rep, limited[pool_id])


@attrs.frozen(kw_only=True)
class Load:
    """What a rep has got so far, folded from moves: `nurturekit.routing.loads` does it.

    Args:
        last_assigned_at: When the rep last got a lead, by anybody's hand.
        open_leads: How many open leads the rep has.
        today: How many leads the rep has got on the day of the assignment.
        turn: Where the rep stands in the rotation, as `loads` counts it; weights need it, and
            without it whoever got a lead longest ago is next.

    Raises:
        RecordError: Naming the field.
    """

    last_assigned_at: datetime | None = None
    open_leads: int = 0
    today: int = 0
    turn: int | None = None
    last_us: int = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        for name in ("open_leads", "today"):
            _check_whole(getattr(self, name), field=f"Load.{name}")
        if self.turn is not None:
            _check_whole(self.turn, field="Load.turn")
        last = self.last_assigned_at
        last_us = -1 if last is None else to_us(last, field="Load.last_assigned_at")
        object.__setattr__(self, "last_us", last_us)
        if last is not None:
            object.__setattr__(self, "last_assigned_at", last.astimezone(UTC))


def hours_of(rep: Rep, pool: Pool | None) -> BusinessHours | None:
    """Return when a rep works: by their own hours, else by the pool's."""
    return rep.hours or (None if pool is None else pool.hours)


def local_day(us: int, rep: Rep, pool: Pool | None) -> date:
    """Return which day an instant is for a rep: by their zone, else their hours', else UTC."""
    hours = hours_of(rep, pool)
    zone = rep.zone or (hours.zone if hours is not None else "UTC")
    return local_date(us, zone_named(zone, field="Rep.zone"))
