"""What settling says is in force: ownership, the request for a rep, ids and notes."""

import attrs
import pytest

import nurturekit as nk
from nurturekit.answers import Proposal
from nurturekit.ownership import Terms, as_moves
from nurturekit.records import FrozenMap
from nurturekit.vocabulary import MoveKind
from tests.builders import LEAD, called, day, moved
from tests.unit.ownership.cases import (
    MARKETING,
    RAISED,
    SALES,
    lapsed,
    offered,
    settled,
    situation,
    wanted,
)

ACME = nk.Lead(id="lead-1", account="acme")
ASKED = offered(was="sales", rep=None, evidence=[])


def peer(name, rep=None, *, account="acme", **fields):
    """Return another lead of an account, held by a rep."""
    moves = [] if rep is None else [moved("rep", 1, id=f"{name}-rep", rep=rep, **fields)]
    lead = nk.Lead(id=name, account=account, person_id=name)
    return nk.Peer(lead=lead, history=nk.History(moves))


class TestOwnership:
    def test_carries_what_the_policy_wants(self):
        """All that a policy says but the team is in the ownership as it is."""
        want = wanted(
            "marketing",
            allowed=FrozenMap({nk.Team.MARKETING: frozenset({nk.Style.MASS})}),
            notify=("rep",),
            continues=("newsletter",),
            sender="rep",
            row=8,
        )
        made = settled(SALES, called(1), want=want).ownership
        assert (made.allowed, made.notify, made.continues) == (
            want.allowed,
            ("rep",),
            ("newsletter",),
        )
        assert (made.sender, made.row, made.because, made.is_open) == ("rep", 8, "the row", True)

    def test_the_team_is_who_is_in_force(self):
        """Not whom the policy wants; since when it holds is said."""
        made = settled(SALES, called(1, rep="rep-9"), want="marketing").ownership
        assert (made.accountable, made.answerable, made.since) == ("sales", "sales", day(0))
        assert (made.rep, made.continuity_rep) == (None, "rep-9")

    def test_before_the_first_owner_it_is_the_base(self):
        """The first decision already says who it will be."""
        made = settled(base=wanted("marketing")).ownership
        assert (made.accountable, made.since) == ("marketing", None)

    def test_a_closed_lead_is_owed_nothing(self):
        """Nobody nurtures, no duty is due, no rep is asked for."""
        want = wanted("sales", is_closed=True, duties=("check_in",))
        made = settled(SALES, called(1), want=want)
        assert (made.ownership.is_open, made.ownership.duties, made.request) == (False, (), None)
        assert settled(SALES, called(1), want=attrs.evolve(want, is_closed=False)).ownership.duties

    def test_defaults(self):
        """Settling alone needs no terms, base or policy name."""
        found = situation(MARKETING)
        assert nk.settle(found, wanted("marketing")) == nk.settle(
            found, wanted("marketing"), base=wanted("marketing"), terms=Terms(), policy="policy"
        )

    def test_readiness_may_be_missing(self):
        """A situation without readiness has no evidence, and settles all the same."""
        bare = nk.Situation(LEAD, [MARKETING, RAISED], as_of=day(2))
        assert nk.settle(bare, wanted("sales")).moves == ()


class TestHandoff:
    def test_says_what_goes_on(self):
        """A pending handoff names what continues, its evidence and its number."""
        want = wanted("sales", continues=("nurture",))
        made = settled(MARKETING, RAISED, offered(), want=want).handoff
        assert (made.continues, made.evidence, made.number) == (("nurture",), (RAISED.id,), 1)
        assert (made.id, made.rep) == ("offered-1", "rep-7")

    def test_without_an_owner_there_is_no_giver(self):
        """An offer recorded before anybody owned the lead isn't a handoff yet."""
        assert settled(offered(), want="sales").handoff is None


class TestRequest:
    def test_is_a_level(self):
        """The same id every day until a `rep` move answers it; then there is none."""
        first = settled(SALES, ASKED, on=2).request
        later = settled(SALES, ASKED, on=4).request
        assert first == later
        assert (first.lead_id, first.pool, first.role, first.due) == (
            LEAD.id,
            "sales",
            "rep",
            day(5),
        )
        answer = moved("rep", 3, rep="rep-9", answers=first.id)
        assert settled(SALES, ASKED, answer, on=4).request is None

    def test_a_further_request_is_another(self):
        """Once a rep was given and let it lapse, the next request has its own id."""
        first = settled(SALES, ASKED).request
        answer = moved("rep", 3, rep="rep-9", answers=first.id)
        again = offered(6, 9, id="again", was="sales", rep=None, evidence=[])
        made = settled(SALES, ASKED, answer, lapsed(6, ASKED, rep="rep-9"), again, on=7).request
        assert made.id != first.id
        assert (made.exclude, made.due) == (("rep-9",), day(9))

    def test_pool_and_role_are_parameters(self):
        """Another role is another request."""
        terms = Terms(pool="inside", role="sdr")
        made = settled(SALES, ASKED, terms=terms).request
        assert (made.pool, made.role) == ("inside", "sdr")
        assert made.id != settled(SALES, ASKED).request.id

    @pytest.mark.parametrize(
        ("records", "is_asked"),
        [
            ([MARKETING], False),
            ([MARKETING, offered(rep=None)], True),
            ([SALES], True),
            ([SALES, moved("rep", 1, rep="rep-7")], False),
        ],
    )
    def test_when_one_is_needed(self, records, is_asked):
        """While an offer waits or sales owns it, and nobody has it."""
        assert (settled(*records, want="sales").request is not None) is is_asked

    def test_without_a_deadline_it_is_due_now(self):
        """Without an offer, or with one that has no due, a rep is needed at once."""
        assert settled(SALES, on=2).request.due == day(2)
        assert settled(SALES, moved("offered", 1), on=2).request.due == day(2)

    @pytest.mark.parametrize(
        ("lead", "peers", "prefer"),
        [
            (
                ACME,
                [peer("b", "rep-2"), peer("a", "rep-1"), peer("c", "rep-1")],
                ("rep-1", "rep-2"),
            ),
            (ACME, [peer("b"), peer("x", "rep-3", account="other")], ()),
            (ACME, [peer("gone", "left")], ()),
            (LEAD, [peer("a", "rep-1", account=None)], ()),
            (ACME, [], ()),
        ],
        ids=["of the account", "nobody or others'", "who has left", "no account", "no peers"],
    )
    def test_the_accounts_reps_come_first(self, lead, peers, prefer):
        """Reps who hold other leads of the account are preferred, if they can take it."""
        world = nk.World(peers=peers, reps=[nk.Rep(id="left", active=False)])
        assert settled(SALES, ASKED, lead=lead, world=world).request.prefer == prefer

    def test_peers_are_seen_with_the_same_knowledge(self):
        """A rep whom a peer got later than `known_at` isn't known yet."""
        world = nk.World(peers=[peer("a", "rep-1", recorded_at=day(9))])
        seen = settled(SALES, lead=ACME, world=world, on=10).request.prefer
        known = settled(SALES, lead=ACME, world=world, on=10, known_at=day(8)).request.prefer
        assert (seen, known) == (("rep-1",), ())


class TestMoves:
    BASE = Proposal(kind=MoveKind.OFFERED, to="sales", evidence=("t1",), answers="a")

    def made(self, *proposals, records=(), on=2):
        """Return proposals as moves."""
        return as_moves(situation(*records, on=on), proposals)

    def test_an_id_is_what_the_move_is_about(self):
        """Neither the instant nor the words make another move."""
        (one,) = self.made(self.BASE)
        (later,) = self.made(attrs.evolve(self.BASE, reason="other words", rep="r"), on=9)
        assert one.id == later.id
        assert one.occurred_at != later.occurred_at

    @pytest.mark.parametrize(
        "change",
        [
            {"kind": MoveKind.OWNER},
            {"to": "marketing"},
            {"answers": "b"},
            {"evidence": ("t2",)},
            {"sequence": "s"},
            {"run": "r"},
            {"step": "x"},
        ],
    )
    def test_another_content_is_another_move(self, change):
        """Each part of what it is about makes another id."""
        one, other = self.made(self.BASE, attrs.evolve(self.BASE, **change))
        assert one.id != other.id

    def test_a_later_chapter_is_another_move(self):
        """After a further stage, owner or handoff move the same content is new."""
        (one,) = self.made(self.BASE)
        (after,) = self.made(self.BASE, records=[moved("stage", 1, to="mql")])
        (quiet,) = self.made(self.BASE, records=[moved("alerted", 1, to="sales")])
        assert one.id == quiet.id != after.id

    def test_order_goes_on_where_proposals_ended(self):
        """`seq` counts over all the moves of one decision."""
        found = situation()
        first = as_moves(found, [self.BASE, attrs.evolve(self.BASE, to="x")])
        second = as_moves(found.propose(first), [self.BASE])
        assert [move.seq for move in (*first, *second)] == [0, 1, 2]

    def test_every_field_is_kept(self):
        """A proposal's fields are the move's, made by the playbook at the instant."""
        full = Proposal(
            kind=MoveKind.SNOOZED,
            was="a",
            to="b",
            team="sales",
            rep="r",
            reason="why",
            due=day(3),
            until=day(4),
            sequence="s",
            run="1@1",
            step="x",
            answers="t1",
            evidence=("t2",),
        )
        (move,) = self.made(full)
        names = [field.name for field in attrs.fields(Proposal)]
        assert {name: getattr(move, name) for name in names} == {
            name: getattr(full, name) for name in names
        }
        assert (move.origin, move.occurred_at, move.lead_id) == ("playbook", day(2), LEAD.id)


class TestNotes:
    @pytest.mark.parametrize(
        ("world", "is_noted"),
        [
            (nk.World(), True),
            (nk.World(pools=[nk.Pool(id="sales")]), True),
            (None, False),
        ],
        ids=["no pool", "no hours", "hours"],
    )
    def test_missing_hours_are_said_while_a_deadline_runs(self, world, is_noted):
        """Only then do they matter."""
        fields = {} if world is None else {"world": world}
        assert bool(settled(MARKETING, RAISED, offered(), **fields).notes) is is_noted
        assert settled(MARKETING, **fields).notes == ()
