"""Confirming one action just before it is sent."""

from datetime import timedelta

import attrs
import pytest

from nurturekit.calendars import ContactHours
from nurturekit.guards import Cap, check, confirm
from nurturekit.records import Assume, Content, Lead, Move, Rep, World
from nurturekit.vocabulary import Channel, Style, Team

STEP = {"sequence": "awareness", "run": "1@1", "step": "guide"}
NOBODY = Lead(id="l1")


@pytest.fixture
def move(situation):
    """Make a move so many hours from now."""

    def make(kind, hours, **fields):
        now = situation().as_of
        return Move(
            id=f"m-{kind}",
            lead_id="l1",
            kind=kind,
            occurred_at=now + timedelta(hours=hours),
            **fields,
        )

    return make


def _refusal(confirmation):
    assert not confirmation.allowed
    assert confirmation.action is None
    assert confirmation.because == confirmation.blocked.reason
    return confirmation.blocked


def test_as_planned(profile, situation, action):
    """What was allowed and still is may be sent, and nothing has changed."""
    (planned,), _, _ = check(profile(), situation(hours=-5), [action()])
    confirmed = confirm(profile(), situation(), planned)
    assert (confirmed.allowed, confirmed.action) == (True, planned)
    assert (confirmed.because, confirmed.changes) == ("nothing has changed", ())
    assert confirmed.blocked is None


def test_another_basis(profile, situation, action, consent):
    """A basis that has changed is taken over, and said."""
    confirmed = confirm(
        profile(), situation(consent(basis="contract"), granted=False), action(basis="consent")
    )
    assert confirmed.action.basis == "contract"
    assert confirmed.because == "legal basis now: contract, planned on: consent"
    assert [one.code for one in confirmed.changes] == ["basis"]
    assert "planned on: none" in confirm(profile(), situation(), action()).because


@pytest.mark.parametrize("kind", ["objected", "withdrawn", "erased", "bounced", "complained"])
def test_suppressed_since(profile, situation, action, consent, kind):
    """A restriction recorded since refuses, before every other reason."""
    found = situation(consent(kind, hours=-1), granted=False, hours=-1)
    assert _refusal(confirm(profile(), found, action())).code == "suppressed"


def test_basis_since(profile, situation, action, consent):
    """A basis that has run out refuses."""
    grant = consent(expires_at=situation().as_of)
    blocked = _refusal(confirm(profile(), situation(grant, granted=False), action()))
    assert (blocked.code, blocked.needs) == ("no-basis", ("basis",))


def test_never_early(profile, situation, action, at):
    """Nothing is sent before its earliest instant."""
    blocked = _refusal(confirm(profile(), situation(hours=-1), action()))
    assert (blocked.code, blocked.until_us) == ("too-early", at())


class TestDone:
    def test_the_step_of_the_run(self, profile, situation, action, touch):
        """A touch of the same sequence, run and step has done it."""
        done = touch(-1, **STEP)
        assert _refusal(confirm(profile(), situation(done), action(**STEP))).code == "already-done"

    @pytest.mark.parametrize("other", [{"sequence": "x"}, {"run": "2@1"}, {"step": "x"}])
    def test_another_step(self, profile, situation, action, touch, other):
        """A touch of another sequence, run or step hasn't."""
        assert confirm(profile(), situation(touch(-1, **STEP)), action(**(STEP | other))).allowed

    def test_the_actions_id(self, profile, situation, action, touch):
        """A touch recorded under the action's id has done it."""
        assert _refusal(confirm(profile(), situation(touch(-1, id="a1")), action())).code == (
            "already-done"
        )

    def test_without_a_step(self, profile, situation, action, touch):
        """An action outside every sequence isn't done by a touch outside every sequence."""
        assert confirm(profile(), situation(touch(-1)), action()).allowed


class TestClosed:
    @pytest.mark.parametrize("stage", ["disqualified", "lost", "customer"])
    def test_stage(self, profile, situation, action, move, stage):
        """A lead that has been closed since gets nothing."""
        closing = move("stage", -1, to=stage, reason="other")
        assert _refusal(confirm(profile(), situation(closing), action())).code == "closed"

    def test_do_not_contact(self, profile, situation, action, touch):
        """A rep's word that the lead wants no contact closes it."""
        word = touch(-1, origin="person", outcome="do_not_contact", channel="phone")
        assert _refusal(confirm(profile(), situation(word), action())).code == "closed"

    def test_run_that_has_ended(self, profile, situation, action, move):
        """A step of a run that the lead has left isn't sent; one of a run it is in, is."""
        run = {"sequence": "awareness", "run": "1@1"}
        enrolled = move("enrolled", -9, **run)
        assert confirm(profile(), situation(enrolled), action(**STEP)).allowed
        left = move("left", -1, reason="goal reached", **run)
        blocked = _refusal(confirm(profile(), situation(enrolled, left), action(**STEP)))
        assert blocked.code == "closed"


class TestContent:
    def published(self, now, **fields):
        return World(content=[Content(id="guide", **({"published_at": now} | fields))])

    def test_published(self, profile, situation, action):
        """Content that is published, or that the world doesn't know, may be sent."""
        now = situation().as_of
        later = now + timedelta(hours=1)
        world = self.published(now, retired_at=later)
        assert confirm(profile(), situation(world=world), action(content="guide")).allowed
        assert confirm(profile(), situation(world=world), action(content="other")).allowed

    def test_not_published(self, profile, situation, action):
        """Content that is retired, or isn't published yet, may not."""
        now = situation().as_of
        for fields in (
            {"published_at": now - timedelta(hours=1), "retired_at": now},
            {"published_at": now + timedelta(hours=1)},
        ):
            found = situation(world=self.published(now, **fields))
            blocked = _refusal(confirm(profile(), found, action(content="guide")))
            assert (blocked.code, blocked.needs) == ("no-content", ("content",))


@pytest.mark.parametrize("field", ["rep", "sender"])
def test_rep_who_has_left(profile, situation, action, field):
    """Nothing is sent by, or in the name of, somebody who has left; the unknown are let be."""
    world = World(reps=[Rep(id="r1", active=False), Rep(id="r2")])
    blocked = _refusal(confirm(profile(), situation(world=world), action(**{field: "r1"})))
    assert (blocked.code, blocked.needs) == ("no-rep", ("rep",))
    for name in ("r2", "r3"):
        assert confirm(profile(), situation(world=world), action(**{field: name})).allowed


class TestHours:
    EVENINGS = ContactHours(windows="mon-sun 18:00-20:00")

    def test_open_now(self, profile, situation, action, at):
        """Hours must be open at this instant; else the answer says when they are."""
        guards = profile(hours={"email": self.EVENINGS})
        blocked = _refusal(confirm(guards, situation(), action()))
        assert (blocked.code, blocked.until_us) == ("out-of-hours", at(8))
        assert confirm(guards, situation(hours=8), action()).allowed
        assert _refusal(confirm(guards, situation(hours=10), action())).until_us == at(32)

    def test_no_zone(self, profile, situation, action):
        """Without a zone nobody knows."""
        guards = profile(hours={"email": self.EVENINGS})
        blocked = _refusal(confirm(guards, situation(lead=NOBODY), action()))
        assert (blocked.code, blocked.needs) == ("no-zone", ("zone",))

    def test_the_actions_own(self, profile, situation, action, at):
        """An action's own hours must be open now, in every zone it may be read in."""
        planned = action(hours=self.EVENINGS)
        assert _refusal(confirm(profile(), situation(), planned)).until_us == at(8)
        zones = ("Europe/London", "Europe/Berlin")
        found = situation(lead=NOBODY, world=World(assume=Assume(zones=zones)), hours=8)
        assert confirm(profile(), found, planned).allowed
        assert (
            _refusal(
                confirm(
                    profile(),
                    situation(lead=NOBODY, world=World(assume=Assume(zones=zones)), hours=9),
                    planned,
                )
            ).code
            == "out-of-hours"
        )

    def test_never(self, profile, situation, action):
        """Hours that never come are said to be such."""
        now = situation().as_of.date()
        hours = ContactHours(
            windows="mon-sun 18:00-20:00",
            holidays=[now + timedelta(days=day) for day in range(500)],
        )
        blocked = _refusal(confirm(profile(hours={"email": hours}), situation(), action()))
        assert (blocked.code, blocked.until_us) == ("never-open", None)

    def test_assumptions(self, profile, situation, action):
        """A confirmation lists the zone and the basis that the host declared."""
        world = World(assume=Assume(basis={"email": "contract"}, zone="Asia/Kathmandu"))
        found = situation(lead=NOBODY, granted=False, world=world, hours=3)
        confirmed = confirm(profile(hours={"email": self.EVENINGS}), found, action())
        assert confirmed.assumptions == (
            "time zone assumed: Asia/Kathmandu",
            "legal basis for email assumed: contract",
        )


class TestChanges:
    """What has changed is said in codes, whether it refuses or not."""

    def codes(self, confirmed):
        assert all(one.because for one in confirmed.changes)
        return [one.code for one in confirmed.changes]

    def test_late(self, profile, situation, action, at):
        """Past its latest instant an action may still be sent, and is said to be late."""
        planned = action(-9, latest_us=at(-1), basis="consent")
        confirmed = confirm(profile(), situation(), planned)
        assert (confirmed.allowed, self.codes(confirmed)) == (True, ["due"])
        at_the_last = attrs.evolve(planned, latest_us=at())
        assert confirm(profile(), situation(), at_the_last).changes == ()

    def test_an_assumed_zone(self, profile, situation, action):
        """Hours read in a zone that the host declares are pointed out."""
        guards = profile(hours={"email": ContactHours(windows="mon-sun 00:00-24:00")})
        found = situation(lead=NOBODY, world=World(assume=Assume(zone="UTC")))
        confirmed = confirm(guards, found, action(basis="consent"))
        assert (confirmed.allowed, self.codes(confirmed)) == (True, ["zone"])

    def test_all_at_once(self, profile, situation, action, move, touch):
        """Everything that refuses is named, what refuses first coming first."""
        now = situation().as_of
        run = {"sequence": "awareness", "run": "1@1"}
        world = World(
            reps=[Rep(id="r1", active=False)],
            content=[Content(id="guide", published_at=now + timedelta(days=1))],
            complaint_rates={"email": 0.01},
        )
        records = [
            move("enrolled", -9, **run),
            move("left", -1, reason="goal reached", **run),
            move("stage", -1, to="lost", reason="other"),
            touch(-2, id="before", **STEP),
            touch(-1),
        ]
        found = situation(*records, world=world, granted=False)
        guards = profile(
            hours={"email": ContactHours(windows="sat 09:00-10:00")}, minimum_gap_hours=9
        )
        planned = action(1, rep="r1", content="guide", **STEP)
        confirmed = confirm(guards, found, planned)
        assert self.codes(confirmed) == [
            "done",
            "closed",
            "run",
            "content",
            "rep",
            "complaints",
            "hours",
            "room",
            "basis",
        ]
        assert _refusal(confirmed).code == "already-done"

    def test_suppressed(self, profile, situation, action, consent):
        """A restriction is a change; not yet being due isn't one."""
        found = situation(consent("objected", hours=-2, channel="email"), hours=-1)
        assert self.codes(confirm(profile(), found, action())) == ["suppressed", "basis"]
        assert self.codes(confirm(profile(), situation(hours=-1), action(basis="consent"))) == []


def test_complaints_since(profile, situation, action):
    """A channel that has been stopped since sends nothing, but a rep may."""
    found = situation(world=World(complaint_rates={"email": 0.003}))
    assert _refusal(confirm(profile(), found, action())).code == "complaints"
    assert confirm(profile(), found, action(style=Style.ONE_TO_ONE, team=Team.SALES)).allowed


class TestRoom:
    def test_recorded_touches_count(self, profile, situation, action, touch, at):
        """A touch recorded since the plan may have filled the window."""
        guards = profile(minimum_gap_hours=24)
        blocked = _refusal(confirm(guards, situation(touch(-1)), action()))
        assert (blocked.code, blocked.until_us) == ("capped", at(23))
        assert confirm(guards, situation(touch(-24)), action()).allowed

    def test_nobody_sends_over_a_full_cap(self, profile, situation, action, touch, at):
        """A full cap refuses a rep's action too, for now."""
        daily = Cap(name="daily", at_most=1, window_days=1, then="drop")
        planned = action(style=Style.ONE_TO_ONE, team=Team.SALES, channel=Channel.PHONE)
        for one in (planned, attrs.evolve(planned, style=Style.MASS)):
            blocked = _refusal(confirm(profile(caps=[daily]), situation(touch(-1)), one))
            assert (blocked.code, blocked.until_us) == ("capped", at(23))
