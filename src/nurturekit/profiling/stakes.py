"""What is at stake in a fact: points, and what a decision would say otherwise."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import attrs

from nurturekit.answers import Score
from nurturekit.criteria import Leaf
from nurturekit.decision import Decision
from nurturekit.interpreters.evaluate import evaluate
from nurturekit.planning.content import Shelf
from nurturekit.playbook import Playbook
from nurturekit.records import Fact, FrozenMap, History, Lead, Situation, World
from nurturekit.records.checks import Value

_HYPOTHESIS = "profiling-hypothesis"


@attrs.frozen(kw_only=True)
class Stake:
    """Something that a decision would say otherwise.

    Args:
        what: Which aspect: see `ASPECTS`.
        now: What it says now, in words.
        then: What it would say.
    """

    what: str
    now: str
    then: str

    def __str__(self) -> str:
        return f"{self.what} {self.now} -> {self.then}"


@attrs.frozen(kw_only=True)
class Subject:
    """A lead at an instant, under a playbook."""

    playbook: Playbook
    lead: Lead
    history: History
    as_of: datetime
    world: World

    def situation(self) -> Situation:
        """Return its situation, with the score bound."""
        return self.playbook.situation(self.lead, self.history, as_of=self.as_of, world=self.world)

    def knowing(self, fact: str, value: Value) -> "Subject":
        """Return the subject as it would be with an answer."""
        known = Fact(
            id=_HYPOTHESIS, lead_id=self.lead.id, occurred_at=self.as_of, name=fact, value=value
        )
        return attrs.evolve(self, history=self.history.add(known))


@attrs.frozen(kw_only=True)
class _Seen:
    """A situation and what is decided in it."""

    playbook: Playbook
    situation: Situation
    decision: Decision

    @property
    def score(self) -> Score:
        """The score."""
        return self.decision.score


def _band(seen: _Seen) -> str | None:
    band = getattr(seen.playbook.scoring, "band", None)
    return None if band is None else band(seen.score)


def _content(seen: _Seen) -> str | None:
    return next((one.content for one in seen.decision.actions if one.content), None)


def _handoff(seen: _Seen) -> str | None:
    offered, asked = seen.decision.handoff, seen.decision.request
    return "offered" if offered else "asked for" if asked else None


# What of a decision is compared, in the order in which it is told. That an answer is news to a rep
# isn't: it holds for every answer, whatever it says.
ASPECTS: Mapping[str, Callable[[_Seen], object]] = FrozenMap(
    {
        "band": _band,
        "grade": lambda seen: seen.score.grade,
        "position": lambda seen: seen.score.position,
        "stage": lambda seen: seen.decision.stage,
        "sales-ready": lambda seen: seen.situation.bound["readiness"].is_sales_ready,
        "unfit": lambda seen: seen.situation.bound["readiness"].is_unfit,
        "accountable": lambda seen: seen.decision.ownership.accountable,
        "row": lambda seen: seen.decision.ownership.row,
        "handoff": _handoff,
        "content": _content,
        "aimed pieces": lambda seen: _aimed(seen.situation),
    }
)
_WORDS: Mapping[object, str] = FrozenMap({None: "none", True: "yes", False: "no"})


def _aimed(situation: Situation) -> int:
    return Shelf(situation).aimed(at_us=situation.as_of_us)


def _said(value: object) -> str:
    is_word = value is None or isinstance(value, bool)
    return _WORDS[value] if is_word else str(value)


def _aspects(subject: Subject, situation: Situation) -> dict[str, str]:
    decision = subject.playbook.decide(
        subject.lead, subject.history, as_of=subject.as_of, world=subject.world
    )
    seen = _Seen(playbook=subject.playbook, situation=situation, decision=decision)
    return {what: _said(measure(seen)) for what, measure in ASPECTS.items()}


class Stakes:
    """What is at stake for one lead; what is decided now is decided once."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self.situation = subject.situation()
        self._now: dict[str, str] | None = None

    def of(
        self, fact: str, values: Iterable[Value], leaves: tuple[Leaf, ...]
    ) -> tuple[int, tuple[Stake, ...]]:
        """Return the milli-points and the decisions at stake in a fact.

        Args:
            fact: The attribute's name.
            values: The answers to try.
            leaves: What the playbook's criteria ask of it: answers on which they agree are one.
        """
        totals = [self.situation.bound["score"].milli]
        kinds: dict[object, tuple[Subject, Situation]] = {}
        for value in values:
            subject = self._subject.knowing(fact, value)
            situation = subject.situation()
            totals.append(situation.bound["score"].milli)
            told = tuple(evaluate(leaf, situation) for leaf in leaves)
            kinds.setdefault((told, totals[-1], _aimed(situation)), (subject, situation))
        stakes = [stake for kind in kinds.values() for stake in self._changed(*kind)]
        order = {what: place for place, what in enumerate(ASPECTS)}
        told_once = sorted(dict.fromkeys(stakes), key=lambda one: (order[one.what], one.then))
        return max(totals) - min(totals), tuple(told_once)

    def _changed(self, subject: Subject, situation: Situation) -> list[Stake]:
        if self._now is None:
            self._now = _aspects(self._subject, self.situation)
        then = _aspects(subject, situation)
        return [
            Stake(what=what, now=now, then=then[what])
            for what, now in self._now.items()
            if then[what] != now
        ]
