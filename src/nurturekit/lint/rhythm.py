"""How often a step that repeats comes: distances in days that follow each other over and over."""

from nurturekit.calendars.windows import WEEKDAYS
from nurturekit.planning import Step

_WEEK = 7


def distances(step: Step) -> tuple[int, ...]:
    """Return the days from one repetition to the next, in turn; none for a step without any."""
    cadence = step.cadence
    if cadence is None:
        return () if step.repeat_every_days is None else (step.repeat_every_days,)
    if cadence.every == "day":
        return (cadence.interval,)
    days = sorted(WEEKDAYS.index(name) for name in cadence.on) or [cadence.start.weekday()]
    again = [*days[1:], days[0] + cadence.interval * _WEEK]
    return tuple(after - day for day, after in zip(days, again, strict=True))


def key_of(step: Step) -> str:
    """Return the key that says how often a step comes again."""
    return "repeat_every_days" if step.cadence is None else "cadence"


def within(step: Step, count: int) -> int:
    """Return the fewest days in which so many further repetitions follow one.

    The step must repeat.
    """
    return min(_sums(step, count))


def beyond(step: Step, count: int) -> int:
    """Return the most days in which so many further repetitions follow one; likewise."""
    return max(_sums(step, count))


def _sums(step: Step, count: int) -> list[int]:
    turn = distances(step)
    rounds, rest = divmod(count, len(turn))
    # Whichever comes first, the rounds are whole; what is left over differs.
    return [
        rounds * sum(turn) + sum((turn * 2)[start : start + rest]) for start in range(len(turn))
    ]
