"""Decide leads one by one, in parallel processes where that is asked for."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import datetime
from itertools import islice
from multiprocessing import get_context
from typing import Any

from nurturekit.decision import Decision
from nurturekit.errors import NurtureError
from nurturekit.interop.cases import Case
from nurturekit.playbook import Playbook

Answer = tuple[Case, Decision | NurtureError]
# Inference: large enough that sending them costs little, small enough that progress is seen.
_CHUNK = 250
# How many chunks wait for each process: histories are made only as fast as they are decided.
_AHEAD = 3


def decide_all(
    playbook: Playbook,
    cases: Iterable[Case],
    *,
    as_of: datetime,
    known_at: datetime | None = None,
    processes: int = 1,
) -> Iterator[Answer]:
    """Decide cases, in their order; one that can't be decided gives its error.

    Args:
        playbook: The playbook.
        cases: Leads with their histories and worlds.
        as_of: The instant of judgement, aware.
        known_at: Only what was recorded by then counts; `as_of` if not given.
        processes: How many processes decide. With more than one the calling script needs the
            usual `if __name__ == "__main__":`, as each process imports it.
    """
    chunks = _chunks(cases)
    if processes <= 1:
        for chunk in chunks:
            yield from zip(chunk, _decided(playbook, chunk, as_of, known_at), strict=True)
        return
    # A forked process would inherit the engines' locks; a new one starts without.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting: list[tuple[list[Case], Future[Any]]] = []
        for chunk in chunks:
            waiting.append((chunk, pool.submit(_decided, playbook, chunk, as_of, known_at)))
            if len(waiting) >= processes * _AHEAD:
                yield from _next(waiting)
        while waiting:
            yield from _next(waiting)


def _next(waiting: list[tuple[list[Case], "Future[Any]"]]) -> Iterator[Answer]:
    chunk, future = waiting.pop(0)
    yield from zip(chunk, future.result(), strict=True)


def _chunks(cases: Iterable[Case]) -> Iterator[list[Case]]:
    found = iter(cases)
    while chunk := list(islice(found, _CHUNK)):
        yield chunk


def _decided(
    playbook: Playbook, cases: list[Case], as_of: datetime, known_at: datetime | None
) -> list[Decision | NurtureError]:
    return [_decide(playbook, case, as_of, known_at) for case in cases]


def _decide(
    playbook: Playbook, case: Case, as_of: datetime, known_at: datetime | None
) -> Decision | NurtureError:
    try:
        return playbook.decide(
            case.lead, case.history, as_of=as_of, known_at=known_at, world=case.world
        )
    except NurtureError as error:
        return error
