"""Who enters, who leaves, which steps are passed over; each with its reason."""

import pytest

from nurturekit.criteria import fact
from nurturekit.vocabulary import Style, Team
from tests.unit.planning.cases import (
    MINUTE,
    allowing,
    as_moves,
    codes,
    enrolled,
    fact_at,
    move,
    moves,
    owner,
    plan,
    sent,
    sequence,
    situation,
    step,
    us,
)

NEEDS_SIZE = fact("employees") >= 50
BIG, SMALL = fact_at(0, "employees", 80), fact_at(0, "employees", 8)
FINISHED = [enrolled(0), sent(1, "one"), sent(2, "two")]


def test_enters_when_its_criterion_holds():
    """True enters; false doesn't; unknown doesn't either, and says so."""
    made = sequence(entry=NEEDS_SIZE)
    assert moves(plan(situation(1, [BIG]), made)) == [("enrolled", "nurture", "1@1")]
    assert not plan(situation(1, [SMALL]), made).moves
    unknown = plan(situation(1), made)
    assert not unknown.moves
    assert unknown.notes == ("`nurture` isn't entered: whether it applies is unknown",)


def test_enrolment_names_team_and_reason():
    """The move says whose sequence it is and why."""
    with_entry = plan(situation(1, [BIG]), sequence(entry=NEEDS_SIZE)).moves[0]
    assert (with_entry.team, with_entry.reason) == ("marketing", "its entry criterion holds")
    assert plan(situation(1), sequence()).moves[0].reason == "open to every lead"


def test_does_not_enter_what_it_would_leave_at_once():
    """A lead that has reached the goal isn't enrolled."""
    assert not plan(situation(1, [BIG]), sequence(exit=NEEDS_SIZE)).moves


def test_exit_is_eager():
    """A run ends as soon as its goal is reached; unknown isn't reached."""
    made = sequence(exit=NEEDS_SIZE)
    gone = plan(situation(1, [enrolled(0), BIG]), made)
    assert [(one.kind, one.reason) for one in gone.moves] == [("left", "its exit goal is reached")]
    assert not gone.actions
    assert not plan(situation(1, [enrolled(0), SMALL]), made).moves
    assert not plan(situation(1, [enrolled(0)]), made).moves


def test_finished_run_leaves():
    """After the last step a run is finished."""
    made = plan(situation(3, FINISHED), sequence())
    assert moves(made) == [("left", "nurture", "1@1")]
    assert made.moves[0].reason == "finished"


@pytest.mark.parametrize("allowed", [{}, {"marketing": ["automated"]}, {"sales": ["mass"]}])
def test_leaves_what_ownership_forbids(allowed):
    """S3-1: a handoff ends no enrolment silently; the reason is ownership's."""
    forbidden = owner(allowed=allowing(**allowed), because="sales has it")
    made = plan(situation(1, [enrolled(0)]), sequence(), ownership=forbidden)
    assert moves(made) == [("left", "nurture", "1@1")]
    assert made.moves[0].reason.endswith(": sales has it")
    assert not plan(situation(1), sequence(), ownership=forbidden).moves


def test_leaves_what_does_not_go_on():
    """Where ownership names what goes on, every other sequence of the other team leaves."""
    series = owner(continues=("series",), because="", accountable=Team.SALES)
    own = owner(continues=("series",), because="", accountable=Team.MARKETING)
    assert not moves(plan(situation(1, [enrolled(0)]), sequence(), ownership=own))
    made = plan(
        situation(1, [enrolled(0), enrolled(0, "series")]),
        sequence(),
        sequence("series"),
        sequence("third"),
        ownership=series,
    )
    assert moves(made) == [("left", "nurture", "1@1")]
    assert made.moves[0].reason == "it doesn't go on: ownership changed"


def test_reentry():
    """Never, after the end, or so many days after it."""
    left = move(3, "left", sequence="nurture", run="1@1", reason="finished")
    ended = [*FINISHED, left]
    assert not plan(situation(9, ended), sequence()).moves
    again = [("enrolled", "nurture", "2@1")]
    assert moves(plan(situation(9, ended), sequence(reentry="after_end"))) == again
    assert not plan(situation(9, ended), sequence(reentry=7)).moves
    assert moves(plan(situation(10, ended), sequence(reentry=7))) == again


def test_reentry_at_the_end():
    """A sequence that may follow on itself does so from the next day on: no day holds two runs."""
    always = sequence(reentry="after_end")
    seen = situation(3, FINISHED)
    made = plan(seen, always)
    assert moves(made) == [("left", "nurture", "1@1")]
    records = [*FINISHED, *as_moves(seen, made.moves)]
    assert not plan(situation(3, records, after=23 * 60 * MINUTE), always).moves
    again = plan(situation(4, records), always)
    assert moves(again) == [("enrolled", "nurture", "2@1")]
    assert [one.run for one in again.actions] == ["2@1"]
    assert not plan(situation(4, records), sequence(reentry=2)).moves


@pytest.mark.parametrize("origin", ["person", "lead"])
def test_who_was_taken_out_is_not_put_back(origin):
    """What a person or the lead ended, automation never begins again."""
    always = sequence(reentry="after_end")
    left = move(3, "left", origin=origin, sequence="nurture", reason="enough")
    assert not plan(situation(9, [enrolled(0), left]), always).moves
    assert not plan(situation(9, [left]), always).moves
    from_all = move(3, "left", origin=origin, reason="enough")
    records = [enrolled(0), from_all]
    other = sequence("second")
    assert moves(plan(situation(9, records), always, other)) == [("enrolled", "second", "1@1")]


def test_a_person_may_put_it_back():
    """What a person ended, a person can begin again."""
    left = move(3, "left", origin="person", sequence="nurture", run="1@1", reason="enough")
    back = enrolled(4, run="2@1", origin="person")
    made = plan(situation(5, [enrolled(0), left, back]), sequence())
    assert not made.moves
    assert [one.run for one in made.actions] == ["2@1"]


def _mixed():
    """A mail, a rep's call, a mail."""
    call = step("call", style="one_to_one", channel="phone", team="sales", after_days=2)
    return sequence(steps=[step("one"), call, step("two", after_days=3)])


def test_due_step_that_is_forbidden_is_passed_over():
    """A step that ownership forbids when it is due is skipped, and the run goes on."""
    no_calls = owner(allowed=allowing(marketing=[Style.MASS]))
    seen = situation(5, [enrolled(0), sent(1, "one")])
    made = plan(seen, _mixed(), ownership=no_calls)
    assert [(one.kind, one.step, one.team) for one in made.moves] == [("skipped", "call", "sales")]
    assert made.moves[0].reason == "one_to_one isn't allowed now: row 9"
    assert [(one.step, one.earliest_us) for one in made.actions] == [("two", us(8))]
    records = [*seen.history.records, *as_moves(seen, made.moves)]
    again = plan(situation(6, records), _mixed(), ownership=no_calls)
    assert (again.moves, [one.earliest_us for one in again.actions]) == ((), [us(8)])


def test_forbidden_step_that_is_not_due_waits():
    """Before it is due a forbidden step stays, refused and whole: ownership may yet change."""
    no_calls = owner(allowed=allowing(marketing=[Style.MASS]))
    made = plan(situation(2, [enrolled(0), sent(1, "one")]), _mixed(), ownership=no_calls)
    assert (made.moves, codes(made)) == ((), ["not-allowed"])
    assert made.blocked[0].action.step == "call"


def test_run_ends_when_no_step_to_come_is_allowed():
    """A run of which only forbidden steps remain leaves."""
    calls_only = owner(allowed=allowing(sales=[Style.ONE_TO_ONE]))
    records = [enrolled(0), sent(1, "one"), sent(3, "call")]
    made = plan(situation(5, records), _mixed(), ownership=calls_only)
    assert moves(made) == [("left", "nurture", "1@1")]


def test_closed_lead_leaves_everything():
    """Nobody nurtures a closed lead: every run leaves with ownership's reason."""
    closed = owner(is_open=False, because="do not contact")
    records = [enrolled(0), enrolled(0, "gone")]
    made = plan(situation(1, records), sequence(), ownership=closed)
    assert moves(made) == [("left", "gone", "1@1"), ("left", "nurture", "1@1")]
    assert [one.code for one in made.blocked] == ["closed"]
    assert made.blocked[0].reason == made.moves[1].reason == "do not contact"
    assert not made.actions
