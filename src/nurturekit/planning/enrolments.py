"""Who leaves a sequence, who enters one, which steps are passed over: moves with reasons.

A handoff never ends an enrolment silently (S3-1): what ownership no longer allows leaves at once,
and says so.
"""

from collections.abc import Iterable

import attrs

from nurturekit.answers import Proposal
from nurturekit.interpreters.evaluate import evaluate
from nurturekit.planning.case import Case
from nurturekit.planning.goals import Aim, reached
from nurturekit.planning.passing import FINISHED, passed
from nurturekit.planning.runs import Ledger, Progress
from nurturekit.planning.sequence import Contact, Sequence
from nurturekit.vocabulary import MoveKind


@attrs.frozen(kw_only=True)
class Enrolments:
    """The runs that go on, the moves that follow, and what a reader should know."""

    runs: tuple[Progress, ...]
    moves: tuple[Proposal, ...]
    notes: tuple[str, ...] = ()


class _Roll:
    """The runs of one lead while it is decided which go on, which end and which begin."""

    def __init__(self, case: Case, ledger: Ledger) -> None:
        self.case, self.ledger = case, ledger
        self.runs: dict[str, Progress] = {}
        self.others: list[Progress] = []
        self.moves: list[Proposal] = [_left_gone(name, run) for name, run in ledger.gone]
        self.notes: list[str] = []

    def stay(self, *, is_held: bool) -> None:
        for recorded in self.ledger.active:
            progress, reason = recorded, exit_reason(recorded, self.case, is_held=is_held)
            if reason is None:
                progress, moves, reason = passed(recorded, self.case)
                self.moves += moves
                if moves and reason is None:
                    reason = exit_reason(progress, self.case, is_held=is_held)
            if reason is not None:
                self.moves.append(left(progress, reason))
            else:
                self._keep(progress)

    def _keep(self, progress: Progress) -> None:
        # A person may enrol a lead twice in one sequence: both runs go on.
        if progress.sequence.name in self.runs:
            self.others.append(progress)
        else:
            self.runs[progress.sequence.name] = progress

    def enter(self, sequence: Sequence) -> None:
        ended = {move.sequence for move in self.moves if move.kind == MoveKind.LEFT}
        if sequence.name in self.runs or sequence.name in ended:
            return
        rivals = self._rivals(sequence)
        if rivals and max(one.sequence.priority for one in rivals) >= sequence.priority:
            return
        if not _enters(sequence, self.case, self.ledger, self.notes):
            return
        begun = self.ledger.new_run(sequence)
        progress, moves, reason = passed(begun, self.case)
        # What would end at once isn't begun.
        if reason is None and exit_reason(progress, self.case) is None:
            for rival in rivals:
                self._end(rival, f"gives way to `{sequence.name}`")
            self.moves += [_enrolled(begun), *moves]
            self.runs[sequence.name] = progress

    def _rivals(self, sequence: Sequence) -> list[Progress]:
        if sequence.exclusive is None:
            return []
        going = [*self.runs.values(), *self.others]
        return [one for one in going if one.sequence.exclusive == sequence.exclusive]

    def _end(self, progress: Progress, reason: str) -> None:
        self.moves.append(left(progress, reason))
        self.runs = {name: one for name, one in self.runs.items() if one is not progress}
        self.others = [one for one in self.others if one is not progress]


def enrolments(
    case: Case, ledger: Ledger, latest: Iterable[Sequence], *, is_held: bool = False
) -> Enrolments:
    """Return the enrolments as they are once all that follows now has followed.

    Args:
        case: The lead and its ownership.
        ledger: Its runs as recorded.
        latest: The sequences that can be entered, each in its highest version, by priority.
        is_held: Whether no criterion, goal or re-entry rule can answer otherwise than it last did:
            then nobody enters, and only what a run has come to by itself ends it.
    """
    roll = _Roll(case, ledger)
    roll.stay(is_held=is_held)
    for sequence in () if is_held and not roll.moves else latest:
        roll.enter(sequence)
    return Enrolments(
        runs=(*roll.runs.values(), *roll.others),
        moves=tuple(roll.moves),
        notes=tuple(roll.notes),
    )


def exit_reason(progress: Progress, case: Case, *, is_held: bool = False) -> str | None:
    """Return why a run ends now, or None; what is held has no say again."""
    sequence = progress.sequence
    if progress.next is None:
        return FINISHED
    goal = None if is_held else _goal(sequence, case, since_us=progress.since_us)
    if goal is not None:
        return goal
    return _forbidden(sequence, sequence.contacts[progress.place], case)


def _goal(sequence: Sequence, case: Case, *, since_us: int) -> str | None:
    if sequence.exit is not None and evaluate(sequence.exit, case.situation) is True:
        return "its exit goal is reached"
    if not sequence.goals:
        return None
    aim = Aim(
        situation=case.situation,
        since_us=since_us,
        channels=sequence.channels,
        purpose=sequence.purpose,
    )
    goal = reached(sequence.goals, aim)
    return goal and f"its goal is reached: {goal}"


def _forbidden(sequence: Sequence, contacts: frozenset[Contact], case: Case) -> str | None:
    because = case.ownership.because or "ownership changed"
    # What goes on is said of the other team; the accountable one's styles bind it alone.
    is_other = sequence.team is not case.ownership.accountable
    if is_other and case.ownership.continues and sequence.name not in case.ownership.continues:
        return f"it doesn't go on: {because}"
    if case.allowed.isdisjoint(contacts):
        return f"{sequence.team} may not go on with it: {because}"
    return None


def _enters(sequence: Sequence, case: Case, ledger: Ledger, notes: list[str]) -> bool:
    if _forbidden(sequence, sequence.all_contacts, case) or not ledger.may_enter(sequence):
        return False
    if sequence.entry is not None:
        holds = evaluate(sequence.entry, case.situation)
        if holds is None:
            notes.append(f"`{sequence.name}` isn't entered: whether it applies is unknown")
        if holds is not True:
            return False
    return _goal(sequence, case, since_us=case.now_us) is None


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
