"""Whose list at what instant, and what every item of one says of its lead."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cached_property

import attrs

from nurturekit.answers import Action
from nurturekit.decision import Decision
from nurturekit.errors import CallError, NurtureError
from nurturekit.instants import DAY_US, day_of, from_us, to_us
from nurturekit.interop import Case
from nurturekit.playbook import Playbook
from nurturekit.rates import Rate, Rates, campaign_of, conversion_rates, first_touch
from nurturekit.records import Situation
from nurturekit.vocabulary import Style, Team
from nurturekit.work.items import LeftOut, WorkItem

# Leads, each with its decision or with the error that prevented it: what `decide_each` yields.
Decided = Iterable[tuple[Case, Decision | NurtureError]]


@attrs.frozen(kw_only=True, slots=False)
class Scope:
    """What a list is asked for.

    Args:
        playbook: What the decisions were made by.
        as_of_us: The instant, in epoch microseconds.
        rep: Whose list, or None.
        team: Which team's, or None.
        rates: How first-touch campaigns converted.
    """

    playbook: Playbook
    as_of_us: int
    rep: str | None
    team: str | None
    rates: Rates

    @cached_property
    def end_us(self) -> int:
        """The end of the integer day, itself excluded."""
        offset = self.playbook.scoring.day_offset_us
        return (day_of(self.as_of_us, offset) + 1) * DAY_US - offset

    @property
    def whose(self) -> str:
        """For whom the list is, in words."""
        return " of ".join(one for one in (self.rep, self.team) if one) or "everybody"

    @cached_property
    def _known(self) -> dict[str, Rate]:
        return {}

    def rate(self, campaign: str) -> Rate:
        """Return a campaign's rate, computed once."""
        if campaign not in self._known:
            self._known[campaign] = self.rates.of(campaign)
        return self._known[campaign]

    def situation(self, case: Case) -> Situation:
        """Return a lead's situation at the list's instant; nothing is scored."""
        return Situation(
            case.lead,
            case.history,
            as_of=from_us(self.as_of_us),
            world=case.world,
            kinds=self.playbook.kinds,
            day_offset_us=self.playbook.scoring.day_offset_us,
        )

    def takes(self, action: Action, decision: Decision) -> bool:
        """Say whether a person of the team asked for may do it: one to one, as ownership allows."""
        is_personal = action.style is Style.ONE_TO_ONE and self.team in (None, action.team)
        return is_personal and may_write(decision, action.team)

    def item(
        self, situation: Situation, action: Action, *, kind: str, due_us: int | None
    ) -> WorkItem:
        """Return an action as an item, not yet ranked."""
        campaign, age = campaign_of(situation), age_days(situation)
        rate = self.rate(campaign)
        return WorkItem(
            lead_id=situation.lead.id,
            kind=kind,
            action=action,
            because=action.because,
            due_us=due_us,
            campaign=campaign,
            rate=rate,
            age_days=age,
            # S2-7: historical conversion of the first-touch campaign, and age.
            priority=rate.p * age,
        )


# What a list says of a lead, or None where the lead isn't asked for.
Answer = Callable[[Scope, Case, Decision], WorkItem | LeftOut | None]


def scope_of(
    playbook: Playbook, *, as_of: datetime, rep: str | None, team: str | None, rates: Rates | None
) -> Scope:
    """Return what a list is asked for, checked; without rates none is better than another.

    Raises:
        CallError: `unknown-word` for a team that isn't one.
        RecordError: For a naive or impossible instant.
    """
    if team is not None and team not in tuple(Team):
        problem = f"must be one of {', '.join(Team)}"
        raise CallError("unknown-word", argument="team", problem=problem)
    return Scope(
        playbook=playbook,
        as_of_us=to_us(as_of, field="as_of"),
        rep=rep,
        team=team,
        rates=conversion_rates((), as_of=as_of) if rates is None else rates,
    )


def gathered(scope: Scope, decided: Decided, answer: Answer) -> Iterator[WorkItem | LeftOut]:
    """Yield what is said of each lead asked for, as long as the pairs make sense.

    A lead that couldn't be decided is left out with its error, and the others go on.

    Raises:
        CallError: `other-lead` or `duplicate-id` for pairs that make none, `out-of-range` for a
            decision made after the list's instant.
    """
    seen: set[str] = set()
    for case, decision in decided:
        lead_id = case.lead.id
        if lead_id in seen:
            problem = f"holds lead `{lead_id}` twice: give the last decision about each alone"
            raise CallError("duplicate-id", argument="decided", problem=problem)
        seen.add(lead_id)
        if isinstance(decision, NurtureError):
            reason = f"{decision} [{decision.code}]"
            yield LeftOut(lead_id=lead_id, code="undecided", reason=reason)
            continue
        _check(case, decision, scope.as_of_us)
        found = answer(scope, case, decision)
        if found is not None:
            yield found


def _check(case: Case, decision: Decision, as_of_us: int) -> None:
    if case.lead.id != decision.lead_id:
        problem = f"pairs lead `{case.lead.id}` with the decision about `{decision.lead_id}`"
        raise CallError("other-lead", argument="decided", problem=problem)
    if decision.as_of_us > as_of_us:
        problem = f"lies before the decision about lead `{decision.lead_id}`"
        raise CallError("out-of-range", argument="as_of", problem=problem)


def may_write(decision: Decision, team: str | None) -> bool:
    """Say whether a team, sales where none is named, may turn to the lead one to one."""
    return Style.ONE_TO_ONE in (decision.ownership.allowed.get(Team(team or Team.SALES)) or ())


def age_days(situation: Situation) -> int:
    """Return for how many days a lead has waited, today included: see `WorkItem`."""
    sales, first = situation.sales_touches, first_touch(situation)
    since = sales[-1] if sales else first
    starts = [since.occurred_us] if since is not None else []
    if situation.opening is not None:
        # Clocks start with the opening.
        starts.append(situation.opening.occurred_us)
    return situation.age_days(max(starts, default=situation.as_of_us)) + 1
