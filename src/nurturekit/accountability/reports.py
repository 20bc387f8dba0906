"""The report: measures of a window of time, as records, rows and text."""

import html
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

import attrs

from nurturekit.accountability.books import Books
from nurturekit.accountability.ledger import NOBODY, Window
from nurturekit.accountability.measures import MEASURES, measured
from nurturekit.accountability.reading import read
from nurturekit.accountability.values import Measure, Side, Unit
from nurturekit.decision import Decision
from nurturekit.errors import CallError, did_you_mean
from nurturekit.instants import format_us
from nurturekit.interop import Case
from nurturekit.records import Kind
from nurturekit.records.checks import check_number, check_word
from nurturekit.records.words import CHANNELS
from nurturekit.vocabulary import Team

Decisions = Mapping[str, Decision] | Iterable[Decision]


@attrs.frozen(kw_only=True, repr=False)
class Report:
    """What each team and rep did with the leads they answer for, and what became of offers.

    Args:
        start_us: First instant that counts, in epoch microseconds.
        end_us: First instant that doesn't; what is seen is seen from here.
        leads: How many leads were read.
        measures: The numbers, the whole before its parts.
    """

    start_us: int
    end_us: int
    leads: int
    measures: tuple[Measure, ...]

    def __repr__(self) -> str:
        return f"<Report {self._head()}>"

    def __str__(self) -> str:
        return self.text()

    def rows(self) -> list[dict[str, Any]]:
        """Return one flat dictionary per measure, all with the same keys: ready for a frame."""
        return [attrs.asdict(measure, value_serializer=_plain) for measure in self.measures]

    def find(self, name: str, **about: object) -> Measure | None:
        """Return the first measure of a name whose fields are as given, None without one.

        Args:
            name: The measure's name.
            about: Fields of `Measure`: side, team, rep, source, detail. Unsaid, the whole comes
                before its parts, effort before quality, and marketing before sales.

        Raises:
            CallError: `unknown-word` for a name that no measure has.
        """
        known = [definition.name for definition in MEASURES]
        if name not in known:
            hint = did_you_mean(name, known)
            raise CallError(
                "unknown-word", argument="name", problem=f"`{name}` is no measure{hint}"
            )
        return next(
            (
                one
                for one in self.measures
                if one.name == name and all(getattr(one, key) == about[key] for key in about)
            ),
            None,
        )

    def text(self) -> str:
        """Return the report as text for people: what has nothing to tell is left out."""
        return "\n".join(self._lines())

    def _head(self) -> str:
        window = f"{format_us(self.start_us)} to {format_us(self.end_us)}"
        return f"{window}, {self.leads:,} lead{'' if self.leads == 1 else 's'}"

    def _telling(self) -> Iterator[Measure]:
        # What no rep has is the whole where nobody has anything.
        with_reps = {measure.team for measure in self.measures if measure.rep}
        for measure in self.measures:
            is_whole_again = measure.rep == NOBODY and measure.team not in with_reps
            # A team says that it has none of something; a rep needn't.
            is_none = measure.rep and measure.unit is Unit.COUNT and not measure.value
            if (measure.n or measure.open) and not is_whole_again and not is_none:
                yield measure

    def _lines(self) -> Iterator[str]:
        yield f"accountability, {self._head()}"
        for title, group in groupby(self._telling(), key=_title):
            yield ""
            yield title
            yield from map(_line, group)

    def _repr_html_(self) -> str:
        heads = ("about", "measure", "value", "95 %", "n", "open", "note")
        head = "".join(f"<th>{text}</th>" for text in heads)
        rows = "".join(_html_row(measure) for measure in self._telling())
        caption = html.escape(f"accountability, {self._head()}")
        return f"<table><caption>{caption}</caption><tr>{head}</tr>{rows}</table>"


def report(
    cases: Iterable[Case],
    *,
    start: datetime,
    end: datetime,
    kinds: Mapping[str, Kind] | None = None,
    decisions: Decisions | None = None,
    minutes: Mapping[str, float] | None = None,
) -> Report:
    """Report who owned, touched, took and turned down what, from histories alone.

    Args:
        cases: The leads, each once, with history and world.
        start: First instant that counts, aware.
        end: First instant that doesn't, aware; only what can be seen then is read.
        kinds: What the playbook says of kinds of touch (`playbook.kinds`): needed where touches
            leave out direction or style.
        decisions: The leads' decisions at the end, to count those without a next action.
        minutes: Channel to the minutes that one touch costs a rep.

    Raises:
        CallError: `out-of-range` where the end doesn't lie after the start, or minutes are below 0;
            `duplicate-id` for a lead that comes twice.
        RecordError: For a naive instant, an unknown channel, or minutes that are no number.
    """
    window = Window(start=start, end=end, kinds=kinds or {})
    if window.end_us <= window.start_us:
        raise CallError("out-of-range", argument="end", problem="must lie after `start`")
    books = Books(minutes=_checked_minutes(minutes), asked=decisions is not None)
    seen: set[str] = set()
    for case in cases:
        if case.lead.id in seen:
            raise CallError(
                "duplicate-id", argument="cases", problem=f"hold lead `{case.lead.id}` twice"
            )
        seen.add(case.lead.id)
        books.add(read(case, window))
    for decision in _listed(decisions):
        if decision.lead_id in seen:
            books.decide(decision)
    keys = sorted(books.by_key, key=lambda key: key.order)
    found = [measure for key in keys for measure in measured(key, books.by_key[key])]
    return Report(
        start_us=window.start_us, end_us=window.end_us, leads=len(seen), measures=tuple(found)
    )


def _listed(decisions: Decisions | None) -> Iterable[Decision]:
    if decisions is None:
        return ()
    return decisions.values() if isinstance(decisions, Mapping) else decisions


def _checked_minutes(minutes: Mapping[str, float] | None) -> Mapping[str, float] | None:
    for channel, each in (minutes or {}).items():
        check_word(channel, CHANNELS, field="minutes")
        number = check_number(each, field=f"minutes.{channel}")
        if number is None or number < 0:
            raise CallError("out-of-range", argument=f"minutes.{channel}", problem="must be from 0")
    return minutes


def _plain(_: type | None, __: object, value: Any) -> Any:  # noqa: ANN401 - the table's border
    return str(value) if isinstance(value, Side | Unit | Team) else value


def _title(measure: Measure) -> str:
    if measure.side is Side.EFFORT:
        rep = "" if measure.rep is None else f", {measure.rep or 'no rep'}"
        return f"effort of {measure.team}{rep}"
    if measure.team is not None:
        return f"quality of what {measure.team} gives"
    return f"quality of what comes by campaign {measure.source}"


def _line(measure: Measure) -> str:
    return f"  {_name(measure):<28} {_value(measure):>14}  {_about(measure)}".rstrip()


def _name(measure: Measure) -> str:
    return f"{measure.name} {measure.detail}".strip()


def _value(measure: Measure) -> str:
    return _shown(measure.value, measure.unit)


def _shown(value: float | None, unit: Unit) -> str:
    if value is None:
        return "unknown"
    if unit is Unit.SHARE:
        return f"{100 * value:.1f} %"
    if unit is Unit.HOURS:
        return f"{value:,.1f} h"
    return f"{value:,.0f} min" if unit is Unit.MINUTES else f"{value:,.0f}"


def _interval(measure: Measure) -> str:
    if measure.low is None and measure.high is None:
        return ""
    high = "?" if measure.high is None else _shown(measure.high, measure.unit)
    return f"{_shown(measure.low, measure.unit)} to {high}"


def _about(measure: Measure) -> str:
    parts = [_interval(measure)]
    if measure.unit in (Unit.SHARE, Unit.HOURS):
        parts.append(f"n={measure.n:,}")
    if measure.open:
        # Of a time's cases some are closed, or gone: all that is known is that it took longer.
        word = "censored" if measure.unit is Unit.HOURS else "open"
        parts.append(f"{measure.open:,} {word}")
    if measure.small:
        parts.append("few cases")
    return ", ".join(part for part in (*parts, measure.note) if part)


def _html_row(measure: Measure) -> str:
    few = "few cases" if measure.small else ""
    note = ", ".join(part for part in (few, measure.note) if part)
    cells = (
        _title(measure),
        _name(measure),
        _value(measure),
        _interval(measure),
        str(measure.n),
        str(measure.open),
        note,
    )
    return "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"
