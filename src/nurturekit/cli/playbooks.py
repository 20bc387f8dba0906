"""The commands about playbooks and plug-ins: `check`, `show`, `plugins`."""

import argparse
import json
import sys

from nurturekit import documents, plugins
from nurturekit.cli.reading import playbook_of
from nurturekit.errors import DocumentError

FOUND = 1


def check(args: argparse.Namespace) -> int:
    """List the problems of a playbook's document."""
    try:
        playbook = playbook_of(args.playbook, option="")
    except DocumentError as error:
        print(error)
        return FOUND
    print(f"ok {playbook.name} {playbook.fingerprint}")
    return 0


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
