"""The exercises of lesson 01, k-means on penguins, in the order of the lesson. The judges measure; none compares labels."""

from ._kmeans_scaling import NEW_PENGUIN, SCALE_FIRST
from ._kmeans_scores import HOW_MANY, NOISE
from ._kmeans_steps import ASSIGN_STEP, EMPTY_GROUP

EXERCISES = [SCALE_FIRST, ASSIGN_STEP, EMPTY_GROUP, HOW_MANY, NOISE, NEW_PENGUIN]
