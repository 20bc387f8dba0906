"""One lead's case while it is planned: what its ownership and its people allow, looked up once."""

from functools import cached_property

from nurturekit.answers import Ownership
from nurturekit.planning.sequence import Step
from nurturekit.records import Situation, Touch
from nurturekit.vocabulary import Channel, Outcome, Style, Team

UNANSWERED = frozenset({Outcome.VOICEMAIL, Outcome.NO_ANSWER})


class Case:
    """A situation with its ownership.

    Args:
        situation: The lead at one instant.
        ownership: Who answers for it.
        max_unanswered_calls: How many calls in a row may meet nobody before phone gives way.
    """

    def __init__(
        self, situation: Situation, ownership: Ownership, *, max_unanswered_calls: int
    ) -> None:
        self.situation = situation
        self.ownership = ownership
        self.now_us = situation.as_of_us
        self._max_unanswered_calls = max_unanswered_calls

    def allows(self, team: Team, style: Style) -> bool:
        """Say whether a team may use a style."""
        return style in (self.ownership.allowed.get(team) or ())

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
    def meets_voicemail(self) -> bool:
        """Whether the last calls, since the last conversation by phone, met nobody (S4-3)."""
        count = 0
        for touch in reversed(self.situation.touches):
            if self._channel_of(touch) != Channel.PHONE:
                continue
            if touch.outcome not in UNANSWERED or not self.situation.is_outbound(touch):
                break
            count += 1
        return count >= self._max_unanswered_calls

    def _channel_of(self, touch: Touch) -> str | None:
        return touch.channel or self.situation.kind_of(touch).channel

    def channel(self, preferred: tuple[Channel, ...], purpose: str) -> Channel:
        """Return the first channel with a legal basis, phone last while calls meet voicemail.

        Where none has one it is the first: the guards say what it needs.
        """
        legal = [channel for channel in preferred if self._has_basis(channel, purpose)]
        if Channel.PHONE in legal and self.meets_voicemail:
            # S3-2, S4-3: a channel that only meets voicemail gives way to one that gets answers.
            legal.sort(key=lambda channel: channel is Channel.PHONE)
        return legal[0] if legal else preferred[0]

    def _has_basis(self, channel: Channel, purpose: str) -> bool:
        permission = self.situation.permission(channel, purpose, at_us=self.now_us)
        return permission.basis is not None
