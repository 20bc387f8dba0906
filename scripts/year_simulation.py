"""A year of nightly decisions for made-up leads, under each preset, and what may go wrong.

Random touches, consents, objections, rep answers, rejections and absences; the host appends each
night's moves and does what is decided. Every count in the first table must be zero.

    python scripts/year_simulation.py --leads 300 --nights 365
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import attrs

import nurturekit as nk

START = datetime(2026, 1, 5, 22, tzinfo=UTC)
SEED = 20261101
INTENTS = ("price_asked", "demo_requested", "contact_requested", "trial_requested")
VISITS = (
    "site_visited",
    "blog_viewed",
    "content_downloaded",
    "webinar_attended",
    "pricing_viewed",
    "product_demo_viewed",
    "case_study_viewed",
    "email_opened",
    "email_clicked",
)
ANSWERS = (
    "connected",
    "connected",
    "connected",
    "voicemail",
    "voicemail",
    "no_answer",
    "not_now",
    "no_budget",
    "no_need",
    "qualified",
    "opportunity",
    "bad_data",
    "meeting_booked",
)
ATTRIBUTES = {
    "title": ("VP Sales", "manager", "student", "analyst", None),
    "authority": ("decides", "influences", "none", None),
    "employees": (3, 80, 500, None),
    "industry": ("software", "retail", None),
    "budget": ("confirmed", None),
    "pain_point": ("reporting", None),
}
DWELL_DAYS = 30
SAMPLE_EVERY = 7

MUST_BE_ZERO = (
    "nights without exactly one accountable team",
    "evidence spent twice",
    "livelocks",
    "broken dwells",
    "non-idempotent nights",
    "hand-raises nobody was told of",
    "earlier nights that change when decided again",
    "reminders sent twice",
    "a rep asked twice in one handoff",
    "marketing dropped while a handoff waits",
)


@attrs.define
class Year:
    """What one lead's year came to: counts by name, and what the report prints of it."""

    counts: Counter[str]
    history: nk.History


def world(rng: random.Random) -> nk.World:
    """Return a world of five reps with absences, office hours and a content library."""
    office = nk.BusinessHours(
        zone="Europe/Berlin",
        windows=(nk.Window(days=frozenset(range(5)), start=time(9), end=time(17)),),
    )
    reps = []
    for number in range(1, 6):
        first = date(2026, 1, 5) + timedelta(days=rng.randrange(0, 300))
        away = nk.Absence(start=first, end=first + timedelta(days=rng.randrange(1, 21)))
        reps.append(nk.Rep(id=f"rep-{number}", pool="sales", absences=[away]))
    content = [
        nk.Content(
            id=f"{position}-{number}",
            position=position,
            pain_points=("reporting",) if number % 3 == 0 else (),
            published_at=START + timedelta(days=12 * number - 30),
        )
        for position in ("awareness", "consideration", "decision")
        for number in range(1, 30)
    ]
    return nk.World(
        reps=reps,
        pools=[nk.Pool(id="sales", hours=office, manager="manager-1")],
        content=content,
    )


def lead_records(rng: random.Random, lead_id: str, nights: int) -> list[nk.Touch | nk.Consent]:
    """Return what a lead does by itself in a year: touches, consents, objections."""
    records: list[nk.Touch | nk.Consent] = []
    eagerness = rng.choice((0.005, 0.03, 0.1, 0.4))
    for number in range(nights):
        for _ in range(2):
            if rng.random() < eagerness:
                at = START + timedelta(days=number - 1, seconds=rng.randrange(1, 86_400))
                kind = rng.choice(VISITS if rng.random() < 0.93 else INTENTS)
                records.append(_inbound(lead_id, len(records), kind=kind, at=at))
    for channel in ("email", "phone"):
        if rng.random() < 0.85:
            ends = None if rng.random() < 0.8 else START + timedelta(days=rng.randrange(30, 400))
            records.append(
                nk.Consent(
                    id=f"basis-{channel}",
                    lead_id=lead_id,
                    occurred_at=START - timedelta(days=2),
                    kind="given",
                    channel=channel,
                    basis="consent",
                    expires_at=ends,
                )
            )
    if rng.random() < 0.1:
        at = START + timedelta(days=rng.randrange(nights), hours=3)
        kind = rng.choice(("objected", "withdrawn", "erased", "bounced"))
        channel = rng.choice((None, "email"))
        records.append(
            nk.Consent(id="stop", lead_id=lead_id, occurred_at=at, kind=kind, channel=channel)
        )
    return records


def _inbound(lead_id: str, number: int, *, kind: str, at: datetime) -> nk.Touch:
    return nk.Touch(
        id=f"t{number}",
        lead_id=lead_id,
        occurred_at=at,
        kind=kind,
        direction="inbound",
        automated=kind == "email_opened",
    )


class Host:
    """The application around the library: it does what is decided, and its people answer."""

    def __init__(self, rng: random.Random, playbook: nk.Playbook, lead: nk.Lead) -> None:
        self.rng, self.playbook, self.lead = rng, playbook, lead
        self.world = world(rng)
        # Some leads hardly ever get what a rep owes them: deadlines pass.
        self.neglect = random.Random(f"{SEED}-{lead.id}").choice((0.4, 0.4, 0.4, 0.97))
        self.waiting: tuple[nk.Action, ...] = ()
        self.counts: Counter[str] = Counter()

    def work(self, history: nk.History, at: datetime, until: datetime) -> nk.History:
        """Do what the last night decided, as far as it falls before the next one."""
        for action in self.waiting:
            when = max(action.earliest, at + timedelta(minutes=5))
            if when >= until:
                continue
            is_personal = action.style == "one_to_one"
            if is_personal and (action.rep is None or self.rng.random() < self.neglect):
                continue
            if not self.playbook.confirm(
                action, self.lead, history, as_of=when, world=self.world
            ).allowed:
                continue
            outcome = self.rng.choice(ANSWERS) if action.channel == "phone" else None
            self.counts["rep touches" if is_personal else "automated touches"] += 1
            history = history.add(nk.performed(action, at=when, outcome=outcome))
        return history

    def answer(self, decision: nk.Decision, history: nk.History, at: datetime) -> nk.History:
        """Answer requests for a rep, reject an offer now and then, move a stage by hand."""
        if decision.request is not None and self.rng.random() < 0.8:
            given = nk.assign([decision.request], self.world.reps.values(), as_of=at)
            history = history.add(*given.moves)
        if decision.handoff is not None and self.rng.random() < 0.05:
            history = history.add(self._rejected(decision.handoff, at))
        if self.rng.random() < 0.002:
            stage = self.rng.choice(("sql", "opportunity", "lost", "customer", "mql", "recycled"))
            reason = self.rng.choice(("no_budget", "competitor", "other"))
            history = history.add(self._moved(decision, stage, reason, at))
        return history

    def _rejected(self, handoff: nk.Handoff, at: datetime) -> nk.Move:
        reason = self.rng.choice(("bad_fit", "no_response", "no_budget", "not_now", "bad_data"))
        return nk.Move(
            id=f"rejected-{handoff.id}",
            lead_id=self.lead.id,
            occurred_at=at,
            kind="rejected",
            answers=handoff.id,
            rep=handoff.rep,
            reason=reason,
        )

    def _moved(self, decision: nk.Decision, stage: str, reason: str, at: datetime) -> nk.Move:
        return nk.Move(
            id=f"by-hand-{decision.as_of_us}",
            lead_id=self.lead.id,
            occurred_at=at,
            kind="stage",
            to=stage,
            reason=reason,
        )


def live(number: int, playbook: nk.Playbook, *, nights: int, again_every: int = 1) -> Year:
    """Decide one made-up lead every night of a year, and count what must not happen."""
    rng = random.Random(f"{SEED}-{number}")
    lead_id = f"lead-{number}"
    attributes = {name: rng.choice(values) for name, values in ATTRIBUTES.items()}
    lead = nk.Lead(id=lead_id, zone="Europe/Berlin", attributes=attributes)
    history = nk.History(lead_records(rng, lead_id, nights))
    host = Host(rng, playbook, lead)
    said: dict[int, nk.Decision] = {}
    for night in range(nights):
        as_of = START + timedelta(days=night)
        history = host.work(history, as_of - timedelta(days=1), as_of)
        decision = playbook.decide(lead, history, as_of=as_of, world=host.world)
        said[night] = _answer_of(decision)
        history = history.add(*decision.moves)
        _check_night(host, decision, history, as_of)
        if night % again_every == 0:
            _check_again(host, decision, history, as_of)
        host.waiting = decision.actions
        history = host.answer(decision, history, as_of + timedelta(minutes=10))
    _check_year(host, history, said)
    return Year(counts=host.counts, history=history)


def _answer_of(decision: nk.Decision) -> nk.Decision:
    return attrs.evolve(decision, unseen=0)


def _check_night(host: Host, decision: nk.Decision, history: nk.History, as_of: datetime) -> None:
    counts = host.counts
    counts["nights"] += 1
    soon = as_of + timedelta(days=1)
    counts["nights with an action"] += any(one.earliest < soon for one in decision.actions)
    owner = _owner(history, as_of)
    counts[MUST_BE_ZERO[0]] += owner != decision.ownership.accountable
    counts[MUST_BE_ZERO[2]] += any("did not come to rest" in note for note in decision.notes)
    counts[MUST_BE_ZERO[5]] += _untold(host.playbook, decision, history, as_of)
    counts[MUST_BE_ZERO[9]] += _is_dropped(decision)
    for move in decision.moves:
        if move.kind == "stage":
            counts[f"to {move.to}"] += 1


def _is_dropped(decision: nk.Decision) -> bool:
    """Say whether the giver has let go of a lead that waits for an answer."""
    handoff, ownership = decision.handoff, decision.ownership
    if handoff is None:
        return False
    if (ownership.accountable, ownership.answerable) != (handoff.giver, handoff.taker):
        return True
    styles = ownership.allowed.get(nk.Team.MARKETING, frozenset())
    return handoff.giver == "marketing" and nk.Style.AUTOMATED not in styles


def _check_again(host: Host, decision: nk.Decision, history: nk.History, as_of: datetime) -> None:
    playbook, lead = host.playbook, host.lead
    again = playbook.decide(lead, history, as_of=as_of, world=host.world)
    if any(as_of < one.occurred_at <= as_of + timedelta(minutes=1) for one in history.records):
        # News within the minute may well lead to more.
        host.counts[MUST_BE_ZERO[4]] += _answer_of(again) != _answer_of(decision)
        return
    later = playbook.decide(lead, history, as_of=as_of + timedelta(minutes=1), world=host.world)
    known = {action.id for action in decision.actions} | {
        one.action.id for one in decision.blocked if one.action is not None
    }
    host.counts[MUST_BE_ZERO[4]] += (
        _answer_of(again) != _answer_of(decision)
        or bool(later.moves)
        or any(action.id not in known for action in later.actions)
    )


def _owner(history: nk.History, as_of: datetime) -> str | None:
    moves = [one for one in _moves(history, "owner") if one.occurred_at <= as_of]
    return moves[-1].to if moves else None


def _moves(history: nk.History, *kinds: str) -> list[nk.Move]:
    found = [one for one in history.records if isinstance(one, nk.Move) and one.kind in kinds]
    return sorted(found, key=lambda move: (move.occurred_at, move.seq))


def _untold(
    playbook: nk.Playbook, decision: nk.Decision, history: nk.History, as_of: datetime
) -> int:
    if 1 in decision.rows:
        return 0
    told = {one for move in _moves(history, "offered", "alerted") for one in move.evidence}
    recent = as_of - timedelta(days=2)
    return sum(
        isinstance(one, nk.Touch)
        and playbook.kinds[one.kind].intent
        and recent < one.occurred_at <= as_of
        and one.id not in told
        for one in history.records
    )


def _check_year(host: Host, history: nk.History, said: dict[int, nk.Decision]) -> None:
    counts = host.counts
    counts[MUST_BE_ZERO[1]] += _spent_twice(history)
    counts[MUST_BE_ZERO[3]] += _broken_dwells(host.playbook, history)
    for night in range(0, len(said), SAMPLE_EVERY):
        as_of = START + timedelta(days=night)
        again = host.playbook.decide(host.lead, history, as_of=as_of, world=host.world)
        counts[MUST_BE_ZERO[6]] += _answer_of(again) != said[night]
    offers = [one for one in _moves(history, "offered") if one.was != one.to]
    again_offers = {one.id for one in offers if _is_again(one, offers)}
    counts["handoffs"] += len(offers) - len(again_offers)
    _count_late(counts, history)
    _count_spent(host, history)
    owners = [one for one in _moves(history, "owner") if one.was and one.was != one.to]
    counts["owner changes"] += len(owners)
    counts["changes undone within 7 days"] += sum(
        later.to == first.was and later.occurred_at - first.occurred_at < timedelta(days=7)
        for first, later in pairwise(owners)
    )
    evidence = {one for move in offers for one in move.evidence}
    counts[MUST_BE_ZERO[2]] += len(offers) - len(again_offers) > len(evidence)


def _count_late(counts: Counter[str], history: nk.History) -> None:
    """Count what became of offers that nobody answered in time, and what must not."""
    alerts = [one for one in _moves(history, "alerted") if one.answers is not None]
    told = Counter((one.answers, one.reason) for one in alerts)
    counts[MUST_BE_ZERO[7]] += sum(count - 1 for count in told.values())
    counts[MUST_BE_ZERO[8]] += _asked_twice(history)
    counts["reminders"] += sum(one.reason == "reminder" for one in alerts)
    counts["escalations"] += sum(one.reason == "escalation" for one in alerts)
    lapses = _moves(history, "lapsed")
    counts["lapsed"] += len(lapses)
    counts["final lapses"] += sum(one.reason == "final" for one in lapses)
    counts["leads with a lapse"] += bool(lapses)


def _asked_twice(history: nk.History) -> int:
    twice, asked, last = 0, set[str](), None
    for move in _moves(history, "offered", "rep", "accepted", "rejected", "lapsed", "withdrawn"):
        if move.kind == "offered":
            # A further offer answers the one that lapsed.
            asked = asked if last is not None and move.answers == last else set()
            last = move.id
        elif move.kind != "rep" and (move.kind != "lapsed" or move.reason == "final"):
            last = None
        if move.kind in ("offered", "rep") and move.rep is not None and last is not None:
            twice += move.rep in asked
            asked.add(move.rep)
    return twice


def _count_spent(host: Host, history: nk.History) -> None:
    """Count the lead's own hand-raises, and those that an offer or alert cites."""
    cited = {one for move in _moves(history, "offered", "alerted") for one in move.evidence}
    raised = [
        one.id
        for one in history.records
        if isinstance(one, nk.Touch) and host.playbook.kinds[one.kind].intent
    ]
    host.counts["hand-raises"] += len(raised)
    host.counts["hand-raises cited"] += sum(one in cited for one in raised)


def _is_again(offer: nk.Move, offers: Iterable[nk.Move]) -> bool:
    return any(offer.answers == other.id for other in offers)


def _spent_twice(history: nk.History) -> int:
    spent: Counter[tuple[str, str]] = Counter()
    for move in _moves(history, "offered", "alerted", "stage"):
        if move.kind == "offered" and _is_again(move, _moves(history, "offered")):
            continue
        if move.kind == "alerted" and move.reason == "not_taken":
            continue
        purpose = f"{move.kind} {move.to}" if move.kind == "alerted" else str(move.kind)
        spent.update((purpose, touch) for touch in move.evidence)
    return sum(count - 1 for count in spent.values())


def _broken_dwells(playbook: nk.Playbook, history: nk.History) -> int:
    touches = {one.id: one for one in history.records if isinstance(one, nk.Touch)}
    broken, away, up = 0, None, None
    for move in _moves(history, "stage", "owner"):
        is_gate = move.origin == "playbook" and "score" in (move.reason or "")
        is_up = move.to in ("mql", "sal")
        if is_gate and is_up and away is not None and _days(away, move) < DWELL_DAYS:
            raised = any(playbook.kinds[touches[one].kind].intent for one in move.evidence)
            broken += not raised
        if is_gate and move.to == "recycled" and up is not None:
            broken += _days(up, move) < DWELL_DAYS
        if move.kind == "stage" and is_up:
            up = move
        if move.to in ("recycled", "incubating") or (
            move.kind == "owner" and move.was == "sales" and move.to == "marketing"
        ):
            away = move
    return broken


def _days(earlier: nk.Move, later: nk.Move) -> int:
    return (later.occurred_at.date() - earlier.occurred_at.date()).days


def run(leads: int, nights: int, *, again_every: int = 1, jobs: int = 1) -> dict[str, Counter[str]]:
    """Run the simulation for each preset; return its counts by preset.

    Args:
        leads: How many leads.
        nights: How many nights each.
        again_every: On which nights to decide again at once and a minute later.
        jobs: How many processes share the leads.
    """
    totals = {name: Counter[str]() for name in nk.PRESETS}
    tasks = [(name, number, nights, again_every) for name in totals for number in range(leads)]
    with ProcessPoolExecutor(jobs) if jobs > 1 else nullcontext() as pool:
        years = pool.map(_counted, tasks, chunksize=5) if pool else map(_counted, tasks)
        for done, (task, counts) in enumerate(zip(tasks, years, strict=True), 1):
            total = totals[task[0]]
            most = max(total["most handoffs per lead"], counts["handoffs"])
            total.update(counts)
            total["most handoffs per lead"] = most
            if done % 50 == 0:
                print(f"{done}/{len(tasks)} years", file=sys.stderr)
    return totals


def _counted(task: tuple[str, int, int, int]) -> Counter[str]:
    name, number, nights, again_every = task
    return live(number, nk.preset(name), nights=nights, again_every=again_every).counts


SHOWN = (
    "nights",
    "handoffs",
    "most handoffs per lead",
    "hand-raises",
    "hand-raises cited",
    "reminders",
    "escalations",
    "lapsed",
    "final lapses",
    "leads with a lapse",
    "owner changes",
    "changes undone within 7 days",
    "to mql",
    "to sal",
    "to recycled",
    "to incubating",
    "rep touches",
    "automated touches",
)


SHARES = (
    ("share of nights with an action", "nights with an action", "nights"),
    ("share of evidence spent", "hand-raises cited", "hand-raises"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run, print both tables; 1 if anything that must be zero isn't."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--leads", type=int, default=300)
    parser.add_argument("--nights", type=int, default=365)
    parser.add_argument("--again-every", type=int, default=1, help="nights between re-decisions")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")
    asked = parser.parse_args(argv)
    totals = run(asked.leads, asked.nights, again_every=asked.again_every, jobs=asked.jobs)
    if asked.json:
        print(json.dumps(totals))
        return 0
    print(f"{asked.leads} leads x {asked.nights} nights per preset, seed {SEED}\n")
    print(f"{'must be zero':48}" + "".join(f"{name:>15}" for name in totals))
    for row in MUST_BE_ZERO:
        print(f"{row:48}" + "".join(f"{total[row]:>15}" for total in totals.values()))
    print(f"\n{'what the policies did':48}" + "".join(f"{name:>15}" for name in totals))
    for row in SHOWN:
        print(f"{row:48}" + "".join(f"{total[row]:>15}" for total in totals.values()))
    for name, part, whole in SHARES:
        shares = [total[part] / (total[whole] or 1) for total in totals.values()]
        print(f"{name:48}" + "".join(f"{one:>15.3f}" for one in shares))
    rates = [365 * total["handoffs"] / total["nights"] for total in totals.values()]
    print(f"{'handoffs per lead-year':48}" + "".join(f"{one:>15.3f}" for one in rates))
    return int(any(total[row] for total in totals.values() for row in MUST_BE_ZERO))


if __name__ == "__main__":
    sys.exit(main())
