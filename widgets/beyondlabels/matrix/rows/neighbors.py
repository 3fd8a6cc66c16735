"""Rows for recipes/sklearn/neighbors.py, neighbor_votes.py, outlier_factor.py and nearest_centroid.py."""

from sklearn.neighbors import (
    KNeighborsClassifier,
    KNeighborsRegressor,
    KNeighborsTransformer,
    LocalOutlierFactor,
    NearestCentroid,
    NearestNeighbors,
    RadiusNeighborsTransformer,
)

from .. import Row

_METRICS = ("l2", "sqeuclidean", "manhattan", "cityblock", "l1", "chebyshev", "cosine")
_OTHERS = ("canberra", "correlation", "braycurtis", "nan_euclidean")


def _own(values):
    """A metric or a weighting of one's own; no recipe can know what it computes."""
    return 1 / (1 + values)


def _makers(cls, **options):
    """name -> maker, for every metric that is covered."""
    made = {f"metric {name}": lambda name=name: cls(metric=name, **options) for name in _METRICS}
    made["p=1"] = lambda: cls(p=1, **options)
    made["p=3"] = lambda: cls(p=3, **options)
    made["p=1.5"] = lambda: cls(p=1.5, **options)
    made["p in metric_params"] = lambda: cls(metric_params={"p": 3}, **options)
    made["brute"] = lambda: cls(algorithm="brute", **options)
    made["ball tree"] = lambda: cls(algorithm="ball_tree", leaf_size=5, **options)
    return made


def _refused(cls, **options):
    """name -> maker, for metrics that are refused by name."""
    made = {f"metric {name}": lambda name=name: cls(metric=name, **options) for name in _OTHERS}
    made["weighted metric"] = lambda: cls(metric_params={"w": [1.0, 2.0, 0.5, 3.0]}, **options)
    made["metric of one's own"] = lambda: cls(metric=lambda a, b: abs(a - b).sum(), **options)
    return made


ROWS = [
    Row(
        "NearestNeighbors",
        lambda: NearestNeighbors(n_neighbors=5),
        variants=_makers(NearestNeighbors),
        refused=_refused(NearestNeighbors) | {"more than there are": lambda: NearestNeighbors(n_neighbors=10_000_000)},
    ),
    Row(
        "KNeighborsTransformer",
        lambda: KNeighborsTransformer(n_neighbors=4),
        variants={
            "connectivity": lambda: KNeighborsTransformer(mode="connectivity"),
            "metric manhattan": lambda: KNeighborsTransformer(metric="manhattan"),
            "metric cosine": lambda: KNeighborsTransformer(metric="cosine"),
        },
        refused=_refused(KNeighborsTransformer),
    ),
    Row(
        "RadiusNeighborsTransformer",
        lambda: RadiusNeighborsTransformer(radius=1.0),
        variants={
            "connectivity": lambda: RadiusNeighborsTransformer(radius=1.5, mode="connectivity"),
            "metric chebyshev": lambda: RadiusNeighborsTransformer(radius=0.8, metric="chebyshev"),
            "nothing within": lambda: RadiusNeighborsTransformer(radius=0.0),
        },
        refused=_refused(RadiusNeighborsTransformer),
    ),
    Row(
        "LocalOutlierFactor",
        lambda: LocalOutlierFactor(n_neighbors=10, novelty=True),
        variants=_makers(LocalOutlierFactor, novelty=True)
        | {
            "contamination": lambda: LocalOutlierFactor(n_neighbors=10, contamination=0.1, novelty=True),
            "one neighbour": lambda: LocalOutlierFactor(n_neighbors=1, novelty=True),
            "more than there are": lambda: LocalOutlierFactor(n_neighbors=10_000_000, novelty=True),
        },
        refused=_refused(LocalOutlierFactor, novelty=True)
        | {"novelty=False": lambda: LocalOutlierFactor(n_neighbors=10)},
    ),
    Row(
        "KNeighborsClassifier",
        lambda: KNeighborsClassifier(n_neighbors=5),
        target="classes",
        variants=_makers(KNeighborsClassifier)
        | {
            "distance": lambda: KNeighborsClassifier(weights="distance"),
            "distance, metric cosine": lambda: KNeighborsClassifier(weights="distance", metric="cosine"),
            "no weights": lambda: KNeighborsClassifier(weights=None),
        },
        refused=_refused(KNeighborsClassifier) | {"weights": lambda: KNeighborsClassifier(weights=_own)},
    ),
    Row(
        "KNeighborsRegressor",
        lambda: KNeighborsRegressor(n_neighbors=5),
        target="values",
        variants=_makers(KNeighborsRegressor)
        | {
            "distance": lambda: KNeighborsRegressor(weights="distance"),
            "distance, metric manhattan": lambda: KNeighborsRegressor(weights="distance", metric="manhattan"),
        },
        refused=_refused(KNeighborsRegressor) | {"weights": lambda: KNeighborsRegressor(weights=_own)},
    ),
    Row(
        "NearestCentroid",
        lambda: NearestCentroid(),
        target="classes",
        variants={
            "metric manhattan": lambda: NearestCentroid(metric="manhattan"),
            "shrunken": lambda: NearestCentroid(shrink_threshold=0.5),
            "priors": lambda: NearestCentroid(priors=[0.2, 0.5, 0.3]),
            "priors, metric manhattan": lambda: NearestCentroid(priors=[0.2, 0.5, 0.3], metric="manhattan"),
            "empirical priors": lambda: NearestCentroid(priors="empirical"),
            "an impossible class": lambda: NearestCentroid(priors=[0.0, 0.5, 0.5]),
        },
    ),
]
