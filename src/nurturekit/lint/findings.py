"""What a check finds, and the table of everything that can be found.

OPEN. To add one: its code here, with what it means, and the check that yields it in
`lint.runner`.
"""

from collections.abc import Mapping

import attrs

from nurturekit.records import FrozenMap

ERROR, WARNING = "error", "warning"


@attrs.frozen(kw_only=True)
class Finding:
    """Something in a playbook that loads but can't work, or won't for long.

    Args:
        code: What is wrong, stable; one of `CODES`.
        path: Where in the document; tables in a list go by name: `$.sequences[nurture].exit`.
        problem: What is wrong with it.
        remedy: What to do.
        level: `error` where something can never take effect, `warning` where it deserves a look.
    """

    code: str
    path: str
    problem: str
    remedy: str
    level: str = ERROR

    def __str__(self) -> str:
        return f"{self.level}: `{self.path}` {self.problem}: {self.remedy} [{self.code}]"


CODES: Mapping[str, str] = FrozenMap(
    {
        "dead-rule": "a scoring rule or dimension never changes anything, whatever happens",
        "band-never-hit": "no lead can come into a band, or get a grade's letter or digit",
        "gate-out-of-reach": "no lead can cross a threshold of points, or every lead is past it",
        "shadowed-row": "an ownership row never decides: the rows before it hold wherever it would",
        "never-entered": "no lead can ever enter a sequence",
        "exit-at-once": "who could enter a sequence has reached its exit already",
        "unreachable-step": "no path through a sequence leads to a step",
        "beyond-horizon": "a step comes later than anybody plans",
        "no-end": "a sequence that isn't for everybody goes on for ever",
        "never-opens": "a step's hours never open together with those of its channel",
        "capped-out": "a cap leaves no room for a sequence's own rhythm",
        "no-content-left": "the content library runs out before the sequence does",
        "sequence-not-continued": "no ownership row ever lets a sequence run",
        "unknown-trigger": "nothing that a lead does can end a wait",
        "unfulfilled-goal": "no described kind of touch can fulfil a goal",
    }
)
