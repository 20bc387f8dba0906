"""A cadence: instants at one local time on some days, the same for everybody."""

from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import attrs

from nurturekit.calendars.local import MIDNIGHT, ONE_DAY, at_local, local_date
from nurturekit.calendars.windows import WEEKDAYS
from nurturekit.errors import RecordError, did_you_mean

# A year between two instants, at most.
MOST_WEEKS, MOST_DAYS = 52, 366
EVERY = ("day", "week")


def _texts(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(words)


@attrs.frozen(kw_only=True)
class Cadence:
    """Daily or weekly instants from a date on, at one local time.

    Args:
        every: `day` or `week`.
        interval: Every so many days or weeks, counted from the start.
        on: The weekdays of a weekly one: `mon`, `tue`, ...; that of the start if none is given.
        at: The local time of day, in whole minutes.
        start: The first date that it may hold.

    Raises:
        RecordError: `unknown-word`, `out-of-range`, `bad-weekday`, `not-a-date`, `bad-time`.

    >>> tuesdays = Cadence(every="week", on=["tue"], at=time(9, 30), start=date(2026, 1, 6))
    >>> tuesdays.after(0, ZoneInfo("UTC"), horizon_us=2**51) // 1_000_000
    1767691800
    """

    every: str
    interval: int = 1
    on: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    at: time
    start: date

    def __attrs_post_init__(self) -> None:
        if self.every not in EVERY:
            raise RecordError("unknown-word", field="Cadence.every", problem="must be day or week")
        most = MOST_WEEKS if self.every == "week" else MOST_DAYS
        if type(self.interval) is not int or not 1 <= self.interval <= most:
            raise RecordError(
                "out-of-range",
                field="Cadence.interval",
                problem=f"must be a whole number from 1 to {most}",
            )
        _check_days(self)
        if not _is_minute(self.at):
            raise RecordError(
                "bad-time", field="Cadence.at", problem="must be a local time in whole minutes"
            )
        if not _is_date(self.start):
            raise RecordError("not-a-date", field="Cadence.start", problem="must be a date")

    def after(self, us: int, zone: ZoneInfo, *, horizon_us: int) -> int | None:
        """Return the first instant later than one, None if there is none up to the horizon.

        Args:
            us: The instant, in epoch microseconds.
            zone: Whose local time it is.
            horizon_us: Where to stop looking, itself included.
        """
        # The rule counts dates alone: what a day's clock does is for `at_local` to say.
        day = max(self.start, local_date(us, zone) - ONE_DAY)
        while (found := self._date_from(day)) is not None:
            instant = at_local(found, self.at, zone, bound="start")
            if instant > horizon_us:
                return None
            if instant > us:
                return instant
            day = found + ONE_DAY
        return None

    def _date_from(self, day: date) -> date | None:
        from dateutil import rrule

        # The rule would walk from the start; it is asked from the last whole interval before.
        is_weekly = self.every == "week"
        length = self.interval * (7 if is_weekly else 1)
        base = self.start - self.start.weekday() * ONE_DAY if is_weekly else self.start
        begin = max(self.start, base + (day - base).days // length * length * ONE_DAY)
        days = {"byweekday": [WEEKDAYS.index(name) for name in self._weekdays]}
        rule = rrule.rrule(
            rrule.WEEKLY if is_weekly else rrule.DAILY,
            dtstart=datetime.combine(begin, MIDNIGHT),
            interval=self.interval,
            wkst=rrule.MO,
            until=datetime.combine(begin + 2 * length * ONE_DAY, MIDNIGHT),
            **(days if is_weekly else {}),
        )
        found: datetime | None = rule.after(datetime.combine(day, MIDNIGHT), inc=True)
        return None if found is None else found.date()

    @property
    def _weekdays(self) -> tuple[str, ...]:
        return self.on or (WEEKDAYS[self.start.weekday()],)


def _is_date(day: object) -> bool:
    return isinstance(day, date) and not isinstance(day, datetime)


def _is_minute(at: object) -> bool:
    return type(at) is time and at.tzinfo is None and not (at.second or at.microsecond)


def _check_days(cadence: Cadence) -> None:
    if cadence.on and cadence.every != "week":
        raise RecordError("bad-weekday", field="Cadence.on", problem="is for a weekly cadence only")
    for name in cadence.on:
        if name not in WEEKDAYS:
            listed = ", ".join(WEEKDAYS)
            raise RecordError(
                "bad-weekday",
                field="Cadence.on",
                problem=f"must name days from {listed}{did_you_mean(str(name), WEEKDAYS)}",
            )
    if len(set(cadence.on)) < len(cadence.on):
        raise RecordError("bad-weekday", field="Cadence.on", problem="must name each day once")
