"""A lead on a Wednesday at ten, and short ways to say what is planned and what has happened."""

from datetime import UTC, date, datetime, timedelta

import pytest

from nurturekit.answers import Action
from nurturekit.guards import GuardProfile
from nurturekit.instants import to_us
from nurturekit.records import Consent, Lead, Situation, Touch
from nurturekit.vocabulary import Channel, Style, Team

NOW = datetime(2026, 1, 7, 10, tzinfo=UTC)


@pytest.fixture
def at():
    """Give the epoch microseconds of so many hours from now."""
    return lambda hours=0: to_us(NOW + timedelta(hours=hours), field="test")


@pytest.fixture
def consent():
    """Make a consent record, by default a grant for everything."""

    def make(kind="given", hours=-1000, **fields):
        fields = {"id": f"c-{kind}", "basis": "consent" if kind == "given" else None} | fields
        return Consent(lead_id="l1", kind=kind, occurred_at=NOW + timedelta(hours=hours), **fields)

    return make


@pytest.fixture
def touch():
    """Make a touch so many hours from now, by default an automated email of ours."""

    def make(hours, **fields):
        defaults = {"channel": "email", "direction": "outbound", "style": "automated"}
        fields = {"id": f"t{hours}", "kind": "email_sent"} | defaults | fields
        return Touch(lead_id="l1", occurred_at=NOW + timedelta(hours=hours), **fields)

    return make


@pytest.fixture
def situation(consent):
    """Make a situation now, with a grant for everything unless said otherwise."""

    def make(*records, lead=None, granted=True, hours=0, **fields):
        return Situation(
            lead or Lead(id="l1", zone="UTC"),
            [*records, *([consent()] if granted else [])],
            as_of=NOW + timedelta(hours=hours),
            **fields,
        )

    return make


@pytest.fixture
def action(at):
    """Make a planned action, by default an automated email due now."""

    def make(after=0, /, **fields):
        defaults = {
            "id": "a1",
            "channel": Channel.EMAIL,
            "style": Style.AUTOMATED,
            "team": Team.MARKETING,
        }
        return Action(lead_id="l1", earliest_us=at(after), **(defaults | fields))

    return make


@pytest.fixture
def profile():
    """Make a profile with what is said and nothing else."""
    return lambda **fields: GuardProfile(name="test", dated=date(2026, 1, 1), **fields)
