"""The tables a caller has, brought to one engine in one form.

Every instant is a whole number of epoch microseconds (`occurred_us`), every date a whole number of
days (`next_attempt_on_n`), NaN is null, whole numbers are 64 bits wide. Nothing is computed here
that the engine could compute later.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, reduce
from operator import and_
from pathlib import Path
from typing import Any

import attrs
import narwhals as nw

from nurturekit.errors import CallError, InputError
from nurturekit.frame.cleaning import Check, checks
from nurturekit.frame.engines import ENGINES, Engine, collected, us_of
from nurturekit.frame.found import Found
from nurturekit.frame.kinds import KINDS, Kind, kind_of
from nurturekit.frame.parsing import with_epoch_us
from nurturekit.frame.schema import (
    DAY,
    INSTANT,
    NUMBER,
    TABLES,
    TEXT,
    WHOLE,
    check,
    word_of,
)
from nurturekit.records import FrozenMap

Native = Any
Source = str | Path | Mapping[str, str | Path]


@attrs.frozen(kw_only=True, slots=False, eq=False)
class Table:
    """One table in the engine, in one form.

    Args:
        name: Which table.
        frame: Its rows, bad ones included.
        words: What each of its columns holds.
        texts: For each column that holds instants, whether they are texts.
    """

    name: str
    frame: nw.LazyFrame[Any]
    words: Mapping[str, str]
    texts: Mapping[str, bool]

    def has(self, column: str) -> bool:
        """Say whether the table has a column."""
        return column in self.words

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """What must hold of a row."""
        columns = {name: self.texts.get(name, False) for name in self.words}
        return tuple(checks(self.name, columns))

    @cached_property
    def good(self) -> nw.LazyFrame[Any]:
        """The rows that can be records."""
        return self._passing(self.checks)

    @cached_property
    def rows(self) -> nw.LazyFrame[Any]:
        """The rows that can be records of leads; whoever reads them joins leads by `lead_id`."""
        # An id that no lead can have finds none: it needn't be looked at.
        return self._passing([one for one in self.checks if one.column != "lead_id"])

    def _passing(self, checks: Sequence[Check]) -> nw.LazyFrame[Any]:
        return (
            self.frame.filter(reduce(and_, (one.holds for one in checks))) if checks else self.frame
        )


@attrs.frozen(kw_only=True, eq=False)
class Prepared:
    """All tables of a call in one engine.

    Args:
        kind: The caller's kind of frame.
        engine: The engine that computes.
        tables: The tables by name; those that weren't given are missing.
        left_out: What a file had that isn't there.
    """

    kind: Kind
    engine: Engine
    tables: Mapping[str, Table]
    left_out: tuple[Found, ...] = ()

    @property
    def leads(self) -> Table:
        """The leads."""
        return self.tables["leads"]

    def count(self) -> int:
        """Return how many leads there are whose rows are good."""
        counted = self.leads.rows.select(leads=nw.col("id").n_unique())
        return int(collected(counted)["leads"][0])

    def small(self, **columns: "list[Any]") -> nw.LazyFrame[Any]:
        """Bring a small table of ours into the engine."""
        native = nw.to_native(self.leads.frame)
        small: nw.LazyFrame[Any] = nw.from_native(self.engine.small(native, columns))
        return small

    def table(self, arrow: Native) -> nw.LazyFrame[Any]:
        """Bring a table of Arrow's into the engine."""
        native = nw.to_native(self.leads.frame)
        table: nw.LazyFrame[Any] = nw.from_native(self.engine.table(native, arrow))
        return table


@attrs.frozen(eq=False)
class Tables:
    """Leads and their records as tables: any of polars, pandas, pyarrow, DuckDB, PySpark, Ibis.

    Args:
        leads: One row a lead: `id`, `account`, `person_id`, `zone`, `language`; every other column
            is an attribute.
        touches: One row a touch, its columns the fields of `Touch`; so are those of the others.
        moves: What was decided.
        facts: What was learned: `value` holds texts, `value_number`, `value_flag` and `value_day`
            the rest.
        consents: What is allowed.
        openings: What CRM columns said on the day records begin; `frame.opening` makes it.
        left_out: What a file had that isn't there, for the report; `read` says it.

    All of one kind. Ids are taken as unique: `report(duplicates=True)` looks.

    Raises:
        CallError: `not-a-frame`, or `mixed-frames`.
    """

    leads: Native
    touches: Native = None
    moves: Native = attrs.field(default=None, kw_only=True)
    facts: Native = attrs.field(default=None, kw_only=True)
    consents: Native = attrs.field(default=None, kw_only=True)
    openings: Native = attrs.field(default=None, kw_only=True)
    left_out: tuple[Found, ...] = attrs.field(default=(), kw_only=True)

    def __attrs_post_init__(self) -> None:
        self.kind  # noqa: B018 - checks the frames

    @classmethod
    def read(cls, source: Source, *, engine: str = "duckdb") -> "Tables":
        """Open the files that hold the tables; only `records.jsonl` is loaded.

        Comma-separated files are copied to Parquet, in a folder that goes when the process ends.

        Args:
            source: A folder with `leads.parquet` or `leads.csv`, and likewise `touches`, `moves`,
                `facts`, `consents` and `openings`, and `records.jsonl`; or table names to files
                (or, of Parquet, patterns such as `touches/*.parquet`).
            engine: `duckdb`, embedded: relations over the files; or `polars`: lazy scans of them.

        Raises:
            InputError: For a file that isn't there, is of no known type, can't be read, or comes
                twice; see `nurturekit.frame.reading`.
            CallError: `unknown-word` for another engine or table; `missing-extra`.
        """
        from nurturekit.frame.reading import read

        return read(source, engine=engine)

    @property
    def kind(self) -> str:
        """Which kind of frame they are: `polars`, `polars lazy`, `pandas`, `DuckDB`, ..."""
        kinds = {name: kind_of(frame, argument=name) for name, frame in self._given()}
        kind = kinds["leads"]
        for name, other in kinds.items():
            if other != kind:
                problem = f"is a frame of {other}, but `leads` is one of {kind}: give all alike"
                raise CallError("mixed-frames", argument=name, problem=problem)
        return kind

    def _given(self) -> Iterator[tuple[str, Native]]:
        for name in TABLES:
            frame = getattr(self, name)
            if frame is not None or name == "leads":
                yield name, frame

    def prepared(self) -> Prepared:
        """Bring the tables to the engine that computes them; nothing is computed yet.

        Raises:
            InputError: `missing-column`, `unknown-column` or `wrong-type`.
        """
        kind = KINDS[self.kind]
        connection = _embedded() if kind.embedded else None
        tables = {}
        for name, frame in self._given():
            native = _into(name, kind, frame, connection)
            wrapped = nw.from_native(native)
            engine = ENGINES[wrapped.implementation]
            tables[name] = _table(name, wrapped, engine)
        return Prepared(kind=kind, engine=engine, tables=FrozenMap(tables), left_out=self.left_out)


def once(prepared: Prepared, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Compute a frame once, for what is read from it several times."""
    kept: nw.LazyFrame[Any] = nw.from_native(prepared.engine.keep(nw.to_native(frame)))
    return kept


def _embedded() -> Native:
    import duckdb

    return duckdb.connect()


def _into(name: str, kind: Kind, frame: Native, connection: Native) -> Native:
    try:
        return kind.into(frame, connection)
    except (TypeError, ValueError) as error:  # what Arrow raises derives from these
        problem = f"has a column of mixed types: {str(error).splitlines()[0]}"
        raise InputError("wrong-type", source=name, problem=problem) from error


def _table(name: str, frame: nw.LazyFrame[Any], engine: Engine) -> Table:
    known, given = TABLES[name], frame.collect_schema()
    check(name, given)
    # A column of nothing but missing values has no type: it is as if it weren't there.
    needed = [column for column, one in known.items() if one.needed]
    schema = {one: dtype for one, dtype in given.items() if dtype != nw.Unknown or one in needed}
    found = {column: word_of(dtype) or TEXT for column, dtype in schema.items()}
    words = {column: known[column].word if column in known else found[column] for column in schema}
    typed = [one for one, word in words.items() if word == INSTANT and found[one] == INSTANT]
    days = [one for one, word in words.items() if word == DAY]
    native = engine.instants(nw.to_native(frame), typed)
    frame = nw.from_native(engine.days(native, days))
    texts = [one for one, word in words.items() if word == INSTANT and one not in typed]
    read = words | dict.fromkeys(texts, TEXT)
    added = {column: _exact(column, read[column], dtype) for column, dtype in schema.items()}
    changed = {name: one for name, one in added.items() if one is not None}
    frame = frame.with_columns(**changed) if changed else frame
    frame = with_epoch_us(frame, {one: us_of(one) for one in texts})
    return Table(
        name=name,
        frame=frame,
        words=FrozenMap(words),
        texts=FrozenMap({one: one in texts for one in (*typed, *texts)}),
    )


Type = Any  # Narwhals' own types, which have no one type
_EXACT_TYPES: Mapping[str, Type] = {WHOLE: nw.Int64, TEXT: nw.String}


def _exact(name: str, word: str, dtype: nw.dtypes.DType) -> nw.Expr | None:
    """Return a column in the one form that everything computes with, None where it is in it."""
    column = nw.col(name)
    if dtype.is_float() or (word == NUMBER and not dtype.is_integer()):
        number = column if dtype == nw.Float64 else column.cast(nw.Float64)
        number = nw.when(~number.is_nan()).then(number)
        return number.cast(nw.Int64) if word == WHOLE else number
    if word == NUMBER:
        return column.cast(nw.Float64)
    wanted = _EXACT_TYPES.get(word)
    return None if wanted is None or dtype == wanted else column.cast(wanted)
