"""A calendar that counts minutes: the guards' rules in brute force, to hold the library against.

Nothing here imports the library. Time is whole minutes since 1970 (UTC); what a clock shows is
whole minutes since a 1 January 1970 on that clock. A window is (weekdays, start, end) in minutes of
the day; one that doesn't end after it starts ends on the next day. The rules:

- A window belongs to the local date on which it starts, and is half-open. A bound that the clock
  shows twice reads late for a start and early for an end; one that it never shows is the first
  minute after it.
- A holiday is shut, no window starts on it, and one of the night before ends at its midnight.
- A contact fits a cap at a minute if no minute's window with the contact in it holds too many;
  one of calendar days, if no such stretch of local dates does, in each zone.
- An action may have windows of its own: then both must be open. Where a person may be in one of
  several zones, a minute is open if it is so in each.
- An action comes to lie at the first minute, from the wanted one on, that is open and fits. Where
  a cap that advances would move it on, it is the last one before that, if there is one.
"""

from array import array
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, reduce
from itertools import pairwise
from operator import and_
from typing import NamedTuple
from zoneinfo import ZoneInfo

HOUR, DAY, WEEK = 60, 1440, 7 * 1440
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Further from UTC than any clock: where to look for a minute by what the clock shows at it.
FAR = 16 * HOUR
# On these nobody is contacted in person: neither caps nor the gap see them.
IN_NO_PERSON = ("ads", "web")
PLACED = ("allowed", "advanced")
PLUS_ONE = bytes(min(count + 1, 255) for count in range(256))


def offset(zone, minute):
    """Return by how many minutes a zone's clock is ahead of UTC."""
    instant = EPOCH + timedelta(minutes=minute)
    ahead = instant.astimezone(ZoneInfo(zone)).utcoffset()
    assert ahead.seconds % 60 == 0, f"{zone} shows seconds of its own"
    return ahead // timedelta(minutes=1)


def changes(zone, first, last):
    """Yield the minutes from which a zone's clock has another offset, the latest first."""
    for day in range(last, first, -DAY):
        if offset(zone, day - DAY) != offset(zone, day):
            after = offset(zone, day)
            yield next(
                at + 1 for at in range(day - 1, day - DAY - 1, -1) if offset(zone, at) != after
            )


def label(day, minute=0):
    """Return what a clock shows at a minute of a date."""
    return (day - date(1970, 1, 1)).days * DAY + minute


def day_of(shown):
    """Return the date of what a clock shows."""
    return date(1970, 1, 1) + timedelta(days=shown // DAY)


@lru_cache(maxsize=128)
def _week(zone, number, every_minute):
    shown = array("q")
    hours = range(number * WEEK, (number + 1) * WEEK + 1, HOUR)
    for (hour, ahead), (_, after) in pairwise((hour, offset(zone, hour)) for hour in hours):
        # No clock changes twice within an hour.
        if not every_minute and ahead == after:
            shown.extend(range(hour + ahead, hour + HOUR + ahead))
        else:
            shown.extend(at + offset(zone, at) for at in range(hour, hour + HOUR))
    return shown


class Clock:
    """What a zone's clock shows at every minute of a stretch.

    Args:
        zone: The zone's name.
        first: The first minute of the stretch.
        last: The last one; the clock goes on for some days on both sides.
        every_minute: Whether to ask the zone at every minute, not only in hours with a change.
    """

    def __init__(self, zone, first, last, *, every_minute=False):
        self.first, self.last = first, last
        weeks = range((first - 4 * DAY) // WEEK, (last + 4 * DAY) // WEEK + 1)
        self.origin = weeks.start * WEEK
        self.shown = array("q")
        for number in weeks:
            self.shown.extend(_week(zone, number, every_minute))

    def at(self, minute):
        """Return what the clock shows at a minute."""
        return self.shown[minute - self.origin]

    def _showing(self, shown):
        low, high = shown - FAR - self.origin, shown + FAR - self.origin
        found = []
        while True:
            try:
                low = self.shown.index(shown, low, high)
            except ValueError:
                return found
            found.append(low + self.origin)
            low += 1

    def _from(self, shown):
        return next(at for at in range(shown - FAR, shown + 3 * FAR) if self.at(at) >= shown)

    def start(self, shown):
        """Return the minute from which something is open that starts at what the clock shows."""
        found = self._showing(shown)
        return found[-1] if found else self._from(shown)

    def end(self, shown):
        """Return the minute from which something is shut that ends at what the clock shows."""
        found = self._showing(shown)
        return found[0] if found else self._from(shown)

    def dates(self):
        """Return the dates on which a window may start that reaches into the stretch."""
        first = day_of(self.at(self.first)) - timedelta(days=2)
        return [first + timedelta(days=step) for step in range((self.last - self.first) // DAY + 4)]

    def hours(self, windows, holidays=()):
        """Return one byte for each minute of the stretch: 1 where it is open."""
        marks = bytearray(len(self.shown))
        for day in self.dates():
            for start, end in self._spans(day, windows, holidays):
                for at in range(start - self.origin, end - self.origin):
                    marks[at] = 1
        for day in holidays:
            for at in self.showing_date(label(day) // DAY):
                marks[at - self.origin] = 0
        return bytes(marks[self.first - self.origin : self.last + 1 - self.origin])

    def showing_date(self, number):
        """Return the minutes at which the clock shows a date, given by its number."""
        first, last = self.origin, self.origin + len(self.shown)
        near = range(max(number * DAY - FAR, first), min((number + 1) * DAY + FAR, last))
        return [at for at in near if self.at(at) // DAY == number]

    def _spans(self, day, windows, holidays):
        tomorrow = day + timedelta(days=1)
        for days, start, end in windows:
            if day.weekday() not in days or day in holidays:
                continue
            last = label(day, end)
            if end <= start:
                last = label(tomorrow, 0 if tomorrow in holidays else end)
            yield self.start(label(day, start)), self.end(last)


def open_in_all(hours):
    """Return one byte for each minute: 1 where each of several hours is open; None without any."""
    each = [int.from_bytes(one, "big") for one in hours]
    return reduce(and_, each).to_bytes(len(hours[0]), "big") if each else None


class Contact(NamedTuple):
    """A contact with a person, past or planned; what isn't known of it is None."""

    minute: int
    channel: str | None
    team: str | None
    style: str | None
    planned: bool


class Cap(NamedTuple):
    """At most so many contacts within so many minutes, or so many local dates."""

    at_most: int
    window: int
    dates: int = 0
    channel: str | None = None
    team: str | None = None
    styles: tuple[str, ...] | None = None
    then: str = "defer"

    def counts(self, contact):
        """Say whether a contact counts; what isn't known of one counts."""
        return (
            contact.channel not in IN_NO_PERSON
            and (self.channel is None or contact.channel in (None, self.channel))
            and (self.team is None or contact.team in (None, self.team))
            and (self.styles is None or contact.style is None or contact.style in self.styles)
        )

    def held(self, contacts, first, last):
        """Return for each minute how many contacts its window (minute - window, minute] holds."""
        counts = bytearray(last + 1 - first)
        for contact in contacts:
            if self.counts(contact):
                low = min(max(contact.minute - first, 0), len(counts))
                high = min(max(contact.minute + self.window - first, 0), len(counts))
                counts[low:high] = counts[low:high].translate(PLUS_ONE)
        return counts

    def full(self, contacts, first, last, clocks):
        """Yield (marks, minutes): a contact must not lie up to so many minutes before a mark."""
        if not self.dates:
            counts = self.held(contacts, first, last + self.window)
            yield (
                counts.translate(bytes(count >= self.at_most for count in range(256))),
                self.window,
            )
            return
        for clock in clocks:
            held = self.held_by_date(contacts, clock)
            full = {
                end - back
                for end, count in held.items()
                if count >= self.at_most
                for back in range(self.dates)
            }
            marks = bytearray(last + 1 - first)
            for at in (at for number in full for at in clock.showing_date(number)):
                if first <= at <= last:
                    marks[at - first] = 1
            yield marks, 1

    def held_by_date(self, contacts, clock):
        """Return how many contacts each stretch of dates holds, by the number of its last date."""
        return Counter(
            clock.at(one.minute) // DAY + later
            for one in contacts
            if self.counts(one)
            for later in range(self.dates)
        )


class Wanted(NamedTuple):
    """A planned action: who does what from which minute on, in which windows, how it yields."""

    id: str
    minute: int
    channel: str
    team: str
    style: str
    priority: int
    rank: int
    own: tuple = ()

    @property
    def turn(self):
        """What decides who is placed first."""
        return self.priority, -self.rank, self.minute, self.id

    def contact(self, minute):
        """Return what it is once it is placed."""
        return Contact(minute, self.channel, self.team, self.style, planned=True)


class Rules(NamedTuple):
    """What holds for one person: each action's open minutes, caps with the gap first, a horizon.

    Args:
        first: The minute of the first byte of each of `hours`.
        last: The minute of the last one: nobody looks further.
        hours: By the action's id, from `open_in_all`; None is open always.
        clocks: What the clock shows in each zone in which the person may be.
        caps: The caps, the gap among them.
        horizon: Minutes that an action may wait.
    """

    first: int
    last: int
    hours: dict[str, bytes | None]
    clocks: list[Clock]
    caps: list[Cap]
    horizon: int

    def place(self, now, contacts, wanted):
        """Place actions one after another: by id (a word of `PLACED` or a refusal, the minute).

        Of a refusal the minute is the first that would do, None where nobody looks any more.
        """
        contacts, answers = list(contacts), {}
        for one in sorted(wanted, key=lambda one: one.turn):
            answers[one.id] = word, minute = self._place(now, contacts, one)
            if word in PLACED:
                contacts.append(one.contact(minute))
        return answers

    def _place(self, now, contacts, one):
        start, hours = max(now, one.minute), self.hours[one.id]
        caps = [cap for cap in self.caps if cap.counts(one.contact(start))]
        # What a person does in person is only ever deferred.
        of = {then: [] for then in ("defer", "drop", "advance")}
        for cap in caps:
            of["defer" if one.style == "one_to_one" else cap.then].append(cap)
        dropped = self._dropped(start, contacts, of["drop"])
        if dropped:
            return dropped
        found = self._first(start, contacts, of["defer"] + of["advance"], hours)
        if of["advance"] and found != self._first(start, contacts, of["defer"], hours):
            earlier = self._last(now, one.minute, self._full(contacts, caps), hours)
            if earlier is not None:
                return "advanced", earlier
        if found is None or found > start + self.horizon:
            opens = self._first(start, contacts, [], hours)
            shut = opens is None or opens > start + self.horizon
            return ("never-open" if shut else "capped"), found
        return self._dropped(found, contacts, of["drop"]) or ("allowed", found)

    def _dropped(self, minute, contacts, drops):
        for cap in drops:
            free = self._first(minute, contacts, [cap], None)
            if free != minute:
                return "capped", free
        return None

    def _full(self, contacts, caps):
        return [
            found
            for cap in caps
            for found in cap.full(contacts, self.first, self.last, self.clocks)
        ]

    def _first(self, start, contacts, caps, hours):
        full = self._full(contacts, caps)
        at, end = start - self.first, self.last - self.first
        while at <= end:
            if hours is not None and not hours[at]:
                at = hours.find(1, at)
                if at < 0:
                    return None
            marks = [found.rfind(1, at, at + length) for found, length in full]
            if max(marks, default=-1) < 0:
                return at + self.first
            # No minute up to the mark will do.
            at = max(marks) + 1
        return None

    def _last(self, now, wanted, full, hours):
        for at in range(wanted - self.first, now - self.first - 1, -1):
            is_open = hours is None or hours[at]
            if is_open and all(found.find(1, at, at + length) < 0 for found, length in full):
                return at + self.first
        return None
