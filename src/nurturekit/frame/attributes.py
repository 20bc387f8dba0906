"""What is known of each lead as columns: its own, the facts that beat them, and its touches.

A fact in force is the greatest by (occurred, recorded, id), and beats the lead's column even where
its value is unknown.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import narwhals as nw

from nurturekit.errors import InputError
from nurturekit.frame.counting import visible
from nurturekit.frame.criteria import Measured
from nurturekit.frame.moment import Moment
from nurturekit.frame.schema import DAY, FLAG, NUMBER, TEXT, WHOLE
from nurturekit.frame.tables import Prepared, Table
from nurturekit.frame.touch_signals import with_counts
from nurturekit.records import FrozenMap, Kind
from nurturekit.signals import FactSignal
from nurturekit.typing import Signal

Lazy = nw.LazyFrame[Any]
# What a fact's columns are called beside its name, and what each holds.
_VALUES = FrozenMap({TEXT: "value", NUMBER: "value_number", FLAG: "value_flag", DAY: "value_day_n"})


@attrs.frozen(kw_only=True)
class Subject:
    """Every lead with what criteria read of it.

    Args:
        frame: One row a lead: `lead_id` and columns of our own.
        signals: What each signal measures.
    """

    frame: Lazy
    signals: Mapping[Signal, Measured]

    def measured(self, signal: Signal) -> Measured:
        """Return the columns that hold what a signal measures."""
        return self.signals[signal]


def subject_of(
    prepared: Prepared, signals: Iterable[Signal], moment: Moment, kinds: Mapping[str, Kind]
) -> Subject:
    """Return the leads with what these signals measure.

    Args:
        prepared: The tables.
        signals: What criteria read; only attributes and signals that count touches are columns.
        moment: From when it is looked at.
        kinds: What is said of kinds of touch.
    """
    read = list(signals)
    names = [one.fact for one in read if isinstance(one, FactSignal)]
    frame, attributes = _attributes(prepared, list(dict.fromkeys(names)), moment)
    frame, counts = with_counts(frame, prepared, read, moment, kinds)
    facts = ((FactSignal(name), measured) for name, measured in attributes.items())
    return Subject(frame=frame, signals=FrozenMap({**counts, **dict(facts)}))


def _attributes(
    prepared: Prepared, wanted: list[str], moment: Moment
) -> tuple[Lazy, Mapping[str, Measured]]:
    """Return the leads with attributes of these names, and what each measures."""
    leads = prepared.leads
    frame = leads.rows.select(
        nw.col("id").alias("lead_id"),
        *(nw.col(_source(leads, name)).alias(f"own_{at}") for at, name in _own(leads, wanted)),
    )
    facts = prepared.tables.get("facts")
    own = {name: _own_column(leads, name, at) for at, name in _own(leads, wanted)}
    if facts is None or not wanted:
        return frame, {name: own.get(name, Measured()) for name in wanted}
    frame = frame.join(_pivoted(facts, wanted, moment), on="lead_id", how="left")
    return frame, {
        name: _beaten(facts, at, own.get(name, Measured())) for at, name in enumerate(wanted)
    }


def _own(leads: Table, wanted: list[str]) -> list[tuple[int, str]]:
    fields = ("id", "account", "person_id", "zone", "language")
    return [(at, name) for at, name in enumerate(wanted) if leads.has(name) and name not in fields]


def _source(leads: Table, name: str) -> str:
    return f"{name}_n" if leads.words[name] == DAY else name


def _own_column(leads: Table, name: str, at: int) -> Measured:
    word, column = leads.words[name], nw.col(f"own_{at}")
    if word == TEXT:
        return Measured(text=column)
    if word in (NUMBER, WHOLE):
        return Measured(number=column, is_whole=word == WHOLE)
    if word == FLAG:
        return Measured(flag=column)
    if word == DAY:
        return Measured(day=column)
    problem = "is read by a criterion: expected texts, numbers, true and false, or dates"
    raise InputError("wrong-type", source="leads", column=name, problem=problem)


def latest(seen: Lazy, by: list[str], facts: Table) -> Lazy:
    """Return the fact in force of each group: the greatest by (occurred, recorded, id)."""
    order = ["occurred_us", *(["recorded_us"] if facts.has("recorded_at") else []), "order_id"]
    # Ties go by canonical bytes, where an id is followed by a quotation mark.
    tie = nw.concat_str([nw.col("id"), nw.lit('"')]) if facts.has("id") else nw.lit("")
    place = nw.col("order_id").cum_count(reverse=True).over(*by, order_by=order)
    return seen.with_columns(order_id=tie).filter(place == 1)


def _pivoted(facts: Table, wanted: list[str], moment: Moment) -> Lazy:
    """Return one row a lead: for each attribute whether a fact is in force, and its values."""
    seen = visible(facts, moment).filter(nw.col("name").is_in(wanted))
    held = latest(seen, ["lead_id", "name"], facts)
    values = [column for column in _VALUES.values() if _has(facts, column)]
    pieces = []
    for at, name in enumerate(wanted):
        is_named = nw.col("name") == name
        pieces.append(nw.when(is_named).then(nw.lit(1)).max().alias(f"fact_{at}"))
        for column in values:
            value = nw.col(column).cast(nw.Int64) if column == "value_flag" else nw.col(column)
            pieces.append(nw.when(is_named).then(value).max().alias(f"fact_{at}_{column}"))
    return held.group_by("lead_id").agg(*pieces)


def _has(facts: Table, column: str) -> bool:
    return facts.has(column.removesuffix("_n"))


def _beaten(facts: Table, at: int, own: Measured) -> Measured:
    """Return an attribute of which a fact in force, if there is one, tells."""
    is_told = nw.col(f"fact_{at}") == 1

    def told(word: str, other: nw.Expr | None) -> nw.Expr | None:
        column = _VALUES[word]
        value = nw.col(f"fact_{at}_{column}") if _has(facts, column) else None
        if value is not None and word == FLAG:
            value = value == 1
        if other is None:
            return value
        kept = nw.when(~is_told.fill_null(value=False)).then(other)
        return kept if value is None else nw.coalesce(value, kept)

    # Whole numbers stay exact where no fact can bring others.
    is_whole = own.is_whole and not facts.has("value_number")
    number = own.number if own.number is None or is_whole else own.number.cast(nw.Float64)
    return Measured(
        text=told(TEXT, own.text),
        number=told(NUMBER, number),
        is_whole=is_whole,
        flag=told(FLAG, own.flag),
        day=told(DAY, own.day),
    )
