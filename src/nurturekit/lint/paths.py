"""The paths through a sequence: which ways are ever taken, and how soon each step can come.

A way out of a branch is dead if its criterion never holds while the sequence goes on and no earlier
arm is taken. Everything else counts as taken by somebody.
"""

from collections.abc import Iterator

import attrs

from nurturekit.criteria import Criterion
from nurturekit.lint.draft import Draft
from nurturekit.planning import Branch, Sequence, Step
from nurturekit.planning.waits import SKIP

Waiting = Step | Branch
# Stands for the way that a branch goes when no arm holds.
OTHERWISE = -1


@attrs.frozen(kw_only=True)
class Paths:
    """A sequence with the ways that can be taken.

    Args:
        sequence: The sequence.
        dead: By index, the places of a branch's arms that are never taken, `OTHERWISE` for that.
        ways: By index, the indexes to which a run can go on; one past the last is the end.
        earliest: By index, the fewest days after enrolment at which it can come; None if never.
    """

    sequence: Sequence
    dead: tuple[frozenset[int], ...]
    ways: tuple[tuple[int, ...], ...]
    earliest: tuple[int | None, ...]

    def before(self, index: int) -> Iterator[int]:
        """Yield the indexes from which a run comes to one."""
        return (
            start
            for start, ways in enumerate(self.ways)
            if index in ways and self.earliest[start] is not None
        )

    def reached(self) -> Iterator[tuple[int, Step]]:
        """Yield the steps to which some path leads, with their indexes."""
        for index, step in enumerate(self.sequence.steps):
            if isinstance(step, Step) and self.earliest[index] is not None:
                yield index, step


def paths_of(draft: Draft, sequence: Sequence) -> Paths:
    """Return the paths through a sequence."""
    steps = sequence.steps
    dead = tuple(_dead(draft, sequence, step) for step in steps)
    ways = tuple(_live(sequence, index, dead[index]) for index in range(len(steps)))
    earliest: list[int | None] = [least_days(steps[0]), *[None] * (len(steps) - 1)]
    # Nothing leads back: what comes before is known already.
    for index, came in enumerate(earliest):
        for to in ways[index] if came is not None else ():
            if to < len(steps):
                days = (came or 0) + least_days(steps[to])
                held = earliest[to]
                earliest[to] = days if held is None else min(days, held)
    return Paths(sequence=sequence, dead=dead, ways=ways, earliest=tuple(earliest))


def least_days(step: Waiting) -> int:
    """Return the fewest days that a step waits: a trigger or a date may be there already."""
    return step.after_days


def most_days(step: Waiting) -> int | None:
    """Return the most days that a step waits, None where only a date or a cadence says."""
    if step.until_fact is not None or (isinstance(step, Step) and step.cadence is not None):
        return None
    return step.after_days if step.up_to_days is None else step.up_to_days


def _live(sequence: Sequence, index: int, dead: frozenset[int]) -> tuple[int, ...]:
    step = sequence.steps[index]
    if not isinstance(step, Branch):
        return sequence.ways_from(index)
    arms = len(step.arms)
    targets = [to for place, to in enumerate(step.targets[:arms]) if place not in dead]
    if OTHERWISE not in dead:
        targets += step.targets[arms:]
    return tuple(sequence.way_from(index, to) for to in dict.fromkeys(targets))


def _dead(draft: Draft, sequence: Sequence, step: Waiting) -> frozenset[int]:
    if not isinstance(step, Branch):
        return frozenset()
    # Who has reached the exit has left.
    passed_by: list[Criterion] = [] if sequence.exit is None else [sequence.exit]
    named: set[str] = set()
    dead: set[int] = set()
    for place, arm in enumerate(step.arms):
        if arm.when is not None:
            if not draft.can_hold(arm.when, unless=passed_by):
                dead.add(place)
            passed_by.append(arm.when)
        elif arm.outcome:
            if named.issuperset(arm.outcome):
                dead.add(place)
            named.update(arm.outcome)
    # Without its date, a branch that is skipped goes on whatever its arms say.
    is_asked = step.if_missing != SKIP and any(arm.when is not None for arm in step.arms)
    if is_asked and not draft.can_hold(unless=passed_by):
        dead.add(OTHERWISE)
    return frozenset(dead)
