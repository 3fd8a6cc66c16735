"""Rows for recipes/sklearn/trees.py, isolation.py, boosting.py and histogram_boosting.py."""

from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    RandomForestRegressor,
    RandomTreesEmbedding,
)
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier, ExtraTreeRegressor

from .. import Row


def _isolation(**options):
    return lambda: IsolationForest(**{"n_estimators": 12, "random_state": 0} | options)


def _embedding(**options):
    return lambda: RandomTreesEmbedding(**{"n_estimators": 6, "max_depth": 3, "random_state": 0} | options)


def _tree(cls, **options):
    return lambda: cls(random_state=0, **options)


def _forest(cls, **options):
    return lambda: cls(**{"n_estimators": 6, "random_state": 0} | options)


def _boosted(cls, **options):
    return lambda: cls(**{"n_estimators": 6, "random_state": 0} | options)


def _binned(cls, **options):
    return lambda: cls(**{"max_iter": 6, "min_samples_leaf": 5, "random_state": 0} | options)


_SUBSETS = {"a leaf of ten": {"min_samples_leaf": 10}, "few leaves": {"max_leaf_nodes": 4}}


def _trees(make, classes, classifier):
    """Rows for ``classes``, each with the options that change which trees grow."""
    target = "classes" if classifier else "values"
    criteria = ("entropy", "log_loss") if classifier else ("absolute_error",)
    return [
        Row(
            cls.__name__,
            make(cls),
            target=target,
            variants={name: make(cls, **options) for name, options in _SUBSETS.items()}
            | {f"criterion {name}": make(cls, criterion=name) for name in criteria}
            | {"a stump": make(cls, max_depth=1), "half the features": make(cls, max_features=0.5)}
            | ({"balanced": make(cls, class_weight="balanced")} if classifier else {}),
        )
        for cls in classes
    ]


ROWS = [
    Row(
        "IsolationForest",
        _isolation(),
        variants={
            "a share of outliers": _isolation(contamination=0.1),
            "two features a tree": _isolation(max_features=2),
            "half the features": _isolation(max_features=0.5, max_samples=0.5),
            "two rows a tree": _isolation(max_samples=2),
            "one row a tree": _isolation(max_samples=1),
            "with replacement": _isolation(bootstrap=True),
            "one tree": _isolation(n_estimators=1),
        },
    ),
    Row("IsolationForest", _isolation(contamination=0.05), data="missing"),
    Row(
        "RandomTreesEmbedding",
        _embedding(),
        variants={
            "dense": _embedding(sparse_output=False),
            "few leaves": _embedding(max_leaf_nodes=3),
            "one tree": _embedding(n_estimators=1),
            "stumps": _embedding(max_depth=1),
        },
    ),
    *_trees(_tree, (DecisionTreeClassifier, ExtraTreeClassifier), True),
    *_trees(_tree, (DecisionTreeRegressor, ExtraTreeRegressor), False),
    *_trees(_forest, (RandomForestClassifier, ExtraTreesClassifier), True),
    *_trees(_forest, (RandomForestRegressor, ExtraTreesRegressor), False),
    Row("DecisionTreeClassifier", _tree(DecisionTreeClassifier), data="missing", target="classes"),
    Row("RandomForestRegressor", _forest(RandomForestRegressor), data="missing", target="several"),
    Row("ExtraTreesClassifier", _forest(ExtraTreesClassifier), data="missing", target="classes"),
    Row(
        "GradientBoostingClassifier",
        _boosted(GradientBoostingClassifier),
        target="classes",
        variants={
            "from zero": _boosted(GradientBoostingClassifier, init="zero"),
            "deep": _boosted(GradientBoostingClassifier, max_depth=8),
            "half the rows": _boosted(GradientBoostingClassifier, subsample=0.5),
        },
        refused={"a first guess that is a model": _boosted(GradientBoostingClassifier, init=LogisticRegression())},
    ),
    Row(
        "GradientBoostingRegressor",
        _boosted(GradientBoostingRegressor),
        target="values",
        variants={
            "from zero": _boosted(GradientBoostingRegressor, init="zero"),
            "absolute error": _boosted(GradientBoostingRegressor, loss="absolute_error"),
            "huber": _boosted(GradientBoostingRegressor, loss="huber"),
            "quantile": _boosted(GradientBoostingRegressor, loss="quantile", alpha=0.8),
            "deep": _boosted(GradientBoostingRegressor, max_depth=8),
        },
        refused={"a first guess that is a model": _boosted(GradientBoostingRegressor, init=LinearRegression())},
    ),
    Row(
        "HistGradientBoostingClassifier",
        _binned(HistGradientBoostingClassifier),
        target="classes",
        variants={
            "few leaves": _binned(HistGradientBoostingClassifier, max_leaf_nodes=3),
            "few bins": _binned(HistGradientBoostingClassifier, max_bins=4),
        },
    ),
    Row(
        "HistGradientBoostingRegressor",
        _binned(HistGradientBoostingRegressor),
        target="values",
        variants={
            "absolute error": _binned(HistGradientBoostingRegressor, loss="absolute_error"),
            "quantile": _binned(HistGradientBoostingRegressor, loss="quantile", quantile=0.8),
            "rising in the first feature": _binned(HistGradientBoostingRegressor, monotonic_cst=[1, 0, 0, 0]),
        },
    ),
    Row("HistGradientBoostingRegressor", _binned(HistGradientBoostingRegressor), data="missing", target="values"),
    Row(
        "HistGradientBoostingClassifier",
        _binned(HistGradientBoostingClassifier, categorical_features=[0]),
        data="categories",
        target="classes",
        variants={"two features of categories": _binned(HistGradientBoostingClassifier, categorical_features=[1, 3])},
    ),
]
