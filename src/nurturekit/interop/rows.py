"""What reading leads, touches and lines has in common: refusals counted, versions compared."""

from collections.abc import Container, Iterable
from typing import TypeVar

import attrs

from nurturekit.errors import InputError, RecordError, did_you_mean
from nurturekit.interop.cells import column_of
from nurturekit.interop.findings import Report, Tally
from nurturekit.records import Record

T = TypeVar("T", bound=Record)


@attrs.frozen(kw_only=True)
class Records:
    """Records read from a file, and what was wrong with the others."""

    records: tuple[Record, ...]
    report: Report


def refuse(tally: Tally, line: int, error: RecordError) -> None:
    """Count a row whose record can't be one."""
    tally.skip(error.code, line, error.problem, column_of(error.field))


def require(present: Container[str], names: Iterable[str], *, record: str) -> None:
    """Refuse a row without a value that it needs.

    Raises:
        RecordError: `missing-value`.
    """
    for name in names:
        if name not in present:
            raise RecordError("missing-value", field=f"{record}.{name}", problem="is empty")


def check_columns(
    columns: Iterable[str], known: Iterable[str], *, source: str, prefix: str = ""
) -> None:
    """Refuse a table with a column that nothing reads.

    Raises:
        InputError: `unknown-column`, with the nearest known one.
    """
    names = [f"{prefix}{name}" for name in known]
    for column in columns:
        if column not in names:
            hint = did_you_mean(column, names) or f"; known are {', '.join(names)}"
            raise InputError(
                "unknown-column",
                source=source,
                line=1,
                column=column,
                problem=f"isn't a column here{hint}",
            )


class Versions:
    """Remembers records by id, to report one id with two contents.

    Both are kept: a history settles which counts, whatever the order they came in.
    """

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._by_id: dict[str, Record] = {}

    def see(self, record: Record, line: int) -> None:
        """Note a record whose id came before with other content and the same revision."""
        first = self._by_id.setdefault(record.id, record)
        if first is record or first == record:
            return
        if getattr(first, "revision", 0) == getattr(record, "revision", 0):
            problem = "has the id of an earlier row with other content; the history settles it"
            self._tally.note("duplicate-id", line, problem, "id")


def is_orphan(record: Record, known: Container[str] | None, tally: Tally, line: int) -> bool:
    """Count a record whose lead isn't among the known ones; say whether it is one."""
    if known is None or record.lead_id in known:
        return False
    tally.skip("orphan", line, "belongs to a lead that isn't in the leads file", "lead_id")
    return True
