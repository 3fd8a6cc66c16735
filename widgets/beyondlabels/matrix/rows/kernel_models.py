"""Rows for recipes/sklearn/kernel_models.py."""

from sklearn.decomposition import KernelPCA
from sklearn.preprocessing import KernelCenterer

from .. import Row


def _pca(kernel, count=2, **options):
    return lambda: KernelPCA(count, kernel=kernel, random_state=0, **options)


def _product(x, y):
    return x @ y


ROWS = [
    Row(
        "KernelCenterer",
        KernelCenterer,
        data="square",
        unlike={
            "duplicates": "a kernel of rows that are there three times is not square",
            "a frame": "a kernel has more columns than the case has names",
            "names in other scripts": "a kernel has more columns than the case has names",
        },
    ),
    Row(
        "KernelPCA",
        _pca("linear"),
        variants={
            **{f"{kernel} kernel": _pca(kernel) for kernel in ("poly", "rbf", "cosine")},
            "sigmoid kernel": _pca("sigmoid", gamma=0.01),
            "polynomial options": _pca("poly", degree=2, gamma=0.5, coef0=0.5),
            "gamma": _pca("rbf", gamma=1.0),
            "all components, linear": _pca("linear", None),
            "without zero eigenvalues": _pca("linear", 10, remove_zero_eig=True),
            "inverse, linear": _pca("linear", fit_inverse_transform=True),
            "inverse, rbf": _pca("rbf", fit_inverse_transform=True),
            "inverse, cosine": _pca("cosine", fit_inverse_transform=True),
            "inverse left out": _pca("poly", fit_inverse_transform=True),
            "arpack": _pca("rbf", eigen_solver="arpack"),
            "randomized": _pca("rbf", eigen_solver="randomized"),
        },
        refused={
            "a function": _pca(_product),
            "more components than float32 holds": _pca("rbf", None),
        },
    ),
]
