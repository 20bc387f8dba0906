"""Offers of one lead: who gave it to whom, and what became of each."""

from collections.abc import Iterator

import attrs

from nurturekit.accountability.ledger import NOBODY, Offer, Window
from nurturekit.records import Move, Situation, Standing, Touch
from nurturekit.records.words import TEAMS
from nurturekit.vocabulary import REJECTION_REASONS, MoveKind, Outcome, Team

_TAKEN = (MoveKind.ACCEPTED, MoveKind.REJECTED)


def touching(situation: Situation, touch: Touch) -> Team | None:
    """Return the team that turned to the lead with a touch, None where the lead turned to us.

    A touch of sales is one-to-one; whatever else turns to the lead is marketing's (S1-13).
    """
    if situation.is_sales_touch(touch):
        return Team.SALES
    return Team.MARKETING if situation.is_outbound(touch) else None


@attrs.define(kw_only=True)
class Offering:
    """The offers met on a walk.

    Args:
        named: Offer id to the rep last named for it.
        parties: Offer id to giver and taker.
    """

    named: dict[str, str] = attrs.field(factory=dict)
    parties: dict[str, tuple[Team, Team]] = attrs.field(factory=dict)

    def add(self, offer: Move, *, owner: Team | None) -> None:
        """Note an offer: by whom it says that it is, else by the owner; to sales, if unsaid."""
        taker = TEAMS.get(offer.to or "", Team.SALES)
        self.parties[offer.id] = TEAMS.get(offer.was or "", owner or taker), taker
        if offer.rep is not None:
            self.named[offer.id] = offer.rep

    def taker(self, offer: Move) -> Team:
        """Return to whom an offer was made."""
        return self.parties[offer.id][1]

    def knows(self, record_id: str | None) -> bool:
        """Say whether an id is an offer's."""
        return record_id in self.parties

    def is_other(self, end: Move, pending: Move) -> bool:
        """Say whether an end answers another offer than the one that waits."""
        return self.knows(end.answers) and end.answers != pending.id

    def made(self, situation: Situation, standing: Standing, window: Window) -> tuple[Offer, ...]:
        """Return the offers made in a window, with what became of them by its end."""
        return tuple(
            self._made(situation, standing, offer, window)
            for offer in standing.offers
            if window.holds(offer.occurred_us)
        )

    def _made(self, situation: Situation, standing: Standing, offer: Move, window: Window) -> Offer:
        giver, taker = self.parties[offer.id]
        end = standing.ends.get(offer.id)
        taken = end if end is not None and end.kind in _TAKEN else None
        touched = _touched(situation, taker, offer.occurred_us)
        answers = [*([] if taken is None else [taken.occurred_us]), *touched]
        return Offer(
            giver=giver,
            taker=taker,
            rep=(taken and taken.rep) or self.named.get(offer.id) or NOBODY,
            ending=_ending(end, is_pending=standing.pending is offer),
            reason=_reason(end),
            due_us=offer.due_us,
            answered_us=min(answers, default=None),
            as_of_us=window.end_us,
        )


def _ending(end: Move | None, *, is_pending: bool) -> str:
    if end is not None:
        return str(end.kind)
    # An offer that another one replaced counts against nobody.
    return "pending" if is_pending else str(MoveKind.WITHDRAWN)


def _reason(end: Move | None) -> str:
    if end is None or end.kind is not MoveKind.REJECTED:
        return ""
    # Free text of a CRM isn't shown: it is `other`.
    return str(end.reason) if end.reason in REJECTION_REASONS else str(Outcome.OTHER)


def _touched(situation: Situation, team: Team, after_us: int) -> Iterator[int]:
    for touch in situation.touches:
        if touch.occurred_us > after_us and touching(situation, touch) is team:
            yield touch.occurred_us
