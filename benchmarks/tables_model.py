"""The scoring models of the table benchmark: 12 or 200 touch rules, with 8 state rules."""

import random

import attrs
from tables_data import KINDS

from nurturekit.criteria import Criterion, fact
from nurturekit.playbook import Playbook
from nurturekit.presets import preset
from nurturekit.records import Kind
from nurturekit.scoring import (
    Decay,
    Dimension,
    Rule,
    ScoringModel,
    TouchRule,
    constant,
    custom,
    half_life,
    linear,
    steps,
    touch,
    window,
)

END_DAYS = 90


def _bounded(days: int) -> Decay:
    return custom(lambda age: 0 if age >= END_DAYS else 0.5 ** (age / days))


# Kinds, dimension, points, per day, at most, decay with an end, decay without.
TOUCH_RULES: tuple[
    tuple[tuple[str, ...], str, float, int | None, int | None, Decay, Decay], ...
] = (
    (("page_viewed",), "attraction", 1, 5, 10, window(days=90), constant()),
    (("mail_clicked",), "behaviour", 3, 2, 15, _bounded(30), half_life(days=30)),
    (("blog_read",), "behaviour", 2.5, 3, 12, _bounded(30), half_life(days=30)),
    (("social_liked",), "attraction", 1, None, 8, linear(days=60), linear(days=365)),
    (
        ("video_watched",), "behaviour", 4, 1, 16,
        window(days=30), steps(keep_percent=85, every_days=7),
    ),
    (("download",), "behaviour", 8, 1, 24, linear(days=90), half_life(days=60)),
    (("webinar",), "behaviour", 10, 1, 30, linear(days=90), half_life(days=60)),
    (("pricing_viewed",), "buying_stage", 12, 1, 36, _bounded(30), half_life(days=30)),
    (("event_visited",), "behaviour", 9, None, 27, window(days=90), constant()),
    (("demo_asked", "trial_begun"), "buying_stage", 20, 1, 40, linear(days=90), half_life(days=45)),
    (("unsubscribed",), "behaviour", -15, 1, None, window(days=90), constant()),
    (
        ("download", "webinar", "event_visited"), "buying_stage", 5, 2, 20,
        window(days=60), steps(keep_percent=90, every_days=30),
    ),
)  # fmt: skip
STATE_RULES: tuple[tuple[Criterion, int], ...] = (
    (fact("title").contains_any("vp", "director", "head of"), 15),
    (fact("title").contains_any("student", "intern"), -20),
    (fact("employees") >= 50, 5),
    (fact("employees") >= 500, 5),
    (fact("industry").one_of("software", "finance"), 5),
    (fact("country").one_of("de", "fr", "nl"), 4),
    (fact("budget") >= 10_000, 8),
    (fact("source").one_of("referral", "partner"), 4),
)
DIMENSIONS = (
    Dimension("fit", minimum=-20, maximum=50),
    Dimension("behaviour", minimum=0, maximum=40),
    Dimension("buying_stage", minimum=0, maximum=60),
    Dimension("attraction", minimum=0, maximum=10),
)


def model(touch_rules: int = 12, *, has_ends: bool) -> ScoringModel:
    """Return a model of so many touch rules.

    Args:
        touch_rules: 12, or more of the same kinds of touch.
        has_ends: Whether every rule's points are gone after 90 days.
    """
    states = [
        Rule(f"state {number}", dimension="fit", points=points, when=when)
        for number, (when, points) in enumerate(STATE_RULES)
    ]
    few = touch_rules == len(TOUCH_RULES)
    counts = _few(has_ends=has_ends) if few else _many(touch_rules, has_ends=has_ends)
    kinds = {kind: Kind.of(direction="inbound") for kind in KINDS if kind != "imported"}
    return ScoringModel(rules=[*states, *counts], dimensions=DIMENSIONS, kinds=kinds)


def playbook(scoring: ScoringModel) -> Playbook:
    """Return the blended preset with one of these models, for leads that nothing follows for.

    No kind of touch is a hand-raise, and no score is so low that its lead is recycled.
    """
    blended = preset("blended")
    resting = attrs.evolve(blended.qualification, recycle_below=0)
    return attrs.evolve(blended, scoring=scoring, kinds=scoring.kinds, qualification=resting)


def _few(*, has_ends: bool) -> list[TouchRule]:
    return [
        TouchRule(
            f"touch {number}",
            dimension=dimension,
            points=points,
            on=touch(*kinds),
            per_day=per_day,
            at_most=at_most,
            decay=ended if has_ends else endless,
        )
        for number, (kinds, dimension, points, per_day, at_most, ended, endless) in enumerate(
            TOUCH_RULES
        )
    ]


def _many(count: int, *, has_ends: bool) -> list[TouchRule]:
    draw = random.Random(3)
    decays = [ended if has_ends else endless for *_, ended, endless in TOUCH_RULES]
    return [
        TouchRule(
            f"touch {number}",
            dimension=draw.choice(("attraction", "behaviour", "buying_stage")),
            points=draw.randrange(1, 40) / 4,
            on=touch(*TOUCH_RULES[number % len(TOUCH_RULES)][0]),
            per_day=draw.choice((1, 1, 2, 3, None)),
            at_most=draw.choice((5, 10, 20)),
            decay=draw.choice(decays),
        )
        for number in range(count)
    ]
