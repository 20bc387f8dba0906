"""The world from a TOML file."""

from datetime import date

import pytest

from nurturekit.errors import DocumentError, InputError
from nurturekit.interop import read_world
from nurturekit.records import World
from nurturekit.vocabulary import FunnelPosition, Team

WORLD = """
[[reps]]
id = "rep-1"
team = "sales"
roles = ["ae"]
pool = "west"
zone = "Europe/Berlin"
absences = [{ start = 2026-12-20, end = 2027-01-04 }]

[[pools]]
id = "west"
manager = "boss"
zone = "Europe/Berlin"
hours = ["mon-fri 09:00-17:00"]
holidays = [2026-12-25]

[[pools]]
id = "always"

[[content]]
id = "roi-guide"
position = "decision"
topics = ["roi"]
pain_points = ["cost"]
published_at = 2026-01-05T00:00:00Z

[assume]
basis = { email = "legitimate_interest" }
zone = "Europe/Berlin"
"""


def _read(tmp_path, text):
    path = tmp_path / "world.toml"
    path.write_text(text, encoding="utf-8")
    return read_world(path)


def test_everything_is_read(tmp_path):
    """Reps, pools with hours, content and assumptions become a world."""
    world = _read(tmp_path, WORLD)
    assert world.reps["rep-1"].team is Team.SALES
    assert not world.reps["rep-1"].is_available(date(2026, 12, 24))
    hours = world.pools["west"].hours
    assert hours is not None
    assert hours.holidays == (date(2026, 12, 25),)
    assert world.pools["always"].hours is None
    assert world.content["roi-guide"].position is FunnelPosition.DECISION
    assert (world.assume.zone, dict(world.assume.basis)) == (
        "Europe/Berlin",
        {"email": "legitimate_interest"},
    )


def test_an_empty_world_is_legal(tmp_path):
    """An empty file is a world in which nothing is known."""
    assert _read(tmp_path, "") == World()


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        ("[[rep]]\nid = 'a'", "unknown-key", "$.rep"),
        ("zzz = 1", "unknown-key", "$.zzz"),
        ("reps = 5", "wrong-type", "$.reps"),
        ("reps = [5]", "wrong-type", "$.reps[0]"),
        ("assume = 5", "wrong-type", "$.assume"),
        ("[assume]\nzone = 'Mars'", "unknown-zone", "$.assume.zone"),
        ("[assume.basis]\nfax = 'consent'", "unknown-word", "$.assume.basis"),
        ("[[reps]]\nteam = 'sales'", "missing-value", "$.reps[0].id"),
        ("[[reps]]\nid = 'a'\nteems = 'sales'", "unknown-key", "$.reps[0].teems"),
        ("[[reps]]\nid = 'a'\nteam = 'sale'", "unknown-word", "$.reps[0].team"),
        ("[[reps]]\nid = 'a'\nroles = 5", "wrong-type", "$.reps[0]"),
        ("[[reps]]\nid = 'a'\npool = 'x'", "unknown-pool", "$.reps"),
        ("[[reps]]\nid = 'a'\n[[reps]]\nid = 'a'", "duplicate-id", "$.reps"),
        (
            "[[reps]]\nid = 'a'\nabsences = [{start = '1', end = '2'}]",
            "not-a-date",
            "$.reps[0].absences",
        ),
        (
            "[[pools]]\nid = 'a'\nhours = ['mon-fri 09:00-17:00']",
            "missing-value",
            "$.pools[0].zone",
        ),
        ("[[pools]]\nid = 'a'\nzone = 'UTC'\nhours = ['never']", "bad-window", "$.pools[0].hours"),
        ("[[content]]\nid = 'a'", "missing-value", "$.content[0].published_at"),
        (
            "[[content]]\nid = 'a'\npublished_at = 2026-01-05T00:00:00",
            "naive-datetime",
            "$.content[0].published_at",
        ),
    ],
)
def test_a_problem_has_a_code_and_a_path(tmp_path, text, code, path):
    """Each problem of a world is told with its code and its path."""
    with pytest.raises(DocumentError) as caught:
        _read(tmp_path, text)
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [(code, path)]


def test_all_problems_at_once(tmp_path):
    """All problems are told at once."""
    with pytest.raises(DocumentError) as caught:
        _read(tmp_path, "[[reps]]\nid = 'a'\nx = 1\n[[content]]\nid = ''\n[assume]\nzone = 'x'")
    assert len(caught.value.problems) == 3


def test_what_is_no_toml_stops(tmp_path):
    """A file that isn't TOML is an input error."""
    with pytest.raises(InputError) as caught:
        _read(tmp_path, "[[reps]\n")
    assert caught.value.code == "bad-toml"
