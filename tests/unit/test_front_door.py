"""The front door: names are loaded when they are first asked for, and are those of their homes."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import nurturekit

FILE = Path(nurturekit.__file__)
HOMES = nurturekit._HOMES
TOP = {path.stem for path in FILE.parent.iterdir()} - {"__init__"}


def _run(code):
    return subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout


def test_its_lists_agree():
    """What a type checker reads, what is loaded and what is public are the same names."""
    imports = [node for node in ast.walk(ast.parse(FILE.read_text("utf-8"))) if _is_own(node)]
    read = {node.module.partition(".")[2]: [one.name for one in node.names] for node in imports}
    assert {home: list(names) for home, names in HOMES.items()} == read
    names = [name for names in HOMES.values() for name in names]
    assert sorted(names) == sorted(nurturekit.__all__) == sorted(set(names))


def _is_own(node):
    return isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nurturekit.")


def test_no_name_is_that_of_a_module():
    """A public name never stands for a module of the package as well."""
    assert not TOP & set(nurturekit.__all__)


@pytest.mark.parametrize("home", HOMES)
def test_names_are_those_of_their_homes(home):
    """A name from the front door is the very object of its home, and stays it."""
    module = import_module(f"nurturekit.{home}")
    for name in HOMES[home]:
        assert getattr(nurturekit, name) is getattr(module, name) is vars(nurturekit)[name]


def test_what_is_not_there_is_an_attribute_error():
    """An unknown name is refused as every module refuses it; a module of the package is found."""
    with pytest.raises(AttributeError) as caught:
        nurturekit.Playbok  # noqa: B018 - asking is the test
    assert (caught.value.name, caught.value.obj) == ("Playbok", nurturekit)
    with pytest.raises(ImportError):
        from nurturekit import Playbok  # noqa: F401 - asking is the test
    assert nurturekit.lifecycle is import_module("nurturekit.lifecycle")


def test_asking_for_the_library_loads_nothing():
    """`import nurturekit` loads no module of it, knows its names, and loads one when asked."""
    loaded = "sorted(name for name in sys.modules if name.startswith('nurturekit.'))"
    code = (
        f"import sys, nurturekit; print({loaded}, set(nurturekit.__all__) <= set(dir(nurturekit)))"
    )
    assert _run(code).split() == ["[]", "True"]
    code = f"import sys, nurturekit; nurturekit.Team; print({loaded})"
    assert _run(code).split() == ["['nurturekit.vocabulary']"]
