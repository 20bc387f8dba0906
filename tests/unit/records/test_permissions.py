"""What consents allow at an instant, and what takes it away."""

from datetime import timedelta

import pytest

import nurturekit as nk
from nurturekit.instants import to_us
from tests.builders import LEAD, day


def consent(kind, on=0, **fields):
    """Return a consent record; grants have a basis."""
    fields = {"id": f"{kind}-{on}", "basis": "consent" if kind == "given" else None, **fields}
    return nk.Consent(lead_id=LEAD.id, kind=kind, occurred_at=day(on), **fields)


def situation(*records, on=20, **fields):
    """Return the lead on a day."""
    return nk.Situation(LEAD, records, as_of=day(on), **fields)


def permission(*records, on=20, channel="email", purpose="marketing", at=None, **fields):
    """Return whether the lead may be contacted."""
    found = situation(*records, on=on, **fields)
    return found.permission(channel, purpose, at_us=to_us(at or day(on), field="at"))


class TestRestrictions:
    @pytest.mark.parametrize("kind", ["withdrawn", "objected", "erased"])
    def test_yield_to_a_later_grant_of_the_same_scope(self, kind):
        """A grant later than the restriction lifts it, one at the same instant doesn't."""
        stop = consent(kind, 5)
        assert situation(stop, consent("given", 5)).restrictions == (stop,)
        assert situation(stop, consent("given", 4)).restrictions == (stop,)
        assert situation(stop, consent("given", 6)).restrictions == ()

    @pytest.mark.parametrize(
        "scope", [{"channel": "email"}, {"purpose": "marketing"}, {"channel": "phone"}]
    )
    def test_do_not_yield_to_another_scope(self, scope):
        """Consent to one channel or purpose doesn't undo an objection to all, nor the reverse."""
        wide, narrow = consent("objected", 5), consent("objected", 5, id="n", **scope)
        assert situation(wide, consent("given", 6, **scope)).restrictions == (wide,)
        assert situation(narrow, consent("given", 6)).restrictions == (narrow,)
        assert situation(narrow, consent("given", 6, **scope)).restrictions == ()

    @pytest.mark.parametrize(("occurred", "recorded"), [(2, 10), (10, 2)])
    def test_the_grant_must_be_later_than_both_times(self, occurred, recorded):
        """A restriction told late isn't lifted by a grant from in between."""
        stop = consent("objected", occurred, recorded_at=day(recorded))
        assert situation(stop, consent("given", 5)).restrictions == (stop,)
        assert situation(stop, consent("given", 10)).restrictions == (stop,)
        assert situation(stop, consent("given", 11)).restrictions == ()

    @pytest.mark.parametrize("kind", ["bounced", "complained"])
    def test_what_yields_to_nothing(self, kind):
        """No grant makes a dead address work, nor undoes a complaint."""
        stop = consent(kind, 5, channel="email")
        assert situation(stop, consent("given", 6, channel="email")).restrictions == (stop,)

    def test_an_opted_out_column_objects(self):
        """`opted_out` is an objection to everything until a later grant; False is none."""
        out, fine = (
            nk.Opening(id="o", lead_id=LEAD.id, occurred_at=day(1), opted_out=value)
            for value in (True, False)
        )
        assert situation(out).is_objected
        assert permission(out, consent("given", 0)).suppressed
        assert not situation(out, consent("given", 2)).is_objected
        assert not situation(fine).is_objected

    def test_only_an_erasure_erases(self):
        """An objection isn't an erasure."""
        assert situation(consent("erased")).is_erased
        assert not situation(consent("objected")).is_erased

    @pytest.mark.parametrize(
        ("kind", "scope", "objects"),
        [
            ("objected", {}, True),
            ("withdrawn", {}, True),
            ("objected", {"purpose": "marketing"}, True),
            ("objected", {"purpose": "sales"}, False),
            ("objected", {"channel": "email"}, False),
            ("bounced", {}, False),
            ("erased", {}, False),
            ("complained", {}, True),
            ("complained", {"purpose": "sales"}, True),
            ("complained", {"channel": "email"}, False),
        ],
    )
    def test_what_objects_to_marketing(self, kind, scope, objects):
        """An objection or withdrawal for every channel, of marketing or of everything."""
        assert situation(consent(kind, **scope)).is_objected is objects


class TestPermission:
    def test_nothing_is_allowed_without_a_basis(self):
        """Silence is no permission, and no suppression either."""
        found = permission()
        assert (found.basis, found.suppressed, found.assumed) == (None, False, False)

    @pytest.mark.parametrize(
        ("scope", "allowed"),
        [
            ({}, True),
            ({"channel": "email"}, True),
            ({"purpose": "marketing"}, True),
            ({"channel": "phone"}, False),
            ({"purpose": "sales"}, False),
        ],
    )
    def test_a_grant_covers_its_scope(self, scope, allowed):
        """A missing channel or purpose is every one."""
        found = permission(consent("given", **scope))
        assert (found.basis == "consent") is allowed

    def test_a_grant_ends_at_its_end(self):
        """A grant holds up to `expires_at`, itself excluded, and not before it was given."""
        grant = consent("given", 5, expires_at=day(15))
        tick = timedelta(microseconds=1)
        instants = (day(5) - tick, day(5), day(15) - tick, day(15))
        allowed = [permission(grant, at=at).basis is not None for at in instants]
        assert allowed == [False, True, True, False]

    def test_a_grant_without_a_basis_allows_nothing(self):
        """A contact needs a legal ground."""
        assert permission(consent("given", basis=None)).basis is None

    def test_the_grant_that_lasts_longest_is_named(self):
        """Of several grants the one without an end, else with the latest, is the reason."""
        short = consent("given", 1, id="short", expires_at=day(30))
        longer = consent("given", 1, id="longer", basis="contract", expires_at=day(40))
        forever = consent("given", 1, id="forever", basis="legitimate_interest")
        assert permission(short, longer).basis == "contract"
        assert permission(short, forever, longer).basis == "legitimate_interest"
        assert "forever" in permission(short, forever, longer).because

    @pytest.mark.parametrize(
        ("kind", "scope", "suppressed"),
        [
            ("objected", {}, True),
            ("objected", {"channel": "email"}, True),
            ("objected", {"channel": "phone"}, False),
            ("withdrawn", {"purpose": "sales"}, False),
            ("bounced", {"channel": "email"}, True),
            ("erased", {"channel": "phone"}, True),
            ("complained", {}, True),
            ("complained", {"channel": "email"}, True),
            ("complained", {"channel": "email", "purpose": "sales"}, True),
            ("complained", {"channel": "phone"}, False),
        ],
    )
    def test_a_restriction_suppresses_its_scope(self, kind, scope, suppressed):
        """A restriction forbids what it covers, an erasure everything, whatever was granted."""
        grant = consent("given", 0, id="g", purpose="marketing", channel="email")
        found = permission(grant, consent(kind, 5, **scope))
        assert found.suppressed is suppressed
        assert (found.basis is None) is suppressed

    @pytest.mark.parametrize(("purpose", "suppressed"), [(None, False), ("sales", True)])
    def test_a_complaint_is_about_marketing(self, purpose, suppressed):
        """A complaint leaves a rep's sales contact, unless it names that too."""
        grant, stop = consent("given", 0), consent("complained", 5, purpose=purpose)
        assert permission(grant, stop, purpose="sales").suppressed is suppressed
        assert permission(grant, stop, purpose="marketing").suppressed

    def test_records_of_two_leads_of_one_person(self):
        """Merged, what one of the leads forbade binds the person, whatever the other granted."""
        lead = nk.Lead(id=LEAD.id, person_id="p1")
        stop = nk.Consent(
            id="stop", lead_id="other", kind="objected", channel="email", occurred_at=day(5)
        )
        for hours, suppressed in ((-1, True), (0, True), (1, False)):
            at = day(5) + timedelta(hours=hours)
            grant = nk.Consent(
                id="g",
                lead_id=LEAD.id,
                kind="given",
                basis="consent",
                channel="email",
                occurred_at=at,
            )
            merged = nk.History([grant]).merge(nk.History([stop]))
            found = nk.Situation(lead, merged, as_of=day(9))
            allowed = found.permission("email", "marketing", at_us=to_us(day(9), field="at"))
            assert allowed.suppressed is suppressed

    def test_the_restriction_named_does_not_depend_on_order(self):
        """Of several restrictions the one with the smallest id is the reason."""
        stops = [consent("objected", 1, id="b"), consent("withdrawn", 2, id="a")]
        for order in (stops, stops[::-1]):
            assert permission(*order).because == "withdrawn (a)"

    def test_the_hosts_word_counts_where_records_are_silent(self):
        """An assumed basis is used without a grant, marked as assumed, never against a stop."""
        world = nk.World(assume=nk.Assume(basis={"email": "legitimate_interest"}))
        found = permission(world=world)
        assert (found.basis, found.assumed) == ("legitimate_interest", True)
        assert not permission(consent("given"), world=world).assumed
        assert permission(world=world, channel="phone").basis is None
        assert permission(consent("objected"), world=world).basis is None
