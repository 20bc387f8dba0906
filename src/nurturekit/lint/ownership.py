"""Ownership rows that never decide."""

from collections.abc import Iterator

from nurturekit.interpreters.explain import sentence
from nurturekit.lint.draft import Draft
from nurturekit.lint.findings import Finding
from nurturekit.ownership import Row


def shadowed_rows(draft: Draft) -> Iterator[Finding]:
    """Yield the rows that never decide; the last one answers when nothing else does, and must."""
    for index, row in enumerate(draft.rows[:-1]):
        earlier = draft.rows[:index]
        shadow = _shadow(draft, row, earlier)
        if shadow:
            yield Finding(
                code="shadowed-row",
                path=f"$.ownership.rows[{row.name}].when",
                problem=shadow,
                remedy="correct the condition, move the row up, or drop it",
            )


def _shadow(draft: Draft, row: Row, earlier: tuple[Row, ...]) -> str:
    if row.when is None:
        return ""
    if not draft.can_hold(row.when):
        return f"can never hold: {sentence(row.when)}"
    conditions = [one.when for one in earlier if one.when is not None]
    if draft.can_hold(row.when, unless=conditions):
        return ""
    for one in earlier:
        if one.when is not None and draft.logic.implies(row.when, one.when):
            return f"holds only where row {one.number}, `{one.name}`, has decided already"
    return "holds only where earlier rows, taken together, have decided already"
