"""The expected calendar of a lead: what a playbook looks ahead to, as rows, text, HTML and iCal."""

import json
import sys
from datetime import timedelta

import attrs
import pytest
from icalendar import Calendar

import nurturekit as nk
from nurturekit.answers import Planned, Proposal
from nurturekit.errors import CallError, RecordError
from nurturekit.instants import to_us
from nurturekit.interop import to_ical
from nurturekit.schedule import COLUMNS, Schedule
from tests.builders import BOTH, LEAD, called, day, did, library, moved, night, world


def planned(policy="blended", records=(), *, on=0, **fields):
    """The calendar of the lead from a night on."""
    fields = {"world": world(content=library(each=30)), **fields}
    return nk.preset(policy).plan(LEAD, [*BOTH, *records], as_of=night(on), **fields)


def schedule(**fields):
    """A schedule of one mail and one enrolment, with text that must be escaped."""
    mail = nk.Action(
        id="action-1",
        lead_id=LEAD.id,
        channel=nk.Channel.EMAIL,
        style=nk.Style.AUTOMATED,
        team=nk.Team.MARKETING,
        earliest_us=to_us(day(1), field="day"),
        content="guide",
        sequence="<nurture>",
        step="one",
        because="<why>",
    )
    enrolled = Proposal(kind="enrolled", team="marketing", reason="it holds", sequence="<nurture>")
    made = Schedule(
        lead_id=LEAD.id,
        as_of_us=to_us(day(0), field="day"),
        until_us=to_us(day(90), field="day"),
        actions=(mail,),
        moves=(Planned(us=to_us(day(1), field="day"), move=enrolled),),
        blocked=(nk.Blocked(code="exhausted", reason="<had it all>"),),
        held="held: inquiry",
        assumptions=("a zone",),
        notes=("a note",),
    )
    return attrs.evolve(made, **fields)


class TestPlan:
    def test_holds_ninety_days(self):
        """S0-7: three months unless said otherwise, each contact within, in order, allowed."""
        made = planned()
        times = [one.earliest for one in made.actions]
        assert (made.as_of, made.until) == (night(0), night(90))
        assert times == sorted(times)
        assert len(times) > 5
        assert all(night(0) <= one < night(90) for one in times)
        assert all(one.basis for one in made.actions)
        assert planned(horizon=timedelta(days=7)).actions == tuple(
            one for one in made.actions if one.earliest < night(7)
        )

    def test_begins_as_the_decision_does(self):
        """The first contact is the next action of a decision made now."""
        for policy in nk.PRESETS:
            records = [did("content_downloaded", -3)]
            scene = world(content=library(each=30))
            decision = nk.preset(policy).decide(
                LEAD, [*BOTH, *records], as_of=night(0), world=scene
            )
            first = planned(policy, records).actions[0]
            assert first == decision.next_action

    def test_says_what_it_holds(self):
        """Stage and owner are named, and so is what the guards assumed."""
        assumed = nk.Assume(basis={"email": "contract"}, zone="Europe/Berlin")
        lead = attrs.evolve(LEAD, zone=None)
        made = nk.preset("blended").plan(
            lead, as_of=night(0), world=nk.World(content=library(), assume=assumed)
        )
        assert made.held == "held: inquiry, marketing accountable"
        assert "legal basis for email assumed: contract" in made.assumptions

    def test_a_closed_lead_has_none(self):
        """Nothing is planned for a lead that nobody nurtures, and the schedule says so."""
        out = moved("stage", 0, to="disqualified", reason="bad_fit")
        made = planned(records=[out])
        assert not made.actions
        assert [one.code for one in made.blocked] == ["closed"]

    def test_a_rep_calls_once_with_sales(self):
        """What is owed is planned once: an answer given in the forecast is owed no more."""
        records = [moved("owner", -9, to="sales", rep="rep-7"), called(-8), did("price_asked", 0)]
        made = planned("sales-led", [*records, moved("stage", -8, to="sal")])
        assert [one.duty for one in made.actions].count("answer") == 1

    @pytest.mark.parametrize("days", [0, -1, 100_000])
    def test_horizon_is_refused(self, days):
        """A horizon must lie ahead and within the calendar."""
        with pytest.raises(CallError) as caught:
            planned(horizon=timedelta(days=days))
        assert (caught.value.code, caught.value.argument) == ("out-of-range", "horizon")

    def test_naive_instant_is_refused(self):
        """An instant without a zone is an error that names it."""
        with pytest.raises(RecordError) as caught:
            nk.preset("blended").plan(LEAD, as_of=night(0).replace(tzinfo=None))
        assert caught.value.field == "as_of"


class TestForms:
    def test_rows(self):
        """A row per contact and move by time, under the columns' names; a lead enters first."""
        entering, mail = schedule().rows
        assert tuple(mail) == tuple(entering) == COLUMNS
        assert (entering["what"], entering["because"]) == ("enters", "it holds")
        assert (mail["at"], mail["what"]) == ("2026-03-03T10:00:00Z", "email (automated)")
        assert (mail["content"], mail["step"]) == ("guide", "one")

    @pytest.mark.parametrize(
        ("kind", "words", "place"),
        [
            ("left", "leaves", 1),
            ("skipped", "skips", 0),
            ("branch", "goes to call", 0),
        ],
    )
    def test_rows_of_moves(self, kind, words, place):
        """Each kind of move has its words; a lead leaves once all of that instant is done."""
        to = "call" if kind == "branch" else None
        move = Proposal(kind=kind, sequence="<nurture>", to=to, step="fork")
        made = schedule(moves=(Planned(us=to_us(day(1), field="day"), move=move),))
        assert made.rows[place]["what"] == words

    def test_text(self):
        """The text says the span, each row, what waits, what was assumed and noted."""
        head, entering, mail, blocked, assumed, note = str(schedule()).splitlines()
        assert head == (
            "lead-1, 2026-03-02T10:00:00Z to 2026-05-31T10:00:00Z: 1 contact if it doesn't "
            "answer; held: inquiry"
        )
        assert entering == "  2026-03-03T10:00:00Z  enters [<nurture>]: it holds"
        assert mail.endswith("email (automated) [<nurture>, one, guide]: <why>")
        assert blocked == "  blocked (exhausted) until something changes: <had it all>"
        assert (assumed, note) == ("  assumed: a zone", "  note: a note")
        assert repr(schedule()) == f"<Schedule {head}>"
        late = attrs.evolve(schedule().blocked[0], until_us=to_us(day(9), field="day"))
        assert "until 2026-03-11T10:00:00Z" in str(schedule(blocked=(late,)))

    def test_html_is_escaped(self):
        """A notebook shows a table and what waits; no text becomes markup."""
        told = schedule()._repr_html_()
        assert "&lt;nurture&gt;" in told
        assert "<nurture>" not in told
        assert "<li>exhausted until something changes: &lt;had it all&gt;</li>" in told
        assert "<ul>" not in schedule(blocked=())._repr_html_()

    def test_dict_is_json(self):
        """Instants are text, the moves and contacts whole."""
        told = json.loads(json.dumps(schedule().to_dict()))
        assert (told["as_of"], told["until"]) == ("2026-03-02T10:00:00Z", "2026-05-31T10:00:00Z")
        assert told["actions"][0]["earliest"] == "2026-03-03T10:00:00Z"
        assert told["moves"][0]["move"]["kind"] == "enrolled"


class TestICal:
    def test_an_entry_per_contact(self):
        """Each contact is an entry under its action's id, at its instant, and reads back."""
        written = to_ical(schedule())
        assert written == to_ical(schedule())
        calendar = Calendar.from_ical(written)
        (event,) = calendar.walk("VEVENT")
        assert str(event["uid"]) == "action-1@nurturekit"
        assert event.decoded("dtstart") == day(1)
        assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=15)
        assert str(event["summary"]) == "email by marketing: lead-1 <nurture> guide"
        assert str(event["transp"]) == "TRANSPARENT"

    def test_a_reps_contact_takes_time(self):
        """A rep's own contact shows the rep as busy."""
        (mail,) = schedule().actions
        made = schedule(actions=(attrs.evolve(mail, rep="rep-7", style=nk.Style.ONE_TO_ONE),))
        (event,) = Calendar.from_ical(to_ical(made)).walk("VEVENT")
        assert str(event["transp"]) == "OPAQUE"

    def test_without_the_package(self, monkeypatch):
        """Without the extra the error says what to install."""
        monkeypatch.setitem(sys.modules, "icalendar", None)
        with pytest.raises(CallError) as caught:
            to_ical(schedule())
        assert caught.value.code == "missing-extra"
        assert "nurturekit[ical]" in str(caught.value)
