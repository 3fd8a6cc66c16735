"""What all models share that compare a new point with stored rows: which metrics, whose digits, and what is a tie."""

from copy import copy
from functools import partial

import numpy as np
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import KDTree

from ....limits import get
from ....mil.distances import METRICS, origin
from ....mil.many_rows import packed
from ....typeset import counted
from ...remembered import remembered
from ...verdict import Carries

_MORE = 8  # neighbours asked for beyond those that count, to see whether any are equally near
_MOST = 1 << 24  # distances held at once to look further
_TREE_FEATURES, _TREE_NUMBERS = (
    15,
    1 << 17,
)  # up to here a tree is quick enough; scikit-learn's own limit is 15 features
# Metrics that a shift of rows and points leaves alone; the angle of the cosine is seen from 0.
_SEEN_FROM_ZERO = ("cosine",)
# Two float32 distances between numbers of size 1 may differ by this though they should be equal, or the reverse.
_ROUNDING = 2.0**-22


def carries_rows(count, what):
    """What a package with ``count`` stored rows carries."""
    return Carries("rows", f"{count:,} of your rows word for word ({what}).", count)


def rows_of(model):
    """The stored rows, shape (points, features), those of a sparse fit too: float64, or float32 where the model keeps them
    so, for they may be many."""
    stored = model._fit_X
    dense = np.asarray(stored.toarray() if hasattr(stored, "toarray") else stored)
    return dense if dense.dtype == np.float32 else dense.astype(np.float64, copy=False)


def metric_of(model):
    """The name of the metric and Minkowski's exponent, as ``mil.distances`` takes them."""
    return model.effective_metric_, ({"p": 2} | model.effective_metric_params_)["p"]


def said(option):
    """An option in a refusal: a function by its name, without an address."""
    return getattr(option, "__name__", type(option).__name__) if callable(option) else repr(option)


def refuse_metric(model):
    """The limits against metrics that ``mil.distances`` does not know, by name."""
    if model.effective_metric_ not in METRICS:
        return [get("option-not-covered").because(f"metric={said(model.metric)}")]
    given = {name for name, value in model.effective_metric_params_.items() if value is not None} - {"p"}
    if given:
        return [get("option-not-covered").because(f"metric_params={sorted(given)}")]
    if not hasattr(model, "n_features_in_"):
        return [get("option-not-covered").because("fitted on a tree or on another model instead of rows")]
    return []


def refuse_count(model, count):
    """The limit against more neighbours than there are rows: scikit-learn cannot answer either."""
    found = f"{counted(count, 'neighbour')} of {counted(model.n_samples_fit_, 'stored row')}"
    return [get("option-not-covered").because(found)] if count > model.n_samples_fit_ else []


@remembered
def moved(model):
    """(copy of the model, what to subtract from a row): the copy holds its rows as the package does.

    That is centred where they lie far from 0, and rounded to float32: like the rows of the sample, the stored rows are
    the same numbers on both sides. It searches by a tree of differences where scikit-learn's |x|^2 - 2 x.p + |p|^2 would
    have fewer digits than the package.
    """
    points, metric = rows_of(model), metric_of(model)[0]
    mean = None if metric in _SEEN_FROM_ZERO else origin(points)
    shift = np.zeros(points.shape[1]) if mean is None else mean
    twin = copy(model)
    twin._fit_X = packed(points, mean, np.float64)
    twin.asked_ = []
    few = points.shape[1] <= _TREE_FEATURES or points.size <= _TREE_NUMBERS
    by_tree = few and metric in KDTree.valid_metrics and metric_of(model)[1] >= 1
    params = {name: value for name, value in model.effective_metric_params_.items() if value is not None}
    twin._tree = KDTree(twin._fit_X, metric=metric, **params) if by_tree else None
    twin._fit_method, twin.n_jobs = "kd_tree" if by_tree else "brute", None
    return twin, shift


def expected(model, method, X):
    """The model's own method, on model and rows moved together; of equally near rows the first counts, as in the package.

    scikit-learn takes them as its search happens to meet them.
    """
    twin, shift = moved(model)
    own = copy(twin)  # the twin itself is asked again, by others
    own._fit_method = twin._fit_method if hasattr(twin, "radius_neighbors_graph") else "in order"
    own.kneighbors = partial(_first_of_equals, twin)
    return getattr(own, method)(np.asarray(X, np.float64) - shift)


def _first_of_equals(model, X, n_neighbors=None, return_distance=True):
    """``model.kneighbors``, equally near rows in the order of their numbers."""
    count = model.n_neighbors if n_neighbors is None else n_neighbors
    total = len(model._fit_X)
    distances, rows = np.zeros((len(X), count)), np.zeros((len(X), count), np.int64)
    left, some = np.arange(len(X)), min(total, count + _MORE)
    while len(left):
        near, number = _asked(model, X[left], some)
        order = np.lexsort((number, near))[:, :count]
        distances[left], rows[left] = np.take_along_axis(near, order, 1), np.take_along_axis(number, order, 1)
        more = near[:, -1] <= near[:, count - 1]  # perhaps more rows are equally near than were asked for
        left, some = left[more], min(total, 4 * some)
        if near.shape[1] == total or len(left) * some > _MOST:
            break
    return (distances, rows) if return_distance else rows


def _asked(twin, X, some):
    """``kneighbors`` of a model that was ``moved``, or what it said when it was asked for these rows before."""
    for rows, near, number in twin.asked_:
        if near.shape[1] >= some and np.array_equal(rows, X):
            return near[:, :some], number[:, :some]
    twin.asked_.append((X, *twin.kneighbors(X, some)))
    return twin.asked_[-1][1:]


def distances_to(model, X, count):
    """(distances to the nearest ``count`` rows, or to all there are; size of the numbers they are differences of, a row)."""
    twin, shift = moved(model)
    rows = np.asarray(X, np.float64) - shift
    metric, p = metric_of(model)
    if hasattr(twin, "kneighbors"):
        total = len(twin._fit_X)
        some = min(total, max(count, (model.n_neighbors or 0) + _MORE))  # what its own answers are made from too
        distances = _asked(twin, rows, some)[0][:, : min(count, total)]
    else:  # models of a radius
        distances = pairwise_distances(rows, twin._fit_X, metric, **({"p": p} if metric == "minkowski" else {}))
    if metric == "cosine":
        return distances, np.ones(len(rows))
    if metric == "sqeuclidean":
        metric, distances = "euclidean", np.sqrt(np.maximum(distances, 0))
    options = {"p": p} if metric == "minkowski" else {}
    zero = np.zeros((1, rows.shape[1]))
    size = pairwise_distances(rows, zero, metric, **options)[:, 0]
    return distances, size + pairwise_distances(twin._fit_X, zero, metric, **options).max()


def close(gap, distance, size, near):
    """Whether float32 may see a ``gap`` between two distances the other way round."""
    return gap <= near * distance + _ROUNDING * np.reshape(size, (-1, *[1] * (np.ndim(gap) - 1)))


def boundary_ties(model, X, near, count):
    """Rows for which the last of ``count`` neighbours and the next are equally far: then which of them counts is chance."""
    distances, size = distances_to(model, X, count + 1)
    if distances.shape[1] <= count:
        return np.zeros(len(X), bool)
    return close(distances[:, -1] - distances[:, -2], distances[:, -1], size, near)
