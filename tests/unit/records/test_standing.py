"""What is in force once the moves are folded: each kind of move, legal or not."""

import pytest

import nurturekit as nk
from nurturekit.records.standing import FINAL
from tests.builders import LEAD, called, day, did, moved


def standing(*records, on=50):
    """Return what is in force on a day."""
    return nk.Situation(LEAD, records, as_of=day(on)).standing


def opening(on=0, **fields):
    """Return an opening."""
    return nk.Opening(id="opening", lead_id=LEAD.id, occurred_at=day(on), **fields)


def us(on):
    """Return a day's instant in epoch microseconds."""
    return did("x", on).occurred_us


OFFER = moved("offered", 1, rep="rep-7", due=day(2), evidence=["t1"])


class TestStart:
    def test_nothing_is_in_force_at_first(self):
        """Without a move a lead is an inquiry that nobody owns."""
        found = standing()
        assert (found.stage, found.team, found.rep, found.pending) == ("inquiry", None, None, None)
        assert (found.away_cause_us, found.last_quiet_us, found.owner_us) == (None, None, None)

    def test_an_opening_sets_what_it_says(self):
        """Stage, team and rep are the columns'; clocks start on that day."""
        found = standing(opening(3, stage="mql", team="sales", rep="rep-7"))
        assert (found.stage, found.team, found.rep) == ("mql", "sales", "rep-7")
        assert found.owner_us == found.away_cause_us == found.last_quiet_us == us(3)

    def test_an_opening_without_a_team_owns_nothing(self):
        """An empty column leaves the first owner to be decided."""
        found = standing(opening(3))
        assert (found.stage, found.team, found.owner_us) == ("inquiry", None, None)
        assert found.last_quiet_us == us(3)

    def test_records_before_the_opening_set_nothing(self):
        """Older moves never set stage or owner, but what they cite is spent."""
        older = moved("owner", 1, to="sales", evidence=["t1"])
        found = standing(opening(3, team="marketing"), older)
        assert found.team == "marketing"
        assert found.is_cited("t1", nk.MoveKind.OWNER)
        assert standing(opening(3), moved("owner", 3, to="sales")).team == "sales"


class TestStages:
    def test_the_last_one_holds(self):
        """Each stage move is applied to the one before, and both are kept."""
        up, down = moved("stage", 1, to="mql"), moved("stage", 2, to="recycled", reason="no_need")
        found = standing(up, down)
        assert (found.stage, found.stage_move) == ("recycled", down)
        assert found.stage_moves == (("inquiry", up), ("mql", down))

    def test_an_impossible_one_is_applied(self):
        """Legality binds proposals only: a customer can be made an inquiry by hand."""
        found = standing(moved("stage", 1, to="customer"), moved("stage", 2, to="inquiry"))
        assert found.stage == "inquiry"

    @pytest.mark.parametrize(
        ("before", "after", "away"),
        [
            ("mql", "inquiry", True),
            ("mql", "recycled", True),
            ("sal", "incubating", True),
            ("recycled", "incubating", True),
            ("sql", "lost", True),
            ("inquiry", "mql", False),
            ("recycled", "mql", False),
            ("mql", "mql", False),
        ],
    )
    def test_which_ones_lead_away_from_sales(self, before, after, away):
        """Backward and idling ones do, and start the dwell; forward ones don't."""
        found = standing(opening(0, stage=before), moved("stage", 5, to=after))
        assert (found.away_us == us(5)) is away
        assert (found.away_cause_us == us(5)) is away

    @pytest.mark.parametrize(("to", "dwells"), [("mql", True), ("sal", True), ("sql", False)])
    def test_which_ones_start_the_dwell_above(self, to, dwells):
        """Crossing up into mql or sal starts the dwell before the way down."""
        assert (standing(moved("stage", 5, to=to)).up_us == us(5)) is dwells


class TestOwners:
    def test_the_last_one_holds(self):
        """An owner move names the team, its time and a rep if it has one."""
        found = standing(moved("owner", 1, to="sales", rep="rep-7"), moved("owner", 2, to="sales"))
        assert (found.team, found.owner_us, found.rep) == ("sales", us(2), "rep-7")
        assert found.last_quiet_us == us(2)

    def test_from_sales_to_marketing_is_away(self):
        """Only that direction spends what came before."""
        away = standing(moved("owner", 1, to="sales"), moved("owner", 2, to="marketing"))
        towards = standing(moved("owner", 1, to="marketing"), moved("owner", 2, to="sales"))
        assert away.away_cause_us == us(2)
        assert towards.away_cause_us is None

    def test_a_rep_move_names_the_rep(self):
        """Rep moves replace the rep and are kept."""
        moves = moved("rep", 1, rep="rep-7"), moved("rep", 2, rep="rep-8")
        found = standing(*moves)
        assert (found.rep, found.rep_moves) == ("rep-8", moves)

    def test_adopting_waits_for_an_owner(self):
        """An `adopt` move waits until the next owner move."""
        adopt = moved("adopt", 1, to="blended")
        waiting, done = standing(adopt), standing(adopt, moved("owner", 2, to="sales"))
        assert (waiting.adopted, waiting.adopt_waits) == (adopt, True)
        assert (done.adopted, done.adopt_waits) == (adopt, False)


class TestHandoffs:
    def test_an_offer_waits(self):
        """An offer is pending, with its rep."""
        found = standing(OFFER)
        assert (found.pending, found.offers, found.rep) == (OFFER, (OFFER,), "rep-7")
        assert standing(moved("rep", 0, rep="rep-8"), moved("offered", 1)).rep == "rep-8"

    @pytest.mark.parametrize(
        ("kind", "fields", "rep", "away"),
        [
            ("accepted", {"rep": "rep-8"}, "rep-8", None),
            ("accepted", {}, "rep-7", None),
            ("rejected", {"reason": "no_need"}, None, 3),
            ("lapsed", {"reason": "past due"}, None, None),
            ("lapsed", {"reason": FINAL}, None, 2),
            ("withdrawn", {"reason": "closed"}, "rep-7", None),
        ],
    )
    @pytest.mark.parametrize("answers", [OFFER.id, None, "nothing"])
    def test_an_answer_ends_it(self, kind, fields, rep, away, answers):
        """Each end takes the offer away; a rejection or final lapse leads away from sales.

        One that names no offer, or an unknown one, ends the pending one.
        """
        end = moved(kind, 3, answers=answers, **fields)
        found = standing(OFFER, end)
        assert (found.pending, found.ends, found.rep) == (None, {OFFER.id: end}, rep)
        expected = None if away is None else us(away if answers == OFFER.id else 3)
        assert found.away_cause_us == expected
        assert (found.last_quiet_us == us(3)) is (kind == "accepted")

    def test_a_final_lapse_is_caused_by_its_deadline(self):
        """What the lead does between the deadline and the lapse is still news."""
        lapse = moved("lapsed", 9, reason=FINAL, answers=OFFER.id)
        assert standing(OFFER, lapse).away_cause_us == us(2)
        undated = moved("offered", 1, id="undated")
        late = moved("lapsed", 9, reason=FINAL, answers="undated")
        assert standing(undated, late).away_cause_us == us(9)

    def test_a_late_answer_ends_its_own_offer_only(self):
        """An answer to an earlier offer leaves the pending one."""
        second = moved("offered", 4, rep="rep-8")
        found = standing(OFFER, second, moved("rejected", 5, answers=OFFER.id))
        assert found.pending == second

    def test_an_answer_to_nothing_is_applied(self):
        """An acceptance without an offer ends none and fails nothing."""
        found = standing(moved("accepted", 1, rep="rep-7"))
        assert (found.ends, found.rep) == ({}, "rep-7")


class TestCauses:
    def test_a_playbooks_move_is_caused_by_what_it_answers(self):
        """A stage that answers a call is dated by the call, a person's by the person."""
        call = called(2, outcome="no_need")
        fields = {"to": "recycled", "reason": "no_need", "answers": call.id}
        own = standing(call, moved("stage", 5, origin="playbook", **fields))
        hand = standing(call, moved("stage", 5, **fields))
        assert (own.away_cause_us, hand.away_cause_us) == (us(2), us(5))
        assert own.away_us == us(5)

    def test_the_latest_cause_holds(self):
        """An older cause told later doesn't bring spent evidence back."""
        call = called(2, outcome="no_need")
        answer = moved("stage", 9, to="recycled", reason="x", answers=call.id, origin="playbook")
        found = standing(moved("stage", 5, to="incubating", reason="x"), call, answer)
        assert found.away_cause_us == us(5)


class TestEnrolments:
    RUN = moved("enrolled", 1, sequence="nurture", run="1@1")
    OTHER = moved("enrolled", 2, sequence="other", run="1@1", id="other")

    def test_runs_are_kept(self):
        """Each enrolment is a run; the same again doesn't start it anew."""
        again = moved("enrolled", 5, sequence="nurture", run="1@1")
        found = standing(self.RUN, again)
        assert list(found.runs) == [("nurture", "1@1")]
        assert found.runs["nurture", "1@1"].enrolled == self.RUN

    @pytest.mark.parametrize(
        ("fields", "left"),
        [
            ({"sequence": "nurture", "run": "1@1"}, ["nurture"]),
            ({"sequence": "nurture"}, ["nurture"]),
            ({"sequence": "nurture", "run": "2@1"}, []),
            ({"sequence": "absent"}, []),
            ({}, ["nurture", "other"]),
        ],
    )
    def test_leaving(self, fields, left):
        """A `left` move ends the run it names, the sequence's, or all; never another."""
        move = moved("left", 3, reason="by hand", **fields)
        found = standing(self.RUN, self.OTHER, move)
        assert [key[0] for key, run in found.runs.items() if run.left == move] == left

    def test_a_run_is_left_once(self):
        """A second `left` changes nothing."""
        first, second = (moved("left", on, reason="x", sequence="nurture") for on in (3, 4))
        assert standing(self.RUN, first, second).runs["nurture", "1@1"].left == first

    def test_skips_belong_to_their_run(self):
        """A skipped step is kept with its run; one of no run is ignored."""
        skip = moved("skipped", 3, sequence="nurture", run="1@1", step="one")
        lone = moved("skipped", 4, sequence="absent", run="1@1", step="one")
        found = standing(self.RUN, skip, lone)
        assert found.runs["nurture", "1@1"].passed == (skip,)
        assert len(found.runs) == 1


class TestTheRest:
    def test_a_pause_leads_away(self):
        """A pause of the lead is kept and spends what came before; one of a sequence doesn't."""
        pause = moved("snoozed", 3, reason="leave", until=day(9))
        found = standing(pause)
        assert (found.snoozed, found.away_cause_us) == (pause, us(3))
        narrow = standing(moved("snoozed", 3, reason="leave", sequence="nurture"))
        assert narrow.away_cause_us is None

    def test_an_alert_starts_the_quiet(self):
        """The last alert counts for how long nothing has been said."""
        assert standing(moved("alerted", 3, to="sales")).last_quiet_us == us(3)

    def test_a_branch_changes_nothing_in_force(self):
        """A branch taken is read by the planner only."""
        assert standing(moved("branch", 1, sequence="nurture", to="b")) == standing()

    def test_citing_spends_by_kind(self):
        """Evidence is spent for the kind of move that cites it, and answered for all."""
        found = standing(OFFER, moved("alerted", 2, to="sales", answers="t2", evidence=["t3"]))
        assert found.is_cited("t1", nk.MoveKind.STAGE, nk.MoveKind.OFFERED)
        assert not found.is_cited("t1", nk.MoveKind.ALERTED)
        assert found.answered == {"t1", "t2", "t3"}

    @pytest.mark.parametrize(
        ("kind", "chained"),
        [("stage", True), ("owner", True), ("withdrawn", True), ("alerted", False), ("rep", False)],
    )
    def test_which_moves_begin_a_new_chapter(self, kind, chained):
        """Stage, owner and handoff moves make later moves of the same content new ones."""
        fields = {"stage": {"to": "mql"}, "owner": {"to": "sales"}, "rep": {"rep": "r"}}
        found = standing(OFFER, moved(kind, 2, **fields.get(kind, {})))
        assert (found.last_id == f"{kind}-2") is chained
