"""A lead that marketing has, and what is offered, taken and asked of sales."""

import nurturekit as nk
from nurturekit.accountability import Measure, Report, report
from tests.builders import day, moved
from tests.cases import several

START, END = day(0), day(60)
WITH_MARKETING = moved("owner", 0, to="marketing", id="first-owner")
WITH_SALES = moved("owner", 0, to="sales", id="first-owner")
# No pools: every hour counts, so that hours are easy to follow.
ANY_HOUR = nk.World(reps=[nk.Rep(id="rep-7"), nk.Rep(id="mo", team="marketing")])


def offered(on: float, rep: str | None = "rep-7", **fields: object) -> nk.Move:
    """Return an offer from marketing to sales, due two days later."""
    fields = {"was": "marketing", "due": day(on + 2), **fields}
    return moved("offered", on, to="sales", rep=rep, **fields)


def ended(kind: str, on: float, offer: nk.Move, **fields: object) -> nk.Move:
    """Return the end of an offer."""
    return moved(kind, on, id=f"{kind}-of-{offer.id}", answers=offer.id, **fields)


def taken(on: float, offer: nk.Move, rep: str | None = "rep-7") -> list[nk.Move]:
    """Return what a playbook appends once a touch has taken an offer."""
    fields = {"rep": rep, "answers": offer.id}
    return [
        moved("accepted", on, id=f"accepted-{on}", **fields),
        moved("owner", on, id=f"owned-{on}", seq=1, was="marketing", to="sales", **fields),
    ]


def told(*histories: list, scene: nk.World | None = ANY_HOUR, **fields: object) -> Report:
    """Report on leads, each with a list of records."""
    return report(several(*histories, scene=scene), **{"start": START, "end": END, **fields})


def found(name: str, *histories: list, scene: nk.World | None = ANY_HOUR, **about) -> Measure:
    """Return one measure of a report: of sales as a whole, unless said otherwise."""
    about = {"side": "effort", "team": "sales", "rep": None, **about}
    return told(*histories, scene=scene).find(name, **about)
