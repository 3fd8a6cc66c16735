"""Estimated covariances: how far a point lies from the centre, counted in spreads (Mahalanobis 1936)."""

import warnings

import numpy as np
from sklearn.covariance import (
    OAS,
    EllipticEnvelope,
    EmpiricalCovariance,
    GraphicalLasso,
    GraphicalLassoCV,
    LedoitWolf,
    MinCovDet,
    ShrunkCovariance,
)

from ....limits import get
from ....mil.blocks import builder, subtract
from ....mil.gaussians import evened, squared_mahalanobis
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries


def _carries(model):
    return Carries(
        "statistics", f"the mean and covariance of {counted(model.n_features_in_, 'feature')}. None of your rows."
    )


def _refuse(model):
    """A direction that is neither flat (the pseudo-inverse leaves it out) nor within float64's reach of the others."""
    values = np.linalg.eigvalsh(evened(model.get_precision())[1])
    share = values / values.max() if values.max() > 0 else np.zeros(1)
    lost = (share < 2e-10) & (np.abs(share) > 1e-14)
    return [get("collinear").because(f"{lost.sum()} of {len(values)} directions")] if lost.any() else []


def _expected(model, method, X):
    """The model's own method. Where its covariance has no full rank, rounding makes d P d a little less than 0 for a row
    at the centre, and scikit-learn takes its square root: that NaN is a 0."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer = getattr(model, method)(X)
        central = np.isnan(model.mahalanobis(X))
    at_centre = {"mahalanobis": 0.0, "decision_function": -getattr(model, "offset_", 0.0), "predict": 1}
    return np.where(central, at_centre[method], answer)


def _distances(model, x):
    spread = np.sqrt(np.maximum(np.diagonal(model.covariance_), 0))
    return squared_mahalanobis(subtract(x, model.location_, spread), model.get_precision())


@recipe(
    MinCovDet,
    EmpiricalCovariance,
    LedoitWolf,
    OAS,
    ShrunkCovariance,
    GraphicalLasso,
    GraphicalLassoCV,
    outputs={"distances": "mahalanobis"},
    carries=_carries,
    refuse=_refuse,
    reference=_expected,
)
def covariance(model, x):
    """Squared Mahalanobis distances to the centre."""
    return {"distances": _distances(model, x)}


def _ties(model, name, X, near):
    """Rows on the envelope itself."""
    return np.abs(_expected(model, "decision_function", X)) <= near * 2 * np.abs(model.offset_)


@recipe(
    EllipticEnvelope,
    outputs={"inlier": "predict", "score": "decision_function", "distances": "mahalanobis"},
    carries=_carries,
    refuse=_refuse,
    reference=_expected,
    ties=_ties,
)
def envelope(model, x):
    """The distance is at most the one that leaves the stated share of the training rows outside (Rousseeuw 1999)."""
    mb = builder()
    distances = _distances(model, x)
    score = mb.sub(x=np.float32(-model.offset_), y=distances)
    inside = mb.cast(x=mb.greater_equal(x=score, y=np.float32(0)), dtype="int32")
    return {
        "inlier": mb.sub(x=mb.mul(x=inside, y=np.int32(2)), y=np.int32(1)),
        "score": score,
        "distances": distances,
    }
