"""Rows for recipes/sklearn/projection.py."""

from sklearn.neighbors import NeighborhoodComponentsAnalysis
from sklearn.neural_network import BernoulliRBM
from sklearn.random_projection import GaussianRandomProjection, SparseRandomProjection

from .. import Row

ROWS = [
    Row(
        "GaussianRandomProjection",
        lambda: GaussianRandomProjection(3, random_state=0),
        variants={"one component": lambda: GaussianRandomProjection(1, random_state=0)},
    ),
    Row(
        "SparseRandomProjection",
        lambda: SparseRandomProjection(3, random_state=0),
        variants={
            "every weight": lambda: SparseRandomProjection(3, density=1.0, random_state=0),
            "dense output": lambda: SparseRandomProjection(3, dense_output=True, random_state=0),
        },
    ),
    Row(
        "NeighborhoodComponentsAnalysis",
        lambda: NeighborhoodComponentsAnalysis(1, max_iter=10, random_state=0),
        target="classes",
        variants={
            "two components": lambda: NeighborhoodComponentsAnalysis(2, max_iter=10, random_state=0),
            "all components": lambda: NeighborhoodComponentsAnalysis(max_iter=10, random_state=0),
            "from the identity": lambda: NeighborhoodComponentsAnalysis(init="identity", max_iter=5),
        },
    ),
    Row(
        "BernoulliRBM",
        lambda: BernoulliRBM(4, n_iter=5, random_state=0),
        data="binary",
    ),
]
