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
from nurturekit.interpreters.explain import signals_of
from nurturekit.lifecycle import Qualification
from nurturekit.ownership import OwnershipPolicy
from nurturekit.ownership.policy import BEFORE_READY, STAY
from nurturekit.playbook import Playbook
from nurturekit.scoring.points import MILLI
from nurturekit.signals import DimensionScore, FactSignal, Parameter, is_own
from nurturekit.typing import Signal

# Signals that are columns of every lead at rest, and those that say the same of all of them.
_TEXTS = ("stage",)
_FLAGS = ("erased", "objected", "closed", "has_rep", "was_lost", "unfit")
_NONE = ("word", "handoff", "new_evidence")
_SCORED = ("score", "position", "grade")
_KNOWN = frozenset((*_TEXTS, *_FLAGS, *_NONE, *_SCORED, "accountable", "sales_ready", "engaged_people"))


def attributes_of(playbook: Playbook) -> list[str]:
    """Return the attributes that the policy and the qualification read."""
    found = [signal.fact for signal in _signals(playbook) if isinstance(signal, FactSignal)]
    return [*found, "do_not_contact"]


def is_columnar(playbook: Playbook) -> bool:
    """Say whether what a playbook asks of a lead at rest can be told from columns."""
    parts = isinstance(playbook.ownership, OwnershipPolicy) and isinstance(
        playbook.qualification, Qualification
    )
    if not parts:
        return False
    unfit = playbook.qualification.unfit
    early = [] if unfit is None else signals_of(unfit)
    return all(map(_is_column, _signals(playbook))) and all(map(_is_early, early))


def _is_column(signal: Signal) -> bool:
    if isinstance(signal, FactSignal | Parameter | DimensionScore):
        return True
    return signal.name in _KNOWN and is_own(signal)


def _is_early(signal: Signal) -> bool:
    # Fitness is measured before anything is in force.
    return isinstance(signal, FactSignal | DimensionScore) or (
        signal.name in _SCORED and is_own(signal)
    )


def _signals(playbook: Playbook) -> Iterator[Signal]:
    if isinstance(playbook.ownership, OwnershipPolicy):
        for row in playbook.ownership.rows:
            yield from signals_of(row.when) if row.when is not None else ()
    unfit = getattr(playbook.qualification, "unfit", None)
    yield from signals_of(unfit) if unfit is not None else ()


@attrs.frozen(kw_only=True)
class Reading:
    """How signals are read from the columns of leads at rest.

    Args:
        subject: The leads' attributes.
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
        if isinstance(signal, FactSignal):
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
        if name == "score":
            return self._points("score_milli")
        if name in _NONE:
            return Measured(text=nw.lit("none"))
        if name in _TEXTS:
            return Measured(text=nw.col(name))
        if name == "accountable":
            return Measured() if self.team is None else Measured(text=nw.col(self.team))
        if name == "position":
            shown = [nw.col(name)] if name in self.columns else []
            return Measured(text=nw.coalesce(*shown, nw.lit("none")))
        if name == "grade":
            return Measured(text=nw.col(name)) if name in self.columns else Measured()
        if name == "engaged_people":
            return Measured(number=nw.lit(1).cast(nw.Int64), is_whole=True)
        if name == "sales_ready":
            return Measured(flag=nw.lit(value=False))
        if name == "unfit" and not self.judged:
            return Measured()
        return Measured(flag=nw.col(name) == 1)


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


def team_of(policy: OwnershipPolicy, place: str, team: str | None) -> nw.Expr:
    """Return the team that the row in a place wants accountable."""
    said = [_said(policy, row.accountable) for row in policy.rows]
    wanted = nw.lit(said[-1])
    for at, word in enumerate(said[:-1]):
        is_row = nw.col(place) == at
        if word is not None:
            wanted = nw.when(is_row).then(nw.lit(word)).otherwise(wanted)
        elif team is not None:
            wanted = nw.when(is_row).then(nw.col(team)).otherwise(wanted)
    return wanted


def _said(policy: OwnershipPolicy, word: str) -> str | None:
    if word == STAY:
        return None
    return policy.owner_before_ready if word == BEFORE_READY else word


def is_among(places: list[int], column: str) -> nw.Expr:
    """Say whether the row in a place is one of some."""
    return nw.col(column).is_in(places) if places else nw.lit(value=False)


