"""Rows for recipes/sklearn/density.py."""

from sklearn.cluster import DBSCAN, HDBSCAN, OPTICS

from .. import Ends, Row

ROWS = [
    Row(
        "DBSCAN",
        lambda: DBSCAN(eps=1.0),
        variants={
            "metric manhattan": lambda: DBSCAN(eps=1.5, metric="manhattan"),
            "metric l2": lambda: DBSCAN(eps=1.0, metric="l2"),
            "much noise": lambda: DBSCAN(eps=0.6, min_samples=4),
        },
        unlike=dict.fromkeys(
            ("many features", "huge", "integers"),
            Ends("no core point", "nothing lies within eps there: all rows are noise, and no core point is left"),
        ),
    ),
    Row(
        "HDBSCAN",
        lambda: HDBSCAN(copy=True),
        variants={
            "with centres": lambda: HDBSCAN(store_centers="both", copy=True),
            "leaves": lambda: HDBSCAN(cluster_selection_method="leaf", copy=True),
        },
    ),
    Row(
        "OPTICS",
        lambda: OPTICS(min_samples=5),
        variants={
            "cut at eps": lambda: OPTICS(min_samples=5, cluster_method="dbscan", eps=1.0),
            "cut at eps, metric manhattan": lambda: OPTICS(
                min_samples=5, cluster_method="dbscan", eps=1.5, metric="manhattan"
            ),
        },
    ),
]
