"""Who is told what, with the account's people by id and their roles in the buying group."""

import attrs
import pytest

import nurturekit as nk
from nurturekit.ownership.alerts import BECAUSE, alert_of
from tests.builders import LEAD, allowed, day, decide, did, learned, moved, world

MINE = attrs.evolve(LEAD, account="acme", person_id="p-1")


def peer(number, *records, **fields):
    """Return another lead of the account, who asked for a download on day 1."""
    lead = nk.Lead(id=f"lead-{number}", account="acme", **fields)
    touch = nk.Touch(
        id=f"theirs-{number}",
        lead_id=lead.id,
        kind="content_downloaded",
        occurred_at=day(1),
        direction="inbound",
    )
    mine = [attrs.evolve(one, lead_id=lead.id) for one in records]
    return nk.Peer(lead=lead, history=nk.History([touch, *mine]))


def told(policy, records, on, peers=(), lead=MINE):
    """Return the alerts of a night's decision."""
    return decide(policy, records, on, lead=lead, world=world(peers=peers)).alerts


WITH_SALES = [
    *allowed("email", "phone"),
    moved("owner", 0, to="sales", rep="rep-7"),
    moved("stage", 0, to="sql", id="qualified"),
]


class TestAccount:
    OWN = did("content_downloaded", 1)

    def test_people_who_take_part_are_named(self):
        """Where sales is accountable it is told, with ids and known roles."""
        peers = [peer(2, learned("buying_role", "champion"), person_id="p-2"), peer(3)]
        (alert,) = told("sales-led", [*WITH_SALES, self.OWN], 1, peers)
        assert (alert.to, alert.rep, alert.reason) == ("sales", "rep-7", "account_engaged")
        assert alert.people == ("lead-3", "p-2")
        assert alert.because == f"{BECAUSE['account_engaged']}: lead-3, p-2 (champion)"
        assert (alert.lead_id, alert.evidence) == (LEAD.id, (self.OWN.id,))

    def test_once(self):
        """The same evidence isn't told again, also when one more person takes part."""
        history = nk.History([*WITH_SALES, self.OWN])
        first = decide("sales-led", history, 1, lead=MINE, world=world(peers=[peer(2)]))
        history = history.add(*first.moves)
        assert told("sales-led", history, 2, [peer(2), peer(3)]) == ()

    def test_nobody_else_is_no_news(self):
        """One's own other lead isn't another person; nor is one of another account."""
        other = attrs.evolve(peer(2), lead=nk.Lead(id="lead-2", account="other"))
        self_again = peer(3, person_id="p-1")
        assert told("sales-led", [*WITH_SALES, self.OWN], 1, [other, self_again]) == ()

    def test_a_hand_raise_comes_first(self):
        """It is told as such, and names nobody else."""
        records = [*WITH_SALES, did("demo_requested", 1), self.OWN]
        (alert,) = told("sales-led", records, 1, [peer(2)])
        assert (alert.reason, alert.people) == ("hand_raise", ())
        assert set(alert.evidence) == {"demo_requested-1", self.OWN.id}

    def test_erased_people_are_never_named(self):
        """Somebody who asked to be erased doesn't take part."""
        gone = nk.Consent(id="gone", lead_id=LEAD.id, occurred_at=day(1), kind="erased")
        assert told("sales-led", [*WITH_SALES, self.OWN], 1, [peer(2, gone)]) == ()


class TestWeaker:
    VIEWED = did("pricing_viewed", 1)

    @pytest.mark.parametrize(
        ("stage", "to", "reason"),
        [("recycled", "rep", "new_intent"), ("inquiry", "sales", "weaker_evidence")],
    )
    def test_an_idle_lead_shows_new_intent(self, stage, to, reason):
        """S4-6: what a recycled lead does is told as new intent, to its rep."""
        records = [
            moved("owner", 0, to="marketing", rep="rep-7"),
            moved("stage", 0, to=stage, reason="no_budget", id="idle"),
            self.VIEWED,
        ]
        (alert,) = told("marketing-led", records, 1)
        assert (alert.to, alert.rep, alert.reason) == (to, "rep-7", reason)
        assert alert.evidence == (self.VIEWED.id,)


def test_every_reason_has_words():
    """An alert says why, whatever it is for."""
    found = nk.Situation(LEAD, as_of=day(1))
    for reason, words in BECAUSE.items():
        if reason != "account_engaged":
            made = alert_of(moved("alerted", 1, to="rep", reason=reason), found)
            assert made.because == words


def test_where_it_hands_nothing_over_marketing_is_told():
    """With `handoff_on = "mql"` several people are no handoff: whoever has the lead hears of it."""
    preset = nk.preset("marketing-led")
    patient = attrs.evolve(preset, ownership=attrs.evolve(preset.ownership, handoff_on="mql"))
    (alert,) = told(patient, [did("content_downloaded", 1)], 1, [peer(2)])
    assert (alert.to, alert.reason, alert.people) == ("marketing", "account_engaged", ("lead-2",))
