"""Weights and numbers of leads: exact decimals, rounded half up to whole leads at the end.

CLOSED. To add one: a converter here, and its field in `records.reps`.
"""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from nurturekit.errors import RecordError
from nurturekit.records.checks import MAX_VALUE

MAX_WEIGHT = 1_000
_THOUSANDTH = Decimal("0.001")


def _number(value: object, *, field: str) -> Decimal:
    """Return a finite number exactly: a float is what it is written as."""
    if isinstance(value, int | float | Decimal | str) and not isinstance(value, bool):
        try:
            number = Decimal(str(value) if isinstance(value, float) else value)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite() and abs(number) <= MAX_VALUE:
            return number
    raise RecordError(
        "not-a-number", field=field, problem=f"must be a finite number up to {MAX_VALUE:,}"
    )


def weight_of(value: object) -> Decimal:
    """Return a checked weight.

    Raises:
        RecordError: `bad-weight`, `not-a-number`.
    """
    weight = _number(value, field="Rep.weight")
    if not _THOUSANDTH <= weight <= MAX_WEIGHT or weight % _THOUSANDTH:
        raise RecordError(
            "bad-weight",
            field="Rep.weight",
            problem=f"must be above 0, up to {MAX_WEIGHT:,}, with three decimals at most; "
            "a rep who takes no leads is `active=False`",
        )
    return weight


def _capacity(value: object, *, field: str) -> Decimal | None:
    if value is None:
        return None
    number = _number(value, field=field)
    if number < 0:
        raise RecordError("negative-capacity", field=field, problem="can't be below 0 leads")
    return number


def rep_per_day(value: object) -> Decimal | None:
    """Return a checked number of leads."""
    return _capacity(value, field="Rep.per_day")


def rep_max_open(value: object) -> Decimal | None:
    """Return a checked number of leads."""
    return _capacity(value, field="Rep.max_open")


def pool_per_day(value: object) -> Decimal | None:
    """Return a checked number of leads."""
    return _capacity(value, field="Pool.per_day")


def pool_max_open(value: object) -> Decimal | None:
    """Return a checked number of leads."""
    return _capacity(value, field="Pool.max_open")


def whole_leads(number: Decimal) -> int:
    """Return a capacity as a number of leads, rounded half up."""
    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))
