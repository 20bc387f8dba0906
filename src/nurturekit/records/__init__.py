"""The records that make a history, and the situation they make at one instant.

CLOSED: five kinds of record are the only state. To add one: see `records.events`.
"""

from nurturekit.records.events import Consent, Fact, Move, Opening, Record
from nurturekit.records.frozen import FrozenMap
from nurturekit.records.history import History, Visible
from nurturekit.records.kinds import Kind
from nurturekit.records.permissions import Permission
from nurturekit.records.reps import Absence, Load, Pool, Rep
from nurturekit.records.situation import Situation
from nurturekit.records.standing import Run, Standing
from nurturekit.records.touch import Touch
from nurturekit.records.world import (
    EMPTY_WORLD,
    Assume,
    Content,
    Lead,
    Peer,
    World,
)

__all__ = [
    "EMPTY_WORLD",
    "Absence",
    "Assume",
    "Consent",
    "Content",
    "Fact",
    "FrozenMap",
    "History",
    "Kind",
    "Lead",
    "Load",
    "Move",
    "Opening",
    "Peer",
    "Permission",
    "Pool",
    "Record",
    "Rep",
    "Run",
    "Situation",
    "Standing",
    "Touch",
    "Visible",
    "World",
]
