"""The touch: something that happened between us and the lead."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from operator import itemgetter

import attrs

from nurturekit.errors import RecordError
from nurturekit.records.checks import check_id, check_number, check_word
from nurturekit.records.fields import check_date, derived, is_id, set_times
from nurturekit.records.words import CHANNELS, DIRECTIONS, ORIGINS, OUTCOMES, STYLES
from nurturekit.vocabulary import Channel, Direction, Origin, Outcome, Style

# Members looked up once: reading one from its class costs more than comparing with it.
_INBOUND, _OUTBOUND, _LEAD = Direction.INBOUND, Direction.OUTBOUND, Origin.LEAD

# Fields of a touch that hold ids or short texts.
_TOUCH_TEXTS = (
    "person_id",
    "rep",
    "asset",
    "topic",
    "campaign",
    "sequence",
    "run",
    "step",
)
# Fields of a touch that hold a word of a closed vocabulary.
_TOUCH_WORDS: tuple[tuple[str, Mapping[str, StrEnum]], ...] = (
    ("channel", CHANNELS),
    ("direction", DIRECTIONS),
    ("style", STYLES),
    ("outcome", OUTCOMES),
)
# The other fields that most touches leave as they are: one comparison tells.
_touch_rest = itemgetter(*_TOUCH_TEXTS, "value", "next_attempt_on", "revision")
_NO_REST = (*(None for _ in _TOUCH_TEXTS), None, None, 0)


@attrs.frozen(kw_only=True, slots=False)
class Touch:
    """Something that happened between us and the lead.

    Args:
        id: 1 to 256 printable characters; the same id is the same touch.
        lead_id: Whose touch it is.
        occurred_at: When it happened, aware.
        recorded_at: When it was written down; when it happened, if not given.
        origin: Who made it; by default the lead (inbound), a playbook (automated) or a person.
        kind: What happened, an open name described in the playbook: `pricing_viewed`.
        channel: The way it took.
        direction: Inbound or outbound; the playbook's description of the kind fills it in.
        style: Mass, automated or one-to-one.
        automated: Made by a machine; an inbound one is a bot, a machine open or a mail scanner.
        person_id: The person of the account who took part.
        rep: The id of our person who took part.
        asset: The content's id or the template's.
        topic: What it was about.
        campaign: The campaign it belongs to.
        sequence: The sequence that made it, with `run` and `step`.
        outcome: What came of it.
        next_attempt_on: The date agreed for the next attempt.
        value: A measure in the kind's own unit (minutes on the site), within 1,000,000 of zero.
        revision: Of two versions with one id the higher one counts.

    Raises:
        RecordError: Naming the field.
    """

    id: str
    lead_id: str
    occurred_at: datetime
    kind: str
    recorded_at: datetime | None = None
    origin: Origin | str | None = None
    channel: Channel | str | None = None
    direction: Direction | str | None = None
    style: Style | str | None = None
    automated: bool = False
    person_id: str | None = None
    rep: str | None = None
    asset: str | None = None
    topic: str | None = None
    campaign: str | None = None
    sequence: str | None = None
    run: str | None = None
    step: str | None = None
    outcome: Outcome | str | None = None
    next_attempt_on: date | None = None
    value: float | None = None
    revision: int = 0
    occurred_us: int = derived()
    recorded_us: int = derived()

    def __attrs_post_init__(self) -> None:
        fields = self.__dict__
        set_times(self, "Touch")
        if not is_id(fields["kind"]):
            check_id(fields["kind"], field="Touch.kind")
        for name, words in _TOUCH_WORDS:
            value = fields[name]
            if value is not None:
                known = words.get(value) if type(value) is str else None
                fields[name] = known or check_word(value, words, field=f"Touch.{name}")
        if fields["origin"] is not None or fields["direction"] is not _INBOUND:
            fields["origin"] = _touch_origin(self)
        else:
            fields["origin"] = _LEAD
        plain = fields["automated"] is False and type(fields["revision"]) is int
        if not plain or _touch_rest(fields) != _NO_REST:
            _check_rest(self)


def _touch_origin(touch: Touch) -> Origin:
    if touch.origin is not None:
        return check_word(touch.origin, ORIGINS, field="Touch.origin")
    if touch.direction is _OUTBOUND or (touch.direction is None and touch.rep):
        return Origin.PLAYBOOK if touch.automated else Origin.PERSON
    return _LEAD


def _check_rest(touch: Touch) -> None:
    for name in _TOUCH_TEXTS:
        value = getattr(touch, name)
        if value is not None:
            check_id(value, field=f"Touch.{name}")
    if touch.value is not None:
        touch.__dict__["value"] = check_number(touch.value, field="Touch.value")
    if type(touch.automated) is not bool:
        raise RecordError("not-a-bool", field="Touch.automated", problem="must be true or false")
    if type(touch.revision) is not int or touch.revision < 0:
        raise RecordError(
            "not-a-number", field="Touch.revision", problem="must be a whole number from 0"
        )
    check_date(touch.next_attempt_on, field="Touch.next_attempt_on")
