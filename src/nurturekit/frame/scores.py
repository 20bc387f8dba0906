"""Scores of a whole table: the sums of every rule, limited, weighed and read as a grade."""

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from operator import add
from typing import Any

import attrs
import narwhals as nw

from nurturekit.errors import CallError
from nurturekit.frame.attributes import Subject, subject_of
from nurturekit.frame.counting import group_sums, way_sums
from nurturekit.frame.criteria import truth
from nurturekit.frame.moment import Moment
from nurturekit.frame.positions import position
from nurturekit.frame.tables import Prepared
from nurturekit.frame.touch_signals import is_counting
from nurturekit.frame.ways import Plan, empty, plan_of
from nurturekit.interpreters.explain import signals_of
from nurturekit.records import Kind
from nurturekit.scoring import Bands, Dimension, Rule, ScoringModel, TouchRule
from nurturekit.scoring.bands import ENGAGEMENT, FIT
from nurturekit.scoring.points import MILLI, to_milli
from nurturekit.signals import FactSignal
from nurturekit.typing import Signal

Lazy = nw.LazyFrame[Any]
NOTHING = nw.lit(0).cast(nw.Int64)
# The total before its limits: no dimension's column can be called so.
TOTAL = "sum of all"


@attrs.frozen(kw_only=True)
class Group:
    """Touch rules that are summed together: those of a dimension, or evidence of a position.

    Args:
        column: What the sum is called.
        rules: The rules' places among the touch rules.
        empty: What they give without touches, in milli-points.
    """

    column: str
    rules: tuple[int, ...]
    empty: int

    @property
    def total(self) -> nw.Expr:
        """The sum, of leads without touches too."""
        return nw.col(self.column).fill_null(0) + self.empty


@attrs.frozen(kw_only=True)
class Scores:
    """Every lead's score, with what it was made from.

    Args:
        frame: One row a lead: `lead_id`, `score_milli`, `<dimension>_milli`, what `outputs` names,
            and columns of our own.
        outputs: The columns that are the answer, after `lead_id`.
        subject: What state rules and others read of the leads.
        sums: One row per lead and way of counting touches, None where there is nothing to count.
        plan: The touch rules.
        states: The state rules.
    """

    frame: Lazy
    outputs: tuple[str, ...]
    subject: Subject
    sums: Lazy | None
    plan: Plan
    states: tuple[Rule, ...]

    @property
    def answer(self) -> Lazy:
        """One row a lead, and nothing of ours."""
        return self.frame.select("lead_id", *map(exact, self.outputs))


def scores(
    prepared: Prepared,
    model: ScoringModel,
    moment: Moment,
    *,
    kinds: Mapping[str, Kind],
    parts: bool = False,
    more: Iterable[Signal] = (),
) -> Scores:
    """Return every lead's score.

    Args:
        prepared: The tables.
        model: How leads are scored.
        moment: From when.
        kinds: What is said of kinds of touch by whoever asks: state rules go by it.
        parts: Whether `sums` holds the parts of an explanation too.
        more: Signals that something else will read.
    """
    if "score" in model.dimension_table:
        problem = "has a dimension `score`, whose column would be the total's: rename it"
        raise CallError("not-in-columns", argument="scoring", problem=problem)
    states = tuple(rule for rule in model.rules if isinstance(rule, Rule))
    plan = plan_of([rule for rule in model.rules if isinstance(rule, TouchRule)], model.kinds)
    groups = groups_of(model, plan)
    subject = subject_of(prepared, [*_signals(states), *more], moment, kinds)
    frame, sums = subject.frame, None
    if "touches" in prepared.tables and plan.rules:
        frame = keyed(prepared, frame)
        leads = frame.select("lead_id", "lead")
        ways = prepared.small(**plan.way_rows())
        sums = way_sums(prepared, plan, ways, leads, moment, parts=parts)
        pairs = [(group.column, group.rules) for group in groups.values()]
        pieces = group_sums(plan, ways, sums, pairs)
        frame = frame.join(pieces, on="lead", how="left")
    elif groups:
        frame = frame.with_columns(**{one.column: NOTHING for one in groups.values()})
    frame = _summed(frame, model, states, groups, subject)
    columns = dict(_read(model, groups))
    frame = frame.with_columns(**columns) if columns else frame
    if model.positions is not None and "facts" in prepared.tables:
        frame = position(frame, prepared, model, moment)
    dimensions = (f"{name}_milli" for name in model.dimension_table)
    return Scores(
        frame=frame,
        outputs=("score_milli", *dimensions, *columns),
        subject=subject,
        sums=sums,
        plan=plan,
        states=states,
    )


def keyed(prepared: Prepared, frame: Lazy) -> Lazy:
    """Add `lead`, by which touches are grouped: a number where the engine groups by numbers."""
    if prepared.engine.packs:
        numbered = frame.with_row_index("lead", order_by="lead_id")
        return numbered.with_columns(nw.col("lead").cast(nw.Int64))
    return frame.with_columns(lead=nw.col("lead_id"))


def exact(column: str) -> nw.Expr:
    """Return a column, 64 bits wide where it holds milli-points."""
    return nw.col(column).cast(nw.Int64) if column.endswith("_milli") else nw.col(column)


def groups_of(model: ScoringModel, plan: Plan) -> Mapping[str, Group]:
    """Return the groups by `dimension <name>` and `position <name>`."""
    positions = dict(model.position_rules()) if model.positions is not None else {}
    found: dict[str, list[int]] = {}
    for index, rule in enumerate(plan.rules):
        found.setdefault(f"dimension {rule.dimension}", []).append(index)
        if rule.name in positions:
            found.setdefault(f"position {positions[rule.name]}", []).append(index)
    return {
        name: Group(
            column=f"group_{at}",
            rules=tuple(rules),
            empty=sum(empty(plan.rules[index]) for index in rules),
        )
        for at, (name, rules) in enumerate(found.items())
    }


def _signals(states: Iterable[Rule]) -> Iterator[Signal]:
    for rule in states:
        for signal in signals_of(rule.when):
            if not isinstance(signal, FactSignal) and not is_counting(signal):
                problem = (
                    f"has the rule `{rule.name}`, which reads `{signal.name}`: in tables a rule "
                    "reads attributes and counts of touches; score such leads with "
                    "ScoringModel.score"
                )
                raise CallError("not-in-columns", argument="scoring", problem=problem)
            yield signal


def _summed(
    frame: Lazy,
    model: ScoringModel,
    states: Iterable[Rule],
    groups: Mapping[str, Group],
    subject: Subject,
) -> Lazy:
    """Add what the rules of each dimension give (`<dimension>_sum`), limited, and the total."""
    given: dict[str, list[nw.Expr]] = {name: [] for name in model.dimension_table}
    for rule in states:
        holds = truth(rule.when, subject.measured).holds
        given[rule.dimension].append(
            nw.when(holds).then(nw.lit(rule.points_milli)).otherwise(nw.lit(0))
        )
    for name, parts in given.items():
        if f"dimension {name}" in groups:
            parts.append(groups[f"dimension {name}"].total)
    table = model.dimension_table
    if table:
        sums = {f"{name}_sum": reduce(add, parts, NOTHING) for name, parts in given.items()}
        limited = {f"{name}_milli": _clamped(f"{name}_sum", table[name].limits) for name in table}
        frame = frame.with_columns(**sums).with_columns(**limited)
    counted = reduce(add, map(weighed, table.values()), NOTHING)
    limits = to_milli(model.minimum, path="minimum"), to_milli(model.maximum, path="maximum")
    frame = frame.with_columns(**{TOTAL: counted})
    return frame.with_columns(score_milli=_clamped(TOTAL, limits))


def _clamped(column: str, limits: tuple[int | None, int | None]) -> nw.Expr:
    low, high = limits
    value = nw.col(column)
    if low is not None:
        value = nw.max_horizontal(value, nw.lit(low))
    return value if high is None else nw.min_horizontal(value, nw.lit(high))


def weighed(dimension: Dimension) -> nw.Expr:
    """Return a dimension's weighed milli-points, rounded half away from zero."""
    value, permille = nw.col(f"{dimension.name}_milli"), dimension.weight_permille
    if permille == MILLI:
        return value
    # Only what isn't negative is divided.
    size = (value.abs() * (2 * permille) + MILLI) // (2 * MILLI)
    return nw.when(value >= 0).then(size).otherwise(size * -1)


def _read(model: ScoringModel, groups: Mapping[str, Group]) -> Iterable[tuple[str, nw.Expr]]:
    """Yield what is read from the sums: position, grade and band, where the model has them."""
    if model.positions is not None:
        reached = nw.lit(None).cast(nw.String)
        for word, threshold in model.positions.thresholds_milli:
            group = groups.get(f"position {word}")
            shown = NOTHING if group is None else group.total
            reached = nw.when(shown >= threshold).then(nw.lit(str(word))).otherwise(reached)
        yield "position", reached
    if model.grid is not None:
        parts = {name: nw.col(f"{name}_milli") for name in model.dimension_table}
        engagement = reduce(add, (parts.get(name, NOTHING) for name in ENGAGEMENT))
        letters = _label(model.grid.fit, parts.get(FIT, NOTHING))
        yield "grade", nw.concat_str([letters, _label(model.grid.engagement, engagement)])
    if model.bands is not None:
        yield "band", _label(model.bands, nw.col("score_milli"))


def _label(bands: Bands, milli: nw.Expr) -> nw.Expr:
    label = nw.lit(bands.rows[0].label)
    for start, row in zip(bands.starts_milli, bands.rows[1:], strict=True):
        label = nw.when(milli >= start).then(nw.lit(row.label)).otherwise(label)
    return label
