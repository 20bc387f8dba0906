"""What one decision says: the answer, what to do, what to append, and why.

CLOSED. To add a field: here, in `Playbook.decide`, and in the reference of decisions.
"""

import html
import json
from typing import Any

import attrs

from nurturekit.answers import (
    Action,
    Alert,
    AssignmentRequest,
    Blocked,
    Handoff,
    Ownership,
    Reason,
    Score,
)
from nurturekit.identity import plain
from nurturekit.instants import format_us
from nurturekit.records import Move
from nurturekit.vocabulary import Stage


@attrs.frozen(kw_only=True, repr=False)
class Decision:
    """One lead at one instant: who is accountable, what happens next, and why.

    Args:
        lead_id: Which lead.
        as_of_us: The instant of judgement, in epoch microseconds.
        score: The score, with the rows that add up to it.
        stage: The stage, with the moves below applied.
        ownership: Who answers for the lead, with the moves below applied.
        handoff: The handoff that waits for an answer, or None.
        request: The request for a rep, or None.
        actions: What to do, the first first; do it, and record the touch that it becomes.
        blocked: What can't be done, each action whole, with what it needs.
        alerts: Whom to tell what.
        moves: What follows from the decision; append them to the history.
        reasons: Why, one line each.
        assumptions: What was taken from the host's word, where records are silent.
        unseen: How many records can't be seen from this instant.
        conflicts: Ids of records that came with several contents.
        rows: Numbers of the policy's rows that held, in the order in which they did.
        notes: What a reader should know: illegal recorded moves, unknown kinds, missing calendars.
        fingerprint: The playbook's.
    """

    lead_id: str
    as_of_us: int
    score: Score
    stage: Stage
    ownership: Ownership
    handoff: Handoff | None = None
    request: AssignmentRequest | None = None
    actions: tuple[Action, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    alerts: tuple[Alert, ...] = ()
    moves: tuple[Move, ...] = ()
    reasons: tuple[Reason, ...] = ()
    assumptions: tuple[str, ...] = ()
    unseen: int = 0
    conflicts: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    fingerprint: str = ""

    def __repr__(self) -> str:
        return f"<Decision {self.why().splitlines()[0]}>"

    def __str__(self) -> str:
        return self.why()

    @property
    def next_action(self) -> Action | None:
        """The first thing to do, or None."""
        return self.actions[0] if self.actions else None

    def to_dict(self) -> dict[str, Any]:
        """Return the decision as JSON types, instants in RFC 3339.

        The same decision gives the same dictionary on every machine.
        """
        return dict(_field(name, getattr(self, name)) for name in attrs.fields_dict(Decision))

    def to_json(self) -> str:
        """Return `to_dict` as canonical JSON: sorted keys, no spaces."""
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"))

    def why(self) -> str:
        """Return the reasons as text for people."""
        head = (
            f"{self.lead_id} at {format_us(self.as_of_us)}: {self.stage}, "
            f"{self.ownership.accountable} accountable"
            + (f", {self.ownership.rep}" if self.ownership.rep else "")
        )
        return "\n".join([head, *(_line(reason) for reason in self.reasons)])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(reason.part)}</td><td>{html.escape(reason.text)}</td>"
            f"<td>{html.escape(reason.source)}</td></tr>"
            for reason in self.reasons
        )
        head = html.escape(self.why().splitlines()[0])
        return f"<table><caption>{head}</caption>{rows}</table>"


def _line(reason: Reason) -> str:
    source = f" [{reason.source}]" if reason.source else ""
    return f"  {reason.part}: {reason.text}{source}"


def readable(value: Any) -> Any:  # noqa: ANN401 - the JSON border
    """Return an answer or a move as JSON types, instants in RFC 3339, what is None left out."""
    if isinstance(value, tuple):
        return [readable(item) for item in value]
    if not attrs.has(type(value)):
        return plain(value)
    names = (field.name for field in attrs.fields(type(value)) if field.init)
    pairs = ((name, getattr(value, name)) for name in names)
    found = dict(_field(name, item) for name, item in pairs if item is not None)
    # A move is read back from a line of JSON by this name: see `interop.parse_record`.
    return {"record": "move", **found} if isinstance(value, Move) else found


def _field(name: str, value: Any) -> tuple[str, Any]:  # noqa: ANN401 - the JSON border
    # Instants leave the library as text: `earliest_us` becomes `earliest`. Keys of mappings stay.
    if name.endswith("_us"):
        return name.removesuffix("_us"), format_us(value)
    return name, readable(value)
