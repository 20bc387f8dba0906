"""For a rep with time to spare: leads that nothing is owed to, and that there is news for.

Source: S4-8 (reps with time to spare get a list); S3-2 (no empty check-in holds here too).
"""

from datetime import datetime

from nurturekit.answers import Action
from nurturekit.decision import Decision
from nurturekit.guards import check
from nurturekit.identity import stable_id
from nurturekit.instants import from_us
from nurturekit.interop import Case
from nurturekit.planning import SequencePlanner
from nurturekit.planning.case import Case as Planned
from nurturekit.planning.content import Shelf
from nurturekit.planning.news import News, find_news
from nurturekit.playbook import Playbook
from nurturekit.rates import Rates
from nurturekit.records import Situation
from nurturekit.vocabulary import Channel, Purpose, Style, Team
from nurturekit.work.items import LeftOut, WorkItem, WorkQueue
from nurturekit.work.queue import KIND_OF_DUTY, due_now, out_of_reach
from nurturekit.work.scope import Decided, Scope, gathered, may_write, scope_of

_FIRST = News(because="nobody has been in touch yet")
# What a planner of one's own may leave unsaid.
_USUAL = SequencePlanner()


def idle_list(
    decided: Decided,
    *,
    playbook: Playbook,
    as_of: datetime,
    rep: str | None = None,
    team: str | None = None,
    rates: Rates | None = None,
) -> WorkQueue:
    """Return leads for time to spare: nothing is owed to them, and there is something to say.

    A rep's list has the rep's own leads and those nobody has; a team's has all. Each is open, may
    be written to one to one, isn't paused, agreed to no later date, and has news or hasn't been
    touched by sales yet; the guards permit the contact before the day ends. The order is that of
    the ranked part of `work_queue`.

    Args:
        decided: Leads, each with its last decision, as `interop.decide_each` yields them.
        playbook: What the decisions were made by.
        as_of: The instant, aware.
        rep: For whom.
        team: For which team; sales, where none is named.
        rates: How campaigns converted; without them age alone decides.

    Raises:
        CallError: `unknown-word`, `other-lead`, `duplicate-id`, `out-of-range`.
        RecordError: For a naive or impossible instant.

    >>> from datetime import UTC, datetime
    >>> import nurturekit as nk
    >>> now = datetime(2026, 11, 2, 10, tzinfo=UTC)
    >>> len(idle_list([], playbook=nk.preset(nk.PRESETS[0]), as_of=now, rep="ann"))
    0
    """
    scope = scope_of(playbook, as_of=as_of, rep=rep, team=team, rates=rates)
    found = gathered(scope, decided, _answer)
    return WorkQueue.of(found, as_of_us=scope.as_of_us, whose=f"{scope.whose}, time to spare")


def _is_asked_for(scope: Scope, decision: Decision) -> bool:
    known = decision.ownership.rep or decision.ownership.continuity_rep
    turned_down = decision.request is not None and scope.rep in decision.request.exclude
    is_theirs = scope.rep in (None, known) or (known is None and not turned_down)
    return decision.ownership.is_open and may_write(decision, scope.team) and is_theirs


def _answer(scope: Scope, case: Case, decision: Decision) -> WorkItem | LeftOut | None:
    if not _is_asked_for(scope, decision):
        return None
    situation = scope.playbook.situation(
        case.lead, case.history, as_of=from_us(scope.as_of_us), world=case.world
    )
    refused = out_of_reach(situation, decision) or _taken_care_of(scope, situation, decision)
    if refused is not None:
        return refused
    action = _proposed(scope, situation, decision)
    if isinstance(action, LeftOut):
        return action
    return scope.item(situation, action, kind="spare", due_us=None)


def _taken_care_of(scope: Scope, situation: Situation, decision: Decision) -> LeftOut | None:
    lead_id = decision.lead_id
    paused = next((one for one in decision.blocked if one.code == "snoozed"), None)
    if paused is not None:
        return LeftOut(
            lead_id=lead_id, code="snoozed", reason=paused.reason, until_us=paused.until_us
        )
    if due_now(scope, situation, decision) is not None:
        return LeftOut(lead_id=lead_id, code="due", reason="it is in the work queue")
    owed = [duty for duty in decision.ownership.duties if duty.kind in KIND_OF_DUTY]
    if any(duty.kind == "answer" for duty in owed):
        return LeftOut(lead_id=lead_id, code="due", reason="its hand-raise waits for an answer")
    if owed and decision.ownership.rep is not None:
        # S2-6, S2-11: a date agreed to isn't brought forward.
        reason = f"{owed[0].because} waits for its day"
        return LeftOut(lead_id=lead_id, code="later", reason=reason, until_us=owed[0].due_us)
    return None


def _proposed(scope: Scope, situation: Situation, decision: Decision) -> Action | LeftOut:
    planner = scope.playbook.planner
    calls = getattr(planner, "calls", _USUAL.calls)
    planned = Planned(situation, decision.ownership, calls=calls)
    news = find_news(planned, Shelf(situation), at_us=scope.as_of_us)
    if news is None and not situation.sales_touches and decision.ownership.rep is None:
        news = _FIRST
    if news is None:
        return LeftOut(lead_id=decision.lead_id, code="nothing-new", reason="nothing new to say")
    action = _action(scope, planned, news)
    if action.channel is Channel.PHONE and planned.meets_voicemail:
        reason = f"{planned.why_not_phone}, and no other channel has a legal basis"
        return LeftOut(lead_id=decision.lead_id, code="voicemail", reason=reason)
    return _permitted(scope, situation, action)


def _action(scope: Scope, planned: Planned, news: News) -> Action:
    lead_id, touches = planned.situation.lead.id, planned.situation.sales_touches
    channels = getattr(scope.playbook.planner, "duty_channels", _USUAL.duty_channels)
    content = None if news.content is None else news.content.id
    rep = planned.rep or scope.rep
    last = touches[-1].id if touches else ""
    return Action(
        id=stable_id("action", lead_id, "spare", last, content or ""),
        lead_id=lead_id,
        channel=Channel.EMAIL if content else planned.channel(channels, Purpose.SALES),
        style=Style.ONE_TO_ONE,
        team=Team(scope.team or Team.SALES),
        earliest_us=scope.as_of_us,
        rep=rep,
        sender=rep,
        content=content,
        purpose=Purpose.SALES,
        priority=2,
        because=news.because,
    )


def _permitted(scope: Scope, situation: Situation, action: Action) -> Action | LeftOut:
    checked_action = check(scope.playbook.guards, situation, [action])
    for one in checked_action.blocked:
        return LeftOut(
            lead_id=action.lead_id, code=one.code, reason=one.reason, until_us=one.until_us
        )
    allowed = checked_action.allowed[0]
    if allowed.earliest_us >= scope.end_us:
        reason = "not before another day"
        until = allowed.earliest_us
        return LeftOut(lead_id=action.lead_id, code="later", reason=reason, until_us=until)
    return allowed
