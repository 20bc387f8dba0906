"""Measure a forecast of 90 days with five sequences against scoring the same lead.

Ratios of CPU time in one run: median of rounds, the candidates taking turns. Prints each ratio, its
target and whether it is met. Run: `python benchmarks/planning.py`.
"""

import sys
from datetime import timedelta
from pathlib import Path

import attrs

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.single import AS_OF, AS_OF_US, DAY_US, KINDS, LEAD, compare, model, touches
from nurturekit.criteria import fact
from nurturekit.guards import Admission, check
from nurturekit.planning import Arm, Branch, ContentRule, Sequence, SequencePlanner, Step, forecast
from nurturekit.playbook import Playbook
from nurturekit.presets import preset
from nurturekit.records import Consent, Content, History, Kind, Lead, World

HORIZON_DAYS = 90
TARGET = 40
ANY = ContentRule(position="any")


def five() -> tuple[Sequence, ...]:
    """Return five sequences that every lead is in: a blast, three series and a rep's cadence."""
    weekly = Step(id="week", content=ANY, after_days=3, repeat_every_days=7)
    issue = Step(id="issue", style="mass", after_days=5, repeat_every_days=14)
    note = Step(id="note", style="one_to_one", content=ANY, after_days=4, repeat_every_days=21)
    fork = Branch(
        id="fork",
        arms=[Arm(to="big", when=fact("employees") >= 100), Arm(to="small", outcome=["no_budget"])],
        after_days=2,
    )
    tracks = [
        Step(id="first", content=ANY, after_days=1),
        fork,
        Step(id="small", content=ANY, after_days=10, next="end"),
        Step(id="big", content=ANY, after_days=6),
        Step(id="bigger", content=ANY, after_days=9, repeat_every_days=15),
    ]
    halves = [
        Branch(id="half", arms=[Arm(to="a", share=0.5), Arm(to="b", share=0.5)]),
        Step(id="a", content=ANY, after_days=8, next="end"),
        Step(id="b", content=ANY, after_days=12),
    ]
    return (
        Sequence(name="weekly", team="marketing", priority=10, steps=[weekly]),
        Sequence(name="newsletter", team="marketing", steps=[issue]),
        Sequence(name="tracks", team="marketing", priority=20, steps=tracks),
        Sequence(name="halves", team="marketing", reentry=20, steps=halves),
        Sequence(name="notes", team="sales", purpose="sales", priority=30, steps=[note]),
    )


def playbook() -> Playbook:
    """Return a playbook of the five sequences, sales free to write."""
    kinds = {kind: Kind.of(direction="inbound") for kind in KINDS}
    scored = attrs.evolve(model(), kinds=kinds)
    planner = SequencePlanner(sequences=five())
    return attrs.evolve(preset("blended"), scoring=scored, kinds=kinds, planner=planner)


def main() -> int:
    """Print the measures; return 1 if the target is missed."""
    made = playbook()
    lead = Lead(id="l1", attributes={**LEAD, "position": "consideration"}, zone="Europe/Berlin")
    grant = Consent(
        id="c1", lead_id="l1", occurred_at=AS_OF - timedelta(days=200), kind="given",
        basis="consent",
    )  # fmt: skip
    pieces = [
        Content(id=f"piece-{number}", published_at=AS_OF - timedelta(days=number + 1))
        for number in range(40)
    ]
    world = World(content=pieces)
    history = History([*touches(25), grant])
    first = made.decide(lead, history, as_of=AS_OF - timedelta(minutes=1), world=world)
    history = history.add(*first.moves)
    rest = made._settled(made.situation(lead, history, as_of=AS_OF, world=world))  # noqa: SLF001
    situation, ownership = rest.situation, rest.settled.ownership
    both = frozenset(["mass", "automated", "one_to_one"])
    ownership = attrs.evolve(ownership, rep="rep-7", allowed=dict.fromkeys(ownership.allowed, both))
    until_us = AS_OF_US + HORIZON_DAYS * DAY_US

    def score() -> object:
        history.touch_cache().clear()
        return made.scoring.score(lead, history, as_of=AS_OF)

    def ahead() -> object:
        guards = Admission(made.guards, situation)
        return forecast(made.planner, situation, ownership, until_us=until_us, guards=guards)

    plan = made.planner.plan(situation, ownership)
    seen = ahead()
    taken = compare(
        {
            "score": score,
            "plan": lambda: made.planner.plan(situation, ownership),
            "check": lambda: check(made.guards, situation, plan.actions),
            "forecast": ahead,
        }
    )
    for name, us in taken.items():
        print(f"  {name:<12}{us:10.1f} us")
    sequences = {action.sequence for action in seen.actions}
    print(f"  {len(seen.actions)} contacts of {len(sequences)} sequences in {HORIZON_DAYS} days")
    ratio = taken["forecast"] / taken["score"]
    is_met = "pass" if ratio <= TARGET else "SHORT"
    print(f"{'90 days with five sequences / score':<48}{ratio:8.2f}  target {TARGET:<6} {is_met}")
    return int(ratio > TARGET)


if __name__ == "__main__":
    sys.exit(main())
