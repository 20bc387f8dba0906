"""Measure the cost of one lead against a hand-written function that does the same job.

Ratios of CPU time in one run: median of rounds, the candidates taking turns. Prints each ratio, its
target and whether it is met. Run: `python benchmarks/single.py`.
"""

import gc
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import attrs

from nurturekit.criteria import Criterion, fact
from nurturekit.presets import preset
from nurturekit.records import Consent, Content, History, Kind, Lead, Situation, Touch, World
from nurturekit.scoring import Dimension, Rule, ScoringModel, TouchRule, half_life, touch, window

AS_OF = datetime(2026, 11, 1, 12, tzinfo=UTC)
AS_OF_US = int(AS_OF.timestamp()) * 1_000_000
DAY_US = 86_400_000_000
ROUNDS, CALLS = 60, 20

KINDS = ("blog_read", "mail_clicked", "download", "webinar", "pricing", "demo", "trial", "visit")
# Kind, dimension, points, per day, at most, and how many days it takes to fade.
TOUCH_RULES = (
    ("blog_read", "behaviour", 2, 3, 12, ("half_life", 30)),
    ("mail_clicked", "behaviour", 3, 2, 15, ("half_life", 30)),
    ("download", "behaviour", 8, 1, 24, ("half_life", 60)),
    ("webinar", "behaviour", 10, 1, 30, ("half_life", 60)),
    ("pricing", "buying_stage", 12, 1, 36, ("half_life", 30)),
    ("demo", "buying_stage", 20, 1, 40, ("half_life", 45)),
    ("trial", "buying_stage", 18, 1, 36, ("half_life", 45)),
    ("visit", "attraction", 1, 5, 10, ("window", 90)),
)
# Attribute, question, what is asked for, points.
STATE_RULES = (
    ("title", "words", ("vp", "director", "head of"), 15),
    ("title", "words", ("student", "intern"), -20),
    ("employees", "at_least", 50, 5),
    ("employees", "at_least", 500, 5),
    ("revenue", "at_least", 1_000_000, 5),
    ("industry", "one_of", ("software", "finance"), 5),
    ("country", "one_of", ("de", "fr", "nl"), 4),
    ("budget", "at_least", 10_000, 8),
    ("region", "one_of", ("emea",), 2),
    ("experience", "at_least", 5, 3),
    ("source", "one_of", ("referral", "partner"), 4),
    ("months_to_buy", "at_most", 6, 6),
)
LIMITS = {"fit": (-20, 50), "behaviour": (0, 40), "buying_stage": (0, 60), "attraction": (0, 10)}
LEAD = {
    "title": "VP Marketing",
    "employees": 240,
    "revenue": 3_000_000,
    "industry": "Software",
    "country": "DE",
    "budget": 20_000,
    "region": "EMEA",
    "experience": 9,
    "source": "web",
}


def model() -> ScoringModel:
    """Return the model of 20 rules."""
    decays = {"half_life": half_life, "window": window}
    states = [
        Rule(f"{name} {number}", dimension="fit", points=points, when=_asked(name, how, value))
        for number, (name, how, value, points) in enumerate(STATE_RULES)
    ]
    counts = [
        TouchRule(
            kind,
            dimension=dimension,
            points=points,
            on=touch(kind),
            per_day=per_day,
            at_most=at_most,
            decay=decays[decay](days=days),
        )
        for kind, dimension, points, per_day, at_most, (decay, days) in TOUCH_RULES
    ]
    dimensions = [
        Dimension(name, minimum=low, maximum=high) for name, (low, high) in LIMITS.items()
    ]
    return ScoringModel(rules=[*states, *counts], dimensions=dimensions)


def _asked(name: str, how: str, value: object) -> Criterion:
    asked = fact(name)
    if how == "words":
        return asked.contains_any(*value)
    if how == "one_of":
        return asked.one_of(*value)
    return asked >= value if how == "at_least" else asked <= value


def touches(count: int) -> list[Touch]:
    """Return so many touches over 180 days."""
    draw = random.Random(7)
    return [
        Touch(
            id=f"t{number}",
            lead_id="l1",
            kind=draw.choice(KINDS),
            occurred_at=AS_OF - timedelta(minutes=draw.randrange(180 * 24 * 60)),
            channel="web",
            direction="inbound",
        )
        for number in range(count)
    ]


WEIGHTS = {
    (kind, days): [int(0.5 ** (age / days) * 1_000_000 + 0.5) for age in range(21 * days)]
    if kind == "half_life"
    else [1_000_000] * days + [0]
    for *_, (kind, days) in TOUCH_RULES
}
BY_KIND = {rule[0]: rule for rule in TOUCH_RULES}


def by_hand(lead: dict, rows: list[dict], as_of_us: int) -> int:
    """Score plain dicts with plain code: the job the model does, and nothing more."""
    sums = dict.fromkeys(LIMITS, 0)
    for name, how, wanted, points in STATE_RULES:
        value = lead.get(name)
        if value is not None and holds_by_hand(value, how, wanted):
            sums["fit"] += points * 1000
    today = as_of_us // DAY_US
    counts = {}
    for row in rows:
        if row["us"] > as_of_us or (row["automated"] and row["direction"] == "inbound"):
            continue
        if row["kind"] in BY_KIND:
            key = (row["kind"], row["us"] // DAY_US)
            counts[key] = counts.get(key, 0) + 1
    milli = {}
    for (kind, day), count in counts.items():
        _, _, points, per_day, _, decay = BY_KIND[kind]
        weights = WEIGHTS[decay]
        weight = weights[min(today - day, len(weights) - 1)]
        product = 2 * points * 1000 * min(count, per_day) * weight
        milli[kind] = milli.get(kind, 0) + (product + 1_000_000) // 2_000_000
    for kind, dimension, _, _, at_most, _ in TOUCH_RULES:
        sums[dimension] += min(milli.get(kind, 0), at_most * 1000)
    total = 0
    for name, (low, high) in LIMITS.items():
        total += (2 * max(low * 1000, min(high * 1000, sums[name])) * 1000 + 1000) // 2000
    return max(0, min(100_000, total))


def holds_by_hand(value: object, how: str, wanted: object) -> bool:
    """Answer one question of the state rules."""
    if how == "words":
        text = " " + value.lower().replace(",", " ") + " "
        return any(f" {word} " in text for word in wanted)
    if how == "one_of":
        return value.lower() in wanted
    return value >= wanted if how == "at_least" else value <= wanted


def compare(
    candidates: dict[str, Callable[[], object]],
    pick: Callable[[list[float]], float] = statistics.median,
) -> dict[str, float]:
    """Return the CPU microseconds of a call of each, the candidates taking turns.

    Ratios take the median; what is measured alone takes the least disturbed round.
    """
    times = {name: [] for name in candidates}
    gc.disable()
    for _ in range(ROUNDS):
        for name, call in candidates.items():
            start = time.process_time_ns()
            for _ in range(CALLS):
                call()
            times[name].append((time.process_time_ns() - start) / CALLS / 1000)
        gc.collect()
    gc.enable()
    return {name: pick(taken) for name, taken in times.items()}


def scoring() -> list[tuple[str, float, float]]:
    """Return (what, ratio, target) of scoring one lead."""
    scored, lead = model(), Lead(id="l1", attributes=LEAD)
    few, many = touches(25), touches(400)
    rows = [
        {"us": one.occurred_us, "kind": one.kind, "automated": False, "direction": "inbound"}
        for one in few
    ]
    history, long_history = History(few), History(many)
    middle = AS_OF - timedelta(days=60)
    assert by_hand(LEAD, rows, AS_OF_US) == scored.score(lead, history, as_of=AS_OF).milli

    def fresh(records: History, as_of: datetime = AS_OF, *, rows: bool = False) -> object:
        records.touch_cache().clear()
        return scored.score(lead, records, as_of=as_of, contributions=rows)

    taken = compare(
        {
            "hand": lambda: by_hand(LEAD, rows, AS_OF_US),
            "score": lambda: fresh(history),
            "rows": lambda: fresh(history, rows=True),
            "rows again": lambda: scored.score(lead, history, as_of=AS_OF),
            "long": lambda: fresh(long_history),
            "again": lambda: scored.score(lead, long_history, as_of=AS_OF, contributions=False),
            "past": lambda: fresh(long_history, middle),
            "past again": lambda: scored.score(
                lead, long_history, as_of=middle, contributions=False
            ),
        }
    )
    for name, us in taken.items():
        print(f"  {name:<12}{us:8.1f} us")
    return [
        ("score / by hand", taken["score"] / taken["hand"], 1.5),
        ("with contributions, cached days / by hand", taken["rows again"] / taken["hand"], 2.5),
        ("with contributions, nothing cached / by hand", taken["rows"] / taken["hand"], 2.5),
        ("400 touches / 25", taken["long"] / taken["score"], 14),
        ("400 touches again / afresh", taken["again"] / taken["long"], 0.3),
        ("a past instant of 400 again / afresh", taken["past again"] / taken["past"], 0.3),
    ]


def criteria() -> list[tuple[str, float, float]]:
    """Return (what, microseconds, target) of evaluating 15 criteria."""
    from nurturekit.interpreters.evaluate import compile_

    asked = [_asked(name, how, value) for name, how, value, _ in (*STATE_RULES, *STATE_RULES[:3])]
    compiled = [compile_(criterion) for criterion in asked]
    situation = Situation(Lead(id="l1", attributes=LEAD), as_of=AS_OF)
    taken = compare({"criteria": lambda: [holds(situation) for holds in compiled]}, min)
    return [("15 criteria, us", taken["criteria"], 4.7)]


def building() -> list[tuple[str, float, float]]:
    """Return (what, microseconds, target) of building 25 validated touches."""
    instants = [AS_OF - timedelta(hours=number) for number in range(25)]
    taken = compare(
        {
            "touches": lambda: [
                Touch(
                    id="t1",
                    lead_id="l1",
                    kind="pricing_viewed",
                    occurred_at=instant,
                    channel="web",
                    direction="inbound",
                )
                for instant in instants
            ]
        },
        min,
    )
    return [("25 touches built, us", taken["touches"], 60)]


def deciding() -> list[tuple[str, float, float]]:
    """Return (what, ratio, target) of a full decision, plan and guards included."""
    kinds = {kind: Kind.of(direction="inbound") for kind in KINDS}
    scored = attrs.evolve(model(), kinds=kinds)
    playbook = attrs.evolve(preset("blended"), scoring=scored, kinds=kinds)
    lead = Lead(id="l1", attributes=LEAD, zone="Europe/Berlin")
    few, many = touches(25), touches(400)
    rows = [
        {"us": one.occurred_us, "kind": one.kind, "automated": False, "direction": "inbound"}
        for one in few
    ]
    grant = Consent(
        id="c1", lead_id="l1", occurred_at=AS_OF - timedelta(days=200), kind="given",
        basis="consent",
    )  # fmt: skip
    content = [
        Content(id=f"piece-{number}", published_at=AS_OF - timedelta(days=number + 1))
        for number in range(10)
    ]
    world = World(content=content)
    short, long = History([*few, grant]), History([*many, grant])
    first = playbook.decide(lead, short, as_of=AS_OF - timedelta(days=1), world=world)
    settled = short.add(*first.moves)

    def decide(history: History) -> object:
        return playbook.decide(lead, history, as_of=AS_OF, world=world)

    taken = compare(
        {
            "hand": lambda: by_hand(LEAD, rows, AS_OF_US),
            "first": lambda: decide(short),
            "settled": lambda: decide(settled),
            "long": lambda: decide(long),
        }
    )
    for name, us in taken.items():
        print(f"  decide {name:<9}{us:8.1f} us")
    return [
        ("decide, nothing follows / by hand", taken["settled"] / taken["hand"], 10),
        ("decide, the first time / by hand", taken["first"] / taken["hand"], 10),
        ("decide with 400 touches / 25", taken["long"] / taken["first"], 14),
    ]


def importing() -> list[tuple[str, float, float]]:
    """Return (what, milliseconds, target) of importing the library in a fresh process.

    What the front door loads only when it is asked for is shown too: all that `decide` needs.
    """
    print(f"  import nurturekit.playbook {_imported('nurturekit.playbook'):.0f} ms")
    return [("import nurturekit, ms", _imported("nurturekit"), 100)]


def _imported(module: str) -> float:
    code = (
        f"import time; start = time.process_time(); import {module};"
        "print(time.process_time() - start)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
        for _ in range(5)
    ]
    return min(float(run.stdout) for run in runs) * 1000


def main() -> int:
    """Print every measure with its target; return 1 if one falls short."""
    short = 0
    measures = (scoring, criteria, building, deciding, importing)
    for what, measured, target in (row for measure in measures for row in measure()):
        is_short = measured > target
        short += is_short
        print(f"{what:<48}{measured:8.2f}  target {target:<6} {'SHORT' if is_short else 'pass'}")
    return min(short, 1)


if __name__ == "__main__":
    sys.exit(main())
