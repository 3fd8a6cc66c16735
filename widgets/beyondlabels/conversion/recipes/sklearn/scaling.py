"""Scaling each feature: subtract, then divide."""

import numpy as np
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from ....mil.blocks import builder, constant, subtract
from ...registry import recipe
from ...verdict import Carries


def _carries(what):
    return lambda model: Carries("statistics", f"{what} of {model.n_features_in_} features. None of your rows.")


def _standard_inverse(model, z):
    mb = builder()
    if model.with_std:
        z = mb.mul(x=z, y=constant(model.scale_))
    return mb.add(x=z, y=constant(model.mean_)) if model.with_mean else z


@recipe(
    StandardScaler,
    outputs={"transformed": "transform"},
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
    invert=_min_max_inverse,
    carries=_carries("the smallest and largest value"),
)
def min_max(model, x):
    """x * scale + min, written (x - data_min) * scale + low so that nothing cancels far from 0."""
    mb = builder()
    low, high = model.feature_range
    scale = np.asarray(model.scale_, np.float64)
    offset = (low - np.asarray(model.min_, np.float64)) / scale
    z = mb.mul(x=subtract(x, offset, 1 / np.abs(scale)), y=constant(scale))
    z = mb.add(x=z, y=constant(np.full(1, low))) if low else z
    if model.clip:
        z = mb.clip(x=z, alpha=np.float32(low), beta=np.float32(high))
    return {"transformed": z}
