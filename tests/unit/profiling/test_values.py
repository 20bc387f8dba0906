"""The answers worth trying come from what the playbook's criteria tell apart."""

from datetime import date

import pytest

import nurturekit as nk
from nurturekit.criteria import fact
from nurturekit.profiling.values import SOMETHING_ELSE, answers, leaves_of

PRESET = nk.preset("blended")


def _answers(criterion):
    rule = nk.Rule("r", dimension="fit", points=1, when=criterion)
    scoring = nk.ScoringModel(rules=[rule])
    playbook = nk.Playbook(
        name="p", scoring=scoring, ownership=PRESET.ownership, guards=PRESET.guards
    )
    return answers(leaves_of(playbook)["x"])


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        (fact("x") >= 50, (49, 50, 51)),
        ((fact("x") >= 50) & (fact("x") < 60), (49, 50, 60, 55, 61)),
        (~(fact("x") <= -5_000_000), (-5_000_001, -5_000_000, -4_999_999)),
        ((fact("x") > -1.5e308) & (fact("x") > -1.7e308), (-1.7e308, -1.5e308)),
        (fact("x") > date.min, (date.min, date(1, 1, 2))),
        (fact("x") < date.max, (date.max, date(9999, 12, 30))),
        (fact("x").equals("a"), ("a",)),
        (fact("x").equals(True), (True, False)),
        (fact("x").one_of("b", "a", 3), (2, 3, 4, "a", "b")),
        (fact("x").contains_any("vp", "head of"), ("head of", "vp")),
        (fact("x").contains_all("vp", "sales"), ("sales", "vp", "vp sales")),
        (
            fact("x").contains_any("vp") | fact("x").contains_any("intern"),
            ("intern", "vp", "vp intern"),
        ),
        (
            fact("x") < date(2026, 3, 1),
            (date(2026, 3, 1), date(2026, 2, 28), date(2026, 3, 2)),
        ),
        (fact("x").is_known(), ()),
    ],
)
def test_answers(criterion, expected):
    """Limits and what lies about them, listed texts and words, and always something else."""
    assert _answers(criterion) == (*expected, SOMETHING_ELSE)


def test_every_part_of_a_playbook_is_read():
    """Scoring, qualification, ownership and sequences may all ask of a fact; touches are none."""
    step = nk.Step(id="s", style="mass")
    series = nk.Sequence(
        name="s",
        team="sales",
        steps=[step],
        entry=fact("c").is_known() & (nk.touches_count("k") >= 1),
    )
    playbook = nk.Playbook(
        name="p",
        scoring=nk.ScoringModel(
            rules=[nk.Rule("r", dimension="fit", points=1, when=~(fact("a") >= 1))]
        ),
        qualification=nk.Qualification(unfit=fact("b").equals("no")),
        ownership=PRESET.ownership,
        planner=nk.SequencePlanner(sequences=[series]),
        guards=PRESET.guards,
    )
    found = leaves_of(playbook)
    assert {"a", "b", "c"} <= set(found)
    assert found["a"] == ((fact("a") >= 1),)
