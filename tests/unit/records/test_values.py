"""Frozen mappings, kinds of touch, leads, people and the world."""

import copy
import operator
import pickle
from datetime import UTC, date, datetime

import pytest

import nurturekit as nk
from nurturekit.errors import RecordError
from nurturekit.records import FrozenMap
from nurturekit.records.kinds import UNDESCRIBED
from nurturekit.vocabulary import Direction
from tests.builders import day

NO_ZONES = ["Europe/Berlni", "", "/etc/passwd", "../Europe/Berlin", "UTC+1", "Europe/", 7, "x" * 99]


def _pickled(value):
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - its own bytes


class TestFrozenMap:
    def test_reads_as_the_mapping_it_was_made_of(self):
        """Items, length, membership and defaults are those of a dict."""
        made = FrozenMap({"a": 1, "b": 2})
        assert dict(made) == dict(made.items()) == {"a": 1, "b": 2}
        assert (len(made), "a" in made, "c" in made) == (2, True, False)
        assert (made["a"], made.get("c"), made.get("c", 3)) == (1, None, 3)
        with pytest.raises(KeyError):
            made["c"]

    def test_is_cut_off_from_its_source(self):
        """Changing the dict it was made of doesn't change it, and nothing in it can be set."""
        source = {"a": 1}
        made = FrozenMap(source)
        source["a"] = 2
        assert made["a"] == 1
        with pytest.raises(TypeError):
            made["a"] = 2

    @pytest.mark.parametrize(
        "change",
        [
            lambda made: made.__setitem__("a", 2),
            lambda made: made.__delitem__("a"),
            lambda made: made.update(a=2),
            lambda made: made.setdefault("b", 2),
            lambda made: made.pop("a"),
            lambda made: made.popitem(),
            lambda made: made.clear(),
            lambda made: operator.ior(made, {"b": 2}),
        ],
    )
    def test_nothing_changes_it(self, change):
        """Whatever changes a dict is refused, and leaves it as it is."""
        made = FrozenMap({"a": 1})
        with pytest.raises(TypeError):
            change(made)
        assert dict(made) == {"a": 1}

    @pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, _pickled])
    def test_a_copy_is_one_too(self, copied):
        """Copied or pickled it is the same mapping, and still frozen."""
        made = FrozenMap({"a": (1,)})
        new = copied(made)
        assert (type(new), new, hash(new)) == (FrozenMap, made, hash(made))

    def test_equals_and_hashes_by_content(self):
        """Order doesn't matter to equality nor to the hash; a repr shows the content."""
        one, other = FrozenMap({"a": 1, "b": 2}), FrozenMap({"b": 2, "a": 1})
        assert one == other == {"a": 1, "b": 2}
        assert hash(one) == hash(other)
        assert one != FrozenMap({"a": 1})
        assert FrozenMap() == FrozenMap(None) == {}
        assert repr(FrozenMap({"a": 1})) == "FrozenMap({'a': 1})"


class TestKind:
    def test_of_plain_words(self):
        """Words become members; what isn't said stays unsaid."""
        kind = nk.Kind.of(
            direction="outbound", channel="phone", style="one_to_one", position="decision"
        )
        assert (kind.direction, kind.channel) == (Direction.OUTBOUND, nk.Channel.PHONE)
        assert (kind.style, kind.position) == (nk.Style.ONE_TO_ONE, nk.FunnelPosition.DECISION)
        assert (kind.human, kind.intent, kind.engagement) == (True, False, True)
        assert nk.Kind.of() == UNDESCRIBED == nk.Kind()
        assert nk.Kind.of(human=False, intent=True, engagement=False) == nk.Kind(
            human=False, intent=True, engagement=False
        )


class TestLead:
    @pytest.mark.parametrize("field", ["id", "account", "person_id"])
    @pytest.mark.parametrize("value", ["", "x" * 257, "\ud800", 7])
    def test_ids(self, field, value):
        """A lead's, account's or person's id is 1 to 256 printable characters."""
        with pytest.raises(RecordError) as caught:
            nk.Lead(**{"id": "l", field: value})
        assert (caught.value.code, caught.value.field) == ("bad-id", f"Lead.{field}")

    def test_attributes_are_frozen_and_unknown_where_missing(self):
        """NaN becomes unknown, lists tuples; none given is an empty mapping."""
        lead = nk.Lead(id="l", attributes={"employees": float("nan"), "topics": ["a"]})
        assert lead.attributes == {"employees": None, "topics": ("a",)}
        assert type(lead.attributes) is FrozenMap
        assert nk.Lead(id="l").attributes == {}

    def test_a_bad_attribute_is_named(self):
        """What can't be compared names the attribute."""
        with pytest.raises(RecordError) as caught:
            nk.Lead(id="l", attributes={"title": "VP", "since": datetime(2026, 1, 1, tzinfo=UTC)})
        assert (caught.value.code, caught.value.field) == ("bad-value", "Lead.attributes.since")


@pytest.mark.parametrize("zone", NO_ZONES)
@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda zone: nk.Lead(id="l", zone=zone), "Lead.zone"),
        (lambda zone: nk.Rep(id="r", zone=zone), "Rep.zone"),
        (lambda zone: nk.Assume(zone=zone), "Assume.zone"),
        (lambda zone: nk.Assume(zones=["UTC", zone]), "Assume.zones"),
        (lambda zone: nk.Assume(country_zones={"us": [zone]}), "Assume.country_zones.us"),
    ],
    ids=["lead", "rep", "assume", "candidates", "countries"],
)
def test_a_zone_is_an_iana_name(make, field, zone):
    """Misspelled, empty, paths, offsets and non-texts name no zone; the field is named."""
    with pytest.raises(RecordError) as caught:
        make(zone)
    assert (caught.value.code, caught.value.field) == ("unknown-zone", field)


@pytest.mark.parametrize("make", [lambda z: nk.Lead(id="l", zone=z), lambda z: nk.Assume(zone=z)])
def test_a_zone_is_kept(make):
    """A known zone stays the name it is, and a near one is suggested for a wrong one."""
    assert make("Europe/Berlin").zone == "Europe/Berlin"
    with pytest.raises(RecordError, match="did you mean `Europe/Berlin`"):
        make("Europe/Berlni")


@pytest.mark.parametrize(
    ("zones", "field"),
    [
        (["UTC"], "Assume.country_zones"),
        ({"us": []}, "Assume.country_zones.us"),
        ({"us": ["UTC"], "US": ["UTC"]}, "Assume.country_zones.US"),
    ],
)
def test_zones_of_a_country(zones, field):
    """Each country has a zone or more, and is named once however it is written."""
    with pytest.raises(RecordError) as caught:
        nk.Assume(country_zones=zones)
    assert (caught.value.code, caught.value.field) == ("bad-zones", field)


class TestReps:
    AWAY = nk.Absence(start=date(2026, 1, 5), end=date(2026, 1, 7))

    def test_absences_are_half_open(self):
        """A rep is away from the first day up to the day back, excluded."""
        rep = nk.Rep(id="r", absences=[self.AWAY])
        days = [date(2026, 1, number) for number in (4, 5, 6, 7)]
        assert [rep.is_available(one) for one in days] == [True, False, False, True]

    def test_somebody_who_left_is_never_available(self):
        """An inactive rep takes nothing on any day."""
        assert not nk.Rep(id="r", active=False).is_available(date(2026, 1, 4))

    @pytest.mark.parametrize("end", [date(2026, 1, 5), date(2026, 1, 4)])
    def test_an_absence_has_a_day(self, end):
        """An absence that ends on its first day or before is refused."""
        with pytest.raises(RecordError) as caught:
            nk.Absence(start=date(2026, 1, 5), end=end)
        assert caught.value.code == "bad-absence"

    def test_a_reps_words(self):
        """The team is sales unless said; one role alone is a role, not letters."""
        assert nk.Rep(id="r").team is nk.Team.SALES
        assert nk.Rep(id="r", team="marketing", roles="ae").roles == ("ae",)
        assert nk.Rep(id="r", roles=["ae", "sdr"]).roles == ("ae", "sdr")

    @pytest.mark.parametrize("make", [nk.Rep, nk.Pool])
    def test_ids(self, make):
        """A rep's and a pool's id is checked."""
        with pytest.raises(RecordError) as caught:
            make(id="")
        assert (caught.value.code, caught.value.field) == ("bad-id", f"{make.__name__}.id")


class TestContent:
    def test_words_and_times(self):
        """Words become members, times UTC with their microseconds."""
        made = nk.Content(
            id="c",
            position="decision",
            topics="roi",
            channels=["email"],
            published_at=day(0),
            retired_at=day(1),
        )
        assert (made.position, made.channels) == (
            nk.FunnelPosition.DECISION,
            (nk.Channel.EMAIL,),
        )
        assert made.topics == ("roi",)
        assert made.retired_us - made.published_us == 86_400_000_000

    def test_what_it_leaves_out(self):
        """Content without position, topics or end fits every position and never retires."""
        made = nk.Content(id="c", published_at=day(0))
        assert (made.position, made.topics, made.channels, made.retired_us) == (None, (), (), None)

    def test_id(self):
        """A piece of content needs an id."""
        with pytest.raises(RecordError) as caught:
            nk.Content(id="", published_at=day(0))
        assert (caught.value.code, caught.value.field) == ("bad-id", "Content.id")


class TestWorld:
    def test_is_empty_by_default(self):
        """An empty world is legal."""
        made = nk.World()
        assert (made.reps, made.pools, made.content, made.load) == ({}, {}, {}, {})
        assert (made.peers, made.assume) == ((), nk.Assume())

    def test_finds_by_id(self):
        """Lists are kept by id, and a mapping as it is."""
        rep = nk.Rep(id="r")
        assert nk.World(reps=[rep]).reps == nk.World(reps={"r": rep}).reps == {"r": rep}

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"reps": [nk.Rep(id="x"), nk.Rep(id="x", active=False)]}, "World.rep"),
            ({"pools": [nk.Pool(id="x"), nk.Pool(id="x")]}, "World.pool"),
        ],
    )
    def test_an_id_twice(self, fields, field):
        """Two reps, pools or pieces with one id are refused."""
        with pytest.raises(RecordError) as caught:
            nk.World(**fields)
        assert (caught.value.code, caught.value.field) == ("duplicate-id", field)

    def test_assumptions(self):
        """A basis per channel is kept, frozen."""
        assert nk.Assume(basis={"email": "consent"}).basis == FrozenMap({"email": "consent"})
