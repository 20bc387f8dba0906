"""Content for one lead: what fits its need and position, and what it hasn't had yet."""

from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cached_property

from nurturekit.answers import Score
from nurturekit.planning.sequence import ANY, LEAD, ContentRule
from nurturekit.records import Content, Situation
from nurturekit.vocabulary import Channel, FunnelPosition

PAIN_POINT = "pain_point"


def pain_points(situation: Situation) -> frozenset[str]:
    """Return the lead's pain points, case-folded; none are known when it is empty (S0-15)."""
    value = situation.attribute(PAIN_POINT)
    texts = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
    return frozenset(text.strip().casefold() for text in texts if text.strip())


def position_of(situation: Situation) -> FunnelPosition:
    """Return the lead's funnel position, awareness while its score shows none."""
    score: Score | None = situation.bound.get("score")
    return (score.position if score else None) or FunnelPosition.AWARENESS


def need_rule(situation: Situation) -> ContentRule:
    """Return what counts as news for a lead: its pain point where known, else its position.

    A generic piece is no news for a person whose pain point is known (S2-8, S3-2).
    """
    if pain_points(situation):
        return ContentRule(position=ANY, pain_point="require")
    return ContentRule(position=LEAD, pain_point="ignore")


class Shelf:
    """The content that a lead hasn't had yet, from which one plan takes each piece once.

    Args:
        situation: The lead, with `score` bound where its position counts.
        library: The pieces to choose from; the world's, if not given.
    """

    def __init__(self, situation: Situation, library: Mapping[str, Content] | None = None) -> None:
        self.situation = situation
        self._library = situation.world.content if library is None else library
        self._taken: set[str] = set()
        self._given: set[str] = set()

    @cached_property
    def _pieces(self) -> list[tuple[bool, Content]]:
        # Whether a piece meets the lead's need, and the piece; the newest first, then by id.
        had, pains = _had(self.situation, self._library), pain_points(self.situation)
        language = self.situation.lead.language
        pieces = [
            (_meets(piece, pains), piece)
            for piece in self._library.values()
            if piece.id not in had and _speaks(piece, language)
        ]
        pieces.sort(key=lambda pair: (-pair[1].published_us, pair[1].id))
        return pieces

    @cached_property
    def _position(self) -> FunnelPosition:
        return position_of(self.situation)

    def best(
        self, rule: ContentRule, channel: Channel, *, at_us: int, after_us: int = -1
    ) -> Content | None:
        """Return the fitting piece that goes first: need, then position, newest, then id.

        Args:
            rule: What fits.
            channel: The channel that must take it.
            at_us: The planned instant: published by then and not retired.
            after_us: Only what came out after this instant.
        """
        wanted = self._wanted(rule)
        found, best_rank = None, 4
        for meets, piece in self._fitting(rule, channel):
            if after_us < piece.published_us <= at_us and not _is_retired(piece, at_us):
                is_needless = not meets and rule.pain_point != "ignore"
                rank = 2 * is_needless + (piece.position != wanted)
                if rank < best_rank:
                    found, best_rank = piece, rank
                    if not rank:
                        break
        return found

    def take(self, piece: Content) -> None:
        """Take a piece: no other action of this plan gets it."""
        self._taken.add(piece.id)

    def give(self, content: str | None) -> None:
        """Note that the lead gets a piece: no later plan takes it again."""
        if content is not None:
            self._given.add(content)
            self._taken.add(content)

    def untaken(self) -> "Shelf":
        """Return the shelf for another plan: what was only taken is back, what was given isn't."""
        self._taken = set(self._given)
        return self

    def next_publication(self, rule: ContentRule, channel: Channel, *, at_us: int) -> int | None:
        """Return when the next fitting piece comes out that isn't out at an instant."""
        coming = (
            piece.published_us
            for _, piece in self._fitting(rule, channel)
            if piece.published_us > at_us and not _is_retired(piece, piece.published_us)
        )
        return min(coming, default=None)

    def because(self, piece: Content, rule: ContentRule) -> str:
        """Say why a piece was chosen, without the lead's own words."""
        reasons = []
        if rule.pain_point != "ignore" and _meets(piece, pain_points(self.situation)):
            reasons.append("fits the pain point")
        if piece.position == self._wanted(rule):
            reasons.append(f"written for {piece.position}")
        return f"`{piece.id}`: {', '.join([*reasons, 'not seen yet'])}"

    def _fitting(self, rule: ContentRule, channel: Channel) -> Iterator[tuple[bool, Content]]:
        wanted = ANY if rule.position == ANY else self._wanted(rule)
        for meets, piece in self._pieces:
            if (
                (meets or rule.pain_point != "require")
                and (piece.position is None or wanted in (ANY, piece.position))
                and (not piece.channels or channel in piece.channels)
                and (not rule.topics or not set(rule.topics).isdisjoint(piece.topics))
                and piece.id not in self._taken
            ):
                yield meets, piece

    def _wanted(self, rule: ContentRule) -> str:
        # A rule for any position still prefers the lead's own.
        return self._position if rule.position in (LEAD, ANY) else rule.position


def _had(situation: Situation, library: Container[str]) -> set[str]:
    """Return the content a lead has had: what we sent it and what it took itself."""
    return {
        touch.asset
        for touch in situation.touches
        if touch.asset in library
        and touch.asset is not None
        and (situation.is_outbound(touch) or situation.is_lead_made(touch))
    }


def _speaks(piece: Content, language: str | None) -> bool:
    if piece.language is None or language is None:
        return True
    return piece.language.casefold() == language.casefold()


def _is_retired(piece: Content, at_us: int) -> bool:
    return piece.retired_us is not None and piece.retired_us <= at_us


def _meets(piece: Content, pains: frozenset[str]) -> bool:
    if not pains or not piece.pain_points:
        return False
    return not pains.isdisjoint([text.strip().casefold() for text in piece.pain_points])


def matching(
    content: Content,
    situations: Iterable[Situation],
    *,
    rule: ContentRule | None = None,
    channel: Channel = Channel.EMAIL,
) -> tuple[Situation, ...]:
    """Return the situations whose lead a new piece fits, in the order given (S2-8).

    Erased leads and those who object to marketing are left out; so are those who have had it.

    Args:
        content: The piece; it may come out later than the situations' instant.
        situations: The leads, with `score` bound where their position counts.
        rule: What fits; if not given, the lead's pain point where known, else its position.
        channel: The channel that must take it.

    >>> from datetime import UTC, datetime
    >>> from nurturekit.records import Lead
    >>> day = datetime(2026, 3, 2, tzinfo=UTC)
    >>> case = Content(id="case", published_at=day, pain_points=("downtime",))
    >>> leads = [Lead(id="a", attributes={"pain_point": "Downtime"}),
    ...          Lead(id="b", attributes={"pain_point": "cost"})]
    >>> [found.lead.id for found in matching(case, [Situation(x, as_of=day) for x in leads])]
    ['a']
    """
    return tuple(
        situation
        for situation in situations
        if not (situation.is_erased or situation.is_objected)
        and _fits(content, situation, rule, channel)
    )


def _fits(
    content: Content, situation: Situation, rule: ContentRule | None, channel: Channel
) -> bool:
    shelf = Shelf(situation, {content.id: content})
    at_us = max(situation.as_of_us, content.published_us)
    return shelf.best(rule or need_rule(situation), channel, at_us=at_us) is not None
