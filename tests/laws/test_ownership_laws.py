"""Laws of ownership: who has a lead, for any parameters of any policy, over seasons of nights.

The parameters are drawn over their whole range. A season is some weeks of nightly decisions with
several things happening in between: touches, words, answers of reps, moves by hand.
"""

import random
from collections import Counter
from datetime import timedelta
from functools import cache

import attrs
from hypothesis import event, given, settings
from hypothesis import strategies as st

import nurturekit as nk
from nurturekit.answers import Plan
from nurturekit.instants import HOUR_US, to_us
from nurturekit.ownership.terms import ACCEPTANCE, CONTINUITY, EARLIEST, HANDOFF_ON, MOST
from nurturekit.vocabulary import REJECTION_REASONS
from tests.builders import BOTH, LEAD, called, day, did, learned, moved, night, office, world
from tests.strategies import AS_OF, LAST_DAY, histories, policies

MARKETING, SALES = nk.Team.MARKETING, nk.Team.SALES
MINUTE = timedelta(minutes=1)
REPS = tuple(nk.Rep(id=f"rep-{number}", pool="sales") for number in range(1, 6))
# For laws about what few seasons come to.
RARE = settings(max_examples=max(250, settings().max_examples))
INTENTS = ("price_asked", "demo_requested")
VISITS = ("pricing_viewed", "webinar_attended", "blog_viewed")
OUTCOMES = ("connected", "voicemail", "qualified", "no_budget", "not_now", "bad_data")

# ------------------------------------------------------------------------------- parameters


def mostly(small, most=MOST):
    """Draw a small number more often than any other."""
    return st.one_of(small, small, small, st.integers(1, most))


terms = st.fixed_dictionaries(
    {
        "handoff_on": st.sampled_from(HANDOFF_ON),
        "owner_before_ready": st.sampled_from([str(team) for team in nk.Team]),
        "earliest_sales_touch": st.sampled_from(EARLIEST),
        "check_in_days": st.none() | mostly(st.integers(1, 90)),
        "max_offers": mostly(st.integers(1, 4)),
        "response_hours": mostly(st.integers(1, 40), 2000),
        "accept_hours": mostly(st.integers(1, 16), 2000),
        "grace_hours": mostly(st.integers(1, 16), 2000),
        "min_stay_days": st.just(0) | mostly(st.integers(1, 10)),
        "acceptance": st.sampled_from(ACCEPTANCE),
        "continuity": st.lists(st.sampled_from(CONTINUITY), max_size=3),
        "past_due": st.lists(st.sampled_from(("remind", "escalate")), unique=True).map(
            lambda steps: (*sorted(steps, reverse=True), "reassign")
        ),
        "pool": st.sampled_from(("sales", "sales", "sales", "hourless", "nowhere")),
    }
)


EVE = LAST_DAY - 0.5
LATE = {"to": "sales", "due": day(EVE), "origin": "playbook"}
ENDS = st.sampled_from(
    [
        [],
        [moved("owner", EVE, to="sales", rep="rep-1"), did("price_asked", EVE)],
        [moved("owner", EVE, to="marketing"), did("price_asked", EVE)],
        [
            moved("owner", EVE - 1, to="marketing"),
            moved("offered", EVE - 1, was="marketing", **LATE),
        ],
        [moved("owner", EVE - 1, to="sales"), moved("offered", EVE - 1, was="sales", **LATE)],
        # A person has given marketing a lead that some rows want with sales.
        [moved("owner", EVE, to="marketing"), moved("stage", EVE, to="sql")],
        [moved("owner", EVE, to="marketing"), moved("stage", EVE, to="opportunity")],
        [moved("owner", EVE, to="marketing"), moved("stage", EVE, to="incubating", reason="no")],
    ]
)
leads = st.builds(lambda records, end: [*records, *end], histories(), ENDS)


@attrs.frozen
class NoPlan:
    """A planner that plans nothing: these laws are about who, not about what."""

    def plan(self, _situation, _ownership):
        """Plan nothing."""
        return Plan()


@cache
def scene():
    """Return the world of the laws, once."""
    pools = [nk.Pool(id="sales", hours=office(), manager="manager-1"), nk.Pool(id="hourless")]
    return world(reps=[nk.Rep(id=rep.id) for rep in REPS], pools=pools)


@cache
def preset(policy):
    """Return a preset without its planner."""
    return attrs.evolve(nk.preset(policy), planner=NoPlan())


def with_terms(policy, drawn):
    """Return a preset with the parameters drawn."""
    playbook = preset(policy)
    return attrs.evolve(playbook, ownership=attrs.evolve(playbook.ownership, **drawn))


def decide(playbook, records, as_of=AS_OF):
    """Decide about the lead of the laws."""
    return playbook.decide(LEAD, records, as_of=as_of, world=scene())


def said(decision):
    """Return a decision without the count of what it couldn't see."""
    return attrs.evolve(decision, unseen=0).to_json()


# ---------------------------------------------------------------------------------- seasons

# What may happen between two nights, with its detail.
HAPPENINGS = {
    "raises": INTENTS,
    "visits": VISITS,
    "is called": OUTCOMES,
    "is rejected": sorted(map(str, REJECTION_REASONS)),
    "is accepted": ("in person",),
    "is passed on": [rep.id for rep in REPS[:3]],
    "is given to": [str(team) for team in nk.Team],
    "is moved to": [str(stage) for stage in nk.Stage],
    "is now a": ("student", "VP Sales"),
}


def happenings(seed, nights):
    """Return what happens before each night: of a few kinds in each season, so that they meet."""
    rng = random.Random(seed)
    usual = rng.choice((["raises"], ["raises", "is called"], ["visits", "is given to"]))
    kinds = [*usual, *rng.sample(list(HAPPENINGS), rng.randint(0, 2))]
    found = []
    for _ in range(nights):
        kind = rng.choice(kinds)
        found.append((kind, rng.choice(HAPPENINGS[kind])) if rng.random() < 0.5 else None)
    return found


@attrs.frozen
class Night:
    """One night of a season: what was known before, and what was decided."""

    number: int
    decision: nk.Decision
    history: nk.History


class Season:
    """A season: its nights, its playbook, and everything that was recorded in the end."""

    def __init__(self, playbook, nights, history):
        """Keep what was lived; a plain class, as its representation is to be short."""
        self.playbook, self.nights, self.history = playbook, nights, history

    def __repr__(self):
        lines = [
            (one.occurred_at.isoformat(), one.id, getattr(one, "to", None))
            for one in sorted(self.history.records, key=lambda one: one.occurred_at)
            if isinstance(one, nk.Move | nk.Touch)
        ]
        return f"Season({self.playbook.ownership.terms}, {lines})"

    def moves(self, *kinds):
        """Return the moves of some kinds, in order."""
        found = [one for one in self.history.records if isinstance(one, nk.Move)]
        return sorted(
            (one for one in found if one.kind in kinds), key=lambda one: (one.occurred_at, one.seq)
        )

    def decided(self, *kinds):
        """Return the moves of some kinds that decisions proposed, each with its night."""
        return [
            (each.number, move)
            for each in self.nights
            for move in each.decision.moves
            if move.kind in kinds
        ]

    def chains(self):
        """Return the offers of each handoff, in order."""
        chains, at = [], {}
        for _, offer in self.decided("offered"):
            if offer.answers in at:
                at[offer.answers].append(offer)
                at[offer.id] = at[offer.answers]
            else:
                at[offer.id] = [offer]
                chains.append(at[offer.id])
        return chains


def _happens(what, detail, on, pending, rep):
    """Return the record of something that happens on a day."""
    if what in ("raises", "visits"):
        return did(detail, on, id=f"{what}-{on}")
    if what == "is called":
        return called(on, rep=rep or "rep-1", outcome=detail)
    if what in ("is rejected", "is accepted"):
        kind = what.removeprefix("is ")
        answers = None if pending is None else pending.id
        return None if pending is None else moved(kind, on, reason=detail, rep=rep, answers=answers)
    if what == "is passed on":
        return moved("rep", on, rep=detail)
    if what == "is given to":
        return moved("owner", on, to=detail)
    if what == "is moved to":
        return moved("stage", on, to=detail, reason="no_budget")
    return learned("title", detail, on)


@st.composite
def seasons(draw, *, most=14):
    """Draw a season and live it: a request is answered on most nights."""
    playbook = with_terms(draw(policies), draw(terms))
    before = happenings(draw(st.integers(0, 2**24 - 1)), most)
    unanswered = draw(st.sets(st.integers(0, most - 1), max_size=5))
    step = draw(st.sampled_from((1, 1, 2, 5)))
    history, nights, handoff, rep = nk.History(BOTH), [], None, None
    for index in range(most):
        number = index * step
        if before[index] is not None:
            record = _happens(*before[index], number + 0.125, handoff, rep)
            history = history if record is None else history.add(record)
        decision = decide(playbook, history, night(number))
        nights.append(Night(number, decision, history))
        history = history.add(*decision.moves)
        if decision.request is not None and index not in unanswered:
            later = night(number) + MINUTE
            history = history.add(*nk.assign([decision.request], REPS, as_of=later).moves)
        handoff, rep = decision.handoff, decision.ownership.rep
    return Season(playbook, tuple(nights), history)


# ------------------------------------------------------------------------------------- laws


@given(leads, policies, terms)
def test_any_parameters_give_a_decision(records, policy, drawn):
    """Every situation gets a decision that comes to rest, under any parameters."""
    decision = decide(with_terms(policy, drawn), records)
    assert isinstance(decision, nk.Decision)
    assert not [note for note in decision.notes if "did not come to rest" in note]
    assert decision.ownership.row in range(1, 10)


@given(leads, policies, terms)
def test_any_parameters_leave_one_team_accountable(records, policy, drawn):
    """Exactly one team is accountable, and the moves, appended and folded, say the same one."""
    decision = decide(with_terms(policy, drawn), records)
    known = [*records, *decision.moves]
    assert isinstance(decision.ownership.accountable, nk.Team)
    standing = nk.Situation(LEAD, known, as_of=AS_OF + MINUTE).standing
    assert standing.team is decision.ownership.accountable
    waits = decision.handoff is not None
    assert decision.ownership.answerable is (SALES if waits else decision.ownership.accountable)


@given(leads, policies, terms)
def test_any_parameters_decide_the_same_again(records, policy, drawn):
    """The same instant again, moves appended, says the same; a minute later nothing follows."""
    playbook = with_terms(policy, drawn)
    first = decide(playbook, records)
    history = nk.History(records).add(*first.moves)
    assert said(decide(playbook, history)) == said(first)
    assert decide(playbook, history, AS_OF + MINUTE).moves == ()


@given(
    leads,
    policies,
    terms,
    st.lists(st.integers(1, 120), min_size=3, max_size=6),
)
def test_time_alone_never_moves_a_lead_to_sales(records, policy, drawn, waits):
    """Nothing happening, no later decision gives the lead to sales or offers it anew."""
    playbook = with_terms(policy, drawn)
    first = decide(playbook, records)
    history = nk.History(records).add(*first.moves)
    held = first.ownership.accountable
    for days in sorted(waits):
        later = decide(playbook, history, AS_OF + timedelta(days=days))
        history = history.add(*later.moves)
        found = later.ownership.accountable
        event(f"{held} to {found}")
        assert found is held or (held is SALES and found is MARKETING)
        held = found
        known = {move.id for move in history.records if isinstance(move, nk.Move)}
        for move in later.moves:
            assert not (move.kind == "owner" and move.to == "sales")
            # A further offer answers the one that lapsed; a new handoff answers nothing.
            assert move.kind != "offered" or move.answers in known or move.was == "sales"


@given(seasons())
def test_the_giver_is_accountable_until_the_lead_is_taken(season):
    """While an offer waits, who made it is accountable and sales answers; nothing else waits."""
    offers = {move.id: move for _, move in season.decided("offered")}
    for each in season.nights:
        ownership, handoff = each.decision.ownership, each.decision.handoff
        if handoff is None:
            assert ownership.answerable is ownership.accountable
            continue
        event(f"{handoff.giver} waits")
        assert ownership.accountable is handoff.giver
        assert ownership.answerable is SALES
        assert offers[handoff.id].was == handoff.giver


@given(seasons())
def test_each_handoff_spends_new_evidence(season):
    """No livelock: each handoff cites a touch that none cited before; a lead of sales may ask once.

    The exception is the request for a rep that sales makes once for each time that it gets a lead.
    """
    cited = set()
    bare = 0
    for chain in season.chains():
        event(f"offers: {min(len(chain), 3)}")
        new = set(chain[0].evidence) - cited
        cited |= new
        assert new or chain[0].was == "sales"
        bare += not new
    got = [one for one in season.moves("owner") if one.to == "sales"]
    assert bare <= len(got)


@given(seasons())
@RARE
def test_owners_change_by_a_person_or_late(season):
    """No flapping: sales gets a lead by a person's act alone; marketing by one, or late.

    Between two acts of persons a lead changes hands at most once: to marketing, and not within
    `min_stay_days` of the last owner move, acceptance or alert.
    """
    stay = season.playbook.ownership.min_stay_days
    persons = {one.id for one in season.history.records if one.origin == "person"}
    quiet = season.moves("owner", "accepted", "alerted")
    offers = {move.id for _, move in season.decided("offered")}
    for _, move in season.decided("owner")[1:]:
        if move.answers in persons or (move.answers in offers and move.to == "sales"):
            event(f"to {move.to} by a person")
            continue
        event(f"to {move.to} by time")
        assert (move.was, move.to) == ("sales", "marketing")
        before = [one for one in quiet if one.occurred_at < move.occurred_at]
        assert (move.occurred_at.date() - before[-1].occurred_at.date()).days >= stay


@given(seasons())
def test_sales_takes_a_lead_by_a_touch_or_a_word(season):
    """Each acceptance that a decision finds names a sales touch after what its offer cites."""
    offers = {move.id: move for _, move in season.decided("offered")}
    touches = {f"sales touch {one.id}": one for one in season.history.records}
    for _, move in season.decided("accepted"):
        event("accepted")
        assert season.playbook.ownership.acceptance == "first_sales_touch"
        touch = touches[move.reason]
        offer = offers[move.answers]
        cited = [one.occurred_at for one in season.history.records if one.id in offer.evidence]
        assert max(cited, default=offer.occurred_at) < touch.occurred_at <= move.occurred_at
        assert touch.style == "one_to_one"


@given(seasons())
def test_a_late_offer_is_told_once_per_step(season):
    """A reminder and an escalation are sent at most once per offer, the manager told once."""
    told = Counter(
        (move.answers, move.reason)
        for _, move in season.decided("alerted")
        if move.answers is not None
    )
    event(f"told: {min(len(told), 3)}")
    assert all(count == 1 for count in told.values())
    steps = season.playbook.ownership.past_due
    names = {"remind": "reminder", "escalate": "escalation", "reassign": "not_taken"}
    assert {reason for _, reason in told} <= {names[step] for step in steps}


@given(seasons())
def test_no_more_offers_than_allowed(season):
    """One handoff makes at most `max_offers` offers; the last lapse of a full one is final."""
    most = season.playbook.ownership.max_offers
    ends = {move.answers: move for _, move in season.decided("lapsed")}
    for chain in season.chains():
        event(f"offers: {min(len(chain), 3)} of {min(most, 3)}")
        assert len(chain) <= most
        for number, offer in enumerate(chain, 1):
            if offer.id in ends:
                assert (ends[offer.id].reason == "final") is (number == most)


@given(seasons())
def test_no_rep_is_asked_twice_in_one_handoff(season):
    """The library asks no rep whom it, or a person, has asked before in the same handoff."""
    asked, last = [], None
    for move in season.moves("offered", "rep", "accepted", "lapsed", "withdrawn"):
        is_over = move.kind in ("accepted", "withdrawn") or move.reason == "final"
        if is_over or (move.kind == "offered" and (last is None or move.answers != last)):
            asked = []
        last = move.id if move.kind == "offered" else last
        if move.kind not in ("offered", "rep") or move.rep is None:
            continue
        by_hand = move.kind == "rep" and move.answers is None
        event("asked by hand" if by_hand else f"asked as number {min(len(asked) + 1, 3)}")
        assert by_hand or move.rep not in asked
        asked.append(move.rep)


@given(seasons())
@RARE
def test_a_final_lapse_spends_the_evidence(season):
    """After a final lapse nothing that came before its due time is offered again."""
    offers = {move.id: move for _, move in season.decided("offered")}
    spent_by = None
    for _, move in season.decided("offered", "lapsed"):
        if move.kind == "lapsed" and move.reason == "final":
            event("final")
            spent_by = offers[move.answers].due
        elif move.kind == "offered" and spent_by is not None:
            times = {one.id: one.occurred_at for one in season.history.records}
            assert all(times[one] > spent_by for one in move.evidence)


@given(leads, policies, terms)
def test_due_times_are_in_business_time(records, policy, drawn):
    """An offer is due after exactly its hours of the pool's working time, never before it."""
    decision = decide(with_terms(policy, drawn), records)
    hours = drawn["accept_hours"]
    for move in decision.moves:
        if move.kind != "offered":
            continue
        event(f"offered to {drawn['pool']}")
        start, due = to_us(move.occurred_at, field="start"), to_us(move.due, field="due")
        if drawn["pool"] != "sales":
            assert due - start == hours * HOUR_US
            continue
        assert office().elapsed_us(start, due) == hours * HOUR_US
        assert office().is_open(due - 1)


@given(leads, histories(most=6), policies, terms)
def test_merging_two_leads_of_a_person_commutes(records, others, policy, drawn):
    """Two leads of one person give one decision, whichever is merged into the other."""
    person = attrs.evolve(LEAD, person_id="person-1")
    mine = nk.History(records)
    theirs = nk.History(attrs.evolve(one, lead_id="lead-2") for one in others)
    playbook = with_terms(policy, drawn)
    one, other = (
        playbook.decide(person, history, as_of=AS_OF, world=scene())
        for history in (mine.merge(theirs), theirs.merge(mine))
    )
    assert one.to_json() == other.to_json()
    assert one.moves == other.moves


def test_seasons_reach_what_the_laws_are_about():
    """Among the seasons drawn are further offers, final lapses, acceptances and each step."""
    seen = Counter()

    @given(seasons())
    @settings(max_examples=100, database=None)
    def draw(season):
        chains = season.chains()
        seen["further offers"] += any(len(chain) > 1 for chain in chains)
        seen["several handoffs"] += len(chains) > 1
        seen.update({move.reason for _, move in season.decided("alerted", "lapsed")})
        seen.update({str(move.kind) for _, move in season.decided("accepted", "withdrawn")})

    draw()
    wanted = {"further offers", "several handoffs", "reminder", "escalation", "final", "accepted"}
    assert {name for name in wanted if seen[name] >= 3} == wanted
