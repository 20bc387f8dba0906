"""A lead before the handoff rules, and what they share: offers, their number, their evidence."""

from functools import cached_property

import attrs

from nurturekit.answers import Desired, Proposal, Readiness
from nurturekit.instants import from_us
from nurturekit.ownership.continuity import due_us, rep_in_force
from nurturekit.ownership.terms import Terms
from nurturekit.records import Move, Situation, Standing, Touch
from nurturekit.records.standing import FINAL, STAGE_RANK
from nurturekit.signals.evidence import Word, unanswered_word, unspent
from nurturekit.signals.standing import mql_touches
from nurturekit.vocabulary import MoveKind, Stage, Team


@attrs.frozen(kw_only=True, slots=False)
class Case:
    """One lead before the rules: what is in force and what the policy wants.

    Args:
        situation: With `readiness` bound.
        desired: What the policy wants.
        base: What it would want without new evidence.
        terms: The policy's parameters.
        policy: The policy's name.
    """

    situation: Situation
    desired: Desired
    base: Desired
    terms: Terms
    policy: str

    @cached_property
    def standing(self) -> Standing:
        """What is in force."""
        return self.situation.standing

    @property
    def readiness(self) -> Readiness:
        """The evidence for sales."""
        return self.situation.bound.get("readiness") or Readiness()

    @property
    def rep(self) -> str | None:
        """The rep in force who is still here; one whom the world doesn't know is."""
        return rep_in_force(self.situation)

    @cached_property
    def word(self) -> Word | None:
        """The rep's word that waits for an answer."""
        return unanswered_word(self.situation)


def offer_number(standing: Standing, offer: Move) -> int:
    """Return which offer of one handoff this is: a lapse that wasn't final leads to the next."""
    number = 1
    offers = standing.offers
    at = next((i for i, one in enumerate(offers) if one is offer), len(offers) - 1)
    for earlier in reversed(offers[:at]):
        end = standing.ends.get(earlier.id)
        if end is None or end.kind is not MoveKind.LAPSED or end.reason == FINAL:
            return number
        number += 1
    return number


def cited_us(situation: Situation, offer: Move) -> int:
    """Return when the newest touch that an offer cites was made; the offer's own time without."""
    cited = set(offer.evidence)
    times = [touch.occurred_us for touch in situation.touches if touch.id in cited] if cited else []
    return max(times, default=offer.occurred_us)


def late_step(case: Case) -> str | None:
    """Return what is due for the offer that waits, None while it isn't past due."""
    pending = case.standing.pending
    if pending is None or pending.due_us is None:
        return None
    reached = None
    for number, step in enumerate(case.terms.past_due):
        hours = number * case.terms.grace_hours
        at_us = due_us(case.situation, case.terms, from_instant_us=pending.due_us, hours=hours)
        if case.situation.as_of_us < at_us:
            break
        reached = step
    return reached


def tried_reps(standing: Standing) -> frozenset[str]:
    """Return the reps who were asked in the same handoff and let it lapse, or rejected it."""
    tried: set[str] = set()
    for at, offer in enumerate(reversed(standing.offers)):
        end = standing.ends.get(offer.id)
        if end is None:
            if at:
                break
            continue
        is_last_rejected = end.kind is MoveKind.REJECTED and not tried
        if not is_last_rejected and (end.kind is not MoveKind.LAPSED or end.reason == FINAL):
            break
        tried |= _asked(standing, offer, end)
    return frozenset(tried)


def _asked(standing: Standing, offer: Move, end: Move) -> set[str]:
    # Whoever had it while it waited, also by a person's hand.
    since, until = offer.occurred_us, end.occurred_us
    given = (move.rep for move in standing.rep_moves if since <= move.occurred_us <= until)
    return {rep for rep in (offer.rep, end.rep, *given) if rep}


def handoff_evidence(case: Case) -> tuple[Touch, ...]:
    """Return the unspent touches that a handoff to sales would cite."""
    situation, terms = case.situation, case.terms
    found = unspent(situation, case.readiness.evidence, MoveKind.OFFERED)
    if terms.handoff_on == "mql":
        found = ()
    if not found and terms.handoff_on in ("mql", "either"):
        found = unspent(situation, mql_touches(situation), MoveKind.OFFERED)
    if not found and STAGE_RANK[case.standing.stage] >= STAGE_RANK[Stage.SAL]:
        # A person has moved the lead on: any fresh touch of its own lets sales take it.
        found = unspent(situation, situation.lead_made, MoveKind.OFFERED)
    return found


def offer(
    case: Case,
    *,
    was: str | None,
    rep: str | None,
    evidence: tuple[str, ...],
    answers: str | None = None,
) -> Proposal:
    """Return the proposal to offer a lead to sales, due in the pool's business time."""
    due = due_us(
        case.situation,
        case.terms,
        from_instant_us=case.situation.as_of_us,
        hours=case.terms.accept_hours,
    )
    return Proposal(
        kind=MoveKind.OFFERED,
        was=was,
        to=Team.SALES,
        team=Team.SALES,
        rep=rep,
        due=from_us(due),
        answers=answers,
        evidence=evidence,
        reason=case.desired.because,
    )
