"""The command line: decide or score a CRM export, explain a lead, compare playbooks, plan, ask.

Plug-ins are looked for when a document names one, or when they are to be listed.

Exit codes: 0, 1 when `check` finds problems (for warnings only if strict), 2 for bad usage or
input. Tables go to standard output; progress, skipped rows and errors to standard error.

OPEN. To add one: its arguments in `cli.arguments`, and its function in `RUN` below.
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from nurturekit.cli.arguments import parser
from nurturekit.cli.asking import ask
from nurturekit.cli.deciding import compare, decide, explain
from nurturekit.cli.planning import plan
from nurturekit.cli.playbooks import check, list_plugins, show
from nurturekit.cli.teams import list_work, measure_fatigue, report
from nurturekit.cli.whole import score
from nurturekit.errors import NurtureError
from nurturekit.records import FrozenMap

BAD = 2

RUN: Mapping[str, Callable[[argparse.Namespace], int]] = FrozenMap(
    {
        "decide": decide,
        "score": score,
        "explain": explain,
        "compare": compare,
        "plan": plan,
        "queue": list_work,
        "report": report,
        "ask": ask,
        "fatigue": measure_fatigue,
        "check": check,
        "show": show,
        "plugins": list_plugins,
    }
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: The arguments, without the program's name; those of the process if not given.

    Returns:
        The exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        args = parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        code = RUN[args.command](args)
        sys.stdout.flush()
    except NurtureError as error:
        print(_sentence(error), file=sys.stderr)
        return BAD
    except BrokenPipeError:
        _leave_quietly()
        return 0
    return code


def _sentence(error: NurtureError) -> str:
    first, *rest = str(error).splitlines()
    return "\n".join([f"error: {first} [{error.code}]", *rest])


def _leave_quietly() -> None:
    # Whoever read our output has had enough; Python would complain when it flushes at exit.
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
