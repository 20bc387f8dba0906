"""Files to tables: Parquet as it is, comma-separated files as Parquet, records line by line.

Nothing is loaded but what `records.jsonl` holds. Leads' columns `opening_at`, `opening_stage`, ...
become the table of openings. What is wrong with a file itself is an `InputError`; a cell that can't
be what its column holds makes a bad row, which the report counts.

CLOSED. To add a type of file: its suffix and opener in `_OPENERS`.
"""

import glob
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import narwhals as nw

from nurturekit.errors import CallError, InputError, did_you_mean
from nurturekit.frame.found import Found
from nurturekit.frame.lines import with_records
from nurturekit.frame.opening import FIELDS, openings
from nurturekit.frame.schema import TABLES, UNREAD
from nurturekit.frame.separated import OPENING, separated
from nurturekit.frame.tables import Source, Tables
from nurturekit.records import FrozenMap

Native = Any
Lazy = nw.LazyFrame[Any]
ENGINES = ("duckdb", "polars")
RECORDS = "records"
_LINES = ".jsonl"


@attrs.frozen(kw_only=True)
class _Opener:
    """Opens files in one engine; the embedded DuckDB copies comma-separated ones for all."""

    engine: str
    connection: Native

    def parquet(self, path: Path, _: str) -> tuple[Native, tuple[Found, ...]]:
        pattern = f"{path}/*.parquet" if path.is_dir() else str(path)
        if not glob.glob(pattern):  # noqa: PTH207 - an absolute pattern
            raise _not_there(path)
        try:
            return self._parquet(pattern), ()
        except Exception as error:
            problem = f"can't be read as Parquet: {type(error).__name__}"
            raise InputError("not-parquet", source=str(path), problem=problem) from error

    def _parquet(self, pattern: str) -> Native:
        # A folder's name is no column: what a file holds it says itself.
        if self.engine == "duckdb":
            return self.connection.read_parquet(pattern, hive_partitioning=False)
        import polars as pl

        scan = pl.scan_parquet(pattern, hive_partitioning=False)
        scan.collect_schema()
        return scan

    def csv(self, path: Path, table: str) -> tuple[Native, tuple[Found, ...]]:
        copy, found = separated(self.connection, path, table)
        return self._parquet(str(copy)), found

    def own(self, relation: Native) -> Native:
        """Return a relation of the embedded DuckDB's in the engine."""
        if self.engine == "duckdb":
            return relation
        import polars as pl

        return pl.LazyFrame(relation.to_arrow_table())


Open = Callable[[_Opener, Path, str], tuple[Native, tuple[Found, ...]]]
_OPENERS: Mapping[str, Open] = FrozenMap({".parquet": _Opener.parquet, ".csv": _Opener.csv})


def read(source: Source, *, engine: str = "duckdb") -> Tables:
    """Open the files that hold tables.

    Args:
        source: A folder, or table names to files; see `Tables.read`.
        engine: `duckdb` or `polars`.

    Raises:
        InputError: `cannot-read`, `unknown-format`, `two-files`, `no-leads`, `not-parquet`, and for
            comma-separated files and lines what `nurturekit.interop` raises.
        CallError: `unknown-word`, `missing-extra`.
    """
    opener = _opener(engine)
    files = dict(_files(source))
    frames: dict[str, Lazy] = {}
    left_out: list[Found] = []
    for name in TABLES:
        if name in files:
            native, found = _suffixed(files[name], _OPENERS)(opener, files[name], name)
            frames[name] = nw.from_native(native)
            left_out += found
    _split(frames, files)
    if RECORDS in files:
        _suffixed(files[RECORDS], {_LINES: None})
        frames, found = with_records(frames, files[RECORDS], opener.connection, opener.own)
        left_out += found
    natives = {name: nw.to_native(frame) for name, frame in frames.items()}
    return Tables(**natives, left_out=tuple(left_out))


def _opener(engine: str) -> _Opener:
    if engine not in ENGINES:
        problem = f"must be one of {', '.join(ENGINES)}{did_you_mean(engine, ENGINES)}"
        raise CallError("unknown-word", argument="engine", problem=problem)
    try:
        import duckdb
        import pyarrow  # noqa: F401, ICN001 - whether it is there

        if engine == "polars":
            import polars  # noqa: F401, ICN001 - whether it is there
    except ImportError as error:
        problem = f"needs the package `{error.name}`: install `nurturekit[batch]`"
        if error.name == "polars":
            problem = "needs the package `polars`: install it, or take `duckdb`"
        raise CallError("missing-extra", argument="engine", problem=problem) from error
    return _Opener(engine=engine, connection=duckdb.connect())


# --------------------------------------------------------------------------- which files there are
def _files(source: Source) -> Iterator[tuple[str, Path]]:
    if isinstance(source, Mapping):
        yield from _named(source)
    else:
        yield from _found(Path(source))


def _named(source: Mapping[str, str | Path]) -> Iterator[tuple[str, Path]]:
    known = (*TABLES, RECORDS)
    for name, path in source.items():
        if name not in known:
            problem = f"has `{name}`; known are {', '.join(known)}{did_you_mean(name, known)}"
            raise CallError("unknown-word", argument="source", problem=problem)
        yield name, Path(path)
    if "leads" not in source:
        problem = "names no file: tell where the leads are"
        raise InputError("no-leads", source="leads", problem=problem)


def _found(folder: Path) -> Iterator[tuple[str, Path]]:
    if not folder.is_dir():
        problem = "isn't a folder: give one that holds `leads.parquet` or `leads.csv`"
        raise InputError("cannot-read", source=str(folder), problem=problem)
    for name in (*TABLES, RECORDS):
        paths = sorted(path for path in folder.iterdir() if path.stem == name and path.suffix)
        if len(paths) > 1:
            both = " and ".join(f"`{path.name}`" for path in paths)
            problem = f"holds {both}: keep one of them, or name the files one by one"
            raise InputError("two-files", source=str(folder), problem=problem)
        if name == "leads" and not paths:
            problem = "holds neither `leads.parquet` nor `leads.csv`"
            raise InputError("no-leads", source=str(folder), problem=problem)
        yield from ((name, path) for path in paths)


def _suffixed(path: Path, known: Mapping[str, Any]) -> Any:  # noqa: ANN401 - what the suffix means
    suffix = path.suffix.lower()
    if suffix not in known:
        problem = f"is of no type that is read here: its name must end in {' or '.join(known)}"
        raise InputError("unknown-format", source=str(path), problem=problem)
    return known[suffix]


def _not_there(path: Path) -> InputError:
    problem = "can't be read: there is no such file"
    return InputError("cannot-read", source=str(path), problem=problem)


# ------------------------------------------------------------------------------ leads' openings
def _split(frames: dict[str, Lazy], files: Mapping[str, Path]) -> None:
    """Make the table of openings of the leads' own columns, where they have any."""
    leads = frames["leads"]
    schema = leads.collect_schema().names()
    own = [name for name in schema if name.startswith(OPENING)]
    extra = [UNREAD] if UNREAD in schema else []
    if not own:
        return
    source, at = str(files["leads"]), f"{OPENING}at"
    if "openings" in frames:
        problem = f"has `{own[0]}`, and there is {files['openings'].name} too: keep one of them"
        raise InputError("two-files", source=source, problem=problem)
    known = [at, *(f"{OPENING}{name}" for name in FIELDS)]
    for name in own:
        if name not in known:
            hint = did_you_mean(name, known) or f"; known are {', '.join(known)}"
            problem = f"isn't a column here{hint}"
            raise InputError("unknown-column", source=source, column=name, problem=problem)
    if at not in own:
        problem = f"is missing: `{own[0]}` needs the instant it was true at"
        raise InputError("missing-column", source=source, column=at, problem=problem)
    columns = {name.removeprefix(OPENING): name for name in own if name != at}
    columns |= {name: name for name in extra}
    frames["openings"] = openings(leads, at=at, columns=columns)
    frames["leads"] = leads.drop(*own, *extra)
