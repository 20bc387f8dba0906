"""Signals that count or date touches, as columns: each edge as it is for one lead."""

from datetime import UTC, datetime, timedelta

import pytest

import nurturekit as nk
from nurturekit import frame
from nurturekit.scoring import ScoringModel
from tests.engines import collect
from tests.tables import tables_of

NOW = datetime(2026, 10, 30, 12, tzinfo=UTC)
TODAY = datetime(2026, 10, 30, tzinfo=UTC)
MICRO = timedelta(microseconds=1)
KINDS = {
    "visit": nk.Kind.of(channel="web"),
    "mail": nk.Kind.of(channel="email", direction="outbound"),
    "robot": nk.Kind.of(human=False),
}
# What is looked at, and touches that are just within it or just outside.
CASES = {
    "no touches": (nk.touches_count("visit") >= 1, []),
    "one": (nk.touches_count("visit") >= 1, [{}]),
    "the window's first instant": (
        nk.touches_count("visit", days=2) >= 1,
        [{"at": TODAY - timedelta(days=1)}],
    ),
    "before the window": (
        nk.touches_count("visit", days=2) >= 1,
        [{"at": TODAY - timedelta(days=1) - MICRO}],
    ),
    "the instant itself": (nk.touches_count("visit") >= 1, [{"at": NOW}]),
    "later": (nk.touches_count("visit") >= 1, [{"at": NOW + MICRO}]),
    "known later": (nk.touches_count("visit") >= 1, [{"known": NOW + MICRO}]),
    "a machine's": (nk.touches_count("visit") >= 1, [{"automated": True}]),
    "ours by a machine": (nk.touches_count("mail") >= 1, [{"kind": "mail", "automated": True}]),
    "a machine's kind": (nk.touches_count("*") >= 1, [{"kind": "robot"}]),
    "an unknown kind": (nk.touches_count("*") >= 1, [{"kind": "never_described"}]),
    "the kind's channel": (nk.touches_count("*", channel="web") >= 1, [{}]),
    "its own channel": (nk.touches_count("*", channel="web") >= 1, [{"channel": "phone"}]),
    "another's channel": (
        nk.touches_count("*", channel="phone") >= 1,
        [{"kind": "mail", "channel": "phone"}],
    ),
    "two windows": (
        (nk.touches_count("visit", days=30) >= 1) & ~(nk.touches_count("visit", days=2) >= 1),
        [{"at": TODAY - timedelta(days=3)}],
    ),
    "a window before an opening": (nk.touches_count("visit", days=9) < 1, []),
    "never, beyond the calendar": (nk.days_since("visit") > 30_000, []),
    "never": (nk.days_since("visit") >= 0, []),
    "today": (nk.days_since("visit").equals(0), [{"at": TODAY}]),
    "yesterday": (nk.days_since("visit").equals(1), [{"at": TODAY - MICRO}]),
    "the latest counts": (
        nk.days_since("visit").equals(2),
        [{"at": NOW - timedelta(days=9)}, {"at": NOW - timedelta(days=2)}],
    ),
}


def _touch(number, *, at=NOW - timedelta(days=1), kind="visit", known=None, **fields):
    return nk.Touch(
        id=f"t{number}", lead_id="l1", kind=kind, occurred_at=at, recorded_at=known, **fields
    )


@pytest.mark.parametrize("opened", [(), (5,), (20, 5)])
@pytest.mark.parametrize("name", CASES)
def test_a_signal_counts_as_it_does_for_one_lead(name, opened):
    """Each way a touch may count or not, with and without an opening that bounds what is known."""
    when, given = CASES[name]
    model = ScoringModel(
        rules=[
            nk.Rule("holds", dimension="a", points=1, when=when),
            nk.Rule("fails", dimension="b", points=1, when=~when),
        ],
        kinds=KINDS,
    )
    lead, records = nk.Lead(id="l1"), [_touch(at, **one) for at, one in enumerate(given)]
    for days in opened:
        at = NOW - timedelta(days=days)
        records.append(nk.Opening(id=f"o{days}", lead_id="l1", occurred_at=at))
    alone = model.score(lead, records, as_of=NOW)
    for engine in ("polars", "duckdb"):
        found = collect(frame.score(tables_of(engine, [lead], records), model, as_of=NOW).table)
        assert [found["a_milli"], found["b_milli"]] == [
            [alone.dimensions["a"]],
            [alone.dimensions["b"]],
        ]


def test_the_cases_hold_and_fail():
    """The cases above aren't all alike: some hold, some fail, and some are unknown."""
    seen = set()
    for when, given in CASES.values():
        model = ScoringModel(
            rules=[nk.Rule("holds", dimension="a", points=1, when=when)], kinds=KINDS
        )
        records = [_touch(at, **one) for at, one in enumerate(given)]
        for known in ([], [nk.Opening(id="o", lead_id="l1", occurred_at=NOW)]):
            row = model.score(nk.Lead(id="l1"), [*records, *known], as_of=NOW).contributions[0]
            seen.add("unknown" if row.unknown else row.milli)
    assert seen == {0, 1000, "unknown"}
