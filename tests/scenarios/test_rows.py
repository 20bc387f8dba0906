"""Every row of the table under every policy.

A cell says what the policy wants in its row and what the decision comes to once that is settled:
rows 3, 4 and 7 lead on to another row in the same decision.
"""

import attrs
import pytest

import nurturekit as nk
from tests.builders import LEAD, decide, did, moved, night, run, world
from tests.scenarios.leads import (
    asked,
    closed,
    idle,
    late,
    new,
    objected,
    spoken,
    waiting,
    with_sales,
)

MARKETING, SALES = nk.Team.MARKETING, nk.Team.SALES
MASS, AUTOMATED, PERSONAL = nk.Style.MASS, nk.Style.AUTOMATED, nk.Style.ONE_TO_ONE
PLANNING = ("enrolled", "left", "skipped", "branch")


@attrs.frozen(kw_only=True)
class Cell:
    """What one policy says in one row, and what it comes to."""

    given: object
    wants: str
    marketing: tuple = ()
    sales: tuple = ()
    duties: tuple = ()
    notify: tuple = ()
    continues: tuple = ()
    sender: str = "team"
    has: str
    owes: tuple = ()
    moves: tuple = ()
    alerts: tuple = ()
    offer: str | None = None
    ends_in: int | None = None
    source: str


NURTURE, MAIL = (MASS, AUTOMATED), (MASS,)
ANSWERING = ("answer", "first_response")
IDLE_DUTIES = ("answer", "next_attempt", "check_in")
TO_REP = ("offered sales",)
REMINDED = (("rep", "rep-7", "reminder"),)
CELLS = {
    # 1: erased or objected: nobody touches; the team stays for replies.
    (1, "marketing-led"): Cell(given=objected, wants="marketing", has="marketing", source="none"),
    (1, "sales-led"): Cell(given=objected, wants="sales", has="sales", source="none"),
    (1, "blended"): Cell(given=objected, wants="marketing", has="marketing", source="none"),
    # 2: customer, disqualified, ...: nobody nurtures.
    (2, "marketing-led"): Cell(given=closed, wants="marketing", has="marketing", source="none"),
    (2, "sales-led"): Cell(given=closed, wants="sales", has="sales", source="none"),
    (2, "blended"): Cell(given=closed, wants="marketing", has="marketing", source="none"),
    # 3: a rep's word.
    (3, "marketing-led"): Cell(
        given=spoken,
        wants="marketing",
        marketing=NURTURE,
        notify=("rep",),
        sender="rep",
        has="marketing",
        moves=("stage recycled", "owner marketing"),
        ends_in=8,
        source="S4-1",
    ),
    (3, "sales-led"): Cell(
        given=spoken,
        wants="sales",
        marketing=MAIL,
        sales=(PERSONAL,),
        duties=IDLE_DUTIES,
        has="sales",
        owes=("check_in",),
        moves=("stage incubating",),
        ends_in=8,
        source="S2-6",
    ),
    (3, "blended"): Cell(
        given=spoken,
        wants="sales",
        marketing=NURTURE,
        sales=(PERSONAL,),
        duties=IDLE_DUTIES,
        has="sales",
        owes=("check_in",),
        moves=("stage incubating",),
        ends_in=8,
        source="S2-4",
    ),
    # 4: a handoff past due.
    (4, "marketing-led"): Cell(
        given=late,
        wants="sales",
        marketing=NURTURE,
        sales=(PERSONAL,),
        duties=ANSWERING,
        has="marketing",
        owes=("answer",),
        moves=("lapsed None", *TO_REP),
        offer="pool",
        ends_in=5,
        source="S1-11",
    ),
    (4, "sales-led"): Cell(
        given=late,
        wants="sales",
        marketing=MAIL,
        sales=(PERSONAL,),
        duties=ANSWERING,
        has="sales",
        owes=("first_response",),
        moves=("alerted rep",),
        alerts=REMINDED,
        offer="rep-7",
        source="S1-11",
    ),
    (4, "blended"): Cell(
        given=late,
        wants="sales",
        marketing=NURTURE,
        sales=(PERSONAL,),
        duties=ANSWERING,
        has="marketing",
        owes=("answer",),
        moves=("alerted rep",),
        alerts=REMINDED,
        offer="rep-7",
        source="S2-3",
    ),
    # 5: a handoff pending.
    (5, "marketing-led"): Cell(
        given=waiting,
        wants="sales",
        marketing=NURTURE,
        sales=(PERSONAL,),
        duties=ANSWERING,
        has="marketing",
        owes=("answer",),
        offer="rep-7",
        source="S0-11",
    ),
    (5, "sales-led"): Cell(
        given=waiting,
        wants="sales",
        marketing=MAIL,
        sales=(PERSONAL,),
        duties=ANSWERING,
        has="sales",
        owes=("first_response",),
        offer="rep-7",
        source="S1-9",
    ),
    (5, "blended"): Cell(
        given=waiting,
        wants="sales",
        marketing=NURTURE,
        sales=(PERSONAL,),
        duties=ANSWERING,
        has="marketing",
        owes=("answer",),
        offer="rep-7",
        source="S3-1",
    ),
    # 6: sal, sql or opportunity.
    (6, "marketing-led"): Cell(
        given=with_sales,
        wants="sales",
        marketing=(AUTOMATED,),
        sales=(PERSONAL,),
        duties=("answer", "next_attempt"),
        continues=("sales-motivation",),
        has="sales",
        source="S0-11",
    ),
    (6, "sales-led"): Cell(
        given=with_sales,
        wants="sales",
        marketing=MAIL,
        sales=(PERSONAL,),
        duties=("answer", "next_attempt"),
        has="sales",
        source="S1-13",
    ),
    (6, "blended"): Cell(
        given=with_sales,
        wants="sales",
        marketing=NURTURE,
        sales=(PERSONAL,),
        duties=("answer", "next_attempt"),
        continues=("decision-content", "newsletter"),
        has="sales",
        source="S2-10",
    ),
    # 7: new sales-ready evidence.
    (7, "marketing-led"): Cell(
        given=asked,
        wants="sales",
        marketing=NURTURE,
        sales=(PERSONAL,),
        duties=ANSWERING,
        notify=("rep",),
        has="marketing",
        owes=("answer",),
        moves=TO_REP,
        offer="pool",
        ends_in=5,
        source="S0-5",
    ),
    (7, "sales-led"): Cell(
        given=asked,
        wants="sales",
        marketing=MAIL,
        sales=(PERSONAL,),
        duties=(*ANSWERING, "next_attempt"),
        notify=("rep",),
        has="sales",
        owes=("answer",),
        moves=("alerted sales",),
        alerts=(("sales", "rep-7", "hand_raise"),),
        ends_in=9,
        source="S4-6",
    ),
    (7, "blended"): Cell(
        given=asked,
        wants="sales",
        marketing=NURTURE,
        sales=(PERSONAL,),
        duties=(*ANSWERING, "next_attempt"),
        notify=("rep",),
        has="marketing",
        owes=("answer",),
        moves=TO_REP,
        offer="pool",
        ends_in=5,
        source="S2-3",
    ),
    # 8: recycled or incubating.
    (8, "marketing-led"): Cell(
        given=idle,
        wants="marketing",
        marketing=NURTURE,
        duties=("answer",),
        notify=("rep",),
        sender="rep",
        has="marketing",
        source="S4-5",
    ),
    (8, "sales-led"): Cell(
        given=idle,
        wants="sales",
        marketing=MAIL,
        sales=(PERSONAL,),
        duties=IDLE_DUTIES,
        has="sales",
        owes=("check_in",),
        source="S2-4",
    ),
    (8, "blended"): Cell(
        given=idle,
        wants="marketing",
        marketing=NURTURE,
        sales=(PERSONAL,),
        duties=IDLE_DUTIES,
        notify=("rep",),
        has="marketing",
        owes=("check_in",),
        source="S2-4",
    ),
    # 9: otherwise.
    (9, "marketing-led"): Cell(
        given=new,
        wants="marketing",
        marketing=NURTURE,
        duties=("answer",),
        notify=("sales",),
        has="marketing",
        moves=("adopt marketing-led", "owner marketing"),
        source="S0-3",
    ),
    (9, "sales-led"): Cell(
        given=new,
        wants="sales",
        marketing=MAIL,
        sales=(PERSONAL,),
        duties=(*ANSWERING, "next_attempt"),
        has="sales",
        owes=("first_response",),
        moves=("adopt sales-led", "owner sales", *TO_REP),
        offer="pool",
        ends_in=5,
        source="S1-9",
    ),
    (9, "blended"): Cell(
        given=new,
        wants="marketing",
        marketing=NURTURE,
        sales=(PERSONAL,),
        duties=("answer", "next_attempt"),
        notify=("sales",),
        has="marketing",
        moves=("adopt blended", "owner marketing"),
        source="S3-4",
    ),
}
IDS = [f"row-{row}-{policy}" for row, policy in CELLS]


def styles(cell):
    """Return the styles that a cell allows, per team, without teams that may do nothing."""
    both = {MARKETING: cell.marketing, SALES: cell.sales}
    return {team: frozenset(allowed) for team, allowed in both.items() if allowed}


def followed(decision):
    """Return what follows for the owner, shortly: kind and target."""
    return tuple(f"{move.kind} {move.to}" for move in decision.moves if move.kind not in PLANNING)


def test_the_table_is_whole():
    """There are nine rows under three policies, and each cell says where it comes from."""
    assert set(CELLS) == {(row, policy) for row in range(1, 10) for policy in nk.PRESETS}
    for (number, policy), cell in CELLS.items():
        row = next(one for one in nk.preset(policy).ownership.rows if one.number == number)
        assert cell.source in row.source or (cell.source == "none" and row.source == "inference")


@pytest.mark.parametrize(("where", "cell"), CELLS.items(), ids=IDS)
def test_what_a_row_wants(where, cell):
    """Given a lead for which the row holds, the policy wants what its cell says.

    Source: S1-8, S1-13
    """
    row, policy = where
    playbook = nk.preset(policy)
    situation = playbook.situation(LEAD, cell.given(policy), as_of=night(0), world=world())
    desired = playbook.ownership.decide(situation)
    assert desired.row == row
    assert desired.accountable == cell.wants
    assert dict(desired.allowed) == styles(cell)
    assert desired.duties == cell.duties
    assert desired.notify == cell.notify
    assert desired.continues == cell.continues
    assert desired.sender == cell.sender
    assert desired.is_closed is (row in (1, 2))


@pytest.mark.parametrize(("where", "cell"), CELLS.items(), ids=IDS)
def test_what_a_row_comes_to(where, cell):
    """Given the same lead, the decision says who has it, who answers, what is owed and follows.

    Source: S1-8, S1-11
    """
    row, policy = where
    decision = decide(policy, cell.given(policy), 0)
    ownership, handoff = decision.ownership, decision.handoff
    assert row in decision.rows
    assert (ownership.row, ownership.is_open) == (cell.ends_in or row, row not in (1, 2))
    assert ownership.accountable == cell.has
    assert ownership.answerable == ("sales" if cell.offer else cell.has)
    assert tuple(duty.kind for duty in ownership.duties) == cell.owes
    assert followed(decision) == cell.moves
    assert tuple((one.to, one.rep, one.reason) for one in decision.alerts) == cell.alerts
    assert (handoff is not None) is (cell.offer is not None)
    if handoff is not None:
        assert (handoff.rep or "pool") == cell.offer
        assert (handoff.giver, handoff.taker) == (cell.has, "sales")
        assert (decision.request is not None) is (cell.offer == "pool")


@pytest.mark.parametrize("row", [1, 2])
@pytest.mark.parametrize("policy", nk.PRESETS)
def test_a_closed_lead_is_left_alone(row, policy):
    """Given row 1 or 2, nothing is done and nobody is asked, whoever has the lead."""
    decision = decide(policy, CELLS[row, policy].given(policy), 0)
    assert (decision.actions, decision.request, decision.ownership.allowed) == ((), None, {})


@pytest.mark.parametrize("policy", ["marketing-led", "blended"])
def test_an_idle_lead_shows_new_intent(policy):
    """Given row 8 and weaker evidence, the rep whom the lead knows is told, once.

    Source: S4-6
    """
    records = [*idle(policy), did("pricing_viewed", 0)]
    decisions, _ = run(policy, records, 5)
    told = [(one.to, one.rep, one.reason) for each in decisions for one in each.alerts]
    assert told == [("rep", "rep-7", "new_intent")]


def test_a_rep_who_has_the_lead_is_told_and_no_handoff_made():
    """Given row 7 under blended with sales accountable, the priority is raised.

    Source: S2-3
    """
    records = [*with_sales("blended"), moved("stage", -3, to="incubating", reason="not_now")]
    decision = decide("blended", [*records, did("price_asked", 0)], 0)
    assert 7 in decision.rows
    assert decision.handoff is None
    assert [(one.to, one.rep, one.reason) for one in decision.alerts] == [
        ("sales", "rep-7", "hand_raise")
    ]
    assert [duty.kind for duty in decision.ownership.duties] == ["answer"]
