"""Whole tables: the same integers as one lead at a time, by polars, DuckDB, Spark and others.

OPEN for engines. To add one: an `Engine` in `nurturekit.frame.engines`, and its column in
`tests/engines.py`, which every test of this package then runs on.
"""

from nurturekit.frame.decided import Decided, decide
from nurturekit.frame.found import Found
from nurturekit.frame.opening import opening
from nurturekit.frame.plans import Plans, plans
from nurturekit.frame.report import TableReport
from nurturekit.frame.scored import Scored, score
from nurturekit.frame.tables import Tables

__all__ = [
    "Decided",
    "Found",
    "Plans",
    "Scored",
    "TableReport",
    "Tables",
    "decide",
    "opening",
    "plans",
    "score",
]
