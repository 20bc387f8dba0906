"""Who gets which lead, and why: never at random."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import permutations

import attrs
import pytest

import nurturekit as nk
from nurturekit.errors import CallError, RecordError
from nurturekit.instants import to_us
from tests.builders import day

REPS = [nk.Rep(id=name) for name in ("ann", "bob", "cy")]


def request(lead, due=1, **fields):
    """Return a request for a rep."""
    return nk.AssignmentRequest(
        id=f"request-{lead}",
        lead_id=lead,
        pool="sales",
        role="rep",
        due_us=to_us(day(due), field="due"),
        **fields,
    )


def given(*requests, reps=REPS, load=None, on=0, pools=()):
    """Return who gets which lead."""
    made = nk.assign(requests, reps, load, pools=pools, as_of=day(on))
    return {move.lead_id: move.rep for move in made.moves}


def refused(*requests, reps=REPS, load=None, on=0, pools=()):
    """Return which leads nobody can take, and why."""
    made = nk.assign(requests, reps, load, pools=pools, as_of=day(on))
    return {one.request.lead_id: one.reason for one in made.unassigned}


class TestAssign:
    def test_each_request_is_answered(self):
        """A `rep` move of a person answers the request, at the instant."""
        (move,) = nk.assign([request("a")], REPS, as_of=day(0)).moves
        assert (move.kind, move.rep, move.lead_id) == ("rep", "ann", "a")
        assert (move.answers, move.origin, move.occurred_at) == ("request-a", "person", day(0))

    def test_order_does_not_matter(self):
        """Any order of requests and reps gives the same moves."""
        asked = [request("a"), request("b", 2), request("c"), request("d")]
        first = nk.assign(asked, REPS, as_of=day(0))
        for requests in permutations(asked):
            for reps in permutations(REPS):
                assert nk.assign(requests, reps, as_of=day(0)) == first

    def test_due_first_then_by_lead(self):
        """The most urgent is served first, equals by lead id."""
        assert given(request("b"), request("c", 0.5), request("a")) == {
            "c": "ann",
            "a": "bob",
            "b": "cy",
        }

    def test_the_least_recently_assigned_is_next(self):
        """Who has waited longest is served first; who never got a lead before everybody."""
        load = {
            "ann": nk.Load(last_assigned_at=day(-1)),
            "bob": nk.Load(last_assigned_at=day(-2)),
        }
        asked = [request(name) for name in "abcd"]
        assert given(*asked, load=load) == {"a": "cy", "b": "bob", "c": "ann", "d": "cy"}
        assert given(request("a"), load={"ann": nk.Load(), "bob": nk.Load()}) == {"a": "ann"}

    def test_within_a_batch_turns_are_taken(self):
        """More requests than reps go round."""
        assert list(given(*(request(str(n)) for n in range(7))).values()) == [
            *("ann", "bob", "cy"),
            *("ann", "bob", "cy"),
            "ann",
        ]

    def test_who_let_it_lapse_is_left_out(self):
        """An excluded rep doesn't get that lead, but others."""
        assert given(request("a", exclude=("ann",)), request("b")) == {"a": "bob", "b": "ann"}

    def test_the_accounts_rep_is_preferred(self):
        """The first preferred rep who is free takes it, whoever's turn it is."""
        assert given(request("a", prefer=("cy", "bob"))) == {"a": "cy"}
        assert given(request("a", prefer=("cy", "bob"), exclude=("cy",))) == {"a": "bob"}
        assert given(request("a", prefer=("gone",))) == {"a": "ann"}

    def test_who_is_away_or_has_left_is_passed_over(self):
        """Absent and inactive reps take nothing, preferred or not."""
        away = nk.Absence(start=date(2026, 3, 2), end=date(2026, 3, 3))
        reps = [nk.Rep(id="ann", absences=[away]), nk.Rep(id="bob", active=False), REPS[2]]
        assert given(request("a", prefer=("ann",)), reps=reps) == {"a": "cy"}
        assert given(request("a", prefer=("ann",)), reps=reps, on=1) == {"a": "ann"}

    def test_nobody_free_is_said(self):
        """A request that nobody can take comes back whole, with a reason; the others go on."""
        asked = request("a", exclude=("ann", "bob", "cy"))
        made = nk.assign([asked, request("b")], REPS, as_of=day(0))
        assert [move.lead_id for move in made.moves] == ["b"]
        assert [(one.request, one.reason) for one in made.unassigned] == [(asked, "all-tried")]

    def test_requests_without_people_are_the_callers_mistake(self):
        """Nobody to give anything to is a wrong call; without requests it is nothing to do."""
        with pytest.raises(CallError) as caught:
            nk.assign([request("a")], [], as_of=day(0))
        assert (caught.value.code, caught.value.argument) == ("no-reps", "reps")
        assert nk.assign([], [], as_of=day(0)).moves == ()

    def test_a_request_twice_counts_once(self):
        """The same id is one request, also with other content; the first due counts."""
        asked = [request("a"), request("a"), request("a", 0.5), request("b")]
        for requests in permutations(asked):
            made = nk.assign(requests, REPS, as_of=day(0))
            assert [(move.lead_id, move.rep) for move in made.moves] == [("a", "ann"), ("b", "bob")]

    def test_naive_instants_are_refused(self):
        """The instant of the assignment is aware."""
        with pytest.raises(RecordError) as caught:
            nk.assign([request("a")], REPS, as_of=datetime(2026, 3, 2))
        assert caught.value.code == "naive-datetime"

    def test_the_day_is_the_instants_in_utc(self):
        """An absence is compared with the UTC date of the instant, whatever its zone."""
        away = nk.Absence(start=date(2026, 3, 2), end=date(2026, 3, 3))
        rep = nk.Rep(id="ann", absences=[away])
        instants = [datetime(2026, 3, number, 12, tzinfo=UTC) for number in (1, 2, 3)]
        made = [nk.assign([request("a")], [rep], as_of=at).moves for at in instants]
        assert [bool(moves) for moves in made] == [True, False, True]

    def test_moves_are_in_the_order_served(self):
        """Each move has its place in the batch, after all that a decision at the instant made."""
        moves = nk.assign([request("b"), request("a", 0.5)], REPS, as_of=day(0)).moves
        assert [(move.seq, move.lead_id) for move in moves] == [(1_000_000, "a"), (1_000_001, "b")]

    def test_mappings_do(self):
        """Reps and pools can be a world's mappings."""
        world = nk.World(reps=REPS, pools=[nk.Pool(id="sales", per_day=1)])
        asked = [request(name) for name in "abcd"]
        made = nk.assign(asked, world.reps, pools=world.pools, as_of=day(0))
        assert (len(made.moves), made.unassigned[0].reason) == (3, "full")

    def test_two_reps_of_one_id_are_refused(self):
        """One id is one rep."""
        with pytest.raises(RecordError) as caught:
            nk.assign([request("a")], [*REPS, REPS[0]], as_of=day(0))
        assert caught.value.code == "duplicate-id"


class TestPools:
    def test_a_rep_serves_their_pool_or_every_one(self):
        """A rep of another pool takes nothing; one without a pool takes from each."""
        reps = [nk.Rep(id="ann", pool="field"), nk.Rep(id="bob")]
        asked = [request("a"), request("b"), attrs.evolve(request("c"), pool="field")]
        assert given(*asked, reps=reps) == {"a": "bob", "b": "bob", "c": "ann"}

    def test_turns_are_shared_by_who_serves_several_pools(self):
        """With a rep in every pool there is one clock: their leads of all pools count."""
        reps = [nk.Rep(id="ann", pool="sales"), nk.Rep(id="bob"), nk.Rep(id="cy", pool="field")]
        asked = [attrs.evolve(request(name), pool="field") for name in "ab"]
        assert given(*asked, request("c"), reps=reps) == {"a": "bob", "b": "cy", "c": "ann"}

    def test_a_pool_without_reps(self):
        """Nobody of sales who is active there: `no-reps`."""
        reps = [nk.Rep(id="ann", active=False), nk.Rep(id="bob", team="marketing")]
        assert refused(request("a"), reps=[*reps, nk.Rep(id="cy", pool="x")]) == {"a": "no-reps"}


class TestHours:
    OFFICE = nk.BusinessHours(zone="UTC", windows="mon-fri 09:00-17:00")
    NIGHT = nk.BusinessHours(zone="UTC", windows="mon-fri 20:00-23:00")

    def test_who_is_at_work_in_time(self):
        """The first working instant lies before the due time; the rep's own hours beat the pool's.

        At 10 on Monday: due at 15, only who works office hours; due the next day at 10, both.
        """
        reps = [nk.Rep(id="ann", pool="sales", hours=self.NIGHT), nk.Rep(id="bob", pool="sales")]
        pools = [nk.Pool(id="sales", hours=self.OFFICE)]
        load = {"bob": nk.Load(last_assigned_at=day(-1))}
        assert given(request("a", 5 / 24), reps=reps, load=load, pools=pools) == {"a": "bob"}
        assert given(request("a", 1), reps=reps, load=load, pools=pools) == {"a": "ann"}

    def test_not_at_work(self):
        """On Saturday a lead due on Sunday waits for somebody; past due, anybody takes it."""
        reps = [nk.Rep(id="ann", hours=self.OFFICE)]
        assert refused(request("a", 6), reps=reps, on=5) == {"a": "not-at-work"}
        assert given(request("a", 7), reps=reps, on=5) == {"a": "ann"}
        assert given(request("a", 5), reps=reps, on=5) == {"a": "ann"}
        assert given(request("a", 4), reps=reps, on=5) == {"a": "ann"}

    def test_the_bounds_are_half_open(self):
        """Work that starts when the lead is due is too late, a microsecond before is not."""
        reps = [nk.Rep(id="ann", hours=self.OFFICE)]
        monday = to_us(day(7, 9), field="monday")
        late, just = (attrs.evolve(request("a"), due_us=monday + more) for more in (0, 1))
        assert refused(late, reps=reps, on=5) == {"a": "not-at-work"}
        assert given(just, reps=reps, on=5) == {"a": "ann"}

    def test_away_is_judged_when_work_starts(self):
        """Away over the weekend, back on Monday: Saturday's lead can wait; not the other way."""
        weekend = nk.Absence(start=date(2026, 3, 7), end=date(2026, 3, 9))
        monday = nk.Absence(start=date(2026, 3, 9), end=date(2026, 3, 10))
        back, off = (
            [nk.Rep(id="ann", hours=self.OFFICE, absences=[one])] for one in (weekend, monday)
        )
        assert given(request("a", 9), reps=back, on=5) == {"a": "ann"}
        assert refused(request("a", 9), reps=off, on=5) == {"a": "away"}

    def test_the_day_is_the_reps(self):
        """Who has the next date already is away by that; without a zone, by that of the hours."""
        tuesday = nk.Absence(start=date(2026, 3, 3), end=date(2026, 3, 4))
        east = nk.BusinessHours(zone="Pacific/Auckland", windows="mon-sun 00:00-24:00")
        at = {"absences": [tuesday]}
        for rep in (
            nk.Rep(id="ann", zone="Pacific/Auckland", **at),
            nk.Rep(id="ann", hours=east, **at),
        ):
            assert refused(request("a", 2), reps=[rep], on=0.2) == {"a": "away"}
        assert given(request("a", 2), reps=[nk.Rep(id="ann", **at)], on=0.2) == {"a": "ann"}


class TestCapacity:
    def test_a_day(self):
        """Leads of today and of the batch count; a pool's number counts times the weight."""
        reps = [nk.Rep(id="ann", pool="sales", weight=0.5), nk.Rep(id="bob", pool="sales")]
        pools = [nk.Pool(id="sales", per_day=Decimal(3))]
        asked = [request(str(n)) for n in range(6)]
        made = given(*asked, reps=reps, pools=pools, load={"bob": nk.Load(today=1)})
        assert Counter(made.values()) == {"ann": 2, "bob": 2}  # 1.5 is 2, half up
        assert set(refused(*asked, reps=reps, pools=pools).values()) == {"full"}

    def test_open_leads(self):
        """Open leads and those of the batch count; the rep's own number beats the pool's."""
        reps = [nk.Rep(id="ann", pool="sales", max_open=5), nk.Rep(id="bob", pool="sales")]
        load = {"ann": nk.Load(open_leads=3), "bob": nk.Load(open_leads=2)}
        asked = [request(str(n)) for n in range(4)]
        made = given(*asked, reps=reps, pools=[nk.Pool(id="sales", max_open=2)], load=load)
        assert made == {"0": "ann", "1": "ann"}

    def test_the_reason_is_the_last_that_left_nobody(self):
        """One was tried, one is away, one is full: it is `full`."""
        away = nk.Absence(start=date(2026, 3, 1), end=date(2026, 3, 9))
        reps = [REPS[0], nk.Rep(id="bob", absences=[away]), nk.Rep(id="cy", per_day=1)]
        load = {"cy": nk.Load(today=1)}
        assert refused(request("a", exclude=("ann",)), reps=reps, load=load) == {"a": "full"}
        assert refused(request("a", exclude=("ann", "cy")), reps=reps) == {"a": "away"}


class TestChoice:
    def reasons(self, *requests, reps=REPS, **more):
        """Return rep and reason by lead."""
        made = nk.assign(requests, reps, as_of=day(0), **more)
        return {move.lead_id: (move.rep, move.reason) for move in made.moves}

    def test_each_move_says_why(self):
        """Preferred, the account's, the person's, or their turn."""
        assert self.reasons(
            request("a", prefer=("cy",), account="acme"),
            request("b", account="acme"),
            request("c", person="p"),
            request("d", person="p"),
        ) == {
            "a": ("cy", "preferred"),
            "b": ("cy", "same_account"),
            "c": ("ann", "turn"),
            "d": ("ann", "same_person"),
        }

    def test_one_person_is_one_lead(self):
        """The second lead follows beyond the rep's numbers, and takes no room of another."""
        reps = [nk.Rep(id="ann", per_day=2)]
        made = self.reasons(
            *(request(name, person="p") for name in "abc"), request("d"), request("e"), reps=reps
        )
        assert [*made] == ["a", "b", "c", "d"]

    def test_one_person_follows_but_not_to_who_was_tried(self):
        """Somebody who let that lead lapse doesn't get it again, whoever has the person."""
        made = self.reasons(request("a", person="p"), request("b", person="p", exclude=("ann",)))
        assert made == {"a": ("ann", "turn"), "b": ("bob", "turn")}

    def test_whom_one_lead_prefers_all_of_the_person_do(self):
        """Continuity comes first for the person, whichever lead is served first."""
        made = self.reasons(request("a", person="p"), request("b", person="p", prefer=("cy",)))
        assert made == {"a": ("cy", "preferred"), "b": ("cy", "same_person")}

    def test_a_full_rep_gets_no_more_of_an_account(self):
        """An account follows only as far as there is room."""
        reps = [nk.Rep(id="ann", per_day=1), nk.Rep(id="bob")]
        made = self.reasons(*(request(name, account="acme") for name in "ab"), reps=reps)
        assert made == {"a": ("ann", "turn"), "b": ("bob", "turn")}

    def test_least_loaded(self):
        """The smallest number of open leads by weight is next; who has no load holds nothing."""
        pools = [nk.Pool(id="sales", method="least_loaded")]
        reps = [nk.Rep(id="ann", weight=2), nk.Rep(id="bob"), nk.Rep(id="cy")]
        load = {"ann": nk.Load(open_leads=3), "bob": nk.Load(open_leads=1)}
        asked = [request(name) for name in "abcd"]
        assert given(*asked, reps=reps, load=load, pools=pools) == {
            "a": "cy",
            "b": "bob",
            "c": "cy",
            "d": "ann",
        }
