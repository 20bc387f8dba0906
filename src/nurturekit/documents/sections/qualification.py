"""`[qualification]`: what an MQL and a sales-ready lead are."""

from nurturekit.documents.sections.criteria import CRITERION
from nurturekit.documents.shapes import NUMBER, TEXT, WHOLE, OrNone
from nurturekit.documents.tables import Field, Table
from nurturekit.lifecycle import Qualification

QUALIFICATION = Table(
    Qualification,
    (
        Field("name", TEXT),
        Field("version", WHOLE),
        Field("mql_at", NUMBER),
        Field("recycle_below", NUMBER),
        Field("dwell_days", WHOLE),
        Field("intent_days", WHOLE),
        Field("people", OrNone(WHOLE)),
        Field("unfit", CRITERION),
    ),
)
