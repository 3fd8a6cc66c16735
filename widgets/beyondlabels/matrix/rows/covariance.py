"""Rows for recipes/sklearn/covariance.py."""

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

from .. import Row

_ZERO = "scikit-learn takes a determinant of 1e-27 for 0 and refuses to fit"
_LASSO = {
    "one feature": "scikit-learn needs two features to fit it",
    "a constant column": "scikit-learn's solver stops at a variance of 0",
}
_UNLIKE = {
    EllipticEnvelope: {"tiny": _ZERO},
    MinCovDet: {"tiny": _ZERO},
    GraphicalLasso: _LASSO | {"many features": "scikit-learn's solver stops at 60 rows of 40 features with this alpha"},
    GraphicalLassoCV: _LASSO,
}


def _row(cls, variants=None, **options):
    """A row with the two options that all covariance estimators share."""
    shared = {
        "assume_centered": lambda: cls(assume_centered=True, **options),
        "store_precision=False": lambda: cls(store_precision=False, **options),
    }
    if cls in (GraphicalLasso, GraphicalLassoCV):
        shared.pop("store_precision=False")  # these always keep it
    return Row(cls.__name__, lambda: cls(**options), variants=shared | (variants or {}), unlike=_UNLIKE.get(cls, {}))


ROWS = [
    _row(
        EllipticEnvelope,
        {"contamination": lambda: EllipticEnvelope(contamination=0.3, random_state=0)},
        random_state=0,
    ),
    _row(MinCovDet, {"support_fraction": lambda: MinCovDet(support_fraction=0.8, random_state=0)}, random_state=0),
    _row(EmpiricalCovariance),
    _row(LedoitWolf),
    _row(OAS),
    _row(ShrunkCovariance, {"shrinkage": lambda: ShrunkCovariance(shrinkage=0.5)}),
    _row(GraphicalLasso, {"alpha": lambda: GraphicalLasso(alpha=0.5)}),
    _row(GraphicalLassoCV, alphas=2, n_refinements=2, cv=3),
]
