"""Sequences, steps and content rules are checked when they are made."""

import pytest

from nurturekit.errors import ModelError
from nurturekit.planning.planner import SequencePlanner
from nurturekit.planning.sequence import ContentRule, Sequence, Step
from nurturekit.vocabulary import Channel, Purpose, Style, Team
from tests.unit.planning.cases import sequence, step


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"id": ""}, "bad-name", "steps.id"),
        ({"id": "a\n"}, "bad-name", "steps.id"),
        ({"id": 7}, "bad-name", "steps.id"),
        ({"channel": "emial"}, "unknown-word", "channel"),
        ({"channel": 7}, "unknown-word", "channel"),
        ({"style": "loud"}, "unknown-word", "style"),
        ({"team": "legal"}, "unknown-word", "team"),
        ({"sender": "boss"}, "unknown-word", "steps.a.sender"),
        ({"after_days": -1}, "out-of-range", "steps.a.after_days"),
        ({"after_days": 1.5}, "out-of-range", "steps.a.after_days"),
        ({"after_days": True}, "out-of-range", "steps.a.after_days"),
        ({"after_days": 3651}, "out-of-range", "steps.a.after_days"),
        ({"repeat_every_days": 0}, "out-of-range", "steps.a.repeat_every_days"),
        ({"up_to_days": -1, "triggers": ["x"]}, "out-of-range", "steps.a.up_to_days"),
        ({"triggers": ["x"]}, "bad-wait", "steps.a.triggers"),
        ({"up_to_days": 7}, "bad-wait", "steps.a.triggers"),
        ({"up_to_days": 7, "triggers": ["x"], "after_days": 1}, "bad-wait", "steps.a.triggers"),
    ],
)
def test_step_refuses(fields, code, path):
    """A step that can't be one says which field is wrong."""
    with pytest.raises(ModelError) as caught:
        Step(**{"id": "a", "style": "mass", **fields})
    assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"name": ""}, "bad-name", "sequences.name"),
        ({"team": "legal"}, "unknown-word", "team"),
        ({"purpose": "fun"}, "unknown-word", "purpose"),
        ({"version": 0}, "out-of-range", "sequences.nurture.version"),
        ({"priority": 1.5}, "out-of-range", "sequences.nurture.priority"),
        ({"reentry": "sometimes"}, "unknown-word", "sequences.nurture.reentry"),
        ({"reentry": 0}, "out-of-range", "sequences.nurture.reentry"),
        ({"reentry": True}, "out-of-range", "sequences.nurture.reentry"),
        ({"steps": ()}, "no-steps", "sequences.nurture.steps"),
        ({"steps": ("a", "a")}, "duplicate-step", "sequences.nurture.steps.a"),
        (
            {"steps": (step("a", repeat_every_days=7), step("b"))},
            "repeats-early",
            "sequences.nurture.steps.a.repeat_every_days",
        ),
        (
            {"steps": (step("a-2"), step("a", repeat_every_days=7))},
            "duplicate-step",
            "sequences.nurture.steps.a-2",
        ),
    ],
)
def test_sequence_refuses(fields, code, path):
    """A sequence that can't be one says which field is wrong."""
    with pytest.raises(ModelError) as caught:
        sequence(**fields)
    assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"sequences": [sequence(), sequence()]}, "duplicate-sequence"),
        ({"duty_channels": []}, "no-channel"),
        ({"duty_channels": ["pigeon"]}, "unknown-word"),
        ({"max_silence_days": 0}, "out-of-range"),
        ({"least_call_value": True}, "out-of-range"),
        ({"least_call_value": 101}, "out-of-range"),
        ({"call_values": []}, "bad-call-values"),
        ({"call_values": [90, 80]}, "bad-call-values"),
        ({"call_values": [100, 50, 60]}, "bad-call-values"),
        ({"call_values": [100, -1]}, "bad-call-values"),
        ({"call_values": [100, 99.5]}, "bad-call-values"),
    ],
)
def test_planner_refuses(fields, code):
    """A planner that can't work says why."""
    with pytest.raises(ModelError) as caught:
        SequencePlanner(**fields)
    assert caught.value.code == code


def test_content_rule_refuses_unknown_words():
    """A content rule knows positions and three ways to use a pain point."""
    with pytest.raises(ModelError):
        ContentRule(position="closing")
    with pytest.raises(ModelError):
        ContentRule(pain_point="demand")
    assert ContentRule(position=None) == ContentRule(position="any")


def test_plain_words_become_vocabulary():
    """A sequence can be written in the words of a document."""
    made = Sequence(
        name="n", team="sales", purpose="sales", steps=[step("a", channel="sms", style="mass")]
    )
    assert (made.team, made.purpose) == (Team.SALES, Purpose.SALES)
    assert (made.steps[0].channel, made.steps[0].style) == (Channel.SMS, Style.MASS)
    assert step("a", team="sales").team is Team.SALES


def test_place_of_a_step():
    """A step is found by its id, a repeating one by its id and number."""
    made = sequence(steps=(step("hello"), step("issue", repeat_every_days=30)))
    assert made.place_of("hello") == (0, 0)
    assert made.place_of("issue-3") == (1, 3)
    for other in ("issue", "issue-", "issue-x", "issue-03", "other-1", ""):
        assert made.place_of(other) is None
    assert sequence(steps=("a",)).place_of("a-1") is None
