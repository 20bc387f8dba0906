"""What happens next for a lead: sequences of steps, what is owed, and the content for both.

OPEN. To add one: a frozen value with `plan(situation, ownership) -> Plan`, as `typing.Planner`
states; `SequencePlanner` is the shipped one.

Rules of the shipped planner:

- Position is the run's furthest step made or skipped; waits start at what really happened.
- Nothing leads back in a sequence: every path ends. A branch is taken once; only another
  conversation changes the track.
- Exits are eager, and each is a `left` move with its reason. A run keeps its sequence's version.
- No empty check-in: a timer never makes a rep's touch, news does.
- No piece of content twice for a lead; running out of content is an answer, not an error.
"""

from nurturekit.planning.branches import Arm, Branch
from nurturekit.planning.content import matching
from nurturekit.planning.forecast import forecast
from nurturekit.planning.planner import SequencePlanner
from nurturekit.planning.sequence import ContentRule, Sequence, Step

__all__ = [
    "Arm",
    "Branch",
    "ContentRule",
    "Sequence",
    "SequencePlanner",
    "Step",
    "forecast",
    "matching",
]
