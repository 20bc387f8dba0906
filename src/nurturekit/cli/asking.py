"""The command for those who write forms and call guides: `ask`."""

import argparse
from collections.abc import Iterator

from nurturekit.cli.reading import Input, called, note, playbook_of, print_remarks, progress, read
from nurturekit.errors import CallError, NurtureError, did_you_mean
from nurturekit.playbook import Playbook
from nurturekit.profiling import Asking, NextQuestions, askable, next_questions


def ask(args: argparse.Namespace) -> int:
    """List for each lead the facts to ask for next, those with most points at stake first."""
    playbook, found = playbook_of(args.playbook), read(args)
    _check_place(args.on, playbook)
    with called("--most, --again-days or --refused-days"):
        asking = Asking(
            on=args.on,
            most=args.most,
            again_days=args.again_days,
            refused_days=args.refused_days,
        )
    failures: list[str] = []
    told = list(_told(playbook, found, asking, failures))
    print_remarks(args, found.report, *failures)
    with_asks = [one for one in told if one.asks]
    for one in with_asks[: args.first]:
        print(one.text())
    print(f"{len(with_asks):,} of {len(told):,} leads have something to ask")
    return 0


def _check_place(on: str | None, playbook: Playbook) -> None:
    known = sorted({place for question in askable(playbook) for place in question.on})
    if on is not None and on not in known:
        hint = did_you_mean(on, known) or f"; there are {', '.join(known)}"
        problem = f"isn't where the playbook asks{hint}"
        raise CallError("unknown-place", argument=f"--on {on}", problem=problem)


def _told(
    playbook: Playbook, found: Input, asking: Asking, failures: list[str]
) -> Iterator[NextQuestions]:
    for case in progress(found.cases):
        try:
            yield next_questions(
                playbook,
                case.lead,
                case.history,
                as_of=found.as_of,
                world=case.world,
                asking=asking,
            )
        except NurtureError as error:
            note(failures, case, error)
