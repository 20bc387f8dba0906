"""A history: a set keyed by id, and what of it can be seen from an instant."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

import attrs
import pytest

import nurturekit as nk
from nurturekit.errors import CallError, RecordError
from nurturekit.vocabulary import Origin
from tests.builders import LEAD, day, did, learned, moved

HOUR = timedelta(hours=1)


def consent(kind, on=0, **fields):
    """Return a consent record."""
    fields = {"id": f"{kind}-{on}", **fields}
    return nk.Consent(lead_id=LEAD.id, kind=kind, occurred_at=day(on), **fields)


def opening(on=0, **fields):
    """Return an opening."""
    return nk.Opening(**{"id": "opening", **fields}, lead_id=LEAD.id, occurred_at=day(on))


ONE_OF_EACH = (did("a", 1), learned("b", 1), consent("given"), moved("adopt", 2), opening())


def seen(records, on=50, **fields):
    """Return what can be seen of records from a day."""
    return nk.History(records).visible(as_of=day(on), **fields)


class TestSet:
    def test_holds_all_kinds(self):
        """Every record is kept, by kind and then by time."""
        later = did("a", 0)
        history = nk.History([*ONE_OF_EACH, later])
        assert history.records == (later, *ONE_OF_EACH)
        assert len(history) == 6
        assert history.touches == (later, ONE_OF_EACH[0])
        assert repr(history) == "History(6 records)"

    def test_order_and_duplicates_do_not_matter(self):
        """Any order, anything twice: the same history with the same hash."""
        made = nk.History(ONE_OF_EACH)
        for order in permutations(ONE_OF_EACH, 5):
            other = nk.History([*order, *order[:2]])
            assert other == made
            assert hash(other) == hash(made)

    def test_equality_is_of_content(self):
        """Another record is another history; a tuple is none."""
        assert nk.History([did("a", 0)]) != nk.History([did("a", 1)])
        assert nk.History([did("a", 0)]) != (did("a", 0),)
        assert nk.History(nk.History(ONE_OF_EACH)) == nk.History(ONE_OF_EACH)

    @pytest.mark.parametrize("what", ["a touch", None, LEAD, {"id": "t"}])
    def test_holds_records_only(self, what):
        """Anything else is refused, in the constructor and when added."""
        for make in (lambda: nk.History([what]), lambda: nk.History().add(what)):
            with pytest.raises(RecordError) as caught:
                make()
            assert (caught.value.code, caught.value.field) == ("not-a-record", "records")

    def test_add_returns_another_history(self):
        """The history itself stays as it is."""
        history = nk.History([did("a", 0)])
        more = history.add(did("b", 1), learned("x", 1))
        assert (len(history), len(more)) == (1, 3)

    def test_add_is_idempotent(self):
        """What a history has already changes nothing."""
        history = nk.History(ONE_OF_EACH)
        assert history.add(*ONE_OF_EACH) == history
        assert history.add() == history

    def test_add_keeps_the_cache_of_untouched_touches(self):
        """The cache lives as long as the set of touches, and no longer."""
        history = nk.History([did("a", 0)])
        history.touch_cache()["model"] = 1
        assert history.add(moved("adopt", 1)).touch_cache() == {"model": 1}
        assert history.add(did("b", 1)).touch_cache() == {}

    def test_merge_is_the_union(self):
        """Merging commutes, associates and changes nothing with itself, conflicts included."""
        first = nk.History([did("a", 0), did("b", 1, id="x")])
        second = nk.History([did("b", 1, id="x", revision=1), learned("n", 1)])
        third = nk.History([did("b", 1, id="x", asset="guide"), opening()])
        assert first.merge(second) == second.merge(first)
        assert first.merge(second).merge(third) == first.merge(second.merge(third))
        assert first.merge(first) == first
        merged = [
            one.merge(two).merge(three) for one, two, three in permutations((first, second, third))
        ]
        assert {one.visible(as_of=day(5)).touches for one in merged} == {
            (did("a", 0), did("b", 1, id="x", revision=1))
        }


def test_iterates_over_its_records():
    """A history gives its records back, by kind and then by time."""
    records = [did("b", 1), did("a", 0)]
    assert list(nk.History(records)) == [records[1], records[0]]


class TestVisibility:
    def test_the_future_is_unseen_and_counted(self):
        """Records later than the instant don't count but in `unseen`; the instant itself does."""
        records = [did("a", 1), did("b", 2), learned("n", 1, 3), consent("given", 3), opening(3)]
        found = seen(records, on=2)
        assert [touch.kind for touch in found.touches] == ["a", "b"]
        assert (found.facts, found.consents, found.openings) == ((), (), ())
        assert found.unseen == 3
        assert seen(records, on=3).unseen == 0

    def test_known_at_hides_what_was_recorded_later(self):
        """A record is seen from `known_at` on once recorded; by default `as_of` is both."""
        late = did("a", 1, recorded_at=day(5))
        assert seen([late], on=4).touches == ()
        assert seen([late], on=4).unseen == 1
        assert seen([late], on=5).touches == (late,)
        assert seen([late], on=4, known_at=day(5)).touches == (late,)
        assert seen([late, did("b", 2)], on=9, known_at=day(2)).touches == (did("b", 2),)

    def test_known_at_before_the_instant(self):
        """Looking at a day with less knowledge than that day had hides plain records too."""
        found = seen([did("a", 1), did("b", 3)], on=4, known_at=day(2))
        assert found.touches == (did("a", 1),)
        assert found.unseen == 1

    def test_a_playbooks_move_is_seen_after_its_instant(self):
        """A playbook's move isn't seen at its own instant, a person's is."""
        own = moved("adopt", 1, id="own", origin="playbook")
        hand = moved("adopt", 1, id="hand")
        assert seen([own, hand], on=1).moves == (hand,)
        assert seen([own, hand], on=1).unseen == 1
        after = nk.History([own, hand]).visible(as_of=day(1) + timedelta(microseconds=1))
        assert after.moves == (hand, own)
        assert after.unseen == 0

    def test_moves_of_one_instant_keep_their_order(self):
        """Moves are in the order of time, then of `seq`."""
        moves = [moved("adopt", 1, id=f"m{9 - seq}", seq=seq) for seq in range(3)]
        assert seen(reversed(moves)).moves == tuple(moves)
        assert moved("adopt", 1).origin is Origin.PERSON

    @pytest.mark.parametrize("kind", ["withdrawn", "objected", "erased", "bounced", "complained"])
    @pytest.mark.parametrize(
        ("occurred", "recorded"), [(1, 9), (9, 1)], ids=["told late", "dated ahead"]
    )
    def test_a_restriction_counts_from_the_earlier_of_its_times(self, kind, occurred, recorded):
        """Whatever `known_at` says, and not before."""
        stop = consent(kind, occurred, recorded_at=day(recorded))
        assert seen([stop], on=1).consents == (stop,)
        assert seen([stop], on=1, known_at=day(0)).consents == (stop,)
        assert seen([stop], on=0, known_at=day(20)).consents == ()
        assert seen([stop], on=0, known_at=day(20)).unseen == 1

    def test_a_grant_counts_from_the_later_of_its_times(self):
        """A grant is seen as any other record."""
        grant = consent("given", 1, recorded_at=day(9))
        assert seen([grant], on=8).consents == ()
        assert seen([grant], on=9).consents == (grant,)

    def test_nothing_is_seen_of_an_empty_history(self):
        """An empty history sees nothing and lacks nothing."""
        found = seen([])
        assert (found.touches, found.unseen, found.conflicts) == ((), 0, ())

    def test_ten_thousands_of_touches(self):
        """A hundred thousand touches are sorted and seen, those to come counted."""
        records = [did("a", number % 50, id=f"t{number}") for number in range(100_000)]
        found = nk.History(records).visible(as_of=day(24))
        assert len(found.touches) == 50_000
        assert found.unseen == 50_000
        assert found.conflicts == ()


LOW, HIGH = day(3), day(4)


class TestConflicts:
    """The same id with other content: one version counts, in whatever order they came."""

    @pytest.mark.parametrize(
        ("versions", "counts"),
        [
            (
                [
                    did("a", 1, id="x", revision=2),
                    did("b", 1, id="x", revision=1, recorded_at=HIGH),
                    did("c", 1, id="x"),
                ],
                0,
            ),
            (
                [
                    did("a", 1, id="x", recorded_at=HIGH),
                    did("b", 2, id="x", recorded_at=LOW),
                    did("z", 1, id="x"),
                ],
                0,
            ),
            ([did("b", 1, id="x"), did("a", 1, id="x")], 0),
            (
                [
                    learned("n", 1, 1, id="x", recorded_at=HIGH),
                    learned("n", 2, 2, id="x", recorded_at=LOW),
                    learned("n", 3, 2, id="x"),
                ],
                0,
            ),
            (
                [
                    learned("n", 1, 2, id="x", recorded_at=HIGH),
                    learned("n", 2, 1, id="x", recorded_at=HIGH),
                ],
                0,
            ),
            ([learned("n", 2, id="x"), learned("n", 1, id="x")], 0),
            (
                [
                    moved("owner", 2, id="x", to="sales", recorded_at=LOW),
                    moved("owner", 1, id="x", to="marketing", recorded_at=HIGH),
                ],
                0,
            ),
            (
                [
                    moved("owner", 1, id="x", to="sales", recorded_at=LOW),
                    moved("owner", 2, id="x", to="marketing", recorded_at=LOW),
                ],
                0,
            ),
            ([opening(1, stage="mql"), opening(2, stage="sal")], 0),
            ([consent("objected", 2, id="x"), consent("given", 3, id="x")], 0),
            ([consent("objected", 2, id="x"), consent("objected", 1, id="x", channel="email")], 0),
            ([consent("objected", 2, id="x"), consent("objected", 1, id="x", purpose="sales")], 0),
            ([consent("erased", 1, id="x"), consent("objected", 2, id="x")], 0),
            ([consent("bounced", 1, id="x"), consent("objected", 2, id="x")], 0),
            ([consent("complained", 1, id="x"), consent("objected", 2, id="x")], 0),
            ([consent("objected", 2, id="x"), consent("objected", 1, id="x")], 0),
            (
                [
                    consent("objected", 1, id="x", recorded_at=day(9)),
                    consent("objected", 2, id="x"),
                ],
                0,
            ),
        ],
        ids=[
            "touch: highest revision",
            "touch: then recorded last",
            "touch: then bytes",
            "fact: recorded last",
            "fact: then occurred last",
            "fact: then bytes",
            "move: recorded first",
            "move: then occurred first",
            "opening: earliest",
            "consent: a restriction beats a grant",
            "consent: every channel beats one",
            "consent: every purpose beats one",
            "consent: an erasure beats an objection",
            "consent: a bounce, which nothing lifts, beats an objection",
            "consent: a complaint, which nothing lifts, beats an objection",
            "consent: the later restriction, which less lifts",
            "consent: the restriction told later, which less lifts",
        ],
    )
    def test_which_version_counts(self, versions, counts):
        """The rule of its kind decides, not the order of arrival, and the id is reported."""
        for order in permutations(versions):
            found = seen(order)
            (kept,) = (*found.touches, *found.facts, *found.consents, *found.moves, *found.openings)
            assert kept == versions[counts]
            assert found.conflicts == (versions[0].id,)

    @pytest.mark.parametrize(
        ("strict", "loose"),
        [
            ({"channel": "email"}, {}),
            ({"purpose": "sales"}, {}),
            ({"expires_at": day(20)}, {}),
            ({"expires_at": day(20)}, {"expires_at": day(30)}),
            ({"basis": None}, {}),
        ],
    )
    def test_the_most_restrictive_grant_counts(self, strict, loose):
        """Of two grants with one id the one that allows less counts: a channel, an earlier end."""
        narrow = consent("given", 0, id="x", **{"basis": "consent", **strict})
        wide = consent("given", 0, id="x", **{"basis": "consent", **loose})
        assert seen([narrow, wide]).consents == seen([wide, narrow]).consents == (narrow,)

    def test_a_later_grant_is_the_stricter(self):
        """Of two grants that differ in time only, the one that begins later counts."""
        early, late = (consent("given", on, id="x", basis="consent") for on in (1, 2))
        assert seen([early, late]).consents == (late,)

    @pytest.mark.parametrize(
        "values",
        [
            (True, 1),
            (1, 1.0),
            ("1.0", Decimal("1.0")),
            ("2026-01-05", date(2026, 1, 5)),
            (False, 0),
        ],
        ids=str,
    )
    def test_values_that_look_alike_are_told_apart(self, values):
        """Values equal, or of equal bytes, but of two kinds don't depend on the order."""
        versions = [learned("n", value, id="x") for value in values]
        kept = [seen(order).facts[0].value for order in permutations(versions)]
        assert {type(value) for value in kept} == {type(kept[0])}
        assert seen(versions).conflicts == ("x",)

    def test_only_versions_that_can_be_seen_take_part(self):
        """A correction that isn't known yet neither counts nor is reported."""
        first = did("a", 1, id="x")
        second = did("b", 1, id="x", revision=1, recorded_at=HIGH)
        assert seen([first, second], on=3).touches == (first,)
        assert seen([first, second], on=3).conflicts == ()
        assert seen([first, second], on=4).touches == (second,)
        assert seen([first, second], on=4).conflicts == ("x",)

    def test_the_rest_stays_in_order(self):
        """The version that counts stands where its time says."""
        records = [did("a", 1, id="x"), did("b", 3, id="x", revision=1), did("c", 2, id="y")]
        assert [touch.id for touch in seen(records).touches] == ["y", "x"]

    def test_every_version_is_kept(self):
        """A history holds all versions, so that any past instant can be decided again."""
        versions = [did("a", 1, id="x"), did("a", 1, id="x", revision=1)]
        assert len(nk.History([*versions, *versions])) == 2

    def test_equal_touches_without_a_measure_are_one(self):
        """Two NaN measures are both missing, not two versions."""
        pair = [did("a", 1, value=float("nan")) for _ in range(2)]
        assert len(nk.History(pair)) == 1
        assert seen(pair).conflicts == ()


class TestOpening:
    COLUMNS = {
        "stage": "mql",
        "team": "sales",
        "rep": "rep-7",
        "since": date(2025, 1, 1),
        "last_touch": {"phone": date(2025, 2, 1)},
        "next_attempt_on": date(2026, 3, 20),
        "enrolled": ["nurture"],
        "opted_out": False,
    }

    def test_makes_one_opening(self):
        """Every column becomes a field of one opening at that instant."""
        history = nk.History.opening(lead_id=LEAD.id, at=day(0), **self.COLUMNS)
        (found,) = history.records
        kept = attrs.asdict(found, recurse=False)
        assert (found.lead_id, found.occurred_at) == (LEAD.id, day(0))
        assert {name: kept[name] for name in self.COLUMNS} == {
            **self.COLUMNS,
            "enrolled": ("nurture",),
        }

    def test_the_id_is_of_the_lead_and_the_instant(self):
        """Opening twice the same day is the same record; another day or lead another."""
        made = [
            nk.History.opening(lead_id=lead, at=at).records[0].id
            for lead, at in (("a", day(0)), ("a", day(0)), ("a", day(1)), ("b", day(0)))
        ]
        assert made[0] == made[1]
        assert len(set(made)) == 3

    def test_an_unknown_column_is_named(self):
        """A column that no opening has names itself and those there are."""
        with pytest.raises(CallError) as caught:
            nk.History.opening(lead_id=LEAD.id, at=day(0), owner="sales", stage="mql")
        assert (caught.value.code, caught.value.argument) == ("unknown-column", "owner")
        assert "team" in caught.value.problem

    def test_a_bad_value_is_a_bad_record(self):
        """A column's value is checked as the record's field."""
        with pytest.raises(RecordError) as caught:
            nk.History.opening(lead_id=LEAD.id, at=day(0), stage="mlq")
        assert (caught.value.code, caught.value.field) == ("unknown-word", "Opening.stage")

    @pytest.mark.parametrize(("column", "value"), [("enrolled", 7), ("last_touch", 7)])
    def test_a_value_of_the_wrong_shape_is_a_bad_call(self, column, value):
        """A column that can't be read at all is refused as a call, not with a bare TypeError."""
        with pytest.raises(CallError):
            nk.History.opening(lead_id=LEAD.id, at=day(0), **{column: value})
