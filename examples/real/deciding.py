"""What both scripts do with real leads: decide each under every preset, and print what comes out.

Results go to stdout and are the same on every run; progress and timing go to stderr. Nothing about
a single lead is printed.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from time import process_time

import attrs
from sources import DATA, PIECES, Found, MissingDataError, Source

import nurturekit as nk
from nurturekit.accountability import Report, report
from nurturekit.instants import parse_instant
from nurturekit.interop import Case
from nurturekit.progress import Pace, pace
from nurturekit.report import Comparison, Summary

PROGRESS_EVERY = 1_000


@attrs.define
class Tally:
    """What one preset came to.

    Args:
        name: The preset.
        summary: Counts of its decisions.
        open_leads: Leads that somebody nurtures.
        acting: Those of them with a next action that nothing blocks.
        offered: Leads for which the decision offers a handoff, or asks for a first response.
        seconds: What deciding took.
    """

    name: str
    summary: Summary = attrs.field(factory=Summary)
    open_leads: int = 0
    acting: int = 0
    offered: int = 0
    seconds: float = 0.0

    def add(self, decision: nk.Decision) -> None:
        """Count one decision."""
        self.summary.add(decision)
        self.open_leads += decision.ownership.is_open
        self.acting += decision.ownership.is_open and decision.next_action is not None
        self.offered += any(move.kind == "offered" for move in decision.moves)

    def lines(self) -> Iterator[str]:
        """Yield what is printed about the preset."""
        share = 100 * self.acting / max(self.open_leads, 1)
        yield f"errors {self.summary.failures.total()}"
        yield (
            f"open leads {self.open_leads:,}, "
            f"with a next action that nothing blocks {self.acting:,} ({share:.1f} %)"
        )
        yield f"handoffs or first responses offered now: {self.offered:,}"
        yield from self.summary.lines()


def decide(cases: Sequence[Case], *, as_of: datetime) -> tuple[list[Tally], Comparison]:
    """Decide each lead under every preset.

    Args:
        cases: The leads.
        as_of: The instant of judgement.
    """
    playbooks = [nk.preset(name) for name in nk.PRESETS]
    tallies = [Tally(playbook.name) for playbook in playbooks]
    comparison = Comparison(nk.PRESETS, first=0)
    for number, case in enumerate(cases, start=1):
        pairs = zip(playbooks, tallies, strict=True)
        decisions = [_decided(playbook, tally, case, as_of) for playbook, tally in pairs]
        made = [decision for decision in decisions if decision is not None]
        if len(made) == len(playbooks):
            comparison.add(made)
        if number % PROGRESS_EVERY == 0:
            print(f"{number:,} of {len(cases):,} leads decided", file=sys.stderr)
    return tallies, comparison


def _decided(
    playbook: nk.Playbook, tally: Tally, case: Case, as_of: datetime
) -> nk.Decision | None:
    start = process_time()
    try:
        decision = playbook.decide(case.lead, case.history, as_of=as_of, world=case.world)
    except nk.NurtureError as error:
        tally.summary.fail(error.code)
        return None
    finally:
        tally.seconds += process_time() - start
    tally.add(decision)
    return decision


def account(
    cases: Sequence[Case], owned: Mapping[str, Sequence[nk.Move]], *, since: datetime, end: datetime
) -> tuple[Report, Pace]:
    """Report who had the leads and turned to them, and how long they stay in each stage.

    Args:
        cases: The leads.
        owned: Lead id to the moves that say who had it.
        since: The report's start.
        end: Its end.
    """
    had = [
        attrs.evolve(case, history=case.history.add(*owned.get(case.lead.id, ()))) for case in cases
    ]
    kinds = nk.preset(nk.PRESETS[0]).kinds
    return report(had, start=since, end=end, kinds=kinds), pace(cases, as_of=end)


def run(source: Source, argv: Sequence[str] | None) -> int:
    """Read a source, decide its leads, print the results.

    Returns:
        0, 1 when a lead couldn't be decided, 2 when the data isn't there.
    """
    options = _options(source, argv)
    start = process_time()
    try:
        found = source.found(options.data, options.limit)
    except MissingDataError as error:
        print(f"{error}\n\n{source.obtain}", file=sys.stderr)
        return 2
    print(f"read in {process_time() - start:.1f} s of CPU", file=sys.stderr)

    there = [case for case in found.cases if case.history.visible(as_of=options.as_of).touches]
    _print_head(source, found, options.as_of, there=len(there))
    tallies, comparison = decide(there, as_of=options.as_of)
    for tally in tallies:
        print(f"\n== {tally.name}\n")
        print("\n".join(tally.lines()))
        each = 1_000_000 * tally.seconds / max(len(there), 1)
        print(f"{tally.name}: {tally.seconds:.1f} s of CPU, {each:.0f} us a lead", file=sys.stderr)
    print("\n== where the presets disagree\n")
    print("\n".join(comparison.lines()))
    _print_account(source, found, there, options.as_of)
    print(f"\n== what this data can't tell\n\n{source.cannot_tell}")
    return int(any(tally.summary.failures for tally in tallies))


def _print_account(source: Source, found: Found, there: Sequence[Case], as_of: datetime) -> None:
    start = process_time()
    made, stages = account(there, found.owned, since=source.since, end=as_of)
    print(f"\n== who is held to account\n\nread as\n{source.owned_as}\n")
    # Teams and sources only: reps are people, many, and got their leads by no chance.
    whole = tuple(one for one in made.measures if one.rep is None)
    print(attrs.evolve(made, measures=whole))
    print(f"\n== how fast leads move on\n\n{stages}")
    print(f"\n== what the report can't show of this data\n\n{source.cannot_report}")
    print(f"reported in {process_time() - start:.1f} s of CPU", file=sys.stderr)


def _options(source: Source, argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=source.title)
    parser.add_argument("--data", type=Path, default=DATA, help=f"holds {source.folder}/")
    parser.add_argument("--limit", type=count, help="only so many leads, evenly spread")
    parser.add_argument(
        "--as-of", type=instant, default=source.as_of, help="in RFC 3339; %(default)s if not given"
    )
    return parser.parse_args(argv)


def count(text: str) -> int:
    """Read a number of leads.

    Raises:
        ValueError: For what isn't a whole number from 1.
    """
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


def instant(text: str) -> datetime:
    """Read an instant.

    Raises:
        RecordError: For what isn't one.
    """
    return parse_instant(text, field="--as-of")


def _print_head(source: Source, found: Found, as_of: datetime, *, there: int) -> None:
    later = sum(case.history.visible(as_of=as_of).unseen > 0 for case in found.cases)
    bases = ", ".join(f"{basis} for {name}" for name, basis in source.assume.basis.items())
    print(f"""\
{source.title}

as of {as_of:%Y-%m-%dT%H:%M:%SZ}
- {there:,} leads are there; {len(found.cases) - there:,} come later and aren't decided
- {later:,} leads have records that can't be seen yet

read as
{found.read_as}

assumed or made up, because the data is silent
- legal basis: {bases}; not legal advice
- time zone: {source.assume.zone}
- office hours, one pool for all reps, {PIECES} ids of content per funnel position, older than
  any of the data""")
