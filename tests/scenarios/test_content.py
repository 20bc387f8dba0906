"""Content by position, by what sales learns, and as a rep's reason to write."""

import pytest

import nurturekit as nk
from nurturekit.planning import explain_content
from tests.builders import day, decide, did, learned, mailed, world
from tests.scenarios.leads import held_by, home, with_sales

POSITIONS = {
    "awareness": [did("blog_viewed", 0), did("blog_viewed", 0, id="again")],
    "consideration": [did("webinar_attended", 0)],
    "decision": [did("pricing_viewed", 0)],
}


def _piece(name, published=-60, **fields):
    return nk.Content(id=name, published_at=day(published), **fields)


def _contents(decision):
    return [one.content for one in decision.actions if one.content]


def _refused(decision):
    return {one.code: one.reason for one in decision.blocked}


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("policy", nk.PRESETS)
def test_needs_are_anticipated_from_the_position(policy, position):
    """Given a lead at a position, then what it gets next is written for that position.

    Source: S0-14
    """
    records = held_by(home(policy), *POSITIONS[position], policy=policy)
    decision = decide(policy, records, 0)
    assert decision.score.position == position
    library = world().content
    found = {library[name].position for name in _contents(decision)}
    assert found <= {position}
    situation = nk.preset(policy).situation(
        nk.Lead(id="lead-1"), records, as_of=day(0), world=world()
    )
    first = explain_content(situation)[0]
    assert library[first.content].position == position


@pytest.mark.parametrize("heard", ["pain_point", "objection", "question"])
@pytest.mark.parametrize("policy", nk.PRESETS)
def test_what_sales_learns_flows_into_the_messages(policy, heard):
    """Given a rep heard why a lead hesitates, then what it gets next answers that.

    Source: S0-15
    """
    pieces = [_piece("general", -1), _piece("answer", -300, pain_points=["migration"])]
    scene = world(content=pieces)
    told = learned(heard, "Migration", -2, source="conversation")
    before = held_by(home(policy), did("blog_viewed", -3), policy=policy)
    plain, knowing = (decide(policy, one, 0, world=scene) for one in (before, [*before, told]))
    assert "answer" in _contents(knowing)
    assert _contents(plain)[:1] == ["general"]


def _sent(decision, policy):
    """Return what is sent of the library: by marketing's series where it goes on, else by the rep.

    Under marketing-led the series of marketing chooses before the rep's own cadence.
    """
    team = "marketing" if policy == "marketing-led" else "sales"
    given = [one for one in decision.actions if one.content]
    assert {one.team for one in given} <= {team}
    assert all((one.rep == "rep-7") is (team == "sales") for one in given)
    return [(one.channel, one.content) for one in given]


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_a_new_piece_is_a_reason_to_write(policy):
    """Given a lead with sales and a pain point, when a piece on it comes out, then it is sent.

    Source: S2-8
    """
    records = [*with_sales(policy), learned("pain_point", "downtime", -30)]

    def decided(published, need):
        scene = world(content=[_piece("case", published, pain_points=[need])])
        return decide(policy, records, 62, world=scene)

    assert _sent(decided(50, "Downtime"), policy) == [("email", "case")]
    for published, need in ((50, "cost"), (-60, "downtime"), (70, "downtime")):
        assert [one for one in decided(published, need).actions if one.rep] == []


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_a_changed_need_makes_old_content_news(policy):
    """Given a rep has nothing new, when an objection is learned, then the rep has: its answer.

    Under marketing-led marketing sends the answer, and the rep writes of the objection.

    Source: S0-15, S2-8
    """
    scene = world(content=[_piece("answer", -300, pain_points=["migration"])])
    records = with_sales(policy)
    told = learned("objection", "migration", 61, source="conversation")
    before, after = (decide(policy, one, 62, world=scene) for one in (records, [*records, told]))
    assert [one for one in before.actions if one.rep] == []
    assert _sent(after, policy) == [("email", "answer")]
    (rep,) = [one for one in after.actions if one.rep]
    assert rep.content == (None if policy == "marketing-led" else "answer")


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_another_personas_content_is_never_sent(policy):
    """Given a lead of one persona, then it never gets what was written for another one.

    Source: S2-10
    """
    scene = world(
        content=[_piece("for-cto", personas=["CTO"]), _piece("for-cfo", personas=["CFO"])]
    )
    records = held_by(home(policy), did("blog_viewed", -3), policy=policy)
    cfo = nk.Lead(id="lead-1", zone="Europe/Berlin", attributes={"persona": "cfo"})
    assert set(_contents(decide(policy, records, 0, lead=cfo, world=scene))) == {"for-cfo"}


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_a_lead_that_has_had_it_all_is_told_from_a_library_without_anything(policy):
    """Given content runs out, then the refusal says whether it was had or is missing, and counts.

    Source: S3-2
    """
    scene = world(content=[_piece("only"), _piece("other", language="fr")])
    records = held_by(home(policy), did("blog_viewed", -30), policy=policy)
    french = world(content=[_piece("other", language="fr")])
    had = _refused(decide(policy, [*records, mailed(-9, "only")], 0, world=scene))
    missing = _refused(decide(policy, records, 0, world=french))
    if policy == "sales-led":
        # Nobody but the rep nurtures: without news a rep doesn't write, whatever is on the shelf.
        assert set(had) == set(missing) == {"nothing-new"}
    else:
        assert "1 in other languages, 1 had already" in had["exhausted"]
        assert "1 in other languages" in missing["no-content"]
