"""The commands that decide: `decide`, `explain`, `compare`."""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta

from nurturekit.answers import AssignmentRequest
from nurturekit.cli.reading import (
    Input,
    called,
    note,
    playbook_of,
    print_remarks,
    progress,
    read,
    refuse_overwriting,
)
from nurturekit.cli.tables import PARQUET, Streamed, is_tabular
from nurturekit.cli.whole import decide_whole
from nurturekit.decision import Decision
from nurturekit.errors import CallError, NurtureError
from nurturekit.instants import format_us, to_us
from nurturekit.interop import Case, decide_each, open_decisions, open_moves
from nurturekit.playbook import Playbook
from nurturekit.presets import PRESETS
from nurturekit.report import Comparison, Summary, leads_of, story
from nurturekit.routing import Assigned, assign, loads


def decide(args: argparse.Namespace) -> int:
    """Decide every lead of an export."""
    playbook = playbook_of(args.playbook)
    refuse_overwriting(args, "--out", "--moves-out")
    if _as_whole(args):
        return decide_whole(args, playbook)
    found = read(args)
    summary = Summary()
    failures: list[str] = []
    requests: list[AssignmentRequest] = []
    with ExitStack() as files:
        with called(f"--out {args.out}"):
            out = files.enter_context(open_decisions(args.out))
        with called(f"--moves-out {args.moves_out}"):
            moves = files.enter_context(open_moves(args.moves_out))
        for case, decision in decide_each(playbook, progress(found.cases), as_of=found.as_of):
            if isinstance(decision, NurtureError):
                # One lead that can't be decided doesn't stop the others.
                summary.fail(decision.code)
                out.fail(case.lead.id, decision.code)
                note(failures, case, decision)
            else:
                summary.add(decision)
                out.write(decision)
                moves.write(decision.moves)
                requests += [decision.request] if decision.request else []
        given = _assigned(found, playbook, requests) if args.assign else None
        moves.write(given.moves if given else ())
    print_remarks(args, found.report, *failures)
    instant = format_us(to_us(found.as_of, field="as_of"))
    print(f"{leads_of(len(found.cases))} as of {instant}, playbook {playbook.name}\n")
    print("\n".join([*summary.lines(), *(_answers(given) if given else ())]))
    return 0


def _assigned(found: Input, playbook: Playbook, requests: list[AssignmentRequest]) -> Assigned:
    reps, pools = found.world.reps, found.world.pools
    histories = {case.lead.id: case.history for case in found.cases}
    load = loads(histories, reps, pools=pools, kinds=playbook.kinds, as_of=found.as_of)
    # Just after the decisions: the same run again, its moves appended, gives the same answers.
    just_after = found.as_of + timedelta(microseconds=1)
    with called("--world"):
        return assign(requests, reps, load, pools=pools, as_of=just_after)


def _answers(given: Assigned) -> Iterator[str]:
    yield f"\nrequests answered   {len(given.moves)}"
    for reason, count in sorted(Counter(one.reason for one in given.unassigned).items()):
        yield f"  not yet, {reason:<12}{count}"


def _as_whole(args: argparse.Namespace) -> bool:
    """Say whether to decide as tables: where leads are many, and nothing needs whole decisions.

    Raises:
        CallError: `whole-decisions`, where both are asked for.
    """
    suffix = args.out.suffix.lower() if args.out else ""
    needs = {
        "--no-tables": args.tables is False,
        "--assign": args.assign,
        f"--moves-out {args.moves_out}": args.moves_out and not args.tables,
        f"--out {args.out}": suffix == ".jsonl",
    }
    whole = next((option for option, given in needs.items() if given), None)
    asked = args.tables or suffix == PARQUET or args.plans
    if asked and whole:
        problem = (
            "is about whole decisions: leave it out, or `--tables`, `--plans` and `.parquet` for "
            "`--out`"
        )
        raise CallError("whole-decisions", argument=whole, problem=problem)
    return not whole and (bool(asked) or is_tabular(args))


def explain(args: argparse.Namespace) -> int:
    """Tell one lead's story."""
    playbook = playbook_of(args.playbook)
    found = read(args)
    print_remarks(args, found.report)
    case = case_of(args.lead, found)
    decision = playbook.decide(case.lead, case.history, as_of=found.as_of, world=case.world)
    print("\n".join(story(decision)))
    return 0


def case_of(name: str, found: Input) -> Case:
    """Return the lead of an id.

    Raises:
        CallError: `unknown-lead`.
    """
    if isinstance(found.cases, Streamed):
        case = found.cases.only(name)
    else:
        case = next((one for one in found.cases if one.lead.id == name), None)
    if case is None:
        # A like id is another person's: none is suggested.
        problem = "isn't in the leads file"
        raise CallError("unknown-lead", argument=f"--lead {name}", problem=problem)
    return case


def compare(args: argparse.Namespace) -> int:
    """Decide the same leads under several playbooks."""
    given = args.playbook or PRESETS
    if len(given) == 1:
        raise CallError(
            "one-playbook",
            argument=f"--playbook {given[0]}",
            problem="needs another `--playbook` to be compared with; without any, the presets are",
        )
    playbooks = [playbook_of(name) for name in given]
    found = read(args)
    comparison = Comparison(_titles(given, playbooks), first=args.first)
    summary = Summary()
    failures: list[str] = []
    for case in progress(found.cases):
        decided = [
            decision
            for playbook in playbooks
            for _, decision in decide_each(playbook, [case], as_of=found.as_of)
        ]
        wrong = [error for error in decided if isinstance(error, NurtureError)]
        if wrong:
            summary.fail(wrong[0].code)
            note(failures, case, wrong[0])
        else:
            comparison.add([one for one in decided if isinstance(one, Decision)])
    print_remarks(args, found.report, *failures)
    print("\n".join([*comparison.lines(), *summary.lines()]))
    return 0


def _titles(given: Sequence[str], playbooks: Sequence[Playbook]) -> list[str]:
    # A playbook's name, or what was given for it where the name isn't its alone.
    counts = Counter(playbook.name for playbook in playbooks)
    pairs = zip(given, playbooks, strict=True)
    return [name if counts[playbook.name] > 1 else playbook.name for name, playbook in pairs]
