"""The command that looks ahead: `plan`."""

import argparse
import csv
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from nurturekit.cli.deciding import case_of
from nurturekit.cli.reading import called, playbook_of, print_remarks, read
from nurturekit.errors import CallError, InputError, did_you_mean
from nurturekit.interop import safe_cell, to_ical
from nurturekit.records import FrozenMap
from nurturekit.schedule import COLUMNS, Schedule


def plan(args: argparse.Namespace) -> int:
    """Show the expected calendar of one lead, if it doesn't answer."""
    write = _writer(args.out) if args.out else None
    playbook, found = playbook_of(args.playbook), read(args)
    print_remarks(args, found.report)
    case = case_of(args.lead, found)
    with called(f"--horizon-days {args.horizon_days}"):
        schedule = playbook.plan(
            case.lead,
            case.history,
            as_of=found.as_of,
            horizon=timedelta(days=args.horizon_days),
            world=case.world,
        )
    if write is not None:
        try:
            write(schedule, args.out)
        except OSError as error:
            problem = f"can't be written: {error.strerror}"
            raise InputError("cannot-write", source=str(args.out), problem=problem) from error
    print(schedule)
    return 0


def _as_ics(schedule: Schedule, path: Path) -> None:
    path.write_bytes(to_ical(schedule))


def _as_csv(schedule: Schedule, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([safe_cell(row[name]) for name in COLUMNS] for row in schedule.rows)


def _as_json(schedule: Schedule, path: Path) -> None:
    path.write_text(json.dumps(schedule.to_dict(), indent=2) + "\n", encoding="utf-8")


WRITERS: Mapping[str, Callable[[Schedule, Path], None]] = FrozenMap(
    {".ics": _as_ics, ".csv": _as_csv, ".json": _as_json}
)


def _writer(path: Path) -> Callable[[Schedule, Path], None]:
    # Before any work: a name that can't be written to.
    if path.suffix.lower() not in WRITERS:
        hint = did_you_mean(path.suffix, WRITERS)
        problem = f"must end in {', '.join(WRITERS)}{hint}"
        raise CallError("unknown-format", argument=f"--out {path}", problem=problem)
    return WRITERS[path.suffix.lower()]
