"""What the judges of lesson 06 measure against, and the code that sets up a test."""

from functools import cache

import numpy as np

from ..exercises import NotYet

CHECKS = 20  # patients that may be looked at again
SETUP = """
import numpy as np
import pandas as pd
import beyondlabels as bl
from sklearn.covariance import EllipticEnvelope
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import LocalOutlierFactor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import OneClassSVM

everyone = bl.datasets.load("biopsies")
measurements = [name for name in everyone if name.startswith("worst")]
benign = everyone[everyone["diagnosis"] == "benign"]
malignant = everyone[everyone["diagnosis"] == "malignant"]
patients = pd.concat([benign, malignant.sample(10, random_state=0)]).reset_index(drop=True)
X = patients[measurements]
is_malignant = (patients["diagnosis"] == "malignant").to_numpy()
"""


@cache
def table():
    """The 367 by 10 measurements of the lesson, and who of them is malignant."""
    namespace = {}
    exec(SETUP, namespace)  # our own code, the same that the exercises start from
    return namespace["X"].to_numpy(float), namespace["is_malignant"]


@cache
def forest_ranks():
    """Rank of each patient, 0 the oddest, by the mean score of five isolation forests."""
    from sklearn.ensemble import IsolationForest

    rows = table()[0]
    scores = sum(IsolationForest(random_state=seed).fit(rows).score_samples(rows) for seed in range(5))
    return scores.argsort().argsort()


@cache
def neighbour_lists():
    """The 20 oddest by the local outlier factor, as sets: of the raw table, and of tables with columns made comparable."""
    from sklearn.neighbors import LocalOutlierFactor
    from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

    def oddest(values):
        return frozenset(np.argsort(LocalOutlierFactor(20).fit(values).negative_outlier_factor_)[:CHECKS].tolist())

    rows = table()[0]
    scaled = [oddest(scaler().fit_transform(rows)) for scaler in (StandardScaler, RobustScaler, MinMaxScaler)]
    return oddest(rows), scaled


def unwrapped(value):
    """``value`` as an array, taken out of the tuple that ``np.where`` and ``np.nonzero`` put around it."""
    return np.asarray(value[0] if isinstance(value, tuple) and len(value) == 1 else value)


def row_numbers(value, name, count):
    """``value`` as ``count`` different row numbers of the table; ``np.where`` may have wrapped them in a tuple.

    Raises ``NotYet`` for masks, labels, tables, scores, NaN, other lengths.
    """
    array = unwrapped(value)
    everybody = len(table()[0])
    if array.dtype == bool and array.shape == (everybody,):
        raise NotYet(
            f"`{name}` says True or False for each of the {everybody} patients. Wanted are the row numbers of those that are "
            "True: `np.flatnonzero(...)` gives them.",
            "mask",
        )
    if array.dtype.kind not in "iuf":
        held = "words" if array.dtype.kind in "US" else "nothing" if value is None else "other things"
        raise NotYet(f"`{name}` holds {held}; row numbers, from 0 to {everybody - 1}, were expected.", "type")
    if array.shape == (everybody,) and np.isin(array, (-1, 1)).all():
        raise NotYet(
            f"`{name}` is the label of every patient, 1 or -1. Wanted are the row numbers of those labelled -1: "
            "`np.flatnonzero(... == -1)`.",
            "labels",
        )
    if array.ndim != 1:
        held = f"a table of {' by '.join(map(str, array.shape))}" if array.ndim else "a single number"
        raise NotYet(
            f"`{name}` is {held}. Wanted are the row numbers of {count} patients, one after the other.", "shape"
        )
    if np.isnan(array).any():
        raise NotYet(
            f"`{name}` holds NaN, where the number of a row should stand. Look where the NaN came from.", "nan"
        )
    if not np.isfinite(array).all() or (array != array.round()).any():
        raise NotYet(
            f"`{name}` holds values that are no row numbers. Scores say how odd; `np.argsort` turns them into who is odd.",
            "scores",
        )
    if len(np.unique(array)) != len(array) or len(array) == 0 or array.min() < 0 or array.max() >= everybody:
        raise NotYet(f"`{name}` should hold different row numbers from 0 to {everybody - 1}; look at it.", "range")
    if abs(len(array) - count) > 1:
        raise NotYet(
            f"`{name}` names {len(array)} patients, and {count} can be checked. A list of another length is another decision.",
            "length",
        )
    return array.astype(int)
