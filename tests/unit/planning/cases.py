"""A small world for the planner's tests: days from a Monday, one lead, its records."""

from datetime import UTC, datetime, timedelta

import attrs

from nurturekit.answers import Duty, Ownership, Score
from nurturekit.identity import stable_id
from nurturekit.planning.planner import SequencePlanner
from nurturekit.planning.sequence import ContentRule, Sequence, Step
from nurturekit.records import (
    Consent,
    Content,
    Fact,
    FrozenMap,
    Kind,
    Lead,
    Move,
    Rep,
    Situation,
    Touch,
    World,
)
from nurturekit.vocabulary import FunnelPosition, MoveKind, Style, Team

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
KINDS = {
    "mail_sent": Kind.of(direction="outbound", channel="email", human=False),
    "call": Kind.of(direction="outbound", channel="phone", style="one_to_one"),
    "page_viewed": Kind.of(direction="inbound", channel="web"),
    "price_asked": Kind.of(direction="inbound", channel="email", intent=True),
    "resume_requested": Kind.of(direction="inbound", channel="email"),
}
EVERYTHING = FrozenMap({team: frozenset(Style) for team in Team})
LEAD = Lead(id="lead-1", attributes={"pain_point": "Downtime"})
MINUTE = timedelta(minutes=1)


def day(number):
    """The instant at which a day of the story starts."""
    return MONDAY + timedelta(days=number)


def us(number):
    """The same in epoch microseconds."""
    return int(day(number).timestamp()) * 1_000_000


def touch(number, kind="page_viewed", **fields):
    """A touch on a day; unless said otherwise the lead views a page."""
    touch_id = stable_id("touch", number, kind, *map(str, fields.values()))
    fields.setdefault("id", touch_id)
    return Touch(lead_id=LEAD.id, occurred_at=day(number), kind=kind, **fields)


def sent(number, step, run="1@1", sequence="nurture", **fields):
    """A mail that a sequence's step became."""
    return touch(
        number,
        "mail_sent",
        automated=True,
        direction="outbound",
        channel="email",
        sequence=sequence,
        run=run,
        step=step,
        **fields,
    )


def call(number, outcome="connected", **fields):
    """A rep's call."""
    return touch(
        number,
        "call",
        direction="outbound",
        channel="phone",
        style="one_to_one",
        rep="rep-7",
        outcome=outcome,
        **fields,
    )


def move(number, kind, *, origin="playbook", **fields):
    """A move on a day."""
    move_id = stable_id("move", number, kind, *map(str, fields.values()))
    return Move(
        id=move_id, lead_id=LEAD.id, occurred_at=day(number), kind=kind, origin=origin, **fields
    )


def enrolled(number, sequence="nurture", run="1@1", **fields):
    """An enrolment on a day."""
    return move(number, "enrolled", sequence=sequence, run=run, **fields)


def fact_at(number, name, value, **fields):
    """A fact learned on a day."""
    fact_id = stable_id("fact", number, name, str(value))
    return Fact(
        id=fact_id, lead_id=LEAD.id, occurred_at=day(number), name=name, value=value, **fields
    )


def basis(*channels):
    """Consent to every purpose by some channels, ever since."""
    return [
        Consent(
            id=f"basis-{channel}",
            lead_id=LEAD.id,
            occurred_at=day(-400),
            kind="given",
            channel=channel,
            basis="consent",
        )
        for channel in channels
    ]


def piece(name, published=-30, **fields):
    """A piece of content."""
    return Content(id=name, published_at=day(published), **fields)


def situation(
    number, records=(), *, lead=LEAD, content=(), reps=(), position=None, after=timedelta(0)
):
    """The lead at the start of a day, with a score that shows a position."""
    world = World(content=content, reps=[Rep(id=name, active=on) for name, on in reps])
    seen = Situation(lead, records, as_of=day(number) + after, world=world, kinds=KINDS)
    return seen.bind(score=Score(milli=0, position=position and FunnelPosition(position)))


def owner(**fields):
    """An ownership in which everything is allowed, sales has rep-7, and nothing is owed."""
    ownership = Ownership(
        accountable=Team.MARKETING,
        answerable=Team.MARKETING,
        rep="rep-7",
        allowed=EVERYTHING,
        because="row 9",
    )
    return attrs.evolve(ownership, **fields)


def allowing(**styles):
    """Ownership's `allowed`, by team."""
    return FrozenMap({Team(team): frozenset(map(Style, words)) for team, words in styles.items()})


def duty(kind="check_in", due=61, *, agreed=None, about="call-1", rep="rep-7"):
    """Something that sales owes."""
    return Duty(
        kind=kind,
        team=Team.SALES,
        rep=rep,
        due_us=us(due),
        about=about,
        agreed=kind in ("answer", "first_response") if agreed is None else agreed,
        because="60 days without a call" if kind == "check_in" else kind,
    )


def step(name, **fields):
    """A step; without content the same for everybody."""
    style = "automated" if "content" in fields else "mass"
    return Step(id=name, **{"style": style, **fields})


def sequence(name="nurture", steps=("one", "two"), **fields):
    """A sequence of marketing; texts become steps without content, a week apart."""
    made = [step(one, after_days=7) if isinstance(one, str) else one for one in steps]
    return Sequence(name=name, team=fields.pop("team", "marketing"), steps=made, **fields)


def content_step(name="one", *, after_days=0, **fields):
    """A step that takes content."""
    rule = {key: fields.pop(key) for key in ("position", "pain_point", "topics") if key in fields}
    return Step(id=name, after_days=after_days, content=ContentRule(**rule), **fields)


def plan(seen, *sequences, ownership=None, **settings):
    """The plan of a planner with some sequences."""
    planner = SequencePlanner(sequences=sequences, **settings)
    return planner.plan(seen, ownership or owner())


def as_moves(seen, proposals, *, first_seq=0):
    """Proposals as the core appends them."""
    return [
        Move(
            id=stable_id("move", seen.as_of_us, one.kind, one.sequence, one.run, one.step, one.to),
            lead_id=seen.lead.id,
            occurred_at=seen.as_of,
            origin="playbook",
            kind=MoveKind(one.kind),
            seq=first_seq + index,
            team=one.team,
            to=one.to,
            reason=one.reason,
            until=one.until,
            sequence=one.sequence,
            run=one.run,
            step=one.step,
            evidence=one.evidence,
        )
        for index, one in enumerate(proposals)
    ]


def moves(made):
    """What a plan's moves say, shortly."""
    return [(str(one.kind), one.sequence, one.run) for one in made.moves]


def codes(made):
    """The codes of a plan's refusals."""
    return [one.code for one in made.blocked]
