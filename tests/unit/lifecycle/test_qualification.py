"""What an MQL and a sales-ready lead are."""

import pytest

import nurturekit as nk
from nurturekit.errors import ModelError
from nurturekit.instants import DAY_US
from tests.builders import LEAD, day, did, learned

KINDS = {
    "demo_requested": nk.Kind.of(intent=True, position="decision"),
    "pricing_viewed": nk.Kind.of(position="decision"),
    "webinar_attended": nk.Kind.of(position="consideration"),
    "email_opened": nk.Kind.of(engagement=False),
}
ACME = nk.Lead(id="lead-1", account="acme")


def measure(qualification, *records, on=40, lead=LEAD, **fields):
    """Return a lead's readiness on a day."""
    found = nk.Situation(lead, records, as_of=day(on), kinds=KINDS, **fields)
    return qualification.measure(found)


def peer(name, kind="webinar_attended", on=39, *, account="acme", person=None, **fields):
    """Return another lead of an account that did something."""
    lead = nk.Lead(id=name, account=account, person_id=person)
    touch = nk.Touch(
        id=f"{name}-touch",
        lead_id=name,
        kind=kind,
        occurred_at=day(on),
        **{"direction": "inbound", **fields},
    )
    return nk.Peer(lead=lead, history=nk.History([touch]))


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"mql_at": True}, "not-a-number", "mql_at"),
        ({"mql_at": "60"}, "not-a-number", "mql_at"),
        ({"recycle_below": None}, "not-a-number", "recycle_below"),
        ({"mql_at": float("nan")}, "out-of-range", "mql_at"),
        ({"mql_at": float("inf")}, "out-of-range", "mql_at"),
        ({"recycle_below": -1_000_001}, "out-of-range", "recycle_below"),
        ({"mql_at": 30, "recycle_below": 31}, "gate-crossed", "recycle_below"),
        ({"version": 0}, "out-of-range", "version"),
        ({"version": True}, "out-of-range", "version"),
        ({"dwell_days": -1}, "out-of-range", "dwell_days"),
        ({"dwell_days": 1.5}, "out-of-range", "dwell_days"),
        ({"intent_days": 0}, "out-of-range", "intent_days"),
        ({"people": 1}, "out-of-range", "people"),
    ],
)
def test_thresholds_that_cannot_work(fields, code, path):
    """A threshold that is no number, out of range or crossed names its path."""
    with pytest.raises(ModelError) as caught:
        nk.Qualification(**fields)
    assert (caught.value.code, caught.value.path) == (code, f"qualification.{path}")


def test_thresholds_are_milli_points():
    """Points are kept as milli-points; one threshold for both directions is legal."""
    made = nk.Qualification(mql_at=60.5, recycle_below=60.5, dwell_days=0, people=2)
    assert (made.mql_milli, made.recycle_milli) == (60_500, 60_500)
    assert nk.Qualification(people=None).people is None


class TestIntent:
    def test_a_hand_raise_makes_sales_ready(self):
        """The lead's own intent is the evidence, by time."""
        touches = did("demo_requested", 39), did("demo_requested", 40)
        found = measure(nk.Qualification(), *touches)
        assert found.is_sales_ready
        assert found.evidence == found.hand_raises == touches

    def test_nothing_else_does(self):
        """Weaker touches alone don't; those of decision position are told apart."""
        weak = did("pricing_viewed", 39)
        found = measure(nk.Qualification(), weak, did("webinar_attended", 39))
        assert (found.is_sales_ready, found.evidence, found.hand_raises) == (False, (), ())
        assert found.weaker == (weak,)

    @pytest.mark.parametrize(("on", "counts"), [(11, True), (10, False)])
    def test_intent_fades_after_its_days(self, on, counts):
        """Thirty days of intent are today and the 29 before."""
        found = measure(nk.Qualification(intent_days=30), did("demo_requested", on))
        assert found.is_sales_ready is counts
        assert bool(measure(nk.Qualification(), did("pricing_viewed", on)).weaker) is counts

    @pytest.mark.parametrize(("on", "counts"), [(38, False), (39, False), (40, True)])
    def test_intent_before_the_opening_is_history(self, on, counts):
        """Only what is later than the opening counts."""
        opening = nk.Opening(id="o", lead_id=LEAD.id, occurred_at=day(39))
        found = measure(nk.Qualification(), did("demo_requested", on), opening)
        assert (found.is_sales_ready, bool(found.hand_raises)) == (counts, counts)

    @pytest.mark.parametrize(
        ("title", "is_unfit", "is_ready"),
        [("student", True, False), ("VP", False, True), (None, None, True)],
    )
    def test_fit_known_to_be_bad_holds_back(self, title, is_unfit, is_ready):
        """A bad fit keeps a lead from sales; unknown fit doesn't; the hand-raise stays one."""
        made = nk.Qualification(unfit=nk.fact("title").one_of("student"))
        found = measure(made, did("demo_requested", 39), learned("title", title))
        assert (found.is_unfit, found.is_sales_ready) == (is_unfit, is_ready)
        assert bool(found.evidence) is is_ready
        assert found.hand_raises

    def test_without_a_definition_fit_is_unknown(self):
        """A qualification that says nothing of fit doesn't know it."""
        assert measure(nk.Qualification()).is_unfit is None


class TestPeople:
    OWN = did("webinar_attended", 39)
    TWO = nk.Qualification(people=2)

    def ready(self, *peers, own=(OWN,), made=TWO, lead=ACME):
        """Return readiness among peers."""
        return measure(made, *own, lead=lead, world=nk.World(peers=peers))

    def test_enough_people_of_one_account(self):
        """The lead's own touch is cited, and the peers are named."""
        found = self.ready(peer("b"), peer("a"))
        assert found.is_sales_ready
        assert (found.evidence, found.peers, found.hand_raises) == ((self.OWN,), ("a", "b"), ())

    @pytest.mark.parametrize(("people", "is_ready"), [(2, True), (3, True), (4, False)])
    def test_the_lead_is_one_of_them(self, people, is_ready):
        """Two peers and the lead are three people."""
        found = self.ready(peer("a"), peer("b"), made=nk.Qualification(people=people))
        assert found.is_sales_ready is is_ready
        assert bool(found.peers) is is_ready

    @pytest.mark.parametrize(
        "other",
        [
            peer("a", account="other"),
            peer("lead-1"),
            peer("a", on=1),
            peer("a", on=41),
            peer("a", kind="email_opened"),
            peer("a", kind="never_described"),
            peer("a", automated=True),
        ],
        ids=[
            "another account",
            "itself",
            "long ago",
            "in the future",
            "no engagement",
            "undescribed",
            "bot",
        ],
    )
    def test_who_does_not_count(self, other):
        """Only other people of the account who took part of late count."""
        assert not self.ready(other).is_sales_ready

    def test_one_person_with_two_leads_is_one(self):
        """People are counted, not leads."""
        pair = peer("a", person="p1"), peer("b", person="p1")
        assert self.ready(*pair, made=nk.Qualification(people=3)).peers == ()
        me = nk.Lead(id="lead-1", account="acme", person_id="p1")
        assert self.ready(*pair, lead=me).peers == ()

    @pytest.mark.parametrize("own", [(), (did("email_opened", 39),), (did("webinar_attended", 1),)])
    def test_the_leads_own_touch_is_needed(self, own):
        """Others' interest alone hands nobody over."""
        assert not self.ready(peer("a"), own=own).is_sales_ready

    def test_a_hand_raise_is_a_touch_of_its_own(self):
        """A lead that raised its hand counts among the people, and its raise is cited."""
        raised = did("demo_requested", 39)
        assert self.ready(peer("a"), own=(raised,)).evidence == (raised,)

    def test_without_an_account_nobody_is_a_peer(self):
        """Two leads without a company have none in common."""
        alone = nk.Lead(id="lead-1")
        assert self.ready(peer("a", account=None), lead=alone).peers == ()

    def test_people_are_not_asked_for_by_default(self):
        """Without a number of people no crowd makes a lead ready."""
        assert not self.ready(peer("a"), peer("b"), made=nk.Qualification()).is_sales_ready

    def test_a_peer_is_seen_with_the_same_knowledge(self):
        """What of a peer was recorded after `known_at` doesn't count."""
        late = peer("a", on=30, recorded_at=day(40))
        world = nk.World(peers=[late])
        own = did("webinar_attended", 30)
        assert measure(self.TWO, own, lead=ACME, world=world).is_sales_ready
        known = measure(self.TWO, own, lead=ACME, world=world, known_at=day(39))
        assert not known.is_sales_ready


def test_day_edges_are_the_playbooks():
    """With an offset an evening's touch falls on the next day and counts for one day longer."""
    touch = did("demo_requested", 10, at=day(10, 23))
    assert not measure(nk.Qualification(), touch).is_sales_ready
    assert measure(nk.Qualification(), touch, day_offset_us=DAY_US // 24).is_sales_ready
