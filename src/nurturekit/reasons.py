"""Why: a decision's reasons, one line each, from the answers of all the parts.

CLOSED. To add one: a line in `reasons_of`, where it belongs in the order of a decision.
"""

from collections.abc import Iterable, Mapping

from nurturekit.answers import Action, Blocked, Desired, Readiness, Reason, Score
from nurturekit.instants import format_us, from_us
from nurturekit.records import Move, Situation


def reasons_of(
    situation: Situation,
    rows: Iterable[Desired],
    *,
    moves: Iterable[Move],
    actions: Iterable[Action],
    blocked: Iterable[Blocked],
) -> tuple[Reason, ...]:
    """Return why, in the order in which a decision came about.

    Args:
        situation: With every answer bound.
        rows: What the policy wanted, pass by pass.
        moves: What follows.
        actions: What to do.
        blocked: What can't be done.
    """
    moves, wanted = tuple(moves), tuple(rows)
    score: Score = situation.bound["score"]
    parts = [f"{score.points:g} points"]
    parts += [f"position {score.position}"] if score.position else []
    parts += [f"grade {score.grade}"] if score.grade else []
    reasons = [Reason(part="score", text=", ".join(parts))]
    unknown = dict.fromkeys([name for row in score.contributions for name in row.unknown])
    if unknown:
        reasons.append(Reason(part="unknown", text=", ".join(unknown)))
    reasons += [
        Reason(part=f"row {desired.row}", text=desired.because, source=desired.source)
        for desired in {desired.row: desired for desired in wanted}.values()
    ]
    readiness: Readiness = situation.bound["readiness"]
    if readiness.peers:
        text = f"{', '.join(readiness.peers)} of the account took part too"
        reasons.append(Reason(part="peers", text=text, source="S0-8"))
    reasons += [
        Reason(part="parameter", text=f"{name} = {value}")
        for name, value in wanted[-1].parameters.items()
    ]
    cited = {touch for move in moves for touch in move.evidence}
    dates = {
        touch.id: from_us(touch.occurred_us).date().isoformat()
        for touch in (situation.touches if cited else ())
        if touch.id in cited
    }
    reasons += [_move_reason(dates, move) for move in moves]
    reasons += [
        Reason(part="action", text=f"{one.channel} by {one.team} {_when(one)}: {one.because}")
        for one in actions
    ]
    reasons += [Reason(part=f"blocked ({one.code})", text=one.reason) for one in blocked]
    return tuple(reasons)


def _when(action: Action) -> str:
    return f"from {format_us(action.earliest_us)}"


def _move_reason(dates: Mapping[str, str], move: Move) -> Reason:
    cited = [f"{touch} of {dates[touch]}" for touch in move.evidence if touch in dates]
    target = move.to or move.sequence or move.rep
    text = f"{move.kind} {target}" if target else str(move.kind)
    text += f" ({move.reason})" if move.reason else ""
    text += f", citing {', '.join(cited)}" if cited else ""
    return Reason(part="move", text=text, cites=move.evidence)
