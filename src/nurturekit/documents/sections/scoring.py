"""`[scoring]`: dimensions, rules with their decays, bands, grid and positions."""

from decimal import Decimal
from typing import Any

from nurturekit.documents.mentions import KIND_NAME
from nurturekit.documents.parse import MAX_RULES
from nurturekit.documents.places import BAD, Place
from nurturekit.documents.sections.criteria import CRITERION
from nurturekit.documents.sections.decays import DECAY
from nurturekit.documents.shapes import (
    FLAG,
    POINTS,
    TEXT,
    WHOLE,
    ListOf,
    MapOf,
    Parsed,
    Word,
)
from nurturekit.documents.tables import Field, Table, Variant
from nurturekit.errors import ModelError
from nurturekit.instants import HOUR_US
from nurturekit.scoring import (
    Band,
    Bands,
    Decay,
    Dimension,
    Grid,
    Positions,
    Rule,
    ScoringModel,
    TouchMatch,
    TouchRule,
)
from nurturekit.vocabulary import Channel, Direction, FunnelPosition, Outcome, Style


class OneOrMore:
    """One name of a kind, or a list of several."""

    def read(self, node: Any, place: Place) -> Any:  # noqa: ANN401 - the JSON border
        """Return the names as a tuple."""
        if not isinstance(node, str):
            return ListOf(KIND_NAME).read(node, place)
        name = KIND_NAME.read(node, place)
        return BAD if name is BAD else (name,)

    def write(self, value: tuple[str, ...]) -> str | list[str]:
        """Return one name where there is one."""
        return value[0] if len(value) == 1 else list(value)


def _match(*, kind: tuple[str, ...] = (), **fields: str) -> TouchMatch:
    return TouchMatch(kinds=kind, **fields)


def _fading(rule: TouchRule) -> Decay | None:
    # What never fades says nothing of it.
    return None if rule.decay.name == "constant" else rule.decay


MATCH = Table(
    _match,
    (
        Field("kind", OneOrMore(), lambda match: match.kinds or None),
        Field("channel", Word(Channel)),
        Field("direction", Word(Direction)),
        Field("style", Word(Style)),
        Field("outcome", Word(Outcome)),
        Field("topic", TEXT),
        Field("campaign", TEXT),
        Field("asset", TEXT),
    ),
)

NAME = (
    Field("name", TEXT, required=True),
    Field("dimension", TEXT, required=True),
    Field("points", POINTS, required=True),
)
RULE = Table(Rule, (*NAME, Field("when", CRITERION, required=True)))
TOUCH_RULE = Table(
    TouchRule,
    (
        *NAME,
        Field("on", MATCH, required=True),
        Field("per_day", WHOLE),
        Field("per_value", POINTS),
        Field("once_per", TEXT),
        Field("at_least", POINTS),
        Field("at_most", POINTS),
        Field("decay", DECAY, _fading),
        Field("bots", FLAG),
    ),
)
RULES = Variant(
    (
        ("when", lambda rule: isinstance(rule, Rule), RULE),
        ("on", lambda rule: isinstance(rule, TouchRule), TOUCH_RULE),
    )
)

DIMENSION = Table(
    Dimension,
    (
        Field("name", TEXT, required=True),
        Field("minimum", POINTS),
        Field("maximum", POINTS),
        Field("weight_permille", WHOLE),
    ),
)

BAND = Table(
    Band,
    (
        Field("label", TEXT, required=True),
        Field("from_points", POINTS),
        Field("to_points", POINTS),
    ),
)
BANDS = Parsed(ListOf(BAND), Bands, lambda bands: bands.rows)
GRID = Table(
    Grid,
    (
        Field("fit", BANDS, required=True),
        Field("engagement", BANDS, required=True),
    ),
)
POSITIONS = Parsed(
    MapOf(Word(FunnelPosition), POINTS), Positions, lambda positions: positions.thresholds
)

MOST_HOURS = 24


def _offset_us(hours: int | Decimal) -> int:
    if not -MOST_HOURS <= hours <= MOST_HOURS:
        raise ModelError(
            "out-of-range", path="hours", problem=f"must lie within {MOST_HOURS} hours of zero"
        )
    return round(hours * HOUR_US)


OFFSET = Parsed(POINTS, _offset_us, lambda us: Decimal(us) / HOUR_US)


def _model(*, day_offset_hours: int = 0, **fields: Any) -> ScoringModel:  # noqa: ANN401 - each read by its own shape
    return ScoringModel(day_offset_us=day_offset_hours, **fields)


# The model's kinds stand at the top of the document.
SCORING = Table(
    _model,
    (
        Field("minimum", POINTS),
        Field("maximum", POINTS),
        Field("day_offset_hours", OFFSET, lambda model: model.day_offset_us),
        Field("dimensions", ListOf(DIMENSION)),
        Field("rules", ListOf(RULES, MAX_RULES), required=True),
        Field("bands", BANDS),
        Field("grid", GRID),
        Field("positions", POSITIONS),
    ),
)
