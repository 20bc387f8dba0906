"""What can never hold, and what always holds when something else does: proofs over criteria.

In Kleene's order False < unknown < True, `all of` is the least and `any of` the greatest of its
parts. So a demand on a criterion's answer is a demand on all of its parts, or on one of them, down
to the leaves; the demands on one signal's leaves are met by one of its values, or they aren't.
Signals are taken as independent of each other: what isn't ruled out is taken as possible.
"""

from collections.abc import Callable, Iterable
from typing import assert_never

import attrs

from nurturekit.criteria import (
    AllOf,
    AnyOf,
    Compare,
    Contains,
    Criterion,
    IsKnown,
    Leaf,
    Not,
    OneOf,
)
from nurturekit.lint.measures import Answers, Possible, Wanted, can_measure
from nurturekit.typing import Signal

TRUE: Answers = frozenset((True,))
FALSE: Answers = frozenset((False,))
NOT_TRUE: Answers = frozenset((False, None))
NOT_FALSE: Answers = frozenset((True, None))
_OPPOSITE = {TRUE: FALSE, FALSE: TRUE, NOT_TRUE: NOT_FALSE, NOT_FALSE: NOT_TRUE}
# inference: a twentieth of a second; past it nothing is proven.
MOST_STEPS = 5_000

# A criterion, and the answers to it that will do.
Demand = tuple[Criterion, Answers]


class _GaveUpError(Exception):
    """The search has become too long to prove anything."""


@attrs.frozen
class Logic:
    """Proofs about criteria.

    Args:
        possible: What a signal can measure.
    """

    possible: Callable[[Signal], Possible]

    def can_hold(self, *criteria: Criterion, unless: Iterable[Criterion] = ()) -> bool:
        """Say whether all of some criteria can hold at once, while none of others does.

        Args:
            criteria: What must hold.
            unless: What must not hold: be false or unknown.

        Returns:
            False only where that is certain.
        """
        demands = [(one, TRUE) for one in criteria] + [(one, NOT_TRUE) for one in unless]
        try:
            return _Search(self.possible).meets(demands, [], [])
        except _GaveUpError:
            return True

    def implies(self, criterion: Criterion, other: Criterion) -> bool:
        """Say whether one criterion certainly holds wherever another does."""
        return not self.can_hold(criterion, unless=(other,))


class _Search:
    def __init__(self, possible: Callable[[Signal], Possible]) -> None:
        self._possible = possible
        self._steps = 0

    def meets(
        self,
        pending: list[Demand],
        choices: list[tuple[Demand, ...]],
        met: list[tuple[Signal, list[Wanted]]],
    ) -> bool:
        """Say whether what is pending, and one of each choice, can be met beside what is."""
        met = list(met)
        while pending:
            self._steps += 1
            if self._steps > MOST_STEPS:
                raise _GaveUpError
            criterion, answers = pending.pop()
            match criterion:
                case Not():
                    pending.append((criterion.criterion, _OPPOSITE[answers]))
                case AllOf() | AnyOf():
                    parts = tuple((part, answers) for part in criterion.criteria)
                    if isinstance(criterion, AllOf) is (True in answers):
                        pending.extend(parts)
                    else:
                        choices = [*choices, parts]
                case Compare() | OneOf() | Contains() | IsKnown():
                    if not self._can_be(criterion, answers, met):
                        return False
                case _:
                    assert_never(criterion)
        if not choices:
            return True
        first, *others = sorted(choices, key=len)
        return any(self.meets([part], others, met) for part in first)

    def _can_be(self, leaf: Leaf, answers: Answers, met: list[tuple[Signal, list[Wanted]]]) -> bool:
        for place, (signal, held) in enumerate(met):
            if signal == leaf.signal:
                wanted = [*held, (leaf, answers)]
                met[place] = (signal, wanted)
                return can_measure(self._possible(signal), wanted)
        met.append((leaf.signal, [(leaf, answers)]))
        return can_measure(self._possible(leaf.signal), [(leaf, answers)])
