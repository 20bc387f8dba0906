"""What a sequence is made of: frozen values, checked when they are made."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

import attrs

from nurturekit.criteria import Criterion
from nurturekit.errors import ModelError, did_you_mean
from nurturekit.vocabulary import Channel, FunnelPosition, Purpose, Style, Team

LEAD = "lead"
ANY = "any"
POSITION = (LEAD, ANY, *map(str, FunnelPosition))
PAIN_POINT = ("prefer", "require", "ignore")
SENDERS = ("team", "rep", "owner")
REENTRY = ("never", "after_end")
MOST = 3650

W = TypeVar("W", bound=StrEnum)


def _word(value: str, words: type[W], *, path: str) -> W:
    return words(_one_of(value, tuple(map(str, words)), path=path))


def _one_of(value: object, words: tuple[str, ...], *, path: str) -> str:
    if isinstance(value, str) and value in words:
        return value
    hint = did_you_mean(value, words) if isinstance(value, str) else ""
    raise ModelError("unknown-word", path=path, problem=f"must be one of {', '.join(words)}{hint}")


def _team(word: str) -> Team:
    return _word(word, Team, path="team")


def _team_or_none(word: str | None) -> Team | None:
    return None if word is None else _team(word)


def _channel(word: str) -> Channel:
    return _word(word, Channel, path="channel")


def _style(word: str) -> Style:
    return _word(word, Style, path="style")


def _purpose(word: str) -> Purpose:
    return _word(word, Purpose, path="purpose")


def _position(word: str | None) -> str:
    return _one_of(ANY if word is None else word, POSITION, path="position")


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(texts)


def _steps(steps: "Iterable[Step]") -> "tuple[Step, ...]":
    return tuple(steps)


def _check_count(value: object, *, path: str, least: int) -> None:
    if type(value) is not int or not least <= value <= MOST:
        raise ModelError(
            "out-of-range",
            path=path,
            problem=f"must be a whole number from {least:,} to {MOST:,}",
        )


def _check_name(value: object, *, path: str) -> None:
    if type(value) is not str or not 0 < len(value) <= 200 or not value.isprintable():  # noqa: PLR2004 - leaves room for `-12` within an id
        raise ModelError(
            "bad-name", path=path, problem="must be a text of 1 to 200 printable characters"
        )


@attrs.frozen(kw_only=True)
class ContentRule:
    """Which content a step takes (S2-10: matched to need and stage).

    Args:
        position: `lead` for the lead's own funnel position (awareness while it has none), one
            position for every lead, or `any` (None is the same).
        pain_point: `prefer` content for the lead's pain point, `require` it, or `ignore` it.
        persona: `prefer` content for the lead's persona, and none for another one; `require` that
            it is known to be for the lead, its persona's or everybody's; or `ignore` it.
        topics: Topics of which the content has at least one; empty is any.
        max_age_days: The days since its publication, at most; None is any age.

    Raises:
        ModelError: `unknown-word`, `out-of-range`.
    """

    position: str = attrs.field(default=LEAD, converter=_position)
    pain_point: str = "prefer"
    persona: str = "prefer"
    topics: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    max_age_days: int | None = None

    def __attrs_post_init__(self) -> None:
        _one_of(self.pain_point, PAIN_POINT, path="pain_point")
        _one_of(self.persona, PAIN_POINT, path="persona")
        if self.max_age_days is not None:
            _check_count(self.max_age_days, path="max_age_days", least=1)


@attrs.frozen(kw_only=True)
class Step:
    """One step of a sequence.

    Args:
        id: Its name within the sequence.
        channel: The way it takes.
        style: `mass`, `automated`, or `one_to_one` for a rep's own (S1-13).
        team: Whose step it is; the sequence's team if not given.
        sender: From whom it comes: the `team`, the assigned `rep` or the account's `owner`; where
            there is no such active person, the team.
        content: Which content it takes; None for a step that needs none.
        after_days: Full days after the touch, the skipped step or the enrolment before it.
        up_to_days: Instead: as soon as a trigger happens, at the latest after so many days.
        triggers: Kinds of touch that end such a wait.
        repeat_every_days: The last step only: it goes on as `id-1`, `id-2`, ... at this distance.

    Raises:
        ModelError: Naming the field, below `steps.<id>`.
    """

    id: str
    channel: Channel = attrs.field(default=Channel.EMAIL, converter=_channel)
    style: Style = attrs.field(default=Style.AUTOMATED, converter=_style)
    team: Team | None = attrs.field(default=None, converter=_team_or_none)
    sender: str = "team"
    content: ContentRule | None = None
    after_days: int = 0
    up_to_days: int | None = None
    triggers: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    repeat_every_days: int | None = None

    def __attrs_post_init__(self) -> None:
        path = f"steps.{self.id}"
        _check_name(self.id, path="steps.id")
        _one_of(self.sender, SENDERS, path=f"{path}.sender")
        _check_count(self.after_days, path=f"{path}.after_days", least=0)
        if self.repeat_every_days is not None:
            _check_count(self.repeat_every_days, path=f"{path}.repeat_every_days", least=1)
        if self.up_to_days is not None:
            _check_count(self.up_to_days, path=f"{path}.up_to_days", least=0)
        if (self.up_to_days is None) != (not self.triggers) or (self.triggers and self.after_days):
            raise ModelError(
                "bad-wait",
                path=f"{path}.triggers",
                problem="need `up_to_days`, and the other way round, without `after_days`",
            )


@attrs.frozen(kw_only=True, slots=False)
class Sequence:
    """Steps that follow each other for one lead, told apart from a blast (S2-9).

    Args:
        name: Its name; moves, touches and ownership's `continues` cite it.
        version: From 1; a run stays on the version it began with.
        team: Whose sequence it is.
        priority: Among sequences that want the same content or day, the higher one goes first.
        entry: Who enters; unknown isn't true; None is everybody.
        exit: Who has reached its goal and leaves at once; None is nobody.
        reentry: `never`, `after_end`, or the days that must pass after its last end.
        steps: Its steps in order.
        purpose: `marketing` or `sales`: for what the contact is, as consents name it.

    Raises:
        ModelError: Naming the field, below `sequences.<name>`.
    """

    name: str
    team: Team = attrs.field(converter=_team)
    steps: tuple[Step, ...] = attrs.field(converter=_steps)
    version: int = 1
    priority: int = 0
    entry: Criterion | None = None
    exit: Criterion | None = None
    reentry: str | int = "never"
    purpose: Purpose = attrs.field(default=Purpose.MARKETING, converter=_purpose)

    def __attrs_post_init__(self) -> None:
        path = f"sequences.{self.name}"
        _check_name(self.name, path="sequences.name")
        for field, least in (("version", 1), ("priority", -MOST)):
            _check_count(getattr(self, field), path=f"{path}.{field}", least=least)
        if isinstance(self.reentry, str):
            _one_of(self.reentry, REENTRY, path=f"{path}.reentry")
        else:
            _check_count(self.reentry, path=f"{path}.reentry", least=1)
        _check_steps(self.steps, path=f"{path}.steps")

    @cached_property
    def _places(self) -> Mapping[str, tuple[int, int]]:
        last = len(self.steps) - 1
        return {
            step.id: (index, 0)
            for index, step in enumerate(self.steps)
            if index < last or step.repeat_every_days is None
        }

    def place_of(self, step_id: str) -> tuple[int, int] | None:
        """Return a step's index and repetition (0 for one that doesn't repeat), None if unknown."""
        place = self._places.get(step_id)
        last = self.steps[-1]
        if place is not None or last.repeat_every_days is None:
            return place
        head, _, number = step_id.rpartition("-")
        if head == last.id and number.isascii() and number.isdigit() and number[0] != "0":
            return len(self.steps) - 1, int(number)
        return None


def _check_steps(steps: tuple[Step, ...], *, path: str) -> None:
    if not steps:
        raise ModelError("no-steps", path=path, problem="needs at least one step")
    ids = [step.id for step in steps]
    for step in steps[:-1]:
        if step.repeat_every_days is not None:
            raise ModelError(
                "repeats-early",
                path=f"{path}.{step.id}.repeat_every_days",
                problem="is for the last step: no later step could ever come",
            )
    last = steps[-1]
    for name in ids[:-1]:
        is_copy = last.repeat_every_days is not None and name.startswith(f"{last.id}-")
        if is_copy or ids.count(name) > 1:
            raise ModelError(
                "duplicate-step", path=f"{path}.{name}", problem="must have an id of its own"
            )
