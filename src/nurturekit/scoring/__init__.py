"""How a lead is scored: rules in dimensions, points as integers, decay, caps, bands.

CLOSED: a state rule and a touch rule are the two kinds of rule, so that tables and documents know
them all. New things to measure come in as signals, new ways to fade as `custom` decays.
"""

from nurturekit.scoring.bands import Band, Bands, Dimension, Grid, Positions
from nurturekit.scoring.decay import Decay, constant, custom, half_life, linear, steps, window
from nurturekit.scoring.model import ScoringModel
from nurturekit.scoring.rules import Rule, TouchMatch, TouchRule, touch

__all__ = [
    "Band",
    "Bands",
    "Decay",
    "Dimension",
    "Grid",
    "Positions",
    "Rule",
    "ScoringModel",
    "TouchMatch",
    "TouchRule",
    "constant",
    "custom",
    "half_life",
    "linear",
    "steps",
    "touch",
    "window",
]
