"""What a guard says when it refuses: one function per refusal, each keeping the action whole."""

from nurturekit.answers import Action, Blocked
from nurturekit.guards.caps import Cap
from nurturekit.instants import format_us
from nurturekit.records import Permission


def suppressed(action: Action, permission: Permission) -> Blocked:
    """Refuse for good what the person has forbidden."""
    # GDPR Art. 21(3): "Where the data subject objects to processing for direct marketing purposes,
    # the personal data shall no longer be processed for such purposes."
    return Blocked(code="suppressed", reason=permission.because, action=action)


def no_zone(action: Action) -> Blocked:
    """Refuse where hours hold and the recipient's time zone isn't known."""
    return Blocked(
        code="no-zone",
        reason=f"{action.channel} has contact hours and the recipient's time zone isn't known",
        needs=("zone",),
        action=action,
    )


def no_basis(action: Action, permission: Permission, at_us: int) -> Blocked:
    """Refuse where no legal basis holds at the instant of the contact."""
    # GDPR Art. 6(1): "Processing shall be lawful only if and to the extent that at least one of
    # the following applies".
    return Blocked(
        code="no-basis",
        reason=f"{permission.because} at {format_us(at_us)}",
        needs=("basis",),
        action=action,
    )


def never_open(action: Action, horizon_days: int, until_us: int | None) -> Blocked:
    """Refuse where no contact hours come within the horizon."""
    reason = f"no contact hours for {action.channel} within {horizon_days} days"
    return Blocked(code="never-open", reason=reason, until_us=until_us, action=action)


def out_of_hours(action: Action, until_us: int) -> Blocked:
    """Refuse outside the contact hours."""
    reason = f"outside the contact hours for {action.channel}"
    return Blocked(code="out-of-hours", reason=reason, until_us=until_us, action=action)


def capped(action: Action, horizon_days: int, until_us: int | None) -> Blocked:
    """Refuse where caps and gap leave no room within the horizon."""
    reason = f"caps and contact hours leave no room within {horizon_days} days"
    return Blocked(code="capped", reason=reason, until_us=until_us, action=action)


def full(action: Action, limit: Cap, until_us: int | None) -> Blocked:
    """Refuse where one cap has no room."""
    return Blocked(
        code="capped", reason=f"`{limit.name}` leaves no room", until_us=until_us, action=action
    )


def complaints(action: Action, rate: str) -> Blocked:
    """Refuse what machines send on a channel about which too many complain."""
    reason = f"too many complaints about {action.channel}: {rate}"
    return Blocked(code="complaints", reason=reason, action=action)


def too_early(action: Action) -> Blocked:
    """Refuse before the action's earliest instant."""
    reason = f"not before {format_us(action.earliest_us)}"
    return Blocked(code="too-early", reason=reason, until_us=action.earliest_us, action=action)


def already_done(action: Action, touch_id: str) -> Blocked:
    """Refuse what a touch says has been done."""
    return Blocked(code="already-done", reason=f"done by touch `{touch_id}`", action=action)


def closed(action: Action, reason: str) -> Blocked:
    """Refuse for a lead, or in a run of a sequence, that has ended."""
    return Blocked(code="closed", reason=reason, action=action)


def no_content(action: Action) -> Blocked:
    """Refuse with content that isn't published."""
    return Blocked(
        code="no-content",
        reason=f"`{action.content}` isn't published now",
        needs=("content",),
        action=action,
    )


def no_rep(action: Action, rep: str) -> Blocked:
    """Refuse in the name of somebody who has left."""
    return Blocked(code="no-rep", reason=f"rep `{rep}` isn't active", needs=("rep",), action=action)
