"""Write docs/reference/requirements.md: what is required, and the scenarios that show it.

With --check, write nothing and exit 1 when the page on disk is out of date.
"""

import argparse
import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
AREAS = ("decisions", "ownership", "planning", "replay")
ID = re.compile(r"S\d-\d+")
SOURCE = re.compile(r"Source:((?:\s*,?\s*S\d-\d+)+)")
HEAD = """\
# Requirements

Each line is one thing the library must do. Tests, presets and pages cite a line by its id, as in
`Source: S2-3`. A line is met when a scenario in `tests/scenarios/` shows it.

The first figure of an id is the point of view the line comes from: S0 marketing nurtures until
intent shows; S1 sales owns it, and how to score; S2 both, and the first rep stays; S3 both, with
sales early; S4 marketing only, with the rep alerted.

| id | what | area | shown by |
|---|---|---|---|
"""


def requirements(root: Path = ROOT) -> dict[str, dict[str, str]]:
    """Read the requirements: id -> area and text."""
    path = root / "docs/reference/requirements.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def scenarios(root: Path = ROOT) -> dict[str, list[str]]:
    """Map each cited id to the scenario functions whose docstring cites it."""
    shown = defaultdict(list)
    for path in sorted((root / "tests/scenarios").rglob("test_*.py")):
        for function in _test_functions(path):
            for cited in cited_ids(ast.get_docstring(function) or ""):
                shown[cited].append(f"{path.stem}::{function.name}")
    return dict(shown)


def cited_ids(docstring: str) -> list[str]:
    """Return the ids after each `Source:` of a docstring, each once."""
    found = [cited for ids in SOURCE.findall(docstring) for cited in ID.findall(ids)]
    return list(dict.fromkeys(found))


def page(root: Path = ROOT) -> str:
    """Build the page."""
    shown = scenarios(root)
    rows = [
        f"| {name} | {row['text']} | {row['area']} | {_shown_by(shown.get(name, []))} |\n"
        for name, row in sorted(requirements(root).items(), key=lambda item: _order(item[0]))
    ]
    return HEAD + "".join(rows)


def main() -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 when the page is out of date")
    check = parser.parse_args().check
    path = ROOT / "docs/reference/requirements.md"
    text = page()
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return 0
    if check:
        print(f"{path.relative_to(ROOT)} is out of date: run `make format`", file=sys.stderr)
        return 1
    path.write_text(text, encoding="utf-8")
    print(f"wrote {path.relative_to(ROOT)}")
    return 0


def _test_functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node


def _shown_by(tests: list[str]) -> str:
    return "<br>".join(f"`{test}`" for test in tests) or "not yet"


def _order(name: str) -> tuple[int, int]:
    view, number = name.removeprefix("S").split("-")
    return int(view), int(number)


if __name__ == "__main__":
    sys.exit(main())
