"""The program of another process, which asks plug-ins there: see `nurturekit.testing.elsewhere`.

It is run as a file and imports the standard library only, so that it can set the clocks before the
plug-in, and all that it imports, can take hold of them.
"""

import pickle
import sys
from collections.abc import Callable
from typing import Any, BinaryIO


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer requests, one pickle each, until there are no more.

    A request is `(sys.path, pickled (plugin, method, calls))`; the reply is a pair: what kept the
    plug-in from being loaded, or nothing, and for each call `(kind, answer)`.
    """
    while True:
        try:
            paths, pickled = pickle.load(requests)  # noqa: S301 - from our own parent
        except EOFError:
            return
        sys.path[:] = paths
        pickle.dump(_reply(pickled), replies)
        replies.flush()


def _reply(pickled: bytes) -> tuple[str, list[tuple[str, Any]]]:
    try:
        plugin, method, calls = pickle.loads(pickled)  # noqa: S301 - from our own parent
    except Exception as error:  # noqa: BLE001 - a plug-in's module may raise anything
        return f"{type(error).__name__}: {error}", []
    ask = getattr(plugin, method)
    # The last first: an answer that depends on what was asked before differs.
    answers = [_answer(ask, call) for call in reversed(calls)]
    return "", answers[::-1]


def _answer(ask: Callable[..., Any], call: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        answer = ask(*call)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a plug-in may raise anything
        return "raised", type(error).__name__
    if hasattr(answer, "__await__"):
        getattr(answer, "close", bool)()
        return "awaitable", ""
    try:
        return "answered", pickle.dumps(answer)
    except Exception:  # noqa: BLE001 - as above
        return "unpickled", type(answer).__name__


def set_clocks(year: int) -> None:  # pragma: no cover - runs where nothing is measured
    """Put every clock of this process into another year, for good."""
    import datetime as dt
    import time

    start = dt.datetime(year, 1, 1, tzinfo=dt.UTC).timestamp() - time.time()
    seconds, real = time.time, (dt.date, dt.datetime)

    class Kind(type):
        """What was made by the real class is one of these, too."""

        def __instancecheck__(cls, one: object) -> bool:
            return isinstance(one, real[cls.__name__ == "datetime"])

    def today(cls: Any) -> Any:  # noqa: ANN401 - a date or a datetime
        return cls.fromtimestamp(seconds() + start)

    def now(cls: Any, tz: dt.tzinfo | None = None) -> Any:  # noqa: ANN401 - a datetime
        return cls.fromtimestamp(seconds() + start, tz)

    own = {"__module__": "datetime", "today": classmethod(today)}
    setattr(dt, "date", Kind("date", (real[0],), own))  # noqa: B010 - mypy refuses the other form
    own |= {"now": classmethod(now), "utcnow": classmethod(today)}
    setattr(dt, "datetime", Kind("datetime", (real[1],), own))  # noqa: B010 - as above
    time.time = lambda: seconds() + start
    time.time_ns = lambda: int((seconds() + start) * 1e9)
    for name in ("gmtime", "localtime", "ctime"):
        told = getattr(time, name)
        setattr(time, name, lambda at=None, told=told: told(time.time() if at is None else at))
    written: Any = time.strftime
    setattr(  # noqa: B010 - as above
        time, "strftime", lambda form, *at: written(form, *(at or (time.gmtime(),)))
    )


if __name__ == "__main__":  # pragma: no cover - as above
    import os

    if sys.argv[1:]:
        set_clocks(int(sys.argv[1]))
    # What a plug-in prints goes to the errors, not among the replies.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, out)
