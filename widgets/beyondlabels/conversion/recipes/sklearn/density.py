"""Density clusters: they label the rows they were given and have no rule for another (Ester et al. 1996; Ankerst et al.
1999; Campello, Moulavi and Sander 2013)."""

import numpy as np
from sklearn.cluster import DBSCAN, HDBSCAN, OPTICS

from ....errors import BadInput
from ....limits import get
from ...registry import refusal
from ...surrogates import labelled
from ...surrogates.held_out import offer
from ...surrogates.nearest_core import NearestCorePoint

_CORE = "nearest core point within eps"


def _nearest_core(model, rows, keep):
    core, eps = np.zeros(len(rows), bool), _eps(model)
    core[model.core_sample_indices_ if isinstance(model, DBSCAN) else model.core_distances_ <= eps] = True
    core &= model.labels_ >= 0
    if not (core & keep).any():
        raise BadInput(
            f"{type(model).__name__} found no core point: every row is noise. Raise eps or lower min_samples, and fit again"
        )
    return NearestCorePoint(eps).fit(rows[core & keep], model.labels_[core & keep])


def _eps(model):
    """The radius within which a core point hands its label on, ``None`` where the model has no single one."""
    if isinstance(model, DBSCAN):
        return model.eps
    if isinstance(model, OPTICS) and model.cluster_method == "dbscan":
        return model.max_eps if model.eps is None else model.eps
    return None


def _euclidean(model):
    return model.metric in ("euclidean", "l2") or (model.metric == "minkowski" and model.p in (None, 2))


def _substitutes(model):
    if model.metric == "precomputed":
        return []  # it was given distances: there are no rows to hold a new point against
    offers = [labelled.vote(model, "a vote among the nearest rows, noise included")]
    if _eps(model) is not None and np.isfinite(_eps(model)) and _euclidean(model):
        summary = "the label of the nearest core point, noise where none lies within eps"
        offers.insert(0, offer(_CORE, summary, model, _nearest_core))
    return offers


refusal(
    DBSCAN,
    OPTICS,
    kind="surrogate",
    limits=lambda model: [get("no-out-of-sample")],
    substitutes=_substitutes,
    offers=(_CORE, labelled.VOTE),
)

refusal(
    HDBSCAN,
    kind="surrogate",
    limits=lambda model: [get("no-out-of-sample")],
    substitutes=_substitutes,
    offers=(labelled.VOTE,),
)
