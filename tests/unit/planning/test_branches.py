"""Branches: criteria, outcomes, cohorts; tracks that change; ways that only lead forward."""

from collections import Counter
from decimal import Decimal

import pytest

from nurturekit.criteria import fact
from nurturekit.errors import ModelError
from nurturekit.planning.branches import Arm, Branch, bucket
from tests.unit.planning.cases import (
    MINUTE,
    as_moves,
    call,
    codes,
    day,
    enrolled,
    fact_at,
    move,
    moves,
    plan,
    sent,
    sequence,
    situation,
    step,
    us,
)

BIG = fact("size") >= 50


def fork(*arms, name="fork", **fields):
    """A branch; arms are (to, what it goes by)."""
    made = [Arm(to=to, **said) for to, said in arms]
    return Branch(id=name, arms=made, **fields)


def by_outcome(**fields):
    """A sequence of one mail, then a track for good news and one for bad, else a reminder."""
    return sequence(
        steps=[
            step("mail", after_days=1),
            fork(
                ("good", {"outcome": ["connected", "meeting_booked"]}),
                ("bad", {"outcome": ["no_budget", "not_now"]}),
                after_days=3,
                **fields,
            ),
            step("remind", after_days=2, next="end"),
            step("good", after_days=1),
            step("good-2", after_days=5, next="end"),
            step("bad", after_days=10),
            step("bad-2", after_days=30),
        ]
    )


def planned(made):
    """The steps planned, with the day on which they come."""
    return [(one.step, one.earliest_us) for one in made.actions]


def taken(made):
    """Where branches led."""
    return [(one.step, one.to) for one in made.moves if one.kind == "branch"]


class TestArms:
    def test_first_that_holds_is_taken(self):
        """A criterion that holds leads to its step, which waits from then on."""
        made = sequence(
            steps=[fork(("big", {"when": BIG})), step("small"), step("big", after_days=2)]
        )
        seen = situation(3, [enrolled(3), fact_at(1, "size", 90)])
        found = plan(seen, made)
        assert (taken(found), planned(found)) == ([("fork", "big")], [("big", us(5))])

    @pytest.mark.parametrize("size", [10, None])
    def test_otherwise_is_the_following_step(self, size):
        """Unknown isn't true: where no arm holds the run goes on with the step that follows."""
        made = sequence(steps=[fork(("big", {"when": BIG})), step("small"), step("big")])
        found = plan(situation(3, [enrolled(3), fact_at(1, "size", size)]), made)
        assert taken(found) == [("fork", "small")]

    def test_otherwise_may_end_the_run(self):
        """A way to the end finishes the run, with the branch on record."""
        made = sequence(steps=[fork(("big", {"when": BIG}), otherwise="end"), step("big")])
        found = plan(situation(3, [enrolled(2)]), made)
        assert [one.kind for one in found.moves] == ["branch", "left"]
        assert (found.moves[0].to, found.moves[1].reason) == ("end", "finished")

    def test_what_would_end_at_once_is_not_begun(self):
        """A lead whose only way leads to the end isn't enrolled, tonight or any night."""
        made = sequence(
            steps=[fork(("big", {"when": BIG}), otherwise="end"), step("big")], reentry="after_end"
        )
        assert not plan(situation(3), made).moves
        big = plan(situation(3, [fact_at(1, "size", 90)]), made)
        assert [one.kind for one in big.moves] == ["enrolled", "branch"]

    def test_a_branch_waits(self):
        """Before its wait is over nothing is decided, and the plan says for what it waits."""
        seen = situation(3, [enrolled(0), sent(2, "mail")])
        found = plan(seen, by_outcome())
        assert (found.moves, codes(found)) == ((), ["waiting"])
        assert found.blocked[0].until_us == us(5)
        assert taken(plan(situation(5, seen.history.records), by_outcome())) == [("fork", "remind")]

    def test_a_branch_is_taken_once(self):
        """What it goes by may change: the run stays on its way."""
        made = sequence(
            steps=[fork(("big", {"when": BIG})), step("small", after_days=9), step("big")]
        )
        seen = situation(3, [enrolled(3)])
        records = [*seen.history.records, *as_moves(seen, plan(seen, made).moves)]
        later = situation(5, [*records, fact_at(4, "size", 90)])
        found = plan(later, made)
        assert (taken(found), planned(found)) == ([], [("small", us(12))])


class TestOutcomes:
    def test_the_last_conversation_since_the_run_began_counts(self):
        """An earlier conversation says nothing of this run; of several the last one counts."""
        before = [call(-1, "no_budget"), enrolled(0), sent(1, "mail")]
        assert taken(plan(situation(5, before), by_outcome())) == [("fork", "remind")]
        talked = [*before, call(2, "no_budget"), call(3, "connected"), call(4, "voicemail")]
        found = plan(situation(5, talked), by_outcome())
        assert taken(found) == [("fork", "good")]
        assert found.moves[0].evidence == (talked[4].id,)

    def test_another_conversation_changes_the_track(self):
        """Good news turns a run from the bad track; the new one starts no earlier than the old."""
        seen = situation(5, [enrolled(0), sent(1, "mail"), call(2, "no_budget")])
        first = plan(seen, by_outcome())
        assert planned(first) == [("bad", us(15))]
        records = [*seen.history.records, *as_moves(seen, first.moves), call(6, "connected")]
        later = situation(7, records)
        turned = plan(later, by_outcome())
        assert (taken(turned), planned(turned)) == ([("fork", "good")], [("good", us(15))])
        assert turned.moves[0].until == day(15)
        again = situation(7, [*records, *as_moves(later, turned.moves)], after=MINUTE)
        found = plan(again, by_outcome())
        assert (found.moves, planned(found)) == ((), [("good", us(15))])

    def test_the_later_start_wins_the_other_way_round(self):
        """Where the new track's own start is the later one, it counts."""
        seen = situation(5, [enrolled(0), sent(1, "mail"), call(2, "connected")])
        first = plan(seen, by_outcome())
        assert planned(first) == [("good", us(6))]
        records = [*seen.history.records, *as_moves(seen, first.moves), call(5.5, "no_budget")]
        turned = plan(situation(6, records), by_outcome())
        assert planned(turned) == [("bad", us(16))]

    def test_a_track_taken_up_again_goes_on(self):
        """A run that returns to a track makes none of its steps twice."""
        fixed = [
            enrolled(0),
            sent(1, "mail"),
            move(2, "branch", sequence="nurture", run="1@1", step="fork", to="good"),
            sent(3, "good"),
            move(4, "branch", sequence="nurture", run="1@1", step="fork", to="bad"),
        ]
        found = plan(situation(6, [*fixed, call(5, "connected")]), by_outcome())
        assert (taken(found), planned(found)) == ([("fork", "good")], [("good-2", us(14))])

    def test_only_another_arm_changes_the_track(self):
        """The same news again, or a conversation of an outcome no arm names, changes nothing."""
        fixed = [
            enrolled(0),
            sent(1, "mail"),
            move(2, "branch", sequence="nurture", run="1@1", step="fork", to="bad"),
            call(3, "not_now"),
            call(4, "voicemail"),
        ]
        assert not plan(situation(5, fixed), by_outcome()).moves

    def test_a_reps_word_still_waits_for_its_answer(self):
        """A branch that cites a conversation doesn't answer it: ownership still does."""
        word = call(2, "no_budget")
        made = move(
            3, "branch", sequence="nurture", run="1@1", step="fork", to="bad", evidence=(word.id,)
        )
        seen = situation(5, [enrolled(0), word, made])
        assert word.id not in seen.standing.answered

    def test_an_inner_branch_goes_first_and_an_old_track_has_no_say(self):
        """Of two branches on the way the last one turns; one on a track left behind doesn't."""
        made = sequence(
            steps=[
                fork(
                    ("good", {"outcome": ["connected"]}), ("bad", {"outcome": ["no_budget"]}),
                    name="outer",
                ),
                step("other", next="end"),
                step("good", after_days=20, next="end"),
                fork(
                    ("worse", {"outcome": ["no_need"]}),
                    ("better", {"outcome": ["connected"]}),
                    name="bad",
                    otherwise="better",
                ),
                step("worse", after_days=20, next="end"),
                step("better", after_days=20),
            ]
        )  # fmt: skip
        led = [
            move(1, "branch", sequence="nurture", run="1@1", step="outer", to="bad"),
            move(1, "branch", sequence="nurture", run="1@1", step="bad", to="worse"),
        ]
        found = plan(situation(5, [enrolled(0), *led, call(3, "connected")]), made)
        assert taken(found) == [("bad", "better")]
        # Without a record of the outer one nobody knows that the inner one lies on the way.
        found = plan(situation(5, [enrolled(0), led[1], call(3, "connected")]), made)
        assert taken(found) == []
        gone = move(2, "branch", sequence="nurture", run="1@1", step="outer", to="good")
        found = plan(situation(5, [enrolled(0), *led, gone, call(3, "no_need")]), made)
        assert taken(found) == []


class TestCohorts:
    def test_are_stable_and_even(self):
        """A lead's place depends on salt and id alone; shares are met within a few per thousand."""
        places = [bucket("trial", f"lead-{number}") for number in range(20_000)]
        assert places == [bucket("trial", f"lead-{number}") for number in range(20_000)]
        assert (min(places), max(places)) == (0, 999)
        half = sum(place < 500 for place in places) / len(places)
        assert abs(half - 0.5) < 0.01
        assert [bucket("other", f"lead-{number}") for number in range(9)] != places[:9]

    def test_bucket_is_pinned(self):
        """The sha256 of (salt, lead id) for ever: another value would reshuffle every trial."""
        assert [bucket("trial", f"lead-{number}") for number in range(3)] == [762, 544, 254]

    def test_each_goes_the_way_of_its_share(self):
        """Shares add up to one: every lead takes one of the ways."""
        branch = fork(("a", {"share": 0.3}), ("b", {"share": Decimal("0.7")}), salt="trial")
        made = sequence(steps=[branch, step("a", next="end"), step("b")])
        found = plan(situation(3, [enrolled(3)]), made)
        place = bucket("trial", "lead-1")
        assert taken(found) == [("fork", "a" if place < 300 else "b")]

    def test_without_a_salt_branches_draw_apart(self):
        """The names of sequence and branch are the salt, so that two trials don't overlap."""
        ways = Counter()
        for number in range(16):
            branch = fork(("a", {"share": 0.5}), ("b", {"share": 0.5}), name=f"fork-{number}")
            made = sequence(steps=[branch, step("a", next="end"), step("b")])
            ways.update(to for _, to in taken(plan(situation(3, [enrolled(3)]), made)))
        assert set(ways) == {"a", "b"}


@pytest.mark.parametrize(
    ("steps", "code", "path"),
    [
        ([fork(("mail", {"when": BIG}))], "unknown-step", "fork.arms"),
        ([step("mail"), fork(("mail", {"when": BIG}))], "cyclic-branch", "fork.arms"),
        ([fork(("fork", {"when": BIG}))], "cyclic-branch", "fork.arms"),
        ([fork(("end", {"when": BIG}), otherwise="nowhere")], "unknown-step", "fork.arms"),
        ([step("a"), step("b", next="a")], "cyclic-branch", "b.next"),
        ([step("a", next="c"), step("b")], "unknown-step", "a.next"),
        ([step("end")], "duplicate-step", "end"),
    ],
)
def test_ways_lead_forward(steps, code, path):
    """A way back, to nowhere or to a step called `end` can't be made."""
    with pytest.raises(ModelError) as caught:
        sequence(steps=steps)
    assert (caught.value.code, caught.value.path) == (code, f"sequences.nurture.steps.{path}")


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: Arm(to="a"), "one-of"),
        (lambda: Arm(to="a", when=BIG, share=1), "one-of"),
        (lambda: Arm(to="a", outcome=["shrugged"]), "unknown-word"),
        (lambda: Arm(to="a", share=0), "bad-share"),
        (lambda: Arm(to="a", share=1.5), "bad-share"),
        (lambda: Arm(to="a", share=0.0005), "bad-share"),
        (fork, "no-arms"),
        (lambda: fork(("a", {"share": 0.5}), ("b", {"share": 0.4})), "bad-share"),
        (lambda: fork(("a", {"share": 0.5}), ("b", {"when": BIG})), "bad-share"),
        (lambda: fork(("a", {"share": 1}), otherwise="b"), "bad-share"),
        (lambda: fork(("a", {"when": BIG}), salt=""), "bad-name"),
        (lambda: fork(("a", {"when": BIG}), name=""), "bad-name"),
        (lambda: fork(("a", {"when": BIG}), up_to_days=3), "bad-wait"),
    ],
)
def test_refuses(make, code):
    """An arm or branch that can't be one says why."""
    with pytest.raises(ModelError) as caught:
        make()
    assert caught.value.code == code


def test_a_recorded_way_to_nowhere_is_passed_over():
    """A `branch` move of a step that is none, to one that isn't there or back changes nothing."""
    odd = [
        move(1, "branch", sequence="nurture", run="1@1", step="mail", to="good"),
        move(2, "branch", sequence="nurture", run="1@1", step="fork", to="nowhere"),
        move(2, "branch", sequence="nurture", run="1@1", step="fork", to="fork"),
        move(2, "branch", sequence="nurture", run="1@1", step="fork", to="mail"),
    ]
    found = plan(situation(3, [enrolled(0), *odd]), by_outcome())
    assert planned(found) == [("mail", us(3))]
    assert moves(found) == []
