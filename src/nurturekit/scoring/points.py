"""Points as integers: read once into milli-points, and rounded in one way only.

No float takes part in a score: a float that an author wrote is read by its shortest decimal form.
"""

from decimal import Decimal

from nurturekit.errors import ModelError

MILLI = 1000
MAX_POINTS = 1_000
MAX_CAP = 1_000_000


def to_milli(value: object, *, path: str, limit: int = MAX_CAP) -> int:
    """Return points as milli-points, exactly.

    Args:
        value: Points as an int, Decimal or float.
        path: Where they stand, for the error.
        limit: The greatest absolute value in points.

    Raises:
        ModelError: `not-a-number`, `out-of-range`, or `too-precise` beyond three decimals.

    >>> to_milli(2.675, path="points")
    2675
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ModelError("not-a-number", path=path, problem="must be a number")
    exact = Decimal(float.__repr__(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise ModelError("not-a-number", path=path, problem="must be a finite number")
    if abs(exact) > limit:
        raise ModelError("out-of-range", path=path, problem=f"must lie within {limit:,} of zero")
    milli = exact.scaleb(3)
    if milli != int(milli):
        raise ModelError("too-precise", path=path, problem="must have at most three decimals")
    return int(milli)


def in_points(milli: int) -> int | float:
    """Return milli-points as points: an int where they are whole.

    >>> in_points(15_000), in_points(2_675)
    (15, 2.675)
    """
    return milli // MILLI if milli % MILLI == 0 else milli / MILLI


def whole(value: object, *, path: str, low: int, high: int) -> int:
    """Return a whole number within bounds.

    Raises:
        ModelError: `not-a-number` or `out-of-range`.
    """
    if type(value) is not int:
        raise ModelError("not-a-number", path=path, problem="must be a whole number")
    if not low <= value <= high:
        raise ModelError(
            "out-of-range", path=path, problem=f"must lie between {low:,} and {high:,}"
        )
    return value


def weighted(milli: int, permille: int) -> int:
    """Return the weighted milli-points, rounded half away from zero.

    >>> weighted(-5, 500)
    -3
    """
    size = (2 * abs(milli) * permille + MILLI) // (2 * MILLI)
    return size if milli >= 0 else -size


def clamp(value: int, low: int | None, high: int | None) -> int:
    """Return the value within the limits that there are."""
    if low is not None and value < low:
        return low
    if high is not None and value > high:
        return high
    return value
