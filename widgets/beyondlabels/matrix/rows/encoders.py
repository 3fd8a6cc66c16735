"""Rows for recipes/sklearn/encoders.py."""

import numpy as np
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, TargetEncoder

from .. import Row


def _one_hot(**options):
    return lambda: OneHotEncoder(**options)


def _ordinal(**options):
    return lambda: OrdinalEncoder(**options)


def _target(**options):
    return lambda: TargetEncoder(**options)


_FEWER = [[0, 1], [0, 1, 2], [0, 1, 2], [0, 1, 2, 3]]

ROWS = [
    Row(
        "OneHotEncoder",
        _one_hot(sparse_output=False),
        data="categories",
        variants={
            "sparse": _one_hot(),
            "drop first": _one_hot(drop="first"),
            "drop if_binary": _one_hot(drop="if_binary"),
            "drop named": _one_hot(drop=[0, 1, 2, 3]),
            "ignore": _one_hot(categories=_FEWER, handle_unknown="ignore"),
            "ignore and drop": _one_hot(categories=_FEWER, handle_unknown="ignore", drop="first"),
            "min_frequency": _one_hot(min_frequency=35),
            "a share as min_frequency": _one_hot(min_frequency=0.2, handle_unknown="infrequent_if_exist"),
            "max_categories": _one_hot(max_categories=3, handle_unknown="infrequent_if_exist"),
            "max_categories 1": _one_hot(max_categories=1),
            "infrequent and ignore": _one_hot(categories=_FEWER, max_categories=2, handle_unknown="ignore"),
            "infrequent and drop": _one_hot(max_categories=3, drop="first", handle_unknown="infrequent_if_exist"),
            "whole numbers out": _one_hot(dtype=np.int64),
        },
    ),
    Row(
        "OrdinalEncoder",
        OrdinalEncoder,
        data="categories",
        variants={
            "unknown_value": _ordinal(categories=_FEWER, handle_unknown="use_encoded_value", unknown_value=-7),
            "unknown_value NaN": _ordinal(categories=_FEWER, handle_unknown="use_encoded_value", unknown_value=np.nan),
            "min_frequency": _ordinal(min_frequency=35),
            "max_categories": _ordinal(
                categories=_FEWER, max_categories=2, handle_unknown="use_encoded_value", unknown_value=-1
            ),
            "whole numbers out": _ordinal(dtype=np.int32),
        },
    ),
    Row(
        "TargetEncoder",
        TargetEncoder,
        data="categories",
        target="classes",
        variants={
            "continuous": _target(target_type="continuous"),
            "smooth": _target(target_type="continuous", smooth=3.0),
            "smooth=0": _target(smooth=0.0),
            "categories": _target(categories=_FEWER),
            "categories, continuous": _target(categories=_FEWER, target_type="continuous"),
        },
    ),
]
