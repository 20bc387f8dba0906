"""What changed between two playbooks is told place by place."""

import attrs

from nurturekit.documents import Change, diff
from nurturekit.documents.differences import changes
from nurturekit.presets import preset


def test_nothing_changed():
    """A playbook doesn't differ from itself."""
    assert diff(preset("blended"), preset("blended")) == []


def test_parameter_changed():
    """A changed parameter is one change, with what stood there and what stands there now."""
    old = preset("blended")
    new = attrs.evolve(old, ownership=attrs.evolve(old.ownership, check_in_days=None))
    assert diff(old, new) == [Change("$.ownership.parameters.check_in_days", 60, "none")]


def test_rule_inserted():
    """Tables in a list are told apart by name: a rule more is one change."""
    old = preset("blended")
    rule = attrs.evolve(old.scoring.rules[0], name="another")
    rules = (rule, *old.scoring.rules)
    new = attrs.evolve(old, scoring=attrs.evolve(old.scoring, rules=rules))
    (change,) = diff(old, new)
    assert change.path == "$.scoring.rules[another]"
    assert (change.old, change.new["points"]) == (None, rule.points)


def test_order_changed():
    """Rows that change places are told by their order: the first that holds wins."""
    old = preset("blended")
    first, second, *rest = old.ownership.rows
    ownership = attrs.evolve(old.ownership, rows=(second, first, *rest))
    (change,) = diff(old, attrs.evolve(old, ownership=ownership))
    assert change.path == "$.ownership.rows (order)"
    assert change.old[:2] == [first.name, second.name] == change.new[1::-1]


def test_unnamed_lists():
    """Lists without names, with names twice or of single values are compared whole."""
    for old, new in (
        ([1, 2], [1, 3]),
        ([{"a": 1}], [{"a": 2}]),
        ([{"id": "a", "b": 1}, {"id": "a", "b": 2}], [{"id": "a", "b": 1}]),
        (True, 1),
        ({"a": 1}, [1]),
    ):
        assert list(changes(old, new)) == [Change("$", old, new)]
    steps = [{"id": "a", "b": 1}], [{"id": "a", "b": 2}]
    assert list(changes(*steps)) == [Change("$[a].b", 1, 2)]
