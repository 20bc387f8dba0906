"""The commands for those who lead a team: `queue`, `report` and `fatigue`."""

import argparse
from collections.abc import Iterator

from nurturekit import accountability, work
from nurturekit.cli.reading import Input, called, note, playbook_of, print_remarks, progress, read
from nurturekit.decision import Decision
from nurturekit.errors import CallError, NurtureError, did_you_mean
from nurturekit.fatigue import fatigue
from nurturekit.instants import parse_instant
from nurturekit.interop import Case, decide_each
from nurturekit.playbook import Playbook
from nurturekit.rates import conversion_rates

Decided = tuple[Case, Decision | NurtureError]


def list_work(args: argparse.Namespace) -> int:
    """List what a rep or a team has to do, in order."""
    playbook, found = playbook_of(args.playbook), read(args)
    _check_rep(args.rep, found)
    failures: list[str] = []
    decided = list(_decided(playbook, found, failures))
    rates = conversion_rates(found.cases, as_of=found.as_of, kinds=playbook.kinds)
    make = work.idle_list if args.spare else work.work_queue
    whose = {"rep": args.rep, "team": args.team}
    with called(f"--team {args.team}"):
        queue = make(decided, playbook=playbook, as_of=found.as_of, rates=rates, **whose)
    print_remarks(args, found.report, *failures)
    print(queue.text(first=args.first))
    return 0


def _check_rep(rep: str | None, found: Input) -> None:
    known = found.world.reps
    if rep is not None and known and rep not in known:
        hint = did_you_mean(rep, known)
        raise CallError(
            "unknown-rep", argument=f"--rep {rep}", problem=f"isn't in the file of `--world`{hint}"
        )


def _decided(playbook: Playbook, found: Input, failures: list[str]) -> Iterator[Decided]:
    # What couldn't be decided is told, as `decide` does: it is in no list and no count.
    for case, decision in decide_each(playbook, progress(found.cases), as_of=found.as_of):
        if isinstance(decision, NurtureError):
            note(failures, case, decision)
        yield case, decision


def report(args: argparse.Namespace) -> int:
    """Hold both teams to account."""
    playbook, found = playbook_of(args.playbook), read(args)
    since = parse_instant(args.since, field="--since")
    if since >= found.as_of:
        raise CallError("out-of-range", argument="--since", problem="must lie before `--as-of`")
    failures: list[str] = []
    decided = list(_decided(playbook, found, failures))
    with called("--minutes"):
        made = accountability.report(
            found.cases,
            start=since,
            end=found.as_of,
            kinds=playbook.kinds,
            decisions=[one for _, one in decided if isinstance(one, Decision)],
            minutes=dict(args.minutes) or None,
        )
    print_remarks(args, found.report, *failures)
    print(made.text())
    undecided = sum(isinstance(one, NurtureError) for _, one in decided)
    if undecided:
        print(f"\nnot decided, and in no count of next actions: {undecided}")
    return 0


def measure_fatigue(args: argparse.Namespace) -> int:
    """Measure how much contact each lead has had; nothing is decided."""
    playbook, found = playbook_of(args.playbook), read(args)
    with called("--days"):
        made = fatigue(progress(found.cases), playbook=playbook, as_of=found.as_of, days=args.days)
    print_remarks(args, found.report)
    print(made.text(first=args.first))
    return 0
