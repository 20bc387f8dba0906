"""What was wrong in tables that could still be computed: counts by kind, with a few ids."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import narwhals as nw

from nurturekit.frame.engines import collected
from nurturekit.frame.found import Found
from nurturekit.frame.tables import Prepared, Table, once
from nurturekit.interop.findings import EXAMPLES
from nurturekit.records import Kind

Lazy = nw.LazyFrame[Any]


@attrs.frozen(kw_only=True)
class TableReport:
    """What was wrong in tables that could still be computed.

    Args:
        rows: How many rows each table has.
        found: The problems, by table.
    """

    rows: Mapping[str, int]
    found: tuple[Found, ...] = ()

    def __getitem__(self, code: str) -> int:
        return sum(one.rows for one in self.found if one.code == code)

    def lines(self) -> Iterator[str]:
        """Yield the report as text: nothing where nothing is wrong."""
        yield from map(str, self.found)

    def __str__(self) -> str:
        return "\n".join(self.lines()) or "nothing found"


def report_of(
    prepared: Prepared, *, kinds: Mapping[str, Kind] | None = None, duplicates: bool = False
) -> TableReport:
    """Look at every row of every table.

    Args:
        prepared: The tables.
        kinds: What a playbook says of kinds of touch: others score nothing.
        duplicates: Whether to look for ids that come twice, which costs more than scoring.
    """
    rows: dict[str, int] = {}
    found = list(prepared.left_out)
    for name, table in prepared.tables.items():
        rows[name] = _count(table.frame)
        found += _tallied(prepared, table)
        if name != "leads":
            found += _listed(table, "orphan", "lead_id", _orphans(prepared, table))
        if name == "touches" and kinds:
            unknown = table.good.filter(~nw.col("kind").is_in(list(kinds)))
            found += _listed(table, "unknown-kind", "kind", unknown)
        if duplicates and table.has("id"):
            found += _listed(table, "duplicate-id", "id", _repeated(table))
    return TableReport(rows=rows, found=tuple(found))


def _codes(table: Table) -> nw.Expr:
    """Return the place of the first check that a row fails, -1 where it passes all."""
    code = nw.lit(-1)
    for at, check in reversed(list(enumerate(table.checks))):
        code = nw.when(~check.holds).then(nw.lit(at)).otherwise(code)
    return code


def _tallied(prepared: Prepared, table: Table) -> Iterator[Found]:
    ids = [name for name in ("id", "lead_id") if table.has(name)]
    failing = table.frame.select(*ids, failed=_codes(table)).filter(nw.col("failed") >= 0)
    # Computed once: an engine takes longer to plan all checks than to look at many rows.
    bad = once(prepared, failing)
    counts = collected(bad.group_by("failed").agg(nw.len().alias("rows")))
    for at, rows in sorted(zip(counts["failed"], counts["rows"], strict=True)):
        check = table.checks[at]
        mine = bad.filter(nw.col("failed") == at)
        yield Found(
            table=table.name,
            code=check.code,
            column=check.column,
            rows=rows,
            examples=_examples(table, mine),
        )


def _listed(table: Table, code: str, column: str, rows: Lazy) -> Iterator[Found]:
    count = _count(rows)
    if count:
        examples = _examples(table, rows)
        yield Found(table=table.name, code=code, column=column, rows=count, examples=examples)


def _count(frame: Lazy) -> int:
    (count,) = collected(frame.select(nw.len().alias("rows")))["rows"]
    return int(count)


def _examples(table: Table, rows: Lazy) -> tuple[str, ...]:
    names = [name for name in ("id", "lead_id") if table.has(name)]
    if not names:
        return ()
    shown = rows.select(shown=nw.coalesce(*map(nw.col, names)))
    first = shown.filter(~nw.col("shown").is_null()).sort("shown").head(EXAMPLES)
    return tuple(sorted(collected(first)["shown"]))


def _orphans(prepared: Prepared, table: Table) -> Lazy:
    known = prepared.leads.good.select(lead_id=nw.col("id"))
    return table.good.join(known, on="lead_id", how="anti")


def _repeated(table: Table) -> Lazy:
    twice = table.good.group_by("id").agg(nw.len().alias("times")).filter(nw.col("times") > 1)
    return table.good.join(twice.select("id"), on="id", how="semi").unique("id")
