"""What was wrong in a file that could still be read: counts by code, with a few examples."""

from collections.abc import Iterator, Mapping

import attrs

from nurturekit.errors import InputError
from nurturekit.records import FrozenMap

# Convention: enough to see a pattern, few enough to read.
EXAMPLES = 5


@attrs.frozen(kw_only=True)
class Finding:
    """One row with a problem: the place and the problem, never the row's content."""

    code: str
    source: str
    line: int
    problem: str
    column: str | None = None

    def __str__(self) -> str:
        column = f" column `{self.column}`" if self.column else ""
        return f"{self.source} line {self.line}{column}: {self.problem}"


@attrs.frozen(kw_only=True)
class Report:
    """What reading files found, apart from what stops it.

    Args:
        rows: How many rows were read.
        skipped: How many of them were left out; a version settled later isn't.
        counts: Findings by code.
        examples: The first few findings of each code.
    """

    rows: int = 0
    skipped: int = 0
    counts: Mapping[str, int] = attrs.field(factory=FrozenMap)
    examples: Mapping[str, tuple[Finding, ...]] = attrs.field(factory=FrozenMap)

    def __add__(self, other: "Report") -> "Report":
        codes = sorted({*self.counts, *other.counts})
        both = {code: _examples(self, code) + _examples(other, code) for code in codes}
        return Report(
            rows=self.rows + other.rows,
            skipped=self.skipped + other.skipped,
            counts=FrozenMap({code: _count(self, code) + _count(other, code) for code in codes}),
            examples=FrozenMap({code: found[:EXAMPLES] for code, found in both.items()}),
        )

    def lines(self) -> Iterator[str]:
        """Yield the findings as text: nothing where there are none."""
        if self.counts:
            yield f"{self.skipped:,} of {self.rows:,} rows skipped"
        for code, count in sorted(self.counts.items()):
            yield f"  {count:,} {code}"
            yield from (f"    {example}" for example in _examples(self, code))


def _count(report: Report, code: str) -> int:
    return report.counts.get(code, 0)


def _examples(report: Report, code: str) -> tuple[Finding, ...]:
    return report.examples.get(code, ())


class Tally:
    """Counts findings while a file is read; `report` closes it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.rows = 0
        self._skipped: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        self._examples: dict[str, list[Finding]] = {}

    def skip(self, code: str, line: int, problem: str, column: str | None = None) -> None:
        """Count a row that is left out."""
        self._skipped[code] = self._skipped.get(code, 0) + 1
        self.note(code, line, problem, column)

    def note(self, code: str, line: int, problem: str, column: str | None = None) -> None:
        """Count a row that is kept, though something is odd about it."""
        self._counts[code] = self._counts.get(code, 0) + 1
        examples = self._examples.setdefault(code, [])
        if len(examples) < EXAMPLES:
            examples.append(
                Finding(code=code, source=self.source, line=line, problem=problem, column=column)
            )

    def report(self) -> Report:
        """Return what was found.

        Raises:
            InputError: When every row is bad for the same reason: then the file is.
        """
        for code, count in self._skipped.items():
            if count == self.rows:
                first = self._examples[code][0]
                rows = "the only row" if count == 1 else f"the first of {count} rows, all alike"
                raise InputError(
                    code,
                    source=self.source,
                    line=first.line,
                    column=first.column,
                    problem=f"{first.problem} ({rows})",
                )
        return Report(
            rows=self.rows,
            skipped=sum(self._skipped.values()),
            counts=FrozenMap(self._counts),
            examples=FrozenMap({code: tuple(found) for code, found in self._examples.items()}),
        )
