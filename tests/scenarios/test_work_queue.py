"""Position C and E at the desk: whom a rep turns to first, and who is told what."""

from datetime import timedelta

import attrs

import nurturekit as nk
from nurturekit.interop import Case
from nurturekit.rates import conversion_rates
from nurturekit.work import digest, idle_list, work_queue
from tests.builders import BOTH, LEAD, called, day, did, learned, moved, night, run, world

LED = nk.preset("blended")


def of(lead_id, *records):
    """Return records as those of another lead."""
    return [attrs.evolve(one, id=f"{one.id}-{lead_id}", lead_id=lead_id) for one in records]


def case(lead_id, records, scene):
    """Return a lead with its records."""
    lead = nk.Lead(id=lead_id, zone="Europe/Berlin", language="en")
    return Case(lead=lead, history=nk.History(records), world=scene)


def decided(cases, at):
    """Return each lead with its decision, moves appended."""
    for one in cases:
        decision = LED.decide(one.lead, one.history, as_of=at, world=one.world)
        yield attrs.evolve(one, history=one.history.add(*decision.moves)), decision


def past(campaign, leads, won):
    """Return leads of a year ago, some of which bought."""
    for number in range(leads):
        name = f"{campaign}-{number}"
        bought = [moved("stage", -300, to="customer")] if number < won else []
        came = did("form_submitted", -365, campaign=campaign)
        yield case(name, of(name, came, *bought), nk.World())


def test_the_best_source_never_goes_uncalled_while_there_is_time():
    """Given two calls a day, a lead of the best source waits for none that waited less.

    Eight leads each by a fair and by a bought list fall due with the same rep. On every day of a
    month, whoever of the fair is left uncalled is so because the calls went to others of the fair
    or to leads that had waited longer; and no call is left over while somebody may be called.

    Source: S2-7
    """
    rates = conversion_rates(
        [*past("fair", 60, 20), *past("list", 200, 4)], as_of=day(0), kinds=LED.kinds
    )
    assert rates.of("fair").low > rates.of("list").high
    scene = world()
    cases = []
    for campaign in ("fair", "list"):
        for number in range(8):
            name = f"{campaign}-lead-{number}"
            came = did("form_submitted", -number, campaign=campaign)
            given = [moved("owner", 0, to="sales", rep="rep-7"), moved("stage", 0, to="sal")]
            cases.append(case(name, of(name, *BOTH, came, *given), scene))
    called_on, listed, full = {}, set(), []
    for number in range(30):
        at = day(number, 9)
        pairs = list(decided(cases, at))
        queue = work_queue(pairs, playbook=LED, as_of=at, rep="rep-7", rates=rates)
        done = queue.take(2)
        left = [item for item in queue.items[len(done) :] if item.campaign == "fair"]
        worse = [item for item in done if item.campaign == "list"]
        assert len(done) == 2 or not left
        assert all(one.age_days > other.age_days for one in worse for other in left)
        full += [number] if len(queue) > len(done) else []
        listed |= {item.lead_id for item in queue}
        acted = {item.lead_id: item.action for item in done}
        called_on.update(dict.fromkeys(acted, number))
        cases = [
            attrs.evolve(one, history=one.history.add(nk.performed(acted[one.lead.id], at=at)))
            if one.lead.id in acted
            else one
            for one, _ in pairs
        ]
    fair = {lead_id for lead_id in listed if lead_id.startswith("fair")}
    assert len(full) >= 5
    assert len(fair) == 8
    assert fair <= set(called_on)


def test_a_hand_raise_goes_before_the_best_source():
    """Given an old lead of the best source and a demo asked for by another, the demo goes first.

    Source: S2-7
    """
    rates = conversion_rates(past("fair", 60, 20), as_of=day(0), kinds=LED.kinds)
    mine = [moved("owner", -30, to="sales", rep="rep-7"), moved("stage", -30, to="sal")]
    cases = [
        case("old", of("old", *BOTH, did("form_submitted", -200, campaign="fair"), *mine), world()),
        case("asked", of("asked", *BOTH, did("demo_requested", 0, at=day(0, 8)), *mine), world()),
    ]
    at = day(0, 9)
    begun = [one for one, _ in decided(cases, day(-20))]
    queue = work_queue(decided(begun, at), playbook=LED, as_of=at, rep="rep-7", rates=rates)
    assert [(item.lead_id, item.kind) for item in queue] == [("asked", "answer"), ("old", "ranked")]


def test_a_rep_with_time_to_spare_gets_a_list():
    """Given an idle lead whose check-in is weeks away, a piece that fits its need is offered.

    The rep's own list is empty. A lead with another need, for which nothing is new, isn't offered;
    nor is one that asked to be left alone.

    Source: S4-8, S3-2
    """
    piece = nk.Content(id="use-case", pain_points=("reporting",), published_at=day(25))
    scene = world(content=[piece])
    idle = [*BOTH, did("price_asked", 0), called(1), called(20, outcome="no_budget")]
    need = learned("pain_point", "reporting", 1)
    _, told = run("blended", [*idle, need], 24, scene=scene, mail=False)
    other = learned("pain_point", "price", 1)
    _, plain = run("blended", [*idle, other], 24, scene=scene, mail=False)
    gone = nk.Consent(id="stop", lead_id=LEAD.id, occurred_at=day(23), kind="objected")
    cases = [
        case(name, of(name, *records), scene)
        for name, records in (("told", told), ("plain", plain), ("gone", [*told, gone]))
    ]
    at = day(30, 9)
    pairs = list(decided(cases, at))
    assert len(work_queue(pairs, playbook=LED, as_of=at, rep="rep-7")) == 0
    spare = idle_list(pairs, playbook=LED, as_of=at, rep="rep-7")
    assert [(item.lead_id, item.action.content) for item in spare] == [("told", "use-case")]
    assert {one.lead_id: one.code for one in spare.left_out} == {"plain": "nothing-new"}


def test_the_rep_is_told_in_one_digest():
    """Given a given-back lead that looks at prices and another that asks, one digest has both.

    Who asked stands first; a night later nothing is told again.

    Source: S4-6
    """
    back = [*BOTH, did("price_asked", 0), called(1), called(20, outcome="no_budget")]
    _, looking = run("marketing-led", [*back, did("pricing_viewed", 60)], 60)
    _, asking = run("marketing-led", back, 60)
    raised = [*asking, moved("owner", 60, to="sales", rep="rep-7"), did("demo_requested", 60)]
    cases = {
        name: case(name, of(name, *records), world())
        for name, records in (("looking", looking), ("asking", raised))
    }
    playbook = nk.preset("marketing-led")
    decisions = [
        playbook.decide(one.lead, one.history, as_of=night(60), world=one.world)
        for one in cases.values()
    ]
    (found,) = digest(decisions)
    assert found.recipient == "rep-7"
    assert [(one.reason, one.lead_id) for one in found.alerts] == [
        ("hand_raise", "asking"),
        ("new_intent", "looking"),
    ]
    again = [
        playbook.decide(
            cases[one.lead_id].lead,
            cases[one.lead_id].history.add(*one.moves),
            as_of=night(60) + timedelta(days=1),
            world=world(),
        )
        for one in decisions
    ]
    assert digest(again) == ()
