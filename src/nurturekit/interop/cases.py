"""Leads and records put together: each lead with its history and the world as it sees it."""

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from nurturekit.interop.leads import Leads
from nurturekit.records import EMPTY_WORLD, History, Lead, Record, World
from nurturekit.records.world import Peer


@attrs.frozen(kw_only=True)
class Case:
    """One lead, ready to be decided: the other leads of its account are in its world."""

    lead: Lead
    history: History
    world: World


def cases(
    leads: Leads, records: Iterable[Record] = (), *, world: World = EMPTY_WORLD
) -> Iterator[Case]:
    """Yield every lead with its history and its world, in the order of the leads.

    Args:
        leads: The leads, with their openings.
        records: Records of any kind and lead; those of other leads are left out.
        world: Reps, pools, content and assumptions that all leads share.
    """
    grouped: dict[str, list[Record]] = {lead_id: [] for lead_id in leads.by_id}
    for record in (*leads.openings.values(), *records):
        if record.lead_id in grouped:
            grouped[record.lead_id].append(record)
    histories = {lead_id: History(found) for lead_id, found in grouped.items()}
    accounts: dict[str, list[Peer]] = {}
    for lead in leads.by_id.values():
        if lead.account is not None:
            peer = Peer(lead=lead, history=histories[lead.id])
            accounts.setdefault(lead.account, []).append(peer)
    for lead in leads.by_id.values():
        others = [peer for peer in accounts.get(lead.account or "", ()) if peer.lead is not lead]
        yield Case(lead=lead, history=histories[lead.id], world=_with_peers(world, others))


def _with_peers(world: World, peers: list[Peer]) -> World:
    changes: dict[str, Any] = {"peers": peers}
    return attrs.evolve(world, **changes) if peers else world
