"""`[guards]`: the profile of what may happen to a person at all."""

from typing import Any

from nurturekit.calendars import ContactHours, Window
from nurturekit.documents.places import BAD, Place
from nurturekit.documents.shapes import DAY, TEXT, WHOLE, ListOf, MapOf, Parsed, SetOf, Word
from nurturekit.documents.tables import Field, Table
from nurturekit.errors import RecordError
from nurturekit.guards import Cap, GuardProfile
from nurturekit.vocabulary import Channel, Style, Team

TEXTS = ListOf(TEXT)
WINDOW = Parsed(TEXT, Window.parse, lambda window: window.text)
WINDOWS = ListOf(WINDOW)

CONTACT_HOURS = Table(
    ContactHours,
    (
        Field("windows", WINDOWS, required=True),
        Field("holidays", ListOf(DAY)),
    ),
)


class Hours:
    """Hours of contact: one window, a list of them, or a table that has holidays too."""

    def read(self, node: Any, place: Place) -> Any:  # noqa: ANN401 - the JSON border
        """Return the contact hours."""
        if isinstance(node, dict):
            return CONTACT_HOURS.read(node, place)
        windows = (WINDOW if isinstance(node, str) else WINDOWS).read(node, place)
        if windows is BAD:
            return BAD
        try:
            return ContactHours(windows=windows)
        except RecordError as error:
            return place.report_error(error, ())

    def write(self, value: ContactHours) -> Any:  # noqa: ANN401 - the JSON border
        """Return a list, or a table where there are holidays."""
        return CONTACT_HOURS.write(value) if value.holidays else WINDOWS.write(value.windows)


CAP = Table(
    Cap,
    (
        Field("name", TEXT, required=True),
        Field("at_most", WHOLE, required=True),
        Field("window_hours", WHOLE),
        Field("window_days", WHOLE),
        Field("calendar_days", WHOLE),
        Field("scope", TEXT),
        Field("channel", Word(Channel)),
        Field("team", Word(Team)),
        Field("styles", SetOf(Word(Style))),
        Field("tag", TEXT),
        Field("then", TEXT),
        Field("source", TEXT),
    ),
)

GUARDS = Table(
    GuardProfile,
    (
        Field("name", TEXT, required=True),
        Field("dated", DAY, required=True),
        Field("hours", MapOf(Word(Channel), Hours())),
        Field("caps", ListOf(CAP)),
        Field("minimum_gap_hours", WHOLE),
        Field("horizon_days", WHOLE),
        Field("complaints_warn_per_million", WHOLE),
        Field("complaints_stop_per_million", WHOLE),
        Field("sources", TEXTS),
    ),
)
