"""The exercises of lesson 03, mixtures on eruptions, in the order of the lesson. The judges measure; none compares labels."""

from ._mixtures_numbers import LOG_SUM_EXP, NEW_ERUPTION
from ._mixtures_scores import CHOOSE, LIAR
from ._mixtures_steps import M_STEP, RESPONSIBILITY

EXERCISES = [RESPONSIBILITY, M_STEP, LOG_SUM_EXP, NEW_ERUPTION, CHOOSE, LIAR]
