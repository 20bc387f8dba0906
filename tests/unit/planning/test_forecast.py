"""A forecast asks the planner again when a day, a date, an end or new content may change it."""

from datetime import date

from nurturekit.criteria import days_since
from nurturekit.guards import Admission, GuardProfile
from nurturekit.planning import SequencePlanner, forecast
from nurturekit.records import Lead
from tests.unit.planning.cases import (
    LEAD,
    basis,
    content_step,
    day,
    enrolled,
    move,
    owner,
    piece,
    sequence,
    situation,
    step,
    touch,
    us,
)

OPEN = GuardProfile(name="open", dated=date(2026, 1, 1))


def ahead(*sequences, records=(), content=(), on=1, until=60, **fields):
    """The forecast from a day on."""
    lead = Lead(id=LEAD.id, zone="UTC")
    seen = situation(on, [*basis("email", "phone"), *records], lead=lead, content=content)
    return forecast(
        SequencePlanner(sequences=sequences),
        seen,
        owner(**fields),
        until_us=us(until),
        guards=Admission(OPEN, seen),
    )


def planned(outlook):
    """The steps done, with their days."""
    return [(one.step, (one.earliest_us - us(0)) // (us(1) - us(0))) for one in outlook.actions]


def test_a_criterion_over_days_is_asked_every_day():
    """A lead enters on the day from which its last visit was long enough ago."""
    quiet = sequence(steps=[step("hello")], entry=days_since("page_viewed") >= 10)
    made = ahead(quiet, records=[touch(0)])
    assert planned(made) == [("hello", 10)]
    assert next((one.us, one.move.kind) for one in made.moves) == (us(10), "enrolled")


def test_a_sequence_begins_again_when_its_rule_says():
    """A run that has ended begins again after so many days, under a new number."""
    again = sequence(steps=[step("hello", after_days=1)], reentry=20)
    made = ahead(again, until=50)
    assert [(one.step, one.run) for one in made.actions] == [
        ("hello", "1@1"),
        ("hello", "2@1"),
        ("hello", "3@1"),
    ]
    assert planned(made) == [("hello", 2), ("hello", 23), ("hello", 44)]


def test_the_next_day_at_the_earliest():
    """`after_end` begins on the next day: once a day, and the forecast ends."""
    made = ahead(sequence(steps=[step("hello")], reentry="after_end"), until=5)
    assert planned(made) == [("hello", number) for number in (1, 2, 3, 4)]


def test_new_content_is_used_when_it_comes_out():
    """A step that waits for content is done on the day on which some comes out."""
    made = ahead(
        sequence(steps=[content_step("guide"), step("after", after_days=3)]),
        content=[piece("late", 20)],
    )
    assert planned(made) == [("guide", 20), ("after", 23)]


def test_a_pause_ends():
    """After a pause the next step is due at once."""
    pause = move(1, "snoozed", origin="person", reason="asked", until=day(30))
    made = ahead(sequence(steps=[step("hello", after_days=2)]), records=[enrolled(0), pause], on=2)
    assert planned(made) == [("hello", 30)]


def test_branches_are_taken_on_the_way():
    """A branch that waits is taken when it is due; nobody has answered, so no arm holds."""
    from tests.unit.planning.test_branches import by_outcome

    made = ahead(by_outcome(), until=30)
    assert planned(made) == [("mail", 2), ("remind", 7)]
    kinds = [one.move.kind for one in made.moves]
    assert kinds == ["enrolled", "branch", "left"]


def test_what_waits_at_the_end_is_told():
    """What still can't be done at the end is there, with the reason."""
    made = ahead(sequence(steps=[content_step("guide")]))
    assert [one.code for one in made.blocked] == ["no-content"]


def test_a_lead_that_nobody_nurtures():
    """Every run ends now, and nothing is planned."""
    made = ahead(sequence(), records=[enrolled(0)], is_open=False, because="closed")
    assert [(one.us, one.move.kind) for one in made.moves] == [(us(1), "left")]
    assert (made.actions, [one.code for one in made.blocked]) == ((), ["closed"])
