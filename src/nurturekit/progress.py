"""Is the lead moving at the rate expected? Time in a stage against the histories' own past (S2-5).

CLOSED. Rules, all of them here:

- A *stay* lasts from the move into a stage to the move out of it; each visit is a stay of its own,
  a move to the same stage ends none, and one of no length counts for nothing. Without an
  opening the first stay begins with the lead's first touch, fact or move.
- The stay ended by the event if the move went forward (to a stage of higher rank). Backward,
  sideways, closed, or still there: it is censored, it took at least so long.
- A stay that an opening found under way began nobody knows when: it is left out of what is
  expected, and its own time is a lower bound.
- Closed stages (customer, disqualified, lost) expect nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import attrs

from nurturekit.instants import DAY_US, format_us, to_us
from nurturekit.interop import Case
from nurturekit.records import FrozenMap, Situation
from nurturekit.records.standing import STAGE_RANK
from nurturekit.survival import Curve, kaplan_meier
from nurturekit.vocabulary import Stage

# From fewer stays nothing is expected of anybody: inference, a rule of thumb without a study.
SMALL_N = 5

_CLOSED = frozenset({Stage.CUSTOMER, Stage.DISQUALIFIED, Stage.LOST})
_EXPECTING = tuple(stage for stage in Stage if stage not in _CLOSED)


@attrs.frozen(kw_only=True)
class Stay:
    """One visit of a lead to a stage.

    Args:
        us: How long, in microseconds; at least so long where it wasn't seen to begin or to end.
        moved_on: Whether a move forward ended it.
        is_begun: Whether it was seen to begin.
    """

    stage: Stage
    us: int
    moved_on: bool
    is_begun: bool


@attrs.frozen(kw_only=True)
class StagePace:
    """How long leads stay in one stage before they move forward.

    Args:
        expected_days: The median; None where fewer than half were seen to move on.
        low: Lower limit of its 95 % interval.
        high: Upper limit, None where it is never reached.
        n: How many stays it rests on.
        moved_on: How many of them a move forward ended; the others are censored.
        small: Whether it rests on fewer than `SMALL_N` stays.
    """

    stage: Stage
    expected_days: float | None
    low: float | None
    high: float | None
    n: int
    moved_on: int
    small: bool


@attrs.frozen(kw_only=True)
class Progress:
    """Where one lead stands against the pace of its stage.

    Args:
        days: How long it has been in its stage; at least so long where `at_least`.
        at_least: Whether an opening found the stay under way.
        expected_days: The median of its stage.
        low: Lower limit of the median.
        high: Upper limit of the median.
        at_risk: Whether it has been there for longer than the upper limit; None where nobody can
            say: no upper limit, few stays, a closed stage, or a stay that began nobody knows when.
        because: Why, in words.
    """

    lead_id: str
    stage: Stage
    days: float
    at_least: bool
    expected_days: float | None
    low: float | None
    high: float | None
    at_risk: bool | None
    because: str


@attrs.frozen(kw_only=True, repr=False)
class Pace:
    """What is expected of each stage, from the past of many leads.

    Args:
        as_of_us: Up to when their histories were read, in epoch microseconds.
        stages: Per stage that isn't closed.
    """

    as_of_us: int
    stages: Mapping[Stage, StagePace]

    def __repr__(self) -> str:
        return f"<Pace as of {format_us(self.as_of_us)}>"

    def __str__(self) -> str:
        return self.text()

    def rows(self) -> list[dict[str, Any]]:
        """Return one flat dictionary per stage, ready for a frame."""
        return [attrs.asdict(one) | {"stage": str(one.stage)} for one in self.stages.values()]

    def text(self) -> str:
        """Return the pace as a table for people."""
        head = f"{'days to move on':<16} {'median':>8} {'95 %':>18} {'stays':>7} {'moved on':>9}"
        lines = (_line(one) for one in self.stages.values() if one.n)
        return "\n".join([f"pace as of {format_us(self.as_of_us)}", head, *lines])

    def progress(self, case: Case, *, as_of: datetime) -> Progress:
        """Hold a lead's time in its stage against what is expected.

        Args:
            case: The lead.
            as_of: The instant of judgement, aware.

        Raises:
            RecordError: For a naive or impossible instant.
        """
        last = list(_stays(case, as_of))[-1]
        days, pace = last.us / DAY_US, self.stages.get(last.stage)
        at_risk, because = _judged(last, pace)
        return Progress(
            lead_id=case.lead.id,
            stage=last.stage,
            days=days,
            at_least=not last.is_begun,
            expected_days=pace.expected_days if pace else None,
            low=pace.low if pace else None,
            high=pace.high if pace else None,
            at_risk=at_risk,
            because=because,
        )


def pace(cases: Iterable[Case], *, as_of: datetime) -> Pace:
    """Measure how long leads stay in each stage before they move forward.

    Args:
        cases: The leads, each once.
        as_of: Up to when their histories are read, aware.

    Raises:
        RecordError: For a naive or impossible instant.
    """
    as_of_us = to_us(as_of, field="as_of")
    durations: dict[Stage, list[tuple[int, bool]]] = {stage: [] for stage in _EXPECTING}
    for case in cases:
        for stay in _stays(case, as_of):
            if stay.us and stay.is_begun and stay.stage in durations:
                durations[stay.stage].append((stay.us, stay.moved_on))
    found = {stage: _paced(stage, kaplan_meier(given)) for stage, given in durations.items()}
    return Pace(as_of_us=as_of_us, stages=FrozenMap(found))


def _paced(stage: Stage, curve: Curve) -> StagePace:
    low, high = curve.median_interval
    return StagePace(
        stage=stage,
        expected_days=_days(curve.median),
        low=_days(low),
        high=_days(high),
        n=curve.n,
        moved_on=curve.events,
        small=curve.n < SMALL_N,
    )


def _days(us: float | None) -> float | None:
    return None if us is None else us / DAY_US


def _stays(case: Case, as_of: datetime) -> Iterator[Stay]:
    situation = Situation(case.lead, case.history, as_of=as_of, world=case.world)
    since_us = _first_us(situation)
    is_begun, stage = situation.opening is None, _first_stage(situation)
    for _, move in situation.standing.stage_moves:
        after = Stage(str(move.to))
        if after is not stage:
            forward = STAGE_RANK[after] > STAGE_RANK[stage]
            us = move.occurred_us - since_us
            yield Stay(stage=stage, us=us, moved_on=forward, is_begun=is_begun)
            stage, since_us, is_begun = after, move.occurred_us, True
    us = situation.as_of_us - since_us
    yield Stay(stage=stage, us=us, moved_on=False, is_begun=is_begun)


def _first_stage(situation: Situation) -> Stage:
    moves, stage = situation.standing.stage_moves, situation.standing.stage
    return moves[0][0] if moves else stage


def _first_us(situation: Situation) -> int:
    if situation.opening is not None:
        return situation.opening.occurred_us
    visible = situation.visible
    # A legal basis may be older than the lead.
    firsts = [strand[0] for strand in (visible.touches, visible.facts, visible.moves) if strand]
    return min((one.occurred_us for one in firsts), default=situation.as_of_us)


def _judged(stay: Stay, pace: StagePace | None) -> tuple[bool | None, str]:
    if pace is None:
        return None, f"{stay.stage} is closed: nothing is expected of it"
    if pace.small:
        return None, f"{pace.n} stays in {stay.stage} are too few to expect anything"
    if pace.high is None:
        return None, f"too few leads were seen to move on from {stay.stage} to say how late is late"
    days = stay.us / DAY_US
    if days > pace.high:
        return True, f"{days:.1f} days in {stay.stage}, more than {pace.high:.1f}"
    if not stay.is_begun:
        return None, f"in {stay.stage} since before the opening, nobody knows how long"
    return False, f"{days:.1f} days in {stay.stage}, within {pace.high:.1f}"


def _line(one: StagePace) -> str:
    low = "?" if one.low is None else f"{one.low:,.1f}"
    high = "?" if one.high is None else f"{one.high:,.1f}"
    median = "unknown" if one.expected_days is None else f"{one.expected_days:,.1f}"
    few = "  few stays" if one.small else ""
    limits = f"{low} to {high}"
    return f"{one.stage:<16} {median:>8} {limits:>18} {one.n:>7,} {one.moved_on:>9,}{few}"
