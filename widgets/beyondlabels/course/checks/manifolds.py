"""The exercises of lesson 05, maps of many dimensions, in the order of the lesson. The judges measure distances."""

from ._manifolds_isomap import MDS, SHORTCUTS
from ._manifolds_maps import NEIGHBOURS_KEPT, PERPLEXITY
from ._manifolds_phone import STAND_IN

EXERCISES = [NEIGHBOURS_KEPT, MDS, PERPLEXITY, SHORTCUTS, STAND_IN]
