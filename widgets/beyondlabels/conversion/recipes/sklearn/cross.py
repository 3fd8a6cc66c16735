"""Two tables at once: directions of the first that say most of the second (Wold 1966; Hotelling 1936 for CCA)."""

from sklearn.cross_decomposition import CCA, PLSSVD, PLSCanonical, PLSRegression

from ....mil.blocks import builder, constant, subtract
from ....typeset import counted
from ...registry import recipe
from ...verdict import Carries


def _carries(model):
    features, parts = model.x_weights_.shape
    summary = f"{counted(parts, 'direction')}, mean and deviation of {counted(features, 'feature')}."
    return Carries("statistics", f"{summary} None of your rows.")


def _project(model, centred, directions):
    """(x - mean) / deviation times ``directions``, the division folded into the matrix."""
    return builder().matmul(x=centred, y=constant(directions / model._x_std[:, None]))


@recipe(
    PLSRegression,
    PLSCanonical,
    CCA,
    outputs={"transformed": "transform", "predicted": "predict"},
    carries=_carries,
)
def partial_least_squares(model, x):
    """Scores: standardised x times the rotations; prediction: (x - mean) B^T + intercept (Wegelin 2000)."""
    mb = builder()
    centred = subtract(x, model._x_mean, model._x_std)
    predicted = mb.matmul(x=centred, y=constant(model.coef_.T))
    predicted = mb.add(x=predicted, y=constant(model.intercept_))
    if getattr(model, "_predict_1d", False):
        predicted = mb.squeeze(x=predicted, axes=[1])
    return {"transformed": _project(model, centred, model.x_rotations_), "predicted": predicted}


@recipe(PLSSVD, outputs={"transformed": "transform"}, carries=_carries)
def singular_vectors(model, x):
    """Standardised x times the left singular vectors of X^T Y (Tucker 1958)."""
    return {"transformed": _project(model, subtract(x, model._x_mean, model._x_std), model.x_weights_)}
