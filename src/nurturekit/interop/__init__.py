"""CRM exports to records, and decisions to files: the only tables that the core needs nobody for.

Structure is strict: a wrong separator, encoding or column stops with an `InputError` that names
the line. Rows aren't: a bad one is counted, with examples, and the others are read.

OPEN. To add one: a module that reads a format into `Records`, with its findings in a `Report`.
"""

from nurturekit.interop.cases import Case, cases, decide_each
from nurturekit.interop.content import Library, read_content
from nurturekit.interop.findings import Finding, Report
from nurturekit.interop.ical import to_ical
from nurturekit.interop.leads import Leads, read_leads
from nurturekit.interop.lines import parse_record, read_records
from nurturekit.interop.output import COLUMNS, Writer, open_decisions, open_moves, safe_cell
from nurturekit.interop.rows import Records
from nurturekit.interop.touches import read_touches
from nurturekit.interop.world import read_world

__all__ = [
    "COLUMNS",
    "Case",
    "Finding",
    "Leads",
    "Library",
    "Records",
    "Report",
    "Writer",
    "cases",
    "decide_each",
    "open_decisions",
    "open_moves",
    "parse_record",
    "read_content",
    "read_leads",
    "read_records",
    "read_touches",
    "read_world",
    "safe_cell",
    "to_ical",
]
