"""Where a lead stands in its sequences: runs, folded from what really happened."""

from collections.abc import Iterable, Iterator, Mapping

import attrs

from nurturekit.instants import DAY_US
from nurturekit.planning.sequence import Sequence, Step
from nurturekit.records import Move, Situation, Touch
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
        anchor_us: When the last thing happened from which the next wait counts.
        done: How many steps are behind it; the repeating last one never is.
        repeats: How often the last step, if it repeats, was made.
    """

    sequence: Sequence
    run: str
    anchor_us: int
    done: int = 0
    repeats: int = 0

    @property
    def remaining(self) -> tuple[Step, ...]:
        """The steps still to come, empty when it is finished."""
        return self.sequence.steps[self.done :]

    @property
    def step_id(self) -> str:
        """The next step's id, with its number if it repeats."""
        step = self.remaining[0]
        return step.id if step.repeat_every_days is None else f"{step.id}-{self.repeats + 1}"

    def after_skip(self, at_us: int) -> "Progress":
        """Return the progress once the next step is skipped."""
        return attrs.evolve(self, anchor_us=at_us, done=self.done + 1)


class Ledger:
    """The runs of one lead, and what people have decided about them.

    Args:
        situation: The lead at one instant.
        versions: The planner's sequences by name and version.
        latest: The planner's sequences of the highest version, by name.

    `active` holds the runs under way, `gone` the name and run of those whose sequence the planner
    no longer has, `snoozed` the last pause per sequence, under an empty name the one of them all.
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
            elif move.kind is MoveKind.LEFT or move.kind is MoveKind.SKIPPED:
                if move.occurred_us >= start:
                    self._from_opening.append(move)
                if move.kind is MoveKind.LEFT and move.origin is not Origin.PLAYBOOK:
                    self._barred.add(name)

    def _read_runs(self) -> None:
        for (name, run_id), run in self._situation.standing.runs.items():
            if run.left is None:
                self._follow(name, run_id, run.enrolled.occurred_us, run.skipped)
            elif run.left.origin is not Origin.PLAYBOOK:
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
            if all(move.kind is not MoveKind.LEFT for move in moves):
                # Clocks start at the opening: a run with no step made.
                self._follow(name, run_id, opening.occurred_us, moves)

    def _opened_run(self, name: str) -> str:
        # What was done in it says on which version it goes on; before that it is the highest.
        skipped = [(move.sequence, move.run) for move in self._from_opening]
        for sequence, run_id in (*self._steps, *skipped):
            if sequence == name and run_id and _is_opened(run_id):
                return run_id
        latest = self._latest.get(name)
        return f"{OPENED}{latest.version if latest else 1}"

    def _follow(self, name: str, run_id: str, start_us: int, skipped: Iterable[Move]) -> None:
        _, at, version = run_id.rpartition("@")
        if at and version.isdecimal():
            sequence = self._versions.get((name, int(version)))
        else:
            sequence = self._latest.get(name)
        if sequence is None:
            self.gone.append((name, run_id))
            return
        made: list[Touch | Move] = [*self._made(name, run_id, start_us), *skipped]
        self.active.append(
            _advanced(Progress(sequence=sequence, run=run_id, anchor_us=start_us), made)
        )

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
        runs = self._situation.standing.runs.values()
        ends = [run.left.occurred_us for run in runs if run.left and run.sequence == sequence.name]
        opened = self._situation.opening
        if opened is not None and sequence.name in opened.enrolled:
            ends += [
                move.occurred_us
                for move in self._from_opening
                if move.kind is MoveKind.LEFT and move.sequence in (None, sequence.name)
            ]
        return self._is_over(sequence, ends)

    def _is_over(self, sequence: Sequence, ends: list[int]) -> bool:
        if not ends or sequence.reentry == "after_end":
            return True
        if not isinstance(sequence.reentry, int):
            return False
        return self._situation.as_of_us >= max(ends) + sequence.reentry * DAY_US

    def new_run(self, sequence: Sequence) -> Progress:
        """Return the run that starts now, numbered after all earlier ones."""
        runs = self._situation.standing.runs
        numbers = [run_id.partition("@")[0] for name, run_id in runs if name == sequence.name]
        number = 1 + max((int(one) for one in numbers if one.isdecimal()), default=0)
        return Progress(
            sequence=sequence,
            run=f"{max(number, len(numbers) + 1)}@{sequence.version}",
            anchor_us=self._situation.as_of_us,
        )


def _advanced(progress: Progress, made: list[Touch | Move]) -> Progress:
    done = repeats = 0
    anchor = progress.anchor_us
    for record in made:
        place = progress.sequence.place_of(record.step or "")
        if place is None:
            continue
        index, repetition = place
        behind = index if repetition else index + 1
        done = max(done, behind)
        repeats = max(repeats, repetition)
        anchor = max(anchor, record.occurred_us)
    return Progress(
        sequence=progress.sequence,
        run=progress.run,
        anchor_us=anchor,
        done=done,
        repeats=repeats,
    )


def due_us(progress: Progress, situation: Situation) -> int:
    """Return when the next step is due: after its wait, or when a trigger came if that is earlier.

    The run must have a step to come.
    """
    step = progress.remaining[0]
    if step.up_to_days is not None:
        latest = progress.anchor_us + step.up_to_days * DAY_US
        return min(latest, _trigger_us(step, situation, after_us=progress.anchor_us) or latest)
    days = step.repeat_every_days if progress.repeats else step.after_days
    return progress.anchor_us + (days or 0) * DAY_US


def _trigger_us(step: Step, situation: Situation, *, after_us: int) -> int | None:
    for touch in situation.touches:
        if touch.kind in step.triggers and touch.occurred_us > after_us:
            is_machine = touch.automated and situation.direction_of(touch) is Direction.INBOUND
            if not is_machine:
                return touch.occurred_us
    return None
