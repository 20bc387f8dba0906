"""The parameters of ownership: where the sources disagree there is a parameter, not a constant."""

import attrs

from nurturekit.errors import ModelError
from nurturekit.vocabulary import Team

HANDOFF_ON = ("sales_ready", "mql", "either")
EARLIEST = ("awareness", "consideration", "decision", "never")
CONTINUITY = ("first_contact", "account_owner", "pool")
ACCEPTANCE = ("first_sales_touch", "explicit")
REMIND, ESCALATE, REASSIGN = "remind", "escalate", "reassign"
PAST_DUE = (REMIND, ESCALATE, REASSIGN)
OWNERS = tuple(map(str, Team))

_CHOICES = {
    "handoff_on": HANDOFF_ON,
    "owner_before_ready": OWNERS,
    "earliest_sales_touch": EARLIEST,
    "acceptance": ACCEPTANCE,
}
_LISTS = {"continuity": CONTINUITY, "past_due": PAST_DUE}
LEAST = {
    "max_offers": 1,
    "response_hours": 1,
    "accept_hours": 1,
    "grace_hours": 1,
    "min_stay_days": 0,
    "check_in_days": 1,
    "ramp_per_day": 1,
}
MOST = 10_000


@attrs.frozen(kw_only=True)
class Terms:
    """What `settle` and the rows read of a policy.

    Args:
        handoff_on: Which evidence hands a lead over: `sales_ready`, `mql` or `either` (S0-5).
        owner_before_ready: Whose a lead is that isn't sales-ready yet: `marketing` or `sales`, in
            rows whose `accountable` is `before_ready` (S0-5, S1-9).
        earliest_sales_touch: From which position sales may write (S0-3, S3-4), or `never`.
        check_in_days: Days without a call after which a check-in is due (S2-4), or None.
        max_offers: Offers of one handoff before the manager is told.
        response_hours: Working hours in which a hand-raise is answered (S1-11).
        accept_hours: Working hours in which an offer is answered.
        past_due: What happens once an offer is past due, in this order (S1-11): `remind` who has
            it, `escalate` to the manager, and last `reassign`.
        grace_hours: Working hours between one of these and the next.
        min_stay_days: Days for which time alone moves nothing.
        acceptance: `first_sales_touch` or `explicit`.
        continuity: Whom the lead stays with, first choice first (S2-3).
        pool: From which pool a rep is asked for.
        role: What that rep does.
        ramp_per_day: Leads a day that a newly adopted playbook may move.

    Raises:
        ModelError: For a choice or number that isn't one.
    """

    handoff_on: str = "sales_ready"
    owner_before_ready: str = "marketing"
    earliest_sales_touch: str = "consideration"
    check_in_days: int | None = 60
    max_offers: int = 3
    response_hours: int = 4
    accept_hours: int = 24
    past_due: tuple[str, ...] = attrs.field(default=PAST_DUE, converter=tuple)
    grace_hours: int = 8
    min_stay_days: int = 30
    acceptance: str = "first_sales_touch"
    continuity: tuple[str, ...] = attrs.field(default=CONTINUITY, converter=tuple)
    pool: str = "sales"
    role: str = "rep"
    ramp_per_day: int = 50

    def __attrs_post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise ModelError(
                    "unknown-word",
                    path=f"ownership.parameters.{name}",
                    problem=f"must be one of {', '.join(choices)}",
                )
        for name, words in _LISTS.items():
            if not all(word in words for word in getattr(self, name)):
                raise ModelError(
                    "unknown-word",
                    path=f"ownership.parameters.{name}",
                    problem=f"must hold only {', '.join(words)}",
                )
        if self.past_due != tuple(step for step in PAST_DUE if step in {*self.past_due, REASSIGN}):
            # Without the last step an offer that nobody answers would wait for ever.
            raise ModelError(
                "bad-order",
                path="ownership.parameters.past_due",
                problem=f"must end with {REASSIGN} and keep the order {', '.join(PAST_DUE)}",
            )
        for name, least in LEAST.items():
            _check_count(getattr(self, name), name=name, least=least)


def _check_count(value: object, *, name: str, least: int) -> None:
    if name == "check_in_days" and value is None:
        return
    if type(value) is not int or not least <= value <= MOST:
        raise ModelError(
            "out-of-range",
            path=f"ownership.parameters.{name}",
            problem=f"must be a whole number from {least} to {MOST:,}",
        )


TERMS_FIELDS: tuple[str, ...] = tuple(field.name for field in attrs.fields(Terms))
