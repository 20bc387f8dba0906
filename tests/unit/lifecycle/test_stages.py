"""The gate with its hysteresis and dwell, what a conversation proves, and what reopens."""

import pytest

import nurturekit as nk
from nurturekit.answers import Score
from nurturekit.lifecycle import LEGAL, PROVEN, illegal_moves, needs_reason, propose
from nurturekit.records.standing import STAGE_RANK
from nurturekit.vocabulary import PROGRESS
from tests.builders import LEAD, called, day, did, moved

KINDS = {"demo_requested": nk.Kind(intent=True)}
GATE = nk.Qualification()
BACK = {"to": "recycled", "reason": "no_need"}


def opening(on=0, **fields):
    """Return an opening."""
    return nk.Opening(id="opening", lead_id=LEAD.id, occurred_at=day(on), **fields)


def proposed(*records, points=0, on=50, gate=GATE):
    """Return the stage move that follows for a lead with so many points."""
    found = nk.Situation(LEAD, records, as_of=day(on), kinds=KINDS)
    return propose(found.bind(score=Score(milli=round(points * 1000))), gate)


def target(*records, **fields):
    """Return the stage proposed, or None."""
    move = proposed(*records, **fields)
    return None if move is None else str(move.to)


def test_progress_is_what_proves_a_stage():
    """The outcomes that take back a word are those that prove a stage."""
    assert set(PROVEN) == PROGRESS


class TestGateUp:
    @pytest.mark.parametrize(("points", "to"), [(59.999, None), (60, "mql"), (100, "mql")])
    def test_up_at_sixty(self, points, to):
        """The gate opens from the threshold on, citing the newest fresh touch."""
        touches = did("visited", 1), did("visited", 2)
        assert target(*touches, points=points) == to
        if to:
            assert proposed(*touches, points=points).evidence == ("visited-2",)

    def test_the_recent_touches_are_cited(self):
        """Of the fresh touches, those of the days for which intent counts are cited."""
        touches = [did("visited", on) for on in (19, 21, 40)]
        cited = proposed(*touches, points=60).evidence
        assert cited == ("visited-21", "visited-40")

    def test_points_alone_cross_nothing(self):
        """Without a touch of the lead's own, points are no crossing."""
        assert target(points=90) is None
        assert target(called(1), did("visited", 2, automated=True), points=90) is None

    @pytest.mark.parametrize(
        ("stage", "to"),
        [
            ("inquiry", "mql"),
            ("incubating", "mql"),
            ("recycled", "mql"),
            ("mql", None),
            ("sal", None),
            ("sql", None),
            ("opportunity", None),
            ("customer", None),
        ],
    )
    def test_only_early_stages_cross(self, stage, to):
        """Later stages ignore the gate, both ways."""
        assert target(opening(0, stage=stage), did("visited", 40), points=90) == to
        down = target(opening(0, stage=stage), did("visited", 40), points=0)
        assert down == ("recycled" if stage == "mql" else None)

    def test_incubating_with_sales_crosses_to_sal(self):
        """Where sales is accountable the gate leads back to sal, with marketing to mql."""
        for team, to in (("sales", "sal"), ("marketing", "mql")):
            records = [opening(0, stage="incubating", team=team), did("visited", 1)]
            assert target(*records, points=60) == to
        recycled = [opening(0, stage="recycled", team="sales"), did("visited", 1)]
        assert target(*recycled, points=60) == "mql"

    def test_a_closed_lead_crosses_nothing(self):
        """Bad data closes whatever the score says."""
        assert target(did("visited", 1), called(2, outcome="bad_data"), points=90) is None

    def test_an_erased_lead_moves_nowhere(self):
        """Nothing is proposed for somebody who asked to be erased."""
        erased = nk.Consent(id="c", lead_id=LEAD.id, occurred_at=day(1), kind="erased")
        assert target(did("visited", 2), erased, points=90) is None


class TestOpeningAboveTheGate:
    def test_being_above_is_no_crossing(self):
        """What came before the opening, and at its instant, is in the columns."""
        touches = did("visited", 4), did("visited", 5)
        assert target(*touches, opening(5), points=90) is None

    def test_a_fresh_touch_crosses(self):
        """A touch after the opening does, at once, and only it is cited."""
        move = proposed(did("visited", 4), opening(5), did("visited", 6), points=90)
        assert (move.to, move.evidence) == ("mql", ("visited-6",))


class TestDwell:
    AWAY = moved("stage", 10, **BACK)

    @pytest.mark.parametrize(("on", "to"), [(39, None), (40, "mql"), (41, "mql")])
    def test_thirty_days_before_the_way_up(self, on, to):
        """After any move away from sales a fresh touch crosses from the thirtieth day on."""
        assert target(self.AWAY, did("visited", 12), points=90, on=on) == to

    def test_a_hand_raise_overrides_the_dwell(self):
        """The next day is soon enough."""
        assert target(self.AWAY, did("demo_requested", 11), points=90, on=11) == "mql"

    def test_an_old_hand_raise_does_not(self):
        """One from before the move away is spent."""
        records = [did("demo_requested", 9), self.AWAY, did("visited", 12)]
        assert target(*records, points=90, on=12) is None

    @pytest.mark.parametrize(
        "away",
        [
            moved("owner", 10, to="marketing"),
            moved("rejected", 10, reason="no_need"),
            moved("snoozed", 10, reason="leave"),
        ],
        ids=lambda move: str(move.kind),
    )
    def test_any_move_away_starts_it(self, away):
        """An owner from sales to marketing, a rejection and a pause dwell as a stage does."""
        records = [moved("owner", 1, to="sales"), away, did("visited", 12)]
        assert target(*records, points=90, on=39) is None
        assert target(*records, points=90, on=40) == "mql"

    @pytest.mark.parametrize(("on", "to"), [(39, None), (40, "recycled")])
    @pytest.mark.parametrize(
        "start", [moved("stage", 10, to="mql"), opening(10, stage="mql")], ids=["crossed", "opened"]
    )
    def test_thirty_days_before_the_way_down(self, start, on, to):
        """From the crossing up, or from the opening, since columns start no older clock."""
        assert target(start, points=29.999, on=on) == to

    @pytest.mark.parametrize(("points", "to"), [(29.999, "recycled"), (30, None), (59, None)])
    def test_down_below_thirty(self, points, to):
        """Between the thresholds nothing moves; the way down says why and cites nothing."""
        assert target(moved("stage", 1, to="mql"), points=points) == to
        if to:
            move = proposed(moved("stage", 1, to="mql"), points=points)
            assert (move.evidence, bool(move.reason)) == ((), True)

    def test_another_definition_has_other_numbers(self):
        """Thresholds and dwell are the qualification's."""
        gate = nk.Qualification(mql_at=10, recycle_below=5, dwell_days=2)
        assert target(self.AWAY, did("visited", 11), points=10, on=12, gate=gate) == "mql"
        assert target(moved("stage", 10, to="mql"), points=4, on=12, gate=gate) == "recycled"
        assert target(moved("stage", 10, to="mql"), points=4, on=11, gate=gate) is None

    def test_spent_touches_cross_once(self):
        """A touch that a stage move cites doesn't cross again."""
        crossed = moved("stage", 10, to="mql", evidence=["visited-9"])
        back = moved("stage", 11, id="back", to="inquiry", reason="by hand", origin="playbook")
        records = [did("visited", 9), crossed, back]
        assert target(*records, points=90, on=60) is None
        assert target(*records, did("visited", 12), points=90, on=60) == "mql"


class TestProven:
    OWNED = moved("owner", 0, to="sales")

    @pytest.mark.parametrize(
        ("outcome", "to"),
        [("qualified", "sql"), ("opportunity", "opportunity"), ("won", "customer")],
    )
    def test_an_outcome_proves_a_stage(self, outcome, to):
        """What a rep learned in a conversation sets the stage, answering the touch."""
        call = called(1, outcome=outcome)
        move = proposed(self.OWNED, call)
        assert (str(move.to), move.answers) == (to, call.id)

    @pytest.mark.parametrize(
        "records",
        [
            [called(1, outcome="qualified")],
            [OWNED, called(1, outcome="connected")],
            [OWNED, called(1, outcome="qualified", automated=True)],
            [OWNED, did("visited", 1, outcome="qualified")],
            [OWNED, called(1, outcome="qualified"), moved("stage", 2, to="sql")],
            [OWNED, called(1, outcome="qualified"), moved("stage", 2, **BACK)],
            [OWNED, called(1, outcome="qualified"), moved("stage", 2, to="customer")],
            [
                OWNED,
                called(1, outcome="qualified"),
                moved("stage", 2, to="sal", answers="call-1"),
            ],
        ],
        ids=[
            "marketing's lead",
            "another outcome",
            "a machine's",
            "the lead's own",
            "reached already",
            "before the last move away",
            "closed",
            "answered already",
        ],
    )
    def test_what_proves_nothing(self, records):
        """Only a rep's newer, unanswered word about a lead of sales moves it, and only forward."""
        assert target(*records) is None

    def test_the_last_proof_counts(self):
        """Of two outcomes the newer one is read first."""
        calls = called(1, outcome="opportunity"), called(2, outcome="qualified")
        assert target(self.OWNED, *calls) == "sql"


class TestReopened:
    @pytest.mark.parametrize("stage", ["disqualified", "lost"])
    def test_a_newer_hand_raise_reopens(self, stage):
        """As an inquiry, citing only the raises that are newer, answering the last."""
        closed = moved("stage", 10, to=stage, reason="competitor")
        raises = [did("demo_requested", on) for on in (9, 11, 12)]
        move = proposed(closed, *raises)
        assert (move.to, move.evidence) == ("inquiry", ("demo_requested-11", "demo_requested-12"))
        assert move.answers == "demo_requested-12"
        assert target(closed, raises[0]) is None
        assert target(closed, did("visited", 11), points=90) is None

    def test_an_opening_is_reopened_by_what_came_after_it(self):
        """A column's `lost` yields to a hand-raise after the opening, which alone is cited."""
        raises = [did("demo_requested", on) for on in (4, 6)]
        assert target(opening(5, stage="lost"), raises[0]) is None
        move = proposed(opening(5, stage="lost"), *raises)
        assert (move.to, move.evidence) == ("inquiry", ("demo_requested-6",))

    def test_a_customer_stays_one(self):
        """A customer's hand-raise makes it no lead again."""
        assert target(moved("stage", 1, to="customer"), did("demo_requested", 2)) is None

    def test_lost_for_now_waits_for_its_word(self):
        """A loss that only idles isn't reopened here: its word is answered elsewhere."""
        assert target(moved("stage", 1, to="lost", reason="no_budget")) is None

    def test_do_not_contact_is_not_reopened(self):
        """A closed lead whose person must not be contacted stays closed."""
        stop = nk.Fact(
            id="f", lead_id=LEAD.id, occurred_at=day(1), name="do_not_contact", value=True
        )
        lost = moved("stage", 1, to="lost", reason="competitor")
        assert target(lost, did("demo_requested", 2), stop) is None


class TestLegality:
    def test_every_stage_has_its_row(self):
        """The table covers all stages, and staying is always legal."""
        assert set(LEGAL) == set(nk.Stage) == set(STAGE_RANK)
        assert all(stage in targets for stage, targets in LEGAL.items())

    @pytest.mark.parametrize(
        ("before", "to", "reason", "is_noted"),
        [
            ("customer", "inquiry", "a mistake", True),
            ("disqualified", "mql", "by hand", True),
            ("lost", "sql", "by hand", True),
            ("lost", "inquiry", None, False),
            ("disqualified", "inquiry", None, False),
            ("inquiry", "customer", None, False),
            ("mql", "inquiry", None, True),
            ("mql", "inquiry", "no_need", False),
            ("inquiry", "lost", "competitor", False),
            ("disqualified", "disqualified", None, False),
            ("inquiry", "lost", None, True),
        ],
    )
    def test_recorded_moves_are_judged_not_refused(self, before, to, reason, is_noted):
        """Impossible moves, and backward ones without a reason, are reported and hold."""
        records = [opening(0, stage=before), moved("stage", 1, to=to, reason=reason)]
        standing = nk.Situation(LEAD, records, as_of=day(2)).standing
        assert standing.stage == to
        notes = illegal_moves(standing)
        assert len(notes) == int(is_noted)
        assert all("stage-1" in note for note in notes)

    @pytest.mark.parametrize(
        ("before", "after", "needed"),
        [
            ("mql", "inquiry", True),
            ("mql", "recycled", True),
            ("inquiry", "lost", True),
            ("lost", "lost", True),
            ("inquiry", "mql", False),
            ("recycled", "incubating", False),
        ],
    )
    def test_what_needs_a_reason(self, before, after, needed):
        """Backward moves and every `lost`."""
        assert needs_reason(nk.Stage(before), nk.Stage(after)) is needed
