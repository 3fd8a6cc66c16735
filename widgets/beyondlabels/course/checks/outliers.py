"""The exercises of lesson 06, the odd one out among biopsies, in the order of the lesson."""

from ._outliers_budget import BUDGET, OWN_SPREAD, PRECISION
from ._outliers_cut import ONE_CUT
from ._outliers_phone import DISCREET, NEW_LINE

EXERCISES = [BUDGET, PRECISION, NEW_LINE, ONE_CUT, OWN_SPREAD, DISCREET]
