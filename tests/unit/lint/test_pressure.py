"""Hours that never open together, and caps that leave a sequence no room."""

import pytest

from nurturekit.lint import findings
from tests.unit.lint.cases import GUARDS, found, planned, step

PLACE = "$.sequences[series]"


@pytest.mark.parametrize(
    ("send", "opens"),
    [
        ("mon-fri 08:00-09:00", True),
        ("mon-fri 18:00-20:00", False),
        ("sat-sun 08:00-18:00", False),
        ("sun 20:00-08:00 overnight", False),
        ("sun 20:00-08:01 overnight", True),
        (["sat 09:00-12:00", "fri 17:59-19:00"], True),
    ],
)
def test_hours_that_never_open_together(send, opens):
    """A sequence's hours and its channel's need a minute of the week in common."""
    expected = [] if opens else [("never-opens", f"{PLACE}.send")]
    assert found(planned(step("mail"), send=send)) == expected


def test_a_channel_without_hours_is_always_open():
    """Only channels with hours in the guards can be closed."""
    letter = step("letter", channel="post")
    assert found(planned(letter, send="sun 03:00-04:00")) == []


def capped(*steps, then="drop", **cap):
    """Return the small playbook with one cap."""
    one = {"name": "cap", "at_most": 3, "window_days": 7, "then": then} | cap
    return planned(*steps, guards=GUARDS | {"caps": [one]})


@pytest.mark.parametrize(("then", "level"), [("drop", "error"), ("defer", "warning")])
def test_a_rhythm_that_a_cap_cannot_keep(then, level):
    """A daily step can't be kept under a weekly cap of three; every third day it can."""
    daily = capped(step("mail", repeat_every_days=1), then=then)
    assert found(daily) == [("capped-out", f"{PLACE}.steps[mail].repeat_every_days")]
    assert [one.level for one in findings(daily)] == [level]
    assert found(capped(step("mail", repeat_every_days=3), then=then)) == []
    assert found(capped(step("mail", repeat_every_days=2), then=then)) != []


@pytest.mark.parametrize(
    ("cadence", "fits"),
    [
        ({"every": "day"}, False),
        ({"every": "day", "interval": 3}, True),
        ({"every": "week"}, True),
        ({"every": "week", "on": ["mon", "wed", "fri"]}, True),
        ({"every": "week", "on": ["mon", "tue", "wed", "thu"]}, False),
        # Four days in a row of every second week.
        ({"every": "week", "interval": 2, "on": ["mon", "tue", "wed", "thu"]}, False),
    ],
)
def test_a_cadence_that_a_cap_cannot_keep(cadence, fits):
    """A cadence is as close as its closest days, whatever lies between its weeks."""
    given = {"at": "09:00", "start": "2026-01-06", **cadence}
    expected = [] if fits else [("capped-out", f"{PLACE}.steps[mail].cadence")]
    assert found(capped(step("mail", cadence=given))) == expected


@pytest.mark.parametrize(
    "cap", [{"channel": "phone"}, {"styles": ["mass"]}, {"team": "sales"}, {"at_most": 7}]
)
def test_a_cap_that_does_not_count_it(cap):
    """A cap for another channel, style or team, or with room enough, is no matter."""
    assert found(capped(step("mail", repeat_every_days=1), **cap)) == []


def test_what_reaches_nobody_in_person_is_not_capped():
    """Caps don't count ads."""
    assert found(capped(step("ad", channel="ads", repeat_every_days=1))) == []


def test_steps_too_close_for_a_cap_that_drops():
    """The fourth of four daily steps is dropped when due; a cap that defers only makes it later."""
    days = [step(f"day-{number}", after_days=1) for number in range(4)]
    assert found(capped(*days)) == [("capped-out", f"{PLACE}.steps[day-3]")]
    assert found(capped(*days, then="defer")) == []
    slower = [*days[:3], step("day-3", after_days=5)]
    assert found(capped(*slower)) == []
    waits = step("day-3", after_days=0, up_to_days=5, triggers=["email_replied"])
    assert found(capped(*days[:3], waits)) == []
    soon = step("day-3", after_days=0, up_to_days=4, triggers=["email_replied"])
    assert found(capped(*days[:3], soon)) == [("capped-out", f"{PLACE}.steps[day-3]")]


def test_what_a_rep_does_is_never_dropped():
    """A one-to-one step is only deferred: its rhythm is a warning, its single steps are none."""
    personal = {"style": "one_to_one", "team": "sales"}
    days = [step(f"day-{number}", after_days=1, **personal) for number in range(4)]
    assert found(capped(*days)) == []
    weekly = capped(step("note", repeat_every_days=1, **personal))
    assert [(one.code, one.level) for one in findings(weekly)] == [("capped-out", "warning")]


def test_the_minimum_gap_counts_as_a_cap():
    """A gap that is longer than a step's rhythm is found."""
    gap = planned(step("mail", repeat_every_days=1), guards=GUARDS | {"minimum_gap_hours": 36})
    assert found(gap) == [("capped-out", f"{PLACE}.steps[mail].repeat_every_days")]


def test_a_longer_way_round():
    """What one path puts too close is found, though another has time enough."""
    fork = {"id": "fork", "arms": [{"to": "last", "when": {"fact": "employees", "above": 9}}]}
    steps = [step(f"day-{number}", after_days=1) for number in range(3)]
    way = [fork, step("slow", channel="post", after_days=30), step("last", after_days=1)]
    assert found(capped(*steps, *way)) == [("capped-out", f"{PLACE}.steps[last]")]
