"""What every rep has got so far, folded from moves."""

from datetime import UTC, datetime

import pytest

import nurturekit as nk
from nurturekit.errors import CallError, RecordError
from nurturekit.routing import loads
from tests.builders import BOTH, day, did

REPS = [nk.Rep(id=name, pool="sales") for name in ("ann", "bob")]


def moved(lead, kind, on, **fields):
    """Return a move about a lead."""
    return nk.Move(id=f"{lead}-{kind}-{on}", lead_id=lead, kind=kind, occurred_at=day(on), **fields)


def folded(*records, on=5, **fields):
    """Return the loads of records of several leads."""
    leads = {record.lead_id for record in records}
    histories = {
        lead: nk.History(record for record in records if record.lead_id == lead) for lead in leads
    }
    return loads(histories, REPS, as_of=day(on), **fields)


def open_leads(*records, **fields):
    """Return how many open leads each rep has."""
    return {name: load.open_leads for name, load in folded(*records, **fields).items()}


class TestAssignments:
    def test_nothing_is_zeros(self):
        """Who got nothing is there with zeros."""
        assert folded() == {"ann": nk.Load(turn=0), "bob": nk.Load(turn=0)}

    @pytest.mark.parametrize(
        ("kind", "fields"),
        [("rep", {}), ("owner", {"to": "sales"}), ("offered", {}), ("accepted", {})],
    )
    def test_any_move_that_names_a_new_rep_counts(self, kind, fields):
        """A lead may come by hand, with the owner, by an offer or an acceptance."""
        ann = folded(moved("l", kind, 3, rep="ann", **fields))["ann"]
        assert (ann.last_assigned_at, ann.open_leads, ann.today) == (day(3), 1, 0)
        assert ann.turn > 0

    def test_an_offer_and_its_acceptance_are_one(self):
        """Who accepts what they were offered got one lead, when it was offered."""
        one = folded(moved("l", "offered", 3, rep="ann"), moved("l", "accepted", 5, rep="ann"))
        assert (one["ann"].last_assigned_at, one["ann"].today) == (day(3), 0)
        two = folded(moved("l", "offered", 3, rep="ann"), moved("l", "accepted", 5, rep="bob"))
        assert [two[name].last_assigned_at for name in ("ann", "bob")] == [day(3), day(5)]

    def test_once_more_after_a_lapse(self):
        """Who gives a lead back and gets it again got it twice."""
        records = [moved("l", "rep", 1, rep="ann"), moved("l", "lapsed", 2)]
        again = folded(*records, moved("l", "rep", 3, rep="ann"))
        assert again["ann"].last_assigned_at == day(3)
        assert folded(*records)["ann"].open_leads == 0

    def test_what_stands_before_the_opening_or_after_the_instant_does_not_count(self):
        """Only what is in force and can be seen is folded; the opening's rep holds the lead."""
        opening = nk.Opening(id="o", lead_id="l", occurred_at=day(2), team="sales", rep="bob")
        early, late = moved("l", "rep", 1, rep="ann"), moved("l", "rep", 6, rep="ann")
        made = folded(opening, early, late)
        assert made["ann"] == nk.Load(turn=0)
        assert made["bob"] == nk.Load(turn=0, open_leads=1)

    def test_who_takes_no_turns_has_none(self):
        """A lead by hand to somebody of marketing is told, without a turn."""
        marketer = nk.Rep(id="mia", team="marketing")
        history = nk.History([moved("l", "rep", 1, rep="mia")])
        (load,) = loads([history], [marketer], as_of=day(5)).values()
        assert (load.last_assigned_at, load.turn) == (day(1), None)

    def test_who_is_not_ours_is_left_out(self):
        """A rep who isn't among the given ones has no load."""
        assert [*folded(moved("l", "rep", 1, rep="gone"))] == ["ann", "bob"]


class TestToday:
    @pytest.mark.parametrize(
        ("zone", "expected"), [("UTC", 2), ("Asia/Tokyo", 3), ("America/New_York", 1)]
    )
    def test_the_day_is_that_of_the_hours(self, zone, expected):
        """20:00 UTC is the next day in Tokyo, 3:00 UTC still the day before in New York."""
        hours = nk.BusinessHours(zone=zone, windows="mon-fri 09:00-17:00")
        given = [(1, 20), (2, 3), (2, 10)]
        records = [
            nk.Move(
                id="m",
                lead_id=f"lead-{on}-{hour}",
                kind="rep",
                rep="ann",
                occurred_at=datetime(2026, 3, on, hour, tzinfo=UTC),
            )
            for on, hour in given
        ]
        pools = [nk.Pool(id="sales", hours=hours)]
        assert folded(*records, on=4 / 24, pools=pools)["ann"].today == expected

    def test_one_person_counts_once(self):
        """A lead that followed another of the person isn't one more of today, but is open."""
        records = [
            moved("l1", "rep", 4.9, rep="ann", reason="turn"),
            moved("l2", "rep", 4.9, rep="ann", reason="same_person"),
        ]
        ann = folded(*records, on=4.95)["ann"]
        assert (ann.today, ann.open_leads) == (1, 2)


class TestOpenLeads:
    GIVEN = moved("l", "rep", 1, rep="ann")

    def test_closed_and_erased_leads_are_not_open(self):
        """A customer, a lost lead and an erased one take no room."""
        for closing in (
            moved("l", "stage", 2, to="customer"),
            moved("l", "stage", 2, to="lost", reason="competitor"),
            nk.Consent(id="c", lead_id="l", occurred_at=day(2), kind="erased"),
        ):
            assert open_leads(self.GIVEN, closing) == {"ann": 0, "bob": 0}

    def test_a_hand_raise_reopens_what_the_playbook_knows(self):
        """With the playbook's kinds a demo request opens a lost lead again."""
        lost = moved("l", "stage", 2, to="lost", reason="competitor")
        demo = nk.Touch(id="t", lead_id="l", kind="demo_requested", occurred_at=day(3))
        kinds = nk.preset("blended").kinds
        assert open_leads(self.GIVEN, lost, demo)["ann"] == 0
        assert open_leads(self.GIVEN, lost, demo, kinds=kinds)["ann"] == 1

    def test_what_marketing_nurtures_takes_no_room(self):
        """A recycled lead keeps its rep but is marketing's; offered again, it counts."""
        recycled = moved("l", "owner", 2, to="marketing")
        assert open_leads(self.GIVEN, recycled)["ann"] == 0
        assert open_leads(self.GIVEN, recycled, moved("l", "offered", 3))["ann"] == 1

    def test_merged_leads_are_one(self):
        """One history that names two leads of a person is one lead."""
        history = nk.History([self.GIVEN, moved("k", "stage", 2, to="sql")])
        assert loads([history], REPS, as_of=day(5))["ann"].open_leads == 1


class TestCalls:
    def test_a_night_of_the_playbook(self):
        """What `decide` asks for and `assign` answers is what `loads` counts."""
        playbook, reps = nk.preset("sales-led"), [nk.Rep(id="ann"), nk.Rep(id="bob")]
        lead, history = nk.Lead(id="lead-1"), nk.History([*BOTH, did("demo_requested", 0)])
        decision = playbook.decide(lead, history, as_of=day(1), world=nk.World(reps=reps))
        made = nk.assign([decision.request], reps, as_of=day(1, 11))
        history = history.add(*decision.moves, *made.moves)
        load = loads([history], reps, kinds=playbook.kinds, as_of=day(1, 12))
        assert (load["ann"].open_leads, load["ann"].today) == (1, 1)
        (move,) = nk.assign([decision.request], reps, load, as_of=day(1, 12)).moves
        assert move.rep == "bob"

    def test_empty_histories_are_nothing(self):
        """A lead without records has no rep."""
        assert loads([nk.History()], REPS, as_of=day(5)) == folded()

    def test_a_history_is_not_histories(self):
        """One history in place of several is a wrong call."""
        with pytest.raises(CallError) as caught:
            loads(nk.History([TestOpenLeads.GIVEN]), REPS, as_of=day(5))
        assert (caught.value.code, caught.value.argument) == ("bad-type", "histories")

    def test_naive_instants_are_refused(self):
        """The instant is aware, also without histories."""
        with pytest.raises(RecordError) as caught:
            loads([], REPS, as_of=datetime(2026, 3, 2))
        assert caught.value.code == "naive-datetime"
