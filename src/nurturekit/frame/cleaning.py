"""Which rows of a table can't be records, and why: a table of checks per table.

Bad rows never stop a table: they are left out, and `report` counts them by kind. What can't be
seen in columns isn't checked: whether an id is printable, whether a text holds control characters.
"""

from collections.abc import Iterator, Mapping

import attrs
import narwhals as nw

from nurturekit.frame.engines import us_of
from nurturekit.frame.parsing import is_naive
from nurturekit.frame.schema import DAY, FLAG, INSTANT, NAIVE, NUMBER, TABLES, UNREAD, WHOLE
from nurturekit.instants import END_US
from nurturekit.records import FrozenMap
from nurturekit.records.checks import MAX_ID, MAX_VALUE
from nurturekit.records.words import (
    CHANNELS,
    CONSENT_KINDS,
    DIRECTIONS,
    MOVE_KINDS,
    ORIGINS,
    OUTCOMES,
    PURPOSES,
    STAGES,
    STYLES,
    TEAMS,
)


@attrs.frozen
class Check:
    """One thing that must hold of a row.

    Args:
        code: What is wrong where it doesn't, as the single-lead code says it.
        column: Where.
        holds: Whether it does; never null.
    """

    code: str
    column: str
    holds: nw.Expr


# Columns that hold ids or short texts, and the words of the closed vocabularies.
_IDS: Mapping[str, tuple[str, ...]] = FrozenMap(
    {
        "leads": ("account", "person_id"),
        "touches": (
            "person_id",
            "rep",
            "asset",
            "topic",
            "campaign",
            "sequence",
            "run",
            "step",
        ),
        "facts": (),
        "consents": ("basis",),
        "moves": ("was", "to", "rep", "sequence", "run", "step", "answers"),
        "openings": ("rep",),
    }
)
_WORDS: Mapping[str, Mapping[str, Mapping[str, object]]] = FrozenMap(
    {
        "touches": {
            "channel": CHANNELS,
            "direction": DIRECTIONS,
            "style": STYLES,
            "outcome": OUTCOMES,
            "origin": ORIGINS,
        },
        "facts": {"origin": ORIGINS},
        "consents": {
            "kind": CONSENT_KINDS,
            "channel": CHANNELS,
            "purpose": PURPOSES,
            "origin": ORIGINS,
        },
        "moves": {"kind": MOVE_KINDS, "team": TEAMS, "origin": ORIGINS},
        "openings": {"stage": STAGES, "team": TEAMS, "origin": ORIGINS},
    }
)
# What a cell is called that isn't what its column holds, as the single-lead code says it.
_UNREAD: Mapping[str, str] = FrozenMap(
    {
        FLAG: "not-a-bool",
        NUMBER: "not-a-number",
        WHOLE: "not-a-number",
        DAY: "bad-date",
        INSTANT: "bad-instant",
    }
)
_NAMES: Mapping[str, str] = FrozenMap({"touches": "kind", "facts": "name"})


def checks(table: str, columns: Mapping[str, bool]) -> Iterator[Check]:
    """Yield what must hold of a table's rows, in the order in which it is reported.

    Args:
        table: Which table.
        columns: The columns it has, and for each whether its instants are texts.
    """
    yield from _unread(table, columns)
    needed = [name for name in ("id", "lead_id", _NAMES.get(table, "")) if name in columns]
    for name in needed:
        yield Check("missing-value", name, ~nw.col(name).is_null())
        yield Check("bad-id", name, _is_id(name))
    for name in _IDS[table]:
        if name in columns:
            yield Check("bad-id", name, _is_id(name))
    for name, words in _WORDS.get(table, {}).items():
        if name in columns:
            known = nw.col(name).is_in(list(words))
            held = known if name == "kind" else nw.col(name).is_null() | known
            yield Check("unknown-word", name, held.fill_null(value=False))
    for name, column in TABLES[table].items():
        if column.word == INSTANT and name in columns:
            yield from _instants(name, is_text=columns[name], is_needed=column.needed)
    if table == "touches" and "value" in columns:
        size = nw.col("value")
        held = ((size <= MAX_VALUE) & (size >= -MAX_VALUE)).fill_null(value=True)
        yield Check("out-of-range", "value", held)
    if table == "moves":
        yield from _targets(columns)


def _is_id(name: str) -> nw.Expr:
    length = nw.col(name).str.len_chars()
    return ((length >= 1) & (length <= MAX_ID)).fill_null(value=True)


def _instants(name: str, *, is_text: bool, is_needed: bool) -> Iterator[Check]:
    us = nw.col(us_of(name))
    if is_needed:
        yield Check("missing-value", name, ~nw.col(name).is_null())
    if is_text:
        text = nw.col(name)
        yield Check("naive-datetime", name, ~is_naive(text).fill_null(value=False))
        yield Check("bad-instant", name, text.is_null() | ~us.is_null())
    yield Check("out-of-range", name, ((us >= 0) & (us < END_US)).fill_null(value=True))


def _unread(table: str, columns: Mapping[str, bool]) -> Iterator[Check]:
    for name, column in TABLES[table].items() if UNREAD in columns else ():
        if name in columns and column.word in _UNREAD:
            yield Check(_UNREAD[column.word], name, _is_read(name))
        if name in columns and column.word == INSTANT:
            yield Check("naive-datetime", name, _is_read(name + NAIVE))


def _is_read(mark: str) -> nw.Expr:
    return (nw.col(UNREAD) != mark).fill_null(value=True)


def _targets(columns: Mapping[str, bool]) -> Iterator[Check]:
    # A stage move names a stage, an owner move a team, a rep move a rep.
    kind = nw.col("kind")
    for word, name, known in (("stage", "to", STAGES), ("owner", "to", TEAMS)):
        held = nw.col(name).is_in(list(known)).fill_null(value=False) if name in columns else None
        yield Check("unknown-word", "to", kind != word if held is None else (kind != word) | held)
    named = ~nw.col("rep").is_null() if "rep" in columns else None
    yield Check("bad-id", "rep", kind != "rep" if named is None else (kind != "rep") | named)
