"""The funnel position that a conversation told, where one did.

S3-5: what a conversation says holds until the buyer shows more; then the higher counts.
"""

from typing import Any

import narwhals as nw

from nurturekit.criteria import fact
from nurturekit.frame.attributes import latest
from nurturekit.frame.counting import is_machine, visible
from nurturekit.frame.criteria import Measured, truth
from nurturekit.frame.moment import Moment
from nurturekit.frame.tables import Prepared
from nurturekit.frame.ways import outbound
from nurturekit.scoring import ScoringModel
from nurturekit.scoring.measuring import POSITION_FACT
from nurturekit.vocabulary import POSITIONS

Lazy = nw.LazyFrame[Any]


def position(frame: Lazy, prepared: Prepared, model: ScoringModel, moment: Moment) -> Lazy:
    """Return the leads with the position that was told in place of the one that evidence shows.

    Args:
        frame: One row a lead, with `position` as evidence shows it.
        prepared: The tables, with facts.
        model: How leads are scored.
        moment: From when.
    """
    told = _told(prepared, moment)
    frame = frame.join(told, on="lead_id", how="left").with_columns(reached=_rank("position"))
    passed = _passed(prepared, model, told, moment)
    if passed is None:
        frame = frame.with_columns(passed=nw.lit(0))
    else:
        frame = frame.join(passed, on="lead_id", how="left")
    is_told = ~nw.col("told").is_null()
    shows_more = (nw.col("reached") > nw.col("told")) & (nw.col("passed") == 1)
    keeps = is_told & ~shows_more.fill_null(value=False)
    word = nw.lit(None).cast(nw.String)
    for rank, one in enumerate(POSITIONS):
        word = nw.when(nw.col("told") == rank).then(nw.lit(str(one))).otherwise(word)
    return frame.with_columns(position=nw.when(keeps).then(word).otherwise(nw.col("position")))


def _rank(column: str) -> nw.Expr:
    rank = nw.lit(-1)
    for at, word in enumerate(POSITIONS):
        rank = nw.when(nw.col(column) == str(word)).then(nw.lit(at)).otherwise(rank)
    return rank


def _told(prepared: Prepared, moment: Moment) -> Lazy:
    """Return the rank that the fact in force tells of each lead, and since when."""
    facts = prepared.tables["facts"]
    seen = visible(facts, moment).filter(nw.col("name") == POSITION_FACT)
    last = latest(seen, ["lead_id"], facts)
    value = Measured(text=nw.col("value") if facts.has("value") else None)
    rank = nw.lit(None).cast(nw.Int64)
    for at, word in enumerate(POSITIONS):
        is_word = truth(fact(POSITION_FACT).equals(str(word)), lambda _: value).holds
        rank = nw.when(is_word).then(nw.lit(at)).otherwise(rank)
    told = last.select("lead_id", told=rank, told_us=nw.col("occurred_us"))
    return told.filter(~nw.col("told").is_null())


def _passed(prepared: Prepared, model: ScoringModel, told: Lazy, moment: Moment) -> Lazy | None:
    """Return the leads that have since done what only a later position is shown by."""
    ranks = {
        name: (POSITIONS.index(kind.position), outbound(kind))
        for name, kind in model.kinds.items()
        if kind.position is not None and kind.human
    }
    if not ranks or "touches" not in prepared.tables:
        return None
    kinds = prepared.small(
        kind=list(ranks),
        rank=[rank for rank, _ in ranks.values()],
        outbound=[turned for _, turned in ranks.values()],
    )
    table = prepared.tables["touches"]
    touches = visible(table, moment).select(
        "lead_id",
        "kind",
        "occurred_us",
        *(name for name in ("automated", "direction") if table.has(name)),
    )
    later = (
        touches.join(told, on="lead_id", how="inner")
        .join(kinds, on="kind", how="inner")
        .filter((nw.col("rank") > nw.col("told")) & (nw.col("occurred_us") > nw.col("told_us")))
    )
    if table.has("automated"):
        later = later.filter(~is_machine(table))
    return later.select("lead_id").unique("lead_id").with_columns(passed=nw.lit(1))
