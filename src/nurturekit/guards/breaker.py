"""The company's circuit breaker: too many complaints stop what machines send, not what reps do.

A rate belongs to a channel, not to a lead, so the host measures it and says it in the world. What
it doesn't say stops nothing.
"""

from decimal import Decimal

from nurturekit.answers import Action, Blocked
from nurturekit.guards import refusals
from nurturekit.guards.profile import GuardProfile
from nurturekit.records import Situation
from nurturekit.vocabulary import Channel, Style


def stopped(profile: GuardProfile, situation: Situation, action: Action) -> Blocked | None:
    """Refuse what isn't one-to-one on a channel with too many complaints.

    Args:
        profile: At which rate it stops.
        situation: The lead, in a world that knows the rates.
        action: The action.
    """
    rate = situation.world.complaint_rates.get(action.channel)
    if rate is None or action.style == Style.ONE_TO_ONE or not _is_too_high(profile, rate):
        return None
    return refusals.complaints(action, _percent(rate))


def complaint_notes(profile: GuardProfile, situation: Situation) -> tuple[str, ...]:
    """Return a line per channel whose complaints warn or stop, for a decision's notes."""
    rates = situation.world.complaint_rates
    if not rates:
        return ()
    warn = _share(profile.complaints_warn_per_million)
    return tuple(
        f"complaints about {channel}: {_percent(rates[channel])}, "
        f"{_verdict(profile, rates[channel])}"
        for channel in Channel
        if channel in rates and rates[channel] >= warn
    )


def _verdict(profile: GuardProfile, rate: Decimal) -> str:
    if _is_too_high(profile, rate):
        return "mass and automated contacts are stopped"
    stop = _share(profile.complaints_stop_per_million)
    return f"mass and automated contacts stop at {_percent(stop)}"


def _is_too_high(profile: GuardProfile, rate: Decimal) -> bool:
    return rate >= _share(profile.complaints_stop_per_million)


def _share(per_million: int) -> Decimal:
    # Made from a text it is exact, and so is a comparison; a product would be rounded.
    return Decimal(f"{per_million}e-6")


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f} %"
