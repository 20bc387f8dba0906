"""What can be typed: a parser of every command."""

import argparse
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from nurturekit.lint import HORIZON_DAYS
from nurturekit.presets import PRESETS
from nurturekit.profiling import DEFAULTS


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; the chosen one is in `command`."""
    parser = argparse.ArgumentParser(
        prog="nurturekit",
        description="Who is accountable for nurturing each lead, what happens next, and why.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    for add in (_add_deciding, _add_scoring, _add_teams, _add_fatigue, _add_asking, _add_playbooks):
        add(commands)
    return parser


Commands = Any  # argparse keeps the type of what adds a command to itself


def _add_deciding(commands: Commands) -> None:
    decide = commands.add_parser("decide", help="decide every lead of an export")
    _add_input(decide)
    _add_playbook(decide)
    decide.add_argument(
        "--out", type=Path, help="write each decision to a .csv, .jsonl or .parquet file"
    )
    decide.add_argument(
        "--moves-out",
        type=Path,
        metavar="JSONL",
        help="write the moves, to append to the file of --records",
    )
    decide.add_argument(
        "--assign",
        action="store_true",
        help="answer requests with the reps of --world; the answers are among the moves",
    )
    decide.add_argument(
        "--tables",
        action=argparse.BooleanOptionalAction,
        help="decide all leads at once; by itself for Parquet and for many leads",
    )
    decide.add_argument(
        "--processes", type=_count, default=1, metavar="N", help="with --tables: how many at once"
    )
    decide.add_argument(
        "--plans",
        type=Path,
        metavar="DIR",
        help="with --tables: the folder for what leads with something due do, as Parquet",
    )
    explain = commands.add_parser("explain", help="tell one lead's story")
    _add_input(explain)
    _add_playbook(explain)
    explain.add_argument("--lead", required=True, metavar="ID", help="the lead's id")
    plan = commands.add_parser("plan", help="show the expected calendar of one lead")
    _add_input(plan)
    _add_playbook(plan)
    plan.add_argument("--lead", required=True, metavar="ID", help="the lead's id")
    plan.add_argument(
        "--horizon-days", type=_count, default=90, metavar="N", help="how many days to look ahead"
    )
    plan.add_argument("--out", type=Path, help="write it to an .ics, .csv or .json file")
    compare = commands.add_parser("compare", help="decide the same leads under several playbooks")
    _add_input(compare)
    compare.add_argument(
        "--playbook",
        action="append",
        metavar="NAME|FILE",
        help="give it twice or more; the presets if not given",
    )
    compare.add_argument(
        "--first", type=_count, default=10, metavar="N", help="list so many leads that differ"
    )


def _add_scoring(commands: Commands) -> None:
    score = commands.add_parser("score", help="score every lead of an export, however many")
    _add_input(score)
    _add_playbook(score)
    score.add_argument(
        "--out", type=Path, required=True, help="write the scores to a .csv or .parquet file"
    )
    score.add_argument(
        "--explain", type=Path, help="write what they are made of to a .csv or .parquet file"
    )


def _add_teams(commands: Commands) -> None:
    queue = commands.add_parser("queue", help="list what a rep or a team has to do, in order")
    _add_input(queue)
    _add_playbook(queue)
    whose = queue.add_mutually_exclusive_group()
    whose.add_argument("--rep", metavar="ID", help="only this rep's")
    whose.add_argument("--team", metavar="TEAM", help="only this team's: marketing or sales")
    queue.add_argument("--spare", action="store_true", help="the list for time to spare instead")
    queue.add_argument("--first", type=_count, default=20, metavar="N", help="list so many")
    report = commands.add_parser("report", help="hold both teams to account")
    _add_input(report)
    _add_playbook(report)
    report.add_argument(
        "--since", required=True, metavar="INSTANT", help="from when; --as-of is until when"
    )
    report.add_argument(
        "--minutes",
        action="append",
        default=[],
        type=_minutes,
        metavar="CHANNEL=N",
        help="what one touch costs a rep, such as phone=6",
    )


def _add_asking(commands: Commands) -> None:
    ask = commands.add_parser("ask", help="list for each lead what to ask it next")
    _add_input(ask)
    _add_playbook(ask)
    ask.add_argument("--on", metavar="PLACE", help="only what may be asked there: form, call")
    ask.add_argument(
        "--most", type=_count, default=DEFAULTS.most, metavar="N", help="so many per lead"
    )
    ask.add_argument(
        "--again-days",
        type=_count,
        default=DEFAULTS.again_days,
        metavar="N",
        help="ask again after so many days without an answer",
    )
    ask.add_argument(
        "--refused-days",
        type=_count,
        metavar="N",
        help="ask again so many days after a refusal; never if not given",
    )
    ask.add_argument("--first", type=_count, default=20, metavar="N", help="list so many leads")


def _add_fatigue(commands: Commands) -> None:
    measure = commands.add_parser("fatigue", help="measure how much contact each lead has had")
    _add_input(measure)
    _add_playbook(measure)
    measure.add_argument(
        "--days", type=_count, default=90, metavar="N", help="how many days up to --as-of"
    )
    measure.add_argument("--first", type=_count, default=20, metavar="N", help="list so many")


def _add_playbooks(commands: Commands) -> None:
    check = commands.add_parser(
        "check", help="list what is wrong in a playbook's document, and what can't work"
    )
    check.add_argument("playbook", metavar="NAME|FILE")
    check.add_argument("--world", type=Path, metavar="TOML", help="whose content library counts")
    check.add_argument(
        "--horizon",
        type=_count,
        default=HORIZON_DAYS,
        metavar="DAYS",
        help=f"how far you plan (default {HORIZON_DAYS})",
    )
    check.add_argument("--strict", action="store_true", help="end with 1 for warnings, too")
    check.add_argument("--json", action="store_true", help="print a list of objects instead")
    show = commands.add_parser("show", help="print a playbook's document as JSON, complete")
    show.add_argument("playbook", metavar="NAME|FILE")
    commands.add_parser("plugins", help="list what installed packages add")


def _minutes(text: str) -> tuple[str, float]:
    channel, _, number = text.partition("=")
    try:
        return channel, float(number)
    except ValueError:
        problem = f"must be such as phone=6, not {text}"
        raise argparse.ArgumentTypeError(problem) from None


class _Version(argparse.Action):
    """Prints the installed version, looked up only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        try:
            found = version("nurturekit")
        except PackageNotFoundError:
            found = "of a source tree that isn't installed"
        print(f"nurturekit {found}")
        parser.exit()


def _add_input(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--leads", type=Path, required=True, metavar="FILE")
    parser.add_argument("--touches", type=Path, required=True, metavar="FILE")
    parser.add_argument(
        "--records", type=Path, metavar="JSONL", help="facts, consents, moves, openings, touches"
    )
    parser.add_argument(
        "--world", type=Path, metavar="TOML", help="reps, pools, content, assumptions"
    )
    parser.add_argument(
        "--as-of", required=True, metavar="INSTANT", help="such as 2026-11-01T00:00:00Z"
    )


def _add_playbook(parser: argparse.ArgumentParser) -> None:
    names = ", ".join(PRESETS)
    parser.add_argument(
        "--playbook", required=True, metavar="NAME|FILE", help=f"a .toml or .json file, or {names}"
    )


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError("must be a whole number from 0")
    return int(text)
