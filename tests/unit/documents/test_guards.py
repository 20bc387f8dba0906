"""`[guards]`: what is read, written back, and refused with its place."""

import pytest

from nurturekit.documents import check, dump, load, loads

HEAD = 'format = 1\nextends = "blended"\n'
CAP = 'name = "a", at_most = 1'


def _found(text):
    return [(one.code, one.path) for one in check(HEAD + text)]


@pytest.mark.parametrize(
    ("key", "value", "code", "place"),
    [
        ("hours.phone", '"mon-fri 17:00-09:00"', "bad-window", "hours.phone"),
        ("hours.phone", '"mon-fri 24:00-09:00 overnight"', "bad-window", "hours.phone"),
        ("hours.phone", '"moon-fri 09:00-17:00"', "bad-weekday", "hours.phone"),
        ("hours.phone", '["mon 09:00-17:00", "mon 9-17"]', "bad-window", "hours.phone[1]"),
        (
            "hours.phone",
            '{ windows = ["mon 09:00-17:00"], holidays = [2026-01-01, 2026-01-01] }',
            "duplicate-holiday",
            "hours.phone.holidays",
        ),
        ("caps", f"[{{ {CAP}, window_days = 1, calendar_days = 1 }}]", "bad-window", None),
        ("caps", f"[{{ {CAP}, window_days = 1, window_hours = 1 }}]", "bad-window", None),
        ("caps", f"[{{ {CAP}, calendar_days = 0 }}]", "out-of-range", "caps[0].calendar_days"),
        (
            "caps",
            f'[{{ {CAP}, window_days = 1, scope = "company" }}]',
            "unknown-word",
            "caps[0].scope",
        ),
        ("caps", f'[{{ {CAP}, window_days = 1, then = "later" }}]', "unknown-word", "caps[0].then"),
        ("caps", f'[{{ {CAP}, window_days = 1, tag = "" }}]', "bad-id", "caps[0].tag"),
        ("complaints_warn_per_million", "0", "out-of-range", "complaints_warn_per_million"),
        ("complaints_warn_per_million", "4000", "out-of-range", "complaints_warn_per_million"),
        ("complaints_stop_per_million", "1000001", "out-of-range", "complaints_stop_per_million"),
    ],
)
def test_refused_with_its_place(key, value, code, place):
    """What can't work is told when the document is read: a stable code, and where it stands."""
    ((found, path),) = _found(f"[guards]\n{key} = {value}")
    assert found == code
    assert path.startswith(f"$.guards.{place or 'caps[0].'}")


def test_round_trip():
    """Every key of a cap and of the complaints is written back as it was read."""
    text = (
        HEAD
        + """
[guards]
complaints_warn_per_million = 500
complaints_stop_per_million = 2000

[[guards.caps]]
name = "one a day"
at_most = 1
calendar_days = 1
scope = "account"
tag = "spring"
then = "advance"
channel = "email"
"""
    )
    playbook = loads(text)
    (cap,) = playbook.guards.caps
    assert (cap.calendar_days, cap.scope, cap.tag, cap.then) == (1, "account", "spring", "advance")
    assert playbook.guards.complaints_stop_per_million == 2000
    assert load(dump(playbook)) == playbook
