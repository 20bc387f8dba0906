"""Scores of whole tables by queries written by hand, in DuckDB's SQL and in polars.

    touches  join kinds, leads       one row a signal: kinds of touch that some rules count
             group by key            how many a day: lead, signal and age packed into one number
             join weights            day_milli, one column a slot: a signal's rules side by side
             group by lead, signal   the slots' sums, several of them packed into one number
             join caps               rule_milli
             group by lead           what the rules of each dimension give

They do what the models of this benchmark need and nothing more: no checks, no `once_per`, no
`per_value`, no `at_least`. The answer is one row of sums; its last column depends on which lead
has which total.
"""

# ruff: noqa: S608 - queries of our own numbers

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from tables_data import AS_OF, AS_OF_US, DAY_US

from nurturekit.scoring import ScoringModel, TouchRule
from nurturekit.scoring.decay import FULL
from nurturekit.scoring.rules import MAX_PER_DAY

TODAY = AS_OF_US // DAY_US
# No touch is older than the calendar; without ends ages take part whole.
AGES = TODAY + 1
NO_CAP = 1 << 60
# A sum of several slots stays below 2 ** 62.
BITS = 62


class Plan:
    """A model sorted out for the queries.

    Args:
        model: The model.
    """

    def __init__(self, model: ScoringModel) -> None:
        rules = [rule for rule in model.rules if isinstance(rule, TouchRule)]
        self.signals = list(dict.fromkeys(rule.on.kinds for rule in rules))
        self.dimensions = list(dict.fromkeys(rule.dimension for rule in rules))
        self.limits = {name: one.limits for name, one in model.dimension_table.items()}
        # By width, so that a slot's rules are about equally wide.
        self.slots = [
            sorted((rule for rule in rules if rule.on.kinds == kinds), key=_bits, reverse=True)
            for kinds in self.signals
        ]
        self.ends = [max(map(_end, mine)) for mine in self.slots]
        self.ages = max(self.ends)
        self.last = max(len(rule.decay.weights) - 1 for rule in rules)
        self.width = max(map(len, self.slots))
        self.bits = [
            max(_bits(mine[k]) for mine in self.slots if k < len(mine)) for k in range(self.width)
        ]
        self.words = _words(self.bits)

    @property
    def has_ends(self) -> bool:
        """Whether every rule's points are gone some day."""
        return self.ages < AGES

    @property
    def since(self) -> datetime:
        """Since when touches count, where there are ends."""
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=TODAY - self.ages + 1)

    def kinds(self) -> pa.Table:
        """Return which signals a kind of touch is one of."""
        rows = [(kind, at) for at, kinds in enumerate(self.signals) for kind in kinds]
        return pa.table({"kind": [one for one, _ in rows], "signal": [at for _, at in rows]})

    def weights(self) -> pa.Table:
        """Return twice points times weight, by signal and age, one column a slot."""
        tops = [min(end, self.last + 1) for end in self.ends]
        columns: dict[str, list[int]] = {
            "code": [at * self.ages + age for at, top in enumerate(tops) for age in range(top)]
        }
        for k in range(self.width):
            columns[f"m{k}"], columns[f"most{k}"] = [], []
            for mine, top in zip(self.slots, tops, strict=True):
                rule = mine[k] if k < len(mine) else None
                columns[f"m{k}"] += [0] * top if rule is None else _twice(rule, top)
                columns[f"most{k}"] += [_most(rule) if rule else 0] * top
        return pa.table(columns)

    def caps(self) -> pa.Table:
        """Return each slot's cap and, by dimension, its sign."""
        columns: dict[str, list[int]] = {"signal": list(range(len(self.signals)))}
        for k in range(self.width):
            mine = [rules[k] if k < len(rules) else None for rules in self.slots]
            columns[f"cap{k}"] = [_cap(rule) if rule else 0 for rule in mine]
            for name in {rule.dimension for rule in mine if rule}:
                columns[f"{name}{k}"] = [
                    _sign(rule) if rule and rule.dimension == name else 0 for rule in mine
                ]
        return pa.table(columns)

    def unpacked(self) -> list[tuple[int, int, int, int | None]]:
        """Return each slot with its word, its shift, and its bits unless it is the last there."""
        return [
            (k, number, shift, self.bits[k] if place < len(word) - 1 else None)
            for number, word in enumerate(self.words)
            for place, (k, shift) in enumerate(word)
        ]


def _most(rule: TouchRule) -> int:
    return rule.per_day or MAX_PER_DAY


def _sign(rule: TouchRule) -> int:
    return 1 if rule.points_milli >= 0 else -1


def _cap(rule: TouchRule) -> int:
    low, high = rule.caps_milli
    assert low is None, "not part of this benchmark"
    assert high is None or rule.points_milli >= 0, "not part of this benchmark"
    return NO_CAP if high is None else high


def _twice(rule: TouchRule, top: int) -> list[int]:
    weights = rule.decay.weights[:top]
    twice = 2 * abs(rule.points_milli)
    return [twice * one for one in weights] + [twice * weights[-1]] * (top - len(weights))


def _end(rule: TouchRule) -> int:
    weights = rule.decay.weights
    return AGES if weights[-1] else min(len(weights) - 1, AGES)


def _bits(rule: TouchRule) -> int:
    # The most that the rule could ever give: its limit on every day since 1970.
    weights, beyond = rule.decay.weights[:AGES], max(AGES - len(rule.decay.weights), 0)
    summed = sum(weights) + weights[-1] * beyond
    return (abs(rule.points_milli) * _most(rule) * summed // FULL + AGES).bit_length()


def _words(bits: list[int]) -> list[list[tuple[int, int]]]:
    words: list[list[tuple[int, int]]] = []
    for k, wide in enumerate(bits):
        for word in words:
            shift = sum(bits[other] for other, _ in word)
            if shift + wide <= BITS:
                word.append((k, shift))
                break
        else:
            words.append([(k, 0)])
    return words


# -------------------------------------------------------------------------------------- DuckDB
_FIT = r"""
    case when regexp_matches(lower(title), '\b(vp|director|head of)\b') then 15000 else 0 end
    + case when regexp_matches(lower(title), '\b(student|intern)\b') then -20000 else 0 end
    + case when employees >= 50 then 5000 else 0 end
    + case when employees >= 500 then 5000 else 0 end
    + case when lower(industry) in ('software', 'finance') then 5000 else 0 end
    + case when lower(country) in ('de', 'fr', 'nl') then 4000 else 0 end
    + case when budget >= 10000 then 8000 else 0 end
    + case when lower(source) in ('referral', 'partner') then 4000 else 0 end"""


def duckdb_query(connection: Any, plan: Plan, folder: Path) -> str:  # noqa: ANN401 - optional
    """Make the small tables in a connection, and return the query of one row of sums."""
    for name in ("kinds", "weights", "caps"):
        connection.register(f"{name}_given", getattr(plan, name)())
        connection.execute(f"create temp table {name} as from {name}_given")
    return f"""
        with numbered as (
            select *, row_number() over (order by id) - 1 as no from '{folder}/leads.parquet'
        ), days as (
            {_sql_days(plan, folder)}
        ), packed as (
            {_sql_packed(plan)}
        ), signals as (
            select * replace ({_sql_capped(plan)}) from (
                select lead_signal // {len(plan.signals)} as no,
                    lead_signal % {len(plan.signals)} as signal, {_sql_unpacked(plan)}
                from packed
            ) join caps using (signal)
        ), sums as (
            select no, {_sql_dimensions(plan)} from signals group by no
        ), scores as (
            select id, {_sql_limited("fit", _FIT, plan)}, {_sql_all_limited(plan)}
            from numbered left join sums using (no)
        )
        select sum(score), sum(fit), {", ".join(f"sum({name})" for name in plan.dimensions)},
            sum((cast(substr(id, 6) as bigint) % 1009 + 1) * score) from (
            select *, least(greatest(fit + {" + ".join(plan.dimensions)}, 0), 100000) as score
            from scores
        )"""


def _sql_days(plan: Plan, folder: Path) -> str:
    age = f"{TODAY} - epoch_us(occurred_at) // {DAY_US}"
    ages, signals = plan.ages, len(plan.signals)
    since = f"and occurred_at >= make_timestamptz({TODAY - ages + 1} * {DAY_US})"
    arms = " ".join(f"when {at} then {end}" for at, end in enumerate(plan.ends))
    return f"""
        select (no * {signals} + signal) * {ages} + {age} as key, count(*) as n
        from '{folder}/touches.parquet' touches
        join kinds on kinds.kind = touches.kind
        join numbered on numbered.id = touches.lead_id
        where not automated and occurred_at <= make_timestamptz({AS_OF_US})
            {since if plan.has_ends else ""} and {age} < case signal {arms} end
        group by all"""


def _sql_packed(plan: Plan) -> str:
    day = "(m{0} * least(n, most{0}) + {1}) // {2}"
    sums = [
        " + ".join(f"{day.format(k, FULL, 2 * FULL)} * {1 << shift}" for k, shift in word)
        for word in plan.words
    ]
    packed = ", ".join(f"sum({one})::bigint as w{number}" for number, one in enumerate(sums))
    signal, age = f"key // {plan.ages} % {len(plan.signals)}", f"key % {plan.ages}"
    return f"""
        select key // {plan.ages} as lead_signal, {packed}
        from days join weights on code = {signal} * {plan.ages} + least({age}, {plan.last})
        group by all"""


def _sql_unpacked(plan: Plan) -> str:
    return ", ".join(
        f"w{word} // {1 << shift} {f'% {1 << bits}' if bits else ''} as v{k}"
        for k, word, shift, bits in plan.unpacked()
    )


def _sql_capped(plan: Plan) -> str:
    return ", ".join(f"least(v{k}, cap{k}) as v{k}" for k in range(plan.width))


def _terms(plan: Plan, name: str) -> list[int]:
    return [
        k
        for k in range(plan.width)
        if any(k < len(mine) and mine[k].dimension == name for mine in plan.slots)
    ]


def _sql_dimensions(plan: Plan) -> str:
    terms = {
        name: " + ".join(f"v{k} * {name}{k}" for k in _terms(plan, name))
        for name in plan.dimensions
    }
    return ", ".join(f"sum({term})::bigint as {name}" for name, term in terms.items())


def _sql_limited(name: str, value: str, plan: Plan) -> str:
    low, high = plan.limits[name]
    return f"least(greatest({value}, {low}), {high}) as {name}"


def _sql_all_limited(plan: Plan) -> str:
    return ", ".join(_sql_limited(name, f"coalesce({name}, 0)", plan) for name in plan.dimensions)


# -------------------------------------------------------------------------------------- polars
def polars_query(plan: Plan, folder: Path) -> Any:  # noqa: ANN401 - optional
    """Return the lazy frame of one row of sums."""
    import polars as pl

    numbered = pl.scan_parquet(folder / "leads.parquet").with_row_index("no")
    numbered = numbered.with_columns(pl.col("no").cast(pl.Int64))
    days = _polars_days(plan, numbered, folder)
    signals, ages = len(plan.signals), plan.ages
    key = pl.col("key")
    age = pl.min_horizontal(key % ages, plan.last)
    found = days.with_columns(
        lead_signal=key // ages, code=key // ages % signals * ages + age
    ).join(pl.DataFrame(plan.weights()).lazy(), on="code")
    day = [
        (pl.col(f"m{k}") * pl.min_horizontal("n", f"most{k}") + FULL) // (2 * FULL)
        for k in range(plan.width)
    ]
    packed = found.group_by("lead_signal").agg(
        pl.sum_horizontal(day[k] * (1 << shift) for k, shift in word).sum().alias(f"w{number}")
        for number, word in enumerate(plan.words)
    )
    unpacked = []
    for k, word, shift, bits in plan.unpacked():
        value = pl.col(f"w{word}") // (1 << shift)
        unpacked.append((value % (1 << bits) if bits else value).alias(f"v{k}"))
    capped = packed.select(
        *unpacked, no=pl.col("lead_signal") // signals, signal=pl.col("lead_signal") % signals
    ).join(pl.DataFrame(plan.caps()).lazy(), on="signal")
    size = [pl.min_horizontal(f"v{k}", f"cap{k}") for k in range(plan.width)]
    sums = capped.group_by("no").agg(
        pl.sum_horizontal(size[k] * pl.col(f"{name}{k}") for k in _terms(plan, name))
        .sum()
        .alias(name)
        for name in plan.dimensions
    )
    return _polars_answer(plan, numbered.join(sums, on="no", how="left"))


def _polars_days(plan: Plan, numbered: Any, folder: Path) -> Any:  # noqa: ANN401 - optional
    import polars as pl

    when = pl.col("occurred_at")
    touches = pl.scan_parquet(folder / "touches.parquet").filter(~pl.col("automated"))
    touches = touches.filter(when <= AS_OF)
    touches = touches.filter(when >= plan.since) if plan.has_ends else touches
    ends = pl.LazyFrame({"signal": range(len(plan.ends)), "end": plan.ends})
    kinds = pl.DataFrame(plan.kinds()).lazy().join(ends, on="signal")
    touches = touches.select("lead_id", "kind", age=TODAY - when.dt.timestamp("us") // DAY_US)
    joined = touches.join(kinds, on="kind").filter(pl.col("age") < pl.col("end"))
    joined = joined.join(numbered.select("no", "id"), left_on="lead_id", right_on="id")
    above = pl.col("no") * len(plan.signals) + pl.col("signal")
    keyed = joined.select(key=above * plan.ages + pl.col("age"))
    return keyed.group_by("key").agg(n=pl.len().cast(pl.Int64))


def _polars_answer(plan: Plan, frame: Any) -> Any:  # noqa: ANN401 - optional
    import polars as pl

    def points(holds: Any, milli: int) -> Any:  # noqa: ANN401 - optional
        return pl.when(holds).then(milli).otherwise(0)

    def lower(name: str) -> Any:  # noqa: ANN401 - optional
        return pl.col(name).str.to_lowercase()

    fit = (
        points(lower("title").str.contains(r"\b(vp|director|head of)\b"), 15_000)
        + points(lower("title").str.contains(r"\b(student|intern)\b"), -20_000)
        + points(pl.col("employees") >= 50, 5_000)
        + points(pl.col("employees") >= 500, 5_000)
        + points(lower("industry").is_in(["software", "finance"]), 5_000)
        + points(lower("country").is_in(["de", "fr", "nl"]), 4_000)
        + points(pl.col("budget") >= 10_000, 8_000)
        + points(lower("source").is_in(["referral", "partner"]), 4_000)
    )
    dimensions = {name: pl.col(name).fill_null(0) for name in plan.dimensions}
    values = {"fit": fit.cast(pl.Int64), **dimensions}
    limited = frame.select("id", **{name: e.clip(*plan.limits[name]) for name, e in values.items()})
    scored = limited.with_columns(score=pl.sum_horizontal(*values).clip(0, 100_000))
    number = pl.col("id").str.slice(5).cast(pl.Int64) % 1009 + 1
    return scored.select(pl.col("score", *values).sum(), mixed=(number * pl.col("score")).sum())
