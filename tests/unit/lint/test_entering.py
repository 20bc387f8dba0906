"""Sequences that nobody enters or that may not run, triggers and goals that nothing meets."""

import attrs
import pytest

from tests.unit.lint.cases import KINDS, LAST, SERIES, STEP, found, house, planned, step

PLACE = "$.sequences[series]"
SALES = SERIES | {"team": "sales"}
WITH_SALES = {"signal": "stage", "one_of": ["sal", "sql"]}


@pytest.mark.parametrize(
    "entry",
    [
        {"signal": "stage", "is": "inquired"},
        {"all": [{"signal": "stage", "is": "mql"}, {"signal": "stage", "is": "sal"}]},
        {"signal": "score", "above": 100},
        {"signal": "grade", "is": "A1"},
    ],
)
def test_an_entry_that_never_holds(entry):
    """An entry that contradicts itself, or what its signal can say, is found."""
    playbook = house(sequences=[SERIES | {"entry": entry}])
    assert found(playbook) == [("never-entered", f"{PLACE}.entry")]


@pytest.mark.parametrize(
    ("entry", "exit_"),
    [
        ({"signal": "stage", "is": "sal"}, {"signal": "stage", "is_not": "inquiry"}),
        ({"fact": "employees", "above": 900}, {"fact": "employees", "at_least": 500}),
    ],
)
def test_an_exit_at_once(entry, exit_):
    """An exit that holds wherever the entry does lets nobody in."""
    playbook = house(sequences=[SERIES | {"entry": entry, "exit": exit_}])
    assert found(playbook) == [("exit-at-once", f"{PLACE}.exit")]


def test_an_entry_that_can_hold_without_the_exit():
    """An unknown exit keeps nobody out, so it isn't reported."""
    entry, exit_ = {"fact": "employees", "known": False}, {"fact": "employees", "above": 5}
    assert found(house(sequences=[SERIES | {"entry": entry, "exit": exit_}])) == []


def owned(*rows):
    """Return ownership with these rows before the last one."""
    return {"name": "house", "rows": [*rows, LAST]}


def test_a_sequence_whose_styles_no_row_allows():
    """A team that may not use a style anywhere runs no such sequence."""
    mass = LAST | {"allowed": {"marketing": ["mass"]}}
    assert found(house(ownership={"name": "house", "rows": [mass]})) == [
        ("sequence-not-continued", f"{PLACE}.team")
    ]
    personal = step("note", style="one_to_one")
    assert found(planned(STEP, personal)) == [
        ("sequence-not-continued", f"{PLACE}.steps[note].style")
    ]


def test_a_sequence_that_no_row_continues():
    """A row that names what continues keeps the other team's sequences from running."""
    row = {"number": 1, "name": "sales", "when": WITH_SALES, "accountable": "sales"}
    row |= {"allowed": LAST["allowed"], "continues": ["another"]}
    later = SERIES | {"entry": WITH_SALES, "exit": {"signal": "stage", "is": "recycled"}}
    another = later | {"name": "another"}
    sequences = [another, later]
    assert found(house(ownership=owned(row), sequences=sequences)) == [
        ("sequence-not-continued", f"{PLACE}.team")
    ]
    for change in (
        {"continues": ["another", "series"]},
        {"continues": []},
        {"accountable": "marketing"},
        {"accountable": "stay"},
    ):
        assert found(house(ownership=owned(row | change), sequences=sequences)) == []


def test_a_sequence_for_leads_that_are_closed():
    """A sequence that can only be entered where a closed row decides never runs."""
    closed = {"number": 1, "name": "customer", "closed": True}
    closed |= {"when": {"signal": "stage", "is": "customer"}}
    customers = SERIES | {"entry": closed["when"], "exit": {"signal": "stage", "is": "lost"}}
    assert found(house(ownership=owned(closed), sequences=[customers])) == [
        ("sequence-not-continued", f"{PLACE}.team")
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"allowed": {"sales": ["one_to_one"]}},
        {"allowed": {}, "duties": ["answer"]},
        {"allowed": {}, "early_sales": True},
    ],
)
def test_what_sales_may_write(change):
    """Sales writes one-to-one where a row allows it, where it answers, and early."""
    steps = [{"id": "note", "style": "one_to_one"}]
    ownership = {"name": "house", "rows": [LAST | {"allowed": {}} | change]}
    playbook = house(ownership=ownership, sequences=[SALES | {"steps": steps}])
    assert found(playbook) == []
    ownership["parameters"] = {"earliest_sales_touch": "never"}
    never = house(ownership=ownership, sequences=[SALES | {"steps": steps}])
    assert bool(found(never)) == ("early_sales" in change)


def test_a_trigger_of_our_own_making():
    """A trigger that the lead doesn't make is found at the step."""
    waits = {"after_days": 0, "up_to_days": 5}
    ours = planned(step("mail", **waits, triggers=["email_sent"]))
    assert found(ours) == [("unknown-trigger", f"{PLACE}.steps[mail].triggers")]
    theirs = planned(step("mail", **waits, triggers=["email_replied"]))
    assert found(theirs) == []


def test_a_trigger_that_no_kind_describes():
    """A playbook made in Python may name one that isn't described."""
    waits = planned(step("mail", after_days=0, up_to_days=5, triggers=["email_replied"]))
    (sequence,) = waits.planner.sequences
    steps = (attrs.evolve(sequence.steps[0], triggers=("email_repleid",)),)
    changed = attrs.evolve(sequence, steps=steps)
    planner = attrs.evolve(waits.planner, sequences=(changed,))
    playbook = attrs.evolve(waits, planner=planner)
    assert found(playbook) == [("unknown-trigger", f"{PLACE}.steps[mail].triggers")]
    undescribed = attrs.evolve(playbook.scoring, kinds={})
    assert found(attrs.evolve(playbook, kinds={}, scoring=undescribed)) == []


@pytest.mark.parametrize("goal", ["reply", "account_reply"])
def test_a_goal_that_no_kind_fulfils(goal):
    """A reply as a goal needs a kind that is one."""
    assert found(planned(STEP, goals=[goal])) == [("unfulfilled-goal", f"{PLACE}.goals")]
    replied = KINDS | {"email_replied": KINDS["email_replied"] | {"reply": True}}
    assert found(planned(STEP, goals=[goal], kinds=replied)) == []
    assert found(planned(STEP, goals=["unsubscribe", "bounce", "meeting_booked"])) == []
