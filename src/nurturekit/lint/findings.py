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


@attrs.frozen
class Code:
    """What a code means.

    Args:
        meaning: What is wrong, in one line.
        levels: The levels at which it is found.
    """

    meaning: str
    levels: tuple[str, ...] = (ERROR,)


_WARNED = (WARNING,)
_BOTH = (ERROR, WARNING)

CODES: Mapping[str, Code] = FrozenMap(
    {
        "dead-rule": Code("a scoring rule or dimension gives the same whatever happens"),
        "band-never-hit": Code("no lead comes into a band, or gets a letter or digit", _WARNED),
        "gate-out-of-reach": Code(
            "no lead crosses a threshold of points; as a warning: no mql is ever recycled", _BOTH
        ),
        "shadowed-row": Code("an ownership row never decides: it can't hold, or not there first"),
        "never-entered": Code("the entry of a sequence can never hold"),
        "exit-at-once": Code("the exit of a sequence holds wherever its entry does"),
        "sequence-not-continued": Code(
            "no open ownership row lets a sequence, or one of its steps, run", _WARNED
        ),
        "unknown-trigger": Code("what ends a wait isn't anything that a lead does", _WARNED),
        "unfulfilled-goal": Code("no kind of touch is the reply that is the goal", _WARNED),
        "unreachable-step": Code("no path through a sequence leads to a step"),
        "arm-never-taken": Code("a branch never goes one of its ways", _WARNED),
        "beyond-horizon": Code("a wait, or the quickest path to a step, is too long", _WARNED),
        "no-end": Code("a sequence that isn't for everybody goes on for ever", _WARNED),
        "never-opens": Code("a sequence's hours never open together with its channel's"),
        "capped-out": Code(
            "a cap has no room for a step: one that drops refuses it when it falls due; as a "
            "warning: one that defers keeps it from its rhythm",
            _BOTH,
        ),
        "no-content-left": Code(
            "the library has too little for a step; as an error: nothing for anybody", _BOTH
        ),
    }
)
