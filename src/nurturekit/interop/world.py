"""The world from a TOML file: reps, pools with their hours, the content library, what to assume."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from nurturekit.calendars import BusinessHours
from nurturekit.errors import DocumentError, InputError, ModelError, RecordError, did_you_mean
from nurturekit.interop.cells import column_of, field_names
from nurturekit.interop.rows import require
from nurturekit.interop.table import open_text
from nurturekit.records import Absence, Assume, Content, FrozenMap, Pool, Rep, World
from nurturekit.records.reps import check_capacity
from nurturekit.records.world import complaint_rates
from nurturekit.vocabulary import Channel, Team


def read_world(path: str | Path) -> World:
    """Read reps, pools, content and assumptions from a TOML file.

    `[[reps]]`, `[[pools]]` and `[[content]]` have the fields of `Rep`, `Pool` and `Content`; the
    `hours` of a pool or rep are texts such as `"mon-fri 09:00-17:00"` beside its `zone` and
    `holidays`; `[assume]` has the fields of `Assume`; `[complaint_rates]` has a share per channel.
    Where pools are listed, each has an active rep, and each active sales rep is in one.

    Args:
        path: The file.

    Raises:
        InputError: When the file isn't TOML.
        DocumentError: With every problem of what it says.
    """
    source = str(path)
    with open_text(path) as file:
        text = file.read()
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError("bad-toml", source=source, problem=f"isn't TOML: {error}") from error
    reader = _Reader()
    world = reader.world(document)
    if reader.problems:
        raise DocumentError(reader.problems, source=source)
    return world


@attrs.frozen
class _Shape:
    """What a table is made into, the keys it may have, and those it needs."""

    make: Callable[[dict[str, Any]], Any]
    keys: tuple[str, ...]
    needed: tuple[str, ...] = ("id",)


class _Reader:
    """Reads as far as it can, so that every problem is told at once."""

    def __init__(self) -> None:
        self.problems: list[ModelError] = []

    def world(self, document: Mapping[str, Any]) -> World:
        self._check_keys(document, (*_ENTRIES, "assume", "complaint_rates"), "$")
        found: dict[str, Any] = {
            name: [*self._entries(document.get(name, []), name)] for name in _ENTRIES
        }
        self._check_unique(found)
        if not any(one.path.startswith(("$.reps", "$.pools")) for one in self.problems):
            # Else what is missing may be what couldn't be read.
            self._check_pools(found["reps"], found["pools"])
        assume = self._made(_ASSUME, document.get("assume", {}), "$.assume")
        rates = self._made(_RATES, document.get("complaint_rates", {}), "$.complaint_rates")
        if self.problems:
            return World()
        return World(**found, assume=assume, complaint_rates=rates)

    def _entries(self, tables: object, name: str) -> Iterator[Any]:
        if not isinstance(tables, list):
            self._problem("wrong-type", f"$.{name}", f"must be tables: write `[[{name}]]`")
            return
        for index, table in enumerate(tables):
            made = self._made(_ENTRIES[name], table, f"$.{name}[{index}]")
            if made is not None:
                yield made

    def _made(self, shape: _Shape, table: object, path: str) -> Any:  # noqa: ANN401 - of any shape
        if not isinstance(table, dict):
            self._problem("wrong-type", path, "must be a table")
            return None
        if not self._check_keys(table, shape.keys, path):
            return None
        try:
            require(table, shape.needed, record=path)
            return shape.make(dict(table))
        except RecordError as error:
            self._problem(error.code, f"{path}.{_key_of(error.field)}", error.problem)
        except TypeError:
            self._problem("wrong-type", path, "has a value of a kind that its key can't take")
        return None

    def _check_keys(self, table: Mapping[str, Any], known: Iterable[str], path: str) -> bool:
        names = tuple(known)
        unknown = [key for key in table if key not in names]
        for key in unknown:
            hint = did_you_mean(key, names) or f"; known are {', '.join(names)}"
            self._problem("unknown-key", f"{path}.{key}", f"isn't a key here{hint}")
        return not unknown

    def _check_unique(self, found: Mapping[str, list[Any]]) -> None:
        for name, entries in found.items():
            counts = Counter(entry.id for entry in entries)
            for repeated in sorted(one for one, count in counts.items() if count > 1):
                self._problem("duplicate-id", f"$.{name}", f"has `{repeated}` twice")

    def _check_pools(self, reps: list[Rep], pools: list[Pool]) -> None:
        known = {pool.id: pool for pool in pools}
        for index, rep in enumerate(reps):
            self._check_place(rep, known, f"$.reps[{index}]")
        for index, pool in enumerate(pools):
            if not any(rep.active and rep.pool == pool.id for rep in reps):
                problem = f'has no active rep: add one with `pool = "{pool.id}"`, or drop it'
                self._problem("empty-pool", f"$.pools[{index}]", problem)

    def _check_place(self, rep: Rep, pools: Mapping[str, Pool], path: str) -> None:
        takes_leads = rep.active and rep.team is Team.SALES
        if rep.pool is None:
            if pools and takes_leads:
                problem = f"is missing: `{rep.id}` is in none of {', '.join(pools)}"
                self._problem("no-pool", f"{path}.pool", problem)
        elif rep.pool not in pools:
            problem = f"names `{rep.pool}`, which isn't there{did_you_mean(rep.pool, pools)}"
            self._problem("unknown-pool", f"{path}.pool", problem)
        elif takes_leads:
            try:
                check_capacity(rep, pools[rep.pool])
            except RecordError as error:
                self._problem(error.code, path, str(error))

    def _problem(self, code: str, path: str, problem: str) -> None:
        self.problems.append(ModelError(code, path=path, problem=problem))


def _rep(table: dict[str, Any]) -> Rep:
    absences = [
        _absence(absence, f"absences[{index}]")
        for index, absence in enumerate(table.pop("absences", []))
    ]
    hours = _hours(table, "Rep")
    return Rep(**table, hours=hours, absences=absences)


def _absence(table: dict[str, Any], path: str) -> Absence:
    require(table, ("start", "end"), record=f"Rep:{path}")
    try:
        return Absence(**table)
    except RecordError as error:
        name = f"Rep:{path}.{column_of(error.field)}"
        raise RecordError(error.code, field=name, problem=error.problem) from error


def _pool(table: dict[str, Any]) -> Pool:
    hours = _hours(table, "Pool")
    table.pop("zone", None)
    return Pool(**table, hours=hours)


def _hours(table: dict[str, Any], record: str) -> BusinessHours | None:
    """Take a rep's or pool's hours out of its table; the zone stays, for a rep has one too."""
    given: dict[str, Any] = {key: table.pop(key) for key in ("hours", "holidays") if key in table}
    if not given and (record == "Rep" or "zone" not in table):
        return None
    if "zone" in table:
        given["zone"] = table["zone"]
    require(given, ("hours", "zone"), record=record)
    given["windows"] = given.pop("hours")
    try:
        return BusinessHours(**given)
    except RecordError as error:
        name = column_of(error.field)
        named = name if name in ("zone", "holidays") else "hours"
        raise RecordError(error.code, field=f"{record}.{named}", problem=error.problem) from error


def _assume(table: dict[str, Any]) -> Assume:
    try:
        return Assume(**table)
    except RecordError as error:
        # The place within a country's zones belongs to the path too.
        name = error.field.replace(".", ":", 1)
        raise RecordError(error.code, field=name, problem=error.problem) from error


def _key_of(field: str) -> str:
    """Return the key that a field is read from, with the place in a list where there is one."""
    return field.partition(":")[2] or column_of(field)


_ASSUME = _Shape(_assume, field_names(Assume), ())
_RATES = _Shape(complaint_rates, tuple(Channel), ())
_ENTRIES: Mapping[str, _Shape] = FrozenMap(
    {
        "reps": _Shape(_rep, (*field_names(Rep), "holidays")),
        "pools": _Shape(_pool, (*field_names(Pool), "zone", "holidays")),
        "content": _Shape(
            lambda table: Content(**table), field_names(Content), ("id", "published_at")
        ),
    }
)
