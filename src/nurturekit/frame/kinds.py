"""The kinds of frame that callers have, and how each goes to an engine and back.

OPEN for kinds. To add one: its `Kind` in `KINDS`, and its column in `tests/engines.py`.
"""

from collections.abc import Callable, Mapping
from typing import Any

import attrs
import narwhals as nw

from nurturekit.errors import CallError
from nurturekit.frame.engines import quoted
from nurturekit.records import FrozenMap

Native = Any


def _untyped(frame: Native) -> list[str]:
    """Return the columns of types that Narwhals doesn't know."""
    schema = nw.from_native(frame).collect_schema()
    return [name for name, dtype in schema.items() if dtype == nw.Unknown]


def _duckdb_typed(relation: Native, _: Native = None) -> Native:
    # What has no type is left as it is; other types become one that is known: UUIDs are texts.
    types = dict(zip(relation.columns, map(str, relation.types), strict=True))
    casts = ", ".join(
        f"CAST({quoted(name)} AS {_CASTS.get(types[name], 'VARCHAR')}) AS {quoted(name)}"
        for name in _untyped(relation)
        if types[name] != '"NULL"'
    )
    return relation.project(f"* REPLACE ({casts})") if casts else relation


# pandas keeps instants in nanoseconds, of which DuckDB's functions know nothing.
_CASTS: Mapping[str, str] = FrozenMap({"TIMESTAMPTZ_NS": "TIMESTAMPTZ"})


def _ibis_typed(table: Native, _: Native) -> Native:
    schema = table.schema()
    casts = {name: "string" for name in _untyped(table) if not schema[name].is_null()}
    return table.cast(casts) if casts else table


def _arrow_into_duckdb(table: Native, connection: Native) -> Native:
    return _duckdb_typed(connection.from_arrow(table))


def _pandas_into_duckdb(frame: Native, connection: Native) -> Native:
    import pyarrow as pa

    # Through Arrow: DuckDB guesses the types of object columns from a sample, Arrow looks at all.
    return _arrow_into_duckdb(pa.Table.from_pandas(frame, preserve_index=False), connection)


def _same(frame: Native) -> Native:
    return frame


def _to_pandas(relation: Native) -> Native:
    import pandas as pd
    import pyarrow as pa

    # Missing whole numbers must not turn the others into floats.
    kept = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    return relation.to_arrow_table().to_pandas(types_mapper=kept.get)


@attrs.frozen(kw_only=True)
class Kind:
    """One kind of frame that callers have.

    Args:
        into: Brings it to an engine; gets the frame and a DuckDB connection of our own.
        back: Brings an answer back.
        embedded: Whether it is computed by the embedded DuckDB.
    """

    into: Callable[[Native, Native], Native]
    back: Callable[[Native], Native]
    embedded: bool = False


def _as_it_is(frame: Native, _: Native) -> Native:
    return frame


KINDS: Mapping[str, Kind] = FrozenMap(
    {
        "polars lazy": Kind(into=_as_it_is, back=_same),
        "polars": Kind(into=lambda frame, _: frame.lazy(), back=lambda lazy: lazy.collect()),
        "DuckDB": Kind(into=_duckdb_typed, back=_same),
        "Spark": Kind(into=_as_it_is, back=_same),
        "Ibis": Kind(into=_ibis_typed, back=_same),
        "pandas": Kind(into=_pandas_into_duckdb, back=_to_pandas, embedded=True),
        "pyarrow": Kind(
            into=_arrow_into_duckdb, back=lambda one: one.to_arrow_table(), embedded=True
        ),
    }
)

_NAMES: Mapping[nw.Implementation, str] = FrozenMap(
    {
        nw.Implementation.POLARS: "polars",
        nw.Implementation.DUCKDB: "DuckDB",
        nw.Implementation.PYSPARK: "Spark",
        nw.Implementation.IBIS: "Ibis",
        nw.Implementation.PANDAS: "pandas",
        nw.Implementation.PYARROW: "pyarrow",
    }
)


def kind_of(frame: Native, *, argument: str) -> str:
    """Return which kind of frame a caller gave, one of `KINDS`.

    Raises:
        CallError: `not-a-frame`.
    """
    try:
        wrapped = nw.from_native(frame)
    except TypeError:
        wrapped = None
    name = None if wrapped is None else _NAMES.get(wrapped.implementation)
    if name is None or wrapped is None:
        problem = (
            f"can't be a {type(frame).__name__}: give a frame of polars, pandas, pyarrow, DuckDB, "
            "PySpark or Ibis"
        )
        raise CallError("not-a-frame", argument=argument, problem=problem)
    return "polars lazy" if name == "polars" and isinstance(wrapped, nw.LazyFrame) else name
