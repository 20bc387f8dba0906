"""`[ownership]`: the rows of the decision table, and the parameters they and the core read."""

from typing import Any

from nurturekit.documents.sections.criteria import CRITERION
from nurturekit.documents.shapes import FLAG, TEXT, WHOLE, ListOf, MapOf, OrNone, SetOf, Word
from nurturekit.documents.tables import Field, Table
from nurturekit.ownership import OwnershipPolicy, Row
from nurturekit.vocabulary import Style, Team

TEXTS = ListOf(TEXT)

PARAMETERS = Table(
    dict,
    (
        Field("handoff_on", TEXT),
        Field("earliest_sales_touch", TEXT),
        Field("check_in_days", OrNone(WHOLE)),
        Field("max_offers", WHOLE),
        Field("response_hours", WHOLE),
        Field("accept_hours", WHOLE),
        Field("min_stay_days", WHOLE),
        Field("acceptance", TEXT),
        Field("continuity", TEXTS),
        Field("pool", TEXT),
        Field("role", TEXT),
        Field("ramp_per_day", WHOLE),
    ),
)

ROW = Table(
    Row,
    (
        Field("number", WHOLE, required=True),
        Field("name", TEXT, required=True),
        Field("when", CRITERION),
        Field("accountable", TEXT),
        Field("allowed", MapOf(Word(Team), SetOf(Word(Style)))),
        Field("notify", TEXTS),
        Field("duties", TEXTS),
        Field("continues", TEXTS),
        Field("closed", FLAG),
        Field("sender", TEXT),
        Field("early_sales", FLAG),
        Field("parameters", TEXTS),
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
