"""Leads and records put together."""

from datetime import UTC, datetime

from nurturekit.interop import Leads, Report, cases
from nurturekit.records import Lead, Opening, Touch, World

AT = datetime(2026, 1, 5, tzinfo=UTC)


def _leads(*leads, openings=()):
    return Leads(
        by_id={lead.id: lead for lead in leads},
        openings={opening.lead_id: opening for opening in openings},
        report=Report(),
    )


def test_each_lead_has_its_own_records():
    """Records go to their leads, openings too; those of unknown leads to nobody."""
    touches = [Touch(id=f"t{n}", lead_id=f"l{n}", kind="x", occurred_at=AT) for n in (1, 2, 3)]
    opening = Opening(id="o", lead_id="l1", occurred_at=AT)
    found = list(cases(_leads(Lead(id="l1"), Lead(id="l2"), openings=[opening]), touches))
    assert [[record.id for record in case.history.records] for case in found] == [
        ["t1", "o"],
        ["t2"],
    ]


def test_the_account_s_other_leads_are_peers():
    """A lead's world holds the other leads of its account, with their histories."""
    leads = _leads(Lead(id="a", account="x"), Lead(id="b", account="x"), Lead(id="c"))
    touch = Touch(id="t", lead_id="b", kind="x", occurred_at=AT)
    world = World()
    a, b, c = cases(leads, [touch], world=world)
    assert [peer.lead.id for peer in a.world.peers] == ["b"]
    assert len(a.world.peers[0].history) == 1
    assert [peer.lead.id for peer in b.world.peers] == ["a"]
    assert c.world is world


def test_reports_add_up():
    """Two reports are one: counts are summed, examples kept to five."""
    assert Report(rows=2, skipped=1, counts={"x": 1}) + Report(
        rows=3, skipped=2, counts={"x": 1, "y": 1}
    ) == Report(
        rows=5,
        skipped=3,
        counts=Report(counts={"x": 2, "y": 1}).counts,
        examples={"x": (), "y": ()},
    )
