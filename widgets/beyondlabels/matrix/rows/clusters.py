"""Rows for recipes/sklearn/clusters.py, bisecting.py and pooling.py."""

import numpy as np
from sklearn.cluster import AffinityPropagation, Birch, BisectingKMeans, FeatureAgglomeration, MeanShift

from .. import Row

ROWS = [
    Row(
        "BisectingKMeans",
        lambda: BisectingKMeans(3, random_state=0),
        variants={
            "one group": lambda: BisectingKMeans(1, random_state=0),
            "two groups": lambda: BisectingKMeans(2, random_state=0),
            "many groups": lambda: BisectingKMeans(20, random_state=0),
            "largest first": lambda: BisectingKMeans(8, bisecting_strategy="largest_cluster", random_state=0),
        },
    ),
    Row(
        "Birch",
        lambda: Birch(n_clusters=3, threshold=0.5),
        variants={
            "no clusters": lambda: Birch(n_clusters=None, threshold=0.8),
            "one cluster": lambda: Birch(n_clusters=1),
            "deep tree": lambda: Birch(n_clusters=3, threshold=0.3, branching_factor=3),
        },
    ),
    Row(
        "MeanShift",
        lambda: MeanShift(bandwidth=2.0),
        variants={
            "one group": lambda: MeanShift(bandwidth=100.0),
            "cluster_all=False": lambda: MeanShift(bandwidth=1.5, cluster_all=False),
            "bin_seeding": lambda: MeanShift(bandwidth=1.5, bin_seeding=True),
        },
    ),
    Row(
        "AffinityPropagation",
        lambda: AffinityPropagation(random_state=0),
        variants={
            "few exemplars": lambda: AffinityPropagation(preference=-50, random_state=0),
            "did not converge": lambda: AffinityPropagation(max_iter=1, random_state=0),
        },
    ),
    Row(
        "FeatureAgglomeration",
        lambda: FeatureAgglomeration(2),
        variants={
            "one group": lambda: FeatureAgglomeration(1),
            "max": lambda: FeatureAgglomeration(2, pooling_func=np.max),
            "min": lambda: FeatureAgglomeration(2, pooling_func=np.min),
            "complete linkage": lambda: FeatureAgglomeration(2, linkage="complete", metric="manhattan"),
        },
        refused={
            "median": lambda: FeatureAgglomeration(2, pooling_func=np.median),
            "sum": lambda: FeatureAgglomeration(2, pooling_func=np.sum),
        },
        unlike={"one feature": "it merges features, and wants two at least"},
    ),
]
