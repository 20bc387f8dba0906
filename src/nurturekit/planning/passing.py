"""What a run passes by itself: branches, steps that can't be made, and the change of a track.

`passed` says in which order: another conversation turns the run; then whatever is due and makes no
contact is behind it, until a step comes that does or that isn't due yet.
"""

from nurturekit.answers import Proposal
from nurturekit.instants import from_us
from nurturekit.planning.branches import END, Branch, Taken, turned, way
from nurturekit.planning.case import Case
from nurturekit.planning.runs import Progress, due_us
from nurturekit.planning.sequence import Step
from nurturekit.planning.waits import LEAVE, NO_END_US, SKIP, is_missing
from nurturekit.vocabulary import MoveKind

FINISHED = "finished"
# A run's progress once it has passed something, and the move that says so.
Passed = tuple[Progress, Proposal]


def passed(progress: Progress, case: Case) -> tuple[Progress, list[Proposal], str | None]:
    """Return the progress once all has passed, the moves that say so, and why the run ends if so.

    Args:
        progress: A run under way.
        case: The lead and its ownership.
    """
    moves: list[Proposal] = []
    found = _turned(progress, case) or _next_passed(progress, case)
    while found is not None:
        progress, move = found
        moves.append(move)
        found = _next_passed(progress, case)
    return progress, moves, _ends(progress, case)


def _ends(progress: Progress, case: Case) -> str | None:
    step = progress.next
    if step is None:
        return FINISHED
    is_gone = step.if_missing == LEAVE and is_missing(step, case.situation)
    return f"the date `{step.until_fact}` isn't known" if is_gone else None


def _next_passed(progress: Progress, case: Case) -> Passed | None:
    step = progress.next
    if step is None or _ends(progress, case) or due_us(progress, case.situation) > case.now_us:
        return None
    is_skipped = step.if_missing == SKIP and is_missing(step, case.situation)
    because = f"the date `{step.until_fact}` isn't known"
    if isinstance(step, Branch):
        taken = Taken(to=step.otherwise, because=because) if is_skipped else None
        return _led(progress, progress.place, taken or _way(progress, step, case), case)
    if is_skipped:
        return skipped(progress, case, because)
    if (step.team or progress.sequence.team, step.style) not in case.allowed:
        because = f"{step.style} isn't allowed now: {case.ownership.because}"
        return skipped(progress, case, because)
    return None


def _way(progress: Progress, branch: Branch, case: Case) -> Taken:
    name, since = progress.sequence.name, progress.since_us
    return way(branch, case.situation, sequence=name, since_us=since)


def skipped(progress: Progress, case: Case, reason: str) -> Passed:
    """Return the progress once the next step is passed over, and the move that says why."""
    step = progress.next
    team = step.team if isinstance(step, Step) else None
    move = Proposal(
        kind=MoveKind.SKIPPED,
        team=team or progress.sequence.team,
        reason=reason,
        sequence=progress.sequence.name,
        run=progress.run or None,
        step=progress.step_id,
    )
    return progress.after_step(case.now_us), move


def _turned(progress: Progress, case: Case) -> Passed | None:
    if not progress.taken:
        return None
    # What came before the last branch was taken has had its say.
    after_us = max((at_us for _, at_us in progress.taken.values()), default=0)
    for index, branch in reversed(progress.forks):
        taken = turned(branch, case.situation, after_us=after_us)
        if taken is not None and progress.sequence.way_from(index, taken.to) != progress.led(index):
            # Changing tracks never brings a contact forward.
            return _led(progress, index, taken, case, until_us=due_us(progress, case.situation))
    return None


def _led(progress: Progress, index: int, taken: Taken, case: Case, *, until_us: int = 0) -> Passed:
    sequence = progress.sequence
    to = sequence.way_from(index, taken.to)
    until_us = until_us if case.now_us < until_us < NO_END_US else 0
    move = Proposal(
        kind=MoveKind.BRANCH,
        team=sequence.team,
        to=END if to == len(sequence.steps) else sequence.steps[to].id,
        reason=taken.because,
        until=from_us(until_us) if until_us else None,
        sequence=sequence.name,
        run=progress.run or None,
        step=sequence.steps[index].id,
        evidence=() if taken.touch is None else (taken.touch.id,),
    )
    return progress.after_branch(index, to, at_us=case.now_us, until_us=until_us), move
