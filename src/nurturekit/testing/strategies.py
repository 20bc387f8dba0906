"""Hypothesis strategies for leads, histories, worlds, playbooks, and situations made of them.

OPEN. To add one: a function here that returns a strategy; records are drawn in
`nurturekit.testing.drawing`.

They are shaped to reach what breaks code: ties, midnights, the hours at which clocks change,
unknown and misleading values, caps, refusals, closed and customer leads, handoffs pending and past
due, reps' words, records from before the opening, after the instant of judgement, or written down
late.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import attrs
from hypothesis import strategies as st

from nurturekit.calendars import BusinessHours
from nurturekit.playbook import Playbook
from nurturekit.presets import PRESETS, preset
from nurturekit.records import (
    EMPTY_WORLD,
    Absence,
    Assume,
    Content,
    Lead,
    Pool,
    Record,
    Rep,
    Situation,
    World,
)
from nurturekit.records.world import Peer
from nurturekit.testing.drawing import (
    ATTRIBUTES,
    LAST_DAY,
    LEAD_ID,
    START,
    Attributes,
    calls,
    consents,
    facts,
    grants,
    histories,
    instants,
    mails,
    moves,
    openings,
    records,
    touches,
)
from nurturekit.vocabulary import FunnelPosition

ACCOUNT = "account-1"
PEER_ID = "lead-of-a-colleague"
ZONES = (None, "Europe/Berlin", "America/New_York", "Asia/Kolkata")
# Two of three records are written down late, where any is.
LATE_DAYS = (0, 0, 3)
# Parameters of the shipped policies, each with values on both sides of where behaviour changes.
PARAMETERS: Mapping[str, tuple[object, ...]] = {
    "handoff_on": ("sales_ready", "mql", "either"),
    "earliest_sales_touch": ("awareness", "consideration", "decision", "never"),
    "check_in_days": (None, 1, 60),
    "max_offers": (1, 2, 3),
    "accept_hours": (1, 24),
    "min_stay_days": (0, 30),
    "acceptance": ("first_sales_touch", "explicit"),
}


@st.composite
def leads(draw: st.DrawFn, lead_id: str = LEAD_ID, *, attributes: Attributes = ATTRIBUTES) -> Lead:
    """Draw a lead: with or without an account, a zone, a language, and each attribute.

    Args:
        draw: Given by Hypothesis.
        lead_id: Its id.
        attributes: Each attribute's name with the values it may have.

    >>> from hypothesis import given
    >>> @given(leads(attributes={"country": ("DE", "FR")}))
    ... def test_a_lead_is_of_a_country_or_of_none(lead):
    ...     assert lead.attributes.get("country") in ("DE", "FR", None)
    >>> test_a_lead_is_of_a_country_or_of_none()
    """
    columns = {name: st.sampled_from(values) for name, values in attributes.items()}
    return Lead(
        id=lead_id,
        account=draw(st.sampled_from((None, ACCOUNT))),
        person_id=draw(st.sampled_from((None, "person-1"))),
        zone=draw(st.sampled_from(ZONES)),
        language=draw(st.sampled_from((None, "en", "de"))),
        attributes=draw(st.fixed_dictionaries({}, optional=columns)),
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw a world: an empty one, or reps away and gone, office hours, content, a colleague."""
    if draw(st.integers(0, 3)) == 0:
        return EMPTY_WORLD
    away = draw(st.sampled_from(((), (Absence(start=date(2026, 3, 9), end=date(2026, 4, 1)),))))
    reps = [
        Rep(id="rep-7", pool="sales", absences=away),
        Rep(id="rep-8", pool="sales", active=draw(st.booleans())),
    ]
    is_known = draw(st.booleans())
    colleague = Peer(
        lead=Lead(id=PEER_ID, account=ACCOUNT), history=draw(histories(PEER_ID, at_most=4))
    )
    return World(
        reps=reps,
        pools=[Pool(id="sales", hours=draw(_hours), manager="manager-1")],
        content=draw(st.sampled_from((library(), ()))),
        peers=draw(st.sampled_from(((), (colleague,)))),
        assume=Assume(basis={"email": "legitimate_interest"}, zone="Europe/Berlin")
        if is_known
        else Assume(),
    )


_hours = st.sampled_from(
    (
        None,
        BusinessHours(
            zone="Europe/Berlin",
            windows="mon-fri 09:00-17:00",
            holidays=(date(2026, 4, 3),),
        ),
    )
)


def library(*, each: int = 3) -> tuple[Content, ...]:
    """Return pieces of content for every funnel position, one of them retired.

    Args:
        each: How many there are for a position.
    """
    return tuple(
        Content(
            id=f"{position}-{number}",
            position=position,
            published_at=START - timedelta(days=60),
            retired_at=START + timedelta(days=30) if number == each else None,
        )
        for position in FunnelPosition
        for number in range(1, each + 1)
    )


@st.composite
def playbooks(draw: st.DrawFn) -> Playbook:
    """Draw a shipped playbook with other parameters of ownership."""
    playbook = preset(draw(st.sampled_from(PRESETS)))
    changed: dict[str, Any] = draw(
        st.fixed_dictionaries(
            {}, optional={name: st.sampled_from(values) for name, values in PARAMETERS.items()}
        )
    )
    policy: Any = attrs.evolve(playbook.ownership, **changed)  # type: ignore[misc]
    return attrs.evolve(playbook, ownership=policy)


@st.composite
def situations(
    draw: st.DrawFn, *, playbook: Playbook | None = None, attributes: Attributes = ATTRIBUTES
) -> Situation:
    """Draw a lead at an instant, as a policy or signal is shown it: score and readiness bound.

    Some of its records are from after the instant, or were written down late.

    Args:
        draw: Given by Hypothesis.
        playbook: Whose reading it is; the first shipped playbook's if not given.
        attributes: Each attribute's name with the values it may have.
    """
    lead = draw(leads(attributes=attributes))
    history = draw(histories(lead.id, attributes=attributes))
    late = draw(st.sampled_from(LATE_DAYS))
    known = [_written(one, days=late * (number % 3)) for number, one in enumerate(history)]
    as_of = draw(st.one_of(st.just(START + timedelta(days=LAST_DAY)), instants()))
    earlier = draw(st.sampled_from((None, None, timedelta(days=1))))
    return seen_by(
        playbook or preset(PRESETS[0]),
        Situation(
            lead,
            known,
            as_of=as_of,
            known_at=None if earlier is None else as_of - earlier,
            world=draw(worlds()),
        ),
    )


def _written(record: Record, *, days: int) -> Record:
    if not days:
        return record
    return attrs.evolve(record, recorded_at=record.occurred_at + timedelta(days=days))


def seen_by(playbook: Playbook, situation: Situation) -> Situation:
    """Return a situation afresh, as a playbook shows it to its policy and its signals.

    Args:
        playbook: Whose kinds of touch and whose scoring it is.
        situation: The lead at its instant; what was bound or proposed is left out.
    """
    found = playbook.situation(
        situation.lead,
        situation.history,
        as_of=situation.as_of,
        known_at=situation.known_at,
        world=situation.world,
    )
    return found.bind(stage=found.standing.stage, accountable=found.standing.team)


__all__ = [
    "ATTRIBUTES",
    "Attributes",
    "calls",
    "consents",
    "facts",
    "grants",
    "histories",
    "instants",
    "leads",
    "library",
    "mails",
    "moves",
    "openings",
    "playbooks",
    "records",
    "seen_by",
    "situations",
    "touches",
    "worlds",
]
