"""Kernel functions between rows and stored points, named and defined as in scikit-learn's ``metrics.pairwise``."""

import numpy as np

from .blocks import builder, constant
from .distances import pairwise, squared_distances, unit

KERNELS = ("linear", "poly", "polynomial", "rbf", "sigmoid", "cosine", "laplacian")


def kernel(x, points, name, gamma=None, degree=3, coef0=1):
    """K(x, p), (rows, points). ``gamma`` is a number already (scikit-learn's "scale" and "auto" are resolved at fit)."""
    mb = builder()
    points = np.asarray(points, np.float64)
    gamma = 1.0 / points.shape[1] if gamma is None else gamma
    if name == "rbf":
        return mb.exp(x=mb.mul(x=squared_distances(x, points), y=np.float32(-gamma)))
    if name == "laplacian":
        return mb.exp(x=mb.mul(x=pairwise(x, points, "manhattan"), y=np.float32(-gamma)))
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


def power(x, exponent):
    """x ** exponent; a small whole exponent by products, which keeps the sign and the digits of a negative x."""
    mb = builder()
    if float(exponent).is_integer() and 1 <= exponent <= 8:
        result = x
        for _ in range(int(exponent) - 1):
            result = mb.mul(x=result, y=x)
        return result
    return mb.pow(x=x, y=np.float32(exponent))
