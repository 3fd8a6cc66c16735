"""Rows for recipes/sklearn/mixture.py."""

from sklearn.mixture import BayesianGaussianMixture, GaussianMixture

from .. import Row

_KINDS = ("tied", "diag", "spherical")


def _gaussian(kind="full"):
    return lambda: GaussianMixture(3, covariance_type=kind, random_state=0)


def _bayesian(kind="full", prior="dirichlet_process"):
    return lambda: BayesianGaussianMixture(
        n_components=3,
        covariance_type=kind,
        weight_concentration_prior_type=prior,
        max_iter=500,
        random_state=0,
    )


ROWS = [
    Row(
        "GaussianMixture",
        _gaussian(),
        variants={kind: _gaussian(kind) for kind in _KINDS} | {"one Gaussian": lambda: GaussianMixture(1)},
    ),
    Row(
        "BayesianGaussianMixture",
        _bayesian(),
        variants={kind: _bayesian(kind) for kind in _KINDS}
        | {"dirichlet_distribution": _bayesian(prior="dirichlet_distribution")},
    ),
]
