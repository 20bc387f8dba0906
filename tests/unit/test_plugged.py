"""Asking a policy or planner that may be a plug-in's: what is wrapped, checked and frozen."""

import gc
import sys
from datetime import UTC, datetime, timedelta

import attrs
import pytest

import nurturekit as nk
from nurturekit.answers import Proposal
from nurturekit.errors import ModelError, PluginError
from nurturekit.interop import Case, decide_each
from nurturekit.ownership import Terms
from nurturekit.plugged import PLANNED, ask_planner, ask_policy, check_parts, terms_of
from nurturekit.vocabulary import MoveKind
from tests.builders import BOTH, LEAD, day, decide, did

AT = day(0)
SITUATION = nk.Situation(LEAD, as_of=AT)
BOTH_STYLES = {nk.Team.MARKETING: {nk.Style.AUTOMATED}, nk.Team.SALES: {nk.Style.ONE_TO_ONE}}
WANTED = nk.Desired(accountable=nk.Team.SALES, allowed=BOTH_STYLES)
OWNED = nk.Ownership(
    accountable=nk.Team.SALES, answerable=nk.Team.SALES, allowed=BOTH_STYLES, because="mine"
)
ACTION = nk.Action(
    id="a",
    lead_id=LEAD.id,
    channel=nk.Channel.EMAIL,
    style=nk.Style.AUTOMATED,
    team=nk.Team.MARKETING,
    earliest_us=0,
)
LEFT = Proposal(kind=MoveKind.LEFT, sequence="nurture", reason="done")
PERSONAL = "jane@example.com"


@attrs.frozen
class Acme:
    """A plug-in that answers with what it is given, or with what that function does."""

    answer: object
    name: str = "acme"
    plugin: str = "acme-planner"

    def decide(self, situation):
        return self.answer() if callable(self.answer) else self.answer

    def plan(self, situation, ownership):
        return self.decide(situation)


def wanted(answer):
    """Ask a plug-in policy."""
    return ask_policy(Acme(answer), SITUATION)


def planned(answer, ownership=OWNED):
    """Ask a plug-in planner."""
    return ask_planner(Acme(answer), SITUATION, ownership)


def refused(ask, answer):
    """Return the error of asking a plug-in, once it is seen that plug-in and lead are named."""
    with pytest.raises(PluginError) as caught:
        ask(answer)
    name = "acme" if ask is wanted else "acme-planner"
    assert (caught.value.plugin, caught.value.lead_id) == (name, LEAD.id)
    return caught.value


def fails():
    """Raise an error whose text is a person's data."""
    raise KeyError(PERSONAL)


def recurses():
    """Never end."""
    return recurses()


async def waits():
    """Return nothing, later."""


ASKED = pytest.mark.parametrize("ask", [wanted, planned])


class TestBoth:
    @ASKED
    def test_what_it_raises_is_wrapped(self, ask):
        """The error names its type and place, but not its text, which may be a person's data."""
        error = refused(ask, fails)
        assert "raised KeyError in `fails` (test_plugged.py, " in str(error)
        assert PERSONAL not in str(error)
        assert isinstance(error.__cause__, KeyError)

    @ASKED
    def test_an_error_of_the_library_is_quoted(self, ask):
        """The library's own errors hold no person's data: what they say is told."""
        error = refused(ask, lambda: nk.preset("none"))
        assert "must be one of" in str(error)

    @ASKED
    @pytest.mark.parametrize("ends", [recurses, sys.exit])
    def test_what_would_end_the_program(self, ask, ends):
        """Endless recursion and `sys.exit` are a plug-in's errors too."""
        assert "raised" in str(refused(ask, ends))

    @ASKED
    def test_a_person_may_still_stop_it(self, ask):
        """An interrupt isn't the plug-in's: it goes through."""

        def interrupted():
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            ask(interrupted)

    @ASKED
    def test_a_plugin_within_a_plugin(self, ask):
        """Its error stays the one it is, and is no cause of itself."""
        inner = PluginError("inner", lead_id="l", problem="returned nothing")

        def asks_another():
            raise inner

        with pytest.raises(PluginError) as caught:
            ask(asks_another)
        assert caught.value is inner
        assert inner.__cause__ is None

    @ASKED
    @pytest.mark.parametrize("answer", [None, "sales", (WANTED, WANTED), {}, waits])
    def test_something_else(self, ask, answer):
        """Nothing, a text, two answers, a mapping or a coroutine: what it is is said."""
        error = refused(ask, answer)
        assert "returned" in str(error)
        assert "instead of one `" in str(error)

    @ASKED
    def test_a_coroutine_is_closed(self, ask):
        """It makes no warning that nobody awaited it."""
        made = waits()
        assert "must not be `async`" in str(refused(ask, made))
        assert made.cr_frame is None
        gc.collect()


class TestPolicies:
    BAD = {
        "accountable": ["sales", None, (nk.Team.SALES, nk.Team.MARKETING), nk.Team],
        "allowed": [
            None,
            {"sales": {nk.Style.MASS}},
            {nk.Team.SALES: {"mass"}},
            {nk.Team.SALES: nk.Style.MASS},
            [nk.Team.SALES],
        ],
        "notify": ["rep", None, ("everybody",), (nk.Team,)],
        "duties": ["answer", ("call_daily",), None],
        "continues": ["nurture", (1,), ("a\x00b",), None],
        "because": [None, 1, "a\ud800"],
        "row": [-1, True, "1", None],
        "is_closed": [None, 0],
        "sender": ["me", None],
        "source": [None],
        "parameters": [None, {1: 2}, {"a": object()}],
        "pool": [None, 1, "a\n"],
    }

    @pytest.mark.parametrize(
        ("field", "value"), [(field, value) for field, values in BAD.items() for value in values]
    )
    def test_every_field_is_checked(self, field, value):
        """A field that isn't right is named, with what it must be."""
        error = refused(wanted, attrs.evolve(WANTED, **{field: value}))
        assert f"returned a `Desired` whose `{field}` must be" in str(error)

    def test_every_field_has_a_case(self):
        """No field of the answer goes unchecked."""
        assert set(self.BAD) == {field.name for field in attrs.fields(nk.Desired)}

    def test_what_is_right_is_frozen(self):
        """Mappings, sets and lists that the plug-in keeps and changes later change no answer."""
        styles = {nk.Style.MASS}
        mine = nk.Desired(
            accountable=nk.Team.SALES,
            allowed={nk.Team.SALES: styles},
            notify=["rep"],
            duties=["answer"],
            continues=["nurture"],
            parameters={"a": 1},
        )
        answer = wanted(mine)
        styles.add(nk.Style.ONE_TO_ONE)
        assert answer.allowed == {nk.Team.SALES: frozenset({nk.Style.MASS})}
        assert (answer.notify, answer.duties, answer.continues) == (
            ("rep",),
            ("answer",),
            ("nurture",),
        )
        assert hash(answer) == hash(attrs.evolve(answer))

    def test_the_library_s_own_is_asked_directly(self, monkeypatch):
        """The shipped policy pays for no check: what it returns is what is returned."""
        policy, kept = nk.preset("blended").ownership, object()
        monkeypatch.setattr(type(policy), "decide", lambda *_: kept)
        assert ask_policy(policy, SITUATION) is kept

    def test_a_pool_of_its_own(self):
        """A wish may name the pool; otherwise the terms do, the usual ones where there are none."""
        policy = Acme(WANTED)
        assert terms_of(policy, WANTED) == Terms()
        there = attrs.evolve(WANTED, pool="dach")
        assert terms_of(policy, there) == Terms(pool="dach")
        own = nk.preset("marketing-led").ownership
        assert terms_of(own, WANTED) is own.terms

    def test_the_request_is_for_that_pool(self):
        """A decision asks for a rep of the pool that the policy wants, in its business time."""
        policy = Acme(attrs.evolve(WANTED, pool="dach"))
        playbook = attrs.evolve(nk.preset("blended"), ownership=policy)
        assert playbook.decide(LEAD, as_of=AT).request.pool == "dach"


class TestPlanners:
    def test_the_library_s_own_is_asked_directly(self, monkeypatch):
        """The shipped planner pays for no check: what it returns is what is returned."""
        planner, kept = nk.SequencePlanner(), object()
        monkeypatch.setattr(type(planner), "plan", lambda *_: kept)
        assert ask_planner(planner, SITUATION, OWNED) is kept

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("actions", None),
            ("actions", ("call",)),
            ("blocked", (ACTION,)),
            ("moves", (ACTION,)),
            ("notes", "a note"),
        ],
    )
    def test_a_plan_s_fields(self, field, value):
        """What a plan holds must be what it says."""
        error = refused(planned, attrs.evolve(nk.Plan(), **{field: value}))
        assert f"returned a `Plan` whose `{field}` must be" in str(error)

    BAD_ACTION = {
        "id": ["", None, 1],
        "lead_id": ["another"],
        "channel": ["email", None],
        "style": ["mass"],
        "team": ["sales", None],
        "earliest_us": [-1, 0.5, True, None, AT, 2**63],
        "latest_us": [-1, AT],
        "rep": ["", 7],
        "sender": [""],
        "content": [1],
        "sequence": [""],
        "run": [""],
        "step": [1],
        "duty": ["call_daily"],
        "about": [""],
        "topic": [""],
        "hours": ["mon-fri 09:00-17:00"],
        "purpose": ["both", None],
        "priority": [-1, 5, None],
        "rank": ["high", None],
        "basis": ["consent"],
        "because": [None],
    }

    @pytest.mark.parametrize("place", ["actions", "blocked"])
    @pytest.mark.parametrize(
        ("field", "value"),
        [(field, value) for field, values in BAD_ACTION.items() for value in values],
    )
    def test_every_field_of_an_action_is_checked(self, place, field, value):
        """A field that isn't right is named, also of an action that is refused."""
        action = attrs.evolve(ACTION, **{field: value})
        held = action if place == "actions" else nk.Blocked(code="x", reason="y", action=action)
        error = refused(planned, nk.Plan(**{place: (held,)}))
        assert f"whose `{field}` must be" in str(error)

    def test_every_field_of_an_action_has_a_case(self):
        """No field of an action goes unchecked."""
        assert set(self.BAD_ACTION) == {field.name for field in attrs.fields(nk.Action)}

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("code", ""),
            ("reason", None),
            ("until_us", AT),
            ("needs", ("money",)),
            ("action", "call"),
        ],
    )
    def test_every_field_of_a_refusal_is_checked(self, field, value):
        """A field that isn't right is named."""
        whole = nk.Blocked(code="x", reason="y")
        error = refused(planned, nk.Plan(blocked=(attrs.evolve(whole, **{field: value}),)))
        assert f"returned a `Blocked` whose `{field}` must be" in str(error)

    def test_ids_are_unique(self):
        """Two actions with one id would be one touch."""
        assert "`id` of their own" in str(refused(planned, nk.Plan(actions=(ACTION, ACTION))))

    @pytest.mark.parametrize("kind", sorted(set(MoveKind) - PLANNED))
    def test_no_planner_changes_who_owns_a_lead(self, kind):
        """Stage, owner, rep, offers and their answers, alerts: only the core proposes them."""
        move = Proposal(kind=kind, to="sales", sequence="nurture")
        assert "settled by the core alone" in str(refused(planned, nk.Plan(moves=(move,))))

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("sequence", None),
            ("run", ""),
            ("step", 1),
            ("to", ""),
            ("team", "sales"),
            ("reason", 1),
            ("until", datetime(2026, 1, 1)),
            ("was", "mql"),
            ("rep", "rep-7"),
            ("due", AT),
            ("answers", "call-1"),
            ("evidence", ("t1",)),
            ("evidence", None),
            ("rep", ""),
            ("due", 0),
        ],
    )
    def test_every_field_of_a_move_is_checked(self, field, value):
        """It is about a sequence, and neither answers nor cites: that would spend evidence."""
        error = refused(planned, nk.Plan(moves=(attrs.evolve(LEFT, **{field: value}),)))
        assert f"returned a `Proposal` whose `{field}` must be" in str(error)

    def test_moves_of_sequences_are_proposed(self):
        """Enrolled, left, skipped, a branch, and a pause of one sequence."""
        kinds = sorted(PLANNED)
        until = datetime(2026, 5, 1, tzinfo=UTC) + timedelta(hours=1)
        moves = [attrs.evolve(LEFT, kind=kind, run="r", step="s", until=until) for kind in kinds]
        plan = nk.Plan(moves=moves, notes=["a note"])
        playbook = attrs.evolve(nk.preset("blended"), planner=Acme(plan))
        decision = playbook.decide(LEAD, as_of=AT)
        assert [move.kind for move in decision.moves][-len(kinds) :] == kinds
        assert "a note" in decision.notes

    def test_what_ownership_forbids_is_refused_whole(self):
        """A style that the team may not use now is blocked; what it may use goes on."""
        call = attrs.evolve(ACTION, id="b", style=nk.Style.ONE_TO_ONE)
        plan = planned(nk.Plan(actions=[ACTION, call]))
        assert plan.actions == (ACTION,)
        assert [(one.code, one.action) for one in plan.blocked] == [("not-allowed", call)]

    def test_nobody_acts_on_a_closed_lead(self):
        """Whatever is planned for a lead that nobody nurtures is blocked."""
        closed = attrs.evolve(OWNED, is_open=False)
        plan = planned(nk.Plan(actions=(ACTION,)), closed)
        assert plan.actions == ()
        assert [(one.code, one.reason) for one in plan.blocked] == [("closed", "mine")]

    @pytest.mark.parametrize(("is_open", "code"), [(True, "nothing-planned"), (False, "closed")])
    def test_nothing_planned_is_told(self, is_open, code):
        """A lead without a next action is told why: the planner planned nothing."""
        plan = planned(nk.Plan(), attrs.evolve(OWNED, is_open=is_open))
        assert [one.code for one in plan.blocked] == [code]
        assert "`acme-planner`" in plan.blocked[0].reason


class TestParts:
    def test_a_class_is_no_part(self):
        """A class given for its value is said to be one."""
        for path, parts in {"ownership": (Acme, None), "planner": (Acme(WANTED), Acme)}.items():
            with pytest.raises(ModelError) as caught:
                check_parts(*parts)
            assert (caught.value.code, caught.value.path) == ("wrong-type", path)
            assert "call it" in str(caught.value)

    @pytest.mark.parametrize(
        ("field", "value"),
        [("name", None), ("name", ""), ("name", 3), ("terms", {}), ("parameters", [1])],
    )
    def test_what_a_policy_says_of_itself(self, field, value):
        """A name that can't be cited, terms or parameters that can't be read are refused."""
        kind = type("Mine", (), {"name": "mine", "decide": lambda *_: WANTED, field: value})
        with pytest.raises(ModelError) as caught:
            attrs.evolve(nk.preset("blended"), ownership=kind())
        assert (caught.value.code, caught.value.path) == ("wrong-type", f"ownership.{field}")

    def test_a_name_that_raises(self):
        """A property that raises is refused like a wrong one, with its cause."""

        class Mine:
            decide = None

            @property
            def name(self):
                return fails()

        with pytest.raises(ModelError) as caught:
            check_parts(Mine(), None)
        assert caught.value.path == "ownership.name"
        assert isinstance(caught.value.__cause__, KeyError)


class TestComputedParts:
    """What a policy says of itself may be computed, and is checked whenever it is read."""

    @staticmethod
    def policy(field, read):
        """Return a policy that says well of itself until its playbook is made."""

        class Moody:
            name = "moody"

            def decide(self, situation):
                return nk.Desired(accountable=nk.Team.SALES)

        playbook = attrs.evolve(nk.preset("blended"), ownership=Moody())
        setattr(Moody, field, property(read))
        return playbook

    @pytest.mark.parametrize("field", ["terms", "parameters", "name"])
    @pytest.mark.parametrize("read", [lambda _: 1 / 0, lambda _: [3]], ids=["raises", "a list"])
    def test_a_part_that_fails_stops_no_batch(self, field, read):
        """The error names the plug-in and the part; the batch goes on."""
        cases = [Case(lead=nk.Lead(id=one), history=nk.History(), world=nk.World()) for one in "ab"]
        found = list(decide_each(self.policy(field, read), cases, as_of=day(0)))
        assert [type(error) for _, error in found] == [PluginError, PluginError]
        assert "Moody" in str(found[0][1])

    def test_what_a_policy_writes_stays_with_it(self):
        """A policy that forges restrictions or owners changes neither guards nor owner."""

        class Forges:
            name = "forges"

            def decide(self, situation):
                situation.__dict__["restrictions"] = ()
                situation.standing.team = nk.Team.SALES
                allowed = {nk.Team.MARKETING: frozenset(nk.Style)}
                return nk.Desired(accountable=nk.Team.MARKETING, allowed=allowed)

        stop = nk.Consent(id="stop", lead_id=LEAD.id, occurred_at=day(0), kind="objected")
        playbook = attrs.evolve(nk.preset("blended"), ownership=Forges())
        decision = decide(playbook, [*BOTH, stop, did("blog_viewed", 0)], 1)
        assert decision.actions == ()
        assert decision.ownership.accountable is nk.Team.MARKETING
