"""What must hold of a plug-in: the tables of checks, each with what to do when it fails.

OPEN. To add one: its row here, with the function that finds the fault.
"""

import attrs

from nurturekit.testing import faults, findings
from nurturekit.testing.findings import Find, each


@attrs.frozen(kw_only=True)
class Rule:
    """What must hold of a plug-in.

    Args:
        name: The check's name.
        find: How a fault is found.
        remedy: What to do about it.
    """

    name: str
    find: Find
    remedy: str


# First what only a first call can show: a file that is read once and kept.
_FIRST = (
    Rule(
        name="check_no_io",
        find=each(faults.does_io),
        remedy="read it before, and give it to the plug-in as a field",
    ),
    Rule(
        name="check_not_async",
        find=each(faults.is_async),
        remedy="make the method a plain `def`: what it needs is in the situation",
    ),
    Rule(
        name="check_total",
        find=each(faults.raises),
        remedy="answer every situation; an attribute that isn't known is None",
    ),
)
_ALWAYS = (
    Rule(
        name="check_deterministic",
        find=each(faults.differs),
        remedy="let the answer follow from the situation and the plug-in's fields alone",
    ),
    Rule(
        name="check_same_in_another_process",
        find=findings.elsewhere,
        remedy="sort sets before their order matters, keep nothing between calls, and define the "
        "class in a module",
    ),
    Rule(
        name="check_no_clock",
        find=findings.clock,
        remedy="take `situation.as_of`",
    ),
    Rule(
        name="check_no_random",
        find=findings.chance,
        remedy="break ties by an id",
    ),
    Rule(
        name="check_no_mutation",
        find=each(faults.changes_inputs),
        remedy="copy what you change",
    ),
    Rule(
        name="check_never_looks_past_as_of",
        find=each(faults.looks_ahead),
        remedy="read `situation.touches`, `facts` and `standing`, not `situation.history`",
    ),
    Rule(
        name="check_documents_round_trip",
        find=findings.documented,
        remedy="make it a frozen attrs class of plain fields, equal where they are",
    ),
    Rule(
        name="check_wraps_errors",
        find=each(faults.breaks_out),
        remedy="raise an ordinary exception, and let the library name the plug-in and the lead",
    ),
)
_ANSWER = Rule(
    name="check_legal_answer",
    find=each(faults.is_illegal),
    remedy="return what the protocol in `nurturekit.typing` says",
)
_ONE_OWNER = Rule(
    name="check_one_owner",
    find=each(faults.owners),
    remedy="name exactly one `Team`",
)
_OBJECTION = Rule(
    name="check_respects_objection",
    find=each(faults.ignores_objection),
    remedy="return `is_closed=True` where `situation.is_erased` or `situation.is_objected`",
)
MONOTONE = Rule(
    name="check_monotone",
    find=each(faults.turns),
    remedy='declare `monotone = "rising"` or `"falling"` only of what more touches can\'t turn',
)
POLICY = (*_FIRST, _ANSWER, _ONE_OWNER, _OBJECTION, *_ALWAYS)
SIGNAL = (*_FIRST, _ANSWER, *_ALWAYS)
PLANNER = (*_FIRST, _ANSWER, *_ALWAYS)
