"""Kernel matrices centred, and the directions in which they vary most (Schölkopf, Smola and Müller 1998)."""

from copy import copy

import numpy as np
from sklearn.decomposition import KernelPCA
from sklearn.metrics.pairwise import pairwise_kernels
from sklearn.preprocessing import KernelCenterer

from ....limits import get
from ....mil.blocks import builder, constant, subtract
from ....mil.kernel_features import explicit
from ....mil.kernels import kernel
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries
from .kernel_options import dense, loss, parameters, refuse_kernel


def centre_kernel(values, means):
    """Kernel values (rows, points) less the mean of every point's column in training, then less what is left of a row's own
    mean. The same as scikit-learn's K - columns - row + all, but each sum is small where K is far from 0."""
    mb = builder()
    values = subtract(values, means, np.std(means))
    return mb.sub(x=values, y=mb.reduce_mean(x=values, axes=[1], keep_dims=True))


@recipe(
    KernelCenterer,
    outputs={"transformed": "transform"},
    carries=lambda model: Carries(
        "statistics", f"{counted(model.n_features_in_, 'mean')} of the kernel. None of your rows."
    ),
)
def centred_kernel(model, x):
    """K moved as if the features behind it had mean 0 (Schölkopf, Smola and Müller 1998)."""
    return {"transformed": centre_kernel(x, model.K_fit_rows_)}


def _own(model):
    """The kernel's parameters, those it uses."""
    return parameters(model.kernel, {"gamma": model.gamma_, "degree": model.degree, "coef0": model.coef0})


def scaled_eigenvectors(model):
    """scikit-learn's scaled alphas, (points, components): eigenvectors over the root of their eigenvalues, 0 where that is 0;
    each with mean 0, which centres the rows of any kernel they are multiplied with."""
    roots = np.sqrt(model.eigenvalues_)
    alphas = model.eigenvectors_ / np.where(roots == 0, np.inf, roots)
    return alphas - alphas.mean(axis=0)


def _features(model):
    """The kernel's explicit features, ``None`` where the rows themselves must be stored."""
    return explicit(model.kernel, dense(model.X_fit_), **_own(model))


def _lost(model):
    """The expected loss in float32, for each component."""
    return loss(model.kernel, dense(model.X_fit_), scaled_eigenvectors(model), _own(model), centred=True)


def _refuse(model):
    if not len(model.eigenvalues_):
        return [get("option-not-covered").because("no component is left")]
    found = refuse_kernel(model.kernel, {"gamma": model.gamma, "degree": model.degree, "coef0": model.coef0})
    if found or model.kernel == "linear":
        return found
    lost = _lost(model)
    if (lost <= 1e-5).all():
        return []
    usable = int((lost > 1e-5).argmax())
    held = f"the first {usable}" if usable else "none; where your rows are tiny or hardly differ, scale them first"
    detail = f"{counted(len(lost), 'component')} of a {model.kernel} kernel, of which float32 holds {held}"
    return [get("float32-cancellation").because(detail)]


def _carries(model):
    count, features = model.X_fit_.shape
    if not _features(model):
        return Carries("rows", f"{count:,} of your rows word for word (every training row).", count)
    if _reconstructs(model) and not _way_back(model):
        return Carries("rows", f"{count:,} of your rows as the model transforms them (for the way back).", count)
    parts = len(model.eigenvalues_)
    return Carries(
        "statistics",
        f"{counted(parts, 'direction')} and the mean of {counted(features, 'feature')}. None of your rows.",
    )


def _limits(model):
    rows = _carries(model).rows
    found = [get("carries-rows").because(counted(rows, "training row"))] if rows else []
    if model.fit_inverse_transform and not _reconstructs(model):
        found.append(get("float32-cancellation").because("the output reconstructed is left out; a larger alpha helps"))
    return found


def _way_back(model):
    """The explicit features of the way back, ``None`` where the transformed training rows must be stored."""
    return explicit(model.kernel, np.asarray(model.X_transformed_fit_, np.float64), **_own(model))


def _reconstructs(model):
    """Whether the way back is there, and float32 holds it."""
    if not model.fit_inverse_transform:
        return False
    stored = np.asarray(model.X_transformed_fit_, np.float64)
    return bool((loss(model.kernel, stored, model.dual_coef_, _own(model)) <= 1e-5).all())


def _expected(model, method, X):
    """The model's own method on a writable array; for the linear kernel on rows moved to the training rows' mean, which
    changes nothing but the digits that K loses where all lie far from 0."""
    rows = np.array(X, np.float64)
    if model.kernel == "linear":
        stored = dense(model.X_fit_)
        mean = stored.mean(axis=0)
        model = copy(model)
        model.X_fit_ = stored - mean
        model._centerer = KernelCenterer().fit(model.X_fit_ @ model.X_fit_.T)
        rows = rows - mean
    z = model.transform(rows)
    return model.inverse_transform(z) if method == "inverse_transform" else z


def _invert(model, z):
    """K(z, transformed training rows) times the dual coefficients (Bakır, Weston and Schölkopf 2004).

    The mean of every point's column is taken off first, and what the coefficients make of the means is added as worked out in
    float64. The values of one row are alike and the coefficients have both signs, so without it the sum on its way grows far
    beyond its end, and float32 rounds it there: over 2,500 rows by seven times as much as it rounds the values.
    """
    mb = builder()
    stored = np.asarray(model.X_transformed_fit_, np.float64)
    features = _way_back(model)
    if features:
        return mb.matmul(x=features.of(z), y=constant(features.weighted(stored).T @ model.dual_coef_))
    means = constant(pairwise_kernels(stored, metric=model.kernel, **_own(model)).mean(axis=0))
    differences = mb.sub(x=kernel(z, stored, model.kernel, **_own(model)), y=means)
    made = mb.matmul(x=differences, y=constant(model.dual_coef_))
    return mb.add(x=made, y=constant(means.astype(np.float64) @ model.dual_coef_))


@recipe(
    KernelPCA,
    outputs={"transformed": "transform", "reconstructed": "inverse_transform"},
    available=lambda model, outputs: {
        name: method for name, method in outputs.items() if name == "transformed" or _reconstructs(model)
    },
    refuse=_refuse,
    limits=_limits,
    carries=_carries,
    reference=_expected,
)
def kernel_pca(model, x):
    """Centred kernel values times the scaled eigenvectors. For kernels that are sums of products that is one matrix, and no
    row need be stored."""
    mb = builder()
    rows, directions = dense(model.X_fit_), scaled_eigenvectors(model)
    features = _features(model)
    if features:
        own = features.of_rows(rows)
        centred = subtract(features.of(x), own.mean(axis=0), own.std(axis=0))
        z = mb.matmul(x=centred, y=constant(features.weighted(rows).T @ directions))
    else:
        values = kernel(x, rows, model.kernel, **_own(model))
        z = mb.matmul(x=mb.sub(x=values, y=constant(model._centerer.K_fit_rows_)), y=constant(directions))
    made = {"transformed": z}
    return made | {"reconstructed": _invert(model, z)} if _reconstructs(model) else made
