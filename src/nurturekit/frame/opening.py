"""What CRM columns say on the day records begin, as a table of openings.

An opening's id here is `opening-` and its lead's id: a lead has one. Where leads are decided one by
one, `records` gives it the id that `History.opening` makes of the same columns, so that actions
have the same ids on every way.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

import narwhals as nw

from nurturekit.errors import CallError, InputError, did_you_mean
from nurturekit.frame.kinds import kind_of
from nurturekit.frame.schema import check
from nurturekit.instants import format_us, to_us
from nurturekit.records import FrozenMap
from nurturekit.records.words import STAGES, TEAMS

Native = Any
Frame = Any  # of Narwhals, lazy or not
Words = Mapping[str, Mapping[str, str]]

# What an opening's id begins with; its lead's follows.
PREFIX = "nurturekit opening of "
_NO_WORDS: Words = FrozenMap({})
# Columns whose texts are words of a vocabulary, which a CRM calls otherwise.
_VOCABULARIES: Mapping[str, Mapping[str, Any]] = FrozenMap({"stage": STAGES, "team": TEAMS})
FIELDS = ("stage", "team", "rep", "since", "next_attempt_on", "opted_out")


def opening(
    leads: Native,
    *,
    at: datetime | str,
    columns: Mapping[str, str],
    words: Words = _NO_WORDS,
) -> Native:
    """Make the table of openings from a CRM's table of leads.

    Args:
        leads: One row a lead, with `id`; any kind of frame that `Tables` takes.
        at: From when records are complete: one aware instant, and then every lead has an opening;
            or the name of a column of instants, and then a lead has one if any of its columns
            says something.
        columns: Fields of an opening (`stage`, `team`, `rep`, `since`, `next_attempt_on`,
            `opted_out`) to the columns of the table that hold them.
        words: For `stage` and `team`, what the CRM's words are here:
            `{"stage": {"MQL - Marketing": "mql"}}`. Others stay as they are: what isn't a word
            here is counted by the report, and its row left out.

    Returns:
        A frame of the same kind, for `Tables(leads, openings=...)`.

    Raises:
        CallError: `not-a-frame`, `unknown-column` for a field that an opening doesn't have,
            `unknown-word` for a translation into no word.
        InputError: `missing-column` or `wrong-type`.
        RecordError: For a naive or impossible instant.
    """
    kind_of(leads, argument="leads")
    _check_call(columns, words)
    frame = nw.from_native(leads)
    schema = frame.collect_schema()
    check("leads", schema)
    for name in [*columns.values(), *([at] if isinstance(at, str) else [])]:
        if name not in schema:
            problem = f"is missing: an opening is made from it{did_you_mean(name, schema)}"
            raise InputError("missing-column", source="leads", column=name, problem=problem)
    return nw.to_native(openings(frame, at=at, columns=columns, words=words))


def openings(
    frame: Frame, *, at: datetime | str, columns: Mapping[str, str], words: Words = _NO_WORDS
) -> Frame:
    """Return the openings of a frame of leads whose columns are there; as `opening`."""
    made = {field: _worded(name, words.get(field, {})) for field, name in columns.items()}
    instant = nw.col(at) if isinstance(at, str) else nw.lit(format_us(to_us(at, field="at")))
    if isinstance(at, str):
        told = (~nw.col(name).is_null() for name in (at, *columns.values()))
        frame = frame.filter(reduce(or_, told))
    return frame.select(
        id=nw.concat_str([nw.lit(PREFIX), nw.col("id")]),
        lead_id=nw.col("id"),
        occurred_at=instant,
        **made,
    )


def _worded(name: str, words: Mapping[str, str]) -> nw.Expr:
    column = nw.col(name)
    if not words:
        return column
    said, word = column.cast(nw.String), column.cast(nw.String)
    for theirs, ours in words.items():
        word = nw.when(said == theirs).then(nw.lit(str(ours))).otherwise(word)
    return word


def _check_call(columns: Mapping[str, str], words: Words) -> None:
    for field in columns:
        if field not in FIELDS:
            raise _unknown("columns", field, FIELDS)
    for field, pairs in words.items():
        if field not in _VOCABULARIES:
            raise _unknown("words", field, _VOCABULARIES)
        known = _VOCABULARIES[field]
        for word in pairs.values():
            if word not in known:
                hint = did_you_mean(word, known)
                problem = f"translates into `{word}`; a {field} is one of {', '.join(known)}{hint}"
                raise CallError("unknown-word", argument="words", problem=problem)


def _unknown(argument: str, field: str, known: Any) -> CallError:  # noqa: ANN401 - names
    hint = did_you_mean(field, known)
    problem = f"has `{field}`; known are {', '.join(known)}{hint}"
    return CallError("unknown-column", argument=argument, problem=problem)
