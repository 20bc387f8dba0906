"""The command line: decide a CRM export, explain one lead, compare playbooks, check a document.

Exit codes: 0, 1 when `check` finds problems, 2 for bad usage or input. Tables go to standard
output; progress, skipped rows and errors to standard error.
"""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import attrs

from nurturekit import documents
from nurturekit.decision import Decision
from nurturekit.errors import CallError, DocumentError, InputError, NurtureError
from nurturekit.instants import format_us, parse_instant, to_us
from nurturekit.interop import (
    Case,
    Records,
    Report,
    cases,
    open_decisions,
    open_moves,
    read_leads,
    read_records,
    read_touches,
    read_world,
)
from nurturekit.playbook import Playbook
from nurturekit.presets import PRESETS, preset
from nurturekit.records import EMPTY_WORLD, World
from nurturekit.report import Comparison, Summary, leads_of, story

# Convention: below it nobody waits long enough to wonder.
QUIET_UP_TO = 2_000
FOUND, BAD = 1, 2


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
        args = _parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        code = int(args.run(args))
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


# ----------------------------------------------------------------------------------- arguments


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nurturekit",
        description="Who is accountable for nurturing each lead, what happens next, and why.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    decide = commands.add_parser("decide", help="decide every lead of an export")
    _add_input(decide)
    _add_playbook(decide)
    decide.add_argument("--out", type=Path, help="write each decision to a .csv or .jsonl file")
    decide.add_argument(
        "--moves-out",
        type=Path,
        metavar="JSONL",
        help="write the moves, to append to the file of --records",
    )
    decide.set_defaults(run=_decide)
    explain = commands.add_parser("explain", help="tell one lead's story")
    _add_input(explain)
    _add_playbook(explain)
    explain.add_argument("--lead", required=True, metavar="ID", help="the lead's id")
    explain.set_defaults(run=_explain)
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
    compare.set_defaults(run=_compare)
    check = commands.add_parser("check", help="list the problems of a playbook's document")
    check.add_argument("playbook", metavar="NAME|FILE")
    check.set_defaults(run=_check)
    show = commands.add_parser("show", help="print a playbook's document as JSON, complete")
    show.add_argument("playbook", metavar="NAME|FILE")
    show.set_defaults(run=_show)
    return parser


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
    parser.add_argument("--leads", type=Path, required=True, metavar="CSV")
    parser.add_argument("--touches", type=Path, required=True, metavar="CSV")
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


# --------------------------------------------------------------------------------------- input


@attrs.frozen(kw_only=True)
class _Input:
    """What the files of one run hold."""

    cases: tuple[Case, ...]
    report: Report
    as_of: datetime


def _read(args: argparse.Namespace) -> _Input:
    as_of = parse_instant(args.as_of, field="--as-of")
    world: World = read_world(args.world) if args.world else EMPTY_WORLD
    leads = read_leads(args.leads)
    read: list[Records] = [read_touches(args.touches, known=leads.by_id)]
    if args.records:
        read.append(read_records(args.records, known=leads.by_id))
    records = [record for one in read for record in one.records]
    return _Input(
        cases=tuple(cases(leads, records, world=world)),
        report=sum((one.report for one in read), start=leads.report),
        as_of=as_of,
    )


@contextmanager
def _called(what: str) -> Iterator[None]:
    # Functions name their own arguments; whoever runs the program knows its options.
    try:
        yield
    except CallError as error:
        raise CallError(error.code, argument=what, problem=error.problem) from error


def _playbook(name: str, *, option: str = "--playbook ") -> Playbook:
    path = Path(name)
    try:
        with _called(f"{option}{name}"):
            is_preset = not path.suffix and not path.exists()
            return preset(name) if is_preset else documents.load(path)
    except OSError as error:
        raise InputError(
            "cannot-read", source=name, problem=f"can't be read: {error.strerror}"
        ) from error


def _print_remarks(args: argparse.Namespace, report: Report) -> None:
    if not args.world:
        print("no --world: no content, reps or assumed bases are known", file=sys.stderr)
    for line in report.lines():
        print(line, file=sys.stderr)


def _progress(found: Sequence[Case]) -> Iterator[Case]:
    # Yields the cases; on a long run says how far it is, at every tenth.
    total = len(found)
    shown = total > QUIET_UP_TO or sys.stderr.isatty()
    for done, case in enumerate(found, start=1):
        yield case
        if shown and 10 * done // total > 10 * (done - 1) // total:
            percent = 10 * (10 * done // total)
            print(f"{percent:>3} % of {leads_of(total)}", file=sys.stderr)


# ------------------------------------------------------------------------------------ commands


def _decide(args: argparse.Namespace) -> int:
    playbook = _playbook(args.playbook)
    _refuse_overwriting(args)
    found = _read(args)
    summary = Summary()
    with ExitStack() as files:
        with _called(f"--out {args.out}"):
            out = files.enter_context(open_decisions(args.out))
        with _called(f"--moves-out {args.moves_out}"):
            moves = files.enter_context(open_moves(args.moves_out))
        for case in _progress(found.cases):
            try:
                decision = _decided(playbook, case, found.as_of)
            except NurtureError as error:
                # One lead that can't be decided doesn't stop the others.
                summary.fail(error.code)
                out.fail(case.lead.id, error.code)
            else:
                summary.add(decision)
                out.write(decision)
                moves.write(decision)
    _print_remarks(args, found.report)
    instant = format_us(to_us(found.as_of, field="as_of"))
    print(f"{leads_of(len(found.cases))} as of {instant}, playbook {playbook.name}\n")
    print("\n".join(summary.lines()))
    return 0


def _decided(playbook: Playbook, case: Case, as_of: datetime) -> Decision:
    return playbook.decide(case.lead, case.history, as_of=as_of, world=case.world)


def _refuse_overwriting(args: argparse.Namespace) -> None:
    others = [args.leads, args.touches, args.records, args.world, Path(args.playbook)]
    for option, path in (("--out", args.out), ("--moves-out", args.moves_out)):
        if path and any(other and _is_same_file(path, other) for other in others):
            raise CallError(
                "out-is-input",
                argument=f"{option} {path}",
                problem="would overwrite another file of this run",
            )
        others.append(path)


def _is_same_file(one: Path, other: Path) -> bool:
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()


def _explain(args: argparse.Namespace) -> int:
    playbook = _playbook(args.playbook)
    found = _read(args)
    _print_remarks(args, found.report)
    by_id = {case.lead.id: case for case in found.cases}
    if args.lead not in by_id:
        raise CallError(
            "unknown-lead",
            argument=f"--lead {args.lead}",
            problem="isn't in the leads file",
        )
    print("\n".join(story(_decided(playbook, by_id[args.lead], found.as_of))))
    return 0


def _compare(args: argparse.Namespace) -> int:
    given = args.playbook or PRESETS
    if len(given) == 1:
        raise CallError(
            "one-playbook",
            argument=f"--playbook {given[0]}",
            problem="needs another `--playbook` to be compared with; without any, the presets are",
        )
    playbooks = [_playbook(name) for name in given]
    found = _read(args)
    comparison = Comparison(_titles(given, playbooks), first=args.first)
    failures = Summary()
    for case in _progress(found.cases):
        try:
            comparison.add([_decided(playbook, case, found.as_of) for playbook in playbooks])
        except NurtureError as error:
            failures.fail(error.code)
    _print_remarks(args, found.report)
    print("\n".join([*comparison.lines(), *failures.lines()]))
    return 0


def _titles(given: Sequence[str], playbooks: Sequence[Playbook]) -> list[str]:
    # A playbook's name, or what was given for it where the name isn't its alone.
    counts = Counter(playbook.name for playbook in playbooks)
    pairs = zip(given, playbooks, strict=True)
    return [name if counts[playbook.name] > 1 else playbook.name for name, playbook in pairs]


def _check(args: argparse.Namespace) -> int:
    try:
        playbook = _playbook(args.playbook, option="")
    except DocumentError as error:
        print(error)
        return FOUND
    print(f"ok {playbook.name} {playbook.fingerprint}")
    return 0


def _show(args: argparse.Namespace) -> int:
    document = json.loads(documents.dumps(_playbook(args.playbook, option="")))
    print(json.dumps(document, indent=2, ensure_ascii=False))
    return 0
