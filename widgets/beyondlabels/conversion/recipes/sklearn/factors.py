"""Latent factors: one matrix, worked out from the model when it is exported, takes a centred row to its factors."""

import warnings

import numpy as np
from sklearn.decomposition import FactorAnalysis, FastICA, MiniBatchSparsePCA, SparsePCA
from sklearn.linear_model import ridge_regression

from ....mil.blocks import builder, constant, subtract
from ....mil.gaussians import log_gaussian
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries
from .decomposition import limits_of_score, usable_precision, with_usable_score


def _carries(model):
    parts, features = model.components_.shape
    return Carries(
        "statistics",
        f"{counted(parts, 'direction')} and the mean of {counted(features, 'feature')}. None of your rows.",
    )


def _back(model, z):
    """z times the components, and the mean."""
    mb = builder()
    return mb.add(x=mb.matmul(x=z, y=constant(model.components_)), y=constant(model.mean_))


@recipe(
    FactorAnalysis,
    outputs={"transformed": "transform", "score": "score_samples"},
    available=with_usable_score,
    limits=limits_of_score,
    carries=_carries,
)
def factor_analysis(model, x):
    """The expected factors given a row, (x - mean) C^-1 W' (I + W C^-1 W')^-1 with noise C, and the log-likelihood
    (Barber, Bayesian Reasoning and Machine Learning, 2012, 21.2)."""
    parts = np.asarray(model.components_, np.float64)
    weighted = parts / model.noise_variance_
    to_factors = weighted.T @ np.linalg.inv(np.eye(len(parts)) + weighted @ parts.T)
    centred = subtract(x, model.mean_, np.sqrt(model.noise_variance_))
    made = {"transformed": builder().matmul(x=centred, y=constant(to_factors))}
    precision = usable_precision(model)
    if precision is not None:
        made["score"] = log_gaussian(centred, precision)
    return made


def _mix(model, z):
    mb = builder()
    mixed = mb.matmul(x=z, y=constant(model.mixing_.T))
    return mb.add(x=mixed, y=constant(model.mean_)) if model.whiten else mixed


@recipe(FastICA, outputs={"transformed": "transform"}, invert=_mix, carries=_carries)
def independent_components(model, x):
    """The unmixing matrix applied to the centred row, or to the row itself where it was white already (Hyvarinen 1999)."""
    if model.whiten:
        x = subtract(x, model.mean_, np.linalg.norm(model.mixing_, axis=1))
    return {"transformed": builder().matmul(x=x, y=constant(model.components_.T))}


def _ridge(model):
    """(features, parts): what scikit-learn's own ridge regression gives for each unit row; it is linear in the row."""
    components = np.asarray(model.components_, np.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a direction that is 0 altogether
        found = ridge_regression(components.T, np.eye(components.shape[1]), model.ridge_alpha, solver="cholesky")
    return found.reshape(components.T.shape)


def _in_rows(model, method, X):
    """The model's own answer; for a single row scikit-learn forgets the axis of rows."""
    return np.reshape(getattr(model, method)(X), (len(X), len(model.components_)))


@recipe(
    SparsePCA,
    MiniBatchSparsePCA,
    outputs={"transformed": "transform"},
    invert=_back,
    carries=_carries,
    reference=_in_rows,
)
def sparse_pca(model, x):
    """Ridge regression of the centred row on the sparse directions, (x - mean) V' (V V' + alpha I)^-1 (Hoerl and Kennard
    1970): in closed form, so that one matrix product is left."""
    centred = subtract(x, model.mean_)
    return {"transformed": builder().matmul(x=centred, y=constant(_ridge(model)))}
