"""The shape of the library: layers, purity, size, and what is public is documented."""

import ast
import re
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

import nurturekit

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src/nurturekit"
EDGES = {"cli", "report", "frame", "replay", "interop", "plugins", "testing"}
EDGES |= {"presets", "documents", "accountability", "progress", "work", "rates", "routing"}
EDGES |= {"survival", "profiling", "lint", "fatigue"}
# Only these may open files, and only the command line may ask what time it is; what tests plug-ins
# takes hold of clocks and chance to see whether they do.
MAY_OPEN = {"cli", "documents", "presets", "interop"}
MAY_READ_A_CLOCK = {"cli", "testing"}
CLOCKS = {"now", "utcnow", "today"}
CHANCE_AND_CLOCK_MODULES = {"random", "secrets", "time"}
OPENERS = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}
DATAFRAMES = {"narwhals", "duckdb", "pandas", "polars", "pyarrow", "pyspark", "numpy", "cattrs"}
OPEN_OR_CLOSED = (
    "criteria",
    "signals",
    "scoring",
    "planning",
    "guards",
    "ownership",
    "lifecycle",
    "interpreters",
)
PRESET = re.compile(r"(marketing|sales)[-_]led|blended")
MODULES = sorted(PACKAGE.rglob("*.py"))


def _part(path):
    """Name the layer a module belongs to, `` for the package itself."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py").replace("__init__", "")


CORE = [path for path in MODULES if _part(path) not in EDGES | {""}]


def _name(path):
    return path.relative_to(PACKAGE).as_posix()


def _tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def _docstrings(tree):
    """Yield the nodes of a module's docstrings."""
    described = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    for node in ast.walk(tree):
        if isinstance(node, described) and ast.get_docstring(node) is not None:
            yield node.body[0].value


def _imported_modules(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


def _called_names(tree):
    """Yield the name of everything called, as `open` or as the last part of `datetime.now`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def _code_lines(path):
    """Count logical lines, however the formatter wraps them: no comments or docstrings."""
    described = {node.lineno for node in _docstrings(_tree(path))}
    with path.open("rb") as source:
        ends = [one for one in tokenize.tokenize(source.readline) if one.type == tokenize.NEWLINE]
    return len(ends) - len(described)


def _run(code):
    return subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout


def test_layers_hold():
    """Imports only point down, and the core imports neither tables, chance nor clock."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_no_clock_and_no_chance(path):
    """No module reads a clock or draws a random number; the command line may ask the time."""
    if _part(path) not in MAY_READ_A_CLOCK:
        tree = _tree(path)
        assert not CHANCE_AND_CLOCK_MODULES & set(_imported_modules(tree))
        assert not CLOCKS & set(_called_names(tree))


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_only_edges_open_files(path):
    """Files are opened by the edges that read or write them, and nowhere else."""
    if _part(path) not in MAY_OPEN:
        assert not OPENERS & set(_called_names(_tree(path)))


@pytest.mark.parametrize("path", CORE, ids=_name)
def test_core_does_not_import_the_front_door(path):
    """A core module imports names from where they live, not from `nurturekit` itself."""
    parts = {_part(module) for module in MODULES}
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module == "nurturekit":
            assert {alias.name for alias in node.names} <= parts
        elif isinstance(node, ast.Import):
            assert "nurturekit" not in {alias.name for alias in node.names}


def test_import_is_light():
    """All that the front door opens loads neither a dataframe library nor a converter."""
    names = "{name.partition('.')[0] for name in sys.modules}"
    loaded = _run(f"import sys; from nurturekit import *; print(*{names})")
    assert not DATAFRAMES & set(loaded.split())


@pytest.mark.parametrize("name", nurturekit.__all__)
def test_public_names_are_documented(name):
    """Every public class and function has a docstring of its own."""
    value = getattr(nurturekit, name)
    if isinstance(value, type) or callable(value):
        assert value.__doc__


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_modules_stay_short(path):
    """No module is longer than 400 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_core_stays_small():
    """The core has fewer than 7,550 logical lines, imports included: it may shrink, not grow."""
    assert sum(_code_lines(path) for path in CORE) < 7_550


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_core_names_no_preset(path):
    """Presets are documents: no other module knows one by name, comments included.

    The docstrings of the package and of `documents` may show one in an example.
    """
    part = _part(path)
    if part in {"cli", "presets"}:
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    if part in {"", "documents"}:
        for node in _docstrings(_tree(path)):
            lines[node.lineno - 1 : node.end_lineno] = [""] * (node.end_lineno - node.lineno + 1)
    assert not [line for line in lines if PRESET.search(line)]


@pytest.mark.parametrize("name", OPEN_OR_CLOSED)
def test_package_says_open_or_closed(name):
    """A package says whether it is open to additions, and if so how one is added."""
    docstring = ast.get_docstring(_tree(PACKAGE / name / "__init__.py")) or ""
    assert re.search(r"\b(OPEN|CLOSED)\b", docstring)
    assert "CLOSED" in docstring or "To add one:" in docstring


def test_presets_and_type_marker_are_shipped():
    """The package carries its type marker and the documents of its presets."""
    assert (PACKAGE / "py.typed").exists()
    assert len(list((PACKAGE / "presets").glob("*.toml"))) >= 3
