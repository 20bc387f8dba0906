"""What installed packages add, read through real entry points of made-up packages."""

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from nurturekit import plugins
from nurturekit.errors import PluginError

MODULE = """
import attrs

@attrs.frozen
class Moon:
    name: str = "moon"
    def measure(self, situation):
        return "full"

@attrs.frozen
class Early:
    plugin = "early"
    name: str = "early"
    def decide(self, situation):
        return None

moon = Moon()
stage = Moon("stage")
missing = 3
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Return what puts a package with entry points on the path, without an installer."""

    def put(package, entries, module=MODULE):
        folder = tmp_path / package
        info = folder / f"{package}-1.2.dist-info"
        info.mkdir(parents=True)
        info.joinpath("METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.2\n", encoding="utf-8"
        )
        info.joinpath("entry_points.txt").write_text(entries, encoding="utf-8")
        name = package.replace("-", "_")
        folder.joinpath(f"{name}.py").write_text(module, encoding="utf-8")
        monkeypatch.syspath_prepend(str(folder))
        monkeypatch.delitem(sys.modules, name, raising=False)

    return put


def refused():
    """Return the error of loading."""
    with pytest.raises(PluginError) as caught:
        plugins.load()
    return caught.value


def test_what_is_installed(install):
    """Each group's entry points are there by name, with the package that they came from."""
    install(
        "acme",
        "[nurturekit.signals]\nmoon = acme:moon\n[nurturekit.policies]\nearly = acme:Early\n"
        "[console_scripts]\nacme = acme:moon\n",
    )
    catalog = plugins.load()
    assert catalog.signals["moon"].measure(None) == "full"
    assert catalog.policies["early"]().name == "early"
    assert catalog.sources["signals", "moon"] == "acme 1.2"
    assert catalog.sources["policies", "early"] == "acme 1.2"
    assert plugins.load() == catalog


def test_a_name_that_two_packages_offer(install):
    """The message names both packages; in another group the name is free."""
    install("acme", "[nurturekit.signals]\nmoon = acme:moon\n")
    install("lunar-tools", "[nurturekit.signals]\nmoon = lunar_tools:moon\n")
    error = refused()
    assert (error.code, error.plugin) == ("plugin-clash", "moon")
    assert "`acme 1.2`" in str(error)
    assert "`lunar-tools 1.2`" in str(error)


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("import no_such_module", "ModuleNotFoundError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("", "AttributeError"),
        ("this is no Python", "SyntaxError"),
    ],
)
def test_an_entry_point_that_cannot_be_loaded(install, module, said):
    """Package, entry point and cause are named."""
    install("acme", "[nurturekit.signals]\nmoon = acme:moon\n", module)
    error = refused()
    assert (error.code, error.plugin) == ("plugin-broken", "moon")
    for word in ("`acme 1.2`", "`acme:moon`", said):
        assert word in str(error)
    assert type(error.__cause__).__name__ == said


@pytest.mark.parametrize(
    ("group", "entry"),
    [
        ("signals", "moon = acme:missing"),
        ("signals", "stage = acme:stage"),
        ("signals", "sun = acme:moon"),
        ("policies", "moon = acme:moon"),
        ("policies", "late = acme:Early"),
        ("planners", "early = acme:Early"),
    ],
)
def test_an_entry_point_of_another_shape(install, group, entry):
    """What isn't the protocol's, or has one of the library's names: package and entry point."""
    install("acme", f"[nurturekit.{group}]\n{entry}\n")
    error = refused()
    assert (error.code, error.plugin) == ("plugin-shape", entry.partition(" ")[0])
    for word in ("`acme 1.2`", f"`{entry.rpartition(' ')[2]}`"):
        assert word in str(error)


def test_an_entry_point_of_no_package():
    """One made by hand has no package."""
    entry = EntryPoint("moon", "acme:moon", "nurturekit.signals")
    assert plugins.package_of(entry) == "an unknown package"


def test_nothing_is_scanned_at_import():
    """`import nurturekit` doesn't even import the module that looks for plug-ins."""
    code = "import sys, nurturekit; print('nurturekit.plugins' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "False\n"
