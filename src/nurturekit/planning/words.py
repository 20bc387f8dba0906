"""Checks that the planner's values share: words of a closed set, names, whole numbers."""

from enum import StrEnum
from typing import TypeVar

from nurturekit.errors import ModelError, did_you_mean
from nurturekit.vocabulary import Channel, Purpose, Style, Team

# Ten years: no wait, version or distance is longer.
MOST = 3650
MOST_NAME = 200  # leaves room for `-12` within an id

W = TypeVar("W", bound=StrEnum)


def one_of(value: object, words: tuple[str, ...], *, path: str) -> str:
    """Return a word of a closed set; refuse any other."""
    if isinstance(value, str) and value in words:
        return value
    hint = did_you_mean(value, words) if isinstance(value, str) else ""
    raise ModelError("unknown-word", path=path, problem=f"must be one of {', '.join(words)}{hint}")


def word(value: str, words: type[W], *, path: str) -> W:
    """Return the member of a vocabulary that a text names."""
    return words(one_of(value, tuple(map(str, words)), path=path))


def team(value: str) -> Team:
    """Return a team."""
    return word(value, Team, path="team")


def team_or_none(value: str | None) -> Team | None:
    """Return a team, or None."""
    return None if value is None else team(value)


def channel(value: str) -> Channel:
    """Return a channel."""
    return word(value, Channel, path="channel")


def style(value: str) -> Style:
    """Return a style."""
    return word(value, Style, path="style")


def purpose(value: str) -> Purpose:
    """Return a purpose."""
    return word(value, Purpose, path="purpose")


def check_count(value: object, *, path: str, least: int) -> None:
    """Refuse what isn't a whole number within bounds."""
    if type(value) is not int or not least <= value <= MOST:
        raise ModelError(
            "out-of-range",
            path=path,
            problem=f"must be a whole number from {least:,} to {MOST:,}",
        )


def check_name(value: object, *, path: str) -> None:
    """Refuse what can't be a name."""
    if type(value) is not str or not 0 < len(value) <= MOST_NAME or not value.isprintable():
        raise ModelError(
            "bad-name",
            path=path,
            problem=f"must be a text of 1 to {MOST_NAME} printable characters",
        )
