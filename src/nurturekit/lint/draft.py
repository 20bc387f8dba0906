"""A playbook under review, with what the checks ask of it again and again."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from nurturekit.criteria import Criterion
from nurturekit.lint.domains import possible, possible_in_rules
from nurturekit.lint.logic import Logic
from nurturekit.lint.ranges import Ranges, ranges_of
from nurturekit.ownership import OwnershipPolicy, Row
from nurturekit.planning import Branch, Sequence
from nurturekit.playbook import Playbook
from nurturekit.records import EMPTY_WORLD, FrozenMap, World
from nurturekit.scoring import ScoringModel

if TYPE_CHECKING:
    from nurturekit.lint.paths import Paths


@attrs.frozen(kw_only=True, slots=False)
class Draft:
    """A playbook under review.

    Args:
        playbook: The playbook. A plug-in's policy or planner isn't looked into.
        world: Whose content library counts.
        horizon_days: How far anybody plans.
    """

    playbook: Playbook
    world: World = EMPTY_WORLD
    horizon_days: int

    @property
    def model(self) -> ScoringModel | None:
        """The scoring model, None for one of another make."""
        model: object = self.playbook.scoring
        return model if isinstance(model, ScoringModel) else None

    @cached_property
    def ranges(self) -> Ranges | None:
        """What the scoring model can give."""
        # A rule's criterion reads no score, so its proof needs no range.
        logic = Logic(lambda signal: possible_in_rules(signal, self))
        return None if self.model is None else ranges_of(self.model, logic.can_hold)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The ownership table, empty for a plug-in's policy."""
        policy = self.playbook.ownership
        return policy.rows if isinstance(policy, OwnershipPolicy) else ()

    @property
    def parameters(self) -> Mapping[str, object]:
        """The policy's parameters, none for a plug-in's."""
        policy = self.playbook.ownership
        return policy.parameters if isinstance(policy, OwnershipPolicy) else FrozenMap()

    @cached_property
    def sequences(self) -> tuple[Sequence, ...]:
        """The sequences of the planner, each in its highest version: those that are entered."""
        held = getattr(self.playbook.planner, "sequences", ())
        found = sorted(
            (one for one in held if isinstance(one, Sequence)), key=lambda one: one.version
        )
        return tuple({one.name: one for one in found}.values())

    @property
    def criteria(self) -> Iterator[Criterion]:
        """Every criterion but those of scoring rules."""
        unfit = getattr(self.playbook.qualification, "unfit", None)
        rows = (row.when for row in self.rows)
        ends = (one for sequence in self.sequences for one in (sequence.entry, sequence.exit))
        arms = (
            arm.when
            for sequence in self.sequences
            for step in sequence.steps
            if isinstance(step, Branch)
            for arm in step.arms
        )
        yield from (one for one in (unfit, *rows, *ends, *arms) if one is not None)

    @cached_property
    def paths(self) -> "tuple[Paths, ...]":
        """The paths through each sequence."""
        # The paths are found by asking the draft.
        from nurturekit.lint.paths import paths_of

        return tuple(paths_of(self, sequence) for sequence in self.sequences)

    @cached_property
    def logic(self) -> Logic:
        """Proofs about criteria, with what each signal can measure here."""
        return Logic(lambda signal: possible(signal, self))

    def can_hold(self, *criteria: Criterion | None, unless: Iterable[Criterion] = ()) -> bool:
        """Say whether some criteria can hold at once and others not; None always holds."""
        return self.logic.can_hold(*(one for one in criteria if one is not None), unless=unless)
