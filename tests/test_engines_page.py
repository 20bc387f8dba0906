"""The page of engines names each engine that tables are tried on, and says what came of it."""

from pathlib import Path

from tests.engines import ENGINES

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "engines.md"


def _rows():
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return {row[0]: row[1:] for row in cells[2:]}


def test_every_engine_has_a_row():
    """The page has a row of each engine that the tests run on, and of no other."""
    assert list(_rows()) == list(ENGINES)


def test_no_engine_differs():
    """The page was written by a run in which everything worked and nothing differed."""
    for row in _rows().values():
        assert row[1:5] == ["yes"] * 4
        assert (int(row[-2].replace(",", "")) > 0, row[-1]) == (True, "0")
