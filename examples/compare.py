"""The same leads under each preset, and under one with a parameter changed.

python examples/compare.py
"""

from datetime import UTC, datetime
from pathlib import Path

import attrs

import nurturekit as nk
from nurturekit.interop import cases, read_leads, read_records, read_touches, read_world
from nurturekit.report import Comparison

DATA = Path(__file__).resolve().parent / "data"
AS_OF = datetime(2026, 11, 1, tzinfo=UTC)


def main() -> None:
    """Print where the playbooks disagree."""
    leads = read_leads(DATA / "leads.csv")
    records = [
        *read_touches(DATA / "touches.csv", known=leads.by_id).records,
        *read_records(DATA / "records.jsonl", known=leads.by_id).records,
    ]
    found = list(cases(leads, records, world=read_world(DATA / "world.toml")))

    # A position is a value: change a parameter, and it is another one.
    blended = nk.preset("blended")
    later = attrs.evolve(
        blended,
        name="blended, sales from decision on",
        ownership=attrs.evolve(blended.ownership, earliest_sales_touch="decision"),
    )
    playbooks = [*map(nk.preset, nk.PRESETS), later]
    comparison = Comparison([playbook.name for playbook in playbooks], first=3)
    for case in found:
        comparison.add(
            [
                playbook.decide(case.lead, case.history, as_of=AS_OF, world=case.world)
                for playbook in playbooks
            ]
        )
    print("\n".join(comparison.lines()))


if __name__ == "__main__":
    main()
