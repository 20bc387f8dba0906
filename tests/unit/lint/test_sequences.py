"""Steps that nobody reaches, waits beyond the horizon, and sequences without an end."""

import pytest

from nurturekit.lint import findings
from tests.unit.lint.cases import SERIES, found, house, planned, step

BIG = {"fact": "employees", "at_least": 500}
BIGGER = {"fact": "employees", "above": 900}
NEVER = {"all": [BIG, {"fact": "employees", "below": 50}]}
KNOWN = {"fact": "employees", "known": True}
UNKNOWN = {"fact": "employees", "known": False}
PLACE = "$.sequences[series]"


ANCHOR = {"at": "09:00", "start": "2026-01-05"}


def branch(*arms, **fields):
    """Return a branch `fork` with these arms."""
    return {"id": "fork", "arms": list(arms), **fields}


def to(target, **how):
    """Return an arm."""
    return {"to": target, **how}


def test_a_step_that_is_passed_over():
    """A step that every path jumps over is never reached; nor is what only it leads to."""
    steps = step("a", next="d"), step("b"), step("c"), step("d")
    assert found(planned(*steps)) == [
        ("unreachable-step", f"{PLACE}.steps[b]"),
        ("unreachable-step", f"{PLACE}.steps[c]"),
    ]
    ended = step("a", next="end"), step("b")
    assert found(planned(*ended)) == [("unreachable-step", f"{PLACE}.steps[b]")]


@pytest.mark.parametrize(
    ("arms", "dead"),
    [
        ([to("big", when=NEVER)], "arms[0]"),
        ([to("end", when=BIG), to("big", when=BIGGER)], "arms[1]"),
        ([to("end", when=BIG), to("end", when=UNKNOWN), to("big", when=BIGGER)], "arms[2]"),
        ([to("end", outcome=["connected"]), to("big", outcome=["connected"])], "arms[1]"),
        # Who has left by the exit takes no arm.
        ([to("big", when={"signal": "stage", "is": "sal"})], "arms[0]"),
    ],
)
def test_an_arm_that_is_never_taken(arms, dead):
    """An arm that can't hold, or only where an earlier one or the exit does, leads nobody on."""
    steps = branch(*arms, otherwise="end"), step("big")
    assert found(planned(*steps)) == [
        ("arm-never-taken", f"{PLACE}.steps[fork].{dead}"),
        ("unreachable-step", f"{PLACE}.steps[big]"),
    ]


def test_arms_that_leave_nothing_over():
    """Where some arm always holds, `otherwise` is never taken."""
    steps = branch(to("end", when=KNOWN), to("end", when=UNKNOWN)), step("rest")
    assert found(planned(*steps)) == [
        ("arm-never-taken", f"{PLACE}.steps[fork].otherwise"),
        ("unreachable-step", f"{PLACE}.steps[rest]"),
    ]


@pytest.mark.parametrize(
    "fork",
    [
        branch(to("big", when=BIG), otherwise="end"),
        branch(to("end", when=BIGGER), to("big", when=BIG), otherwise="end"),
        branch(to("big", outcome=["connected"]), otherwise="end"),
        branch(to("end", share=0.5), to("big", share=0.5)),
        branch(to("end", when=KNOWN)),
        # Passed over without the date, it goes on with `otherwise` whatever its arms say.
        branch(
            to("end", when=KNOWN),
            to("end", when=UNKNOWN),
            until_fact="renewal",
            if_missing="skip",
        ),
    ],
)
def test_an_arm_that_somebody_takes(fork):
    """What some lead may come to isn't reported."""
    assert found(planned(fork, step("big"))) == []


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"after_days": 91}, "after_days"),
        ({"after_days": 0, "up_to_days": 91, "triggers": ["email_replied"]}, "up_to_days"),
        (
            {"after_days": 0, "until_fact": "renewal", "offset_days": 91, "if_missing": "wait"},
            "offset_days",
        ),
        ({"repeat_every_days": 91}, "repeat_every_days"),
        ({"cadence": {"every": "day", "interval": 91} | ANCHOR}, "cadence"),
        ({"cadence": {"every": "week", "interval": 13, "on": ["mon"]} | ANCHOR}, "cadence"),
    ],
)
def test_a_wait_beyond_the_horizon(fields, key):
    """A single wait that is longer than the horizon is found at its own key."""
    playbook = planned(step("late", **fields))
    assert found(playbook) == [("beyond-horizon", f"{PLACE}.steps[late].{key}")]
    assert found(playbook, horizon_days=93) == []


def test_a_path_beyond_the_horizon():
    """Waits add up along the quickest path; only the first step beyond the horizon is told."""
    slow = step("a", after_days=50), step("b", after_days=40), step("c"), step("d")
    assert found(planned(*slow)) == [("beyond-horizon", f"{PLACE}.steps[c]")]
    assert found(planned(*slow), horizon_days=89)[0] == ("beyond-horizon", f"{PLACE}.steps[b]")
    quick = branch(to("c", when=BIG)), step("b", after_days=89), step("c")
    assert found(planned(*quick)) == []
    waits = step("a", after_days=0, up_to_days=80, triggers=["email_replied"]), *slow[1:]
    assert found(planned(*waits)) == []


def test_no_end():
    """A step that repeats for ever needs an exit or goals, unless it is for everybody."""
    endless = {key: value for key, value in SERIES.items() if key != "exit"}
    repeating = step("mail", repeat_every_days=10)
    on = {"sequences": [endless | {"steps": [repeating]}]}
    assert found(house(**on)) == [("no-end", f"{PLACE}.steps[mail].repeat_every_days")]
    ended = {"sequences": [endless | {"steps": [repeating], "goals": ["unsubscribe"]}]}
    assert found(house(**ended)) == []
    regular = step("mail", cadence={"every": "week"} | ANCHOR)
    by_date = {"sequences": [endless | {"steps": [regular]}]}
    assert found(house(**by_date)) == [("no-end", f"{PLACE}.steps[mail].cadence")]
    mass = {"sequences": [endless | {"steps": [repeating | {"style": "mass"}]}]}
    assert found(house(**mass)) == []


def test_an_end_that_begins_anew():
    """Without entry, exit and goals, `after_end` begins a sequence for ever."""
    again = {
        "name": "series",
        "team": "marketing",
        "reentry": "after_end",
        "steps": [step("mail")],
    }
    assert found(house(sequences=[again])) == [("no-end", f"{PLACE}.reentry")]
    assert found(house(sequences=[again | {"reentry": "never"}])) == []
    assert found(house(sequences=[again | {"goals": ["bounce"]}])) == []


def test_an_exit_that_never_holds():
    """An exit that contradicts itself ends nothing."""
    assert found(planned(step("mail"), exit=NEVER)) == [("no-end", f"{PLACE}.exit")]


def test_only_the_latest_version_counts():
    """Nobody enters an older version, so it is left alone."""
    old = SERIES | {"steps": [step("a", next="end"), step("b")]}
    assert found(house(sequences=[old, SERIES | {"version": 2}])) == []


def test_levels():
    """What is never reached is an error; what is late or endless is a warning."""
    playbook = planned(step("a", next="end", after_days=99), step("b"))
    assert [one.level for one in findings(playbook)] == ["error", "warning"]
