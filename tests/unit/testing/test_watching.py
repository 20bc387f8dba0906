"""What is seen of a plug-in while it answers, and what doesn't count."""

import datetime as dt
import gc
import importlib
import os
import random
import secrets
import sys
import time
import uuid
import zoneinfo
from pathlib import Path
from threading import Thread

import pytest

from nurturekit.testing.watching import chance_drawn, clocks_read, files_opened


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: dt.datetime.now(dt.UTC), "`datetime.now`"),
        (lambda: str(dt.datetime.today()), "`datetime.today`"),  # noqa: DTZ002 - a clock to see
        (lambda: str(dt.date.today()), "`date.today`"),  # noqa: DTZ011 - as above
        (lambda: time.time() + 1, "`time.time`"),
        (lambda: time.monotonic_ns() + 1, "`time.monotonic_ns`"),
    ],
)
def test_clocks_are_seen(ask, said):
    """Each way to ask what time it is, is seen, with the place in the code."""
    seen = clocks_read(ask)
    assert seen == [f"{said} in test_watching.py, in `<lambda>`"]


@pytest.mark.parametrize(
    "ask",
    [
        lambda: dt.datetime(2026, 1, 1, tzinfo=dt.UTC).date(),
        lambda: dt.datetime.fromisoformat("2026-01-01"),
        lambda: time.gmtime(0),
        lambda: len([3, 1, 2]),
    ],
)
def test_dates_are_no_clocks(ask):
    """Reckoning with given instants reads no clock."""
    assert clocks_read(ask) == []


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: random.random() + 1, "`random.random`"),
        (lambda: random.choice([1, 2]), "`random.choice`"),
        (lambda: secrets.token_bytes(2), "`secrets.token_bytes`"),
        (lambda: os.urandom(2), "`os.urandom`"),
        (lambda: str(uuid.uuid4()), "`uuid.uuid4`"),
    ],
)
def test_draws_are_seen(ask, said):
    """Each way to draw at random is seen, with the place in the code."""
    seen = chance_drawn(ask)
    assert any(one.endswith("test_watching.py, in `<lambda>`") for one in seen)
    assert any(one.startswith(said) for one in seen)


def test_hashes_are_no_chance():
    """An id that follows from a name isn't drawn."""
    assert chance_drawn(lambda: uuid.uuid5(uuid.NAMESPACE_DNS, "lead-1")) == []
    assert chance_drawn(lambda: sorted({"b", "a"})) == []


def test_files_are_seen():
    """A file that is opened, and a folder that is listed, are seen with their paths."""
    (seen,) = files_opened(lambda: Path(__file__).open().close())
    assert seen.startswith(f"`open` of `{__file__}` in test_watching.py, in `<lambda>`")
    (seen,) = files_opened(lambda: list(os.scandir(".")))
    assert seen.startswith("`os.scandir`")
    assert files_opened(lambda: sys.audit("builtins.input"))[0].startswith("`builtins.input` of ``")


def test_imports_and_time_zones_are_no_files():
    """What Python reads to import a module, and the data of a zone, don't count."""
    sys.modules.pop("colorsys", None)

    def ask():
        zoneinfo.ZoneInfo.no_cache("Pacific/Chatham")
        importlib.import_module("colorsys")

    assert files_opened(ask) == []


def test_nothing_is_watched_afterwards():
    """Once a plug-in has answered, or raised, Python runs as before."""

    def fail():
        raise LookupError

    before = sys.getprofile()
    for watch in (clocks_read, chance_drawn, files_opened):
        with pytest.raises(LookupError):
            watch(fail)
        assert sys.getprofile() is before
        assert gc.isenabled()
    with Path(__file__).open() as file:
        assert file.readable()


def test_a_collector_that_was_off_stays_off():
    """Watching doesn't turn the collection of garbage on."""
    gc.disable()
    try:
        clocks_read(list)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_another_thread_opens_is_seen():
    """A plug-in that lets another thread open its files is seen, too."""

    def ask():
        thread = Thread(target=os.listdir, args=(".",))
        thread.start()
        thread.join()

    assert files_opened(ask) == ["`os.listdir` of `.` in Python itself"]
