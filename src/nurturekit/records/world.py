"""Who and what isn't about one lead's history: the lead itself, content, the account, our people.

CLOSED. To add one: a frozen value here and a field of `World` with an empty default.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import attrs

from nurturekit.calendars import zone_named
from nurturekit.errors import RecordError
from nurturekit.instants import to_us
from nurturekit.records.checks import (
    Value,
    check_id,
    check_number,
    check_text,
    check_value,
    check_word,
)
from nurturekit.records.frozen import FrozenMap
from nurturekit.records.reps import Load, Pool, Rep, check_capacities
from nurturekit.records.words import CHANNELS
from nurturekit.vocabulary import Channel, FunnelPosition

if TYPE_CHECKING:
    from nurturekit.records.history import History

T = TypeVar("T")
Rate = float | Decimal
_POSITIONS = {str(word): word for word in FunnelPosition}


def _position(word: object) -> FunnelPosition | None:
    return None if word is None else check_word(word, _POSITIONS, field="Content.position")


def _channels(words: Iterable[str]) -> tuple[Channel, ...]:
    return tuple(check_word(word, CHANNELS, field="Content.channels") for word in words)


def _loads(value: Mapping[str, Load] | None) -> FrozenMap[str, Load]:
    return FrozenMap(value or {})


def _texts(value: Iterable[str] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def _checked_attributes(value: Mapping[str, object] | None) -> FrozenMap[str, Value]:
    return FrozenMap(
        {
            name: check_value(item, field=f"Lead.attributes.{name}")
            for name, item in (value or {}).items()
        }
    )


@attrs.frozen(kw_only=True)
class Lead:
    """A person at a company who may buy.

    Args:
        id: 1 to 256 printable characters.
        account: The company's id.
        person_id: The person's id, where several leads are one person.
        zone: The person's IANA time zone: `Europe/Berlin`.
        language: A language tag: `de`.
        attributes: A table's other columns; undated, and unknown where missing.

    Raises:
        RecordError: Naming the field.
    """

    id: str
    account: str | None = None
    person_id: str | None = None
    zone: str | None = None
    language: str | None = None
    attributes: Mapping[str, Value] = attrs.field(default=None, converter=_checked_attributes)

    def __attrs_post_init__(self) -> None:
        check_id(self.id, field="Lead.id")
        for name in ("account", "person_id"):
            if getattr(self, name) is not None:
                check_id(getattr(self, name), field=f"Lead.{name}")
        if self.zone is not None:
            zone_named(self.zone, field="Lead.zone")
        if self.language is not None:
            check_text(self.language, field="Lead.language")


@attrs.frozen(kw_only=True)
class Content:
    """A piece of content: its id and what it is for, never its text.

    Args:
        position: The funnel position it is written for; None fits every one.
        topics: What it is about.
        pain_points: The needs it answers, objections and questions among them.
        personas: For whom it is written; empty is everybody.
        language: Its language tag, and those that begin with it: `de` is for `de-AT` too; None
            fits every one.
        channels: The channels it can take; empty is every one.
        published_at: From when it may be used, aware.
        retired_at: Until when, excluded.
        fresh_days: For how many full days it is fresh; None is always.

    Raises:
        RecordError: Naming the field.
    """

    id: str
    published_at: datetime
    position: FunnelPosition | None = attrs.field(default=None, converter=_position)
    topics: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    pain_points: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    personas: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    language: str | None = None
    channels: tuple[Channel, ...] = attrs.field(default=(), converter=_channels)
    retired_at: datetime | None = None
    fresh_days: int | None = None
    published_us: int = attrs.field(init=False, eq=False, repr=False)
    retired_us: int | None = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        check_id(self.id, field="Content.id")
        published = to_us(self.published_at, field="Content.published_at")
        object.__setattr__(self, "published_us", published)
        object.__setattr__(self, "published_at", self.published_at.astimezone(UTC))
        retired = self.retired_at
        retired_us = None if retired is None else to_us(retired, field="Content.retired_at")
        object.__setattr__(self, "retired_us", retired_us)
        days = self.fresh_days
        if days is not None and (type(days) is not int or days < 1):
            problem = "must be a whole number of days from 1"
            raise RecordError("out-of-range", field="Content.fresh_days", problem=problem)


@attrs.frozen(kw_only=True)
class Peer:
    """Another lead of the same account, with its history."""

    lead: Lead
    history: "History"


def _basis_map(value: Mapping[str, str] | None) -> FrozenMap[str, str]:
    for channel in value or {}:
        check_word(channel, CHANNELS, field="Assume.basis")
    return FrozenMap(value or {})


def _zones(value: Iterable[str] | None, field: str = "Assume.zones") -> tuple[str, ...]:
    zones = _texts(value)
    for zone in zones:
        zone_named(zone, field=field)
    return tuple(dict.fromkeys(zones))


def _country_zones(
    value: Mapping[str, Iterable[str]] | None,
) -> FrozenMap[str, tuple[str, ...]]:
    given: object = {} if value is None else value
    if not isinstance(given, Mapping):
        problem = "must map countries to time zones"
        raise RecordError("bad-zones", field="Assume.country_zones", problem=problem)
    found: dict[str, tuple[str, ...]] = {}
    for country, names in given.items():
        field = f"Assume.country_zones.{country}"
        zones = _zones(names, field)
        if not zones or country.casefold() in found:
            problem = "must name a time zone, and each country once"
            raise RecordError("bad-zones", field=field, problem=problem)
        found[country.casefold()] = zones
    return FrozenMap(found)


@attrs.frozen(kw_only=True)
class Assume:
    """What the host declares where records are silent; every decision that uses it lists it.

    Args:
        basis: Channel to legal basis.
        zone: The recipients' time zone.
        zones: The time zones in which a recipient may be; what is done must suit each of them.
        country_zones: The same by country, as the lead's `country` attribute names it, however it
            is written. What is known most closely counts: the lead's own zone, then those of its
            country, then `zones`, then `zone`.

    Raises:
        RecordError: `unknown-word`, `unknown-zone`, `bad-zones`.
    """

    basis: Mapping[str, str] = attrs.field(default=None, converter=_basis_map)
    zone: str | None = None
    zones: tuple[str, ...] = attrs.field(default=(), converter=_zones)
    country_zones: Mapping[str, tuple[str, ...]] = attrs.field(
        default=None, converter=_country_zones
    )

    def __attrs_post_init__(self) -> None:
        if self.zone is not None:
            zone_named(self.zone, field="Assume.zone")

    def zones_in(self, country: Value) -> tuple[str, ...]:
        """Return the time zones in which a recipient may be, as far as a country tells."""
        known = self.country_zones.get(country.casefold()) if isinstance(country, str) else None
        return known or self.zones or (() if self.zone is None else (self.zone,))


def complaint_rates(value: Mapping[str, Rate | None] | None) -> FrozenMap[Channel, Decimal]:
    """Return shares of complaints per channel as exact decimals; what isn't known is left out."""
    found: dict[Channel, Decimal] = {}
    for name, rate in (value or {}).items():
        channel = check_word(name, CHANNELS, field="World.complaint_rates")
        field = f"World.complaint_rates.{channel}"
        number = check_number(rate, field=field) if rate is not None else None
        if number is None:
            continue
        # The decimal that a float is written as: 0.003 is 3 in a thousand, no less.
        exact = Decimal(str(number))
        if not 0 <= exact <= 1:
            problem = "must be a share from 0 to 1: complaints per message delivered"
            raise RecordError("out-of-range", field=field, problem=problem)
        found[channel] = exact
    return FrozenMap(found)


def _by_id(items: Iterable[T] | Mapping[str, T] | None) -> FrozenMap[str, T]:
    if isinstance(items, Mapping):
        return FrozenMap(items)
    pairs: dict[str, T] = {}
    for item in items or ():
        key = str(item.id)  # type: ignore[attr-defined]
        if key in pairs:
            raise RecordError(
                "duplicate-id",
                field=f"World.{type(item).__name__.lower()}",
                problem=f"`{key}` twice",
            )
        pairs[key] = item
    return FrozenMap(pairs)


def _reps(items: Iterable[Rep] | Mapping[str, Rep] | None) -> FrozenMap[str, Rep]:
    return _by_id(items)


def _pools(items: Iterable[Pool] | Mapping[str, Pool] | None) -> FrozenMap[str, Pool]:
    return _by_id(items)


def _library(items: Iterable[Content] | Mapping[str, Content] | None) -> FrozenMap[str, Content]:
    return _by_id(items)


@attrs.frozen(kw_only=True, slots=False)
class World:
    """What isn't about this lead alone; an empty one is legal, and decisions say what they lacked.

    Args:
        reps: Our people.
        pools: Groups of reps with their hours.
        content: The content library.
        peers: The other leads of the account.
        load: Per rep id, what they have got so far.
        assume: What the host declares where records are silent.
        complaint_rates: Per channel the share of messages that are complained about, 0 to 1, over
            the time that the host thinks right; one that isn't known stops nothing.

    Raises:
        RecordError: `duplicate-id`, or `no-capacity` where a pool's numbers leave a rep no lead.
    """

    reps: Mapping[str, Rep] = attrs.field(default=None, converter=_reps)
    pools: Mapping[str, Pool] = attrs.field(default=None, converter=_pools)
    content: Mapping[str, Content] = attrs.field(default=None, converter=_library)
    peers: tuple[Peer, ...] = attrs.field(default=(), converter=tuple)
    load: Mapping[str, Load] = attrs.field(default=None, converter=_loads)
    assume: Assume = attrs.field(factory=Assume)
    complaint_rates: Mapping[Channel, Decimal] = attrs.field(
        default=None, converter=complaint_rates
    )

    def __attrs_post_init__(self) -> None:
        check_capacities(self.reps.values(), self.pools)

    @cached_property
    def newest(self) -> tuple[Content, ...]:
        """The content library, the newest first."""
        return tuple(sorted(self.content.values(), key=lambda one: (-one.published_us, one.id)))


EMPTY_WORLD = World()
