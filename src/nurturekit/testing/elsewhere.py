"""Ask a plug-in in other processes: with other hashes of texts, in another order, in another year.

CLOSED. A process is started once and kept until Python ends: it costs a third of a second.
"""

import atexit
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import IO, Any, cast

import attrs

from nurturekit.testing import child
from nurturekit.testing.subject import Awaitable, Call, Raised, Subject

# Two fixed orders of every set of texts; so a failure repeats.
HASH_SEEDS = ("0", "1")
OTHER_YEAR = 2099


@attrs.frozen
class Unpickled:
    """An answer that can't leave its process."""

    kind: str


@attrs.frozen
class Lost:
    """Why a plug-in can't be asked in another process."""

    problem: str


def asked_elsewhere(
    subject: Subject, calls: Sequence[Call], *, hash_seed: str, year: int | None = None
) -> tuple[object, ...] | Lost:
    """Return what a plug-in answers in another process.

    Args:
        subject: The plug-in.
        calls: What it is asked, ready.
        hash_seed: Python's seed for the hashes of texts.
        year: Which year it is there, this one if not given.
    """
    try:
        pickled = pickle.dumps((subject.plugin, subject.method, list(calls)))
    except Exception as error:  # noqa: BLE001 - a plug-in may raise anything
        return Lost(f"{type(error).__name__}: {error}")
    process = _process(hash_seed, year)
    requests, replies = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    try:
        pickle.dump((list(sys.path), pickled), requests)
        requests.flush()
        problem, answers = pickle.load(replies)  # noqa: S301 - from our own process
    except (EOFError, OSError):
        _process.cache_clear()  # the next plug-in gets a process that lives
        return Lost("it ended the process")
    return Lost(problem) if problem else tuple(_answer(*answer) for answer in answers)


def _answer(kind: str, answer: Any) -> object:  # noqa: ANN401 - what the process sent
    match kind:
        case "raised":
            return Raised(answer, Exception(answer))
        case "awaitable":
            return Awaitable()
        case "unpickled":
            return Unpickled(answer)
        case _:
            return pickle.loads(answer)  # noqa: S301 - from our own process


@cache
def _process(hash_seed: str, year: int | None) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(  # noqa: S603 - our own program
        # -P: the program's own folder must not hide modules of the same names.
        [sys.executable, "-P", child.__file__, *([] if year is None else [str(year)])],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    atexit.register(_end, process)
    return process


def _end(process: "subprocess.Popen[bytes]") -> None:  # pragma: no cover - at Python's end
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):  # what a process that has ended never read
            cast("IO[bytes]", pipe).close()
    process.wait()
