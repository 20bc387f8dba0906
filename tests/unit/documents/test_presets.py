"""The shipped playbooks load, and every number in them says where it comes from."""

import re
from importlib.resources import files

import pytest

from nurturekit.documents import check, dump, load, loads
from nurturekit.documents.extends import shipped
from nurturekit.errors import CallError
from nurturekit.planning import Step
from nurturekit.presets import PRESETS, preset
from nurturekit.scoring import TouchRule
from nurturekit.vocabulary import FunnelPosition, Team

TEXTS = {name: path.read_text("utf-8") for name, path in shipped().items()}
# An id of a requirement, a norm, or the word for an example value.
SOURCE = re.compile(r"\bS[0-4]-\d+\b|\binference\b|\b\d+ CFR\b|\bGDPR\b|\bDirective\b")
HEADER = re.compile(r"\[\[?([\w.-]+)\]\]?")
SAID = re.compile(r'source = "(.*)"(?: #.*)?')
# What counts the document itself, not leads.
UNSOURCED = ("format", "version", "dated")


def _tables(text):
    """Yield each table of a document as its header and lines."""
    header, lines = "", []
    for line in text.splitlines():
        found = HEADER.fullmatch(line.partition("#")[0].strip())
        if found:
            yield header, lines
            header, lines = found[1], []
        else:
            lines.append(line)
    yield header, lines


def _without_texts(line):
    return re.sub(r'"[^"]*"', '""', line)


def _unsourced(text):
    """Yield the lines with a number for which neither the line nor its table names a source."""
    for header, lines in _tables(text):
        said = [found[1] for line in lines if (found := SAID.fullmatch(line))]
        if any(SOURCE.search(one) for one in said):
            continue
        for line in lines:
            value, _, comment = _without_texts(line).partition("#")
            if line.strip().startswith("#") or line.partition(" = ")[0] in UNSOURCED:
                continue
            if re.search(r"(?<![\w.])-?\d", value) and not SOURCE.search(comment):
                yield f"[{header}] {line}"


@pytest.mark.parametrize("name", TEXTS)
def test_every_number_has_a_source(name):
    """A number has a requirement id, a norm or `inference` beside it or in its table."""
    assert list(_unsourced(TEXTS[name])) == []


@pytest.mark.parametrize(
    "text",
    [
        "[a]\nb = 1",
        "[a]\nb = 1 # because",
        "[a]\nsource = 'S1-1'\nb = 1",
        '[a]\nsource = "me"\nb = [1]',
        '[a]\nsource = "S1-1"\n[b]\nc = -1.5',
        '[a]\nb = { c = "S1-1", d = 2 }',
    ],
)
def test_number_without_a_source_is_found(text):
    """A number without a source, or with one that is none, is found."""
    assert list(_unsourced(text))


@pytest.mark.parametrize("name", TEXTS)
def test_every_source_is_one(name):
    """Each `source` names a requirement, a norm or says `inference`."""
    said = [line for line in TEXTS[name].splitlines() if line.startswith("source =")]
    assert [line for line in said if not SOURCE.search(line)] == []


@pytest.mark.parametrize("name", PRESETS)
def test_preset(name):
    """A preset loads, is called as its file is, and is the same value each time."""
    playbook = preset(name)
    assert playbook.name == playbook.ownership.name == name
    assert preset(name) is playbook
    assert load(dump(playbook)) == playbook


def test_presets_differ_in_ownership_only():
    """The shipped playbooks share everything but who owns a lead."""
    first, *others = (dump(preset(name)) for name in PRESETS)
    for other in others:
        assert {key for key in first if first[key] != other[key]} == {"name", "ownership"}


def test_all_documents_are_presets_or_common():
    """Every shipped document is a preset, or what presets share, which alone is no playbook."""
    assert set(TEXTS) == {*PRESETS, "common"}
    found = {(problem.code, problem.path) for problem in check(TEXTS["common"])}
    assert found == {("missing-key", "$.ownership")}


def test_unknown_preset():
    """A preset that isn't one is the caller's error, with the nearest name."""
    for name in ("blendet", "common", None):
        with pytest.raises(CallError) as caught:
            preset(name)
        assert caught.value.code == "unknown-preset"
    assert "did you mean `blended`?" in str(_raised("blendet"))


def _raised(name):
    with pytest.raises(CallError) as caught:
        preset(name)
    return caught.value


def test_documents_are_data_files():
    """The documents lie in the package, to be read without a checkout."""
    assert files("nurturekit").joinpath("presets/common.toml").is_file()


# ------------------------------------------------------------------- what the numbers say
COMMON = preset(PRESETS[0])
POINTS = {
    kind: rule.points
    for rule in COMMON.scoring.rules
    if isinstance(rule, TouchRule)
    for kind in rule.on.kinds
}


def test_kinds_and_rules_fit_each_other():
    """Each kind that shows a position is scored by a rule, and each rule is about known kinds."""
    scored = set(POINTS)
    assert scored <= set(COMMON.kinds)
    assert {name for name, kind in COMMON.kinds.items() if kind.position} <= scored


def test_hand_raises():
    """The ways to show sales intent are marked; a gated demo is none. Source: S0-3, S0-8."""
    raised = {name for name, kind in COMMON.kinds.items() if kind.intent}
    assert raised == {"contact_requested", "price_asked", "demo_requested", "trial_requested"}
    assert all(COMMON.kinds[name].position is FunnelPosition.DECISION for name in raised)


def test_dimension_limits_add_up_to_the_range():
    """The dimensions' highest values add up to the total's highest."""
    dimensions = COMMON.scoring.dimensions
    assert sum(dimension.maximum for dimension in dimensions) == COMMON.scoring.maximum == 100


def test_one_decision_touch_shows_the_position():
    """One touch of a decision kind, and one webinar, are enough evidence of their position."""
    thresholds = COMMON.scoring.positions.thresholds
    decisive = [name for name, kind in COMMON.kinds.items() if kind.position == "decision"]
    assert min(POINTS[name] for name in decisive) >= thresholds[FunnelPosition.DECISION]
    assert POINTS["webinar_attended"] >= thresholds[FunnelPosition.CONSIDERATION]


def test_sequences_that_ownership_names_exist():
    """Each sequence that a row lets go on is there."""
    for name in PRESETS:
        sequences = {sequence.name for sequence in preset(name).planner.sequences}
        named = {one for row in preset(name).ownership.rows for one in row.continues}
        assert named <= sequences


def test_rep_steps_need_news():
    """A rep's steps name no content, so that each needs something new to say. Source: S3-2."""
    steps = [
        step
        for sequence in COMMON.planner.sequences
        for step in sequence.steps
        if isinstance(step, Step) and (step.team or sequence.team) is Team.SALES
    ]
    assert steps
    assert all(step.style == "one_to_one" and step.content is None for step in steps)


def test_user_document_of_three_lines():
    """A document of one's own may be a preset with one number changed. Source: S2-4."""
    text = 'format = 1\nextends = "blended"\n[ownership.parameters]\ncheck_in_days = 90\n'
    assert loads(text).ownership.check_in_days == 90
