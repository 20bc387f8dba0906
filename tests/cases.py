"""Leads with their histories and worlds, for what reads many of them."""

from collections.abc import Iterable

import attrs

import nurturekit as nk
from nurturekit.interop import Case
from tests.builders import world

SCENE = world()


def case(*records: object, lead: str = "lead-1", scene: nk.World | None = None) -> Case:
    """Return a lead with records; those of the builders become its own."""
    own = [attrs.evolve(record, lead_id=lead) for record in records]
    return Case(lead=nk.Lead(id=lead), history=nk.History(own), world=scene or SCENE)


def several(*histories: Iterable[object], scene: nk.World | None = None) -> list[Case]:
    """Return one lead for each list of records."""
    return [
        case(*records, lead=f"lead-{number}", scene=scene)
        for number, records in enumerate(histories, start=1)
    ]
