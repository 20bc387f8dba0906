"""Named checks that every policy, signal and planner must pass: one test each, for pytest.

CLOSED. To add one: its row in a table of `nurturekit.testing.rules`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from nurturekit.criteria import IsKnown
from nurturekit.documents import Catalog
from nurturekit.errors import CallError, did_you_mean
from nurturekit.identity import plain
from nurturekit.plugged import ask_planner, ask_policy
from nurturekit.records import FrozenMap, Situation
from nurturekit.records.checks import Value
from nurturekit.signals import Measure, is_own, measuring
from nurturekit.testing.findings import Found
from nurturekit.testing.rules import MONOTONE, PLANNER, POLICY, SIGNAL, Rule
from nurturekit.testing.strategies import ATTRIBUTES, seen_by
from nurturekit.testing.subject import Call, Subject, base
from nurturekit.typing import Planner, Policy, Signal

NONE: Mapping[str, str] = FrozenMap()
NO_ATTRIBUTES: Mapping[str, Sequence[Value]] = FrozenMap()


@attrs.frozen(repr=False)
class Check:
    """A check of one plug-in: call it, and it raises `AssertionError` with what is wrong.

    Args:
        rule: What must hold.
        subject: The plug-in.
        reason: Why it is expected to fail, empty where it must pass.
    """

    rule: Rule
    subject: Subject
    reason: str = ""

    @property
    def __name__(self) -> str:
        """The check's name, which pytest shows."""
        return self.rule.name

    def __repr__(self) -> str:
        return f"<{self.rule.name} of {self.subject.name}>"

    def __call__(self) -> None:
        """Run the check.

        Raises:
            AssertionError: When the plug-in fails it, or passes it although it is expected to fail.
        """
        found = self.rule.find(self.subject)
        name, plugin = self.rule.name, self.subject.name
        if found is not None and not self.reason:
            problem = f"`{plugin}` fails {name}: {_told(found, self.rule.remedy)}"
            raise AssertionError(problem)
        if found is None and self.reason:
            problem = (
                f"`{plugin}` passes {name}, which was expected to fail ({self.reason}): "
                "remove it from `expected_failures`"
            )
            raise AssertionError(problem)


def _told(found: Found, remedy: str) -> str:
    lines = [f"it {found.problem}", f"  what to do: {remedy}"]
    if found.situation is not None:
        lines += _shown(found.situation)
    return "\n".join(lines)


def _shown(situation: Situation) -> list[str]:
    as_of, known_at = situation.as_of.isoformat(), situation.known_at.isoformat()
    lines = [f"  as of {as_of}, known at {known_at}, {situation.lead!r}"]
    lines += [f"  {type(one).__name__} {plain(one)}" for one in situation.history]
    return lines if len(situation.history) else [*lines, "  without records"]


def policy_checks(
    policy: Policy,
    *,
    expected_failures: Mapping[str, str] = NONE,
    attributes: Mapping[str, Sequence[Value]] = NO_ATTRIBUTES,
) -> tuple[Check, ...]:
    """Return the checks that an ownership policy must pass.

    Args:
        policy: A value that decides: the plug-in's class called, not the class.
        expected_failures: Names of checks that it fails, each with the reason.
        attributes: The attributes that it reads, each with values that matter to it.

    Raises:
        CallError: `unknown-check`, `no-reason`, or `not-a-plugin`.
        ModelError: `wrong-type` for a policy that no playbook can ask.

    >>> from nurturekit.presets import PRESETS, preset
    >>> [check.__name__ for check in policy_checks(preset(PRESETS[0]).ownership)][:3]
    ['check_no_io', 'check_not_async', 'check_total']
    """
    _check_plugin(policy, "policy", "decide")
    playbook = attrs.evolve(base(), ownership=policy)

    def catalog() -> Catalog:
        return Catalog(policies=_offered(policy))

    subject = Subject(
        plugin=policy,
        name=policy.name,
        method="decide",
        call=lambda situation: (seen_by(playbook, situation),),
        checked=lambda situation: ask_policy(policy, seen_by(playbook, situation)),
        playbook=playbook,
        catalog=catalog,
        attributes=_attributes(attributes),
    )
    return _checks(POLICY, subject, expected_failures)


def signal_checks(
    signal: Signal,
    *,
    expected_failures: Mapping[str, str] = NONE,
    attributes: Mapping[str, Sequence[Value]] = NO_ATTRIBUTES,
) -> tuple[Check, ...]:
    """Return the checks that a signal must pass.

    A signal may declare `monotone`: `"rising"` when another touch never lowers its measure nor
    makes it unknown, `"falling"` when another touch never raises it. Then that is checked, too.

    Args:
        signal: A value that measures: the plug-in's class called, not the class.
        expected_failures: Names of checks that it fails, each with the reason.
        attributes: The attributes that it reads, each with values that matter to it.

    Raises:
        CallError: `unknown-check`, `no-reason`, or `not-a-plugin`.
    """
    _check_plugin(signal, "signal", "measure")
    criterion = IsKnown(signal)
    playbook = attrs.evolve(
        base(), qualification=attrs.evolve(base().qualification, unfit=criterion)
    )

    def catalog() -> Catalog:
        return Catalog() if is_own(signal) else Catalog(signals={signal.name: signal})

    subject = Subject(
        plugin=signal,
        name=signal.name,
        method="measure",
        call=lambda situation: (seen_by(base(), situation),),
        # As if it weren't the library's own: those are trusted.
        checked=lambda situation: measuring(_AnySignal(signal.name, signal.measure))(
            seen_by(base(), situation)
        ),
        playbook=playbook,
        catalog=catalog,
        attributes=_attributes(attributes),
    )
    declares = hasattr(signal, "monotone")
    return _checks((*SIGNAL, MONOTONE) if declares else SIGNAL, subject, expected_failures)


@attrs.frozen
class _AnySignal:
    name: str
    measure: Callable[[Situation], Measure]


def planner_checks(
    planner: Planner,
    *,
    expected_failures: Mapping[str, str] = NONE,
    attributes: Mapping[str, Sequence[Value]] = NO_ATTRIBUTES,
) -> tuple[Check, ...]:
    """Return the checks that a planner must pass.

    Args:
        planner: A value that plans: the plug-in's class called, not the class.
        expected_failures: Names of checks that it fails, each with the reason.
        attributes: The attributes that it reads, each with values that matter to it.

    Raises:
        CallError: `unknown-check`, `no-reason`, or `not-a-plugin`.
    """
    _check_plugin(planner, "planner", "plan")
    playbook = attrs.evolve(base(), planner=planner)

    def call(situation: Situation) -> Call:
        seen = seen_by(base(), situation)
        decision = base().decide(
            seen.lead,
            seen.history,
            as_of=seen.as_of,
            known_at=seen.known_at,
            world=seen.world,
        )
        return seen, decision.ownership

    subject = Subject(
        plugin=planner,
        name=str(getattr(planner, "plugin", type(planner).__name__)),
        method="plan",
        call=call,
        checked=lambda situation: ask_planner(planner, *call(situation)),
        playbook=playbook,
        catalog=lambda: Catalog(planners=_offered(planner)),
        attributes=_attributes(attributes),
    )
    return _checks(PLANNER, subject, expected_failures)


def _offered(part: Any) -> dict[str, Any]:  # noqa: ANN401 - a policy or a planner
    # The library's own is written out in full, and needs no catalog.
    name = getattr(part, "plugin", None)
    is_of_class = getattr(type(part), "plugin", None) == name
    return {} if name is None else {name: type(part) if is_of_class else part}


def _attributes(more: Mapping[str, Sequence[Value]]) -> FrozenMap[str, tuple[Value, ...]]:
    both = {**ATTRIBUTES, **more}
    return FrozenMap({name: tuple(values) for name, values in both.items()})


def _check_plugin(part: object, argument: str, method: str) -> None:
    if isinstance(part, type):
        problem = f"is the class `{part.__name__}`: call it"
    elif not callable(getattr(part, method, None)):
        problem = f"is a {type(part).__name__}: it has no `{method}`"
    else:
        return
    raise CallError("not-a-plugin", argument=argument, problem=problem)


def _checks(
    rules: Sequence[Rule], subject: Subject, expected: Mapping[str, str]
) -> tuple[Check, ...]:
    names = [rule.name for rule in rules]
    for name, reason in expected.items():
        if name not in names:
            problem = f"names `{name}`, which isn't one of {', '.join(names)}"
            raise CallError(
                "unknown-check",
                argument="expected_failures",
                problem=problem + did_you_mean(name, names),
            )
        if not str(reason or "").strip():
            problem = f"needs a reason for `{name}`"
            raise CallError("no-reason", argument="expected_failures", problem=problem)
    return tuple(Check(rule, subject, expected.get(rule.name, "")) for rule in rules)
