"""`[ownership]`: the rows of the decision table, and the parameters they and the core read."""

from typing import Any

from nurturekit.documents.mentions import SEQUENCE_NAME
from nurturekit.documents.sections.criteria import CRITERION
from nurturekit.documents.shapes import (
    FLAG,
    TEXT,
    Choice,
    Count,
    ListOf,
    MapOf,
    OrNone,
    SetOf,
    Word,
)
from nurturekit.documents.tables import Field, Table
from nurturekit.ownership import OwnershipPolicy, Row
from nurturekit.ownership.policy import ACCOUNTABLE, DUTIES, NOTIFIED, SENDERS
from nurturekit.ownership.terms import (
    ACCEPTANCE,
    CONTINUITY,
    EARLIEST,
    HANDOFF_ON,
    LEAST,
    MOST,
    OWNERS,
    PAST_DUE,
    TERMS_FIELDS,
)
from nurturekit.vocabulary import Style, Team


def _count(name: str) -> Count:
    return Count(LEAST[name], MOST)


PARAMETERS = Table(
    dict,
    (
        Field("handoff_on", Choice(HANDOFF_ON)),
        Field("owner_before_ready", Choice(OWNERS)),
        Field("earliest_sales_touch", Choice(EARLIEST)),
        Field("check_in_days", OrNone(_count("check_in_days"))),
        Field("max_offers", _count("max_offers")),
        Field("response_hours", _count("response_hours")),
        Field("accept_hours", _count("accept_hours")),
        Field("past_due", ListOf(Choice(PAST_DUE))),
        Field("grace_hours", _count("grace_hours")),
        Field("min_stay_days", _count("min_stay_days")),
        Field("acceptance", Choice(ACCEPTANCE)),
        Field("continuity", ListOf(Choice(CONTINUITY))),
        Field("pool", TEXT),
        Field("role", TEXT),
        Field("ramp_per_day", _count("ramp_per_day")),
    ),
)

ROW = Table(
    Row,
    (
        Field("number", Count(1), required=True),
        Field("name", TEXT, required=True),
        Field("when", CRITERION),
        Field("accountable", Choice(ACCOUNTABLE)),
        Field("allowed", MapOf(Word(Team), SetOf(Word(Style)))),
        Field("notify", ListOf(Choice(NOTIFIED))),
        Field("duties", ListOf(Choice(DUTIES))),
        Field("continues", ListOf(SEQUENCE_NAME)),
        Field("closed", FLAG),
        Field("sender", Choice(SENDERS)),
        Field("early_sales", FLAG),
        Field("parameters", ListOf(Choice(TERMS_FIELDS))),
        Field("because", TEXT),
        Field("source", TEXT),
    ),
)


def _policy(*, parameters: dict[str, Any] | None = None, **fields: Any) -> OwnershipPolicy:  # noqa: ANN401 - each read by its own shape
    return OwnershipPolicy(**fields, **(parameters or {}))


def _itself(policy: OwnershipPolicy) -> OwnershipPolicy:
    # The policy's parameters are its own attributes.
    return policy


OWNERSHIP = Table(
    _policy,
    (
        Field("name", TEXT, required=True),
        Field("parameters", PARAMETERS, _itself),
        Field("rows", ListOf(ROW), required=True),
    ),
)
