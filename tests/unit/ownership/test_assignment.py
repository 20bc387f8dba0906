"""Who gets which lead: never at random; and a new policy's leads, so many a day."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest

import nurturekit as nk
from nurturekit.errors import RecordError
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


def given(*requests, reps=REPS, load=None, on=0):
    """Return who gets which lead."""
    made = nk.assign(requests, reps, load, as_of=day(on))
    return {move.lead_id: move.rep for move in made.moves}


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

    @pytest.mark.parametrize(
        ("reps", "exclude"), [([], ()), (REPS, ("ann", "bob", "cy"))], ids=["empty", "all tried"]
    )
    def test_nobody_free_is_said(self, reps, exclude):
        """A request that nobody can take comes back whole, with a reason."""
        asked = request("a", exclude=exclude)
        made = nk.assign([asked], reps, as_of=day(0))
        assert made.moves == ()
        assert [one.request for one in made.unassigned] == [asked]
        assert made.unassigned[0].reason

    def test_the_two_reasons_differ(self):
        """An empty pool isn't the same as one in which everybody was tried."""
        empty, tried = (
            nk.assign([request("a", exclude=("ann", "bob", "cy"))], reps, as_of=day(0))
            for reps in ([], REPS)
        )
        assert empty.unassigned[0].reason != tried.unassigned[0].reason

    @pytest.mark.parametrize(
        "load", [None, {"ann": nk.Load(last_assigned_at=datetime(2026, 1, 1))}]
    )
    def test_naive_instants_are_refused(self, load):
        """The instant of the assignment and the last ones are aware."""
        at = datetime(2026, 3, 2) if load is None else day(0)
        with pytest.raises(RecordError) as caught:
            nk.assign([request("a")], REPS, load, as_of=at)
        assert caught.value.code == "naive-datetime"

    def test_the_day_is_the_instants_in_utc(self):
        """An absence is compared with the UTC date of the instant, whatever its zone."""
        away = nk.Absence(start=date(2026, 3, 2), end=date(2026, 3, 3))
        rep = nk.Rep(id="ann", absences=[away])
        instants = [datetime(2026, 3, number, 12, tzinfo=UTC) for number in (1, 2, 3)]
        made = [nk.assign([request("a")], [rep], as_of=at).moves for at in instants]
        assert [bool(moves) for moves in made] == [True, False, True]


class TestAdoptions:
    LEADS = [("c", day(2)), ("b", day(1)), ("a", day(1)), ("d", day(9))]

    def test_so_many_a_day_the_oldest_first(self):
        """Each day's share is moved, the longest held first, equals by id."""
        for leads in (self.LEADS, self.LEADS[::-1]):
            moves = nk.adoptions(leads, policy="mine", per_day=2, start=day(20))
            assert [(move.lead_id, move.occurred_at) for move in moves] == [
                ("a", day(20)),
                ("b", day(20)),
                ("c", day(21)),
                ("d", day(21)),
            ]

    def test_each_is_an_adopt_move(self):
        """The move names the policy and is a person's; its id is of lead and policy only."""
        (first,) = nk.adoptions([("a", day(1))], policy="mine", per_day=1, start=day(20))
        (again,) = nk.adoptions([("a", day(2))], policy="mine", per_day=9, start=day(30))
        (other,) = nk.adoptions([("a", day(1))], policy="yours", per_day=1, start=day(20))
        assert (first.kind, first.to, first.origin) == ("adopt", "mine", "person")
        assert first.id == again.id != other.id

    def test_naive_instants_are_refused(self):
        """Since when a lead is held must be an aware instant."""
        with pytest.raises(RecordError) as caught:
            nk.adoptions([("a", datetime(2026, 1, 1))], policy="p", per_day=1, start=day(0))
        assert caught.value.code == "naive-datetime"

    def test_nothing_to_adopt(self):
        """No leads, no moves."""
        assert nk.adoptions([], policy="mine", per_day=1, start=day(0) + timedelta(1)) == ()
