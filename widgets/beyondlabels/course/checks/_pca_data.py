"""What the judges of lesson 04 measure with, and the code that sets up a test."""

from functools import cache

import numpy as np

SETUP = """
import numpy as np
import beyondlabels as bl
from sklearn.decomposition import NMF, PCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

X = bl.datasets.load("digits").filter(like="pixel").to_numpy(dtype=float)
wine = bl.datasets.load("wine").drop(columns="cultivar")
"""


@cache
def digits():
    """The 1797 by 64 pixels, their mean, singular values and principal axes (64 by 64, one in each row)."""
    from ... import datasets

    table = datasets.load("digits")
    names = getattr(table, "columns", None)
    names = table.dtype.names if names is None else names
    X = np.column_stack([table[name] for name in names if name.startswith("pixel")]).astype(float)
    _, lengths, axes = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    return X, X.mean(axis=0), lengths, axes


def off_centre(seed, rows=80):
    """Rows (80, 5) far from 0 whose variances along five directions are clearly different."""
    rng = np.random.default_rng(seed)
    turned = np.linalg.qr(rng.normal(size=(5, 5)))[0]
    return rng.normal(size=(rows, 5)) * [9, 6, 4, 2, 1] @ turned + rng.uniform(15, 40, 5)


def axes_of(X, k):
    """The first k principal axes, one in each row."""
    return np.linalg.svd(X - X.mean(axis=0), full_matrices=False)[2][:k]


def apart(first, second):
    """The largest angle between the spaces spanned by the rows of ``first`` and ``second``, in degrees.

    From sines and cosines, which is exact for small angles too (Björck and Golub 1973).
    """
    first, second = (np.linalg.qr(np.asarray(each, dtype=float).T)[0] for each in (first, second))
    outside = second - first @ (first.T @ second)
    sine = np.linalg.norm(outside, 2)
    cosine = np.linalg.svd(first.T @ second, compute_uv=False).min()
    return float(np.degrees(np.arctan2(sine, cosine)))
