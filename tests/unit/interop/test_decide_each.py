"""A batch: one lead's error stops no other's decision."""

from datetime import UTC, datetime

import attrs
import pytest

import nurturekit as nk
from nurturekit.decision import Decision
from nurturekit.errors import PluginError, RecordError
from nurturekit.interop import Case, decide_each

AT = datetime(2026, 11, 2, tzinfo=UTC)


@attrs.frozen
class Moody:
    """A plug-in's policy that is wrong about one lead, in a way of its own."""

    lead_id: str
    way: object
    name: str = "moody"

    def decide(self, situation):
        if situation.lead.id == self.lead_id:
            return self.way(situation)
        return nk.Desired(accountable=nk.Team.SALES)


def recurses(situation):
    """Never end."""
    return recurses(situation)


async def waits(situation):
    """Return nothing, later."""


def case(lead_id, *records):
    """Return a lead without a world."""
    return Case(lead=nk.Lead(id=lead_id), history=nk.History(records), world=nk.World())


@pytest.mark.parametrize(
    "way",
    [
        recurses,
        waits,
        lambda _: 1 // 0,
        lambda _: None,
        lambda _: "sales",
        lambda _: (nk.Desired(accountable=nk.Team.SALES),) * 2,
    ],
)
def test_the_other_leads_go_on(way):
    """A policy that recurses, waits, raises or returns something else costs its lead alone."""
    playbook = attrs.evolve(nk.preset("blended"), ownership=Moody("b", way))
    cases = [case("a"), case("b"), case("c")]
    pairs = list(decide_each(playbook, iter(cases), as_of=AT))
    assert [one for one, _ in pairs] == cases
    first, wrong, last = (answer for _, answer in pairs)
    assert isinstance(first, Decision)
    assert isinstance(wrong, PluginError)
    assert (wrong.plugin, wrong.lead_id) == ("moody", "b")
    assert last.lead_id == "c"


def test_a_lead_s_own_records():
    """Records of another lead are that lead's error alone."""
    other = nk.Touch(id="t", lead_id="x", kind="blog_viewed", occurred_at=AT)
    cases = [case("a", other), case("b")]
    wrong, right = (answer for _, answer in decide_each(nk.preset("blended"), cases, as_of=AT))
    assert wrong.code == "other-lead"
    assert right.lead_id == "b"


def test_an_impossible_instant_is_the_caller_s():
    """A naive instant is refused at once, not lead by lead."""
    with pytest.raises(RecordError) as caught:
        decide_each(nk.preset("blended"), [], as_of=datetime(2026, 11, 2))
    assert caught.value.code == "naive-datetime"


def test_cases_are_taken_one_by_one():
    """Nothing is decided ahead: ten million leads need no memory."""
    taken = []

    def cases():
        for number in range(3):
            taken.append(number)
            yield case(f"l{number}")

    pairs = decide_each(nk.preset("blended"), cases(), as_of=AT)
    next(pairs)
    assert taken == [0]
