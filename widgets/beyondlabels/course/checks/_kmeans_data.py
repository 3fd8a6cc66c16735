"""What the judges of lesson 01 measure against, and the code that sets up a test."""

from functools import cache

import numpy as np

MEASUREMENTS = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
SETUP = """
import numpy as np
import pandas as pd
import beyondlabels as bl
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler

measurements = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
penguins = bl.datasets.load("penguins").dropna(subset=measurements)
X = penguins[measurements]
"""
SETUP_SCALED = f"""{SETUP}
scaler = StandardScaler().fit(X)
X_scaled = scaler.transform(X)
model = KMeans(n_clusters=3, n_init=10, random_state=seed).fit(X_scaled)
"""


@cache
def reference():
    """The 342 by 4 measurements, the same with every column standardised, and the best inertia of three groups."""
    from sklearn.cluster import KMeans

    from ... import datasets

    rows = np.asarray(datasets.load("penguins")[MEASUREMENTS], dtype=float)
    rows = rows[np.isfinite(rows).all(axis=1)]
    scaled = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    return rows, scaled, KMeans(n_clusters=3, n_init=20, random_state=0).fit(scaled).inertia_


@cache
def silhouettes_by_k():
    """Silhouettes for k = 2 to 6: of the scaled rows, of the raw rows, and the inertias of the scaled rows."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    rows, scaled, _ = reference()
    right, raw, inertias = {}, {}, {}
    for k in range(2, 7):
        model = KMeans(n_clusters=k, n_init=10, random_state=0)
        right[k], inertias[k] = silhouette_score(scaled, model.fit_predict(scaled)), model.inertia_
        raw[k] = silhouette_score(rows, model.fit_predict(rows))
    return right, raw, inertias
