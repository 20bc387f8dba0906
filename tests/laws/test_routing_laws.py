"""Laws of routing: whose turn it is, by weight; nobody who can't; the same answer in any order."""

import random
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

import nurturekit as nk
from nurturekit.instants import to_us
from nurturekit.routing import assign, loads

# Few examples bring a full, an absent and an excluded rep to one request.
MORE = settings(max_examples=max(200, settings().max_examples))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
NAMES = tuple("abcde")
REASONS = {"no-reps", "all-tried", "away", "not-at-work", "full"}
HOURS = [
    None,
    nk.BusinessHours(zone="Europe/Berlin", windows="mon-fri 09:00-17:00"),
    nk.BusinessHours(zone="America/New_York", windows="tue-sat 08:00-12:00"),
    nk.BusinessHours(zone="Asia/Tokyo", windows="mon-fri 09:00-17:00", holidays=[date(2026, 3, 3)]),
]
WEIGHTS = [Decimal("0.5"), Decimal(1), Decimal(2)]
NUMBERS = st.sampled_from([None, None, 1, Decimal("1.5"), 2])
AWAY = st.builds(
    lambda start, days: nk.Absence(
        start=date(2026, 3, 1) + timedelta(days=start),
        end=date(2026, 3, 1) + timedelta(days=start + days),
    ),
    st.integers(0, 2),
    st.integers(1, 2),
)
POOLS = st.sampled_from(["x", "x", "x", "y", None])


@st.composite
def crews(draw):
    """Return reps of several kinds, at least one."""
    return [
        nk.Rep(
            id=name,
            pool=draw(POOLS),
            team=draw(st.sampled_from(["sales", "sales", "sales", "marketing"])),
            active=draw(st.sampled_from([True, True, True, False])),
            zone=draw(st.sampled_from([None, None, "Pacific/Auckland"])),
            weight=draw(st.sampled_from(WEIGHTS)),
            per_day=draw(NUMBERS),
            max_open=draw(NUMBERS),
            hours=draw(st.sampled_from(HOURS)),
            absences=draw(st.lists(AWAY, max_size=1)),
        )
        for name in draw(st.sampled_from([NAMES[:1], NAMES[:3], NAMES]))
    ]


POOL_VALUES = st.tuples(
    *(
        st.builds(
            nk.Pool,
            id=st.just(name),
            hours=st.sampled_from(HOURS),
            per_day=st.sampled_from([None, 1, 2]),
            max_open=st.sampled_from([None, 2, Decimal("2.5")]),
            method=st.sampled_from(["rotation", "rotation", "least_loaded"]),
        )
        for name in "xy"
    )
)
SOME = st.lists(st.sampled_from(NAMES), max_size=3, unique=True).map(tuple)
REQUESTS = st.lists(
    st.builds(
        lambda number, due, **fields: nk.AssignmentRequest(
            id=f"r{number}", lead_id=f"l{number}", role="rep", due_us=_us(due), **fields
        ),
        st.integers(0, 30),
        st.sampled_from([-5, 0, 1, 20, 48]),
        pool=st.sampled_from(["x", "x", "x", "y", "z"]),
        prefer=SOME,
        exclude=SOME,
        person=st.sampled_from([None, None, "p1", "p2"]),
        account=st.sampled_from([None, "a1", "a2"]),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda one: one.id,
)
LOADS = st.dictionaries(
    st.sampled_from(NAMES),
    st.builds(
        nk.Load,
        last_assigned_at=st.sampled_from([None, NOON - timedelta(days=1)]),
        open_leads=st.integers(0, 2),
        today=st.integers(0, 1),
        turn=st.sampled_from([None, 0, 10**9, 3 * 10**9]),
    ),
)


def _us(hours):
    return to_us(NOON + timedelta(hours=hours), field="due")


def _batch(numbers, *, day=0, **fields):
    """Return plain requests of pool x, in the order of their numbers."""
    return [
        nk.AssignmentRequest(
            id=f"request-{day}-{number}",
            lead_id=f"lead-{day:03}-{number:04}",
            pool="x",
            role="rep",
            due_us=_us(-1),
            **fields,
        )
        for number in numbers
    ]


def _starts(rep, pools):
    """Return the first working instant, by looking at every hour."""
    pool = pools.get(rep.pool)
    hours = rep.hours or (pool.hours if pool else None)
    zone = ZoneInfo(rep.zone or (hours.zone if hours else "UTC"))
    instants = (NOON + timedelta(hours=number) for number in range(24 * 14))
    at = next(one for one in instants if hours is None or hours.is_open(to_us(one, field="at")))
    return at, at.astimezone(zone).date()


def _limit(rep, pool, name):
    """Return how many leads a rep can take, by fractions."""
    own, shared = getattr(rep, name), getattr(pool, name) if pool else None
    exact = own if own is not None else None if shared is None else shared * rep.weight
    return 10**9 if exact is None else floor(Fraction(exact) + Fraction(1, 2))


class Host:
    """Keeps every lead's history, and gives batches with what it folds from them."""

    def __init__(self, reps, pools=()):
        self.reps, self.pools = reps, pools
        self.histories = defaultdict(nk.History)

    def load(self, at):
        return loads(self.histories, self.reps, pools=self.pools, as_of=at)

    def give(self, requests, at):
        """Return who gets what, in the order served."""
        made = assign(requests, self.reps, self.load(at), pools=self.pools, as_of=at)
        for move in made.moves:
            self.histories[move.lead_id] = self.histories[move.lead_id].add(move)
        return [move.rep for move in made.moves]

    def give_by_hand(self, rep, at, lead):
        move = nk.Move(id=f"m-{lead}", lead_id=lead, occurred_at=at, kind="rep", rep=rep)
        self.histories[lead] = nk.History([move])


@given(crews(), POOL_VALUES, REQUESTS, LOADS, st.randoms(use_true_random=False))
@MORE
def test_any_order_gives_the_same(reps, pools, requests, load, rng):
    """The order of requests, reps, pools and loads doesn't matter, nor does a request twice."""
    first = assign(requests, reps, load, pools=pools, as_of=NOON)
    shuffled = [rng.sample(one, len(one)) for one in ([*requests, requests[0]], reps, [*pools])]
    again = assign(
        shuffled[0],
        {rep.id: rep for rep in shuffled[1]},
        dict(rng.sample(sorted(load.items()), len(load))),
        pools=shuffled[2],
        as_of=NOON,
    )
    assert again == first


@given(crews(), POOL_VALUES, REQUESTS, LOADS)
@MORE
def test_every_request_is_answered_or_has_a_reason(reps, pools, requests, load):
    """Each request is in exactly one of moves and unassigned, with a reason that is true."""
    made = assign(requests, reps, load, pools=pools, as_of=NOON)
    answered = [move.answers for move in made.moves]
    left = [one.request.id for one in made.unassigned]
    assert sorted([*answered, *left]) == sorted(one.id for one in requests)
    assert {one.reason for one in made.unassigned} <= REASONS
    for one in made.unassigned:
        sales = [rep for rep in reps if rep.active and rep.team is nk.Team.SALES]
        there = {rep.id for rep in sales if rep.pool in (None, one.request.pool)}
        assert (one.reason == "no-reps") == (not there)
        assert (one.reason == "all-tried") == bool(there and there <= {*one.request.exclude})


@given(crews(), POOL_VALUES, REQUESTS, LOADS)
@MORE
def test_nobody_gets_what_they_cannot_take(reps, pools, requests, load):
    """No move names somebody of another pool or team, who left, was tried, is away or too late."""
    people, places = {rep.id: rep for rep in reps}, {pool.id: pool for pool in pools}
    asked = {one.id: one for one in requests}
    for move in assign(requests, reps, load, pools=pools, as_of=NOON).moves:
        request = asked[move.answers]
        rep = attrs.evolve(people[move.rep], pool=request.pool)
        assert rep.active
        assert rep.team is nk.Team.SALES
        assert people[move.rep].pool in (None, request.pool)
        assert rep.id not in request.exclude
        at, day = _starts(rep, places)
        assert not any(away.start <= day < away.end for away in rep.absences)
        follows = move.reason == "same_person"
        assert follows or at < request.due or request.due <= NOON


@given(crews(), POOL_VALUES, REQUESTS, LOADS)
@MORE
def test_nobody_gets_more_than_they_can_take(reps, pools, requests, load):
    """Leads a day and open leads stay within their numbers; one person's leads count once."""
    people, places = {rep.id: rep for rep in reps}, {pool.id: pool for pool in pools}
    asked = {one.id: one for one in requests}
    got = Counter()
    for move in assign(requests, reps, load, pools=pools, as_of=NOON).moves:
        if move.reason == "same_person":
            continue
        rep, pool = people[move.rep], places.get(asked[move.answers].pool)
        before = load.get(rep.id) or nk.Load()
        got[rep.id] += 1
        assert before.today + got[rep.id] <= _limit(rep, pool, "per_day")
        assert before.open_leads + got[rep.id] <= _limit(rep, pool, "max_open")


@given(st.lists(st.integers(1, 4), min_size=2, max_size=12), st.sampled_from([1, 2]))
def test_capacity_holds_over_batches_and_days(sizes, max_open):
    """With loads folded from moves, numbers hold over two batches a day and over days."""
    pool = nk.Pool(id="x", per_day=2, max_open=4 * max_open)
    host = Host([nk.Rep(id=name, pool="x") for name in "ab"], [pool])
    for number, size in enumerate(sizes):
        at = NOON + timedelta(days=number // 2, hours=number % 2)
        host.give(_batch(range(size), day=number), at)
        load = host.load(at)
        assert all(one.today <= 2 and one.open_leads <= 4 * max_open for one in load.values())
    total = sum(one.open_leads for one in host.load(at).values())
    days = [sum(sizes[start : start + 2]) for start in range(0, len(sizes), 2)]
    assert total == min(8 * max_open, sum(min(4, day) for day in days))


EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("hand"), st.sampled_from(NAMES)),
        st.tuples(st.just("batch"), st.lists(SOME, min_size=1, max_size=4)),
        st.tuples(st.just("prefer"), st.sampled_from(NAMES)),
        st.tuples(st.just("away"), st.sampled_from(NAMES)),
    ),
    max_size=14,
)


@given(EVENTS, st.sampled_from(WEIGHTS))
@MORE
def test_equal_weights_are_least_recently_assigned(events, weight):
    """With one weight the longest wait wins, whoever gave what; brute force says the same."""
    reps = [nk.Rep(id=name, pool="x", weight=weight) for name in NAMES]
    host, waited, count, away = Host(reps), dict.fromkeys(NAMES, -1), 0, set()
    for number, (what, about) in enumerate(events):
        at = NOON + timedelta(hours=number)
        if what == "away":
            away ^= {about}
            host.reps = [attrs.evolve(rep, active=rep.id not in away) for rep in reps]
            continue
        if what == "hand":
            host.give_by_hand(about, at, f"hand-{number}")
            expected = [about]
        elif what == "prefer":
            prefer = (about,) if about not in away else ()
            (expected, requests) = [about][: len(prefer)], _batch([0], day=number, prefer=(about,))
            expected = expected or _waiting_longest([()], waited, away)
            assert host.give(requests, at) == expected
        else:
            requests = [_batch([n], day=number, exclude=one)[0] for n, one in enumerate(about)]
            expected = _waiting_longest(about, waited, away)
            assert host.give(requests, at) == expected
        for rep in expected:
            waited[rep] = count = count + 1


def _waiting_longest(excluded, waited, away):
    waited, chosen = dict(waited), []
    for exclude in excluded:
        free = [name for name in waited if name not in exclude and name not in away]
        if free:
            chosen.append(min(free, key=lambda name: (waited[name], name)))
            waited[chosen[-1]] = max(waited.values()) + 1
    return chosen


@given(
    st.lists(st.sampled_from(["0.5", "1", "2", "4", "5"]), min_size=2, max_size=5),
    st.integers(1, 6),
    st.randoms(use_true_random=False),
)
def test_weights_are_exact(weights, rounds, rng):
    """After each whole round everybody has exactly their share, however the days cut it."""
    reps = [
        nk.Rep(id=name, pool="x", weight=weight)
        for name, weight in zip(NAMES, weights, strict=False)
    ]
    share = {rep.id: int(2 * rep.weight) for rep in reps}
    host, got, day = Host(reps), [], 0
    while len(got) < rounds * sum(share.values()):
        size = min(rng.randint(1, 9), rounds * sum(share.values()) - len(got))
        got += host.give(_batch(range(size), day=day), NOON + timedelta(days=day))
        day += 1
    for whole in range(rounds + 1):
        served = Counter(got[: whole * sum(share.values())])
        assert served == Counter({name: whole * one for name, one in share.items()})


@given(st.lists(st.sampled_from(WEIGHTS), min_size=1, max_size=4), st.randoms())
def test_days_change_nothing_about_turns(weights, rng):
    """A month cut into days with folded loads gives the same reps as one batch."""
    reps = [
        nk.Rep(id=name, pool="x", weight=one) for name, one in zip(NAMES, weights, strict=False)
    ]
    at_once = Host(reps).give(_batch(range(40)), NOON)
    daily, got, day = Host(reps), [], 0
    while len(got) < 40:
        numbers = range(len(got), min(40, len(got) + rng.randint(1, 8)))
        got += daily.give(_batch(numbers), NOON + timedelta(days=day))
        day += 1
    assert got == at_once


@given(
    st.lists(st.sampled_from(WEIGHTS), max_size=3),
    st.lists(st.integers(0, 9), min_size=1, max_size=10),
    st.integers(1, 30),
)
def test_back_from_leave_is_one_lead_at_most(others, before, today):
    """Who comes back gets at most one lead more that day than anybody of the same weight."""
    leave = nk.Absence(start=NOON.date(), end=NOON.date() + timedelta(days=len(before)))
    reps = [nk.Rep(id="back", pool="x", absences=[leave]), nk.Rep(id="twin", pool="x")]
    reps += [nk.Rep(id=str(n), pool="x", weight=one) for n, one in enumerate(others)]
    host = Host(reps)
    for day, size in enumerate(before):
        assert "back" not in host.give(_batch(range(size), day=day), NOON + timedelta(days=day))
    got = host.give(_batch(range(today), day=99), NOON + timedelta(days=len(before)))
    equal = [rep.id for rep in reps if rep.weight == 1]
    assert got.count("back") <= 1 + min(got.count(name) for name in equal)


@given(crews(), POOL_VALUES, REQUESTS, LOADS)
@MORE
def test_one_person_has_one_rep(reps, pools, requests, load):
    """All leads of one person in one pool go to one rep, as far as none of them tried that rep."""
    requests = [attrs.evolve(one, exclude=(), pool="x") for one in requests]
    made = assign(requests, reps, load, pools=pools, as_of=NOON)
    people = {one.id: one.person for one in requests}
    for person in ("p1", "p2"):
        chosen = [move for move in made.moves if people[move.answers] == person]
        assert len({move.rep for move in chosen}) <= 1
        assert all(move.reason == "same_person" for move in chosen[1:])


@given(st.lists(st.sampled_from(WEIGHTS), min_size=2, max_size=5), LOADS, st.integers(1, 25))
def test_the_least_loaded_is_next(weights, load, count):
    """Each lead goes to the smallest load by weight; who isn't in the loads holds nothing."""
    pool = nk.Pool(id="x", method="least_loaded")
    reps = {
        name: nk.Rep(id=name, pool="x", weight=one)
        for name, one in zip(NAMES, weights, strict=False)
    }
    held = {name: load[name].open_leads if name in load else 0 for name in reps}
    made = assign(_batch(range(count)), reps, load, pools=[pool], as_of=NOON)
    assert len(made.moves) == count
    for move in made.moves:
        burden = {name: Fraction(held[name]) / Fraction(reps[name].weight) for name in reps}
        assert burden[move.rep] == min(burden.values())
        held[move.rep] += 1


KINDS = [
    {"kind": "rep"},
    {"kind": "owner", "to": "sales"},
    {"kind": "owner", "to": "marketing"},
    {"kind": "offered"},
    {"kind": "accepted"},
    {"kind": "rejected", "reason": "no_budget"},
    {"kind": "lapsed"},
    {"kind": "stage", "to": "sql"},
    {"kind": "snoozed"},
]


@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(["a", "b", None])), max_size=12),
    st.sampled_from([None, "a", "b"]),
    st.integers(0, 4),
)
@MORE
def test_loads_agree_with_what_is_in_force(moves, opened, start):
    """A rep gets a lead each time that the fold of its history puts them newly in force."""
    lead = nk.Lead(id="l")
    records = [
        nk.Opening(id="o", lead_id="l", occurred_at=NOON + timedelta(hours=start), rep=opened)
    ]
    for number, (fields, rep) in enumerate(moves):
        named = "a" if rep is None and fields["kind"] == "rep" else rep
        at = NOON + timedelta(hours=number, minutes=30)
        records.append(nk.Move(id=f"m{number}", lead_id="l", occurred_at=at, rep=named, **fields))
    history, last, got = nk.History(records), {}, Counter()
    in_force = [opened]
    for number in range(start, len(moves)):
        at = NOON + timedelta(hours=number, minutes=30)
        in_force.append(nk.Situation(lead, history, as_of=at).standing.rep)
        if in_force[-1] is not None and in_force[-1] != in_force[-2]:
            last[in_force[-1]] = at
            got[in_force[-1]] += at.date() == NOON.date()
    made = loads([history], [nk.Rep(id=name) for name in "ab"], as_of=NOON + timedelta(hours=11.9))
    for name, load in made.items():
        assert load.last_assigned_at == last.get(name)
        assert load.today == got[name]


def test_four_two_one_of_every_seven():
    """Weights 2 : 1 : 0.5 give 4 : 2 : 1 of every seven leads, for 700 of them."""
    reps = [nk.Rep(id=name, weight=one) for name, one in zip("abc", (2, 1, 0.5), strict=True)]
    got = [move.rep for move in assign(_batch(range(700)), reps, as_of=NOON).moves]
    for start in range(0, 700, 7):
        assert Counter(got[start : start + 7]) == {"a": 4, "b": 2, "c": 1}


def test_a_burst_for_one_leaves_the_others_weights():
    """Preferred leads for one rep every day don't turn weights into plain turns."""
    reps = [nk.Rep(id=name, pool="x", weight=one) for name, one in zip("ab", (4, 1), strict=True)]
    reps.append(nk.Rep(id="star", pool="x"))
    host, got, rng = Host(reps), Counter(), random.Random(7)
    for day in range(60):
        at = NOON + timedelta(days=day)
        host.give(_batch(range(5), day=1000 + day, prefer=("star",)), at)
        got.update(host.give(_batch(range(rng.randint(1, 3)), day=day), at))
    assert 3.5 < got["a"] / got["b"] < 4.5
