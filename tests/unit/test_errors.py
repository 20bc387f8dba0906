"""Every error: what it says, what it keeps, whom a caller may expect it to be."""

import copy
import pickle

import pytest

from nurturekit.errors import (
    CallError,
    DocumentError,
    InputError,
    ModelError,
    NurtureError,
    PluginError,
    RecordError,
    did_you_mean,
)

RECORD = RecordError("bad-id", field="Touch.id", problem="must be a text")
CALL = CallError("unknown-preset", argument="name", problem="must be one of a, b")
MODEL = ModelError("out-of-range", path="rules[3].points", problem="must be at most 1,000")
PLUGIN = PluginError("acme", lead_id="lead-1", problem="returned a str")


@pytest.mark.parametrize(
    ("error", "builtin", "code"),
    [
        (RECORD, ValueError, "bad-id"),
        (CALL, ValueError, "unknown-preset"),
        (MODEL, ValueError, "out-of-range"),
        (DocumentError([MODEL]), ValueError, "document"),
        (InputError("bad-row", source="leads.csv", problem="is empty"), ValueError, "bad-row"),
        (PLUGIN, TypeError, "plugin"),
    ],
    ids=lambda case: type(case).__name__ if isinstance(case, Exception) else None,
)
def test_one_root_and_the_builtin_a_caller_expects(error, builtin, code):
    """Each error is a `NurtureError`, the builtin of its sort, and has its stable code."""
    assert isinstance(error, NurtureError)
    assert isinstance(error, builtin)
    assert error.code == code


@pytest.mark.parametrize(
    ("error", "named"),
    [
        (RECORD, "`Touch.id`"),
        (CALL, "`name`"),
        (MODEL, "`rules[3].points`"),
        (PLUGIN, "`acme`"),
        (PLUGIN, "`lead-1`"),
    ],
)
def test_a_message_names_what_to_change(error, named):
    """The sentence holds the user's word in backticks and ends without a full stop."""
    assert named in str(error)
    assert error.problem in str(error)
    assert not str(error).endswith(".")


def test_a_document_error_lists_all_its_problems():
    """All problems are kept in order, counted, each on its line with its code."""
    other = ModelError("unknown-word", path="$.name", problem="must be a name")
    error = DocumentError(iter([MODEL, other]), source="playbook.toml")
    head, *lines = str(error).splitlines()
    assert error.problems == (MODEL, other)
    assert head == "playbook.toml has 2 problems"
    assert [line.rpartition(" ")[2] for line in lines] == ["[out-of-range]", "[unknown-word]"]
    assert str(DocumentError([MODEL])).startswith("document has 1 problem\n")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({}, "a.csv: is empty"),
        ({"line": 3}, "a.csv line 3: is empty"),
        ({"column": "zone"}, "a.csv column `zone`: is empty"),
        ({"line": 3, "column": "zone"}, "a.csv line 3 column `zone`: is empty"),
    ],
)
def test_an_input_error_says_where(place, said):
    """File, line and column are in the sentence as far as they are known."""
    assert str(InputError("bad-row", source="a.csv", problem="is empty", **place)) == said


@pytest.mark.parametrize(
    "error",
    [
        RECORD,
        CALL,
        MODEL,
        PLUGIN,
        DocumentError([MODEL], source="a.toml"),
        InputError("bad-row", source="a.csv", problem="is empty", line=1, column="zone"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_cross_processes(error):
    """An error survives pickling and copying with its code and its sentence."""
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):  # noqa: S301 - our own
        assert type(again) is type(error)
        assert (again.code, str(again)) == (error.code, str(error))


def test_did_you_mean_names_the_nearest_only():
    """One near word is suggested, the nearest; far ones are not."""
    assert "`phone`" in did_you_mean("phome", ["phone", "email"])
    assert "`email`" not in did_you_mean("phome", ["phone", "email"])
    assert did_you_mean("zzz", ["phone", "email"]) == ""
