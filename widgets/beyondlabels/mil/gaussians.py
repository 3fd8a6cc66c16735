"""Gaussian densities and the distances inside them, from a precision (inverse covariance) matrix."""

import numpy as np

from .blocks import builder, constant


def squared_mahalanobis(difference, precision):
    """d P d for rows ``difference`` (rows, features) and a symmetric precision P without negative eigenvalues, (rows,).

    P is factored in float64, so that only squares are summed and nothing cancels (Mahalanobis 1936).
    """
    mb = builder()
    spread, even = evened(precision)
    values, vectors = np.linalg.eigh(even)
    root = vectors * np.sqrt(np.maximum(values, 0)) * spread[:, None]
    whitened = mb.square(x=mb.matmul(x=difference, y=constant(root)))
    return mb.reduce_sum(x=whitened, axes=[1], keep_dims=False)


def evened(precision):
    """(s, R) with P = s R s and a diagonal of ones in R: scales far apart then cost no digits (van der Sluis 1969)."""
    precision = np.asarray(precision, np.float64)
    spread = np.sqrt(np.maximum(np.diagonal(precision), 0))
    spread = np.where(spread == 0, 1, spread)
    return spread, (precision + precision.T) / 2 / spread / spread[:, None]


def log_gaussian(difference, precision):
    """The logarithm of a Gaussian's density at ``difference`` (rows, features) from its mean, (rows,):
    (ln det P - d ln 2 pi - squared Mahalanobis distance) / 2."""
    mb = builder()
    at_mean = 0.5 * (np.linalg.slogdet(precision)[1] - len(precision) * np.log(2 * np.pi))
    distance = squared_mahalanobis(difference, precision)
    return mb.sub(x=np.float32(at_mean), y=mb.mul(x=distance, y=np.float32(0.5)))
