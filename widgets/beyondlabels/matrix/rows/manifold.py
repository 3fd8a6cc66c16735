"""Rows for recipes/sklearn/manifold.py."""

from sklearn.manifold import Isomap, LocallyLinearEmbedding

from .. import Row


def _isomap(**options):
    return lambda: Isomap(**{"n_components": 2, "n_neighbors": 10} | options)


def _linear(**options):
    return lambda: LocallyLinearEmbedding(**{"n_components": 2, "eigen_solver": "dense", "random_state": 0} | options)


ROWS = [
    Row(
        "Isomap",
        _isomap(),
        variants={
            "manhattan": _isomap(metric="manhattan"),
            "chebyshev": _isomap(metric="chebyshev"),
            "minkowski of 3": _isomap(p=3),
            "cosine": _isomap(metric="cosine"),
            "radius": _isomap(n_neighbors=None, radius=4.0),
            "three components": _isomap(n_components=3),
        },
        refused={
            "canberra": _isomap(metric="canberra"),
            "more components than float32 holds": _isomap(n_components=60),
        },
    ),
    Row(
        "LocallyLinearEmbedding",
        _linear(),
        variants={
            "twelve neighbours": _linear(n_neighbors=12),
            "modified": _linear(method="modified", n_neighbors=12),
            "hessian": _linear(method="hessian", n_neighbors=12),
            "ltsa": _linear(method="ltsa", n_neighbors=12),
            "reg": _linear(reg=0.1),
        },
        refused={"a small reg": _linear(reg=1e-9)},
    ),
]
