"""Time in a stage against what the histories' own past lets expect."""

import pandas as pd
import pytest

import nurturekit as nk
from nurturekit.progress import SMALL_N, pace
from tests.builders import allowed, day, did, moved
from tests.cases import case, several

AS_OF = day(100)


def arrived(on=0):
    """Return a lead's first touch."""
    return did("form_submitted", on)


def passed(days, to="mql", on=0):
    """Return the records of a lead that leaves inquiry after so many days."""
    return [arrived(on), moved("stage", on + days, to=to, reason="not_now")]


def of(stage, cases, as_of=AS_OF):
    """Return the pace of one stage."""
    return pace(cases, as_of=as_of).stages[stage]


def test_the_median_is_over_moves_forward():
    """Five leads that left inquiry after 1 to 5 days: half of them had by the third."""
    found = of("inquiry", several(*(passed(days) for days in range(1, 6))))
    assert (found.expected_days, found.n, found.moved_on) == (3, 5, 5)
    assert not found.small


def test_days_are_exact():
    """A day and a quarter of an hour is just that."""
    found = of("inquiry", [case(*passed(1 + 1 / 96))])
    assert found.expected_days == 1 + 1 / 96


@pytest.mark.parametrize("to", ["recycled", "incubating", "lost", "disqualified"])
def test_leaving_otherwise_is_censored(to):
    """A lead that goes back or is closed only says that moving on would have taken longer."""
    found = of("inquiry", several(passed(2), passed(1, to=to), passed(3)))
    assert (found.n, found.moved_on) == (3, 2)
    assert found.expected_days == 2
    alone = of("inquiry", several(passed(1, to=to)))
    assert alone.expected_days is None


def test_who_is_still_there_is_censored():
    """Leads that wait make the median later, or unknown; they are no failures."""
    found = of("inquiry", several(passed(2), [arrived(99)]))
    assert found.expected_days == 2
    waiting = of("inquiry", several(passed(2), *([arrived(0)] for _ in range(3))))
    assert (waiting.n, waiting.moved_on, waiting.expected_days) == (4, 1, None)


def test_each_visit_is_a_stay():
    """A lead that comes back to mql has two stays there; a move to the same stage ends none."""
    visits = [
        arrived(),
        moved("stage", 2, to="mql"),
        moved("stage", 3, to="mql"),
        moved("stage", 6, to="recycled", reason="not_now"),
        moved("stage", 10, to="mql", id="back"),
        moved("stage", 11, to="sal"),
    ]
    found = pace([case(*visits)], as_of=AS_OF).stages
    assert (found["mql"].n, found["mql"].moved_on, found["mql"].expected_days) == (2, 1, 1)
    assert found["recycled"].expected_days == 4
    assert (found["sal"].n, found["sal"].moved_on) == (1, 0)


def test_a_stage_passed_in_no_time_is_no_stay():
    """A lead whose first record is its stage never was an inquiry; nor was one not yet there."""
    assert of("inquiry", several([moved("stage", 0, to="mql")], [arrived(200)])).n == 0


def test_a_legal_basis_starts_no_stay():
    """A basis may be older than the lead: its first stay begins with its first touch."""
    assert of("inquiry", several([*allowed("email", on=-30), *passed(2)])).expected_days == 2


def test_a_stay_under_way_at_the_opening_is_left_out():
    """Nobody knows when it began: it counts for nothing, but the next stay does."""
    opening = nk.Opening(id="opening", lead_id="lead-1", occurred_at=day(0), stage="mql")
    found = pace(
        [case(opening, moved("stage", 1, to="sal"), moved("stage", 5, to="sql"))], as_of=AS_OF
    ).stages
    assert found["mql"].n == 0
    assert (found["sal"].n, found["sal"].expected_days) == (1, 4)


def test_closed_stages_expect_nothing():
    """A customer, a disqualified or a lost lead has arrived."""
    stages = pace([], as_of=AS_OF).stages
    assert set(nk.Stage) - set(stages) == {"customer", "disqualified", "lost"}


def test_later_records_change_nothing():
    """The pace as of an instant is read from what could be seen then."""
    known = several(passed(2), passed(4))
    more = several([*passed(2), moved("stage", 50, to="sal")], passed(4))
    assert pace(known, as_of=day(40)) == pace(more, as_of=day(40))


FIVE = several(*(passed(days) for days in range(1, 6)))
EXPECTED = pace(FIVE, as_of=AS_OF)


def test_a_laggard_is_at_risk_past_the_upper_limit():
    """Longer in the stage than the upper limit of the median is at risk; up to it isn't."""
    high = EXPECTED.stages["inquiry"].high
    assert high == 5
    late, fine = (
        EXPECTED.progress(case(arrived()), as_of=day(days)) for days in (high + 0.01, high)
    )
    assert (late.at_risk, fine.at_risk) == (True, False)
    assert (fine.stage, fine.days, fine.expected_days) == ("inquiry", 5, 3)
    assert (fine.low, fine.high, fine.at_least) == (1, 5, False)
    assert "more than 5.0" in late.because


def test_no_upper_limit_is_unknown_not_fine():
    """Where most leads still wait, nobody can say how late is late."""
    waiting = several(passed(2), *([arrived()] for _ in range(9)))
    found = pace(waiting, as_of=AS_OF).progress(case(arrived()), as_of=AS_OF)
    assert (found.at_risk, found.high) == (None, None)


def test_few_stays_expect_nothing():
    """Below five stays nothing is expected of anybody, and the pace says so."""
    few = pace(FIVE[: SMALL_N - 1], as_of=AS_OF)
    assert few.stages["inquiry"].small
    assert few.progress(case(arrived()), as_of=AS_OF).at_risk is None
    assert EXPECTED.progress(case(arrived()), as_of=AS_OF).at_risk is True


def test_a_closed_lead_is_at_no_risk():
    """Nothing is expected of a customer."""
    won = case(arrived(), moved("stage", 1, to="customer"))
    found = EXPECTED.progress(won, as_of=AS_OF)
    assert (found.stage, found.at_risk, found.expected_days) == ("customer", None, None)


def test_since_before_the_opening_is_a_lower_bound():
    """Its days count from the opening: too many are a risk for sure, few say nothing."""
    opening = nk.Opening(id="opening", lead_id="lead-1", occurred_at=day(0))
    found = [EXPECTED.progress(case(opening), as_of=day(days)) for days in (2, 6)]
    assert [(one.at_risk, one.at_least, one.days) for one in found] == [
        (None, True, 2),
        (True, True, 6),
    ]


def test_nobody_there_yet_is_no_error():
    """A lead of which nothing can be seen has spent no time in its first stage."""
    found = EXPECTED.progress(case(), as_of=AS_OF)
    assert (found.stage, found.days, found.at_risk) == ("inquiry", 0, False)


def test_rows_make_a_frame():
    """One row per stage, plain values only."""
    frame = pd.DataFrame(EXPECTED.rows())
    assert list(frame["stage"]) == [str(stage) for stage in EXPECTED.stages]
    assert frame.loc[0, "expected_days"] == 3
    assert {type(row["stage"]) for row in EXPECTED.rows()} == {str}


def test_text_is_a_table():
    """Stages nobody was in are left out; what isn't known says so; few stays are marked."""
    text = str(pace([*FIVE[:2], case(lead="none")], as_of=AS_OF))
    assert text.splitlines()[0] == "pace as of 2026-06-10T10:00:00Z"
    rows = [line.split() for line in text.splitlines()[2:]]
    assert rows == [
        ["inquiry", "1.0", "1.0", "to", "2.0", "2", "2", "few", "stays"],
        ["mql", "unknown", "?", "to", "?", "2", "0", "few", "stays"],
    ]
    assert repr(EXPECTED) == "<Pace as of 2026-06-10T10:00:00Z>"
