"""The shipped planner: what ownership owes, and each run's next step."""

from collections.abc import Iterable, Mapping
from functools import cached_property

import attrs

from nurturekit.answers import Action, Blocked, Ownership, Plan, Proposal
from nurturekit.errors import ModelError
from nurturekit.instants import DAY_US
from nurturekit.planning.calls import CALL_VALUES, LEAST_CALL_VALUE, CallValues, percents
from nurturekit.planning.case import Case
from nurturekit.planning.content import Shelf
from nurturekit.planning.drafting import Draft
from nurturekit.planning.enrolments import closed, enrolments
from nurturekit.planning.pauses import pauses_in_force
from nurturekit.planning.runs import Ledger, Progress
from nurturekit.planning.sequence import Sequence
from nurturekit.records import Situation
from nurturekit.vocabulary import Channel


def _sequences(sequences: Iterable[Sequence]) -> tuple[Sequence, ...]:
    return tuple(sequences)


def _channels(words: Iterable[str]) -> tuple[Channel, ...]:
    try:
        return tuple(Channel(word) for word in words)
    except ValueError as error:
        raise ModelError(
            "unknown-word",
            path="duty_channels",
            problem=f"must hold only {', '.join(Channel)}",
        ) from error


SOON_DAYS = 14


@attrs.frozen(kw_only=True, slots=False)
class SequencePlanner:
    """Plan what happens next for a lead.

    Args:
        sequences: Sequences, of which several versions may be given: a run stays on its own.
        max_silence_days: Days without contact after which the plan says why (example value: no
            evidence).
        duty_channels: The ways by which a rep does what is owed, first choice first.
        call_values: Per cent of a first call's value, by how many calls in a row met nobody (S4-3;
            example value, see `planning.calls`).
        least_call_value: Per cent below which phone gives way to a channel that gets answers.

    Raises:
        ModelError: `duplicate-sequence`, `no-channel`, `bad-call-values` or `out-of-range`.
    """

    sequences: tuple[Sequence, ...] = attrs.field(default=(), converter=_sequences)
    max_silence_days: int = 45
    duty_channels: tuple[Channel, ...] = attrs.field(
        default=(Channel.PHONE, Channel.EMAIL), converter=_channels
    )
    call_values: tuple[int, ...] = attrs.field(default=CALL_VALUES, converter=percents)
    least_call_value: int = LEAST_CALL_VALUE

    def __attrs_post_init__(self) -> None:
        if len(self._versions) < len(self.sequences):
            raise ModelError(
                "duplicate-sequence",
                path="sequences",
                problem="must not hold a sequence twice in one version",
            )
        if not self.duty_channels:
            raise ModelError("no-channel", path="duty_channels", problem="needs at least one")
        if type(self.max_silence_days) is not int or self.max_silence_days < 1:
            raise ModelError(
                "out-of-range", path="max_silence_days", problem="must be a whole number from 1"
            )
        CallValues(values=self.call_values, least=self.least_call_value)

    @cached_property
    def calls(self) -> CallValues:
        """What a call is worth after others that met nobody."""
        return CallValues(values=self.call_values, least=self.least_call_value)

    @cached_property
    def _versions(self) -> Mapping[tuple[str, int], Sequence]:
        return {(sequence.name, sequence.version): sequence for sequence in self.sequences}

    @cached_property
    def _runs_on(self) -> Mapping[tuple[str, int], Sequence]:
        # A version that is gone may have one that takes its runs over.
        rising = sorted(self.sequences, key=lambda one: one.version)
        heirs = {(one.name, old): one for one in rising for old in one.takes_over}
        return {**heirs, **self._versions}

    @cached_property
    def _latest(self) -> Mapping[str, Sequence]:
        newest = {one.name: one for one in sorted(self.sequences, key=lambda one: one.version)}
        ranked = sorted(newest.values(), key=lambda one: (-one.priority, one.name))
        return {sequence.name: sequence for sequence in ranked}

    def plan(self, situation: Situation, ownership: Ownership) -> Plan:
        """Return the wanted actions, the refused ones, and the moves that follow.

        Args:
            situation: The lead, with `score` and whatever the sequences' criteria read bound.
            ownership: Who may do what, and what is owed.
        """
        case, ledger = self.case(situation, ownership), self.ledger(situation)
        if not ownership.is_open or situation.is_erased:
            return _closed(case, ledger)
        plan, _ = self.planned(case, ledger, Shelf(situation))
        silences = self._silences(case, plan.actions, plan.blocked)
        return attrs.evolve(plan, blocked=(*plan.blocked, *silences)) if silences else plan

    def case(self, situation: Situation, ownership: Ownership) -> Case:
        """Return a lead's case under the planner's parameters."""
        return Case(situation, ownership, calls=self.calls)

    def ledger(self, situation: Situation) -> Ledger:
        """Return a lead's runs of the planner's sequences."""
        return Ledger(situation, self._runs_on, self._latest)

    def planned(
        self, case: Case, ledger: Ledger, shelf: Shelf, *, is_held: bool = False
    ) -> tuple[Plan, tuple[Progress, ...]]:
        """Return what is wanted of a lead that somebody nurtures, and its runs then.

        Args:
            case: The lead and its ownership.
            ledger: Its runs.
            shelf: The content it hasn't had.
            is_held: Whether no criterion can answer otherwise than it did for this ledger.
        """
        moves: list[Proposal] = []
        while True:
            latest = self._latest.values()
            enrolled = enrolments(case, ledger, latest, is_held=is_held and not moves)
            draft = Draft(case, enrolled, pauses_in_force(case.situation, ledger.snoozed))
            plan = draft.fill(shelf, self.duty_channels)
            moves += plan.moves
            if not draft.has_ended:
                return attrs.evolve(plan, moves=tuple(moves)), draft.runs
            # What a run has left room for may begin at once. It ends: no day holds two runs of one
            # sequence.
            ledger.go_on(draft.runs, plan.moves)
            shelf = shelf.untaken()

    def _silences(
        self, case: Case, actions: tuple[Action, ...], blocked: tuple[Blocked, ...]
    ) -> list[Blocked]:
        # S1-8: every open lead has a next action, or is told why not.
        if blocked:
            return []
        if not actions:
            code = "suppressed" if case.situation.is_objected else "nothing-planned"
            why = case.ownership.because or "nothing allows more"
            return [Blocked(code=code, reason=f"nothing is owed and no sequence applies: {why}")]
        first = min(action.earliest_us for action in actions)
        # A silence that ends within days needs no reason, however long it has lasted.
        if first <= case.now_us + SOON_DAYS * DAY_US:
            return []
        if first <= _last_contact_us(case) + self.max_silence_days * DAY_US:
            return []
        reason = f"nothing is planned within {self.max_silence_days} days of the last contact"
        return [Blocked(code="nothing-planned", reason=reason, until_us=first)]


def _closed(case: Case, ledger: Ledger) -> Plan:
    situation = case.situation
    is_suppressed = situation.is_erased or situation.is_objected
    reason = case.ownership.because or "closed"
    return Plan(
        blocked=(Blocked(code="suppressed" if is_suppressed else "closed", reason=reason),),
        moves=closed(ledger, reason),
    )


def _last_contact_us(case: Case) -> int:
    for touch in reversed(case.situation.touches):
        if case.situation.is_outbound(touch):
            return touch.occurred_us
    since = case.ownership.since_us
    return case.now_us if since is None else since
