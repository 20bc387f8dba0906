"""Check planned actions: each is allowed at the first instant that every guard permits, or refused.

Rules, in this order for each action, those that yield last coming first:

1. Suppression refuses at once, whatever else holds.
2. Hours, caps and the gap defer the action to the first instant that suits them all; a cap may
   drop it instead. An instant suits a cap only if no window, past or planned, then holds too many.
3. The legal basis must hold at that instant, not only now.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

import attrs

from nurturekit.answers import Action, Blocked
from nurturekit.calendars import zone_named
from nurturekit.guards import refusals
from nurturekit.guards.pressure import Pressure
from nurturekit.guards.profile import Cap, GuardProfile
from nurturekit.instants import DAY_US
from nurturekit.records import Permission, Situation

# How much further than the horizon to look for hours, to say when they would open.
_YEAR_DAYS = 366

# From an instant to the first one from there on that is within hours, if there is one.
Opens = Callable[[int], int | None]


class Checked(NamedTuple):
    """What the guards say of planned actions.

    Args:
        allowed: Those that may happen, those that yield last first: not before their
            `earliest_us`, on their `basis`.
        blocked: Those that may not, each whole in its refusal.
        assumptions: What the host declared and the answer rests on.
    """

    allowed: tuple[Action, ...]
    blocked: tuple[Blocked, ...]
    assumptions: tuple[str, ...]


def check(profile: GuardProfile, situation: Situation, actions: Iterable[Action]) -> Checked:
    """Let every guard see the planned actions of one lead.

    Args:
        profile: Hours, caps and gap.
        situation: The lead at the instant of judgement.
        actions: The planned actions, in any order; their ids differ.
    """
    return Admission(profile, situation).check(actions)


class Admission:
    """The guards of one lead, asked wave after wave: what was accepted counts in the next one.

    Args:
        profile: Hours, caps and gap.
        situation: The lead at the instant of judgement.
    """

    def __init__(self, profile: GuardProfile, situation: Situation) -> None:
        self._profile, self._situation = profile, situation
        self._pressure = Pressure(profile, situation)

    def at(self, us: int) -> "Admission":
        """Return the same guards at a later instant, if the lead does nothing until then."""
        new = Admission.__new__(Admission)
        new._profile, new._pressure = self._profile, self._pressure  # noqa: SLF001 - its own
        new._situation = self._situation.later(us)  # noqa: SLF001 - its own
        return new

    def accept(self, action: Action, us: int) -> None:
        """Count an action that is done at an instant, for good."""
        self._pressure.accept(action, us)

    def check(self, actions: Iterable[Action]) -> Checked:
        """Let every guard see planned actions; nothing is counted by that.

        Args:
            actions: The planned actions, in any order; their ids differ.
        """
        pressure = self._pressure.copy()
        allowed: list[Action] = []
        blocked: list[Blocked] = []
        # A mapping for its order: each assumption once, as it is first made.
        assumptions: dict[str, None] = {}
        for action in sorted(actions, key=yielding):
            answer = _checked(self._profile, self._situation, pressure, action, assumptions)
            if isinstance(answer, Blocked):
                blocked.append(answer)
            else:
                pressure.accept(answer, answer.earliest_us)
                allowed.append(answer)
        return Checked(tuple(allowed), tuple(blocked), tuple(assumptions))


def yielding(action: Action) -> tuple[int, int, int, str]:
    """Return the key by which actions yield to each other: the smallest yields last."""
    return action.priority, -action.rank, action.earliest_us, action.id


def _checked(
    profile: GuardProfile,
    situation: Situation,
    pressure: Pressure,
    action: Action,
    assumptions: dict[str, None],
) -> Action | Blocked:
    start_us = max(action.earliest_us, situation.as_of_us)
    opens = hours_of(profile, situation, action)
    at_us = (
        opens if isinstance(opens, Blocked) else _first(start_us, profile, pressure, action, opens)
    )
    basis_us = start_us if isinstance(at_us, Blocked) else at_us
    permission = situation.permission(action.channel, action.purpose, at_us=basis_us)
    if permission.suppressed:
        return refusals.suppressed(action, permission)
    for line in assumed_zone(profile, situation, action):
        assumptions[line] = None
    if isinstance(at_us, Blocked):
        return at_us
    if permission.basis is None:
        return refusals.no_basis(action, permission, at_us)
    for line in assumed_basis(action, permission):
        assumptions[line] = None
    return attrs.evolve(action, earliest_us=at_us, basis=permission.basis)


def hours_of(profile: GuardProfile, situation: Situation, action: Action) -> Opens | Blocked:
    """Return what gives the next open instant of an action's channel.

    Args:
        profile: The hours.
        situation: The lead, with or without a time zone.
        action: The action.
    """
    hours = profile.hours.get(action.channel)
    if hours is None:
        return _always
    # 47 CFR 64.1200(c)(1): no telephone solicitation before 8 a.m. or after 9 p.m. "local time at
    # the called party's location"; without a zone nobody can know that it isn't.
    if situation.zone is None:
        return refusals.no_zone(action)
    zone = zone_named(situation.zone, field="zone")
    return partial(hours.next_open, zone=zone, limit_days=profile.horizon_days + _YEAR_DAYS)


def _always(us: int) -> int:
    return us


def assumed_zone(profile: GuardProfile, situation: Situation, action: Action) -> tuple[str, ...]:
    """Return the line that says in which declared zone an action's hours are read, if any."""
    if situation.lead.zone is None and situation.zone and action.channel in profile.hours:
        return (f"time zone assumed: {situation.zone}",)
    return ()


def assumed_basis(action: Action, permission: Permission) -> tuple[str, ...]:
    """Return the line that says on which declared basis an action rests, if any."""
    if permission.assumed:
        return (f"legal basis for {action.channel} assumed: {permission.basis}",)
    return ()


def _first(
    start_us: int, profile: GuardProfile, pressure: Pressure, action: Action, opens: Opens
) -> int | Blocked:
    limits = profile.limits_for(action.channel, action.team, action.style)
    # A cap that drops does so when the action falls due, and again where it comes to lie: so a
    # further restriction, which only defers, brings no dropped action back.
    full = _full(pressure, limits.dropping, start_us)
    if full is not None:
        return refusals.full(action, full, pressure.free_from(full, start_us))
    at_us = _suiting(pressure, limits.deferring, opens, start_us)
    if at_us is None or at_us > start_us + profile.horizon_days * DAY_US:
        return _too_late(start_us, at_us, profile, action, opens)
    full = _full(pressure, limits.dropping, at_us)
    if full is not None:
        return refusals.full(action, full, pressure.free_from(full, at_us))
    return at_us


def _full(pressure: Pressure, limits: tuple[Cap, ...], us: int) -> Cap | None:
    for limit in limits:
        if pressure.free_from(limit, us) != us:
            return limit
    return None


def _suiting(pressure: Pressure, limits: tuple[Cap, ...], opens: Opens, us: int) -> int | None:
    # Each guard gives the first instant that suits it, no guard goes back in time, and past the
    # last contact only hours are left: what no guard moves any more is the first that suits all.
    while True:
        opened = opens(us)
        if opened is None:
            return None
        at_us = opened
        for limit in limits:
            at_us = pressure.free_from(limit, at_us)
        if at_us == us:
            return us
        us = at_us


def _too_late(
    start_us: int, at_us: int | None, profile: GuardProfile, action: Action, opens: Opens
) -> Blocked:
    opened = opens(start_us)
    if opened is None or opened > start_us + profile.horizon_days * DAY_US:
        return refusals.never_open(action, profile.horizon_days, at_us)
    return refusals.capped(action, profile.horizon_days, at_us)
