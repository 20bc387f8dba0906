"""The parameters of ownership and the rows of a policy: what is refused, and which row holds."""

import attrs
import pytest

import nurturekit as nk
from nurturekit.answers import Score
from nurturekit.errors import ModelError
from nurturekit.ownership import Terms
from nurturekit.records import FrozenMap
from tests.builders import LEAD, day, moved

LAST = nk.Row(name="otherwise", number=2, accountable="marketing")
STAGED = nk.Row(name="staged", number=1, when=nk.signal("stage").one_of("sal"), accountable="sales")


def refusal(make, **fields):
    """Return the error of making a value."""
    with pytest.raises(ModelError) as caught:
        make(**fields)
    return caught.value.code, caught.value.path


def policy(*rows, **fields):
    """Return a policy of rows."""
    return nk.OwnershipPolicy(name="mine", rows=rows, **fields)


def decide(made, *records, on=5, **bound):
    """Return what a policy wants for the lead."""
    return made.decide(nk.Situation(LEAD, records, as_of=day(on)).bind(**bound))


class TestTerms:
    @pytest.mark.parametrize(
        ("name", "value", "code"),
        [
            ("handoff_on", "sales-ready", "unknown-word"),
            ("earliest_sales_touch", "later", "unknown-word"),
            ("acceptance", "implicit", "unknown-word"),
            ("continuity", ("pool", "owner"), "unknown-word"),
            ("max_offers", 0, "out-of-range"),
            ("max_offers", True, "out-of-range"),
            ("response_hours", 0, "out-of-range"),
            ("accept_hours", 1.5, "out-of-range"),
            ("accept_hours", 10_001, "out-of-range"),
            ("min_stay_days", -1, "out-of-range"),
            ("check_in_days", 0, "out-of-range"),
            ("grace_hours", 0, "out-of-range"),
            ("owner_before_ready", "stay", "unknown-word"),
            ("past_due", ("chase", "reassign"), "unknown-word"),
            ("past_due", (), "bad-order"),
            ("past_due", ("remind", "escalate"), "bad-order"),
            ("past_due", ("escalate", "remind", "reassign"), "bad-order"),
            ("past_due", ("remind", "remind", "reassign"), "bad-order"),
            ("ramp_per_day", 0, "out-of-range"),
            ("ramp_per_day", None, "out-of-range"),
        ],
    )
    def test_parameters_that_are_none(self, name, value, code):
        """A wrong word or number names its parameter, in `Terms` and in a policy alike."""
        expected = (code, f"ownership.parameters.{name}")
        assert refusal(Terms, **{name: value}) == expected
        assert refusal(lambda: policy(LAST, **{name: value})) == expected

    def test_the_bounds_are_legal(self):
        """No check-ins, no minimal stay and the largest numbers can be asked for."""
        made = Terms(check_in_days=None, min_stay_days=0, accept_hours=10_000, continuity=[])
        assert (made.check_in_days, made.continuity) == (None, ())

    @pytest.mark.parametrize(
        "steps",
        [
            ("reassign",),
            ("remind", "reassign"),
            ("escalate", "reassign"),
            ["remind", "escalate", "reassign"],
        ],
    )
    def test_steps_past_due(self, steps):
        """Any of the first two steps may be left out; the last one may not."""
        assert Terms(past_due=steps).past_due == tuple(steps)


class TestRow:
    @pytest.mark.parametrize(
        ("fields", "code", "path"),
        [
            ({"number": 0}, "out-of-range", "number"),
            ({"number": True}, "out-of-range", "number"),
            ({"accountable": "nobody"}, "unknown-word", "accountable"),
            ({"notify": ["everybody"]}, "unknown-word", "notify"),
            ({"duties": ["call"]}, "unknown-word", "duties"),
            ({"sender": "robot"}, "unknown-word", "sender"),
            ({"parameters": ["check_in"]}, "unknown-word", "parameters"),
            ({"allowed": {"marketing": ["bulk"]}}, "unknown-word", "allowed"),
            ({"allowed": {"support": ["mass"]}}, "unknown-word", "allowed"),
        ],
    )
    def test_words_outside_the_vocabulary(self, fields, code, path):
        """A row's word that isn't one names its field."""
        assert refusal(nk.Row, **{"name": "r", "number": 1, **fields}) == (code, path)

    def test_words_become_members(self):
        """Teams and styles are members of their vocabularies, frozen; nothing said is nothing."""
        row = nk.Row(name="r", number=1, allowed={"sales": ["one_to_one", "mass"]})
        assert row.allowed == {nk.Team.SALES: {nk.Style.ONE_TO_ONE, nk.Style.MASS}}
        assert isinstance(row.allowed, FrozenMap)
        assert nk.Row(name="r", number=1).allowed == nk.Row(name="r", number=1, allowed={}).allowed


class TestTable:
    @pytest.mark.parametrize(
        ("rows", "code", "path"),
        [
            ([], "no-rows", "ownership.rows"),
            ([STAGED], "no-last-row", "ownership.rows[0]"),
            ([STAGED, attrs.evolve(LAST, accountable="stay")], "no-last-row", "ownership.rows[1]"),
            ([LAST, LAST], "shadowed-row", "ownership.rows[0]"),
        ],
    )
    def test_tables_that_cannot_answer(self, rows, code, path):
        """A table needs a last row without a condition that names a team, and only there."""
        assert refusal(lambda: policy(*rows)) == (code, path)

    def test_the_first_row_that_holds_wins(self):
        """Rows are asked in order; the answer carries the row's words."""
        row = nk.Row(
            name="sold",
            number=7,
            when=nk.signal("stage").one_of("customer"),
            accountable="sales",
            allowed={"sales": ["one_to_one"]},
            notify=["rep"],
            duties=["answer"],
            continues=["newsletter"],
            closed=True,
            sender="rep",
            parameters=["check_in_days"],
            because="sold",
            source="S1-8",
        )
        made = policy(row, attrs.evolve(row, number=8), LAST, check_in_days=9)
        desired = decide(made, moved("stage", 1, to="customer"))
        assert (desired.row, desired.accountable, desired.because) == (7, nk.Team.SALES, "sold")
        assert desired.allowed == {nk.Team.SALES: {nk.Style.ONE_TO_ONE}}
        assert (desired.notify, desired.duties, desired.continues) == (
            ("rep",),
            ("answer",),
            ("newsletter",),
        )
        assert (desired.is_closed, desired.sender, desired.source) == (True, "rep", "S1-8")
        assert desired.parameters == {"check_in_days": 9}
        assert decide(made).row == 2
        assert decide(made).because == "otherwise"

    def test_an_unknown_condition_does_not_hold(self):
        """A row over something unknown is passed over."""
        row = nk.Row(name="big", number=1, when=nk.fact("employees") >= 50, accountable="sales")
        assert decide(policy(row, LAST)).row == 2

    def test_criteria_read_the_parameters(self):
        """A row can ask for a parameter of its own policy."""
        row = nk.Row(
            name="p", number=1, when=nk.parameter("handoff_on").one_of("mql"), accountable="sales"
        )
        assert decide(policy(row, LAST, handoff_on="mql")).row == 1
        assert decide(policy(row, LAST)).row == 2

    @pytest.mark.parametrize(
        ("records", "bound", "team"),
        [
            ([], {}, "marketing"),
            ([moved("owner", 1, to="sales")], {}, "sales"),
            ([moved("owner", 1, to="sales")], {"accountable": nk.Team.MARKETING}, "marketing"),
        ],
        ids=["nobody: the last row's", "the one in force", "the one bound"],
    )
    def test_stay_is_whoever_is_accountable(self, records, bound, team):
        """`stay` keeps the owner, and falls back on the last row's team."""
        row = nk.Row(name="stay", number=1, when=nk.signal("closed").equals(False))
        assert decide(policy(row, LAST), *records, **bound).accountable == team

    @pytest.mark.parametrize("team", list(nk.Team))
    def test_before_ready_is_whom_the_parameter_names(self, team):
        """A row may leave the owner to `owner_before_ready`; `stay` falls back on it too."""
        last = attrs.evolve(LAST, accountable="before_ready")
        stay = nk.Row(name="stay", number=1, when=nk.signal("closed").equals(False))
        for rows in ([last], [stay, last]):
            assert decide(policy(*rows, owner_before_ready=str(team))).accountable is team


class TestEarlySales:
    ROW = attrs.evolve(LAST, early_sales=True, allowed={"marketing": ["mass"]})

    @pytest.mark.parametrize(
        ("earliest", "positions"),
        [
            ("awareness", [None, "awareness", "consideration", "decision"]),
            ("consideration", ["consideration", "decision"]),
            ("decision", ["decision"]),
            ("never", []),
        ],
    )
    def test_sales_may_write_from_a_position_on(self, earliest, positions):
        """From the position the parameter names; no evidence counts as awareness."""
        made = policy(self.ROW, earliest_sales_touch=earliest)
        for position in (None, *nk.FunnelPosition):
            desired = decide(made, score=Score(milli=0, position=position))
            assert (nk.Team.SALES in desired.allowed) is (position in positions)
            assert desired.allowed[nk.Team.MARKETING] == {nk.Style.MASS}

    def test_what_sales_may_do_anyway_stays(self):
        """The permission adds one-to-one to the row's own; without a score it is awareness."""
        row = attrs.evolve(self.ROW, allowed={"sales": ["automated"]})
        desired = decide(policy(row, earliest_sales_touch="awareness"))
        assert desired.allowed == {nk.Team.SALES: {nk.Style.AUTOMATED, nk.Style.ONE_TO_ONE}}

    def test_other_rows_do_not_ask(self):
        """A row that doesn't say so allows what it says."""
        made = policy(attrs.evolve(self.ROW, early_sales=False), earliest_sales_touch="awareness")
        assert nk.Team.SALES not in decide(made).allowed
