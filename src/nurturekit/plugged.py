"""Ask a policy or planner that may be a plug-in's: the one place that trusts neither.

Rules:

- What a plug-in raises is wrapped with its name and the lead's id; a `PluginError` stays itself.
- What it returns is checked, field by field, against the tables below, and frozen.
- Only settling decides who owns a lead: a planner's moves are those of sequences, they answer
  nothing and cite nothing.
- An action that ownership doesn't allow is refused, whole; an open lead without a plan is told so.

The library's own `OwnershipPolicy` and `SequencePlanner` are asked directly.
"""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn, TypeVar

import attrs

from nurturekit.answers import Action, Blocked, Desired, Outlook, Ownership, Plan, Proposal
from nurturekit.calendars import ContactHours
from nurturekit.errors import ModelError, PluginError, RecordError
from nurturekit.instants import END_US
from nurturekit.ownership import OwnershipPolicy, Terms
from nurturekit.ownership.policy import DUTIES, NOTIFIED, SENDERS
from nurturekit.planning import SequencePlanner, forecast
from nurturekit.planning.forecast import Admits
from nurturekit.records import FrozenMap, Situation
from nurturekit.records.checks import check_id, check_text
from nurturekit.signals.asked import RAISED, described, raised
from nurturekit.typing import Planner, Policy
from nurturekit.vocabulary import Channel, MoveKind, Purpose, Style, Team

# What a planner may propose; `settle` alone proposes everything else.
PLANNED = frozenset(
    {MoveKind.ENROLLED, MoveKind.LEFT, MoveKind.SKIPPED, MoveKind.BRANCH, MoveKind.SNOOZED}
)
NEEDS = ("basis", "zone", "content", "rep", "fact")
# 0 answers a hand-raise, 4 is a blast: see `Action`.
LAST_PRIORITY = 4
USUAL_TERMS = Terms()
_ABSENT = object()

T = TypeVar("T")
Holds = Callable[[object], bool]
Rules = Mapping[str, tuple[Holds, str]]


# -------------------------------------------------------------------------------- what is right


def _is(kind: type) -> Holds:
    return lambda value: isinstance(value, kind)


def _or_none(holds: Holds) -> Holds:
    return lambda value: value is None or holds(value)


def _one_of(words: Iterable[str]) -> Holds:
    known = tuple(map(str, words))
    return lambda value: isinstance(value, str) and value in known


def _several(holds: Holds) -> Holds:
    return lambda value: isinstance(value, tuple | list) and all(map(holds, value))


def _checked(check: Callable[..., None]) -> Holds:
    def holds(value: object) -> bool:
        try:
            check(str(value) if isinstance(value, str) else value, field="")
        except RecordError:
            return False
        return True

    return holds


def _whole(least: int, most: int) -> Holds:
    return lambda value: type(value) is int and least <= value <= most


def _is_allowed(value: object) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(team, Team)
        and isinstance(styles, AbstractSet)
        and all(isinstance(style, Style) for style in styles)
        for team, styles in value.items()
    )


def _are_parameters(value: object) -> bool:
    plain = (str, int, float, Decimal, date, tuple, type(None))
    return isinstance(value, Mapping) and all(
        isinstance(name, str) and isinstance(held, plain) for name, held in value.items()
    )


def _is_aware(value: object) -> bool:
    return isinstance(value, datetime) and value.utcoffset() is not None


def _words(words: Iterable[str]) -> tuple[Holds, str]:
    listed = tuple(words)
    return _several(_one_of(listed)), f"a tuple of any of {', '.join(listed)}"


def _choice(words: Iterable[str]) -> tuple[Holds, str]:
    listed = tuple(words)
    return _one_of(listed), f"one of {', '.join(listed)}"


_ID, _TEXT = _checked(check_id), _checked(check_text)
_AN_ID = (_ID, "a text of 1 to 256 printable characters")
_MAYBE_ID = (_or_none(_ID), "None, or a text of 1 to 256 printable characters")
_A_TEXT = (_TEXT, "a text")
_TEXTS = (_several(_TEXT), "a tuple of texts")
_US = _whole(0, END_US)
_LEFT_OUT = "left out: only the core answers, cites and moves people"

_POLICY: Rules = {
    "name": _AN_ID,
    "terms": (_is(Terms), "a `Terms`, or left out"),
    "parameters": (_are_parameters, "a mapping from names to plain values, or left out"),
}
_DESIRED: Rules = {
    "accountable": (_is(Team), "exactly one `Team`, neither several nor none"),
    "allowed": (_is_allowed, "a mapping from each `Team` to a set of `Style`"),
    "notify": _words(NOTIFIED),
    "duties": _words(DUTIES),
    "continues": _TEXTS,
    "because": _A_TEXT,
    "row": (_whole(0, 10**6), "a whole number from 0"),
    "is_closed": (_is(bool), "True or False"),
    "sender": _choice(SENDERS),
    "source": _A_TEXT,
    "parameters": (_are_parameters, "a mapping from names to plain values"),
    "pool": (lambda value: value == "" or _ID(value), "empty, or the id of a pool"),
}
_PLAN: Rules = {
    "actions": (_several(_is(Action)), "a tuple of `Action`"),
    "blocked": (_several(_is(Blocked)), "a tuple of `Blocked`"),
    "moves": (_several(_is(Proposal)), "a tuple of `Proposal`"),
    "notes": _TEXTS,
}
_ACTION: Rules = {
    "id": _AN_ID,
    "channel": (_is(Channel), "a `Channel`"),
    "style": (_is(Style), "a `Style`"),
    "team": (_is(Team), "a `Team`"),
    "earliest_us": (_US, "a whole number of epoch microseconds, to the year 2200"),
    "latest_us": (_or_none(_US), "None, or a whole number of epoch microseconds"),
    **dict.fromkeys(
        ("rep", "sender", "content", "sequence", "run", "step", "about", "topic"), _MAYBE_ID
    ),
    "hours": (_or_none(_is(ContactHours)), "None, or `ContactHours`"),
    "duty": (_or_none(_one_of(DUTIES)), f"None, or one of {', '.join(DUTIES)}"),
    "purpose": _choice(Purpose),
    "priority": (_whole(0, LAST_PRIORITY), f"a whole number from 0 to {LAST_PRIORITY}"),
    "rank": (_is(int), "a whole number"),
    "basis": (lambda value: value is None, "left out: the guards find the legal basis"),
    "because": _A_TEXT,
}
_BLOCKED: Rules = {
    "code": _AN_ID,
    "reason": _A_TEXT,
    "until_us": (_or_none(_US), "None, or a whole number of epoch microseconds"),
    "needs": _words(NEEDS),
    "action": (_or_none(_is(Action)), "None, or an `Action`"),
}
_PROPOSAL: Rules = {
    "kind": (
        _one_of(PLANNED),
        f"one of {', '.join(sorted(PLANNED))}: who owns a lead is settled by the core alone",
    ),
    "sequence": (_ID, "the name of a sequence"),
    **dict.fromkeys(("to", "run", "step"), _MAYBE_ID),
    "team": (_or_none(_is(Team)), "None, or a `Team`"),
    "reason": (_or_none(_TEXT), "None, or a text"),
    "until": (_or_none(_is_aware), "None, or an aware datetime"),
    **dict.fromkeys(("was", "rep", "due", "answers"), (lambda value: value is None, _LEFT_OUT)),
    "evidence": (lambda value: value == (), _LEFT_OUT),
}


# --------------------------------------------------------------------------------------- asking


def check_parts(policy: object, planner: object) -> None:
    """Refuse a policy or planner that no playbook can ask.

    Raises:
        ModelError: `wrong-type`, with the path of what is wrong.
    """
    for path, part in (("ownership", policy), ("planner", planner)):
        if isinstance(part, type):
            problem = f"is the class `{part.__name__}`: call it"
            raise ModelError("wrong-type", path=path, problem=problem)
    if type(policy) is OwnershipPolicy:
        return
    for field, (holds, must) in _POLICY.items():
        try:
            value = getattr(policy, field, _ABSENT)
        except RAISED as error:
            raise _no_part(field, must) from error
        if not holds(value) and (field == "name" or value is not _ABSENT):
            raise _no_part(field, must)


def _no_part(field: str, must: str) -> ModelError:
    return ModelError("wrong-type", path=f"ownership.{field}", problem=f"must be {must}")


def part_of(policy: Policy, field: str, default: Any = _ABSENT) -> Any:  # noqa: ANN401 - of any type
    """Return a policy's `name`, `terms` or `parameters`, checked each time: it may be computed.

    Raises:
        PluginError: When reading it raises, or gives what it can't be.
    """
    if type(policy) is OwnershipPolicy:
        return getattr(policy, field)
    asked = _Asked(type(policy).__name__, None)
    try:
        value = getattr(policy, field, default)
    except RAISED as error:
        raise raised(error, asked.name, lead_id=None) from error
    holds, must = _POLICY[field]
    if not holds(value):
        asked.refuse(f"has a `{field}` that must be {must}")
    return value


def ask_policy(policy: Policy, situation: Situation) -> Desired:
    """Return what a policy wants for a lead.

    Args:
        policy: The library's own, or a plug-in's.
        situation: The lead, with what the policy reads bound.

    Raises:
        PluginError: When a plug-in raises, or returns what its protocol doesn't allow.
    """
    if type(policy) is OwnershipPolicy:
        return policy.decide(situation)
    asked = _Asked(part_of(policy, "name"), situation.lead.id)
    # A copy: what a plug-in does to it changes neither what is in force nor the guards.
    desired = asked.answer(Desired, policy.decide, situation.copy())
    asked.check(desired, _DESIRED)
    return attrs.evolve(
        desired,
        allowed=FrozenMap({team: frozenset(desired.allowed[team]) for team in desired.allowed}),
        notify=tuple(desired.notify),
        duties=tuple(desired.duties),
        continues=tuple(desired.continues),
        parameters=FrozenMap(desired.parameters),
    )


def terms_of(policy: Policy, desired: Desired) -> Terms:
    """Return the parameters by which a policy's wish is settled.

    Args:
        policy: The library's own, or a plug-in's; one without `terms` has the usual ones.
        desired: What it wants, with a pool of its own where it names one.
    """
    terms: Terms = part_of(policy, "terms", USUAL_TERMS)
    return attrs.evolve(terms, pool=desired.pool) if desired.pool else terms


def ask_planner(planner: Planner, situation: Situation, ownership: Ownership) -> Plan:
    """Return what a planner wants for a lead, within what its ownership allows.

    Args:
        planner: The library's own, or a plug-in's.
        situation: The lead, with what the planner reads bound.
        ownership: Who may do what, and what is owed.

    Raises:
        PluginError: When a plug-in raises, or returns what its protocol doesn't allow.
    """
    if type(planner) is SequencePlanner:
        return planner.plan(situation, ownership)
    asked = _Asked(str(getattr(planner, "plugin", type(planner).__name__)), situation.lead.id)
    plan = asked.answer(Plan, planner.plan, situation.copy(), ownership)
    asked.check_plan(plan)
    return _within(plan, ownership, asked.name)


def ask_ahead(
    planner: Planner,
    situation: Situation,
    ownership: Ownership,
    *,
    until_us: int,
    guards: Admits,
) -> Outlook:
    """Return what a planner expects until an instant; a plug-in's says what it wants now.

    Args:
        planner: The library's own, or a plug-in's.
        situation: The lead, with what the planner reads bound.
        ownership: Who may do what, and what is owed.
        until_us: Where to stop, in epoch microseconds.
        guards: What must not happen.

    Raises:
        PluginError: As `ask_planner`.
    """
    if type(planner) is SequencePlanner:
        return forecast(planner, situation, ownership, until_us=until_us, guards=guards)
    plan = ask_planner(planner, situation, ownership)
    checked = guards.check(plan.actions)
    allowed = (one for one in checked.allowed if one.earliest_us < until_us)
    return Outlook(
        actions=tuple(sorted(allowed, key=lambda one: (one.earliest_us, one.id))),
        blocked=(*plan.blocked, *checked.blocked),
        assumptions=checked.assumptions,
        notes=(*plan.notes, "a plug-in planner says only what it wants now"),
    )


@attrs.frozen
class _Asked:
    """A plug-in that was asked about a lead."""

    name: str
    lead_id: str | None

    def refuse(self, problem: str) -> NoReturn:
        raise PluginError(self.name, lead_id=self.lead_id, problem=problem)

    def answer(self, kind: type[T], ask: Callable[..., object], *about: object) -> T:
        try:
            answer = ask(*about)
        except PluginError:
            raise
        except RAISED as error:
            raise raised(error, self.name, lead_id=self.lead_id) from error
        if not isinstance(answer, kind):
            self.refuse(f"returned {described(answer)} instead of one `{kind.__name__}`")
        return answer

    def check(self, answer: object, rules: Rules) -> None:
        for field, (holds, must) in rules.items():
            if not holds(getattr(answer, field)):
                kind = type(answer).__name__
                self.refuse(f"returned a `{kind}` whose `{field}` must be {must}")

    def check_plan(self, plan: Plan) -> None:
        self.check(plan, _PLAN)
        for one in plan.blocked:
            self.check(one, _BLOCKED)
        refused = [one.action for one in plan.blocked if one.action is not None]
        for action in (*plan.actions, *refused):
            self.check(action, _ACTION)
            if action.lead_id != self.lead_id:
                self.refuse("returned an `Action` whose `lead_id` must be that of the lead")
        if len({action.id for action in plan.actions}) < len(plan.actions):
            self.refuse("returned a `Plan` whose actions must each have an `id` of their own")
        for move in plan.moves:
            self.check(move, _PROPOSAL)


def _within(plan: Plan, ownership: Ownership, name: str) -> Plan:
    # What ownership doesn't allow stays whole in a refusal, as in a plan of the library's own.
    refusals = [_refusal(action, ownership) for action in plan.actions]
    pairs = zip(plan.actions, refusals, strict=True)
    actions = tuple(action for action, refusal in pairs if refusal is None)
    blocked = (*plan.blocked, *(refusal for refusal in refusals if refusal is not None))
    if not actions and not blocked:
        # S1-8: every open lead has a next action, or is told why not.
        code = "nothing-planned" if ownership.is_open else "closed"
        blocked = (Blocked(code=code, reason=f"`{name}` plans nothing"),)
    return Plan(actions=actions, blocked=blocked, moves=tuple(plan.moves), notes=tuple(plan.notes))


def _refusal(action: Action, ownership: Ownership) -> Blocked | None:
    if not ownership.is_open:
        return Blocked(code="closed", reason=ownership.because or "closed", action=action)
    if action.style in (ownership.allowed.get(action.team) or ()):
        return None
    reason = f"{action.team} may not use {action.style} now ({ownership.because})"
    return Blocked(code="not-allowed", reason=reason, action=action)
