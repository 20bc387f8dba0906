"""The touch that an action becomes when it is done."""

from collections.abc import Mapping
from datetime import datetime

from nurturekit.answers.plans import Action
from nurturekit.records import Touch
from nurturekit.vocabulary import Channel, Direction, Origin, Style


def performed_id(action_id: str) -> str:
    """Return the id of the touch that an action becomes when it is done."""
    return f"touch-{action_id}"


# The kind of touch that an action becomes; playbooks describe them under these names.
_PERFORMED: Mapping[Channel, str] = {
    Channel.EMAIL: "email_sent",
    Channel.PHONE: "call_made",
    Channel.MEETING: "meeting_held",
}


def performed(action: Action, *, at: datetime, outcome: str | None = None) -> Touch:
    """Return the touch that an action became when the host did it.

    Args:
        action: One of a decision's actions.
        at: When it was done, aware.
        outcome: What came of it, if anything is known yet.

    Raises:
        RecordError: For a naive instant or an unknown outcome.
    """
    is_personal = action.style is Style.ONE_TO_ONE
    kind = "newsletter_sent" if action.style is Style.MASS else _PERFORMED.get(action.channel)
    return Touch(
        id=performed_id(action.id),
        lead_id=action.lead_id,
        occurred_at=at,
        kind=kind or f"{action.channel}_sent",
        origin=Origin.PERSON if is_personal else Origin.PLAYBOOK,
        channel=action.channel,
        direction=Direction.OUTBOUND,
        style=action.style,
        automated=not is_personal,
        rep=action.rep if is_personal else None,
        asset=action.content,
        topic=action.topic,
        sequence=action.sequence,
        run=action.run,
        step=action.step,
        outcome=outcome,
    )
