"""Look for a fault: over all situations, with the fewest records that show it, or as a whole.

OPEN. To add a way to look: a function from a subject to what it found, or None.
"""

import random
from collections.abc import Callable

import attrs

from nurturekit import documents
from nurturekit.errors import NurtureError
from nurturekit.records import Record, Situation
from nurturekit.testing.elsewhere import HASH_SEEDS, OTHER_YEAR, Lost, asked_elsewhere
from nurturekit.testing.faults import draws, reads_clock
from nurturekit.testing.subject import Subject, same, with_records

Fault = Callable[[Subject, Situation], str]
SEEDS = (1, 2)


@attrs.frozen
class Found:
    """A fault: what is wrong, and the situation that shows it, if it is about one."""

    problem: str
    situation: Situation | None = None


Find = Callable[[Subject], Found | None]


def each(fault: Fault) -> Find:
    """Return how to look for a fault in every situation; found, it is shown with few records."""

    def find(subject: Subject) -> Found | None:
        for situation in subject.situations:
            problem = fault(subject, situation)
            if problem:
                return _smallest(subject, fault, problem, situation)
        return None

    return find


def _smallest(subject: Subject, fault: Fault, problem: str, situation: Situation) -> Found:
    # What shows a fault only now and then is shown with more records than it takes.
    for record in situation.history:
        fewer = _without(situation, record)
        still = fault(subject, fewer)
        if still:
            problem, situation = still, fewer
    return Found(problem, situation)


def _without(situation: Situation, record: Record) -> Situation:
    return with_records(situation, [one for one in situation.history if one is not record])


def elsewhere(subject: Subject) -> Found | None:
    """Look for an answer that differs in another process, with other hashes, in another order."""
    for seed in HASH_SEEDS:
        answers = asked_elsewhere(subject, subject.calls, hash_seed=seed)
        if isinstance(answers, Lost):
            return Found(f"can't be asked in another process: {answers.problem}")
        for situation, here, there in zip(
            subject.situations, subject.answers, answers, strict=True
        ):
            if not same(here, there):
                return Found(f"answered {here!r} here and {there!r} in another process", situation)
    return None


def clock(subject: Subject) -> Found | None:
    """Look for a clock that is read, and for an answer that differs in another year."""
    return each(reads_clock)(subject) or _in_another_year(subject)


def _in_another_year(subject: Subject) -> Found | None:
    calls = subject.calls
    now = asked_elsewhere(subject, calls, hash_seed=HASH_SEEDS[0])
    then = asked_elsewhere(subject, calls, hash_seed=HASH_SEEDS[0], year=OTHER_YEAR)
    if isinstance(now, Lost) or isinstance(then, Lost):
        return None  # said by `elsewhere`
    for situation, one, other in zip(subject.situations, now, then, strict=True):
        if not same(one, other):
            return Found(f"answered {one!r} today and {other!r} in {OTHER_YEAR}", situation)
    return None


def chance(subject: Subject) -> Found | None:
    """Look for a random draw, and for an answer that differs with the seed."""
    return each(draws)(subject) or each(_depends_on_seed)(subject)


def _depends_on_seed(subject: Subject, situation: Situation) -> str:
    state, answers = random.getstate(), []
    call = subject.call(situation)
    try:
        for seed in SEEDS:
            random.seed(seed)
            answers.append(subject.asked(call))
    finally:
        random.setstate(state)
    return "" if same(*answers) else f"answered {answers[0]!r} or {answers[1]!r} by the seed"


def documented(subject: Subject) -> Found | None:
    """Look for something that a document of its playbook loses, or can't say."""
    try:
        catalog, tables = subject.catalog(), documents.dump(subject.playbook)
        again = documents.load(tables, catalog=catalog)
    except NurtureError as error:
        return Found(f"has no document: {error}")
    if again != subject.playbook:
        return Found("isn't equal to what its document gives back")
    if again.fingerprint != documents.fingerprint(subject.playbook):
        return Found("has another fingerprint once its document was read back")
    return None
