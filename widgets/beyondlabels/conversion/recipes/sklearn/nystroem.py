"""A kernel approximated from some of the training rows (Williams and Seeger 2001)."""

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.kernel_approximation import Nystroem

from ....limits import get
from ....mil.blocks import builder, constant
from ....mil.kernel_features import explicit
from ....mil.kernels import kernel
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries
from .kernel_options import dense, loss, parameters, refuse_kernel


def _kernel(model):
    """The kernel's parameters, as ``Nystroem`` itself puts them together."""
    own = {name: getattr(model, name) for name in ("gamma", "coef0", "degree") if getattr(model, name) is not None}
    return parameters(model.kernel, {**(model.kernel_params or {}), **own})


def _basis(model):
    """The different rows of the basis, (points, features), and what their kernel values are multiplied by, (points,
    components), in float64.

    Rows that are there twice leave directions that hold nothing but roundings, which scikit-learn weights by a million;
    joined, they cancel.
    """
    rows, where = np.unique(dense(model.components_), axis=0, return_inverse=True)
    weights = np.zeros((len(rows), len(model.normalization_)))
    np.add.at(weights, where.ravel(), np.asarray(model.normalization_, np.float64).T)
    return rows, weights


def _refuse(model):
    found = refuse_kernel(model.kernel, {**(model.kernel_params or {}), "gamma": model.gamma})
    if found:
        return found
    rows, weights = _basis(model)
    lost = loss(model.kernel, rows, weights, _kernel(model)).max()
    if lost > 1e-5:
        many = (
            f"{counted(len(weights), 'row')} of a {model.kernel} kernel: a relative error near {lost:.0e} is expected"
        )
        return [get("float32-cancellation").because(many)]
    return []


def _expected(model, method, X):
    """The model's own method on a writable array (the chi-squared kernel in scikit-learn 1.9 refuses any other); for rbf its
    formula with distances from differences, as |x|^2 - 2 x.p + |p|^2 loses digits where rows are far from 0 or apart."""
    rows = np.array(X, np.float64)
    if model.kernel != "rbf":
        return getattr(model, method)(rows)
    basis = dense(model.components_)
    gamma = _kernel(model).get("gamma", 1 / basis.shape[1])
    return np.exp(-gamma * cdist(rows, basis, "sqeuclidean")) @ np.asarray(model.normalization_, np.float64).T


def _nystroem_carries(model):
    count = len(_basis(model)[0])
    if explicit(model.kernel, _basis(model)[0], **_kernel(model)):
        return Carries(
            "statistics", f"{counted(count, 'direction')} made from {count:,} of your rows. None of your rows."
        )
    return Carries("rows", f"{count:,} of your rows word for word (the basis of the kernel).", count)


def _nystroem_limits(model):
    count = _nystroem_carries(model).rows
    return [get("carries-rows").because(counted(count, "basis row"))] if count else []


@recipe(
    Nystroem,
    outputs={"transformed": "transform"},
    refuse=_refuse,
    limits=_nystroem_limits,
    carries=_nystroem_carries,
    reference=_expected,
)
def nystroem(model, x):
    """K(x, basis) K(basis, basis)^(-1/2); for kernels that are sums of products, that is one matrix."""
    mb = builder()
    rows, weights = _basis(model)
    features = explicit(model.kernel, rows, **_kernel(model))
    if features:
        return {"transformed": mb.matmul(x=features.of(x), y=constant(features.weighted(rows).T @ weights))}
    values = kernel(x, rows, model.kernel, **_kernel(model))
    return {"transformed": mb.matmul(x=values, y=constant(weights))}
