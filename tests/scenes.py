"""Many leads at once, made from a seed: a CRM as it is, edges and mess included."""

import random
from datetime import date, timedelta

import attrs

import nurturekit as nk
from nurturekit.testing.drawing import INTENTS, KINDS, OUTCOMES, REPS, WORDS
from tests.builders import MONDAY

LAST = 90
AS_OF = MONDAY + timedelta(days=LAST, hours=10)
TITLES = (
    None,
    "",
    "VP Sales",
    "Head of Marketing",
    "student",
    "\u017ftudent",
    "Direktor",
    "VP\nSales",
)
STAGES = ("inquiry", "mql", "sal", "sql", "recycled", "incubating", "lost", "customer")
RESTRICTIONS = ("withdrawn", "objected", "erased", "bounced", "complained")


def instant(rng, last=LAST):
    """Return an instant of the months before, some on a day's edge, some in the future."""
    on = MONDAY + timedelta(days=rng.randrange(-200, last + 3), hours=rng.randrange(24))
    return rng.choice((on, on, on.replace(hour=0), on.replace(hour=23, minute=59, second=59)))


def lead(rng, number, leads):
    """Return a lead; some share an account, a few a person."""
    attributes = {
        "title": rng.choice(TITLES),
        "employees": rng.choice((None, 10, 49, 50, 500, 100_000)),
        "country": rng.choice((None, "DE", "de", "FR", "us")),
        "do_not_contact": rng.choice((None, None, None, None, False, True)),
    }
    known = {name: value for name, value in attributes.items() if value is not None}
    shared = rng.randrange(max(leads // 4, 1))
    return nk.Lead(
        id=f"lead-{number:05}",
        account=rng.choice((None, f"account-{shared}")),
        person_id=rng.choice((None, None, f"person-{number}", f"person-{shared}")),
        attributes=known,
    )


def touch(rng, lead_id, number):
    """Return something the lead did, a machine in its name, or a rep."""
    on = instant(rng)
    late = rng.choice((None, None, None, on + timedelta(days=rng.randrange(5))))
    fields = {"id": f"touch-{number}", "lead_id": lead_id, "occurred_at": on, "recorded_at": late}
    if rng.random() < 0.2:
        return nk.Touch(
            kind=rng.choice(("call_made", "email_sent")),
            direction="outbound",
            rep=rng.choice((None, *REPS)),
            style=rng.choice((None, "one_to_one", "mass")),
            channel=rng.choice((None, "phone", "email")),
            outcome=rng.choice((None, None, *OUTCOMES, "qualified", "voicemail")),
            next_attempt_on=rng.choice((None, None, None, date(2026, 5, 25), date(2026, 6, 9))),
            **fields,
        )
    return nk.Touch(
        kind=rng.choice((*KINDS, *KINDS, *INTENTS, "not_described")),
        direction=rng.choice((None, "inbound", "inbound", "outbound")),
        automated=rng.random() < 0.1,
        asset=rng.choice((None, "guide", "paper", "film")),
        topic=rng.choice((None, "pricing")),
        value=rng.choice((None, None, 0.0005, 3, 12.5, -1)),
        **fields,
    )


def fact(rng, lead_id, number):
    """Return what was learned; some of it is that nothing is known any more."""
    name, values = rng.choice(
        (
            ("title", TITLES),
            ("employees", (None, 20, 50.5, float("nan"))),
            ("position", (None, "decision", "Consideration", "awareness", "elsewhere")),
            ("do_not_contact", (None, True, False)),
        )
    )
    on = instant(rng)
    return nk.Fact(
        id=f"fact-{number}", lead_id=lead_id, occurred_at=on, name=name, value=rng.choice(values)
    )


def consent(rng, lead_id, number):
    """Return a grant or a restriction."""
    kind = rng.choice(("given", "given", "given", *RESTRICTIONS))
    return nk.Consent(
        id=f"consent-{number}",
        lead_id=lead_id,
        occurred_at=instant(rng),
        kind=kind,
        channel=rng.choice((None, "email", "phone")),
        purpose=rng.choice((None, None, "marketing", "sales")),
        basis="consent" if kind == "given" else None,
    )


def move(rng, lead_id, number):
    """Return what a person decided."""
    kind = rng.choice(("stage", "stage", "owner", "rep", "rejected", "snoozed", "offered"))
    fields = {
        "stage": {"to": rng.choice(STAGES), "reason": rng.choice((*WORDS, "competitor"))},
        "owner": {"to": rng.choice(("marketing", "sales")), "rep": rng.choice((None, *REPS))},
        "rep": {"rep": rng.choice(REPS)},
        "rejected": {"reason": "no_need"},
        "snoozed": {"reason": "later", "until": AS_OF + timedelta(days=rng.randrange(-9, 9))},
        "offered": {"to": "sales", "due": AS_OF + timedelta(days=rng.randrange(-9, 9))},
    }[kind]
    return nk.Move(
        id=f"move-{number}", lead_id=lead_id, occurred_at=instant(rng), kind=kind, **fields
    )


def opening(rng, lead_id):
    """Return what a CRM's columns said."""
    return nk.Opening(
        id=f"opening-{lead_id}",
        lead_id=lead_id,
        occurred_at=MONDAY + timedelta(days=rng.randrange(-60, 60)),
        stage=rng.choice((None, *STAGES)),
        team=rng.choice((None, "marketing", "sales")),
        rep=rng.choice((None, *REPS)),
        next_attempt_on=rng.choice((None, None, date(2026, 5, 1))),
        opted_out=rng.choice((None, None, False, True)),
    )


def world():
    """Return reps of both teams, one of them gone, and a pool that works around the clock."""
    reps = [
        nk.Rep(id=REPS[0], pool="sales"),
        nk.Rep(id=REPS[1], pool="sales", active=False),
        nk.Rep(id="rep-m", team="marketing"),
    ]
    return nk.World(reps=reps, pools=[nk.Pool(id="sales")])


def scene(seed, *, leads, playbook, nights=(40, 8, 1)):
    """Return leads and records: busy ones, quiet ones, some with the playbook's own moves.

    Args:
        seed: Where the dice start.
        leads: How many leads.
        playbook: Whose moves some of them have.
        nights: How many days before the last one it decided.
    """
    rng = random.Random(seed)
    found, records = [lead(rng, number, leads) for number in range(leads)], []
    for one in found:
        records += history(rng, one, playbook, nights)
    return found, records


def history(rng, one, playbook, nights):
    """Return a lead's records."""
    busy = rng.choice((0, 2, 6, 20))
    records = [touch(rng, one.id, number) for number in range(busy)]
    records += [fact(rng, one.id, number) for number in range(rng.choice((0, 0, 1, 4)))]
    records += [consent(rng, one.id, number) for number in range(rng.choice((0, 0, 0, 1, 2)))]
    records += [move(rng, one.id, number) for number in range(rng.choice((0, 0, 0, 0, 1, 3)))]
    if rng.random() < 0.3:
        records.append(opening(rng, one.id))
    if rng.random() < 0.6:
        for days in nights:
            at = AS_OF - timedelta(days=days)
            decision = playbook.decide(one, records, as_of=at, world=world())
            records = list({record.id: record for record in (*records, *decision.moves)}.values())
    return records


def later(records, days):
    """Return records as if each had been written down so many days after it happened."""
    return [
        attrs.evolve(record, recorded_at=record.occurred_at + timedelta(days=days))
        for record in records
    ]
