"""Plug-ins asked in other processes, and the program that runs there."""

import io
import os
import pickle
import sys
from types import ModuleType

import attrs
import pytest

from nurturekit.testing import child, policy_checks, signal_checks
from nurturekit.testing.elsewhere import Lost, Unpickled, asked_elsewhere
from nurturekit.testing.subject import Awaitable, Raised
from tests.plugin.bad import policies, signals


def subject_of(policy):
    """Return a policy as the checks ask it."""
    return policy_checks(policy)[0].subject


@attrs.frozen(kw_only=True)
class Echoes:
    """Answer with what it is asked."""

    plugin = name = "echoes"

    def decide(self, answer):
        if answer == "raise":
            raise LookupError(answer)
        return (lambda: answer) if answer == "unpickled" else answer


@attrs.frozen(kw_only=True)
class EndsTheProcess:
    plugin = name = "ends"

    def decide(self, situation):
        os._exit(3)


@attrs.frozen(kw_only=True)
class Waits:
    plugin = name = "waits"

    async def decide(self, situation):
        return situation


def test_answers_come_back_in_order():
    """Whatever a plug-in answers comes back, each to its own question."""
    asked = ["a", "raise", "unpickled", 2]
    answers = asked_elsewhere(subject_of(Echoes()), [(one,) for one in asked], hash_seed="0")
    assert answers == ("a", Raised("LookupError", Exception()), Unpickled("function"), 2)
    assert asked_elsewhere(subject_of(Waits()), [(1,)], hash_seed="0") == (Awaitable(),)


def test_hashes_of_texts_differ():
    """Another seed gives sets of texts another order."""
    subject = attrs.evolve(subject_of(Echoes()), plugin=HashOfText())
    first, second = (asked_elsewhere(subject, [("a",)], hash_seed=seed) for seed in "01")
    assert first != second


@attrs.frozen
class HashOfText:
    def decide(self, text):
        return hash(text)


def test_a_plugin_that_cannot_be_sent_is_lost():
    """A class inside a function exists in one process alone: it must stand in a module."""

    @attrs.frozen(kw_only=True)
    class Local:
        plugin = name = "local"
        decide = policies.Good.decide

    assert isinstance(asked_elsewhere(subject_of(Local()), [], hash_seed="0"), Lost)
    checks = {check.__name__: check for check in policy_checks(Local())}
    with pytest.raises(AssertionError, match="define the class in a module"):
        checks["check_same_in_another_process"]()
    checks["check_no_clock"]()


def test_a_plugin_that_is_nowhere_to_be_found_is_lost(monkeypatch):
    """A module that only this process knows can't be imported by another."""
    ghost = ModuleType("ghost")
    ghost.Ghost = type("Ghost", (), {"__module__": "ghost", "decide": Echoes.decide})
    monkeypatch.setitem(sys.modules, "ghost", ghost)
    subject = attrs.evolve(subject_of(Echoes()), plugin=ghost.Ghost())
    assert asked_elsewhere(subject, [], hash_seed="0") == Lost(
        "ModuleNotFoundError: No module named 'ghost'"
    )


def test_a_plugin_that_ends_its_process_is_lost_alone():
    """The next plug-in gets a process that lives."""
    lost = asked_elsewhere(subject_of(EndsTheProcess()), [(1,)], hash_seed="0")
    assert lost == Lost("it ended the process")
    assert asked_elsewhere(subject_of(Echoes()), [("a",)], hash_seed="0") == ("a",)


def test_clocks_stand_in_another_year():
    """Every clock of the other process stands in its year, and dates are still dates."""
    subject = attrs.evolve(subject_of(Echoes()), plugin=Clocks())
    ((now, today, seconds, is_date),) = asked_elsewhere(subject, [(1,)], hash_seed="0", year=2099)
    assert (now, today, is_date) == (2099, 2099, True)
    assert 2098 < 1970 + seconds / 31_556_952 < 2100


@attrs.frozen
class Clocks:
    def decide(self, situation):
        import datetime as dt
        import time

        now, today = dt.datetime.now(dt.UTC), dt.date.today()  # noqa: DTZ011 - a clock to set
        return now.year, today.year, time.time(), isinstance(now.date(), dt.date)


def served(*requests):
    """Return the replies of the program to some requests."""
    replies = io.BytesIO()
    before = list(sys.path)
    child.serve(io.BytesIO(b"".join(pickle.dumps(one) for one in requests)), replies)
    assert sys.path == before
    replies.seek(0)
    return [pickle.load(replies) for _ in requests]  # noqa: S301 - our own


def test_the_program_answers_until_there_is_no_more():
    """It answers each request in turn, and ends with them."""
    calls = [("a",), ("raise",), ("unpickled",)]
    request = (sys.path, pickle.dumps((Echoes(), "decide", calls)))
    broken = (sys.path, b"no pickle")
    waits = (sys.path, pickle.dumps((signals.Coroutine(), "measure", [(1,)])))
    first, second, third = served(request, broken, waits)
    assert first[0] == ""
    assert [kind for kind, _ in first[1]] == ["answered", "raised", "unpickled"]
    assert first[1][0] == ("answered", pickle.dumps("a"))
    assert second[0].startswith("UnpicklingError")
    assert third == ("", [("awaitable", "")])


def test_a_signal_is_asked_elsewhere_too():
    """A signal is measured in the other process as a policy decides there."""
    checks = {check.__name__: check for check in signal_checks(signals.Good())}
    checks["check_same_in_another_process"]()
