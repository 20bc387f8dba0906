"""Content libraries that run out before a sequence does."""

from collections.abc import Iterator
from functools import cached_property

import attrs

from nurturekit.answers import Score
from nurturekit.criteria import Criterion, OneOf
from nurturekit.lint.draft import Draft
from nurturekit.lint.findings import ERROR, WARNING, Finding
from nurturekit.lint.paths import Paths
from nurturekit.lint.rhythm import beyond
from nurturekit.lint.sequences import path_of
from nurturekit.planning import Branch, ContentRule, Step, matching
from nurturekit.planning.sequence import LEAD
from nurturekit.planning.waits import SKIP
from nurturekit.records import Content, FrozenMap, Lead, Situation
from nurturekit.signals import named
from nurturekit.signals.answers import NONE
from nurturekit.vocabulary import POSITIONS, Channel, FunnelPosition


@attrs.frozen(kw_only=True)
class Reader:
    """For whom pieces are counted: a funnel position and a language, None for any."""

    position: FunnelPosition
    language: str | None

    @property
    def stands(self) -> Criterion:
        """What holds of such a lead; one without a position reads what is for the first."""
        words = [str(self.position)] if self.position is not POSITIONS[0] else [NONE, POSITIONS[0]]
        return OneOf(named("position"), words)

    def gets(self, piece: Content, rule: ContentRule, channel: Channel) -> bool:
        """Say whether a piece fits such a lead, of whom it says that the piece is for it."""
        said = {"pain_point": piece.pain_points, "persona": piece.personas}
        known = {name: words for name, words in said.items() if words}
        lead = Lead(id="reader", language=self.language, attributes=known)
        situation = Situation(lead, as_of=piece.published_at).bind(
            score=Score(milli=0, dimensions=FrozenMap(), position=self.position)
        )
        return bool(matching(piece, [situation], rule=rule, channel=channel))

    def told(self, rule: ContentRule) -> str:
        """Return who this is, as far as a rule asks."""
        position = self.position if rule.position == LEAD else rule.position
        return f"{position} in `{self.language}`" if self.language else str(position)


@attrs.frozen(kw_only=True, slots=False)
class Library:
    """The pieces of a world, with what each reader can get."""

    pieces: tuple[Content, ...]

    @cached_property
    def readers(self) -> tuple[Reader, ...]:
        """Every position, in every language that the library has."""
        named = {piece.language for piece in self.pieces if piece.language is not None}
        languages: tuple[str | None, ...] = tuple(sorted(named)) or (None,)
        return tuple(
            Reader(position=position, language=language)
            for position in POSITIONS
            for language in languages
        )

    @cached_property
    def _kept(self) -> dict[tuple[Reader, ContentRule, Channel], frozenset[str]]:
        return {}

    def fitting(self, reader: Reader, rule: ContentRule, channel: Channel) -> frozenset[str]:
        """Return the ids of the pieces that fit a reader by a rule on a channel."""
        key = (reader, rule, channel)
        if key not in self._kept:
            self._kept[key] = frozenset(
                piece.id for piece in self.pieces if reader.gets(piece, rule, channel)
            )
        return self._kept[key]


def no_content_left(draft: Draft) -> Iterator[Finding]:
    """Yield the steps for which a library hasn't enough, if a run keeps to its times.

    No piece goes to a lead twice, so all steps of a path share what fits them. A step that is to be
    skipped where there is none is told only if nobody ever gets any.
    """
    if not draft.world.content:
        return
    library = Library(pieces=tuple(draft.world.content.values()))
    for paths in draft.paths:
        for index, step in paths.reached():
            if step.content is not None and _is_planned(draft, paths, index):
                yield from _short(draft, paths, library, index, step)


def _is_planned(draft: Draft, paths: Paths, index: int) -> bool:
    days = paths.earliest[index]
    return days is not None and days <= draft.horizon_days


def _short(
    draft: Draft, paths: Paths, library: Library, index: int, step: Step
) -> Iterator[Finding]:
    rule, leaving = _rule(step), paths.sequence.exit
    unless = () if leaving is None else (leaving,)
    readers = [one for one in library.readers if draft.can_hold(one.stands, unless=unless)]
    needed = {one: _needed(draft, paths, library, (index, step), one) for one in readers}
    held = {one: len(library.fitting(one, rule, step.channel)) for one in readers}
    short = [f"{held[one]} for {one.told(rule)}" for one in readers if needed[one] > held[one]]
    has_some = any(held.values())
    if short and not (has_some and step.if_no_content == SKIP):
        yield Finding(
            code="no-content-left",
            path=path_of(paths.sequence, f"steps[{step.id}].content"),
            problem=f"needs {max(needed.values())} within {draft.horizon_days} days, its path "
            f"included, and the library has {', '.join(dict.fromkeys(short))}",
            remedy="write more, send less often, or widen the rule",
            level=WARNING if has_some else ERROR,
        )


def _needed(
    draft: Draft, paths: Paths, library: Library, target: tuple[int, Step], reader: Reader
) -> int:
    """Return how many pieces a path takes of those that fit a step, up to the horizon."""
    index, step = target
    own = library.fitting(reader, _rule(step), step.channel)
    taken: list[int] = []
    for place, one in enumerate(paths.sequence.steps[: index + 1]):
        before = [taken[start] for start in paths.before(place)]
        fitting = _taken_from(library, reader, one)
        is_own = fitting is not None and (fitting == own or (_must_take(one) and fitting <= own))
        taken.append(min(before, default=0) + is_own)
    return taken[index] + _repeated(draft, paths, index, step)


def _taken_from(library: Library, reader: Reader, step: Step | Branch) -> frozenset[str] | None:
    if not isinstance(step, Step) or step.content is None:
        return None
    return library.fitting(reader, step.content, step.channel)


def _must_take(step: Step | Branch) -> bool:
    # What is skipped without content leaves the run going on, and takes nothing.
    return isinstance(step, Step) and step.if_no_content != SKIP


def _rule(step: Step) -> ContentRule:
    return step.content or ContentRule()


def _repeated(draft: Draft, paths: Paths, index: int, step: Step) -> int:
    left = draft.horizon_days - (paths.earliest[index] or 0)
    if not step.repeats:
        return 0
    # A cadence's first instant isn't the step's own time: it comes a distance later at the most.
    first = 0 if step.cadence is None else 1
    count = first
    while beyond(step, count + 1) <= left:
        count += 1
    return count - first
