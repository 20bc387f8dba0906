"""Measure the scoring of one lead by nurturekit against general rule engines, in the same run.

Two jobs, both with the 12 rules over attributes (any of which may be missing) and the 8 capped
counts of touches in 4 limited dimensions of `benchmarks/single.py`:

- `counted`: a touch is worth its points whenever it was. All start from the same 25 touches, and
  each engine counts them in its own language (business-rules has none for that: plain code does).
- `faded`: the model as it is, with so many touches a day and points that fade. No engine sorts
  touches into days, so what each kind is worth today is worked out for them beforehand, which isn't
  measured: they ask the attributes, cap and limit. nurturekit and `by hand` do the whole job.

Every variant must give the same milli-points for every lead. CPU time of a pass over the leads,
median of rounds, the candidates taking turns. A package that isn't there is a line, not an error.
Run: `python benchmarks/engines.py`.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

import attrs

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import elsewhere
from benchmarks.elsewhere import COUNTS, RULES, total
from benchmarks.single import (
    AS_OF,
    AS_OF_US,
    DAY_US,
    LIMITS,
    TOUCH_RULES,
    WEIGHTS,
    by_hand,
    compare,
    holds_by_hand,
    model,
    touches,
)
from nurturekit.records import History, Lead
from nurturekit.scoring import ScoringModel, TouchRule, constant

LEADS = 10
# What a lead may say; None is left out.
SAID = {
    "title": ("VP Marketing", "Head of Sales", "Student", "Engineer, R&D", None),
    "employees": (12, 50, 240, 5_000, None),
    "revenue": (100_000, 3_000_000, None),
    "industry": ("Software", "finance", "Retail", None),
    "country": ("DE", "fr", "US", None),
    "budget": (500, 20_000, None),
    "region": ("EMEA", "APAC", None),
    "experience": (1, 9, None),
    "source": ("web", "referral", None),
    "months_to_buy": (3, 12, None),
}
REASONS, TABLES, EXPRESSION = "with reasons", "decision tables", "compiled expression"
TARGETS = {TABLES: 10, EXPRESSION: 2}


class Given(NamedTuple):
    """One lead in the form that each variant takes."""

    lead: Lead
    history: History
    rows: list[dict[str, Any]]
    asked: dict[str, Any]


Score = Callable[[Given], int]


def leads(*, counts: bool) -> list[Given]:
    """Return leads of 25 touches each, with all that the job's engines are asked about."""
    draw, made = random.Random(11), touches(250)
    given = []
    for number in range(LEADS):
        said = {name: draw.choice(values) for name, values in SAID.items()}
        attributes = {name: value for name, value in said.items() if value is not None}
        few = made[number * 25 :][:25]
        rows = [
            {"us": one.occurred_us, "kind": one.kind, "automated": False, "direction": "inbound"}
            for one in few
        ]
        counted = {"touches": [{"kind": row["kind"]} for row in rows]}
        given.append(
            Given(
                lead=Lead(id="l1", attributes=attributes),
                history=History(few),
                rows=rows,
                asked={**attributes, **(counted if counts else {"faded": _faded(rows)})},
            )
        )
    return given


def _faded(rows: list[dict[str, Any]]) -> dict[str, int]:
    today, faded = AS_OF_US // DAY_US, {}
    for kind, _, points, per_day, _, decay in TOUCH_RULES:
        days = Counter(row["us"] // DAY_US for row in rows if row["kind"] == kind)
        weights = WEIGHTS[decay]
        faded[kind] = sum(
            (2 * points * 1000 * min(count, per_day) * weights[min(today - day, len(weights) - 1)]
             + 1_000_000) // 2_000_000
            for day, count in days.items()
        )  # fmt: skip
    return faded


# -------------------------------------------------------------------- nurturekit and plain code


def scoring(*, counts: bool) -> ScoringModel:
    """Return the model of a job."""
    faded = model()
    if not counts:
        return faded
    rules = [
        attrs.evolve(one, per_day=None, decay=constant()) if isinstance(one, TouchRule) else one
        for one in faded.rules
    ]
    return attrs.evolve(faded, rules=rules)


def scored(*, counts: bool, rows: bool = True, again: bool = False) -> Score:
    """Score by nurturekit, from the records; a history seen before keeps its days."""
    made = scoring(counts=counts)

    def score(one: Given) -> int:
        if not again:
            one.history.touch_cache().clear()
        return made.score(one.lead, one.history, as_of=AS_OF, contributions=rows).milli

    return score


def plain(*, counts: bool) -> Score:
    """Score by plain code, from the records."""
    if not counts:
        return lambda one: by_hand(one.asked, one.rows, AS_OF_US)

    def score(one: Given) -> int:
        counted = Counter([row["kind"] for row in one.rows if not row["automated"]])
        return _plain_rest(one, {kind: milli * counted[kind] for kind, _, milli, _ in COUNTS})

    return score


def _plain_rest(one: Given, worth: dict[str, int]) -> int:
    sums = dict.fromkeys(LIMITS, 0)
    for name, how, wanted, milli in RULES:
        value = one.asked.get(name)
        if value is not None and holds_by_hand(value, how, wanted):
            sums["fit"] += milli
    for kind, dimension, _, most in COUNTS:
        sums[dimension] += min(worth[kind], most)
    return total(sums)


def asked_of(score: Callable[[dict[str, Any]], int]) -> Score:
    """Return what scores by another engine."""
    return lambda one: score(one.asked)


# ------------------------------------------------------------------------------------ measuring

# Name, package, what makes it, and what it says besides the points.
VARIANTS: tuple[tuple[str, str | None, Callable[..., Score], str], ...] = (
    (REASONS, "nurturekit", scored, "a row per rule, with the touches it cites"),
    (
        "seen before",
        "nurturekit",
        lambda *, counts: scored(counts=counts, again=True),
        "a row per rule, with the touches it cites",
    ),
    ("no reasons", "nurturekit", lambda *, counts: scored(counts=counts, rows=False), ""),
    ("by hand", None, plain, ""),
    (
        TABLES,
        "zen-engine",
        lambda *, counts: asked_of(elsewhere.zen_tables(counts=counts)),
        "which rules held",
    ),
    (
        EXPRESSION,
        "zen-engine",
        lambda *, counts: asked_of(elsewhere.zen_expression(counts=counts)),
        "",
    ),
    (
        "rules",
        "business-rules",
        lambda *, counts: asked_of(elsewhere.business_rules(counts=counts)),
        "(plain code counts, caps and adds)",
    ),
    (
        "rules",
        "rule-engine",
        lambda *, counts: asked_of(elsewhere.rule_engine(counts=counts)),
        "(plain code caps and adds)",
    ),
)


def ready(*, counts: bool) -> tuple[dict[str, Callable[[], object]], list[str]]:
    """Return the variants that can be measured, and a line for each that can't.

    Every one that can gives what plain code gives, for every lead.
    """
    given = leads(counts=counts)
    right = [plain(counts=counts)(one) for one in given]
    passes: dict[str, Callable[[], object]] = {}
    missing = []
    for name, package, build, says in VARIANTS:
        try:
            title = f"{package} {version(package)}, {name}" if package else name
            score = build(counts=counts)
        except PackageNotFoundError:
            missing.append(f"{package}, {name}: not installed")
        except ImportError as error:
            missing.append(f"{package}, {name}: not importable here ({error})")
        else:
            assert [score(one) for one in given] == right, f"{title} gives other points"
            passes[f"{title}|{says}"] = lambda score=score: [score(one) for one in given]
    return passes, missing


def main() -> int:
    """Print what each variant takes, and that over nurturekit's; return 1 if one falls short."""
    short = 0
    print(f"Python {sys.version.split()[0]}, {LEADS} leads of 25 touches, the same points by all")
    for counts in (True, False):
        passes, missing = ready(counts=counts)
        taken = {title: us / LEADS for title, us in compare(passes).items()}
        whole = next(us for title, us in taken.items() if REASONS in title)
        print(f"{'counted' if counts else 'faded'}: us per lead, and that over {REASONS}")
        for title, us in taken.items():
            name, _, says = title.partition("|")
            target = next((TARGETS[word] for word in TARGETS if word in title), 0)
            verdict = (
                f"target {target} {'SHORT' if us / whole < target else 'pass'}" if target else ""
            )
            short += us / whole < target
            print(f"  {name:<44}{us:8.1f}{us / whole:8.2f}  {verdict:<17}{says}")
        for line in missing:
            print(f"  {line}")
    return min(short, 1)


if __name__ == "__main__":
    sys.exit(main())
