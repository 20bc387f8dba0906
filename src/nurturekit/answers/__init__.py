"""What the parts hand each other, and what a decision holds: frozen values, no behaviour.

CLOSED. To add one: a frozen value here, with the part that makes it and the part that reads it.
"""

from nurturekit.answers.ownership import (
    Alert,
    AssignmentRequest,
    Desired,
    Duty,
    Handoff,
    Ownership,
    Settled,
    Unassigned,
)
from nurturekit.answers.performing import performed, performed_id
from nurturekit.answers.plans import (
    Action,
    Blocked,
    Outlook,
    Plan,
    Planned,
    Proposal,
    Reason,
)
from nurturekit.answers.scores import (
    Contribution,
    Readiness,
    Score,
    StageMove,
)

__all__ = [
    "Action",
    "Alert",
    "AssignmentRequest",
    "Blocked",
    "Contribution",
    "Desired",
    "Duty",
    "Handoff",
    "Outlook",
    "Ownership",
    "Plan",
    "Planned",
    "Proposal",
    "Readiness",
    "Reason",
    "Score",
    "Settled",
    "StageMove",
    "Unassigned",
    "performed",
    "performed_id",
]
