"""Position A and E: marketing nurtures until sales intent shows."""

import pytest

import nurturekit as nk
from tests.builders import BOTH, called, day, decide, did, learned, moved, run

LED = "marketing-led"


def test_a_gated_demo_is_no_raised_hand():
    """Given a gated demo download, no sales touch follows under the late gate, some under an early.

    Source: S0-3
    """
    records = [*BOTH, did("demo_video_downloaded", 0), did("webinar_attended", 0)]
    late = decide(LED, records, 0)
    assert late.handoff is None
    assert nk.Team.SALES not in late.ownership.allowed
    early = nk.preset("blended")
    assert nk.Style.ONE_TO_ONE in decide(early, records, 0).ownership.allowed[nk.Team.SALES]


def test_position_comes_from_behaviour():
    """Given visits deeper and deeper, the position rises through awareness to decision.

    Source: S0-4
    """
    visits = [did("blog_viewed", 0), did("blog_viewed", 1)]
    assert decide(LED, [], 0).score.position is None
    assert decide(LED, visits, 1).score.position is nk.FunnelPosition.AWARENESS
    webinars = [did("webinar_attended", 2), did("webinar_attended", 3)]
    assert decide(LED, visits + webinars, 3).score.position is nk.FunnelPosition.CONSIDERATION
    priced = [*visits, *webinars, did("pricing_viewed", 4), did("pricing_viewed", 5)]
    assert decide(LED, priced, 5).score.position is nk.FunnelPosition.DECISION


def test_handoff_waits_for_intent_not_for_points():
    """Given points far over the gate but no intent, nothing is handed over; one price question is.

    Source: S0-5
    """
    kinds = ("webinar_attended", "case_study_viewed")
    busy = [did(kind, number) for number in range(8) for kind in kinds]
    decision = decide(LED, [*BOTH, *busy], 8)
    assert decision.handoff is None
    asked = decide(LED, [*BOTH, *busy, did("price_asked", 8)], 8)
    assert asked.handoff is not None
    assert asked.handoff.evidence == ("price_asked-8",)


def test_nurturing_turns_an_mql_into_an_sql():
    """Given an MQL that shows intent and is called, the call's outcome makes it an SQL.

    Source: S0-6
    """
    fit = [learned("title", "VP Sales"), learned("authority", "decides")]
    fit += [learned("employees", 500), learned("budget", "confirmed")]
    busy = [
        did(kind, number)
        for number in range(6)
        for kind in ("webinar_attended", "case_study_viewed", "pricing_viewed", "site_visited")
    ]
    records = [*BOTH, *fit, *busy]
    assert decide(LED, records, 6).stage is nk.Stage.MQL
    later = [*records, did("demo_requested", 7), called(8, outcome="qualified")]
    decisions, _ = run(LED, later, 10)
    assert decisions[9].stage is nk.Stage.SQL
    assert decisions[9].ownership.accountable is nk.Team.SALES


@pytest.mark.parametrize(
    "kind", ["contact_requested", "price_asked", "demo_requested", "trial_requested"]
)
def test_each_kind_of_intent_hands_over(kind):
    """Given any of the four questions, the lead is offered to sales.

    Source: S0-8
    """
    assert decide(LED, [*BOTH, did(kind, 0)], 0).handoff is not None


def test_several_people_of_one_account_are_intent():
    """Given enough people of one account, the lead's own touch hands over and the peers are named.

    Source: S0-8
    """
    playbook = nk.preset(LED)
    people = playbook.qualification.people
    lead = nk.Lead(id="lead-1", account="acme", zone="Europe/Berlin")
    own = did("webinar_attended", 0)

    def asked(count: int) -> nk.Decision:
        peers = [
            nk.Peer(
                lead=nk.Lead(id=f"peer-{number}", account="acme"),
                history=nk.History(
                    [
                        nk.Touch(
                            id=f"p{number}",
                            lead_id=f"peer-{number}",
                            kind="webinar_attended",
                            occurred_at=day(0),
                            direction="inbound",
                        )
                    ]
                ),
            )
            for number in range(count)
        ]
        return decide(playbook, [*BOTH, own], 0, lead=lead, world=nk.World(peers=peers))

    assert asked(people - 2).handoff is None
    assert asked(people - 1).handoff.evidence == (own.id,)


def test_the_entry_point_is_known_and_used():
    """Given two entry points, the one asking for more scores more, and the form is cited.

    Source: S0-10
    """
    subscribed = decide(LED, [did("newsletter_subscribed", 0, campaign="spring")], 0)
    downloaded = decide(LED, [did("content_downloaded", 0, asset="guide")], 0)
    assert downloaded.score.milli > subscribed.score.milli
    cited = [row.cites for row in downloaded.score.contributions if row.milli and row.cites]
    assert ("content_downloaded-0",) in cited


def test_marketing_goes_on_after_the_handoff():
    """Given a lead with sales, the bottom-of-funnel series runs and the nurture series has left.

    Source: S0-11
    """
    records = [*BOTH, did("blog_viewed", 0), did("price_asked", 3), called(4)]
    decisions, history = run(LED, records, 30)
    assert decisions[29].ownership.accountable is nk.Team.SALES
    sent = [one.sequence for one in history.records if isinstance(one, nk.Touch) and one.sequence]
    assert "sales-motivation" in sent
    left = [one for one in history.records if isinstance(one, nk.Move) and one.kind == "left"]
    assert all(move.reason for move in left)


def test_a_lead_goes_back_with_a_reason():
    """Given a rep's no_budget, the lead is recycled to marketing, and the reason is kept.

    Source: S4-1
    """
    records = [*BOTH, did("price_asked", 0), called(1), called(9, outcome="no_budget")]
    decisions, _ = run(LED, records, 12)
    assert decisions[8].ownership.accountable is nk.Team.SALES
    assert decisions[9].ownership.accountable is nk.Team.MARKETING
    assert decisions[9].stage is nk.Stage.RECYCLED
    stage = next(move for move in decisions[9].moves if move.kind == "stage")
    assert (stage.reason, stage.answers) == ("no_budget", "call-9")


def test_a_recycled_lead_gets_the_full_nurture():
    """Given a recycled lead, automated mail with unseen content goes on for months.

    Source: S4-2
    """
    records = [*BOTH, did("price_asked", 0), called(1), called(9, outcome="not_now")]
    _, history = run(LED, records, 90)
    mails = [one for one in history.records if isinstance(one, nk.Touch) and one.asset]
    late = [one for one in mails if one.occurred_at > day(12)]
    assert len(late) >= 3
    assert len({one.asset for one in mails}) == len(mails)


def test_nurture_mail_comes_from_the_rep_the_lead_knows():
    """Given a recycled lead, the next automated mail's sender is the rep who had it.

    Source: S4-5
    """
    records = [*BOTH, did("price_asked", 0), called(1), called(9, outcome="no_budget")]
    decisions, _ = run(LED, records, 11)
    mails = [one for one in decisions[10].actions if one.style is nk.Style.AUTOMATED]
    assert mails
    assert {one.sender for one in mails} == {"rep-7"}


def test_interest_fades():
    """Given a hand raised months ago, nothing is handed over; the same one today is.

    Source: S4-7
    """
    raised = did("demo_requested", 0)
    opened = moved("owner", 0, to="marketing")
    assert decide(LED, [*BOTH, opened, raised], 60).handoff is None
    assert decide(LED, [*BOTH, opened, raised], 0).handoff is not None
    fresh = decide(LED, [*BOTH, did("pricing_viewed", 0)], 1).score.milli
    stale = decide(LED, [*BOTH, did("pricing_viewed", 0)], 90).score.milli
    assert fresh > stale
