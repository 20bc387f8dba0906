"""A new policy's leads, so many a day."""

from datetime import datetime, timedelta

import pytest

import nurturekit as nk
from nurturekit.errors import RecordError
from tests.builders import day


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
