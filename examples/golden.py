"""The golden story: one buyer, told twice with opposite morals, decided every night for a year.

A buyer gets a price, the budget falls through, the rep leaves the same voicemail every month, the
marketing mail stops. Two articles tell it and conclude the opposite (S3, S4). Here every position
decides it, from a Monday, for 365 nights; the host does what is decided and answers each request
for a rep with rep-7.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import attrs

import nurturekit as nk

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
NIGHTS = 365
POLICIES = ("marketing-led", "sales-led", "blended")
SHOWN = (0, 1, 20, 62, 90, 200)
REP = "rep-7"
PAIN_POINT = "manual reporting"
LEAD = nk.Lead(id="lead-1", zone="Europe/Berlin", language="en")


def day(number: int, hour: int = 10) -> datetime:
    """Return an instant of a day of the story."""
    return MONDAY + timedelta(days=number, hours=hour)


def night(number: int) -> datetime:
    """Return the instant at which a day's decision is made."""
    return day(number, 22)


def _library() -> tuple[nk.Content, ...]:
    pieces = [
        nk.Content(id=f"{position}-{number}", position=position, published_at=day(-30))
        for position in ("awareness", "consideration", "decision")
        for number in range(1, 9)
    ]
    use_case = nk.Content(
        id="use-case", position="decision", pain_points=(PAIN_POINT,), published_at=day(90, 8)
    )
    return (*pieces, use_case)


def world() -> nk.World:
    """Return the story's world: one rep, office hours, a content library."""
    office = nk.BusinessHours(
        zone="Europe/Berlin",
        windows=(nk.Window(days=frozenset(range(5)), start=time(9), end=time(17)),),
    )
    return nk.World(
        reps=[nk.Rep(id=REP, pool="sales")],
        pools=[nk.Pool(id="sales", hours=office, manager="manager-1")],
        content=_library(),
    )


def given() -> list[nk.Touch | nk.Fact | nk.Consent]:
    """Return what happens whatever the policy: the buyer's and the rep's own records."""
    return [
        *(
            nk.Consent(
                id=f"basis-{channel}",
                lead_id=LEAD.id,
                occurred_at=day(0, 8),
                kind="given",
                channel=channel,
                basis="legitimate_interest",
            )
            for channel in ("email", "phone")
        ),
        _touch("price-mail", 0, kind="price_asked", channel="email"),
        _touch("call-1", 1, kind="call_made", rep=REP, outcome="connected"),
        nk.Fact(
            id="pain-point",
            lead_id=LEAD.id,
            occurred_at=day(1),
            name="pain_point",
            value=PAIN_POINT,
            source="conversation",
            origin="person",
        ),
        _touch(
            "budget-mail", 20, kind="email_replied", rep=REP, outcome="no_budget", origin="person"
        ),
        _touch("pricing-page", 200, kind="pricing_viewed"),
        _touch("demo", 200, kind="demo_requested", hour=11),
        _touch("call-2", 201, kind="call_made", rep=REP, outcome="connected"),
    ]


def _touch(  # noqa: PLR0913 - the fields of a record
    touch_id: str,
    number: int,
    *,
    kind: str,
    hour: int = 10,
    channel: str | None = None,
    rep: str | None = None,
    outcome: str | None = None,
    origin: str | None = None,
) -> nk.Touch:
    is_call = kind == "call_made"
    return nk.Touch(
        id=touch_id,
        lead_id=LEAD.id,
        occurred_at=day(number, hour),
        kind=kind,
        channel="phone" if is_call else channel,
        direction="outbound" if is_call else "inbound",
        style="one_to_one" if is_call else None,
        rep=rep,
        outcome=outcome,
        origin=origin,
    )


@attrs.frozen(kw_only=True)
class Story:
    """A year under one policy.

    Args:
        policy: The policy's name.
        decisions: One a night.
        history: Everything that was recorded in the end.
        sent: The mails that the host sent, with their actions.
    """

    policy: str
    decisions: tuple[nk.Decision, ...]
    history: nk.History
    sent: tuple[nk.Action, ...]

    @property
    def handoffs(self) -> int:
        """Offers across teams; sales asking for one of its own is none."""
        moves = [record for record in self.history.records if isinstance(record, nk.Move)]
        return sum(move.kind == "offered" and move.was != move.to for move in moves)

    @property
    def calls_without_news(self) -> int:
        """Calls that were planned though nothing had happened since the last one."""
        return sum(
            action.channel == "phone" and action.duty not in ("answer", "first_response")
            for decision in self.decisions
            for action in decision.actions
        )

    def longest_silence_days(self) -> float:
        """The longest time without a mail, nor a `Blocked` that says why there is none."""
        heard = [record.occurred_at for record in _outbound_mail(self.history)]
        heard += [night(number) for number, one in enumerate(self.decisions) if one.blocked]
        instants = sorted([MONDAY, *heard, night(NIGHTS)])
        return max((later - earlier) / timedelta(days=1) for earlier, later in pairwise(instants))


def _outbound_mail(history: nk.History) -> Iterable[nk.Touch]:
    for record in history.records:
        if isinstance(record, nk.Touch) and record.channel == "email":
            yield from [record] if record.direction == "outbound" else []


def tell(policy: str, *, nights: int = NIGHTS) -> Story:
    """Decide every night under one policy; the host does what is decided."""
    playbook, scene = nk.preset(policy), world()
    history, decisions, sent = nk.History(given()), [], []
    waiting: tuple[nk.Action, ...] = ()
    for number in range(nights):
        for action in waiting:
            at = max(action.earliest, night(number - 1) + timedelta(minutes=5))
            if action.channel != "email" or at >= night(number):
                continue
            if playbook.confirm(action, LEAD, history, as_of=at, world=scene).allowed:
                history = history.add(nk.performed(action, at=at))
                sent.append(action)
        decision = playbook.decide(LEAD, history, as_of=night(number), world=scene)
        decisions.append(decision)
        history = history.add(*decision.moves)
        if decision.request is not None:
            history = history.add(_answer(decision.request, night(number) + timedelta(minutes=1)))
        waiting = decision.actions
    return Story(policy=policy, decisions=tuple(decisions), history=history, sent=tuple(sent))


def _answer(request: nk.AssignmentRequest, at: datetime) -> nk.Move:
    return nk.Move(
        id=f"answer-{request.id}",
        lead_id=LEAD.id,
        occurred_at=at,
        kind="rep",
        rep=REP,
        answers=request.id,
        origin="person",
    )


def line(decision: nk.Decision) -> str:
    """Return what one night came to, in a line."""
    ownership = decision.ownership
    text = f"{decision.stage}, {ownership.accountable} accountable"
    if decision.handoff is not None:
        text += f", offered to {decision.handoff.taker}"
    if decision.request is not None:
        text += ", rep requested"
    for alert in decision.alerts:
        text += f", {alert.rep or alert.to} told of {alert.reason.replace('_', ' ')}"
    if decision.next_action is not None:
        action = decision.next_action
        text += f"; next {action.style} {action.channel} by {action.rep or action.team}"
        text += f" with {action.content}" if action.content else ""
    shown = [one for one in decision.blocked if one.code in ("nothing-new", "no-rep")]
    return text + "".join(f"; blocked: {one.reason}" for one in shown)


def main() -> None:
    """Print the story's table, and what the year came to."""
    stories = [tell(policy) for policy in POLICIES]
    for number in SHOWN:
        print(f"\nday {number}")
        for story in stories:
            print(f"  {story.policy:14} {line(story.decisions[number])}")
    print("\nover the year")
    for story in stories:
        print(
            f"  {story.policy:14} handoffs {story.handoffs}, "
            f"calls without news {story.calls_without_news}, "
            f"mails {len(story.sent)}, "
            f"longest silence {story.longest_silence_days():.0f} days"
        )


if __name__ == "__main__":
    main()
