"""The report as a value: what it counts of work, and its rows, text and table."""

from datetime import datetime

import attrs
import pandas as pd
import pytest

import nurturekit as nk
from nurturekit.accountability import MEASURES, SMALL_N, Report, Unit, report
from nurturekit.accountability.values import share
from tests.builders import BOTH, called, day, decide, did, mailed, moved
from tests.cases import case
from tests.unit.accountability.cases import (
    ANY_HOUR,
    END,
    START,
    WITH_MARKETING,
    WITH_SALES,
    found,
    offered,
    taken,
    told,
)

MINE = moved("rep", 0, rep="rep-7")
CALLS = [called(1, outcome="voicemail"), called(2, outcome="no_answer"), called(3), called(4)]


def test_minutes_are_the_caller_s_per_channel():
    """Four calls of 6 minutes, two of which reached nobody; a touch's own value isn't minutes."""
    talk = called(5, id="talk", value=90)
    made = told([WITH_SALES, MINE, *CALLS, talk], minutes={"phone": 6})
    for rep in (None, "rep-7"):
        spent, wasted = (
            made.find(name, team="sales", rep=rep) for name in ("minutes spent", "minutes wasted")
        )
        assert (spent.value, spent.n, wasted.value, wasted.n) == (30, 5, 12, 2)
        assert made.find("reached nobody", team="sales", rep=rep).value == 2 / 5


def test_without_minutes_only_touches_are_counted():
    """Nobody knows what a call costs: counts, and no minutes."""
    made = told([WITH_SALES, *CALLS])
    assert made.find("one-to-one touches", team="sales").value == 4
    spent = made.find("minutes spent", team="sales")
    assert (spent.value, spent.note) == (None, "no minutes per channel given")


def test_a_channel_without_minutes_is_named():
    """What wasn't given isn't taken for nothing; no touches make no minutes known."""
    made = told([WITH_SALES, *CALLS], minutes={"email": 2})
    spent = made.find("minutes spent", team="sales")
    assert (spent.value, spent.n, spent.note) == (0, 0, "no minutes given for phone")
    assert told([WITH_SALES], minutes={"phone": 6}).find("minutes spent").value is None


def test_without_an_outcome_nobody_knows_whether_it_was_wasted():
    """Unknown isn't reached: the share is of the calls with an outcome, and says of how many."""
    silent = [called(on, outcome=None) for on in (5, 6)]
    made = told([WITH_SALES, *silent], minutes={"phone": 6})
    nobody, wasted = (made.find(name, team="sales") for name in ("reached nobody", WASTED))
    assert (nobody.value, nobody.n, wasted.value) == (None, 0, None)
    assert nobody.note == wasted.note == "2 of 2 have no outcome"
    some = told([WITH_SALES, *silent, *CALLS], minutes={"phone": 6})
    assert some.find("reached nobody", team="sales").value == 0.5
    assert some.find(WASTED, team="sales").value == 12


WASTED = "minutes wasted"


def test_a_person_of_marketing_works_too():
    """One-to-one touches by marketing's people are its work; its machine's mail isn't."""
    by_hand = nk.Touch(
        id="by-hand",
        lead_id="lead-1",
        kind="note_sent",
        direction="outbound",
        style="one_to_one",
        rep="mo",
        occurred_at=day(3),
    )
    made = told([WITH_MARKETING, mailed(2, "guide"), by_hand], minutes={"email": 2})
    assert made.find("one-to-one touches", team="marketing", rep="mo").value == 1
    assert made.find("minutes spent", team="marketing").note == "no minutes given for no channel"


def test_the_playbook_says_what_a_touch_leaves_out():
    """A call that names no direction, channel or style is one by what the playbook says of it."""
    bare = nk.Touch(
        id="c", lead_id="lead-1", kind="call_made", rep="rep-7", occurred_at=day(1), origin="person"
    )
    cases = [case(WITH_SALES, bare, scene=ANY_HOUR)]
    window = {"start": START, "end": END, "minutes": {"phone": 6}}
    unknown, known = (
        report(cases, **window, kinds=kinds) for kinds in (None, nk.preset(nk.PRESETS[0]).kinds)
    )
    spent = [one.find("minutes spent", team="sales").value for one in (unknown, known)]
    assert spent == [None, 6]


def test_work_is_counted_in_the_window_only():
    """Calls before the start or at the end belong to other windows."""
    assert found("one-to-one touches", [called(-1), called(0), called(60)]).value == 1


def test_leads_without_a_next_action_come_from_decisions():
    """An open lead has an action or a reason; without decisions nobody can say."""
    assert told([]).find("without a next action", team="sales").value is None
    decision = decide("sales-led", [*BOTH, did("form_submitted", 0)], 1)
    idle = attrs.evolve(decision, actions=(), blocked=())
    for given, count in ((decision, 0), (idle, 1)):
        made = told([], decisions=[given])
        one = made.find("without a next action", team="sales")
        assert (one.value, one.n, one.note) == (count, 1, "")
        assert made == told([], decisions={given.lead_id: given})


def test_closed_and_other_leads_decisions_are_left_out():
    """A closed lead needs no action, and a decision about a lead not reported on isn't counted."""
    closed = decide("sales-led", [moved("stage", 0, to="lost", reason="competitor")], 1)
    other = decide("sales-led", [], 1, lead=nk.Lead(id="elsewhere"))
    made = told([], decisions=[closed, other])
    assert [made.find("without a next action", team=team).n for team in nk.Team] == [0, 0]


def test_rows_make_a_frame():
    """All rows have the same keys and plain values."""
    made = told([WITH_SALES, MINE, *CALLS])
    frame = pd.DataFrame(made.rows())
    assert len(frame) == len(made.measures)
    assert set(frame["name"]) == {one.name for one in MEASURES} - {"rejected because"}
    row = frame[(frame["name"] == "share touched") & (frame["rep"] == "rep-7")].iloc[0]
    assert (row["value"], row["team"], row["unit"], row["small"]) == (1, "sales", "share", True)
    plain = (str, int, float, bool, type(None))
    assert {type(value) for each in made.rows() for value in each.values()} <= set(plain)


def test_every_measure_is_defined():
    """Each row of the table has words and the requirement that asks for it; names are unique."""
    assert all(one.words and one.source.startswith("S") for one in MEASURES)
    assert len({one.name for one in MEASURES}) == len(MEASURES)


def test_few_cases_are_marked():
    """A share of four is small, a share of five isn't; a count never is."""
    four, five = (told(*([[WITH_SALES]] * number)) for number in (SMALL_N - 1, SMALL_N))
    assert [one.find("share touched", team="sales").small for one in (four, five)] == [True, False]
    assert not four.find("leads owned", team="sales").small
    lines = [
        next(line for line in one.text().splitlines() if "share touched" in line)
        for one in (four, five)
    ]
    assert lines[0].endswith("n=4, few cases")
    assert lines[1].endswith("n=5")


def test_text_tells_what_there_is():
    """One block per team and rep with a line per measure; what rests on nothing is left out."""
    offer = offered(1)
    lines = told([WITH_MARKETING, offer, *taken(2, offer), called(3), called(4)]).text().split("\n")
    assert lines[0] == "accountability, 2026-03-02T10:00:00Z to 2026-05-01T10:00:00Z, 1 lead"
    titles = [line for line in lines[1:] if line and not line.startswith(" ")]
    assert titles == [
        "effort of marketing",
        "effort of sales",
        "effort of sales, rep-7",
        "quality of what marketing gives",
        "quality of what comes by campaign none",
    ]
    note = "n=1, few cases, elapsed hours, as no business hours are known"
    median = f"  {'first touch, median':<28} {'48.0 h':>14}  48.0 h to 48.0 h, {note}"
    assert median in lines


def test_text_shows_minutes_and_what_isn_t_reached():
    """Minutes are whole; a limit that the data doesn't reach is a question mark."""
    made = told(
        [WITH_MARKETING, offered(1), called(2)],
        *([[WITH_MARKETING, offered(1)]] * 2),
        minutes={"phone": 1_500},
    )
    text = str(made)
    assert "1,500 min" in text
    assert "unknown" in text
    assert "24.0 h to ?" in text


def test_the_table_for_notebooks_is_escaped():
    """Ids and campaigns are somebody's text."""
    evil = "<b>rep</b>"
    records = [WITH_SALES, moved("rep", 0, rep=evil), called(1, rep=evil)]
    page = told(records)._repr_html_()
    assert evil not in page
    assert "&lt;b&gt;rep&lt;/b&gt;" in page


def test_a_report_says_what_it_is():
    """Its representation is short and names nobody."""
    made = told([WITH_SALES], [WITH_SALES])
    assert isinstance(made, Report)
    assert repr(made) == "<Report 2026-03-02T10:00:00Z to 2026-05-01T10:00:00Z, 2 leads>"
    assert made.find("leads owned", team="sales", rep="nobody") is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"end": START}, "out-of-range"),
        ({"start": datetime(2026, 1, 1)}, "naive-datetime"),
        ({"minutes": {"fax": 1}}, "unknown-word"),
        ({"minutes": {"phone": -1}}, "out-of-range"),
        ({"minutes": {"phone": float("nan")}}, "out-of-range"),
        ({"minutes": {"phone": "6"}}, "not-a-number"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(changes, code):
    """An empty window, a naive instant, and minutes that can't be."""
    with pytest.raises(nk.NurtureError) as raised:
        told([], **changes)
    assert raised.value.code == code


def test_a_lead_comes_once():
    """Twice the same lead would count twice."""
    with pytest.raises(nk.CallError) as raised:
        report([case(), case()], start=START, end=END)
    assert raised.value.code == "duplicate-id"


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    # Newcombe 1998, table I, method 3 (Wilson without continuity correction).
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_shares_have_wilson_s_interval(count, of, low, high):
    """The limits are those that Newcombe prints; a share of nothing is None."""
    one = share(count, of)
    assert (round(one.low, 4), round(one.high, 4), one.n) == (low, high, of)
    assert share(0, 0).value is None


def test_units_are_words():
    """A row names its unit in plain words."""
    assert {str(unit) for unit in Unit} == {"count", "share", "hours", "minutes"}


def test_a_measure_nobody_knows_is_no_none():
    """A misspelt name is said to be one, with the nearest."""
    made = report([], start=day(0), end=day(1))
    with pytest.raises(nk.CallError) as caught:
        made.find("share toched")
    assert caught.value.code == "unknown-word"
    assert "did you mean `share touched`?" in str(caught.value)


def test_a_share_lies_within_its_own_interval():
    """Also where rounding would put the lower limit above nothing."""
    for count, of in ((0, 5), (5, 5), (0, 7), (12, 12)):
        found = share(count, of)
        assert found.low <= found.value <= found.high
