"""Mixtures of Gaussians: how probable a point is under each, and under all together (McLachlan and Peel 2000)."""

from copy import copy

import numpy as np
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture

from ....limits import get
from ....mil.blocks import builder, constant, subtract
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries


def _carries(model):
    parts, features = model.means_.shape
    where = f"{counted(parts, 'Gaussian')} in {counted(features, 'feature')}"
    summary = f"the weight, mean and spread ({model.covariance_type}) of {where}."
    if isinstance(model, BayesianGaussianMixture):
        rows = model.mean_precision_ - model.mean_precision_prior_
        count = int((np.abs(rows - 1) < 0.5).sum())
        if not count:
            return Carries("statistics", f"{summary} None of your rows.")
        mean = "and its mean lies" if count == 1 else "and their means lie"
        return Carries(
            "statistics", f"{summary} {_which(count)} of about one row, {mean} between it and the mean of all."
        )
    if model.covariance_type == "tied":
        return Carries("statistics", f"{summary} A Gaussian of one row has that row as its mean.")
    count = len(_without_spread(model))
    if not count:
        return Carries("statistics", f"{summary} None of your rows.")
    lone = f"{_which(count)} of one row, or of equal ones: {count:,} of your rows word for word."
    return Carries("rows", f"{summary} {lone}", count)


def _which(count):
    return "One of them is" if count == 1 else f"{count:,} of them are"


def _without_spread(model):
    """Numbers of the Gaussians with no variance but what ``reg_covar`` adds: made of one row, or of rows equal to it."""
    variances = model.covariances_
    if model.covariance_type == "full":
        variances = np.diagonal(variances, axis1=1, axis2=2)
    lost = 1e-14 * np.square(model.means_).max(axis=1, keepdims=True)  # of a variance that is a difference of squares
    bare = np.reshape(variances, (len(model.means_), -1)) <= model.reg_covar * (1 + 1e-6) + lost
    return np.flatnonzero(bare.all(axis=1))


def _group_of_one(model):
    """The limit that such Gaussians touch; a Bayesian mean is drawn to the mean of all, and tied ones share their spread."""
    if isinstance(model, BayesianGaussianMixture) or model.covariance_type == "tied":
        return []
    found = _without_spread(model)
    return [get("group-of-one").because(f"Gaussian {', '.join(map(str, found))}")] if len(found) else []


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
    limits=_group_of_one,
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
