"""Mixtures of Gaussians: how probable a point is under each, and under all together (McLachlan and Peel 2000)."""

from copy import copy

import numpy as np
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture

from ....mil.blocks import builder, constant, subtract
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries


def _carries(model):
    parts, features = model.means_.shape
    where = f"{counted(parts, 'Gaussian')} in {counted(features, 'feature')}"
    summary = f"the weight, mean and spread ({model.covariance_type}) of {where}. None of your rows."
    return Carries("statistics", summary)


def _moved(model, by):
    """A copy of the model with its means moved by ``by``."""
    moved = copy(model)
    moved.means_ = model.means_ + by
    return moved


def _expected(model, method, X):
    """The model's own method, on model and rows moved together to the mean of the means.

    Nothing changes but the digits that scikit-learn's x^2 p - 2 x m p + m^2 p loses where all lie far from 0.
    """
    mean = model.means_.mean(axis=0)
    return getattr(_moved(model, -mean), method)(np.asarray(X, np.float64) - mean)


def _ties(model, name, X, near):
    """Rows whose two most probable Gaussians are equally probable; and rows so far from all of them that rounding
    ln(density), to a few ten-millionths of its size, would show in the runner-up's share."""
    joint = np.sort(_expected(model, "_estimate_weighted_log_prob", X), axis=1)[:, -2:]
    if joint.shape[1] < 2:
        return np.zeros(len(X), bool)
    gap, size = np.diff(joint, axis=1)[:, 0], np.abs(joint[:, 1])
    far = (size > 50) & (size * np.exp(-gap) > 0.3)
    return far | (gap <= near * (1 + size))


def _log_density_at_means(model):
    """ln(weight) + ln(density at its own mean) of each Gaussian: what the model itself gives for a row at all means at
    once. A Bayesian mixture takes expectations of both (Bishop 2006, 10.64-10.66)."""
    row = np.zeros((1, model.means_.shape[1]))
    return _moved(model, -model.means_)._estimate_weighted_log_prob(row)[0]


def _squared(model, x):
    """Squared Mahalanobis distances to the means, (Gaussians, rows): differences first, then the root of the precision,
    so that only squares are summed and nothing cancels."""
    mb = builder()
    root = np.asarray(model.precisions_cholesky_, np.float64)
    kind = model.covariance_type
    variances = np.asarray(model.covariances_, np.float64)
    if kind in ("full", "tied"):
        variances = np.diagonal(variances, axis1=-2, axis2=-1)
    spread = np.sqrt(variances.reshape(-1, 1) if kind == "spherical" else np.atleast_2d(variances))[:, None]
    difference = subtract(mb.expand_dims(x=x, axes=[0]), model.means_[:, None], spread)
    if kind in ("full", "tied"):
        whitened = mb.matmul(x=difference, y=constant(root))
    else:
        shape = (-1, 1, 1) if kind == "spherical" else (len(root), 1, -1)
        whitened = mb.mul(x=difference, y=constant(root.reshape(shape)))
    return mb.reduce_sum(x=mb.square(x=whitened), axes=[2], keep_dims=False)


@recipe(
    GaussianMixture,
    BayesianGaussianMixture,
    outputs={"label": "predict", "probabilities": "predict_proba", "score": "score_samples"},
    carries=_carries,
    reference=_expected,
    ties=_ties,
)
def mixture(model, x):
    """ln(weight) + ln(density) for each Gaussian; the score is their log-sum-exp, the largest taken off first."""
    mb = builder()
    at_means = constant(_log_density_at_means(model))[:, None]
    joint = mb.sub(x=at_means, y=mb.mul(x=_squared(model, x), y=np.float32(0.5)))
    top = mb.reduce_max(x=joint, axes=[0], keep_dims=True)
    shares = mb.exp(x=mb.sub(x=joint, y=top))
    total = mb.reduce_sum(x=shares, axes=[0], keep_dims=True)
    return {
        "label": mb.reduce_argmax(x=joint, axis=0, keep_dims=False),
        "probabilities": mb.transpose(x=mb.real_div(x=shares, y=total), perm=[1, 0]),
        "score": mb.squeeze(x=mb.add(x=top, y=mb.log(x=total)), axes=[0]),
    }
