"""Leads for which each row of the policies' tables holds, and presets with other parameters."""

import attrs

import nurturekit as nk
from tests.builders import BOTH, LEAD, called, day, did, moved

ASKED = did("price_asked", -5, at=day(-5, 9))


def with_terms(policy, **terms):
    """Return a preset with other parameters."""
    playbook = nk.preset(policy)
    return attrs.evolve(playbook, ownership=attrs.evolve(playbook.ownership, **terms))


def held_by(team, *records, policy):
    """Return a lead that a team has had for a while, and what has happened since."""
    rep = "rep-7" if team == "sales" else None
    owner = moved("owner", -40, at=day(-40, 11), to=team, rep=rep)
    return [*BOTH, moved("adopt", -40, to=policy), owner, *records]


def home(policy):
    """Return who has a lead that isn't ready yet."""
    return nk.preset(policy).ownership.owner_before_ready


def objected(policy):
    """Give a lead whose person objected to marketing."""
    stop = nk.Consent(id="stop", lead_id=LEAD.id, occurred_at=day(0), kind="objected")
    return held_by(home(policy), stop, policy=policy)


def closed(policy):
    """Give a lead that a person has disqualified."""
    out = moved("stage", 0, to="disqualified", reason="bad_fit")
    return held_by(home(policy), out, policy=policy)


def spoken(policy):
    """Give a lead with sales whose rep has just heard that there is no budget."""
    word = called(0, outcome="no_budget")
    return held_by("sales", moved("stage", -5, to="sal"), called(-1), word, policy=policy)


def offered(policy, *, due):
    """Give a lead that was offered to rep-7 five days ago."""
    by = "sales" if policy == "sales-led" else "marketing"
    asked = [] if by == "sales" else [ASKED]
    offer = moved(
        "offered",
        -5,
        was=by,
        to="sales",
        rep="rep-7",
        due=due,
        origin="playbook",
        evidence=[one.id for one in asked],
    )
    return held_by(by, *asked, offer, policy=policy)


def late(policy):
    """Give a lead whose offer has been past due since this afternoon."""
    return offered(policy, due=day(0, 15))


def waiting(policy):
    """Give a lead whose offer is due in five days."""
    return offered(policy, due=day(5))


def with_sales(policy):
    """Give a lead that sales has qualified."""
    return held_by("sales", moved("stage", -5, to="sql"), called(-4), policy=policy)


def asked(policy):
    """Give a lead that asks the price today."""
    return held_by(home(policy), did("price_asked", 0), policy=policy)


def idle(policy):
    """Give a lead that is idle since rep-7 called."""
    stage = "incubating" if policy == "sales-led" else "recycled"
    word = moved("stage", -5, to=stage, reason="no_need")
    return held_by(home(policy), called(-6), word, policy=policy)


def new(policy):
    """Give a lead that has only downloaded something."""
    return [*BOTH, did("content_downloaded", 0)]
