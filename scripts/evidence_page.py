"""Write docs/reference/evidence.md: every number of the shipped playbooks, its unit, its source.

The source of a number is the comment behind it, else the `source` of its table. With --check,
write nothing and exit 1 when the page on disk is out of date.
"""

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PRESETS = ROOT / "src/nurturekit/presets"
PAGE = ROOT / "docs/reference/evidence.md"
POSITIONS = ("marketing-led", "sales-led", "blended")
HEAD = """\
# Evidence

Every number of the shipped playbooks, with its unit and where it comes from. An id such as `S2-4`
is a line of the [requirements](requirements.md). *Inference* means an example value: nobody has
measured it, so put your own there. No number here is a prediction, and no percentage quoted in the
trade is built in.

Generated from `src/nurturekit/presets/*.toml` by `scripts/evidence_page.py`.
"""
INDEX = re.compile(r"\[\d+\]")
HEADER = re.compile(r"\[{1,2}([\w.]+)\]{1,2}")
ENTRY = re.compile(r"([\w]+)\s*=\s*(.*)")
# A number sign outside of quotes starts a comment.
COMMENT = re.compile(r"""^(?:[^"#]|"[^"]*")*#\s*(.*)$""")
NAMES = ("name", "id", "label")
# Counters of documents and of rows: they measure nothing.
COUNTERS = ("format", "version", "number")
# Criteria and decays are told in the row of the table they stand in.
INLINE = ("when", "entry", "exit", "unfit", "decay")

UNITS = {
    "points": "points",
    "minimum": "points",
    "maximum": "points",
    "at_least": "points",
    "from_points": "points",
    "to_points": "points",
    "mql_at": "points",
    "recycle_below": "points",
    "awareness": "points",
    "consideration": "points",
    "decision": "points",
    "below": "points",
    "per_day": "a day",
    "per_value": "of the touch's value",
    "priority": "(higher goes first)",
    "people": "people",
    "max_offers": "offers",
    "call_values": "% of a first call's value",
    "least_call_value": "% of a first call's value",
    "ramp_per_day": "leads a day",
}

Sources = dict[str, str]


def sources(text: str) -> Sources:
    """Map the path of each key with a comment behind it to the comment."""
    found: Sources = {}
    counts: dict[str, int] = {}
    table = ""
    for line in text.splitlines():
        header = HEADER.match(line)
        if header:
            table = _table_path(header[1], counts, is_list=line.startswith("[["))
            continue
        entry = ENTRY.match(line)
        comment = COMMENT.match(line)
        if entry and comment:
            found[f"{table}.{entry[1]}".lstrip(".")] = comment[1]
    return found


def _table_path(name: str, counts: dict[str, int], *, is_list: bool) -> str:
    parent, _, last = name.rpartition(".")
    above = f"{parent}[{counts[parent]}].{last}" if parent in counts else name
    if not is_list:
        return above
    key = name if parent not in counts else above
    counts[key] = counts.get(key, -1) + 1
    counts[name] = counts[key]
    return f"{key}[{counts[key]}]"


def rows(tree: Mapping[str, Any], comments: Sources) -> Iterator[tuple[str, str, str]]:
    """Yield place, numbers and source: a row per table, and per key that has its own comment."""
    yield from _Walk(comments).table(tree, path="", source="inference", above="")


class _Walk:
    """One walk over a document's tables, outer ones first."""

    def __init__(self, comments: Sources) -> None:
        self._comments = comments

    def table(
        self, table: Mapping[str, Any], *, path: str, source: str, above: str
    ) -> Iterator[tuple[str, str, str]]:
        source = table.get("source", source)
        where = _where(path, table, above)
        shared, own = [], []
        for key, value in table.items():
            place = f"{path}.{key}".lstrip(".")
            numbers = [] if key in COUNTERS else list(_numbers(key, value, place))
            if numbers and place in self._comments:
                own.append((f"`{where}`", ", ".join(numbers), self._comments[place]))
            else:
                shared += numbers
        if shared:
            yield f"`{where}`", ", ".join(shared), source
        yield from own
        for key, value in table.items():
            inner = f"{path}.{key}".lstrip(".")
            for index, item in enumerate(_tables(key, value)):
                at = f"{inner}[{index}]" if isinstance(value, list) else inner
                yield from self.table(item, path=at, source=source, above=where)


def _tables(key: str, value: object) -> list[dict[str, Any]]:
    if key in INLINE:
        return []
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def _where(path: str, table: Mapping[str, Any], above: str) -> str:
    # `scoring.rules: pricing page` says more than `scoring.rules[3]`; a step says whose it is.
    name = next((str(table[key]) for key in NAMES if key in table), "")
    if not name or "[" not in path:
        return path or "playbook"
    return f"{above}, {name}" if ": " in above else f"{INDEX.sub('', path)}: {name}"


def _numbers(key: str, value: object, place: str) -> Iterator[str]:
    if place.startswith("guards.hours."):
        yield f"`{key}` {value}, the recipient's local time"
    elif _is_number(value):
        yield _said(key, value, _unit(key, place))
    elif isinstance(value, list) and value and all(map(_is_number, value)):
        yield _said(key, ", ".join(map(str, value)), _unit(key, place))
    elif key in INLINE:
        yield from _inline(value, place)


def _inline(value: object, place: str) -> Iterator[str]:
    # A criterion or a decay: its numbers, wherever they stand in it.
    if isinstance(value, list):
        for item in value:
            yield from _inline(item, place)
    elif isinstance(value, dict):
        fact = value.get("fact")
        about = f"{fact or value.get('signal') or ''} "
        for key, item in value.items():
            if _is_number(item):
                yield _said(f"{about}{key}".strip(), item, "" if fact else _unit(key, place))
            else:
                yield from _inline(item, place)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _said(name: str, value: object, unit: str) -> str:
    one = value in (1, -1) and unit.endswith("s")
    return f"`{name}` {value} {unit.removesuffix('s') if one else unit}".rstrip()


def _unit(key: str, place: str) -> str:
    if key.endswith("_days") or key == "days":
        return "days"
    if key.endswith("_hours"):
        return "hours"
    if key == "at_most":
        return "contacts" if "guards" in place else "points"
    return UNITS.get(key, "")


def read(name: str) -> tuple[dict[str, Any], Sources]:
    """Return a shipped document's tables and the comments behind its keys."""
    text = (PRESETS / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text), sources(text)


def page() -> str:
    """Build the page."""
    common, comments = read("common")
    lines = [HEAD, "\n## Shared by all three\n", "| where | numbers | source |", "|---|---|---|"]
    lines += [f"| {' | '.join(cells)} |" for cells in rows(common, comments)]
    lines += ["", "## Parameters of ownership", "", *_parameters()]
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


def _parameters() -> Iterator[str]:
    read_all = {name: read(name) for name in POSITIONS}
    yield f"| parameter | {' | '.join(POSITIONS)} | unit | source |"
    yield "|---|---|---|---|---|---|"
    for key in read_all[POSITIONS[0]][0]["ownership"]["parameters"]:
        values = [tree["ownership"]["parameters"][key] for tree, _ in read_all.values()]
        said = {name: found[f"ownership.parameters.{key}"] for name, (_, found) in read_all.items()}
        shown = " | ".join(_value(value) for value in values)
        yield f"| `{key}` | {shown} | {_parameter_unit(key)} | {_parameter_source(said)} |"


def _parameter_source(said: Mapping[str, str]) -> str:
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return "<br>".join(f"{name}: {source}" for name, source in said.items())


def _parameter_unit(key: str) -> str:
    return "working hours" if key.endswith("_hours") else _unit(key, key) or "words"


def _value(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def main() -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 when the page is out of date")
    check = parser.parse_args().check
    text = page()
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    if check:
        print(f"{PAGE.relative_to(ROOT)} is out of date: run {sys.argv[0]}", file=sys.stderr)
        return 1
    PAGE.write_text(text, encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
