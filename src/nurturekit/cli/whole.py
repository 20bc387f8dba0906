"""The commands over whole tables: `score`, and `decide` where leads are many."""

import argparse
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nurturekit.cli.reading import (
    called,
    is_same_file,
    playbook_of,
    print_remarks,
    refuse_overwriting,
    say_progress,
)
from nurturekit.cli.tables import PARQUET, WHOLE, say, tables_of
from nurturekit.errors import CallError, InputError
from nurturekit.instants import format_us, parse_instant, to_us
from nurturekit.interop import open_moves, read_world
from nurturekit.interop.output import FORMULA
from nurturekit.playbook import Playbook
from nurturekit.records import EMPTY_WORLD, FrozenMap, Move, World
from nurturekit.report import leads_of

if TYPE_CHECKING:
    from nurturekit.interop.output import MovesWriter

Relation = Any  # of DuckDB
_CSV = ".csv"
# What is counted of decisions, and how it is read from a row; null counts nowhere.
_SECTIONS: Mapping[str, str] = FrozenMap(
    {
        "stage": "stage",
        "accountable": "CASE WHEN is_open THEN accountable WHEN NOT is_open THEN 'nobody' END",
        "row": '"row"',
        "handoffs": "'to ' || handoff_to || ', pending'",
        "requests": "'rep wanted from pool ' || request_pool",
        "not decided": "error",
    }
)


def decide_whole(args: argparse.Namespace, playbook: Playbook) -> int:
    """Decide every lead as tables: what scores and ownership say, and the plans of due leads."""
    say(WHOLE)
    check_format(args.out, "--out")
    if args.plans:
        _make(args.plans, args)
    with ExitStack() as files:
        with called(f"--moves-out {args.moves_out}"):
            moves = files.enter_context(open_moves(args.moves_out))
        return _decided(args, playbook, moves)


def _decided(args: argparse.Namespace, playbook: Playbook, moves: "MovesWriter") -> int:
    as_of = parse_instant(args.as_of, field="--as-of")
    world: World = read_world(args.world) if args.world else EMPTY_WORLD
    tables = tables_of(args)
    from nurturekit.frame import decide, plans

    asked: dict[str, Any] = {
        "playbook": playbook,
        "as_of": as_of,
        "world": world,
        "processes": args.processes,
        "progress": say_progress,
    }
    found = decide(tables, **asked)
    if found.because:
        say(f"each lead by itself after all: {found.because}")
    if args.out:
        write_table(found.table, args.out)
    if args.plans or args.moves_out:
        planned = plans(tables, leads=found.due(), **asked)
        for name, table in planned if args.plans else ():
            write_table(table, args.plans / f"{name}{PARQUET}")
        for batch in planned.moves.to_arrow_table().to_batches():
            moves.write(Move(**_told(row)) for row in batch.to_pylist())
        say(f"{leads_of(planned.planned)} with something due")
    print_remarks(args, found.report())
    ((leads,),) = found.table.aggregate("count(*)").fetchall()
    instant = format_us(to_us(as_of, field="as_of"))
    print(f"{leads_of(leads)} as of {instant}, playbook {playbook.name}\n")
    print("\n".join(_counted(found.table, leads)))
    return 0


def _counted(table: Relation, of: int) -> Iterator[str]:
    for title, label in _SECTIONS.items():
        shown = title
        counts = table.aggregate(f"{label} AS label, count(*) AS leads").order("leads DESC, label")
        for word, leads in counts.fetchall():
            if word is not None:
                yield f"{shown:<12} {leads:>7,} {100 * leads / of:5.1f} %  {word}"
                shown = ""


def score(args: argparse.Namespace) -> int:
    """Score every lead of an export, as tables."""
    say("tables path: all leads at once")
    playbook = playbook_of(args.playbook)
    for option in ("out", "explain"):
        check_format(getattr(args, option), f"--{option}")
    refuse_overwriting(args, "--out", "--explain")
    as_of = parse_instant(args.as_of, field="--as-of")
    tables = tables_of(args)
    from nurturekit.frame import score as score_tables

    found = score_tables(tables, playbook, as_of=as_of, explain="long" if args.explain else "none")
    write_table(found.table, args.out)
    if args.explain:
        write_table(found.contributions, args.explain)
    for line in found.report().lines():
        say(line)
    instant = format_us(to_us(as_of, field="as_of"))
    print(f"{leads_of(tables.prepared().count())} as of {instant}, playbook {playbook.name}")
    return 0


# ----------------------------------------------------------------------------- writing tables
def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _make(folder: Path, args: argparse.Namespace) -> None:
    """Make the folder for plans; none that another file of this run lies in.

    Raises:
        CallError: `out-is-input`.
        InputError: `cannot-write`.
    """
    given = (args.leads, args.touches, args.records, args.world, args.out, args.moves_out)
    others = [one for one in given if one is not None]
    there = folder.iterdir() if folder.is_dir() else ()
    lies_in = any(one.resolve().parent == folder.resolve() for one in others)
    if lies_in or any(is_same_file(entry, one) for entry in there for one in others):
        problem = "holds another file of this run, which plans could overwrite: give its own folder"
        raise CallError("out-is-input", argument=f"--plans {folder}", problem=problem)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = "can't be made: check the path and its permissions"
        raise InputError("cannot-write", source=str(folder), problem=problem) from error


def check_format(path: Path | None, option: str) -> None:
    """Refuse a file whose name doesn't say how tables are written, before any work.

    Raises:
        CallError: `unknown-format`.
    """
    if path is not None and path.suffix.lower() not in (_CSV, PARQUET):
        problem = f"must end in `{_CSV}` or `{PARQUET}`"
        raise CallError("unknown-format", argument=f"{option} {path}", problem=problem)


def write_table(table: Relation, path: Path) -> None:
    """Write a table by lead; in a `.csv` file no text starts a formula, as in `safe_cell`.

    Raises:
        InputError: `cannot-write`.
    """
    import duckdb

    is_csv = path.suffix.lower() == _CSV
    columns = zip(table.columns, map(str, table.types), strict=True)
    shown = [_as_csv(name, dtype) if is_csv else _as_parquet(name) for name, dtype in columns]
    if "score_milli" in table.columns:
        shown.insert(1, "score_milli / 1000 AS score")
    # Within a lead, moves say their order themselves.
    order = ["lead_id", *(name for name in ("place", "seq") if name in table.columns)]
    rows = table.order(", ".join(order)).project(", ".join(shown))
    try:
        if is_csv:
            rows.write_csv(str(path), header=True)
        else:
            rows.write_parquet(str(path))
    except duckdb.IOException as error:
        problem = "can't be written: check the path and its permissions"
        raise InputError("cannot-write", source=str(path), problem=problem) from error


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _as_parquet(name: str) -> str:
    if not name.endswith("_us"):
        return _quoted(name)
    # Epoch microseconds are ours; a file holds the instant.
    return f"make_timestamptz({_quoted(name)}) AS {_quoted(name.removesuffix('_us'))}"


def _as_csv(name: str, dtype: str) -> str:
    cell = _quoted(name)
    if name.endswith("_us"):
        utc = f"make_timestamptz({cell}) AT TIME ZONE 'UTC'"
        text = f"strftime({utc}, '%Y-%m-%dT%H:%M:%S.%fZ')"
        return f"replace({text}, '.000000Z', 'Z') AS {_quoted(name.removesuffix('_us'))}"
    if dtype != "VARCHAR":
        return cell
    starts = ", ".join(f"chr({ord(one)})" for one in FORMULA)
    return f"CASE WHEN left({cell}, 1) IN ({starts}) THEN chr(39) ELSE '' END || {cell} AS {cell}"
