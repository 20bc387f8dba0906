"""A list of work as rows, text and HTML."""

import pytest

import nurturekit as nk
from nurturekit.rates import conversion_rates
from nurturekit.work import work_queue
from tests.unit.work.cases import (
    NOW,
    PLAYBOOK,
    action,
    came,
    case,
    decision,
    later,
    nothing_new,
    owed,
)

EVIL = "<script>alert(1)</script>"


def queue(*decided, **fields):
    """Return the list of work."""
    return work_queue(decided, playbook=PLAYBOOK, as_of=NOW, rep="rep-7", **fields)


def several():
    """Return three leads to turn to and one with nothing new."""
    return [
        (case("b", came("b", -3, campaign="fair")), decision("b", action("b", content="guide"))),
        (case("a", came("a", -10)), decision("a", action("a"))),
        (case("c"), decision("c", *owed("c", "answer", later(0.1)))),
        (case("d"), decision("d", nothing_new("d"))),
    ]


def test_take_gives_as_many_as_there_is_time_for():
    """The first of the list, never more than there are."""
    found = queue(*several())
    assert [item.lead_id for item in found.take(2)] == ["c", "a"]
    assert found.take(9) == found.items == tuple(found)
    assert found.take(0) == ()
    with pytest.raises(nk.CallError) as raised:
        found.take(-1)
    assert raised.value.code == "out-of-range"


def test_rows_are_flat():
    """Each row holds the rank, the rate with its interval and n, the age, and the action's id."""
    rows = queue(*several()).rows()
    assert [row["lead_id"] for row in rows] == ["c", "a", "b"]
    last = rows[-1]
    assert (last["campaign"], last["n"], last["age_days"]) == ("fair", 0, 4)
    assert last["low"] < last["p"] < last["high"]
    assert last["priority"] == last["p"] * 4
    assert (last["action_id"], last["content"], last["channel"]) == ("do-b", "guide", "phone")
    assert (last["due"], rows[0]["due"]) == (None, later(0.1))
    assert not any(isinstance(value, (tuple, dict, list)) for row in rows for value in row.values())


def test_text_is_a_table_for_people():
    """A head, aligned columns, and how many are left out and why."""
    rates = conversion_rates(
        [case(f"l{n}", came(f"l{n}", -400, campaign="fair")) for n in range(40)], as_of=NOW
    )
    lines = str(queue(*several(), rates=rates)).splitlines()
    assert lines[0] == "rep-7 at 2026-03-02T09:00:00Z: 3 to do"
    assert lines[1].split() == ["rank", "kind", "lead", "how", "due", "rate", "age", "because"]
    assert "2026-03-02T11:24:00Z" in lines[2]
    assert "of 40 (fair)" in lines[4]
    assert {line.index("phone by rep-7") for line in lines[2:5]} == {lines[1].index("how")}
    assert lines[5:] == ["left out: 1 nothing-new"]


def test_an_empty_list_says_so():
    """No table without items, no count without anybody left out."""
    found = queue()
    assert str(found) == "rep-7 at 2026-03-02T09:00:00Z: 0 to do"
    assert repr(found) == "WorkQueue(rep-7: 0 to do, 0 left out)"
    assert len(found) == 0


def test_html_is_escaped():
    """Ids, campaigns and reasons are data, never markup."""
    lead = case(EVIL, came(EVIL, -1, campaign=EVIL))
    html = queue((lead, decision(EVIL, action(EVIL, because=EVIL))))._repr_html_()
    assert EVIL not in html
    assert html.count("&lt;script&gt;") == 3
