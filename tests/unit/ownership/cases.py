"""A lead before settling: its records, what a policy wants, and what follows, shortly said."""

import nurturekit as nk
from nurturekit.answers import Desired, Settled
from nurturekit.ownership import Terms
from nurturekit.records import FrozenMap
from nurturekit.vocabulary import Team
from tests.builders import LEAD, day, did, moved, world

KINDS = FrozenMap(
    {
        "demo_requested": nk.Kind.of(intent=True, position="decision"),
        "pricing_viewed": nk.Kind.of(position="decision"),
        "visited": nk.Kind(),
    }
)
MARKETING = moved("owner", 0, to="marketing", id="with-marketing")
SALES = moved("owner", 0, to="sales", id="with-sales")
RAISED = did("demo_requested", 1)


def opening(on: float = 0, **fields: object) -> nk.Opening:
    """Return an opening."""
    return nk.Opening(id="opening", lead_id=LEAD.id, occurred_at=day(on), **fields)


def offered(on: float = 1, due: float = 5, **fields: object) -> nk.Move:
    """Return an offer that a playbook made: from marketing to rep-7, unless said otherwise."""
    fields = {"was": "marketing", "rep": "rep-7", "evidence": [RAISED.id], **fields}
    return moved("offered", on, to="sales", due=day(due), origin="playbook", **fields)


def lapsed(on: float, offer: nk.Move, **fields: object) -> nk.Move:
    """Return the end of an offer that nobody took."""
    fields = {"reason": "past due", "rep": offer.rep, **fields}
    return moved("lapsed", on, answers=offer.id, origin="playbook", **fields)


def situation(*records: object, on: float = 2, lead: nk.Lead = LEAD, **fields: object):
    """Return the lead on a day, with its readiness bound."""
    found = nk.Situation(lead, records, as_of=day(on), kinds=KINDS, **{"world": world(), **fields})
    return found.bind(readiness=nk.Qualification().measure(found))


def wanted(team: str = "sales", **fields: object) -> Desired:
    """Return what a policy wants."""
    return Desired(accountable=Team(team), because="the row", **fields)


def settled(
    *records: object,
    on: float = 2,
    want: Desired | str = "sales",
    base: Desired | None = None,
    terms: Terms | None = None,
    **fields: object,
) -> Settled:
    """Settle what a policy wants once."""
    desired = wanted(want) if isinstance(want, str) else want
    found = situation(*records, on=on, **fields)
    return nk.settle(found, desired, base=base, terms=terms, policy="mine")


def said(made: Settled) -> list[tuple[str, str | None]]:
    """Return what the moves say, shortly: kind and target."""
    return [(str(move.kind), move.to) for move in made.moves]


def all_settled(*records: object, passes: int = 5, **fields: object) -> tuple[list, Settled]:
    """Settle until nothing follows; return all that did, shortly, and the state at rest."""
    told, held = [], list(records)
    for _ in range(passes):
        made = settled(*held, **fields)
        if not made.moves:
            return told, made
        told += said(made)
        # What a playbook proposes is seen after its instant: fold it as a person's move.
        held += [nk.Move(**_by_hand(move)) for move in made.moves]
    raise AssertionError(told)


def _by_hand(move: nk.Move) -> dict[str, object]:
    names = ("id", "lead_id", "occurred_at", "kind", "seq", "was", "to", "team", "rep", "reason")
    names += ("due", "answers", "evidence")
    return {name: getattr(move, name) for name in names}
