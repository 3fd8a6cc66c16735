"""The nearest stored rows and how far they are. The rows are in the package, word for word."""

import numpy as np
from sklearn.neighbors import KNeighborsTransformer, NearestNeighbors, RadiusNeighborsTransformer

from ....limits import get
from ....mil.blocks import builder, constant
from ....mil.distances import nearest, pairwise
from ....typeset import counted
from ...registry import recipe
from .stored_rows import (
    boundary_ties,
    carries_rows,
    close,
    distances_to,
    expected,
    metric_of,
    refuse_count,
    refuse_metric,
    rows_of,
)

_STORED = {
    "carries": lambda model: carries_rows(model.n_samples_fit_, "every training row"),
    "limits": lambda model: [get("carries-rows").because(counted(model.n_samples_fit_, "training row"))],
}


def _expected(model, method, X):
    """``kneighbors[0]`` are the distances, ``kneighbors[1]`` the row numbers."""
    return expected(model, "kneighbors", X)[int(method[-2])]


def _order_ties(model, name, X, near):
    """Rows with two neighbours, or the last and the next, equally far."""
    if name != "neighbors":
        return np.zeros(len(X), bool)
    distances, size = distances_to(model, X, model.n_neighbors + 1)
    return close(np.diff(distances, axis=1), distances[:, 1:], size, near).any(axis=1)


@recipe(
    NearestNeighbors,
    outputs={"neighbors": "kneighbors[1]", "distances": "kneighbors[0]"},
    refuse=lambda model: [*refuse_metric(model), *refuse_count(model, model.n_neighbors)],
    reference=_expected,
    ties=_order_ties,
    **_STORED,
)
def nearest_rows(model, x):
    distances, rows = nearest(x, rows_of(model), model.n_neighbors, *metric_of(model))
    return {"neighbors": rows, "distances": distances}


def _count(model):
    """scikit-learn takes one more where distances are asked for: a training row is its own neighbour."""
    return model.n_neighbors + (model.mode == "distance")


@recipe(
    KNeighborsTransformer,
    outputs={"transformed": "transform"},
    refuse=lambda model: [*refuse_metric(model), *refuse_count(model, _count(model))],
    reference=expected,
    ties=lambda model, name, X, near: boundary_ties(model, X, near, _count(model)),
    jumps=lambda model: ("transformed",),
    one_unit=lambda model: ("transformed",),
    **_STORED,
)
def neighbour_graph(model, x):
    """A row of the graph, dense: the distance to each neighbour (or 1) at its place, 0 elsewhere."""
    mb = builder()
    distances, rows = nearest(x, rows_of(model), _count(model), *metric_of(model))
    one = mb.reduce_min(x=distances, axes=[1], keep_dims=True)
    empty = mb.add(x=mb.sub(x=one, y=one), y=np.zeros((1, model.n_samples_fit_), np.float32))
    values = distances if model.mode == "distance" else mb.fill_like(ref_tensor=distances, value=np.float32(1))
    return {"transformed": mb.scatter_along_axis(data=empty, indices=rows, updates=values, axis=1, mode="update")}


def edge_ties(model, name, X, near):
    """Rows with a stored row at the very edge of the radius."""
    distances, size = distances_to(model, X, len(model._fit_X))
    radius = np.sqrt(model.radius) if model.effective_metric_ == "sqeuclidean" else model.radius
    return close(np.abs(distances - radius), radius, size, near).any(axis=1)


@recipe(
    RadiusNeighborsTransformer,
    outputs={"transformed": "transform"},
    refuse=refuse_metric,
    reference=expected,
    ties=edge_ties,
    jumps=lambda model: ("transformed",),
    one_unit=lambda model: ("transformed",),
    **_STORED,
)
def radius_graph(model, x):
    """A row of the graph, dense: the distance to each stored row within the radius (or 1), 0 elsewhere."""
    mb = builder()
    distances = pairwise(x, rows_of(model), *metric_of(model))
    within = mb.cast(x=mb.less_equal(x=distances, y=constant(model.radius)), dtype="fp32")
    return {"transformed": mb.mul(x=distances, y=within) if model.mode == "distance" else within}
