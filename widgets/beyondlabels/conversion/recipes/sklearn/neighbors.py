"""Rules that compare a new point with stored rows. The rows are in the package, word for word."""

import numpy as np
from sklearn.neighbors import KNeighborsClassifier

from ....limits import get
from ....mil.blocks import builder, constant
from ....mil.distances import squared_distances
from ...registry import recipe
from ...surrogates.nearest_core import NearestCorePoint
from ...verdict import Carries


def _carries(rows, what):
    return Carries("rows", f"{rows} of your rows word for word ({what}).", rows)


def _core_ties(model, name, X, near):
    """Rows at the edge of eps, or between core points of two labels."""
    from sklearn.metrics import pairwise_distances

    distances = pairwise_distances(X, model.points_)
    nearest = distances.min(axis=1)
    edge = np.abs(nearest - model.eps) <= near * model.eps
    other = model.labels_[None] != model.labels_[distances.argmin(axis=1)][:, None]
    rival = np.where(other, distances, np.inf).min(axis=1)
    return edge | (rival - nearest <= near * rival)


@recipe(
    NearestCorePoint,
    outputs={"label": "predict"},
    ties=_core_ties,
    carries=lambda model: _carries(len(model.points_), "the core points"),
    limits=lambda model: [get("carries-rows").because(f"{len(model.points_)} core points")],
)
def nearest_core(model, x):
    mb = builder()
    squared = squared_distances(x, model.points_)
    nearest = mb.reduce_argmin(x=squared, axis=1, keep_dims=False)
    above_noise = mb.gather(x=(model.labels_ + 1).astype(np.int32), indices=nearest, axis=0)
    distance = mb.sqrt(x=mb.reduce_min(x=squared, axes=[1], keep_dims=False))
    within = mb.cast(x=mb.less_equal(x=distance, y=np.float32(model.eps)), dtype="int32")
    return {"label": mb.sub(x=mb.mul(x=above_noise, y=within), y=np.int32(1))}


def _refuse(model):
    found = []
    if model.effective_metric_ not in ("euclidean", "l2"):
        found.append(get("option-not-covered").because(f"metric={model.metric!r}"))
    if model.weights not in ("uniform", "distance"):
        found.append(get("option-not-covered").because(f"weights={model.weights!r}"))
    if getattr(model, "outputs_2d_", False):
        return [*found, get("option-not-covered").because("several target columns")]
    classes = np.asarray(model.classes_)
    if not np.issubdtype(classes.dtype, np.integer):
        found.append(get("option-not-covered").because("class labels that are not integers"))
    elif np.abs(classes.astype(np.float64)).max() >= 2**31:
        found.append(get("option-not-covered").because("class labels beyond int32"))
    return found


def _neighbour_ties(model, name, X, near):
    """Rows whose last neighbour and the next one are equally far."""
    count = model.n_neighbors
    if count >= len(model._fit_X):
        return np.zeros(len(X), bool)
    distances = model.kneighbors(X, count + 1)[0][:, -2:]
    return np.diff(distances, axis=1)[:, 0] <= near * distances[:, 1]


@recipe(
    KNeighborsClassifier,
    outputs={"label": "predict"},
    refuse=_refuse,
    ties=_neighbour_ties,
    carries=lambda model: _carries(len(model._fit_X), "every training row"),
    limits=lambda model: [get("carries-rows").because(f"{len(model._fit_X)} training rows")],
)
def nearest_neighbours(model, x):
    """The class with the most votes among the nearest rows; the smallest class of equals (Cover and Hart 1967)."""
    mb = builder()
    squared = squared_distances(x, np.asarray(model._fit_X))
    nearest, rows = mb.topk(x=squared, k=model.n_neighbors, axis=1, ascending=True)
    classes = mb.gather(x=np.asarray(model._y).ravel().astype(np.int32), indices=rows, axis=0)
    votes = mb.one_hot(indices=classes, one_hot_vector_size=len(model.classes_), axis=-1, on_value=1.0, off_value=0.0)
    if model.weights == "distance":
        # 1 / distance, and where a row lies on stored rows only those vote: scikit-learn's own rule.
        floor = mb.maximum(x=mb.sqrt(x=nearest), y=np.float32(1e-18))
        votes = mb.mul(x=votes, y=mb.expand_dims(x=mb.real_div(x=constant(1.0), y=floor), axes=[2]))
    winner = mb.reduce_argmax(x=mb.reduce_sum(x=votes, axes=[1], keep_dims=False), axis=1, keep_dims=False)
    return {"label": mb.gather(x=model.classes_.astype(np.int32), indices=winner, axis=0)}
