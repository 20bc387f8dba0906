"""A plug-in package, installed as anybody's would be, and found through its entry points."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "examples/nurturekit-territory"
PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index")
LEADS = "id,country\nl1,de\nl2,fr\nl3,\n"
TOUCHES = "id,lead_id,kind,occurred_at\nt1,l1,price_asked,2026-10-30T09:00:00Z\n"


def python(*args, site, cwd):
    """Run Python with a folder of installed packages, and with this library."""
    path = os.pathsep.join([str(site), str(ROOT / "src")])
    return subprocess.run(
        [sys.executable, *args],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the package and install it, without the network."""
    folder = tmp_path_factory.mktemp("site")
    options = ("--no-deps", "--no-build-isolation", "--target", str(folder))
    done = python(*PIP, *options, str(PACKAGE), site=folder, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def nurturekit(site, tmp_path):
    """Return the command line, run with the package installed."""

    def run(*args):
        code = "from nurturekit.cli import main; raise SystemExit(main())"
        return python("-c", code, *args, site=site, cwd=tmp_path)

    return run


def test_its_own_tests_pass(site, tmp_path):
    """The package's tests, the checks of `nurturekit.testing` among them, pass as installed."""
    args = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", "-c", os.devnull)
    done = python(*args, "--rootdir", PACKAGE, PACKAGE / "tests", site=site, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_listed(nurturekit):
    """The command line names both parts, with the package and its version."""
    done = nurturekit("plugins")
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["policies", "territory", "nurturekit-territory", "0.1.0"],
        ["signals", "territory", "nurturekit-territory", "0.1.0"],
    ]


def test_its_playbook_decides_an_export(nurturekit, tmp_path):
    """A document that names the plug-in is loaded by its path alone, and decides every lead."""
    (tmp_path / "leads.csv").write_text(LEADS, encoding="utf-8")
    (tmp_path / "touches.csv").write_text(TOUCHES, encoding="utf-8")
    files = ("--leads", "leads.csv", "--touches", "touches.csv")
    instant = ("--as-of", "2026-11-01T00:00:00Z")
    done = nurturekit("decide", "--playbook", str(PACKAGE / "playbook.toml"), *files, *instant)
    assert done.returncode == 0, done.stderr
    for said in ("dach: sales is accountable", "west: not ready", "territory unknown: not ready"):
        assert said in done.stdout
    assert "not decided" not in done.stdout


def test_without_the_package_it_is_missed(tmp_path):
    """Where it isn't installed, the document's problems name what it needs."""
    code = "from nurturekit.cli import main; raise SystemExit(main())"
    args = ("check", str(PACKAGE / "playbook.toml"))
    done = python("-c", code, *args, site=tmp_path, cwd=tmp_path)
    assert done.returncode == 1
    assert "[unknown-plugin]" in done.stdout
    assert "[unknown-signal]" in done.stdout


def test_two_packages_with_one_name(site, nurturekit, tmp_path):
    """A second package that offers the name is told together with the first."""
    info = site / "acme-2.0.dist-info"
    info.mkdir()
    info.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 2.0\n")
    entries = "[nurturekit.signals]\nterritory = nurturekit_territory:TERRITORY\n"
    info.joinpath("entry_points.txt").write_text(entries)
    try:
        done = nurturekit("plugins")
    finally:
        for path in info.iterdir():
            path.unlink()
        info.rmdir()
    assert done.returncode == 2
    assert "[plugin-clash]" in done.stderr
    assert "`acme 2.0`" in done.stderr
    assert "`nurturekit-territory 0.1.0`" in done.stderr
