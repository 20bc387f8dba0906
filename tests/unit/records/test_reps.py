"""Reps, pools and loads: what they may say, and what is refused."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

import nurturekit as nk
from nurturekit.errors import RecordError
from nurturekit.records.reps import capacity
from tests.builders import day


def refused(make, **fields):
    """Return code and field of the error."""
    with pytest.raises(RecordError) as caught:
        make(id="a", **fields)
    return caught.value.code, caught.value.field


class TestRep:
    @pytest.mark.parametrize("given", [2, 2.0, "2", "2.000", Decimal(2)])
    def test_a_weight_is_exact(self, given):
        """However it is written, it is the same decimal."""
        assert nk.Rep(id="a", weight=given) == nk.Rep(id="a", weight=2)

    def test_by_default(self):
        """Weight 1, as many leads as come, the pool's hours."""
        rep = nk.Rep(id="a")
        assert (rep.weight, rep.per_day, rep.max_open, rep.hours) == (1, None, None, None)

    @pytest.mark.parametrize("given", [0, -1, "0.0001", 1.0005, 1001])
    def test_a_weight_is_above_nothing(self, given):
        """Zero, negative, too precise or too large weights are refused."""
        assert refused(nk.Rep, weight=given) == ("bad-weight", "Rep.weight")

    @pytest.mark.parametrize(
        "given", [True, None, "much", float("nan"), float("inf"), [2], 10**4000, Decimal("1e9")]
    )
    def test_a_weight_is_a_number(self, given):
        """What is no finite number is refused."""
        assert refused(nk.Rep, weight=given) == ("not-a-number", "Rep.weight")

    @pytest.mark.parametrize("make", [nk.Rep, nk.Pool])
    @pytest.mark.parametrize("name", ["per_day", "max_open"])
    def test_a_capacity_is_from_nothing_up(self, make, name):
        """A negative number of leads is refused, and so is what is no number."""
        field = f"{make.__name__}.{name}"
        assert refused(make, **{name: -1}) == ("negative-capacity", field)
        assert refused(make, **{name: True}) == ("not-a-number", field)

    @pytest.mark.parametrize("name", ["per_day", "max_open"])
    @pytest.mark.parametrize("given", [0, 0.4, "0.49"])
    def test_a_capacity_is_a_lead(self, name, given):
        """A number of one's own that rounds to no lead is refused; half rounds up."""
        assert refused(nk.Rep, **{name: given}) == ("no-capacity", f"Rep.{name}")
        assert capacity(nk.Rep(id="a", **{name: 0.5}), None, name) == 1

    @pytest.mark.parametrize(
        ("fields", "error"),
        [
            ({"pool": ""}, ("bad-id", "Rep.pool")),
            ({"roles": ["ae", ""]}, ("bad-id", "Rep.roles")),
            ({"roles": [7]}, ("bad-id", "Rep.roles")),
            ({"active": "no"}, ("not-a-bool", "Rep.active")),
            ({"absences": [date(2026, 1, 1)]}, ("wrong-type", "Rep.absences")),
            ({"hours": "mon-fri 09:00-17:00"}, ("wrong-type", "Rep.hours")),
        ],
    )
    def test_a_wrong_field_is_named(self, fields, error):
        """Names, flags and parts are checked."""
        assert refused(nk.Rep, **fields) == error

    @pytest.mark.parametrize("name", ["start", "end"])
    @pytest.mark.parametrize("given", [day(0), "2026-01-05", None])
    def test_an_absence_is_of_dates(self, name, given):
        """Absences are whole days."""
        fields = {"start": date(2026, 1, 5), "end": date(2026, 1, 7), name: given}
        with pytest.raises(RecordError) as caught:
            nk.Absence(**fields)
        assert (caught.value.code, caught.value.field) == ("not-a-date", f"Absence.{name}")


class TestPool:
    def test_by_default(self):
        """Turns, as many leads as come."""
        pool = nk.Pool(id="a")
        assert (pool.method, pool.per_day, pool.max_open) == ("rotation", None, None)

    @pytest.mark.parametrize(
        ("fields", "error"),
        [
            ({"method": "random"}, ("unknown-word", "Pool.method")),
            ({"method": None}, ("unknown-word", "Pool.method")),
            ({"manager": ""}, ("bad-id", "Pool.manager")),
            ({"hours": "mon-fri 09:00-17:00"}, ("wrong-type", "Pool.hours")),
        ],
    )
    def test_a_wrong_field_is_named(self, fields, error):
        """Words, names and hours are checked."""
        assert refused(nk.Pool, **fields) == error

    def test_a_calendar_that_never_opens(self):
        """Hours without a window can't be made."""
        with pytest.raises(RecordError) as caught:
            nk.Pool(id="a", hours=nk.BusinessHours(zone="UTC", windows=[]))
        assert caught.value.code == "never-open"


class TestCapacity:
    @pytest.mark.parametrize(
        ("weight", "shared", "expected"),
        [
            (1, 3, 3),
            ("0.5", 3, 2),
            ("0.5", "2.9", 1),
            (2, "1.25", 3),
            ("0.1", 4, 0),
            (1, None, None),
        ],
    )
    def test_the_pools_number_times_the_weight(self, weight, shared, expected):
        """Rounded half up at the end only."""
        rep, pool = nk.Rep(id="a", weight=weight), nk.Pool(id="p", per_day=shared)
        assert capacity(rep, pool, "per_day") == expected

    def test_the_reps_own_number_wins(self):
        """Whatever the pool's number and the weight."""
        rep = nk.Rep(id="a", weight=2, max_open="7.5")
        assert capacity(rep, nk.Pool(id="p", max_open=1), "max_open") == 8
        assert capacity(rep, None, "max_open") == 8

    def test_a_world_where_a_rep_gets_nothing_is_refused(self):
        """The error names the pool, the rep and the number."""
        pools = [nk.Pool(id="west", per_day=2), nk.Pool(id="east")]
        for pool in ("west", None):
            reps = [nk.Rep(id="ann", pool="west"), nk.Rep(id="bob", pool=pool, weight="0.2")]
            with pytest.raises(RecordError, match=r"`west`.*`bob`") as caught:
                nk.World(reps=reps, pools=pools)
            assert (caught.value.code, caught.value.field) == ("no-capacity", "Pool.per_day")

    @pytest.mark.parametrize(
        "fields", [{"pool": "east"}, {"active": False}, {"team": "marketing"}, {"per_day": 1}]
    )
    def test_who_takes_nothing_from_the_pool_needs_no_capacity(self, fields):
        """Reps of another pool or team, inactive ones and those with their own number are fine."""
        rep = nk.Rep(**{"id": "bob", "pool": "west", "weight": "0.2", **fields})
        assert nk.World(reps=[rep], pools=[nk.Pool(id="west", per_day=2)]).reps["bob"] == rep


class TestLoad:
    @pytest.mark.parametrize("name", ["open_leads", "today", "turn"])
    @pytest.mark.parametrize("given", [-1, 1.5, True])
    def test_numbers_are_whole(self, name, given):
        """Counts are whole numbers from 0."""
        with pytest.raises(RecordError) as caught:
            nk.Load(**{name: given})
        assert (caught.value.code, caught.value.field) == ("not-a-number", f"Load.{name}")

    def test_the_last_lead_is_an_instant(self):
        """A naive one is refused; any zone is kept as UTC."""
        with pytest.raises(RecordError) as caught:
            nk.Load(last_assigned_at=datetime(2026, 1, 1))
        assert caught.value.code == "naive-datetime"
        there = day(0).astimezone(timezone(timedelta(hours=2)))
        assert nk.Load(last_assigned_at=there).last_assigned_at == day(0)
        assert nk.Load(last_assigned_at=there).last_assigned_at.utcoffset() == timedelta(0)
