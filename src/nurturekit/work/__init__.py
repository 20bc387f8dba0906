"""What people work from: a rep's day in order, leads for time to spare, alerts by recipient.

Nothing here decides: the lists are read from decisions, and an item is an action of one.

CLOSED. To add a kind of work: its place in `items.KINDS`, and the duty it stands for in `queue`.
"""

from nurturekit.work.digest import Digest, digest
from nurturekit.work.items import KINDS, LeftOut, WorkItem, WorkQueue
from nurturekit.work.queue import work_queue
from nurturekit.work.spare import idle_list

__all__ = [
    "KINDS",
    "Digest",
    "LeftOut",
    "WorkItem",
    "WorkQueue",
    "digest",
    "idle_list",
    "work_queue",
]
