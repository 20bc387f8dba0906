"""From one lead's history to its contact pressure.

Rules, all of them here:

- A contact of ours turns to the lead on a channel that reaches a person; one-to-one by sales it is
  sales', else marketing's (S1-13). What counts lies in the window (as of - days, as of].
- Repeats are of two kinds: an asset that the lead had had from us, whenever; and a rep's contact by
  the channel of the rep's contact before, with nothing new between. New is an asset not had before,
  a hand-raise, a fact that changed on a later day, an offer, a date that was agreed to.
- A machine answers nothing: opens and automatic replies count neither as answers nor as contacts.
- A lead is watched from its first touch, fact, move or opening on: a silence before is nobody's.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from nurturekit.fatigue.values import UNKNOWN, LeadFatigue
from nurturekit.guards.caps import UNDIRECTED
from nurturekit.instants import DAY_US, date_us
from nurturekit.planning.case import UNANSWERED, is_answer
from nurturekit.records import Consent, FrozenMap, Situation, Touch
from nurturekit.vocabulary import Channel, ConsentKind, MoveKind, Origin, Team

WEEK_US = 7 * DAY_US


def measured(seen: Situation, since_us: int) -> LeadFatigue:
    """Return what a lead has had, as of its instant.

    Args:
        seen: The lead.
        since_us: The window's start, which doesn't count, in epoch microseconds.
    """
    ours = [touch for touch in seen.touches if is_contact(seen, touch)]
    recent = [touch for touch in ours if touch.occurred_us > since_us]
    times = [touch.occurred_us for touch in recent]
    return LeadFatigue(
        lead_id=seen.lead.id,
        contacts=FrozenMap(Counter(_parts(seen, touch) for touch in recent)),
        same_asset=sum(touch.occurred_us > since_us for touch in _again(ours)),
        same_channel=sum(touch.occurred_us > since_us for touch in repeats(seen)),
        unanswered_calls=_longest_run(seen, since_us),
        silence_days=_silence_us(seen, times, since_us) / DAY_US,
        busiest_week=_busiest(times),
        opt_outs=sum(_is_opt_out(seen, one, since_us) for one in seen.consents),
        answers=sum(
            touch.occurred_us > since_us and is_answer(seen, touch) for touch in seen.touches
        ),
    )


def _is_opt_out(seen: Situation, consent: Consent, since_us: int) -> bool:
    # A restriction can be seen before it holds, or before it was known: it is counted after both.
    known_us = max(consent.occurred_us, consent.recorded_us)
    is_now = since_us < consent.occurred_us and known_us <= seen.as_of_us
    return is_now and consent.kind is not ConsentKind.GIVEN


def is_contact(seen: Situation, touch: Touch) -> bool:
    """Say whether a touch of ours reached out to the lead in person."""
    return seen.is_outbound(touch) and _channel(seen, touch) not in UNDIRECTED


def _channel(seen: Situation, touch: Touch) -> str | None:
    return touch.channel or seen.kind_of(touch).channel


def _parts(seen: Situation, touch: Touch) -> tuple[str, str, str]:
    team = Team.SALES if seen.is_sales_touch(touch) else Team.MARKETING
    style = touch.style or seen.kind_of(touch).style
    return str(_channel(seen, touch) or UNKNOWN), str(team), str(style or UNKNOWN)


def _again(ours: Iterable[Touch]) -> Iterator[Touch]:
    had: set[str] = set()
    for touch in ours:
        if touch.asset is not None:
            if touch.asset in had:
                yield touch
            had.add(touch.asset)


def repeats(seen: Situation) -> Iterator[Touch]:
    """Yield a rep's contacts by the channel of the one before, with nothing new between (S3-2)."""
    had = {touch.asset for touch in seen.sales_touches[:1]}
    for before, touch in pairwise(seen.sales_touches):
        is_same = _channel(seen, touch) == _channel(seen, before)
        since_us, until_us = before.occurred_us, touch.occurred_us
        had |= {one.asset for one in seen.touches if one.occurred_us < until_us}
        is_told = touch.asset is not None and touch.asset not in had
        if is_same and not is_told and not _is_news(seen, since_us, until_us):
            yield touch


def _is_news(seen: Situation, since_us: int, until_us: int) -> bool:
    raised = any(
        since_us < touch.occurred_us <= until_us and seen.kind_of(touch).intent
        for touch in seen.lead_made
    )
    offered = any(
        since_us < move.occurred_us <= until_us and move.kind is MoveKind.OFFERED
        for move in seen.visible.moves
    )
    agreed = any(since_us < date <= until_us for date in _agreed(seen))
    return raised or offered or agreed or _is_changed(seen, since_us, until_us)


def _agreed(seen: Situation) -> Iterator[int]:
    dates = [opening.next_attempt_on for opening in seen.visible.openings]
    dates += [touch.next_attempt_on for touch in seen.touches]
    yield from (date_us(date) for date in dates if date is not None)
    for move in seen.visible.moves:
        if move.kind is MoveKind.SNOOZED and move.origin is Origin.PERSON and move.until_us:
            yield move.until_us


def _is_changed(seen: Situation, since_us: int, until_us: int) -> bool:
    held = dict(seen.lead.attributes.items())
    since_age = seen.age_days(since_us)
    for fact in seen.visible.facts:
        if fact.occurred_us > until_us:
            break
        is_later = seen.age_days(fact.occurred_us) < since_age
        if is_later and fact.value is not None and held.get(fact.name) != fact.value:
            return True
        held[fact.name] = fact.value
    return False


def _longest_run(seen: Situation, since_us: int) -> int:
    longest = run = 0
    for touch in seen.touches:
        if touch.occurred_us > since_us and _channel(seen, touch) == Channel.PHONE:
            is_vain = seen.is_outbound(touch) and touch.outcome in UNANSWERED
            run = run + 1 if is_vain else 0
            longest = max(longest, run)
    return longest


def _silence_us(seen: Situation, times: list[int], since_us: int) -> int:
    records = seen.visible
    ever = (records.touches, records.facts, records.moves, records.openings)
    # Each is by time.
    first = min([seen.as_of_us, *(kind[0].occurred_us for kind in ever if kind)])
    points = [max(since_us, first), *times, seen.as_of_us]
    return max(later - earlier for earlier, later in pairwise(points))


def _busiest(times: list[int]) -> int:
    # A week ends with each contact; what lies less than seven days before it counts.
    return max((sum(end - WEEK_US < one <= end for one in times) for end in times), default=0)
