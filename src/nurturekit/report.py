"""Decisions as text: a summary of many, one lead's story, and where playbooks disagree."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import attrs

from nurturekit.answers import Action, Blocked, Reason
from nurturekit.decision import Decision
from nurturekit.instants import format_us
from nurturekit.records import FrozenMap

NOTHING = "nothing"


def leads_of(count: int) -> str:
    """Return how many leads, in words: `1 lead`, `1,200 leads`."""
    return f"{count:,} lead{'' if count == 1 else 's'}"


def team_of(decision: Decision) -> str:
    """Return the accountable team, or `nobody` for a closed lead."""
    return decision.ownership.accountable.value if decision.ownership.is_open else "nobody"


def styles_of(decision: Decision) -> str:
    """Return which team may use which styles, in words."""
    allowed = decision.ownership.allowed
    texts = [f"{team}: {', '.join(sorted(allowed[team]))}" for team in sorted(allowed)]
    return "; ".join(text for text in texts if not text.endswith(": ")) or NOTHING


def next_of(decision: Decision) -> str:
    """Return the next action's way, style, team and content, in words."""
    action = decision.next_action
    return NOTHING if action is None else _way(action)


def _way(action: Action) -> str:
    content = f", {action.content}" if action.content else ""
    return f"{action.channel} {action.style} by {action.team}{content}"


def _next_channel(decision: Decision) -> str:
    action = decision.next_action
    return NOTHING if action is None else f"{action.channel} {action.style} by {action.team}"


def _handoffs(decision: Decision) -> Iterator[str]:
    if decision.handoff is not None:
        yield f"{decision.handoff.giver} to {decision.handoff.taker}, pending"
    if decision.request is not None:
        yield f"rep wanted from pool {decision.request.pool}"


def _blocked(decision: Decision) -> Iterator[str]:
    for one in decision.blocked:
        yield f"{one.code} (needs {', '.join(one.needs)})" if one.needs else one.code


def _undescribed(decision: Decision) -> Iterator[str]:
    for kind in decision.score.unknown_kinds:
        yield f"{kind}: a kind of touch that the playbook doesn't describe"


# What is counted, each lead once per label.
_SECTIONS: Mapping[str, Callable[[Decision], Iterable[str]]] = FrozenMap(
    {
        "stage": lambda one: [one.stage.value],
        "accountable": lambda one: [team_of(one)],
        "why": lambda one: [f"{one.ownership.row}: {one.ownership.because}"],
        "next action": lambda one: [_next_channel(one)],
        "handoffs": _handoffs,
        "blocked": _blocked,
        "undescribed": _undescribed,
        "alerts": lambda one: [f"{alert.reason} to {alert.to}" for alert in one.alerts],
        "assumed": lambda one: one.assumptions,
    }
)


class Summary:
    """Counts decisions as they come, so that ten million need no memory."""

    def __init__(self) -> None:
        self.leads = 0
        self.counts: dict[str, Counter[str]] = {name: Counter() for name in _SECTIONS}
        self.failures: Counter[str] = Counter()

    def add(self, decision: Decision) -> None:
        """Count one decision."""
        self.leads += 1
        for name, labels in _SECTIONS.items():
            self.counts[name].update(set(labels(decision)))

    def fail(self, code: str) -> None:
        """Count a lead that couldn't be decided."""
        self.failures[code] += 1

    def lines(self) -> Iterator[str]:
        """Yield the table, section by section."""
        for name, counts in self.counts.items():
            yield from _section(name, counts, of=self.leads)
        yield from _section("not decided", self.failures, of=self.leads)


def _section(title: str, counts: Counter[str], *, of: int) -> Iterator[str]:
    for label, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        share = f"{100 * count / of:5.1f} %" if of else ""
        yield f"{title:<12} {count:>7,} {share}  {label}".rstrip()
        title = ""


# On what playbooks are compared.
ASPECTS: Mapping[str, Callable[[Decision], str]] = FrozenMap(
    {"accountable": team_of, "allowed": styles_of, "next action": next_of}
)


@attrs.frozen(kw_only=True)
class Difference:
    """One lead that playbooks decide differently: aspect to what each of them says."""

    lead_id: str
    said: Mapping[str, tuple[str, ...]]


class Comparison:
    """Counts where playbooks disagree about the same leads, pair by pair.

    Args:
        names: The playbooks' names, in the order in which decisions come.
        first: How many differing leads to keep.
    """

    def __init__(self, names: Sequence[str], *, first: int = 10) -> None:
        self.names = tuple(names)
        self.pairs = tuple(combinations(range(len(self.names)), 2))
        self.leads = 0
        self.differing = 0
        self.counts: Counter[tuple[str, tuple[int, int]]] = Counter()
        self.differences: list[Difference] = []
        self._first = first

    def add(self, decisions: Sequence[Decision]) -> None:
        """Count one lead's decisions, one per playbook."""
        self.leads += 1
        said = {name: tuple(read(one) for one in decisions) for name, read in ASPECTS.items()}
        for name, words in said.items():
            for left, right in self.pairs:
                self.counts[name, (left, right)] += words[left] != words[right]
        unlike = {name: words for name, words in said.items() if len(set(words)) > 1}
        self.differing += bool(unlike)
        if unlike and len(self.differences) < self._first:
            self.differences.append(Difference(lead_id=decisions[0].lead_id, said=unlike))

    def lines(self) -> Iterator[str]:
        """Yield the counts as a table, then the first leads."""
        heads = [f"{name:>12}" for name in ASPECTS]
        title = "leads that differ in"
        width = max(len(title), *(len(self._pair(pair)) for pair in self.pairs), 0)
        yield f"{title:<{width}} {' '.join(heads)}"
        for pair in self.pairs:
            cells = [f"{self.counts[name, pair]:>12,}" for name in ASPECTS]
            yield f"{self._pair(pair):<{width}} {' '.join(cells)}"
        differ = "differs" if 1 in (self.differing, self.leads) else "differ"
        yield f"{self.differing:,} of {leads_of(self.leads)} {differ} in something"
        for difference in self.differences:
            yield ""
            yield from self._said(difference)

    def _said(self, difference: Difference) -> Iterator[str]:
        width = max(len(name) for name in self.names)
        yield f"lead {difference.lead_id}"
        for name, words in difference.said.items():
            for playbook, word in zip(self.names, words, strict=True):
                yield f"  {name:<12} {playbook:<{width}} {word}"

    def _pair(self, pair: tuple[int, int]) -> str:
        return f"{self.names[pair[0]]} / {self.names[pair[1]]}"


# Parts of the reasons that `story` tells in sections of its own, with more to them.
_TOLD_BELOW = ("score", "unknown", "move", "action", "blocked")


def story(decision: Decision) -> Iterator[str]:
    """Yield one lead's decision as text: why, score, what happens next, what is unknown."""
    yield decision.why().splitlines()[0]
    yield from _titled("owner", _owner(decision))
    yield from _titled("why", [_reason(reason) for reason in decision.reasons if _is_why(reason)])
    yield from _titled("score", decision.score.explain().splitlines())
    yield from _titled("next", [_action(action) for action in decision.actions])
    yield from _titled("blocked", [_refusal(one) for one in decision.blocked])
    yield from _titled("unknown", _unknowns(decision))
    yield from _titled("assumed", decision.assumptions)
    yield from _titled("append", [one.text for one in decision.reasons if one.part == "move"])
    yield from _titled("notes", decision.notes)


def _owner(decision: Decision) -> Iterator[str]:
    owner, handoff, request = decision.ownership, decision.handoff, decision.request
    rep = f", rep {owner.rep}" if owner.rep else ""
    since = f", since {format_us(owner.since_us)}" if owner.since_us is not None else ""
    yield f"{team_of(decision)} accountable, {owner.answerable} answers{rep}{since}"
    yield f"may use {styles_of(decision)}"
    if handoff is not None:
        to = f"{handoff.taker} {handoff.rep or ''}".strip()
        due = format_us(handoff.due_us)
        yield f"offered by {handoff.giver} to {to}, answer due {due} (offer {handoff.number})"
    if request is not None:
        yield f"rep wanted from pool {request.pool} by {format_us(request.due_us)}"
    for duty in owner.duties:
        yield f"{duty.team} owes {duty.kind} by {format_us(duty.due_us)}: {duty.because}"


def _is_why(reason: Reason) -> bool:
    return not reason.part.startswith(_TOLD_BELOW)


def _reason(reason: Reason) -> str:
    source = f" [{reason.source}]" if reason.source else ""
    return f"{reason.part}: {reason.text}{source}"


def _titled(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield ""
        yield title
        yield from (f"  {line}".rstrip() for line in found)


def _action(action: Action) -> str:
    latest = f" to {format_us(action.latest_us)}" if action.latest_us is not None else ""
    because = f": {action.because}" if action.because else ""
    return f"{format_us(action.earliest_us)}{latest}  {_way(action)}{because}"


def _refusal(one: Blocked) -> str:
    until = f" until {format_us(one.until_us)}" if one.until_us is not None else ""
    needs = f" (needs {', '.join(one.needs)})" if one.needs else ""
    action = f" [{_way(one.action)}]" if one.action is not None else ""
    return f"{one.code}: {one.reason}{until}{needs}{action}"


def _unknowns(decision: Decision) -> list[str]:
    rows = decision.score.contributions
    return sorted({name for row in rows for name in row.unknown})
