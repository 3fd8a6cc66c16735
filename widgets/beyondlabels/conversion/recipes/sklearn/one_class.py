"""One side of a boundary around most of the data: inliers score above 0 (Schölkopf et al., Estimating the Support of a
High-Dimensional Distribution, 2001)."""

import numpy as np
from sklearn.linear_model import SGDOneClassSVM
from sklearn.svm import OneClassSVM

from ....limits import get
from ....mil.blocks import builder, constant, subtract
from ....mil.kernel_features import explicit
from ....mil.kernels import kernel
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries
from .kernel_options import dense, parameters, refuse_kernel


def _support(model):
    """The support vectors, (points, features), and their weights, (points,), equal rows joined."""
    rows, where = np.unique(dense(model.support_vectors_), axis=0, return_inverse=True)
    return rows, np.bincount(where.ravel(), dense(model.dual_coef_).ravel(), len(rows))


def _svm_options(model):
    given = {"gamma": model._gamma, "degree": model.degree, "coef0": model.coef0}
    return parameters(model.kernel, given)


def _edge(model, name, X, near):
    """Rows whose score is 0 beside the terms that it is the sum of."""
    score = model.decision_function(X)
    return np.abs(score) <= near * (np.abs(score + model.offset_) + np.abs(model.offset_))


def _floor(model):
    """1/32 of the offset, as of an output's other columns: of a score that is small beside what it is the difference of, five
    roundings of the offset and no more are excused."""
    return float(np.abs(model.offset_).max()) / 32


def _sign(inside):
    """1 where ``inside`` holds, else -1."""
    mb = builder()
    inside = mb.cast(x=inside, dtype="int32")
    return mb.sub(x=mb.mul(x=inside, y=np.int32(2)), y=np.int32(1))


def _one_weight_each(model):
    each = "product of features" if getattr(model, "kernel", "") == "poly" else "feature"
    return Carries("statistics", f"one weight for each {each}. None of your rows.")


def _svm_carries(model):
    if explicit(model.kernel, _support(model)[0], **_svm_options(model)):
        return _one_weight_each(model)
    count = len(_support(model)[0])
    return Carries("rows", f"{count:,} of your rows word for word (the support vectors).", count)


def _svm_limits(model):
    rows = _svm_carries(model).rows
    return [get("carries-rows").because(counted(rows, "support vector"))] if rows else []


@recipe(
    OneClassSVM,
    outputs={"inlier": "predict", "score": "decision_function"},
    refuse=lambda model: refuse_kernel(model.kernel, {}),
    ties=_edge,
    floor=_floor,
    limits=_svm_limits,
    carries=_svm_carries,
)
def one_class(model, x):
    """The weighted sum of kernel values less an offset; inside is above 0. With kernels that are sums of
    products it is one weight a product, and no row need be stored."""
    mb = builder()
    rows, weights = _support(model)
    features = explicit(model.kernel, rows, **_svm_options(model))
    if features:
        centre = features.of_rows(rows).mean(axis=0)
        score = _half_space(features.of(x), weights @ features.weighted(rows), centre, float(model.offset_[0]))
    else:
        values = kernel(x, rows, model.kernel, **_svm_options(model))
        total = mb.squeeze(x=mb.matmul(x=values, y=constant(weights[:, None])), axes=[1])
        score = mb.sub(x=total, y=np.float32(model.offset_[0]))
    return {"inlier": _sign(mb.greater(x=score, y=np.float32(0))), "score": score}


def _half_space(x, weights, centre, offset):
    """x w - offset, as (x - centre) w and a constant worked out in float64."""
    mb = builder()
    moved = subtract(x, centre) if np.any(centre) else x
    total = mb.squeeze(x=mb.matmul(x=moved, y=constant(weights[:, None])), axes=[1])
    return mb.add(x=total, y=np.float32(centre @ weights - offset))


@recipe(
    SGDOneClassSVM,
    outputs={"inlier": "predict", "score": "decision_function"},
    ties=_edge,
    floor=_floor,
    carries=_one_weight_each,
)
def linear_one_class(model, x):
    """x w - offset, inside where it is not below 0."""
    weights = np.asarray(model.coef_, np.float64).ravel()
    score = _half_space(x, weights, np.zeros(len(weights)), float(model.offset_[0]))
    return {"inlier": _sign(builder().greater_equal(x=score, y=np.float32(0))), "score": score}
