"""RFC 3339 texts as epoch microseconds, in whole-number arithmetic that every engine does alike.

No engine's own date functions take part: they differ in what they accept and in which zone they
read it. What is accepted is what `nurturekit.instants.parse_instant` accepts.
"""

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from nurturekit.instants import DAY_US, HOUR_US, MINUTE_US

Lazy = nw.LazyFrame[Any]
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]"
_OFFSET = "([Zz]|[+-][0-9]{2}:[0-9]{2})$"
_RFC_3339 = rf"^{_DAY}[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(\.[0-9]{{1,6}})?{_OFFSET}"
_NAIVE = rf"^{_DAY}[0-9:.]+$"
_SECOND_US = 1_000_000
# A stand-in for a text that is none, so that no engine is asked to read it.
_FIRST = "1970-01-01T00:00:00Z"


def is_naive(text: nw.Expr) -> nw.Expr:
    """Say whether texts are instants without a time zone."""
    return text.str.contains(_NAIVE) & ~text.str.contains("\n", literal=True)


def with_epoch_us(frame: Lazy, columns: Mapping[str, str]) -> Lazy:
    """Add the epoch microseconds of RFC 3339 texts, null for what names no instant.

    It goes by steps, each on columns that are there: an engine would write what an expression
    holds as often as it is used, which of this arithmetic is many thousand times.

    Args:
        frame: Any rows.
        columns: Columns of texts to the columns that are added.
    """
    for text, into in columns.items():
        kept = frame.collect_schema().names()
        for step in _STEPS:
            frame = frame.with_columns(**step(nw.col(text)))
        frame = frame.select(*(name for name in kept if name != into), nw.col(_US).alias(into))
    return frame


# Columns of ours while texts are read; no table has columns of such names.
_US, _FORMED, _SAFE = "_parsed us", "_parsed formed", "_parsed safe"


def _part(name: str) -> nw.Expr:
    return nw.col(f"_parsed {name}")


def _formed(text: nw.Expr) -> dict[str, nw.Expr]:
    # `$` also matches before a last newline, in some engines.
    is_formed = text.str.contains(_RFC_3339) & ~text.str.contains("\n", literal=True)
    return {_FORMED: is_formed.fill_null(value=False)}


def _safe(text: nw.Expr) -> dict[str, nw.Expr]:
    return {_SAFE: nw.when(nw.col(_FORMED)).then(text).otherwise(nw.lit(_FIRST))}


def _parts(_: nw.Expr) -> dict[str, nw.Expr]:
    safe = nw.col(_SAFE)
    places = {"year": (0, 4), "month": (5, 2), "day": (8, 2)}
    places |= {"hour": (11, 2), "minute": (14, 2), "second": (17, 2)}
    without = safe.str.replace_all(_OFFSET, "")
    padded = nw.concat_str([without.str.slice(20), nw.lit("000000")])
    offset = safe.str.to_uppercase().str.replace_all("Z", "+00:00", literal=True).str.tail(6)
    return {
        **{f"_parsed {name}": _digits(safe, *place) for name, place in places.items()},
        "_parsed fraction": padded.str.slice(0, 6).cast(nw.Int64),
        "_parsed west": offset.str.starts_with("-"),
        "_parsed away": _digits(offset, 1, 2) * HOUR_US + _digits(offset, 4, 2) * MINUTE_US,
    }


def _digits(text: nw.Expr, start: int, length: int) -> nw.Expr:
    return text.str.slice(start, length).cast(nw.Int64)


def _march(_: nw.Expr) -> dict[str, nw.Expr]:
    # Years that begin in March, in eras of 400: every quotient is of numbers from 0 on.
    year, month = _part("year"), _part("month")
    is_early = month <= 2  # noqa: PLR2004 - January and February end such a year
    is_leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    february = nw.when(is_leap).then(nw.lit(29)).otherwise(nw.lit(28))
    others = nw.when(month.is_in([4, 6, 9, 11])).then(nw.lit(30)).otherwise(nw.lit(31))
    return {
        "_parsed march_year": nw.when(is_early).then(year - 1).otherwise(year),
        "_parsed march_month": nw.when(is_early).then(month + 9).otherwise(month - 3),
        "_parsed days": nw.when(month == 2).then(february).otherwise(others),  # noqa: PLR2004
    }


def _era(_: nw.Expr) -> dict[str, nw.Expr]:
    year, month = _part("march_year"), _part("march_month")
    return {
        "_parsed era": year // 400,
        "_parsed of_year": (month * 153 + 2) // 5 + _part("day") - 1,
    }


def _of_era(_: nw.Expr) -> dict[str, nw.Expr]:
    return {"_parsed of_era": _part("march_year") - _part("era") * 400}


def _number(_: nw.Expr) -> dict[str, nw.Expr]:
    of_era = _part("of_era")
    before = of_era * 365 + of_era // 4 - of_era // 100
    return {"_parsed number": _part("era") * 146_097 + before + _part("of_year") - 719_468}


def _local(_: nw.Expr) -> dict[str, nw.Expr]:
    clock = _part("hour") * HOUR_US + _part("minute") * MINUTE_US + _part("second") * _SECOND_US
    month, day = _part("month"), _part("day")
    is_real = (
        (_part("year") >= 1)
        & (month >= 1)
        & (month <= 12)  # noqa: PLR2004 - of a year
        & (day >= 1)
        & (day <= _part("days"))
        & (_part("hour") < 24)  # noqa: PLR2004 - of a day
        & (_part("minute") < 60)  # noqa: PLR2004 - of an hour
        & (_part("second") < 60)  # noqa: PLR2004 - of a minute
        & (_part("away") < DAY_US)
    )
    return {
        "_parsed local": _part("number") * DAY_US + clock + _part("fraction"),
        "_parsed real": is_real & nw.col(_FORMED),
    }


def _us(_: nw.Expr) -> dict[str, nw.Expr]:
    local, away = _part("local"), _part("away")
    us = nw.when(_part("west")).then(local + away).otherwise(local - away)
    return {_US: nw.when(_part("real")).then(us)}


_STEPS = (_formed, _safe, _parts, _march, _era, _of_era, _number, _local, _us)
