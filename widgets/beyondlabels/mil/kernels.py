"""Kernel functions between rows and stored points, named and defined as in scikit-learn's ``metrics.pairwise``."""

import numpy as np

from .blocks import builder, constant
from .distances import pairwise, squared_distances, unit

KERNELS = ("linear", "poly", "polynomial", "rbf", "sigmoid", "cosine", "laplacian", "chi2", "additive_chi2")


def kernel(x, points, name, gamma=None, degree=3, coef0=1):
    """K(x, p), (rows, points). ``gamma`` is a number already (scikit-learn's "scale" and "auto" are resolved at fit)."""
    mb = builder()
    points = np.asarray(points, np.float64)
    gamma = 1.0 / points.shape[1] if gamma is None else gamma
    if name == "rbf":
        size = _power_near_root(gamma)
        if size != 1:  # squares of numbers this small, or this large, are not in float32's range
            x, points, gamma = mb.mul(x=x, y=np.float32(size)), points * size, gamma / size / size
        near = 1 / np.sqrt(gamma) if gamma > 0 else np.inf
        return mb.exp(x=mb.mul(x=squared_distances(x, points, near), y=np.float32(-gamma)))
    if name == "laplacian":
        return mb.exp(x=mb.mul(x=pairwise(x, points, "manhattan"), y=np.float32(-gamma)))
    if name == "chi2":
        return mb.exp(x=mb.mul(x=_chi_squared(x, points), y=np.float32(-gamma)))
    if name == "additive_chi2":
        return mb.mul(x=_chi_squared(x, points), y=np.float32(-1))
    if name == "cosine":
        length = np.linalg.norm(points, axis=1, keepdims=True)
        return mb.matmul(x=unit(x), y=constant((points / np.where(length == 0, 1, length)).T))
    if name == "linear":
        return mb.matmul(x=x, y=constant(points.T))
    inner = mb.add(x=mb.matmul(x=x, y=constant(gamma * points.T)), y=np.float32(coef0))
    if name in ("poly", "polynomial"):
        return power(inner, degree)
    if name == "sigmoid":
        return mb.tanh(x=inner)
    raise ValueError(f"kernel {name!r} is not covered; expected one of {', '.join(KERNELS)}")


def _power_near_root(gamma):
    """The power of two near the root of ``gamma`` where that is beyond 2^30 or below 2^-30, else 1. Rows times a power of two
    keep all their digits."""
    power = np.round(np.log2(gamma) / 2) if 0 < gamma < np.inf else 0
    return float(2.0 ** np.clip(power, -126, 126)) if abs(power) > 30 else 1.0


def _chi_squared(x, points):
    """The sum of (x - p)^2 / (x + p) over the features, (rows, points); 0 where both are 0 (Vedaldi and Zisserman 2012)."""
    mb = builder()
    points = constant(points)[None]
    x = mb.expand_dims(x=x, axes=[1])
    total = mb.add(x=x, y=points)
    none = mb.cast(x=mb.equal(x=total, y=np.float32(0)), dtype="fp32")
    parts = mb.real_div(x=mb.square(x=mb.sub(x=x, y=points)), y=mb.add(x=total, y=none))
    return mb.reduce_sum(x=parts, axes=[2], keep_dims=False)


def power(x, exponent):
    """x ** exponent; a small whole exponent by products, which keeps the sign and the digits of a negative x."""
    mb = builder()
    if float(exponent).is_integer() and 1 <= exponent <= 8:
        result = x
        for _ in range(int(exponent) - 1):
            result = mb.mul(x=result, y=x)
        return result
    return mb.pow(x=x, y=np.float32(exponent))
