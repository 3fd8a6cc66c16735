"""Rows for recipes/sklearn/pipeline.py, side_by_side.py and wrappers.py: models made of models."""

import numpy as np
from sklearn.cluster import DBSCAN, KMeans
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.decomposition import PCA
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline, make_union
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from .. import Row


def _kmeans(groups=3):
    return KMeans(groups, n_init=2, random_state=0)


def _columns(*parts, **options):
    return lambda: ColumnTransformer(list(parts), **options)


def _first_half(X):
    return list(range((X.shape[1] + 1) // 2))


class _Doubled(StandardScaler):
    """A subclass, which no recipe knows."""


_SEARCH = {"n_clusters": [2, 3]}

ROWS = [
    Row(
        "Pipeline",
        lambda: make_pipeline(StandardScaler(), _kmeans()),
        target="classes",
        variants={
            "one step": lambda: make_pipeline(StandardScaler()),
            "projection, undone": lambda: make_pipeline(MinMaxScaler(), StandardScaler(), PCA(2)),
            "a step passed by": lambda: Pipeline([("a", "passthrough"), ("b", StandardScaler()), ("c", None)]),
            "all steps passed by": lambda: Pipeline([("a", "passthrough")]),
            "a transform that is predict's input": lambda: make_pipeline(_kmeans(), StandardScaler(), PCA(2)),
            "votes at the end": lambda: make_pipeline(StandardScaler(), PCA(2), KNeighborsClassifier(3)),
            "a pipeline inside": lambda: make_pipeline(make_pipeline(MinMaxScaler(), StandardScaler()), _kmeans()),
            "a union inside": lambda: make_pipeline(make_union(StandardScaler(), PCA(2)), _kmeans()),
            "a search inside": lambda: make_pipeline(
                StandardScaler(), GridSearchCV(KNeighborsClassifier(), {"n_neighbors": [1, 4]}, cv=2)
            ),
        },
        refused={
            "an unknown class inside": lambda: make_pipeline(_Doubled(), _kmeans()),
            "no rule for a new point at the end": lambda: make_pipeline(StandardScaler(), DBSCAN(0.8)),
        },
    ),
    Row(
        "FeatureUnion",
        lambda: make_union(StandardScaler(), PCA(2)),
        variants={
            "one part": lambda: make_union(MinMaxScaler()),
            "passthrough": lambda: FeatureUnion([("as it is", "passthrough"), ("pca", PCA(1))]),
            "drop": lambda: FeatureUnion([("scaled", StandardScaler()), ("gone", "drop")]),
            "transformer_weights": lambda: FeatureUnion(
                [("a", StandardScaler()), ("b", PCA(2)), ("c", "passthrough")],
                transformer_weights={"b": 0.25, "c": -3.0},
            ),
            "distances to centres": lambda: make_union(_kmeans(), PCA(1)),
            "a union inside": lambda: make_union(make_union(PCA(1), MinMaxScaler()), StandardScaler()),
            "a pipeline inside": lambda: make_union(make_pipeline(StandardScaler(), PCA(2)), MinMaxScaler()),
        },
        refused={
            "an unknown class inside": lambda: make_union(StandardScaler(), _Doubled()),
            "every part dropped": lambda: FeatureUnion([("gone", "drop")]),
        },
    ),
    Row(
        "ColumnTransformer",
        _columns(("scaled", StandardScaler(), _first_half), remainder="passthrough"),
        data="named",
        variants={
            "by index": _columns(("a", StandardScaler(), [2, 0]), ("b", MinMaxScaler(), [1])),
            "by negative index": _columns(("a", StandardScaler(), [-1, 0])),
            "by name": _columns(("a", StandardScaler(), ["c", "a"]), ("b", PCA(1), ["b", "длина"])),
            "by one name in a list": _columns(("a", StandardScaler(), ["длина"])),
            "by slice": _columns(("a", StandardScaler(), slice(1, 3))),
            "by slice of names": _columns(("a", StandardScaler(), slice("b", "длина"))),
            "by mask": _columns(("a", StandardScaler(), np.array([True, False, True, True]))),
            "by callable": _columns(("a", StandardScaler(), lambda X: ["c"])),
            "by selector": _columns(("a", StandardScaler(), make_column_selector("a|длина"))),
            "a column twice": _columns(("a", StandardScaler(), ["a"]), ("b", MinMaxScaler(), ["a", "b"])),
            "passthrough": _columns(("a", "passthrough", ["b"]), ("b", StandardScaler(), ["c"])),
            "drop": _columns(("a", "drop", ["b"]), ("b", StandardScaler(), ["c", "a"])),
            "no columns": _columns(("a", StandardScaler(), []), ("b", MinMaxScaler(), ["c"])),
            "remainder passthrough": _columns(("a", PCA(1), ["b", "c"]), remainder="passthrough"),
            "remainder transformed": _columns(("a", PCA(1), ["b", "c"]), remainder=MinMaxScaler()),
            "transformer_weights": _columns(
                ("a", StandardScaler(), ["a"]), ("b", MinMaxScaler(), ["b"]), transformer_weights={"b": 2.5}
            ),
            "a pipeline inside": _columns(("a", make_pipeline(StandardScaler(), PCA(1)), ["b", "a"])),
            "a union inside": _columns(("a", make_union(StandardScaler(), PCA(1)), ["b", "a"])),
            "in a pipeline": lambda: make_pipeline(
                ColumnTransformer([("a", StandardScaler(), ["длина", "b"])], remainder="passthrough"), _kmeans()
            ),
        },
        refused={
            "an unknown class inside": _columns(("a", _Doubled(), ["a"])),
            "everything dropped": _columns(("a", "drop", ["a"])),
        },
    ),
    Row(
        "GridSearchCV",
        lambda: GridSearchCV(_kmeans(), _SEARCH, cv=2),
        variants={
            "a pipeline inside": lambda: GridSearchCV(
                make_pipeline(StandardScaler(), PCA(), _kmeans()), {"pca__n_components": [1, 2]}, cv=2
            ),
            "a transformer inside": lambda: GridSearchCV(PCA(), {"n_components": [1, 2]}, cv=2),
        },
        refused={
            "refit=False": lambda: GridSearchCV(_kmeans(), _SEARCH, cv=2, refit=False),
            "an unknown class inside": lambda: GridSearchCV(
                _Doubled(), {"with_mean": [True]}, cv=2, scoring=lambda model, X, y=None: 0.0
            ),
        },
    ),
    Row(
        "RandomizedSearchCV",
        lambda: RandomizedSearchCV(_kmeans(), _SEARCH, n_iter=2, cv=2, random_state=0),
        variants={
            "a pipeline inside": lambda: RandomizedSearchCV(
                make_pipeline(StandardScaler(), _kmeans()),
                {"kmeans__n_clusters": [2, 3]},
                n_iter=2,
                cv=2,
                random_state=0,
            ),
        },
        refused={
            "refit=False": lambda: RandomizedSearchCV(_kmeans(), _SEARCH, n_iter=2, cv=2, random_state=0, refit=False)
        },
    ),
    Row(
        "FrozenEstimator",
        lambda: FrozenEstimator(_kmeans()),
        variants={
            "a pipeline inside": lambda: FrozenEstimator(make_pipeline(StandardScaler(), PCA(2))),
            "frozen twice": lambda: FrozenEstimator(FrozenEstimator(StandardScaler())),
        },
        refused={
            "no rule for a new point inside": lambda: FrozenEstimator(DBSCAN(0.8)),
            "an unknown class inside": lambda: FrozenEstimator(_Doubled()),
        },
    ),
]
