"""What touches say of a lead beyond its score: who turned to whom, when, and what came of it.

One row a lead with instants in epoch microseconds, null where there was nothing. Only the touches
that say something of this are grouped; all the others go by.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any

import narwhals as nw

from nurturekit.frame.counting import is_outbound, visible
from nurturekit.frame.moment import Moment
from nurturekit.frame.tables import Prepared, Table
from nurturekit.frame.ways import outbound
from nurturekit.instants import DAY_US
from nurturekit.lifecycle import PROVEN
from nurturekit.ownership.duties import CALLS
from nurturekit.records import Kind, World
from nurturekit.records.kinds import UNDESCRIBED
from nurturekit.records.standing import STAGE_RANK
from nurturekit.vocabulary import (
    CLOSING_REASONS,
    IDLE_REASONS,
    Direction,
    FunnelPosition,
    MoveKind,
    Origin,
    Style,
    Team,
)

Lazy = nw.LazyFrame[Any]
# What a kind of touch is, as whole numbers of the small table of kinds.
_OF_KIND = ("outbound", "human", "intent", "engages", "weak", "personal", "call")
# Instants of the latest touch of each sort, and the furthest stage that an outcome proves.
DEEDS = ("raised", "weak", "engaged", "sales", "call", "word", "attempt", "proven")


def deeds(
    prepared: Prepared,
    kinds: Mapping[str, Kind],
    world: World,
    moment: Moment,
    *,
    recent_us: int,
    wanted: Collection[str] = DEEDS,
) -> Lazy | None:
    """Return what touches say of each lead, None where they can't say anything.

    Columns: `lead_id` and those of `DEEDS` that are wanted and that some touch of these tables can
    be: the lead's last hand-raise, its last touch of decision position that no offer or alert
    cites, its last taking part, the last sales touch and the last call, the last rep's word, from
    when the last agreed date counts as kept, and the rank of what outcomes prove.
    """
    table = prepared.tables.get("touches")
    telling = [] if table is None else list(_telling(table, kinds, recent_us, wanted))
    if table is None or not telling:
        return None
    touches = visible(table, moment).filter(reduce(or_, telling))
    touches = _with_kinds(prepared, kinds, touches).with_columns(**_facts(table, world))
    recent = nw.col("occurred_us") >= recent_us
    kept = {
        name: one & recent if name in ("weak", "engaged") else one
        for name, one in _sorts(table)
        if name in wanted
    }
    found = touches.filter(reduce(or_, kept.values()))
    if _cites(prepared):
        found = _with_cited(prepared, found, moment)
        kept["weak"] = kept["weak"] & (nw.col("cited") == 0)
    values = dict(_values(table))
    found = found.with_columns(**{f"is_{name}": one for name, one in kept.items()}, **values)
    return found.group_by("lead_id").agg(
        nw.when(nw.col(f"is_{name}"))
        .then(nw.col(name if name in values else "occurred_us"))
        .max()
        .alias(name)
        for name in kept
    )


def _telling(
    table: Table, kinds: Mapping[str, Kind], recent_us: int, wanted: Collection[str]
) -> Iterable[nw.Expr]:
    """Yield which touches may tell anything: few of them, so that few are looked at closely."""
    words = {name: _of_kind(kind, described=True) for name, kind in kinds.items()}
    told = {name: dict(zip(_OF_KIND, word, strict=True)) for name, word in words.items()}
    ever = [name for name, one in told.items() if one["outbound"] or one["intent"]]
    is_counted = "engaged" in wanted
    lately = [name for name, one in told.items() if one["weak"] or (is_counted and one["engages"])]
    if ever:
        yield nw.col("kind").is_in(ever)
    if lately:
        yield nw.col("kind").is_in(lately) & (nw.col("occurred_us") >= recent_us)
    if table.has("direction"):
        yield (nw.col("direction") == str(Direction.OUTBOUND)).fill_null(value=False)
    for name in ("outcome", "next_attempt_on"):
        if table.has(name):
            yield ~nw.col(name).is_null()


def since_us(moment: Moment, days: int) -> int:
    """Return the start of the integer days that count as recent, in epoch microseconds."""
    return (moment.today - days + 1) * DAY_US - moment.offset_us


def _with_kinds(prepared: Prepared, kinds: Mapping[str, Kind], touches: Lazy) -> Lazy:
    default = _of_kind(UNDESCRIBED, described=False)
    if not kinds:
        return touches.with_columns(
            **{f"of_{name}": nw.lit(value) for name, value in zip(_OF_KIND, default, strict=True)}
        )
    rows = [_of_kind(kind, described=True) for kind in kinds.values()]
    columns = {f"of_{name}": [row[at] for row in rows] for at, name in enumerate(_OF_KIND)}
    joined = touches.join(prepared.small(kind=list(kinds), **columns), on="kind", how="left")
    return joined.with_columns(
        nw.col(f"of_{name}").fill_null(value) for name, value in zip(_OF_KIND, default, strict=True)
    ).with_columns(outbound=nw.col("of_outbound"))


def _of_kind(kind: Kind, *, described: bool) -> tuple[int, ...]:
    personal = {None: 0, Style.ONE_TO_ONE: 1}.get(kind.style, 2)
    return (
        outbound(kind),
        int(kind.human),
        int(kind.intent),
        int(described and (kind.engagement or kind.intent)),
        int(kind.position is FunnelPosition.DECISION and not kind.intent),
        personal,
        int(kind.channel in CALLS),
    )


def _text(table: Table, name: str) -> nw.Expr:
    return nw.col(name) if table.has(name) else nw.lit(None).cast(nw.String)


def _facts(table: Table, world: World) -> dict[str, nw.Expr]:
    """Return who made a touch, and whether it is the lead's own or a rep's to the lead."""
    direction, rep, style = (_text(table, name) for name in ("direction", "rep", "style"))
    is_automated = (
        nw.col("automated").fill_null(value=False)
        if table.has("automated")
        else nw.lit(value=False)
    )
    is_ours = (direction == "outbound").fill_null(value=False) | (
        direction.is_null() & ~rep.is_null()
    )
    by_us = nw.when(is_automated).then(nw.lit("playbook")).otherwise(nw.lit("person"))
    origin = nw.coalesce(
        _text(table, "origin"), nw.when(is_ours).then(by_us).otherwise(nw.lit("lead"))
    )
    turned = is_outbound(table)
    is_human = nw.col("of_human") == 1
    is_personal = (
        (style == str(Style.ONE_TO_ONE)).fill_null(value=False)
        | (style.is_null() & (nw.col("of_personal") == 1))
        | (style.is_null() & (nw.col("of_personal") == 0) & ~rep.is_null())
    )
    others = [one.id for one in world.reps.values() if one.team is not Team.SALES]
    by_sales = ~rep.is_in(others).fill_null(value=False) if others else nw.lit(value=True)
    return {
        "by": origin,
        "own": (origin == str(Origin.LEAD)) & ~is_automated & is_human & ~turned,
        "to_lead": (origin == str(Origin.PERSON)) & ~is_automated & turned & is_personal & by_sales,
    }


def _sorts(table: Table) -> Iterable[tuple[str, nw.Expr]]:
    """Yield which touches are of each sort."""
    own, to_lead = nw.col("own"), nw.col("to_lead")
    yield "raised", own & (nw.col("of_intent") == 1)
    yield "weak", own & (nw.col("of_weak") == 1)
    yield "engaged", own & (nw.col("of_engages") == 1)
    yield "sales", to_lead
    channel = _text(table, "channel")
    calls = channel.is_in([str(one) for one in CALLS]).fill_null(value=False)
    yield "call", to_lead & (calls | (channel.is_null() & (nw.col("of_call") == 1)))
    if table.has("outcome"):
        is_told = nw.col("by") == str(Origin.PERSON)
        words = [str(one) for one in (*IDLE_REASONS, *CLOSING_REASONS)]
        yield "word", is_told & nw.col("outcome").is_in(words).fill_null(value=False)
        proofs = [str(one) for one in PROVEN]
        yield "proven", is_told & nw.col("outcome").is_in(proofs).fill_null(value=False)
    if table.has("next_attempt_on"):
        is_dated = ~nw.col("next_attempt_on").is_null()
        yield "attempt", is_dated & (nw.col("by") != str(Origin.PLAYBOOK))


def _values(table: Table) -> Iterable[tuple[str, nw.Expr]]:
    """Yield what counts of a touch instead of when it was."""
    if table.has("outcome"):
        yield "proven", _rank()
    if table.has("next_attempt_on"):
        kept = nw.col("occurred_us") + 1
        yield "attempt", nw.max_horizontal(nw.col("next_attempt_on_n") * DAY_US, kept)


def _rank() -> nw.Expr:
    rank = nw.lit(-1)
    for outcome, stage in PROVEN.items():
        is_it = nw.col("outcome") == str(outcome)
        rank = nw.when(is_it).then(nw.lit(STAGE_RANK[stage])).otherwise(rank)
    return rank


# ------------------------------------------------------------------------- evidence that is cited
def _cites(prepared: Prepared) -> bool:
    moves, touches = prepared.tables.get("moves"), prepared.tables["touches"]
    return moves is not None and moves.has("evidence") and touches.has("id")


def _with_cited(prepared: Prepared, touches: Lazy, moment: Moment) -> Lazy:
    """Add whether an offer or alert cites a touch."""
    moves = visible(prepared.tables["moves"], moment)
    told = [str(MoveKind.OFFERED), str(MoveKind.ALERTED)]
    cited = (
        moves.filter(nw.col("kind").is_in(told))
        .select("lead_id", id=nw.col("evidence"))
        .explode("id")
        .filter(~nw.col("id").is_null())
        .unique(["lead_id", "id"])
        .with_columns(is_cited=nw.lit(1))
    )
    joined = touches.join(cited, on=["lead_id", "id"], how="left")
    return joined.with_columns(cited=nw.col("is_cited").fill_null(0))
