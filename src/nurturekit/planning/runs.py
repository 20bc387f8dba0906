"""Where a lead stands in its sequences: runs, folded from what really happened.

Rules:

- Records are read by time. A step made or skipped brings the run to what follows it, if it lies
  ahead; a branch taken brings it to where it leads. No step is made twice in a run.
- The next wait counts from the last thing that happened in the run, whatever was planned.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from nurturekit.answers import Action, Proposal
from nurturekit.calendars import zone_named
from nurturekit.instants import DAY_US
from nurturekit.planning import waits
from nurturekit.planning.branches import END, Branch
from nurturekit.planning.sequence import Sequence, Step
from nurturekit.planning.waits import NO_END_US
from nurturekit.planning.words import MOST
from nurturekit.records import FrozenMap, Move, Situation, Touch
from nurturekit.vocabulary import Direction, MoveKind, Origin

# A run of which only the opening tells.
OPENED = "0@"


def _is_opened(run_id: str) -> bool:
    return run_id.startswith(OPENED)


@attrs.frozen(kw_only=True)
class Progress:
    """How far one enrolment has come.

    Args:
        sequence: The version it runs on.
        run: The run's id, `number@version`; empty where a person enrolled the lead without one.
        since_us: When it began.
        anchor_us: When the last thing happened from which the next wait counts.
        place: The index of the step that is next; past the last one when it has ended.
        made: The steps behind it by index, each with its highest repetition.
        taken: Where each branch behind it went, and when, by index.
        not_before_us: When a track that replaced another may begin.
    """

    sequence: Sequence
    run: str
    since_us: int
    anchor_us: int
    place: int = 0
    made: Mapping[int, int] = attrs.field(factory=FrozenMap)
    taken: Mapping[int, tuple[int, int]] = attrs.field(factory=FrozenMap)
    not_before_us: int = 0

    @property
    def next(self) -> Step | Branch | None:
        """The step or branch that is next, None when the run has ended."""
        steps = self.sequence.steps
        return steps[self.place] if self.place < len(steps) else None

    def led(self, index: int) -> int:
        """Return the index to which a branch that was taken leads."""
        return self.taken[index][0]

    @property
    def forks(self) -> list[tuple[int, Branch]]:
        """The branches that were taken on the way from the start to here, in order."""
        steps, place = self.sequence.steps, 0
        forks: list[tuple[int, Branch]] = []
        while place != self.place and place < len(steps):
            step = steps[place]
            if isinstance(step, Branch):
                if place not in self.taken:
                    break
                forks.append((place, step))
                place = self.led(place)
            elif step.repeats:
                break
            else:
                (place,) = self.sequence.ways_from(place)
        return forks

    @property
    def repeats(self) -> int:
        """How often the next step was made, if it repeats."""
        return self.made.get(self.place, 0)

    @property
    def step_id(self) -> str:
        """The next step's id, with its number if it repeats."""
        step = self.next
        is_numbered = isinstance(step, Step) and step.repeats
        name = END if step is None else step.id
        return f"{name}-{self.repeats + 1}" if is_numbered else name

    def after_step(self, at_us: int) -> "Progress":
        """Return the progress once the next step is made or skipped."""
        step = self.next
        number = self.repeats + 1 if isinstance(step, Step) and step.repeats else 0
        return _on(self, at_us, made={**self.made, self.place: number})

    def after_branch(self, place: int, to: int, *, at_us: int, until_us: int = 0) -> "Progress":
        """Return the progress once a branch is taken.

        Args:
            place: The branch's index.
            to: The index to which it leads.
            at_us: When it is taken.
            until_us: When the track it leads to may begin.
        """
        taken = {**self.taken, place: (to, at_us)}
        return _on(self, at_us, taken=taken, place=to, not_before_us=until_us)


def _on(progress: Progress, at_us: int, **changes: Any) -> Progress:  # noqa: ANN401 - its fields
    # What is behind is passed over, along the ways that were taken.
    anchor = max(progress.anchor_us, at_us)
    moved: Progress = attrs.evolve(progress, anchor_us=anchor, **{"not_before_us": 0, **changes})
    place, sequence = moved.place, moved.sequence
    while place < len(sequence.steps):
        step = sequence.steps[place]
        if isinstance(step, Branch) and place in moved.taken:
            place = moved.led(place)
        elif isinstance(step, Step) and place in moved.made and not step.repeats:
            (place,) = sequence.ways_from(place)
        else:
            break
    return attrs.evolve(moved, place=place)


def folded(progress: Progress, records: Iterable[Touch | Move]) -> Progress:
    """Return a run's progress with what happened in it, in any order."""
    for record in sorted(records, key=lambda one: (one.occurred_us, one.id)):
        if isinstance(record, Move) and record.kind is MoveKind.BRANCH:
            progress = _branched(progress, record)
        else:
            progress = done(progress, record.step or "", at_us=record.occurred_us)
    return progress


def done(progress: Progress, step_id: str, *, at_us: int) -> Progress:
    """Return a run's progress once a step is made, by its id; an unknown one changes nothing."""
    place = progress.sequence.place_of(step_id)
    return progress if place is None else _made(progress, *place, at_us=at_us)


def _made(progress: Progress, index: int, number: int, *, at_us: int) -> Progress:
    made = {**progress.made, index: max(number, progress.made.get(index, 0))}
    if index not in progress.sequence.ahead(progress.place):
        # Done out of turn: it isn't done again, and the run waits from then on.
        anchor = max(progress.anchor_us, at_us)
        done: Progress = attrs.evolve(progress, anchor_us=anchor, made=made)
        return done
    return _on(progress, at_us, made=made, place=index)


def _branched(progress: Progress, move: Move) -> Progress:
    sequence = progress.sequence
    place, to = sequence.place_of(move.step or ""), sequence.target_of(move.to or "")
    if place is None or to is None or not isinstance(sequence.steps[place[0]], Branch):
        return progress
    if to <= place[0]:
        # Whatever a record says, nothing leads back.
        return progress
    until_us = move.until_us or 0
    return progress.after_branch(place[0], to, at_us=move.occurred_us, until_us=until_us)


class Ledger:
    """The runs of one lead, and what people have decided about them.

    Args:
        situation: The lead at one instant.
        versions: The sequences on which runs go on, by name and version of the run.
        latest: The planner's sequences of the highest version, by name.

    `active` holds the runs under way, `gone` the name and run of those whose sequence the planner
    no longer has, `ends` when runs ended by sequence, `snoozed` the last pause per sequence, under
    an empty name the one of them all.
    """

    def __init__(
        self,
        situation: Situation,
        versions: Mapping[tuple[str, int], Sequence],
        latest: Mapping[str, Sequence],
    ) -> None:
        self._situation = situation
        self._versions, self._latest = versions, latest
        self._steps: dict[tuple[str, str], list[Touch]] = {}
        self._from_opening: list[Move] = []
        self._barred: set[str] = set()
        self.snoozed: dict[str, Move] = {}
        self.active: list[Progress] = []
        self.gone: list[tuple[str, str]] = []
        self.ends: dict[str, list[int]] = {}
        self._ids: dict[str, list[str]] = {}
        self._read_touches()
        self._read_moves()
        self._read_runs()
        self._read_opening()

    def _read_touches(self) -> None:
        for touch in self._situation.touches:
            if touch.sequence is None or touch.step is None:
                continue
            direction = touch.direction or self._situation.kind_of(touch).direction
            if direction is not Direction.INBOUND:
                self._steps.setdefault((touch.sequence, touch.run or ""), []).append(touch)

    def _read_moves(self) -> None:
        opening = self._situation.opening
        start = opening.occurred_us if opening else 0
        for move in (*self._situation.visible.moves, *self._situation.proposed):
            name = move.sequence or ""
            if move.kind is MoveKind.SNOOZED:
                self.snoozed[name] = move
            elif move.kind in _OF_RUNS:
                if move.occurred_us >= start:
                    self._from_opening.append(move)
                if move.kind is MoveKind.LEFT and move.origin is not Origin.PLAYBOOK:
                    self._barred.add(name)

    def _read_runs(self) -> None:
        for (name, run_id), run in self._situation.standing.runs.items():
            self._ids.setdefault(name, []).append(run_id)
            if run.left is None:
                self._follow(name, run_id, run.enrolled.occurred_us, run.passed)
                continue
            self.ends.setdefault(name, []).append(run.left.occurred_us)
            if run.left.origin is not Origin.PLAYBOOK:
                self._barred.add(name)

    def _read_opening(self) -> None:
        opening = self._situation.opening
        if opening is None:
            return
        for name in dict.fromkeys(opening.enrolled):
            run_id = self._opened_run(name)
            moves = [
                move
                for move in self._from_opening
                if move.sequence in (None, name) and _is_opened(move.run or OPENED)
            ]
            ends = [move.occurred_us for move in moves if move.kind is MoveKind.LEFT]
            if ends:
                self.ends.setdefault(name, []).extend(ends)
            else:
                # Clocks start at the opening: a run with no step made.
                self._follow(name, run_id, opening.occurred_us, moves)

    def _opened_run(self, name: str) -> str:
        # What was done in it says on which version it goes on; before that it is the highest.
        passed = [(move.sequence, move.run) for move in self._from_opening]
        for sequence, run_id in (*self._steps, *passed):
            if sequence == name and run_id and _is_opened(run_id):
                return run_id
        latest = self._latest.get(name)
        return f"{OPENED}{latest.version if latest else 1}"

    def _follow(self, name: str, run_id: str, start_us: int, passed: Iterable[Move]) -> None:
        _, at, version = run_id.rpartition("@")
        if at and version.isdecimal():
            sequence = self._versions.get((name, int(version)))
        else:
            sequence = self._latest.get(name)
        if sequence is None:
            self.gone.append((name, run_id))
            return
        begun = Progress(sequence=sequence, run=run_id, since_us=start_us, anchor_us=start_us)
        self.active.append(folded(begun, (*self._made(name, run_id, start_us), *passed)))

    def _made(self, name: str, run_id: str, start_us: int) -> Iterator[Touch]:
        if run_id:
            yield from self._steps.get((name, run_id), ())
        # A touch that doesn't name its run belongs to those under way.
        for touch in self._steps.get((name, ""), ()):
            if touch.occurred_us >= start_us:
                yield touch

    def may_enter(self, sequence: Sequence) -> bool:
        """Say whether the re-entry rule lets the lead enter a sequence it isn't in."""
        if sequence.name in self._barred:
            return False
        ends = self.ends.get(sequence.name)
        if not ends:
            return True
        if isinstance(sequence.reentry, int):
            return self._situation.as_of_us >= max(ends) + sequence.reentry * DAY_US
        # A new run begins on a later day than the last one ended: no day holds two.
        is_later = self._situation.age_days(max(ends)) > 0
        return sequence.reentry == "after_end" and is_later

    def new_run(self, sequence: Sequence) -> Progress:
        """Return the run that starts now, numbered after all that any record names."""
        named = [run_id for name, run_id in self._steps if name == sequence.name]
        passed = [move.run or "" for move in self._from_opening if move.sequence == sequence.name]
        ids = dict.fromkeys([*self._ids.get(sequence.name, ()), *filter(None, (*named, *passed))])
        numbers = [run_id.partition("@")[0] for run_id in ids if not _is_opened(run_id)]
        number = 1 + max((int(one) for one in numbers if one.isdecimal()), default=0)
        now_us = self._situation.as_of_us
        return Progress(
            sequence=sequence,
            run=f"{max(number, len(numbers) + 1)}@{sequence.version}",
            since_us=now_us,
            anchor_us=now_us,
        )

    def go_on(self, runs: Iterable[Progress], moves: Iterable[Proposal]) -> None:
        """Take over what a plan decided on the runs, as if its moves were recorded now."""
        self.active, self.gone = list(runs), []
        for move in moves:
            name = move.sequence or ""
            if move.kind == MoveKind.LEFT:
                self.ends.setdefault(name, []).append(self._situation.as_of_us)
            elif move.kind == MoveKind.ENROLLED:
                self._ids.setdefault(name, []).append(move.run or "")

    def make(self, action: Action, situation: Situation) -> None:
        """Take over that an action was done at a situation's instant, which is now."""
        self._situation = situation
        run = (action.sequence, action.run or "")
        self.active = [
            done(one, action.step or "", at_us=situation.as_of_us)
            if (one.sequence.name, one.run) == run
            else one
            for one in self.active
        ]

    def at(self, situation: Situation) -> None:
        """Look on from another instant."""
        self._situation = situation

    def reentries(self) -> Iterator[int]:
        """Yield the instants from which a sequence that has ended may begin again."""
        for name, ends in self.ends.items():
            sequence = self._latest.get(name)
            if sequence is None:
                continue
            if isinstance(sequence.reentry, int):
                yield max(ends) + sequence.reentry * DAY_US
            elif sequence.reentry == "after_end":
                yield self._situation.days_ago_us(self._situation.age_days(max(ends)) - 1)


_OF_RUNS = frozenset({MoveKind.LEFT, MoveKind.SKIPPED, MoveKind.BRANCH})


def due_us(progress: Progress, situation: Situation) -> int:
    """Return when the next step or branch is due: past the end never, which is `NO_END_US`.

    In epoch microseconds.
    """
    step = progress.next
    if step is None:
        return NO_END_US
    if not isinstance(step, Step) or not step.repeats:
        due = waits.due_us(step, situation, anchor_us=progress.anchor_us)
    elif step.repeat_every_days is not None and progress.repeats:
        due = progress.anchor_us + step.repeat_every_days * DAY_US
    else:
        due = _repeated_us(step, progress, situation)
    return max(due, progress.not_before_us)


def _repeated_us(step: Step, progress: Progress, situation: Situation) -> int:
    # The first time has the step's own wait; a cadence comes from there on, later ones after it.
    begin = waits.due_us(step, situation, anchor_us=progress.anchor_us)
    if step.cadence is None or begin >= NO_END_US:
        return begin
    after = progress.anchor_us if progress.repeats else begin - 1
    zone = zone_named(situation.zone or "UTC", field="zone")
    found = step.cadence.after(after, zone, horizon_us=after + MOST * DAY_US)
    return NO_END_US if found is None else found
