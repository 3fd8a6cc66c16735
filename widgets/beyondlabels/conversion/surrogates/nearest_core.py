"""The rule DBSCAN itself uses when it grows a cluster, applied to a new point."""

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.metrics import pairwise_distances_argmin_min
from sklearn.utils.validation import check_is_fitted, validate_data


class NearestCorePoint(ClusterMixin, BaseEstimator):
    """A new point gets the label of the nearest core point within ``eps``, or -1 (noise) when there is none.

    A core point has at least min_samples rows within eps of it (Ester, Kriegel, Sander and Xu 1996). On the training rows
    the rule gives DBSCAN's own labels, except for border points within eps of core points of two clusters, which DBSCAN
    gives to the cluster it met first.
    """

    def __init__(self, eps=0.5):
        self.eps = eps

    def fit(self, X, y):
        """Keep the core points ``X`` of shape (points, features) and their cluster labels ``y``."""
        self.points_ = validate_data(self, X, dtype=np.float64)
        self.labels_ = np.asarray(y, np.int64)
        return self

    def predict(self, X):
        """Labels of shape (rows,), -1 for noise."""
        check_is_fitted(self)
        nearest, distance = pairwise_distances_argmin_min(validate_data(self, X, reset=False), self.points_)
        return np.where(distance <= self.eps, self.labels_[nearest], -1)
