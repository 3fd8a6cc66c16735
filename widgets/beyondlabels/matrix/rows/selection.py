"""Rows for recipes/sklearn/selection.py."""

import numpy as np
from sklearn.feature_selection import (
    RFE,
    RFECV,
    GenericUnivariateSelect,
    SelectFdr,
    SelectFpr,
    SelectFromModel,
    SelectFwe,
    SelectKBest,
    SelectPercentile,
    SequentialFeatureSelector,
    VarianceThreshold,
    f_regression,
)
from sklearn.linear_model import Lasso, LinearRegression

from .. import Ends, Row


def _row(name, make, **options):
    return Row(name, make, target="values", **options)


_TWO = {"one feature": "it chooses among two features at least"}
_NONE = Ends(
    "option-not-covered", "none is chosen: beside their noise the targets do not depend on features this small"
)
_NOTHING = {"nothing selected": lambda: SelectFromModel(LinearRegression(), threshold=np.inf)}

ROWS = [
    Row(
        "VarianceThreshold",
        VarianceThreshold,
        variants={"threshold": lambda: VarianceThreshold(2.0)},
    ),
    _row(
        "SelectKBest",
        lambda: SelectKBest(f_regression, k=2),
        variants={"all": lambda: SelectKBest(f_regression, k="all")},
    ),
    _row(
        "SelectPercentile",
        lambda: SelectPercentile(f_regression, percentile=60),
        unlike={"one feature": Ends("option-not-covered", "60 % of one feature is none")},
    ),
    _row("SelectFpr", lambda: SelectFpr(f_regression, alpha=0.2), unlike={"tiny": _NONE}),
    _row("SelectFdr", lambda: SelectFdr(f_regression, alpha=0.2), unlike={"tiny": _NONE}),
    _row("SelectFwe", lambda: SelectFwe(f_regression, alpha=0.2), unlike={"tiny": _NONE}),
    _row(
        "GenericUnivariateSelect",
        lambda: GenericUnivariateSelect(f_regression, mode="k_best", param=2),
        variants={
            "percentile": lambda: GenericUnivariateSelect(f_regression, mode="percentile", param=50),
            "fpr": lambda: GenericUnivariateSelect(f_regression, mode="fpr", param=0.1),
        },
    ),
    _row(
        "SelectFromModel",
        lambda: SelectFromModel(LinearRegression()),
        variants={
            "median": lambda: SelectFromModel(LinearRegression(), threshold="1.1*median"),
            "max_features": lambda: SelectFromModel(LinearRegression(), max_features=2, threshold=-np.inf),
            "lasso": lambda: SelectFromModel(Lasso(0.05)),
        },
        refused=_NOTHING,
    ),
    _row("RFE", lambda: RFE(LinearRegression(), n_features_to_select=2), unlike=_TWO),
    _row("RFECV", lambda: RFECV(LinearRegression(), cv=2), unlike=_TWO),
    _row(
        "SequentialFeatureSelector",
        lambda: SequentialFeatureSelector(LinearRegression(), n_features_to_select=2, cv=2),
        variants={
            "backward": lambda: SequentialFeatureSelector(
                LinearRegression(), n_features_to_select=2, direction="backward", cv=2
            )
        },
        unlike=_TWO,
    ),
]
