"""Stages, their gate with hysteresis and dwell, and what a qualified lead is.

CLOSED: the stages are a closed set. To add one: a member of `Stage`, its rank, its rows in `LEGAL`.
"""

from nurturekit.lifecycle.qualification import Qualification
from nurturekit.lifecycle.stages import LEGAL, PROVEN, illegal_moves, needs_reason, propose

__all__ = ["LEGAL", "PROVEN", "Qualification", "illegal_moves", "needs_reason", "propose"]
