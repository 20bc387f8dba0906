import pytest

from nurturekit.errors import ModelError
from nurturekit.scoring import Band, Bands, Dimension, Grid, Positions
from nurturekit.vocabulary import FunnelPosition

THREE = (Band("C", 0, 30), Band("B", 30, 60), Band("A", 60, 100))


def code_of(make):
    """Return the code of the error that making something raises."""
    with pytest.raises(ModelError) as caught:
        make()
    return caught.value.code


def test_band_holds_its_start_but_not_its_end():
    """Bands are half-open; the last one holds the range's end."""
    bands = Bands(reversed(THREE))
    assert [bands.label(milli) for milli in (0, 29_999, 30_000, 59_999, 60_000, 100_000)] == [
        *"CCBBAA"
    ]


def test_open_ends_reach_as_far_as_needed():
    """A missing end reaches to the end of the range, whatever it is."""
    bands = Bands([Band("low", None, 0.5), Band("high", 0.5, None)])
    bands.check((None, None), path="bands")
    bands.check((0, 1_000), path="bands")
    assert [bands.label(milli) for milli in (-5_000, 499, 500)] == ["low", "low", "high"]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: Bands([]), "bands-gap"),
        (lambda: Bands(["A"]), "bands-gap"),
        (lambda: Bands([Band("A", 0, 30), Band("B", 31, 60)]), "bands-gap"),
        (lambda: Bands([Band("A", 0, 30), Band("B", 29, 60)]), "bands-overlap"),
        (lambda: Bands([Band("A", 0), Band("B", 29, 60)]), "bands-overlap"),
        (lambda: Bands([Band("A"), Band("B")]), "bands-overlap"),
        (lambda: Bands([Band("A", 0, 30), Band("A", 30, 60)]), "duplicate-name"),
        (lambda: Band("A", 5, 5), "bands-overlap"),
        (lambda: Band("", 0, 5), "bad-value"),
        (lambda: Band("A", 0, "5"), "not-a-number"),
    ],
)
def test_bands_must_meet(make, code):
    """Gaps, overlaps, empty bands and repeated labels are errors."""
    assert code_of(make) == code


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ((-1, 100_000), "bands-gap"),
        ((0, 100_001), "bands-gap"),
        ((None, 100_000), "bands-gap"),
        ((0, None), "bands-gap"),
        ((1, 100_000), "bands-overlap"),
        ((0, 99_999), "bands-overlap"),
    ],
)
def test_bands_tile_their_range(limits, code):
    """Bands that fall short of their range or reach out of it are errors."""
    Bands(THREE).check((0, 100_000), path="bands")
    assert code_of(lambda: Bands(THREE).check(limits, path="bands")) == code


def test_dimension_is_bounded():
    """A dimension's limits don't cross, its weight lies between 0 and 10,000."""
    assert Dimension("fit", minimum=-1, maximum=2.5).limits == (-1_000, 2_500)
    assert Dimension("fit").limits == (None, None)
    assert code_of(lambda: Dimension("fit", minimum=2, maximum=1)) == "bad-range"
    assert code_of(lambda: Dimension("fit", weight_permille=10_001)) == "out-of-range"
    assert code_of(lambda: Dimension("fit", weight_permille=0.5)) == "not-a-number"
    assert code_of(lambda: Dimension("")) == "bad-value"
    assert code_of(lambda: Dimension("fit", maximum=1e7)) == "out-of-range"


GRID = Grid(
    fit=Bands([Band("B", 0, 10), Band("A", 10, 20)]),
    engagement=Bands([Band("2", 0, 10), Band("1", 10, 30)]),
)


def table(**limits):
    """Return dimensions from 0 to so many points."""
    return {name: Dimension(name, minimum=0, maximum=high) for name, high in limits.items()}


def test_grade_crosses_fit_with_engagement():
    """The grade is the fit letter and the digit of attraction plus behaviour."""
    GRID.check(table(fit=20, attraction=10, behaviour=20))
    assert GRID.grade({"fit": 10_000, "attraction": 5_000, "behaviour": 5_000}) == "A1"
    assert GRID.grade({}) == "B2"


def test_grid_tiles_what_dimensions_can_be():
    """Engagement bands tile the sum of both dimensions' ranges; without limits they can't end."""
    assert code_of(lambda: GRID.check(table(fit=21, attraction=10, behaviour=20))) == "bands-gap"
    assert code_of(lambda: GRID.check(table(fit=20, attraction=10, behaviour=21))) == "bands-gap"
    assert code_of(lambda: GRID.check(table(fit=20, attraction=10))) == "bands-overlap"
    unlimited = table(fit=20, attraction=10) | {"behaviour": Dimension("behaviour")}
    assert code_of(lambda: GRID.check(unlimited)) == "bands-gap"
    assert code_of(lambda: GRID.check({})) == "bands-gap"


def test_position_is_the_highest_reached():
    """Of the positions whose evidence is enough the highest counts, even above a gap."""
    positions = Positions({"decision": 12, "awareness": 1})
    assert positions.reached({}) is None
    assert positions.reached({FunnelPosition.AWARENESS: 1_000}) is FunnelPosition.AWARENESS
    assert positions.reached({FunnelPosition.CONSIDERATION: 99_000}) is None
    assert positions.reached({FunnelPosition.DECISION: 11_999}) is None
    assert positions.reached({FunnelPosition.DECISION: 12_000}) is FunnelPosition.DECISION


def test_positions_are_checked():
    """Only positions that exist have thresholds, in points."""
    assert code_of(lambda: Positions({"decisoin": 1})) == "unknown-word"
    assert code_of(lambda: Positions({"decision": 0.0001})) == "too-precise"
