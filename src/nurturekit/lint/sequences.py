"""Steps that nobody reaches, or too late, and sequences that never end."""

from collections.abc import Iterator

from nurturekit.interpreters.explain import sentence
from nurturekit.lint.draft import Draft
from nurturekit.lint.findings import WARNING, Finding
from nurturekit.lint.paths import OTHERWISE, Paths, least_days
from nurturekit.lint.rhythm import distances, key_of
from nurturekit.planning import Sequence, Step
from nurturekit.vocabulary import Style

_WAITS = ("after_days", "up_to_days", "offset_days")


def path_of(sequence: Sequence, *further: str) -> str:
    """Return the place of a sequence, or of what is below it."""
    return ".".join((f"$.sequences[{sequence.name}]", *further))


def unreachable_steps(draft: Draft) -> Iterator[Finding]:
    """Yield the steps to which no path leads, and the arms that are never taken."""
    for paths in draft.paths:
        sequence = paths.sequence
        for index, step in enumerate(sequence.steps):
            if paths.earliest[index] is None:
                yield Finding(
                    code="unreachable-step",
                    path=path_of(sequence, f"steps[{step.id}]"),
                    problem="is never reached: nothing that can happen leads to it",
                    remedy="let a step or an arm before it lead there, or drop it",
                )
            else:
                for arm in sorted(paths.dead[index]):
                    yield _dead_arm(sequence, step.id, arm)


def _dead_arm(sequence: Sequence, branch: str, place: int) -> Finding:
    if place == OTHERWISE:
        where, problem = "otherwise", "is never taken: some arm always holds"
    else:
        where = f"arms[{place}]"
        problem = "is never taken: it can't hold where no earlier arm and no exit does"
    return Finding(
        code="arm-never-taken",
        path=path_of(sequence, f"steps[{branch}]", where),
        problem=problem,
        remedy="correct its condition, move it up, or drop it",
        level=WARNING,
    )


def beyond_horizon(draft: Draft) -> Iterator[Finding]:
    """Yield the waits that are longer than anybody plans, and the steps that come later than that.

    Of a path only its first step beyond the horizon is told.
    """
    for paths in draft.paths:
        reached = (at for at, days in enumerate(paths.earliest) if days is not None)
        for index in reached:
            step = paths.sequence.steps[index]
            place = f"steps[{step.id}]"
            waits = {key: getattr(step, key) or 0 for key in _WAITS}
            if isinstance(step, Step) and step.repeats:
                waits[key_of(step)] = max(distances(step))
            too_long = {key: days for key, days in waits.items() if days > draft.horizon_days}
            for key, days in too_long.items():
                yield _late(draft, paths, f"{place}.{key}", f"is {days} days")
            if not too_long and _is_first_beyond(draft, paths, index):
                days = paths.earliest[index]
                yield _late(
                    draft, paths, place, f"comes {days} days after enrolment at the soonest"
                )


def _late(draft: Draft, paths: Paths, place: str, problem: str) -> Finding:
    return Finding(
        code="beyond-horizon",
        path=path_of(paths.sequence, place),
        problem=f"{problem}, and the horizon is {draft.horizon_days}",
        remedy="shorten the waits, or plan further",
        level=WARNING,
    )


def _is_first_beyond(draft: Draft, paths: Paths, index: int) -> bool:
    days = paths.earliest[index]
    if days is None or days <= draft.horizon_days:
        return False
    return days - least_days(paths.sequence.steps[index]) <= draft.horizon_days


def no_end(draft: Draft) -> Iterator[Finding]:
    """Yield the sequences that go on for ever; what is for everybody is meant to (S1-13)."""
    for paths in draft.paths:
        sequence = paths.sequence
        if sequence.exit is not None and not draft.can_hold(sequence.exit):
            problem = f"can never hold: {sentence(sequence.exit)}"
            yield _endless(sequence, "exit", problem, "correct it, or drop it")
        elif sequence.exit is None and not sequence.goals:
            yield from _goes_on(paths)


def _goes_on(paths: Paths) -> Iterator[Finding]:
    sequence = paths.sequence
    steps = [step for _, step in paths.reached() if step.style is not Style.MASS]
    for step in steps:
        if step.repeats:
            problem = "goes on for ever: the sequence has neither `exit` nor `goals`"
            place = f"steps[{step.id}].{key_of(step)}"
            yield _endless(sequence, place, problem, "say what ends it")
    is_for_all = sequence.reentry == "after_end" and sequence.entry is None
    if is_for_all and steps and not any(step.repeats for step in steps):
        problem = "begins it anew for ever: everybody enters, and nothing but its end ends it"
        yield _endless(sequence, "reentry", problem, "say who enters, or what ends it")


def _endless(sequence: Sequence, place: str, problem: str, remedy: str) -> Finding:
    return Finding(
        code="no-end",
        path=path_of(sequence, place),
        problem=problem,
        remedy=remedy,
        level=WARNING,
    )
