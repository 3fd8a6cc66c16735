"""Clusters that a new point joins by its nearest centre: Birch (Zhang, Ramakrishnan and Livny 1996), mean shift (Comaniciu
and Meer 2002) and affinity propagation (Frey and Dueck 2007)."""

from copy import copy

import numpy as np
from sklearn.cluster import AffinityPropagation, Birch, MeanShift
from sklearn.metrics import pairwise_distances

from ....limits import get
from ....mil.blocks import builder
from ....mil.distances import squared_distances
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries
from .singles import group_of_one
from .stored_rows import carries_rows, close

_CENTRES = {Birch: "subcluster_centers_", MeanShift: "cluster_centers_", AffinityPropagation: "cluster_centers_"}


def _centres(model):
    """The centres as float64, (centres, features); those of a sparse fit too."""
    centres = getattr(model, _CENTRES[type(model)])
    return np.asarray(centres.toarray() if hasattr(centres, "toarray") else centres, np.float64)


def _moved(model, X):
    """Model and rows moved together to the mean of the centres, where scikit-learn's |x|^2 - 2 x.c + |c|^2 keeps its digits."""
    centres = _centres(model)
    mean = centres.mean(axis=0) if len(centres) else np.zeros(centres.shape[1])
    twin = copy(model)
    setattr(twin, _CENTRES[type(model)], centres - mean)
    twin._subcluster_norms = ((centres - mean) ** 2).sum(axis=1)  # Birch keeps them beside the centres
    return twin, np.asarray(X, np.float64) - mean


def _expected(model, method, X):
    twin, rows = _moved(model, X)
    return getattr(twin, method)(rows)


def _ties(model, name, X, near):
    """Rows whose nearest centre, and the nearest with another label, are equally far."""
    twin, rows = _moved(model, X)
    centres = _centres(twin)
    if name != "label" or len(centres) < 2:
        return np.zeros(len(rows), bool)
    distances, labels = pairwise_distances(rows, centres), _labels(model)
    other = labels[None] != labels[distances.argmin(axis=1)][:, None]
    rival = np.where(other, distances, np.inf).min(axis=1)
    size = np.linalg.norm(rows, axis=1) + np.linalg.norm(centres, axis=1).max()
    return close(rival - distances.min(axis=1), np.where(np.isinf(rival), 0, rival), size, near)


def _labels(model):
    """The label of each centre."""
    return np.asarray(getattr(model, "subcluster_labels_", np.arange(len(_centres(model)))))


def _alone(model):
    """How many centres of Birch are a single training row."""
    if not hasattr(model, "dummy_leaf_"):
        return 0
    return sum(part.n_samples_ == 1 for leaf in model._get_leaves() for part in leaf.subclusters_)


def _birch_carries(model):
    centres, alone = len(_centres(model)), _alone(model)
    if alone:
        return carries_rows(alone, f"those that are alone in one of {centres:,} subclusters; the others as means")
    return Carries("statistics", f"{counted(centres, 'mean')} of subclusters. None of your rows.")


def _birch_limits(model):
    alone = _alone(model)
    return [get("carries-rows").because(f"{counted(alone, 'row')} that are a subcluster of their own")] if alone else []


@recipe(
    Birch,
    outputs={"label": "predict", "distances": "transform"},
    reference=_expected,
    ties=_ties,
    carries=_birch_carries,
    limits=_birch_limits,
)
def birch(model, x):
    """The label of the nearest subcluster; the distances are those to all subclusters."""
    mb = builder()
    squared = squared_distances(x, _centres(model))
    nearest = mb.reduce_argmin(x=squared, axis=1, keep_dims=False)
    label = mb.gather(x=_labels(model).astype(np.int32), indices=nearest, axis=0)
    return {"label": label, "distances": mb.sqrt(x=squared)}


def _nearest(x, centres):
    mb = builder()
    return {"label": mb.reduce_argmin(x=squared_distances(x, centres), axis=1, keep_dims=False)}


@recipe(
    MeanShift,
    outputs={"label": "predict"},
    reference=_expected,
    ties=_ties,
    carries=lambda model: Carries(
        "statistics", f"{counted(len(_centres(model)), 'centre')}, means of the rows around them."
    ),
    limits=group_of_one,
)
def mean_shift(model, x):
    """The nearest centre. With ``cluster_all=False`` too: that leaves training rows out, never a new point."""
    return _nearest(x, _centres(model))


def _refuse_precomputed(model):
    if hasattr(model, "cluster_centers_"):
        return []
    return [get("option-not-covered").because(f"affinity={model.affinity!r}: it was given no rows to compare with")]


def _exemplars(model):
    count = len(_centres(model))
    return (
        carries_rows(count, "the exemplars")
        if count
        else Carries("none", "Nothing of your rows: it found no exemplar.")
    )


@recipe(
    AffinityPropagation,
    outputs={"label": "predict"},
    refuse=_refuse_precomputed,
    reference=_expected,
    ties=_ties,
    carries=_exemplars,
    limits=lambda model: (
        [get("carries-rows").because(counted(len(_centres(model)), "exemplar"))] if len(_centres(model)) else []
    ),
)
def affinity_propagation(model, x):
    """The nearest exemplar; -1 for every row where the algorithm did not converge and there is none."""
    if len(_centres(model)):
        return _nearest(x, _centres(model))
    mb = builder()
    first = mb.slice_by_index(x=x, begin=[0, 0], end=[0, 1], end_mask=[True, False], squeeze_mask=[False, True])
    zero = mb.cast(x=mb.less(x=first, y=first), dtype="int32")
    return {"label": mb.sub(x=zero, y=np.int32(1))}
