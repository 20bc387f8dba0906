"""Every wrong word and number of `[ownership]` is reported at once, at its own place."""

import pytest

from nurturekit.documents import check
from nurturekit.documents.sections.ownership import PARAMETERS, ROW
from nurturekit.ownership import Row
from nurturekit.ownership.terms import TERMS_FIELDS

BASE = 'format = 1\nextends = "blended"\n'


def _below(place, lines):
    problems = check(BASE + lines)
    assert all(problem.path.startswith(f"{place}.") for problem in problems)
    return {problem.path.removeprefix(f"{place}."): problem for problem in problems}


def test_parameters():
    """A wrong key, four wrong words and a wrong number are six problems."""
    lines = """[ownership.parameters]
        handoff_on = "mqls"
        acceptance = "explict"
        earliest_sales_touch = "desicion"
        max_offers = 0
        continuity = ["pool", "first_contac"]
        check_in_day = 60
        """
    found = _below("$.ownership.parameters", lines)
    assert {path: problem.code for path, problem in found.items()} == {
        "check_in_day": "unknown-key",
        "handoff_on": "unknown-word",
        "earliest_sales_touch": "unknown-word",
        "max_offers": "out-of-range",
        "acceptance": "unknown-word",
        "continuity[1]": "unknown-word",
    }
    assert "did you mean `explicit`?" in found["acceptance"].problem
    assert "did you mean `first_contact`?" in found["continuity[1]"].problem


def test_row():
    """A row in which everything is wrong says so of every key."""
    lines = """[[ownership.rows]]
        number = 0
        name = "every lead"
        becaus = "not ready"
        accountable = "sale"
        notify = ["rep", "reps"]
        duties = ["anser"]
        continues = ["newslettr"]
        sender = "reps"
        parameters = ["max_offer"]
        """
    found = _below("$.ownership.rows[0]", lines)
    assert {path: problem.code for path, problem in found.items()} == {
        "becaus": "unknown-key",
        "number": "out-of-range",
        "accountable": "unknown-word",
        "notify[1]": "unknown-word",
        "duties[0]": "unknown-word",
        "continues[0]": "unknown-sequence",
        "sender": "unknown-word",
        "parameters[0]": "unknown-word",
    }
    assert all(
        problem.problem.count("did you mean") == 1
        for path, problem in found.items()
        if path != "number"
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("max_offers = 1", None),
        ("max_offers = 10_000", None),
        ("max_offers = 10_001", "out-of-range"),
        ("min_stay_days = 0", None),
        ("min_stay_days = -1", "out-of-range"),
        ("check_in_days = 'none'", None),
        ("check_in_days = 0", "out-of-range"),
        ("ramp_per_day = true", "not-a-whole-number"),
        ("handoff_on = 1", "not-text"),
    ],
)
def test_bounds(line, code):
    """The bounds of a parameter are legal, and nothing beyond them."""
    found = check(BASE + f"[ownership.parameters]\n{line}")
    assert [problem.code for problem in found] == ([code] if code else [])


def test_every_field_has_a_shape():
    """The tables have the fields of the values they make."""
    assert set(PARAMETERS.fields) == set(TERMS_FIELDS)
    assert set(ROW.fields) == {field.name for field in Row.__attrs_attrs__}
