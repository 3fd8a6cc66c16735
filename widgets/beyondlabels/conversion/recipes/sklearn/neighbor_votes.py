"""Answers from the nearest stored rows: a vote on the class, a mean of the values (Cover and Hart 1967)."""

import numpy as np
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

from ....limits import get
from ....mil.blocks import builder, constant
from ....mil.distances import nearest
from ...class_labels import classes_refused
from ...registry import recipe
from .neighbors import _STORED
from .stored_rows import boundary_ties, expected, metric_of, refuse_count, refuse_metric, rows_of, said


def _refuse(model):
    found = [*refuse_metric(model), *refuse_count(model, model.n_neighbors)]
    if model.weights not in (None, "uniform", "distance"):
        found.append(get("option-not-covered").because(f"weights={said(model.weights)}"))
    return found


def _refuse_classes(model):
    if getattr(model, "outputs_2d_", False):
        return [*_refuse(model), get("option-not-covered").because("several target columns")]
    return [*_refuse(model), *classes_refused(model.classes_)]


def _vote_ties(model, name, X, near):
    """Rows whose last neighbour and the next are equally far, or whose two best classes have nearly equal weight."""
    ties = boundary_ties(model, X, near, model.n_neighbors)
    if model.weights != "distance" or len(model.classes_) < 2:
        return ties
    shares = np.sort(expected(model, "predict_proba", X), axis=1)
    return ties | (shares[:, -1] - shares[:, -2] <= near)


def _weights(distances):
    """1 / distance, relative to the nearest; where a row lies on stored rows only those count: scikit-learn's own rule."""
    mb = builder()
    closest = mb.reduce_min(x=distances, axes=[1], keep_dims=True)
    same = mb.cast(x=mb.equal(x=distances, y=np.float32(0)), dtype="fp32")
    inverse = mb.real_div(x=closest, y=mb.add(x=distances, y=same))
    return mb.add(x=inverse, y=same)  # where one distance is 0, so is ``closest`` and with it every other weight


@recipe(
    KNeighborsClassifier,
    outputs={"label": "predict"},
    refuse=_refuse_classes,
    reference=expected,
    ties=_vote_ties,
    **_STORED,
)
def vote(model, x):
    """The class with the most votes among the nearest rows; the smallest class of equals."""
    mb = builder()
    distances, rows = nearest(x, rows_of(model), model.n_neighbors, *metric_of(model))
    classes = mb.gather(x=np.asarray(model._y).ravel().astype(np.int32), indices=rows, axis=0)
    votes = mb.one_hot(indices=classes, one_hot_vector_size=len(model.classes_), axis=-1, on_value=1.0, off_value=0.0)
    if model.weights == "distance":
        votes = mb.mul(x=votes, y=mb.expand_dims(x=_weights(distances), axes=[2]))
    winner = mb.reduce_argmax(x=mb.reduce_sum(x=votes, axes=[1], keep_dims=False), axis=1, keep_dims=False)
    return {"label": mb.gather(x=model.classes_.astype(np.int32), indices=winner, axis=0)}


@recipe(
    KNeighborsRegressor,
    outputs={"predicted": "predict"},
    refuse=_refuse,
    reference=expected,
    ties=lambda model, name, X, near: boundary_ties(model, X, near, model.n_neighbors),
    jumps=lambda model: ("predicted",),
    **_STORED,
)
def weighted_mean(model, x):
    """The mean of the nearest rows' values, plain or weighted by 1 / distance: (rows,) or (rows, targets)."""
    mb = builder()
    distances, rows = nearest(x, rows_of(model), model.n_neighbors, *metric_of(model))
    values = mb.gather(x=constant(model._y), indices=rows, axis=0)
    if model.weights != "distance":
        return {"predicted": mb.reduce_mean(x=values, axes=[1], keep_dims=False)}
    weights = _weights(distances)
    shares = mb.real_div(x=weights, y=mb.reduce_sum(x=weights, axes=[1], keep_dims=True))
    shares = mb.expand_dims(x=shares, axes=[2]) if np.ndim(model._y) == 2 else shares
    return {"predicted": mb.reduce_sum(x=mb.mul(x=values, y=shares), axes=[1], keep_dims=False)}
