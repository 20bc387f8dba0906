"""Where a lead stands in a sequence: what really happened, not what was planned."""

from datetime import timedelta

from nurturekit.records import Opening
from tests.unit.planning.cases import (
    LEAD,
    MINUTE,
    codes,
    day,
    enrolled,
    move,
    moves,
    plan,
    sent,
    sequence,
    situation,
    step,
    touch,
    us,
)


def _opening(number=0, **fields):
    return Opening(id="opening", lead_id=LEAD.id, occurred_at=day(number), **fields)


def _steps_planned(seen, *sequences):
    made = plan(seen, *sequences)
    return [(one.run, one.step, one.earliest_us) for one in made.actions]


def test_first_step_waits_from_the_enrolment():
    """The first wait starts at the enrolment."""
    assert _steps_planned(situation(3, [enrolled(1)]), sequence()) == [("1@1", "one", us(8))]


def test_next_step_waits_from_what_really_happened():
    """A mail sent late moves the rest."""
    records = [enrolled(1), sent(12, "one")]
    assert _steps_planned(situation(13, records), sequence()) == [("1@1", "two", us(19))]


def test_overdue_step_is_due_now():
    """A step whose time has passed is planned for now."""
    assert _steps_planned(situation(30, [enrolled(1)]), sequence()) == [("1@1", "one", us(30))]


def test_furthest_step_counts():
    """A step done once is never done again, in whatever order touches come."""
    records = [enrolled(0), sent(5, "two"), sent(6, "one")]
    made = sequence(steps=("one", "two", "three"))
    assert _steps_planned(situation(7, records), made) == [("1@1", "three", us(13))]


def test_the_leads_answer_is_no_step():
    """A reply that carries the step's name doesn't make the step, nor move its clock."""
    reply = touch(3, sequence="nurture", run="1@1", step="one")
    unknown = sent(4, "another")
    nameless = sent(5, None)
    records = [enrolled(0), reply, unknown, nameless]
    assert _steps_planned(situation(6, records), sequence()) == [("1@1", "one", us(7))]


def test_skipped_step_is_behind():
    """A step that a person skips counts as passed at that time."""
    skip = move(4, "skipped", sequence="nurture", run="1@1", step="one", reason="known")
    records = [enrolled(0), skip]
    assert _steps_planned(situation(5, records), sequence()) == [("1@1", "two", us(11))]


def test_touch_without_run_belongs_to_the_run_under_way():
    """A touch that names only the sequence counts for runs begun by then."""
    records = [sent(0, "one", run=None), enrolled(1)]
    assert _steps_planned(situation(5, records), sequence()) == [("1@1", "one", us(8))]
    records.append(sent(3, "one", run=None))
    assert _steps_planned(situation(5, records), sequence()) == [("1@1", "two", us(10))]


def test_run_without_a_number():
    """A person's enrolment without a run id runs on the highest version."""
    by_hand = move(1, "enrolled", origin="person", sequence="nurture")
    new = sequence(version=2, steps=("first",))
    assert _steps_planned(situation(2, [by_hand]), sequence(), new) == [(None, "first", us(8))]
    odd = move(1, "enrolled", origin="person", sequence="nurture", run="by hand")
    assert _steps_planned(situation(2, [odd]), sequence(), new) == [("by hand", "first", us(8))]
    made = plan(situation(9, [by_hand, sent(8, "first", run=None)]), new)
    assert moves(made) == [("left", "nurture", None)]


def test_run_stays_on_its_version():
    """A lead that began with version 1 goes on with it; who comes later enters version 2."""
    new = sequence(version=2, steps=("first",))
    assert _steps_planned(situation(3, [enrolled(1)]), sequence(), new) == [("1@1", "one", us(8))]
    assert moves(plan(situation(3), new, sequence())) == [("enrolled", "nurture", "1@2")]


def test_version_gone_ends_the_run():
    """A run whose version was taken away leaves, with a reason."""
    made = plan(situation(3, [enrolled(1)]), sequence(version=2, entry=None))
    assert moves(made) == [("left", "nurture", "1@1")]
    assert "version" in made.moves[0].reason


def test_newer_run_has_a_newer_number():
    """Run numbers are never used twice, whatever numbers a CRM gave."""
    left = move(2, "left", sequence="nurture", run="4@1", reason="x")
    records = [enrolled(1, run="4@1"), left]
    again = sequence(reentry="after_end")
    assert moves(plan(situation(3, records), again)) == [("enrolled", "nurture", "5@1")]
    odd = [enrolled(1, run="x"), move(2, "left", sequence="nurture", run="x", reason="x")]
    assert moves(plan(situation(3, odd), again)) == [("enrolled", "nurture", "2@1")]


def test_up_to_takes_the_trigger_or_the_wait():
    """A triggered step comes with its trigger, at the latest after its wait."""
    made = sequence(steps=[step("one", up_to_days=10, triggers=["page_viewed"])])
    assert _steps_planned(situation(2, [enrolled(1)]), made) == [("1@1", "one", us(11))]
    viewed = touch(4)
    assert _steps_planned(situation(5, [enrolled(1), viewed]), made) == [("1@1", "one", us(5))]
    late = [enrolled(1), touch(14)]
    seen = situation(11, late)
    assert _steps_planned(seen, made) == [("1@1", "one", us(11))]


def test_only_a_later_human_touch_triggers():
    """What came before, at the same instant, of another kind or from a machine triggers nothing."""
    made = sequence(steps=[step("one", up_to_days=10, triggers=["page_viewed"])])
    others = [touch(0), touch(1), touch(2, "price_asked"), touch(3, automated=True)]
    seen = situation(4, [enrolled(1), *others])
    assert _steps_planned(seen, made) == [("1@1", "one", us(11))]


def test_last_step_repeats():
    """A newsletter goes on, each issue a step of its own, at its own distance."""
    made = sequence(steps=[step("issue", after_days=3, repeat_every_days=30)])
    assert _steps_planned(situation(1, [enrolled(0)]), made) == [("1@1", "issue-1", us(3))]
    records = [enrolled(0), sent(5, "issue-1")]
    assert _steps_planned(situation(6, records), made) == [("1@1", "issue-2", us(35))]
    records.append(sent(36, "issue-2"))
    assert _steps_planned(situation(40, records), made) == [("1@1", "issue-3", us(66))]


def test_opened_run_starts_at_the_opening():
    """What the CRM's columns call enrolled is a run with no step made; clocks start that day."""
    seen = situation(3, [_opening(enrolled=["nurture", "nurture"])])
    newest = sequence(version=2)
    assert _steps_planned(seen, newest, sequence()) == [("0@2", "one", us(7))]
    assert not plan(seen, newest).moves


def test_opened_run_keeps_the_version_it_went_on_with():
    """Once a step was made or skipped, an opened run stays on that version."""
    newest = sequence(version=2)
    begun = [_opening(enrolled=["other", "nurture"]), sent(8, "one", run="0@1")]
    assert ("0@1", "two", us(15)) in _steps_planned(situation(9, begun), newest, sequence())
    skip = move(8, "skipped", sequence="nurture", run="0@1", step="one", reason="known")
    begun = [_opening(enrolled=["nurture"]), skip]
    assert _steps_planned(situation(9, begun), newest, sequence()) == [("0@1", "two", us(15))]


def test_opened_run_leaves_once():
    """An opened run ends by a `left` move like any other, also by one that names no run."""
    begun = _opening(enrolled=["nurture"])
    records = [begun, sent(3, "one", run="0@1"), sent(9, "two", run="0@1")]
    made = plan(situation(10, records), sequence())
    assert moves(made) == [("left", "nurture", "0@1")]
    for run in ("0@1", "0@2", None):
        left = move(4, "left", sequence="nurture", run=run, reason="x")
        assert not plan(situation(5, [begun, left]), sequence()).moves
    early = move(-4, "left", sequence="nurture", run="0@1", reason="x")
    assert _steps_planned(situation(5, [begun, early]), sequence()) == [("0@1", "one", us(7))]


def test_opened_run_of_an_unknown_sequence_leaves():
    """A sequence that only the CRM knew ends with a reason."""
    made = plan(situation(3, [_opening(enrolled=["old drip"])]))
    assert moves(made) == [("left", "old drip", "0@1")]
    assert codes(made) == ["nothing-planned"]


def test_reentry_counts_the_end_of_an_opened_run():
    """A run of which only the opening tells counts for the re-entry rule."""
    begun = _opening(enrolled=["nurture"])
    left = move(4, "left", sequence="nurture", run="0@1", reason="x")
    seen = situation(10, [begun, left], after=timedelta(0))
    assert not plan(seen, sequence()).moves
    assert not plan(seen, sequence(reentry=7)).moves
    assert moves(plan(seen, sequence(reentry=6))) == [("enrolled", "nurture", "1@1")]


def test_deciding_a_minute_later_changes_nothing():
    """With the moves appended, the next decision has the same ids and no new moves."""
    from tests.unit.planning.cases import as_moves

    seen = situation(3, [enrolled(1), sent(2, "one")])
    first = plan(seen, sequence(), sequence("second"))
    records = [*seen.history.records, *as_moves(seen, first.moves)]
    again = plan(situation(3, records, after=MINUTE), sequence(), sequence("second"))
    assert not again.moves
    assert [one.id for one in again.actions] == [one.id for one in first.actions]
