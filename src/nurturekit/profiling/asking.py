"""Which fact to ask for next, and where."""

import html
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import attrs

from nurturekit.criteria import Leaf, Literal
from nurturekit.errors import CallError
from nurturekit.instants import format_us
from nurturekit.planning import Question
from nurturekit.planning.fitting import NEEDS, PERSONA
from nurturekit.planning.questions import distinct
from nurturekit.playbook import Playbook
from nurturekit.profiling.records import ASKED, REFUSED, days_since
from nurturekit.profiling.stakes import Stake, Stakes, Subject
from nurturekit.profiling.values import SOMETHING_ELSE, answers, leaves_of, possible
from nurturekit.records import EMPTY_WORLD, History, Lead, Record, Situation, World
from nurturekit.records.checks import Value

# GDPR Art. 9(1) and 10: asked for only where a playbook declares the question.
SENSITIVE = frozenset(
    {
        "biometrics",
        "criminal_record",
        "disability",
        "ethnicity",
        "genetics",
        "health",
        "political_opinion",
        "race",
        "religion",
        "sex_life",
        "sexual_orientation",
        "trade_union",
        "union_membership",
    }
)
# What our own people say of a lead.
_OURS = frozenset({"account_owner", "do_not_contact"})


def _days(value: object, argument: str, least: int) -> None:
    if type(value) is not int or value < least:
        problem = f"must be a whole number from {least}"
        raise CallError("out-of-range", argument=argument, problem=problem)


@attrs.frozen(kw_only=True)
class Asking:
    """How questions are asked.

    Args:
        on: Where: `form`, `call`, or a name that the questions use; None is anywhere.
        most: How many on one touch.
        again_days: The days before a question without an answer is asked again.
        refused_days: The days before a refused one is asked again; None is never.
        questions: What may be asked; None is what the playbook says, see `askable`.

    Raises:
        CallError: `out-of-range`.
        ModelError: `duplicate-name`.
    """

    on: str | None = None
    # S0-9: bit by bit; the number is inference.
    most: int = 2
    # Inference.
    again_days: int = 30
    refused_days: int | None = None
    questions: tuple[Question, ...] | None = attrs.field(
        default=None, converter=attrs.converters.optional(distinct)
    )

    def __attrs_post_init__(self) -> None:
        _days(self.most, "most", 0)
        _days(self.again_days, "again_days", 1)
        if self.refused_days is not None:
            _days(self.refused_days, "refused_days", 1)


DEFAULTS = Asking()


@attrs.frozen(kw_only=True)
class Ask:
    """A fact to ask for, and why.

    Args:
        fact: The attribute's name.
        on: Where it may be asked.
        milli: Milli-points at stake: the greatest total that an answer gives, less the least.
        decisions: What a decision would say otherwise, for the answers that the playbook tells
            apart.
        because: Both in words.
        prompt_id: The id of the question's words, if it has one.
    """

    fact: str
    on: tuple[str, ...]
    milli: int
    decisions: tuple[Stake, ...]
    because: str
    prompt_id: str | None = None

    @property
    def points(self) -> float:
        """The points at stake, for people; compare `milli` instead."""
        return self.milli / 1000


@attrs.frozen(kw_only=True)
class NextQuestions:
    """What to ask one lead, the first first.

    Args:
        lead_id: Whom.
        as_of_us: When, in epoch microseconds.
        asks: The questions.
    """

    lead_id: str
    as_of_us: int
    asks: tuple[Ask, ...]

    def rows(self) -> list[dict[str, Any]]:
        """Return one flat dictionary per question, ready for a frame."""
        return [
            {
                "lead_id": self.lead_id,
                "fact": one.fact,
                "on": ", ".join(one.on),
                "prompt_id": one.prompt_id,
                "points": one.points,
                "decisions": len(one.decisions),
                "because": one.because,
            }
            for one in self.asks
        ]

    def text(self) -> str:
        """Return the questions as text for people."""
        head = f"{self.lead_id} as of {format_us(self.as_of_us)}: "
        count = f"ask for {len(self.asks)}" if self.asks else "nothing to ask"
        return "\n".join([head + count, *(f"  {one.fact}: {one.because}" for one in self.asks)])

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        head, *_ = self.text().splitlines()
        rows = "".join(
            f"<tr><td>{html.escape(one.fact)}</td><td>{html.escape(one.because)}</td></tr>"
            for one in self.asks
        )
        return f"<table><caption>{html.escape(head)}</caption>{rows}</table>"


def askable(playbook: Playbook) -> tuple[Question, ...]:
    """Return the questions of a playbook; where it declares none, its criteria's facts and needs.

    Args:
        playbook: The playbook.

    >>> import nurturekit as nk
    >>> "title" in [question.fact for question in askable(nk.preset(nk.PRESETS[0]))]
    True
    """
    if playbook.questions:
        return playbook.questions
    names = {*leaves_of(playbook), NEEDS[0], PERSONA} - SENSITIVE - _OURS
    return tuple(Question(fact=name) for name in sorted(names))


def next_questions(
    playbook: Playbook,
    lead: Lead,
    history: History | Iterable[Record] = (),
    *,
    as_of: datetime,
    world: World = EMPTY_WORLD,
    asking: Asking = DEFAULTS,
) -> NextQuestions:
    """Return what to ask a lead next: most points at stake first, then decisions, cost and name.

    Args:
        playbook: The playbook.
        lead: The lead.
        history: Its history, or just the records.
        as_of: The instant of judgement, aware.
        world: Who and what isn't about this lead.
        asking: What may be asked, where, how many and how often.

    Raises:
        RecordError: For a naive or impossible instant.
        PluginError: When a plug-in policy or planner doesn't keep to its protocol.

    >>> from datetime import UTC, datetime
    >>> import nurturekit as nk
    >>> playbook = nk.preset(nk.PRESETS[0])
    >>> found = next_questions(playbook, Lead(id="l1"), as_of=datetime(2026, 11, 2, tzinfo=UTC))
    >>> found.asks[0].fact, found.asks[0].points > 0
    ('title', True)
    """
    records = history if isinstance(history, History) else History(history)
    subject = Subject(playbook=playbook, lead=lead, history=records, as_of=as_of, world=world)
    stakes = Stakes(subject)
    given = askable(playbook) if asking.questions is None else asking.questions
    leaves = leaves_of(playbook)
    open_ones = [one for one in given if _may_ask(one, stakes.situation, asking)]
    found = [(_ask(one, stakes, leaves, world), one.cost) for one in open_ones]
    worth = [pair for pair in found if pair[0].milli or pair[0].decisions]
    worth.sort(key=lambda pair: _order(*pair))
    return NextQuestions(
        lead_id=lead.id,
        as_of_us=stakes.situation.as_of_us,
        asks=tuple(ask for ask, _ in worth[: asking.most]),
    )


def _order(ask: Ask, cost: int) -> tuple[int, int, int, str]:
    return -ask.milli, -len(ask.decisions), cost, ask.fact


def _may_ask(question: Question, situation: Situation, asking: Asking) -> bool:
    if situation.is_erased or situation.is_objected:
        return False
    if asking.on is not None and asking.on not in question.on:
        return False
    if situation.attribute(question.fact) not in (None, ""):
        return False
    refused = days_since(situation, question.fact, REFUSED)
    if refused is not None and (asking.refused_days is None or refused < asking.refused_days):
        return False
    last = days_since(situation, question.fact, ASKED)
    return last is None or last >= asking.again_days


def _ask(
    question: Question, stakes: Stakes, leaves: Mapping[str, tuple[Leaf, ...]], world: World
) -> Ask:
    asked = leaves.get(question.fact, ())
    values: tuple[Value, ...] = question.choices or (*answers(asked), *_of_library(question, world))
    milli, decisions = stakes.of(question.fact, values, asked)
    return Ask(
        fact=question.fact,
        on=question.on,
        milli=milli,
        decisions=decisions,
        because=_because(milli, decisions),
        prompt_id=question.prompt_id,
    )


def _of_library(question: Question, world: World) -> list[Literal]:
    # A need or persona that some piece is for may choose content.
    name = {**dict.fromkeys(NEEDS, "pain_points"), PERSONA: "personas"}.get(question.fact)
    pieces = world.content.values() if name else ()
    texts = {text for piece in pieces for text in getattr(piece, name or "")}
    return list(possible(sorted(texts - {SOMETHING_ELSE})))


def _because(milli: int, decisions: tuple[Stake, ...]) -> str:
    points = f"{milli / 1000:g} points at stake"
    return "; ".join([points, *map(str, decisions)])
