"""Who should nurture a lead (a policy: rows over signals) and who does (settled against records).

OPEN for policies, CLOSED for settling. To add one: a document with rows, or an object with `name`
and `decide(situation) -> Desired`; what is pending, spent or due stays with `settle`.
"""

from nurturekit.ownership.alerts import alert_of
from nurturekit.ownership.policy import OwnershipPolicy, Row
from nurturekit.ownership.settle import as_moves, settle
from nurturekit.ownership.terms import Terms

__all__ = [
    "OwnershipPolicy",
    "Row",
    "Terms",
    "alert_of",
    "as_moves",
    "settle",
]
