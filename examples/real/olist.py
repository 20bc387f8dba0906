"""Decide the 8,000 leads of a Brazilian marketplace's marketing funnel under the three presets.

    python examples/real/olist.py [--data FOLDER] [--limit N] [--as-of INSTANT]

Marketing Funnel by Olist: Olist and Andre Sionek, CC BY-NC-SA 4.0. The data isn't in this project.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from deciding import run
from sources import POOL, Found, Source, owner, rows, spread, world

import nurturekit as nk
from nurturekit.interop import Case

LEADS = "olist_marketing_qualified_leads_dataset.csv"
DEALS = "olist_closed_deals_dataset.csv"
FILES = {
    LEADS: ("mql_id", "first_contact_date", "landing_page_id", "origin"),
    DEALS: ("mql_id", "sdr_id", "sr_id", "won_date"),
}
SINCE = datetime(2018, 3, 1, tzinfo=UTC)
AS_OF = datetime(2018, 6, 1, tzinfo=UTC)
ASSUME = nk.Assume(
    basis={"email": "legitimate_interest", "phone": "legitimate_interest"},
    zone="America/Sao_Paulo",
)
ZONE = ZoneInfo("America/Sao_Paulo")
# What the column `origin` says where it doesn't know.
NO_ORIGIN = ("", "unknown")


def contact(row: Mapping[str, str]) -> nk.Touch:
    """Return a lead's first contact: a form on a landing page.

    The source gives its day: it counts from the first instant of that day in São Paulo.
    """
    day = datetime.fromisoformat(row["first_contact_date"])
    return nk.Touch(
        id=f"contact-{row['mql_id']}",
        lead_id=row["mql_id"],
        occurred_at=datetime.combine(day, time(), ZONE),
        kind="form_submitted",
        direction="inbound",
        asset=row["landing_page_id"] or None,
        campaign=None if row["origin"] in NO_ORIGIN else row["origin"],
    )


def win(row: Mapping[str, str]) -> nk.Move:
    """Return the win that a sales representative recorded.

    The source names no time zone; its times of day only look like office hours when they are UTC.
    """
    return nk.Move(
        id=f"won-{row['mql_id']}",
        lead_id=row["mql_id"],
        occurred_at=datetime.fromisoformat(row["won_date"]).replace(tzinfo=UTC),
        kind="stage",
        to="customer",
        rep=row["sr_id"] or None,
        reason="won",
        origin="person",
    )


def reps(deals: Iterable[Mapping[str, str]]) -> list[nk.Rep]:
    """Return everybody who took part in a win, with what they did there."""
    roles: dict[str, set[str]] = {}
    for row in deals:
        for column, role in (("sdr_id", "sdr"), ("sr_id", "sr")):
            if row[column]:
                roles.setdefault(row[column], set()).add(role)
    return [
        nk.Rep(id=rep, roles=tuple(sorted(done)), pool=POOL) for rep, done in sorted(roles.items())
    ]


def read(folder: Path, limit: int | None) -> Found:
    """Read the funnel.

    Args:
        folder: Holds the source's files.
        limit: So many leads, spread evenly; None reads all of them.
    """
    leads = {row["mql_id"]: row for row in rows(folder, LEADS, FILES[LEADS])}
    deals = list(rows(folder, DEALS, FILES[DEALS]))
    wins = {row["mql_id"]: win(row) for row in deals}
    people = reps(deals)
    scene = world(people, assume=ASSUME)
    cases = []
    early = 0
    for lead_id in spread(list(leads), limit):
        touch, won = contact(leads[lead_id]), wins.get(lead_id)
        early += won is not None and won.occurred_at < touch.occurred_at
        history = nk.History([touch] if won is None else [touch, won])
        cases.append(Case(lead=nk.Lead(id=lead_id), history=history, world=scene))
    owned = {
        case.lead.id: (owner(case.lead.id, case.history.touches[0].occurred_at),) for case in cases
    }
    won_count = sum(case.lead.id in wins for case in cases)
    return Found(
        cases=tuple(cases),
        owned=owned,
        read_as=f"""\
- {len(cases):,} leads, each an inquiry with one `form_submitted` at the start of the day of its
  first contact, local time; the landing page is its asset, the origin its campaign (the source
  calls all of them qualified and doesn't say by what)
- {won_count:,} wins as stage moves to customer by the sales representative
- of those dated before the first contact, and taken as they are: {early}
- {len(people)} sales people as reps
- business segment, lead type, behaviour profile and the like are left out: only wins have them, so
  they would give the outcome away""",
    )


SOURCE = Source(
    title="Marketing Funnel by Olist (Olist and Andre Sionek, CC BY-NC-SA 4.0)",
    folder="olist_funnel",
    files=FILES,
    obtain="""\
Olist and Andre Sionek publish it on Kaggle as `Marketing Funnel by Olist` (CC BY-NC-SA 4.0). Put
its CSV files into a folder `olist_funnel`, and give the folder that holds it as --data.""",
    since=SINCE,
    as_of=AS_OF,
    assume=ASSUME,
    read=read,
    cannot_tell="""\
- Nothing is recorded between the first contact and a win: no mail, call, visit or reply. A lead of
  2017 looks as untouched as one of yesterday, and its plan starts today.
- Losses aren't recorded: a lead that said no long ago counts as open.
- Who worked a lead is known for wins only: no win rate by rep, by team or by continuity.
- No lead says what it wants, and a form fill is no sales intent: nothing is handed over on
  evidence, no lead comes to compare, so marketing-led and blended say the same of every lead.
- No win is recorded before 2017-12-05 though leads start in June 2017: earlier months can't be
  compared with later ones.
- Which preset wins more: nothing here was assigned by chance.""",
    owned_as="sales has every lead from its first contact on",
    cannot_report="""\
- Whether anybody turned to a lead: no touch of ours is recorded, so a share touched of 0 % and a
  first touch that is never reached say what was written down, not what was done.
- Handoffs: nothing was offered, accepted or turned down in it, with or without a reason.
- Any rep: only a win names one, so a rep's number would be made of wins alone.
- Minutes, and calls that reached nobody.
- How long a lead that was lost took: losses aren't recorded, so all but the wins look open, and the
  median time to a win is never reached.""",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Decide the leads and print the results."""
    return run(SOURCE, argv)


if __name__ == "__main__":
    sys.exit(main())
