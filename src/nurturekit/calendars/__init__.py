"""Local time: zones, the windows of a week, business time, calendar months.

CLOSED. The only package that knows local time; everywhere else an instant is UTC. Rules:

- Windows are half-open, [start, end), and belong to the local date on which they start.
- A bound in a gap (clocks going forward) is the first instant after it. In a fold (clocks going
  back) a start reads late and an end early: what is open is open by either reading, and a window
  may be empty.
- A holiday closes its whole local date, and every window that would start on it.
"""

from nurturekit.calendars.cadence import Cadence
from nurturekit.calendars.hours import BusinessHours, ContactHours
from nurturekit.calendars.local import add_months, at_local, local_date, zone_named
from nurturekit.calendars.windows import Window

__all__ = [
    "BusinessHours",
    "Cadence",
    "ContactHours",
    "Window",
    "add_months",
    "at_local",
    "local_date",
    "zone_named",
]
