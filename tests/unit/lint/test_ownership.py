"""Rows that never decide are found, and no others."""

import attrs
import pytest

from nurturekit.criteria import Measured, fact
from nurturekit.lint import findings
from tests.unit.lint.cases import LAST, SCORING, found, house, owned

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


def test_a_grade_that_the_grid_gives():
    """A grade of a letter and a digit that are hit can be asked for, another one can't."""
    grid = {
        "fit": [{"label": "B", "to_points": 30}, {"label": "A", "from_points": 30}],
        "engagement": [{"label": "1"}],
    }
    scoring = SCORING | {"grid": grid}
    for grade, expected in (("A1", []), ("A2", ["shadowed-row"])):
        row = {"number": 1, "name": "row 1", "when": {"signal": "grade", "is": grade}}
        ownership = {"name": "house", "rows": [row, LAST]}
        assert [code for code, _ in found(house(scoring=scoring, ownership=ownership))] == expected


def with_row(when):
    """Return the small playbook with a row of a criterion made in Python."""
    playbook = owned(SAL)
    first, last = playbook.ownership.rows
    rows = (attrs.evolve(first, when=when), last)
    return attrs.evolve(playbook, ownership=attrs.evolve(playbook.ownership, rows=rows))


def test_numbers_too_large_to_compare_exactly():
    """Numbers from 2 ** 53 on aren't reasoned about."""
    for large, expected in ((2**53, []), (2**52, ["shadowed-row"])):
        apart = (fact("a") > large + 4) & (fact("a") < large)
        assert [code for code, _ in found(with_row(apart))] == expected


@attrs.frozen
class Mood:
    """A plug-in's signal."""

    name: str = "mood"

    def measure(self, _):
        """Never asked."""


def test_a_plugin_signal_can_say_anything():
    """Of a plug-in's signal nothing is known but what it is compared with."""
    mood = Measured(Mood())
    for when, expected in (
        (mood.equals("fine"), []),
        ((mood >= 3) & (mood < 4), []),
        ((mood >= 3) & (mood < 3), ["shadowed-row"]),
        (mood.is_known() & ~mood.is_known(), ["shadowed-row"]),
    ):
        assert [code for code, _ in found(with_row(when))] == expected


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
