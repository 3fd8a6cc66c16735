"""Density clusters: they label the rows they were given and have no rule for another (Ester et al. 1996)."""

import numpy as np
from sklearn.cluster import DBSCAN
from sklearn.neighbors import KNeighborsClassifier

from ....errors import BadInput
from ....limits import get
from ...registry import refusal
from ...surrogates.held_out import agreement, matching_rows
from ...surrogates.nearest_core import NearestCorePoint
from ...verdict import Substitute

_NEIGHBOURS = 5
_OFFERS = ("nearest core point within eps", f"{_NEIGHBOURS} nearest neighbours")


def _nearest_core(model, rows, keep):
    core = np.zeros(len(rows), bool)
    core[model.core_sample_indices_] = True
    if not (core & keep).any():
        raise BadInput("DBSCAN found no core point: every row is noise. Raise eps or lower min_samples, and fit again")
    return NearestCorePoint(model.eps).fit(rows[core & keep], model.labels_[core & keep])


def _neighbours(model, rows, keep):
    return KNeighborsClassifier(min(_NEIGHBOURS, int(keep.sum()))).fit(rows[keep], model.labels_[keep])


def _offer(name, summary, model, fit_part):
    def fit(X):
        rows = matching_rows(model, X)
        return fit_part(model, rows, np.ones(len(rows), bool))

    return Substitute(name, summary, fit, lambda X: agreement(model, X, lambda rows, keep: fit_part(model, rows, keep)))


def _substitutes(model):
    offers = [
        _offer(
            f"{_NEIGHBOURS} nearest neighbours", "a vote among the nearest rows, noise included", model, _neighbours
        ),
    ]
    if _euclidean(model):
        summary = "the label of the nearest core point, noise where none lies within eps"
        offers.insert(0, _offer(_OFFERS[0], summary, model, _nearest_core))
    return offers


def _euclidean(model):
    return model.metric in ("euclidean", "l2") or (model.metric == "minkowski" and model.p in (None, 2))


refusal(
    DBSCAN,
    kind="surrogate",
    limits=lambda model: [get("no-out-of-sample")],
    substitutes=_substitutes,
    offers=_OFFERS,
)
