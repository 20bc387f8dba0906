"""Files read as tables: Parquet, and what is too large for objects; needs the extra `batch`."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from nurturekit.errors import CallError
from nurturekit.interop import Case
from nurturekit.records import World

if TYPE_CHECKING:
    from nurturekit.frame import Tables

# Inference: the objects of more leads, each with some 20 touches, want more memory than a laptop
# can spare.
LARGE = 100_000
PARQUET = ".parquet"
_BLOCK = 1 << 20

SINGLY = "tables path: the files are read as tables, and each lead for itself"
WHOLE = (
    "tables path: all leads at once; --plans for what those with something due do, "
    "--no-tables for whole decisions"
)


def is_tabular(args: argparse.Namespace) -> bool:
    """Say whether files are read as tables: those of Parquet, and those of many leads."""
    paths = (args.leads, args.touches)
    return any(path.suffix.lower() == PARQUET for path in paths) or _is_large(args.leads)


def _is_large(path: Path) -> bool:
    lines = 0
    try:
        with path.open("rb") as file:
            while lines <= LARGE and (block := file.read(_BLOCK)):
                lines += block.count(b"\n")
    except OSError:
        return False  # whoever reads it says what is wrong
    return lines > LARGE


def tables_of(args: argparse.Namespace) -> "Tables":
    """Open the files that the arguments name as tables.

    Raises:
        CallError: `missing-extra`.
        InputError: What `Tables.read` raises.
    """
    files = {"leads": args.leads, "touches": args.touches}
    files |= {"records": args.records} if args.records else {}
    try:
        from nurturekit.frame import Tables
    except ImportError as error:
        problem = f"needs the package `{error.name}`: install `nurturekit[batch]`"
        raise CallError("missing-extra", argument="tables", problem=problem) from error
    return Tables.read(files)


class Streamed:
    """The leads of tables with their histories, made anew each time they are gone through.

    Args:
        tables: The tables.
        world: What all leads share.
    """

    def __init__(self, tables: "Tables", world: World) -> None:
        from nurturekit.frame.records import Unread

        self._prepared, self._world = tables.prepared(), world
        self._unread = Unread()

    def __len__(self) -> int:
        return self._prepared.count()

    def __iter__(self) -> Iterator[Case]:
        from nurturekit.frame.records import Unread, histories

        self._unread = Unread()
        return histories(self._prepared, world=self._world, unread=self._unread)

    def only(self, lead_id: str) -> Case | None:
        """Return one lead, None where there is none of that id."""
        from nurturekit.frame.records import histories

        return next(histories(self._prepared, [lead_id], world=self._world), None)

    def lines(self) -> Iterator[str]:
        """Yield what was wrong in the files, as far as the leads were gone through."""
        from nurturekit.frame.report import report_of

        yield from report_of(self._prepared).lines()
        yield from map(str, self._unread.found())


def say(text: str) -> None:
    """Print a line to standard error."""
    print(text, file=sys.stderr)
