"""What the judges of lesson 07 measure with, and the code that sets up a test."""

from functools import cache

import numpy as np

LENGTH = 12
LEARNT, HELD = 300, 384  # the first month after training, and after the held-out years: January 1975 and 1982

SETUP = """
import numpy as np
import beyondlabels as bl
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

sea = bl.datasets.load("elnino")["temperature_c"].to_numpy()
strong = {f"{year}–{(year + 1) % 100}": (12 * (year - 1950) + 6, 12 * (year - 1950) + 18)
          for year in (1957, 1965, 1972, 1982, 1987, 1991, 1997)}
rows = np.lib.stride_tricks.sliding_window_view(sea, 12)
start = np.arange(len(rows))
declared = np.zeros(len(sea), dtype=bool)
for first, stop in strong.values():
    declared[first:stop] = True
shared = np.lib.stride_tricks.sliding_window_view(declared, 12).sum(axis=1)
normal, event = shared == 0, shared >= 6
learn = normal & (start + 12 <= 300)
held = normal & (start >= 300) & (start + 12 <= 384)
later = start >= 384
errors = np.sqrt(bl.ReconstructionError(PCA(2).fit(rows[learn])).errors(rows))
"""


@cache
def sea():
    """(the 732 temperatures, their 721 windows, normal, event): two bool arrays with one entry for each window."""
    from ... import datasets

    months = np.asarray(datasets.load("elnino")["temperature_c"], dtype=float)
    declared = np.zeros(len(months), dtype=bool)
    for year in (1957, 1965, 1972, 1982, 1987, 1991, 1997):
        declared[LENGTH * (year - 1950) + 6 :][:LENGTH] = True
    shared = cut(declared).sum(axis=1)
    return months, cut(months), shared == 0, shared >= LENGTH // 2


def cut(values, length=LENGTH):
    """Every window of ``length`` neighbouring values, one in each row."""
    return np.lib.stride_tricks.sliding_window_view(values, length)


def made_up(seed, months=90):
    """A series without a repeated value, so that a window can be told from every other."""
    rng = np.random.default_rng(seed)
    return np.round(20 + 4 * np.sin(np.arange(months) * np.pi / 6) + rng.normal(0, 1, months), 6)
