"""Score whole tables: the same integers as one lead at a time."""

from datetime import datetime
from typing import Any

import attrs
import narwhals as nw

from nurturekit.errors import CallError
from nurturekit.frame.explaining import contributions
from nurturekit.frame.moment import Moment
from nurturekit.frame.report import TableReport, report_of
from nurturekit.frame.scores import scores
from nurturekit.frame.tables import Prepared, Tables
from nurturekit.instants import day_of, to_us
from nurturekit.playbook import Playbook
from nurturekit.scoring import ScoringModel

Native = Any
EXPLAIN = ("none", "long")


@attrs.frozen(kw_only=True, eq=False)
class Scored:
    """The scores of a table.

    Args:
        table: One row a lead, in the caller's kind of frame: `lead_id`, `score_milli` (the total in
            thousandths of a point), `<dimension>_milli`, and `position`, `grade` and `band` where
            the model has them.
        contributions: One row per lead and rule, limit, weight and total, which add up exactly to
            the total; None unless asked for.
    """

    table: Native
    contributions: Native = None
    _prepared: Prepared = attrs.field(repr=False)
    _model: ScoringModel = attrs.field(repr=False)

    def report(self, *, duplicates: bool = False) -> TableReport:
        """Look at every row, and count what was left out and what scores nothing.

        Args:
            duplicates: Whether to look for ids that come twice; it costs more than scoring.
        """
        return report_of(self._prepared, kinds=self._model.kinds, duplicates=duplicates)


def score(
    tables: Tables,
    scoring: ScoringModel | Playbook,
    *,
    as_of: datetime,
    known_at: datetime | None = None,
    explain: str = "none",
) -> Scored:
    """Score every lead of a table; lazy frames stay lazy.

    Args:
        tables: The leads, with touches and facts as far as there are any.
        scoring: A scoring model, or the playbook that has one.
        as_of: The instant of judgement, aware.
        known_at: Only what was recorded by then counts; `as_of` if not given.
        explain: `long` for the rows that add up to each score, else `none`.

    Raises:
        InputError: `missing-column`, `unknown-column` or `wrong-type`, before any work.
        RecordError: For a naive or impossible instant.
        CallError: `unknown-word` for another word in `explain`; `not-in-columns` where a
            rule of the scoring model reads more than attributes and counts of touches.
    """
    checked_explain(explain)
    model = scoring.scoring if isinstance(scoring, Playbook) else scoring
    prepared = tables.prepared()
    moment = moment_of(model, as_of, known_at)
    found = scores(prepared, model, moment, kinds=scoring.kinds, parts=explain == "long")
    rows = contributions(prepared, model, found) if explain == "long" else None
    return Scored(
        table=given_back(prepared, found.answer),
        contributions=None if rows is None else given_back(prepared, rows),
        prepared=prepared,
        model=model,
    )


def checked_explain(explain: str) -> None:
    """Refuse another word than those of `EXPLAIN`.

    Raises:
        CallError: `unknown-word`.
    """
    if explain not in EXPLAIN:
        problem = f"must be one of {', '.join(EXPLAIN)}"
        raise CallError("unknown-word", argument="explain", problem=problem)


def moment_of(model: ScoringModel, as_of: datetime, known_at: datetime | None) -> Moment:
    """Return from when tables are looked at.

    Raises:
        RecordError: For a naive or impossible instant.
    """
    as_of_us = to_us(as_of, field="as_of")
    known_us = as_of_us if known_at is None else to_us(known_at, field="known_at")
    offset_us = model.day_offset_us
    return Moment(
        as_of_us=as_of_us,
        known_us=known_us,
        today=day_of(as_of_us, offset_us),
        offset_us=offset_us,
    )


def given_back(prepared: Prepared, frame: nw.LazyFrame[Any]) -> Native:
    """Return a frame as the caller's kind."""
    return prepared.kind.back(nw.to_native(frame))
