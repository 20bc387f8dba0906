"""Hours that never open together, and caps that leave no room for a sequence's own rhythm."""

from collections.abc import Iterator

from nurturekit.calendars import ContactHours, Window
from nurturekit.guards.caps import DROP, UNDIRECTED, Cap
from nurturekit.instants import DAY_US, HOUR_US
from nurturekit.lint.draft import Draft
from nurturekit.lint.findings import ERROR, WARNING, Finding
from nurturekit.lint.paths import Paths, most_days
from nurturekit.lint.rhythm import key_of, within
from nurturekit.lint.sequences import path_of
from nurturekit.planning import Sequence, Step
from nurturekit.vocabulary import Style

_DAY_MINUTES = 24 * 60
_WEEK_MINUTES = 7 * _DAY_MINUTES


def never_opens(draft: Draft) -> Iterator[Finding]:
    """Yield the sequences whose own hours lie outside those of a channel they take."""
    hours = draft.playbook.guards.hours
    for paths in draft.paths:
        sequence = paths.sequence
        if sequence.send is None:
            continue
        channels = dict.fromkeys(step.channel for _, step in paths.reached())
        closed = [
            channel
            for channel in channels
            if channel in hours and not _minutes(sequence.send) & _minutes(hours[channel])
        ]
        for channel in closed:
            yield Finding(
                code="never-opens",
                path=path_of(sequence, "send"),
                problem=f"never opens together with the hours of {channel} in the guards",
                remedy="let both open on some weekday at one hour",
            )


def _minutes(hours: ContactHours) -> frozenset[int]:
    """Return the local minutes of a week, from Monday on, at which hours are open."""
    return frozenset(
        minute % _WEEK_MINUTES
        for window in hours.windows
        for day in window.days
        for minute in range(*_span(window, day * _DAY_MINUTES))
    )


def _span(window: Window, midnight: int) -> tuple[int, int]:
    start = window.start.hour * 60 + window.start.minute
    end = window.end.hour * 60 + window.end.minute + window.overnight * _DAY_MINUTES
    return midnight + start, midnight + end


def capped_out(draft: Draft) -> Iterator[Finding]:
    """Yield the steps that fall due more often than a cap allows, whatever else is sent.

    A step that repeats can't keep its rhythm; one that a cap drops is refused when it falls due.
    """
    for paths in draft.paths:
        found: dict[str, Finding] = {}
        for limit in draft.playbook.guards.limits:
            for place, finding in _over(paths, limit):
                found.setdefault(place, finding)
        yield from found.values()


def _over(paths: Paths, limit: Cap) -> Iterator[tuple[str, Finding]]:
    spans = _spans(paths, limit)
    for index, step in paths.reached():
        if not _counts(limit, paths.sequence, step):
            continue
        is_dropped = limit.then == DROP and step.style is not Style.ONE_TO_ONE
        place = f"steps[{step.id}]"
        if step.repeats and within(step, limit.at_most) * DAY_US < limit.window_us:
            place = f"{place}.{key_of(step)}"
            problem = f"can't be kept under `{limit.name}`"
        elif is_dropped and spans[index].get(limit.at_most + 1, limit.window_us) < limit.window_us:
            problem = f"is one contact too many for `{limit.name}` when it falls due"
        else:
            continue
        yield (
            place,
            Finding(
                code="capped-out",
                path=path_of(paths.sequence, place),
                problem=f"{problem} ({limit.at_most} in {_told(limit)}, then {limit.then})",
                remedy="let more time pass, or raise the cap",
                level=ERROR if is_dropped else WARNING,
            ),
        )


def _told(limit: Cap) -> str:
    hours, days = limit.window_us // HOUR_US, limit.window_us // DAY_US
    return f"{days} days" if limit.window_us % DAY_US == 0 else f"{hours} hours"


def _counts(limit: Cap, sequence: Sequence, step: Step) -> bool:
    if step.channel in UNDIRECTED:
        return False
    return limit.counts(step.channel, step.team or sequence.team, step.style)


def _spans(paths: Paths, limit: Cap) -> list[dict[int, int]]:
    """Return, by index and number of contacts, within how little time a path makes so many.

    In microseconds up to that index, if each is made when due and every wait takes as long as it
    can; no entry where no path makes so many, or a wait has no end that is known.
    """
    spans: list[dict[int, int]] = []
    for index, step in enumerate(paths.sequence.steps):
        wait = most_days(step)
        held: dict[int, int] = {}
        for start in paths.before(index) if wait is not None else ():
            for count, us in spans[start].items():
                longer = us + (wait or 0) * DAY_US
                held[count] = min(longer, held.get(count, longer))
        if isinstance(step, Step) and _counts(limit, paths.sequence, step):
            held = {1: 0} | {count + 1: us for count, us in held.items()}
        spans.append(held)
    return spans
