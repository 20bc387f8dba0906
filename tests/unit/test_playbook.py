"""A playbook's decision: what runs in it, what it reports, and plug-ins that don't keep to it."""

from datetime import timedelta

import attrs
import pytest

import nurturekit as nk
from nurturekit.answers import Desired, Duty
from nurturekit.errors import ModelError, PluginError, RecordError
from nurturekit.ownership import Terms
from nurturekit.playbook import NOTHING_NEW
from tests.builders import BOTH, LEAD, called, day, decide, did, learned, moved, night, world

PRESET = nk.preset("blended")
TICK = timedelta(microseconds=1)


def kinds(decision):
    """Return the kinds of a decision's moves."""
    return [str(move.kind) for move in decision.moves]


@attrs.frozen
class Says:
    """A plug-in policy that answers what it is given, or raises it."""

    answer: object
    name: str = "acme"

    def decide(self, situation):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer(situation) if callable(self.answer) else self.answer


@attrs.frozen
class Plans:
    """A plug-in planner that answers what it is given, or raises it."""

    answer: object

    def plan(self, situation, ownership):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def wanting(team, **fields):
    """Return a plug-in policy that wants a team."""
    return Says(Desired(accountable=nk.Team(team), **fields))


class TestPlugins:
    BAD = (
        None,
        "sales",
        nk.Plan(),
        {"accountable": "sales"},
        Desired(accountable=(nk.Team.SALES, nk.Team.MARKETING)),
        Desired(accountable="sales"),
        Desired(accountable=None),
        Desired(accountable=nk.Team.SALES, duties=("call_daily",)),
        RuntimeError("boom"),
        RecordError("bad-id", field="Lead.id", problem="must be a text"),
    )

    @pytest.mark.parametrize("answer", BAD, ids=lambda one: repr(one)[:40])
    def test_a_policy_that_breaks_its_protocol(self, answer):
        """Nothing, a text, two owners, unknown duties or an exception: the plug-in is named."""
        playbook = attrs.evolve(PRESET, ownership=Says(answer))
        with pytest.raises(PluginError) as caught:
            decide(playbook, [], 0)
        assert (caught.value.code, caught.value.plugin, caught.value.lead_id) == (
            "plugin",
            "acme",
            LEAD.id,
        )
        assert caught.value.__cause__ is (answer if isinstance(answer, Exception) else None)

    @pytest.mark.parametrize(
        "answer", [None, "a plan", Desired(accountable=nk.Team.SALES), RuntimeError("boom")]
    )
    def test_a_planner_that_breaks_its_protocol(self, answer):
        """Nothing, a text, another answer or an exception: planner and lead are named."""
        with pytest.raises(PluginError) as caught:
            decide(attrs.evolve(PRESET, planner=Plans(answer)), [], 0)
        assert (caught.value.plugin, caught.value.lead_id) == ("Plans", LEAD.id)

    def test_a_plugin_error_stays_the_one_it_is(self):
        """A plug-in inside a plug-in is named itself, by policy and planner alike."""
        inner = PluginError("inner", lead_id="l", problem="returned nothing")
        for broken in (
            attrs.evolve(PRESET, ownership=Says(inner)),
            attrs.evolve(PRESET, planner=Plans(inner)),
        ):
            with pytest.raises(PluginError) as caught:
                decide(broken, [], 0)
            assert caught.value is inner

    def test_a_policy_of_ones_own_decides(self):
        """A plain object with a name and `decide` is a policy; default terms settle it."""
        playbook = attrs.evolve(PRESET, ownership=wanting("sales", because="mine"))
        decision = decide(playbook, [], 0)
        assert decision.ownership.accountable is nk.Team.SALES
        assert decision.moves[0].to == "acme"
        assert decision.rows == (0,)

    def test_no_policy_can_break_the_handoff(self):
        """A plug-in that wants sales at once gets an offer, and the giver stays accountable."""
        playbook = attrs.evolve(PRESET, ownership=wanting("sales"))
        records = [*BOTH, moved("owner", -1, to="marketing"), did("price_asked", 0)]
        decision = decide(playbook, records, 0)
        assert decision.ownership.accountable is nk.Team.MARKETING
        assert decision.handoff.taker is nk.Team.SALES

    def test_a_planner_of_ones_own_plans(self):
        """Its actions go through the guards, its notes into the decision's."""
        mine = nk.Action(
            id="a",
            lead_id=LEAD.id,
            channel=nk.Channel.EMAIL,
            style=nk.Style.AUTOMATED,
            team=nk.Team.MARKETING,
            earliest_us=0,
        )
        playbook = attrs.evolve(PRESET, planner=Plans(nk.Plan(actions=(mine,), notes=("mine",))))
        assert [one.id for one in decide(playbook, BOTH, 0).actions] == ["a"]
        assert "mine" in decide(playbook, BOTH, 0).notes
        blocked = decide(playbook, [], 0)
        assert blocked.actions == ()
        assert blocked.blocked[0].action.id == "a"

    def test_a_policy_that_does_not_rest_is_stopped(self, monkeypatch):
        """After so many passes it ends, says so, and the owner is the one they came to."""
        monkeypatch.setattr("nurturekit.playbook.MAX_PASSES", 3)

        @attrs.frozen
        class Restless:
            name = "restless"
            terms = Terms(min_stay_days=0)

            def decide(self, situation):
                offers = situation.standing.offers
                return Desired(accountable=nk.Team.MARKETING if offers else nk.Team.SALES)

        # The lead is unfit, so that its hand-raise isn't offered, but told at last.
        records = [did("price_asked", 0), learned("title", "student")]
        decision = decide(attrs.evolve(PRESET, ownership=Restless()), records, 0)
        assert [kind for kind in kinds(decision) if kind != "enrolled"] == [
            *("adopt", "owner", "offered", "withdrawn")
        ]
        assert len([note for note in decision.notes if "3 passes" in note]) == 1
        assert decision.handoff is None
        assert decision.ownership.accountable is nk.Team.SALES
        rested = decide(PRESET, records, 0)
        assert not [note for note in rested.notes if "passes" in note]


class TestReadiness:
    def test_the_base_sees_no_evidence(self):
        """The first owner is asked for without readiness: nothing is new to it."""
        seen = []

        def watch(situation):
            seen.append(situation.bound["readiness"])
            return Desired(accountable=nk.Team.MARKETING)

        decide(attrs.evolve(PRESET, ownership=Says(watch)), [did("price_asked", 0)], 0)
        assert seen[0] == NOTHING_NEW
        assert seen[1].is_sales_ready

    def test_a_situation_has_its_score_bound(self):
        """What policies read is there: score, readiness and parameters, with kinds known."""
        found = PRESET.situation(LEAD, [did("price_asked", 0)], as_of=day(1))
        assert found.bound["score"].milli > 0
        assert found.bound["readiness"].is_sales_ready
        assert found.bound["parameters"]["handoff_on"] == "sales_ready"
        assert found.kinds is PRESET.kinds

    def test_one_made_by_hand(self):
        """Its kinds are the scoring's too, unless that has its own; what is known isn't unknown."""
        parts = {"name": "mine", "ownership": PRESET.ownership, "guards": PRESET.guards}
        rule = nk.TouchRule("asked", dimension="intent", points=5, on=nk.touch("asked"))
        asked, other = {"asked": nk.Kind(intent=True)}, {"asked": nk.Kind()}
        made = nk.Playbook(**parts, kinds=asked, scoring=nk.ScoringModel(rules=[rule]))
        assert made.scoring.kinds == asked
        own = nk.ScoringModel(rules=[rule], kinds=other)
        assert nk.Playbook(**parts, kinds=asked, scoring=own).scoring.kinds == other
        decision = decide(made, [did("asked", 0)], 0)
        assert decision.score.milli == 5000
        assert decision.handoff is not None
        assert "unknown" not in {reason.part for reason in decision.reasons}

    def test_a_fingerprint_is_of_what_was_published(self):
        """Decisions cite it; a changed playbook has none; it makes no other playbook."""
        published = PRESET.published("abc")
        assert decide(published, [], 0).fingerprint == "abc"
        assert attrs.evolve(published, version=2).fingerprint == ""
        assert published == PRESET

    def test_a_version_is_a_number_from_one(self):
        """A playbook's version is a positive whole number."""
        for version in (0, True, 1.0):
            with pytest.raises(ModelError) as caught:
                attrs.evolve(PRESET, version=version)
            assert (caught.value.code, caught.value.path) == ("out-of-range", "version")


class TestReports:
    def test_an_impossible_stage_is_applied_and_reported(self):
        """A recorded move that isn't legal holds, and a note names it."""
        moves = [moved("stage", 0, to="customer"), moved("stage", 1, to="inquiry", reason="x")]
        decision = decide(PRESET, moves, 2)
        assert decision.stage is nk.Stage.INQUIRY
        assert [note for note in decision.notes if "stage-1" in note]

    def test_versions_of_one_record_are_reported(self):
        """Two contents with one id are a conflict, named in conflicts and notes."""
        versions = did("blog_viewed", 0, id="x"), did("price_asked", 0, id="x", revision=1)
        decision = decide(PRESET, versions, 1)
        assert decision.conflicts == ("x",)
        assert [note for note in decision.notes if "`x`" in note]
        assert decision.score == decide(PRESET, versions[1:], 1).score

    @pytest.mark.parametrize("count", [1, 2])
    def test_kinds_nobody_described_are_reported(self, count):
        """They score nothing, and are counted."""
        touches = [did("never_described", number) for number in range(count)]
        decision = decide(PRESET, touches, 3)
        assert decision.score.unknown_kinds == {"never_described": count}
        (note,) = [note for note in decision.notes if "`never_described`" in note]
        assert str(count) in note

    def test_the_future_is_unseen_and_counted(self):
        """Future touches change nothing but the count."""
        now = decide(PRESET, BOTH, 0)
        later = decide(PRESET, [*BOTH, did("price_asked", 5), did("price_asked", 6)], 0)
        assert (now.unseen, later.unseen) == (0, 2)
        assert attrs.evolve(later, unseen=0) == now

    def test_known_at_is_what_was_known(self):
        """A demo request recorded late isn't seen with the knowledge of the day before."""
        late = did("price_asked", 0, recorded_at=day(3))
        assert decide(PRESET, [*BOTH, late], 4).handoff is not None
        known = decide(PRESET, [*BOTH, late], 4, known_at=day(2))
        assert (known.handoff, known.unseen) == (None, 1)

    def test_a_restriction_counts_whatever_was_known(self):
        """An objection recorded later still closes the day it was made."""
        stop = nk.Consent(
            id="stop", lead_id=LEAD.id, occurred_at=day(1), recorded_at=day(9), kind="objected"
        )
        decision = decide(PRESET, [*BOTH, stop], 2, known_at=day(0))
        assert decision.rows == (1,)
        assert decision.actions == ()

    def test_its_own_moves_are_seen_after_their_instant(self):
        """Deciding again at the same instant proposes the same; a moment later nothing."""
        records = [*BOTH, did("price_asked", 0)]
        first = decide(PRESET, records, 0)
        history = nk.History(records).add(*first.moves)
        again = PRESET.decide(LEAD, history, as_of=night(0), world=world())
        assert again.moves == first.moves
        assert again.unseen == len(first.moves)
        assert PRESET.decide(LEAD, history, as_of=night(0) + TICK, world=world()).moves == ()

    def test_a_hundred_thousand_touches_are_decided(self):
        """One lead with very many touches is decided as any other."""
        days = [number % 50 for number in range(100_000)]
        touches = [did("pricing_viewed", on, id=f"t{n}") for n, on in enumerate(days)]
        decision = decide(PRESET, [*BOTH, *touches], 39)
        assert decision.unseen == 20_000
        assert decision.score.milli > 0


class TestReasons:
    def test_every_part_says_why(self):
        """Score and position, unknowns, rows, parameters, moves, actions and refusals."""
        records = [BOTH[0], learned("title", "VP Sales"), did("price_asked", 0)]
        decision = decide(PRESET, records, 0)
        parts = {reason.part for reason in decision.reasons}
        assert {"score", "unknown", "row 9", "row 5", "parameter", "move", "action"} <= parts
        score = decision.reasons[0].text
        assert f"{decision.score.points:g} points" in score
        assert str(decision.score.position) in score
        assert [one for one in parts if one.startswith("blocked")] or not decision.blocked

    def test_cited_evidence_has_its_date(self):
        """A move's line names what it cites and when that was."""
        decision = decide(PRESET, [*BOTH, did("price_asked", 0)], 1)
        (offer,) = [one for one in decision.reasons if one.text.startswith("offered sales")]
        assert "price_asked-0 of 2026-03-02" in offer.text
        assert offer.cites == ("price_asked-0",)

    def test_a_move_without_a_target_says_its_kind(self):
        """A withdrawal names no target but its reason."""
        records = [*BOTH, did("price_asked", 0)]
        offered = decide(PRESET, records, 0)
        stop = nk.Consent(id="s", lead_id=LEAD.id, occurred_at=day(1), kind="erased")
        decision = decide(PRESET, [*records, *offered.moves, stop], 1)
        texts = [one.text for one in decision.reasons if one.part == "move"]
        assert [text for text in texts if text.startswith("withdrawn (")]

    def test_a_score_alone_has_no_position(self):
        """Without evidence the score's line has no more than its points."""
        assert decide(PRESET, [], 0).reasons[0].text.startswith("0 points")
        assert "position" not in decide(PRESET, [], 0).reasons[0].text


class TestOneDecision:
    def test_a_touch_with_a_word_is_accepted_and_answered(self):
        """The call takes the offer, its word idles the lead, stage moves net to one."""
        records = [*BOTH, did("price_asked", 0)]
        offered = decide(PRESET, records, 0)
        word = called(1, outcome="no_budget")
        decision = decide(PRESET, [*records, *offered.moves, word], 1)
        assert kinds(decision)[:2] == ["accepted", "owner"]
        (stage,) = [move for move in decision.moves if move.kind == "stage"]
        assert (stage.was, stage.to, stage.reason) == ("inquiry", "incubating", "no_budget")
        assert stage.answers == word.id
        assert decision.stage is nk.Stage.INCUBATING
        assert decision.ownership.accountable is nk.Team.SALES

    def test_marketing_led_hands_it_back_in_the_same_decision(self):
        """Accepted, answered and back with marketing: the giver never lost it for a night."""
        records = [*BOTH, did("price_asked", 0)]
        offered = decide("marketing-led", records, 0)
        word = called(1, outcome="no_budget")
        decision = decide("marketing-led", [*records, *offered.moves, word], 1)
        assert kinds(decision).count("owner") == 2
        assert kinds(decision).count("stage") == 1
        assert decision.ownership.accountable is nk.Team.MARKETING
        assert decision.stage is nk.Stage.RECYCLED

    def test_netted_moves_cite_all_they_rest_on(self):
        """The one stage move left goes from the first stage to the last and keeps the evidence."""
        low = attrs.evolve(PRESET, qualification=nk.Qualification(mql_at=1, recycle_below=0))
        records = [*BOTH, moved("owner", 0, to="marketing"), did("price_asked", 0)]
        offered = decide(PRESET, records, 0)
        held = [one for one in offered.moves if one.kind == "offered"]
        decision = decide(low, [*records, *held, called(1)], 1)
        (stage,) = [move for move in decision.moves if move.kind == "stage"]
        assert (stage.was, stage.to) == ("inquiry", "sal")
        assert stage.evidence == ("price_asked-0",)
        assert [move.seq for move in decision.moves] == sorted(move.seq for move in decision.moves)

    @pytest.mark.parametrize("stage", ["lost", "disqualified"])
    def test_a_newer_hand_raise_reopens_a_closed_lead(self, stage):
        """It is an inquiry again, open, and handed over in the same decision."""
        closed = moved("stage", 1, to=stage, reason="competitor")
        records = [*BOTH, moved("owner", 0, to="marketing"), closed]
        assert not decide(PRESET, records, 2).ownership.is_open
        decision = decide(PRESET, [*records, did("price_asked", 3)], 3)
        assert decision.ownership.is_open
        assert decision.stage is nk.Stage.INQUIRY
        assert decision.handoff is not None

    def test_a_customers_hand_raise_is_told_not_reopened(self):
        """The owner hears of it once; the customer stays one."""
        records = [
            *BOTH,
            moved("owner", 0, to="sales", rep="rep-7"),
            moved("stage", 1, to="customer"),
            did("price_asked", 2),
        ]
        decision = decide(PRESET, records, 2)
        assert (decision.stage, decision.ownership.is_open) == (nk.Stage.CUSTOMER, False)
        assert [(one.to, one.rep) for one in decision.alerts] == [("sales", "rep-7")]
        assert decide(PRESET, [*records, *decision.moves], 3).alerts == ()

    @pytest.mark.parametrize("stage", ["mql", "recycled"])
    def test_an_opening_above_the_gate_crosses_nothing(self, stage):
        """Starting from columns nothing is overdue, nothing crosses, nothing is alerted."""
        opening = nk.Opening(
            id="opening", lead_id=LEAD.id, occurred_at=day(10), stage=stage, team="marketing"
        )
        touches = [did(kind, on) for on in range(9) for kind in ("pricing_viewed", "price_asked")]
        fit = [learned("title", "VP Sales"), learned("employees", 500)]
        decision = decide(PRESET, [*BOTH, *touches, *fit, opening], 10)
        assert decision.score.milli >= PRESET.qualification.recycle_milli
        assert decision.stage == stage
        assert (decision.handoff, decision.alerts) == (None, ())
        assert set(kinds(decision)) <= {"enrolled", "left"}

    @pytest.mark.parametrize("policy", nk.PRESETS)
    @pytest.mark.parametrize("stage", ["recycled", "incubating", "sal"])
    def test_an_opening_leaves_nothing_overdue(self, policy, stage):
        """A lead held for years and called long ago owes nothing on the first day."""
        opening = nk.Opening(
            id="opening",
            lead_id=LEAD.id,
            occurred_at=day(10),
            stage=stage,
            team="sales",
            rep="rep-7",
            since=day(-900).date(),
            last_touch={"phone": day(-400).date()},
        )
        decision = decide(policy, [*BOTH, opening], 10)
        assert all(duty.due > night(10) for duty in decision.ownership.duties)
        assert (decision.handoff, decision.alerts, decision.request) == (None, (), None)
        assert decision.stage == stage


class TestConfirm:
    @pytest.fixture
    def planned(self):
        """An action that a decision allowed."""
        records = [*BOTH, did("form_submitted", 0)]
        return decide("marketing-led", records, 0).next_action, records

    def test_what_was_allowed_is_allowed_at_its_time(self, planned):
        """Nothing has changed: it may be sent."""
        action, records = planned
        found = nk.preset("marketing-led").confirm(
            action, LEAD, records, as_of=action.earliest, world=world()
        )
        assert (found.allowed, found.action) == (True, action)

    def test_what_has_changed_refuses(self, planned):
        """An objection in between stops it, whatever was decided."""
        action, records = planned
        stop = nk.Consent(id="s", lead_id=LEAD.id, occurred_at=night(0), kind="objected")
        found = nk.preset("marketing-led").confirm(
            action, LEAD, [*records, stop], as_of=action.earliest, world=world()
        )
        assert (found.allowed, found.blocked.code) == (False, "suppressed")


def test_actions_come_in_the_order_in_which_they_start():
    """By start, then by priority, then by the sequence's own rank, then by id."""
    base = nk.Action(
        id="e",
        lead_id=LEAD.id,
        channel=nk.Channel.EMAIL,
        style=nk.Style.AUTOMATED,
        team=nk.Team.MARKETING,
        earliest_us=0,
    )
    noon = int(day(3, 12).timestamp()) * 10**6
    actions = (
        attrs.evolve(base, id="d", earliest_us=noon + 3_600_000_000, priority=0),
        attrs.evolve(base, id="c", earliest_us=noon, priority=4),
        attrs.evolve(base, id="b", earliest_us=noon, priority=3),
        attrs.evolve(base, id="a", earliest_us=noon, priority=3),
        attrs.evolve(base, id="z", earliest_us=noon, priority=3, rank=1),
    )
    open_guards = nk.GuardProfile(name="open", dated=day(0).date())
    playbook = attrs.evolve(PRESET, planner=Plans(nk.Plan(actions=actions)), guards=open_guards)
    assert [one.id for one in decide(playbook, BOTH, 0).actions] == ["z", "a", "b", "c", "d"]


def test_a_duty_reads_as_an_instant():
    """A duty's due is a datetime too."""
    duty = Duty(
        kind="answer",
        team=nk.Team.SALES,
        rep=None,
        due_us=0,
        about="t",
        agreed=True,
        because="asked",
    )
    assert duty.due.year == 1970
