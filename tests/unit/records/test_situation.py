"""One lead at one instant: attributes, touches and whose they are."""

from datetime import datetime, timedelta, timezone

import pytest

import nurturekit as nk
from nurturekit.instants import DAY_US
from tests.builders import LEAD, called, day, did, learned, mailed, moved

KINDS = {
    "opened": nk.Kind.of(direction="inbound", human=False),
    "mailed": nk.Kind.of(direction="outbound", channel="email", style="one_to_one"),
    "blast": nk.Kind.of(direction="outbound", style="mass"),
}


def situation(*records, on=10, lead=LEAD, **fields):
    """Return the lead on a day."""
    return nk.Situation(lead, records, as_of=day(on), **{"kinds": KINDS, **fields})


class TestAttributes:
    LEAD = nk.Lead(id="lead-1", attributes={"title": "intern", "employees": 5})

    def test_facts_beat_the_leads_columns(self):
        """A fact counts before an undated attribute, and one that is unknown makes it unknown."""
        found = situation(learned("title", "VP"), learned("employees", None), lead=self.LEAD)
        assert found.attribute("title") == "VP"
        assert found.attribute("employees") is None
        assert found.attributes == {"title": "VP", "employees": None}
        assert situation(lead=self.LEAD).attribute("employees") == 5

    def test_attributes_are_undated(self):
        """A lead's columns are there at any instant, before every record."""
        assert (
            situation(learned("title", "VP", 5), lead=self.LEAD, on=1).attribute("title")
            == "intern"
        )

    def test_what_nobody_said_is_unknown(self):
        """A missing attribute is None, not an error."""
        assert situation().attribute("title") is None

    @pytest.mark.parametrize(
        ("older", "newer"),
        [
            (learned("n", "old", 1), learned("n", "new", 2)),
            (
                learned("n", "old", 1, id="z", recorded_at=day(3)),
                learned("n", "new", 2, id="a"),
            ),
            (learned("n", "old", 1, id="z"), learned("n", "new", 1, id="a", recorded_at=day(2))),
            (learned("n", "a", 1, id="x"), learned("n", "b", 1, id="y")),
            (learned("n", "b", 1, id="a!"), learned("n", "a", 1, id="a")),
        ],
        ids=[
            "occurred",
            "occurred before recorded",
            "then recorded",
            "then bytes",
            "bytes, not ids",
        ],
    )
    def test_the_latest_fact_counts(self, older, newer):
        """By when it occurred, then by when it was recorded, then by its bytes."""
        for order in ((older, newer), (newer, older)):
            assert situation(*order).facts["n"] == newer

    def test_future_facts_are_unknown(self):
        """A fact of tomorrow isn't known today."""
        assert situation(learned("title", "VP", 11)).attribute("title") is None


class TestDays:
    def test_ages_are_differences_of_days(self):
        """Yesterday evening is one day ago in the morning; today's later hours are none."""
        found = situation(on=10)
        assert found.age_days(found.as_of_us) == 0
        assert found.age_days(found.as_of_us - DAY_US // 2) == 1
        assert found.day == found.as_of_us // DAY_US

    def test_the_offset_moves_the_edge(self):
        """With an offset the day starts earlier."""
        late = situation(on=10, day_offset_us=DAY_US // 2 + DAY_US // 6)
        assert late.day == situation(on=10).day + 1

    @pytest.mark.parametrize(("ago", "within"), [(-1, False), (0, True), (29, True), (30, False)])
    def test_within_days_counts_today(self, ago, within):
        """The last thirty days are today and the 29 before it."""
        found = situation()
        assert found.within_days(found.as_of_us - ago * DAY_US, 30) is within

    def test_the_instant_is_utc(self):
        """An instant of any zone is judged as the same one in UTC."""
        east = timezone(timedelta(hours=9))
        found = nk.Situation(LEAD, as_of=datetime(2026, 3, 2, 19, tzinfo=east))
        assert found.as_of == day(0)
        assert found.as_of_us == situation(on=0).as_of_us


class TestTouches:
    @pytest.mark.parametrize(
        ("touch", "is_made"),
        [
            (did("visited", 0), True),
            (did("visited", 0, direction=None), True),
            (did("visited", 0, automated=True), False),
            (did("opened", 0), False),
            (did("mailed", 0, direction=None, origin="lead"), False),
            (did("visited", 0, direction="outbound", origin="lead"), False),
            (did("visited", 0, origin="person"), False),
            (called(0), False),
        ],
        ids=[
            "inbound",
            "undirected",
            "bot",
            "machine kind",
            "outbound kind",
            "outbound",
            "told by a person",
            "our call",
        ],
    )
    def test_what_the_lead_made(self, touch, is_made):
        """Inbound, of the lead's origin and by a human; bots and machines are not the lead."""
        assert (touch in situation(touch).lead_made) is is_made

    @pytest.mark.parametrize(
        ("touch", "is_sales"),
        [
            (called(0), True),
            (called(0, outcome="no_answer"), True),
            (called(0, rep="unknown"), True),
            (called(0, rep="marketer"), False),
            (called(0, automated=True), False),
            (called(0, origin="lead"), False),
            (did("mailed", 0, direction=None, origin="person"), True),
            (did("written", 0, direction="outbound"), False),
            (did("written", 0, direction="outbound", rep="rep-7"), True),
            (did("written", 0, direction="inbound", origin="person", rep="rep-7"), False),
            (did("blast", 0, direction=None, origin="person", rep="rep-7"), False),
            (did("written", 0, direction="outbound", style="automated", rep="rep-7"), False),
            (mailed(0, "guide"), False),
        ],
        ids=[
            "call",
            "attempt",
            "rep the world doesn't know",
            "marketing's rep",
            "machine",
            "made by the lead",
            "style by kind",
            "no style and no rep",
            "no style but a rep",
            "inbound",
            "mass by kind",
            "automated style",
            "sequence mail",
        ],
    )
    def test_what_is_a_sales_touch(self, touch, is_sales):
        """One-to-one, outbound, by a person who isn't known to be of another team."""
        world = nk.World(reps=[nk.Rep(id="rep-7"), nk.Rep(id="marketer", team="marketing")])
        assert (touch in situation(touch, world=world).sales_touches) is is_sales

    def test_conversations_are_what_a_person_recorded(self):
        """A touch with an outcome that a person wrote down is one; silence and machines aren't."""
        call, silent = called(1, outcome="voicemail"), called(2, outcome=None)
        machine = did("visited", 3, outcome="replied")
        assert situation(machine, silent, call).conversations == (call,)

    def test_direction_is_the_touchs_own_first(self):
        """What a touch says beats its kind; an undescribed kind without a word has none."""
        found = situation()
        assert found.direction_of(did("mailed", 0)) == "inbound"
        assert found.direction_of(did("mailed", 0, direction=None)) == "outbound"
        assert found.direction_of(did("never_described", 0, direction=None)) is None
        assert found.is_outbound(did("mailed", 0, direction=None))
        assert not found.is_outbound(did("never_described", 0, direction=None))


class TestZone:
    def test_the_leads_zone_comes_first(self):
        """The lead's own zone, else the assumed one, else unknown."""
        world = nk.World(assume=nk.Assume(zone="Asia/Tokyo"))
        nowhere = nk.Lead(id="l")
        assert situation(world=world).zone == "Europe/Berlin"
        assert situation(lead=nowhere, world=world).zone == "Asia/Tokyo"
        assert situation(lead=nowhere).zone is None


class TestOpening:
    def test_the_earliest_opens_and_the_latest_completes(self):
        """Of several openings the earliest starts the story; records are complete from the last."""
        first, last = (
            nk.Opening(id=f"o{on}", lead_id=LEAD.id, occurred_at=day(on), stage="mql")
            for on in (1, 3)
        )
        found = situation(last, first)
        assert found.opening == first
        assert found.complete_from_us == last.occurred_us
        assert (situation().opening, situation().complete_from_us) == (None, 0)


class TestBinding:
    def test_binding_adds_and_leaves_the_rest(self):
        """Each answer is bound in a situation of its own; what was measured is shared."""
        start = situation(did("visited", 0))
        measured = start.lead_made
        bound = start.bind(score=1).bind(stage=2)
        assert bound.bound == {"score": 1, "stage": 2}
        assert start.bound == {}
        assert bound.lead_made is measured

    def test_proposing_folds_the_moves(self):
        """Proposed moves are in force in the new situation only, in their order."""
        start = situation()
        assert start.standing.team is None
        once = start.propose([moved("owner", 10, to="marketing")])
        twice = once.propose([moved("owner", 10, to="sales", id="second")])
        teams = [one.standing.team for one in (start, once, twice)]
        assert teams == [None, nk.Team.MARKETING, nk.Team.SALES]
        assert [move.id for move in twice.proposed] == ["owner-10", "second"]

    def test_a_history_is_taken_as_it_is(self):
        """A history given is not built again."""
        history = nk.History([did("visited", 0)])
        assert nk.Situation(LEAD, history, as_of=day(1)).history is history
