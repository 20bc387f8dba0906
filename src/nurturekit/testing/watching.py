"""Watch what a plug-in does while it answers: clocks read, chance drawn, files and sockets opened.

CLOSED. To add something to watch for: its name in a table below.
"""

import gc
import sys
import zoneinfo
from collections.abc import Callable
from datetime import date
from pathlib import PurePath
from types import FrameType, ModuleType
from typing import Any

# Functions of `time` that say what time it is, or where the machine stands.
_TIMES = frozenset(
    {
        *("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns"),
        *("process_time", "process_time_ns", "thread_time", "thread_time_ns", "clock_gettime"),
        *("clock_gettime_ns", "localtime"),
    }
)
_NOW = frozenset({"now", "utcnow", "today"})
_CHANCE = frozenset({"random", "secrets"})
_UUIDS = frozenset({"uuid1", "uuid4"})
# Audit events of files, processes, sockets, and of the modules that talk to other machines.
_IO = (
    *("open", "os.", "shutil.", "glob.", "tempfile.", "pathlib.", "sqlite3.", "mmap."),
    *("socket.", "subprocess.", "urllib.", "http.", "ftplib.", "smtplib.", "imaplib.", "poplib."),
    *("webbrowser.", "syslog.", "fcntl.", "builtins.input"),
)
_IMPORTS = ("importlib", "_frozen_importlib", "zoneinfo")

# What the hook of this process writes to, while something is watched.
_opened: list[list[str]] = []
_hooked: list[Callable[[str, tuple[Any, ...]], None]] = []
_Event = tuple[FrameType, str, Any]


def clocks_read(ask: Callable[[], object]) -> list[str]:
    """Return which clocks are read while something is asked, each with its place in the code."""
    return [
        f"`{said}` in {_place(frame)}"
        for frame, event, called in _calls(ask)
        if event == "c_call" and (said := _clock(called))
    ]


def chance_drawn(ask: Callable[[], object]) -> list[str]:
    """Return what is drawn at random while something is asked, each with its place in the code."""
    found = []
    for frame, event, called in _calls(ask):
        said = _drawn(called) if event == "c_call" else _entered(frame)
        if said:
            # What is called is in the frame of whoever calls it, but for Python's own functions.
            caller = frame if event == "c_call" else frame.f_back
            found.append(f"`{said}` in {_place(caller or frame)}")
    return found


def files_opened(ask: Callable[[], object]) -> list[str]:
    """Return which files, sockets and processes are opened while something is asked.

    What an import reads, and the data of time zones, don't count.
    """
    if not _hooked:
        # An audit hook stays for as long as the process: there is one, and it mostly sleeps.
        _hook.__cantrace__ = True  # type: ignore[attr-defined]
        _hooked.append(_hook)
        sys.addaudithook(_hook)
    seen: list[str] = []
    _opened.append(seen)
    try:
        ask()
    finally:
        _opened.remove(seen)
    return seen


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _opened or not event.startswith(_IO):
        return
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - the only way to who opens it
    subject = str(arguments[0]) if arguments else ""
    if subject.startswith(zoneinfo.TZPATH) or _is_importing(frame):
        return
    for seen in _opened:
        seen.append(f"`{event}` of `{subject}` in {_place(frame)}")


def _is_importing(frame: FrameType | None) -> bool:
    # Up to whoever watches: the tests themselves may run while something is imported.
    while frame is not None and (name := _module(frame)) != __name__:
        if name.startswith(_IMPORTS):
            return True
        frame = frame.f_back
    return False


def _calls(ask: Callable[[], object]) -> list[_Event]:
    seen: list[_Event] = []

    def watch(frame: FrameType, event: str, called: Any) -> None:  # noqa: ANN401 # pragma: no cover - Python doesn't trace it
        if event in ("call", "c_call"):
            seen.append((frame, event, called))

    before, collects = sys.getprofile(), gc.isenabled()
    # What others do when garbage is collected isn't the plug-in's doing.
    gc.disable()
    sys.setprofile(watch)
    try:
        ask()
    finally:
        sys.setprofile(before)
        if collects:
            gc.enable()
    return seen


def _clock(called: Any) -> str:  # noqa: ANN401 - any function of C
    owner, name = getattr(called, "__self__", None), called.__name__
    if isinstance(owner, type) and issubclass(owner, date) and name in _NOW:
        return f"{owner.__name__}.{name}"
    if isinstance(owner, ModuleType) and owner.__name__ == "time" and name in _TIMES:
        return f"time.{name}"
    return ""


def _drawn(called: Any) -> str:  # noqa: ANN401 - any function of C
    owner, name = getattr(called, "__self__", None), called.__name__
    if type(owner).__module__ in _CHANCE:
        return f"{type(owner).__module__}.{name}"
    if isinstance(owner, ModuleType) and name in ("urandom", "getrandom"):
        return f"os.{name}"
    return ""


def _entered(frame: FrameType) -> str:
    module, name = _module(frame), frame.f_code.co_name
    is_chance = module in _CHANCE or (module == "uuid" and name in _UUIDS)
    return f"{module}.{name}" if is_chance else ""


def _place(frame: FrameType | None) -> str:
    while frame is not None and _module(frame).partition(".")[0] in sys.stdlib_module_names:
        frame = frame.f_back
    if frame is None:
        return "Python itself"
    return f"{PurePath(frame.f_code.co_filename).name}, in `{frame.f_code.co_name}`"


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))
