"""The protocols for those who extend the library: no inheritance, only shapes.

OPEN. To add a signal, a policy or a planner: a frozen value with the one method below.
"""

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from nurturekit.answers import Desired, Ownership, Plan
    from nurturekit.records import Situation
    from nurturekit.signals import Measure


@runtime_checkable
class Signal(Protocol):
    """Something that can be measured of a situation."""

    @property
    def name(self) -> str:
        """The name under which criteria and documents know it."""
        ...

    def measure(self, situation: "Situation") -> "Measure":
        """Return a value, `UNKNOWN`, or `AtLeast(n)` where records don't reach back far enough."""
        ...


@runtime_checkable
class Policy(Protocol):
    """A position on who should nurture a lead.

    It may also have `terms` (a `nurturekit.ownership.Terms`, by which its wish is settled),
    `parameters` (a mapping, which criteria read) and, to be named in documents, `plugin`: a class
    attribute, its name in the catalog. Then it is a frozen attrs class, and its fields are what a
    document's parameters give.
    """

    @property
    def name(self) -> str:
        """The name that `adopt` moves and reasons cite."""
        ...

    def decide(self, situation: "Situation") -> "Desired":
        """Return what should hold for the lead now, exactly one accountable team in it."""
        ...


@runtime_checkable
class Planner(Protocol):
    """A way to plan what happens next.

    To be named in documents it has `plugin`, as a policy has. What it plans stays within what
    ownership allows; its moves are those of sequences only.
    """

    def plan(self, situation: "Situation", ownership: "Ownership") -> "Plan":
        """Return the wanted actions; the guards see them afterwards."""
        ...
