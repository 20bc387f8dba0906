"""Whole tables decided: plug-ins row by row, any policy's rows, processes, progress, odd tables."""

from datetime import timedelta

import attrs
import pytest

import nurturekit as nk
from nurturekit import frame
from nurturekit.criteria import fact, parameter, signal
from nurturekit.errors import CallError, RecordError
from nurturekit.ownership import Row
from nurturekit.scoring import Dimension
from tests import scenes
from tests.engines import ENGINES, collect
from tests.tables import by_lead, differences, explained_table, singly, tables_of

BLENDED = nk.preset("blended")
LEADS, RECORDS = scenes.scene(11, leads=60, playbook=BLENDED)
FIELDS = {"as_of": scenes.AS_OF, "world": scenes.world()}


def _differences(playbook, *, engine="polars", records=RECORDS, **fields):
    fields = FIELDS | fields
    tables = tables_of(engine, LEADS, records)
    got = frame.decide(tables, playbook=playbook, **fields)
    fields.pop("explain", None)
    wanted = singly(playbook, LEADS, records, **fields)
    return got, differences(by_lead(got.table), wanted)


@attrs.frozen
class Mine:
    """A plug-in policy: marketing has the leads whose id ends in an even digit."""

    name: str = "mine"

    def decide(self, situation):
        """Return who should nurture."""
        is_even = int(situation.lead.id[-1]) % 2 == 0
        return nk.Desired(
            accountable=nk.Team.MARKETING if is_even else nk.Team.SALES,
            allowed={
                nk.Team.MARKETING: {nk.Style.AUTOMATED},
                nk.Team.SALES: {nk.Style.ONE_TO_ONE},
            },
        )


@attrs.frozen
class Length:
    """A plug-in signal: how long the lead's id is."""

    name: str = "id_length"

    def measure(self, situation):
        """Return the length."""
        return len(situation.lead.id)


def _with_row(when, **fields):
    """Return the playbook with a row before all others but the first."""
    policy = BLENDED.ownership
    made = Row(name="tried", number=90, when=when, accountable="marketing", **fields)
    rows = (policy.rows[0], made, *policy.rows[1:])
    return attrs.evolve(BLENDED, ownership=attrs.evolve(policy, rows=rows))


def test_a_plug_in_policy_is_decided_row_by_row():
    """A policy of one's own is asked about every lead, and `because` says why."""
    got, found = _differences(attrs.evolve(BLENDED, ownership=Mine()))
    assert found == []
    assert (got.singly, bool(got.because)) == (len(LEADS), True)


def test_a_plug_in_signal_is_decided_row_by_row():
    """A row that measures a signal of one's own is asked of every lead, and `because` says why."""
    got, found = _differences(_with_row(signal(Length()) >= 10))
    assert found == []
    assert (got.singly, bool(got.because)) == (len(LEADS), True)
    assert set(collect(got.table)["row"]) & {90}


ROWS = {
    "accountable": signal("accountable").equals("sales"),
    "has_rep": signal("has_rep").equals(True),
    "was_lost": signal("was_lost").equals(True),
    "unfit": signal("unfit").equals(False),
    "fit": signal("score.fit") >= 5,
    "score": signal("score") > 2.5,
    "grade": signal("grade").one_of("A1", "A2", "B1", "B2", "C2", "D3", "D4"),
    "position": signal("position").equals("none"),
    "stage": signal("stage").one_of("inquiry", "recycled"),
    "a parameter": (parameter("check_in_days") >= 30) & (signal("score.fit") < 5),
    "a fact": fact("employees") >= 50,
    "a text": ~fact("title").contains_any("vp"),
    "what is unknown": fact("nobody_told").is_known() | (fact("employees") < 50),
    "a count": nk.touches_count("*", days=30) >= 2,
    "a count of a channel": nk.touches_count("*", days=400, channel="email") < 3,
    "days since": nk.days_since("blog_viewed") > 20,
    "no touch": ~(nk.days_since("*") < 10_000),
    "nothing new": signal("new_evidence").equals("none") & signal("handoff").equals("none"),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_row_reads_from_columns_what_it_reads_of_a_lead(name):
    """Whatever a policy's row reads, columns say it as single leads do; it holds for some."""
    got, found = _differences(_with_row(ROWS[name], duties=("check_in",)))
    assert found == []
    assert (got.because, got.singly < len(LEADS)) == ("", True)
    assert set(collect(got.table)["row"]) & {90}


def test_who_is_unfit_may_be_told_by_counts():
    """Fitness that counts touches is read from columns, and bars the same leads."""
    unfit = nk.touches_count("*", days=60) >= 4
    judged = attrs.evolve(BLENDED.qualification, unfit=unfit)
    got, found = _differences(attrs.evolve(BLENDED, qualification=judged))
    assert found == []
    assert (got.because, got.singly < len(LEADS)) == ("", True)


def test_more_processes_change_nothing():
    """Two processes say what one does."""
    tables = tables_of("polars", LEADS, RECORDS)
    one = frame.decide(tables, playbook=BLENDED, **FIELDS)
    two = frame.decide(tables, playbook=BLENDED, processes=2, **FIELDS)
    assert by_lead(two.table) == by_lead(one.table)


def test_progress_is_told_up_to_the_total():
    """Progress counts every lead that is decided one by one, up to how many there are."""
    told = []
    tables = tables_of("polars", LEADS, RECORDS)
    got = frame.decide(
        tables, playbook=BLENDED, progress=lambda done, total: told.append((done, total)), **FIELDS
    )
    assert told == [(done, got.singly) for done in range(1, got.singly + 1)]
    assert got.singly > 0


def test_an_explanation_adds_up_to_every_score():
    """The long explanation has rows for every lead with points, which sum to its score."""
    got, _ = _differences(BLENDED, explain="long")
    rows = explained_table(got.contributions)
    sums = {one: sum(row["points_milli"] for row in found) for one, found in rows.items()}
    wanted = {one: row["score_milli"] for one, row in by_lead(got.table).items()}
    assert {one: sums.get(one, 0) for one in wanted} == wanted
    assert any(wanted.values())


def test_without_being_asked_nothing_is_explained():
    """An explanation costs time: by default there is none."""
    assert _differences(BLENDED)[0].contributions is None


@pytest.mark.parametrize("explain", ["wide", "", None, True])
def test_another_word_for_an_explanation_is_refused(explain):
    """`explain` is one of two words."""
    tables = tables_of("polars", LEADS, ())
    for ask in (
        lambda: frame.decide(tables, playbook=BLENDED, explain=explain, **FIELDS),
        lambda: frame.score(tables, BLENDED, as_of=scenes.AS_OF, explain=explain),
    ):
        with pytest.raises(CallError) as caught:
            ask()
        assert (caught.value.code, caught.value.argument) == ("unknown-word", "explain")


@pytest.mark.parametrize("field", ["as_of", "known_at"])
def test_a_naive_instant_is_refused(field):
    """Instants without a time zone are refused by name."""
    naive = {field: scenes.AS_OF.replace(tzinfo=None)}
    with pytest.raises(RecordError) as caught:
        frame.decide(tables_of("polars", LEADS, ()), playbook=BLENDED, **FIELDS | naive)
    assert (caught.value.code, caught.value.field) == ("naive-datetime", field)


@pytest.mark.parametrize("days", [0, 3, 30])
def test_late_records_count_from_when_they_are_known(days):
    """Records that were written down days later count as they do for single decisions."""
    late = scenes.later(RECORDS, 3)
    known_at = scenes.AS_OF + timedelta(days=days)
    got, found = _differences(BLENDED, records=late, known_at=known_at)
    assert found == []
    assert got.singly < len(LEADS)


def test_what_is_not_known_yet_is_not_seen():
    """Looked at from before anything was recorded, all leads are as if nothing had happened."""
    late = scenes.later(RECORDS, 300)
    got, found = _differences(BLENDED, records=late)
    assert found == []
    assert got.singly == 0 or got.singly < len(LEADS)


@pytest.mark.parametrize("kind", [nk.Touch, nk.Fact, nk.Move, nk.Consent, nk.Opening])
def test_any_table_but_the_leads_may_be_missing(kind):
    """Without touches, facts, moves, consents or openings the others still decide."""
    kept = [record for record in RECORDS if not isinstance(record, kind)]
    assert _differences(BLENDED, records=kept)[1] == []


def test_leads_without_any_records_are_decided():
    """Leads alone are a table."""
    got, found = _differences(BLENDED, records=())
    assert found == []
    assert set(collect(got.table)["stage"]) == {"inquiry"}


@pytest.mark.parametrize("playbook", [BLENDED, attrs.evolve(BLENDED, ownership=Mine())])
@pytest.mark.parametrize("engine", ["polars", "polars-lazy", "pandas", "pyarrow", "duckdb"])
def test_no_leads_are_no_rows(engine, playbook):
    """An empty table of leads gives an empty table with the same columns."""
    empty = frame.Tables(ENGINES[engine]({"id": ("text", [])}))
    some = frame.Tables(ENGINES[engine]({"id": ("text", ["lead-1"])}))
    nobody, somebody = (
        collect(frame.decide(one, playbook=playbook, **FIELDS).table) for one in (empty, some)
    )
    assert list(nobody) == list(somebody)
    assert set(map(len, nobody.values())) == {0}


@attrs.frozen
class Failing:
    """A plug-in that fails for some leads: as a policy for odd ids, as a planner for all."""

    name: str = "failing"

    def decide(self, situation):
        """Fail for an odd id."""
        if int(situation.lead.id[-1]) % 2:
            raise KeyError(situation.lead.id)
        return Mine().decide(situation)

    def plan(self, situation, ownership):
        """Fail."""
        raise KeyError(situation.lead.id, ownership)


def test_a_lead_that_cannot_be_decided_says_why():
    """A lead whose decision fails has its score and the error's code; the others are decided."""
    got, found = _differences(attrs.evolve(BLENDED, ownership=Failing()))
    assert found == []
    rows = by_lead(got.table)
    failed = {one for one, row in rows.items() if row["error"] is not None}
    assert failed == {lead.id for lead in LEADS if int(lead.id[-1]) % 2}
    assert all(rows[one]["stage"] is None and rows[one]["score_milli"] >= 0 for one in failed)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_leads_that_all_fail_stand_beside_leads_at_rest(engine):
    """Where every lead that stirs fails, those at rest are told from columns all the same."""
    got = frame.decide(
        tables_of(engine, LEADS, RECORDS),
        playbook=attrs.evolve(BLENDED, planner=Failing()),
        **FIELDS,
    )
    rows = by_lead(got.table).values()
    assert sum(row["error"] is not None for row in rows) == got.singly > 0
    assert {row["stage"] is None for row in rows if row["error"] is None} == {False}


def _demo(engine, **attributes):
    """Return a lead that asked for a demo, and one that did nothing, of the same attributes."""
    leads = {name: (word, [value, None]) for name, (word, value) in attributes.items()}
    touches = {
        "lead_id": ("text", ["a"]),
        "occurred_at": ("instant", [scenes.AS_OF - timedelta(days=1)]),
        "kind": ("text", ["demo_requested"]),
    }
    make = ENGINES[engine]
    tables = frame.Tables(make({"id": ("text", ["a", "b"]), **leads}), make(touches))
    got = frame.decide(tables, playbook=BLENDED, **FIELDS)
    assert got.singly == 1
    return by_lead(got.table)


@pytest.mark.parametrize("engine", ["polars", "duckdb", "pandas"])
def test_a_row_that_is_no_lead_is_not_lost(engine):
    """A lead whose text holds a control character has its score, and an error in its row."""
    rows = _demo(engine, notes=("text", "a\x07b"))
    assert {one: row["error"] for one, row in rows.items()} == {"a": "bad-lead", "b": None}
    assert rows["a"]["score_milli"] > 0
    assert (rows["a"]["stage"], rows["b"]["stage"]) == (None, "inquiry")


@pytest.mark.parametrize("engine", ["polars", "pandas"])
def test_an_instant_among_attributes_loses_no_lead(engine):
    """A lead with a column of instants, such as when it was made, is in the answer."""
    assert set(_demo(engine, created_at=("instant", scenes.AS_OF))) == {"a", "b"}


def test_a_rule_that_reads_what_columns_do_not_tell_is_refused():
    """A scoring rule that reads a signal of one's own is refused by its name, before any work."""
    rule = nk.Rule("long", dimension="fit", points=5, when=signal(Length()) >= 1)
    leads = ENGINES["polars"]({"id": ("text", ["l1"])})
    with pytest.raises(CallError) as caught:
        frame.score(frame.Tables(leads), nk.ScoringModel(rules=[rule]), as_of=scenes.AS_OF)
    assert (caught.value.code, caught.value.argument) == ("not-in-columns", "scoring")
    assert "id_length" in str(caught.value)


def test_a_dimension_called_as_the_total_is_refused():
    """A dimension `score` would have the total's column: it is refused by its name."""
    rule = nk.Rule("vp", dimension="score", points=5, when=fact("title").is_known())
    leads = ENGINES["polars"]({"id": ("text", ["l1"])})
    with pytest.raises(CallError) as caught:
        frame.score(frame.Tables(leads), nk.ScoringModel(rules=[rule]), as_of=scenes.AS_OF)
    assert caught.value.code == "not-in-columns"


def test_a_dimension_called_total_adds_up():
    """A dimension `total` with a limit has its own rows, and they add up to the score."""
    model = nk.ScoringModel(
        rules=[nk.Rule("vp", dimension="total", points=50, when=fact("title").is_known())],
        dimensions=[Dimension("total", maximum=30)],
        maximum=20,
    )
    leads = ENGINES["polars"]({"id": ("text", ["l1"]), "title": ("text", ["VP"])})
    found = frame.score(frame.Tables(leads), model, as_of=scenes.AS_OF, explain="long")
    assert collect(found.table)["total_milli"] == [30_000]
    assert sorted(collect(found.contributions)["points_milli"]) == [-20_000, -10_000, 50_000]
