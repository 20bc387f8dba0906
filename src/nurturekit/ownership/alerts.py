"""Who is told what, and why: once per evidence, and once per late offer and step.

Source: S4-6 (predefined triggers alert the rep).
"""

from collections.abc import Mapping

from nurturekit.answers import Alert, Proposal
from nurturekit.ownership.continuity import continuity_rep
from nurturekit.ownership.offers import Case
from nurturekit.records import FrozenMap, Move, Situation
from nurturekit.signals.account import buying_role
from nurturekit.signals.evidence import unspent
from nurturekit.vocabulary import MoveKind, Stage, Team

REP, MANAGER = "rep", "manager"
IDLE = (Stage.RECYCLED, Stage.INCUBATING)

# Why somebody is told, in words; `people` ends with whom of the account took part.
BECAUSE: Mapping[str, str] = FrozenMap(
    {
        "hand_raise": "the lead itself asked for sales",
        "account_engaged": "several people of the account take part",
        "new_intent": "an idle lead shows new interest",
        "weaker_evidence": "the lead looks at what buyers look at",
        "reminder": "an answer is past due",
        "escalation": "an answer is past due, also after a reminder",
        "not_taken": "nobody has taken the lead",
    }
)


def told(case: Case) -> list[Proposal]:
    """Tell of evidence that no offer or alert cites; no hand-raise goes untold."""
    # Whatever row but the first holds; a customer's hand-raise goes to its owner.
    situation, standing = case.situation, case.standing
    if situation.is_erased or situation.is_objected or standing.team is None:
        return []
    raised = _untold(case, [touch.id for touch in case.readiness.hand_raises])
    engaged = _untold(case, _engaged(case))
    weaker = _weaker(case)
    if raised or engaged:
        # One alert tells both: a hand-raise isn't followed by news of lesser things.
        reason = "hand_raise" if raised else "account_engaged"
        evidence = tuple(dict.fromkeys((*raised, *engaged, *weaker)))
        return [alert(case, to=standing.team, reason=reason, evidence=evidence)]
    reason = "new_intent" if standing.stage in IDLE else "weaker_evidence"
    return [
        alert(case, to=target, reason=reason, evidence=weaker)
        for target in case.desired.notify
        if weaker
    ]


def _engaged(case: Case) -> list[str]:
    # S0-8: where it hands nothing over, that several people take part is told.
    hands_over = case.standing.team is Team.MARKETING and case.terms.handoff_on != "mql"
    if hands_over or case.desired.is_closed:
        return []
    return [touch.id for touch in unspent(case.situation, case.readiness.evidence)]


def _untold(case: Case, touch_ids: list[str]) -> tuple[str, ...]:
    told_by = (MoveKind.OFFERED, MoveKind.ALERTED)
    return tuple(one for one in touch_ids if not case.standing.is_cited(one, *told_by))


def _weaker(case: Case) -> tuple[str, ...]:
    # S4-6: weaker evidence is told once, to those whom the row names.
    if case.desired.is_closed or not case.desired.notify:
        return ()
    found = unspent(case.situation, case.readiness.weaker, MoveKind.OFFERED, MoveKind.ALERTED)
    return tuple(touch.id for touch in found)


def alert(
    case: Case,
    *,
    to: str,
    reason: str,
    evidence: tuple[str, ...] = (),
    answers: str | None = None,
) -> Proposal:
    """Return the proposal to tell somebody something.

    Args:
        case: About whom.
        to: `rep`, `sales`, `marketing` or `manager`.
        reason: One of `BECAUSE`.
        evidence: Ids of the touches it cites.
        answers: The id of the offer it is about.
    """
    rep = _person(case, to=to)
    return Proposal(
        kind=MoveKind.ALERTED,
        # Where nobody is known, or whoever was has left, the team is told.
        to=Team.SALES if to == REP and rep is None else to,
        rep=rep,
        reason=reason,
        evidence=evidence,
        answers=answers,
    )


def _person(case: Case, *, to: str) -> str | None:
    if to == MANAGER:
        pool = case.situation.world.pools.get(case.terms.pool)
        return None if pool is None else pool.manager
    if to in (REP, Team.SALES):
        return case.rep or continuity_rep(case.situation, case.terms)
    return None


def alert_of(move: Move, situation: Situation) -> Alert:
    """Return the alert that an `alerted` move records.

    Args:
        move: The move.
        situation: The lead in the decision that made it, with `readiness` bound.
    """
    reason = str(move.reason)
    people = _people(situation) if reason == "account_engaged" else {}
    named = [f"{one} ({role})" if role else one for one, role in people.items()]
    return Alert(
        id=move.id,
        lead_id=move.lead_id,
        to=str(move.to),
        rep=move.rep,
        reason=reason,
        evidence=move.evidence,
        people=tuple(people),
        because=": ".join([BECAUSE[reason], *([", ".join(named)] if named else [])]),
    )


def _people(situation: Situation) -> dict[str, str | None]:
    # The account's people who took part, each with the role in the buying group, if it is known.
    engaged = situation.bound["readiness"].peers
    roles = {peer.person: buying_role(peer) for peer in situation.peers}
    return {person: roles.get(person) for person in engaged}
