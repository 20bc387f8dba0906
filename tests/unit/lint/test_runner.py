"""All checks together: presets are clean, codes are described, and nothing is asked twice."""

from pathlib import Path

import attrs
import pytest

import nurturekit as nk
from nurturekit.lint import CHECKS, CODES, findings
from scripts import lint_page
from tests.builders import library
from tests.unit.lint.cases import SERIES, house

SOURCE = Path(__file__).resolve().parents[3] / "src/nurturekit/lint"


@pytest.mark.parametrize("name", nk.PRESETS)
def test_presets_are_clean(name):
    """Nothing is found in a shipped playbook, also with a library that has enough."""
    assert findings(nk.preset(name)) == ()
    ample = nk.World(content=library(each=13))
    assert findings(nk.preset(name), world=ample) == ()


def test_every_code_is_yielded_somewhere():
    """The table of codes and the checks name the same ones."""
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in SOURCE.glob("*.py")
        if path.name != "findings.py"
    )
    assert all(f'"{code}"' in text for code in CODES)
    assert len(CHECKS) >= len({check.__module__ for check in CHECKS})


def test_every_code_is_tried():
    """For each code some test here makes a playbook that has just that."""
    tests = Path(__file__).parent.glob("test_*.py")
    tried = "\n".join(path.read_text(encoding="utf-8") for path in tests)
    assert [code for code in CODES if f'("{code}", ' not in tried] == []


def test_the_page_is_up_to_date():
    """The reference lists the codes as the table does."""
    assert lint_page.PAGE.read_text(encoding="utf-8") == lint_page.page(), "run `make format`"


def test_a_horizon_of_no_days():
    """A horizon below a day is refused."""
    for horizon in (0, -1, 1.5):
        with pytest.raises(nk.CallError) as caught:
            findings(house(), horizon_days=horizon)
        assert (caught.value.code, caught.value.argument) == ("out-of-range", "horizon_days")


@attrs.frozen
class Policy:
    """A policy that isn't a table."""

    name: str = "house"

    def decide(self, _):
        """Never asked."""


@attrs.frozen
class Part:
    """A planner, qualification or scoring of another make."""

    def plan(self, _, __):
        """Never asked."""

    def measure(self, _):
        """Never asked."""


def test_what_plugins_decide_is_left_alone():
    """Parts of another make have nothing that the lint could look into."""
    entered = SERIES | {"entry": {"parameter": "pace", "is": "fast"}}
    playbook = house(sequences=[entered])
    assert [one.code for one in findings(playbook)] == ["never-entered"]
    assert findings(attrs.evolve(playbook, ownership=Policy())) == ()
    assert findings(attrs.evolve(playbook, planner=Part())) == ()
    unread = SERIES | {"entry": {"signal": "score", "above": 1000}}
    other = attrs.evolve(house(sequences=[unread]), qualification=Part())
    assert [one.code for one in findings(other)] == ["never-entered"]
    scoring = attrs.evolve(house().scoring, maximum=0.5)
    narrow = attrs.evolve(other, scoring=scoring)
    assert [one.code for one in findings(narrow)] == ["never-entered"]


@attrs.frozen
class Scores:
    """A scoring model of another make."""

    kinds: dict = attrs.field(factory=dict)
    day_offset_us: int = 0

    def measure(self, _):
        """Never asked."""


def test_scores_of_another_make_can_be_anything():
    """Where the score isn't a model's, its bounds are unknown: nothing about it is reported."""
    unread = SERIES | {"entry": {"signal": "score", "above": 1000}}
    graded = {"all": [{"signal": "grade", "is": "A1"}, {"signal": "score.fit", "above": 1000}]}
    for entry in (unread, SERIES | {"entry": graded}):
        playbook = attrs.evolve(house(sequences=[entry]), kinds={}, scoring=Scores())
        assert findings(playbook) == ()


def test_a_finding_says_what_to_do():
    """A finding reads as level, place, problem, remedy and code, without a full stop."""
    (found,) = findings(house(qualification={"mql_at": 1000}))
    assert str(found).startswith("error: `$.qualification.mql_at` is 1000")
    assert str(found).endswith(f": {found.remedy} [gate-out-of-reach]")
    assert not found.remedy.endswith(".")
