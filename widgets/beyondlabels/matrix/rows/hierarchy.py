"""Rows for recipes/sklearn/hierarchy.py."""

from sklearn.cluster import AgglomerativeClustering, SpectralBiclustering, SpectralClustering, SpectralCoclustering

from .. import Row

_NARROW = "scikit-learn cannot fit it: one column, or one cluster, leaves no singular vector to cluster by"
_EMPTY = "scikit-learn cannot fit it: rounding leaves rows that are all 0, and it divides by their sums"

ROWS = [
    Row(
        "AgglomerativeClustering",
        lambda: AgglomerativeClustering(3),
        variants={
            "single linkage": lambda: AgglomerativeClustering(3, linkage="single"),
            "by distance": lambda: AgglomerativeClustering(None, distance_threshold=8.0),
        },
    ),
    Row(
        "SpectralClustering",
        lambda: SpectralClustering(3, n_init=2, random_state=0),
        variants={
            "nearest neighbours": lambda: SpectralClustering(
                3, affinity="nearest_neighbors", n_neighbors=60, n_init=2, random_state=0
            ),
        },
    ),
    Row(
        "SpectralBiclustering",
        lambda: SpectralBiclustering(2, n_best=1, n_components=2, random_state=0),
        data="positive",
        unlike={"one feature": _NARROW, "ties": _EMPTY},
    ),
    Row(
        "SpectralCoclustering",
        lambda: SpectralCoclustering(2, random_state=0),
        data="positive",
        unlike={"one feature": _NARROW, "one part": _NARROW, "ties": _EMPTY},
    ),
]
