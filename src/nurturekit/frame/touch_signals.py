"""What signals that count or date touches measure, as columns: one more pass over touches.

    touches  those that some signal counts, by its kind, channel and window
             group by lead              a count, or the latest instant, one column a signal
             join leads and openings    the lower bounds of histories that begin with an opening

What a kind of touch leaves to its touches is known beforehand, so kinds are lists in expressions:
nothing is joined before few touches are left.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from operator import and_, or_
from typing import Any, TypeGuard

import narwhals as nw

from nurturekit.frame.counting import age_of, is_machine, told, visible
from nurturekit.frame.criteria import Measured
from nurturekit.frame.moment import Moment
from nurturekit.frame.tables import Prepared, Table
from nurturekit.instants import DAY_US
from nurturekit.records import Kind
from nurturekit.signals import EVERY_KIND, DaysSince, TouchCount, is_own
from nurturekit.typing import Signal
from nurturekit.vocabulary import Direction

Lazy = nw.LazyFrame[Any]
Counting = TouchCount | DaysSince
# Which touches a signal looks at: their kind and their channel.
Look = tuple[str, str | None]


def is_counting(signal: Signal) -> TypeGuard[Counting]:
    """Say whether a signal counts or dates the lead's touches, as the library's own do."""
    return isinstance(signal, TouchCount | DaysSince) and is_own(signal)


def with_counts(
    frame: Lazy,
    prepared: Prepared,
    signals: Iterable[Signal],
    moment: Moment,
    kinds: Mapping[str, Kind],
) -> tuple[Lazy, Mapping[Signal, Measured]]:
    """Add what signals measure to the leads, and return it by signal.

    Args:
        frame: One row a lead, with `lead_id`.
        prepared: The tables.
        signals: What criteria read; those that count no touches are passed over.
        moment: From when it is looked at.
        kinds: What is said of kinds of touch.
    """
    counting = list(dict.fromkeys(filter(is_counting, signals)))
    if not counting:
        return frame, {}
    frame = _completed(frame, prepared, moment)
    frame = _joined(frame, prepared, counting, moment, kinds)
    # Computed as columns of their own: an engine would write them out in every comparison.
    columns = {
        name: column
        for at, one in enumerate(counting)
        for name, column in _columns(at, one, moment)
    }
    measured: dict[Signal, Measured] = {
        one: Measured(
            number=nw.col(f"count_{at}"), is_whole=True, at_least=nw.col(f"bounded_{at}") == 1
        )
        for at, one in enumerate(counting)
    }
    return frame.with_columns(**columns), measured


def _start_us(signal: Counting, moment: Moment) -> int:
    """Return from when touches count, in epoch microseconds."""
    if isinstance(signal, DaysSince) or signal.days is None:
        return 0
    return max((moment.today - signal.days + 1) * DAY_US - moment.offset_us, 0)


def _completed(frame: Lazy, prepared: Prepared, moment: Moment) -> Lazy:
    """Add from when a lead's records are complete: its last opening, or ever since."""
    table = prepared.tables.get("openings")
    if table is None:
        return frame.with_columns(complete_us=nw.lit(0).cast(nw.Int64))
    seen = visible(table, moment).group_by("lead_id").agg(complete_us=nw.col("occurred_us").max())
    joined = frame.join(seen, on="lead_id", how="left")
    return joined.with_columns(nw.col("complete_us").fill_null(0))


def _joined(
    frame: Lazy,
    prepared: Prepared,
    counting: list[Counting],
    moment: Moment,
    kinds: Mapping[str, Kind],
) -> Lazy:
    """Add how many touches each signal counts, or when the latest was: null without any."""
    table, names = prepared.tables.get("touches"), [f"seen_{at}" for at in range(len(counting))]
    if table is None:
        return frame.with_columns(nw.lit(None).cast(nw.Int64).alias(name) for name in names)
    starts: dict[Look, int] = {}
    for one in counting:
        look = one.kind, one.channel
        starts[look] = min(_start_us(one, moment), starts.get(look, moment.as_of_us))
    looked = {
        f"is_{number}": nw.when(_looks(table, look, kinds) & (nw.col("occurred_us") >= start))
        .then(nw.lit(1))
        .otherwise(nw.lit(0))
        for number, (look, start) in enumerate(starts.items())
    }
    outbound = [name for name, kind in kinds.items() if kind.direction is Direction.OUTBOUND]
    seen = visible(table, moment).with_columns(outbound=_is_one(outbound))
    seen = seen.filter(~is_machine(table)).with_columns(**looked)
    seen = seen.filter(reduce(or_, (nw.col(name) == 1 for name in looked)))
    numbers = {look: number for number, look in enumerate(starts)}
    pieces = (
        _piece(one, nw.col(f"is_{numbers[one.kind, one.channel]}") == 1, moment).alias(name)
        for name, one in zip(names, counting, strict=True)
    )
    return frame.join(seen.group_by("lead_id").agg(*pieces), on="lead_id", how="left")


def _looks(table: Table, look: Look, kinds: Mapping[str, Kind]) -> nw.Expr:
    """Say whether a touch is of a kind and channel, and no kind that only machines make."""
    name, channel = look
    machines = [one for one, kind in kinds.items() if not kind.human]
    held = [_is_one(machines) == 0]
    if name != EVERY_KIND:
        held.append(nw.col("kind") == name)
    if channel is not None:
        by_kind = _is_one([one for one, kind in kinds.items() if kind.channel == channel]) == 1
        held.append(told(table, "channel", str(channel), by_kind))
    return reduce(and_, held)


def _is_one(kinds: list[str]) -> nw.Expr:
    """Return 1 where a touch is of one of some kinds, else 0."""
    if not kinds:
        return nw.lit(0)
    return nw.when(nw.col("kind").is_in(kinds)).then(nw.lit(1)).otherwise(nw.lit(0))


def _piece(signal: Counting, held: nw.Expr, moment: Moment) -> nw.Expr:
    if isinstance(signal, DaysSince):
        return nw.when(held).then(nw.col("occurred_us")).max().cast(nw.Int64)
    counts = held & (nw.col("occurred_us") >= _start_us(signal, moment))
    return nw.when(counts).then(nw.lit(1)).otherwise(nw.lit(0)).sum().cast(nw.Int64)


def _columns(at: int, signal: Counting, moment: Moment) -> Iterator[tuple[str, nw.Expr]]:
    """Yield what a signal measures: its number, and 1 where that is a lower bound."""
    seen, complete = nw.col(f"seen_{at}"), nw.col("complete_us")
    if isinstance(signal, DaysSince):
        # Never null: without a touch since records are complete, it was at least that long ago.
        last = seen.fill_null(-1)
        yield f"count_{at}", age_of(nw.max_horizontal(last, complete), moment)
        bounded = last < complete
    else:
        yield f"count_{at}", seen.fill_null(0)
        bounded = complete > _start_us(signal, moment)
    yield f"bounded_{at}", nw.when(bounded).then(nw.lit(1)).otherwise(nw.lit(0))
