"""The commands about playbooks and plug-ins: `check`, `show`, `plugins`."""

import argparse
import json
import sys
from collections.abc import Iterable

import attrs

from nurturekit import documents, plugins
from nurturekit.cli.reading import called, playbook_of
from nurturekit.errors import DocumentError, ModelError
from nurturekit.interop import read_world
from nurturekit.lint import ERROR, Finding, findings
from nurturekit.records import EMPTY_WORLD, World

FOUND = 1


def check(args: argparse.Namespace) -> int:
    """List what is wrong in a playbook's document, and what loads but can't work."""
    world: World = read_world(args.world) if args.world else EMPTY_WORLD
    try:
        playbook = playbook_of(args.playbook, option="")
    except DocumentError as error:
        print(_as_json(map(_of_problem, error.problems)) if args.json else error)
        return FOUND
    with called("--horizon"):
        found = findings(playbook, world=world, horizon_days=args.horizon)
    if args.json:
        print(_as_json(found))
    else:
        print(*found, sep="\n", end="\n" if found else "")
    if any(one.level == ERROR or args.strict for one in found):
        return FOUND
    if not args.json:
        print(f"ok {playbook.name} {playbook.fingerprint}")
    return 0


def _of_problem(problem: ModelError) -> Finding:
    return Finding(code=problem.code, path=problem.path, problem=problem.problem, remedy="")


def _as_json(found: Iterable[Finding]) -> str:
    return json.dumps([attrs.asdict(one) for one in found], indent=2)


def show(args: argparse.Namespace) -> int:
    """Print a playbook's document as JSON, complete."""
    document = json.loads(documents.dumps(playbook_of(args.playbook, option="")))
    print(json.dumps(document, indent=2, ensure_ascii=False))
    return 0


def list_plugins(_: argparse.Namespace) -> int:
    """List what installed packages add."""
    catalog = plugins.load()
    for (kind, name), package in sorted(catalog.sources.items()):
        print(f"{kind:<10} {name:<20} {package}")
    if not catalog.sources:
        print("no plug-ins are installed", file=sys.stderr)
    return 0
