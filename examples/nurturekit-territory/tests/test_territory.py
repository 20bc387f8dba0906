"""The plug-in keeps to its protocols, and does what it says. Needs the package installed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from nurturekit_territory import ELSEWHERE, TERRITORY, TerritoryPolicy

import nurturekit as nk
from nurturekit import plugins
from nurturekit.signals import UNKNOWN
from nurturekit.testing import Check, policy_checks, signal_checks

AS_OF = datetime(2026, 11, 2, 9, tzinfo=UTC)
DOCUMENT = Path(__file__).resolve().parents[1] / "playbook.toml"
POLICY = TerritoryPolicy(
    territories={
        "dach": {"table": "sales-led", "pool": "field-dach"},
        "nordics": {"table": "blended"},
    }
)
# The attribute that both read, with values that matter to them.
READS = {"country": ("de", " SE ", "fr", "us", 49)}


@pytest.mark.parametrize("check", policy_checks(POLICY, attributes=READS), ids=repr)
def test_policy(check: Check) -> None:
    """The policy passes every check that the library has for policies."""
    check()


@pytest.mark.parametrize("check", signal_checks(TERRITORY, attributes=READS), ids=repr)
def test_signal(check: Check) -> None:
    """The signal passes every check that the library has for signals."""
    check()


def lead(country: str | int | None = None) -> nk.Lead:
    """Return a lead in a country."""
    return nk.Lead(id="lead-1", attributes={} if country is None else {"country": country})


@pytest.mark.parametrize(
    ("country", "territory"),
    [
        ("de", "dach"),
        (" SE ", "nordics"),
        ("fr", "west"),
        ("us", ELSEWHERE),
        ("", UNKNOWN),
        (None, UNKNOWN),
        (49, UNKNOWN),
    ],
)
def test_a_country_has_a_territory(country: str | int | None, territory: object) -> None:
    """Codes count whatever their case; without one the territory is unknown."""
    assert TERRITORY.measure(nk.Situation(lead(country), as_of=AS_OF)) == territory


@pytest.mark.parametrize(
    ("country", "owner", "pool"),
    [
        ("de", nk.Team.SALES, "field-dach"),
        ("se", nk.Team.MARKETING, "nordics"),
        ("fr", nk.Team.MARKETING, "sales"),
        (None, nk.Team.MARKETING, "sales"),
    ],
)
def test_who_owns_a_new_lead(country: str | None, owner: nk.Team, pool: str) -> None:
    """Field reps have theirs from the first day; a hand-raise asks the territory's pool."""
    playbook = nk.load(DOCUMENT, catalog=plugins.load())
    new = playbook.decide(lead(country), as_of=AS_OF)
    assert new.ownership.accountable is owner
    raised = nk.Touch(id="t1", lead_id="lead-1", kind="price_asked", occurred_at=AS_OF)
    request = playbook.decide(lead(country), [raised], as_of=AS_OF).request
    assert request is not None
    assert request.pool == pool


def test_who_is_not_served() -> None:
    """A lead from elsewhere is unfit, so its hand-raise is offered to nobody; unknown isn't."""
    playbook = nk.load(DOCUMENT, catalog=plugins.load())
    raised = nk.Touch(id="t1", lead_id="lead-1", kind="price_asked", occurred_at=AS_OF)
    assert playbook.decide(lead("us"), [raised], as_of=AS_OF).handoff is None
    assert playbook.decide(lead(), [raised], as_of=AS_OF).handoff is not None


def test_the_document_comes_back() -> None:
    """Its parameters are part of the dump and of the fingerprint."""
    catalog = plugins.load()
    playbook = nk.load(DOCUMENT, catalog=catalog)
    assert nk.load(nk.dump(playbook), catalog=catalog) == playbook
    text = DOCUMENT.read_text(encoding="utf-8").replace("field-dach", "inside-dach")
    assert nk.loads(text, catalog=catalog).fingerprint != playbook.fingerprint


def test_a_territory_without_countries() -> None:
    """A misspelt territory would never hold: it is refused, with its name."""
    with pytest.raises(nk.ModelError) as caught:
        TerritoryPolicy(territories={"dahc": {"table": "blended"}})
    assert caught.value.path == "territories.dahc"
