"""What the judges of lesson 03 measure against, and the code that sets up a test."""

from functools import cache

import numpy as np

SHAPES = ("spherical", "diag", "tied", "full")
MOST = 4  # components in the table of the exercise
SETUP = """
import numpy as np
import pandas as pd
import beyondlabels as bl
from scipy.stats import multivariate_normal
from sklearn.mixture import GaussianMixture
from sklearn.preprocessing import StandardScaler

X = bl.datasets.load("old_faithful")
points = X.to_numpy()
"""
SETUP_MODEL = f"""{SETUP}
model = GaussianMixture(n_components=2, n_init=5, random_state=seed).fit(X)
"""


@cache
def eruptions():
    """The 272 eruptions, (272, 2), in minutes."""
    from ... import datasets

    data = datasets.load("old_faithful")
    return np.column_stack([np.asarray(data[name], float) for name in ("duration_min", "waiting_min")])


@cache
def table():
    """(shape, k) -> (BIC, AIC, log-likelihood, BIC on standardised rows) of the best of many starts."""
    from sklearn.mixture import GaussianMixture

    rows = eruptions()
    scaled = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    found = {}
    for shape in SHAPES:
        for k in range(1, MOST + 1):
            model = GaussianMixture(k, covariance_type=shape, n_init=20, random_state=0)
            other = model.fit(scaled).bic(scaled)
            model.fit(rows)
            found[shape, k] = model.bic(rows), model.aic(rows), model.score(rows) * len(rows), other
    return found


def named(model, rows):
    """``rows`` as the model was fitted to them: with column names where it knows some, so that it does not warn."""
    names = getattr(model, "feature_names_in_", None)
    if names is None:
        return rows
    import pandas as pd

    return pd.DataFrame(rows, columns=names)
