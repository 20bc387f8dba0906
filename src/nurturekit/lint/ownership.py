"""Ownership rows that never decide."""

from collections.abc import Iterator

from nurturekit.criteria import Criterion
from nurturekit.interpreters.explain import sentence
from nurturekit.lint.draft import Draft
from nurturekit.lint.findings import Finding
from nurturekit.ownership import Row


def shadowed_rows(draft: Draft) -> Iterator[Finding]:
    """Yield the rows that never decide; the last one answers when nothing else does, and must."""
    earlier: list[tuple[Row, Criterion]] = []
    for row in draft.rows:
        if row.when is not None:
            problem = _shadow(draft, row.when, earlier)
            earlier.append((row, row.when))
            if problem:
                yield Finding(
                    code="shadowed-row",
                    path=f"$.ownership.rows[{row.name}].when",
                    problem=problem,
                    remedy="correct the condition, move the row up, or drop it",
                )


def _shadow(draft: Draft, when: Criterion, earlier: list[tuple[Row, Criterion]]) -> str:
    if not draft.can_hold(when):
        return f"can never hold: {sentence(when)}"
    if draft.can_hold(when, unless=[held for _, held in earlier]):
        return ""
    for row, held in earlier:
        if draft.logic.implies(when, held):
            return f"holds only where row {row.number}, `{row.name}`, has decided already"
    return "holds only where earlier rows, taken together, have decided already"
