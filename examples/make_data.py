"""Write the made-up leads of `examples/data`, the same bytes every time.

    python examples/make_data.py [folder]

About 300 leads of an invented company that sells maintenance software, as its CRM and its mail
tool might export them on 1 November 2026. Each lead is given one of the stories below.
"""

import csv
import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

SEED = 20261101
AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
HERE = Path(__file__).resolve().parent / "data"

REPS = ("rep-1", "rep-2", "rep-3", "rep-4", "rep-5", "rep-6", "rep-7", "rep-8")
TITLES = (
    "VP Operations",
    "Head of Maintenance",
    "Director of Engineering",
    "Plant Manager",
    "Chief Operating Officer",
    "Maintenance Engineer",
    "Reliability Engineer",
    "Buyer",
    "Working Student",
    "Consultant",
)
INDUSTRIES = ("manufacturing", "food", "logistics", "professional services", "energy", "education")
COUNTRIES = (
    ("DE", "europe", "Europe/Berlin", "de"),
    ("AT", "europe", "Europe/Vienna", "de"),
    ("GB", "europe", "Europe/London", "en"),
    ("FR", "europe", "Europe/Paris", "fr"),
    ("US", "north america", "America/New_York", "en"),
    ("US", "north america", "America/Los_Angeles", "en"),
    ("BR", "south america", "America/Sao_Paulo", "pt"),
)
SOURCES = ("webinar", "search", "trade fair", "newsletter", "partner", "referral")
PAIN_POINTS = ("downtime", "spare parts", "paper work", "audit", "cost", "skills gap")
POSITIONS = ("awareness", "consideration", "decision")

LEAD_COLUMNS = (
    "id",
    "account",
    "person_id",
    "zone",
    "language",
    "title",
    "employees",
    "industry",
    "country",
    "region",
    "lead_source",
    "account_owner",
    "opening_at",
    "opening_stage",
    "opening_team",
    "opening_rep",
    "opening_since",
    "opening_next_attempt_on",
    "opening_opted_out",
)
TOUCH_COLUMNS = (
    "id",
    "lead_id",
    "kind",
    "occurred_at",
    "origin",
    "channel",
    "direction",
    "style",
    "automated",
    "person_id",
    "rep",
    "asset",
    "topic",
    "campaign",
    "sequence",
    "run",
    "step",
    "outcome",
    "next_attempt_on",
    "value",
)

# What leads do by themselves, by how far they have come; the weight is how often.
DOINGS = {
    "awareness": (("blog_viewed", 5), ("site_visited", 4), ("newsletter_subscribed", 1)),
    "consideration": (
        ("content_downloaded", 3),
        ("webinar_attended", 2),
        ("case_study_viewed", 2),
        ("demo_video_downloaded", 1),
        ("site_visited", 2),
    ),
    "decision": (("pricing_viewed", 3), ("product_demo_viewed", 2), ("case_study_viewed", 1)),
}
HAND_RAISES = ("contact_requested", "price_asked", "demo_requested", "trial_requested")


def ago(days: float, hours: float = 0) -> datetime:
    """Return an instant so long before the day of judgement, to the minute."""
    instant = AS_OF - timedelta(days=days, hours=hours)
    return instant.replace(second=0, microsecond=0)


def stamp(instant: datetime) -> str:
    """Return RFC 3339 in UTC."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


class Story:
    """One lead while it is made: its columns, touches and records."""

    def __init__(self, number: int, rng: Random) -> None:
        self.rng = rng
        self.number = number
        self.id = f"lead-{number:03d}"
        self.touches: list[dict[str, object]] = []
        self.records: list[dict[str, object]] = []
        country, region, zone, language = rng.choice(COUNTRIES)
        title = rng.choice(TITLES)
        self.columns: dict[str, object] = {
            "id": self.id,
            "account": f"acct-{number:03d}",
            "person_id": f"person-{number:03d}",
            "zone": zone if rng.random() < 0.8 else "",
            "language": language,
            "title": title if rng.random() < 0.85 else "",
            "employees": rng.choice((8, 35, 80, 250, 600, 1500, 9000))
            if rng.random() < 0.8
            else "",
            "industry": rng.choice(INDUSTRIES),
            "country": country,
            "region": region,
            "lead_source": rng.choice(SOURCES),
        }
        if rng.random() < 0.15:
            self.columns["account_owner"] = rng.choice(REPS)
        self._permissions()

    def _permissions(self) -> None:
        if self.rng.random() < 0.8:
            basis = self.rng.choice(("consent", "legitimate_interest"))
            self.record("consent", ago(400), kind="given", channel="email", basis=basis)
        if self.rng.random() < 0.35:
            self.record(
                "consent", ago(390), kind="given", channel="phone", basis="legitimate_interest"
            )

    def touch(self, kind: str, at: datetime, **fields: object) -> str:
        """Add a touch and return its id."""
        touch_id = f"t-{self.number:03d}-{len(self.touches) + 1:02d}"
        self.touches.append(
            {
                "id": touch_id,
                "lead_id": self.id,
                "kind": kind,
                "occurred_at": stamp(at),
                "person_id": self.columns["person_id"],
                **fields,
            }
        )
        return touch_id

    def record(self, record: str, at: datetime, **fields: object) -> str:
        """Add a record of another kind and return its id."""
        record_id = f"{record[0]}-{self.number:03d}-{len(self.records) + 1:02d}"
        self.records.append(
            {
                "record": record,
                "id": record_id,
                "lead_id": self.id,
                "occurred_at": stamp(at),
                **fields,
            }
        )
        return record_id

    def move(self, kind: str, at: datetime, **fields: object) -> str:
        """Add a move and return its id; a person's, if not said otherwise."""
        return self.record("move", at, kind=kind, **fields)

    def doings(self, position: str, count: int, *, from_days: float, to_days: float) -> None:
        """Let the lead do what leads of a position do, at random within some days."""
        kinds = [kind for kind, weight in DOINGS[position] for _ in range(weight)]
        days = sorted((self.rng.uniform(to_days, from_days) for _ in range(count)), reverse=True)
        for day in days:
            kind = self.rng.choice(kinds)
            fields: dict[str, object] = {}
            if kind in ("content_downloaded", "case_study_viewed", "demo_video_downloaded"):
                fields["asset"] = self.rng.choice(CONTENT_IDS[position])
            if kind == "site_visited":
                fields["value"] = self.rng.randint(1, 25)
            self.touch(kind, ago(day), **fields)

    def entry(self, days: float) -> None:
        """Let the lead come in by a form or a subscription."""
        campaign = f"{self.columns['lead_source']} 2026".replace(" ", "-")
        kind = self.rng.choice(("form_submitted", "form_submitted", "newsletter_subscribed"))
        self.touch(kind, ago(days), campaign=campaign)
        if self.rng.random() < 0.5:
            self.mail(days - 1, self.rng.choice(CONTENT_IDS["awareness"]))

    def mail(self, days: float, asset: str, **fields: object) -> None:
        """Send the lead a newsletter, which it may open and click."""
        sent = {"channel": "email", "direction": "outbound", "style": "mass", "automated": "true"}
        self.touch("newsletter_sent", ago(days), asset=asset, **sent, **fields)
        if self.rng.random() < 0.5:
            self.touch(
                "email_opened", ago(days, -2), asset=asset, channel="email", automated="true"
            )
        if self.rng.random() < 0.2:
            self.touch("email_clicked", ago(days, -3), asset=asset, channel="email")

    def call(self, days: float, rep: str, outcome: str, **fields: object) -> str:
        """Let a rep call the lead."""
        spoken = {"channel": "phone", "direction": "outbound", "style": "one_to_one"}
        at = ago(days).replace(hour=self.rng.randint(8, 15))
        return self.touch("call_made", at, rep=rep, outcome=outcome, **spoken, **fields)

    def learned(self, days: float, name: str, value: object, source: str) -> None:
        """Note what was learned about the lead."""
        self.record("fact", ago(days), name=name, value=value, source=source)

    def with_sales(self, stage: str, days: float) -> str:
        """Bring the lead to a stage of sales, with a rep, and return the rep."""
        rep = self.rng.choice(REPS)
        self.move("owner", ago(days), to="sales", rep=rep, reason="accepted")
        self.move("stage", ago(days, -0.1), to="sal", reason="accepted by sales")
        self.call(days - 1, rep, "connected")
        if stage in ("sql", "opportunity"):
            self.move("stage", ago(days - 3), to="sql", reason="need and budget confirmed")
        if stage == "opportunity":
            self.move("stage", ago(days - 8), to="opportunity", reason="offer sent")
        return rep


# ------------------------------------------------------------------------------------- stories


def aware(story: Story) -> None:
    """Only looks around."""
    story.entry(120)
    story.doings("awareness", story.rng.randint(1, 6), from_days=110, to_days=2)


def considers(story: Story) -> None:
    """Compares, in no hurry."""
    story.entry(150)
    story.doings("awareness", story.rng.randint(1, 4), from_days=140, to_days=40)
    story.doings("consideration", story.rng.randint(2, 7), from_days=60, to_days=1)
    if story.rng.random() < 0.4:
        story.learned(20, "pain_point", story.rng.choice(PAIN_POINTS), "form")


def near_decision(story: Story) -> None:
    """Looks at prices and demos without asking for anything."""
    considers(story)
    story.doings("decision", story.rng.randint(2, 6), from_days=30, to_days=1)


def raises_hand(story: Story) -> None:
    """Asked for something in the last weeks; nobody has been told yet."""
    considers(story)
    story.doings("decision", 2, from_days=25, to_days=12)
    story.touch(story.rng.choice(HAND_RAISES), ago(story.rng.uniform(0.5, 10)))


def raised_long_ago(story: Story) -> None:
    """Asked months ago and was never answered."""
    story.entry(200)
    story.touch(story.rng.choice(HAND_RAISES), ago(story.rng.uniform(60, 150)))
    story.doings("awareness", 2, from_days=50, to_days=5)


def offered(story: Story) -> None:
    """Was offered to a rep, who has until next week."""
    considers(story)
    asked = story.touch(story.rng.choice(HAND_RAISES), ago(2.6))
    due = AS_OF + timedelta(days=1, hours=story.rng.randint(8, 16))
    _offer(story, ago(2.5), due, asked)


def offered_past_due(story: Story) -> None:
    """Was offered to a rep, who hasn't answered in time."""
    considers(story)
    days = story.rng.uniform(6, 12)
    asked = story.touch(story.rng.choice(HAND_RAISES), ago(days))
    _offer(story, ago(days - 0.1), ago(days - 3), asked)


def _offer(story: Story, at: datetime, due: datetime, evidence: str) -> None:
    story.move("owner", ago(100), to="marketing", reason="first owner", origin="playbook")
    story.move(
        "offered",
        at,
        origin="playbook",
        was="marketing",
        to="sales",
        team="sales",
        rep=story.rng.choice(REPS),
        due=stamp(due),
        evidence=[evidence],
        reason="sales intent",
    )


def accepted(story: Story) -> None:
    """Is with sales since a few weeks."""
    considers(story)
    story.with_sales("sal", story.rng.uniform(8, 40))


def qualified(story: Story) -> None:
    """Is qualified by sales."""
    near_decision(story)
    rep = story.with_sales("sql", story.rng.uniform(20, 70))
    story.call(5, rep, "connected", next_attempt_on="2026-11-12")
    story.learned(5, "pain_point", story.rng.choice(PAIN_POINTS), "conversation")
    story.learned(5, "authority", story.rng.choice(("decides", "influences")), "conversation")
    story.learned(5, "timeline_months", story.rng.choice((3, 6, 12)), "conversation")


def opportunity(story: Story) -> None:
    """Has an offer; some have a series running."""
    near_decision(story)
    story.with_sales("opportunity", story.rng.uniform(25, 60))
    story.learned(15, "budget", "confirmed", "conversation")
    if story.rng.random() < 0.5:
        story.move("enrolled", ago(14), sequence="sales-motivation", run="1@1", origin="playbook")


def idle_word(story: Story) -> None:
    """A rep heard that it isn't the time; nobody has acted on it."""
    near_decision(story)
    rep = story.with_sales("sql", story.rng.uniform(40, 80))
    word = story.rng.choice(("not_now", "no_budget", "no_need"))
    fields = {"next_attempt_on": "2026-12-01"} if story.rng.random() < 0.4 else {}
    story.call(story.rng.uniform(2, 20), rep, word, **fields)
    if story.rng.random() < 0.5:
        story.learned(2, "pain_point", story.rng.choice(PAIN_POINTS), "conversation")


def recycled(story: Story) -> None:
    """Went back to marketing with a reason."""
    _idle(story, to="recycled", team="marketing")


def incubating(story: Story) -> None:
    """Waits with its rep, with a reason."""
    _idle(story, to="incubating", team="sales")


def _idle(story: Story, *, to: str, team: str) -> None:
    considers(story)
    rep = story.with_sales("sql", 160)
    days = story.rng.uniform(35, 100)
    word = story.rng.choice(("not_now", "no_budget", "no_need"))
    said = story.call(days, rep, word)
    story.move("stage", ago(days - 1), to=to, reason=word, answers=said)
    if team == "marketing":
        story.move("owner", ago(days - 1), to=team, reason=word, answers=said)
    if story.rng.random() < 0.6:
        story.learned(days, "pain_point", story.rng.choice(PAIN_POINTS), "conversation")
    if story.rng.random() < 0.3:
        story.doings("decision", 1, from_days=20, to_days=1)


def only_voicemail(story: Story) -> None:
    """Was called month after month and never picked up the phone."""
    considers(story)
    rep = story.with_sales("sal", 170)
    for days in (130, 100, 70, 40, 9):
        story.call(days, rep, "voicemail")


def customer(story: Story) -> None:
    """Has bought; one in three asks for more."""
    near_decision(story)
    story.with_sales("opportunity", 200)
    story.move("stage", ago(90), to="customer", reason="signed")
    if story.rng.random() < 0.34:
        story.touch("price_asked", ago(3))


def disqualified(story: Story) -> None:
    """Doesn't fit."""
    aware(story)
    story.move("stage", ago(30), to="disqualified", reason="bad_fit")


def lost(story: Story) -> None:
    """Bought elsewhere; some come back and ask."""
    near_decision(story)
    story.with_sales("opportunity", 150)
    story.move("stage", ago(60), to="lost", reason="competitor")
    if story.rng.random() < 0.3:
        story.touch("demo_requested", ago(4))


def bad_data(story: Story) -> None:
    """Can't be reached, or asked never to be."""
    aware(story)
    word = story.rng.choice(("bad_data", "do_not_contact", "duplicate"))
    story.call(12, story.rng.choice(REPS), word)


def erased(story: Story) -> None:
    """Asked to be erased."""
    aware(story)
    story.record("consent", ago(20), kind="erased")


def objected(story: Story) -> None:
    """Objected to marketing, even while asking for a price."""
    considers(story)
    story.record("consent", ago(15), kind="objected", purpose="marketing")
    if story.rng.random() < 0.5:
        story.touch("price_asked", ago(5))


def bounced(story: Story) -> None:
    """Has a mail address that bounces."""
    considers(story)
    story.record("consent", ago(30), kind="bounced", channel="email")


def from_columns(story: Story) -> None:
    """Starts from what CRM columns said on 1 September."""
    stage = story.rng.choice(("inquiry", "mql", "sal", "sql", "opportunity", "recycled"))
    is_sales = stage in ("sal", "sql", "opportunity")
    story.columns.update(
        opening_at="2026-09-01T00:00:00Z",
        opening_stage=stage,
        opening_team="sales" if is_sales else "marketing",
        opening_rep=story.rng.choice(REPS) if is_sales else "",
        opening_since="2026-05-04",
        opening_opted_out="true" if story.rng.random() < 0.1 else "false",
    )
    if is_sales and story.rng.random() < 0.3:
        story.columns["opening_next_attempt_on"] = "2026-11-17"
    story.doings("consideration", story.rng.randint(1, 4), from_days=55, to_days=1)


def in_newsletter(story: Story) -> None:
    """Is enrolled in the newsletter and reads some of it."""
    aware(story)
    story.move("enrolled", ago(61), sequence="newsletter", run="1@1", origin="playbook")
    for days in (60, 30):
        story.mail(
            days,
            story.rng.choice(CONTENT_IDS["awareness"]),
            sequence="newsletter",
            run="1@1",
            step="issue",
        )


def handed_over(story: Story) -> None:
    """Was given to another rep by hand, and hears from marketing meanwhile."""
    considers(story)
    story.with_sales("sal", 50)
    story.move("rep", ago(30), rep=story.rng.choice(REPS), reason="territory")
    story.mail(10, story.rng.choice(CONTENT_IDS["decision"]))


def bought_list(story: Story) -> None:
    """Came with a list and has never done a thing."""
    story.columns["lead_source"] = "trade fair"


def tomorrow(story: Story) -> None:
    """Will ask after the day of judgement: nobody can know yet."""
    considers(story)
    story.touch("demo_requested", AS_OF + timedelta(days=2, hours=9))


# How many leads have each story.
CAST: Mapping[Callable[[Story], None], int] = {
    aware: 38,
    considers: 36,
    near_decision: 20,
    raises_hand: 20,
    raised_long_ago: 6,
    offered: 12,
    offered_past_due: 10,
    accepted: 12,
    qualified: 12,
    opportunity: 10,
    idle_word: 14,
    recycled: 14,
    incubating: 12,
    only_voicemail: 6,
    customer: 8,
    disqualified: 5,
    lost: 6,
    bad_data: 6,
    erased: 3,
    objected: 6,
    bounced: 4,
    from_columns: 20,
    in_newsletter: 8,
    handed_over: 4,
    bought_list: 5,
    tomorrow: 3,
}


def _content() -> dict[str, tuple[str, ...]]:
    names = {
        "awareness": ("checklist", "primer"),
        "consideration": ("guide", "case"),
        "decision": ("roi-sheet",),
    }
    return {
        position: tuple(
            f"{pain.replace(' ', '-')}-{name}" for pain in PAIN_POINTS for name in names[position]
        )
        for position in POSITIONS
    }


CONTENT_IDS = _content()


def make_leads() -> list[Story]:
    """Return every lead with its story, its touches and its records."""
    rng = Random(SEED)
    cast = [story for story, count in CAST.items() for _ in range(count)]
    rng.shuffle(cast)
    stories = [Story(number, rng) for number in range(1, len(cast) + 1)]
    for story, play in zip(stories, cast, strict=True):
        play(story)
    _share_accounts(stories, rng)
    return stories


def _share_accounts(stories: list[Story], rng: Random) -> None:
    # Eight accounts have three people each, who all looked around lately.
    people = [story for story in stories if "opening_at" not in story.columns]
    rng.shuffle(people)
    for number in range(8):
        for story in people[3 * number : 3 * number + 3]:
            story.columns["account"] = f"group-{number + 1}"
            story.touch("webinar_attended", ago(rng.uniform(2, 14)), topic="maintenance in 2027")


# --------------------------------------------------------------------------------------- files


def write(folder: Path) -> None:
    """Write the four files."""
    folder.mkdir(parents=True, exist_ok=True)
    stories = make_leads()
    _write_table(folder / "leads.csv", LEAD_COLUMNS, [story.columns for story in stories])
    touches = [touch for story in stories for touch in story.touches]
    _write_table(folder / "touches.csv", TOUCH_COLUMNS, touches)
    with (folder / "records.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for record in (record for story in stories for record in story.records):
            file.write(json.dumps(record, separators=(", ", ": ")) + "\n")
    (folder / "world.toml").write_text(_world(), encoding="utf-8", newline="\n")


def _write_table(path: Path, columns: tuple[str, ...], rows: list[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def _world() -> str:
    lines = ["# Made up by examples/make_data.py: reps, a pool with its hours, a content library."]
    for number, rep in enumerate(REPS, start=1):
        zone = "America/New_York" if number > 6 else "Europe/Berlin"
        lines += ["", "[[reps]]", f'id = "{rep}"', 'team = "sales"', 'roles = ["rep"]']
        lines += ['pool = "sales"', f'zone = "{zone}"']
        if number == 3:
            lines.append("absences = [{ start = 2026-10-26, end = 2026-11-09 }]")
        if number == 8:
            lines.append("active = false")
    lines += ["", "[[reps]]", 'id = "editor-1"', 'team = "marketing"', 'roles = ["editor"]']
    lines += ["", "[[pools]]", 'id = "sales"', 'team = "sales"', 'manager = "head-of-sales"']
    lines += ['zone = "Europe/Berlin"', 'hours = ["mon-fri 09:00-17:00"]']
    lines += ["holidays = [2026-12-25, 2027-01-01]"]
    for position, ids in CONTENT_IDS.items():
        for number, content_id in enumerate(ids):
            lines += ["", "[[content]]", f'id = "{content_id}"', f'position = "{position}"']
            pain = next(pain for pain in PAIN_POINTS if content_id.startswith(pain.split()[0]))
            month = 1 + (number * 2) % 9
            lines += [f'topics = ["{content_id.rpartition("-")[2]}"]', f'pain_points = ["{pain}"]']
            lines += [f"published_at = 2026-{month:02d}-15T08:00:00Z"]
    lines += ["", "[[content]]", 'id = "downtime-use-case"', 'position = "consideration"']
    lines += ['topics = ["use case"]', 'pain_points = ["downtime"]']
    lines += ["published_at = 2026-10-28T08:00:00Z"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
