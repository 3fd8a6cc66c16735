"""Rows for recipes/sklearn/nystroem.py."""

from sklearn.kernel_approximation import Nystroem

from .. import Ends, Row


def _nystroem(kernel, count=4, **options):
    return lambda: Nystroem(kernel, n_components=count, random_state=0, **options)


def _product(x, y):
    return x @ y


_ONE = Ends("float32-cancellation", "the kernel is nearly 1 between all rows, and its root made of roundings")
_KERNELS = ("linear", "poly", "polynomial", "sigmoid", "cosine", "laplacian")

ROWS = [
    Row(
        "Nystroem",
        _nystroem("rbf"),
        variants={
            **{f"{kernel} kernel": _nystroem(kernel) for kernel in _KERNELS},
            "gamma": _nystroem("rbf", gamma=0.5),
            "polynomial options": _nystroem("poly", gamma=0.5, degree=2, coef0=0.5),
            "kernel_params": _nystroem("laplacian", kernel_params={"gamma": 0.3}),
            "more rows than the kernel's rank": _nystroem("poly", 60),
            "default components": _nystroem("rbf", 100, gamma=10.0),
        },
        refused={
            "a function": _nystroem(_product),
            "too many components": _nystroem("rbf", 150, gamma=0.01),
        },
        unlike={"tiny": _ONE},
    ),
    Row(
        "Nystroem",
        _nystroem("chi2"),
        data="positive",
        variants={"additive_chi2 kernel": _nystroem("additive_chi2"), "gamma": _nystroem("chi2", gamma=0.3)},
        unlike={"tiny": _ONE, "far from 0": _ONE},
    ),
]
