"""The commands for those who lead a team: `queue` and `report`."""

import argparse

from nurturekit import accountability, work
from nurturekit.cli.reading import called, playbook_of, print_remarks, progress, read
from nurturekit.decision import Decision
from nurturekit.instants import parse_instant
from nurturekit.interop import decide_each
from nurturekit.rates import conversion_rates


def list_work(args: argparse.Namespace) -> int:
    """List what a rep or a team has to do, in order."""
    playbook, found = playbook_of(args.playbook), read(args)
    rates = conversion_rates(found.cases, as_of=found.as_of, kinds=playbook.kinds)
    decided = decide_each(playbook, progress(found.cases), as_of=found.as_of)
    make = work.idle_list if args.spare else work.work_queue
    whose = {"rep": args.rep, "team": args.team}
    with called(f"--team {args.team}"):
        queue = make(decided, playbook=playbook, as_of=found.as_of, rates=rates, **whose)
    print_remarks(args, found.report)
    print(queue.text(first=args.first))
    return 0


def report(args: argparse.Namespace) -> int:
    """Hold both teams to account."""
    playbook, found = playbook_of(args.playbook), read(args)
    since = parse_instant(args.since, field="--since")
    decided = decide_each(playbook, progress(found.cases), as_of=found.as_of)
    with called("--since"):
        made = accountability.report(
            found.cases,
            start=since,
            end=found.as_of,
            kinds=playbook.kinds,
            decisions=[one for _, one in decided if isinstance(one, Decision)],
            minutes=dict(args.minutes) or None,
        )
    print_remarks(args, found.report)
    print(made.text())
    return 0
