"""Questions put to leads of a table one by one, on this machine or where their rows are."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs
import narwhals as nw

from nurturekit.frame.engines import collected
from nurturekit.frame.found import Found
from nurturekit.frame.records import Unread, batches, cases_in
from nurturekit.frame.singly import NO_LEAD, Answers, Question, answers, failed
from nurturekit.frame.spread import spread
from nurturekit.frame.tables import Prepared
from nurturekit.interop.cases import Case
from nurturekit.records import FrozenMap

Lazy = nw.LazyFrame[Any]
Progress = Callable[[int, int], None]


@attrs.frozen(kw_only=True, eq=False)
class Asked:
    """What leads answered.

    Args:
        tables: The question's tables, in the engine.
        leads: How many leads were asked.
        found: Says what looked good in columns and still could not be a record.
    """

    tables: Mapping[str, Lazy]
    leads: int
    found: Callable[[], tuple[Found, ...]]


def asked(
    prepared: Prepared,
    lead_ids: Lazy | None,
    question: Question,
    *,
    processes: int = 1,
    progress: Progress | None = None,
) -> Asked:
    """Ask leads one by one.

    Args:
        prepared: The tables.
        lead_ids: The leads in a column `lead_id`, each once; all if not given.
        question: What is asked of each.
        processes: How many processes decide, where the rows are on this machine.
        progress: Called with how many of how many leads have answered, where they do here.
    """
    if prepared.engine.is_spread:
        return _spread(prepared, lead_ids, question)
    wanted = None if lead_ids is None else collected(lead_ids.select("lead_id"))["lead_id"]
    total = prepared.count() if wanted is None else len(wanted)
    unread, found, missing = Unread(), Answers(question.tables), dict[str, None]()

    def coming() -> Iterator[Case]:
        for batch in batches(prepared, wanted) if total else ():
            missing.update(dict.fromkeys(batch))
            yield from cases_in(prepared, batch, world=question.world, unread=unread)

    for done, (lead_id, rows) in enumerate(answers(question, coming(), processes=processes), 1):
        missing.pop(lead_id)
        found.add(rows)
        if progress is not None:
            progress(done, total)
    for lead_id in missing:
        found.add(failed(lead_id, NO_LEAD))
    tables = {name: prepared.table(one) for name, one in found.tables().items()}
    return Asked(tables=FrozenMap(tables), leads=total, found=unread.found)


def _spread(prepared: Prepared, lead_ids: Lazy | None, question: Question) -> Asked:
    every = prepared.leads.rows.select(lead_id=nw.col("id")) if lead_ids is None else lead_ids
    tables, found = spread(prepared, every, question)
    counted = collected(every.select(leads=nw.col("lead_id").n_unique()))
    return Asked(tables=tables, leads=counted["leads"][0], found=found)
