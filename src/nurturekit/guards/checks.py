"""Check planned actions: each is allowed at the first instant that every guard permits, or refused.

Rules, in this order for each action, those that yield last coming first:

1. Suppression refuses at once, whatever else holds; so do too many complaints about the channel.
2. Hours, caps and the gap defer the action to the first instant that suits them all; a cap may
   drop it instead, or bring it forward. An instant suits a cap only if no window, past or planned,
   then holds too many.
3. The legal basis must hold at that instant, not only now.
"""

from collections.abc import Iterable
from copy import copy
from typing import NamedTuple

from nurturekit.answers import Action, Blocked
from nurturekit.guards import refusals
from nurturekit.guards.breaker import stopped
from nurturekit.guards.caps import Cap, Limits
from nurturekit.guards.clocks import Clocks, clocks_of, farthest_us
from nurturekit.guards.pressure import Pressure, tags_of
from nurturekit.guards.profile import GuardProfile
from nurturekit.guards.room import settled
from nurturekit.instants import DAY_US
from nurturekit.records import Permission, Situation
from nurturekit.records.frozen import changed


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
        new = copy(self)
        new._situation = self._situation.later(us)  # noqa: SLF001 - its own
        for limit in self._profile.limits:
            # Counted once for all the waves to come.
            self._pressure.times(limit)
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
    clocks = clocks_of(profile, situation, action)
    at_us = (
        clocks
        if isinstance(clocks, Blocked)
        else _first(start_us, profile, situation, pressure, action, clocks)
    )
    basis_us = start_us if isinstance(at_us, Blocked) else at_us
    permission = situation.permission(action.channel, action.purpose, at_us=basis_us)
    if permission.suppressed:
        return refusals.suppressed(action, permission)
    complaints = stopped(profile, situation, action)
    if complaints is not None:
        return complaints
    for line in assumed_zone(profile, situation, action):
        assumptions[line] = None
    if isinstance(at_us, Blocked):
        return at_us
    if permission.basis is None:
        return refusals.no_basis(action, permission, at_us)
    for line in assumed_basis(action, permission):
        assumptions[line] = None
    return changed(action, earliest_us=at_us, basis=permission.basis)


def assumed_zone(profile: GuardProfile, situation: Situation, action: Action) -> tuple[str, ...]:
    """Return the line that says in which declared zones an action's time is read, if any."""
    if situation.lead.zone is not None or not situation.zones:
        return ()
    has_hours = action.hours is not None or action.channel in profile.hours
    if not has_hours and all(one.calendar_days is None for one in limits_of(profile, action).all):
        return ()
    several = "s" if len(situation.zones) > 1 else ""
    return (f"time zone{several} assumed: {', '.join(situation.zones)}",)


def assumed_basis(action: Action, permission: Permission) -> tuple[str, ...]:
    """Return the line that says on which declared basis an action rests, if any."""
    if permission.assumed:
        return (f"legal basis for {action.channel} assumed: {permission.basis}",)
    return ()


def limits_of(profile: GuardProfile, action: Action) -> Limits:
    """Return the caps that an action must fit into."""
    return profile.limits_for(action.channel, action.team, action.style, tags_of(action))


def _first(
    start_us: int,
    profile: GuardProfile,
    situation: Situation,
    pressure: Pressure,
    action: Action,
    clocks: Clocks,
) -> int | Blocked:
    limits = limits_of(profile, action)
    # A cap that drops does so when the action falls due, and again where it comes to lie: so a
    # further restriction, which only defers, brings no dropped action back.
    full = _full(pressure, limits.dropping, start_us)
    if full is not None:
        return refusals.full(action, full, pressure.free_from(full, start_us))
    open_steps = clocks.forward(farthest_us(profile, start_us))
    steps = [*open_steps, *pressure.forward(limits.deferring)]
    at_us = settled(start_us, [*steps, *pressure.forward(limits.advancing)])
    if limits.advancing and at_us != settled(start_us, steps):
        earlier_us = _earlier(situation, pressure, action, clocks, limits)
        at_us = at_us if earlier_us is None else earlier_us
    horizon_us = start_us + profile.horizon_days * DAY_US
    if at_us is None or at_us > horizon_us:
        opened = settled(start_us, open_steps)
        if opened is None or opened > horizon_us:
            return refusals.never_open(action, profile.horizon_days, at_us)
        return refusals.capped(action, profile.horizon_days, at_us)
    full = _full(pressure, limits.dropping, at_us)
    if full is not None:
        return refusals.full(action, full, pressure.free_from(full, at_us))
    return at_us


def _earlier(
    situation: Situation, pressure: Pressure, action: Action, clocks: Clocks, limits: Limits
) -> int | None:
    """Return the last instant before an action falls due that suits every guard, if there is one.

    It lies neither in the past nor before the action's content is out.
    """
    content = situation.world.content.get(action.content or "")
    since_us = max(situation.as_of_us, content.published_us if content is not None else 0)
    steps = [*clocks.backward(since_us), *pressure.backward(limits.all)]
    found = settled(action.earliest_us, steps)
    return None if found is None or found < since_us else found


def _full(pressure: Pressure, limits: tuple[Cap, ...], us: int) -> Cap | None:
    for limit in limits:
        if pressure.free_from(limit, us) != us:
            return limit
    return None
