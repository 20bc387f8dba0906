"""Rows that never decide are found, and no others."""

import pytest

from nurturekit.lint import findings
from tests.unit.lint.cases import found, owned

SAL = {"signal": "stage", "is": "sal"}
WITH_SALES = {"signal": "stage", "one_of": ["sal", "sql"]}
BIG = {"fact": "employees", "at_least": 500}
BIGGER = {"fact": "employees", "above": 900}
VP = {"fact": "title", "contains_any": ["vp"]}
VP_OR_CHIEF = {"fact": "title", "contains_any": ["VP", "chief"]}
VP_SALES = {"fact": "title", "contains_all": ["vp of sales"]}


@pytest.mark.parametrize(
    "conditions",
    [
        (SAL, SAL),
        (WITH_SALES, SAL),
        (BIG, BIGGER),
        (BIG, {"all": [BIGGER, VP]}),
        ({"any": [BIG, VP]}, VP),
        (VP_OR_CHIEF, VP),
        (VP, VP_SALES),
        ({"fact": "title", "known": True}, VP),
        ({"not": BIG}, {"fact": "employees", "at_most": 12}),
        ({"signal": "erased", "is": False}, {"signal": "erased", "is_not": True}),
        (
            {"signal": "handoff", "is_not": "none"},
            {"signal": "handoff", "one_of": ["pending", "past_due"]},
        ),
        (
            {"days_since": "email_replied", "at_most": 14},
            {"days_since": "email_replied", "below": 3},
        ),
    ],
)
def test_a_shadowed_row(conditions):
    """A row whose condition implies an earlier one's never decides; the earlier one is named."""
    playbook = owned(*conditions)
    assert found(playbook) == [("shadowed-row", "$.ownership.rows[row 2].when")]
    assert "`row 1`" in findings(playbook)[0].problem


@pytest.mark.parametrize(
    "conditions",
    [
        (SAL, WITH_SALES),
        (BIGGER, BIG),
        ({"all": [BIG, VP]}, VP),
        (VP, VP_OR_CHIEF),
        (VP_SALES, VP),
        # Not big is unknown where the number is, so it doesn't cover the rest.
        (BIG, {"not": BIGGER}),
        (BIG, {"fact": "employees", "known": False}),
        (VP, {"fact": "title", "is_not": "vp"}),
        (
            {"fact": "title", "contains_any": ["sales"]},
            {"fact": "title", "contains_any": ["salesman"]},
        ),
        ({"parameter": "handoff_on", "is": "mql"}, SAL),
    ],
)
def test_a_row_that_decides(conditions):
    """A row that holds somewhere where no earlier one does isn't reported."""
    playbook = owned(*conditions)
    assert "$.ownership.rows[row 2].when" not in [path for _, path in found(playbook)]


def test_rows_that_shadow_together():
    """Earlier rows that cover a row only taken together are found too."""
    late = {"signal": "stage", "one_of": ["sal", "sql"]}
    playbook = owned(SAL, {"signal": "stage", "is": "sql"}, late)
    assert found(playbook) == [("shadowed-row", "$.ownership.rows[row 3].when")]


@pytest.mark.parametrize(
    "condition",
    [
        {"all": [BIG, {"fact": "employees", "below": 50}]},
        {"all": [SAL, {"signal": "stage", "is": "sql"}]},
        {"signal": "accountable", "is": "finance"},
        {"parameter": "handoff_on", "is": "mql"},
        {"signal": "new_evidence", "is": "mql"},
        {"signal": "score", "above": 100},
        {"signal": "score.fit", "above": 40},
        {"signal": "grade", "is": "A1"},
        {"touches": "*", "below": 0},
        {"all": [{"fact": "when", "is": {"date": "2026-01-05"}}, {"fact": "when", "above": 3}]},
        {"all": [{"fact": "title", "is": "vp"}, {"fact": "title", "contains_any": ["chief"]}]},
        {"all": [VP_SALES, {"not": {"fact": "title", "contains_any": ["sales"]}}]},
        {"all": [VP, {"fact": "title", "known": False}]},
    ],
)
def test_a_row_that_can_never_hold(condition):
    """A condition that contradicts itself, or what its signal can say, is found."""
    assert found(owned(condition)) == [("shadowed-row", "$.ownership.rows[row 1].when")]


def test_a_parameter_decides_what_evidence_there_is():
    """With `handoff_on = either`, both kinds of evidence occur."""
    condition = {"signal": "new_evidence", "is": "mql"}
    assert found(owned(condition, handoff_on="either")) == []


def test_what_is_too_long_to_prove_is_not_reported():
    """A condition beyond the steps that a proof may take is left alone, in short time."""
    pairs = [
        {"any": [{"fact": f"f{n}", "is": True}, {"fact": f"f{n}", "is": False}]} for n in range(40)
    ]
    never = {"all": [VP, {"fact": "title", "known": False}]}
    either = {"any": [never, {"all": [SAL, {"signal": "stage", "is": "sql"}]}]}
    assert found(owned({"all": [either]})) == [("shadowed-row", "$.ownership.rows[row 1].when")]
    assert found(owned({"all": [either, *pairs]})) == []
