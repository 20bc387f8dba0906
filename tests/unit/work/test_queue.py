"""A rep's day: what is listed, in which order, and what is left out and why."""

import attrs
import pytest

import nurturekit as nk
from nurturekit.instants import HOUR_US
from nurturekit.interop import decide_each
from nurturekit.work import work_queue
from tests.builders import day
from tests.unit.work.cases import (
    NOW,
    PLAYBOOK,
    action,
    called,
    came,
    case,
    decision,
    later,
    nothing_new,
    owed,
    us,
)

PHONE = nk.World(assume=nk.Assume(basis={"phone": "legitimate_interest"}))


def queue(*decided, as_of=NOW, **fields):
    """Return the list of work."""
    return work_queue(decided, playbook=PLAYBOOK, as_of=as_of, **fields)


def simple(lead_id, *parts, records=(), **fields):
    """Return a lead that came ten days ago, with its decision."""
    return case(lead_id, *(records or [came(lead_id, -10)])), decision(lead_id, *parts, **fields)


def kinds(found):
    """Return what is listed, in order."""
    return [(item.lead_id, item.kind) for item in found]


def codes(found):
    """Return who is left out and why."""
    return {one.lead_id: one.code for one in found.left_out}


def test_what_is_owed_goes_first_by_kind_and_then_by_due_time():
    """Hand-raise, agreed date, offer, then the rest; within a kind by due time, then by lead."""
    decided = [
        simple("e", action("e")),
        simple("d", *owed("d", "first_response", later(-9))),
        simple("c", *owed("c", "next_attempt", later(-9))),
        simple("b", *owed("b", "answer", later(0.1))),
        simple("a2", *owed("a2", "answer", later(0))),
        simple("a1", *owed("a1", "answer", later(0))),
    ]
    found = queue(*decided)
    assert kinds(found) == [
        ("a1", "answer"),
        ("a2", "answer"),
        ("b", "answer"),
        ("c", "agreed"),
        ("d", "deadline"),
        ("e", "ranked"),
    ]
    assert [item.rank for item in found] == [1, 2, 3, 4, 5, 6]
    assert found.items[2].due == later(0.1)
    assert found.items[5].due is None


def test_a_lead_is_listed_once_for_what_is_most_urgent():
    """Of an agreed date, two steps and a check-in only the date is listed."""
    date, duty = owed("a", "next_attempt", later(-1))
    check, timer = owed("a", "check_in", later(-3))
    found = queue(simple("a", action("a"), check, date, duty, timer))
    assert [item.action for item in found] == [date]


def test_a_check_in_is_ranked_and_not_owed():
    """A timer makes no deadline: with news it stands among the ranked ones."""
    found = queue(simple("a", *owed("a", "check_in", later(-3))))
    assert kinds(found) == [("a", "ranked")]
    assert found.items[0].due == later(-3)


def test_an_action_without_its_duty_is_due_at_its_own_latest_instant():
    """A planner of one's own may meet a duty that ownership doesn't name."""
    own = action("a", duty="answer", latest_us=us(later(0.2)))
    assert queue(simple("a", own)).items[0].due == later(0.2)
    assert queue(simple("a", action("a", duty="answer"))).items[0].due is None


def test_priority_is_rate_times_age():
    """Age counts days since the last sales touch, else since the first touch, today included."""
    decided = [
        simple("new", action("new"), records=[came("new", -1)]),
        simple("old", action("old"), records=[came("old", -20)]),
        simple("called", action("called"), records=[came("called", -20), called("called", -5)]),
    ]
    found = queue(*decided)
    assert [(item.lead_id, item.age_days) for item in found] == [
        ("old", 21),
        ("called", 6),
        ("new", 2),
    ]
    assert [item.priority for item in found] == [10.5, 3, 1]


def test_without_a_touch_a_lead_is_as_old_as_its_opening():
    """Clocks start with the opening; a lead of which nothing is known has waited today alone."""
    opened = nk.Opening(id="o", lead_id="a", occurred_at=day(-4), rep="rep-7")
    decided = [
        (case("a", came("a", -30), opened), decision("a", action("a"))),
        (case("b"), decision("b", action("b"))),
    ]
    assert {item.lead_id: item.age_days for item in queue(*decided)} == {"a": 5, "b": 1}


def test_only_this_day_is_listed():
    """What comes on another day isn't; a step that is due before midnight is."""
    decided = [
        simple("a", action("a", at=day(0, 23.9))),
        simple("b", action("b", at=day(1, 0))),
        simple("c", action("c", at=day(4))),
    ]
    found = queue(*decided)
    assert kinds(found) == [("a", "ranked")]
    assert codes(found) == {"b": "later", "c": "later"}
    assert found.left_out[0].until_us == us(day(1, 0))


def test_decisions_of_the_night_before_make_the_list_of_the_day():
    """The list's own instant says which day it is."""
    made = decision("a", action("a", at=day(1, 8)), as_of=day(0, 22))
    assert len(queue((case("a"), made), as_of=day(1, 6))) == 1


def test_nothing_new_is_nobody_called():
    """A check-in without news is left out, and the list says until when."""
    found = queue(simple("a", nothing_new("a")))
    assert codes(found) == {"a": "nothing-new"}
    assert found.left_out[0].until_us is not None
    assert str(found).splitlines()[-1] == "left out: 1 nothing-new"


def test_automated_work_and_refused_work_are_nobody_s_list():
    """Only what a person may do now is listed."""
    mail = nk.Action(
        id="m",
        lead_id="a",
        channel="email",
        style=nk.Style.AUTOMATED,
        team=nk.Team.MARKETING,
        earliest_us=us(NOW),
    )
    refused = nk.Blocked(code="no-basis", reason="no basis", needs=("basis",), action=action("b"))
    silent = nk.Blocked(code="nothing-planned", reason="nothing is owed")
    found = queue(simple("a", mail), simple("b", refused), simple("c", silent))
    assert len(found) == 0
    assert codes(found) == {"a": "nothing-due", "b": "no-basis", "c": "nothing-due"}


def test_what_ownership_forbids_is_not_listed():
    """An action of a team that may not turn to the lead in person isn't, nor is the lead named."""
    forbidden = {"allowed": nk.Ownership(accountable="sales", answerable="sales").allowed}
    found = queue(simple("a", action("a"), ownership=forbidden))
    assert (len(found), found.left_out) == (0, ())


def test_a_closed_lead_is_in_no_list():
    """Neither listed nor counted as left out."""
    found = queue(simple("a", action("a"), ownership={"is_open": False}))
    assert (len(found), found.left_out) == (0, ())


def test_a_rep_s_list_has_what_the_rep_does():
    """Own leads that have nothing are named; other people's and nobody's leads aren't."""
    decided = [
        simple("a", action("a")),
        simple("b", action("b", rep="rep-8"), ownership={"rep": "rep-8"}),
        simple("c", action("c", rep="rep-8")),
        simple("d", action("d"), ownership={"rep": "rep-8"}),
        simple("e", ownership={"rep": None}),
    ]
    found = queue(*decided, rep="rep-7")
    assert kinds(found) == [("a", "ranked"), ("d", "ranked")]
    assert codes(found) == {"c": "nothing-due"}
    assert found.whose == "rep-7"


def test_a_team_s_list_has_the_team_s_work():
    """Sales' list has all that sales may do; marketing's is empty where it may not write."""
    decided = [simple("a", action("a")), simple("b", action("b", rep="rep-8"))]
    assert len(queue(*decided, team="sales")) == 2
    assert queue(*decided, team="sales", rep="rep-8").whose == "rep-8 of sales"
    assert len(queue(*decided, team="marketing")) == 0


def unassigned(lead_id, kind, *, world=PHONE, due=None):
    """Return a lead that waits for a rep."""
    wanted, duty = owed(lead_id, kind, due or later(0.1), rep=None, purpose="sales")
    refused = nk.Blocked(code="no-rep", reason="no rep", needs=("rep",), action=wanted)
    made = decision(lead_id, refused, duty, ownership={"rep": None})
    return case(lead_id, came(lead_id, -1), world=world), made


def test_an_unassigned_lead_is_in_the_team_s_list():
    """What is owed to it is listed with its due time and nobody's name, as the guards permit."""
    pair = unassigned("a", "first_response")
    found = queue(pair, team="sales")
    assert kinds(found) == [("a", "deadline")]
    assert found.items[0].action.rep is None
    assert found.items[0].action.basis == "legitimate_interest"
    assert found.items[0].due == later(0.1)
    assert "phone by nobody yet" in str(found)
    assert queue(pair, rep="rep-7").left_out == ()


def test_an_unassigned_lead_that_may_not_be_called_is_left_out():
    """Without a legal basis, outside the hours, or for a mere timer it isn't listed."""
    pairs = [
        unassigned("a", "answer", world=nk.World()),
        unassigned("b", "check_in"),
    ]
    assert codes(queue(*pairs, team="sales")) == {"a": "no-basis", "b": "no-rep"}
    evening = queue(unassigned("c", "answer"), as_of=day(0, 21), team="sales")
    assert codes(evening) == {"c": "later"}
    assert evening.left_out[0].until_us == us(day(1, 7))


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (called("a", 0, hour=12), "worked-since"),
        (nk.Consent(id="o", lead_id="a", occurred_at=day(0, 12), kind="objected"), "closed"),
        (nk.Consent(id="o", lead_id="a", occurred_at=day(0, 12), kind="erased"), "closed"),
        (called("a", 0, hour=8, outcome="do_not_contact"), "closed"),
    ],
    ids=["called", "objected", "erased", "closed"],
)
def test_what_happened_since_the_decision_counts(record, code):
    """A lead that sales has turned to since, or that is gone, is left out."""
    found = queue(simple("a", action("a"), records=[came("a", -1), record]), as_of=day(0, 13))
    assert codes(found) == {"a": code}


def test_what_happens_after_the_instant_does_not_count():
    """Neither a later call nor a later objection changes the list of an earlier instant."""
    records = [came("a", -1), called("a", 0, hour=12)]
    assert len(queue(simple("a", action("a"), records=records))) == 1


def test_a_lead_that_could_not_be_decided_keeps_nobody_from_work():
    """It is left out with its error; the others are listed, as `decide_each` gives them."""

    class Bad:
        name = "bad"

        def decide(self, situation):
            if situation.lead.id == "b":
                raise ValueError
            return PLAYBOOK.ownership.decide(situation)

    playbook = attrs.evolve(PLAYBOOK, ownership=Bad())
    owner = {"kind": "owner", "to": "sales", "rep": "rep-7", "occurred_at": day(-1)}
    leads = [
        case(name, nk.Move(id=f"m-{name}", lead_id=name, **owner), raised(name), world=PHONE)
        for name in "ab"
    ]
    decided = decide_each(playbook, leads, as_of=NOW)
    found = work_queue(decided, playbook=playbook, as_of=NOW, rep="rep-7")
    assert [item.lead_id for item in found] == ["a"]
    assert codes(found) == {"b": "undecided"}
    assert "[plugin]" in found.left_out[0].reason


def raised(lead_id):
    """Return a demo that a lead asked for."""
    return nk.Touch(
        id=f"r-{lead_id}", lead_id=lead_id, kind="demo_requested", occurred_at=day(-0.5)
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"team": "support"}, "unknown-word"),
        ({"as_of": day(0, 8)}, "out-of-range"),
        ({"decided": [(case("b"), decision("a"))]}, "other-lead"),
        ({"decided": [simple("a", action("a"))] * 2}, "duplicate-id"),
    ],
)
def test_senseless_calls_are_refused(change, code):
    """The error names the argument and has a stable code."""
    fields = {"decided": [simple("a", action("a"))], "as_of": NOW, **change}
    with pytest.raises(nk.CallError) as raised:
        work_queue(playbook=PLAYBOOK, **fields)
    assert raised.value.code == code


def test_a_playbook_s_day_may_start_at_another_hour():
    """With the day shifted by ten hours it ends at 14:00 UTC."""
    scoring = attrs.evolve(PLAYBOOK.scoring, day_offset_us=10 * HOUR_US)
    decided = [simple("a", action("a", at=day(0, 13))), simple("b", action("b", at=day(0, 15)))]
    shifted = attrs.evolve(PLAYBOOK, scoring=scoring)
    found = work_queue(decided, playbook=shifted, as_of=NOW)
    assert kinds(found) == [("a", "ranked")]
    assert codes(found) == {"b": "later"}
