"""The two half-steps of EM for a mixture of Gaussians in the plane, four covariance shapes, and BIC. Knows no widget.

Points are (n, 2), weights (k,), means (k, 2), covariances (k, 2, 2), shares (responsibilities) (n, k), all float64.
Dempster, A. P., Laird, N. M. and Rubin, D. B. (1977), "Maximum likelihood from incomplete data via the EM algorithm";
Schwarz, G. (1978), "Estimating the dimension of a model".
"""

import numpy as np

SHAPES = ("full", "tied", "diag", "spherical")
_NOTHING = 1e-9  # a component with fewer points' worth of shares than this has no mean to go to


def log_joint(points, weights, means, covariances):
    """ln(weight) + ln(density) of every component at every point, (n, k)."""
    root = np.linalg.cholesky(covariances)
    joint = np.empty((len(points), len(means)))
    for index, (mean, lower) in enumerate(zip(means, root, strict=True)):
        along = (points[:, 0] - mean[0]) / lower[0, 0]
        across = (points[:, 1] - mean[1] - lower[1, 0] * along) / lower[1, 1]
        at_mean = np.log(max(weights[index], 1e-300)) - np.log(2 * np.pi * lower[0, 0] * lower[1, 1])
        joint[:, index] = at_mean - 0.5 * (along**2 + across**2)
    return joint


def e_step(points, weights, means, covariances):
    """Shares of every component in every point, (n, k), and ln(density) of every point, (n,)."""
    joint = log_joint(points, weights, means, covariances)
    top = joint.max(axis=1, keepdims=True)  # taken off first: far from every mean each density is 0 in float64
    shares = np.exp(joint - top)
    total = shares.sum(axis=1, keepdims=True)
    return shares / total, (top + np.log(total))[:, 0]


def m_step(points, shares, means, covariances, shape, deviation, reg_covar):
    """Weights, means and covariances that fit these shares best. A component without shares keeps its mean and covariance.

    deviation (2,): what a unit of measurement space is in each column. ``reg_covar`` (in that space, squared) is added
    to every variance, as scikit-learn does, so that a component can shrink on to one point and still have a density.
    """
    counts = shares.sum(axis=0)
    some = counts > _NOTHING
    safe = np.where(some, counts, 1)
    moved = np.where(some[:, None], shares.T @ points / safe[:, None], means)
    spread = np.empty_like(covariances)
    for index, mean in enumerate(moved):
        away = points - mean
        spread[index] = (shares[:, index, None] * away).T @ away / safe[index]
    spread = np.where(some[:, None, None], spread + reg_covar * np.diag(deviation**2), covariances)
    weights = counts / counts.sum()
    return weights, moved, shaped(spread, weights, shape, deviation)


def shaped(covariances, weights, shape, deviation):
    """The covariances with what the shape does not allow taken away: one for all, no turning, or circles."""
    if shape == "tied":
        return np.repeat(np.tensordot(weights / weights.sum(), covariances, 1)[None], len(covariances), axis=0)
    if shape == "full":
        return covariances
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    if shape == "spherical":
        variances = (variances / deviation**2).mean(axis=1, keepdims=True) * deviation**2
    return variances[:, :, None] * np.eye(2)


def parameters(k, shape):
    """Numbers that k components in the plane have to choose: weights, means, and the variances of their shape."""
    return (k - 1) + 2 * k + {"full": 3 * k, "tied": 3, "diag": 2 * k, "spherical": k}[shape]


def bic(log_likelihood, rows, k, shape):
    """Bayesian information criterion, parameters ln(rows) - 2 ln(likelihood): smaller is better (Schwarz 1978)."""
    return parameters(k, shape) * np.log(rows) - 2 * log_likelihood
