"""Sequences that nobody enters or that may not run, and what waits for what never comes."""

from collections.abc import Iterator

from nurturekit.criteria import Criterion
from nurturekit.documents.extends import shipped_sequences
from nurturekit.interpreters.explain import sentence
from nurturekit.lint.draft import Draft
from nurturekit.lint.findings import WARNING, Finding
from nurturekit.lint.sequences import path_of
from nurturekit.ownership import OwnershipPolicy, Row
from nurturekit.ownership.policy import BEFORE_READY, STAY
from nurturekit.planning import Sequence, Step
from nurturekit.vocabulary import Direction, Style, Team

# What an answer of the lead fulfils.
_ANSWERS = ("reply", "account_reply")


def never_entered(draft: Draft) -> Iterator[Finding]:
    """Yield the sequences whose entry never holds, or holds only where their exit does."""
    for sequence in draft.sequences:
        if sequence.entry is not None and not draft.can_hold(sequence.entry):
            yield Finding(
                code="never-entered",
                path=path_of(sequence, "entry"),
                problem=f"can never hold: {sentence(sequence.entry)}",
                remedy="correct it, or drop the sequence",
            )
        elif not _is_entered(draft, sequence):
            yield Finding(
                code="exit-at-once",
                path=path_of(sequence, "exit"),
                problem="holds wherever the entry does, so nobody is ever enrolled",
                remedy="let entry and exit exclude each other",
            )


def _is_entered(draft: Draft, sequence: Sequence) -> bool:
    return draft.can_hold(sequence.entry, unless=_leaving(sequence))


def _leaving(sequence: Sequence) -> tuple[Criterion, ...]:
    return () if sequence.exit is None else (sequence.exit,)


def not_continued(draft: Draft) -> Iterator[Finding]:
    """Yield the sequences that no ownership row lets run where they can be entered.

    Those that come with the library are left out: a document that inherits them need not use all.
    """
    policy, shipped = draft.playbook.ownership, shipped_sequences()
    if not isinstance(policy, OwnershipPolicy):
        return
    for sequence in draft.sequences:
        if sequence.name not in shipped and _is_entered(draft, sequence):
            yield from _not_allowed(draft, policy, sequence)


def _not_allowed(draft: Draft, policy: OwnershipPolicy, sequence: Sequence) -> Iterator[Finding]:
    steps = [step for step in sequence.steps if isinstance(step, Step)]
    if not _can_run(draft, policy, sequence, steps):
        problem = f"is {sequence.team}, and no open row lets it run where it can be entered"
        remedy = "allow its styles, or name it in `continues`"
        yield _held_back(sequence, "team", problem, remedy)
        return
    rows = [row for row in policy.rows if not row.closed and _goes_on(policy, row, sequence)]
    for step in steps:
        if not any(_allows(policy, row, sequence, step) for row in rows):
            team = step.team or sequence.team
            problem = f"is {step.style}, which no open row allows {team}: the step is passed over"
            remedy = "allow it in a row, or change the step"
            yield _held_back(sequence, f"steps[{step.id}].style", problem, remedy)


def _held_back(sequence: Sequence, place: str, problem: str, remedy: str) -> Finding:
    return Finding(
        code="sequence-not-continued",
        path=path_of(sequence, place),
        problem=problem,
        remedy=remedy,
        level=WARNING,
    )


def _can_run(draft: Draft, policy: OwnershipPolicy, sequence: Sequence, steps: list[Step]) -> bool:
    for index, row in enumerate(policy.rows):
        if row.closed or not _goes_on(policy, row, sequence):
            continue
        earlier = [one.when for one in policy.rows[:index] if one.when is not None]
        if any(_allows(policy, row, sequence, step) for step in steps) and draft.can_hold(
            sequence.entry, row.when, unless=(*_leaving(sequence), *earlier)
        ):
            return True
    return False


def _goes_on(policy: OwnershipPolicy, row: Row, sequence: Sequence) -> bool:
    if not row.continues or sequence.name in row.continues or row.accountable == STAY:
        return True
    is_early = row.accountable == BEFORE_READY
    return (policy.owner_before_ready if is_early else row.accountable) == sequence.team


def _allows(policy: OwnershipPolicy, row: Row, sequence: Sequence, step: Step) -> bool:
    team = step.team or sequence.team
    if step.style in row.allowed.get(team, ()):
        return True
    # An answer to a hand-raise, and an early rep, write one-to-one whatever the row says.
    is_early = row.early_sales and policy.earliest_sales_touch != "never"
    may_write = is_early or "answer" in row.duties
    return team is Team.SALES and step.style is Style.ONE_TO_ONE and may_write


def vain_triggers(draft: Draft) -> Iterator[Finding]:
    """Yield the triggers that aren't anything a lead does."""
    kinds = draft.playbook.kinds
    for sequence in draft.sequences:
        for step in sequence.steps:
            for name in step.triggers:
                kind = kinds.get(name)
                if kind is None and kinds:
                    problem = f"hold `{name}`, which no kind describes"
                elif kind is not None and kind.direction is Direction.OUTBOUND:
                    problem = f"hold `{name}`, which is what we do ourselves"
                else:
                    continue
                yield Finding(
                    code="unknown-trigger",
                    path=path_of(sequence, f"steps[{step.id}].triggers"),
                    problem=problem,
                    remedy="name a kind of touch that the lead makes",
                    level=WARNING,
                )


def unfulfilled_goals(draft: Draft) -> Iterator[Finding]:
    """Yield the goals for which no described kind of touch counts."""
    if any(kind.reply for kind in draft.playbook.kinds.values()):
        return
    for sequence in draft.sequences:
        for goal in sequence.goals:
            if goal in _ANSWERS:
                yield Finding(
                    code="unfulfilled-goal",
                    path=path_of(sequence, "goals"),
                    problem=f"hold `{goal}`, but no kind has `reply = true`: only a rep's outcome "
                    "`replied` ends it",
                    remedy="say of which kinds the lead answers",
                    level=WARNING,
                )
