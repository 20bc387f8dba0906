"""One lead's case while it is planned: what its ownership and its people allow, looked up once."""

from collections.abc import Iterable
from copy import copy
from functools import cached_property
from typing import Self

from nurturekit.answers import Action, Ownership
from nurturekit.instants import DAY_US
from nurturekit.planning.calls import CallValues
from nurturekit.planning.sequence import Contact, Step
from nurturekit.records import Situation, Touch
from nurturekit.vocabulary import Channel, Outcome, Style, Team

UNANSWERED = frozenset({Outcome.VOICEMAIL, Outcome.NO_ANSWER})
# What only a person who was reached can have said.
ANSWERED = frozenset(
    {
        Outcome.CONNECTED,
        Outcome.REPLIED,
        Outcome.MEETING_BOOKED,
        Outcome.NOT_NOW,
        Outcome.NO_BUDGET,
        Outcome.NO_NEED,
    }
)
# Inference: nobody is called at night or on Sundays, so a call wanted on a Friday may well be made
# on Monday.
CALLED_LATE_US = 3 * DAY_US
# By these a rep can turn to a lead that has answered there; a meeting is agreed on, not made.
_WRITTEN = (Channel.EMAIL, Channel.SMS, Channel.CHAT, Channel.SOCIAL)


def is_answer(situation: Situation, touch: Touch) -> bool:
    """Say whether the lead answered with a touch, or in it; what a machine does never counts."""
    if situation.is_lead_made(touch):
        return situation.kind_of(touch).reply or touch.outcome in ANSWERED
    is_open = not situation.kind_of(touch).human and not situation.is_outbound(touch)
    return not (touch.automated or is_open) and touch.outcome in ANSWERED


class Case:
    """A situation with its ownership.

    Args:
        situation: The lead at one instant.
        ownership: Who answers for it.
        calls: What calls are worth that follow on others in vain.
    """

    def __init__(self, situation: Situation, ownership: Ownership, *, calls: CallValues) -> None:
        self.situation = situation
        self.ownership = ownership
        self.now_us = situation.as_of_us
        self.calls = calls
        self.told_us: int | None = None
        self.kept_us: int | None = None

    def told(self, action: Action) -> Self:
        """Return the case once a planned action is done: what a rep tells is no news after it."""
        if action.style is not Style.ONE_TO_ONE:
            return self
        new = copy(self)
        new.told_us = max(action.earliest_us, self.told_us or 0)
        late_us = CALLED_LATE_US if action.channel is Channel.PHONE else 0
        new.kept_us = max(action.earliest_us + late_us, self.kept_us or 0)
        return new

    def is_kept(self, us: int) -> bool:
        """Say whether what the plan has a rep do already is the contact agreed on for a date."""
        return self.kept_us is not None and us <= self.kept_us

    @cached_property
    def allowed(self) -> frozenset[Contact]:
        """Which team may use which style."""
        allowed = self.ownership.allowed
        return frozenset((team, style) for team in allowed for style in allowed[team] or ())

    def person(self, *reps: str | None) -> str | None:
        """Return the first rep who is there and active; one whom the world doesn't know is."""
        known = self.situation.world.reps
        for rep in reps:
            if rep is not None and (rep not in known or known[rep].active):
                return rep
        return None

    @cached_property
    def rep(self) -> str | None:
        """The rep in force, else the one whom the lead knows (S2-3)."""
        return self.person(self.ownership.rep, self.ownership.continuity_rep)

    @cached_property
    def owner(self) -> str | None:
        """The account's owner, else the rep."""
        owner = self.situation.attribute("account_owner")
        return self.person(owner if isinstance(owner, str) and owner else None, self.rep)

    def sender(self, step: Step, team: Team) -> str:
        """Return from whom a mass or automated step comes."""
        # S4-5: nurture mail can come "from" the assigned rep.
        from_rep = self.ownership.sender == "rep" and step.style is Style.AUTOMATED
        if step.sender == "owner":
            return self.owner or team
        return ((self.rep or self.owner) if from_rep or step.sender == "rep" else None) or team

    @cached_property
    def last_sales_us(self) -> int | None:
        """When sales last turned to the lead, the history's opening at the earliest; or None."""
        touches, opening = self.situation.sales_touches, self.situation.opening
        if opening is None:
            return touches[-1].occurred_us if touches else None
        return max(opening.occurred_us, touches[-1].occurred_us if touches else 0)

    @cached_property
    def unanswered_calls(self) -> int:
        """How many calls in a row met nobody, since the last conversation by phone (S4-3)."""
        count = 0
        for touch in reversed(self.situation.touches):
            if self._channel_of(touch) != Channel.PHONE:
                continue
            if touch.outcome not in UNANSWERED or not self.situation.is_outbound(touch):
                break
            count += 1
        return count

    @property
    def meets_voicemail(self) -> bool:
        """Whether the next call's value is too low for phone to be a first choice."""
        return not self.calls.is_worth_it(self.unanswered_calls)

    @property
    def why_not_phone(self) -> str:
        """How often calls met nobody, and what the next is worth, in words."""
        count = self.unanswered_calls
        calls = "the last call" if count == 1 else f"the last {count} calls"
        return f"{calls} met nobody, the next is worth {self.calls.after(count)} %"

    @cached_property
    def answered(self) -> tuple[Channel, ...]:
        """The channels on which the lead has answered, the latest first; phone aside."""
        found = (
            self._channel_of(touch)
            for touch in reversed(self.situation.touches)
            if is_answer(self.situation, touch)
        )
        return tuple(dict.fromkeys(Channel(one) for one in found if one in _WRITTEN))

    def _channel_of(self, touch: Touch) -> str | None:
        return touch.channel or self.situation.kind_of(touch).channel

    def channel(self, preferred: tuple[Channel, ...], purpose: str) -> Channel:
        """Return the first channel with a legal basis.

        Where that is phone and calls meet nobody, what the lead has answered by goes first and
        phone last. Where none has a basis it is the first: the guards say what it needs.
        """
        legal = self._legal(preferred, purpose)
        if self._gives_way(legal):
            # S3-2, S4-3: a channel that only meets voicemail gives way to one that gets answers.
            legal = [*self._legal(self.answered, purpose), *legal]
            legal.sort(key=lambda channel: channel is Channel.PHONE)
        return legal[0] if legal else preferred[0]

    def instead(self, preferred: tuple[Channel, ...], purpose: str) -> str:
        """Return why phone gives way to another channel, as the end of a reason; else nothing."""
        is_other = self.channel(preferred, purpose) is not Channel.PHONE
        is_so = is_other and self._gives_way(self._legal(preferred, purpose))
        return f"; {self.why_not_phone}" if is_so else ""

    def _gives_way(self, legal: list[Channel]) -> bool:
        return bool(legal) and legal[0] is Channel.PHONE and self.meets_voicemail

    def _legal(self, channels: Iterable[Channel], purpose: str) -> list[Channel]:
        return [channel for channel in channels if self._has_basis(channel, purpose)]

    def _has_basis(self, channel: Channel, purpose: str) -> bool:
        permission = self.situation.permission(channel, purpose, at_us=self.now_us)
        return permission.basis is not None
