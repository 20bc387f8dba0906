"""Decide the loan applications of a Dutch bank's event log under the three presets.

    python examples/real/loan_offers.py [--data FOLDER] [--limit N] [--as-of INSTANT]

BPI Challenge 2012: B. van Dongen, 4TU.ResearchData, doi 10.4121/uuid:3926db30-f712-4394-aebc-
75976070e91f. The data isn't in this project.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
from deciding import run
from sources import POOL, Found, Source, owner, rows, spread, world

import nurturekit as nk
from nurturekit.interop import Case

CASES, EVENTS = "cases.csv.gz", "events.csv.gz"
FILES = {
    CASES: ("case", "registered_at", "amount_requested"),
    EVENTS: ("case", "activity", "transition", "timestamp", "resource"),
}
SINCE = datetime(2011, 10, 1, tzinfo=UTC)
AS_OF = datetime(2011, 12, 1, tzinfo=UTC)
ASSUME = nk.Assume(
    basis={"email": "legitimate_interest", "phone": "legitimate_interest"},
    zone="Europe/Amsterdam",
)
SYSTEM = "112"

# An application's state to our stage, with the reason where one is owed; the log gives none.
STAGES: Mapping[str, tuple[str, str | None]] = {
    "A_PREACCEPTED": ("mql", None),
    "A_ACCEPTED": ("sql", None),
    "A_FINALIZED": ("opportunity", None),
    "A_APPROVED": ("customer", None),
    "A_DECLINED": ("disqualified", "bad_fit"),
    "A_CANCELLED": ("lost", "other"),
}
# Work that is put on a list, then started by somebody: the request for a person, and its answer.
ASKED = ("W_Afhandelen leads", "W_Completeren aanvraag")
FOLLOW_UP = ("W_Nabellen offertes", "START")
# What happened between bank and applicant: our kind of touch, whose it is, what it is about. These
# pieces of work are done by phone; checking papers and looking for fraud are desk work.
TOUCHES: Mapping[tuple[str, str], tuple[str, str, str]] = {
    ("A_SUBMITTED", "COMPLETE"): ("form_submitted", "inbound", "application"),
    ("O_SENT", "COMPLETE"): ("email_sent", "outbound", "offer"),
    ("O_SENT_BACK", "COMPLETE"): ("email_replied", "inbound", "offer"),
    ("W_Afhandelen leads", "START"): ("call_made", "outbound", "lead"),
    ("W_Completeren aanvraag", "START"): ("call_made", "outbound", "application"),
    FOLLOW_UP: ("call_made", "outbound", "offer"),
    ("W_Nabellen incomplete dossiers", "START"): ("call_made", "outbound", "missing papers"),
}
# Half of the cases' first follow-ups (1,255 of 2,394) start within an hour of the first offer: the
# work is opened while the offer is sent, and nobody calls.
NOT_A_CALL = timedelta(hours=1)

Event = Mapping[str, str]
Made = nk.Touch | nk.Fact | nk.Move


def instant(event: Event) -> datetime:
    """Return when it happened."""
    return datetime.fromisoformat(event["timestamp"])


def resource(event: Event) -> str:
    """Return the number of who did it, the system's included; empty where it isn't known."""
    return event["resource"].removesuffix(".0")


def person(event: Event) -> str | None:
    """Return the number of the person who did it, None for the system and where nobody is known."""
    return None if resource(event) in ("", SYSTEM) else resource(event)


def without_false_calls(events: Sequence[Event]) -> list[Event]:
    """Return a case's events, by time, without follow-ups opened while the offer was sent."""
    kept: list[Event] = []
    sent: datetime | None = None
    for event in events:
        step = (event["activity"], event["transition"])
        if step == FOLLOW_UP and sent is not None and instant(event) - sent < NOT_A_CALL:
            continue
        if event["activity"] == "O_SENT":
            sent = instant(event)
        kept.append(event)
    return kept


def records(events: Sequence[Event]) -> Iterator[Made]:
    """Yield what a case's events say of a lead: see `STAGES` and `TOUCHES`."""
    for number, event in enumerate(events):
        record_id = f"{event['case']}-{number}"
        if event["activity"] in STAGES:
            yield from _moves(event, record_id)
        elif (event["activity"], event["transition"]) in TOUCHES:
            yield _touch(event, record_id)


def _touch(event: Event, record_id: str) -> nk.Touch:
    kind, direction, topic = TOUCHES[event["activity"], event["transition"]]
    is_ours = direction == "outbound"
    return nk.Touch(
        id=record_id,
        lead_id=event["case"],
        occurred_at=instant(event),
        kind=kind,
        direction=direction,
        style="one_to_one" if is_ours else None,
        rep=person(event) if is_ours else None,
        topic=topic,
    )


def _moves(event: Event, record_id: str) -> Iterator[nk.Move]:
    stage, reason = STAGES[event["activity"]]
    rep = person(event)
    move = nk.Move(
        id=record_id,
        lead_id=event["case"],
        occurred_at=instant(event),
        kind="stage",
        to=stage,
        rep=rep,
        reason=reason,
        origin="playbook" if resource(event) == SYSTEM else "person",
    )
    yield move
    if event["activity"] == "A_ACCEPTED" and rep is not None:
        # The log names no owner: our reading is that who accepts an application has it then.
        yield attrs.evolve(move, id=f"{record_id}-rep", kind="rep", to=None)


def owned(events: Sequence[Event]) -> Iterator[nk.Move]:
    """Yield who had a case and whom it waited for, as we read it, for the report alone.

    Sales has it from the start; work put on a list asks for a person, who answers by starting it.
    """
    case = events[0]["case"]
    yield owner(case, instant(events[0]))
    waiting: dict[str, nk.Move] = {}
    for number, event in enumerate(events):
        activity, step = event["activity"], event["transition"]
        if activity not in ASKED:
            continue
        if step == "SCHEDULE":
            asked = _asked(event, f"{case}-{number}-asked")
            waiting[activity] = asked
            yield asked
        elif step == "START" and activity in waiting:
            yield _answered(event, f"{case}-{number}-taken", waiting.pop(activity))


def _asked(event: Event, move_id: str) -> nk.Move:
    return nk.Move(
        id=move_id,
        lead_id=event["case"],
        occurred_at=instant(event),
        kind="offered",
        was="sales",
        to="sales",
    )


def _answered(event: Event, move_id: str, asked: nk.Move) -> nk.Move:
    return nk.Move(
        id=move_id,
        lead_id=event["case"],
        occurred_at=instant(event),
        kind="accepted",
        rep=person(event),
        answers=asked.id,
    )


def _amount(event: Event, amount: str) -> nk.Fact:
    return nk.Fact(
        id=f"{event['case']}-amount",
        lead_id=event["case"],
        occurred_at=instant(event),
        name="amount_requested",
        value=int(amount),
        source="form",
    )


def read(folder: Path, limit: int | None) -> Found:
    """Read the log.

    Args:
        folder: Holds the source's files.
        limit: So many cases, spread evenly; None reads all of them.
    """
    amounts = {row["case"]: row["amount_requested"] for row in rows(folder, CASES, FILES[CASES])}
    events: dict[str, list[Event]] = {case: [] for case in spread(list(amounts), limit)}
    people: set[str | None] = set()
    for event in rows(folder, EVENTS, FILES[EVENTS]):
        people.add(person(event))
        if event["case"] in events:
            events[event["case"]].append(event)
    reps = [nk.Rep(id=rep, pool=POOL) for rep in sorted(filter(None, people))]
    scene = world(reps, assume=ASSUME)
    made: Counter[str] = Counter()
    cases = []
    had: dict[str, tuple[nk.Move, ...]] = {}
    for case, told in events.items():
        kept = without_false_calls(sorted(told, key=instant))
        found = [_amount(kept[0], amounts[case]), *records(kept)] if kept else []
        made.update(str(one.kind) for one in found if not isinstance(one, nk.Fact))
        made.update(events=len(told), false_calls=len(told) - len(kept))
        had[case] = tuple(owned(kept)) if kept else ()
        cases.append(Case(lead=nk.Lead(id=case), history=nk.History(found), world=scene))
    return Found(
        cases=tuple(cases),
        owned=had,
        read_as=f"""\
- {len(cases):,} cases with {made["events"]:,} events; {len(reps)} people's numbers as reps
- A_SUBMITTED as `form_submitted`: {made["form_submitted"]:,}
- O_SENT as `email_sent`: {made["email_sent"]:,}
- O_SENT_BACK as `email_replied`: {made["email_replied"]:,}
- each start of work done by phone as `call_made`, by an unknown rep where the log names nobody:
  {made["call_made"]:,}
- follow-ups started within an hour of an offer, which are no calls: {made["false_calls"]:,}
- A_ states as stage moves, by a playbook where the system, number {SYSTEM}, made them; declined is
  disqualified (bad_fit), cancelled is lost (other), as the log has no reasons: {made["stage"]:,}
- who accepts an application has it from then on, as the log names no owner: {made["rep"]:,}""",
    )


SOURCE = Source(
    title="""\
Loan and overdraft applications, BPI Challenge 2012 (B. van Dongen, 4TU.ResearchData,
doi 10.4121/uuid:3926db30-f712-4394-aebc-75976070e91f)""",
    folder="loan_offers_2012",
    files=FILES,
    obtain="""\
4TU.ResearchData publishes it as `BPI Challenge 2012` (B. van Dongen, doi
10.4121/uuid:3926db30-f712-4394-aebc-75976070e91f). Write its cases and events into a folder
`loan_offers_2012`, and give the folder that holds it as --data:
cases.csv.gz: case, registered_at, amount_requested
events.csv.gz: case, activity, transition, timestamp, resource""",
    since=SINCE,
    as_of=AS_OF,
    assume=ASSUME,
    read=read,
    cannot_tell="""\
- These are consumers who asked for a loan, not companies: it shows that the library takes a real
  log, not how B2B leads behave.
- Observational: who called whom followed from the case itself, so no effect of a rep, a team,
  continuity or ownership may be read from it.
- There is no marketing in the log: no campaign, visit or newsletter, before or after.
- Why an application was declined or cancelled isn't recorded, so no rep's word ever idles one.
- What came of a call isn't recorded: a voicemail and a conversation look alike, and a start of
  work by phone may be a call that was never made.
- How an offer was sent isn't recorded: `email_sent` stands for any way.
- The score rests on what the applicant did twice at most: nothing here says whether its points
  are right.""",
    owned_as="""\
sales has every application from its start on; work put on a list asks for a person, and is taken
when somebody starts it""",
    cannot_report="""\
- Rejections and lapses: work on the list is started or not, and nobody says no or by when.
- Whether a start is a first touch: it opens the work, and the call may come later or never.
- Whose lead it was while it waited: the list belongs to all, so only who took it is known.
- Minutes, and calls that reached nobody: no outcome of a call is recorded.
- The quality of what marketing gives: there is no marketing and no campaign in the log.
- Who is better: who got which case wasn't assigned by chance, and hours are made up.""",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Decide the leads and print the results."""
    return run(SOURCE, argv)


if __name__ == "__main__":
    sys.exit(main())
