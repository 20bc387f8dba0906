"""RFC 3339 texts as epoch microseconds, in whole-number arithmetic that every engine does alike.

No engine's own date functions take part: they differ in what they accept and in which zone they
read it. What is accepted is what `nurturekit.instants.parse_instant` accepts.
"""

import narwhals as nw

from nurturekit.instants import DAY_US, HOUR_US, MINUTE_US

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


def epoch_us(text: nw.Expr) -> nw.Expr:
    """Return the epoch microseconds of RFC 3339 texts, null for what names no instant."""
    # `$` also matches before a last newline, in some engines.
    is_formed = text.str.contains(_RFC_3339) & ~text.str.contains("\n", literal=True)
    safe = nw.when(is_formed).then(text).otherwise(nw.lit(_FIRST))
    year, month, day = _digits(safe, 0, 4), _digits(safe, 5, 2), _digits(safe, 8, 2)
    hour, minute, second = _digits(safe, 11, 2), _digits(safe, 14, 2), _digits(safe, 17, 2)
    offset = safe.str.to_uppercase().str.replace_all("Z", "+00:00", literal=True).str.tail(6)
    away = _digits(offset, 1, 2) * HOUR_US + _digits(offset, 4, 2) * MINUTE_US
    is_west = offset.str.starts_with("-")
    is_real = (
        (year >= 1)
        & (month >= 1)
        & (month <= 12)  # noqa: PLR2004 - of a year
        & (day >= 1)
        & (day <= _days_in(year, month))
        & (hour < 24)  # noqa: PLR2004 - of a day
        & (minute < 60)  # noqa: PLR2004 - of an hour
        & (second < 60)  # noqa: PLR2004 - of a minute
        & (away < DAY_US)
    )
    local = (
        _days_since_epoch(year, month, day) * DAY_US
        + hour * HOUR_US
        + minute * MINUTE_US
        + second * _SECOND_US
        + _fraction(safe)
    )
    us = nw.when(is_west).then(local + away).otherwise(local - away)
    return nw.when(is_formed & is_real).then(us)


def _digits(text: nw.Expr, start: int, length: int) -> nw.Expr:
    return text.str.slice(start, length).cast(nw.Int64)


def _fraction(text: nw.Expr) -> nw.Expr:
    without = text.str.replace_all(_OFFSET, "")
    padded = nw.concat_str([without.str.slice(20), nw.lit("000000")])
    return padded.str.slice(0, 6).cast(nw.Int64)


def _days_in(year: nw.Expr, month: nw.Expr) -> nw.Expr:
    is_leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    february = nw.when(is_leap).then(nw.lit(29)).otherwise(nw.lit(28))
    others = nw.when(month.is_in([4, 6, 9, 11])).then(nw.lit(30)).otherwise(nw.lit(31))
    return nw.when(month == 2).then(february).otherwise(others)  # noqa: PLR2004 - February


def _days_since_epoch(year: nw.Expr, month: nw.Expr, day: nw.Expr) -> nw.Expr:
    # Years that begin in March, in eras of 400: every quotient is of numbers from 0 on.
    is_early = month <= 2  # noqa: PLR2004 - January and February end such a year
    march_year = nw.when(is_early).then(year - 1).otherwise(year)
    march_month = nw.when(is_early).then(month + 9).otherwise(month - 3)
    era = march_year // 400
    of_era = march_year - era * 400
    of_year = (march_month * 153 + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468
