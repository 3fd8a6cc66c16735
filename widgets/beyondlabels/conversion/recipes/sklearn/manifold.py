"""Manifolds with a rule for a new point: both look at its nearest training rows, which are in the package."""

from copy import copy

import numpy as np
from sklearn.manifold import Isomap, LocallyLinearEmbedding

from ....limits import get
from ....mil.barycentre import barycentre, differences
from ....mil.blocks import builder, constant
from ....mil.distances import nearest, pairwise
from ....typeset import counted
from ...registry import recipe
from .kernel_models import scaled_eigenvectors
from .kernel_options import worst_loss
from .neighbors import edge_ties
from .stored_rows import boundary_ties, carries_rows, expected, metric_of, refuse_count, refuse_metric, rows_of

_MOST_PATHS = 1 << 16  # pairs of training rows that a radius lets a row look at
_LEAST_REG = 1e-4


class _FirstOfEquals:
    """Stands in for ``nbrs_``: of equally near rows the first counts, as in the package."""

    def __init__(self, neighbours):
        self.neighbours, self._fit_X = neighbours, rows_of(neighbours).astype(np.float64)
        self.n_samples_fit_, self.radius_neighbors = neighbours.n_samples_fit_, neighbours.radius_neighbors

    def kneighbors(self, X, n_neighbors=None, return_distance=True):
        distances, rows = expected(self.neighbours, "kneighbors", X)
        return (distances, rows) if return_distance else rows


def _expected(model, method, X):
    """The model's own method."""
    own = copy(model)
    own.nbrs_ = _FirstOfEquals(model.nbrs_)
    return getattr(own, method)(np.array(X, np.float64))


def _ties(model, name, X, near):
    """Rows whose last neighbour and the next are equally far, or with a stored row at the very edge of the radius: which of
    them counts is chance, and the place jumps with it."""
    if model.n_neighbors is None:
        return edge_ties(model.nbrs_, name, X, near)
    return boundary_ties(model.nbrs_, X, near, model.n_neighbors)


_STORED = {
    "limits": lambda model: [get("carries-rows").because(counted(model.nbrs_.n_samples_fit_, "training row"))],
    "carries": lambda model: carries_rows(model.nbrs_.n_samples_fit_, "every training row"),
    "reference": _expected,
    "ties": _ties,
    "jumps": lambda model: ("transformed",),
}


def _refuse_isomap(model):
    found, count = refuse_metric(model.nbrs_), len(model.dist_matrix_)
    if model.n_neighbors is None and count**2 > _MOST_PATHS:
        found.append(get("option-not-covered").because(f"radius={model.radius} with more than 256 training rows"))
    elif model.n_neighbors is not None:
        found += refuse_count(model.nbrs_, model.n_neighbors)
    if not found:
        squares = -0.5 * np.square(np.asarray(model.dist_matrix_, np.float64))
        lost = worst_loss(squares, scaled_eigenvectors(model.kernel_pca_), 12, centred=True)
        if (lost > 1e-5).any():
            held = int((lost > 1e-5).argmax())
            found.append(
                get("float32-cancellation").because(f"{counted(len(lost), 'component')}, of which float32 holds {held}")
            )
    return found


def _limits(model):
    """A row with no stored row within the radius has no path: scikit-learn raises an error there."""
    found = _STORED["limits"](model)
    if model.n_neighbors is None:
        far = f"radius={model.radius}; for a row with no stored row that near the package gives no finite number"
        found.append(get("no-errors").because(far))
    return found


@recipe(Isomap, outputs={"transformed": "transform"}, refuse=_refuse_isomap, **(_STORED | {"limits": _limits}))
def isomap(model, x):
    """Paths to every training row: the way to a near one and on from there, the shortest. Their squares over -2 are a kernel,
    centred and projected as in kernel PCA (Tenenbaum, de Silva and Langford 2000; Bengio et al. 2003)."""
    mb = builder()
    rows, paths = rows_of(model.nbrs_), np.asarray(model.dist_matrix_, np.float64)
    if model.n_neighbors is None:
        distances = pairwise(x, rows, *metric_of(model.nbrs_))
        inside = mb.less_equal(x=distances, y=np.float32(model.radius))
        steps = mb.select(cond=inside, a=distances, b=np.float32(np.inf))
        onward = constant(paths)[None]
    else:
        steps, indices = nearest(x, rows, model.n_neighbors, *metric_of(model.nbrs_))
        onward = mb.gather(x=constant(paths), indices=indices, axis=0)
    ways = mb.add(x=onward, y=mb.expand_dims(x=steps, axes=[2]))
    shortest = mb.reduce_min(x=ways, axes=[1], keep_dims=False)
    values = mb.mul(x=mb.square(x=shortest), y=np.float32(-0.5))
    values = mb.sub(x=values, y=constant(model.kernel_pca_._centerer.K_fit_rows_))
    return {"transformed": mb.matmul(x=values, y=constant(scaled_eigenvectors(model.kernel_pca_)))}


def _refuse_linear(model):
    if model.reg < _LEAST_REG:
        return [get("option-not-covered").because(f"reg={model.reg}, below the 1e-4 that float32 can solve with")]
    return refuse_count(model.nbrs_, model.n_neighbors)


@recipe(LocallyLinearEmbedding, outputs={"transformed": "transform"}, refuse=_refuse_linear, **_STORED)
def locally_linear(model, x):
    """The weights that rebuild a row from its nearest training rows, given to their places in the embedding (Roweis and Saul
    2000; Saul and Roweis 2003). How the embedding was found (standard, modified, hessian, ltsa) makes no difference here."""
    mb = builder()
    rows = rows_of(model.nbrs_)
    _, indices = nearest(x, rows, model.n_neighbors)
    places = mb.gather(x=constant(model.embedding_), indices=indices, axis=0)
    near = np.median(model.nbrs_.kneighbors()[0])
    apart = differences(x, rows, indices, near)
    return {"transformed": barycentre(apart, places, model.n_neighbors, model.reg)}
