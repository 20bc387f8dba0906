"""What can be wrong with a plug-in's answer about one situation: a function for each fault.

OPEN. To add one: a function here that returns what is wrong, in words, or nothing; and its place in
the tables of `nurturekit.testing.checks`.
"""

import pickle
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import cached_property
from typing import Any

import attrs

from nurturekit.answers import Desired
from nurturekit.errors import PluginError
from nurturekit.records import Consent, Fact, Move, Record, Situation, Touch, World
from nurturekit.records.world import Peer
from nurturekit.signals import UNKNOWN, AtLeast
from nurturekit.testing import watching
from nurturekit.testing.subject import (
    Awaitable,
    Raised,
    Subject,
    is_answer,
    same,
    with_records,
)
from nurturekit.vocabulary import Team

INSTANT = timedelta(microseconds=1)
RISING, FALLING = "rising", "falling"
_WORLD = attrs.fields(World)


def does_io(subject: Subject, situation: Situation) -> str:
    """Say whether it opens a file, a socket or a process."""
    call = subject.call(situation)
    return _first("opens something", watching.files_opened(lambda: subject.asked(call)))


def reads_clock(subject: Subject, situation: Situation) -> str:
    """Say whether it asks what time it is."""
    call = subject.call(situation)
    return _first("reads a clock", watching.clocks_read(lambda: subject.asked(call)))


def draws(subject: Subject, situation: Situation) -> str:
    """Say whether it draws at random."""
    call = subject.call(situation)
    return _first("draws at random", watching.chance_drawn(lambda: subject.asked(call)))


def _first(claim: str, seen: list[str]) -> str:
    return f"{claim}: {seen[0]}" if seen else ""


def is_async(subject: Subject, situation: Situation) -> str:
    """Say whether it returns something to be awaited."""
    is_it = isinstance(subject.answer(situation), Awaitable)
    return "returned a coroutine" if is_it else ""


def raises(subject: Subject, situation: Situation) -> str:
    """Say whether it raises."""
    answer = subject.answer(situation)
    return f"raised {answer.kind}: {answer.error}" if isinstance(answer, Raised) else ""


def is_illegal(subject: Subject, situation: Situation) -> str:
    """Say what the library refuses of its answer, but for what other checks are for."""
    answer = subject.answer(situation)
    if not is_answer(answer) or owners(subject, situation):
        return ""
    try:
        subject.checked(situation)
    except PluginError as error:
        return error.problem
    return ""


def owners(subject: Subject, situation: Situation) -> str:
    """Say whether its answer names several accountable teams, or none."""
    answer = subject.answer(situation)
    team: object = answer.accountable if isinstance(answer, Desired) else Team.MARKETING
    return "" if isinstance(team, Team) else f"named {team!r} as `accountable`"


def differs(subject: Subject, situation: Situation) -> str:
    """Say whether it answers the same question twice in two ways."""
    call = subject.call(situation)
    first = subject.asked(call)
    if not same(first, subject.asked(call)):
        return "answered the same situation in two ways"
    if not same(first, subject.answer(situation)):
        return "answered two equal situations in two ways"
    return ""


def changes_inputs(subject: Subject, situation: Situation) -> str:
    """Say which part of its inputs it changed."""
    asked, *rest = pickle.loads(pickle.dumps(subject.call(situation)))  # noqa: S301 - our own
    for name in _derived(type(asked)):
        getattr(asked, name)
    # As bytes: NaN is the same as itself, and what is inside counts too.
    kept = pickle.dumps(_parts(asked))
    subject.asked((asked, *rest))
    now = _parts(asked)
    if pickle.dumps(now) == kept:
        return ""
    before: dict[str, object] = pickle.loads(kept)  # noqa: S301 - our own
    alike = {name for name in before if pickle.dumps(before[name]) == pickle.dumps(now.get(name))}
    changed = sorted({*before, *now} - alike)
    return f"changed `{changed[0]}` of the situation" if changed else ""


def _derived(kind: type) -> Iterator[str]:
    # Computed now, so that the plug-in can add nothing by asking for them.
    return (name for name, part in vars(kind).items() if isinstance(part, cached_property))


def _parts(situation: Situation) -> dict[str, object]:
    return {
        **vars(situation),
        "history": situation.history.records,
        "peers": [(peer.lead, peer.history.records) for peer in situation.peers],
        "world": [
            getattr(situation.world, field.name) for field in _WORLD if field.name != "peers"
        ],
    }


def ignores_objection(subject: Subject, situation: Situation) -> str:
    """Say whether it lets anybody nurture a person who asked to be left alone."""
    for kind in ("objected", "erased"):
        said = Consent(
            id=f"check-{kind}",
            lead_id=situation.lead.id,
            occurred_at=situation.as_of,
            kind=kind,
        )
        answer = subject.answer(with_records(situation, (*situation.history, said)))
        if isinstance(answer, Desired) and not answer.is_closed and any(answer.allowed.values()):
            return f"allows styles to a lead that has {kind}, and isn't closed"
    return ""


def looks_ahead(subject: Subject, situation: Situation) -> str:
    """Say whether records that can't be seen yet change its answer."""
    known = subject.answer(situation)
    for when, more in (
        ("from after `as_of`", _later(subject, situation)),
        ("written down after `known_at`", _late(subject, situation)),
    ):
        if not same(known, subject.answer(_with_unseen(situation, more))):
            return f"answers otherwise once there are records {when}"
    return ""


def _later(subject: Subject, situation: Situation) -> list[Record]:
    return [
        attrs.evolve(record, occurred_at=situation.as_of + INSTANT, recorded_at=None)
        for record in _news(subject, situation)
    ]


def _late(subject: Subject, situation: Situation) -> list[Record]:
    at = max(situation.known_at, situation.as_of - timedelta(days=1)) + INSTANT
    return [attrs.evolve(record, recorded_at=at) for record in _news(subject, situation)]


def _news(subject: Subject, situation: Situation) -> Iterator[Record]:
    # Whatever could turn a policy: sales intent, a rep's word, a stage, an owner, each attribute.
    fields: dict[str, Any] = {
        "lead_id": situation.lead.id,
        "occurred_at": situation.as_of - timedelta(days=1),
    }
    yield Touch(id="check-raised", kind="demo_requested", direction="inbound", **fields)
    yield Touch(id="check-called", kind="call_made", rep="rep-7", outcome="bad_data", **fields)
    yield Move(id="check-stage", kind="stage", to="opportunity", **fields)
    yield Move(id="check-owner", kind="owner", to="sales", **fields)
    for name, values in subject.attributes.items():
        for number, value in enumerate(values[:2]):
            yield Fact(id=f"check-{name}-{number}", name=name, value=value, **fields)


def _with_unseen(situation: Situation, more: Iterable[Record]) -> Situation:
    unseen = tuple(more)
    peers: Any = tuple(
        Peer(lead=peer.lead, history=peer.history.add(*_of(peer.lead.id, unseen)))
        for peer in situation.world.peers
    )
    changed = with_records(situation, (*situation.history, *unseen))
    changed.world = attrs.evolve(situation.world, peers=peers)
    return changed


def _of(lead_id: str, records: Iterable[Record]) -> list[Record]:
    return [attrs.evolve(record, lead_id=lead_id) for record in records]


def turns(subject: Subject, situation: Situation) -> str:
    """Say whether a touch more turns a measure against the way it is declared to go."""
    way = subject.plugin.monotone
    if way not in (RISING, FALLING):
        return f"declares `monotone = {way!r}`"
    with_all = subject.answer(situation)
    for touch in situation.touches:
        fewer = [record for record in situation.history if record.id != touch.id]
        without = subject.answer(with_records(situation, fewer))
        low, high = (without, with_all) if way == RISING else (with_all, without)
        if is_answer(low) and is_answer(high) and _falls(low, high, is_learned=way == RISING):
            return f"measured {without!r}, and {with_all!r} with the touch `{touch.id}` more"
    return ""


def _falls(low: Any, high: Any, *, is_learned: bool) -> bool:  # noqa: ANN401 - any measure
    numbers = [one.count if isinstance(one, AtLeast) else one for one in (low, high)]
    if UNKNOWN in numbers:
        # More touches may make a measure known, never unknown.
        return bool(numbers[is_learned] == UNKNOWN and numbers[not is_learned] != UNKNOWN)
    try:
        return bool(numbers[0] > numbers[1])
    except TypeError:
        return True


def breaks_out(subject: Subject, situation: Situation) -> str:
    """Say whether anything but the library's own error comes out where a playbook asks it."""
    try:
        subject.decided(situation)
    except PluginError as error:
        if (error.plugin, error.lead_id) != (subject.name, situation.lead.id):
            return f"blames `{error.plugin}`, for lead `{error.lead_id}`: {error.problem}"
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - that is what is looked for
        return f"lets a {type(error).__name__} out of the playbook: {error}"
    return ""
