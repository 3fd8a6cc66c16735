"""Rows for recipes/sklearn/kernel_density.py."""

from sklearn.neighbors import KernelDensity

from .. import Ends, Row


def _density(**options):
    return lambda: KernelDensity(**options)


_KERNELS = ("tophat", "epanechnikov", "exponential", "linear")
_METRICS = ("manhattan", "cityblock", "l1", "l2", "chebyshev", "infinity", "minkowski")

ROWS = [
    Row(
        "KernelDensity",
        KernelDensity,
        variants={
            **{f"{kernel} kernel": _density(kernel=kernel) for kernel in _KERNELS},
            **{f"{metric} metric": _density(metric=metric) for metric in _METRICS},
            "minkowski of 3": _density(metric="minkowski", metric_params={"p": 3}),
            "another metric, bounded kernel": _density(metric="manhattan", kernel="epanechnikov", bandwidth=2.0),
            "bandwidth": _density(bandwidth=0.2),
            "scott": _density(bandwidth="scott"),
            "silverman": _density(bandwidth="silverman"),
            "ball tree, depth first": _density(algorithm="ball_tree", breadth_first=False),
            "an early stop": _density(rtol=1e-4),
        },
        refused={
            "hamming": _density(metric="hamming"),
            "canberra": _density(metric="canberra"),
            "cosine kernel in four features": _density(kernel="cosine"),
        },
    ),
    Row(
        "KernelDensity",
        _density(kernel="cosine", bandwidth=2.0),
        data="counts",
        variants={"cosine kernel, manhattan": _density(kernel="cosine", metric="manhattan", bandwidth=4.0)},
        unlike={
            "many features": Ends(
                "option-not-covered", "in 40 features scikit-learn's own factor of the cosine kernel is no number"
            )
        },
    ),
]
