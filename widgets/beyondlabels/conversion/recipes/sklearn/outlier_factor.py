"""The local outlier factor: how much sparser it is around a row than around its neighbours (Breunig, Kriegel, Ng and
Sander, LOF: Identifying Density-Based Local Outliers, 2000)."""

import numpy as np
from sklearn.base import clone
from sklearn.neighbors import LocalOutlierFactor

from ....limits import get
from ....mil.blocks import builder, constant
from ....mil.distances import nearest
from ...registry import recipe
from ...surrogates.held_out import offer
from .neighbors import _STORED
from .stored_rows import boundary_ties, expected, metric_of, refuse_metric, rows_of

_TINY = 1e-10  # scikit-learn's own, so that duplicates have a density


def _refuse(model):
    return refuse_metric(model) if model.novelty else [get("no-out-of-sample").because("novelty=False")]


def _ties(model, name, X, near):
    """Rows whose last neighbour and the next are equally far, or whose factor lies at the threshold."""
    ties = boundary_ties(model, X, near, model.n_neighbors_)
    if name != "inlier":
        return ties
    factor = expected(model, "score_samples", X)
    return ties | (np.abs(factor - model.offset_) <= near * (np.abs(factor) + np.abs(model.offset_)))


def _novelty(model, rows, keep):
    return clone(model).set_params(novelty=True).fit(rows[keep])


def _substitutes(model):
    labels = np.where(model.negative_outlier_factor_ < model.offset_, -1, 1)
    summary = "the same model with novelty=True: a new point is held against the training rows"
    return [offer("local outlier factor for new points", summary, model, _novelty, labels)] if not _given(model) else []


def _given(model):
    """Whether distances were given instead of rows."""
    return model.metric == "precomputed"


@recipe(
    LocalOutlierFactor,
    outputs={"inlier": "predict", "score": "decision_function"},
    kind=lambda model: "exact" if model.novelty else "surrogate",
    refuse=_refuse,
    reference=expected,
    ties=_ties,
    jumps=lambda model: ("score",),
    substitutes=_substitutes,
    offers=("local outlier factor for new points",),
    **_STORED,
)
def local_outlier_factor(model, x):
    """score = -mean(density of the neighbours) * (mean reachability distance) - offset.

    The reachability distance is the distance, but no less than the neighbour's own to its k-th; a density is 1 over the
    mean of those. Densities are taken relative to their median and distances multiplied by it, so that both stay near 1.
    """
    mb = builder()
    count, scale = model.n_neighbors_, float(np.median(model._lrd))
    distances, rows = nearest(x, rows_of(model), count, *metric_of(model))
    own = mb.gather(x=constant(model._distances_fit_X_[:, count - 1]), indices=rows, axis=0)
    reach = mb.mul(x=mb.maximum(x=distances, y=own), y=constant(scale))
    density = mb.gather(x=constant(model._lrd / scale), indices=rows, axis=0)
    sparse = mb.add(x=mb.reduce_mean(x=reach, axes=[1], keep_dims=False), y=constant(_TINY * scale))
    factor = mb.mul(x=mb.reduce_mean(x=density, axes=[1], keep_dims=False), y=sparse)
    score = mb.sub(x=constant(-model.offset_), y=factor)
    inside = mb.cast(x=mb.greater_equal(x=score, y=np.float32(0)), dtype="int32")
    return {"inlier": mb.sub(x=mb.mul(x=inside, y=np.int32(2)), y=np.int32(1)), "score": score}
