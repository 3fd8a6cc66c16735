"""Scaling: each feature by what was fitted, or each row by its own length."""

import numpy as np
from sklearn.preprocessing import Binarizer, MaxAbsScaler, MinMaxScaler, Normalizer, RobustScaler, StandardScaler

from ....mil.blocks import builder, constant, subtract
from ....mil.trees import round_down
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries
from .behind import largest_not_above, not_above_as_it_is


def _carries(what):
    return lambda model: Carries(
        "statistics", f"{what} of {counted(model.n_features_in_, 'feature')}. None of your rows."
    )


def _standard_inverse(model, z):
    mb = builder()
    if model.with_std:
        z = mb.mul(x=z, y=constant(model.scale_))
    return mb.add(x=z, y=constant(model.mean_)) if model.with_mean else z


@recipe(
    StandardScaler,
    outputs={"transformed": "transform"},
    keeps_nan=lambda model: True,
    invert=_standard_inverse,
    carries=_carries("the mean and standard deviation"),
)
def standard(model, x):
    """(x - mean) / scale."""
    mb = builder()
    spread = model.scale_ if model.with_std else 1.0
    z = subtract(x, model.mean_, spread) if model.with_mean else mb.identity(x=x)
    return {"transformed": mb.real_div(x=z, y=constant(model.scale_)) if model.with_std else z}


def _min_max_inverse(model, z):
    mb = builder()
    return mb.real_div(x=mb.sub(x=z, y=constant(model.min_)), y=constant(model.scale_))


@recipe(
    MinMaxScaler,
    outputs={"transformed": "transform"},
    keeps_nan=lambda model: True,
    invert=_min_max_inverse,
    carries=_carries("the smallest and largest value"),
)
def min_max(model, x):
    """x * scale + min, written (x - data_min) * scale + low so that nothing cancels far from 0.

    data_min is subtracted to its last digit: a step behind may take the root or the logarithm of what remains near 0."""
    mb = builder()
    low, high = model.feature_range
    scale = np.asarray(model.scale_, np.float64)
    offset = (low - np.asarray(model.min_, np.float64)) / scale
    z = mb.mul(x=subtract(x, offset, 0 if low == 0 else 1 / np.abs(scale)), y=constant(scale))
    z = mb.add(x=z, y=constant(np.full(1, low))) if low else z
    if model.clip:
        z = mb.clip(x=z, alpha=np.float32(low), beta=np.float32(high))
    return {"transformed": z}


def _max_abs_inverse(model, z):
    return builder().mul(x=z, y=constant(model.scale_))


@recipe(
    MaxAbsScaler,
    outputs={"transformed": "transform"},
    keeps_nan=lambda model: True,
    invert=_max_abs_inverse,
    carries=_carries("the largest absolute value"),
)
def max_abs(model, x):
    """x / scale."""
    mb = builder()
    z = mb.real_div(x=x, y=constant(model.scale_))
    # clip came with scikit-learn 1.9
    return {"transformed": mb.clip(x=z, alpha=-1.0, beta=1.0) if getattr(model, "clip", False) else z}


def _robust_inverse(model, z):
    mb = builder()
    z = mb.mul(x=z, y=constant(model.scale_)) if model.with_scaling else z
    return mb.add(x=z, y=constant(model.center_)) if model.with_centering else mb.identity(x=z)


@recipe(
    RobustScaler,
    outputs={"transformed": "transform"},
    keeps_nan=lambda model: True,
    invert=_robust_inverse,
    carries=_carries("the median and a range between quantiles"),
)
def robust(model, x):
    """(x - median) / (range between two quantiles)."""
    mb = builder()
    spread = model.scale_ if model.with_scaling else 1.0
    z = subtract(x, model.center_, spread) if model.with_centering else mb.identity(x=x)
    return {"transformed": mb.real_div(x=z, y=constant(model.scale_)) if model.with_scaling else z}


def seen_once(model):
    """Whether ``fit`` was called on a model that learns nothing but how many features there are."""
    return hasattr(model, "n_features_in_")


def nothing_carried(model):
    """What a model carries that learns nothing from the rows."""
    return Carries("none", "Nothing of your rows.")


@recipe(Normalizer, outputs={"transformed": "transform"}, fitted=seen_once, carries=nothing_carried)
def normalized(model, x):
    """Each row divided by its norm. The largest absolute value goes first, so that no square overflows.

    scikit-learn leaves a row as it is whose norm is below ten float64 epsilons; so does this.
    """
    mb = builder()
    largest = mb.reduce_max(x=mb.abs(x=x), axes=[1], keep_dims=True)
    norm = largest
    if model.norm != "max":
        none = mb.cast(x=mb.equal(x=largest, y=np.float32(0)), dtype="fp32")
        part = mb.abs(x=mb.real_div(x=x, y=mb.add(x=largest, y=none)))
        part = mb.square(x=part) if model.norm == "l2" else part
        total = mb.reduce_sum(x=part, axes=[1], keep_dims=True)
        norm = mb.mul(x=largest, y=mb.sqrt(x=total) if model.norm == "l2" else total)
    zero = mb.less(x=norm, y=np.float32(10 * np.finfo(np.float64).eps))
    return {"transformed": mb.real_div(x=x, y=mb.select(cond=zero, a=np.ones((1, 1), np.float32), b=norm))}


def _thresholds(model):
    """(column, threshold) of each feature."""
    count = model.n_features_in_
    return np.arange(count), np.full(count, model.threshold, np.float64)


@recipe(
    Binarizer,
    outputs={"transformed": "transform"},
    edges=lambda model: True,
    questions=lambda model: lambda: (*_thresholds(model), not_above_as_it_is),
    fitted=seen_once,
    carries=nothing_carried,
)
def binarized(model, x):
    """1 above the threshold, else 0."""
    mb = builder()
    threshold = round_down(largest_not_above(*_thresholds(model)))
    return {"transformed": mb.cast(x=mb.greater(x=x, y=threshold[None]), dtype="fp32")}
