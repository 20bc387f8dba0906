"""Signals of the account: who else takes part, and in which role."""

import attrs

import nurturekit as nk
from nurturekit.answers import Readiness
from nurturekit.signals import UNKNOWN, named
from tests.builders import LEAD, day, learned

MINE = attrs.evolve(LEAD, account="acme")


def situation(*records, peers=(), engaged=()):
    """Return the lead with readiness bound: these people of its account take part."""
    found = nk.Situation(MINE, records, as_of=day(5), world=nk.World(peers=peers))
    return found.bind(readiness=Readiness(peers=engaged))


def peer(person, role=None):
    """Return another person of the account."""
    facts = [] if role is None else [attrs.evolve(learned("buying_role", role), lead_id=person)]
    return nk.Peer(lead=nk.Lead(id=person, account="acme"), history=nk.History(facts))


ROLES, PEOPLE = named("buying_roles"), named("engaged_people")


def test_roles_of_those_who_take_part():
    """The lead's own role and those of the engaged; others of the account don't count."""
    peers = [peer("ann", "user"), peer("bob", "decision_maker"), peer("cy", "blocker")]
    found = situation(learned("buying_role", "champion"), peers=peers, engaged=("ann", "bob"))
    assert ROLES.measure(found) == ("champion", "decision_maker", "user")
    assert PEOPLE.measure(found) == 3
    criterion = nk.signal("buying_roles").contains_any("decision_maker")
    assert ROLES.name == criterion.signal.name


def test_unknown_roles():
    """No known role is unknown, and so is everything before the readiness is."""
    assert ROLES.measure(situation(peers=[peer("ann")], engaged=("ann",))) is UNKNOWN
    bare = nk.Situation(MINE, as_of=day(5))
    assert ROLES.measure(bare) is UNKNOWN
    assert PEOPLE.measure(bare) is UNKNOWN
    assert PEOPLE.measure(situation()) == 1


def test_peers_share_the_instant():
    """The account's others are seen at the same instant, without other accounts and oneself."""
    late = attrs.evolve(learned("buying_role", "user", 9), lead_id="ann")
    ann = nk.Peer(lead=nk.Lead(id="ann", account="acme"), history=nk.History([late]))
    other = nk.Peer(lead=nk.Lead(id="zoe", account="other"), history=nk.History())
    me = nk.Peer(lead=MINE, history=nk.History())
    found = situation(peers=[ann, other, me])
    assert [one.lead.id for one in found.peers] == ["ann"]
    assert found.peers[0].attribute("buying_role") is None
    assert nk.Situation(LEAD, as_of=day(5), world=nk.World(peers=[ann])).peers == ()
