"""News: what a rep has to say. Without any there is no check-in (S3-2).

News are, the first of them that there is:

- Content that the lead hasn't had, that meets its need, and that came out after sales last turned
  to the lead, or meets a need learned after that.
- A hand-raise of the lead after sales last turned to it or last recorded what came of it.
- A fact that changed on a later day than that: what is noted on the same day came of the same
  conversation.

News is told once. An attempt that met nobody has told it too: the same message left again is what
nobody answers (S4-3); what the lead asked for stays owed, as a duty, and needs no news. So has what
the same plan has a rep do earlier, whatever it is about.
"""

from collections.abc import Iterator

import attrs

from nurturekit.planning.case import Case
from nurturekit.planning.content import Shelf, need_rule
from nurturekit.planning.fitting import NEEDS
from nurturekit.records import Content, Fact, Situation
from nurturekit.signals.evidence import hand_raises_after
from nurturekit.vocabulary import Channel, MoveKind, Origin

_NEVER_US = -1
# The moves by which a person says what came of a lead.
_WORDS = frozenset({MoveKind.STAGE, MoveKind.REJECTED, MoveKind.SNOOZED})


@attrs.frozen(kw_only=True)
class News:
    """Something new to say: why, and the content where that is the news."""

    because: str
    content: Content | None = None


def find_news(case: Case, shelf: Shelf, *, at_us: int) -> News | None:
    """Return what is new to say at an instant, or None."""
    piece = _new_content(case, shelf, at_us)
    if piece is not None:
        because = shelf.because(piece, need_rule(case.situation))
        return News(because=f"{because}: mail it with a personal note", content=piece)
    since_us = _dealt_with_us(case)
    made = hand_raises_after(case.situation, since_us)
    if made:
        return News(because=f"the lead's `{made[-1].kind}` since ({made[-1].id})")
    fact = next(changed_facts(case.situation, since_us), None)
    return News(because=f"`{fact.name}` changed since ({fact.id})") if fact else None


def next_news_us(case: Case, shelf: Shelf, *, at_us: int) -> int | None:
    """Return when the next content comes out that will be news, as far as the library says."""
    return shelf.next_publication(need_rule(case.situation), Channel.EMAIL, at_us=at_us)


def _new_content(case: Case, shelf: Shelf, at_us: int) -> Content | None:
    rule = need_rule(case.situation)
    since_us = _last_told_us(case)
    changed = changed_facts(case.situation, since_us)
    if any(fact.name in NEEDS for fact in changed):
        since_us = _NEVER_US
    return shelf.best(rule, Channel.EMAIL, at_us=at_us, after_us=since_us)


def _last_told_us(case: Case) -> int:
    return max(_or_never(case.last_sales_us), _or_never(case.told_us))


def _or_never(us: int | None) -> int:
    return _NEVER_US if us is None else us


def _dealt_with_us(case: Case) -> int:
    # A person who recorded an outcome or decided on the lead knows all that was there to know.
    situation = case.situation
    known = [_last_told_us(case)]
    known += [
        touch.occurred_us
        for touch in situation.touches
        if touch.origin is Origin.PERSON and touch.outcome is not None
    ]
    known += [
        move.occurred_us
        for move in situation.visible.moves
        if move.origin is Origin.PERSON and move.kind in _WORDS
    ]
    return max(known)


def changed_facts(situation: Situation, since_us: int) -> Iterator[Fact]:
    """Yield the facts, by name, whose value is another one than on the day of an instant."""
    for name in sorted(situation.facts):
        fact = situation.facts[name]
        if fact.value is None or not _is_later_day(situation, fact.occurred_us, since_us):
            continue
        before = [
            one
            for one in situation.visible.facts
            if one.name == name and not _is_later_day(situation, one.occurred_us, since_us)
        ]
        held = before[-1].value if before else situation.lead.attributes.get(name)
        if held != fact.value:
            yield fact


def _is_later_day(situation: Situation, us: int, since_us: int) -> bool:
    return since_us < 0 or situation.age_days(us) < situation.age_days(since_us)
