"""What every command reads: the files that its arguments name, and the playbook."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

import attrs

from nurturekit import documents, plugins
from nurturekit.cli.tables import SINGLY, Streamed, is_tabular, say, tables_of
from nurturekit.errors import CallError, DocumentError, InputError, NurtureError
from nurturekit.instants import parse_instant
from nurturekit.interop import (
    Case,
    Records,
    cases,
    read_leads,
    read_records,
    read_touches,
    read_world,
)
from nurturekit.playbook import Playbook
from nurturekit.presets import preset
from nurturekit.records import EMPTY_WORLD, World
from nurturekit.report import leads_of

# Convention: below it nobody waits long enough to wonder.
QUIET_UP_TO = 2_000
# Convention: enough to see a pattern, few enough to read.
EXAMPLES = 5
NEED_PLUGINS = frozenset({"unknown-plugin", "unknown-signal"})


class HasLines(Protocol):
    """What was wrong in files, as lines of text."""

    def lines(self) -> Iterator[str]:
        """Yield the lines."""
        ...


@attrs.frozen(kw_only=True)
class Input:
    """What the files of one run hold; large ones are gone through as often as `cases` is."""

    cases: tuple[Case, ...] | Streamed
    world: World
    report: HasLines
    as_of: datetime


def read(args: argparse.Namespace) -> Input:
    """Read the files that the arguments name."""
    as_of = parse_instant(args.as_of, field="--as-of")
    world: World = read_world(args.world) if args.world else EMPTY_WORLD
    if is_tabular(args):
        say(SINGLY)
        streamed = Streamed(tables_of(args), world)
        return Input(cases=streamed, world=world, report=streamed, as_of=as_of)
    leads = read_leads(args.leads)
    read: list[Records] = [read_touches(args.touches, known=leads.by_id)]
    if args.records:
        read.append(read_records(args.records, known=leads.by_id))
    records = [record for one in read for record in one.records]
    return Input(
        cases=tuple(cases(leads, records, world=world)),
        world=world,
        report=sum((one.report for one in read), start=leads.report),
        as_of=as_of,
    )


def refuse_overwriting(args: argparse.Namespace, *options: str) -> None:
    """Refuse to write to a file that is read, or to one file twice.

    Args:
        args: The arguments.
        options: Those that name files to write to: `--out`.

    Raises:
        CallError: `out-is-input`.
    """
    others = [args.leads, args.touches, args.records, args.world, Path(args.playbook)]
    for option in options:
        path = getattr(args, option.removeprefix("--").replace("-", "_"))
        if path and any(other and is_same_file(path, other) for other in others):
            problem = "would overwrite another file of this run"
            raise CallError("out-is-input", argument=f"{option} {path}", problem=problem)
        others.append(path)


def is_same_file(one: Path, other: Path) -> bool:
    """Say whether two paths lead to one file, or would."""
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()


@contextmanager
def called(what: str) -> Iterator[None]:
    """Say of a call's error which option it comes from; functions name their own arguments."""
    try:
        yield
    except CallError as error:
        raise CallError(error.code, argument=what, problem=error.problem) from error


def playbook_of(name: str, *, option: str = "--playbook ") -> Playbook:
    """Return the playbook of a document, or the preset of a name."""
    path = Path(name)
    try:
        with called(f"{option}{name}"):
            is_preset = not path.suffix and not path.exists()
            return preset(name) if is_preset else _loaded(path)
    except OSError as error:
        raise InputError(
            "cannot-read", source=name, problem=f"can't be read: {error.strerror}"
        ) from error


def _loaded(path: Path) -> Playbook:
    try:
        return documents.load(path)
    except DocumentError as error:
        if not any(problem.code in NEED_PLUGINS for problem in error.problems):
            raise
    return documents.load(path, catalog=plugins.load())


def note(failures: list[str], case: Case, error: NurtureError) -> None:
    """Keep what prevented a decision, for the first leads only."""
    if len(failures) < EXAMPLES:
        failures.append(f"not decided: {case.lead.id}: {error} [{error.code}]")


def print_remarks(args: argparse.Namespace, report: HasLines, *failures: str) -> None:
    """Print what was skipped, missing or not decided."""
    if not args.world:
        print("no --world: no content, reps or assumed bases are known", file=sys.stderr)
    for line in (*report.lines(), *failures):
        print(line, file=sys.stderr)


def progress(found: Sequence[Case] | Streamed) -> Iterator[Case]:
    """Yield the cases; on a long run say how far it is, at every tenth."""
    total = len(found)
    for done, case in enumerate(found, start=1):
        yield case
        say_progress(done, total)


def say_progress(done: int, total: int) -> None:
    """On a long run say how far it is, at every tenth."""
    shown = total > QUIET_UP_TO or sys.stderr.isatty()
    if shown and 10 * done // total > 10 * (done - 1) // total:
        percent = 10 * (10 * done // total)
        say(f"{percent:>3} % of {leads_of(total)}")
