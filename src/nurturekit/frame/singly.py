"""Leads decided one by one: what is asked of each, and how answers become tables.

A question is a value: it goes as it is to other processes, and on a cluster to where the rows are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import datetime
from itertools import islice
from multiprocessing import get_context
from typing import Any

import attrs

from nurturekit.decision import Decision
from nurturekit.errors import NurtureError
from nurturekit.frame.schema import arrow_schema
from nurturekit.interop.cases import Case
from nurturekit.playbook import Playbook
from nurturekit.records import EMPTY_WORLD, FrozenMap, World

Row = dict[str, Any]
Rows = Mapping[str, list[Row]]
# The table that has a row for every lead, one that can't be decided among them.
LEADS = "leads"
# The error of a lead whose row can't be a `Lead`, or that has none.
NO_LEAD = "bad-lead"
# Inference: large enough that sending them costs little, small enough that progress is seen.
_CHUNK = 250
# How many chunks wait for each process: histories are made only as fast as they are decided.
_AHEAD = 3


@attrs.frozen(kw_only=True)
class Question:
    """What is asked of leads one by one.

    Args:
        playbook: The playbook.
        as_of: The instant of judgement, aware.
        known_at: Only what was recorded by then counts; `as_of` if not given.
        world: What all leads share.
        read: What is read from a decision: rows of the tables below, by table. A function of a
            module: other processes import it.
        tables: The tables that answers make, each with its columns and what they hold; `leads` has
            a row a lead, with `lead_id` and `error`.
    """

    playbook: Playbook
    as_of: datetime
    known_at: datetime | None = None
    world: World = EMPTY_WORLD
    read: Callable[[Decision], Rows]
    tables: Mapping[str, Mapping[str, str]]

    def answer(self, case: Case) -> Rows:
        """Decide about one lead, and read the decision; or say what prevented it."""
        try:
            decision = self.playbook.decide(
                case.lead,
                case.history,
                as_of=self.as_of,
                known_at=self.known_at,
                world=case.world,
            )
        except NurtureError as error:
            return failed(case.lead.id, error.code)
        return self.read(decision)


def failed(lead_id: str, code: str) -> Rows:
    """Return the answer of a lead that can't be decided."""
    return {LEADS: [{"lead_id": lead_id, "error": code}]}


def answers(
    question: Question, cases: Iterable[Case], *, processes: int = 1
) -> Iterator[tuple[str, Rows]]:
    """Yield each case's lead id and its answer, in their order.

    Args:
        question: What is asked.
        cases: Leads with their histories and worlds.
        processes: How many processes decide. With more than one the calling script needs the
            usual `if __name__ == "__main__":`, as each process imports it.
    """
    chunks = _chunks(cases)
    if processes <= 1:
        for chunk in chunks:
            yield from _answered(question, chunk)
        return
    # A forked process would inherit the engines' locks; a new one starts without.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting: list[Future[Any]] = []
        for chunk in chunks:
            waiting.append(pool.submit(_answered, question, chunk))
            if len(waiting) >= processes * _AHEAD:
                yield from waiting.pop(0).result()
        while waiting:
            yield from waiting.pop(0).result()


def _chunks(cases: Iterable[Case]) -> Iterator[list[Case]]:
    found = iter(cases)
    while chunk := list(islice(found, _CHUNK)):
        yield chunk


def _answered(question: Question, cases: list[Case]) -> list[tuple[str, Rows]]:
    return [(case.lead.id, question.answer(case)) for case in cases]


class Answers:
    """Collects answers into tables of Arrow's, a batch at a time."""

    def __init__(self, tables: Mapping[str, Mapping[str, str]], *, at_once: int = 10_000) -> None:
        self._schemas = {name: arrow_schema(columns) for name, columns in tables.items()}
        self._batches: dict[str, list[Any]] = {name: [] for name in tables}
        self._rows: dict[str, list[Row]] = {name: [] for name in tables}
        self._at_once = at_once

    def add(self, rows: Rows) -> None:
        """Add a lead's answer."""
        for name, found in rows.items():
            waiting = self._rows[name]
            waiting += found
            if len(waiting) >= self._at_once:
                self._pack(name)

    def tables(self) -> Mapping[str, Any]:
        """Return the tables."""
        import pyarrow as pa

        for name in self._rows:
            self._pack(name)
        return FrozenMap(
            {
                name: pa.Table.from_batches(batches, self._schemas[name])
                for name, batches in self._batches.items()
            }
        )

    def _pack(self, name: str) -> None:
        import pyarrow as pa

        batch = pa.RecordBatch.from_pylist(self._rows[name], self._schemas[name])
        self._batches[name].append(batch)
        self._rows[name] = []
