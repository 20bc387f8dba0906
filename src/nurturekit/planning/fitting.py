"""When a piece of content fits a lead, and which goes first.

CLOSED. Rules, all of them here:

- Needs are the facts `pain_point`, `objection` and `question` alike: what sales hears in a
  conversation counts as what a form asked (S0-15). Texts are compared case-folded.
- A language falls back to its prefixes (RFC 4647, 3.4): `de-AT` takes `de`, not the reverse.
- An unknown language or persona isn't another one: the piece fits, the unsure persona last.
- What fits goes by a preferred topic, need, position, persona, freshness, own language, the newest,
  id.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from nurturekit.instants import DAY_US
from nurturekit.planning.sequence import ANY, ContentRule
from nurturekit.records import Content, FrozenMap, Situation
from nurturekit.vocabulary import Channel

NEEDS = ("pain_point", "objection", "question")
PERSONA = "persona"
# How a piece's personas agree with the lead's: its own, everybody's, unsure, another's.
OWN, _ALL, _UNSURE, _OTHER = range(4)
# From which of them on a rule takes none: unknown isn't false, and not enough to `require`.
_BARRED: Mapping[str, int] = FrozenMap({"ignore": 4, "prefer": _OTHER, "require": _UNSURE})


class Item(NamedTuple):
    """A piece, and what of it is the same for every wish of one lead."""

    piece: Content
    meets: bool
    persona: int
    speaks: bool
    had: bool


class Wish(NamedTuple):
    """What is looked for: a rule at an instant, and the lead's position where it leaves that."""

    rule: ContentRule
    position: str
    channel: Channel
    at_us: int
    taken: frozenset[str] | set[str] = frozenset()


def texts_of(situation: Situation, *names: str) -> frozenset[str]:
    """Return the texts of a lead's attributes, case-folded; blank ones are none."""
    values = (situation.attribute(name) for name in names)
    lists = (one if isinstance(one, tuple) else (one,) for one in values)
    return _folded(tuple(text for texts in lists for text in texts if isinstance(text, str)))


@lru_cache(maxsize=4096)
def _folded(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(text.strip().casefold() for text in texts if text.strip())


def items_of(situation: Situation, newest: tuple[Content, ...], had: frozenset[str]) -> list[Item]:
    """Return the pieces as they are for one lead, in order where a wish ranks them alike."""
    needs, personas = texts_of(situation, *NEEDS), texts_of(situation, PERSONA)
    language = (situation.lead.language or "").casefold()
    pieces = sorted(newest, key=lambda piece: _is_fallback(piece, language)) if language else newest
    return [
        Item(
            piece,
            bool(needs) and not needs.isdisjoint(_folded(piece.pain_points)),
            _agreement(piece, personas) if piece.personas else _ALL,
            _speaks(piece, language),
            piece.id in had,
        )
        for piece in pieces
    ]


def _agreement(piece: Content, personas: frozenset[str]) -> int:
    if not personas:
        return _UNSURE
    return _OTHER if personas.isdisjoint(_folded(piece.personas)) else OWN


def _speaks(piece: Content, language: str) -> bool:
    if piece.language is None or not language:
        return True
    return f"{language}-".startswith(f"{piece.language.casefold()}-")


def _is_fallback(piece: Content, language: str) -> bool:
    return piece.language is not None and piece.language.casefold() != language


def _is_old(piece: Content, at_us: int, days: int | None) -> bool:
    return days is not None and at_us - piece.published_us > days * DAY_US


def _is_retired(piece: Content, at_us: int) -> bool:
    return piece.retired_us is not None and piece.retired_us <= at_us


def _is_off_topic(item: Item, wish: Wish) -> bool:
    return bool(wish.rule.topics) and set(wish.rule.topics).isdisjoint(item.piece.topics)


Test = Callable[[Item, Wish], bool]
# What is against a piece, by code, in the order in which a refusal counts it, and in its words.
MISFITS: Mapping[str, tuple[str, Test]] = FrozenMap(
    {
        "position": (
            "for another position",
            lambda item, wish: (
                wish.rule.position != ANY and item.piece.position not in (None, wish.position)
            ),
        ),
        "pain-point": (
            "for other needs",
            lambda item, wish: wish.rule.pain_point == "require" and not item.meets,
        ),
        "persona": (
            "for other personas",
            lambda item, wish: item.persona >= _BARRED[wish.rule.persona],
        ),
        "topic": (
            "on other topics",
            lambda item, wish: wish.rule.topic == "require" and _is_off_topic(item, wish),
        ),
        "channel": (
            "for other channels",
            lambda item, wish: (
                bool(item.piece.channels) and wish.channel not in item.piece.channels
            ),
        ),
        "language": ("in other languages", lambda item, _: not item.speaks),
        "stale": (
            "too old",
            lambda item, wish: _is_old(item.piece, wish.at_us, wish.rule.max_age_days),
        ),
        "not-yet": (
            "not published yet",
            lambda item, wish: wish.at_us < item.piece.published_us,
        ),
        "retired": ("retired", lambda item, wish: _is_retired(item.piece, wish.at_us)),
        "taken": ("taken by another action", lambda item, wish: item.piece.id in wish.taken),
        "seen": ("had already", lambda item, _: item.had),
    }
)
_TESTS = tuple((code, test) for code, (_, test) in MISFITS.items())
# Those whose answer changes with the instant or with what was taken; and those that an item tells
# whatever is wished. The others hold for a plan.
_PASSING = frozenset({"stale", "not-yet", "retired", "taken"})
_TOLD = frozenset({"language", "seen"})
_LASTING = tuple(test for code, test in _TESTS if code not in _PASSING | _TOLD)


def misfits(item: Item, wish: Wish) -> Iterator[str]:
    """Yield the codes of all that is against a piece."""
    return (code for code, test in _TESTS if test(item, wish))


def fits(item: Item, wish: Wish) -> bool:
    """Say whether nothing is against a piece."""
    return next(misfits(item, wish), None) is None


def suiting(items: list[Item], wish: Wish) -> list[Item]:
    """Return those of the pieces in the lead's language, not had, that a rule's wish is for."""
    for test in _LASTING:
        items = [one for one in items if not test(one, wish)]
    return items


def is_out(item: Item, wish: Wish) -> bool:
    """Say of a piece that suits whether it fits at the wish's instant."""
    piece, at_us = item.piece, wish.at_us
    return (
        piece.published_us <= at_us
        and piece.id not in wish.taken
        and not _is_retired(piece, at_us)
        and not _is_old(piece, at_us, wish.rule.max_age_days)
    )


def is_fresh(item: Item, wish: Wish) -> bool:
    """Say whether a piece is as fresh as it says it stays."""
    return not _is_old(item.piece, wish.at_us, item.piece.fresh_days)


Rank = tuple[bool, bool, bool, int]


def rank(item: Item, wish: Wish) -> tuple[Rank, bool]:
    """Return what a piece that fits goes by, freshness last; lower is first."""
    return lasting_rank(item, wish), not is_fresh(item, wish)


def lasting_rank(item: Item, wish: Wish) -> Rank:
    """Return what a piece goes by at every instant: preferred topic, need, position, persona."""
    rule, piece = wish.rule, item.piece
    return (
        _is_off_topic(item, wish),
        not item.meets and rule.pain_point != "ignore",
        piece.position != wish.position,
        OWN if rule.persona == "ignore" else item.persona,
    )
