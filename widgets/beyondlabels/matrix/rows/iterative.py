"""Rows for recipes/sklearn/iterative.py."""

from sklearn.decomposition import NMF, MiniBatchNMF

from .. import Row


def _nmf(**options):
    return lambda: NMF(2, random_state=0, max_iter=300, **options)


def _updates(loss, **options):
    return _nmf(solver="mu", beta_loss=loss, **options)


def _batches(**options):
    return lambda: MiniBatchNMF(2, random_state=0, **options)


ROWS = [
    Row(
        "NMF",
        _nmf(),
        data="positive",
        variants={
            "L1": _nmf(alpha_W=0.02, l1_ratio=1.0),
            "L2": _nmf(alpha_W=0.02, l1_ratio=0.0),
            "L1 and L2": _nmf(alpha_W=0.02, l1_ratio=0.3),
            "tol=0": lambda: NMF(2, random_state=0, max_iter=50, tol=0),
            "mu": _updates("frobenius"),
            "mu, kullback-leibler": _updates("kullback-leibler"),
            "mu, itakura-saito": _updates("itakura-saito"),
            "mu, beta 0.5": _updates(0.5),
            "mu, beta 1.5": _updates(1.5),
            "mu, beta 3": _updates(3),
            "mu, L1 and L2": _updates("kullback-leibler", alpha_W=0.02, l1_ratio=0.3),
            "mu, tol=0": lambda: NMF(2, solver="mu", random_state=0, max_iter=37, tol=0),
        },
        refused={"shuffle": _nmf(shuffle=True)},
    ),
    Row(
        "MiniBatchNMF",
        _batches(),
        data="positive",
        variants={
            "kullback-leibler": _batches(beta_loss="kullback-leibler"),
            "itakura-saito": _batches(beta_loss="itakura-saito"),
            "beta 1.5": _batches(beta_loss=1.5),
            "L1 and L2": _batches(alpha_W=0.02, l1_ratio=0.3),
            "transform_max_iter": _batches(transform_max_iter=7),
            "tol=0": _batches(tol=0, max_iter=20),
            "fresh_restarts": _batches(fresh_restarts=True),
        },
    ),
]
