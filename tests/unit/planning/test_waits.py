"""Waits until a date, cadences, and what contradicts itself."""

from datetime import date, time

import pytest

from nurturekit.calendars import Cadence
from nurturekit.errors import ModelError
from nurturekit.planning.sequence import Step
from nurturekit.records import Lead
from nurturekit.vocabulary import Style
from tests.unit.planning.cases import (
    LEAD,
    allowing,
    codes,
    day,
    enrolled,
    fact_at,
    moves,
    owner,
    plan,
    sent,
    sequence,
    situation,
    step,
    us,
)
from tests.unit.planning.test_branches import BIG, fork

HOUR_US = 3_600_000_000
DATE = {"until_fact": "d", "if_missing": "now"}


def dated(if_missing="wait", **fields):
    """A sequence of a step that waits for the contract's end, and one a day after it."""
    waits = {"until_fact": "contract_ends", "if_missing": if_missing, **fields}
    return sequence(steps=[step("renew", **waits), step("after", after_days=1)])


def ends(number, on=1):
    """The fact that the contract ends on a day."""
    return fact_at(on, "contract_ends", day(number).date())


def planned(seen, *sequences):
    """The steps planned, with the day on which they come."""
    return [(one.step, one.earliest_us) for one in plan(seen, *sequences).actions]


@pytest.mark.parametrize(("offset", "expected"), [(0, 40), (-10, 30), (5, 45)])
def test_step_waits_for_a_date(offset, expected):
    """The step is due on the fact's date, so many days before or after it."""
    seen = situation(3, [enrolled(2), ends(40)])
    assert planned(seen, dated(offset_days=offset)) == [("renew", us(expected))]


def test_a_date_that_has_passed_is_due():
    """A date before the wait began doesn't bring the step forward."""
    assert planned(situation(3, [enrolled(2), ends(-20)]), dated()) == [("renew", us(3))]


def test_a_date_that_changes_moves_the_step():
    """The wait reads the fact in force."""
    records = [enrolled(2), ends(40), ends(60, on=3)]
    assert planned(situation(4, records), dated()) == [("renew", us(60))]


@pytest.mark.parametrize(
    ("zone", "hours"), [("America/New_York", 5), ("Asia/Kathmandu", -5.75), (None, 0)]
)
def test_the_date_begins_in_the_recipients_zone(zone, hours):
    """Midnight is the recipient's own; where no zone is known the day begins in UTC."""
    lead = Lead(id=LEAD.id, zone=zone)
    seen = situation(3, [enrolled(2), ends(40)], lead=lead)
    assert planned(seen, dated()) == [("renew", us(40) + int(hours * HOUR_US))]


class TestMissingDate:
    def test_wait(self):
        """The step waits, and the plan says which fact it needs."""
        for records in ([enrolled(2)], [enrolled(2), fact_at(1, "contract_ends", "soon")]):
            made = plan(situation(3, records), dated("wait"))
            assert (codes(made), made.actions) == (["unknown-date"], ())
            assert made.blocked[0].needs == ("fact",)
            assert made.blocked[0].action.step == "renew"

    def test_wait_for_what_is_forbidden(self):
        """A refused step that waits for ever has an instant that a calendar has."""
        made = sequence(
            steps=[
                step("renew", style="one_to_one", until_fact="contract_ends", if_missing="wait"),
                step("after"),
            ]
        )
        no_reps = owner(allowed=allowing(marketing=[Style.MASS]))
        (refused,) = plan(situation(3, [enrolled(2)]), made, ownership=no_reps).blocked
        assert (refused.code, refused.action.earliest) == ("not-allowed", day(3))

    def test_skip(self):
        """The step is passed over, with the reason on record, and the next one is planned."""
        made = plan(situation(3, [enrolled(2)]), dated("skip"))
        assert [(one.kind, one.step) for one in made.moves] == [("skipped", "renew")]
        assert [(one.step, one.earliest_us) for one in made.actions] == [("after", us(4))]

    def test_now(self):
        """The step comes at once."""
        assert planned(situation(3, [enrolled(2)]), dated("now")) == [("renew", us(3))]

    def test_leave(self):
        """The run ends, with the reason; a lead without the date isn't enrolled."""
        made = plan(situation(3, [enrolled(2)]), dated("leave"))
        assert moves(made) == [("left", "nurture", "1@1")]
        assert "contract_ends" in made.moves[0].reason
        assert not plan(situation(3), dated("leave")).moves
        assert moves(plan(situation(3, [ends(40)]), dated("leave")))

    @pytest.mark.parametrize(
        ("if_missing", "kinds"),
        [("wait", []), ("skip", ["branch"]), ("now", ["branch"]), ("leave", ["left"])],
    )
    def test_of_a_branch(self, if_missing, kinds):
        """A branch waits for a date likewise; skipped, it goes on as if no arm held."""
        branch = fork(("big", {"when": BIG}), until_fact="contract_ends", if_missing=if_missing)
        made = sequence(steps=[branch, step("small"), step("big")])
        found = plan(situation(3, [enrolled(2), fact_at(1, "size", 90)]), made)
        assert [one.kind for one in found.moves] == kinds
        if if_missing == "wait":
            assert codes(found) == ["unknown-date"]
        elif kinds == ["branch"]:
            assert found.moves[0].to == ("small" if if_missing == "skip" else "big")


class TestCadence:
    """Every second Tuesday at 09:30, from the Tuesday after the story's Monday."""

    MADE = Cadence(every="week", interval=2, on=("tue",), at=time(9, 30), start=date(2026, 1, 6))
    HALF_PAST_NINE = 9.5 * HOUR_US

    def planned(self, *records, on=3, zone="UTC", **fields):
        made = sequence(steps=[step("issue", cadence=self.MADE, **fields)])
        return planned(situation(on, records, lead=Lead(id=LEAD.id, zone=zone)), made)

    def test_first_one_comes_with_the_cadence(self):
        """Whenever a lead enters, the issue comes on the day on which all get it."""
        assert self.planned(enrolled(2)) == [("issue-1", us(15) + self.HALF_PAST_NINE)]
        assert self.planned(enrolled(2), after_days=14) == [
            ("issue-1", us(29) + self.HALF_PAST_NINE)
        ]

    def test_goes_on_with_the_cadence(self):
        """The next one comes with the cadence, however late the last was."""
        records = [enrolled(2), sent(17, "issue-1")]
        assert self.planned(*records, on=18) == [("issue-2", us(29) + self.HALF_PAST_NINE)]

    def test_at_the_recipients_clock(self):
        """Half past nine is the recipient's own."""
        assert self.planned(enrolled(2), zone="America/New_York") == [
            ("issue-1", us(15) + self.HALF_PAST_NINE + 5 * HOUR_US)
        ]

    def test_waits_for_a_date_first(self):
        """Without the date that it waits for no issue comes."""
        waits = {"until_fact": "contract_ends", "if_missing": "wait"}
        assert self.planned(enrolled(2), **waits) == []
        assert self.planned(enrolled(2), ends(20), **waits) == [
            ("issue-1", us(29) + self.HALF_PAST_NINE)
        ]


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"until_fact": "d"}, "no-rule", "if_missing"),
        ({"until_fact": "d", "if_missing": "guess"}, "unknown-word", "if_missing"),
        ({"if_missing": "skip"}, "bad-wait", "until_fact"),
        ({"offset_days": 3}, "bad-wait", "until_fact"),
        ({**DATE, "offset_days": 1.5}, "out-of-range", "offset_days"),
        ({**DATE, "offset_days": 9999}, "out-of-range", "offset_days"),
        ({**DATE, "after_days": 1}, "bad-wait", "until_fact"),
        ({"repeat_every_days": 7, "next": "end"}, "repeats-early", "next"),
        ({"repeat_every_days": 7, "cadence": TestCadence.MADE}, "repeats-early", "cadence"),
        ({"style": "automated"}, "needs-content", "content"),
        ({"repeat_every_days": 7, "if_no_content": "skip"}, "bad-wait", "if_no_content"),
        ({"topic": ""}, "bad-name", "topic"),
    ],
)  # fmt: skip
def test_refuses(fields, code, path):
    """Waits that contradict each other, or leave open what happens, can't be made."""
    with pytest.raises(ModelError) as caught:
        Step(**{"id": "a", "style": "mass", **fields})
    assert (caught.value.code, caught.value.path) == (code, f"steps.a.{path}")
