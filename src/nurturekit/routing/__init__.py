"""Who gets which lead: a night's requests given to reps by weight, capacity, hours and absences.

CLOSED. To add one: a way to choose is a word of `Pool.method` and its key in `routing.roster`; what
keeps a rep from a lead is a row of `routing.roster.FILTERS`, with its word in `Unassigned`.
"""

from nurturekit.routing.adopting import adoptions
from nurturekit.routing.batch import Assigned, assign
from nurturekit.routing.folding import loads

__all__ = ["Assigned", "adoptions", "assign", "loads"]
