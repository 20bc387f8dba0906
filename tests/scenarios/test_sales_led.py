"""Position B: sales owns every lead, and the definition of a qualified one is explicit."""

import attrs

import nurturekit as nk
from tests.builders import BOTH, LEAD, called, decide, did, learned, moved, run

LED = "sales-led"


def test_the_definition_of_a_qualified_lead_is_an_object():
    """Given the same lead, another named and versioned definition gives another stage.

    Source: S1-1
    """
    playbook = nk.preset(LED)
    assert (playbook.qualification.name, playbook.qualification.version) != ("", 0)
    busy = [did("webinar_attended", 0), did("pricing_viewed", 0)]
    low = attrs.evolve(playbook, qualification=nk.Qualification(mql_at=1, recycle_below=0))
    assert decide(playbook, busy, 0).stage is nk.Stage.INQUIRY
    assert decide(low, busy, 0).stage is nk.Stage.MQL


def test_every_open_lead_has_one_owner_and_a_next_action():
    """Given nothing but a lead, each policy names one team and an action or why there is none.

    Source: S1-8
    """
    for policy in nk.PRESETS:
        decision = decide(policy, [], 0)
        assert isinstance(decision.ownership.accountable, nk.Team)
        assert decision.actions or decision.blocked


def test_sales_owns_a_new_lead_at_once():
    """Given a new lead, sales is accountable, a rep is asked for, and a first response is due.

    Source: S1-9
    """
    decision = decide(LED, [*BOTH, did("form_submitted", 0)], 0)
    assert decision.ownership.accountable is nk.Team.SALES
    assert decision.request is not None
    assert [duty.kind for duty in decision.ownership.duties] == ["first_response"]
    assert all(move.was == move.to for move in decision.moves if move.kind == "offered")


def test_mass_is_told_from_one_to_one():
    """Given sales in charge, marketing may only send mass communication, sales only one-to-one.

    Source: S1-13
    """
    decision = decide(LED, [*BOTH, did("form_submitted", 0)], 0)
    assert decision.ownership.allowed == {
        nk.Team.MARKETING: {nk.Style.MASS},
        nk.Team.SALES: {nk.Style.ONE_TO_ONE},
    }


def test_fit_reads_person_company_and_need_and_unknown_is_not_no():
    """Given no attributes, fit is zero and says what is unknown; each one known adds to it.

    Source: S1-3
    """
    empty = decide(LED, [], 0)
    unknown = {name for row in empty.score.contributions for name in row.unknown}
    assert any("title" in name for name in unknown)
    assert empty.score.dimensions["fit"] == 0
    facts = [
        learned("title", "VP Sales"),
        learned("employees", 500),
        learned("budget", "confirmed"),
    ]
    scores = [decide(LED, facts[:count], 0).score.dimensions["fit"] for count in range(4)]
    assert scores == sorted(scores)
    assert scores[0] < scores[1] < scores[2]


def test_attraction_is_a_number_for_every_signal():
    """Given time on the site, the attraction dimension grows with it up to its limit.

    Source: S1-4
    """
    visits = [did("site_visited", number, value=12) for number in range(5)]
    scores = [decide(LED, visits[:n], 5).score.dimensions["attraction"] for n in range(6)]
    assert scores == sorted(scores)
    assert scores[1] > scores[0] == 0


def test_a_blog_scores_low_a_download_and_a_webinar_high():
    """Given one touch each, a webinar and a gated download score more than a blog post.

    Source: S1-5
    """
    blog, download, webinar = (
        decide(LED, [did(kind, 0)], 0).score.dimensions["behaviour"]
        for kind in ("blog_viewed", "content_downloaded", "webinar_attended")
    )
    assert 0 < blog < min(download, webinar)


def test_pricing_and_demo_weigh_most():
    """Given one touch each, the pricing page and the product demo add the most to the total.

    Source: S1-6
    """
    kinds = ("blog_viewed", "site_visited", "webinar_attended", "content_downloaded")
    others = [decide(LED, [did(kind, 0)], 0).score.milli for kind in kinds]
    for kind in ("pricing_viewed", "product_demo_viewed"):
        score = decide(LED, [did(kind, 0)], 0).score
        assert score.milli > max(others)
        assert score.position is nk.FunnelPosition.DECISION


def test_where_an_attribute_came_from_is_kept():
    """Given two facts of one name, the later counts, and both keep their source.

    Source: S1-7
    """
    first = learned("title", "intern", 0, source="form")
    second = learned("title", "VP Sales", 1, source="search")
    situation = nk.preset(LED).situation(LEAD, [first, second], as_of=second.occurred_at)
    assert situation.attribute("title") == "VP Sales"
    assert situation.facts["title"].source == "search"
    row = next(
        row
        for row in nk.preset(LED).scoring.measure(situation).contributions
        if second.id in row.cites
    )
    assert row.milli > 0


def test_people_who_cannot_decide_are_seen():
    """Given a student, fit is known to be bad: asking for a demo hands nothing over.

    Source: S1-10
    """
    raised = did("demo_requested", 0)
    student = learned("title", "student")
    assert decide("marketing-led", [*BOTH, raised], 0).handoff is not None
    decision = decide("marketing-led", [*BOTH, raised, student], 0)
    assert decision.score.dimensions["fit"] < 0
    assert decision.handoff is None
    assert [alert.reason for alert in decision.alerts] == ["hand_raise"]


def test_a_date_brings_the_lead_back_without_a_task():
    """Given a rep's reason and a next attempt date, sales is back on that day, not before.

    Source: S2-6
    """
    idle = called(2, outcome="not_now", next_attempt_on=called(44).occurred_at.date())
    decisions, _ = run(LED, [*BOTH, did("form_submitted", 0), called(1), idle], 47)
    attempts = [
        number
        for number, one in enumerate(decisions)
        for action in one.actions
        if action.duty == "next_attempt" and action.earliest.date() == one_day(44)
    ]
    assert attempts
    assert decisions[2].stage is nk.Stage.INCUBATING
    assert not any(
        action.duty == "next_attempt" and action.earliest.date() < one_day(44)
        for one in decisions
        for action in one.actions
    )


def one_day(number):
    """Return the date of a day after the Monday."""
    return called(number).occurred_at.date()


def test_a_person_may_close_and_nobody_nurtures():
    """Given a lead lost to a competitor, it is closed under every policy.

    Source: S1-8
    """
    lost = moved("stage", 1, to="lost", reason="competitor")
    for policy in nk.PRESETS:
        decision = decide(policy, [*BOTH, did("form_submitted", 0), lost], 2)
        assert not decision.ownership.is_open
        assert not decision.actions
