"""Draw a lead's records: touches, facts, consents, moves, openings, and whole histories.

OPEN. To add a shape: its strategy here, and its place in `records`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from nurturekit.records import Consent, Fact, FrozenMap, History, Move, Opening, Record, Touch
from nurturekit.records.checks import Value
from nurturekit.vocabulary import MoveKind, Stage, Team

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
LAST_DAY = 70
LEAD_ID = "lead-1"
# Kinds of touch that the shipped playbooks describe, and one that none does.
KINDS = (
    "form_submitted",
    "blog_viewed",
    "site_visited",
    "content_downloaded",
    "webinar_attended",
    "case_study_viewed",
    "pricing_viewed",
    "product_demo_viewed",
    "email_clicked",
    "never_described",
)
INTENTS = ("price_asked", "demo_requested", "contact_requested", "trial_requested")
REPS = ("rep-7", "rep-8")
SEQUENCES = ("nurture-awareness", "sales-motivation", "recycle")
MAILED = ("decision-1", "awareness-2", "consideration-3")
ASSETS = (None, "guide", "paper")
WORDS = ("not_now", "no_budget", "no_need")
OUTCOMES = ("connected", "voicemail", "no_answer", "qualified", "bad_data", *WORDS)
REASONS = ("no_need", "bad_fit", "bad_data")
GIVEN = ("given",) * 4
RESTRICTIONS = ("withdrawn", "objected", "erased", "bounced", "complained")
CHANNELS = (None, "email", "phone")
OPENING_STAGES = (None, "mql", "sal", "recycled", "customer")
# The hour that Berlin skips and the one that New York does, a midnight, and the instant before.
EDGES = (
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 4, 1, tzinfo=UTC),
    datetime(2026, 3, 31, 23, 59, 59, 999_999, tzinfo=UTC),
)
Attributes = Mapping[str, Sequence[Value]]
# Attributes that the shipped playbooks read, each with values that tell, mislead or say nothing.
ATTRIBUTES: Attributes = FrozenMap(
    {
        "title": ("VP Sales", "student", None),
        "employees": (500, 3, float("nan")),
        "pain_point": ("reporting", ""),
        "do_not_contact": (True, False),
        "position": ("decision",),
    }
)


def instants(*, days: int = LAST_DAY) -> st.SearchStrategy[datetime]:
    """Draw instants of some weeks from a Monday on, so few that they meet: ties and due instants.

    Among them are midnights, and the hours at which clocks change in Berlin and New York.

    Args:
        days: How many days after 2 March 2026 the last one is.
    """
    last = START + timedelta(days=days)
    grid = st.integers(0, days * 4).map(lambda quarter: START + timedelta(hours=quarter * 6))
    edges = [edge for edge in EDGES if edge <= last]
    return st.one_of(grid, grid, grid, st.sampled_from(edges)) if edges else grid


@st.composite
def touches(
    draw: st.DrawFn,
    lead_id: str = LEAD_ID,
    *,
    at: st.SearchStrategy[datetime] | None = None,
    kinds: Sequence[str] = (*KINDS, *INTENTS),
) -> Touch:
    """Draw something the lead did, or a machine in its name.

    Args:
        draw: Given by Hypothesis.
        lead_id: Whose touch it is.
        at: When it may have happened.
        kinds: Which kinds it may have.
    """
    kind = draw(st.sampled_from(kinds))
    return Touch(
        id=f"touch-{draw(st.integers(0, 40))}-{kind}",
        lead_id=lead_id,
        kind=kind,
        occurred_at=draw(instants() if at is None else at),
        direction="inbound",
        automated=draw(st.sampled_from((False, False, False, True))),
        asset=draw(st.sampled_from(ASSETS)),
    )


def calls(
    lead_id: str = LEAD_ID, *, at: st.SearchStrategy[datetime] | None = None
) -> st.SearchStrategy[Touch]:
    """Draw a rep's call, with what came of it: a rep's word among the outcomes.

    Args:
        lead_id: Whom the rep called.
        at: When it may have happened.
    """

    def call(on: datetime, rep: str, outcome: str) -> Touch:
        return Touch(
            id=f"call-{_stamp(on)}",
            lead_id=lead_id,
            kind="call_made",
            channel="phone",
            direction="outbound",
            style="one_to_one",
            rep=rep,
            occurred_at=on,
            outcome=outcome,
        )

    return st.builds(
        call,
        instants() if at is None else at,
        st.sampled_from(REPS),
        st.sampled_from(OUTCOMES),
    )


def mails(
    lead_id: str = LEAD_ID, *, at: st.SearchStrategy[datetime] | None = None
) -> st.SearchStrategy[Touch]:
    """Draw a mail that a sequence sent.

    Args:
        lead_id: To whom.
        at: When it may have been sent.
    """

    def mail(on: datetime, content: str) -> Touch:
        return Touch(
            id=f"mail-{_stamp(on)}",
            lead_id=lead_id,
            kind="email_sent",
            channel="email",
            direction="outbound",
            automated=True,
            asset=content,
            occurred_at=on,
        )

    return st.builds(mail, instants() if at is None else at, st.sampled_from(MAILED))


def facts(
    lead_id: str = LEAD_ID,
    *,
    at: st.SearchStrategy[datetime] | None = None,
    attributes: Attributes = ATTRIBUTES,
) -> st.SearchStrategy[Fact]:
    """Draw something learned about the lead, unknown values among it.

    Args:
        lead_id: About whom.
        at: When it may have been learned.
        attributes: Each attribute's name with the values it may have.
    """
    pairs = [(name, value) for name, values in attributes.items() for value in values]

    def fact(pair: tuple[str, Value], on: datetime) -> Fact:
        name, value = pair
        return Fact(
            id=f"fact-{name}-{_stamp(on)}",
            lead_id=lead_id,
            name=name,
            value=value,
            occurred_at=on,
        )

    return st.builds(fact, st.sampled_from(pairs), instants() if at is None else at)


@st.composite
def consents(
    draw: st.DrawFn,
    lead_id: str = LEAD_ID,
    *,
    at: st.SearchStrategy[datetime] | None = None,
) -> Consent:
    """Draw a grant, with or without an end, or a restriction of a channel or of all.

    Args:
        draw: Given by Hypothesis.
        lead_id: Whose consent it is.
        at: When it may have been said.
    """
    kind = draw(st.sampled_from(GIVEN + RESTRICTIONS))
    on = draw(instants() if at is None else at)
    channel = draw(st.sampled_from(CHANNELS))
    ends = draw(st.sampled_from((None, 1, 10, 40))) if kind == "given" else None
    return Consent(
        id=f"consent-{kind}-{channel}-{_stamp(on)}",
        lead_id=lead_id,
        occurred_at=on,
        kind=kind,
        channel=channel,
        basis="consent" if kind == "given" else None,
        expires_at=None if ends is None else on + timedelta(days=ends),
    )


@st.composite
def moves(
    draw: st.DrawFn,
    lead_id: str = LEAD_ID,
    *,
    at: st.SearchStrategy[datetime] | None = None,
    kinds: Sequence[str] = tuple(MoveKind),
) -> Move:
    """Draw a move, by a person or by an earlier decision: legal or not.

    Args:
        draw: Given by Hypothesis.
        lead_id: About whom.
        at: When it may have been made.
        kinds: Which kinds it may have.
    """
    on = draw(instants() if at is None else at)
    kind = str(draw(st.sampled_from(kinds)))
    fields: dict[str, Any] = draw(_FIELDS_OF_MOVE[kind](on)) if kind in _FIELDS_OF_MOVE else {}
    return Move(id=f"{kind}-{_stamp(on)}", lead_id=lead_id, kind=kind, occurred_at=on, **fields)


def _drawn(**fields: object) -> st.SearchStrategy[dict[str, Any]]:
    # What isn't a strategy is the same in every example.
    return st.fixed_dictionaries(
        {
            name: value if isinstance(value, st.SearchStrategy) else st.just(value)
            for name, value in fields.items()
        }
    )


def _later(on: datetime, *days: int) -> st.SearchStrategy[datetime]:
    return st.sampled_from(days).map(lambda after: on + timedelta(days=after))


_FIELDS_OF_MOVE: Mapping[str, Callable[[datetime], st.SearchStrategy[dict[str, Any]]]] = {
    "stage": lambda _: _drawn(
        to=st.sampled_from(tuple(map(str, Stage))),
        reason=st.sampled_from((None, *WORDS, "competitor")),
    ),
    "owner": lambda _: _drawn(to=st.sampled_from(tuple(map(str, Team)))),
    "offered": lambda on: _drawn(
        due=_later(on, 1, 5, 60), was="marketing", to="sales", origin="playbook"
    ),
    "rejected": lambda _: _drawn(reason=st.sampled_from(REASONS)),
    "lapsed": lambda _: _drawn(reason=st.sampled_from((None, "final")), origin="playbook"),
    "snoozed": lambda on: _drawn(until=_later(on, 3, 30), reason="asked to wait"),
    "rep": lambda _: _drawn(rep="rep-8"),
    "adopt": lambda _: _drawn(to="another-policy"),
    "enrolled": lambda _: _drawn(sequence=st.sampled_from(SEQUENCES), run="1@1", origin="playbook"),
    "left": lambda _: _drawn(sequence="nurture-awareness", reason="by hand"),
}


@st.composite
def openings(
    draw: st.DrawFn,
    lead_id: str = LEAD_ID,
    *,
    at: st.SearchStrategy[datetime] | None = None,
) -> Opening:
    """Draw what a CRM's columns said on the day the history began.

    Args:
        draw: Given by Hypothesis.
        lead_id: Whose columns they are.
        at: When the history may have begun.
    """
    return Opening(
        id="opening",
        lead_id=lead_id,
        occurred_at=draw(instants(days=40) if at is None else at),
        stage=draw(st.sampled_from(OPENING_STAGES)),
        team=draw(st.sampled_from((None, "marketing", "sales"))),
        rep=draw(st.sampled_from((None, "rep-7"))),
        opted_out=draw(st.sampled_from((None, False, True))),
    )


def records(
    lead_id: str = LEAD_ID,
    *,
    at: st.SearchStrategy[datetime] | None = None,
    attributes: Attributes = ATTRIBUTES,
) -> st.SearchStrategy[Record]:
    """Draw any record but an opening, what the lead did most often.

    Args:
        lead_id: Whose record it is.
        at: When it may have happened.
        attributes: Each attribute's name with the values it may have.
    """
    done, called = touches(lead_id, at=at), calls(lead_id, at=at)
    return st.one_of(
        done,
        done,
        done,
        called,
        called,
        mails(lead_id, at=at),
        facts(lead_id, at=at, attributes=attributes),
        consents(lead_id, at=at),
        moves(lead_id, at=at),
    )


@st.composite
def histories(
    draw: st.DrawFn,
    lead_id: str = LEAD_ID,
    *,
    at: st.SearchStrategy[datetime] | None = None,
    attributes: Attributes = ATTRIBUTES,
    at_most: int = 14,
) -> History:
    """Draw a lead's history: some with a legal basis, some with an opening, some empty.

    Args:
        draw: Given by Hypothesis.
        lead_id: Whose history it is.
        at: When its records may have happened.
        attributes: Each attribute's name with the values it may have.
        at_most: How many records it has at most, grants and opening aside.
    """
    found: list[Record] = list(grants(lead_id)) if draw(st.booleans()) else []
    found += draw(st.lists(records(lead_id, at=at, attributes=attributes), max_size=at_most))
    if draw(st.integers(0, 4)) == 0:
        found.append(draw(openings(lead_id)))
    return History(found)


def grants(lead_id: str = LEAD_ID, channels: Iterable[str] = ("email", "phone")) -> list[Consent]:
    """Return a legal basis for each channel, from before the first drawn instant.

    Args:
        lead_id: Whose consent it is.
        channels: For which channels.
    """
    return [
        Consent(
            id=f"basis-{channel}",
            lead_id=lead_id,
            occurred_at=START - timedelta(days=10),
            kind="given",
            channel=channel,
            basis="consent",
        )
        for channel in channels
    ]


def _stamp(at: datetime) -> str:
    return f"{at:%m%dT%H%M}"
