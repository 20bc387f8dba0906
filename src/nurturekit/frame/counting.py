"""Touch rules over a whole table: one pass over touches, integer weights, caps, sums.

    touches  join kinds              one row per way of counting
             group by lead, way, age            n
             join weights                       day_milli, one column a slot
             group by lead, way                 rule_milli
             group by lead                      what each group of rules gives

The formulas are `scoring.amounts`', in whole numbers that are never negative where they are
divided; products stay below 2 ** 53. The one large grouping is by a single whole number: a lead's
place in the table, the way and the age packed into one.
"""

from collections.abc import Iterable
from functools import reduce
from operator import add, and_, or_
from typing import Any

import narwhals as nw

from nurturekit.frame.moment import Moment
from nurturekit.frame.tables import Prepared, Table
from nurturekit.frame.ways import BY_KIND, ONCE, REST, Plan, Way
from nurturekit.instants import DAY_US, LAST_DAY
from nurturekit.scoring.decay import FULL
from nurturekit.scoring.points import MILLI
from nurturekit.vocabulary import Direction

Lazy = nw.LazyFrame[Any]
# More than any age in days: the calendar's own length, and one for the offset.
AGES = LAST_DAY + 2


def visible(table: Table, moment: Moment) -> Lazy:
    """Return the rows of a table that can be seen from an instant."""
    occurred = nw.col("occurred_us")
    if not table.has("recorded_at"):
        return table.rows.filter(occurred <= min(moment.as_of_us, moment.known_us))
    seen = table.rows.with_columns(recorded_us=nw.coalesce(nw.col("recorded_us"), occurred))
    return seen.filter((occurred <= moment.as_of_us) & (nw.col("recorded_us") <= moment.known_us))


def age_of(us: nw.Expr, moment: Moment) -> nw.Expr:
    """Return how many integer days ago instants were."""
    # One day is added and taken back: an engine's division may truncate what is negative.
    return nw.lit(moment.today + 1) - (us + (moment.offset_us + DAY_US)) // DAY_US


def way_sums(
    prepared: Prepared, plan: Plan, ways: Lazy, leads: Lazy, moment: Moment, *, parts: bool
) -> Lazy:
    """Return what each way's rules give each lead that has touches of it, before caps.

    Args:
        prepared: The tables.
        plan: The touch rules.
        ways: The table of ways.
        leads: `lead_id` and `lead`, a key of the same order.
        moment: From when.
        parts: Whether to give the parts of an explanation too, which look at all touches.

    Columns: `lead`, `way`, `sum_<k>` for each slot, and with `parts` `seen_<k>` and `counted_<k>`:
    how many there were, and how many of them the days' limits let count.
    """
    days = _days(prepared, plan, leads, moment, ends=not parts)
    weights = prepared.small(**plan.weight_rows(moment.today))
    amounts = days.join(ways, on="way", how="inner")
    if any(way.unit for way in plan.ways):
        units = nw.col("amount") // nw.max_horizontal(nw.col("unit"), nw.lit(1))
        is_value = nw.col("unit") > 0
        amounts = amounts.with_columns(
            n=nw.when(is_value).then(units).otherwise(nw.col("n")),
            seen=nw.when(is_value).then(units).otherwise(nw.col("seen")),
        )
    found = amounts.with_columns(age=nw.min_horizontal("age", "last")).join(
        weights, on=["way", "age"], how="inner"
    )
    return found.group_by("lead", "way").agg(*_sums(plan, parts=parts))


def _sums(plan: Plan, *, parts: bool) -> Iterable[nw.Expr]:
    for k in plan.slots:
        count = nw.min_horizontal("n", f"most_{k}")
        size = (nw.col(f"twice_{k}") * count + FULL) // (2 * FULL)
        yield size.sum().cast(nw.Int64).alias(f"sum_{k}")
        if parts:
            yield nw.col("seen").sum().cast(nw.Int64).alias(f"seen_{k}")
            yield count.sum().cast(nw.Int64).alias(f"counted_{k}")


def _days(prepared: Prepared, plan: Plan, leads: Lazy, moment: Moment, *, ends: bool) -> Lazy:
    """Return how much of each way each lead has at each age: `n`, `seen`, `amount`."""
    table = prepared.tables["touches"]
    packs = prepared.engine.packs
    counted = _counted(prepared, plan, moment, ends=ends)
    counted = (
        counted.join(leads, on="lead_id", how="inner")
        if packs
        else counted.with_columns(lead=nw.col("lead_id"))
    )
    amount = [_amount(table).alias("amount")] if any(way.unit for way in plan.ways) else []
    once = [number for number, way in enumerate(plan.ways) if way.once in ONCE]
    size = nw.len().cast(nw.Int64)
    total = nw.col("amount").sum().cast(nw.Int64)
    if not once:
        by = [_packed(plan)] if packs else ["lead", "way", "age"]
        counted = counted.with_columns(*amount) if amount else counted
        found = counted.group_by(*by).agg(size.alias("n"), *([total] if amount else []))
        return (_unpacked(found, plan) if packs else found).with_columns(seen=nw.col("n"))
    # What shares a key counts once, on its latest day: the age isn't grouped by, but sought.
    is_once = nw.col("way").is_in(once)
    keyed = counted.with_columns(
        *amount,
        by=nw.when(is_once).then(nw.lit(0)).otherwise(nw.col("age")),
        key=_shared(table, [number for number, way in enumerate(plan.ways) if way.once == "asset"]),
    )
    latest = keyed.group_by("lead", "way", "by", "key").agg(
        nw.col("age").min(), size.alias("seen"), *([total] if amount else [])
    )
    ones = latest.with_columns(n=nw.when(is_once).then(nw.lit(1)).otherwise(nw.col("seen")))
    names = ["n", "seen", *(["amount"] if amount else [])]
    return ones.group_by("lead", "way", "age").agg(
        nw.col(name).sum().cast(nw.Int64) for name in names
    )


def _packed(plan: Plan) -> nw.Expr:
    key = (nw.col("lead") * len(plan.ways) + nw.col("way")) * AGES + nw.col("age")
    return key.alias("packed")


def _unpacked(frame: Lazy, plan: Plan) -> Lazy:
    above = nw.col("packed") // AGES
    ways = len(plan.ways)
    return frame.with_columns(lead=above // ways, way=above % ways, age=nw.col("packed") % AGES)


def _shared(table: Table, ways: list[int]) -> nw.Expr:
    # Touches without an asset share one; no asset is the empty text.
    if not ways or not table.has("asset"):
        return nw.lit("")
    asset = nw.coalesce(nw.col("asset"), nw.lit(""))
    return nw.when(nw.col("way").is_in(ways)).then(asset).otherwise(nw.lit(""))


def _amount(table: Table) -> nw.Expr:
    """Return a touch's value in thousandths, rounded half up; missing or negative is 0."""
    if not table.has("value"):
        return nw.lit(0)
    value = nw.col("value")
    rounded = (value * float(MILLI) + 0.5).floor().cast(nw.Int64)
    return nw.when((value > 0).fill_null(value=False)).then(rounded).otherwise(nw.lit(0))


def _counted(prepared: Prepared, plan: Plan, moment: Moment, *, ends: bool) -> Lazy:
    """Return touches once per way in which they count, with their age."""
    table = prepared.tables["touches"]
    touches = visible(table, moment).with_columns(age=age_of(nw.col("occurred_us"), moment))
    oldest = max((-1 if end is None else end for end in plan.ends), default=-1)
    has_end = ends and None not in plan.ends
    if has_end:
        touches = touches.filter(nw.col("age") < oldest)
    kinds = prepared.small(**plan.kind_rows())
    if not plan.kinds:
        named = [kind for kind in plan.named if kind != REST]
        is_named = nw.col("kind").is_in(named) if named else nw.lit(value=False)
        touches = touches.with_columns(
            kind=nw.when(is_named).then(nw.col("kind")).otherwise(nw.lit(REST))
        )
    joined = touches.join(kinds, on="kind", how="inner")
    if has_end and len(set(plan.ends)) > 1:
        joined = joined.filter(nw.col("age") < nw.col("end"))
    if table.has("automated"):
        joined = joined.filter((nw.col("bots") == 1) | ~is_machine(table))
    given = [(number, way) for number, way in enumerate(plan.ways) if way.given]
    if given:
        plain = [number for number, way in enumerate(plan.ways) if not way.given]
        agrees = [_agrees(table, number, way) for number, way in given]
        joined = joined.filter(reduce(or_, agrees, nw.col("way").is_in([*plain, -1])))
    return joined


def is_machine(table: Table) -> nw.Expr:
    """Say whether machines made touches of human kinds in the lead's name; `outbound` is joined."""
    if not table.has("automated"):
        return nw.lit(value=False)
    return nw.col("automated").fill_null(value=False) & ~is_outbound(table)


def is_outbound(table: Table) -> nw.Expr:
    """Say whether we turned to the lead, by the touch itself or by its kind (`outbound`)."""
    by_kind = nw.col("outbound") == 1
    if not table.has("direction"):
        return by_kind
    direction = nw.col("direction")
    own = (direction == str(Direction.OUTBOUND)).fill_null(value=False)
    return own | (direction.is_null() & by_kind)


def _agrees(table: Table, number: int, way: Way) -> nw.Expr:
    held = [_field(table, name, value) for name, value in way.given]
    return reduce(and_, held, nw.col("way") == number)


def _field(table: Table, name: str, value: str) -> nw.Expr:
    by_kind = nw.col(f"by_{name}") == 1 if name in BY_KIND else None
    if not table.has(name):
        return nw.lit(value=False) if by_kind is None else by_kind
    own = (nw.col(name) == value).fill_null(value=False)
    return own if by_kind is None else own | (nw.col(name).is_null() & by_kind)


def capped(k: int) -> nw.Expr:
    """Return what the rule in a slot gives: with its sign, within its caps."""
    value = nw.col(f"sum_{k}") * nw.col(f"sign_{k}")
    return nw.max_horizontal(nw.min_horizontal(value, nw.col(f"high_{k}")), nw.col(f"low_{k}"))


def group_sums(
    plan: Plan, ways: Lazy, sums: Lazy, groups: Iterable[tuple[str, Iterable[int]]]
) -> Lazy:
    """Return what each group of rules gives each lead beyond what it gives without touches.

    Args:
        plan: The touch rules.
        ways: The table of ways.
        sums: What `way_sums` returns.
        groups: Each group's column and its rules' places among the touch rules.
    """
    place = {
        rule: (number, k)
        for number, way in enumerate(plan.ways)
        for k, rule in enumerate(way.rules)
    }
    rows = sums.join(ways, on="way", how="inner")
    rows = rows.with_columns(**{f"rule_{k}": capped(k) for k in plan.slots})
    pieces = []
    for column, rules in groups:
        mine: dict[int, list[int]] = {}
        for rule in rules:
            number, k = place[rule]
            mine.setdefault(k, []).append(number)
        terms = [
            nw.when(nw.col("way").is_in(numbers))
            .then(nw.col(f"rule_{k}") - nw.col(f"empty_{k}"))
            .otherwise(nw.lit(0))
            for k, numbers in mine.items()
        ]
        pieces.append(reduce(add, terms).sum().cast(nw.Int64).alias(column))
    return rows.group_by("lead").agg(*pieces)
