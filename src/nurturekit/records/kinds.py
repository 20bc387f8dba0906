"""What a playbook says of a kind of touch: the defaults for what a touch itself leaves out."""

from typing import Self

import attrs

from nurturekit.records.checks import check_word
from nurturekit.records.words import CHANNELS, DIRECTIONS, STYLES
from nurturekit.vocabulary import Channel, Direction, FunnelPosition, Style

_POSITIONS = {str(word): word for word in FunnelPosition}


@attrs.frozen(kw_only=True)
class Kind:
    """A kind of touch, as the playbook describes it.

    Args:
        direction: Who turns to whom, where the touch doesn't say.
        channel: The way it takes, where the touch doesn't say.
        style: How personal it is, where the touch doesn't say.
        position: The funnel position it is evidence of.
        human: False for what only machines do (opens); such a touch is never engagement.
        intent: Whether it is a hand-raise: sales intent that the lead itself shows (S0-8).
        engagement: Whether it counts as taking part when people of one account are counted.
        reply: Whether the lead answers with it: what ends a sequence whose goal is a reply.
    """

    direction: Direction | None = None
    channel: Channel | None = None
    style: Style | None = None
    position: FunnelPosition | None = None
    human: bool = True
    intent: bool = False
    engagement: bool = True
    reply: bool = False

    @classmethod
    def of(  # noqa: PLR0913 - the fields of a value
        cls,
        *,
        direction: str | None = None,
        channel: str | None = None,
        style: str | None = None,
        position: str | None = None,
        human: bool = True,
        intent: bool = False,
        engagement: bool = True,
        reply: bool = False,
    ) -> Self:
        """Make a kind from plain words.

        Raises:
            RecordError: `unknown-word`.
        """
        return cls(
            direction=check_word(direction, DIRECTIONS, field="Kind.direction")
            if direction
            else None,
            channel=check_word(channel, CHANNELS, field="Kind.channel") if channel else None,
            style=check_word(style, STYLES, field="Kind.style") if style else None,
            position=check_word(position, _POSITIONS, field="Kind.position") if position else None,
            human=human,
            intent=intent,
            engagement=engagement,
            reply=reply,
        )


UNDESCRIBED = Kind()
