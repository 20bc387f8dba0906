"""How much contact each lead gets, and how much of it says nothing new (S4-9, S3-2).

CLOSED. To add a measure: a field of `LeadFatigue`, and how it is read from a history in `reading`.
"""

from nurturekit.fatigue.reading import repeats
from nurturekit.fatigue.reports import FatigueReport, fatigue
from nurturekit.fatigue.values import PARTS, LeadFatigue, TeamFatigue

__all__ = ["PARTS", "FatigueReport", "LeadFatigue", "TeamFatigue", "fatigue", "repeats"]
