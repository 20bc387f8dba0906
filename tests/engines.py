"""The engines that tables are tried on: columns in, the engine's own frame, plain Python out.

Every session's time zone is New York's, so that nothing passes because a clock happens to be UTC;
the process's own is too, in modules that use the fixture `new_york`.
"""

import atexit
import datetime as dt
import math
import os
import shutil
import sys
import warnings
from collections.abc import Callable, Mapping
from functools import cache
from itertools import count
from typing import Any

import narwhals as nw
import pytest

# Columns by name: a word for what they hold, and the values, None where one is missing.
# text, whole (Int64), number (Float64, NaN allowed), flag, day (dates), instant (aware,
# microseconds, read back in UTC), texts (lists of text)
Rows = Mapping[str, tuple[str, list[Any]]]
ZONE = "America/New_York"

_NUMBERS = count()
_SPARK = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.session.timeZone": ZONE,
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": f"-Duser.timezone={ZONE}",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}


def arrow(rows: Rows):
    """Return the columns as a PyArrow table, which most engines read."""
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "whole": pa.int64(),
        "number": pa.float64(),
        "flag": pa.bool_(),
        "day": pa.date32(),
        "instant": pa.timestamp("us", "UTC"),
        "texts": pa.list_(pa.string()),
    }
    return pa.table({name: pa.array(values, types[kind]) for name, (kind, values) in rows.items()})


def _polars(rows: Rows):
    import polars as pl

    return pl.from_arrow(arrow(rows))


def _pandas(rows: Rows):
    # What pandas makes of columns by itself: floats of integers with nulls, objects of booleans
    # with nulls and of dates; text is PyArrow's.
    import pandas as pd

    return pd.DataFrame({name: _default(kind, values) for name, (kind, values) in rows.items()})


def _default(kind: str, values: list[Any]):
    import pandas as pd

    complete = None not in values
    dtypes = {
        "text": "str",
        "whole": "int64" if complete else "float64",
        "number": "float64",
        "flag": "bool" if complete else "object",
        "day": "object",
        "instant": "datetime64[us, UTC]",
        "texts": "object",
    }
    return pd.Series(values, dtype=dtypes[kind])


def _pandas_object(rows: Rows):
    # As old code and files leave it: text as objects, None among them.
    frame = _pandas(rows)
    for name, (kind, values) in rows.items():
        if kind == "text":
            import pandas as pd

            frame[name] = pd.Series(values, dtype="object")
    return frame


def _pandas_nullable(rows: Rows):
    import pandas as pd

    dtypes = {
        "text": "string",
        "whole": "Int64",
        "number": "Float64",
        "flag": "boolean",
        "day": "date32[day][pyarrow]",
        "instant": "datetime64[us, UTC]",
        "texts": "object",
    }
    return pd.DataFrame(
        {name: pd.Series(values, dtype=dtypes[kind]) for name, (kind, values) in rows.items()}
    )


@cache
def _duckdb_connection():
    import duckdb

    connection = duckdb.connect()
    atexit.register(connection.close)
    connection.execute(f"SET TimeZone = '{ZONE}'")
    connection.execute("SET threads = 1")
    return connection


def _duckdb(rows: Rows):
    return _duckdb_connection().from_arrow(arrow(rows))


@cache
def _ibis_connection():
    import ibis

    connection = ibis.duckdb.connect()
    connection.raw_sql(f"SET TimeZone = '{ZONE}'")
    return connection


def _ibis(rows: Rows):
    connection, name = _ibis_connection(), f"rows_{next(_NUMBERS)}"
    # Not `create_table`: its SQL is one that DuckDB 2 refuses.
    connection.con.register(name, arrow(rows))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it calls what DuckDB 2 deprecates
        return connection.table(name)


@cache
def spark():
    """Return the process's Spark session; skip the test where there is no Java."""
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java, and there is none")
    # Workers are this Python, not whichever is first on the path.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Spark doesn't know pandas 3 yet
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master("local[2]")
        for key, value in _SPARK.items():
            builder = builder.config(key, value)
        session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _spark(rows: Rows):
    session = spark()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return session.createDataFrame(arrow(rows))


ENGINES: Mapping[str, Callable[[Rows], Any]] = {
    "polars": _polars,
    "polars-lazy": lambda rows: _polars(rows).lazy(),
    "pandas": _pandas,
    "pandas-object": _pandas_object,
    "pandas-nullable": _pandas_nullable,
    "pyarrow": arrow,
    "duckdb": _duckdb,
    "ibis-duckdb": _ibis,
    "pyspark": _spark,
}
# Without what takes long to start or to plan: for laws, which try many tables.
QUICK = tuple(name for name in ENGINES if name not in ("polars-lazy", "ibis-duckdb", "pyspark"))


def collect(native: Any) -> dict[str, list[Any]]:
    """Bring a frame of any engine back: None for null, instants in UTC.

    Where pandas has no null but NaN (floats of NumPy), NaN is null.
    """
    native = nw.to_native(native, pass_through=True)
    home = type(native).__module__.partition(".")[0]
    if home == "pandas":
        return {name: [_plain(value) for value in native[name]] for name in native.columns}
    if home == "polars":
        columns = native.lazy().collect().to_dict(as_series=False)
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Spark about pandas, of Ibis about DuckDB
            columns = _TO_ARROW[home](native).to_pydict()
    return {name: [_in_utc(value) for value in values] for name, values in columns.items()}


_TO_ARROW: Mapping[str, Callable[[Any], Any]] = {
    "pyarrow": lambda table: table,
    "duckdb": lambda relation: relation.to_arrow_table(),
    "_duckdb": lambda relation: relation.to_arrow_table(),
    "ibis": lambda table: table.to_pyarrow(),
    "pyspark": lambda frame: frame.toArrow(),
}


def _plain(value: Any) -> Any:
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return _in_utc(value.to_pydatetime())
    if getattr(value, "ndim", 0):
        return value.tolist()
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and math.isnan(value) else value


def _in_utc(value: Any) -> Any:
    is_aware = isinstance(value, dt.datetime) and value.tzinfo is not None
    return value.astimezone(dt.UTC) if is_aware else value
