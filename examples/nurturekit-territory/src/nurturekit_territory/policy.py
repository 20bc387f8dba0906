"""A policy by territory: each takes one of the shipped positions, and has a pool of its own.

Where there are field reps, sales may have a lead from the first day; where there are none,
marketing keeps it until it is ready. The table of a shipped playbook decides the rest, and the core
settles handoffs: this package says only which table holds where.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, cast

import attrs

import nurturekit as nk
from nurturekit.ownership import Terms
from nurturekit.records import FrozenMap
from nurturekit_territory.signal import COUNTRIES, territory_of


@attrs.frozen(kw_only=True)
class Territory:
    """What holds in one territory.

    Args:
        table: The shipped playbook whose table decides there.
        pool: From which pool its reps come.

    Raises:
        CallError: `unknown-preset`.
    """

    table: str
    pool: str = ""

    def __attrs_post_init__(self) -> None:
        nk.preset(self.table)


def _territories(value: Mapping[str, Any]) -> FrozenMap[str, Territory]:
    # A document's tables come as mappings.
    return FrozenMap(
        {
            name: one if isinstance(one, Territory) else Territory(**one)
            for name, one in value.items()
        }
    )


@attrs.frozen(kw_only=True, slots=False)
class TerritoryPolicy:
    """Who should nurture a lead, by its territory.

    Args:
        name: The name that `adopt` moves and reasons cite.
        elsewhere: The shipped playbook that decides where no territory does, or none is known; its
            parameters settle handoffs everywhere.
        territories: What holds in each territory.

    Raises:
        ModelError: `unknown-word` for a territory that no country belongs to.
    """

    # Its entry point's name: with it, a playbook that has this policy can be written as a document.
    plugin: ClassVar[str] = "territory"

    name: str = "territory"
    elsewhere: str = "marketing-led"
    territories: Mapping[str, Territory] = attrs.field(factory=FrozenMap, converter=_territories)

    def __attrs_post_init__(self) -> None:
        nk.preset(self.elsewhere)
        known = sorted(set(COUNTRIES.values()))
        for name in self.territories:
            if name not in known:
                problem = f"must be among {', '.join(known)}"
                raise nk.ModelError("unknown-word", path=f"territories.{name}", problem=problem)

    @cached_property
    def terms(self) -> Terms:
        """The parameters by which the core settles handoffs."""
        # A shipped playbook's policy is a table, which has terms.
        return cast("nk.OwnershipPolicy", nk.preset(self.elsewhere).ownership).terms

    def decide(self, situation: nk.Situation) -> nk.Desired:
        """Return what the territory's table wants, with the territory's pool."""
        found = territory_of(situation)
        territory = self.territories.get(found or "") or Territory(table=self.elsewhere)
        desired = nk.preset(territory.table).ownership.decide(situation)
        where = found or "territory unknown"
        return attrs.evolve(desired, pool=territory.pool, because=f"{where}: {desired.because}")
