"""Signals of what is in force: stage, owner, handoff, words and evidence not yet answered."""

from collections.abc import Mapping

from nurturekit.records import FrozenMap, Situation, Touch
from nurturekit.signals.evidence import closing, unanswered_word, unspent
from nurturekit.signals.measures import UNKNOWN, Measure, NamedSignal
from nurturekit.typing import Signal
from nurturekit.vocabulary import MoveKind, Stage, Team


def _stage(situation: Situation) -> Measure:
    return str(situation.standing.stage)


def _accountable(situation: Situation) -> Measure:
    team = situation.standing.team
    return UNKNOWN if team is None else str(team)


def _erased(situation: Situation) -> Measure:
    return situation.is_erased


def _objected(situation: Situation) -> Measure:
    return situation.is_objected


def _has_rep(situation: Situation) -> Measure:
    return situation.standing.rep is not None


def _closed(situation: Situation) -> Measure:
    return closing(situation) is not None


def _word(situation: Situation) -> Measure:
    word = unanswered_word(situation)
    return "none" if word is None else word.reason


def handoff_state(situation: Situation) -> str:
    """Return `none`, `pending` or `past_due`: past due from the due instant on."""
    pending = situation.standing.pending
    if pending is None:
        return "none"
    is_late = pending.due_us is not None and situation.as_of_us >= pending.due_us
    return "past_due" if is_late else "pending"


def _new_evidence(situation: Situation) -> Measure:
    # S0-5: which evidence hands a lead over is the policy's parameter, not a constant.
    wanted = situation.bound.get("parameters", {}).get("handoff_on", "sales_ready")
    readiness = situation.bound.get("readiness")
    if readiness is None:
        return UNKNOWN
    purposes = spending(situation)
    if wanted in ("sales_ready", "either") and unspent(situation, readiness.evidence, *purposes):
        return "sales_ready"
    if wanted in ("mql", "either") and unspent(situation, mql_touches(situation), *purposes):
        return "mql"
    return "none"


def mql_touches(situation: Situation) -> tuple[Touch, ...]:
    """Return the touches that the crossing into mql cites."""
    move = situation.standing.stage_move
    cited = set(move.evidence) if move is not None and move.to == Stage.MQL else set()
    return tuple(touch for touch in situation.lead_made if touch.id in cited)


def spending(situation: Situation) -> tuple[MoveKind, ...]:
    """Return the kinds of move that spend evidence: an alert does once sales is accountable."""
    if situation.standing.team is Team.SALES:
        return (MoveKind.OFFERED, MoveKind.ALERTED)
    return (MoveKind.OFFERED,)


def _was_lost(situation: Situation) -> Measure:
    """Say whether a deal was once lost; what the opening's column says counts too."""
    opening = situation.opening
    opened = opening is not None and opening.stage == Stage.LOST
    return opened or any(move.to == Stage.LOST for _, move in situation.standing.stage_moves)


SIGNALS: Mapping[str, Signal] = FrozenMap(
    {
        name: NamedSignal(name, read)
        for name, read in {
            "stage": _stage,
            "accountable": _accountable,
            "erased": _erased,
            "objected": _objected,
            "closed": _closed,
            "word": _word,
            "handoff": handoff_state,
            "new_evidence": _new_evidence,
            "has_rep": _has_rep,
            "was_lost": _was_lost,
        }.items()
    }
)
