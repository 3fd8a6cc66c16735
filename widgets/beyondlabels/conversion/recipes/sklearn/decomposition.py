"""Linear projections: centre, then one matrix product."""

import warnings

import numpy as np
from sklearn.decomposition import PCA

from ....limits import get
from ....mil.blocks import builder, constant, subtract
from ...registry import recipe
from ...verdict import Carries


def _carries(model):
    parts, features = model.components_.shape
    return Carries("statistics", f"{parts} directions and the mean of {features} features. None of your rows.")


def _scale(model):
    """Standard deviation of each component where whitening divides by it, never below scikit-learn's own floor."""
    deviation = np.sqrt(model.explained_variance_)
    return np.maximum(deviation, np.finfo(deviation.dtype).eps) if model.whiten else np.ones_like(deviation)


def _precision(model):
    """The inverse covariance, shape (features, features), or ``None`` where there is none to speak of."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # scikit-learn's own, about the same thing
        try:
            precision = model.get_precision()
        except (np.linalg.LinAlgError, ValueError):
            return None
    if not np.isfinite(precision).all() or np.linalg.slogdet(precision)[0] <= 0:
        return None
    # Beyond this condition number float64 itself has no digit of the inverse left.
    return precision if np.linalg.cond(precision) < 1 / np.finfo(np.float64).eps else None


def _available(model, outputs):
    usable = _precision(model) is not None
    return {name: method for name, method in outputs.items() if name != "score" or usable}


def _limits(model):
    return [] if _precision(model) is not None else [get("score-undefined")]


def _invert(model, z):
    mb = builder()
    directions = _scale(model)[:, None] * model.components_
    return mb.add(x=mb.matmul(x=z, y=constant(directions)), y=constant(model.mean_))


@recipe(
    PCA,
    outputs={"transformed": "transform", "reconstructed": "inverse_transform", "score": "score_samples"},
    available=_available,
    invert=_invert,
    limits=_limits,
    carries=_carries,
)
def pca(model, x):
    """Projection and reconstruction, and the log-likelihood of probabilistic PCA (Tipping and Bishop 1999):
    (ln det P - d ln 2 pi - (x - mean) P (x - mean)) / 2, with the precision P factored so that only squares are summed.
    """
    mb = builder()
    centred = subtract(x, model.mean_, np.sqrt(model.explained_variance_.max()))
    z = mb.matmul(x=centred, y=constant(model.components_.T / _scale(model)))
    made = {"transformed": z, "reconstructed": _invert(model, z)}
    precision = _precision(model)
    if precision is not None:
        values, vectors = np.linalg.eigh(precision)
        root = vectors * np.sqrt(np.maximum(values, 0))
        whitened = mb.square(x=mb.matmul(x=centred, y=constant(root)))
        distance = mb.reduce_sum(x=whitened, axes=[1], keep_dims=False)
        constant_part = 0.5 * (np.linalg.slogdet(precision)[1] - len(precision) * np.log(2 * np.pi))
        made["score"] = mb.sub(x=np.float32(constant_part), y=mb.mul(x=distance, y=np.float32(0.5)))
    return made
