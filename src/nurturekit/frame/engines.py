"""The engines that compute tables, and the few things each of them says in its own words.

Everything that differs between engines lives here: how an instant becomes epoch microseconds (in a
session of any time zone), how a date becomes a day, and how a table of ours gets into the engine.
All the rest is Narwhals.

OPEN for engines. To add one: its `Engine` in `ENGINES`, and its column in `tests/engines.py`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import attrs
import narwhals as nw

from nurturekit.instants import DAY_US
from nurturekit.records import FrozenMap

Native = Any


def us_of(name: str) -> str:
    """Return the column that holds the epoch microseconds of a column of instants.

    >>> us_of("occurred_at"), us_of("due")
    ('occurred_us', 'due_us')
    """
    return f"{name.removesuffix('_at')}_us"


Columns = Mapping[str, Sequence[Any]]


def type_of(name: str, values: Sequence[Any]) -> type:
    """Return what a small table's column holds, by its first value; `..._us` are whole numbers."""
    first = next((value for value in values if value is not None), None)
    missing = int if name.endswith("_us") else str
    return missing if first is None else type(first)


@attrs.frozen(kw_only=True)
class Engine:
    """One engine.

    Args:
        name: Its name in messages.
        instants: Adds `<column>_us` for each column of instants, in epoch microseconds.
        days: Adds `<column>_n` for each column of dates, in days since 1970-01-01.
        small: Makes a small table of texts and whole numbers beside a frame of the engine.
        table: Makes a table of Arrow's beside a frame of the engine.
        keep: Computes a frame once, for what is read from it several times.
        is_spread: Whether the rows lie on many machines: leads that are decided one by one are so
            where their rows are.
        divides: Whether it divides whole numbers above 2 ** 53 exactly.
    """

    name: str
    instants: Callable[[Native, Iterable[str]], Native]
    days: Callable[[Native, Iterable[str]], Native]
    small: Callable[[Native, Columns], Native]
    table: Callable[[Native, Native], Native]
    keep: Callable[[Native], Native]
    is_spread: bool = False
    divides: bool = False

    @property
    def packs(self) -> bool:
        """Whether leads are numbered, so that touches are grouped by one whole number.

        A cluster would have to bring all leads to one machine for it.
        """
        return not self.is_spread


def _arrow(columns: Columns) -> Native:
    import pyarrow as pa

    types = {int: pa.int64(), str: pa.string(), bool: pa.bool_()}
    return pa.table(
        {name: pa.array(values, types[type_of(name, values)]) for name, values in columns.items()}
    )


# -------------------------------------------------------------------------------------- polars
def _polars_instants(frame: Native, columns: Iterable[str]) -> Native:
    import polars as pl

    return frame.with_columns(
        pl.col(name).dt.timestamp("us").alias(us_of(name)) for name in columns
    )


def _polars_days(frame: Native, columns: Iterable[str]) -> Native:
    import polars as pl

    return frame.with_columns(
        pl.col(name).cast(pl.Int32).cast(pl.Int64).alias(f"{name}_n") for name in columns
    )


def _polars_small(_: Native, columns: Columns) -> Native:
    import polars as pl

    types = {int: pl.Int64(), str: pl.String(), bool: pl.Boolean()}
    schema = {name: types[type_of(name, values)] for name, values in columns.items()}
    return pl.LazyFrame(columns, schema=schema)


def _polars_table(_: Native, table: Native) -> Native:
    import polars as pl

    return pl.DataFrame(table).lazy()


# -------------------------------------------------------------------------------------- DuckDB
def quoted(name: str) -> str:
    """Return a name as DuckDB reads it."""
    return '"' + name.replace('"', '""') + '"'


def _duckdb_with(frame: Native, added: Iterable[str]) -> Native:
    extra = "".join(f", {one}" for one in added)
    return frame.project(f"*{extra}") if extra else frame


def _duckdb_instants(frame: Native, columns: Iterable[str]) -> Native:
    return _duckdb_with(
        frame, (f"epoch_us({quoted(name)}) AS {quoted(us_of(name))}" for name in columns)
    )


def _duckdb_days(frame: Native, columns: Iterable[str]) -> Native:
    return _duckdb_with(
        frame,
        (
            f"datediff('day', DATE '1970-01-01', {quoted(name)}) AS {quoted(name + '_n')}"
            for name in columns
        ),
    )


def _duckdb_table(frame: Native, table: Native) -> Native:
    nurturekit_small = table  # noqa: F841 - DuckDB finds it by its name
    # In the connection of the frame, which only its relations know: those of two can't be joined.
    return frame.query("nurturekit_frame", "SELECT * FROM nurturekit_small")


def _duckdb_keep(frame: Native) -> Native:
    # Version 2 renamed it.
    return frame.materialize() if hasattr(frame, "materialize") else frame.execute()


# --------------------------------------------------------------------------------------- Spark
def _spark_instants(frame: Native, columns: Iterable[str]) -> Native:
    from pyspark.sql import functions as F  # noqa: N812 - Spark's own name for it

    return frame.withColumns({us_of(name): F.unix_micros(frame[name]) for name in columns})


def _spark_days(frame: Native, columns: Iterable[str]) -> Native:
    from pyspark.sql import functions as F  # noqa: N812 - Spark's own name for it

    return frame.withColumns(
        {f"{name}_n": F.unix_date(frame[name]).cast("bigint") for name in columns}
    )


def _spark_keep(frame: Native) -> Native:
    # Not `cache`, which keeps the plan: what is read several times would be planned as often.
    if frame.sparkSession.sparkContext.getCheckpointDir() is None:
        return frame.localCheckpoint()
    return frame.checkpoint()


def _spark_table(frame: Native, table: Native) -> Native:
    return frame.sparkSession.createDataFrame(table)


# ---------------------------------------------------------------------------------------- Ibis
@cache
def _epoch_us() -> Any:  # noqa: ANN401 - Ibis builds the function
    import ibis
    from ibis.expr import datatypes as dt

    def epoch_us(_: dt.timestamp) -> dt.int64: ...

    return ibis.udf.scalar.builtin(epoch_us)


def _ibis_instants(frame: Native, columns: Iterable[str]) -> Native:
    epoch_us = _epoch_us()
    return frame.mutate(**{us_of(name): epoch_us(frame[name]) for name in columns})


def _ibis_days(frame: Native, columns: Iterable[str]) -> Native:
    epoch_us = _epoch_us()
    return frame.mutate(
        **{f"{name}_n": epoch_us(frame[name].cast("timestamp")) // DAY_US for name in columns}
    )


def _ibis_table(_: Native, table: Native) -> Native:
    import ibis

    return ibis.memtable(table)


def _ibis_keep(frame: Native) -> Native:
    import ibis

    # Not `cache`, whose SQL not every version of a backend takes.
    return ibis.memtable(frame.to_pyarrow())


ENGINES: Mapping[nw.Implementation, Engine] = FrozenMap(
    {
        nw.Implementation.POLARS: Engine(
            name="polars",
            instants=_polars_instants,
            days=_polars_days,
            small=_polars_small,
            table=_polars_table,
            keep=lambda frame: frame.collect().lazy(),
            divides=True,
        ),
        nw.Implementation.DUCKDB: Engine(
            name="DuckDB",
            instants=_duckdb_instants,
            days=_duckdb_days,
            small=lambda frame, columns: _duckdb_table(frame, _arrow(columns)),
            table=_duckdb_table,
            keep=_duckdb_keep,
            divides=True,
        ),
        nw.Implementation.PYSPARK: Engine(
            name="Spark",
            instants=_spark_instants,
            days=_spark_days,
            small=lambda frame, columns: _spark_table(frame, _arrow(columns)),
            table=_spark_table,
            keep=_spark_keep,
            is_spread=True,
        ),
        nw.Implementation.IBIS: Engine(
            name="Ibis",
            instants=_ibis_instants,
            days=_ibis_days,
            small=lambda frame, columns: _ibis_table(frame, _arrow(columns)),
            table=_ibis_table,
            keep=_ibis_keep,
        ),
    }
)


# ----------------------------------------------------------------------- what engines compute
def computed(frame: nw.LazyFrame[Any]) -> nw.DataFrame[Any]:
    """Compute a frame, into nothing that isn't there anyway."""
    return frame.collect(backend=_COLLECTED[frame.implementation])


def collected(frame: nw.LazyFrame[Any]) -> dict[str, list[Any]]:
    """Compute a frame and return its columns as Python values."""
    return computed(frame).to_dict(as_series=False)


# What Narwhals computes each engine's frames into.
_COLLECTED: Mapping[nw.Implementation, Any] = {
    nw.Implementation.POLARS: "polars",
    nw.Implementation.DUCKDB: "pyarrow",
    nw.Implementation.PYSPARK: "pyarrow",
    nw.Implementation.IBIS: "pyarrow",
}
