"""A schedule as an iCalendar file, which mail and calendar programs read (extra: `ical`)."""

from typing import TYPE_CHECKING

from nurturekit.answers import Action
from nurturekit.errors import CallError
from nurturekit.schedule import Schedule

if TYPE_CHECKING:
    from icalendar import Event

# How long an entry is shown: a contact has no length of its own. Convention.
SHOWN_MINUTES = 15


def to_ical(schedule: Schedule) -> bytes:
    """Return an iCalendar file (RFC 5545) with an entry per contact of a schedule.

    An entry's UID is its action's id, so that a newer schedule replaces the entries of an older
    one. It names the lead, the content and the sequence by id; nothing else of a person.

    Args:
        schedule: What `Playbook.plan` returned.

    Raises:
        CallError: `missing-extra` where the package `icalendar` isn't installed.
    """
    try:
        from icalendar import Calendar
    except ImportError as error:
        problem = "needs the package `icalendar`: install `nurturekit[ical]`"
        raise CallError("missing-extra", argument="schedule", problem=problem) from error
    calendar = Calendar()
    # RFC 5545, 3.7.3 and 3.7.4: "This property ... MUST be specified once".
    calendar.add("prodid", "-//nurturekit//schedule//EN")
    calendar.add("version", "2.0")
    for action in schedule.actions:
        calendar.add_component(_event(action, schedule))
    written: bytes = calendar.to_ical()
    return written


def _event(action: Action, schedule: Schedule) -> "Event":
    from datetime import timedelta

    from icalendar import Event

    event = Event()
    event.add("uid", f"{action.id}@nurturekit")
    # RFC 5545, 3.8.7.2: when it was made; here the instant of judgement, so that the same schedule
    # gives the same file.
    event.add("dtstamp", schedule.as_of)
    event.add("dtstart", action.earliest)
    event.add("dtend", action.earliest + timedelta(minutes=SHOWN_MINUTES))
    about = " ".join(filter(None, (action.sequence or action.duty, action.content)))
    event.add("summary", f"{action.channel} by {action.team}: {schedule.lead_id} {about}".strip())
    event.add("description", action.because)
    event.add("categories", [str(action.team), str(action.style)])
    # Nobody is busy because a machine sends a mail.
    event.add("transp", "OPAQUE" if action.rep else "TRANSPARENT")
    return event
