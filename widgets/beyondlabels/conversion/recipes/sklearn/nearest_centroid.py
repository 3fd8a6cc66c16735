"""The class whose centre is nearest (Tibshirani, Hastie, Narasimhan and Chu, Diagnosis of Multiple Cancer Types by
Shrunken Centroids of Gene Expression, 2002); the centres may have been shrunken at fit."""

from copy import copy

import numpy as np
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import NearestCentroid

from ....mil.blocks import builder, constant, subtract
from ....mil.distances import pairwise
from ....typeset import counted
from ...class_labels import classes_refused
from ...registry import recipe
from ...verdict import Carries


def _equal_priors(model):
    """scikit-learn's own test; before 1.6 there were no priors."""
    classes = len(model.classes_)
    return np.isclose(getattr(model, "class_prior_", np.full(classes, 1 / classes)), 1 / classes).all()


def _scale(model):
    """What the features are divided by where the priors differ; a feature that never varies is left as it is."""
    deviation = model.within_class_std_dev_
    return np.where(deviation == 0, 1.0, deviation)


def _moved(model, X):
    """Model and rows moved together to the mean of the centres, where distances keep their digits."""
    mean = model.centroids_.mean(axis=0)
    twin = copy(model)
    twin.centroids_ = model.centroids_ - mean
    return twin, np.asarray(X, np.float64) - mean


def _expected(model, method, X):
    twin, rows = _moved(model, X)
    return getattr(twin, method)(rows)


def _ties(model, name, X, near):
    """Rows whose two best classes are equally good."""
    twin, rows = _moved(model, X)
    distances = pairwise_distances(rows, twin.centroids_, metric=model.metric)
    scores = -distances if _equal_priors(model) else twin._decision_function(rows)
    second, best = np.sort(scores, axis=1)[:, -2:].T
    lost = (
        0 if _equal_priors(model) else np.sort(np.abs(scores), axis=1)[:, :2].max(axis=1) + distances.min(axis=1) ** 2
    )
    return best - second <= near * (np.abs(second) + lost)


def _carries(model):
    groups, features = model.centroids_.shape
    summary = "means" if model.metric == "euclidean" else "medians"
    how = ", shrunken," if model.shrink_threshold else ""
    lone = f"A class of one row has that row{how} as its centre."  # fit does not keep how many rows a class has
    return Carries("statistics", f"{counted(groups, 'centre')} of {features:,} {summary} each. {lone}")


@recipe(
    NearestCentroid,
    outputs={"label": "predict"},
    refuse=lambda model: classes_refused(model.classes_),
    reference=_expected,
    ties=_ties,
    carries=_carries,
)
def nearest_centroid(model, x):
    """The nearest centre; with unequal priors the largest -distance^2 + 2 ln(prior) over standardised features (Hastie,
    Tibshirani and Friedman, The Elements of Statistical Learning, 2009, equation 18.2)."""
    mb = builder()
    if _equal_priors(model):
        distances = pairwise(x, model.centroids_, model.metric)
        winner = mb.reduce_argmin(x=distances, axis=1, keep_dims=False)
        return {"label": mb.gather(x=model.classes_.astype(np.int32), indices=winner, axis=0)}
    possible, scale = np.flatnonzero(model.class_prior_ > 0), _scale(model)
    mean = model.centroids_.mean(axis=0)
    scaled = mb.real_div(x=subtract(x, mean, scale), y=constant(scale))
    squared = mb.square(x=pairwise(scaled, (model.centroids_[possible] - mean) / scale, model.metric))
    score = mb.sub(x=constant(2 * np.log(model.class_prior_[possible]))[None], y=squared)
    winner = mb.reduce_argmax(x=score, axis=1, keep_dims=False)
    return {"label": mb.gather(x=model.classes_[possible].astype(np.int32), indices=winner, axis=0)}
