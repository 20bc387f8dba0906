"""What must hold of a situation, as data: comparisons joined by `&`, `|` and `~`.

CLOSED: a document's criteria can be read, checked, explained and turned into columns because there
is no other kind. New vocabulary comes in as signals.
"""

from nurturekit.criteria.builders import (
    Measured,
    days_since,
    fact,
    parameter,
    signal,
    touches_count,
)
from nurturekit.criteria.nodes import (
    AllOf,
    AnyOf,
    Compare,
    Contains,
    Criterion,
    IsKnown,
    Leaf,
    Literal,
    Not,
    OneOf,
    words_of,
)

__all__ = [
    "AllOf",
    "AnyOf",
    "Compare",
    "Contains",
    "Criterion",
    "IsKnown",
    "Leaf",
    "Literal",
    "Measured",
    "Not",
    "OneOf",
    "days_since",
    "fact",
    "parameter",
    "signal",
    "touches_count",
    "words_of",
]
