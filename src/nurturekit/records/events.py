"""The five kinds of record: the only state there is.

CLOSED. To add one: its class here, its place in `History`, its rule in `resolve`.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import attrs

from nurturekit.errors import RecordError
from nurturekit.instants import to_us
from nurturekit.records.checks import Value, check_id, check_text, check_value, check_word
from nurturekit.records.fields import check_date, derived, is_id, set_times, texts
from nurturekit.records.frozen import FrozenMap
from nurturekit.records.touch import Touch
from nurturekit.records.words import (
    CHANNELS,
    CONSENT_KINDS,
    MOVE_KINDS,
    ORIGINS,
    PURPOSES,
    STAGES,
    TEAMS,
)
from nurturekit.vocabulary import Channel, ConsentKind, MoveKind, Origin, Purpose, Stage, Team


@attrs.frozen(kw_only=True, slots=False)
class Fact:
    """An attribute of the lead that was learned, with where it came from (S1-7).

    Args:
        name: The attribute's name: `title`, `employees`, `pain_point`.
        value: Text, a number, a bool, a date or texts; None and NaN are unknown.
        source: Form, subscription, search, conversation, ...
    """

    id: str
    lead_id: str
    occurred_at: datetime
    name: str
    value: Value = None
    source: str | None = None
    recorded_at: datetime | None = None
    origin: Origin | str = Origin.LEAD
    occurred_us: int = derived()
    recorded_us: int = derived()

    def __attrs_post_init__(self) -> None:
        fields = self.__dict__
        set_times(self, "Fact")
        check_id(self.name, field="Fact.name")
        fields["value"] = check_value(self.value, field="Fact.value")
        fields["origin"] = check_word(self.origin, ORIGINS, field="Fact.origin")
        if self.source is not None:
            check_text(self.source, field="Fact.source")


@attrs.frozen(kw_only=True, slots=False)
class Consent:
    """A permission, or the end of one.

    Args:
        kind: Given, withdrawn, objected, erased, bounced or complained.
        channel: The channel it is about; None is every channel.
        purpose: `marketing` or `sales`; None is every purpose.
        basis: The legal basis of a grant: `consent`, `legitimate_interest`, `contract`.
        expires_at: When a grant ends, itself excluded.
    """

    id: str
    lead_id: str
    occurred_at: datetime
    kind: ConsentKind | str
    channel: Channel | str | None = None
    purpose: Purpose | str | None = None
    basis: str | None = None
    expires_at: datetime | None = None
    recorded_at: datetime | None = None
    origin: Origin | str = Origin.LEAD
    occurred_us: int = derived()
    recorded_us: int = derived()
    expires_us: int | None = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        fields = self.__dict__
        set_times(self, "Consent")
        fields["kind"] = check_word(self.kind, CONSENT_KINDS, field="Consent.kind")
        fields["origin"] = check_word(self.origin, ORIGINS, field="Consent.origin")
        if self.channel is not None:
            fields["channel"] = check_word(self.channel, CHANNELS, field="Consent.channel")
        if self.purpose is not None:
            fields["purpose"] = check_word(self.purpose, PURPOSES, field="Consent.purpose")
        if self.basis is not None:
            check_id(self.basis, field="Consent.basis")
        fields["expires_us"] = None
        if self.expires_at is not None:
            fields["expires_us"] = to_us(self.expires_at, field="Consent.expires_at")
            fields["expires_at"] = self.expires_at.astimezone(UTC)

    @property
    def is_restriction(self) -> bool:
        """Whether it takes a permission away."""
        return self.kind is not ConsentKind.GIVEN


@attrs.frozen(kw_only=True, slots=False)
class Move:
    """Something decided about the lead, by a playbook or by a person in the CRM.

    Args:
        kind: What was decided.
        seq: The order within one decision.
        was: What it was before: a stage, a team, a rep.
        to: What it is now.
        team: The team concerned.
        rep: The rep concerned.
        reason: Why; backward stages, `lost`, rejections, `left` and `snoozed` need one.
        due: The instant by which an answer is owed (itself past due).
        until: The end of a pause, itself excluded.
        sequence: The sequence, `run` and `step` of an enrolment's move.
        answers: The id of the record it answers.
        evidence: The ids of the touches it cites; cited ones are spent.
    """

    id: str
    lead_id: str
    occurred_at: datetime
    kind: MoveKind | str
    seq: int = 0
    was: str | None = None
    to: str | None = None
    team: Team | str | None = None
    rep: str | None = None
    reason: str | None = None
    due: datetime | None = None
    until: datetime | None = None
    sequence: str | None = None
    run: str | None = None
    step: str | None = None
    answers: str | None = None
    evidence: tuple[str, ...] = attrs.field(default=(), converter=texts)
    recorded_at: datetime | None = None
    origin: Origin | str = Origin.PERSON
    occurred_us: int = derived()
    recorded_us: int = derived()
    due_us: int | None = attrs.field(init=False, eq=False, repr=False)
    until_us: int | None = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        fields = self.__dict__
        set_times(self, "Move")
        fields["kind"] = check_word(self.kind, MOVE_KINDS, field="Move.kind")
        fields["origin"] = check_word(self.origin, ORIGINS, field="Move.origin")
        if type(self.seq) is not int or self.seq < 0:
            raise RecordError(
                "not-a-number", field="Move.seq", problem="must be a whole number from 0"
            )
        if self.team is not None:
            fields["team"] = check_word(self.team, TEAMS, field="Move.team")
        for name in ("was", "to", "rep", "sequence", "run", "step", "answers", "reason"):
            if fields[name] is not None and not is_id(fields[name]):
                if isinstance(fields[name], str):
                    fields[name] = str(fields[name])  # a member of a vocabulary becomes its text
                check = check_text if name == "reason" else check_id
                check(fields[name], field=f"Move.{name}")
        _check_move_target(self)
        for name in ("due", "until"):
            value = fields[name]
            fields[f"{name}_us"] = None if value is None else to_us(value, field=f"Move.{name}")
            fields[name] = None if value is None else value.astimezone(UTC)


def _check_move_target(move: Move) -> None:
    if move.kind is MoveKind.STAGE:
        check_word(move.to, STAGES, field="Move.to")
    elif move.kind is MoveKind.OWNER:
        check_word(move.to, TEAMS, field="Move.to")
    elif move.kind is MoveKind.REP:
        check_id(move.rep, field="Move.rep")
    for touch_id in move.evidence:
        if not is_id(touch_id):
            check_id(touch_id, field="Move.evidence")


def _dates(value: Mapping[str, date] | None) -> FrozenMap[str, date]:
    return FrozenMap(value or {})


@attrs.frozen(kw_only=True, slots=False)
class Opening:
    """What the CRM's columns said on the day the history began.

    Args:
        stage: The stage then.
        team: The accountable team then.
        rep: The rep then.
        since: Since when; informative, it starts no clock.
        last_touch: The last touch per channel, a date each.
        next_attempt_on: The date agreed for the next attempt.
        enrolled: Names of the sequences it was in.
        opted_out: True when the column says that the lead must not be contacted.
    """

    id: str
    lead_id: str
    occurred_at: datetime
    stage: Stage | str | None = None
    team: Team | str | None = None
    rep: str | None = None
    since: date | None = None
    last_touch: Mapping[str, date] = attrs.field(default=None, converter=_dates)
    next_attempt_on: date | None = None
    enrolled: tuple[str, ...] = attrs.field(default=(), converter=texts)
    opted_out: bool | None = None
    recorded_at: datetime | None = None
    origin: Origin | str = Origin.PERSON
    occurred_us: int = derived()
    recorded_us: int = derived()

    def __attrs_post_init__(self) -> None:
        fields = self.__dict__
        set_times(self, "Opening")
        fields["origin"] = check_word(self.origin, ORIGINS, field="Opening.origin")
        if self.stage is not None:
            fields["stage"] = check_word(self.stage, STAGES, field="Opening.stage")
        if self.team is not None:
            fields["team"] = check_word(self.team, TEAMS, field="Opening.team")
        if self.rep is not None:
            check_id(self.rep, field="Opening.rep")
        check_date(self.since, field="Opening.since")
        check_date(self.next_attempt_on, field="Opening.next_attempt_on")
        for channel, day in self.last_touch.items():
            check_word(channel, CHANNELS, field="Opening.last_touch")
            check_date(day, field="Opening.last_touch")


Record = Touch | Fact | Consent | Move | Opening
