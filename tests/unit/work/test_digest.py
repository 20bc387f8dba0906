"""Alerts by recipient: each once, the most urgent reason first."""

import itertools

import pytest

import nurturekit as nk
from nurturekit.work.digest import REASONS, digest
from tests.unit.work.cases import decision

EVIL = "<b>acme</b>"


def alert(number, reason="hand_raise", to="rep", rep="rep-7", **fields):
    """Return an alert about a lead of the same number."""
    given = {"lead_id": f"l{number}", "because": "it asked", "evidence": (f"t{number}",), **fields}
    return nk.Alert(id=f"a{number}", to=to, rep=rep, reason=reason, **given)


def deciding(*alerts):
    """Return a decision with alerts."""
    return decision("any", alerts=alerts)


def test_reasons_come_in_order_of_urgency():
    """What nobody has taken first, weaker evidence last, whatever the order of decisions."""
    decisions = [deciding(alert(n, reason)) for n, reason in enumerate(sorted(REASONS))]
    (found,) = digest(decisions)
    assert [reason for reason, _ in found.groups()] == list(REASONS)
    assert list(REASONS)[:3] == ["not_taken", "escalation", "reminder"]


def test_within_a_reason_by_lead():
    """Alerts of one reason stand by lead."""
    (found,) = digest([deciding(alert(3)), deciding(alert(1), alert(2))])
    assert [one.lead_id for one in found.alerts] == ["l1", "l2", "l3"]


def test_an_unknown_reason_comes_last_under_its_own_name():
    """A reason of somebody's own isn't lost."""
    (found,) = digest([deciding(alert(1, "birthday"), alert(2, "weaker_evidence"))])
    assert [reason for reason, _ in found.groups()] == ["weaker_evidence", "birthday"]
    assert "birthday:" in found.text()


def test_each_alert_is_told_once():
    """The same alert in two decisions is one; of two wordings one counts, in either order."""
    one, other = alert(1, because="a wording"), alert(1, because="another wording")
    (found,) = digest([deciding(one), deciding(one)])
    assert found.alerts == (one,)
    orders = {digest([deciding(a), deciding(b)]) for a, b in itertools.permutations([one, other])}
    assert len(orders) == 1


@pytest.mark.parametrize(
    ("to", "rep", "recipient"),
    [
        ("rep", "rep-7", ("rep", "rep-7")),
        ("rep", None, ("sales", None)),
        ("sales", "rep-7", ("rep", "rep-7")),
        ("sales", None, ("sales", None)),
        ("marketing", None, ("marketing", None)),
        ("manager", "ann", ("manager", "ann")),
        ("manager", None, ("manager", None)),
    ],
)
def test_each_alert_has_its_recipient(to, rep, recipient):
    """A known person is told in one digest; for a rep nobody knows the team is."""
    (found,) = digest([deciding(alert(1, to=to, rep=rep))])
    assert (found.to, found.rep) == recipient
    assert found.recipient == (recipient[1] or recipient[0])


def test_one_digest_per_recipient():
    """A person gets one, whether told as a rep or for sales."""
    alerts = [alert(1), alert(2, to="sales"), alert(3, rep=None), alert(4, to="manager", rep="ann")]
    found = digest([deciding(*alerts)])
    assert [(one.recipient, len(one.alerts)) for one in found] == [
        ("ann", 1),
        ("rep-7", 2),
        ("sales", 1),
    ]


def test_text_names_leads_people_and_why():
    """A line per alert below its reason; people by id, unless the sentence names them."""
    found = digest(
        [
            deciding(
                alert(1, "account_engaged", people=("p1", "p2"), because="several people"),
                alert(2, "account_engaged", people=("p", "p3"), because="several: p3 (champion)"),
                alert(3, "reminder", because=""),
            )
        ]
    )[0]
    assert str(found).splitlines() == [
        "rep-7: 3 alerts about 3 leads",
        "past due:",
        "  l3",
        "several people of the account:",
        "  l1: several people (p1, p2)",
        "  l2: several: p3 (champion) (p)",
    ]
    assert repr(found) == "Digest(rep-7, 3 alerts)"
    assert digest([deciding(alert(1))])[0].text().startswith("rep-7: 1 alert about 1 lead\n")


def test_rows_are_flat():
    """A row per alert, with ids as text."""
    (found,) = digest([deciding(alert(1, people=("p1", "p2")))])
    assert found.rows() == [
        {
            "to": "rep",
            "recipient": "rep-7",
            "reason": "hand_raise",
            "lead_id": "l1",
            "because": "it asked",
            "people": "p1, p2",
            "evidence": "t1",
            "alert_id": "a1",
        }
    ]


def test_html_is_escaped():
    """Ids and reasons are data, never markup."""
    odd = alert(1, "birthday", lead_id=EVIL, because=EVIL, people=(EVIL,), rep=EVIL)
    html = digest([deciding(odd)])[0]._repr_html_()
    assert EVIL not in html
    assert "&lt;b&gt;acme&lt;/b&gt;" in html
