"""The breaks of tests/sabotage/ still fit the source, so that `make sabotage` means something."""

import ast

import pytest

from scripts import sabotage

BREAKS = sabotage.breaks()
TREE = {"src/a.py": "limit = min(x, y)\nother = 1 + 1\n"}


def _break(**changes):
    fields = {"name": "b", "file": "src/a.py", "old": "min(x", "new": "max(x", "law": "l"}
    return sabotage.Break(**(fields | changes))


def _tree(root):
    for name, text in TREE.items():
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize("each", BREAKS, ids=[each.name for each in BREAKS])
def test_break_applies(each):
    """The line to break occurs exactly once in its file."""
    assert sabotage.problem(each) is None


@pytest.mark.parametrize("each", BREAKS, ids=[each.name for each in BREAKS])
def test_law_exists(each):
    """A law named by file and function is there."""
    file, _, rest = each.law.partition("::")
    if file.startswith("tests/"):
        tree = ast.parse((sabotage.ROOT / file).read_text(encoding="utf-8"))
        names = {getattr(node, "name", None) for node in ast.walk(tree)}
        wanted = [part.partition("[")[0] for part in rest.split("::") if part]
        assert set(wanted) <= names


@pytest.mark.parametrize(
    "changes",
    [
        {"old": "absent"},
        {"old": "1"},
        {"new": "min(x"},
        {"file": "src/absent.py"},
        {"file": "tests/a.py"},
    ],
)
def test_unfit_break_is_refused(tmp_path, changes):
    """A break is refused when its text is absent, repeated, unchanged or not in the source."""
    assert sabotage.problem(_break(**changes), _tree(tmp_path))


def test_break_changes_its_line_only(tmp_path):
    """A fitting break replaces its text and leaves the rest."""
    root = _tree(tmp_path)
    assert sabotage.problem(_break(), root) is None
    sabotage.apply(_break(), root)
    changed = (root / "src/a.py").read_text(encoding="utf-8")
    assert changed == TREE["src/a.py"].replace("min", "max")


def test_misspelled_key_is_refused(tmp_path):
    """A break with an unknown or missing key stops the run."""
    path = tmp_path / "b.toml"
    path.write_text('file = "src/a.py"\nold = "a"\nnew = "b"\nlaws = "l"\n', encoding="utf-8")
    with pytest.raises(SystemExit):
        sabotage.read(path)
