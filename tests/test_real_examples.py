"""The real examples read what they should, and decide every lead without an error.

The data isn't in the project, so what reads it is shown on made-up rows; the rest is skipped where
the data isn't there.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import nurturekit as nk

REAL = Path(__file__).resolve().parents[1] / "examples" / "real"
NAMES = ("olist", "loan_offers")
START = datetime(2011, 10, 3, 9, tzinfo=UTC)


@pytest.fixture(params=NAMES)
def script(request, monkeypatch) -> ModuleType:
    """Return each script in turn."""
    return _imported(request.param, monkeypatch)


@pytest.fixture
def olist(monkeypatch) -> ModuleType:
    """Return the script of the marketing funnel."""
    return _imported("olist", monkeypatch)


@pytest.fixture
def loans(monkeypatch) -> ModuleType:
    """Return the script of the loan log."""
    return _imported("loan_offers", monkeypatch)


def _imported(name: str, monkeypatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(REAL))
    return import_module(name)


def _sections(printed: str) -> Iterator[str]:
    for name in nk.PRESETS:
        yield printed.split(f"== {name}\n", 1)[1].split("\n== ", 1)[0]


def _check_results(printed: str) -> None:
    for section in _sections(printed):
        found = re.search(r"open leads ([\d,]+), .* blocks ([\d,]+) ", section)
        assert found is not None
        is_open, acting = (int(text.replace(",", "")) for text in found.groups())
        assert is_open > 0
        assert 2 * acting >= is_open
        assert "errors 0\n" in section


def _needs_data(script: ModuleType) -> None:
    sources = import_module("sources")
    folder = sources.DATA / script.SOURCE.folder
    if not all((folder / name).is_file() for name in script.SOURCE.files):
        pytest.skip(f"no {script.SOURCE.title}: the data isn't part of the project")


def test_a_slice_is_decided_without_an_error(script, monkeypatch, capsys):
    """Every lead of a slice is decided, and half of the open ones have something to do."""
    _needs_data(script)
    assert script.main(["--limit", "300"]) == 0
    _check_results(capsys.readouterr().out)


@pytest.mark.deep
def test_all_leads_are_decided_without_an_error(script, capsys):
    """Every lead is decided, and half of the open ones have something to do."""
    _needs_data(script)
    assert script.main([]) == 0
    _check_results(capsys.readouterr().out)


def test_missing_data_is_said(script, tmp_path, capsys):
    """Without the data the exit code is 2, and the message names the files and their source."""
    assert script.main(["--data", str(tmp_path)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert all(name in told.err for name in script.SOURCE.files)
    assert "publish" in told.err


def test_a_missing_column_is_said(olist, tmp_path, capsys):
    """A file without a column that is read ends as missing data does."""
    folder = tmp_path / "olist_funnel"
    folder.mkdir()
    for name in olist.FILES:
        (folder / name).write_text("mql_id\nlead-1\n", encoding="utf-8")
    assert olist.main(["--data", str(tmp_path)]) == 2
    assert "no column first_contact_date, landing_page_id, origin" in capsys.readouterr().err


def _written(folder: Path, name: str, columns: tuple[str, ...], *lines: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n".join([",".join(columns), *lines]) + "\n", encoding="utf-8")


def test_the_funnel_is_read_as_contacts_and_wins(olist, tmp_path, capsys):
    """A contact counts from its local day's start, a win closes, a later contact waits."""
    folder = tmp_path / "olist_funnel"
    contacts = ("l1,2018-03-01,page,social", "l2,2018-03-02,page,unknown", "l3,2018-07-01,page,")
    _written(folder, olist.LEADS, olist.FILES[olist.LEADS], *contacts)
    _written(folder, olist.DEALS, olist.FILES[olist.DEALS], "l1,sdr,sr,2018-03-20 14:00:00")
    touch, won = olist.read(folder, None).cases[0].history.records
    assert touch.occurred_at == datetime(2018, 3, 1, 3, tzinfo=UTC)
    assert (touch.campaign, touch.asset) == ("social", "page")
    assert (won.to, won.rep, won.origin) == ("customer", "sr", "person")
    assert olist.main(["--data", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "2 leads are there; 1 come later" in printed
    assert all("open leads 1, " in section for section in _sections(printed))


def _event(activity: str, transition: str, *, minutes: int, resource: str = "10862.0"):
    return {
        "case": "1",
        "activity": activity,
        "transition": transition,
        "timestamp": (START + timedelta(minutes=minutes)).isoformat(),
        "resource": resource,
    }


@pytest.mark.parametrize(("minutes", "kept"), [(10, 1), (69, 1), (70, 2), (3_000, 2)])
def test_a_follow_up_within_an_hour_of_the_offer_is_no_call(loans, minutes, kept):
    """The follow-up's work is opened while the offer is sent; an hour later it may be a call."""
    events = [
        _event("O_SENT", "COMPLETE", minutes=10),
        _event(*loans.FOLLOW_UP, minutes=minutes),
    ]
    assert len(loans.without_false_calls(events)) == kept


def test_the_log_is_read_as_touches_and_moves(loans):
    """Calls are by persons, the system's moves by a playbook, and who accepts has the lead."""
    events = [
        _event("A_SUBMITTED", "COMPLETE", minutes=0, resource="112.0"),
        _event("A_PREACCEPTED", "COMPLETE", minutes=1, resource="112.0"),
        _event("W_Completeren aanvraag", "SCHEDULE", minutes=2, resource="112.0"),
        _event("W_Completeren aanvraag", "START", minutes=60),
        _event("A_ACCEPTED", "COMPLETE", minutes=70),
        _event("W_Valideren aanvraag", "START", minutes=80),
        _event("W_Nabellen offertes", "START", minutes=90, resource=""),
    ]
    read = list(loans.records(events))
    assert [str(one.kind) for one in read] == [
        "form_submitted",
        "stage",
        "call_made",
        "stage",
        "rep",
        "call_made",
    ]
    assert [str(one.origin) for one in read] == [
        "lead",
        "playbook",
        "person",
        "person",
        "person",
        "person",
    ]
    assert [one.rep for one in read] == [None, None, "10862", "10862", "10862", None]
    situation = nk.Situation(nk.Lead(id="1"), read, as_of=START + timedelta(days=1))
    assert (situation.standing.stage, situation.standing.rep) == ("sql", "10862")
    assert len(situation.sales_touches) == 2


def test_work_on_a_list_asks_for_a_person_and_starting_it_answers(loans):
    """For the report sales has the case, each request is answered once, other work asks nobody."""
    work, checking = "W_Completeren aanvraag", "W_Valideren aanvraag"
    events = [
        _event("A_SUBMITTED", "COMPLETE", minutes=0, resource="112.0"),
        _event(work, "SCHEDULE", minutes=1, resource="112.0"),
        _event(work, "START", minutes=60),
        _event(work, "START", minutes=90),
        _event(checking, "SCHEDULE", minutes=95),
        _event(checking, "START", minutes=99),
    ]
    owner, asked, taken = loans.owned(events)
    assert (owner.to, owner.occurred_at) == ("sales", START)
    assert (asked.kind, asked.was, asked.rep) == ("offered", "sales", None)
    assert (taken.kind, taken.rep, taken.answers) == ("accepted", "10862", asked.id)
    assert taken.occurred_at == START + timedelta(minutes=60)


def test_both_say_who_is_held_to_account_and_what_that_can_t_show(script, capsys):
    """The report's numbers stand beside a list of what they can't say."""
    _needs_data(script)
    assert script.main(["--limit", "100"]) == 0
    printed = capsys.readouterr().out
    section = printed.split("== who is held to account\n", 1)[1]
    assert "leads owned" in section
    assert "pace as of" in section
    silence = section.split("can't show of this data\n", 1)[1].split("\n==", 1)[0]
    assert silence.count("\n- ") >= 5


def test_a_slice_is_spread_evenly(loans):
    """A limit takes leads from the whole file, each at most once."""
    sources = import_module("sources")
    assert sources.spread(list("abcdefgh"), 4) == list("aceg")
    assert sources.spread(list("abc"), 9) == list("abc")
    assert sources.spread(list("abc"), None) == list("abc")


@pytest.fixture
def calls(monkeypatch) -> ModuleType:
    """Return the script of the bank's repeated calls."""
    return _imported("repeated_calls", monkeypatch)


def test_repeated_calls_count_all_who_were_called_so_often(calls):
    """A client called three times was called once and twice as well, and said yes to the last."""
    made = [("1", "yes"), ("1", "no"), ("2", "no"), ("3", "yes")]
    found = calls.rates({"campaign": number, "y": answer} for number, answer in made)
    assert [(one.calls, one.yeses) for one in found] == [(4, 1), (2, 0), (1, 1)]
    assert calls.values(found) == [100, 0, 0]


def test_shipped_call_values_are_those_of_the_data(calls, capsys):
    """The shipped table is what the bank's calls give, by the aggregates alone."""
    sources = import_module("sources")
    if not (sources.DATA / calls.FOLDER / calls.FILE).is_file():
        pytest.skip(f"no {calls.TITLE}: the data isn't part of the project")
    assert calls.main([]) == 0
    told = capsys.readouterr().out
    assert all(f" {rate} %" in told for rate in ("5.58", "4.42", "2.41", "0.96"))
    columns = ("campaign", "y")
    found = calls.rates(
        sources.rows(sources.DATA / calls.FOLDER, calls.FILE, columns, separator=";")
    )
    assert calls.values(found)[: len(calls.CALL_VALUES)] == list(calls.CALL_VALUES)


def test_missing_calls_are_said(calls, tmp_path, capsys):
    """Without the data the exit code is 2, and the message names the file and its source."""
    assert calls.main(["--data", str(tmp_path)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert calls.FILE in told.err
    assert "publish" in told.err
