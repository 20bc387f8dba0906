"""Ask a signal that may be a plug-in's: what it raises gets its name, what it returns is checked.

The library's own signals are asked directly: their measures need no check.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePath
from types import CoroutineType
from typing import TYPE_CHECKING

from nurturekit.errors import NurtureError, PluginError
from nurturekit.signals.measures import AtLeast, Measure, NamedSignal, Unknown
from nurturekit.typing import Signal

if TYPE_CHECKING:
    from nurturekit.records import Situation

# What a plug-in may raise: its `sys.exit` too must not end a batch.
RAISED = (Exception, SystemExit)
_HOME = f"{__package__}."
_PLAIN = frozenset({str, int, float, bool, Decimal, date, Unknown})
_LIKE_PLAIN = (str, int, float, Decimal, date)
_MEASURES = "a text, a number, a bool, a date, a tuple of texts, UNKNOWN or AtLeast(count)"


def is_own(signal: Signal) -> bool:
    """Say whether a signal is one of the library's own."""
    if type(signal) is NamedSignal:
        # Anybody can make one; the library's are those it knows by name.
        from nurturekit.signals import NAMED

        return NAMED.get(signal.name) == signal
    return type(signal).__module__.startswith(_HOME)


def measuring(signal: Signal) -> "Callable[[Situation], Measure]":
    """Return what measures a signal; a plug-in's is checked on every call.

    What is returned raises `PluginError` when the plug-in raises, or returns what isn't a measure.
    """
    if is_own(signal):
        return signal.measure

    def measure(situation: "Situation") -> Measure:
        name, lead_id = signal.name, situation.lead.id
        try:
            measured: object = signal.measure(situation)
        except PluginError:
            raise
        except RAISED as error:
            raise raised(error, name, lead_id=lead_id) from error
        if type(measured) in _PLAIN or _is_measure(measured):
            return measured  # type: ignore[return-value]
        problem = f"returned {described(measured)} instead of {_MEASURES}"
        raise PluginError(name, lead_id=lead_id, problem=problem)

    return measure


def _is_measure(value: object) -> bool:
    if isinstance(value, tuple):
        return all(isinstance(text, str) for text in value)
    if isinstance(value, AtLeast):
        return type(value.count) is int and value.count >= 0
    return isinstance(value, _LIKE_PLAIN) and not isinstance(value, datetime)


def raised(error: BaseException, plugin: str, *, lead_id: str | None) -> PluginError:
    """Return the error that says what a plug-in raised, and where.

    The text of an error that isn't the library's may hold a person's data: it is left to
    `__cause__`.
    """
    said = f": {error}" if isinstance(error, NurtureError) else ""
    problem = f"raised {type(error).__name__}{_place(error)}{said}"
    return PluginError(plugin, lead_id=lead_id, problem=problem)


def _place(error: BaseException) -> str:
    place, traceback = "", error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        place = f" in `{code.co_name}` ({PurePath(code.co_filename).name}, {traceback.tb_lineno})"
        traceback = traceback.tb_next
    return place


def described(answer: object) -> str:
    """Return what a plug-in returned, for a sentence; a coroutine is closed, as nobody awaits it.

    >>> described([1, 2])
    'a `list`'
    """
    if isinstance(answer, CoroutineType):
        answer.close()
        return "a coroutine (its function must not be `async`)"
    return "None" if answer is None else f"a `{type(answer).__name__}`"
