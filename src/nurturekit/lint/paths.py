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


@attrs.frozen(kw_only=True)
class Paths:
    """A sequence with the ways that can be taken.

    Args:
        sequence: The sequence.
        ways: By index, the indexes to which a run can go on; one past the last is the end.
        earliest: By index, the fewest days after enrolment at which it can come; None if never.
    """

    sequence: Sequence
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
    ways = tuple(_live(draft, sequence, index, step) for index, step in enumerate(sequence.steps))
    earliest: list[int | None] = [least_days(sequence.steps[0]), *[None] * len(sequence.steps)]
    for index in range(len(sequence.steps)):
        came = earliest[index]
        for to in ways[index] if came is not None else ():
            if to < len(sequence.steps):
                days = (came or 0) + least_days(sequence.steps[to])
                held = earliest[to]
                earliest[to] = days if held is None else min(days, held)
    return Paths(sequence=sequence, ways=ways, earliest=tuple(earliest[:-1]))


def least_days(step: Waiting) -> int:
    """Return the fewest days that a step waits: a trigger or a date may be there already."""
    return step.after_days


def most_days(step: Waiting) -> int | None:
    """Return the most days that a step waits, None where only a date or a cadence says."""
    if step.until_fact is not None or (isinstance(step, Step) and step.cadence is not None):
        return None
    return step.after_days if step.up_to_days is None else step.up_to_days


def _live(draft: Draft, sequence: Sequence, index: int, step: Waiting) -> tuple[int, ...]:
    if not isinstance(step, Branch):
        return sequence.ways_from(index)
    dead = dead_arms(draft, sequence, step)
    arms = len(step.arms)
    targets = [to for place, to in enumerate(step.targets[:arms]) if place not in dead]
    if OTHERWISE not in dead:
        targets += step.targets[arms:]
    return tuple(sequence.way_from(index, to) for to in dict.fromkeys(targets))


# Stands for the way that a branch goes when no arm holds.
OTHERWISE = -1


def dead_arms(draft: Draft, sequence: Sequence, branch: Branch) -> frozenset[int]:
    """Return the places of a branch's arms that are never taken, `OTHERWISE` for that."""
    going_on = () if sequence.exit is None else (sequence.exit,)
    dead: set[int] = set()
    earlier: list[Criterion] = []
    outcomes: set[str] = set()
    for place, arm in enumerate(branch.arms):
        if arm.when is not None:
            if not draft.can_hold(arm.when, unless=(*going_on, *earlier)):
                dead.add(place)
            earlier.append(arm.when)
        elif arm.outcome:
            if outcomes.issuperset(arm.outcome):
                dead.add(place)
            outcomes.update(arm.outcome)
    is_passed = branch.until_fact is not None and branch.if_missing == SKIP
    if not is_passed and earlier and not draft.can_hold(unless=(*going_on, *earlier)):
        dead.add(OTHERWISE)
    return frozenset(dead)
