"""Every requirement is listed once, the page is up to date, what is built has its scenarios."""

import pytest

from scripts import requirements_page

REQUIREMENTS = requirements_page.requirements()
SHOWN = requirements_page.scenarios()
BUILT = ("decisions", "ownership", "planning")
SHOWABLE = [name for name, row in REQUIREMENTS.items() if row["area"] in BUILT]


def test_page_is_up_to_date():
    """The page on disk is what its sources give."""
    path = requirements_page.ROOT / "docs/reference/requirements.md"
    assert path.read_text(encoding="utf-8") == requirements_page.page(), "run `make format`"


def test_every_area_has_its_requirements():
    """31 requirements are about decisions, 7 ownership, 9 planning and 5 replay."""
    areas = [row["area"] for row in REQUIREMENTS.values()]
    counts = {area: areas.count(area) for area in requirements_page.AREAS}
    assert counts == {"decisions": 31, "ownership": 7, "planning": 9, "replay": 5}
    assert len(areas) == sum(counts.values())


@pytest.mark.parametrize("name", SHOWABLE)
def test_scenario_shows_it(name):
    """Each requirement of an area that is built is shown by at least one scenario."""
    assert SHOWN.get(name), f"no scenario says `Source: {name}`"


def test_scenarios_cite_known_requirements():
    """No scenario cites an id that isn't a requirement."""
    assert set(SHOWN) <= set(REQUIREMENTS)


@pytest.mark.parametrize(
    ("docstring", "ids"),
    [
        ("It holds.\n\nSource: S0-3", ["S0-3"]),
        ("It holds. Source: S0-3, S2-11.", ["S0-3", "S2-11"]),
        ("Source: S0-3,\n    S2-1", ["S0-3", "S2-1"]),
        ("Source: S0-3, S0-3. Source: S1-1", ["S0-3", "S1-1"]),
        ("It is about S0-3.", []),
    ],
)
def test_cited_ids(docstring, ids):
    """Only ids listed after `Source:` are citations, each counted once."""
    assert requirements_page.cited_ids(docstring) == ids


def test_scenarios_are_found_by_docstring(tmp_path):
    """A scenario function is found without importing its module; other functions don't count."""
    folder = tmp_path / "tests/scenarios"
    folder.mkdir(parents=True)
    (folder / "test_story.py").write_text(
        "import nowhere\n"
        "def test_one():\n    '''It holds. Source: S0-3, S1-1'''\n"
        "def helper():\n    '''Source: S0-4'''\n",
        encoding="utf-8",
    )
    found = requirements_page.scenarios(tmp_path)
    assert found == {"S0-3": ["test_story::test_one"], "S1-1": ["test_story::test_one"]}
