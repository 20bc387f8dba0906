"""Who should nurture this lead now, what happens next, does it change hands, and why.

CLOSED: this page only re-exports the names most people need, each loaded when it is first asked
for. To add one: import it here from the package that owns it, and name it in `_HOMES`.
"""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nurturekit.answers import (
        Action,
        Alert,
        AssignmentRequest,
        Blocked,
        Desired,
        Handoff,
        Ownership,
        Plan,
        Score,
        Unassigned,
        performed,
    )
    from nurturekit.calendars import BusinessHours, Cadence, ContactHours, Window
    from nurturekit.criteria import days_since, fact, parameter, signal, touches_count
    from nurturekit.decision import Decision
    from nurturekit.documents import dump, dumps, load, loads
    from nurturekit.errors import (
        CallError,
        DocumentError,
        InputError,
        ModelError,
        NurtureError,
        PluginError,
        RecordError,
    )
    from nurturekit.guards import Cap, Confirmation, GuardProfile
    from nurturekit.lifecycle import Qualification
    from nurturekit.ownership import OwnershipPolicy, Row, settle
    from nurturekit.planning import (
        Arm,
        Branch,
        ContentRule,
        Sequence,
        SequencePlanner,
        Step,
        matching,
    )
    from nurturekit.playbook import Playbook
    from nurturekit.presets import PRESETS, preset
    from nurturekit.records import (
        Absence,
        Assume,
        Consent,
        Content,
        Fact,
        History,
        Kind,
        Lead,
        Load,
        Move,
        Opening,
        Peer,
        Pool,
        Rep,
        Situation,
        Touch,
        World,
    )
    from nurturekit.routing import Assigned, adoptions, assign
    from nurturekit.scoring import (
        Band,
        Bands,
        Dimension,
        Grid,
        Rule,
        ScoringModel,
        TouchRule,
        constant,
        half_life,
        linear,
        steps,
        touch,
        window,
    )
    from nurturekit.vocabulary import (
        Channel,
        FunnelPosition,
        MoveKind,
        Outcome,
        Stage,
        Style,
        Team,
    )

# Where the names below live, by the package that owns them.
_HOMES = {
    "answers": (
        "Action",
        "Alert",
        "AssignmentRequest",
        "Blocked",
        "Desired",
        "Handoff",
        "Ownership",
        "Plan",
        "Score",
        "Unassigned",
        "performed",
    ),
    "calendars": ("BusinessHours", "Cadence", "ContactHours", "Window"),
    "criteria": ("days_since", "fact", "parameter", "signal", "touches_count"),
    "decision": ("Decision",),
    "documents": ("dump", "dumps", "load", "loads"),
    "errors": (
        "CallError",
        "DocumentError",
        "InputError",
        "ModelError",
        "NurtureError",
        "PluginError",
        "RecordError",
    ),
    "guards": ("Cap", "Confirmation", "GuardProfile"),
    "lifecycle": ("Qualification",),
    "ownership": ("OwnershipPolicy", "Row", "settle"),
    "planning": ("Arm", "Branch", "ContentRule", "Sequence", "SequencePlanner", "Step", "matching"),
    "playbook": ("Playbook",),
    "presets": ("PRESETS", "preset"),
    "records": (
        "Absence",
        "Assume",
        "Consent",
        "Content",
        "Fact",
        "History",
        "Kind",
        "Lead",
        "Load",
        "Move",
        "Opening",
        "Peer",
        "Pool",
        "Rep",
        "Situation",
        "Touch",
        "World",
    ),
    "routing": ("Assigned", "adoptions", "assign"),
    "scoring": (
        "Band",
        "Bands",
        "Dimension",
        "Grid",
        "Rule",
        "ScoringModel",
        "TouchRule",
        "constant",
        "half_life",
        "linear",
        "steps",
        "touch",
        "window",
    ),
    "vocabulary": ("Channel", "FunnelPosition", "MoveKind", "Outcome", "Stage", "Style", "Team"),
}

__all__ = [
    "PRESETS",
    "Absence",
    "Action",
    "Alert",
    "Arm",
    "Assigned",
    "AssignmentRequest",
    "Assume",
    "Band",
    "Bands",
    "Blocked",
    "Branch",
    "BusinessHours",
    "Cadence",
    "CallError",
    "Cap",
    "Channel",
    "Confirmation",
    "Consent",
    "ContactHours",
    "Content",
    "ContentRule",
    "Decision",
    "Desired",
    "Dimension",
    "DocumentError",
    "Fact",
    "FunnelPosition",
    "Grid",
    "GuardProfile",
    "Handoff",
    "History",
    "InputError",
    "Kind",
    "Lead",
    "Load",
    "ModelError",
    "Move",
    "MoveKind",
    "NurtureError",
    "Opening",
    "Outcome",
    "Ownership",
    "OwnershipPolicy",
    "Peer",
    "Plan",
    "Playbook",
    "PluginError",
    "Pool",
    "Qualification",
    "RecordError",
    "Rep",
    "Row",
    "Rule",
    "Score",
    "ScoringModel",
    "Sequence",
    "SequencePlanner",
    "Situation",
    "Stage",
    "Step",
    "Style",
    "Team",
    "Touch",
    "TouchRule",
    "Unassigned",
    "Window",
    "World",
    "adoptions",
    "assign",
    "constant",
    "days_since",
    "dump",
    "dumps",
    "fact",
    "half_life",
    "linear",
    "load",
    "loads",
    "matching",
    "parameter",
    "performed",
    "preset",
    "settle",
    "signal",
    "steps",
    "touch",
    "touches_count",
    "window",
]

if not TYPE_CHECKING:
    _HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

    def __getattr__(name: str) -> object:
        """Load a name of `__all__`, or a module of this package, when it is first asked for."""
        from importlib import import_module, util

        home = _HOME_OF.get(name)
        if home is not None:
            found = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
            return found
        if util.find_spec(f"{__name__}.{name}") is None:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message, name=name, obj=sys.modules[__name__])
        return import_module(f"{__name__}.{name}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
