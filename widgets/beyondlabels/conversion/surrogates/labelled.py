"""Rules for new points that are learned from the labels a clustering gave its own rows."""

import warnings

import numpy as np
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid

from ...errors import BadInput
from .held_out import offer

NEIGHBOURS = 5
VOTE = f"{NEIGHBOURS} nearest neighbours"
CENTROID = "nearest centroid"


def vote(model, summary="a vote among the nearest rows"):
    """The ``Substitute`` that lets the nearest training rows vote (Cover and Hart 1967)."""
    return offer(VOTE, summary, model, _vote)


def centroid(model):
    """The ``Substitute`` that takes the group whose mean is nearest."""
    return offer(CENTROID, "the group whose mean is nearest; it carries no row of yours", model, _centroid)


def _vote(model, rows, keep):
    return KNeighborsClassifier(min(NEIGHBOURS, int(keep.sum()))).fit(rows[keep], model.labels_[keep])


def _centroid(model, rows, keep):
    labels = model.labels_[keep]
    if len(np.unique(labels)) < 2:
        raise BadInput("all rows have the same label, so there is nothing to tell apart")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # features that do not vary within a group
        try:
            return NearestCentroid().fit(rows[keep], labels)
        except ValueError as error:
            raise BadInput(f"the means of the groups cannot be told apart: {error}") from None
