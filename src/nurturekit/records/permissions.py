"""What consents allow: restrictions in force, and the legal basis of one contact.

Rules: a restriction counts from the earlier of its two times and yields only to a grant of the
same scope that is later than both (at a tie the restriction wins); a hard bounce and a complaint
yield to nothing. A complaint forbids marketing, by its channel or by all.
A basis holds from the grant until it expires, the end excluded.
"""

from collections.abc import Iterable

import attrs

from nurturekit.records.events import Consent, Opening
from nurturekit.vocabulary import ConsentKind, Purpose


@attrs.frozen(kw_only=True)
class Permission:
    """Whether one contact may happen, and on what ground.

    Args:
        basis: The legal basis, or None.
        because: Why not, or the record it rests on.
        assumed: Whether the basis is the host's declaration, not a record.
        suppressed: Whether a restriction forbids it (a missing basis doesn't suppress).
    """

    basis: str | None
    because: str
    assumed: bool = False
    suppressed: bool = False


_OBJECTING = frozenset({ConsentKind.OBJECTED, ConsentKind.WITHDRAWN, ConsentKind.COMPLAINED})
# RFC 6449 (complaint feedback loops) has whoever reports a message as spam taken off the list; that
# no later grant brings them back is inference, as after a hard bounce.
_FINAL = frozenset({ConsentKind.BOUNCED, ConsentKind.COMPLAINED})


def in_force(consents: Iterable[Consent], openings: Iterable[Opening]) -> tuple[Consent, ...]:
    """Return the restrictions that no later grant of the same scope has lifted."""
    records = tuple(consents)
    grants = [consent for consent in records if not consent.is_restriction]
    restrictions = [consent for consent in records if consent.is_restriction]
    restrictions += [_opted_out(opening) for opening in openings if opening.opted_out]
    return tuple(one for one in restrictions if not _is_lifted(one, grants))


def _opted_out(opening: Opening) -> Consent:
    return Consent(
        id=opening.id,
        lead_id=opening.lead_id,
        occurred_at=opening.occurred_at,
        recorded_at=opening.recorded_at,
        kind=ConsentKind.OBJECTED,
    )


def _is_lifted(restriction: Consent, grants: list[Consent]) -> bool:
    if restriction.kind in _FINAL:
        return False
    after = max(restriction.occurred_us, restriction.recorded_us)
    scope = (restriction.channel, restriction.purpose)
    return any(
        (grant.channel, grant.purpose) == scope and grant.occurred_us > after for grant in grants
    )


def is_erased(restrictions: Iterable[Consent]) -> bool:
    """Say whether the person has asked to be erased."""
    return any(one.kind is ConsentKind.ERASED for one in restrictions)


def is_objected(restrictions: Iterable[Consent]) -> bool:
    """Say whether the person objects to marketing on every channel."""
    return any(
        one.kind in _OBJECTING and one.channel is None and _is_for(one, Purpose.MARKETING)
        for one in restrictions
    )


def covers(consent: Consent, channel: str, purpose: str) -> bool:
    """Say whether a consent speaks of a channel and purpose."""
    return consent.channel in (None, channel) and _is_for(consent, purpose)


def _is_for(consent: Consent, purpose: str) -> bool:
    if consent.kind is ConsentKind.COMPLAINED:
        # Whatever it names, it is marketing too that was complained about.
        return purpose in (Purpose.MARKETING, consent.purpose)
    return consent.purpose in (None, purpose)


def suppression(restrictions: Iterable[Consent], channel: str, purpose: str) -> Consent | None:
    """Return the restriction that forbids a contact, the one with the smallest id first."""
    hits = [
        one
        for one in restrictions
        if one.kind is ConsentKind.ERASED or covers(one, channel, purpose)
    ]
    return min(hits, key=lambda one: one.id, default=None)


def grant_at(consents: Iterable[Consent], channel: str, purpose: str, us: int) -> Consent | None:
    """Return the grant that covers a contact at an instant: the one that lasts longest."""
    held = [
        grant
        for grant in consents
        if not grant.is_restriction
        and grant.basis is not None
        and covers(grant, channel, purpose)
        and grant.occurred_us <= us
        and (grant.expires_us is None or us < grant.expires_us)
    ]
    return max(
        held,
        key=lambda grant: (grant.expires_us is None, grant.expires_us or 0, grant.id),
        default=None,
    )
