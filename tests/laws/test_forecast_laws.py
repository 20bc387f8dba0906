"""Laws of the forecast: it ends, and asking again later changes nothing of what was said."""

from datetime import date, timedelta

import attrs
from hypothesis import event, given, settings
from hypothesis import strategies as st

from nurturekit.answers import performed
from nurturekit.calendars import ContactHours
from nurturekit.guards import Admission, Cap, GuardProfile
from nurturekit.identity import stable_id
from nurturekit.planning import SequencePlanner, forecast
from nurturekit.records import Consent, Lead, Move, Situation
from tests.laws.test_planning_laws import (
    ENDED,
    LIBRARIES,
    RECORDS,
    TODAY,
    ownerships,
    planners,
    sequences,
)
from tests.unit.planning.cases import KINDS, LEAD, basis, day, owner, piece, situation, us

MORE = settings(max_examples=max(200, settings().max_examples))
ABROAD = Lead(id=LEAD.id, zone="America/New_York")
DAY_US = us(1) - us(0)
LAST = TODAY + 60
PROFILES = st.builds(
    lambda hours, caps, gap: GuardProfile(
        name="law",
        dated=date(2026, 1, 1),
        hours={"email": ContactHours(windows=hours)} if hours else {},
        caps=[
            Cap(name="cap", at_most=most, window_days=days, then=then) for most, days, then in caps
        ],
        minimum_gap_hours=gap,
    ),
    st.sampled_from([None, "mon-fri 09:00-17:00", "mon-sun 22:00-02:00 overnight"]),
    st.lists(
        st.tuples(st.integers(1, 3), st.sampled_from([1, 7]), st.sampled_from(["defer", "drop"])),
        max_size=1,
    ),
    st.sampled_from([0, 4, 48]),
)


def seen_at(seen, us_, records):
    """The same lead at a later instant, with more records."""
    later = Situation(
        seen.lead,
        [*seen.history.records, *records],
        as_of=seen.as_of + timedelta(microseconds=us_ - seen.as_of_us),
        world=seen.world,
        kinds=KINDS,
    )
    return later.bind(**seen.bound)


@st.composite
def busy_planners(draw):
    """A planner whose three sequences every lead enters."""
    drawn = [draw(sequences(name, 1)) for name in ("nurture", "series", "third")]
    return SequencePlanner(
        sequences=[attrs.evolve(one, entry=None, exit=None, exclusive=None) for one in drawn]
    )


# A playbook's move of this very instant would be news a moment later.
PAST = RECORDS.map(lambda records: [one for one in records if one.occurred_us < us(TODAY)])


@st.composite
def futures(draw):
    """A lead, its planner, ownership and guards; three times in four a busy one."""
    if draw(st.integers(0, 3)):
        channels = ("phone", "email", "post")
        pieces = [piece(f"p{number}") for number in range(12)]
        found = situation(TODAY, [*draw(PAST), *basis(*channels)], lead=ABROAD, content=pieces)
        return found, draw(busy_planners()), owner(), draw(PROFILES)
    channels = draw(st.sampled_from([("email",), ("phone", "email"), ("phone", "email", "post")]))
    lead = draw(st.sampled_from([ABROAD, attrs.evolve(ABROAD, attributes={"pain_point": "cost"})]))
    found = situation(
        TODAY,
        [*draw(PAST), *draw(st.just([]) | ENDED), *basis(*channels)],
        lead=lead,
        content=draw(LIBRARIES),
    )
    return found, draw(planners()), draw(ownerships()), draw(PROFILES)


def ahead(seen, planner, ownership, profile, *, last=LAST):
    """The forecast to a day."""
    return forecast(planner, seen, ownership, until_us=us(last), guards=Admission(profile, seen))


def as_records(seen, outlook, until_us):
    """What a host records of a forecast until an instant: touches until then, moves before it."""
    touches = [
        performed(one, at=seen.as_of + timedelta(microseconds=one.earliest_us - seen.as_of_us))
        for one in outlook.actions
        if one.earliest_us <= until_us
    ]
    moves = [
        Move(
            id=stable_id("move", one.us, index),
            lead_id=seen.lead.id,
            occurred_at=seen.as_of + timedelta(microseconds=one.us - seen.as_of_us),
            origin="playbook",
            kind=one.move.kind,
            seq=index,
            to=one.move.to,
            reason=one.move.reason,
            until=one.move.until,
            sequence=one.move.sequence,
            run=one.move.run,
            step=one.move.step,
            evidence=one.move.evidence,
        )
        for index, one in enumerate(outlook.moves)
        if one.us < until_us
    ]
    return [*touches, *moves]


def owing(ownership, outlook, until_us):
    """What is still owed once the forecast's answers until an instant are given."""
    done = {(one.duty, one.about) for one in outlook.actions if one.earliest_us <= until_us}
    asked = ("answer", "first_response")
    kept = [
        one
        for one in ownership.duties
        if not ((one.agreed or one.kind in asked) and (one.kind, one.about) in done)
    ]
    return attrs.evolve(ownership, duties=tuple(kept))


@MORE
@given(futures(), st.integers(0, 60 * 24), st.booleans(), st.data())
def test_replanning_without_news_changes_nothing(case, hours, on_an_event, data):
    """S0-7: what is planned at any later instant is the rest of what was planned before."""
    seen, planner, ownership, profile = case
    whole = ahead(seen, planner, ownership, profile)
    events_us = [one.earliest_us for one in whole.actions] + [one.us for one in whole.moves]
    cut = us(TODAY) + hours * (DAY_US // 24)
    if on_an_event and events_us:
        cut = data.draw(st.sampled_from(sorted(set(events_us))))
    # A playbook's move is visible only to instants after its own.
    cut += cut in events_us
    later = seen_at(seen, cut, as_records(seen, whole, cut))
    rest = ahead(later, planner, owing(ownership, whole, cut), profile)
    event(f"actions before: {min(3, sum(one.earliest_us <= cut for one in whole.actions))}")
    assert [one for one in rest.actions if one.earliest_us > cut] == [
        one for one in whole.actions if one.earliest_us > cut
    ]
    assert all(one.earliest_us > cut for one in rest.actions)
    after = [(one.us, one.move) for one in whole.moves if one.us >= cut]
    assert [(one.us, one.move) for one in rest.moves] == after


@MORE
@given(futures())
def test_it_ends_and_keeps_the_rules(case):
    """Every forecast ends; nothing is done twice, outside the span or without a basis."""
    seen, planner, ownership, profile = case
    whole = ahead(seen, planner, ownership, profile, last=TODAY + 365)
    ids = [one.id for one in whole.actions]
    assert len(ids) == len(set(ids))
    assert all(seen.as_of_us <= one.earliest_us < us(TODAY + 365) for one in whole.actions)
    assert [one.earliest_us for one in whole.actions] == sorted(
        one.earliest_us for one in whole.actions
    )
    assert all(one.basis for one in whole.actions)
    pieces = [one.content for one in whole.actions if one.content]
    assert len(pieces) == len(set(pieces))
    # No day holds two runs of one sequence.
    entries = [one for one in whole.moves if one.move.kind == "enrolled"]
    begun = [(one.move.sequence, one.us // DAY_US) for one in entries]
    assert len(begun) == len(set(begun))


@MORE
@given(
    futures(),
    st.sampled_from(["withdrawn", "objected", "bounced"]),
    st.sampled_from([None, "email", "phone"]),
    st.sampled_from([None, "marketing", "sales"]),
)
def test_a_suppression_takes_all_in_its_scope(case, kind, channel, purpose):
    """A restriction leaves no contact of its scope in the forecast, and adds none of it."""
    seen, planner, ownership, profile = case
    scope = {"channel": channel, "purpose": purpose}
    stop = Consent(id="stop", lead_id=LEAD.id, occurred_at=day(TODAY), kind=kind, **scope)
    stopped = seen_at(seen, seen.as_of_us, [stop])
    after = ahead(stopped, planner, ownership, profile)
    assert not [
        one
        for one in after.actions
        if channel in (None, one.channel) and purpose in (None, one.purpose)
    ]


@given(futures())
def test_the_first_plan_is_the_plan(case):
    """What a forecast does first is what a plan made now does first."""
    seen, planner, ownership, profile = case
    whole = ahead(seen, planner, ownership, profile)
    plan = planner.plan(seen, ownership)
    checked = Admission(profile, seen).check(plan.actions)
    soon = sorted(
        checked.allowed, key=lambda one: (one.earliest_us, one.priority, -one.rank, one.id)
    )
    until = [one.until_us for one in (*plan.blocked, *checked.blocked) if one.until_us]
    ended = any(run.left for run in seen.standing.runs.values())
    if ended or any(move.kind == "left" for move in plan.moves):
        # A sequence that has ended may begin again before anything that is planned.
        return
    # What waits for an instant may come first at that instant.
    is_first = soon and soon[0].earliest_us < min([us(LAST), *until])
    event(f"something comes before all that waits: {bool(is_first)}")
    if is_first:
        assert whole.actions[0] == soon[0]
    elif not until:
        assert not whole.actions
