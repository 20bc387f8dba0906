"""Touch rules sorted out by what they look at, as small tables that the engine joins.

A *way* is one way of counting touches: which kinds, which further fields, machines too or not,
touches or units of value, once per asset or ever. Rules that differ only in points, caps and decay
share a way, and sit in its *slots*: two hundred rules over twelve kinds then group touches no more
often than twelve do, and only add columns.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs

from nurturekit.instants import LAST_DAY
from nurturekit.records import Kind
from nurturekit.records.kinds import UNDESCRIBED
from nurturekit.scoring import TouchRule
from nurturekit.scoring.decay import FULL
from nurturekit.scoring.points import clamp
from nurturekit.scoring.rules import MAX_PER_DAY
from nurturekit.vocabulary import Direction

# Stands for every kind that nothing names.
REST = "*"
NO_KIND = ""
# Wider than any sum of milli-points: a cap that isn't there.
NO_CAP = 2**60
BY_KIND = ("channel", "direction", "style")
ONCE = ("asset", "ever")

# What the table of ways says of the rule in each slot.
_CAPS = ("sign", "low", "high", "empty")

Rows = dict[str, list[Any]]
# Per word its slots, each with the bits below it.
Words = Sequence[Sequence[tuple[int, int]]]
_BITS = 62


@attrs.frozen(kw_only=True, slots=False)
class Way:
    """One way of counting touches, and the rules that count so.

    Args:
        kinds: Which kinds; empty is every kind.
        given: Which further fields must hold which values.
        bots: Whether machines count too.
        once: `none`, `asset` or `ever`.
        unit: Units of value counted, in thousandths; 0 where touches are counted.
        rules: The places of its rules among the touch rules: one a slot.
    """

    kinds: tuple[str, ...]
    given: tuple[tuple[str, str], ...]
    bots: bool
    once: str
    unit: int
    rules: tuple[int, ...] = ()

    def counts(self, kind: str) -> bool:
        """Say whether touches of a kind may count."""
        return not self.kinds or kind in self.kinds


@attrs.frozen(kw_only=True, slots=False)
class Plan:
    """All touch rules of a model, ready to become tables.

    Args:
        rules: The rules, in the model's order.
        ways: The ways of counting that they need.
        kinds: What the model says of kinds of touch.
    """

    rules: tuple[TouchRule, ...]
    ways: tuple[Way, ...]
    kinds: Mapping[str, Kind]

    @property
    def slots(self) -> range:
        """The slots of the way that has the most rules."""
        return range(max(len(way.rules) for way in self.ways))

    @property
    def named(self) -> tuple[str, ...]:
        """Every kind that a row of the table of kinds stands for."""
        named = {kind for rule in self.rules for kind in rule.on.kinds}
        rest = () if self.kinds else (REST,)
        return (*self.kinds, *sorted(named - set(self.kinds)), *rest)

    @cached_property
    def ends(self) -> tuple[int | None, ...]:
        """For each way the age from which nothing counts any more, None where there is none."""
        return tuple(self._end(way) for way in self.ways)

    def _end(self, way: Way) -> int | None:
        weights = [self.rules[index].decay.weights for index in way.rules]
        if way.once != "none" or any(table[-1] for table in weights):
            # What counts once counts on its latest day: no touch may be left out before.
            return None
        return max(len(table) - 1 for table in weights)

    def last_age(self, today: int) -> int:
        """Return the age from which all weights stay what they are, at most the calendar's own."""
        # Where the day starts late, the calendar's first instants fall on day -1.
        return min(today + 1, max(len(rule.decay.weights) - 1 for rule in self.rules))

    def words(self, today: int) -> Words:
        """Return which slots' sums stand in one whole number, each with its shift.

        Engines keep several numbers per sum and group: of two hundred rules that is most of their
        work. A sum can't be wider than what its rule gives at most on every day up to today.
        """
        words: list[list[tuple[int, int]]] = []
        used: list[int] = []
        for k in self.slots:
            rules = (self.rules[way.rules[k]] for way in self.ways if k < len(way.rules))
            wide = max(_widest(rule, today + 2) for rule in rules).bit_length()
            fits = [at for at, bits in enumerate(used) if bits + wide <= _BITS]
            at = fits[0] if fits else len(words)
            if not fits:
                words.append([])
                used.append(0)
            words[at].append((k, used[at]))
            used[at] += wide
        return words

    def kind_rows(self) -> Rows:
        """Return the table that says in which ways touches of a kind count.

        Columns: `kind`, `way`, `bots` (1 where machines count too), `outbound` (1 where the kind
        turns to the lead), `end` (see `ends`; -1 is none), and `by_<field>`: 1 where the kind
        itself has what the way asks for.
        """
        names = ("kind", "way", "bots", "outbound", "end", *(f"by_{name}" for name in BY_KIND))
        return _columns(names, self._kind_rows())

    def _kind_rows(self) -> Iterator[tuple[Any, ...]]:
        # Where only machines do what the rules name: no touch has this kind, but a table has rows.
        yield NO_KIND, 0, 0, 0, -1, *(0 for _ in BY_KIND)
        for name in self.named:
            kind = self.kinds.get(name) or UNDESCRIBED
            for number, way in enumerate(self.ways):
                if way.counts(name) and (kind.human or way.bots):
                    end = self.ends[number]
                    held = (int(_describes(kind, field, dict(way.given))) for field in BY_KIND)
                    last = -1 if end is None else end
                    yield name, number, int(way.bots), outbound(kind), last, *held

    def way_rows(self) -> Rows:
        """Return the table of ways.

        Columns: `way`, `unit`, and for each slot its rule's `sign_<k>`, `low_<k>`, `high_<k>` and
        `empty_<k>` (what it gives without touches).
        """
        names = ["way", "unit"]
        names += [f"{name}_{k}" for k in self.slots for name in _CAPS]
        return _columns(names, self._way_rows())

    def _way_rows(self) -> Iterator[tuple[int, ...]]:
        for number, way in enumerate(self.ways):
            row = [number, way.unit]
            for k in self.slots:
                rule = self.rules[way.rules[k]] if k < len(way.rules) else None
                row += (1, 0, 0, 0) if rule is None else _caps(rule)
            yield tuple(row)

    def weight_rows(self, today: int) -> Rows:
        """Return the table of what a touch of each way and age gives, twice over and in millionths.

        Columns: `way`, `age` (none beyond the calendar's first day), and for each slot `twice_<k>`
        and how many of a day count, `most_<k>`.
        """
        ages = range(self.last_age(today) + 1)
        rows: Rows = {
            "way": [number for number in range(len(self.ways)) for _ in ages],
            "age": [age for _ in self.ways for age in ages],
        }
        for k in self.slots:
            twice: list[int] = []
            most: list[int] = []
            for way in self.ways:
                rule = self.rules[way.rules[k]] if k < len(way.rules) else None
                twice += [0] * len(ages) if rule is None else _twice(rule, len(ages))
                most += [0 if rule is None else _most(rule)] * len(ages)
            rows |= {f"twice_{k}": twice, f"most_{k}": most}
        return rows


def _twice(rule: TouchRule, top: int) -> list[int]:
    weights, twice = rule.decay.weights[:top], 2 * abs(rule.points_milli)
    return [twice * one for one in weights] + [twice * weights[-1]] * (top - len(weights))


def _most(rule: TouchRule) -> int:
    return MAX_PER_DAY if rule.per_day is None else rule.per_day


def _widest(rule: TouchRule, days: int) -> int:
    # Rounding adds less than one a day.
    weights = rule.decay.weights[:days]
    summed = sum(weights) + weights[-1] * (days - len(weights))
    return abs(rule.points_milli) * _most(rule) * summed // FULL + days


def _columns(names: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> Rows:
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def _caps(rule: TouchRule) -> tuple[int, ...]:
    low, high = rule.caps_milli
    return (
        -1 if rule.points_milli < 0 else 1,
        -NO_CAP if low is None else low,
        NO_CAP if high is None else high,
        empty(rule),
    )


def empty(rule: TouchRule) -> int:
    """Return what a rule gives without touches, in milli-points."""
    return clamp(0, *rule.caps_milli)


def outbound(kind: Kind) -> int:
    """Return 1 for a kind that turns to the lead, else 0."""
    return int(kind.direction is Direction.OUTBOUND)


def _describes(kind: Kind, field: str, given: Mapping[str, str]) -> bool:
    return field in given and getattr(kind, field) == given[field]


def plan_of(rules: Sequence[TouchRule], kinds: Mapping[str, Kind]) -> Plan:
    """Sort touch rules out by what they look at."""
    rules_of: dict[Way, list[int]] = {}
    for index, rule in enumerate(rules):
        given = sorted((name, str(value)) for name, value in rule.on.given().items())
        way = Way(
            kinds=tuple(sorted(rule.on.kinds)),
            given=tuple(given),
            bots=rule.bots,
            once=rule.once_per,
            unit=rule.unit_milli or 0,
        )
        rules_of.setdefault(way, []).append(index)
    # The widest sums first, so that those that share a slot are about equally wide.
    ways = tuple(
        attrs.evolve(way, rules=tuple(sorted(found, key=lambda at: -_widest(rules[at], LAST_DAY))))
        for way, found in rules_of.items()
    )
    return Plan(rules=tuple(rules), ways=ways, kinds=kinds)
