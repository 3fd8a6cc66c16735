"""What the judges of lesson 02 measure against, and the code that sets up a test."""

from functools import cache

import numpy as np

from ..exercises import NotYet

KM_PER_DEGREE = 111.195  # of a great circle on a sphere of 6,371 km
EPS, LEAST = 20, 8
SETUP = """
import numpy as np
import pandas as pd
import beyondlabels as bl
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import DBSCAN, HDBSCAN
from sklearn.neighbors import NearestNeighbors

KM_PER_DEGREE = 111.195
def to_km(longitude, latitude):
    east = KM_PER_DEGREE * np.cos(np.radians(37)) * (longitude + 119)
    return np.column_stack([east, KM_PER_DEGREE * (latitude - 37)])

quakes = bl.datasets.load("earthquakes")
X = to_km(quakes["longitude"], quakes["latitude"])
"""


@cache
def degrees():
    """Longitude and latitude of the 996 quakes, (996, 2)."""
    from ... import datasets

    table = datasets.load("earthquakes")
    return np.column_stack([np.asarray(table[name], float) for name in ("longitude", "latitude")])


@cache
def kilometres():
    """The quakes in kilometres east and north of 119° west, 37° north, as the lesson projects them, (996, 2)."""
    longitude, latitude = degrees().T
    return KM_PER_DEGREE * np.column_stack([np.cos(np.radians(37)) * (longitude + 119), latitude - 37])


@cache
def distances():
    """All distances in kilometres, (996, 996)."""
    rows = kilometres()
    return np.sqrt(((rows[:, None] - rows) ** 2).sum(axis=2))


def same_clusters(first, second):
    """Whether two clusterings agree: the same noise but for five rows, and the others together as before."""
    from sklearn.metrics import adjusted_rand_score

    first, second = np.asarray(first), np.asarray(second)
    lost = (first < 0) != (second < 0)
    return lost.sum() <= 5 and adjusted_rand_score(first, second) > 0.99


def recognise(said, is_answer):
    """Raise ``NotYet`` with what is ``said`` (name -> message) of the first misconception that ``is_answer(name)`` finds."""
    for name, message in said.items():
        if is_answer(name):
            raise NotYet(message, name)
