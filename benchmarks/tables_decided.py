"""What the table benchmark decides about: leads at rest, whom nothing follows for."""

from datetime import timedelta

import attrs
import numpy as np
import pyarrow as pa
from tables_data import AS_OF_US, DAY_US

from nurturekit.playbook import Playbook
from nurturekit.presets import preset
from nurturekit.scoring import ScoringModel

# Within the dwell, so that no score crosses a gate.
SINCE_US = AS_OF_US - timedelta(days=20).days * DAY_US
MOVES = (("stage", "mql"), ("owner", "marketing"))


def playbook(scoring: ScoringModel) -> Playbook:
    """Return the blended preset with the benchmark's model and kinds, none of them a hand-raise."""
    return attrs.evolve(preset("blended"), scoring=scoring, kinds=scoring.kinds)


def moves(leads: int) -> pa.Table:
    """Return two moves a lead: to its stage and to its owner."""
    count = len(MOVES)
    numbers = np.repeat(np.arange(leads), count)
    ids = np.char.add("lead-", np.char.zfill(numbers.astype(str), 7))
    instants = np.full(leads * count, SINCE_US)
    return pa.table(
        {
            "id": pa.array(np.char.add(np.char.add(ids, "-"), np.tile(["s", "o"], leads))),
            "lead_id": pa.array(ids),
            "kind": pa.array([kind for kind, _ in MOVES] * leads),
            "to": pa.array([to for _, to in MOVES] * leads),
            "reason": pa.array(["table benchmark"] * (leads * count)),
            "occurred_at": pa.array(instants, pa.timestamp("us", tz="UTC")),
        }
    )
