"""Rows for recipes/sklearn/imputers.py."""

import numpy as np
from sklearn.impute import KNNImputer, MissingIndicator, SimpleImputer

from .. import Ends, Row


def _simple(**options):
    return lambda: SimpleImputer(**options)


def _nearest(**options):
    return lambda: KNNImputer(**options)


ROWS = [
    Row(
        "SimpleImputer",
        SimpleImputer,
        data="missing",
        variants={
            "median": _simple(strategy="median"),
            "most_frequent": _simple(strategy="most_frequent"),
            "constant": _simple(strategy="constant"),
            "constant 2.5": _simple(strategy="constant", fill_value=2.5),
            "a function": _simple(strategy=np.max),
            "add_indicator": _simple(add_indicator=True),
            "keep_empty_features": _simple(keep_empty_features=True),
        },
    ),
    Row(
        "MissingIndicator",
        MissingIndicator,
        data="missing",
        variants={
            "all": lambda: MissingIndicator(features="all"),
            "error_on_new=False": lambda: MissingIndicator(error_on_new=False),
            "sparse": lambda: MissingIndicator(sparse=True),
        },
        unlike=dict.fromkeys(
            ["one feature", "integers"], Ends("option-not-covered", "nothing is missing there: no column to make")
        ),
    ),
    Row(
        "KNNImputer",
        KNNImputer,
        data="missing",
        variants={
            "one": _nearest(n_neighbors=1),
            "more than there are": _nearest(n_neighbors=500),
            "distance": _nearest(weights="distance"),
            "add_indicator": _nearest(add_indicator=True),
            "keep_empty_features": _nearest(keep_empty_features=True),
        },
        refused={
            "a function for a metric": _nearest(metric=lambda x, y, missing_values=np.nan: 1.0),
            "a function for weights": _nearest(weights=lambda distances: distances),
        },
    ),
]
