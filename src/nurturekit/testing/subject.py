"""A plug-in under test: how it is asked, about which situations, and what it answered.

CLOSED. To add a kind of plug-in: a function that makes its `Subject`, and its checks.
"""

import pickle
from collections.abc import Callable, Iterable
from functools import cache, cached_property
from inspect import isawaitable
from typing import Any

import attrs
from hypothesis import HealthCheck, Phase, given, settings

from nurturekit.decision import Decision
from nurturekit.documents import Catalog
from nurturekit.playbook import Playbook
from nurturekit.presets import PRESETS, preset
from nurturekit.records import FrozenMap, History, Record, Situation
from nurturekit.records.checks import Value
from nurturekit.signals.asked import RAISED, described
from nurturekit.testing.edges import edges
from nurturekit.testing.strategies import situations

# Drawn situations that follow the hand-made ones: few, so that a plug-in's tests stay quick.
DRAWN = 16
Attributes = FrozenMap[str, tuple[Value, ...]]
Call = tuple[Any, ...]


@attrs.frozen
class Raised:
    """What a plug-in raised instead of answering; its text may differ from call to call."""

    kind: str
    error: BaseException = attrs.field(eq=False)


@attrs.frozen
class Awaitable:
    """What an `async` function returned instead of an answer."""


@attrs.frozen(kw_only=True, slots=False)
class Subject:
    """A plug-in under test.

    Args:
        plugin: The plug-in.
        name: What messages call it.
        method: The method of its protocol.
        call: What the method is called with, from a situation.
        checked: How the library asks it alone: raises `PluginError` for what its protocol forbids.
        playbook: A playbook that it is part of.
        catalog: What a document needs to cite it.
        attributes: Each attribute that it reads, with values.
    """

    plugin: Any
    name: str
    method: str
    call: Callable[[Situation], Call]
    checked: Callable[[Situation], object]
    playbook: Playbook
    catalog: Callable[[], Catalog]
    attributes: Attributes

    @property
    def situations(self) -> tuple[Situation, ...]:
        """The situations it is asked about: the edges first, then some drawn ones."""
        # Copies each time: what a plug-in changes in a record spoils no other check.
        found: tuple[Situation, ...] = pickle.loads(_pickled(self.attributes))  # noqa: S301 - our own
        return found

    @property
    def calls(self) -> tuple[Call, ...]:
        """What it is called with about each."""
        return tuple(self.call(situation) for situation in self.situations)

    @cached_property
    def answers(self) -> tuple[object, ...]:
        """Its first answer about each."""
        return tuple(self.answer(situation) for situation in self.situations)

    def decided(self, situation: Situation) -> Decision:
        """Return what the playbook decides."""
        return self.playbook.decide(
            situation.lead,
            situation.history,
            as_of=situation.as_of,
            known_at=situation.known_at,
            world=situation.world,
        )

    def answer(self, situation: Situation) -> object:
        """Return what it answers, `Raised` or `Awaitable` included, about a fresh situation."""
        return self.asked(self.call(situation))

    def asked(self, call: Call) -> object:
        """Return what it answers to a call that is ready."""
        try:
            answer: object = getattr(self.plugin, self.method)(*call)
        except RAISED as error:
            return Raised(type(error).__name__, error)
        if isawaitable(answer):
            described(answer)  # closes it
            return Awaitable()
        return answer


def is_answer(answer: object) -> bool:
    """Say whether the plug-in answered at all, rightly or wrongly."""
    return not isinstance(answer, Raised | Awaitable)


def same(one: object, other: object) -> bool:
    """Say whether two answers are the same: NaN is the same as NaN, 1 isn't True."""
    return type(one) is type(other) and (one == other or repr(one) == repr(other))


def with_records(situation: Situation, records: Iterable[Record]) -> Situation:
    """Return a situation with another history, nothing bound."""
    return Situation(
        situation.lead,
        History(records),
        as_of=situation.as_of,
        known_at=situation.known_at,
        world=situation.world,
    )


@cache
def _pickled(attributes: Attributes) -> bytes:
    drawn: list[Situation] = []

    # Always the same examples, wherever and whenever it runs.
    @settings(
        max_examples=DRAWN,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=tuple(HealthCheck),
    )
    @given(situations(attributes=attributes))
    def draw(situation: Situation) -> None:
        drawn.append(with_records(situation, situation.history))

    draw()
    # From no records to the most: who remembers its first answer is told by the other end.
    drawn.sort(key=lambda situation: len(situation.history))
    return pickle.dumps((*edges(attributes), *drawn))


@cache
def base() -> Playbook:
    """Return the playbook that plug-ins are put into: the first of those shipped."""
    return preset(PRESETS[0])
