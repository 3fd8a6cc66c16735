"""The exercises of lesson 07, novelty in time, in the order of the lesson."""

from ._sensors_rows import CUT, SPLIT
from ._sensors_scores import DEPARTURE, THRESHOLD
from ._sensors_using import PRECISION, WATCHMAN

EXERCISES = [CUT, DEPARTURE, THRESHOLD, PRECISION, SPLIT, WATCHMAN]
