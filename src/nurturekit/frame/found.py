"""One kind of problem in a table, counted."""

import attrs


@attrs.frozen(kw_only=True)
class Found:
    """One kind of problem in one table.

    Args:
        table: In which table.
        code: What is wrong, stable: `orphan`, `naive-datetime`, `unknown-kind`, ...
        column: In which column; empty where it is the whole row.
        rows: How many rows have it.
        examples: Ids of the first few of them by id, of the row or, where it has none, of its
            lead, or their lines in a file; never what the row says.
    """

    table: str
    code: str
    column: str
    rows: int
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        ids = f" ({', '.join(self.examples)})" if self.examples else ""
        place = f" in `{self.column}`" if self.column else ""
        return f"{self.rows:,} {self.table} {self.code}{place}{ids}"
