"""Is the buyer moving at the rate expected? Time in a stage against the histories' own past."""

import nurturekit as nk
from nurturekit.progress import pace
from tests.builders import BOTH, called, day, did, moved, night, run
from tests.cases import case, several

# Ten leads became sales-qualified 4 to 13 days after sales had accepted them; two went back.
PAST = several(
    *(
        [did("form_submitted", -40), moved("stage", -30, to="sal"), moved("stage", on, to="sql")]
        for on in range(-26, -16)
    ),
    *([[did("form_submitted", -40), moved("stage", -30, to="sal"), called(-25)]] * 2),
)
EXPECTED = pace(PAST, as_of=day(0))


def progress(days):
    """Return how a lead that sales accepted so many days ago stands."""
    lead = case(did("form_submitted", 0), moved("stage", 1, to="sal"))
    return EXPECTED.progress(lead, as_of=day(1 + days))


def test_expected_time_comes_from_the_histories_own_past():
    """Given ten leads that moved on and two that still wait, the median is of all twelve.

    Source: S2-5
    """
    expected = EXPECTED.stages[nk.Stage.SAL]
    assert (expected.n, expected.moved_on) == (12, 10)
    assert expected.expected_days == 9
    assert expected.low < 9 < expected.high


def test_a_laggard_is_flagged_and_a_new_lead_is_not():
    """Given a lead in the stage for three days and one for a month, only the latter is at risk.

    Source: S2-5
    """
    assert progress(3).at_risk is False
    laggard = progress(30)
    assert laggard.at_risk is True
    assert (laggard.days, laggard.expected_days) == (30, 9)
    assert laggard.days > laggard.high


def test_without_a_past_nobody_is_flagged():
    """Given no lead that ever left the stage, nothing is expected, and nothing is claimed.

    Source: S2-5
    """
    nothing = pace([], as_of=day(0))
    found = nothing.progress(case(did("form_submitted", 0)), as_of=day(300))
    assert (found.at_risk, found.expected_days) == (None, None)


def test_a_lead_that_playbooks_decide_moves_too():
    """Given a lead decided every night, its stays are those of the moves it was given.

    Source: S2-5
    """
    _, history = run("blended", [*BOTH, did("price_asked", 0), called(3)], 10)
    lead = case(*history.records)
    found = EXPECTED.progress(lead, as_of=night(12))
    assert (found.stage, found.at_risk) == ("sal", False)
    assert 8 < found.days < 10
