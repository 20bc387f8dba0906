"""Both teams held to account, from histories alone: who owned, touched, took and turned down what.

S1-11: coverage of all leads, follow-up by its deadline. S1-12: the blame game ends in numbers both
ways, rejections for the quality of leads, follow-up and speed for the effort of sales.

OPEN. To add one: a function that reads a `Book` in `measures.py`, and its row in the table there.
"""

from nurturekit.accountability.measures import MEASURES, Definition
from nurturekit.accountability.reports import Report, report
from nurturekit.accountability.values import SMALL_N, Measure, Side, Unit

__all__ = ["MEASURES", "SMALL_N", "Definition", "Measure", "Report", "Side", "Unit", "report"]
