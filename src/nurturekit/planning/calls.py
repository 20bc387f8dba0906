"""What the next call is worth after so many in a row that met nobody (S4-3)."""

from collections.abc import Iterable

import attrs

from nurturekit.errors import ModelError

# Of a first call's value, after 0, 1, 2, ... calls in vain. The shape is that of UCI Bank Marketing
# (Moro, Cortez, Rita 2014): 5.6 % of first calls sold, 4.4 % of third, 2.4 % of fifth, 1.0 % of
# eighth ones. Campaigns to consumers, observational: an example value.
CALL_VALUES = (100, 92, 79, 58, 43, 40, 28, 17)
# Inference: two calls in vain, and phone gives way.
LEAST_CALL_VALUE = 80
WHOLE = 100


def percents(values: Iterable[int]) -> tuple[int, ...]:
    """Return values as they are kept; `CallValues` checks them."""
    return tuple(values)


@attrs.frozen(kw_only=True)
class CallValues:
    """The falling value of calls that meet nobody.

    Args:
        values: Per cent of a first call's value, by how many calls in a row met nobody before; the
            last goes on for all that follow.
        least: Per cent from which phone is still a first choice.

    Raises:
        ModelError: `bad-call-values` or `out-of-range`.

    >>> usual = CallValues()
    >>> [usual.after(unanswered) for unanswered in (0, 2, 30)]
    [100, 79, 17]
    >>> usual.is_worth_it(1), usual.is_worth_it(2)
    (True, False)
    """

    values: tuple[int, ...] = attrs.field(default=CALL_VALUES, converter=percents)
    least: int = LEAST_CALL_VALUE

    def __attrs_post_init__(self) -> None:
        is_known = bool(self.values) and all(map(_is_percent, self.values))
        if not is_known or self.values[0] != WHOLE or list(self.values) != _falling(self.values):
            raise ModelError(
                "bad-call-values",
                path="call_values",
                problem="must be whole numbers from 0 to 100 that begin with 100 and never rise",
            )
        if not _is_percent(self.least):
            raise ModelError(
                "out-of-range",
                path="least_call_value",
                problem="must be a whole number from 0 to 100",
            )

    def after(self, unanswered: int) -> int:
        """Return the next call's value, in per cent, after so many in a row that met nobody."""
        return self.values[min(unanswered, len(self.values) - 1)]

    def is_worth_it(self, unanswered: int) -> bool:
        """Say whether phone is still a first choice."""
        return self.after(unanswered) >= self.least


def _is_percent(value: object) -> bool:
    return type(value) is int and 0 <= value <= WHOLE


def _falling(values: tuple[int, ...]) -> list[int]:
    return sorted(values, reverse=True)
