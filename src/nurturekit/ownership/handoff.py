"""The rules by which a lead changes hands: a table of rules, each short; the first that fires wins.

Everything that decides a change of owner lives in this file. No policy and no plug-in can change
it: the giver stays accountable until the lead is taken, evidence is spent once, time alone never
moves a lead to sales.
"""

from collections.abc import Callable

from nurturekit.answers import Proposal
from nurturekit.ownership.alerts import MANAGER, REP, alert, told
from nurturekit.ownership.continuity import continuity_rep
from nurturekit.ownership.offers import (
    Case,
    cited_us,
    handoff_evidence,
    late_step,
    offer,
    offer_number,
    tried_reps,
)
from nurturekit.ownership.terms import ESCALATE, REASSIGN, REMIND
from nurturekit.records import Move
from nurturekit.records.standing import FINAL, STAGE_RANK
from nurturekit.signals.evidence import unspent
from nurturekit.vocabulary import MoveKind, Origin, Stage, Team


def _first_owner(case: Case) -> list[Proposal]:
    if case.standing.team is not None:
        return []
    return [
        Proposal(kind=MoveKind.ADOPT, to=case.policy, reason="first decision"),
        Proposal(kind=MoveKind.OWNER, to=case.base.accountable, reason="first owner"),
    ]


def _closed(case: Case) -> list[Proposal]:
    pending = case.standing.pending
    if pending is None or not case.desired.is_closed:
        return []
    return [_withdrawn(pending, reason=case.desired.because)]


def _withdrawn(pending: Move, *, reason: str) -> Proposal:
    return Proposal(kind=MoveKind.WITHDRAWN, reason=reason, answers=pending.id)


def _accepted(case: Case) -> list[Proposal]:
    # The first sales touch after what the offer is about accepts it, also past due: a rep who was
    # quicker than the decision has taken the lead.
    pending = case.standing.pending
    if pending is None or case.terms.acceptance != "first_sales_touch":
        return []
    touches = case.situation.sales_touches
    since_us = cited_us(case.situation, pending)
    taken = next((one for one in touches if one.occurred_us > since_us), None)
    if taken is None:
        return []
    accepted = Proposal(
        kind=MoveKind.ACCEPTED,
        rep=taken.rep or case.standing.rep,
        reason=f"sales touch {taken.id}",
        answers=pending.id,
    )
    return [accepted, *_taken_over(case, rep=taken.rep or case.standing.rep, answers=pending.id)]


def _taken_over(case: Case, *, rep: str | None, answers: str) -> list[Proposal]:
    proposals = []
    if case.standing.team is not Team.SALES:
        proposals.append(
            Proposal(
                kind=MoveKind.OWNER,
                was=case.standing.team,
                to=Team.SALES,
                rep=rep,
                reason="accepted",
                answers=answers,
            )
        )
    if STAGE_RANK[case.standing.stage] < STAGE_RANK[Stage.SAL]:
        proposals.append(
            Proposal(
                kind=MoveKind.STAGE,
                was=case.standing.stage,
                to=Stage.SAL,
                reason="accepted by sales",
                answers=answers,
            )
        )
    return proposals


def _accepted_by_hand(case: Case) -> list[Proposal]:
    # A person recorded the acceptance: owner and stage follow, once.
    standing = case.standing
    if standing.pending is not None or not standing.offers or case.desired.is_closed:
        return []
    end = standing.ends.get(standing.offers[-1].id)
    if end is None or end.kind is not MoveKind.ACCEPTED:
        return []
    is_followed = (standing.away_us or -1) >= end.occurred_us or any(
        move.answers in (end.id, standing.offers[-1].id)
        for _, move in standing.stage_moves
        if move.occurred_us >= end.occurred_us
    )
    is_owned = standing.team is Team.SALES or (standing.owner_us or -1) > end.occurred_us
    if is_followed or (is_owned and STAGE_RANK[standing.stage] >= STAGE_RANK[Stage.SAL]):
        return []
    follow_ups = _taken_over(case, rep=end.rep or standing.rep, answers=end.id)
    return [one for one in follow_ups if one.kind == MoveKind.STAGE] if is_owned else follow_ups


def _spoken(case: Case) -> list[Proposal]:
    # A rep's word or pause while an offer waits: the offer ends, and counts against nobody.
    pending, snoozed = case.standing.pending, case.standing.snoozed
    if pending is None:
        return []
    if case.word is not None:
        return [_withdrawn(pending, reason=f"a rep's word: {case.word.reason}")]
    if snoozed is None or snoozed.origin is not Origin.PERSON:
        return []
    is_paused = snoozed.until_us is not None and snoozed.until_us > case.situation.as_of_us
    if not is_paused or snoozed.occurred_us < pending.occurred_us:
        return []
    return [_withdrawn(pending, reason=f"paused: {snoozed.reason}")]


def _unwanted(case: Case) -> list[Proposal]:
    pending = case.standing.pending
    if pending is None:
        return []
    team = case.standing.team
    if pending.was not in (None, team):
        return [_withdrawn(pending, reason=f"a person has given the lead to {team}")]
    if case.desired.accountable is Team.SALES:
        return []
    return [_withdrawn(pending, reason=case.desired.because)]


def _past_due(case: Case) -> list[Proposal]:
    # S1-11: row 4. The last step whose time has come is taken, each once per offer.
    pending = case.standing.pending
    step = late_step(case)
    if pending is None or step is None:
        return []
    if step == REASSIGN:
        return _lapsed(case, pending)
    to, reason = _NUDGES[step]
    if to == REP and case.rep is None:
        to = Team.SALES
    if case.standing.is_told(pending.id, reason):
        return []
    return [alert(case, to=to, reason=reason, answers=pending.id)]


_NUDGES = {REMIND: (REP, "reminder"), ESCALATE: (MANAGER, "escalation")}


def _lapsed(case: Case, pending: Move) -> list[Proposal]:
    is_final = offer_number(case.standing, pending) >= case.terms.max_offers
    lapsed = Proposal(
        kind=MoveKind.LAPSED,
        rep=case.standing.rep,
        reason=FINAL if is_final else "past due",
        answers=pending.id,
    )
    if is_final:
        # It spends the evidence, and the manager is told once.
        evidence, answers = pending.evidence, pending.id
        return [
            lapsed,
            alert(case, to=MANAGER, reason="not_taken", evidence=evidence, answers=answers),
        ]
    again = offer(case, was=pending.was, rep=None, evidence=pending.evidence, answers=pending.id)
    return [lapsed, again]


def _answered_word(case: Case) -> list[Proposal]:
    # Row 3: idle with a reason; back to marketing is the articles' "back to MQL" (S4-1).
    word = case.word
    if word is None or case.desired.is_closed or case.standing.team is None:
        return []
    wanted = case.desired.accountable
    stage = Stage.RECYCLED if wanted is Team.MARKETING else Stage.INCUBATING
    proposals = [
        Proposal(
            kind=MoveKind.STAGE,
            was=case.standing.stage,
            to=stage,
            reason=word.reason,
            answers=word.id,
        )
    ]
    if wanted is Team.MARKETING and case.standing.team is Team.SALES:
        proposals.append(_owner(case, to=wanted, reason=word.reason, answers=word.id))
    return proposals


def _owner(case: Case, *, to: Team, reason: str, answers: str | None = None) -> Proposal:
    return Proposal(
        kind=MoveKind.OWNER, was=case.standing.team, to=to, reason=reason, answers=answers
    )


def _adopted(case: Case) -> list[Proposal]:
    # A new playbook moves owners only through an appended `adopt` move.
    adopt = case.standing.adopted
    if adopt is None or not case.standing.adopt_waits or adopt.to != case.policy:
        return []
    if case.standing.pending is not None:
        return []
    return [_owner(case, to=case.base.accountable, reason="adopted", answers=adopt.id)]


def _offered(case: Case) -> list[Proposal]:
    standing = case.standing
    if standing.team is not Team.MARKETING or case.desired.accountable is not Team.SALES:
        return []
    evidence = handoff_evidence(case)
    if standing.pending is not None or not evidence or case.desired.is_closed:
        return []
    return [
        offer(
            case,
            was=Team.MARKETING,
            rep=continuity_rep(case.situation, case.terms),
            evidence=tuple(touch.id for touch in evidence),
        )
    ]


def _rep_wanted(case: Case) -> list[Proposal]:
    # Where sales is accountable without a rep, the request for one is the pending handoff.
    standing = case.standing
    if (
        standing.team is not Team.SALES
        or case.desired.accountable is not Team.SALES
        or case.desired.is_closed
        or case.rep is not None
        or standing.pending is not None
    ):
        return []
    evidence = unspent(case.situation, case.readiness.evidence, MoveKind.OFFERED, MoveKind.ALERTED)
    is_first = not standing.offers or standing.offers[-1].occurred_us < (standing.given_us or 0)
    if not is_first and not evidence:
        return []
    rep = continuity_rep(case.situation, case.terms)
    return [
        offer(
            case,
            was=Team.SALES,
            rep=None if rep in tried_reps(standing) else rep,
            evidence=tuple(touch.id for touch in evidence),
        )
    ]


def _by_time(case: Case) -> list[Proposal]:
    # Time alone may move a lead to marketing, late; never to sales.
    standing = case.standing
    if standing.team is not Team.SALES or case.desired.accountable is not Team.MARKETING:
        return []
    if standing.adopted is None or standing.adopted.to != case.policy or standing.pending:
        return []
    quiet = standing.last_quiet_us
    if quiet is not None and case.situation.age_days(quiet) < case.terms.min_stay_days:
        return []
    return [_owner(case, to=Team.MARKETING, reason=case.desired.because)]


# In this order; what the first rule that fires proposes is folded before the next is asked.
_RULES: tuple[Callable[[Case], list[Proposal]], ...] = (
    _first_owner,
    _closed,
    _accepted,
    _accepted_by_hand,
    _spoken,
    _unwanted,
    _past_due,
    _answered_word,
    _adopted,
    _offered,
    _rep_wanted,
    _by_time,
    told,
)


def proposals(case: Case) -> list[Proposal]:
    """Return what the first rule that fires proposes, in order; empty when at rest."""
    for rule in _RULES:
        found = rule(case)
        if found:
            return found
    return []
