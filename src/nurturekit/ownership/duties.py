"""What is owed to a lead, by when: a table of duties, each read from the records.

Rules: an answer to a hand-raise and to an offer, and a date the lead agreed to, need no news; a
timer makes a duty but never a reason to call.
"""

from collections.abc import Callable, Mapping

from nurturekit.answers import Duty, Readiness
from nurturekit.instants import DAY_US, date_us
from nurturekit.ownership.continuity import due_us, rep_in_force
from nurturekit.ownership.terms import Terms
from nurturekit.records import FrozenMap, Situation, Touch
from nurturekit.vocabulary import Channel, Origin, Team

CALLS = frozenset({Channel.PHONE, Channel.MEETING})


def _answer(situation: Situation, terms: Terms) -> Duty | None:
    # S4-7: immediate interest counts; a hand raised long ago has faded.
    standing = situation.standing
    readiness: Readiness | None = situation.bound.get("readiness")
    if readiness is None or not readiness.hand_raises:
        return None
    if standing.team is not Team.SALES and standing.pending is None:
        return None
    raised = readiness.hand_raises[-1]
    if any(touch.occurred_us > raised.occurred_us for touch in situation.sales_touches):
        return None
    due = due_us(situation, terms, from_instant_us=raised.occurred_us, hours=terms.response_hours)
    return _owed("answer", situation, due, about=raised.id, agreed=True, because="a hand-raise")


def _first_response(situation: Situation, _: Terms) -> Duty | None:
    pending = situation.standing.pending
    if pending is None or pending.due_us is None:
        return None
    return _owed(
        "first_response",
        situation,
        pending.due_us,
        about=pending.id,
        agreed=True,
        because="an offer to answer",
    )


def agreed_date(situation: Situation) -> tuple[int, str] | None:
    """Return the start of the day agreed for the next attempt and the record that says so.

    It is spent once sales has turned to the lead on that day or later.
    """
    found: tuple[int, int, str] | None = None
    opening = situation.opening
    if opening is not None and opening.next_attempt_on is not None:
        # Clocks start with the opening: what was agreed for before isn't overdue.
        agreed_us = max(date_us(opening.next_attempt_on), opening.occurred_us)
        found = (opening.occurred_us, agreed_us, opening.id)
    for touch in situation.touches:
        if touch.next_attempt_on is not None and touch.origin is not Origin.PLAYBOOK:
            found = (touch.occurred_us, date_us(touch.next_attempt_on), touch.id)
    snoozed = situation.standing.snoozed
    is_agreed = snoozed is not None and snoozed.origin is Origin.PERSON
    if is_agreed and snoozed is not None and snoozed.until_us is not None:
        found = max(found or (0, 0, ""), (snoozed.occurred_us, snoozed.until_us, snoozed.id))
    if found is None:
        return None
    recorded_us, day_us, record_id = found
    kept_from_us = max(day_us, recorded_us + 1)
    kept = any(touch.occurred_us >= kept_from_us for touch in situation.sales_touches)
    return None if kept else (day_us, record_id)


def _next_attempt(situation: Situation, _: Terms) -> Duty | None:
    # S2-6, S2-11: a date agreed in a conversation brings the lead back that day.
    agreed = agreed_date(situation)
    if agreed is None:
        return None
    return _owed(
        "next_attempt", situation, agreed[0], about=agreed[1], agreed=True, because="an agreed date"
    )


def _check_in(situation: Situation, terms: Terms) -> Duty | None:
    # S2-4: an incubating lead without a call for so many days is due a check-in.
    if terms.check_in_days is None or agreed_date(situation) is not None:
        return None
    last = last_call(situation)
    standing = situation.standing
    since = last.occurred_us if last is not None else standing.owner_us
    if since is None or (last is None and standing.team is not Team.SALES):
        return None
    if situation.opening is not None:
        since = max(since, situation.opening.occurred_us)
    about = last.id if last is not None else "no-call-yet"
    return _owed(
        "check_in",
        situation,
        since - since % DAY_US + terms.check_in_days * DAY_US,
        about=about,
        agreed=False,
        because=f"{terms.check_in_days} days without a call",
    )


def last_call(situation: Situation) -> Touch | None:
    """Return the last call or meeting by sales, an attempt included."""
    calls = [touch for touch in situation.sales_touches if _channel(situation, touch) in CALLS]
    return calls[-1] if calls else None


def _channel(situation: Situation, touch: Touch) -> str | None:
    return touch.channel or situation.kind_of(touch).channel


def _owed(
    kind: str, situation: Situation, due: int, *, about: str, agreed: bool, because: str
) -> Duty:
    return Duty(
        kind=kind,
        team=Team.SALES,
        rep=rep_in_force(situation),
        due_us=due,
        about=about,
        agreed=agreed,
        because=because,
    )


_DUTIES: Mapping[str, Callable[[Situation, Terms], Duty | None]] = FrozenMap(
    {
        "answer": _answer,
        "first_response": _first_response,
        "next_attempt": _next_attempt,
        "check_in": _check_in,
    }
)


def duties(situation: Situation, terms: Terms, kinds: tuple[str, ...]) -> tuple[Duty, ...]:
    """Return what is owed, the earliest first; an answer stands for the lesser duties as well.

    Args:
        situation: With `readiness` bound.
        terms: The policy's parameters.
        kinds: Which duties the policy's row names.
    """
    owed = [duty for kind in kinds if (duty := _DUTIES[kind](situation, terms)) is not None]
    if any(duty.kind == "answer" for duty in owed):
        owed = [duty for duty in owed if duty.kind not in ("first_response", "check_in")]
    return tuple(sorted(owed, key=lambda duty: (duty.due_us, duty.kind)))
