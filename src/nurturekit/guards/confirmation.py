"""Confirm one action just before it is sent: every guard again, at this instant.

The table `GUARDS` says which guards see it, in order; the first that refuses is the answer, and all
that do say what has changed. The table `NOTED` says what else may have.
"""

from collections.abc import Callable

import attrs

from nurturekit.answers import Action, Blocked, performed_id
from nurturekit.guards import refusals
from nurturekit.guards.breaker import stopped
from nurturekit.guards.checks import assumed_basis, assumed_zone, limits_of
from nurturekit.guards.clocks import clocks_of, farthest_us
from nurturekit.guards.pressure import Pressure
from nurturekit.guards.profile import GuardProfile
from nurturekit.instants import format_us
from nurturekit.records import Permission, Situation, Touch
from nurturekit.signals.evidence import closing


@attrs.frozen(kw_only=True)
class Change:
    """One thing that isn't as it was when an action was planned.

    Args:
        code: Stable: of a guard that refuses `suppressed`, `done`, `closed`, `run`, `content`,
            `rep`, `complaints`, `hours`, `room`, `basis`; of what is allowed all the same `basis`
            (another one), `due` (later than the latest instant) and `zone` (the time is read in a
            zone that the host declares; an action doesn't say in which it was planned).
        because: What has changed, in words.
    """

    code: str
    because: str


@attrs.frozen(kw_only=True)
class Confirmation:
    """Whether an action may be sent now, and what has changed since it was planned.

    Args:
        allowed: Whether it may.
        action: The action with its legal basis as of now, or None.
        blocked: The refusal, or None.
        because: What has changed, or why not.
        changes: All that has changed, what refuses first coming first.
        assumptions: What the host declared and the permission rests on.
    """

    allowed: bool
    action: Action | None = None
    blocked: Blocked | None = None
    because: str = ""
    changes: tuple[Change, ...] = ()
    assumptions: tuple[str, ...] = ()


@attrs.frozen
class _Asked:
    """One action at the instant at which it would be sent."""

    profile: GuardProfile
    situation: Situation
    action: Action
    permission: Permission


def confirm(profile: GuardProfile, situation: Situation, action: Action) -> Confirmation:
    """Check one action again at the instant at which it would be sent.

    Args:
        profile: Hours, caps and gap.
        situation: The lead at that instant, with all that has been recorded since.
        action: An action as `check` allowed it.
    """
    permission = situation.permission(action.channel, action.purpose, at_us=situation.as_of_us)
    asked = _Asked(profile, situation, action, permission)
    refused = [(code, found) for code, guard in GUARDS if (found := guard(asked)) is not None]
    changes = (
        *(Change(code=code, because=found.reason) for code, found in refused if code != _EARLY),
        *(Change(code=code, because=line) for code, note in NOTED for line in note(asked)),
    )
    if refused:
        _, blocked = refused[0]
        return Confirmation(allowed=False, blocked=blocked, because=blocked.reason, changes=changes)
    return Confirmation(
        allowed=True,
        action=attrs.evolve(action, basis=permission.basis),
        because="; ".join(one.because for one in changes) or "nothing has changed",
        changes=changes,
        assumptions=(
            *assumed_zone(profile, situation, action),
            *assumed_basis(action, permission),
        ),
    )


def _other_basis(asked: _Asked) -> tuple[str, ...]:
    planned, now = asked.action.basis, asked.permission.basis
    if now is None or now == planned:
        return ()
    return (f"legal basis now: {now}, planned on: {planned or 'none'}",)


def _overdue(asked: _Asked) -> tuple[str, ...]:
    latest_us = asked.action.latest_us
    if latest_us is None or asked.situation.as_of_us <= latest_us:
        return ()
    return (f"was due by {format_us(latest_us)}",)


def _assumed_zone(asked: _Asked) -> tuple[str, ...]:
    return assumed_zone(asked.profile, asked.situation, asked.action)


# What doesn't refuse and should be known.
NOTED: tuple[tuple[str, Callable[[_Asked], tuple[str, ...]]], ...] = (
    ("basis", _other_basis),
    ("due", _overdue),
    ("zone", _assumed_zone),
)


def _suppressed(asked: _Asked) -> Blocked | None:
    if asked.permission.suppressed:
        return refusals.suppressed(asked.action, asked.permission)
    return None


def _done(asked: _Asked) -> Blocked | None:
    for touch in asked.situation.touches:
        if _is_done_by(asked.action, touch):
            return refusals.already_done(asked.action, touch.id)
    return None


def _is_done_by(action: Action, touch: Touch) -> bool:
    if touch.id in (action.id, performed_id(action.id)):
        return True
    step = (action.sequence, action.run, action.step)
    return None not in step and step == (touch.sequence, touch.run, touch.step)


def _closed(asked: _Asked) -> Blocked | None:
    if asked.situation.is_objected or asked.situation.is_erased:
        return refusals.closed(asked.action, "the person asked to be left alone")
    closed = closing(asked.situation)
    if closed is not None:
        return refusals.closed(asked.action, f"the lead is closed: {closed.reason}")
    return None


def _left(asked: _Asked) -> Blocked | None:
    action = asked.action
    run = asked.situation.standing.runs.get((action.sequence or "", action.run or ""))
    if run is not None and run.left is not None:
        return refusals.closed(action, f"the lead has left `{action.sequence}`")
    return None


def _early(asked: _Asked) -> Blocked | None:
    if asked.situation.as_of_us < asked.action.earliest_us:
        return refusals.too_early(asked.action)
    return None


def _unpublished(asked: _Asked) -> Blocked | None:
    content = asked.situation.world.content.get(asked.action.content or "")
    if content is None:
        return None
    now_us = asked.situation.as_of_us
    is_retired = content.retired_us is not None and content.retired_us <= now_us
    if is_retired or now_us < content.published_us:
        return refusals.no_content(asked.action)
    return None


def _rep_left(asked: _Asked) -> Blocked | None:
    for name in (asked.action.rep, asked.action.sender):
        rep = asked.situation.world.reps.get(name or "")
        if rep is not None and not rep.active:
            return refusals.no_rep(asked.action, rep.id)
    return None


def _complained(asked: _Asked) -> Blocked | None:
    return stopped(asked.profile, asked.situation, asked.action)


def _out_of_hours(asked: _Asked) -> Blocked | None:
    clocks = clocks_of(asked.profile, asked.situation, asked.action)
    if isinstance(clocks, Blocked):
        return clocks
    now_us = asked.situation.as_of_us
    opened = clocks.first(now_us, farthest_us(asked.profile, now_us))
    if opened is None:
        return refusals.never_open(asked.action, asked.profile.horizon_days, None)
    return None if opened == now_us else refusals.out_of_hours(asked.action, opened)


def _full(asked: _Asked) -> Blocked | None:
    action, now_us = asked.action, asked.situation.as_of_us
    pressure = Pressure(asked.profile, asked.situation)
    for limit in limits_of(asked.profile, action).all:
        free_us = pressure.free_from(limit, now_us)
        if free_us != now_us:
            return refusals.full(action, limit, free_us)
    return None


def _baseless(asked: _Asked) -> Blocked | None:
    if asked.permission.basis is None:
        return refusals.no_basis(asked.action, asked.permission, asked.situation.as_of_us)
    return None


# Not yet its time is no change.
_EARLY = "early"
GUARDS: tuple[tuple[str, Callable[[_Asked], Blocked | None]], ...] = (
    ("suppressed", _suppressed),
    ("done", _done),
    ("closed", _closed),
    ("run", _left),
    (_EARLY, _early),
    ("content", _unpublished),
    ("rep", _rep_left),
    ("complaints", _complained),
    ("hours", _out_of_hours),
    ("room", _full),
    ("basis", _baseless),
)
