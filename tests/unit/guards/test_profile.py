"""Guard profiles and caps: what they refuse to be, and what they count."""

from datetime import UTC, date, datetime

import pytest

from nurturekit.calendars import ContactHours
from nurturekit.errors import ModelError
from nurturekit.guards import Cap, GuardProfile
from nurturekit.instants import DAY_US, HOUR_US
from nurturekit.vocabulary import Channel, Style, Team

PLAIN = {"name": "cap", "at_most": 1, "window_days": 7}
WORKDAYS = ContactHours(windows="mon-fri 09:00-17:00")


def _code_of(call, **fields):
    with pytest.raises(ModelError) as caught:
        call(**fields)
    return caught.value.code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"at_most": 0}, "out-of-range"),
        ({"at_most": True}, "out-of-range"),
        ({"at_most": 1.5}, "out-of-range"),
        ({"window_days": 0}, "out-of-range"),
        ({"window_days": 10_000}, "out-of-range"),
        ({"window_days": None, "window_hours": -1}, "out-of-range"),
        ({"window_days": None}, "bad-window"),
        ({"window_hours": 24}, "bad-window"),
        ({"then": "later"}, "unknown-word"),
        ({"window_days": None, "calendar_days": 0}, "out-of-range"),
        ({"calendar_days": 1}, "bad-window"),
        ({"scope": "company"}, "unknown-word"),
        ({"tag": ""}, "bad-id"),
        ({"channel": "fax"}, "unknown-word"),
        ({"team": "support"}, "unknown-word"),
        ({"styles": ["personal"]}, "unknown-word"),
        ({"styles": []}, "never-counts"),
        ({"channel": "web"}, "bad-channel"),
        ({"channel": "ads"}, "bad-channel"),
    ],
)
def test_caps_that_are_none(fields, code):
    """A cap that can't work is its author's error, with a stable code."""
    assert _code_of(Cap, **(PLAIN | fields)) == code


def test_window_of_a_cap():
    """A window is given in hours or in days of 24 hours."""
    assert Cap(**PLAIN).window_us == 7 * DAY_US
    assert Cap(name="cap", at_most=1, window_hours=36).window_us == 36 * HOUR_US


def test_what_a_cap_counts():
    """A cap counts its own channel, team and styles; what isn't known of a contact counts."""
    every = Cap(**PLAIN)
    assert every.counts(Channel.PHONE, Team.SALES, Style.ONE_TO_ONE)
    mails = Cap(**PLAIN, channel="email", team="marketing", styles=["mass", "automated"])
    assert mails.counts(Channel.EMAIL, Team.MARKETING, Style.MASS)
    assert not mails.counts(Channel.PHONE, Team.MARKETING, Style.MASS)
    assert not mails.counts(Channel.EMAIL, Team.SALES, Style.MASS)
    assert not mails.counts(Channel.EMAIL, Team.MARKETING, Style.ONE_TO_ONE)
    assert mails.counts(None, None, None)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"dated": "2026-01-01"}, "not-a-date"),
        ({"dated": datetime(2026, 1, 1, tzinfo=UTC)}, "not-a-date"),
        ({"minimum_gap_hours": -1}, "out-of-range"),
        ({"minimum_gap_hours": 1.5}, "out-of-range"),
        ({"horizon_days": 0}, "out-of-range"),
        ({"hours": {"fax": WORKDAYS}}, "unknown-word"),
        ({"hours": {"phone": "mon-fri 09:00-17:00"}}, "bad-hours"),
        ({"caps": [Cap(**PLAIN), Cap(**PLAIN)]}, "duplicate-name"),
        (
            {"minimum_gap_hours": 1, "caps": [Cap(**(PLAIN | {"name": "minimum gap"}))]},
            "duplicate-name",
        ),
    ],
)
def test_profiles_that_are_none(fields, code):
    """A profile that can't work is its author's error, with a stable code."""
    plain = {"name": "profile", "dated": date(2026, 1, 1)}
    assert _code_of(GuardProfile, **(plain | fields)) == code


def test_gap_is_a_cap_of_one(profile):
    """The minimum gap is the cap of one contact, by whichever team and channel."""
    found = profile(minimum_gap_hours=24, caps=[Cap(**PLAIN)])
    assert [limit.name for limit in found.limits] == ["minimum gap", "cap"]
    assert (found.limits[0].at_most, found.limits[0].window_us) == (1, DAY_US)
    assert found.longest_us == 7 * DAY_US
    assert profile().limits == ()
    assert profile().longest_us == 0


def test_limits_of_an_action(profile):
    """An action fits into the caps that count it; a rep's own is neither dropped nor advanced."""
    drop = Cap(name="drop", at_most=1, window_days=1, then="drop")
    defer = Cap(name="defer", at_most=1, window_days=1)
    calls = Cap(name="calls", at_most=1, window_days=1, channel="phone")
    early = Cap(name="early", at_most=1, window_days=1, then="advance", tag="spring")
    found = profile(caps=[drop, defer, calls, early])
    mail = found.limits_for(Channel.EMAIL, Team.SALES, Style.AUTOMATED)
    assert mail == ((defer,), (drop,), ())
    assert found.limits_for(Channel.EMAIL, Team.SALES, Style.AUTOMATED) is mail
    call = found.limits_for(Channel.PHONE, Team.SALES, Style.ONE_TO_ONE)
    assert call == ((drop, defer, calls), (), ())
    tagged = found.limits_for(Channel.EMAIL, Team.SALES, Style.MASS, ("a", None, "spring"))
    assert tagged == ((defer,), (drop,), (early,))


@pytest.mark.parametrize("channel", [Channel.WEB, Channel.ADS])
def test_what_reaches_nobody_in_person(profile, channel):
    """Neither caps nor the gap bind what reaches nobody in person."""
    found = profile(minimum_gap_hours=24, caps=[Cap(**PLAIN)])
    assert found.limits_for(channel, Team.MARKETING, Style.AUTOMATED) == ((), (), ())


def test_profile_is_a_value(profile):
    """Two profiles that say the same are equal, whatever they have looked up."""
    used, fresh = (profile(hours={"phone": WORKDAYS}, caps=[Cap(**PLAIN)]) for _ in range(2))
    used.limits_for(Channel.PHONE, Team.SALES, Style.ONE_TO_ONE)
    assert used == fresh
    assert hash(used) == hash(fresh)
