"""Kernel density: every training row spreads a little density around itself (Rosenblatt 1956; Parzen 1962)."""

import numpy as np
from scipy.special import logsumexp
from sklearn.metrics import DistanceMetric
from sklearn.neighbors import KernelDensity
from sklearn.neighbors._ball_tree import kernel_norm

from ....limits import get
from ....mil.blocks import builder, constant, log_sum_exp
from ....mil.distances import pairwise, squared_distances
from ....mil.functions import log
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries

_AT_ONCE = 1 << 22  # distances held at once to ask for the expected densities
_METRICS = ("euclidean", "l2", "manhattan", "cityblock", "l1", "chebyshev", "infinity", "minkowski", "p")


def _metric(model):
    """(name, Minkowski's exponent) as ``mil.distances`` knows them."""
    name = {"infinity": "chebyshev", "p": "minkowski"}.get(model.metric, model.metric)
    p = (model.metric_params or {}).get("p", 2)
    return ("euclidean", 2) if (name, p) == ("minkowski", 2) or name == "l2" else (name, p)


def _refuse(model):
    if model.metric not in _METRICS:
        said = f"metric={model.metric!r}" if isinstance(model.metric, str) else "metric=<a function of yours>"
        return [get("option-not-covered").because(said)]
    if not np.isfinite(_level(model)):
        found = (
            f"kernel={model.kernel!r} in {model.n_features_in_} features, where scikit-learn's own factor is no number"
        )
        return [get("option-not-covered").because(found)]
    other = sorted(set(model.metric_params or {}) - {"p"})
    return [get("option-not-covered").because(f"metric_params[{name!r}]") for name in other]


def _rows(model):
    """The training rows of any weight, (points, features), and their shares, (points,), which add up to 1."""
    rows = np.asarray(model.tree_.data, np.float64)
    weights = model.tree_.sample_weight
    if weights is None:
        return rows, np.full(len(rows), 1 / len(rows))
    weights = np.asarray(weights, np.float64)
    return rows[weights > 0], weights[weights > 0] / weights.sum()


def _level(model):
    """ln of the factor that makes one row's kernel a density in as many dimensions as there are features."""
    return kernel_norm(model.bandwidth_, model.n_features_in_, model.kernel, return_log=True)


def _origin(rows):
    """A point amid the rows that are far from 0, with so few digits that taking it off leaves whole numbers whole: rows
    exactly a bandwidth apart stay so."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    step = 2.0 ** np.ceil(np.log2(np.maximum(spread, 2.0**-60)))
    centre = (np.round(mean / step) * step).astype(np.float32).astype(np.float64)
    return np.where(np.abs(mean) > 2 * spread, centre, 0.0)


def _expected(model, method, X):
    """The sum over all rows, in float64. scikit-learn's tree stops early where ``atol`` or ``rtol`` let it, and keeps a rest of
    its bounds, 1e-16 of the largest: far from all rows it gives some -37 where the density is e^-43, or none at all."""
    rows, shares = _rows(model)
    metric = DistanceMetric.get_metric(model.metric, **(model.metric_params or {}))
    X, step = np.array(X, np.float64), max(1, _AT_ONCE // len(rows))
    parts = (metric.pairwise(X[start : start + step], rows) / model.bandwidth_ for start in range(0, len(X), step))
    return np.concatenate([_log_mean(model.kernel, part, shares) for part in parts]) + _level(model)


def _log_mean(name, u, shares):
    with np.errstate(all="ignore"):
        logs = {
            "gaussian": lambda: -0.5 * u**2,
            "exponential": lambda: -u,
            "tophat": lambda: np.where(u < 1, 0.0, -np.inf),
            "epanechnikov": lambda: np.log(np.where(u < 1, 1 - u**2, 0)),
            "linear": lambda: np.log(np.where(u < 1, 1 - u, 0)),
            "cosine": lambda: np.log(np.where(u < 1, np.cos(np.pi / 2 * u), 0)),
        }[name]()
        return logsumexp(logs + np.log(shares), axis=1)


@recipe(
    KernelDensity,
    outputs={"score": "score_samples"},
    refuse=_refuse,
    reference=_expected,
    limits=lambda model: [get("carries-rows").because(counted(len(_rows(model)[0]), "training row"))],
    carries=lambda model: Carries(
        "rows", f"{len(_rows(model)[0]):,} of your rows word for word (every training row).", len(_rows(model)[0])
    ),
)
def kernel_density(model, x):
    """ln of the mean of the rows' kernels (Silverman, Density Estimation, 1986). Kernels that end at the bandwidth give -inf
    where no row is within it."""
    mb = builder()
    rows, shares = _rows(model)
    centre = _origin(rows)
    if centre.any():
        x, rows = mb.sub(x=x, y=constant(centre)), rows - centre
    squares = model.kernel in ("gaussian", "epanechnikov")
    u = _bandwidths(model, x, rows, squares)
    if model.kernel in ("gaussian", "exponential"):
        logs = mb.mul(x=u, y=np.float32(-0.5 if squares else -1))
        return {"score": log_sum_exp(mb.add(x=logs, y=constant(np.log(shares) + _level(model))[None]), 1)}
    total = mb.matmul(x=_heights(model.kernel, u), y=constant(shares * len(shares))[:, None])
    logs = log(mb.squeeze(x=total, axes=[1]))
    return {"score": mb.add(x=logs, y=np.float32(_level(model) - np.log(len(shares))))}


def _bandwidths(model, x, rows, squares):
    """Distances to the stored rows in bandwidths, (rows, points), or the squares of that."""
    mb = builder()
    width, (metric, p) = model.bandwidth_, _metric(model)
    if metric != "euclidean":
        u = mb.real_div(x=pairwise(x, rows, metric, p), y=np.float32(width))
        return mb.square(x=u) if squares else u
    pointed = model.kernel in ("linear", "exponential")
    squared = mb.real_div(x=squared_distances(x, rows, width, exact=pointed), y=np.float32(width**2))
    return squared if squares else mb.sqrt(x=squared)


def _heights(name, u):
    """The kernels that end at the bandwidth, where u is 1."""
    mb = builder()
    one = np.float32(1)
    if name == "tophat":
        return mb.cast(x=mb.less(x=u, y=one), dtype="fp32")
    inside = mb.minimum(x=u, y=one)
    if name == "cosine":
        return mb.maximum(x=mb.cos(x=mb.mul(x=inside, y=np.float32(np.pi / 2))), y=np.float32(0))
    return mb.sub(x=one, y=inside)
