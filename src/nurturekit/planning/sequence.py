"""What a sequence is made of: frozen values, checked when they are made.

A sequence is a list of steps and branches. A run begins with the first; each leads on to the next
in the list, or to the later one that it names. Nothing leads back, so every path ends.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property

import attrs

from nurturekit.calendars import Cadence, ContactHours
from nurturekit.criteria import Criterion
from nurturekit.errors import ModelError, did_you_mean
from nurturekit.planning.branches import END, Branch
from nurturekit.planning.goals import GOALS
from nurturekit.planning.waits import SKIP, WAIT, check_wait, texts
from nurturekit.planning.words import (
    MOST,
    channel,
    check_count,
    check_name,
    one_of,
    purpose,
    style,
    team,
    team_or_none,
)
from nurturekit.vocabulary import Channel, FunnelPosition, Purpose, Style, Team

LEAD = "lead"
ANY = "any"
POSITION = (LEAD, ANY, *map(str, FunnelPosition))
PAIN_POINT = ("prefer", "require", "ignore")
TOPIC = ("require", "prefer")
SENDERS = ("team", "rep", "owner")
REENTRY = ("never", "after_end")
IF_NO_CONTENT = (WAIT, SKIP)
# Who turns to a lead, and how.
Contact = tuple[Team, Style]


def _position(word: str | None) -> str:
    return one_of(ANY if word is None else word, POSITION, path="position")


def _steps(steps: "Iterable[Step | Branch]") -> "tuple[Step | Branch, ...]":
    return tuple(steps)


def _goals(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(one_of(word, tuple(GOALS), path="goals") for word in words)


def _versions(versions: Iterable[int]) -> tuple[int, ...]:
    return tuple(versions)


@attrs.frozen(kw_only=True)
class ContentRule:
    """Which content a step takes (S2-10: matched to need and stage).

    Args:
        position: `lead` for the lead's own funnel position (awareness while it has none), one
            position for every lead, or `any` (None is the same).
        pain_point: `prefer` content for the lead's pain point, `require` it, or `ignore` it.
        persona: `prefer` content for the lead's persona, and none for another one; `require` that
            it is known to be for the lead, its persona's or everybody's; or `ignore` it.
        topics: Topics of which the content should have one; empty is any.
        topic: `require` one of the topics, or `prefer` it to everything else.
        max_age_days: The days since its publication, at most; None is any age.

    Raises:
        ModelError: `unknown-word`, `out-of-range`.
    """

    position: str = attrs.field(default=LEAD, converter=_position)
    pain_point: str = "prefer"
    persona: str = "prefer"
    topics: tuple[str, ...] = attrs.field(default=(), converter=texts)
    topic: str = "require"
    max_age_days: int | None = None

    def __attrs_post_init__(self) -> None:
        one_of(self.pain_point, PAIN_POINT, path="pain_point")
        one_of(self.persona, PAIN_POINT, path="persona")
        one_of(self.topic, TOPIC, path="topic")
        if self.max_age_days is not None:
            check_count(self.max_age_days, path="max_age_days", least=1)


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
        content: Which content it takes; an automated step needs some, others may do without.
        if_no_content: What happens when it is due and no content is left for it: `wait` for some,
            or `skip` the step.
        topic: What it is about; caps may count it as a tag.
        after_days: Full days after the touch, the skipped step or the enrolment before it.
        up_to_days: Instead: as soon as a trigger happens, at the latest after so many days.
        triggers: Kinds of touch that end such a wait.
        until_fact: Instead: the date that this fact holds, at the recipient's midnight.
        offset_days: So many days after that date, before it if negative.
        if_missing: What happens while that date isn't known: `wait` for it, `skip` the step, take
            it `now`, or `leave` the sequence. There is no default.
        next: The id of the later step that follows, or `end`; the following one if not given.
        repeat_every_days: It goes on as `id-1`, `id-2`, ... at this distance; nothing follows it.
        cadence: Instead: it goes on with each instant of a cadence, the same for every lead.

    Raises:
        ModelError: Naming the field, below `steps.<id>`.
    """

    id: str
    channel: Channel = attrs.field(default=Channel.EMAIL, converter=channel)
    style: Style = attrs.field(default=Style.AUTOMATED, converter=style)
    team: Team | None = attrs.field(default=None, converter=team_or_none)
    sender: str = "team"
    content: ContentRule | None = None
    if_no_content: str = WAIT
    topic: str | None = None
    after_days: int = 0
    up_to_days: int | None = None
    triggers: tuple[str, ...] = attrs.field(default=(), converter=texts)
    until_fact: str | None = None
    offset_days: int = 0
    if_missing: str | None = None
    next: str | None = None
    repeat_every_days: int | None = None
    cadence: Cadence | None = None

    def __attrs_post_init__(self) -> None:
        path = f"steps.{self.id}"
        check_name(self.id, path="steps.id")
        one_of(self.sender, SENDERS, path=f"{path}.sender")
        one_of(self.if_no_content, IF_NO_CONTENT, path=f"{path}.if_no_content")
        check_wait(self, path=path)
        if self.topic is not None:
            check_name(self.topic, path=f"{path}.topic")
        if self.repeat_every_days is not None:
            check_count(self.repeat_every_days, path=f"{path}.repeat_every_days", least=1)
        if self.repeats and self.if_no_content == SKIP:
            raise ModelError(
                "bad-wait",
                path=f"{path}.if_no_content",
                problem="can't be `skip` where the step repeats: it would be skipped for ever",
            )
        if self.repeats and (self.next is not None or None not in self._distances):
            raise ModelError(
                "repeats-early",
                path=f"{path}.next" if self.next else f"{path}.cadence",
                problem="can't be: a step that repeats has one distance, and nothing follows it",
            )
        if self.style is Style.AUTOMATED and self.content is None:
            raise ModelError(
                "needs-content",
                path=f"{path}.content",
                problem="is missing: an automated step takes content that is chosen for the lead",
            )

    @property
    def _distances(self) -> tuple[object, object]:
        return self.repeat_every_days, self.cadence

    @property
    def repeats(self) -> bool:
        """Whether it goes on for ever, numbered."""
        return self._distances != (None, None)


@attrs.frozen(kw_only=True, slots=False)
class Sequence:
    """Steps that follow each other for one lead, told apart from a blast (S2-9).

    Args:
        name: Its name; moves, touches and ownership's `continues` cite it.
        version: From 1; a run stays on the version it began with.
        takes_over: Older versions that are gone and whose runs go on in this one, at the step of
            the same id. A run of any other version that is gone leaves.
        team: Whose sequence it is.
        priority: Among sequences that want the same content or day, the higher one goes first.
        exclusive: The name of a group of which a lead is in one sequence at a time: one of higher
            priority takes its place, all others wait until it has ended.
        entry: Who enters; unknown isn't true; None is everybody.
        exit: Who has reached its goal and leaves at once, such as a stage; None is nobody.
        goals: What else ends it at once: words of `GOALS`.
        reentry: `never`, `after_end`, or the days that must pass after its last end.
        steps: Its steps and branches in order.
        purpose: `marketing` or `sales`: for what the contact is, as consents name it.
        send: Hours of its own, in the recipient's zone, within those of the guards.

    Raises:
        ModelError: Naming the field, below `sequences.<name>`.
    """

    name: str
    team: Team = attrs.field(converter=team)
    steps: tuple[Step | Branch, ...] = attrs.field(converter=_steps)
    version: int = 1
    takes_over: tuple[int, ...] = attrs.field(default=(), converter=_versions)
    priority: int = 0
    exclusive: str | None = None
    entry: Criterion | None = None
    exit: Criterion | None = None
    goals: tuple[str, ...] = attrs.field(default=(), converter=_goals)
    reentry: str | int = "never"
    purpose: Purpose = attrs.field(default=Purpose.MARKETING, converter=purpose)
    send: ContactHours | None = None

    def __attrs_post_init__(self) -> None:
        path = f"sequences.{self.name}"
        check_name(self.name, path="sequences.name")
        for field, least in (("version", 1), ("priority", -MOST)):
            check_count(getattr(self, field), path=f"{path}.{field}", least=least)
        for version in self.takes_over:
            check_count(version, path=f"{path}.takes_over", least=1)
        if any(version >= self.version for version in self.takes_over):
            raise ModelError(
                "out-of-range", path=f"{path}.takes_over", problem="must hold older versions only"
            )
        if self.exclusive is not None:
            check_name(self.exclusive, path=f"{path}.exclusive")
        if isinstance(self.reentry, str):
            one_of(self.reentry, REENTRY, path=f"{path}.reentry")
        else:
            check_count(self.reentry, path=f"{path}.reentry", least=1)
        _check_steps(self.steps, path=f"{path}.steps")
        _check_ways(self, path=f"{path}.steps")

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {step.id: index for index, step in enumerate(self.steps)}

    def place_of(self, step_id: str) -> tuple[int, int] | None:
        """Return a step's index and repetition (0 for one that doesn't repeat), None if unknown."""
        index = self._places.get(step_id)
        if index is not None:
            return None if _repeats(self.steps[index]) else (index, 0)
        head, _, number = step_id.rpartition("-")
        index = self._places.get(head)
        is_number = number.isascii() and number.isdigit() and number[0] != "0"
        if index is None or not is_number or not _repeats(self.steps[index]):
            return None
        return index, int(number)

    def target_of(self, step_id: str) -> int | None:
        """Return the index that a way names: one past the last step for `end`, None if unknown."""
        return len(self.steps) if step_id == END else self._places.get(step_id)

    def ways_from(self, index: int) -> tuple[int, ...]:
        """Return the indexes to which a step or branch may lead, in the order of its arms."""
        step = self.steps[index]
        targets = step.targets if isinstance(step, Branch) else (step.next,)
        if _repeats(step):
            return ()
        return tuple(self.way_from(index, to) for to in targets)

    def way_from(self, index: int, to: str | None) -> int:
        """Return the index to which one of a step's own ways leads, None being the next step."""
        if to is None:
            return index + 1
        return len(self.steps) if to == END else self._places[to]

    @cached_property
    def contacts(self) -> tuple[frozenset[Contact], ...]:
        """By whom and how a run may still turn to the lead, by the index of its next step."""
        return tuple(self._contacts(ahead) for ahead in self._ahead)

    @cached_property
    def all_contacts(self) -> frozenset[Contact]:
        """By whom and how any of its steps turns to the lead."""
        return self._contacts(range(len(self.steps)))

    def _contacts(self, indexes: Iterable[int]) -> frozenset[Contact]:
        steps = [self.steps[index] for index in indexes]
        return frozenset(
            (step.team or self.team, step.style) for step in steps if isinstance(step, Step)
        )

    @cached_property
    def channels(self) -> frozenset[Channel]:
        """The channels that its steps take."""
        return frozenset(step.channel for step in self.steps if isinstance(step, Step))

    @cached_property
    def _ahead(self) -> tuple[frozenset[int], ...]:
        # Nothing leads back, so what lies ahead of each is known from the last to the first.
        ahead: list[frozenset[int]] = [frozenset()] * (len(self.steps) + 1)
        for index in reversed(range(len(self.steps))):
            ahead[index] = frozenset({index}).union(*(ahead[to] for to in self.ways_from(index)))
        return tuple(ahead)

    def ahead(self, index: int) -> frozenset[int]:
        """Return the indexes that a run may still come to from one, itself included."""
        return self._ahead[index]


def _repeats(step: Step | Branch) -> bool:
    return isinstance(step, Step) and step.repeats


def _check_steps(steps: tuple[Step | Branch, ...], *, path: str) -> None:
    if not steps:
        raise ModelError("no-steps", path=path, problem="needs at least one step")
    ids = [step.id for step in steps]
    copies = tuple(f"{step.id}-" for step in steps if _repeats(step))
    for name in ids:
        is_copy = any(name.startswith(copy) and name[len(copy) :].isdigit() for copy in copies)
        if is_copy or ids.count(name) > 1 or name == END:
            raise ModelError(
                "duplicate-step", path=f"{path}.{name}", problem="must have an id of its own"
            )


def _check_ways(sequence: Sequence, *, path: str) -> None:
    places = {step.id: index for index, step in enumerate(sequence.steps)}
    led_to: set[str | None] = set()
    for index, step in enumerate(sequence.steps):
        targets = step.targets if isinstance(step, Branch) else (step.next,)
        key = "arms" if isinstance(step, Branch) else "next"
        for target in targets:
            if target is not None and target != END:
                _check_target(target, places, index, path=f"{path}.{step.id}.{key}")
        led_to.update(targets)
    for step, after in zip(sequence.steps, sequence.steps[1:], strict=False):
        if _repeats(step) and after.id not in led_to:
            raise ModelError(
                "repeats-early",
                path=f"{path}.{step.id}.repeat_every_days",
                problem="goes on for ever: nothing leads to the step that follows",
            )


def _check_target(target: str, places: Mapping[str, int], index: int, *, path: str) -> None:
    if target not in places:
        hint = did_you_mean(target, places)
        problem = f"names `{target}`, but the steps are {', '.join(places)}{hint}"
        raise ModelError("unknown-step", path=path, problem=problem)
    if places[target] <= index:
        raise ModelError(
            "cyclic-branch", path=path, problem=f"leads back to `{target}`: it must lead forward"
        )
