from datetime import UTC, date, datetime, timedelta

import pytest

from nurturekit.answers import Readiness, Score
from nurturekit.errors import ModelError
from nurturekit.records import Fact, History, Kind, Lead, Opening, Situation, Touch
from nurturekit.signals import (
    NAMED,
    UNKNOWN,
    AtLeast,
    DaysSince,
    FactSignal,
    Parameter,
    TouchCount,
    named,
)
from nurturekit.typing import Signal
from nurturekit.vocabulary import FunnelPosition

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def touch(days_ago=0, kind="visit", **fields):
    """Return a touch so many days ago."""
    at = NOON - timedelta(days=days_ago)
    return Touch(id=f"{kind}-{days_ago}", lead_id="l1", kind=kind, occurred_at=at, **fields)


def situation(*records, kinds=None, **attributes):
    """Return a situation with these records and attributes."""
    lead = Lead(id="l1", attributes=attributes)
    return Situation(lead, History(records), as_of=NOON, kinds=kinds)


def opening(days_ago, **columns):
    """Return an opening so many days ago."""
    at = NOON - timedelta(days=days_ago)
    return Opening(id="o", lead_id="l1", occurred_at=at, **columns)


def test_unknown_is_called_so():
    """The measure of what isn't known prints as its name."""
    assert repr(UNKNOWN) == "UNKNOWN"


def test_fact_beats_column():
    """A fact in force beats the lead's undated column of the same name."""
    fact = Fact(id="f", lead_id="l1", occurred_at=NOON, name="title", value="CTO")
    assert FactSignal("title").measure(situation(fact, title="VP")) == "CTO"


@pytest.mark.parametrize("value", [None, "", float("nan")])
def test_missing_attribute_is_unknown(value):
    """None, empty text, NaN and no attribute at all are unknown."""
    assert FactSignal("title").measure(situation(title=value)) is UNKNOWN
    assert FactSignal("other").measure(situation()) is UNKNOWN


@pytest.mark.parametrize("make", [FactSignal, Parameter])
@pytest.mark.parametrize("name", ["", 5, None])
def test_attribute_needs_a_name(make, name):
    """An attribute or parameter without a name is an error."""
    with pytest.raises(ModelError) as caught:
        make(name)
    assert caught.value.code == "bad-value"


def test_parameter_reads_what_is_bound():
    """A parameter is unknown until a policy's are bound, and where the policy has none."""
    bound = situation().bind(parameters={"handoff_on": "mql", "check_in_days": None})
    assert Parameter("handoff_on").measure(bound) == "mql"
    assert Parameter("check_in_days").measure(bound) is UNKNOWN
    assert Parameter("handoff_on").measure(situation()) is UNKNOWN


def test_window_counts_integer_days_today_included():
    """A window of 2 days holds today and yesterday, whatever the hour."""
    records = [touch(0), touch(1), touch(2), touch(0, kind="other")]
    assert TouchCount("visit", days=2).measure(situation(*records)) == 2
    assert TouchCount("visit").measure(situation(*records)) == 3
    assert TouchCount().measure(situation(*records)) == 4


def test_count_reaching_before_the_opening_is_a_lower_bound():
    """A window that starts before records are complete gives at least what is seen."""
    seen = situation(touch(0), opening(3))
    assert TouchCount("visit", days=3).measure(seen) == 1
    assert TouchCount("visit", days=4).measure(seen) == AtLeast(1)
    assert TouchCount("visit").measure(seen) == AtLeast(1)


def test_window_older_than_time_counts_all():
    """A window longer than the calendar is complete without an opening."""
    assert TouchCount("visit", days=80_000).measure(situation(touch(0))) == 1


def test_machines_in_the_leads_name_do_not_count():
    """Inbound automated touches and kinds that only machines make are no touches of a count."""
    kinds = {"open": Kind(human=False), "mail": Kind.of(direction="outbound", channel="email")}
    records = [
        touch(0, automated=True),
        touch(0, kind="open"),
        touch(0, kind="mail", automated=True),
    ]
    assert TouchCount().measure(situation(*records, kinds=kinds)) == 1
    assert TouchCount(channel="email").measure(situation(*records, kinds=kinds)) == 1
    assert TouchCount(channel="phone").measure(situation(*records, kinds=kinds)) == 0


def test_days_since_the_last_touch():
    """Days since is the age in integer days of the last touch of the kind."""
    assert DaysSince("visit").measure(situation(touch(3), touch(9))) == 3


def test_never_is_longer_ago_than_any_number():
    """Without an opening, no touch means at least all the days of the calendar."""
    measured = DaysSince("visit").measure(situation())
    assert measured == AtLeast((NOON - datetime(1970, 1, 1, tzinfo=UTC)).days)


def test_days_since_before_the_opening_is_a_lower_bound():
    """A touch from before the opening may not be the last: only the opening's age is sure."""
    assert DaysSince("visit").measure(situation(touch(9), opening(4))) == AtLeast(4)
    assert DaysSince("visit").measure(situation(opening(4))) == AtLeast(4)


def test_opening_tells_the_last_touch_of_a_channel():
    """The opening's column answers for a channel, where no later touch does."""
    told = opening(4, last_touch={"phone": date(2026, 3, 1)})
    assert DaysSince(channel="phone").measure(situation(told)) == 9
    assert DaysSince(channel="email").measure(situation(told)) == AtLeast(4)
    assert DaysSince("call", channel="phone").measure(situation(told)) == AtLeast(4)
    assert DaysSince(channel="phone").measure(situation(told, touch(1, channel="phone"))) == 1


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: TouchCount("visit", days=0), "out-of-range"),
        (lambda: TouchCount("visit", days=True), "out-of-range"),
        (lambda: TouchCount("visit", days=10**6), "out-of-range"),
        (lambda: TouchCount("visit", channel="fax"), "unknown-word"),
        (lambda: TouchCount(""), "bad-value"),
        (lambda: DaysSince(5), "bad-value"),
        (lambda: DaysSince(channel="fax"), "unknown-word"),
    ],
)
def test_impossible_count_is_refused(make, code):
    """Windows are whole days within the calendar, channels known, kinds named."""
    with pytest.raises(ModelError) as caught:
        make()
    assert caught.value.code == code


def test_names_say_what_is_measured():
    """The name of a count holds its kind, channel and window."""
    assert TouchCount("visit", days=7, channel="web").name == "touches:visit by web in 7 days"
    assert TouchCount("visit").name == "touches:visit"
    assert DaysSince("visit").name == "days_since:visit"


def test_answers_are_unknown_until_bound():
    """Score, dimension, position, grade and readiness are unknown before they are bound."""
    for name in ("score", "score.fit", "position", "grade", "sales_ready", "unfit"):
        assert named(name).measure(situation()) is UNKNOWN


def test_score_signals_read_the_score():
    """A bound score answers in points; a position not reached is none, a missing grade unknown."""
    score = Score(milli=42_500, dimensions={"fit": 15_000})
    bound = situation().bind(score=score)
    assert named("score").measure(bound) == 42.5
    assert named("score.fit").measure(bound) == 15
    assert named("score.other").measure(bound) is UNKNOWN
    assert named("position").measure(bound) == "none"
    assert named("grade").measure(bound) is UNKNOWN
    full = Score(milli=0, position=FunnelPosition.DECISION, grade="A1")
    assert named("position").measure(situation().bind(score=full)) == "decision"
    assert named("grade").measure(situation().bind(score=full)) == "A1"


def test_readiness_signals_read_the_readiness():
    """Unfit is unknown where fit isn't known to be bad or good."""
    ready = situation().bind(readiness=Readiness(is_sales_ready=True))
    assert named("sales_ready").measure(ready) is True
    assert named("unfit").measure(ready) is UNKNOWN
    unfit = situation().bind(readiness=Readiness(is_unfit=True))
    assert named("unfit").measure(unfit) is True


def test_named_signals_carry_their_names():
    """Every named signal satisfies the protocol under the name it is listed by."""
    for name, signal in NAMED.items():
        assert isinstance(signal, Signal)
        assert signal.name == name


def test_plug_in_signal_is_found_but_never_replaces():
    """A plug-in's signal is found by name; the library's own names stay its own."""
    more = {"weather": FactSignal("weather"), "score": FactSignal("fake")}
    assert named("weather", more=more) is more["weather"]
    assert named("score", more=more) is NAMED["score"]


@pytest.mark.parametrize("name", ["scor", "score.", ""])
def test_unknown_signal_is_refused(name):
    """An unknown signal names what is known, and where it is used."""
    with pytest.raises(ModelError) as caught:
        named(name, path="$.when")
    assert (caught.value.code, caught.value.path) == ("unknown-signal", "$.when")
