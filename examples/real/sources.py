"""Real data as a source: where it is, how its files are opened, and the world that is made up."""

import csv
import gzip
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import attrs

import nurturekit as nk
from nurturekit.interop import Case

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
POOL = "sales"
PIECES = 12
# Older than any of the data: nothing made up may ever be news to a lead.
PUBLISHED = datetime(2000, 1, 1, tzinfo=UTC)


class MissingDataError(Exception):
    """The data isn't there, or isn't in the form that the script reads."""


@attrs.frozen(kw_only=True)
class Found:
    """What was read: leads with their histories, and how the source was taken.

    Args:
        cases: Each lead with its history and its world.
        read_as: What was made of the source, with counts.
        owned: Lead id to the moves that say who had the lead, for the accountability report alone:
            neither source names an owner, so this is our reading.
    """

    cases: tuple[Case, ...]
    read_as: str
    owned: Mapping[str, Sequence[nk.Move]]


@attrs.frozen(kw_only=True)
class Source:
    """A set of real data.

    Args:
        title: Whose leads these are, with the attribution that the source asks for.
        folder: Its folder below `--data`.
        files: File name to the columns that are read of it.
        obtain: Where it may be obtained, and in which form it is read.
        since: From when the accountability report counts.
        as_of: The instant of judgement.
        assume: What is declared because the data is silent about it.
        read: Reads the folder: so many leads, spread evenly; None reads all of them.
        cannot_tell: What no reading of this data can answer.
        owned_as: Who is taken to have had the leads, and when sales was asked.
        cannot_report: What the accountability report can't show of this data.
    """

    title: str
    folder: str
    files: Mapping[str, tuple[str, ...]]
    obtain: str
    since: datetime
    as_of: datetime
    assume: nk.Assume
    read: Callable[[Path, int | None], Found]
    cannot_tell: str
    owned_as: str
    cannot_report: str

    def found(self, data: Path, limit: int | None) -> Found:
        """Read the leads.

        Args:
            data: Holds the source's folder.
            limit: So many leads, spread evenly; None reads all of them.

        Raises:
            MissingDataError: Naming the files or columns that aren't there.
        """
        folder = data / self.folder
        lacking = [name for name in self.files if not (folder / name).is_file()]
        if lacking:
            text = f"missing in {folder}: {', '.join(lacking)}"
            raise MissingDataError(text)
        return self.read(folder, limit)


def rows(
    folder: Path, name: str, columns: Sequence[str], *, separator: str = ","
) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file, gzipped or not.

    Raises:
        MissingDataError: When the file lacks a column.
    """
    with _opened(folder / name) as file:
        reader = csv.DictReader(file, delimiter=separator)
        lacking = [column for column in columns if column not in (reader.fieldnames or ())]
        if lacking:
            text = f"{name} has no column {', '.join(lacking)}"
            raise MissingDataError(text)
        yield from reader


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def owner(lead_id: str, at: datetime) -> nk.Move:
    """Return the move by which sales has a lead from an instant on."""
    return nk.Move(id=f"owner-{lead_id}", lead_id=lead_id, occurred_at=at, kind="owner", to="sales")


def spread(ids: Sequence[str], limit: int | None) -> list[str]:
    """Return so many of the ids, evenly spread over their order; None is all."""
    if limit is None or limit >= len(ids):
        return list(ids)
    return [ids[number * len(ids) // limit] for number in range(limit)]


def world(reps: Sequence[nk.Rep], *, assume: nk.Assume) -> nk.World:
    """Return the world of a source: its reps, and what had to be made up for plans to run.

    Made up: office hours, and a library of ids of content by funnel position.
    """
    hours = nk.BusinessHours(zone=assume.zone or "UTC", windows=("mon-fri 09:00-18:00",))
    content = [
        nk.Content(id=f"made-up-{position}-{number}", position=position, published_at=PUBLISHED)
        for position in ("awareness", "consideration", "decision")
        for number in range(1, PIECES + 1)
    ]
    pool = nk.Pool(id=POOL, hours=hours, manager="manager")
    return nk.World(reps=reps, pools=[pool], content=content, assume=assume)
