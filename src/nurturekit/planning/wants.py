"""What a lead should get next, before content and news are looked for; then with them."""

from collections.abc import Iterable, Iterator

import attrs

from nurturekit.answers import Action, Blocked, Duty
from nurturekit.identity import stable_id
from nurturekit.planning.branches import Branch
from nurturekit.planning.case import Case
from nurturekit.planning.content import Shelf
from nurturekit.planning.news import find_news, next_news_us
from nurturekit.planning.runs import Progress, due_us
from nurturekit.planning.sequence import ContentRule, Step
from nurturekit.planning.waits import NO_END_US, WAIT, is_missing
from nurturekit.records.frozen import changed
from nurturekit.vocabulary import Channel, Purpose, Style

ANSWERS = frozenset({"answer", "first_response"})
# Lower goes first: what the lead asked for, what it agreed to, a rep, a machine, a blast.
ANSWER, AGREED, REP = 0, 1, 2
BY_STYLE = {Style.ONE_TO_ONE: REP, Style.AUTOMATED: 3, Style.MASS: 4}


@attrs.frozen(kw_only=True)
class Want:
    """An action without its content.

    Args:
        action: Whole but for its content.
        content: What content it takes, if any.
        needs_news: Whether it happens only if there is something new to say.
        is_owed: Whether the lead asked for it or agreed to it.
        missing: The fact whose date it waits for, while that isn't known.
        if_no_content: Whether a step waits for content or is skipped.
    """

    action: Action
    content: ContentRule | None = None
    needs_news: bool = False
    is_owed: bool = False
    missing: str | None = None
    if_no_content: str = WAIT

    def __lt__(self, other: "Want") -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[int, int, int, str]:
        # Who chooses first: the earliest, then by priority and rank, then by id.
        action = self.action
        return action.earliest_us, action.priority, -action.rank, action.id


def agreed_us(duties: Iterable[Duty]) -> int:
    """Return the date the lead agreed to, or 0: a rep's own cadence waits for it (S2-11)."""
    dates = (duty.due_us for duty in duties if duty.agreed and duty.kind not in ANSWERS)
    return max(dates, default=0)


def want_of_duty(
    duty: Duty, case: Case, *, channels: tuple[Channel, ...], not_before_us: int
) -> Want:
    """Return what a duty makes a rep do.

    Args:
        duty: What is owed.
        case: To whom.
        channels: The ways to do it, first choice first.
        not_before_us: When a pause or an agreed date lets a mere timer begin.
    """
    is_answer = duty.kind in ANSWERS
    is_timer = not (duty.agreed or is_answer)
    earliest = 0 if is_answer else max(duty.due_us, not_before_us if is_timer else 0)
    rep = case.person(duty.rep, case.rep)
    action = Action(
        id=stable_id("action", case.situation.lead.id, duty.kind, *_about(duty, case, is_timer)),
        lead_id=case.situation.lead.id,
        channel=case.channel(channels, Purpose.SALES),
        style=Style.ONE_TO_ONE,
        team=duty.team,
        earliest_us=max(earliest, case.now_us),
        latest_us=duty.due_us if is_answer and duty.due_us > case.now_us else None,
        rep=rep,
        sender=rep,
        duty=duty.kind,
        about=duty.about,
        purpose=Purpose.SALES,
        priority=ANSWER if is_answer else REP if is_timer else AGREED,
        because=f"{duty.because}{case.instead(channels, Purpose.SALES)}",
    )
    return Want(action=action, needs_news=is_timer, is_owed=not is_timer)


def _about(duty: Duty, case: Case, is_timer: bool) -> Iterator[str]:  # noqa: FBT001 - a claim
    yield duty.about
    touches = case.situation.sales_touches
    # A timer goes on after a mail: what it asks for next is another action.
    if is_timer and touches and touches[-1].id != duty.about:
        yield touches[-1].id


def want_of_step(progress: Progress, step: Step, case: Case, *, not_before_us: int) -> Want:
    """Return what a run's next step is.

    Args:
        progress: A run.
        step: Its next step.
        case: Whose.
        not_before_us: When a pause, and for a rep's step an agreed date, lets it happen.
    """
    sequence = progress.sequence
    team = step.team or sequence.team
    is_personal = step.style is Style.ONE_TO_ONE
    rep = (case.owner if step.sender == "owner" else case.rep) if is_personal else None
    channel, instead = step.channel, ""
    if is_personal and channel is Channel.PHONE and case.meets_voicemail:
        ways = (channel, Channel.EMAIL)
        channel = case.channel(ways, sequence.purpose)
        instead = case.instead(ways, sequence.purpose)
    lead_id, step_id = case.situation.lead.id, progress.step_id
    action = Action(
        id=stable_id("action", lead_id, sequence.name, progress.run, step_id),
        lead_id=lead_id,
        channel=channel,
        style=step.style,
        team=team,
        earliest_us=max(due_us(progress, case.situation), not_before_us, case.now_us),
        rep=rep,
        sender=rep if is_personal else case.sender(step, team),
        sequence=sequence.name,
        run=progress.run or None,
        step=step_id,
        topic=step.topic,
        hours=sequence.send,
        purpose=sequence.purpose,
        priority=BY_STYLE[step.style],
        rank=sequence.priority,
        because=f"`{sequence.name}` step `{step_id}`{instead}",
    )
    return Want(
        action=action,
        content=step.content,
        needs_news=is_personal and not step.content,
        missing=step.until_fact if is_missing(step, case.situation) else None,
        if_no_content=step.if_no_content,
    )


def waiting(progress: Progress, branch: Branch, case: Case) -> Blocked:
    """Return why nothing comes of a run that waits at a branch."""
    until_us = due_us(progress, case.situation)
    because = f"`{progress.sequence.name}` waits at `{branch.id}`"
    if until_us < NO_END_US:
        return Blocked(code="waiting", reason=because, until_us=until_us)
    return _undated(because, branch.until_fact)


def _undated(because: str, fact: str | None, action: Action | None = None) -> Blocked:
    reason = f"{because} for the date `{fact}`, which isn't known"
    return Blocked(code="unknown-date", reason=reason, needs=("fact",), action=action)


def met(want: Want, case: Case, shelf: Shelf) -> Action | Blocked:
    """Return a want as an action with its content, or why it can't be one."""
    action, is_endless = want.action, want.action.earliest_us >= NO_END_US
    if is_endless:
        # No calendar has that instant: what waits for ever is shown as it would be now.
        action = changed(action, earliest_us=case.now_us)
    if (action.team, action.style) not in case.allowed:
        because = f"{action.team} may not use {action.style} now ({case.ownership.because})"
        return Blocked(code="not-allowed", reason=because, action=action)
    if is_endless:
        if want.missing is not None:
            return _undated(f"{action.because} waits", want.missing, action)
        return Blocked(code="snoozed", reason="paused without an end", action=action)
    if action.style is Style.ONE_TO_ONE and action.rep is None:
        return Blocked(
            code="no-rep", reason="no active rep is known", needs=("rep",), action=action
        )
    if action.priority == AGREED and case.is_kept(action.earliest_us):
        # S3-2: an answer on the agreed day is the contact; one before leaves the date owed.
        reason = "nothing new to say: the contact planned before keeps this date"
        until = action.earliest_us
        return Blocked(code="nothing-new", reason=reason, until_us=until, action=action)
    answer = _filled(want, case, shelf)
    if isinstance(answer, Action) and not want.is_owed and _only_voicemail(answer, case):
        reason = f"{case.why_not_phone}, and no other channel has a legal basis"
        return Blocked(code="voicemail", reason=reason, needs=("basis",), action=answer)
    return answer


def _only_voicemail(action: Action, case: Case) -> bool:
    is_call = action.style is Style.ONE_TO_ONE and action.channel is Channel.PHONE
    return is_call and case.meets_voicemail


def _filled(want: Want, case: Case, shelf: Shelf) -> Action | Blocked:
    if want.needs_news:
        return _with_news(want.action, case, shelf)
    if want.content is not None:
        return _with_content(want.action, want.content, shelf)
    return want.action


def _with_news(action: Action, case: Case, shelf: Shelf) -> Action | Blocked:
    news = find_news(case, shelf, at_us=action.earliest_us)
    if news is None:
        return _nothing_new(action, next_news_us(case, shelf, at_us=action.earliest_us))
    because = f"{action.because}; {news.because}"
    if news.content is None:
        return changed(action, because=because)
    # S2-8: a new piece that fits the lead's pain point, with a personal note.
    shelf.take(news.content)
    return changed(action, channel=Channel.EMAIL, content=news.content.id, because=because)


def _nothing_new(action: Action, until_us: int | None) -> Blocked:
    return Blocked(
        code="nothing-new", reason="nothing new to say", until_us=until_us, action=action
    )


def _with_content(action: Action, rule: ContentRule, shelf: Shelf) -> Action | Blocked:
    at_us = action.earliest_us
    piece = shelf.best(rule, action.channel, at_us=at_us)
    if piece is not None:
        shelf.take(piece)
        because = f"{action.because}; {shelf.because(piece, rule)}"
        return changed(action, content=piece.id, because=because)
    until = shelf.next_publication(rule, action.channel, at_us=at_us)
    if action.style is Style.ONE_TO_ONE:
        return _nothing_new(action, until)
    return shelf.refusal(action, rule, until_us=until)
