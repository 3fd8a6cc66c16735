"""Rows for recipes/sklearn/cross.py."""

from sklearn.cross_decomposition import CCA, PLSSVD, PLSCanonical, PLSRegression

from .. import Row

ROWS = [
    Row(
        "PLSRegression",
        lambda: PLSRegression(1),
        target="several",
        variants={"two components": lambda: PLSRegression(2), "unscaled": lambda: PLSRegression(1, scale=False)},
    ),
    Row(
        "PLSCanonical",
        lambda: PLSCanonical(1),
        target="several",
        variants={
            "two components": lambda: PLSCanonical(2),
            "by singular values": lambda: PLSCanonical(1, algorithm="svd"),
            "unscaled": lambda: PLSCanonical(1, scale=False),
        },
    ),
    Row(
        "CCA",
        lambda: CCA(1),
        target="several",
        variants={"two components": lambda: CCA(2), "unscaled": lambda: CCA(1, scale=False)},
    ),
    Row(
        "PLSSVD",
        lambda: PLSSVD(1),
        target="several",
        variants={"two components": lambda: PLSSVD(2), "unscaled": lambda: PLSSVD(1, scale=False)},
    ),
]
