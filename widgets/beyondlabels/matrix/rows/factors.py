"""Rows for recipes/sklearn/factors.py."""

from sklearn.decomposition import FactorAnalysis, FastICA, MiniBatchSparsePCA, SparsePCA

from .. import Row


def _ica(**options):
    return lambda: FastICA(2, random_state=0, **options)


ROWS = [
    Row(
        "FactorAnalysis",
        lambda: FactorAnalysis(2, random_state=0),
        variants={
            "all components": lambda: FactorAnalysis(random_state=0),
            "varimax": lambda: FactorAnalysis(2, rotation="varimax", random_state=0),
            "lapack": lambda: FactorAnalysis(2, svd_method="lapack"),
        },
    ),
    Row(
        "FastICA",
        _ica(max_iter=1000),
        variants={
            "arbitrary-variance": _ica(whiten="arbitrary-variance", max_iter=1000),
            "no whitening": lambda: FastICA(whiten=False, random_state=0, max_iter=20),
            "deflation": _ica(algorithm="deflation", max_iter=1000),
            "cube": _ica(fun="cube", max_iter=1000),
            "eigh": _ica(whiten_solver="eigh", max_iter=1000),
        },
    ),
    Row(
        "SparsePCA",
        lambda: SparsePCA(2, random_state=0, max_iter=50),
        variants={
            "ridge_alpha": lambda: SparsePCA(2, ridge_alpha=1.0, random_state=0, max_iter=50),
            "no ridge": lambda: SparsePCA(2, ridge_alpha=0.0, random_state=0, max_iter=50),
            "all directions 0": lambda: SparsePCA(2, alpha=1e4, random_state=0, max_iter=50),
            "cd": lambda: SparsePCA(2, method="cd", random_state=0, max_iter=50),
        },
    ),
    Row("MiniBatchSparsePCA", lambda: MiniBatchSparsePCA(2, random_state=0, max_iter=50)),
]
