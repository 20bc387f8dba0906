"""The demonstration: 300 made-up leads under the three presets, then one lead's year.

make demo
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from golden import main as golden

import nurturekit as nk
from nurturekit.interop import Case, cases, read_leads, read_records, read_touches, read_world
from nurturekit.report import Comparison, Summary

DATA = Path(__file__).resolve().parent / "data"
AS_OF = datetime(2026, 11, 1, tzinfo=UTC)


def read() -> Iterator[Case]:
    """Yield the leads of `examples/data`, each with its history and its world."""
    leads = read_leads(DATA / "leads.csv")
    touches = read_touches(DATA / "touches.csv", known=leads.by_id)
    records = read_records(DATA / "records.jsonl", known=leads.by_id)
    world = read_world(DATA / "world.toml")
    return cases(leads, (*touches.records, *records.records), world=world)


def decide(playbook: nk.Playbook, found: list[Case]) -> list[nk.Decision]:
    """Return a playbook's decision for each lead."""
    return [
        playbook.decide(case.lead, case.history, as_of=AS_OF, world=case.world) for case in found
    ]


def main() -> None:
    """Print each preset's summary, where they disagree, and the golden story."""
    found = list(read())
    playbooks = [nk.preset(name) for name in nk.PRESETS]
    decided = {playbook.name: decide(playbook, found) for playbook in playbooks}
    for name, decisions in decided.items():
        summary = Summary()
        for decision in decisions:
            summary.add(decision)
        print(f"\n== {name}: {summary.leads} made-up leads as of {AS_OF:%d %B %Y}\n")
        print("\n".join(summary.lines()))

    print("\n== the same leads, three positions\n")
    comparison = Comparison(list(decided), first=3)
    for decisions in zip(*decided.values(), strict=True):
        comparison.add(decisions)
    print("\n".join(comparison.lines()))

    print("\n== one lead's year, decided every night\n")
    golden()


if __name__ == "__main__":
    main()
