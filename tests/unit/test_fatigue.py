"""Contact pressure: what is counted, what is a repeat, and how it is shown."""

import math

import attrs
import pytest

import nurturekit as nk
from nurturekit.fatigue import FatigueReport, LeadFatigue, fatigue
from tests.builders import called, day, did, learned, mailed, moved
from tests.cases import case, several

PLAYBOOK = nk.preset("blended")


def told(*histories, on=90, days=90, **fields) -> FatigueReport:
    """Report on leads, each with a list of records."""
    return fatigue(several(*histories, **fields), playbook=PLAYBOOK, as_of=day(on), days=days)


def lead(*records, **fields) -> LeadFatigue:
    """Return what is measured of one lead."""
    return told(records, **fields).leads[0]


def written(on, **fields):
    """Return a mail by a rep."""
    call = called(on, id=f"written-{on}", outcome=None, **fields)
    return attrs.evolve(call, channel="email")


def test_contacts_by_channel_team_and_style():
    """What turns to the lead counts once in each part; web and ads reach nobody."""
    blast = mailed(3, "a", style="mass")
    ad = attrs.evolve(mailed(4, "b"), channel="ads")
    found = lead(called(1), mailed(2, "c", style="automated"), blast, ad, did("form_submitted", 5))
    assert found.touches == 3
    assert {name: n for name, n in found.by("channel").items() if n} == {"email": 2, "phone": 1}
    assert found.by("team") == {"marketing": 2, "sales": 1}
    assert {name: n for name, n in found.by("style").items() if n} == {
        "mass": 1,
        "automated": 1,
        "one_to_one": 1,
    }
    row = told([called(1)]).rows()[0]
    assert (row["lead_id"], row["touches"], row["channel_phone"], row["team_sales"]) == (
        "lead-1",
        1,
        1,
        1,
    )


def test_what_a_touch_leaves_out_is_its_kinds_or_unknown():
    """A kind that is described says channel and style; of another they are unknown."""
    known = attrs.evolve(did("call_made", 1), direction=None)
    other = did("shouted", 2, direction="outbound")
    found = lead(known, other)
    unknown = ("unknown", "marketing", "unknown")
    assert (found.touches, found.contacts[unknown]) == (2, 1)
    assert (found.by("channel")["phone"], found.by("style")["one_to_one"]) == (1, 1)


def test_the_window_is_half_open():
    """The last instant counts, the one a window before it doesn't."""
    records = [called(0), called(1), called(30), called(31)]
    assert lead(*records, on=30, days=30).touches == 2
    assert lead(*records, on=30, days=29).touches == 1


def test_the_same_asset_again():
    """A piece that the lead had from us, before the window too, is one too many."""
    assert lead(mailed(1, "a"), mailed(2, "a"), mailed(3, "b"), mailed(4, "a")).same_asset == 2
    assert lead(mailed(1, "a"), mailed(60, "a"), days=50).same_asset == 1
    assert lead(did("content_downloaded", 1, asset="a"), mailed(2, "a")).same_asset == 0


def test_the_same_channel_again_without_news():
    """S3-2: a rep's call after a call says nothing new, unless something happened between."""
    calls = [called(1), called(20)]
    assert lead(*calls).same_channel == 1
    assert lead(called(1), called(20), called(30)).same_channel == 2
    assert lead(called(1), written(20)).same_channel == 0
    assert lead(*calls, days=60).same_channel == 0
    assert lead(*calls, mailed(10, "a")).same_channel == 1


@pytest.mark.parametrize(
    "news",
    [
        did("price_asked", 10),
        learned("size", 10, 10),
        moved("offered", 10, to="sales", origin="playbook"),
        moved("snoozed", 1, until=day(15), reason="not_now"),
        attrs.evolve(called(0), next_attempt_on=day(20).date()),
    ],
)
def test_news_between_makes_it_another_contact(news):
    """A hand-raise, a changed fact, an offer and an agreed date are each a reason to call again."""
    assert lead(news, called(1), called(20)).same_channel == (1 if news.id == "call-0" else 0)


def test_an_asset_not_had_is_news():
    """A rep who sends what the lead hasn't had tells something; what it has had is none."""
    first, second = written(1, asset="a"), written(20, asset="b")
    assert lead(first, second).same_channel == 0
    assert lead(first, second, mailed(10, "b")).same_channel == 1


@pytest.mark.parametrize(
    "stale",
    [
        did("price_asked", 10, automated=True),
        did("page_viewed", 10),
        learned("size", None, 10),
        learned("size", 10, 1, at=day(1, 12)),
        learned("size", 10, 30),
        moved("snoozed", 1, until=day(15), reason="not_now", origin="playbook"),
    ],
)
def test_what_is_no_news(stale):
    """Machines, mere looks, unknown values, the same day, later days and timers are no news."""
    assert lead(stale, called(1), called(20)).same_channel == 1


def test_the_same_value_again_is_no_news():
    """A fact that is noted again as it was has not changed."""
    facts = [learned("size", 10, 0), learned("size", 10, 10)]
    assert lead(*facts, called(1), called(20)).same_channel == 1


def test_the_longest_run_of_calls_in_vain():
    """Calls that meet nobody add up until the phone is answered, by either side."""
    vain = [called(on, outcome="voicemail") for on in (1, 2, 3, 10, 11)]
    assert lead(*vain, called(5)).unanswered_calls == 3
    assert lead(*vain, mailed(5, "a")).unanswered_calls == 5
    assert lead(*vain, did("call_received", 5)).unanswered_calls == 3
    assert lead(*vain, days=80).unanswered_calls == 1


def test_the_longest_silence():
    """From the first record, or the window's start, to the next contact of ours, or to now."""
    assert lead(called(0), called(30), called(50)).silence_days == 40
    assert lead(called(-200), called(80)).silence_days == 80
    assert lead(did("form_submitted", 60), called(85)).silence_days == 25
    assert lead().silence_days == 0


def test_the_busiest_week():
    """The most contacts within seven days, wherever the week begins."""
    assert lead(*(called(on) for on in (1, 7, 7.5, 8, 20))).busiest_week == 3
    assert lead().busiest_week == 0


def test_opt_outs_are_all_restrictions():
    """A bounce and a withdrawal count, what was given doesn't."""
    given, gone, bounced = (
        nk.Consent(
            id=kind, lead_id="lead-1", occurred_at=day(5), kind=kind, channel="email", **fields
        )
        for kind, fields in (("given", {"basis": "consent"}), ("withdrawn", {}), ("bounced", {}))
    )
    assert lead(given, gone, bounced).opt_outs == 2


def test_answers_are_by_people():
    """Replies and conversations count; opens and automatic replies never do."""
    machine = [
        did("email_opened", 2),
        did("email_opened", 2.5, outcome="replied"),
        did("email_replied", 3, automated=True),
        called(4, outcome="voicemail"),
        called(5, automated=True, origin="playbook"),
    ]
    assert lead(*machine).answers == 0
    people = [did("email_replied", 6), called(7), called(8, outcome="not_now")]
    assert lead(*machine, *people).answers == 3


def test_totals_by_team():
    """Sums, leads and quantiles are over all leads, those without a contact included."""
    thrice = [mailed(on, "a") for on in (1, 2, 3)]
    found = told([called(1), mailed(2, "a")], [mailed(1, "a")], [], thrice)
    both, marketing, sales = found.teams
    assert [both.team, marketing.team, sales.team] == [None, "marketing", "sales"]
    assert (both.touches, both.leads, both.median, both.p90, both.most) == (6, 3, 1, 3, 3)
    assert (sales.touches, sales.leads, sales.median, sales.most) == (1, 1, 0, 1)
    assert found.total("same_asset") == 2
    assert found.find("lead-4").busiest_week == 3
    assert found.find("lead-9") is None


def test_no_leads_at_all():
    """Without leads everything is zero."""
    found = told()
    assert ([one.most for one in found.teams], found.rows()) == ([0, 0, 0], [])
    assert "0 leads" in str(found)


def test_rows_have_the_same_keys():
    """A lead without contacts has every column as well."""
    first, second = told([called(1)], []).rows()
    assert first.keys() == second.keys()
    assert all(isinstance(value, int | float | str) for value in first.values())
    assert math.isclose(first["silence_days"], 89)


def test_the_text_shows_who_is_under_most_pressure():
    """The busiest lead comes first, and so many are listed."""
    found = told([called(1)], [mailed(on, "a") for on in (1, 2, 3)], [])
    lines = found.text(first=1).splitlines()
    assert lines[0] == "contact pressure, 90 days to 2026-05-31T10:00:00Z, 3 leads"
    assert "the same asset again 2" in lines[-1]
    assert lines[-1].split()[0] == "lead-2"
    assert repr(found) == "<FatigueReport 90 days to 2026-05-31T10:00:00Z, 3 leads>"
    assert "lead-3" not in str(found)


def test_html_is_escaped():
    """An id can't smuggle markup into a page."""
    found = fatigue([case(called(1), lead="<b>1")], playbook=PLAYBOOK, as_of=day(9))
    assert "&lt;b&gt;1" in found._repr_html_()
    assert "<b>" not in found._repr_html_()


@pytest.mark.parametrize("days", [0, -1, True, 1.5])
def test_days_are_a_whole_number_from_one(days):
    """Any other window is refused."""
    with pytest.raises(nk.CallError) as caught:
        told([], days=days)
    assert (caught.value.code, caught.value.argument) == ("out-of-range", "days")


def test_a_lead_twice():
    """A lead that comes twice would be counted twice."""
    with pytest.raises(nk.CallError) as caught:
        fatigue([case(), case()], playbook=PLAYBOOK, as_of=day(1))
    assert caught.value.code == "duplicate-id"


def test_a_naive_instant():
    """An instant has a zone."""
    with pytest.raises(nk.RecordError) as caught:
        fatigue([], playbook=PLAYBOOK, as_of=day(1).replace(tzinfo=None))
    assert caught.value.code == "naive-datetime"
