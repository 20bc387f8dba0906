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
from nurturekit.frame.ways import BY_KIND, ONCE, REST, Plan, Way, Words
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
    days = _days(prepared, plan, ways, leads, moment, ends=not parts)
    weights = prepared.small(**plan.weight_rows(moment.today))
    last = nw.lit(plan.last_age(moment.today))
    found = days.with_columns(age=nw.min_horizontal("age", last)).join(
        weights, on=["way", "age"], how="inner"
    )
    alone = [[(k, 0)] for k in plan.slots]
    words = plan.words(moment.today) if prepared.engine.divides else alone
    keys = _keys(prepared)
    sums = found.group_by(*keys).agg(*_sums(plan, words, parts=parts))
    named = [nw.col(f"{name}_{k}") for name in _PARTS for k in plan.slots] if parts else []
    place = {"lead": nw.col("pair") // len(plan.ways), "way": nw.col("pair") % len(plan.ways)}
    placed = place if "pair" in keys else {name: nw.col(name) for name in keys}
    return sums.select(*named, **placed, **_unpacked(words))


_PARTS = ("seen", "counted")


def _keys(prepared: Prepared) -> list[str]:
    # A lead and a way, as one whole number where the engine groups by numbers.
    return ["pair"] if prepared.engine.packs else ["lead", "way"]


def _sums(plan: Plan, words: Words, *, parts: bool) -> Iterable[nw.Expr]:
    """Yield the slots' sums, several of them side by side in one whole number."""
    counts = [nw.min_horizontal("n", f"most_{k}") for k in plan.slots]
    sizes = [(nw.col(f"twice_{k}") * counts[k] + FULL) // (2 * FULL) for k in plan.slots]
    for number, word in enumerate(words):
        packed = reduce(add, (sizes[k] * (1 << shift) if shift else sizes[k] for k, shift in word))
        yield packed.sum().cast(nw.Int64).alias(f"word_{number}")
    for k in plan.slots if parts else ():
        yield nw.col("seen").sum().cast(nw.Int64).alias(f"seen_{k}")
        yield counts[k].sum().cast(nw.Int64).alias(f"counted_{k}")


def _unpacked(words: Words) -> dict[str, nw.Expr]:
    found = {}
    for number, word in enumerate(words):
        # Each slot lies below the next one's shift.
        above = [shift for _, shift in word[1:]] + [None]
        for (k, shift), end in zip(word, above, strict=True):
            value = nw.col(f"word_{number}")
            value = value if end is None else value % (1 << end)
            found[f"sum_{k}"] = value // (1 << shift) if shift else value
    return found


def _days(
    prepared: Prepared, plan: Plan, ways: Lazy, leads: Lazy, moment: Moment, *, ends: bool
) -> Lazy:
    """Return how much of each way each lead has at each age: `n` and `seen`."""
    table, keys = prepared.tables["touches"], _keys(prepared)
    counted = _counted(prepared, plan, leads, moment, ends=ends)
    has_units = any(way.unit for way in plan.ways)
    amount = {"amount": _amount(table)} if has_units else {}
    size, total = nw.len().cast(nw.Int64), [nw.col(one).sum().cast(nw.Int64) for one in amount]
    once = [number for number, way in enumerate(plan.ways) if way.once in ONCE]
    counted = counted.with_columns(**amount) if amount else counted
    if once:
        found = _once(counted, plan, table, keys, list(amount))
    elif "pair" in keys:
        packed = (nw.col("pair") * AGES + nw.col("age")).alias("packed")
        found = counted.group_by(packed).agg(size.alias("n"), *total)
        found = found.with_columns(pair=nw.col("packed") // AGES, age=nw.col("packed") % AGES)
        found = found.with_columns(seen=nw.col("n"))
    else:
        found = counted.group_by(*keys, "age").agg(size.alias("n"), *total)
        found = found.with_columns(seen=nw.col("n"))
    if "pair" in keys:
        found = found.with_columns(way=nw.col("pair") % len(plan.ways))
    return _in_units(found, ways) if has_units else found


def _once(counted: Lazy, plan: Plan, table: Table, keys: list[str], more: list[str]) -> Lazy:
    # What shares a key counts once, on its latest day: the age isn't grouped by, but sought.
    once = [number for number, way in enumerate(plan.ways) if way.once in ONCE]
    is_once = nw.col("way").is_in(once)
    keyed = counted.with_columns(
        by=nw.when(is_once).then(nw.lit(0)).otherwise(nw.col("age")),
        key=_shared(table, [number for number, way in enumerate(plan.ways) if way.once == "asset"]),
        is_once=nw.when(is_once).then(nw.lit(1)).otherwise(nw.lit(0)),
    )
    latest = keyed.group_by(*keys, "by", "key", "is_once").agg(
        nw.col("age").min(),
        nw.len().cast(nw.Int64).alias("seen"),
        *(nw.col(name).sum().cast(nw.Int64) for name in more),
    )
    ones = nw.when(nw.col("is_once") == 1).then(nw.lit(1)).otherwise(nw.col("seen"))
    return (
        latest.with_columns(n=ones)
        .group_by(*keys, "age")
        .agg(nw.col(name).sum().cast(nw.Int64) for name in ("n", "seen", *more))
    )


def _in_units(days: Lazy, ways: Lazy) -> Lazy:
    days = days.join(ways.select("way", "unit"), on="way", how="inner")
    units = nw.col("amount") // nw.max_horizontal(nw.col("unit"), nw.lit(1))
    is_value = nw.col("unit") > 0
    return days.with_columns(
        n=nw.when(is_value).then(units).otherwise(nw.col("n")),
        seen=nw.when(is_value).then(units).otherwise(nw.col("seen")),
    )


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


def _counted(prepared: Prepared, plan: Plan, leads: Lazy, moment: Moment, *, ends: bool) -> Lazy:
    """Return touches once per way in which they count, with their age and keys."""
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
    if prepared.engine.packs:
        # Before the kinds: a touch of several ways looks its lead up once.
        touches = touches.join(leads, on="lead_id", how="inner")
    else:
        touches = touches.with_columns(lead=nw.col("lead_id"))
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
    if prepared.engine.packs:
        joined = joined.with_columns(pair=nw.col("lead") * len(plan.ways) + nw.col("way"))
    return joined


def is_machine(table: Table) -> nw.Expr:
    """Say whether machines made touches of human kinds in the lead's name; `outbound` is joined."""
    if not table.has("automated"):
        return nw.lit(value=False)
    return nw.col("automated").fill_null(value=False) & ~is_outbound(table)


def is_outbound(table: Table) -> nw.Expr:
    """Say whether we turned to the lead, by the touch itself or by its kind (`outbound`)."""
    return told(table, "direction", str(Direction.OUTBOUND), nw.col("outbound") == 1)


def told(table: Table, name: str, value: str, by_kind: nw.Expr) -> nw.Expr:
    """Say whether a touch's field has a value: its own, or its kind's where it says nothing."""
    if not table.has(name):
        return by_kind
    own = (nw.col(name) == value).fill_null(value=False)
    return own | (nw.col(name).is_null() & by_kind)


def _agrees(table: Table, number: int, way: Way) -> nw.Expr:
    held = [_field(table, name, value) for name, value in way.given]
    return reduce(and_, held, nw.col("way") == number)


def _field(table: Table, name: str, value: str) -> nw.Expr:
    by_kind = nw.col(f"by_{name}") == 1 if name in BY_KIND else nw.lit(value=False)
    return told(table, name, value, by_kind)


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
