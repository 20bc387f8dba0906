"""One lead, one decision: the first thing to try.

python examples/first_decision.py
"""

from datetime import UTC, datetime

import nurturekit as nk

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def main() -> None:
    """Decide about a lead that asked for a price, and append what follows."""
    lead = nk.Lead(
        id="lead-1",
        account="acme",
        zone="Europe/Berlin",
        attributes={"title": "VP Operations", "employees": 600},
    )
    history = nk.History(
        [
            nk.Touch(
                id="t1",
                lead_id="lead-1",
                kind="webinar_attended",
                occurred_at=datetime(2026, 10, 12, 14, tzinfo=UTC),
            ),
            nk.Touch(
                id="t2",
                lead_id="lead-1",
                kind="price_asked",
                occurred_at=datetime(2026, 11, 2, 8, tzinfo=UTC),
            ),
            nk.Consent(
                id="c1",
                lead_id="lead-1",
                kind="given",
                channel="email",
                basis="consent",
                occurred_at=datetime(2026, 10, 12, 13, tzinfo=UTC),
            ),
        ]
    )

    # What isn't about this lead: people and content. An empty world is legal, too.
    world = nk.World(
        reps=[nk.Rep(id="rep-7", pool="sales")],
        content=[
            nk.Content(
                id="roi-sheet",
                position="decision",
                published_at=datetime(2026, 1, 15, tzinfo=UTC),
            )
        ],
    )

    playbook = nk.preset("blended")
    decision = playbook.decide(lead, history, as_of=NOW, world=world)
    print(decision.why())
    print(decision.score.explain())

    # Nothing is kept but the history: append the moves, and ask again whenever something happens.
    history = history.add(*decision.moves)
    again = playbook.decide(lead, history, as_of=NOW, world=world)
    assert again.moves == decision.moves
    for action in decision.actions:
        print("to do:", action.channel, action.style, "by", action.team, action.because)
    for blocked in decision.blocked:
        print("blocked:", blocked.code, blocked.reason)


if __name__ == "__main__":
    main()
