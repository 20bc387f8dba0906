"""What ends a sequence at once because it has done its work, or can't any more.

The table `GOALS` says of each word what reaches it. A stage that is reached is a sequence's `exit`.
"""

from collections.abc import Callable, Iterable, Mapping

import attrs

from nurturekit.records import FrozenMap, Situation, Touch
from nurturekit.records.permissions import covers
from nurturekit.vocabulary import Channel, ConsentKind, Outcome, Purpose

# Whatever a person says against being contacted; a bounce is nobody's word.
_UNSUBSCRIBED = tuple(
    kind for kind in ConsentKind if kind not in (ConsentKind.GIVEN, ConsentKind.BOUNCED)
)


@attrs.frozen(kw_only=True)
class Aim:
    """What a goal is asked of: a lead, since when, and by which channels for what purpose."""

    situation: Situation
    since_us: int
    channels: frozenset[Channel]
    purpose: Purpose


def reached(goals: Iterable[str], aim: Aim) -> str | None:
    """Return the first goal that is reached, with the record that shows it; or None."""
    for goal in goals:
        record = GOALS[goal](aim)
        if record is not None:
            return f"{goal} ({record})"
    return None


def _answer(situation: Situation, since_us: int) -> Touch | None:
    # Machine opens and bots are no answer: what the lead made itself, or a person recorded.
    made = (touch for touch in situation.lead_made if situation.kind_of(touch).reply)
    talked = (touch for touch in situation.conversations if touch.outcome == Outcome.REPLIED)
    answers = [touch for touch in (*made, *talked) if touch.occurred_us > since_us]
    return min(answers, key=lambda touch: (touch.occurred_us, touch.id), default=None)


def _reply(aim: Aim) -> str | None:
    touch = _answer(aim.situation, aim.since_us)
    return None if touch is None else touch.id


def _meeting_booked(aim: Aim) -> str | None:
    return next(
        (
            touch.id
            for touch in aim.situation.touches
            if touch.outcome == Outcome.MEETING_BOOKED and touch.occurred_us > aim.since_us
        ),
        None,
    )


def _account_reply(aim: Aim) -> str | None:
    account = aim.situation.lead.account
    answers = (
        _answer(peer, aim.since_us)
        for peer in aim.situation.peers
        if account is not None and peer.lead.account == account
    )
    return next((touch.id for touch in answers if touch is not None), None)


def _restricted(aim: Aim, kinds: tuple[ConsentKind, ...]) -> str | None:
    hits = [
        one.id
        for one in aim.situation.restrictions
        if one.kind in kinds and any(covers(one, channel, aim.purpose) for channel in aim.channels)
    ]
    return min(hits, default=None)


def _unsubscribe(aim: Aim) -> str | None:
    return _restricted(aim, _UNSUBSCRIBED)


def _bounce(aim: Aim) -> str | None:
    return _restricted(aim, (ConsentKind.BOUNCED,))


GOALS: Mapping[str, Callable[[Aim], str | None]] = FrozenMap(
    {
        "reply": _reply,
        "meeting_booked": _meeting_booked,
        "unsubscribe": _unsubscribe,
        "bounce": _bounce,
        "account_reply": _account_reply,
    }
)
