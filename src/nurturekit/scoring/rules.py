"""The rules of a score: what they look at and what they are worth.

CLOSED: two kinds. A `Rule` holds while a criterion holds; a `TouchRule` counts occurrences.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum

import attrs

from nurturekit.criteria import Criterion
from nurturekit.criteria.nodes import Combining
from nurturekit.errors import ModelError, RecordError
from nurturekit.records import Kind, Touch
from nurturekit.records.checks import check_word
from nurturekit.records.kinds import UNDESCRIBED
from nurturekit.records.words import CHANNELS, DIRECTIONS, OUTCOMES, STYLES
from nurturekit.scoring.decay import Decay, constant
from nurturekit.scoring.points import MAX_CAP, MAX_POINTS, in_points, to_milli, whole

MAX_PER_DAY = 1000
ONCE_PER = ("none", "asset", "ever")
_VOCABULARIES: Mapping[str, Mapping[str, StrEnum]] = {
    "channel": CHANNELS,
    "direction": DIRECTIONS,
    "style": STYLES,
    "outcome": OUTCOMES,
}
_BY_KIND = ("channel", "direction", "style")
_EXACT = ("outcome", "topic", "campaign", "asset")

Points = int | float | Decimal


def _check_text(owner: object, field: "attrs.Attribute[str]", value: object) -> None:
    if type(value) is not str or not value:
        raise ModelError(
            "bad-value", path=field.name, problem=f"must be a name in a {type(owner).__name__}"
        )


def _kinds(kinds: object) -> tuple[str, ...]:
    named = (kinds,) if isinstance(kinds, str) else tuple(kinds)  # type: ignore[arg-type]
    if any(type(kind) is not str or not kind for kind in named):
        raise ModelError("bad-value", path="on.kinds", problem="must be names of kinds of touch")
    return tuple(dict.fromkeys(named))


@attrs.frozen(kw_only=True)
class TouchMatch:
    """Which touches a rule counts: those that agree with everything that is given.

    Args:
        kinds: One of these kinds; empty is every kind.
        channel: The touch's channel, else its kind's; so are `direction` and `style`.
        outcome: What came of it.
        topic: What it was about, exactly; so are `campaign` and `asset`.

    Raises:
        ModelError: `unknown-word`, `bad-value`, or `empty` when nothing is given.
    """

    kinds: tuple[str, ...] = attrs.field(default=(), converter=_kinds)
    channel: str | None = None
    direction: str | None = None
    style: str | None = None
    outcome: str | None = None
    topic: str | None = None
    campaign: str | None = None
    asset: str | None = None

    def __attrs_post_init__(self) -> None:
        given = self.given()
        if not self.kinds and not given:
            raise ModelError("empty", path="on", problem="must say which touches it is about")
        for name, value in given.items():
            if type(value) is not str and name not in _VOCABULARIES:
                raise ModelError("bad-value", path=f"on.{name}", problem="must be a text")
            if name in _VOCABULARIES:
                object.__setattr__(self, name, _word(name, value))

    def given(self) -> dict[str, str]:
        """Return the fields that are given, but the kinds."""
        named = {name: getattr(self, name) for name in (*_BY_KIND, *_EXACT)}
        return {name: value for name, value in named.items() if value is not None}

    def test(self, kinds: Mapping[str, Kind]) -> Callable[[Touch], bool] | None:
        """Return the function that tests a touch of the right kind, None where none is needed."""
        given = tuple(self.given().items())
        if not given:
            return None

        def agrees(touch: Touch) -> bool:
            kind = kinds.get(touch.kind) or UNDESCRIBED
            return all(_value(touch, kind, name) == value for name, value in given)

        return agrees


def _value(touch: Touch, kind: Kind, name: str) -> str | None:
    value: str | None = getattr(touch, name)
    if value is None and name in _BY_KIND:
        described: str | None = getattr(kind, name)
        return described
    return value


def _word(name: str, value: object) -> str:
    try:
        return check_word(value, _VOCABULARIES[name], field=f"on.{name}")
    except RecordError as error:
        raise ModelError(error.code, path=error.field, problem=error.problem) from error


def touch(*kinds: str, **fields: str) -> TouchMatch:
    """Say which touches a rule counts.

    Args:
        kinds: One of these kinds; none is every kind.
        fields: What else must agree: channel, direction, style, outcome, topic, campaign, asset.

    Raises:
        ModelError: `unknown-word`, `bad-value`, or `empty` when nothing is given.

    >>> touch("call", outcome="connected").kinds
    ('call',)
    """
    return TouchMatch(kinds=kinds, **fields)


def _points(value: object) -> int | float:
    return in_points(to_milli(value, path="points", limit=MAX_POINTS))


def _per_value(value: object) -> int | float | None:
    return None if value is None else in_points(to_milli(value, path="per_value"))


def _at_least(value: object) -> int | float | None:
    return None if value is None else in_points(to_milli(value, path="at_least"))


def _at_most(value: object) -> int | float | None:
    return None if value is None else in_points(to_milli(value, path="at_most"))


def _milli(points: float | None) -> int | None:
    return None if points is None else to_milli(points, path="points")


@attrs.frozen
class Rule:
    """Points for as long as a criterion holds; none while it is unknown, and the score says so.

    Args:
        name: The rule's name, one of its kind in a model.
        dimension: The dimension it counts in.
        points: What it is worth, within 1,000 of zero, at most three decimals.
        when: What must hold.

    Raises:
        ModelError: Naming the field.

    >>> from nurturekit.criteria import fact
    >>> Rule("vp", dimension="fit", points=15, when=fact("title").contains_any("vp")).points_milli
    15000
    """

    name: str = attrs.field(validator=_check_text)
    dimension: str = attrs.field(kw_only=True, validator=_check_text)
    points: int | float = attrs.field(kw_only=True, converter=_points)
    when: Criterion = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.when, Combining):
            raise ModelError(
                "not-a-criterion", path="when", problem="must be a criterion: fact(...).is_known()"
            )

    @property
    def points_milli(self) -> int:
        """The points in milli-points."""
        return to_milli(self.points, path="points")


@attrs.frozen
class TouchRule:
    """Points for each touch of some kinds, per day, fading with age, within caps.

    Args:
        name: The rule's name, one of its kind in a model.
        dimension: The dimension it counts in.
        points: What each one is worth, within 1,000 of zero, at most three decimals.
        on: Which touches.
        per_day: How many of a day count at most, 1 to 1,000.
        per_value: Count whole units of this much of the day's summed values instead of touches.
        once_per: `none`, `asset` (touches of one asset count once, on their latest day) or `ever`.
        at_least: The least the rule can give, in points.
        at_most: The most the rule can give, in points.
        decay: How the points fade with age.
        bots: Whether machines in the lead's name count too.

    Raises:
        ModelError: Naming the field.

    >>> from nurturekit.scoring.decay import half_life
    >>> TouchRule("pricing page", dimension="buying_stage", points=12, on=touch("pricing_viewed"),
    ...           per_day=1, at_most=36, decay=half_life(days=30)).at_most
    36
    """

    name: str = attrs.field(validator=_check_text)
    dimension: str = attrs.field(kw_only=True, validator=_check_text)
    points: int | float = attrs.field(kw_only=True, converter=_points)
    on: TouchMatch = attrs.field(kw_only=True)
    per_day: int | None = attrs.field(kw_only=True, default=None)
    per_value: int | float | None = attrs.field(kw_only=True, default=None, converter=_per_value)
    once_per: str = attrs.field(kw_only=True, default="none")
    at_least: int | float | None = attrs.field(kw_only=True, default=None, converter=_at_least)
    at_most: int | float | None = attrs.field(kw_only=True, default=None, converter=_at_most)
    decay: Decay = attrs.field(kw_only=True, factory=constant)
    bots: bool = attrs.field(kw_only=True, default=False)

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.on, TouchMatch):
            raise ModelError("bad-type", path="on", problem="must be made by touch(...)")
        if not isinstance(self.decay, Decay):
            raise ModelError("bad-type", path="decay", problem="must be one: half_life(days=30)")
        if type(self.bots) is not bool:
            raise ModelError("bad-type", path="bots", problem="must be true or false")
        if self.per_day is not None:
            whole(self.per_day, path="per_day", low=1, high=MAX_PER_DAY)
        _check_counting(self)
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ModelError("bad-range", path="at_most", problem="must not lie below `at_least`")

    @property
    def points_milli(self) -> int:
        """The points in milli-points."""
        return to_milli(self.points, path="points")

    @property
    def caps_milli(self) -> tuple[int | None, int | None]:
        """The least and the most the rule can give, in milli-points."""
        return _milli(self.at_least), _milli(self.at_most)

    @property
    def unit_milli(self) -> int | None:
        """The unit of `per_value` in thousandths."""
        return _milli(self.per_value)


def _check_counting(rule: TouchRule) -> None:
    if rule.once_per not in ONCE_PER:
        raise ModelError(
            "unknown-word", path="once_per", problem=f"must be one of {', '.join(ONCE_PER)}"
        )
    if rule.per_value is None:
        return
    if not 0 < rule.per_value <= MAX_CAP:
        raise ModelError("out-of-range", path="per_value", problem="must be above 0")
    if rule.once_per != "none":
        raise ModelError(
            "per-value-once", path="per_value", problem="can't be combined with `once_per`"
        )
