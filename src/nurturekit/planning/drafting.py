"""One plan for one lead: everything that is wanted, in the order in which it chooses its content.

Who comes first chooses first; at one instant, who goes first does. A due step for which no content
is left is skipped where it says so, and the step that follows joins the queue.
"""

from collections.abc import Iterable, Mapping
from heapq import heapify, heappop, heappush

from nurturekit.answers import Action, Blocked, Plan, Proposal
from nurturekit.planning.branches import Branch
from nurturekit.planning.case import Case
from nurturekit.planning.content import Shelf
from nurturekit.planning.enrolments import Enrolments, left
from nurturekit.planning.passing import passed, skipped
from nurturekit.planning.pauses import announced, paused_until
from nurturekit.planning.runs import Progress
from nurturekit.planning.sequence import Step
from nurturekit.planning.waits import SKIP
from nurturekit.planning.wants import Want, agreed_us, met, waiting, want_of_duty, want_of_step
from nurturekit.records import Move
from nurturekit.vocabulary import Channel, Style

NO_CONTENT = frozenset({"no-content", "exhausted", "nothing-new"})


class Draft:
    """A plan while it is made.

    Args:
        case: The lead and its ownership.
        enrolled: Its runs and what has followed for them.
        pauses: The pauses in force.
    """

    def __init__(self, case: Case, enrolled: Enrolments, pauses: Mapping[str, Move]) -> None:
        self._case, self._pauses = case, pauses
        self._agreed = agreed_us(case.ownership.duties)
        self._runs = {id(progress): progress for progress in enrolled.runs}
        self._of: dict[str, int] = {}
        self._moves: list[Proposal] = list(enrolled.moves)
        self._notes = enrolled.notes
        self._actions: list[Action] = []
        self._blocked: list[Blocked] = []
        # Whether a run ended for want of content: then another may begin.
        self.has_ended = False

    @property
    def runs(self) -> tuple[Progress, ...]:
        """The runs that go on."""
        return tuple(self._runs.values())

    def fill(self, shelf: Shelf, duty_channels: tuple[Channel, ...]) -> Plan:
        """Return the plan.

        Args:
            shelf: The content the lead hasn't had.
            duty_channels: The ways by which a rep does what is owed, first choice first.
        """
        timers = max(self._agreed, paused_until(self._pauses))
        duties = self._case.ownership.duties
        queue = [
            want_of_duty(duty, self._case, channels=duty_channels, not_before_us=timers)
            for duty in duties
        ]
        queue += [want for key in tuple(self._runs) for want in self._wants(key)]
        heapify(queue)
        while queue:
            want = heappop(queue)
            answer = met(want, self._case, shelf)
            if isinstance(answer, Action):
                self._actions.append(answer)
                self._case = self._case.told(answer)
            elif self._is_skipped(want, answer):
                for following in self._skip(want):
                    heappush(queue, following)
            else:
                self._blocked.append(answer)
        return self._plan()

    def _wants(self, key: int) -> Iterable[Want]:
        progress = self._runs[key]
        step = progress.next
        if isinstance(step, Step):
            start = paused_until(self._pauses, progress.sequence.name)
            if step.style is Style.ONE_TO_ONE:
                # S2-11: a date agreed in a conversation wins over the cadence.
                start = max(start, self._agreed)
            want = want_of_step(progress, step, self._case, not_before_us=start)
            self._of[want.action.id] = key
            yield want

    def _is_skipped(self, want: Want, answer: Blocked) -> bool:
        is_due = want.action.earliest_us <= self._case.now_us
        return want.if_no_content == SKIP and answer.code in NO_CONTENT and is_due

    def _skip(self, want: Want) -> Iterable[Want]:
        key = self._of[want.action.id]
        progress, move = skipped(self._runs[key], self._case, "no content is left for it")
        self._moves.append(move)
        progress, moves, reason = passed(progress, self._case)
        self._moves += moves
        if reason is not None:
            self._moves.append(left(progress, reason))
            self.has_ended = True
            del self._runs[key]
            return ()
        self._runs[key] = progress
        return self._wants(key)

    def _plan(self) -> Plan:
        blocked = [
            *self._blocked,
            *(
                waiting(progress, progress.next, self._case)
                for progress in self.runs
                if isinstance(progress.next, Branch)
            ),
            *announced(self._pauses),
        ]
        return Plan(
            actions=tuple(self._actions),
            blocked=tuple(blocked),
            moves=tuple(self._moves),
            notes=self._notes,
        )
