"""Rows for recipes/sklearn/centroids.py."""

from sklearn.cluster import KMeans, MiniBatchKMeans

from .. import Row

ROWS = [
    Row(
        "KMeans",
        lambda: KMeans(3, n_init=2, random_state=0),
        variants={
            "one group": lambda: KMeans(1, n_init=1, random_state=0),
            "elkan": lambda: KMeans(3, n_init=1, algorithm="elkan", random_state=0),
        },
    ),
    Row("MiniBatchKMeans", lambda: MiniBatchKMeans(3, n_init=2, random_state=0)),
]
