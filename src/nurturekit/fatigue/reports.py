"""The report: leads and teams, as records, rows and text."""

import html
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import attrs

from nurturekit.errors import CallError
from nurturekit.fatigue.reading import measured
from nurturekit.fatigue.values import LeadFatigue, TeamFatigue
from nurturekit.instants import DAY_US, format_us, to_us
from nurturekit.interop import Case
from nurturekit.playbook import Playbook
from nurturekit.records import FrozenMap, Situation
from nurturekit.vocabulary import Team

# Convention: a quarter.
WINDOW_DAYS = 90


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

    def rows(self) -> list[dict[str, Any]]:
        """Return one flat dictionary per lead, all with the same keys: ready for a frame."""
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
        found[case.lead.id] = measured(seen, as_of_us - days * DAY_US)
    leads = tuple(found[lead_id] for lead_id in sorted(found))
    teams = tuple(_summed(team, leads) for team in (None, *Team))
    return FatigueReport(as_of_us=as_of_us, days=days, leads=leads, teams=teams)


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
