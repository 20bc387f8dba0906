"""What the strategies reach, and that what they draw is legal."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import nurturekit as nk
from nurturekit.signals import NAMED
from nurturekit.signals.evidence import closing
from nurturekit.testing import strategies
from nurturekit.testing.edges import edges


def drawn(strategy, count=60):
    """Return the first examples of a strategy, always the same."""
    found = []

    @settings(
        max_examples=count,
        database=None,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(example):
        found.append(example)

    draw()
    return found


@pytest.fixture(scope="module")
def situations():
    """Return drawn situations, once."""
    return drawn(strategies.situations(attributes={"country": ("DE", None)}))


@pytest.fixture(scope="module")
def by_hand():
    """Return the situations that every plug-in is asked about first."""
    return list(edges(strategies.ATTRIBUTES))


def test_edges_reach_what_breaks_policies(by_hand):
    """Every stage, handoff and word is among them, refusals, and a lead of nothing known."""
    measured = {name: {NAMED[name].measure(one) for one in by_hand} for name in STANDING}
    assert measured["stage"] == {str(stage) for stage in nk.Stage}
    assert measured["handoff"] == {"none", "pending", "past_due"}
    assert {"no_budget", "not_now", "no_need", "none"} <= measured["word"]
    for name in ("erased", "objected", "closed"):
        assert measured[name] == {True, False}
    assert {"customer", "do_not_contact", "disqualified", "bad_data"} <= {
        found.reason for one in by_hand if (found := closing(one))
    }
    assert any(not len(one.history) for one in by_hand)
    assert any(one.visible.conflicts for one in by_hand)
    assert any(one.opening for one in by_hand)


STANDING = ("stage", "handoff", "word", "erased", "objected", "closed")


def test_situations_reach_what_cannot_be_seen(situations):
    """Some records lie after the instant, some were written down late, some weren't known then."""
    assert any(one.visible.unseen for one in situations)
    assert any(one.known_at < one.as_of for one in situations)
    assert any(
        record.recorded_at > record.occurred_at for one in situations for record in one.history
    )
    assert any(one.opening for one in situations)
    assert {one.attribute("country") for one in situations} == {"DE", None}


def test_situations_are_shown_as_a_playbook_shows_them(situations):
    """Score, readiness, stage and owner are bound, as a policy reads them."""
    for one in situations:
        assert {"score", "readiness", "stage", "accountable"} <= one.bound.keys()


def test_a_playbook_of_ones_own_reads_the_situation():
    """Given a playbook, its kinds of touch are those of the situation."""
    playbook = nk.preset(nk.PRESETS[-1])
    for one in drawn(strategies.situations(playbook=playbook), 5):
        assert one.kinds == playbook.kinds


def test_worlds_reach_empty_ones_and_full_ones():
    """Some know nobody; some have reps away and gone, hours, content, and a colleague."""
    worlds = drawn(strategies.worlds())
    assert any(not one.reps for one in worlds)
    assert any(one.peers for one in worlds)
    assert {bool(one.assume.zone) for one in worlds} == {True, False}
    assert any(pool.hours for one in worlds for pool in one.pools.values())
    assert any(rep.absences for one in worlds for rep in one.reps.values())
    assert any(not rep.active for one in worlds for rep in one.reps.values())


def test_drawn_playbooks_decide():
    """A playbook with other parameters decides, and is told apart from the one it was made of."""
    at = datetime(2026, 4, 1, tzinfo=UTC)
    playbooks = drawn(strategies.playbooks(), 20)
    assert len({playbook.ownership for playbook in playbooks}) > 10
    for playbook in playbooks:
        assert playbook.decide(nk.Lead(id="l1"), as_of=at).ownership.accountable in nk.Team


def test_instants_meet_the_edges_of_days_and_clocks():
    """Midnight, the instant before, and the hours that clocks skip are among them."""
    instants = set(drawn(strategies.instants(), 200))
    assert datetime(2026, 3, 29, 1, tzinfo=UTC) in instants
    assert datetime(2026, 3, 8, 7, tzinfo=UTC) in instants
    midnight = datetime(2026, 4, 1, tzinfo=UTC)
    assert {midnight, midnight - timedelta(microseconds=1)} <= instants
    assert max(drawn(strategies.instants(days=3))) <= datetime(2026, 3, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("strategy", "kind"),
    [
        (strategies.touches(), nk.Touch),
        (strategies.calls(), nk.Touch),
        (strategies.mails(), nk.Touch),
        (strategies.facts(), nk.Fact),
        (strategies.consents(), nk.Consent),
        (strategies.moves(), nk.Move),
        (strategies.openings(), nk.Opening),
        (strategies.leads(), nk.Lead),
        (strategies.histories(), nk.History),
    ],
)
def test_each_strategy_draws_what_it_says(strategy, kind):
    """What a strategy draws is of its kind, and of one lead."""
    for one in drawn(strategy, 10):
        assert isinstance(one, kind)


def test_records_happen_when_they_are_told_to():
    """The instants of records can be given."""
    at = datetime(2026, 5, 4, 9, tzinfo=UTC)
    for record in drawn(strategies.records(at=st.just(at)), 20):
        assert record.occurred_at == at


def test_every_kind_of_move_is_drawn():
    """A history meets each kind of move, legal or not."""
    kinds = {move.kind for move in drawn(strategies.moves(), 200)}
    assert kinds == set(nk.MoveKind)
