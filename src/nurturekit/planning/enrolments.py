"""Who leaves a sequence, who enters one, which steps are passed over: moves with reasons.

A handoff never ends an enrolment silently (S3-1): what ownership no longer allows leaves at once,
and says so.
"""

from collections.abc import Iterable

import attrs

from nurturekit.answers import Proposal
from nurturekit.interpreters.evaluate import evaluate
from nurturekit.planning.case import Case
from nurturekit.planning.runs import Ledger, Progress, due_us
from nurturekit.planning.sequence import Sequence, Step
from nurturekit.vocabulary import MoveKind

FINISHED = "finished"


@attrs.frozen(kw_only=True)
class Enrolments:
    """The runs that go on, the moves that follow, and what a reader should know."""

    runs: tuple[Progress, ...]
    moves: tuple[Proposal, ...]
    notes: tuple[str, ...] = ()


def enrolments(case: Case, ledger: Ledger, latest: Iterable[Sequence]) -> Enrolments:
    """Return the enrolments as they are once all that follows now has followed.

    Args:
        case: The lead and its ownership.
        ledger: Its runs as recorded.
        latest: The sequences that can be entered, each in its highest version.
    """
    runs, moves = _staying(case, ledger)
    names = {progress.sequence.name for progress in runs}
    ended = {move.sequence for move in moves}
    notes: list[str] = []
    for sequence in latest:
        is_over = sequence.name not in ended or sequence.reentry == "after_end"
        if sequence.name not in names and is_over and _enters(sequence, case, ledger, notes):
            progress = ledger.new_run(sequence)
            runs.append(progress)
            moves.append(_enrolled(progress))
    kept = tuple(_past_skipped(progress, case, moves) for progress in runs)
    return Enrolments(runs=kept, moves=tuple(moves), notes=tuple(notes))


def _staying(case: Case, ledger: Ledger) -> tuple[list[Progress], list[Proposal]]:
    runs: list[Progress] = []
    moves = [_left_gone(name, run) for name, run in ledger.gone]
    for progress in ledger.active:
        reason = exit_reason(progress, case)
        if reason is None:
            runs.append(progress)
        else:
            moves.append(left(progress, reason))
    return runs, moves


def exit_reason(progress: Progress, case: Case) -> str | None:
    """Return why a run ends now, or None."""
    sequence = progress.sequence
    if not progress.remaining:
        return FINISHED
    if _reached_exit(sequence, case):
        return "its exit goal is reached"
    return _forbidden(sequence, progress.remaining, case)


def _reached_exit(sequence: Sequence, case: Case) -> bool:
    return sequence.exit is not None and evaluate(sequence.exit, case.situation) is True


def _forbidden(sequence: Sequence, steps: tuple[Step, ...], case: Case) -> str | None:
    because = case.ownership.because or "ownership changed"
    # What goes on is said of the other team; the accountable one's styles bind it alone.
    is_other = sequence.team is not case.ownership.accountable
    if is_other and case.ownership.continues and sequence.name not in case.ownership.continues:
        return f"it doesn't go on: {because}"
    if not any(_is_allowed(sequence, step, case) for step in steps):
        return f"{sequence.team} may not go on with it: {because}"
    return None


def _is_allowed(sequence: Sequence, step: Step, case: Case) -> bool:
    return case.allows(step.team or sequence.team, step.style)


def _enters(sequence: Sequence, case: Case, ledger: Ledger, notes: list[str]) -> bool:
    if _forbidden(sequence, sequence.steps, case) or not ledger.may_enter(sequence):
        return False
    if sequence.entry is not None:
        holds = evaluate(sequence.entry, case.situation)
        if holds is None:
            notes.append(f"`{sequence.name}` isn't entered: whether it applies is unknown")
        if holds is not True:
            return False
    return not _reached_exit(sequence, case)


def _enrolled(progress: Progress) -> Proposal:
    sequence = progress.sequence
    return Proposal(
        kind=MoveKind.ENROLLED,
        team=sequence.team,
        reason="open to every lead" if sequence.entry is None else "its entry criterion holds",
        sequence=sequence.name,
        run=progress.run,
    )


def left(progress: Progress, reason: str) -> Proposal:
    """Return the move that ends a run."""
    return Proposal(
        kind=MoveKind.LEFT,
        team=progress.sequence.team,
        reason=reason,
        sequence=progress.sequence.name,
        run=progress.run or None,
    )


def _left_gone(name: str, run: str) -> Proposal:
    reason = f"the planner no longer has `{name}` in the version of run `{run}`"
    return Proposal(kind=MoveKind.LEFT, reason=reason, sequence=name, run=run or None)


def closed(ledger: Ledger, reason: str) -> tuple[Proposal, ...]:
    """Return the moves that end every run, for a lead that nobody nurtures any more."""
    ends = [left(progress, reason) for progress in ledger.active]
    return (*(_left_gone(name, run) for name, run in ledger.gone), *ends)


def _past_skipped(progress: Progress, case: Case, moves: list[Proposal]) -> Progress:
    # A due step that ownership forbids is passed over; a later one of the run is allowed.
    while not _is_allowed(progress.sequence, progress.remaining[0], case):
        if due_us(progress, case.situation) > case.now_us:
            break
        step = progress.remaining[0]
        moves.append(
            Proposal(
                kind=MoveKind.SKIPPED,
                team=step.team or progress.sequence.team,
                reason=f"{step.style} isn't allowed now: {case.ownership.because}",
                sequence=progress.sequence.name,
                run=progress.run or None,
                step=step.id,
            )
        )
        progress = progress.after_skip(case.now_us)
    return progress
