"""For a rep with time to spare: what is offered, and what never is."""

import pytest

import nurturekit as nk
from nurturekit.answers import AssignmentRequest
from nurturekit.planning import SequencePlanner
from nurturekit.work import idle_list, work_queue
from tests.builders import day
from tests.unit.work.cases import (
    NOW,
    PLAYBOOK,
    action,
    called,
    came,
    case,
    decision,
    later,
    owed,
    us,
)

BASIS = {"phone": "legitimate_interest", "email": "legitimate_interest"}
NEWS = nk.Content(id="use-case", pain_points=("reporting",), published_at=day(-2))


def world(*pieces, basis=BASIS, **fields):
    """Return a world with a library."""
    return nk.World(content=pieces, assume=nk.Assume(basis=basis), **fields)


def pained(lead_id, *records, scene=None):
    """Return a lead that sales called ten days ago, with a known pain point."""
    need = nk.Fact(
        id=f"{lead_id}-pain",
        lead_id=lead_id,
        name="pain_point",
        value="reporting",
        occurred_at=day(-10),
    )
    records = [came(lead_id, -30), called(lead_id, -10), need, *records]
    return case(lead_id, *records, world=scene or world(NEWS))


def spare(*decided, as_of=NOW, playbook=PLAYBOOK, **fields):
    """Return the list for time to spare."""
    return idle_list(decided, playbook=playbook, as_of=as_of, **{"rep": "rep-7", **fields})


def codes(found):
    """Return who is left out and why."""
    return {one.lead_id: one.code for one in found.left_out}


def test_a_lead_with_news_is_offered():
    """A piece for its pain point that came out since the last call: mail it with a note."""
    found = spare((pained("a"), decision("a")))
    (item,) = found
    assert (item.kind, item.action.channel, item.action.content) == ("spare", "email", "use-case")
    assert (item.action.rep, item.action.basis) == ("rep-7", "legitimate_interest")
    assert item.action.earliest == NOW
    assert "fits the pain point" in item.because
    assert found.whose == "rep-7, time to spare"


def test_what_is_offered_can_be_confirmed_and_done():
    """The action is one like any other: the guards confirm it, and it becomes a touch."""
    one = pained("a")
    (item,) = spare((one, decision("a")))
    said = PLAYBOOK.confirm(item.action, one.lead, one.history, as_of=NOW, world=one.world)
    assert said.allowed
    done = nk.performed(item.action, at=NOW)
    assert (done.rep, done.asset, done.style) == ("rep-7", "use-case", nk.Style.ONE_TO_ONE)


def test_the_same_offer_has_the_same_id_until_it_is_done():
    """An hour later the id is the same; after the mail there is nothing new."""
    one = pained("a")
    (item,) = spare((one, decision("a")))
    (again,) = spare((one, decision("a")), as_of=day(0, 10))
    assert again.action.id == item.action.id
    done = nk.performed(item.action, at=NOW)
    after = pained("a", done)
    assert codes(spare((after, decision("a", as_of=day(1, 9))), as_of=day(1, 9))) == {
        "a": "nothing-new"
    }


def test_nothing_new_is_not_offered():
    """Time to spare is no reason to call."""
    assert codes(spare((pained("a", scene=world()), decision("a")))) == {"a": "nothing-new"}


def test_a_lead_nobody_has_touched_is_offered():
    """It has no rep, sales hasn't turned to it, and the rep asking would take it."""
    fresh = case("a", came("a", -1), world=world())
    (item,) = spare((fresh, decision("a", ownership={"rep": None})))
    assert (item.action.rep, item.action.channel) == ("rep-7", "phone")
    assert item.because == "nobody has been in touch yet"
    (item,) = spare((fresh, decision("a", ownership={"rep": None})), rep=None, team="sales")
    assert item.action.rep is None


def test_an_unassigned_lead_that_sales_has_called_needs_news():
    """A first contact is news only once."""
    known = case("a", came("a", -9), called("a", -8, rep=None), world=world())
    assert codes(spare((known, decision("a", ownership={"rep": None})))) == {"a": "nothing-new"}


def test_other_people_s_leads_are_not_offered():
    """Neither another rep's, nor one the rep turned down, nor one that knows another rep."""
    request = AssignmentRequest(
        id="r", lead_id="c", pool="sales", role="rep", due_us=0, exclude=("rep-7",)
    )
    fresh = {name: case(name, came(name, -1), world=world()) for name in "abcd"}
    decided = [
        (fresh["a"], decision("a", ownership={"rep": "rep-8"})),
        (fresh["b"], decision("b", ownership={"rep": None, "continuity_rep": "rep-8"})),
        (fresh["c"], decision("c", ownership={"rep": None}, request=request)),
        (fresh["d"], decision("d", ownership={"rep": None})),
    ]
    found = spare(*decided)
    assert [item.lead_id for item in found] == ["d"]
    assert found.left_out == ()
    assert len(spare(*decided, rep=None)) == 3


@pytest.mark.parametrize(
    "ownership", [{"is_open": False}, {"allowed": {}}], ids=["closed", "not allowed"]
)
def test_what_sales_may_not_write_to_is_not_offered(ownership):
    """A closed lead, or one that the policy keeps sales from, isn't even named."""
    found = spare((pained("a"), decision("a", ownership=ownership)))
    assert (len(found), found.left_out) == (0, ())


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (nk.Consent(id="o", lead_id="a", occurred_at=day(-1), kind="objected"), "closed"),
        (nk.Consent(id="o", lead_id="a", occurred_at=day(-1), kind="erased"), "closed"),
        (called("a", 0, hour=9), "worked-since"),
    ],
    ids=["objected", "erased", "called"],
)
def test_what_happened_since_the_decision_counts(record, code):
    """A lead that is gone, or that sales has turned to, is left out."""
    made = decision("a", as_of=day(-2))
    assert codes(spare((pained("a", record), made))) == {"a": code}


def test_a_paused_lead_is_left_out_until_its_end():
    """A pause holds for time to spare too."""
    paused = nk.Blocked(code="snoozed", reason="paused", until_us=us(day(9)))
    found = spare((pained("a"), decision("a", paused)))
    assert codes(found) == {"a": "snoozed"}
    assert found.left_out[0].until_us == us(day(9))


def test_what_is_due_is_in_the_other_list():
    """A lead is in one of the two lists at most."""
    decided = [
        (pained("a"), decision("a", action("a"))),
        (pained("b"), decision("b", action("b", at=later(3)))),
    ]
    found = spare(*decided)
    assert [item.lead_id for item in found] == ["b"]
    assert codes(found) == {"a": "due"}
    day_list = work_queue(decided, playbook=PLAYBOOK, as_of=NOW, rep="rep-7")
    assert [item.lead_id for item in day_list] == ["a"]


def test_an_agreed_date_is_not_brought_forward():
    """The lead said when; until then it is left alone."""
    wanted, duty = owed("a", "next_attempt", later(5), at=later(5))
    found = spare((pained("a"), decision("a", wanted, duty)))
    assert codes(found) == {"a": "later"}
    assert found.left_out[0].until_us == duty.due_us


def test_a_check_in_to_come_is_no_reason_to_wait():
    """A timer agreed with nobody doesn't keep news from the lead."""
    wanted, duty = owed("a", "check_in", later(5), at=later(5))
    assert len(spare((pained("a"), decision("a", wanted, duty)))) == 1


def test_the_guards_have_the_last_word():
    """Without a basis it is left out with the guards' code; out of hours it waits for its day."""
    bare = pained("a", scene=world(NEWS, basis={}))
    assert codes(spare((bare, decision("a")))) == {"a": "no-basis"}
    fresh = case("b", came("b", -1), world=world(basis={"phone": "contract"}))
    made = decision("b", ownership={"rep": None})
    found = spare((fresh, made), as_of=day(0, 21))
    assert codes(found) == {"b": "later"}
    assert found.left_out[0].until_us == us(day(1, 7))


def test_a_phone_that_only_meets_voicemail_is_not_called():
    """Where no other channel has a basis the lead is left alone (S3-2)."""
    missed = [called("a", on, outcome="voicemail") for on in (-9, -8)]
    raised = nk.Touch(id="r", lead_id="a", kind="demo_requested", occurred_at=day(-1))
    phone = world(basis={"phone": "contract"})
    assert codes(spare((pained("a", *missed, raised, scene=phone), decision("a")))) == {
        "a": "voicemail"
    }
    (item,) = spare((pained("a", *missed, raised, scene=world()), decision("a")))
    assert item.action.channel == "email"


def test_a_planner_of_one_s_own_need_not_say_how_sales_reaches_leads():
    """Where it doesn't, the shipped planner's ways are taken."""

    class Own:
        def plan(self, situation, ownership):
            return SequencePlanner().plan(situation, ownership)

    own = nk.Playbook(
        name="own",
        kinds=PLAYBOOK.kinds,
        scoring=PLAYBOOK.scoring,
        ownership=PLAYBOOK.ownership,
        planner=Own(),
        guards=PLAYBOOK.guards,
    )
    fresh = case("a", came("a", -1), world=world())
    (item,) = spare((fresh, decision("a", ownership={"rep": None})), playbook=own)
    assert item.action.channel == "phone"


def test_the_order_is_that_of_the_ranked_ones():
    """Rate times age, then by lead."""
    fresh = [case(name, came(name, on), world=world()) for name, on in (("a", -1), ("b", -9))]
    found = spare(*[(one, decision(one.lead.id, ownership={"rep": None})) for one in fresh])
    assert [(item.lead_id, item.rank) for item in found] == [("b", 1), ("a", 2)]


def test_a_hand_raise_nobody_has_is_no_pastime():
    """A lead without a rep that waits for an answer is owed one: it isn't for time to spare."""
    asked = case("a", came("a", -1), world=world(NEWS))
    _, duty = owed("a", "answer", later(3), rep=None)
    found = spare((asked, decision("a", duty, ownership={"rep": None})))
    assert codes(found) == {"a": "due"}
    found = spare((asked, decision("a", ownership={"rep": None})))
    assert [item.lead_id for item in found] == ["a"]
