"""Rows for recipes/sklearn/powers.py, quantiles.py, products.py and functions.py."""

import numpy as np
import sklearn
from scipy import special
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    PolynomialFeatures,
    PowerTransformer,
    QuantileTransformer,
    SplineTransformer,
)

from ...conversion.recipes.sklearn.functions import FUNCTIONS
from .. import Row

_WIDE = np.array([[-20.0] * 4, [-1.0] * 4, [0.5] * 4, [20.0] * 4])


# scikit-learn 1.6 looks for the power of Yeo and Johnson between -2 and 2 by itself; later ones ask scipy, which knows where.
_UNBRACKETED = (
    {"far from 0": "its search for the power ends in a BracketError"} if sklearn.__version__.startswith("1.6.") else {}
)


def _bins(**options):
    return lambda: KBinsDiscretizer(4, subsample=None, **options)


def _splines(**options):
    return lambda: SplineTransformer(4, **options)


def _ufunc(function):
    return lambda: FunctionTransformer(function)


ROWS = [
    Row(
        "PowerTransformer",
        PowerTransformer,
        variants={"standardize=False": lambda: PowerTransformer(standardize=False)},
        unlike=_UNBRACKETED,
    ),
    Row(
        "QuantileTransformer",
        lambda: QuantileTransformer(n_quantiles=100, random_state=0),
        variants={
            "normal": lambda: QuantileTransformer(n_quantiles=100, output_distribution="normal", random_state=0),
            "few": lambda: QuantileTransformer(n_quantiles=7, random_state=0),
            "few, normal": lambda: QuantileTransformer(n_quantiles=8, output_distribution="normal", random_state=0),
            "two": lambda: QuantileTransformer(n_quantiles=2, output_distribution="normal", random_state=0),
            "one": lambda: QuantileTransformer(n_quantiles=1, random_state=0),
            "one, normal": lambda: QuantileTransformer(n_quantiles=1, output_distribution="normal", random_state=0),
            "subsample": lambda: QuantileTransformer(n_quantiles=50, subsample=60, random_state=0),
        },
    ),
    Row(
        "KBinsDiscretizer",
        _bins(encode="onehot-dense"),
        variants={
            "onehot": _bins(),
            "ordinal": _bins(encode="ordinal"),
            "uniform": _bins(encode="ordinal", strategy="uniform"),
            "kmeans": _bins(encode="onehot-dense", strategy="kmeans"),
            "a number for each": lambda: KBinsDiscretizer([2, 3, 9, 5], encode="onehot-dense", subsample=None),
            "float32": _bins(encode="ordinal", dtype=np.float32),
        },
    ),
    Row(
        "PolynomialFeatures",
        PolynomialFeatures,
        variants={
            "degree 3": lambda: PolynomialFeatures(3),
            "degree 1": lambda: PolynomialFeatures(1),
            "degree 0": lambda: PolynomialFeatures(0),
            "degrees 2 to 4": lambda: PolynomialFeatures((2, 4)),
            "interaction_only": lambda: PolynomialFeatures(3, interaction_only=True),
            "interactions of four": lambda: PolynomialFeatures((4, 4), interaction_only=True, include_bias=False),
            "include_bias=False": lambda: PolynomialFeatures(2, include_bias=False),
            "order F": lambda: PolynomialFeatures(2, order="F"),
        },
    ),
    Row(
        "SplineTransformer",
        _splines(),
        variants={
            "linear": _splines(extrapolation="linear"),
            "continue": _splines(extrapolation="continue"),
            "periodic": _splines(extrapolation="periodic"),
            "error": lambda: SplineTransformer(knots=_WIDE, extrapolation="error"),
            "degree 0": _splines(degree=0, extrapolation="continue"),
            "degree 1": _splines(degree=1),
            "degree 2, periodic": _splines(degree=2, extrapolation="periodic"),
            "degree 5": _splines(degree=5, extrapolation="linear"),
            "quantile": _splines(knots="quantile"),
            "knots given": lambda: SplineTransformer(
                knots=np.array([[-2.0] * 4, [0.0] * 4, [0.5] * 4, [3.0] * 4]), extrapolation="linear"
            ),
            "two knots": lambda: SplineTransformer(2),
            "include_bias=False": _splines(include_bias=False),
        },
        refused={"degree 1, linear": _splines(degree=1, extrapolation="linear")},
    ),
    Row(
        "FunctionTransformer",
        FunctionTransformer,
        variants={
            getattr(function, "__name__", "None"): _ufunc(function) for function in FUNCTIONS if function is not None
        }
        | {
            "an inverse": lambda: FunctionTransformer(np.expm1, np.log1p),
            "validate": lambda: FunctionTransformer(np.abs, validate=True),
        },
        refused={
            "a lambda": lambda: FunctionTransformer(lambda X: X),
            "a function that is not covered": lambda: FunctionTransformer(special.gamma),
            "kw_args": lambda: FunctionTransformer(np.abs, kw_args={"dtype": np.float64}),
        },
    ),
]
