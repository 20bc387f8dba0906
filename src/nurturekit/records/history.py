"""The history of one lead: a set of dated records, and what of it can be seen from an instant.

Rules, all of them here and in `resolve`:

- A set keyed by id: order and duplicates don't matter.
- A record is seen iff it occurred by `as_of` and was recorded by `known_at`; a playbook's own
  move only after its instant; a restriction from the earlier of its two times.
- The same id with other content is settled among the versions seen, and reported.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Self

import attrs

from nurturekit.errors import CallError, RecordError
from nurturekit.identity import canonical, stable_id
from nurturekit.instants import END_US, to_us
from nurturekit.records.events import Consent, Fact, Move, Opening, Record
from nurturekit.records.touch import Touch
from nurturekit.vocabulary import ConsentKind, Origin

KINDS_OF_RECORD: tuple[type, ...] = (Touch, Fact, Consent, Move, Opening)


@attrs.frozen(kw_only=True, slots=False, eq=False)
class Visible:
    """What can be seen of a history from one instant, sorted by time.

    Args:
        as_of_us: The instant of judgement, in epoch microseconds.
        unseen: How many records can't be seen yet.
        conflicts: Ids that came with several contents.
    """

    as_of_us: int
    known_us: int
    touches: tuple[Touch, ...]
    facts: tuple[Fact, ...]
    consents: tuple[Consent, ...]
    moves: tuple[Move, ...]
    openings: tuple[Opening, ...]
    unseen: int = 0
    conflicts: tuple[str, ...] = ()


def _order(record: Any) -> tuple[int, int, str]:  # noqa: ANN401 - five kinds, one key
    second = record.seq if type(record) is Move else record.recorded_us
    return record.occurred_us, second, record.id


def _content(record: Any) -> tuple[bytes, str]:  # noqa: ANN401 - five kinds
    # Values of different kinds can be equal (1, True) or have equal bytes (a date and its text).
    return canonical(record), repr(getattr(record, "value", None))


def _versions(records: list[Any]) -> list[Any]:
    """Return the records without exact repeats, the versions of one id in an order of their own."""
    counts = Counter(record.id for record in records)
    told_apart = {
        (record.id, _content(record) if counts[record.id] > 1 else (b"", "")): record
        for record in records
    }
    ordered = sorted(told_apart.items(), key=lambda pair: (*_order(pair[1]), pair[0][1]))
    return [record for _, record in ordered]


class _Strand:
    """The records of one kind, sorted, and whether seeing them needs a look at each."""

    __slots__ = ("cache", "lead_ids", "plain", "records", "times")

    def __init__(self, records: Iterable[Any]) -> None:
        given = list(records)
        distinct = {record.id: record for record in given}
        unique = len(distinct) == len(given)
        self.records: tuple[Any, ...] = tuple(
            sorted(given, key=_order) if unique else _versions(given)
        )
        self.times = [record.occurred_us for record in self.records]
        late = any(record.recorded_us != record.occurred_us for record in self.records)
        self.plain = not late and len(distinct) == len(self.records)
        self.lead_ids = {record.lead_id for record in self.records}
        self.cache: dict[Any, Any] = {}


class History:
    """A lead's dated records: a frozen set keyed by id.

    Args:
        records: Touches, facts, consents, moves and openings, in any order.

    Raises:
        RecordError: `not-a-record`.

    >>> from datetime import UTC, datetime
    >>> touch = Touch(id="t1", lead_id="l1", kind="webinar_attended",
    ...               occurred_at=datetime(2026, 1, 5, tzinfo=UTC))
    >>> History([touch, touch]) == History([touch])
    True
    """

    __slots__ = ("_consents", "_facts", "_moves", "_openings", "_touches")

    def __init__(self, records: "Iterable[Record] | History" = ()) -> None:
        groups = _grouped(records.records if isinstance(records, History) else records)
        self._touches = _Strand(groups[Touch])
        self._facts = _Strand(groups[Fact])
        self._consents = _Strand(groups[Consent])
        self._moves = _Strand(groups[Move])
        self._openings = _Strand(groups[Opening])

    @classmethod
    def opening(cls, *, lead_id: str, at: datetime, **columns: Any) -> Self:  # noqa: ANN401
        """Start a history from what CRM columns say on one day.

        Args:
            lead_id: Whose columns they are.
            at: The instant from which records are complete, aware.
            columns: Fields of `Opening`: stage, team, rep, since, last_touch, next_attempt_on,
                enrolled, opted_out.

        Raises:
            RecordError: Naming the field.
        """
        opening_id = stable_id("opening", lead_id, to_us(at, field="at"))
        try:
            return cls([Opening(id=opening_id, lead_id=lead_id, occurred_at=at, **columns)])
        except TypeError as error:
            known = [field.name for field in attrs.fields(Opening) if field.init]
            unknown = sorted(set(columns) - set(known))
            raise CallError(
                "unknown-column",
                argument=", ".join(unknown) or "columns",
                problem=f"isn't a field of an opening; known are {', '.join(known)}",
            ) from error

    @property
    def records(self) -> tuple[Record, ...]:
        """All records, with every version, by kind and then by time."""
        return tuple(record for strand in self._strands() for record in strand.records)

    def _strands(self) -> tuple[_Strand, ...]:
        return (self._touches, self._facts, self._consents, self._moves, self._openings)

    @property
    def lead_ids(self) -> frozenset[str]:
        """The leads that the records name: one, or several of one person once merged."""
        return frozenset().union(*[strand.lead_ids for strand in self._strands()])

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

    def __len__(self) -> int:
        return sum(len(strand.records) for strand in self._strands())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, History):
            return NotImplemented
        return self.records == other.records

    def __hash__(self) -> int:
        return hash(self.records)

    def __repr__(self) -> str:
        return f"History({len(self)} records)"

    def add(self, *records: Record) -> "History":
        """Return a history with more records; what it has already changes nothing."""
        groups = _grouped(records)
        new = History.__new__(History)
        for name, kind in _STRANDS.items():
            strand: _Strand = getattr(self, name)
            more = groups[kind]
            setattr(new, name, _Strand([*strand.records, *more]) if more else strand)
        return new

    def merge(self, other: "History") -> "History":
        """Return the union with another history, in either order the same."""
        return self.add(*other.records)

    def visible(self, *, as_of: datetime, known_at: datetime | None = None) -> Visible:
        """Return what can be seen from an instant.

        Args:
            as_of: The instant of judgement, aware.
            known_at: Only what was recorded by then counts; `as_of` if not given.

        Raises:
            RecordError: For a naive or impossible instant.
        """
        as_of_us = to_us(as_of, field="as_of")
        known_us = as_of_us if known_at is None else to_us(known_at, field="known_at")
        return self.visible_us(as_of_us, known_us)

    def visible_us(self, as_of_us: int, known_us: int) -> Visible:
        """Return what can be seen from an instant given in epoch microseconds."""
        conflicts: set[str] = set()
        strands = self._strands()
        seen = [_seen(strand, as_of_us, known_us, conflicts) for strand in strands]
        (touches, _), (facts, _), (consents, _), (moves, _), (openings, _) = seen
        return Visible(
            as_of_us=as_of_us,
            known_us=known_us,
            touches=touches,
            facts=facts,
            consents=consents,
            moves=moves,
            openings=openings,
            unseen=sum([unseen for _, unseen in seen]),
            conflicts=tuple(sorted(conflicts)),
        )

    @property
    def touches(self) -> tuple[Touch, ...]:
        """All touches with every version, by time, seen or not: for the cache below only."""
        return self._touches.records

    def touch_cache(self) -> dict[Any, Any]:
        """Return the cache that lives as long as this set of touches: for scoring only."""
        return self._touches.cache


_STRANDS: dict[str, type] = {
    "_touches": Touch,
    "_facts": Fact,
    "_consents": Consent,
    "_moves": Move,
    "_openings": Opening,
}


def _grouped(records: Iterable[Record]) -> dict[type, list[Record]]:
    groups: dict[type, list[Record]] = {kind: [] for kind in KINDS_OF_RECORD}
    for record in records:
        group = groups.get(type(record))
        if group is None:
            raise RecordError(
                "not-a-record",
                field="records",
                problem=f"holds a {type(record).__name__}: give touches, facts, consents, moves "
                "or openings",
            )
        group.append(record)
    return groups


def is_seen(record: Record, as_of_us: int, known_us: int) -> bool:
    """Say whether a record can be seen from an instant."""
    if type(record) is Consent and record.is_restriction:
        return min(record.occurred_us, record.recorded_us) <= as_of_us
    if record.occurred_us > as_of_us or record.recorded_us > known_us:
        return False
    own_move = type(record) is Move and record.origin is Origin.PLAYBOOK
    return not (own_move and record.occurred_us == as_of_us)


def _seen(
    strand: _Strand, as_of_us: int, known_us: int, conflicts: set[str]
) -> tuple[tuple[Any, ...], int]:
    # What can be seen of a strand, and how many of its records can't be yet.
    records = strand.records
    if strand.plain and as_of_us <= known_us:
        end = bisect_right(strand.times, as_of_us)
        if not end or strand.times[end - 1] < as_of_us or type(records[0]) is not Move:
            return records[:end], len(records) - end
    seen = [record for record in records if is_seen(record, as_of_us, known_us)]
    return tuple(_resolved(seen, conflicts)), len(records) - len(seen)


def _resolved(records: list[Any], conflicts: set[str]) -> list[Any]:
    versions: dict[str, list[Any]] = {}
    for record in records:
        versions.setdefault(record.id, []).append(record)
    if len(versions) == len(records):
        return records
    kept = []
    for record_id, candidates in versions.items():
        if len(candidates) > 1:
            conflicts.add(record_id)
        kept.append(max(candidates, key=_RESOLUTION[type(candidates[0])]))
    return sorted(kept, key=_order)


def _strictness(consent: Consent) -> tuple[object, ...]:
    # A restriction beats a grant; the wider and harder to lift, or the narrower and shorter, wins.
    if consent.is_restriction:
        return (
            True,
            consent.kind is ConsentKind.ERASED,
            consent.kind is ConsentKind.BOUNCED,
            consent.kind is ConsentKind.COMPLAINED,
            consent.channel is None,
            consent.purpose is None,
            max(consent.occurred_us, consent.recorded_us),
            canonical(consent),
        )
    return (
        False,
        consent.basis is None,
        consent.channel is not None,
        consent.purpose is not None,
        -(END_US if consent.expires_us is None else consent.expires_us),
        consent.occurred_us,
        canonical(consent),
    )


# Which of several versions with one id counts: the greatest key. No arrival order in any of them.
_RESOLUTION: Mapping[type, Any] = {
    Touch: lambda touch: (touch.revision, touch.recorded_us, canonical(touch)),
    Fact: lambda fact: (fact.recorded_us, fact.occurred_us, canonical(fact)),
    Move: lambda move: (-move.recorded_us, -move.occurred_us, canonical(move)),
    Opening: lambda opening: (-opening.recorded_us, -opening.occurred_us, canonical(opening)),
    Consent: _strictness,
}


def fact_order(fact: Fact) -> tuple[int, int, bytes]:
    """Return the key of which the greatest is a fact's value in force."""
    return fact.occurred_us, fact.recorded_us, canonical(fact)
