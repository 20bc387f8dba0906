"""How much contact each lead gets, and how much of it says nothing new (S4-9, S3-2).

CLOSED. Rules, all of them here:

- A contact of ours turns to the lead on a channel that reaches a person; one-to-one by sales it is
  sales', else marketing's (S1-13). What counts lies in the window (as of - days, as of].
- Repeats are of two kinds: an asset that the lead had had from us, whenever; and a rep's contact by
  the channel of the rep's contact before, with nothing new between. New is an asset not had before,
  a hand-raise, a fact that changed on a later day, an offer, a date that was agreed to.
- A machine answers nothing: opens and automatic replies count neither as answers nor as contacts.
- A lead is watched from its first touch, fact, move or opening on: a silence before is nobody's.
"""

import html
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

import attrs

from nurturekit.errors import CallError
from nurturekit.guards.profile import UNDIRECTED
from nurturekit.instants import DAY_US, date_us, format_us, to_us
from nurturekit.interop import Case
from nurturekit.planning.case import UNANSWERED, is_answer
from nurturekit.playbook import Playbook
from nurturekit.records import Consent, FrozenMap, Situation, Touch
from nurturekit.vocabulary import Channel, ConsentKind, MoveKind, Origin, Style, Team

# Convention: a quarter.
WINDOW_DAYS = 90
WEEK_US = 7 * DAY_US
UNKNOWN = "unknown"
# What a contact is counted by, and all that it may say there.
PARTS: Mapping[str, tuple[str, ...]] = FrozenMap(
    {
        "channel": (*(str(one) for one in Channel if one not in UNDIRECTED), UNKNOWN),
        "team": tuple(map(str, Team)),
        "style": (*map(str, Style), UNKNOWN),
    }
)


@attrs.frozen(kw_only=True)
class LeadFatigue:
    """One lead's contacts in the window.

    Args:
        contacts: How many there were, by channel, team and style.
        same_asset: Contacts with an asset that it had had from us.
        same_channel: A rep's contacts by the same channel again without anything new.
        unanswered_calls: The longest run of calls that met nobody.
        silence_days: The longest time without a contact of ours, in days.
        busiest_week: The most contacts within seven days.
        opt_outs: Restrictions: withdrawals, objections, erasures, bounces.
        answers: What the lead answered, to whomever.
    """

    lead_id: str
    contacts: Mapping[tuple[str, str, str], int]
    same_asset: int
    same_channel: int
    unanswered_calls: int
    silence_days: float
    busiest_week: int
    opt_outs: int
    answers: int

    @property
    def touches(self) -> int:
        """All contacts of ours."""
        return sum(self.contacts.values())

    def by(self, part: str) -> dict[str, int]:
        """Return the contacts by one of `PARTS`, 0 where there are none."""
        place, counts = list(PARTS).index(part), dict.fromkeys(PARTS[part], 0)
        for key, count in self.contacts.items():
            counts[key[place]] += count
        return counts

    def row(self) -> dict[str, Any]:
        """Return the lead flat, with the same keys for every lead."""
        told = attrs.asdict(self, filter=lambda field, _: field.name != "contacts")
        parts = {f"{part}_{name}": n for part in PARTS for name, n in self.by(part).items()}
        return {"lead_id": told.pop("lead_id"), "touches": self.touches, **told, **parts}


@attrs.frozen(kw_only=True)
class TeamFatigue:
    """The contacts of one team, or of both.

    Args:
        team: Whose, None for both.
        touches: How many in all.
        leads: How many leads had any.
        median: The contacts of the lead in the middle, of all leads.
        p90: Contacts that nine in ten leads have at most.
        most: The contacts of the lead that has the most.
    """

    team: Team | None
    touches: int
    leads: int
    median: int
    p90: int
    most: int


@attrs.frozen(kw_only=True, repr=False)
class FatigueReport:
    """How much contact leads had, from their histories alone.

    Args:
        as_of_us: The window's last instant, in epoch microseconds.
        days: Its length.
        leads: Each lead, by id.
        teams: Both teams together, then each.
    """

    as_of_us: int
    days: int
    leads: tuple[LeadFatigue, ...]
    teams: tuple[TeamFatigue, ...]

    def __repr__(self) -> str:
        return f"<FatigueReport {self._head()}>"

    def __str__(self) -> str:
        return self.text()

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One flat dictionary per lead, all with the same keys: ready for a frame."""
        return [lead.row() for lead in self.leads]

    def find(self, lead_id: str) -> LeadFatigue | None:
        """Return a lead, None where it isn't among those measured."""
        return next((one for one in self.leads if one.lead_id == lead_id), None)

    def total(self, name: str) -> int:
        """Return the sum over all leads of what they have a whole number of, such as `answers`."""
        return sum(getattr(lead, name) for lead in self.leads)

    def text(self, *, first: int = 20) -> str:
        """Return the report for people: the totals, then the leads under most pressure.

        Args:
            first: How many leads to list.
        """
        return "\n".join(self._lines(first))

    def _head(self) -> str:
        count = len(self.leads)
        leads = f"{count:,} lead{'' if count == 1 else 's'}"
        return f"{self.days} days to {format_us(self.as_of_us)}, {leads}"

    def _lines(self, first: int) -> Iterator[str]:
        yield f"contact pressure, {self._head()}"
        yield ""
        yield "  ".join(f"{name:>9}" for name in ("", *_TEAM_HEADS))
        for one in self.teams:
            yield "  ".join(f"{cell:>9}" for cell in _team_cells(one))
        yield ""
        yield ", ".join(f"{text} {self.total(name):,}" for name, text in _TOTALS.items())
        for lead in self._pressed()[:first]:
            yield f"  {lead.lead_id:<20} {_about(lead)}"

    def _pressed(self) -> list[LeadFatigue]:
        touched = (lead for lead in self.leads if lead.touches)
        return sorted(touched, key=lambda one: (-one.busiest_week, -one.touches, one.lead_id))

    def _repr_html_(self) -> str:
        tables = (
            (("", *_TEAM_HEADS), map(_team_cells, self.teams)),
            (("lead", "about"), ((one.lead_id, _about(one)) for one in self._pressed()[:20])),
        )
        caption = f"<p>{html.escape(f'contact pressure, {self._head()}')}</p>"
        return caption + "".join(_table(heads, rows) for heads, rows in tables)


_TEAM_HEADS = ("contacts", "leads", "median", "90 %", "most")
_TOTALS: Mapping[str, str] = FrozenMap(
    {
        "same_asset": "the same asset again",
        "same_channel": "the same channel again without news",
        "answers": "answers",
        "opt_outs": "opt-outs",
    }
)


def _team_cells(one: TeamFatigue) -> tuple[str, ...]:
    numbers = (one.touches, one.leads, one.median, one.p90, one.most)
    return (one.team or "both", *(f"{number:,}" for number in numbers))


def _about(lead: LeadFatigue) -> str:
    counts = [f"{lead.touches} contacts", f"{lead.busiest_week} in the busiest week"]
    counts.append(f"silent for {lead.silence_days:.0f} days at most")
    counts += [f"{text} {getattr(lead, name)}" for name, text in _TOTALS.items()]
    counts.append(f"calls in vain in a row {lead.unanswered_calls}")
    return ", ".join(text for text in counts if not text.endswith(" 0"))


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{html.escape(text)}</th>" for text in heads)
    lines = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows)
    return f"<table><tr>{head}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def fatigue(
    cases: Iterable[Case], *, playbook: Playbook, as_of: datetime, days: int = WINDOW_DAYS
) -> FatigueReport:
    """Measure how much contact leads have had, and how much of it said nothing new.

    Args:
        cases: The leads, each once, with history and world.
        playbook: Says what kinds of touch mean.
        as_of: The window's last instant, aware; only what can be seen then is read.
        days: The window's length, from 1.

    Raises:
        CallError: `out-of-range` for days below 1; `duplicate-id` for a lead that comes twice.
        RecordError: For a naive or impossible instant.
    """
    if type(days) is not int or days < 1:
        raise CallError("out-of-range", argument="days", problem="must be a whole number from 1")
    as_of_us = to_us(as_of, field="as_of")
    found: dict[str, LeadFatigue] = {}
    for case in cases:
        if case.lead.id in found:
            problem = f"hold lead `{case.lead.id}` twice"
            raise CallError("duplicate-id", argument="cases", problem=problem)
        seen = Situation(
            case.lead,
            case.history,
            as_of=as_of,
            world=case.world,
            kinds=playbook.kinds,
            day_offset_us=playbook.scoring.day_offset_us,
        )
        found[case.lead.id] = _measured(seen, as_of_us - days * DAY_US)
    leads = tuple(found[lead_id] for lead_id in sorted(found))
    teams = tuple(_summed(team, leads) for team in (None, *Team))
    return FatigueReport(as_of_us=as_of_us, days=days, leads=leads, teams=teams)


def _measured(seen: Situation, since_us: int) -> LeadFatigue:
    ours = [touch for touch in seen.touches if is_contact(seen, touch)]
    recent = [touch for touch in ours if touch.occurred_us > since_us]
    times = [touch.occurred_us for touch in recent]
    return LeadFatigue(
        lead_id=seen.lead.id,
        contacts=FrozenMap(Counter(_parts(seen, touch) for touch in recent)),
        same_asset=sum(touch.occurred_us > since_us for touch in _again(ours)),
        same_channel=sum(touch.occurred_us > since_us for touch in repeats(seen)),
        unanswered_calls=_longest_run(seen, since_us),
        silence_days=_silence_us(seen, times, since_us) / DAY_US,
        busiest_week=_busiest(times),
        opt_outs=sum(_is_opt_out(seen, one, since_us) for one in seen.consents),
        answers=sum(
            touch.occurred_us > since_us and is_answer(seen, touch) for touch in seen.touches
        ),
    )


def _is_opt_out(seen: Situation, consent: Consent, since_us: int) -> bool:
    # A restriction can be seen before it holds, or before it was known: it is counted after both.
    known_us = max(consent.occurred_us, consent.recorded_us)
    is_now = since_us < consent.occurred_us and known_us <= seen.as_of_us
    return is_now and consent.kind is not ConsentKind.GIVEN


def is_contact(seen: Situation, touch: Touch) -> bool:
    """Say whether a touch of ours reached out to the lead in person."""
    return seen.is_outbound(touch) and _channel(seen, touch) not in UNDIRECTED


def _channel(seen: Situation, touch: Touch) -> str | None:
    return touch.channel or seen.kind_of(touch).channel


def _parts(seen: Situation, touch: Touch) -> tuple[str, str, str]:
    team = Team.SALES if seen.is_sales_touch(touch) else Team.MARKETING
    style = touch.style or seen.kind_of(touch).style
    return str(_channel(seen, touch) or UNKNOWN), str(team), str(style or UNKNOWN)


def _again(ours: Iterable[Touch]) -> Iterator[Touch]:
    had: set[str] = set()
    for touch in ours:
        if touch.asset is not None:
            if touch.asset in had:
                yield touch
            had.add(touch.asset)


def repeats(seen: Situation) -> Iterator[Touch]:
    """Yield a rep's contacts by the channel of the one before, with nothing new between (S3-2)."""
    had = {touch.asset for touch in seen.sales_touches[:1]}
    for before, touch in pairwise(seen.sales_touches):
        is_same = _channel(seen, touch) == _channel(seen, before)
        since_us, until_us = before.occurred_us, touch.occurred_us
        had |= {one.asset for one in seen.touches if one.occurred_us < until_us}
        is_told = touch.asset is not None and touch.asset not in had
        if is_same and not is_told and not _is_news(seen, since_us, until_us):
            yield touch


def _is_news(seen: Situation, since_us: int, until_us: int) -> bool:
    raised = any(
        since_us < touch.occurred_us <= until_us and seen.kind_of(touch).intent
        for touch in seen.lead_made
    )
    offered = any(
        since_us < move.occurred_us <= until_us and move.kind is MoveKind.OFFERED
        for move in seen.visible.moves
    )
    agreed = any(since_us < date <= until_us for date in _agreed(seen))
    return raised or offered or agreed or _is_changed(seen, since_us, until_us)


def _agreed(seen: Situation) -> Iterator[int]:
    dates = [opening.next_attempt_on for opening in seen.visible.openings]
    dates += [touch.next_attempt_on for touch in seen.touches]
    yield from (date_us(date) for date in dates if date is not None)
    for move in seen.visible.moves:
        if move.kind is MoveKind.SNOOZED and move.origin is Origin.PERSON and move.until_us:
            yield move.until_us


def _is_changed(seen: Situation, since_us: int, until_us: int) -> bool:
    held = dict(seen.lead.attributes.items())
    since_age = seen.age_days(since_us)
    for fact in seen.visible.facts:
        if fact.occurred_us > until_us:
            break
        is_later = seen.age_days(fact.occurred_us) < since_age
        if is_later and fact.value is not None and held.get(fact.name) != fact.value:
            return True
        held[fact.name] = fact.value
    return False


def _longest_run(seen: Situation, since_us: int) -> int:
    longest = run = 0
    for touch in seen.touches:
        if touch.occurred_us > since_us and _channel(seen, touch) == Channel.PHONE:
            is_vain = seen.is_outbound(touch) and touch.outcome in UNANSWERED
            run = run + 1 if is_vain else 0
            longest = max(longest, run)
    return longest


def _silence_us(seen: Situation, times: list[int], since_us: int) -> int:
    records = seen.visible
    ever = (records.touches, records.facts, records.moves, records.openings)
    # Each is by time.
    first = min([seen.as_of_us, *(kind[0].occurred_us for kind in ever if kind)])
    points = [max(since_us, first), *times, seen.as_of_us]
    return max(later - earlier for earlier, later in pairwise(points))


def _busiest(times: list[int]) -> int:
    # A week ends with each contact; what lies less than seven days before it counts.
    return max((sum(end - WEEK_US < one <= end for one in times) for end in times), default=0)


def _summed(team: Team | None, leads: tuple[LeadFatigue, ...]) -> TeamFatigue:
    counts = sorted(lead.touches if team is None else lead.by("team")[team] for lead in leads)
    return TeamFatigue(
        team=team,
        touches=sum(counts),
        leads=sum(map(bool, counts)),
        median=_quantile(counts, 0.5),
        p90=_quantile(counts, 0.9),
        most=_quantile(counts, 1),
    )


def _quantile(counts: list[int], p: float) -> int:
    # The least number that so many leads don't exceed.
    return counts[math.ceil(p * len(counts)) - 1] if counts else 0
