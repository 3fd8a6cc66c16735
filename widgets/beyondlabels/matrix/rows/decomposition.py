"""Rows for recipes/sklearn/decomposition.py."""

from sklearn.decomposition import PCA, IncrementalPCA, TruncatedSVD

from .. import Row

ROWS = [
    Row(
        "PCA",
        lambda: PCA(2),
        variants={
            "all components": lambda: PCA(),
            "whiten": lambda: PCA(2, whiten=True),
            "randomized": lambda: PCA(2, svd_solver="randomized", random_state=0),
            "a share of the variance": lambda: PCA(0.9),
        },
    ),
    Row("IncrementalPCA", lambda: IncrementalPCA(2), variants={"whiten": lambda: IncrementalPCA(2, whiten=True)}),
    Row(
        "TruncatedSVD",
        lambda: TruncatedSVD(2, random_state=0),
        variants={"arpack": lambda: TruncatedSVD(2, algorithm="arpack", random_state=0)},
        unlike={"one feature": "scikit-learn needs two features to fit it"},
    ),
]
