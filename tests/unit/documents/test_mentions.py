"""A name that cites nothing in the document is misspelt, and reported where it stands."""

import pytest

from nurturekit.documents import check, dump, load, loads

BASE = 'format = 1\nextends = "blended"\n'
SEQUENCE = """
[[sequences]]
name = "prices"
team = "sales"
steps = [{ id = "sheet", style = "mass", up_to_days = 3, triggers = ["pricing_viewed"] }]
"""
COUNTED = '{ touches = "pricing_vewed", at_least = 1 }'
BARE = """
format = 1
name = "bare"
scoring.rules = []
guards = { name = "none", dated = 2026-01-05 }
ownership = { name = "bare", rows = [
    { number = 1, name = "all", accountable = "sales", continues = ["nurtur"] },
] }
"""


def _found(text):
    return [(problem.code, problem.path) for problem in check(text)]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (SEQUENCE.replace("pricing_viewed", "pricing_vewed"), "sequences[0].steps[0].triggers[0]"),
        (SEQUENCE + f"entry = {COUNTED}", "sequences[0].entry"),
        (SEQUENCE + 'exit = { days_since = "pricing_vewed", at_most = 1 }', "sequences[0].exit"),
        (
            f"qualification.unfit = {{ not = {{ all = [{COUNTED}, {COUNTED}] }} }}",
            "qualification.unfit",
        ),
    ],
)
def test_kind(text, path):
    """A kind of touch that no kind describes is named once, with the one that may be meant."""
    (problem,) = check(BASE + text)
    assert (problem.code, problem.path) == ("unknown-kind", f"$.{path}")
    assert "`pricing_vewed`" in problem.problem
    assert "did you mean `pricing_viewed`?" in problem.problem


def test_kinds_and_sequences_together():
    """Misspelt names of all sections are reported at once."""
    rule = '{ name = "r", dimension = "fit", points = 1, on = { kind = ["blog", "pricing"] } }'
    row = '{ number = 1, name = "a", accountable = "sales", continues = ["prise", "prices"] }'
    text = f"scoring.rules = [{rule}]\nownership.rows = [{row}]\n"
    assert _found(BASE + text + SEQUENCE + 'entry = { touches = "price", at_least = 1 }') == [
        ("unknown-kind", "$.scoring.rules[0].on.kind[0]"),
        ("unknown-kind", "$.scoring.rules[0].on.kind[1]"),
        ("unknown-sequence", "$.ownership.rows[0].continues[0]"),
        ("unknown-kind", "$.sequences[0].entry"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        'kinds.pricing_vewed.channel = "web"\n' + SEQUENCE.replace("viewed", "vewed"),
        SEQUENCE + 'entry = { touches = "*", at_least = 1 }',
        SEQUENCE + 'exit = { signal = "stage", is = "sql" }',
    ],
)
def test_names_that_are_known(lines):
    """A kind of one's own, every kind, and a signal that counts no touches are no problem."""
    assert _found(BASE + lines) == []


def test_nothing_is_described():
    """Where a document describes no kinds and has no sequences, any may be cited."""
    assert _found(BARE + 'qualification.unfit = { touches = "x", at_least = 1 }') == []


def test_no_sequence_of_that_name():
    """A row that cites a sequence which isn't there is reported with the nearest."""
    (problem,) = check(BARE + SEQUENCE.replace("prices", "nurture"))
    assert (problem.code, problem.path) == ("unknown-sequence", "$.ownership.rows[0].continues[0]")
    assert "did you mean `nurture`?" in problem.problem


def test_inherited_rows_after_the_sequences_were_replaced():
    """Inherited rows may cite shipped sequences that the document replaced, also in its dump."""
    playbook = loads(BASE + SEQUENCE)
    assert playbook.ownership.rows[5].continues == ("decision-content", "newsletter")
    assert load(dump(playbook)) == playbook


@pytest.mark.parametrize("key", ["kinds", "sequences", "sequences[0]", "sequences[0].name"])
def test_sections_that_are_no_sections(key):
    """What names nothing because it can't be read is one problem, at its own place."""
    name = key.partition("[")[0]
    node = {
        "sequences[0]": "[3]",
        "sequences[0].name": "[{ name = 3, team = 'sales', steps = [] }]",
    }
    ((_, path), *others) = _found(f"{BASE}{name} = {node.get(key, '3')}")
    assert (path, others) == (f"$.{key}", [])
