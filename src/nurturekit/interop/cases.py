"""Leads and records put together: each lead with its history and the world as it sees it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import attrs

from nurturekit.decision import Decision
from nurturekit.errors import NurtureError
from nurturekit.instants import to_us
from nurturekit.interop.leads import Leads
from nurturekit.playbook import Playbook
from nurturekit.records import EMPTY_WORLD, History, Lead, Record, World
from nurturekit.records.world import Peer


@attrs.frozen(kw_only=True)
class Case:
    """One lead, ready to be decided: its account's and its person's others are in its world."""

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
    related: dict[tuple[str, str], list[Peer]] = {}
    for lead in leads.by_id.values():
        peer = Peer(lead=lead, history=histories[lead.id])
        for key in _keys(lead):
            related.setdefault(key, []).append(peer)
    for lead in leads.by_id.values():
        found = {peer.lead.id: peer for key in _keys(lead) for peer in related[key]}
        others = [peer for peer in found.values() if peer.lead is not lead]
        yield Case(lead=lead, history=histories[lead.id], world=_with_peers(world, others))


def _keys(lead: Lead) -> Iterator[tuple[str, str]]:
    # Leads of one account, and leads of one person, see each other.
    for name in ("account", "person_id"):
        value = getattr(lead, name)
        if value is not None:
            yield name, value


def _with_peers(world: World, peers: list[Peer]) -> World:
    changes: dict[str, Any] = {"peers": peers}
    return attrs.evolve(world, **changes) if peers else world


def decide_each(
    playbook: Playbook, cases: Iterable[Case], *, as_of: datetime
) -> Iterator[tuple[Case, Decision | NurtureError]]:
    """Decide every case, and go on after one that can't be decided.

    Args:
        playbook: The playbook.
        cases: Leads with their histories and worlds.
        as_of: The instant of judgement, aware.

    Returns:
        Each case with its decision, or with the error that prevented it, in the order of the cases.

    Raises:
        RecordError: For a naive or impossible instant, before anything is decided.

    >>> from datetime import UTC, datetime
    >>> from nurturekit.presets import PRESETS, preset
    >>> case = Case(lead=Lead(id="l1"), history=History(), world=EMPTY_WORLD)
    >>> playbook, now = preset(PRESETS[0]), datetime(2026, 11, 2, tzinfo=UTC)
    >>> ((_, decision),) = decide_each(playbook, [case], as_of=now)
    >>> decision.lead_id
    'l1'
    """
    to_us(as_of, field="as_of")
    return ((case, _decided(playbook, case, as_of)) for case in cases)


def _decided(playbook: Playbook, case: Case, as_of: datetime) -> Decision | NurtureError:
    try:
        return playbook.decide(case.lead, case.history, as_of=as_of, world=case.world)
    except NurtureError as error:
        return error
