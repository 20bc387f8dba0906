"""From when tables are looked at."""

import attrs


@attrs.frozen(kw_only=True)
class Moment:
    """From when tables are looked at, in epoch microseconds and integer days.

    Args:
        as_of_us: The instant of judgement.
        known_us: By when a record must have been recorded to count.
        today: The integer day of the instant of judgement.
        offset_us: Where the integer day starts, in microseconds before UTC midnight.
    """

    as_of_us: int
    known_us: int
    today: int
    offset_us: int
