"""The year simulation in its small form; `make deep` runs it for hundreds of leads."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import nurturekit as nk
from scripts.year_simulation import MUST_BE_ZERO

ROOT = Path(__file__).parents[2]
LEADS, NIGHTS = 10, 365


@cache
def totals():
    """Run the simulation once, in processes of its own: coverage would double its time."""
    script = ROOT / "scripts" / "year_simulation.py"
    sizes = ("--leads", str(LEADS), "--nights", str(NIGHTS), "--again-every", "3", "--json")
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, str(script), *sizes],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("policy", nk.PRESETS)
@pytest.mark.parametrize("count", MUST_BE_ZERO)
def test_a_year_of_nights_keeps_the_rules(policy, count):
    """What must never happen in a year of nightly decisions doesn't."""
    assert totals()[policy]["nights"] == LEADS * NIGHTS
    assert totals()[policy][count] == 0


def test_the_presets_differ_as_their_policies_say():
    """Sales-led makes no handoff and leans on reps; the others hand over and lean on automation."""
    marketing, sales, blended = (totals()[name] for name in nk.PRESETS)
    assert sales["handoffs"] == sales["owner changes"] == 0
    assert marketing["handoffs"] > blended["handoffs"] > 0
    assert max(marketing["rep touches"], blended["rep touches"]) < sales["rep touches"]
    assert sales["automated touches"] < min(
        marketing["automated touches"], blended["automated touches"]
    )


def test_a_year_holds_what_may_go_wrong():
    """Offers lapse under each policy, and only where a policy chases reps are they reminded."""
    for policy in nk.PRESETS:
        assert totals()[policy]["lapsed"] > 0
    late = {policy: totals()[policy]["reminders"] for policy in nk.PRESETS}
    assert late["marketing-led"] == 0 < min(late["sales-led"], late["blended"])
    assert sum(totals()[policy]["final lapses"] for policy in nk.PRESETS) > 0


@pytest.mark.parametrize("policy", nk.PRESETS)
def test_evidence_is_spent(policy):
    """Nine in ten hand-raises of a year, and more, are cited by an offer or an alert."""
    counts = totals()[policy]
    assert counts["hand-raises"] >= LEADS
    assert counts["hand-raises cited"] >= 0.9 * counts["hand-raises"]
