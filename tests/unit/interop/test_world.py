"""The world from a TOML file."""

from datetime import date
from decimal import Decimal

import pytest

from nurturekit.calendars import BusinessHours
from nurturekit.errors import DocumentError, InputError
from nurturekit.interop import read_world
from nurturekit.records import Rep, World
from nurturekit.vocabulary import FunnelPosition, Team

REP = "[[reps]]\nid = 'a'\npool = 'p'"
POOL = "[[pools]]\nid = 'p'"
WORLD = """
[[reps]]
id = "rep-1"
team = "sales"
roles = ["ae"]
pool = "west"
zone = "Europe/Berlin"
absences = [{ start = 2026-12-20, end = 2027-01-04 }]
weight = 0.5
max_open = 12
hours = "mon-thu 10:00-14:00"
holidays = [2026-12-24]

[[reps]]
id = "rep-2"
pool = "always"

[[reps]]
id = "editor"
team = "marketing"

[[pools]]
id = "west"
manager = "boss"
per_day = 2.1
max_open = 40
method = "least_loaded"
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
personas = ["cfo"]
fresh_days = 180
published_at = 2026-01-05T00:00:00Z

[assume]
basis = { email = "legitimate_interest" }
zone = "Europe/Berlin"
zones = ["Europe/Berlin", "Europe/London"]
country_zones = { US = ["America/New_York"] }

[complaint_rates]
email = 0.002
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
    assert (world.pools["west"].method, world.pools["west"].max_open) == ("least_loaded", 40)
    assert world.content["roi-guide"].position is FunnelPosition.DECISION
    assert world.content["roi-guide"].personas == ("cfo",)
    assert world.content["roi-guide"].fresh_days == 180
    assert dict(world.complaint_rates) == {"email": Decimal("0.002")}
    assert world.assume.zones == ("Europe/Berlin", "Europe/London")
    assert dict(world.assume.country_zones) == {"us": ("America/New_York",)}
    assert (world.assume.zone, dict(world.assume.basis)) == (
        "Europe/Berlin",
        {"email": "legitimate_interest"},
    )


def test_numbers_are_exact(tmp_path):
    """A number with a point is the decimal that it is written as."""
    world = _read(tmp_path, WORLD)
    assert world.reps["rep-1"].weight == Decimal("0.5")
    assert world.pools["west"].per_day == Decimal("2.1")
    assert world.reps["rep-2"] == Rep(id="rep-2", pool="always")


def test_a_reps_hours_are_theirs(tmp_path):
    """Hours beside the rep's zone, with their own holidays; the zone stays the rep's too."""
    rep = _read(tmp_path, WORLD).reps["rep-1"]
    assert rep.zone == "Europe/Berlin"
    assert rep.hours == BusinessHours(
        zone="Europe/Berlin", windows="mon-thu 10:00-14:00", holidays=[date(2026, 12, 24)]
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
        ("complaint_rates = 5", "wrong-type", "$.complaint_rates"),
        ("[complaint_rates]\nemail = 1.1", "out-of-range", "$.complaint_rates.email"),
        ("[complaint_rates]\nemail = -0.1", "out-of-range", "$.complaint_rates.email"),
        ("[complaint_rates]\nemail = 'low'", "not-a-number", "$.complaint_rates.email"),
        ("[complaint_rates]\nfax = 0.1", "unknown-key", "$.complaint_rates.fax"),
        ("assume = 5", "wrong-type", "$.assume"),
        ("[assume]\nzone = 'Mars'", "unknown-zone", "$.assume.zone"),
        ("[assume]\nzones = ['UTC', 'Mars']", "unknown-zone", "$.assume.zones"),
        ("[assume]\nzones = 5", "wrong-type", "$.assume"),
        ("[assume]\ncountry_zones = ['us']", "bad-zones", "$.assume.country_zones"),
        ("[assume.country_zones]\nus = ['Mars']", "unknown-zone", "$.assume.country_zones.us"),
        ("[assume.basis]\nfax = 'consent'", "unknown-word", "$.assume.basis"),
        ("[[reps]]\nteam = 'sales'", "missing-value", "$.reps[0].id"),
        ("[[reps]]\nid = 'a'\nteems = 'sales'", "unknown-key", "$.reps[0].teems"),
        ("[[reps]]\nid = 'a'\nteam = 'sale'", "unknown-word", "$.reps[0].team"),
        ("[[reps]]\nid = 'a'\nroles = 5", "wrong-type", "$.reps[0]"),
        ("[[reps]]\nid = 'a'\npool = 'x'", "unknown-pool", "$.reps[0].pool"),
        (f"{POOL}\n[[reps]]\nid = 'b'\nteam = 'marketing'", "empty-pool", "$.pools[0]"),
        (f"{REP}\nactive = false\n{POOL}", "empty-pool", "$.pools[0]"),
        (f"{REP}\n{POOL}\n[[reps]]\nid = 'b'", "no-pool", "$.reps[1].pool"),
        (f"{REP}\nweight = 0.2\n{POOL}\nper_day = 2", "no-capacity", "$.reps[0]"),
        (f"{REP}\nper_day = -1\n{POOL}", "negative-capacity", "$.reps[0].per_day"),
        (f"{REP}\nmax_open = 0.4\n{POOL}", "no-capacity", "$.reps[0].max_open"),
        (f"{REP}\nweight = nan\n{POOL}", "not-a-number", "$.reps[0].weight"),
        (f"{REP}\nweight = 0\n{POOL}", "bad-weight", "$.reps[0].weight"),
        (f"{REP}\nactive = 'no'\n{POOL}", "not-a-bool", "$.reps[0].active"),
        (f"{REP}\nhours = 'mon 09:00-10:00'\n{POOL}", "missing-value", "$.reps[0].zone"),
        (f"{REP}\nholidays = [2026-12-25]\n{POOL}", "missing-value", "$.reps[0].hours"),
        (f"{REP}\nzone = 'UTC'\nhours = []\n{POOL}", "never-open", "$.reps[0].hours"),
        (f"{REP}\n{POOL}\nzone = 'UTC'\nhours = []", "never-open", "$.pools[0].hours"),
        (f"{REP}\n{POOL}\nzone = 'UTC'", "missing-value", "$.pools[0].hours"),
        (f"{REP}\n{POOL}\nmethod = 'rotate'", "unknown-word", "$.pools[0].method"),
        (
            "[[reps]]\nid = 'a'\nabsences = [{start = 2026-01-02, end = 2026-01-01}]",
            "bad-absence",
            "$.reps[0].absences[0].end",
        ),
        (
            "[[reps]]\nid = 'a'\nabsences = [{start = 2026-01-02}]",
            "missing-value",
            "$.reps[0].absences[0].end",
        ),
        ("[[reps]]\nid = 'a'\n[[reps]]\nid = 'a'", "duplicate-id", "$.reps"),
        (
            "[[reps]]\nid = 'a'\nabsences = [{start = '1', end = '2'}]",
            "not-a-date",
            "$.reps[0].absences[0].start",
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


def test_what_could_not_be_read_is_not_missed(tmp_path):
    """A rep who can't be read leaves no pool empty, a pool that can't be read no rep astray."""
    for bad, code in ((f"{REP}\nweight = 0\n{POOL}", "bad-weight"), (f"{REP}\n[[pools]]", None)):
        with pytest.raises(DocumentError) as caught:
            _read(tmp_path, bad)
        assert [one.code for one in caught.value.problems] == [code or "missing-value"]


def test_what_is_no_toml_stops(tmp_path):
    """A file that isn't TOML is an input error."""
    with pytest.raises(InputError) as caught:
        _read(tmp_path, "[[reps]\n")
    assert caught.value.code == "bad-toml"
