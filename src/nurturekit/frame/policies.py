"""An ownership policy over columns: which of its rows holds for each lead at rest.

A lead at rest has no new evidence, no offer that waits and no word to answer; what its signals
measure is then a column, or the same for all. A policy that reads anything else is asked about
every lead alone.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import narwhals as nw

from nurturekit.criteria import Criterion
from nurturekit.frame.attributes import Subject
from nurturekit.frame.criteria import Measured, truth
from nurturekit.frame.touch_signals import is_counting
from nurturekit.interpreters.explain import signals_of
from nurturekit.lifecycle import Qualification
from nurturekit.ownership import OwnershipPolicy
from nurturekit.ownership.policy import BEFORE_READY, STAY
from nurturekit.playbook import Playbook
from nurturekit.records import FrozenMap, Kind
from nurturekit.scoring.points import MILLI
from nurturekit.signals import DimensionScore, FactSignal, Parameter, is_own
from nurturekit.typing import Signal
from nurturekit.vocabulary import FunnelPosition, Stage, Team

# Signals that are columns of every lead at rest, and those that say the same of all of them.
_TEXTS = ("stage", "accountable", "position", "grade")
# All that a text can be; a grade's letters are the model's own.
_NO_WORD = ("none",)
_WORDS: Mapping[str, tuple[str, ...]] = FrozenMap(
    {
        "stage": tuple(map(str, Stage)),
        "accountable": tuple(map(str, Team)),
        "position": (*map(str, FunnelPosition), *_NO_WORD),
    }
)
_FLAGS = ("erased", "objected", "closed", "has_rep", "was_lost", "unfit")
_NONE = ("word", "handoff", "new_evidence")
_SCORED = ("score", "position", "grade")
_KNOWN = frozenset((*_TEXTS, *_FLAGS, *_NONE, *_SCORED, "sales_ready", "engaged_people"))


@attrs.frozen(kw_only=True)
class Columnar:
    """The parts of a playbook that can be read from columns."""

    policy: OwnershipPolicy
    qualification: Qualification
    kinds: Mapping[str, Kind]

    @property
    def signals(self) -> list[Signal]:
        """What the parts read."""
        return [*_signals(self), FactSignal("do_not_contact")]


def columnar(playbook: Playbook) -> Columnar | None:
    """Return what of a playbook is read from columns, None where not all can be."""
    policy, qualification = playbook.ownership, playbook.qualification
    if not isinstance(policy, OwnershipPolicy) or not isinstance(qualification, Qualification):
        return None
    parts = Columnar(policy=policy, qualification=qualification, kinds=playbook.kinds)
    early = [] if qualification.unfit is None else signals_of(qualification.unfit)
    return parts if all(map(_is_column, _signals(parts))) and all(map(_is_early, early)) else None


def _is_column(signal: Signal) -> bool:
    if isinstance(signal, FactSignal | Parameter | DimensionScore):
        return True
    return is_counting(signal) or (signal.name in _KNOWN and is_own(signal))


def _is_early(signal: Signal) -> bool:
    # Fitness is measured before anything is in force.
    if isinstance(signal, FactSignal | DimensionScore):
        return True
    return is_counting(signal) or (signal.name in _SCORED and is_own(signal))


def _signals(parts: Columnar) -> Iterator[Signal]:
    for row in parts.policy.rows:
        yield from signals_of(row.when) if row.when is not None else ()
    unfit = parts.qualification.unfit
    yield from signals_of(unfit) if unfit is not None else ()


@attrs.frozen(kw_only=True)
class Reading:
    """How signals are read from the columns of leads at rest.

    Args:
        subject: What is read of the leads themselves.
        columns: The columns that there are.
        parameters: The policy's parameters.
        team: The column of the team that is accountable, None before there is one.
        judged: Whether fitness was measured; before the first owner nothing was.
    """

    subject: Subject
    columns: frozenset[str]
    parameters: Mapping[str, Any]
    team: str | None
    judged: bool = True

    def measured(self, signal: Signal) -> Measured:
        """Return the columns that hold what a signal measures."""
        if isinstance(signal, FactSignal) or is_counting(signal):
            return self.subject.measured(signal)
        if isinstance(signal, DimensionScore):
            return self._points(f"{signal.dimension}_milli")
        if isinstance(signal, Parameter):
            return _constant(self.parameters.get(signal.parameter))
        return self._named(signal.name)

    def _points(self, column: str) -> Measured:
        if column not in self.columns:
            return Measured()
        return Measured(number=nw.col(column).cast(nw.Float64) / MILLI)

    def _named(self, name: str) -> Measured:
        if name in _TEXTS:
            return self._text(self.team if name == "accountable" else name, name)
        if name in _NONE:
            return Measured(text=nw.lit("none"), words=_NO_WORD)
        if name == "score":
            return self._points("score_milli")
        if name == "engaged_people":
            return Measured(number=nw.lit(1, dtype=nw.Int64), is_whole=True)
        if name == "sales_ready":
            return Measured(flag=nw.lit(value=False))
        is_judged = self.judged or name != "unfit"
        return Measured(flag=nw.col(name) == 1) if is_judged else Measured()

    def _text(self, column: str | None, name: str) -> Measured:
        known = [] if column is None or column not in self.columns else [nw.col(column)]
        if name == "position":
            # No position reached is known to be none.
            known = [nw.coalesce(*known, nw.lit("none"))]
        return Measured(text=known[0], words=_WORDS.get(name, ())) if known else Measured()


def _constant(value: object) -> Measured:
    if value is None:
        return Measured()
    if isinstance(value, bool):
        return Measured(flag=nw.lit(value))
    if isinstance(value, int):
        return Measured(number=nw.lit(value).cast(nw.Int64), is_whole=True)
    return Measured(text=nw.lit(str(value)))


def row_of(policy: OwnershipPolicy, reading: Reading) -> nw.Expr:
    """Return the place of the first row that holds."""
    place = nw.lit(len(policy.rows) - 1)
    for at in reversed(range(len(policy.rows) - 1)):
        when = policy.rows[at].when
        held = _holds(when, reading)
        place = nw.when(held).then(nw.lit(at)).otherwise(place)
    return place


def _holds(when: Criterion | None, reading: Reading) -> nw.Expr:
    return nw.lit(value=True) if when is None else truth(when, reading.measured).holds


def outcomes(policy: OwnershipPolicy) -> dict[str, list[Any]]:
    """Return the table that says what the row in each place says.

    Columns: `place`, `row` (its number), `first` (the team that it makes the first owner), `said`
    (the team that it wants, null where that is whoever has the lead), `ends` and `checks` (1 where
    nobody nurtures the lead any more, and where check-ins are owed).
    """
    rows = policy.rows
    said = [_said(policy, row.accountable) for row in rows]
    return {
        "place": list(range(len(rows))),
        "row": [row.number for row in rows],
        "first": [one or said[-1] for one in said],
        "said": said,
        "ends": [int(row.closed) for row in rows],
        "checks": [int("check_in" in row.duties and not row.closed) for row in rows],
    }


def _said(policy: OwnershipPolicy, word: str) -> str | None:
    if word == STAY:
        return None
    return policy.owner_before_ready if word == BEFORE_READY else word
