"""Every parameter on which the sources disagree, over its range: what it moves."""

import pytest

import nurturekit as nk
from tests.builders import BOTH, called, day, decide, did, learned, moved, night, run, world
from tests.scenarios.leads import held_by, idle, new, with_terms

MARKETING, SALES = nk.Team.MARKETING, nk.Team.SALES

POSITIONS = {
    "awareness": [did("blog_viewed", 0), did("blog_viewed", 0, id="again")],
    "consideration": [did("webinar_attended", 0)],
    "decision": [did("pricing_viewed", 0)],
}


@pytest.mark.parametrize(
    ("earliest", "reached"),
    [
        ("awareness", ("awareness", "consideration", "decision")),
        ("consideration", ("consideration", "decision")),
        ("decision", ("decision",)),
        ("never", ()),
    ],
)
def test_earliest_sales_touch(earliest, reached):
    """Given a date agreed with a lead of marketing, sales keeps it from the position on.

    Source: S0-3, S3-4
    """
    playbook = with_terms("blended", earliest_sales_touch=earliest)
    date = called(-1, next_attempt_on=day(0).date())
    for position, touches in POSITIONS.items():
        records = held_by("marketing", date, *touches, policy="blended")
        decision = decide(playbook, records, 0)
        assert decision.score.position == position
        assert decision.ownership.row == 9
        by_sales = [one for one in decision.actions if one.team is SALES]
        assert [one.duty for one in by_sales] == ["next_attempt"] * (position in reached)
        assert (SALES in decision.ownership.allowed) is (position in reached)


def test_sales_takes_part_from_the_first_steps():
    """Given a lead that compares, sales may write under blended and sales-led, not marketing-led.

    Source: S3-4
    """
    compares = [*BOTH, *POSITIONS["consideration"]]
    allowed = {
        policy: nk.Style.ONE_TO_ONE in decide(policy, compares, 0).ownership.allowed.get(SALES, ())
        for policy in nk.PRESETS
    }
    assert allowed == {"marketing-led": False, "sales-led": True, "blended": True}
    unknown = decide("blended", [*BOTH, *POSITIONS["awareness"]], 0)
    assert SALES not in unknown.ownership.allowed


@pytest.mark.parametrize("policy", ["sales-led", "blended"])
@pytest.mark.parametrize(("days", "due"), [(60, [54]), (10, [4]), (None, [])])
def test_check_in_days(policy, days, due):
    """Given an idle lead called on day -6, a check-in is due so many days later, or never.

    Source: S2-4
    """
    decision = decide(with_terms(policy, check_in_days=days), idle(policy), 0)
    assert [duty.due for duty in decision.ownership.duties] == [day(one, 0) for one in due]
    assert decision.ownership.row == 8


QUALIFIED = [
    learned("title", "VP Sales", -2),
    learned("authority", "decides", -2),
    learned("employees", 500, -2),
    learned("budget", "confirmed", -2),
    *(did(kind, -1) for kind in ("webinar_attended", "case_study_viewed", "pricing_viewed")),
    *(did(kind, 0) for kind in ("content_downloaded", "product_demo_viewed")),
]


@pytest.mark.parametrize("policy", ["marketing-led", "blended"])
@pytest.mark.parametrize(
    ("handoff_on", "intent", "points"),
    [("sales_ready", True, False), ("mql", False, True), ("either", True, True)],
)
def test_handoff_on(policy, handoff_on, intent, points):
    """Given intent alone, or points alone, the lead is handed over on what the policy names.

    Source: S0-5
    """
    playbook = with_terms(policy, handoff_on=handoff_on)
    raised = decide(playbook, held_by("marketing", did("price_asked", 0), policy=policy), 0)
    assert (raised.handoff is not None) is intent
    reached = decide(playbook, held_by("marketing", *QUALIFIED, policy=policy), 0)
    assert reached.stage is nk.Stage.MQL
    assert (reached.handoff is not None) is points
    # Whatever hands over, a hand-raise is never untold.
    assert ([one.reason for one in raised.alerts] == ["hand_raise"]) is not intent


@pytest.mark.parametrize("policy", nk.PRESETS)
@pytest.mark.parametrize("team", list(nk.Team))
def test_owner_before_ready(policy, team):
    """Given a new lead, the parameter says whose it is; sales asks for a rep at once.

    Source: S0-5, S1-9
    """
    decision = decide(with_terms(policy, owner_before_ready=str(team)), new(policy), 0)
    assert decision.rows[0] == 9
    assert decision.ownership.accountable is team
    assert decision.ownership.answerable is team
    assert (decision.request is not None) is (team is SALES)
    assert (decision.handoff is not None) is (team is SALES)


@pytest.mark.parametrize(
    ("continuity", "rep"),
    [
        (("first_contact", "account_owner", "pool"), "rep-7"),
        (("account_owner", "first_contact", "pool"), "rep-9"),
        (("account_owner",), "rep-9"),
        (("pool", "first_contact"), None),
        ((), None),
    ],
)
@pytest.mark.parametrize("policy", ["marketing-led", "blended"])
def test_continuity(policy, continuity, rep):
    """Given a first contact and an account owner, the order says who is offered the lead.

    Source: S2-3
    """
    met = [called(-9), learned("account_owner", "rep-9", -9), did("price_asked", 0)]
    records = held_by("marketing", *met, policy=policy)
    decision = decide(with_terms(policy, continuity=continuity), records, 0)
    assert decision.handoff.rep == rep
    assert (decision.request is None) is (rep is not None)


def test_continuity_passes_over_who_cannot_go_on():
    """Given a first contact who has left or is away, the next in the order is offered the lead.

    Source: S2-3
    """
    met = [called(-9), learned("account_owner", "rep-9", -9), did("price_asked", 0)]
    records = held_by("marketing", *met, policy="blended")
    away = nk.Absence(start=day(-1).date(), end=day(1).date())
    for rep in (nk.Rep(id="rep-7", active=False), nk.Rep(id="rep-7", absences=[away])):
        scene = world(reps=[rep, nk.Rep(id="rep-9")])
        assert decide("blended", records, 0, world=scene).handoff.rep == "rep-9"


def told_and_offered(playbook, nights=40):
    """Return the alerts and the offers of a lead that asks once and that nobody answers."""
    decisions, history = run(playbook, [*BOTH, did("price_asked", 0)], nights, rep=None)
    moves = [one for one in history.records if isinstance(one, nk.Move)]
    reasons = [one.reason for each in decisions for one in each.alerts]
    return reasons, [one for one in moves if one.kind == "offered"]


@pytest.mark.parametrize("policy", nk.PRESETS)
@pytest.mark.parametrize("most", [1, 2, 3, 5])
def test_max_offers(policy, most):
    """Given nobody who answers, so many offers are made and then the manager is told, once.

    Source: S1-11
    """
    playbook = with_terms(policy, max_offers=most, past_due=["reassign"])
    reasons, offers = told_and_offered(playbook)
    assert len(offers) == most
    assert reasons.count("not_taken") == 1


@pytest.mark.parametrize("policy", nk.PRESETS)
@pytest.mark.parametrize(
    "steps",
    [
        ("reassign",),
        ("remind", "reassign"),
        ("escalate", "reassign"),
        ("remind", "escalate", "reassign"),
    ],
)
def test_past_due(policy, steps):
    """Given nobody who answers, each step but the last is one alert for each offer.

    Source: S1-11
    """
    reasons, offers = told_and_offered(with_terms(policy, past_due=steps, max_offers=2))
    wanted = [{"remind": "reminder", "escalate": "escalation"}[one] for one in steps[:-1]]
    late_alerts = [one for one in reasons if one != "hand_raise"]
    assert late_alerts == [*wanted, *wanted, "not_taken"]
    assert len(offers) == 2


@pytest.mark.parametrize("policy", nk.PRESETS)
@pytest.mark.parametrize(
    ("acceptance", "stage"), [("first_sales_touch", "sal"), ("explicit", "inquiry")]
)
def test_acceptance(policy, acceptance, stage):
    """Given a call after the offer, it accepts unless a word is asked for.

    Source: S1-12
    """
    playbook = with_terms(policy, acceptance=acceptance)
    decisions, _ = run(playbook, [*BOTH, did("price_asked", 0), called(1)], 3)
    assert decisions[2].stage == stage
    assert (decisions[2].handoff is None) is (acceptance == "first_sales_touch")


@pytest.mark.parametrize(("hours", "due"), [(4, day(1, 12)), (24, day(3, 16)), (40, day(7, 16))])
def test_accept_and_response_hours(hours, due):
    """Given an offer on Monday night, it is due after so many of the pool's working hours.

    Source: S1-11
    """
    playbook = with_terms("blended", accept_hours=hours, response_hours=hours)
    decision = decide(playbook, [*BOTH, did("price_asked", 0, at=night(0))], 0)
    assert decision.handoff.due == due
    assert [(duty.kind, duty.due) for duty in decision.ownership.duties] == [("answer", due)]


@pytest.mark.parametrize(
    ("hours", "nights"),
    [
        (8, {"reminder": 1, "escalation": 2, "not_taken": 3}),
        (16, {"reminder": 1, "escalation": 3, "not_taken": 7}),
        (1, {"reminder": 1, "not_taken": 2}),
    ],
    ids=["a day apart", "two days and a weekend", "both steps before the next night"],
)
def test_grace_hours(hours, nights):
    """Given an offer due on Tuesday afternoon, so many working hours lie between its steps.

    Source: S1-11
    """
    playbook = with_terms("blended", grace_hours=hours, accept_hours=8, max_offers=1)
    decisions, _ = run(playbook, [*BOTH, did("price_asked", 0)], 9, rep=None)
    when = {one.reason: n for n, each in enumerate(decisions) for one in each.alerts}
    assert when == nights


@pytest.mark.parametrize("days", [0, 10, 30])
def test_min_stay_days(days):
    """Given a lead that a person gave to sales, time alone takes it to marketing after so long.

    Source: S2-1
    """
    records = [*BOTH, moved("adopt", 0, to="marketing-led"), moved("owner", 0, to="sales")]
    playbook = with_terms("marketing-led", min_stay_days=days)
    decisions, _ = run(playbook, records, 35)
    first = next(n for n, one in enumerate(decisions) if one.ownership.accountable is MARKETING)
    assert first == days
