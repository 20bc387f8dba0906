"""What may happen to a person at all: suppression, legal basis, hours, caps, gap.

CLOSED: default deny, deny wins, fail closed; no plug-in can lift a guard. To add one: a field of
`GuardProfile`, its place in `check`, its row in `confirmation.GUARDS`, a law.

Guards run last in a decision (`check`) and once more just before sending (`confirm`). Missing data
never raises: what isn't known becomes the safe side, and the answer says so.
"""

from nurturekit.guards.breaker import complaint_notes
from nurturekit.guards.caps import Cap
from nurturekit.guards.checks import Admission, Checked, check
from nurturekit.guards.confirmation import Change, Confirmation, confirm
from nurturekit.guards.profile import GuardProfile

__all__ = [
    "Admission",
    "Cap",
    "Change",
    "Checked",
    "Confirmation",
    "GuardProfile",
    "check",
    "complaint_notes",
    "confirm",
]
