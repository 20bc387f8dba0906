"""Content for one lead: what fits it, what it hasn't had yet, and why; running out is an answer."""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from operator import itemgetter

import attrs

from nurturekit.answers import Action, Blocked, Score
from nurturekit.planning.fitting import (
    MISFITS,
    NEEDS,
    OWN,
    Item,
    Rank,
    Wish,
    fits,
    is_fresh,
    is_out,
    items_of,
    lasting_rank,
    misfits,
    rank,
    suiting,
    texts_of,
)
from nurturekit.planning.sequence import ANY, LEAD, ContentRule
from nurturekit.records import Content, Situation
from nurturekit.vocabulary import Channel, FunnelPosition

_HAD = frozenset({"seen", "taken"})


def pain_points(situation: Situation) -> frozenset[str]:
    """Return the lead's needs, case-folded; none are known when it is empty (S0-15)."""
    return texts_of(situation, *NEEDS)


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


@attrs.frozen(kw_only=True)
class ContentFit:
    """Why a piece of content fits a lead, or doesn't.

    Args:
        content: The piece's id.
        misfits: Codes of all that is against it, none where it fits: `position`, `pain-point`,
            `persona`, `topic`, `channel`, `language`, `stale`, `not-yet`, `retired`, `taken` (by
            another action of the same plan), `seen`.
        place: Its place among those that fit, from 1, which is chosen; None where it doesn't.
        because: Why, in words, without the lead's own.
    """

    content: str
    misfits: tuple[str, ...] = ()
    place: int | None = None
    because: str = ""


class Shelf:
    """The content of one lead, from which one plan takes each piece once.

    Args:
        situation: The lead, with `score` bound where its position counts.
        pieces: The pieces to choose from, the newest first; the world's, if not given.
    """

    def __init__(self, situation: Situation, pieces: tuple[Content, ...] | None = None) -> None:
        self.situation = situation
        self._pieces = situation.world.newest if pieces is None else pieces
        self._taken: set[str] = set()
        self._given: set[str] = set()
        self._by_rule: dict[tuple[ContentRule, Channel], list[tuple[Rank, Item]]] = {}

    @cached_property
    def _items(self) -> list[Item]:
        return items_of(self.situation, self._pieces, _had(self.situation))

    @cached_property
    def _left(self) -> list[Item]:
        return [one for one in self._items if one.speaks and not one.had]

    @cached_property
    def _position(self) -> FunnelPosition:
        return position_of(self.situation)

    def best(
        self, rule: ContentRule, channel: Channel, *, at_us: int, after_us: int = -1
    ) -> Content | None:
        """Return the piece that goes first of those that fit.

        Args:
            rule: What fits.
            channel: The channel that must take it.
            at_us: The planned instant: published by then and not retired.
            after_us: Only what came out after this instant.
        """
        wish = self._wish(rule, channel, at_us)
        second: tuple[Rank, Content] | None = None
        for place, one in self._suiting(rule, channel):
            if second is not None and second[0] != place:
                break
            if one.piece.published_us > after_us and is_out(one, wish):
                if is_fresh(one, wish):
                    return one.piece
                second = second or (place, one.piece)
        return second and second[1]

    def _suiting(self, rule: ContentRule, channel: Channel) -> list[tuple[Rank, Item]]:
        # A plan asks for the same again and again; only the instant and what is taken change.
        found = self._by_rule.get((rule, channel))
        if found is None:
            wish = self._wish(rule, channel, 0)
            pairs = [(lasting_rank(one, wish), one) for one in suiting(self._left, wish)]
            found = sorted(pairs, key=itemgetter(0))
            self._by_rule[rule, channel] = found
        return found

    def aimed(self, *, at_us: int) -> int:
        """Count the pieces out at an instant, and not had, that are for the lead's own need.

        So are those for its own persona, unless they are for other needs.
        """
        wish = self._wish(ContentRule(position=ANY), Channel.EMAIL, at_us)
        return sum(
            (one.meets or (one.persona == OWN and not one.piece.pain_points)) and fits(one, wish)
            for one in self._left
        )

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
            one.piece.published_us
            for one in self._left
            if one.piece.published_us > at_us
            and fits(one, self._wish(rule, channel, one.piece.published_us))
        )
        return min(coming, default=None)

    def because(self, piece: Content, rule: ContentRule) -> str:
        """Say why a piece was chosen, without the lead's own words."""
        one = next(one for one in self._items if one.piece.id == piece.id)
        reasons = []
        if rule.pain_point != "ignore" and one.meets:
            reasons.append("fits the pain point")
        if rule.persona != "ignore" and one.persona == OWN:
            reasons.append("fits the persona")
        if piece.position == self._wanted(rule):
            reasons.append(f"written for {piece.position}")
        if rule.topics and not set(rule.topics).isdisjoint(piece.topics):
            reasons.append("on the topic")
        return f"`{piece.id}`: {', '.join([*reasons, 'not seen yet'])}"

    def explain(self, rule: ContentRule, channel: Channel, *, at_us: int) -> tuple[ContentFit, ...]:
        """Say of every piece why it fits or doesn't: those that fit in order, then the others.

        Args:
            rule: What fits.
            channel: The channel that must take it.
            at_us: The planned instant, in epoch microseconds.
        """
        wish = self._wish(rule, channel, at_us)
        fitting = sorted(
            (one for one in self._items if fits(one, wish)), key=lambda one: rank(one, wish)
        )
        chosen = (
            ContentFit(content=one.piece.id, place=place, because=self.because(one.piece, rule))
            for place, one in enumerate(fitting, start=1)
        )
        codes = {one.piece.id: tuple(misfits(one, wish)) for one in self._items}
        left_out = (
            ContentFit(content=name, misfits=codes[name], because=_said(name, codes[name]))
            for name in sorted(codes)
            if codes[name]
        )
        return (*chosen, *left_out)

    def refusal(self, action: Action, rule: ContentRule, *, until_us: int | None) -> Blocked:
        """Say that there is nothing for an action, the pieces counted by what is against them.

        Where a piece would fit if it hadn't been had, the lead has exhausted what there is (S3-2).

        Args:
            action: What has no content.
            rule: What would fit.
            until_us: When the next piece comes out, if known.
        """
        wish = self._wish(rule, action.channel, action.earliest_us)
        against = [tuple(misfits(one, wish)) for one in self._items]
        had = any(_HAD.issuperset(codes) for codes in against)
        counts = Counter(codes[0] for codes in against)
        told = [f"{counts[code]} {words}" for code, (words, _) in MISFITS.items() if counts[code]]
        said = "the lead has had all content that fits" if had else "no content fits this step"
        return Blocked(
            code="exhausted" if had else "no-content",
            reason=f"{said}: {', '.join(told) or 'there is none'}",
            until_us=until_us,
            needs=("content",),
            action=action,
        )

    def _wish(self, rule: ContentRule, channel: Channel, at_us: int) -> Wish:
        return Wish(rule, self._wanted(rule), channel, at_us, self._taken)

    def _wanted(self, rule: ContentRule) -> str:
        # A rule for any position still prefers the lead's own.
        return self._position if rule.position in (LEAD, ANY) else rule.position


def _had(situation: Situation) -> frozenset[str]:
    """Return the content a lead has had: what we sent it and what it took itself."""
    return frozenset(
        touch.asset
        for touch in situation.touches
        if touch.asset is not None
        and (situation.is_outbound(touch) or situation.is_lead_made(touch))
    )


def _said(name: str, codes: tuple[str, ...]) -> str:
    return f"`{name}`: {', '.join(MISFITS[code][0] for code in codes)}"


def explain_content(
    situation: Situation,
    rule: ContentRule | None = None,
    *,
    channel: Channel = Channel.EMAIL,
    at_us: int | None = None,
) -> tuple[ContentFit, ...]:
    """Say of every piece of the world's content why it fits a lead or doesn't, the chosen first.

    Args:
        situation: The lead, with `score` bound where its position counts.
        rule: What fits; if not given, the lead's pain point where known, else its position.
        channel: The channel that must take it.
        at_us: When, in epoch microseconds; the situation's instant if not given.

    >>> from datetime import UTC, datetime
    >>> from nurturekit.records import Lead, World
    >>> day = datetime(2026, 3, 2, tzinfo=UTC)
    >>> world = World(content=[Content(id="a", published_at=day, language="de"),
    ...                        Content(id="b", published_at=day, language="fr")])
    >>> lead = Lead(id="l1", language="de-AT")
    >>> for fit in explain_content(Situation(lead, as_of=day, world=world)):
    ...     print(fit.place, fit.because)
    1 `a`: not seen yet
    None `b`: in other languages
    """
    at_us = situation.as_of_us if at_us is None else at_us
    return Shelf(situation).explain(rule or need_rule(situation), channel, at_us=at_us)


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
    shelf = Shelf(situation, (content,))
    at_us = max(situation.as_of_us, content.published_us)
    return shelf.best(rule or need_rule(situation), channel, at_us=at_us) is not None
