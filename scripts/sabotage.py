"""Break one line per law in a copy of the tree, and see that the law's test fails.

Each file of tests/sabotage/ is one break:

    file = "src/nurturekit/..."     a source file
    old = "..."                     occurs exactly once in it
    new = "..."                     takes its place
    law = "tests/...::test_..."     the test that must fail, or an expression for pytest -k

First every law must hold on the unbroken copy. Exits 1 when a law survives its break.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
COPIED = (
    "src",
    "tests",
    "examples",
    "benchmarks",
    "scripts",
    "docs",
    "conftest.py",
    "pyproject.toml",
    "README.md",
    "mkdocs.yml",
    "CHANGELOG.md",
)
KEYS = ("file", "old", "new", "law")
TIMEOUT_SECONDS = 600
# pytest's exit codes; any other means that the law could not be run at all.
HELD, FAILED = 0, 1
TIMED_OUT = -1


class Break(NamedTuple):
    """One line to break, and the law that must notice."""

    name: str
    file: str
    old: str
    new: str
    law: str


def read(path: Path) -> Break:
    """Read one break, refusing missing or unknown keys."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    if sorted(table) != sorted(KEYS) or not all(isinstance(table[key], str) for key in KEYS):
        sys.exit(f"{path.name}: needs the texts {', '.join(KEYS)} and nothing else")
    return Break(name=path.stem, **table)


def breaks(root: Path = ROOT, only: tuple[str, ...] = ()) -> list[Break]:
    """Read the breaks of the tree, or those named."""
    found = [read(path) for path in sorted((root / "tests/sabotage").glob("*.toml"))]
    unknown = set(only) - {each.name for each in found}
    if unknown:
        sys.exit(f"no such sabotage: {', '.join(sorted(unknown))}")
    return [each for each in found if not only or each.name in only]


def problem(each: Break, root: Path = ROOT) -> str | None:
    """Say why a break cannot be applied, or None when it can."""
    path = root / each.file
    if not each.file.startswith("src/") or not path.is_file():
        return f"no source file {each.file}"
    count = path.read_text(encoding="utf-8").count(each.old)
    if count != 1:
        return f"`old` occurs {count} times in {each.file}"
    return "`new` equals `old`" if each.old == each.new else None


def apply(each: Break, root: Path) -> None:
    """Break the line in a copy of the tree."""
    path = root / each.file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(each.old, each.new), encoding="utf-8")


def copy_tree(target: Path) -> Path:
    """Copy what the tests need."""
    skip = shutil.ignore_patterns("__pycache__", ".hypothesis", "*.egg-info")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=skip)
        elif source.exists():
            shutil.copy2(source, target / name)
    return target


def run_law(law: str, root: Path) -> int:
    """Run a law's tests in a copy of the tree and return pytest's exit code."""
    chosen = [law] if law.startswith(("tests/", "src/", "docs/")) else ["-k", law]
    # A law may be one of the long forms, so every marker is let in.
    options = ["-x", "-m", "", "-p", "no:cacheprovider", "--tb=no"]
    environment = os.environ | {
        "PYTHONPATH": str(root / "src"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "NURTUREKIT_HYPOTHESIS": "sabotage",
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *chosen],
            cwd=root,
            env=environment,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return TIMED_OUT
    return done.returncode


def hold_unbroken(law: str) -> str | None:
    """Say what is wrong with a law on the unbroken tree, or None when it holds."""
    code = _in_copy(lambda root: run_law(law, root))
    return None if code == HELD else f"does not hold unbroken (pytest exit {code})"


def try_break(each: Break) -> str:
    """Return `caught`, or what went wrong."""

    def attempt(root: Path) -> int:
        apply(each, root)
        return run_law(each.law, root)

    wrong = problem(each)
    if wrong:
        return f"DOES NOT APPLY: {wrong}"
    code = _in_copy(attempt)
    if code == HELD:
        return "SURVIVED"
    return "caught" if code == FAILED else f"DID NOT RUN (pytest exit {code})"


def main() -> int:
    """Try every break, print the table, and fail when a law survives."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="breaks to try (file stems); all by default")
    chosen = breaks(only=tuple(parser.parse_args().names))
    if not chosen:
        print("no sabotage in tests/sabotage/", file=sys.stderr)
        return 1
    laws = list(dict.fromkeys(each.law for each in chosen))
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        unsound = dict(zip(laws, pool.map(hold_unbroken, laws), strict=True))
        results = list(pool.map(lambda each: unsound[each.law] or try_break(each), chosen))
    _print_table(chosen, results)
    return 0 if all(result == "caught" for result in results) else 1


def _in_copy(work: Callable[[Path], int]) -> int:
    with tempfile.TemporaryDirectory(prefix="nurturekit-sabotage-") as folder:
        return work(copy_tree(Path(folder)))


def _print_table(chosen: list[Break], results: list[str]) -> None:
    names = max(len(each.name) for each in chosen)
    laws = max(len(each.law) for each in chosen)
    print(f"{'sabotage':<{names}} | {'law':<{laws}} | result")
    for each, result in zip(chosen, results, strict=True):
        print(f"{each.name:<{names}} | {each.law:<{laws}} | {result}")
    caught = results.count("caught")
    print(f"{caught} of {len(results)} caught")


if __name__ == "__main__":
    sys.exit(main())
