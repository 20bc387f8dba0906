"""What happens over the next months if nobody answers: the planner, asked at event after event.

Rules:

- Each action is done at the instant that the guards allow; calls reach nobody who says anything.
- What is held: who owns the lead, its score and stage, what it owes and what is known of it.
- An event is an instant at which something is due, opens, may begin again or ends a pause. Between
  two of them asking again gives the same plan: so a forecast made later is the rest of this one.
- The forecast ends: a run's ways lead forward, what repeats waits a day at least, and no day holds
  two runs of one sequence.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol, Self

import attrs

from nurturekit.answers import Action, Blocked, Outlook, Ownership, Plan, Planned, performed
from nurturekit.interpreters.explain import signals_of
from nurturekit.planning.content import Shelf
from nurturekit.planning.pauses import end_us
from nurturekit.planning.planner import SequencePlanner
from nurturekit.planning.runs import due_us
from nurturekit.planning.waits import NO_END_US
from nurturekit.planning.wants import AGREED, ANSWER
from nurturekit.records import Situation
from nurturekit.signals import NAMED, DimensionScore, FactSignal, Parameter


class Answered(Protocol):
    """What guards say of planned actions."""

    @property
    def allowed(self) -> tuple[Action, ...]:
        """Those that may happen, not before their `earliest_us`."""
        ...

    @property
    def blocked(self) -> tuple[Blocked, ...]:
        """Those that may not."""
        ...

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the answer rests on."""
        ...


class Admits(Protocol):
    """Guards that count what they have let through."""

    def at(self, us: int) -> Self:
        """Return them at a later instant."""
        ...

    def check(self, actions: Iterable[Action]) -> Answered:
        """Say what may happen and when; nothing is counted by that."""
        ...

    def accept(self, action: Action, us: int) -> None:
        """Count an action that is done at an instant."""
        ...


def forecast(
    planner: SequencePlanner,
    situation: Situation,
    ownership: Ownership,
    *,
    until_us: int,
    guards: Admits,
) -> Outlook:
    """Return what is planned from a situation's instant on until another, which is excluded.

    Args:
        planner: The sequences.
        situation: The lead, with `score` and whatever criteria read bound.
        ownership: Who may do what, and what is owed; held.
        until_us: Where the forecast ends, in epoch microseconds.
        guards: What must not happen; it counts what is done.
    """
    if not ownership.is_open or situation.is_erased:
        plan = planner.plan(situation, ownership)
        ends = tuple(Planned(us=situation.as_of_us, move=move) for move in plan.moves)
        return Outlook(moves=ends, blocked=plan.blocked)
    future = _Future(planner, situation, ownership, guards)
    now_us: int | None = situation.as_of_us
    while now_us is not None and now_us < until_us:
        future.live(now_us)
        now_us = future.next_us()
    return future.outlook()


class _Future:
    """One lead on its way: what has been done since, and what was planned last."""

    def __init__(
        self,
        planner: SequencePlanner,
        situation: Situation,
        ownership: Ownership,
        guards: Admits,
    ) -> None:
        self._planner, self._ownership = planner, ownership
        self._situation, self._guards = situation, guards
        self._ledger = planner.ledger(situation)
        self._shelf = Shelf(situation)
        self._actions: dict[str, Action] = {}
        self._moves: list[Planned] = []
        self._notes: dict[str, None] = {}
        self._assumptions: dict[str, None] = {}
        self._last: tuple[Plan, Answered] | None = None
        self._reentries: frozenset[int] = frozenset()
        self._calm_until = situation.as_of_us
        self._ticks = _reads_days(planner)

    def live(self, now_us: int) -> None:
        """Do all that is due at an instant; what follows from it at once is due then too."""
        is_foreseen = self._last is not None and self._calm_until > now_us
        self._at(now_us)
        if not is_foreseen:
            self._plan(is_held=self._is_held(now_us))
        while (action := self._first_due(now_us)) is not None:
            self._do(action, now_us)
            self._plan(is_held=not self._ticks)

    def _at(self, now_us: int) -> None:
        self._situation = self._situation.later(now_us)
        self._ledger.at(self._situation)
        self._guards = self._guards.at(now_us)

    def _is_held(self, now_us: int) -> bool:
        # Nothing but time has passed since the last plan, and none of the times that open a way in.
        return self._last is not None and not self._ticks and now_us not in self._reentries

    def _plan(self, *, is_held: bool) -> None:
        now_us = self._situation.as_of_us
        case = self._planner.case(self._situation, self._ownership)
        shelf = self._shelf.untaken()
        plan, runs = self._planner.planned(case, self._ledger, shelf, is_held=is_held)
        self._ledger.go_on(runs, plan.moves)
        self._moves += [Planned(us=now_us, move=move) for move in plan.moves]
        self._notes.update(dict.fromkeys(plan.notes))
        wanted = [action for action in plan.actions if action.id not in self._actions]
        answer = self._guards.check(wanted)
        self._last = plan, answer
        self._reentries = frozenset(self._ledger.reentries())
        # Until then only what is planned happens: asking again would give the same plan.
        self._calm_until = min((us for us in self._turns() if us > now_us), default=NO_END_US)

    def _first_due(self, now_us: int) -> Action | None:
        allowed = self._last[1].allowed if self._last else ()
        due = (one for one in allowed if one.earliest_us <= now_us)
        return min(due, key=_order, default=None)

    def _do(self, action: Action, now_us: int) -> None:
        self._assumptions.update(dict.fromkeys(self._last[1].assumptions if self._last else ()))
        self._actions[action.id] = action
        touch = performed(action, at=self._situation.as_of)
        self._situation = self._situation.later(now_us, [touch])
        self._ledger.make(action, self._situation)
        self._guards.accept(action, now_us)
        self._shelf.give(action.content)
        if action.priority in (ANSWER, AGREED):
            # What the lead asked for or agreed to is owed no more; a timer goes on.
            owed = [
                duty
                for duty in self._ownership.duties
                if (duty.kind, duty.about) != (action.duty, action.about)
            ]
            self._ownership = attrs.evolve(self._ownership, duties=tuple(owed))

    def next_us(self) -> int | None:
        """Return the next instant at which something may follow, None if nothing ever does."""
        now_us = self._situation.as_of_us
        allowed = self._last[1].allowed if self._last else ()
        events = (self._calm_until, *(action.earliest_us for action in allowed))
        found = min((us for us in events if us > now_us), default=NO_END_US)
        return None if found >= NO_END_US else found

    def _turns(self) -> Iterator[int]:
        # The instants at which a plan may change though nothing that is planned is done.
        plan, answer = self._last or (Plan(), None)
        for blocked in (*plan.blocked, *(answer.blocked if answer else ())):
            if blocked.until_us is not None:
                yield blocked.until_us
        planned = {(one.sequence, one.run or "") for one in (answer.allowed if answer else ())}
        for progress in self._ledger.active:
            if (progress.sequence.name, progress.run) not in planned:
                yield due_us(progress, self._situation)
        yield from map(end_us, self._ledger.snoozed.values())
        yield from self._reentries
        if self._ticks:
            yield self._situation.days_ago_us(-1)

    def outlook(self) -> Outlook:
        """Return what was done, and what waits at the end."""
        plan, answer = self._last or (Plan(), None)
        return Outlook(
            actions=tuple(self._actions.values()),
            moves=tuple(self._moves),
            blocked=(*plan.blocked, *(answer.blocked if answer else ())),
            assumptions=tuple(self._assumptions),
            notes=tuple(self._notes),
        )


def _order(action: Action) -> tuple[int, int, int, str]:
    return action.earliest_us, action.priority, -action.rank, action.id


def _reads_days(planner: SequencePlanner) -> bool:
    # What lets a lead in or out may change with the day alone, unless it is over facts and what is
    # held; a branch is asked when it is due.
    criteria = [one for sequence in planner.sequences for one in (sequence.entry, sequence.exit)]
    signals = [signal for one in criteria if one is not None for signal in signals_of(one)]
    return any(
        not isinstance(signal, FactSignal | Parameter | DimensionScore) and signal.name not in NAMED
        for signal in signals
    )
