"""Canonical bytes and the ids made from them."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import attrs
import pytest

from nurturekit.errors import RecordError
from nurturekit.identity import canonical, fingerprint, plain, stable_id
from nurturekit.records import FrozenMap
from nurturekit.vocabulary import Channel


@attrs.frozen
class Value:
    a: int
    b: str | None = None
    _hidden: int = 3
    derived: int = attrs.field(init=False, default=4)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (1.5, 1.5),
        (float("nan"), None),
        (float("-inf"), None),
        (Channel.EMAIL, "email"),
        (date(2026, 1, 5), "2026-01-05"),
        (Decimal("1.50"), "1.50"),
        (datetime(2026, 1, 5, 1, tzinfo=timezone(timedelta(hours=1))), "2026-01-05T00:00:00Z"),
        (FrozenMap({"b": 1, "a": (1, 2)}), {"a": [1, 2], "b": 1}),
        (frozenset({"y", "x"}), ["x", "y"]),
        ([Channel.WEB, {"k": None}], ["web", {"k": None}]),
        (Value(1), {"a": 1}),
        (Value(1, "x"), {"a": 1, "b": "x"}),
    ],
)
def test_plain_values(value, expected):
    """Each sort of value has one JSON form; missing, hidden and derived fields have none."""
    assert plain(value) == expected
    assert type(plain(value)) is type(expected)


def test_a_word_becomes_a_plain_text():
    """A member of a vocabulary leaves as `str` itself, not as a subclass."""
    assert type(plain(Channel.EMAIL)) is str


def test_mappings_are_sorted():
    """The order in which a mapping was filled doesn't show."""
    assert list(plain({"b": 1, "a": 2})) == ["a", "b"]
    assert canonical({"b": 1, "a": 2}) == canonical({"a": 2, "b": 1}) == b'{"a":2,"b":1}'


def test_bytes_are_ascii():
    """Umlauts and lone surrogates are escaped, so any text has bytes."""
    assert json.loads(canonical("\u00fc\ud800")) == "\u00fc\ud800"
    assert canonical("\u00fc").isascii()


def test_a_naive_instant_has_no_bytes():
    """A naive datetime is refused rather than guessed at."""
    with pytest.raises(RecordError) as caught:
        canonical(datetime(2026, 1, 5))
    assert caught.value.code == "naive-datetime"


def test_ids_hash_each_part_at_its_place():
    """Equal parts give equal ids; another part, order or boundary gives another id."""
    made = stable_id("move", "lead-1", ("a", "b"), None)
    assert made == stable_id("move", "lead-1", ("a", "b"), None)
    assert made.startswith("move-")
    assert len(made) == len("move-") + 20
    others = [
        ("lead-2", ("a", "b"), None),
        ("lead-1", ("b", "a"), None),
        ("lead-1", ("ab",), None),
        ("lead-1", ("a", "b"), ""),
        ("lead-1", "a", "b"),
    ]
    assert len({made, *(stable_id("move", *parts) for parts in others)}) == len(others) + 1


def test_ids_hold_values_of_every_sort():
    """Words hash as their text; instants and attrs values can be parts of an id."""
    assert stable_id("x", Channel.EMAIL) == stable_id("x", "email")
    assert stable_id("x", datetime(2026, 1, 5, tzinfo=UTC)) == stable_id(
        "x", "2026-01-05T00:00:00Z"
    )
    assert stable_id("x", Value(1)) != stable_id("x", Value(2))


def test_a_fingerprint_is_the_sha256_of_the_bytes():
    """64 hex digits, equal for equal values only."""
    assert fingerprint({"a": 1}) == fingerprint(FrozenMap({"a": 1}))
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})
    assert len(fingerprint({})) == 64
