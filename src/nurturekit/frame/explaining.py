"""The rows that add up to each score: one per lead and rule, limit, weight and total.

A row stands where it says something: points, or that a rule's criterion is unknown. They add up
exactly to the total. Which touches a rule cites is the single decision's to say.
"""

from collections.abc import Iterator
from typing import Any

import narwhals as nw

from nurturekit.frame.counting import capped
from nurturekit.frame.criteria import HOLDS, UNKNOWN, condition
from nurturekit.frame.scores import TOTAL, Scores, exact, weighed
from nurturekit.frame.tables import Prepared
from nurturekit.frame.ways import empty
from nurturekit.scoring import ScoringModel

Lazy = nw.LazyFrame[Any]
COLUMNS = (
    "lead_id",
    "level",
    "name",
    "dimension",
    "points_milli",
    "raw_milli",
    "decayed_milli",
    "capped_milli",
    "is_unknown",
)


def contributions(prepared: Prepared, model: ScoringModel, scored: Scores) -> Lazy:
    """Return the rows that add up to every lead's score; columns as `COLUMNS`."""
    parts = [part.select(*map(exact, COLUMNS)) for part in _parts(prepared, model, scored)]
    return nw.concat(parts, how="vertical")


def _parts(prepared: Prepared, model: ScoringModel, scored: Scores) -> Iterator[Lazy]:
    if scored.sums is not None:
        yield from _counted(prepared, scored, scored.sums)
    yield from _without(scored)
    for rule in scored.states:
        held = condition(rule.when, scored.subject.measured)
        rows = scored.frame.with_columns(held=held)
        points = nw.when(nw.col("held") == HOLDS).then(nw.lit(rule.points_milli))
        rows = rows.with_columns(points=points.otherwise(nw.lit(0)))
        told = rows.filter((nw.col("held") == UNKNOWN) | (nw.col("points") != 0))
        yield _rows(
            told, "rule", rule.name, rule.dimension, milli="points", raw="points", unknown=True
        )
    for name, dimension in model.dimension_table.items():
        limited = nw.col(f"{name}_milli") - nw.col(f"{name}_sum")
        yield _adjusted(scored.frame, "limit", name, limited)
        yield _adjusted(scored.frame, "weight", name, weighed(dimension) - nw.col(f"{name}_milli"))
    yield _adjusted(scored.frame, "total", "total", nw.col("score_milli") - nw.col(TOTAL))


def _adjusted(frame: Lazy, level: str, name: str, by: nw.Expr) -> Lazy:
    rows = frame.with_columns(points=by).filter(nw.col("points") != 0)
    dimension = "" if level == "total" else name
    return _rows(rows, level, name, dimension, milli="points", capped="points")


def _rows(  # noqa: PLR0913 - the columns of a row
    frame: Lazy,
    level: str,
    name: str,
    dimension: str,
    *,
    milli: str,
    raw: str | None = None,
    capped: str | None = None,
    unknown: bool = False,
) -> Lazy:
    nothing = nw.lit(0)
    return frame.select(
        "lead_id",
        level=nw.lit(level),
        name=nw.lit(name),
        dimension=nw.lit(dimension),
        points_milli=nw.col(milli),
        raw_milli=nothing if raw is None else nw.col(raw),
        decayed_milli=nothing,
        capped_milli=nothing if capped is None else nw.col(capped),
        is_unknown=nw.col("held") == UNKNOWN if unknown else nw.lit(value=False),
    )


def _counted(prepared: Prepared, scored: Scores, sums: Lazy) -> Iterator[Lazy]:
    """Yield the rows of rules that counted touches, a slot at a time."""
    plan, known = scored.plan, scored.frame.select("lead", "lead_id")
    rows = sums.join(prepared.small(**plan.way_rows()), on="way", how="inner")
    rows = rows.join(known, on="lead", how="inner")
    for k in plan.slots:
        named = [
            (number, way.rules[k]) for number, way in enumerate(plan.ways) if k < len(way.rules)
        ]
        rules = [plan.rules[index] for _, index in named]
        names = prepared.small(
            way=[number for number, _ in named],
            name=[rule.name for rule in rules],
            dimension=[rule.dimension for rule in rules],
            points=[rule.points_milli for rule in rules],
        )
        summed = nw.col(f"sum_{k}") * nw.col(f"sign_{k}")
        counted = nw.col("points") * nw.col(f"counted_{k}")
        raw = nw.col("points") * nw.col(f"seen_{k}")
        yield rows.join(names, on="way", how="inner").select(
            "lead_id",
            level=nw.lit("rule"),
            name=nw.col("name"),
            dimension=nw.col("dimension"),
            points_milli=capped(k),
            raw_milli=raw,
            decayed_milli=summed - counted,
            capped_milli=counted - raw + capped(k) - summed,
            is_unknown=nw.lit(value=False),
        )


def _without(scored: Scores) -> Iterator[Lazy]:
    """Yield the rows of rules that give something to leads without touches of theirs."""
    for number, way in enumerate(scored.plan.ways):
        rules = [scored.plan.rules[index] for index in way.rules]
        for rule in (rule for rule in rules if empty(rule)):
            leads = scored.frame.with_columns(points=nw.lit(empty(rule)))
            if scored.sums is not None:
                mine = scored.sums.filter(nw.col("way") == number).select("lead")
                leads = leads.join(mine, on="lead", how="anti")
            yield _rows(leads, "rule", rule.name, rule.dimension, milli="points", capped="points")
