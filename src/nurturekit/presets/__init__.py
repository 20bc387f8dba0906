"""The shipped playbooks: one position each on who should nurture a lead, as TOML documents.

CLOSED: a position of one's own is a document too. To add one here: its `.toml` beside the others
(`extends = "common"`), each number with its source, and its name in `PRESETS`.
"""

from functools import cache
from importlib.resources import files

from nurturekit.documents import loads
from nurturekit.documents.extends import shipped
from nurturekit.errors import CallError, did_you_mean
from nurturekit.playbook import Playbook
from nurturekit.records import Content

PRESETS: tuple[str, ...] = ("marketing-led", "sales-led", "blended")


def preset(name: str) -> Playbook:
    """Return a shipped playbook.

    Args:
        name: `marketing-led`, `sales-led` or `blended`.

    Raises:
        CallError: `unknown-preset`.

    >>> preset("blended").ownership.check_in_days
    60
    """
    if name not in PRESETS:
        listed = ", ".join(PRESETS)
        hint = did_you_mean(str(name), PRESETS)
        raise CallError("unknown-preset", argument="name", problem=f"must be one of {listed}{hint}")
    return _preset(name)


@cache
def _preset(name: str) -> Playbook:
    return loads(shipped()[name].read_text("utf-8"))


def library() -> tuple[Content, ...]:
    """Return a small content library to run the shipped sequences: ids and metadata, no copy.

    Example values; nothing in the library reads it by itself.

    >>> len(library()), library()[0].id
    (28, 'field-guide')
    """
    import tomllib

    path = files("nurturekit") / "presets" / "content" / "library.toml"
    rows = tomllib.loads(path.read_text("utf-8"))["content"]
    return tuple(Content(**row) for row in rows)
