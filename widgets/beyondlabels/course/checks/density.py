"""The exercises of lesson 02, density on a week of earthquakes, in the order of the lesson."""

from ._density_circle import CORE_QUAKES, K_DISTANCE
from ._density_map import HAVERSINE, ON_NOISE
from ._density_new import CUT_THE_TREE, NEW_QUAKE

EXERCISES = [CORE_QUAKES, K_DISTANCE, HAVERSINE, ON_NOISE, CUT_THE_TREE, NEW_QUAKE]
